//! The answer of an exploration, laid out by two sides, and in words.

use std::collections::{BTreeMap, BTreeSet};

use contract::{Status, indicator::Unit, snapshot::Dataset, text::Language};
use query::{COUNT, Table};

use crate::{
    explore::{Exploration, Measure, Source},
    finding::grouped,
    messages::{Message, fill, text},
    published::Snapshot,
    rows::Row,
    state::Selection,
};

/// A value of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// As the file holds it; none: missing.
    pub code: Option<String>,
    /// For readers.
    pub label: String,
}

/// One number of a pivot, or why there is none.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// The number.
    pub value: Option<f64>,
    /// Why it is there or not.
    pub status: Status,
    /// Records that it counts.
    pub records: Option<i64>,
    /// The indicator's row that it shows.
    pub row: Option<Row>,
}

const NOTHING: Cell = Cell {
    value: None,
    status: Status::NotCollected,
    records: None,
    row: None,
};

/// An answer, laid out.
#[derive(Clone, Debug, PartialEq)]
pub struct Pivot {
    /// What the rows are of.
    pub rows: Vec<Head>,
    /// What the columns are of; one, without a code, when there is no second side.
    pub columns: Vec<Head>,
    /// Row by row.
    pub cells: Vec<Vec<Cell>>,
    /// Variables that stand on no side, and the one value of each that is shown.
    pub fixed: Vec<(String, String)>,
}

impl Pivot {
    /// The least and the greatest value; none where they do not differ.
    pub fn range(&self) -> Option<(f64, f64)> {
        let values = self.cells.iter().flatten().filter_map(|cell| cell.value);
        let range = values.fold(None, |range: Option<(f64, f64)>, value| {
            let (low, high) = range.unwrap_or((value, value));
            Some((low.min(value), high.max(value)))
        });
        range.filter(|(low, high)| low < high)
    }

    /// The records of every row, of every column, and of all.
    pub fn totals(&self) -> (Vec<i64>, Vec<i64>, i64) {
        let count = |cell: &Cell| cell.records.unwrap_or(0);
        let rows: Vec<i64> = self
            .cells
            .iter()
            .map(|row| row.iter().map(count).sum())
            .collect();
        let columns = (0..self.columns.len()).map(|at| {
            self.cells
                .iter()
                .filter_map(|row| row.get(at))
                .map(count)
                .sum()
        });
        let all = rows.iter().sum();
        (rows, columns.collect(), all)
    }
}

/// The label of a variable's value.
pub fn label(
    snapshot: &Snapshot,
    dataset: &Dataset,
    selection: Option<&Selection>,
    variable: &str,
    code: Option<&str>,
    language: Language,
) -> String {
    let Some(code) = code else {
        return text(language, Message::ExplorerMissing).to_owned();
    };
    if let Some(place) = snapshot.places.get(code) {
        return place.name.get(language).to_owned();
    }
    let breakdown = match selection {
        Some(selection) => Some(&selection.breakdown),
        None => dataset.breakdowns.iter().find(|it| it.id == variable),
    };
    let class = breakdown.and_then(|it| it.classes.iter().find(|class| class.code == code));
    match (class, code) {
        (Some(class), _) => class.title.get(language).to_owned(),
        (None, "true") => text(language, Message::ExplorerYes).to_owned(),
        (None, "false") => text(language, Message::ExplorerNo).to_owned(),
        (None, _) if is_time(variable) => charts::format::period(code, language),
        (None, _) => code.to_owned(),
    }
}

/// Whether the values of a variable are periods.
pub fn is_time(variable: &str) -> bool {
    ["period", "year", "quarter", "month"].contains(&variable)
}

/// The text in a cell of an answer, as a filter takes it.
pub fn code(table: &Table, column: &str, row: usize) -> Option<String> {
    match table.text(column, row) {
        Some(text) => Some(text.to_owned()),
        None => table.integer(column, row).map(|whole| whole.to_string()),
    }
}

