//! What a reader takes along of a view or a place, as a [`Sheet`]: rows with units, names and statuses, and the facts without
//! which they mean nothing.

mod place;

use charts::format;
use contract::{
    Level, Revision, Status,
    indicator::{Indicator, Unit},
    snapshot::{Dataset, PublishedRecords, TOTAL},
    text::Language,
};

use crate::{
    cite::{self, Work},
    explore::{Exploration, Measure},
    figure,
    messages::{Message, fill, text},
    parts::{Parts, Side, Written},
    pivot::Pivot,
    published::Snapshot,
    rows::Row,
    sheet::{Cell, Fact, Sheet},
    state::Selection,
    words,
};

pub use place::{Held, of_place};

/// The rows of an indicator.
pub fn of_rows(
    snapshot: &Snapshot,
    dataset: &Dataset,
    selection: &Selection,
    rows: &[Row],
    work: &Work,
    language: Language,
) -> Sheet {
    let word = |message| text(language, message);
    let indicator = &selection.indicator;
    let title = indicator.title.get(language);
    let unit = words::unit_of(indicator, language);
    let by_class = selection.breakdown.id != TOTAL;
    let of_side =
        |name: Message, side: Option<Side>| match side.and_then(|it| it.unit_name(language)) {
            Some(unit) => language.aside(word(name), &unit),
            None => word(name).to_owned(),
        };
    let class = selection.breakdown.title.get(language);
    let columns = columns(
        by_class.then_some(class),
        vec![
            fill(language, Message::TableValue, &[("unit", unit)]),
            word(Message::DefinitionUnit).to_owned(),
            of_side(Message::DataNumerator, selection.parts.numerator),
            of_side(Message::DataDenominator, selection.parts.denominator),
        ],
        language,
    );
    let lines = rows.iter().map(|row| {
        let mut cells = first_cells(snapshot, indicator, selection.level, row, language);
        if by_class {
            cells.push(row.class.as_str().into());
            cells.push(figure::class_title(selection, &row.class, language).into());
        }
        cells.extend([row.value.into(), unit.into()]);
        for (held, side) in sides(row, &selection.parts) {
            cells.push(held.zip(side).map(|(held, side)| side.value(held)).into());
        }
        cells.extend(last_cells(row, language));
        cells
    });
    let method = &indicator.method;
    let version = method.version.to_string();
    let version = fill(
        language,
        Message::DefinitionVersion,
        &[("version", &version)],
    );
    let mut facts = vec![
        fact(word(Message::DataIndicator), title),
        fact(
            word(Message::DefinitionMeaning),
            indicator.definition.get(language),
        ),
        fact(word(Message::DefinitionUnit), unit),
        fact(
            word(Message::DefinitionMethod),
            &format!("{version} · {}", method.note.get(language)),
        ),
    ];
    facts.extend(statuses(language));
    sheet(
        snapshot,
        dataset.title.get(language),
        title,
        columns,
        lines.collect(),
        facts,
        work,
        language,
    )
}

/// The columns of rows: around their numbers, what they are of and how they stand.
fn columns(class: Option<&str>, numbers: Vec<String>, language: Language) -> Vec<String> {
    let named = |messages: &[Message]| -> Vec<String> {
        let words = messages.iter().map(|&message| text(language, message));
        words.map(str::to_owned).collect()
    };
    let mut columns = named(&[
        Message::DataIndicator,
        Message::ExportPlaceCode,
        Message::TablePlace,
        Message::DataLevel,
        Message::ExportPeriodCode,
        Message::TablePeriod,
    ]);
    if let Some(class) = class {
        columns.extend(named(&[Message::ExportClassCode]));
        columns.push(class.to_owned());
    }
    columns.extend(numbers);
    columns.extend(named(&[
        Message::ColumnCiLow,
        Message::ColumnCiHigh,
        Message::ColumnFeasibleLow,
        Message::ColumnFeasibleHigh,
        Message::ExportStatusCode,
        Message::TableStatus,
        Message::ExportRevisionCode,
        Message::TableRevision,
    ]));
    columns
}

/// What a row is of.
fn first_cells(
    snapshot: &Snapshot,
    indicator: &Indicator,
    level: Level,
    row: &Row,
    language: Language,
) -> Vec<Cell> {
    vec![
        indicator.title.get(language).into(),
        row.place.as_str().into(),
        snapshot.place_name(&row.place, language).into(),
        text(language, words::level(level)).into(),
        row.period.as_str().into(),
        format::period(&row.period, language).into(),
    ]
}

/// What stands above and below the line.
fn sides(row: &Row, parts: &Parts) -> [(Option<i64>, Option<Side>); 2] {
    [
        (row.numerator, parts.numerator),
        (row.denominator, parts.denominator),
    ]
}

