//! What the address of the explorer chooses.

use std::sync::Arc;

use contract::{
    indicator::Unit,
    snapshot::{Dataset, PublishedRecords, TOTAL},
    text::Language,
};
use query::{Count, Filter};

use crate::{
    messages::{Message, text},
    published::Snapshot,
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

/// What the address chooses of an indicator file, as the address of the dataset's own page would.
pub fn table(state: &ViewState) -> ViewState {
    let names = [
        ("measure", "indicator"),
        ("source", "breakdown"),
        ("level", "level"),
        ("granularity", "granularity"),
    ];
    names
        .iter()
        .fold(ViewState::default(), |table, (from, to)| {
            table.with(to, state.get(from).unwrap_or_default())
        })
}

/// The state at another level of place. A length of period that is not published there gives way to one that is.
pub fn at_level(dataset: &Dataset, state: &ViewState, level: &str) -> ViewState {
    let taken = state::at_level(dataset, &table(state), level);
    let state = state.with("level", level);
    match taken.get("granularity") {
        Some(_) => state,
        None => state.with("granularity", ""),
    }
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
            let selection = state::select(dataset, &table(state))?;
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

    /// The selection of an indicator; none of records.
    pub fn selection(&self) -> Option<&Selection> {
        match &self.source {
            Source::Cells(selection) => Some(selection),
            Source::Records(_) => None,
        }
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

#[cfg(test)]
mod tests {
    use contract::{
        Granularity, Level, Status,
        indicator::Formula,
        snapshot::{PublishedBreakdown, TableState},
    };

    use super::*;
    use crate::fixtures;

    #[test]
    fn a_level_brings_the_length_of_period_that_is_published_there() {
        let of = "whistles".to_owned();
        let indicator = fixtures::indicator("whistles", Unit::Count, Formula::Count { of });
        let mut dataset = fixtures::dataset("whistle", vec![indicator]);
        dataset.breakdowns.push(PublishedBreakdown {
            id: TOTAL.to_owned(),
            title: contract::Localised::default(),
            classes: Vec::new(),
            path: String::new(),
        });
        let table = |level, granularity, status| TableState {
            indicator: "whistles".to_owned(),
            breakdown: TOTAL.to_owned(),
            level,
            granularity,
            status,
        };
        dataset.tables = vec![
            table(Level::District, Granularity::Month, Status::Published),
            table(Level::Street, Granularity::Month, Status::Suppressed),
            table(Level::Street, Granularity::Year, Status::Published),
        ];
        let state = ViewState::default()
            .with("dataset", "whistle")
            .with("source", TOTAL)
            .with("measure", "whistles")
            .with("granularity", "month");
        let street = at_level(&dataset, &state, "street");
        assert_eq!(street.get("granularity"), None, "by year, as it opens");
        let selection = state::select(&dataset, &self::table(&street)).expect("a table");
        assert_eq!(
            (selection.level, selection.granularity, selection.status),
            (Level::Street, Granularity::Year, Some(Status::Published))
        );
        assert_eq!(street.get("source"), Some(TOTAL));
        let district = at_level(&dataset, &state, "district");
        assert_eq!(district.get("granularity"), Some("month"));
    }

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