/// A count, laid out.
pub fn counted(
    snapshot: &Snapshot,
    exploration: &Exploration,
    table: &Table,
    language: Language,
) -> Pivot {
    // A missing value first, then classes in their order, then texts, then numbers by size.
    let heads = |variable: &str| -> Vec<Option<String>> {
        let breakdowns = &exploration.dataset.breakdowns;
        let classes = breakdowns.iter().find(|it| it.id == variable);
        let rank = |code: &str| {
            let classes = classes.map_or(&[][..], |it| it.classes.as_slice());
            let found = classes.iter().position(|class| class.code == code);
            (found.unwrap_or(classes.len()), code.parse::<i64>().ok())
        };
        let codes: BTreeSet<Option<String>> = (0..table.rows)
            .map(|row| code(table, variable, row))
            .collect();
        let mut codes: Vec<Option<String>> = codes.into_iter().collect();
        codes.sort_by_key(|code| code.as_deref().map(rank));
        codes
    };
    let rows = heads(&exploration.rows);
    let columns = exploration.columns.as_deref().map_or(vec![None], heads);
    let mut counts: BTreeMap<(Option<String>, Option<String>), i64> = BTreeMap::new();
    for row in 0..table.rows {
        let second = exploration
            .columns
            .as_deref()
            .and_then(|it| code(table, it, row));
        let key = (code(table, &exploration.rows, row), second);
        *counts.entry(key).or_default() += table.integer(COUNT, row).unwrap_or(0);
    }
    let all: i64 = counts.values().sum();
    let count = |row: &Option<String>, column: &Option<String>| {
        let found = counts.get(&(row.clone(), column.clone()));
        found.copied().unwrap_or(0)
    };
    let cells = rows.iter().map(|row| {
        let of_row: i64 = columns.iter().map(|column| count(row, column)).sum();
        let cell = |column: &Option<String>| {
            let records = count(row, column);
            let share = |base: i64| (base > 0).then(|| 100.0 * records as f64 / base as f64);
            let value = match exploration.measure {
                Measure::ShareOfRow => share(of_row),
                Measure::ShareOfAll => share(all),
                Measure::Records | Measure::Values => Some(records as f64),
            };
            Cell {
                status: value.map_or(Status::NotApplicable, |_| Status::Published),
                value,
                records: Some(records),
                row: None,
            }
        };
        columns.iter().map(cell).collect()
    });
    let cells = cells.collect();
    let head = |variable: &str, code: Option<String>| Head {
        label: label(
            snapshot,
            &exploration.dataset,
            None,
            variable,
            code.as_deref(),
            language,
        ),
        code,
    };
    let second = exploration.columns.as_deref();
    Pivot {
        cells,
        rows: rows
            .into_iter()
            .map(|it| head(&exploration.rows, it))
            .collect(),
        columns: columns
            .into_iter()
            .map(|code| match second {
                Some(variable) => head(variable, code),
                None => Head {
                    code: None,
                    label: String::new(),
                },
            })
            .collect(),
        fixed: Vec::new(),
    }
}

/// What a row of an indicator file holds of a variable.
pub fn value_of<'a>(row: &'a Row, variable: &str) -> &'a str {
    match variable {
        "place" => &row.place,
        "period" => &row.period,
        _ => &row.class,
    }
}

/// The values of a variable in the rows of an indicator file, in order.
pub fn values(exploration: &Exploration, rows: &[Row], variable: &str) -> Vec<String> {
    let mut values: Vec<String> = rows
        .iter()
        .map(|row| value_of(row, variable).to_owned())
        .collect();
    values.sort();
    values.dedup();
    if let (Source::Cells(selection), "class") = (&exploration.source, variable) {
        let rank = |code: &String| {
            let classes = &selection.breakdown.classes;
            classes.iter().position(|class| class.code == *code)
        };
        values.sort_by_key(rank);
    }
    values
}

