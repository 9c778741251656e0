//! Whether a community meets the norms and targets that its figures are held against.

use contract::{
    Level, Place,
    indicator::{Direction, Formula, Indicator, Unit},
    snapshot::Dataset,
    text::Language,
};
use leptos::prelude::*;

use super::line::last;
use crate::{
    messages::{Message, text},
    rows::Row,
};

/// Whether an indicator tells nothing of this place alone: how many communities there are, which share of them meets
/// a condition, which of them is the least or in the middle. Of a single community these are itself.
pub fn is_of_many(place: &Place, indicator: &Indicator) -> bool {
    let of_many = matches!(
        indicator.formula,
        Formula::CountOfPlaces { .. }
            | Formula::ShareOfPlaces { .. }
            | Formula::PercentileOfPlaces { .. }
    );
    place.level == Level::Community && of_many
}

/// A value of a community beside what is asked of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Norm<'a> {
    /// The indicator.
    pub indicator: &'a Indicator,
    /// The row that holds the value.
    pub row: &'a Row,
    /// The value, in the indicator's unit.
    pub value: f64,
    /// What is asked, in the same unit.
    pub target: f64,
    /// Whether the value is on the right side of it.
    pub met: bool,
}

/// The norms of a community, in the order of its indicators; other places have none of their own. Of two figures that
/// are the same for one community (its own, and the median of itself) the first is told. Counts and shares of
/// communities have targets for many.
pub fn norms<'a>(place: &Place, indicators: &[&'a Indicator], rows: &'a [Row]) -> Vec<Norm<'a>> {
    let mut found: Vec<Norm<'a>> = Vec::new();
    if place.level != Level::Community {
        return found;
    }
    // What is told of one community by itself goes before what is told of many.
    let (many, own): (Vec<&Indicator>, Vec<&Indicator>) =
        indicators.iter().partition(|it| is_of_many(place, it));
    for indicator in own.into_iter().chain(many) {
        let counts = matches!(
            indicator.formula,
            Formula::CountOfPlaces { .. } | Formula::ShareOfPlaces { .. }
        );
        let Some(target) = indicator.target.as_ref().filter(|_| !counts) else {
            continue;
        };
        let ours = || rows.iter().filter(|row| row.indicator == indicator.id);
        let period = last(ours(), place).unwrap_or_default();
        let row = ours().find(|row| row.place == place.code && row.period == period);
        let Some((row, value)) = row.and_then(|row| Some((row, row.value?))) else {
            continue;
        };
        let target = target.value;
        let met = match indicator.direction {
            Direction::MoreIsBetter => value >= target,
            Direction::LessIsBetter => value <= target,
            Direction::Neutral => continue,
        };
        // Computed in two ways, the last digits may differ.
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * a.abs();
        let same = |it: &Norm<'_>| {
            it.indicator.unit == indicator.unit && near(it.target, target) && near(it.value, value)
        };
        if !found.iter().any(same) {
            found.push(Norm {
                indicator,
                row,
                value,
                target,
                met,
            });
        }
    }
    charts::order::by_key(&mut found, |norm| norm.indicator.order);
    found
}

impl Norm<'_> {
    /// `577 m² ≥ 500 m²`; with all digits where rounding would hide the difference.
    pub fn said(&self, language: Language) -> String {
        let Indicator {
            unit, direction, ..
        } = *self.indicator;
        let write = |written: fn(f64, Unit, Language) -> String| {
            [self.value, self.target].map(|value| written(value, unit, language))
        };
        let mut both = write(charts::format::value);
        if both[0] == both[1] && self.value != self.target {
            both = write(charts::format::exact);
        }
        let [value, target] = both;
        let sign = match (direction, self.met) {
            (Direction::LessIsBetter, true) => "≤",
            (Direction::LessIsBetter, false) => ">",
            (_, true) => "≥",
            (_, false) => "<",
        };
        format!("{value} {sign} {target}")
    }

    /// What is measured: the quantity of a community, where the indicator is made of one that has a name.
    fn title<'a>(&'a self, dataset: &'a Dataset, language: Language) -> &'a str {
        let named = match &self.indicator.formula {
            Formula::PercentileOfPlaces { measure, .. } => {
                dataset.terms.iter().find(|term| term.code == *measure)
            }
            _ => None,
        };
        let title = named.map_or(&self.indicator.title, |term| &term.title);
        title.get(language)
    }
}

