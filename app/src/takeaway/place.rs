//! Every indicator of one place as a [`Sheet`].

use charts::order;
use contract::{Place, indicator::Indicator, snapshot::Dataset, text::Language};

use super::{columns, fact, first_cells, last_cells, sheet, sides, statuses};
use crate::{
    cite::Work,
    messages::{Message, text},
    parts::{Written, parts},
    published::Snapshot,
    rows::Row,
    sheet::Sheet,
    words,
};

/// What is known of one dataset.
pub struct Held<'a> {
    /// The dataset.
    pub dataset: &'a Dataset,
    /// Those of its indicators that are taken along, in their order.
    pub indicators: Vec<&'a Indicator>,
    /// Rows without breakdown, of this place and others.
    pub rows: &'a [Row],
}

/// The rows of one place: of every indicator that has any, by period.
pub fn of_place(
    snapshot: &Snapshot,
    place: &Place,
    held: &[Held<'_>],
    work: &Work,
    language: Language,
) -> Sheet {
    let word = |message| text(language, message);
    // Every line has units of its own.
    let unit_of = |name| language.aside(word(name), word(Message::DefinitionUnit));
    let mut heads = columns(
        None,
        vec![
            word(Message::PlaceFigure).to_owned(),
            word(Message::DefinitionUnit).to_owned(),
            word(Message::DataNumerator).to_owned(),
            unit_of(Message::DataNumerator),
            word(Message::DataDenominator).to_owned(),
            unit_of(Message::DataDenominator),
        ],
        language,
    );
    heads.insert(0, word(Message::SearchDataset).to_owned());
    let (mut lines, mut facts, mut titles) = (Vec::new(), Vec::new(), Vec::new());
    for known in held {
        let of = known.dataset.title.get(language);
        titles.push(of);
        for &indicator in &known.indicators {
            let ours = |row: &&Row| row.indicator == indicator.id && row.place == place.code;
            let mut ours: Vec<&Row> = known.rows.iter().filter(ours).collect();
            if ours.is_empty() {
                continue;
            }
            order::by(&mut ours, |a, b| a.period.cmp(&b.period));
            let parts = parts(known.dataset, indicator);
            for row in ours {
                let mut cells = vec![of.into()];
                cells.extend(first_cells(snapshot, indicator, place.level, row, language));
                cells.extend([row.value.into(), words::unit_of(indicator, language).into()]);
                for (held, side) in sides(row, &parts) {
                    let known = held.zip(side);
                    let unit = known.and_then(|(_, side)| side.unit_name(language));
                    cells.push(known.map(|(held, side)| side.value(held)).into());
                    cells.push(unit.unwrap_or_default().into());
                }
                cells.extend(last_cells(row, language));
                lines.push(cells);
            }
            let meaning = indicator.definition.get(language);
            let method = indicator.method.note.get(language);
            facts.push(fact(
                indicator.title.get(language),
                &language.sentences(meaning, method),
            ));
        }
    }
    facts.extend(statuses(language));
    sheet(
        snapshot,
        &titles.join(word(Message::ReasonsBetween)),
        place.name.get(language),
        heads,
        lines,
        facts,
        work,
        language,
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use contract::{
        Level,
        indicator::{Formula, Unit},
    };

    use super::*;
    use crate::{fixtures, sheet::Cell};

    #[test]
    fn every_year_of_every_indicator_stands_in_a_line_with_units_of_its_own() {
        let ratio = || Formula::Ratio {
            numerator: "CASE".to_owned(),
            denominator: "spent".to_owned(),
            of: "rows".to_owned(),
            scale: 1,
        };
        let spent = Formula::Sum {
            measure: "spent".to_owned(),
            of: "rows".to_owned(),
            divisor: 100,
        };
        let dataset = fixtures::dataset(
            "funding",
            vec![
                fixtures::indicator("spent", Unit::Yuan, spent),
                fixtures::indicator("rate", Unit::Percent, ratio()),
                fixtures::indicator("silent", Unit::Count, ratio()),
            ],
        );
        let mut rate = fixtures::row("rate", "here", "2020", Some(40.0));
        (rate.numerator, rate.denominator) = (Some(2_000), Some(5_000));
        let rows = vec![
            fixtures::row("spent", "here", "2020", None),
            fixtures::row("spent", "here", "2019", Some(1.5)),
            rate,
            fixtures::row("rate", "elsewhere", "2020", Some(1.0)),
        ];
        let place = fixtures::place("here", Level::Street, Some("above"));
        let snapshot = Snapshot {
            root: String::new(),
            manifest: fixtures::manifest("2020-12-r1"),
            places: BTreeMap::from([("here".to_owned(), place.clone())]),
            newest: String::new(),
            releases: Vec::new(),
        };
        let held = [Held {
            dataset: &dataset,
            indicators: dataset.indicators.iter().collect(),
            rows: &rows,
        }];
        let sheet = of_place(&snapshot, &place, &held, &Work::default(), Language::EN);
        let column = |name: &str| -> Vec<&Cell> {
            let at = sheet.columns.iter().position(|it| it == name);
            let at = at.unwrap_or_else(|| panic!("{name} in {:?}", sheet.columns));
            sheet.rows.iter().map(|row| &row[at]).collect()
        };
        let number = |value| Cell::from(Some(value));
        let nothing = Cell::from("");
        let periods = column("Period code");
        assert_eq!(periods, [&"2019".into(), &"2020".into(), &"2020".into()]);
        assert_eq!(column("Value"), [&number(1.5), &nothing, &number(40.0)]);
        let withheld = [
            &"published".into(),
            &"suppressed".into(),
            &"published".into(),
        ];
        assert_eq!(column("Status code"), withheld);
        assert!(
            sheet
                .rows
                .iter()
                .all(|row| row.len() == sheet.columns.len())
        );
        let licence = sheet.facts.iter().filter(|fact| fact.in_rows).count();
        assert!(
            licence > 3,
            "snapshot, publisher, licence and citation are in every line"
        );
    }
}
