//! Repeated observations of things that last: the rows that each period shows.

use contract::{Granularity, Level};

use super::{
    AggregateError, Engine, level_column,
    sql::{quoted, rows_table},
};
use crate::places::last_day;

impl Engine<'_> {
    /// Lays out, for one length of period, the last observation of each thing on or before each period's end, in
    /// places that still exist then: what was in a place that is no more has been taken over, and is observed there.
    pub(super) async fn lay_stock(&self, granularity: Granularity) -> Result<(), AggregateError> {
        let contract = &self.dataset.contract;
        let Some(stock) = &contract.stock else {
            return Ok(());
        };
        let periods = self
            .periods(granularity)
            .iter()
            .map(|p| format!("('{}', '{}')", quoted(&p.to_string()), p.last_month()))
            .collect::<Vec<_>>();
        if periods.is_empty() {
            return Ok(());
        }
        let schema = self
            .context
            .table("rows")
            .await
            .map_err(|e| self.sql_error(e))?;
        let lengths = Granularity::ALL.iter().map(|g| g.name());
        let lengths: Vec<&str> = lengths.collect();
        let columns = schema.schema().fields().iter().map(|field| field.name());
        let columns = columns
            .filter(|name| !lengths.contains(&name.as_str()))
            .map(|name| format!("seen.\"{name}\""))
            .collect::<Vec<_>>();
        let sql = format!(
            "SELECT {columns}, ends.period AS \"{length}\" \
             FROM (SELECT *, lead(\"month\") OVER (PARTITION BY \"{key}\" ORDER BY \"month\", \"{order}\") AS next_month FROM rows) AS seen \
             JOIN (VALUES {periods}) AS ends(period, month) \
             ON seen.\"month\" <= ends.month AND (seen.next_month IS NULL OR seen.next_month > ends.month){gone}",
            gone = self.gone(granularity),
            columns = columns.join(", "),
            length = granularity.name(),
            key = stock.key,
            order = stock.order,
            periods = periods.join(", "),
        );
        let batches = self.query(&sql).await?;
        self.register_table(&rows_table(contract, granularity), batches)
    }

    /// An SQL condition that leaves out the rows of places that ended before a period's last day.
    fn gone(&self, granularity: Granularity) -> String {
        let mut sql = String::new();
        for level in [Level::Street, Level::Community] {
            let mut gone = Vec::new();
            for period in self.periods(granularity) {
                let end = last_day(period);
                let places = self.register.places().filter(|p| p.level == level);
                let ended = places.filter(|p| p.valid_to.as_ref().is_some_and(|to| *to < end));
                gone.extend(ended.map(|p| format!("'{period}/{}'", quoted(&p.code))));
            }
            if !gone.is_empty() {
                let column = level_column(level);
                let gone = gone.join(", ");
                sql += &format!(" AND concat(ends.period, '/', seen.\"{column}\") NOT IN ({gone})");
            }
        }
        sql
    }
}