/// The norms as a list; nothing where there are none.
pub fn list(norms: &[Norm<'_>], dataset: &Dataset, language: Language) -> AnyView {
    if norms.is_empty() {
        return ().into_any();
    }
    let item = |norm: &Norm<'_>| {
        let (class, mark, word) = match norm.met {
            true => ("better", "✓ ", Message::PlaceMet),
            false => ("worse", "✗ ", Message::PlaceMissed),
        };
        let source = norm.indicator.target.as_ref();
        let source = source.map(|target| target.source.get(language).to_owned());
        let period = charts::format::period(&norm.row.period, language);
        view! {
            <li>
                <strong class=class>
                    <span aria-hidden="true">{mark}</span>
                    {norm.said(language)}
                    <span class="spoken">" "{text(language, word)}</span>
                </strong>
                " " {norm.title(dataset, language).to_owned()}
                <span class="note">" · " {period} " · " {source}</span>
            </li>
        }
        .into_any()
    };
    let items: Vec<AnyView> = norms.iter().map(item).collect();
    view! { <ul class="norms" aria-label=text(language, Message::PlaceNorms)>{items}</ul> }
        .into_any()
}

#[cfg(test)]
mod tests {
    use contract::{Localised, indicator::Target};

    use super::*;
    use crate::fixtures;

    fn place(level: Level) -> Place {
        fixtures::place("here", level, Some("above"))
    }

    fn row(indicator: &str, value: f64) -> Row {
        fixtures::row(indicator, "here", "2020", Some(value))
    }

    fn indicator(id: &str, unit: Unit, formula: Formula, target: f64) -> Indicator {
        let mut indicator = fixtures::indicator(id, unit, formula);
        indicator.direction = Direction::MoreIsBetter;
        indicator.target = Some(Target {
            value: target,
            source: Localised::default(),
        });
        indicator
    }

    fn percentile(rank: f64) -> Formula {
        Formula::PercentileOfPlaces {
            measure: "area".to_owned(),
            rank,
            among: None,
            divisor: 100,
        }
    }

    #[test]
    fn a_community_meets_a_norm_or_does_not_and_is_told_so_once() {
        let sum = Formula::Sum {
            measure: "area".to_owned(),
            of: "all".to_owned(),
            divisor: 1,
        };
        let share = Formula::ShareOfPlaces {
            condition: "area >= 500".to_owned(),
            among: None,
        };
        let all = [
            indicator("least", Unit::SquareMetre, percentile(0.0), 500.0),
            indicator("median", Unit::SquareMetre, percentile(0.5), 500.0),
            indicator("per", Unit::Percent, sum, 60.0),
            indicator("share", Unit::Percent, share, 100.0),
        ];
        let rows = [
            row("least", 577.0),
            row("median", 577.0),
            row("per", 59.99),
            row("share", 100.0),
        ];
        let of: Vec<&Indicator> = all.iter().collect();
        let said = |level| -> Vec<String> {
            norms(&place(level), &of, &rows)
                .iter()
                .map(|norm| norm.said(Language::EN))
                .collect()
        };
        let mut found = said(Level::Community);
        found.sort();
        assert_eq!(found, ["577 m² ≥ 500 m²", "59.99% < 60%"]);
        assert!(said(Level::Street).is_empty(), "a median is no community's");
        let many: Vec<bool> = all
            .iter()
            .map(|it| is_of_many(&place(Level::Community), it))
            .collect();
        assert_eq!(many, [true, true, false, true]);
        assert!(!is_of_many(&place(Level::Street), &all[0]));
    }
}
