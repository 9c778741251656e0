//! Measures whose unit is the community: every one that the register holds at a period's end counts,
//! whether it has rows or not.

use std::{collections::BTreeMap, sync::Arc};

use arrow::{
    array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, StringArray},
    datatypes::{DataType, Field, Int64Type, Schema},
};
use contract::{Granularity, Level, Period};

use super::{
    AggregateError, Engine, community_measures,
    groups::{Measured, columns},
    level_column,
    sql::rows_table,
};
use crate::places::last_day;

/// The levels that are columns of the table of communities.
const LEVELS: [Level; 4] = [
    Level::City,
    Level::District,
    Level::Street,
    Level::Community,
];

fn table(granularity: Granularity) -> String {
    format!("communities_{}", granularity.name())
}

impl Engine<'_> {
    /// Lays out, for one length of period, the table of communities: who holds them, their households, and
    /// the contract's place measures.
    pub(super) async fn lay_communities(
        &self,
        granularity: Granularity,
    ) -> Result<(), AggregateError> {
        let contract = &self.dataset.contract;
        let of_places = |at: &usize| self.dataset.indicators[*at].formula.is_of_places();
        if !(0..self.dataset.indicators.len()).any(|at| of_places(&at)) {
            return Ok(());
        }
        let sums = self.place_measures(granularity).await?;
        let rows: Vec<(&str, Period)> = self
            .periods(granularity)
            .into_iter()
            .flat_map(|period| {
                let day = last_day(period);
                let valid = self.register.valid_on(Level::Community, &day);
                valid
                    .map(move |place| (place.code.as_str(), period))
                    .collect::<Vec<_>>()
            })
            .collect();
        let text = |of: &dyn Fn(&str, Period) -> Option<String>| -> ArrayRef {
            let texts = rows.iter().map(|&(code, period)| of(code, period));
            Arc::new(texts.collect::<StringArray>())
        };
        let mut fields = vec![Field::new("period", DataType::Utf8, true)];
        let mut arrays = vec![text(&|_, period| Some(period.to_string()))];
        for level in LEVELS {
            fields.push(Field::new(level_column(level), DataType::Utf8, true));
            let holder =
                |code: &str, _: Period| self.register.ancestor(code, level).map(str::to_owned);
            arrays.push(text(&holder));
        }
        let households = rows
            .iter()
            .map(|&(code, period)| self.register.households(code, period.year()));
        fields.push(Field::new("households", DataType::Int64, true));
        arrays.push(Arc::new(households.collect::<Int64Array>()));
        for (at, measure) in contract.place_measures.iter().enumerate() {
            let of = |&(code, period): &(&str, Period)| {
                let key = (code.to_owned(), period.to_string());
                Some(sums.get(&key).map_or(0, |measures| measures[at]))
            };
            fields.push(Field::new(&measure.name, DataType::Int64, true));
            arrays.push(Arc::new(rows.iter().map(of).collect::<Int64Array>()));
        }
        let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
            .map_err(|e| AggregateError::Arrow(contract.id.clone(), e))?;
        self.register_table(&table(granularity), vec![batch])
    }

    /// The place measures of the communities that have rows.
    async fn place_measures(
        &self,
        granularity: Granularity,
    ) -> Result<BTreeMap<(String, String), Vec<i64>>, AggregateError> {
        let contract = &self.dataset.contract;
        let measures = contract
            .place_measures
            .iter()
            .map(|m| format!(", ({}) AS \"{}\"", m.sql, m.name))
            .collect::<String>();
        let sql = format!(
            "SELECT \"{}\" AS place, \"{}\" AS period{measures} FROM {} GROUP BY 1, 2",
            level_column(Level::Community),
            granularity.name(),
            rows_table(contract, granularity)
        );
        let mut sums = BTreeMap::new();
        for batch in self.query(&sql).await? {
            let places = self.to(&batch, 0, &DataType::Utf8)?;
            let periods = self.to(&batch, 1, &DataType::Utf8)?;
            let mut columns = Vec::new();
            for (at, measure) in contract.place_measures.iter().enumerate() {
                if !batch.column(at + 2).data_type().is_integer() {
                    let (dataset, name) = (contract.id.clone(), measure.name.clone());
                    return Err(AggregateError::NotInteger(dataset, name));
                }
                columns.push(self.to(&batch, at + 2, &DataType::Int64)?);
            }
            for row in (0..batch.num_rows()).filter(|&row| places.is_valid(row)) {
                let text = |column: &ArrayRef| column.as_string::<i32>().value(row).to_owned();
                let values = columns.iter().map(|column| {
                    let column = column.as_primitive::<Int64Type>();
                    if column.is_valid(row) {
                        column.value(row)
                    } else {
                        0
                    }
                });
                sums.insert((text(&places), text(&periods)), values.collect());
            }
        }
        Ok(sums)
    }

    /// What the wanted indicators of communities measure, by place and period.
    pub(super) async fn community_groups(
        &self,
        level: Level,
        granularity: Granularity,
        wanted: &[usize],
    ) -> Result<BTreeMap<(String, String), Vec<Measured>>, AggregateError> {
        let mut groups = BTreeMap::new();
        if wanted.is_empty() {
            return Ok(groups);
        }
        let measures = wanted
            .iter()
            .flat_map(|&at| columns(community_measures(&self.dataset.indicators[at].formula), at))
            .collect::<Vec<_>>();
        let sql = format!(
            "SELECT \"{}\" AS place, period, {} FROM {} GROUP BY 1, 2",
            level_column(level),
            measures.join(", "),
            table(granularity)
        );
        let names = || {
            wanted
                .iter()
                .map(|&at| self.dataset.indicators[at].id.as_str())
        };
        for batch in self.query(&sql).await? {
            let places = self.to(&batch, 0, &DataType::Utf8)?;
            let periods = self.to(&batch, 1, &DataType::Utf8)?;
            let measured = self.measured(&batch, 2, names())?;
            for (row, measured) in measured.into_iter().enumerate() {
                if places.is_valid(row) {
                    let text = |column: &ArrayRef| column.as_string::<i32>().value(row).to_owned();
                    groups.insert((text(&places), text(&periods)), measured);
                }
            }
        }
        Ok(groups)
    }
}