/// The rows of an indicator file, laid out. A variable that stands on no side shows one of its values: the wanted
/// one, the last period, or the first place or class.
pub fn shown(
    snapshot: &Snapshot,
    exploration: &Exploration,
    rows: &[Row],
    language: Language,
) -> Pivot {
    let selection = exploration.selection();
    let mut fixed = Vec::new();
    for variable in &exploration.variables {
        if exploration.is_side(&variable.name) {
            continue;
        }
        let values = values(exploration, rows, &variable.name);
        let wanted = exploration
            .wanted(&variable.name)
            .and_then(|wanted| wanted.first());
        let default = if variable.name == "period" {
            values.last()
        } else {
            values.first()
        };
        let value = values.iter().find(|it| Some(*it) == wanted).or(default);
        fixed.push((variable.name.clone(), value.cloned().unwrap_or_default()));
    }
    let passes = |row: &&Row| {
        let alone = fixed
            .iter()
            .all(|(name, value)| value_of(row, name) == value);
        alone
            && exploration.filters.iter().all(|filter| {
                let value = value_of(row, &filter.column);
                !exploration.is_side(&filter.column) || filter.any_of.iter().any(|it| it == value)
            })
    };
    let ours: Vec<&Row> = rows.iter().filter(passes).collect();
    let heads = |variable: &str| -> Vec<Head> {
        let values = values(exploration, rows, variable).into_iter();
        values
            .filter(|code| ours.iter().any(|row| value_of(row, variable) == code))
            .map(|code| Head {
                label: label(
                    snapshot,
                    &exploration.dataset,
                    selection,
                    variable,
                    Some(&code),
                    language,
                ),
                code: Some(code),
            })
            .collect()
    };
    let by: BTreeMap<(&str, &str), &Row> = ours
        .iter()
        .map(|row| {
            let second = exploration
                .columns
                .as_deref()
                .map_or("", |it| value_of(row, it));
            ((value_of(row, &exploration.rows), second), *row)
        })
        .collect();
    let row_heads = heads(&exploration.rows);
    let columns = match exploration.columns.as_deref() {
        Some(variable) => heads(variable),
        None => vec![Head {
            code: None,
            label: String::new(),
        }],
    };
    let cells = row_heads.iter().map(|row| {
        let cell = |column: &Head| {
            let key = (
                row.code.as_deref().unwrap_or_default(),
                column.code.as_deref().unwrap_or_default(),
            );
            by.get(&key).map_or(NOTHING, |row| Cell {
                value: row.value,
                status: row.status,
                records: None,
                row: Some((*row).clone()),
            })
        };
        columns.iter().map(cell).collect()
    });
    Pivot {
        cells: cells.collect(),
        rows: row_heads,
        columns,
        fixed,
    }
}

/// What is shown, in words.
pub fn title_of(exploration: &Exploration, language: Language) -> String {
    let measure = match (&exploration.source, exploration.measure) {
        (Source::Cells(selection), _) => selection.indicator.title.get(language),
        (_, measure) => {
            let found = Measure::OF_RECORDS.iter().find(|(it, ..)| *it == measure);
            text(language, found.map_or(Message::ExplorerRecords, |it| it.2))
        }
    };
    let rows = exploration.title(&exploration.rows);
    match &exploration.columns {
        Some(columns) => fill(
            language,
            Message::ExplorerTitleTwo,
            &[
                ("measure", measure),
                ("rows", rows),
                ("columns", exploration.title(columns)),
            ],
        ),
        None => fill(
            language,
            Message::ExplorerTitleOne,
            &[("measure", measure), ("rows", rows)],
        ),
    }
}

