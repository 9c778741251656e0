//! What the explorer shows: what the address chooses, and the answer laid out by two sides.

use std::{collections::BTreeMap, sync::Arc};

use contract::{
    Status,
    indicator::Unit,
    snapshot::{Dataset, PublishedRecords, TOTAL},
    text::Language,
};
use query::{COUNT, Count, Filter, Table};

use crate::{
    messages::{Message, text},
    published::Snapshot,
    rows::Row,
    state::{self, Selection, ViewState},
};

/// The source that is the record-level file; the others are breakdowns.
pub const RECORDS: &str = "records";
/// No variable on a side.
pub const NO_SIDE: &str = "none";

/// What is counted or shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Records.
    Records,
    /// Records, of all records of the row.
    ShareOfRow,
    /// Records, of all that are counted.
    ShareOfAll,
    /// The values of an indicator.
    Values,
}

impl Measure {
    /// The measures of records, with their names in the address.
    pub const OF_RECORDS: [(Self, &'static str, Message); 3] = [
        (Self::Records, "records", Message::ExplorerRecords),
        (
            Self::ShareOfRow,
            "share_of_row",
            Message::ExplorerShareOfRow,
        ),
        (
            Self::ShareOfAll,
            "share_of_all",
            Message::ExplorerShareOfAll,
        ),
    ];
}

/// Where the numbers come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// Counted from the record-level file.
    Records(PublishedRecords),
    /// Taken from an indicator file.
    Cells(Box<Selection>),
}

/// What can stand on a side, or filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Name of the column.
    pub name: String,
    /// Name for readers.
    pub title: String,
}

/// What the address chooses, every part of it known to the snapshot.
#[derive(Clone, Debug, PartialEq)]
pub struct Exploration {
    /// The dataset.
    pub dataset: Arc<Dataset>,
    /// Where the numbers come from.
    pub source: Source,
    /// What is counted or shown.
    pub measure: Measure,
    /// What can stand on a side.
    pub variables: Vec<Variable>,
    /// What stands in the rows.
    pub rows: String,
    /// What stands in the columns.
    pub columns: Option<String>,
    /// Values that are wanted, of variables that are filtered.
    pub filters: Vec<Filter>,
}

/// The datasets with something to explore come first to mind; the first of them is the default.
pub fn dataset<'a>(snapshot: &'a Snapshot, state: &ViewState) -> Option<&'a Dataset> {
    let datasets = &snapshot.manifest.datasets;
    let named = state.get("dataset");
    datasets
        .iter()
        .find(|it| Some(it.id.as_str()) == named)
        .or_else(|| datasets.iter().find(|it| it.records.is_some()))
        .or_else(|| datasets.iter().find(|it| !it.indicators.is_empty()))
        .or(datasets.first())
}

/// Resolves the address; none when the dataset has neither a record-level file nor indicators.
pub fn resolve(
    dataset: &Arc<Dataset>,
    state: &ViewState,
    language: Language,
) -> Option<Exploration> {
    let asked = state.get("source");
    let breakdown = dataset
        .breakdowns
        .iter()
        .find(|it| Some(it.id.as_str()) == asked);
    let records = dataset.records.as_ref().filter(|_| breakdown.is_none());
    let named = |name: &str, title: &str| Variable {
        name: name.to_owned(),
        title: title.to_owned(),
    };
    let (source, measure, variables) = match records {
        Some(records) => {
            let measures = Measure::OF_RECORDS.into_iter();
            let measure = measures
                .clone()
                .find(|(_, name, _)| Some(*name) == state.get("measure"))
                .map_or(Measure::Records, |(measure, ..)| measure);
            let variables = records.columns.iter();
            let variables = variables.map(|it| named(&it.name, it.title.get(language)));
            (
                Source::Records(records.clone()),
                measure,
                variables.collect::<Vec<_>>(),
            )
        }
        None => {
            let mut inner = ViewState::default();
            for (from, to) in [
                ("measure", "indicator"),
                ("source", "breakdown"),
                ("level", "level"),
                ("granularity", "granularity"),
            ] {
                inner = inner.with(to, state.get(from).unwrap_or_default());
            }
            let selection = state::select(dataset, &inner)?;
            let word = |message| text(language, message);
            let mut variables = vec![
                named("place", word(Message::TablePlace)),
                named("period", word(Message::TablePeriod)),
            ];
            if selection.breakdown.id != TOTAL {
                variables.push(named("class", selection.breakdown.title.get(language)));
            }
            (
                Source::Cells(Box::new(selection)),
                Measure::Values,
                variables,
            )
        }
    };
    let known = |name: Option<&str>| {
        let found = variables.iter().find(|it| Some(it.name.as_str()) == name);
        found.map(|it| it.name.clone())
    };
    let first = known(Some("place")).or_else(|| variables.first().map(|it| it.name.clone()))?;
    let rows = known(state.get("rows")).unwrap_or(first);
    let columns = match state.get("columns") {
        Some(NO_SIDE) => None,
        asked => known(asked).or_else(|| known(Some("period"))),
    };
    let columns = columns.filter(|name| *name != rows);
    let filters = filters(state.get("where").unwrap_or_default());
    let filters = filters
        .into_iter()
        .filter(|it| known(Some(&it.column)).is_some());
    Some(Exploration {
        dataset: dataset.clone(),
        source,
        measure,
        rows,
        columns,
        filters: filters.collect(),
        variables,
    })
}

