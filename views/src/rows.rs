//! The rows of an indicator file.

use contract::{Revision, Status};
use query::{Filter, Query, Table};

use crate::state::Selection;

/// One value, or why there is none.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The indicator.
    pub indicator: String,
    /// Code of the place.
    pub place: String,
    /// The period, as in `2020-12`.
    pub period: String,
    /// Code of the class.
    pub class: String,
    /// The value, in the indicator's unit.
    pub value: Option<f64>,
    /// Above the line.
    pub numerator: Option<i64>,
    /// Below the line.
    pub denominator: Option<i64>,
    /// Confidence interval.
    pub interval: Option<(f64, f64)>,
    /// What a suppressed value may be.
    pub feasible: Option<(f64, f64)>,
    /// Why there is a value, or none.
    pub status: Status,
    /// How settled it is.
    pub revision: Revision,
}

/// What to ask of a breakdown's file.
pub fn query(indicators: &[&str], level: &str, granularities: &[&str]) -> Query {
    Query {
        columns: Vec::new(),
        filters: vec![
            filter("indicator", indicators),
            filter("level", &[level]),
            filter("granularity", granularities),
        ],
        limit: None,
    }
}

/// What to ask for every indicator of some places, by year.
pub fn query_of_places(places: &[&str]) -> Query {
    Query {
        columns: Vec::new(),
        filters: vec![filter("granularity", &["year"]), filter("place", places)],
        limit: None,
    }
}

/// Keeps the rows whose column holds one of some texts.
pub fn filter(column: &str, any_of: &[&str]) -> Filter {
    Filter {
        column: column.to_owned(),
        any_of: any_of.iter().map(|&text| text.to_owned()).collect(),
    }
}

/// The question of a selection.
pub fn query_of(selection: &Selection) -> Query {
    query(
        &[&selection.indicator.id],
        selection.level.name(),
        &[selection.granularity.name()],
    )
}

/// The rows of an answer. A status that this portal does not know shows no value.
pub fn rows(table: &Table) -> Vec<Row> {
    let text = |name: &str, row: usize| table.text(name, row).unwrap_or_default().to_owned();
    (0..table.rows)
        .map(|row| {
            let status = table.text("status", row).and_then(Status::from_name);
            let status = status.unwrap_or(Status::NotCollected);
            let shown = status == Status::Published;
            let float = |name: &str| {
                table
                    .float(name, row)
                    .filter(|value| shown && value.is_finite())
            };
            let hidden = status == Status::Suppressed;
            let bound = |name: &str| {
                table
                    .float(name, row)
                    .filter(|value| hidden && value.is_finite())
            };
            let integer = |name: &str| table.integer(name, row).filter(|_| shown);
            let revision = table.text("revision", row).and_then(Revision::from_name);
            Row {
                indicator: text("indicator", row),
                place: text("place", row),
                period: text("period", row),
                class: text("class", row),
                value: float("value"),
                numerator: integer("numerator"),
                denominator: integer("denominator"),
                interval: float("ci_low").zip(float("ci_high")),
                feasible: bound("feasible_low").zip(bound("feasible_high")),
                status,
                revision: revision.unwrap_or(Revision::Final),
            }
        })
        .collect()
}

/// Every period of the rows, in order.
pub fn periods(rows: &[Row]) -> Vec<String> {
    let mut periods: Vec<String> = rows.iter().map(|row| row.period.clone()).collect();
    charts::order::plain(&mut periods);
    periods.dedup();
    periods
}
