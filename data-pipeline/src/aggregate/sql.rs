//! The SQL of formulas.

use std::collections::BTreeMap;

use contract::{
    Granularity,
    dataset::{Breakdown, ColumnType, DatasetContract},
    indicator::Formula,
};

/// What is measured of a group of rows or communities: an integer above the line, one below it or behind
/// the value, and a value that is no fraction. Each is an SQL aggregate.
pub(crate) type Measures = [Option<String>; 3];

/// The name of a category column's class in [`source`].
pub(super) const CLASS: &str = "class of the breakdown";

pub(super) fn quoted(text: &str) -> String {
    text.replace('\'', "''")
}

/// The column names and other words of an SQL expression.
pub(crate) fn words(sql: &str) -> impl Iterator<Item = &str> {
    sql.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
}

/// The name of the table that holds the rows of a length of period.
pub(super) fn rows_table(contract: &DatasetContract, granularity: Granularity) -> String {
    match contract.stock {
        Some(_) => format!("rows_{}", granularity.name()),
        None => "rows".to_owned(),
    }
}

/// The rows that a breakdown classifies, as an SQL subquery with the column [`CLASS`]. A row whose column
/// is a list stands in it once for each of its classes.
pub(crate) fn source(contract: &DatasetContract, table: &str, breakdown: &Breakdown) -> String {
    let population = |id: &String| contract.populations.iter().find(|p| &p.id == id);
    let condition = breakdown
        .of
        .as_ref()
        .and_then(population)
        .map_or("true", |population| &population.condition);
    let column = &breakdown.column;
    let named = |c: &&contract::dataset::Column| &c.name == column;
    let list = contract
        .columns
        .iter()
        .find(named)
        .is_some_and(|c| c.kind == ColumnType::CategoryList);
    if !list {
        return format!("(SELECT *, \"{column}\" AS \"{CLASS}\" FROM {table} WHERE {condition})");
    }
    let classes = contract
        .classes(column)
        .iter()
        .map(|class| format!("('{}')", quoted(&class.code)))
        .collect::<Vec<_>>()
        .join(", ");
    format!(
        "(SELECT listed.*, classes.code AS \"{CLASS}\" FROM (SELECT * FROM {table} WHERE {condition}) AS listed JOIN (VALUES {classes}) AS classes(code) ON strpos('|' || listed.\"{column}\" || '|', '|' || classes.code || '|') > 0)"
    )
}

/// What a formula measures of rows.
pub(crate) fn measures(formula: &Formula, conditions: &BTreeMap<&str, &str>) -> Measures {
    let condition = |of: &String| conditions.get(of.as_str()).copied().unwrap_or("false");
    let sum = |measure: &String, of: &String| {
        Some(format!("sum({measure}) FILTER (WHERE {})", condition(of)))
    };
    match formula {
        Formula::Sum { measure, of, .. }
        | Formula::PerHouseholds { measure, of, .. }
        | Formula::PerCommunity { measure, of, .. } => [sum(measure, of), None, None],
        Formula::Ratio {
            numerator,
            denominator,
            of,
            ..
        } => [sum(numerator, of), sum(denominator, of), None],
        Formula::Percentile {
            measure, of, rank, ..
        } => [None, None, Some(percentile(measure, *rank, condition(of)))],
        _ => Measures::default(),
    }
}

/// What a formula measures of communities.
pub(crate) fn community_measures(formula: &Formula) -> Measures {
    let count = |condition: &str| Some(format!("count(*) FILTER (WHERE {condition})"));
    let among = |among: &Option<String>| among.clone().unwrap_or_else(|| "true".to_owned());
    match formula {
        Formula::CountOfPlaces { condition } => {
            let known = format!("({condition}) IS NOT NULL");
            [count(condition), count(&known), None]
        }
        Formula::ShareOfPlaces {
            condition,
            among: base,
        } => {
            // A community of which a part of the condition is not known stands on neither side of the line.
            let base = format!("({}) AND ({condition}) IS NOT NULL", among(base));
            let met = format!("({base}) AND ({condition})");
            [count(&met), count(&base), None]
        }
        Formula::SumOfPlaces { measure, .. } => {
            let known = format!("({measure}) IS NOT NULL");
            [Some(format!("sum({measure})")), count(&known), None]
        }
        Formula::PercentileOfPlaces {
            measure,
            rank,
            among: base,
            ..
        } => {
            let base = format!("({}) AND ({measure}) IS NOT NULL", among(base));
            [None, count(&base), Some(percentile(measure, *rank, &base))]
        }
        _ => Measures::default(),
    }
}

fn percentile(measure: &str, rank: f64, condition: &str) -> String {
    format!(
        "percentile_cont({rank}) WITHIN GROUP (ORDER BY CAST(({measure}) AS DOUBLE)) FILTER (WHERE {condition})"
    )
}
