//! Counts and measures of rows, by place, period and class.

use std::collections::BTreeMap;

use arrow::{
    array::{Array, AsArray, RecordBatch},
    datatypes::{DataType, Float64Type, Int64Type},
};
use contract::{Granularity, Level, dataset::Breakdown, snapshot::TOTAL};

use super::{
    AggregateError, Engine, level_column, measures,
    sql::{CLASS, Measures, quoted, rows_table},
};

/// Place, period, class.
pub(super) type Key = (String, String, String);

/// What was measured for one indicator: see [`Measures`].
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Measured {
    pub above: Option<i64>,
    pub below: Option<i64>,
    pub value: Option<f64>,
}

/// One group's results: the size of every population, and what was measured for each wanted indicator.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub counts: Vec<u64>,
    pub measured: Vec<Measured>,
}

impl Engine<'_> {
    /// Groups the rows; `recoding` says which published class each declared class goes to.
    pub(super) async fn groups(
        &self,
        breakdown: Option<&Breakdown>,
        recoding: &BTreeMap<String, String>,
        level: Level,
        granularity: Granularity,
        wanted: &[usize],
    ) -> Result<BTreeMap<Key, Group>, AggregateError> {
        let contract = &self.dataset.contract;
        let (class, source) = self.classified(breakdown, recoding, granularity);
        let mut select = vec![
            format!("\"{}\" AS place", level_column(level)),
            format!("\"{}\" AS period", granularity.name()),
            format!("{class} AS class"),
        ];
        let conditions: BTreeMap<&str, &str> = contract
            .populations
            .iter()
            .map(|p| (p.id.as_str(), p.condition.as_str()))
            .collect();
        let counts = contract
            .populations
            .iter()
            .map(|p| format!("count(*) FILTER (WHERE {})", p.condition));
        let measured = wanted.iter().flat_map(|&at| {
            let formula = &self.dataset.indicators[at].formula;
            columns(measures(formula, &conditions), at)
        });
        select.extend(
            counts
                .enumerate()
                .map(|(at, sql)| format!("{sql} AS count{at}")),
        );
        select.extend(measured);
        let sql = format!(
            "SELECT {} FROM {source} GROUP BY 1, 2, 3",
            select.join(", ")
        );
        let mut groups = BTreeMap::new();
        for batch in self.query(&sql).await? {
            let keys = [0, 1, 2].map(|at| self.to(&batch, at, &DataType::Utf8));
            let [places, periods, classes] = keys;
            let (places, periods, classes) = (places?, periods?, classes?);
            let counts = (3..3 + contract.populations.len())
                .map(|at| self.to(&batch, at, &DataType::Int64))
                .collect::<Result<Vec<_>, _>>()?;
            let names = wanted
                .iter()
                .map(|&at| self.dataset.indicators[at].id.as_str());
            let measured = self.measured(&batch, 3 + contract.populations.len(), names)?;
            for (row, measured) in measured.into_iter().enumerate() {
                if places.is_null(row) || periods.is_null(row) {
                    continue;
                }
                let text = |column: &dyn Array| column.as_string::<i32>().value(row).to_owned();
                let counts = counts
                    .iter()
                    .map(|c| c.as_primitive::<Int64Type>().value(row).unsigned_abs());
                let key = (text(&places), text(&periods), text(&classes));
                let counts = counts.collect();
                groups.insert(key, Group { counts, measured });
            }
        }
        Ok(groups)
    }

    /// The SQL of the class of a row, and of the rows.
    pub(super) fn classified(
        &self,
        breakdown: Option<&Breakdown>,
        recoding: &BTreeMap<String, String>,
        granularity: Granularity,
    ) -> (String, String) {
        let contract = &self.dataset.contract;
        let table = rows_table(contract, granularity);
        let Some(breakdown) = breakdown else {
            return (format!("'{TOTAL}'"), table);
        };
        let fallback = &breakdown.fallback.code;
        let other = quoted(recoding.get(fallback).unwrap_or(fallback));
        let cases = recoding
            .iter()
            .map(|(from, to)| format!(" WHEN '{}' THEN '{}'", quoted(from), quoted(to)))
            .collect::<String>();
        (
            format!("CASE \"{CLASS}\"{cases} ELSE '{other}' END"),
            super::source(contract, &table, breakdown),
        )
    }

    /// Reads, from a column on, what was measured in each row for each name: three columns a name.
    pub(super) fn measured<'n>(
        &self,
        batch: &RecordBatch,
        from: usize,
        names: impl Iterator<Item = &'n str>,
    ) -> Result<Vec<Vec<Measured>>, AggregateError> {
        let mut rows = vec![Vec::new(); batch.num_rows()];
        for (index, name) in names.enumerate() {
            let at = from + 3 * index;
            for at in [at, at + 1] {
                if !batch.column(at).data_type().is_integer() {
                    let dataset = self.dataset.contract.id.clone();
                    return Err(AggregateError::NotInteger(dataset, name.to_owned()));
                }
            }
            let above = self.to(batch, at, &DataType::Int64)?;
            let below = self.to(batch, at + 1, &DataType::Int64)?;
            let value = self.to(batch, at + 2, &DataType::Float64)?;
            let (above, below) = (
                above.as_primitive::<Int64Type>(),
                below.as_primitive::<Int64Type>(),
            );
            let value = value.as_primitive::<Float64Type>();
            for (row, measured) in rows.iter_mut().enumerate() {
                measured.push(Measured {
                    above: above.is_valid(row).then(|| above.value(row)),
                    below: below.is_valid(row).then(|| below.value(row)),
                    value: value.is_valid(row).then(|| value.value(row)),
                });
            }
        }
        Ok(rows)
    }
}

/// The three columns of a formula, named after its position.
pub(super) fn columns(measures: Measures, at: usize) -> [String; 3] {
    let [above, below, value] = measures;
    let integer = |sql: Option<String>| sql.unwrap_or_else(|| "CAST(NULL AS BIGINT)".to_owned());
    let value = value.unwrap_or_else(|| "CAST(NULL AS DOUBLE)".to_owned());
    [
        format!("{} AS above{at}", integer(above)),
        format!("{} AS below{at}", integer(below)),
        format!("{value} AS value{at}"),
    ]
}