/// How certain and how settled a row is.
fn last_cells(row: &Row, language: Language) -> [Cell; 8] {
    let word = |message| text(language, message);
    [
        row.interval.map(|it| it.0).into(),
        row.interval.map(|it| it.1).into(),
        row.feasible.map(|it| it.0).into(),
        row.feasible.map(|it| it.1).into(),
        row.status.name().into(),
        word(words::status(row.status)).into(),
        row.revision.name().into(),
        word(words::revision(row.revision)).into(),
    ]
}

/// The count of records that an exploration shows.
pub fn of_records(
    snapshot: &Snapshot,
    exploration: &Exploration,
    records: &PublishedRecords,
    pivot: &Pivot,
    work: &Work,
    language: Language,
) -> Sheet {
    let word = |message| text(language, message);
    let mut columns = Vec::new();
    for variable in std::iter::once(&exploration.rows).chain(&exploration.columns) {
        let title = exploration.title(variable);
        columns.push(language.aside(title, word(Message::ExportCode)));
        columns.push(title.to_owned());
    }
    columns.push(word(Message::ExplorerRecords).to_owned());
    let share = exploration.measure != Measure::Records;
    if share {
        let name = match exploration.measure {
            Measure::ShareOfRow => Message::ExplorerShareOfRow,
            _ => Message::ExplorerShareOfAll,
        };
        columns.push(language.aside(word(name), word(words::unit(Unit::Percent))));
    }
    let mut lines = Vec::new();
    for (row, cells) in pivot.rows.iter().zip(&pivot.cells) {
        for (column, cell) in pivot.columns.iter().zip(cells) {
            let mut line: Vec<Cell> = Vec::new();
            for head in std::iter::once(row).chain(exploration.columns.as_ref().map(|_| column)) {
                line.push(head.code.clone().unwrap_or_default().into());
                line.push(head.label.as_str().into());
            }
            line.push(cell.records.map(|records| records as f64).into());
            if share {
                line.push(cell.value.into());
            }
            lines.push(line);
        }
    }
    let k = records.k.to_string();
    let mut facts = vec![fact(
        word(Message::ExplorerRecoded),
        &fill(language, Message::ExplorerK, &[("k", &k)]),
    )];
    for filter in &exploration.filters {
        facts.push(fact(
            &fill(
                language,
                Message::ExplorerFilterOn,
                &[("variable", exploration.title(&filter.column))],
            ),
            &filter.any_of.join(", "),
        ));
    }
    let title = exploration.dataset.title.get(language);
    sheet(
        snapshot, title, title, columns, lines, facts, work, language,
    )
}

fn fact(name: &str, value: &str) -> Fact {
    Fact {
        name: name.to_owned(),
        value: value.to_owned(),
        in_rows: false,
    }
}

/// What the statuses and revisions mean.
fn statuses(language: Language) -> Vec<Fact> {
    let statuses = Status::ALL.iter().map(|&status| {
        let name = text(language, words::status(status));
        let name = language.aside(name, status.name());
        fact(&name, text(language, words::status_note(status)))
    });
    let revisions = Revision::ALL.iter().map(|&revision| {
        let name = language.aside(text(language, Message::TableRevision), revision.name());
        fact(&name, text(language, words::revision(revision)))
    });
    statuses.chain(revisions).collect()
}

#[expect(
    clippy::too_many_arguments,
    reason = "one call with what both kinds of sheet have in common"
)]
fn sheet(
    snapshot: &Snapshot,
    dataset: &str,
    title: &str,
    columns: Vec<String>,
    rows: Vec<Vec<Cell>>,
    facts: Vec<Fact>,
    work: &Work,
    language: Language,
) -> Sheet {
    let manifest = &snapshot.manifest;
    let word = |message| text(language, message);
    let citation = cite::first(work);
    let demonstration = match manifest.demonstration {
        true => word(Message::SiteDemonstration),
        false => word(Message::ExplorerNo),
    };
    let everywhere = |name: Message, value: &str| Fact {
        in_rows: true,
        ..fact(word(name), value)
    };
    let mut all = vec![
        fact(word(Message::SearchDataset), dataset),
        everywhere(Message::ExportSnapshot, &manifest.id),
        everywhere(Message::ExportPublisher, manifest.publisher.get(language)),
        everywhere(Message::ExportLicence, &manifest.licence),
        everywhere(Message::SiteDemonstrationLabel, demonstration),
        everywhere(Message::CiteTitle, &citation),
        fact(word(Message::ExportAddress), &work.url),
    ];
    all.extend(facts);
    let month = manifest.reference.to_string();
    let month = month
        .rsplit_once('-')
        .and_then(|(_, month)| month.parse().ok());
    Sheet {
        name: title.to_owned(),
        about: word(Message::ExportAbout).to_owned(),
        columns,
        rows,
        facts: all,
        reference: (
            u16::try_from(manifest.reference.year()).unwrap_or(2000),
            month.unwrap_or(12),
        ),
    }
}