impl Exploration {
    /// What to count; none when nothing is counted.
    pub fn count(&self) -> Option<(&str, Count)> {
        let Source::Records(records) = &self.source else {
            return None;
        };
        let by = std::iter::once(&self.rows).chain(&self.columns).cloned();
        let count = Count {
            by: by.collect(),
            filters: self.filters.clone(),
        };
        Some((&records.path, count))
    }

    /// A variable's name for readers.
    pub fn title(&self, variable: &str) -> &str {
        let found = self.variables.iter().find(|it| it.name == variable);
        found.map_or("", |it| it.title.as_str())
    }

    /// The values that a filter keeps; none when the variable is not filtered.
    pub fn wanted(&self, variable: &str) -> Option<&[String]> {
        let found = self.filters.iter().find(|it| it.column == variable);
        found.map(|it| it.any_of.as_slice())
    }

    /// Whether a variable stands on a side.
    pub fn is_side(&self, variable: &str) -> bool {
        self.rows == variable || self.columns.as_deref() == Some(variable)
    }

    /// The unit of what is shown.
    pub fn unit(&self) -> Unit {
        match (&self.source, self.measure) {
            (Source::Cells(selection), _) => selection.indicator.unit,
            (_, Measure::Records | Measure::Values) => Unit::Count,
            (_, Measure::ShareOfRow | Measure::ShareOfAll) => Unit::Percent,
        }
    }

    /// The filters with the values of one variable changed; no values: no filter.
    pub fn filtered(&self, variable: &str, any_of: &[String]) -> String {
        let mut filters = self.filters.clone();
        filters.retain(|it| it.column != variable);
        if !any_of.is_empty() {
            filters.push(Filter {
                column: variable.to_owned(),
                any_of: any_of.to_vec(),
            });
        }
        written(&filters)
    }
}

/// Filters as the address holds them: `place:640104|640105;period:2020`.
fn written(filters: &[Filter]) -> String {
    let escaped = |text: &String| {
        let mut escaped = text.replace('%', "%25");
        for (mark, code) in [("|", "%7C"), (";", "%3B"), (":", "%3A")] {
            escaped = escaped.replace(mark, code);
        }
        escaped
    };
    let one = |filter: &Filter| {
        let values: Vec<String> = filter.any_of.iter().map(escaped).collect();
        format!("{}:{}", filter.column, values.join("|"))
    };
    filters.iter().map(one).collect::<Vec<_>>().join(";")
}

fn filters(text: &str) -> Vec<Filter> {
    let plain = |text: &str| {
        let mut plain = text.to_owned();
        for (mark, code) in [("|", "%7C"), (";", "%3B"), (":", "%3A"), ("%", "%25")] {
            plain = plain.replace(code, mark);
        }
        plain
    };
    let parts = text.split(';').filter_map(|part| part.split_once(':'));
    parts
        .map(|(column, values)| Filter {
            column: column.to_owned(),
            any_of: values.split('|').map(plain).collect(),
        })
        .collect()
}

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
    let heads = |variable: &str| -> Vec<Option<String>> {
        let mut codes: Vec<Option<String>> = Vec::new();
        for row in 0..table.rows {
            codes.push(code(table, variable, row));
        }
        // The sides are sorted in the answer; numbers stay in the order of numbers.
        let mut seen = std::collections::BTreeSet::new();
        codes.retain(|code| seen.insert(code.clone()));
        if codes
            .iter()
            .flatten()
            .all(|code| code.parse::<i64>().is_err())
        {
            codes.sort();
        }
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
    let selection = match &exploration.source {
        Source::Cells(selection) => Some(selection.as_ref()),
        Source::Records(_) => None,
    };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_in_the_address_are_read_as_they_were_written() {
        let filter = |column: &str, any_of: &[&str]| Filter {
            column: column.to_owned(),
            any_of: any_of.iter().map(|&it| it.to_owned()).collect(),
        };
        let several = vec![
            filter("place", &["640104", "640105"]),
            filter("hours", &["a|b;c:d%7C", "100%", ""]),
        ];
        assert_eq!(filters(&written(&several)), several);
        assert_eq!(filters(""), Vec::new());
        assert_eq!(filters("nonsense;:;"), vec![filter("", &[""])]);
    }
}