/// A sentence about the answer: how many records, and where most of them are; or what is held fixed.
pub fn said(
    snapshot: &Snapshot,
    exploration: &Exploration,
    pivot: &Pivot,
    language: Language,
) -> String {
    if let Source::Cells(_) = exploration.source {
        let one = |(variable, code): &(String, String)| {
            let label = label(
                snapshot,
                &exploration.dataset,
                exploration.selection(),
                variable,
                Some(code),
                language,
            );
            let variable = exploration.title(variable);
            fill(
                language,
                Message::ExplorerFixed,
                &[("variable", variable), ("value", &label)],
            )
        };
        let fixed: Vec<String> = pivot.fixed.iter().map(one).collect();
        return fixed.join(" ");
    }
    let (_, _, all) = pivot.totals();
    let mut most: Option<(String, i64)> = None;
    for (row, cells) in pivot.rows.iter().zip(&pivot.cells) {
        for (column, cell) in pivot.columns.iter().zip(cells) {
            let records = cell.records.unwrap_or(0);
            if most.as_ref().is_none_or(|(_, before)| records > *before) {
                let label = match column.label.as_str() {
                    "" => row.label.clone(),
                    column => format!("{} · {column}", row.label),
                };
                most = Some((label, records));
            }
        }
    }
    let (label, records) = most.unwrap_or_default();
    let share = if all > 0 {
        100.0 * records as f64 / all as f64
    } else {
        0.0
    };
    let share = charts::format::value(share, Unit::Percent, language);
    fill(
        language,
        Message::ExplorerFound,
        &[
            ("count", &grouped(all, language)),
            ("label", &label),
            ("most", &grouped(records, language)),
            ("share", &share),
        ],
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use contract::{
        Localised,
        dataset::Category,
        snapshot::{
            Manifest, PublishedBreakdown, PublishedColumn, PublishedRecords, SNAPSHOT_FORMAT,
        },
    };
    use query::{Column, Values};

    use crate::{explore, state::ViewState};

    use super::*;

    fn snapshot() -> Snapshot {
        let column = |name: &str| PublishedColumn {
            name: name.to_owned(),
            title: Localised::new(name, name),
            meaning: Localised::default(),
            treatment: "recoded".to_owned(),
        };
        let category = |code: &str| Category {
            code: code.to_owned(),
            title: Localised::new(code, code),
            aliases: Vec::new(),
            group: None,
        };
        let dataset = Dataset {
            breakdowns: vec![PublishedBreakdown {
                id: "tier".to_owned(),
                title: Localised::default(),
                classes: ["daily", "attack"].map(category).to_vec(),
                path: String::new(),
            }],
            records: Some(PublishedRecords {
                path: "files/records.parquet".to_owned(),
                columns: ["year", "tier"].map(column).to_vec(),
                rows: 10,
                k: 2,
            }),
            ..crate::fixtures::dataset("whistle", Vec::new())
        };
        Snapshot {
            root: "/".to_owned(),
            places: BTreeMap::new(),
            newest: String::new(),
            releases: Vec::new(),
            manifest: Manifest {
                format: SNAPSHOT_FORMAT,
                id: "2020-12-r1".to_owned(),
                reference: "2020-12".parse().expect("a month"),
                title: Localised::default(),
                publisher: Localised::default(),
                licence: String::new(),
                demonstration: true,
                previous_manifest_sha256: None,
                places: String::new(),
                headlines: Vec::new(),
                datasets: vec![dataset],
                claims: Vec::new(),
                notes: Vec::new(),
                files: Vec::new(),
            },
        }
    }

    fn table() -> Table {
        let text = |values: &[Option<&str>]| {
            Values::Text(values.iter().map(|it| it.map(str::to_owned)).collect())
        };
        let column = |name: &str, values| Column {
            name: name.to_owned(),
            values,
        };
        Table {
            rows: 3,
            columns: vec![
                column(
                    "year",
                    Values::Integer(vec![Some(2019), Some(2020), Some(2020)]),
                ),
                column("tier", text(&[Some("attack"), None, Some("daily")])),
                column(COUNT, Values::Integer(vec![Some(4), Some(1), Some(5)])),
            ],
        }
    }

    #[test]
    fn counts_are_laid_out_with_classes_in_their_order_and_zero_where_there_is_none() {
        let snapshot = snapshot();
        let dataset = Arc::new(snapshot.manifest.datasets[0].clone());
        let state = |measure: &str| {
            let state = ViewState::default()
                .with("rows", "year")
                .with("columns", "tier");
            state.with("measure", measure)
        };
        let pivot = |measure: &str| {
            let exploration = explore::resolve(&dataset, &state(measure), Language::EN);
            let exploration = exploration.expect("there are records");
            counted(&snapshot, &exploration, &table(), Language::EN)
        };
        let codes = |heads: &[Head]| -> Vec<Option<String>> {
            heads.iter().map(|head| head.code.clone()).collect()
        };
        let some = |text: &str| Some(text.to_owned());
        let records = pivot("records");
        assert_eq!(codes(&records.rows), [some("2019"), some("2020")]);
        assert_eq!(
            codes(&records.columns),
            [None, some("daily"), some("attack")]
        );
        let values = |pivot: &Pivot| -> Vec<Vec<Option<f64>>> {
            let row = |row: &Vec<Cell>| row.iter().map(|cell| cell.value).collect();
            pivot.cells.iter().map(row).collect()
        };
        let number = Some::<f64>;
        assert_eq!(
            values(&records),
            [
                [number(0.0), number(0.0), number(4.0)],
                [number(1.0), number(5.0), number(0.0)]
            ]
        );
        assert_eq!(records.totals(), (vec![4, 6], vec![1, 5, 4], 10));
        assert_eq!(
            values(&pivot("share_of_row"))[0],
            [number(0.0), number(0.0), number(100.0)]
        );
        assert_eq!(values(&pivot("share_of_all"))[1][1], number(50.0));
    }
}
