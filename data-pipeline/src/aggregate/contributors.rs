//! Who stands behind the amounts of a public dataset: where they are few persons, or one of them stands out.

use std::collections::BTreeMap;

use arrow::{
    array::{Array, AsArray},
    datatypes::{DataType, Int64Type},
};
use contract::{
    Granularity, Level,
    dataset::{Breakdown, CONTRIBUTOR, Contributors, DisclosurePolicy, Persons},
};
use disclosure::{Holdings, MagnitudeRule};

use super::{AggregateError, Engine, level_column};

impl Engine<'_> {
    /// Whether a class somewhere has few contributors, or one who can be estimated too closely.
    pub(super) async fn exposes(
        &self,
        breakdown: &Breakdown,
        recoding: &BTreeMap<String, String>,
        level: Level,
        granularity: Granularity,
    ) -> Result<bool, AggregateError> {
        let contract = &self.dataset.contract;
        let DisclosurePolicy::Public {
            persons: Some(persons),
            ..
        } = &contract.disclosure
        else {
            return Ok(false);
        };
        let Some(declared) = &persons.contributors else {
            return Ok(false);
        };
        if persons.exempt.contains(&breakdown.id) {
            return Ok(false);
        }
        let of = contract.populations.iter().find(|p| p.id == persons.of);
        let condition = of.map_or("true", |population| &population.condition);
        let (class, source) = self.classified(Some(breakdown), recoding, granularity);
        let (place, period) = (level_column(level), granularity.name());
        let amounts = declared.amounts.iter();
        let amounts: String = amounts
            .map(|column| format!(", CAST(coalesce(sum(\"{column}\"), 0) AS BIGINT)"))
            .collect();
        let sql = format!(
            "SELECT concat_ws('|', \"{place}\", \"{period}\", {class}) AS cell, {CONTRIBUTOR}{amounts} FROM {source} WHERE {condition} GROUP BY 1, 2"
        );
        let mut cells: BTreeMap<String, (u64, Vec<Holdings>)> = BTreeMap::new();
        for batch in self.query(&sql).await? {
            let cell = self.to(&batch, 0, &DataType::Utf8)?;
            let contributor = self.to(&batch, 1, &DataType::Int64)?;
            let contributor = contributor.as_primitive::<Int64Type>();
            let amounts = (2..batch.num_columns())
                .map(|at| self.to(&batch, at, &DataType::Int64))
                .collect::<Result<Vec<_>, _>>()?;
            for row in 0..batch.num_rows() {
                let name = cell.as_string::<i32>().value(row).to_owned();
                let none = || (0, vec![Holdings::new(); amounts.len()]);
                let (contributors, holdings) = cells.entry(name).or_insert_with(none);
                *contributors += 1;
                // Nobody knows of a row without a name whose it is: all of those are one.
                let who = if contributor.is_valid(row) {
                    contributor.value(row)
                } else {
                    0
                };
                for (holdings, amounts) in holdings.iter_mut().zip(&amounts) {
                    holdings.add(
                        &who.to_string(),
                        amounts.as_primitive::<Int64Type>().value(row),
                    );
                }
            }
        }
        Ok(cells
            .values()
            .any(|(contributors, holdings)| is_exposed(persons, declared, *contributors, holdings)))
    }
}

/// Whether a class has few contributors, or breaks a magnitude rule in one of its amounts.
fn is_exposed(
    persons: &Persons,
    declared: &Contributors,
    contributors: u64,
    holdings: &[Holdings],
) -> bool {
    let percent = declared
        .p_percent
        .map(|p| MagnitudeRule::Percent { p, coalition: 1 });
    let dominance = declared.dominance.map(|rule| MagnitudeRule::Dominance {
        n: rule.n,
        k: rule.k,
    });
    let rules = [percent, dominance];
    let mut rules = rules.iter().flatten();
    (1..persons.threshold).contains(&contributors)
        || rules.any(|rule| holdings.iter().any(|held| rule.need(held).is_some()))
}
