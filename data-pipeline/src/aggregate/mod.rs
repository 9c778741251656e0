//! De-identified rows to tidy indicator tables, by DataFusion: for every breakdown, level of place and
//! length of period, every place × period × class of the frame, whether rows fall there or not.
//!
//! | module | holds |
//! |---|---|
//! | [`stock`] | of repeated inspections, the rows that a period shows |
//! | [`classes`] | the classes of a breakdown, small ones joined |
//! | [`groups`] | counts and measures of rows by place, period and class |
//! | [`contributors`] | persons behind amounts of public money, who may be few, or stand out |
//! | [`communities`] | measures whose unit is the community, those without rows included |
//! | [`cells`] | groups to cells on the whole frame |
//! | [`sql`] | the SQL of formulas |

mod cells;
mod classes;
mod communities;
mod contributors;
mod groups;
mod sql;
mod stock;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use arrow::{
    array::{AsArray, RecordBatch},
    compute::cast,
    datatypes::DataType,
};
use contract::{
    Granularity, Level, Period, Revision, Status,
    dataset::{Breakdown, Category},
    indicator::Indicator,
};
use datafusion::{datasource::MemTable, prelude::SessionContext};
pub(crate) use sql::{community_measures, measures, source, words};

use crate::{deidentify::Deidentified, ledger::Past, places::Register, portal::Dataset};

/// Why a dataset cannot be aggregated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AggregateError {
    /// The contract's SQL is not sound.
    #[error("dataset {0:?}: {1}")]
    Sql(String, Box<datafusion::error::DataFusionError>),
    /// A result is not of the expected type.
    #[error("dataset {0:?}: {1}")]
    Arrow(String, arrow::error::ArrowError),
    /// A sum is not an integer.
    #[error(
        "dataset {0:?}: {1:?} is not an integer: measures are integers (fen, seconds, hundredths of a square metre)"
    )]
    NotInteger(String, String),
}

/// One cell of an indicator table.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Code of the place.
    pub place: String,
    /// The period.
    pub period: Period,
    /// Code of the class, or [`TOTAL`](contract::snapshot::TOTAL).
    pub class: String,
    /// The value, when published.
    pub value: Option<f64>,
    /// Rows, or held units, above the line.
    pub numerator: Option<i64>,
    /// Rows, or held units, below the line or behind the value.
    pub denominator: Option<i64>,
    /// 95% confidence interval of a rate (Wilson, 1927).
    pub interval: Option<(f64, f64)>,
    /// What a suppressed value can be, from the published values alone.
    pub feasible: Option<(f64, f64)>,
    /// Why there is, or is not, a value.
    pub status: Status,
    /// How settled it is.
    pub revision: Revision,
}

/// What the values of a table are made of, as far as protection can bound them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueOf {
    /// The size of the first population.
    Count,
    /// 100 × the size of the first population ÷ that of the second.
    Rate,
    /// Measures of rows.
    Measure,
}

/// One table: the unit of whole-table protection.
#[derive(Clone, Debug)]
pub struct Table {
    /// The indicator.
    pub indicator: String,
    /// The breakdown, or [`TOTAL`](contract::snapshot::TOTAL).
    pub breakdown: String,
    /// The level of place.
    pub level: Level,
    /// The length of period.
    pub granularity: Granularity,
    /// The populations whose sizes it shows: of a rate, the numerator and the denominator first.
    pub uses: Vec<String>,
    /// What its values are made of.
    pub value: ValueOf,
    /// It shows medians or percentiles.
    pub order_statistic: bool,
    /// A source column that it needs is in no file.
    pub not_collected: bool,
    /// The cells, sorted by place, period, class.
    pub cells: Vec<Cell>,
    /// For each cell, the size of every population.
    pub counts: Arc<Vec<Vec<u64>>>,
}

/// Every table of a dataset, before protection.
#[derive(Debug, Default)]
pub struct Aggregated {
    /// The tables.
    pub tables: Vec<Table>,
    /// The classes of each breakdown after small ones were joined.
    pub classes: BTreeMap<String, Vec<Category>>,
    /// The breakdowns, levels and lengths of period of a public dataset in which a class exposes a person.
    pub exposing: BTreeSet<(String, Level, Granularity)>,
}

/// The column of `rows` that holds the places of a level.
pub(crate) fn level_column(level: Level) -> &'static str {
    match level {
        Level::City => "city",
        Level::District => "district",
        Level::Street => "street",
        Level::Community => "community_code",
    }
}

/// Computes every table of a dataset. The classes of a breakdown stay those of earlier snapshots: what was joined once
/// and apart later would tell of a class that was never shown.
///
/// # Errors
/// When the contract's SQL is not sound.
pub async fn aggregate(
    dataset: &Dataset,
    register: &Register,
    rows: &Deidentified,
    reference: Period,
    past: &Past,
) -> Result<Aggregated, AggregateError> {
    let mut result = Aggregated::default();
    if rows.is_empty() {
        return Ok(result);
    }
    let context = rows
        .context()
        .await
        .map_err(|e| AggregateError::Sql(dataset.contract.id.clone(), Box::new(e)))?;
    let mut engine = Engine {
        dataset,
        register,
        context,
        reference,
        first_month: String::new(),
        absent: &rows.absent,
        past,
    };
    let Some(first) = engine.find_first_month().await? else {
        return Ok(result);
    };
    engine.first_month = first;
    let contract = &dataset.contract;
    for &granularity in &contract.granularities {
        engine.lay_stock(granularity).await?;
        engine.lay_communities(granularity).await?;
    }
    for (level, granularity) in engine.shapes(&contract.levels, &contract.granularities) {
        let none = BTreeMap::new();
        let tables = engine.tables(None, &none, level, granularity).await?;
        result.tables.extend(tables);
    }
    for breakdown in &contract.breakdowns {
        let recoding = engine.join_small_classes(breakdown).await?;
        for (level, granularity) in engine.shapes(&breakdown.levels, &breakdown.granularities) {
            let tables = engine
                .tables(Some(breakdown), &recoding, level, granularity)
                .await?;
            result.tables.extend(tables);
            if engine
                .exposes(breakdown, &recoding, level, granularity)
                .await?
            {
                let shape = (breakdown.id.clone(), level, granularity);
                result.exposing.insert(shape);
            }
        }
        result
            .classes
            .insert(breakdown.id.clone(), engine.classes(breakdown, &recoding));
    }
    Ok(result)
}

/// One dataset being aggregated.
struct Engine<'a> {
    dataset: &'a Dataset,
    register: &'a Register,
    context: SessionContext,
    reference: Period,
    first_month: String,
    absent: &'a [String],
    past: &'a Past,
}

impl Engine<'_> {
    fn shapes(&self, levels: &[Level], wanted: &[Granularity]) -> Vec<(Level, Granularity)> {
        let of = |&level| {
            let lengths = self.dataset.contract.granularities_of(level, wanted);
            lengths.into_iter().map(move |length| (level, length))
        };
        levels.iter().flat_map(of).collect()
    }

    /// The indicators of a table, by position in the dataset.
    fn wanted(
        &self,
        breakdown: Option<&Breakdown>,
        level: Level,
        granularity: Granularity,
    ) -> Vec<usize> {
        let wanted = |indicator: &Indicator| {
            let lists = breakdown.is_none_or(|b| {
                !indicator.formula.is_of_places()
                    && (b.indicators.is_empty() || b.indicators.contains(&indicator.id))
                    && indicator
                        .breakdowns
                        .as_ref()
                        .is_none_or(|i| i.contains(&b.id))
            });
            let levels = indicator.levels.as_ref();
            let lengths = indicator.granularities.as_ref();
            lists
                && levels.is_none_or(|levels| levels.contains(&level))
                && lengths.is_none_or(|lengths| lengths.contains(&granularity))
        };
        (0..self.dataset.indicators.len())
            .filter(|&at| wanted(&self.dataset.indicators[at]))
            .collect()
    }

    /// Whole periods from the first row's to the reference month's: a part of a year would be read by
    /// subtracting one month's snapshot from the next. Flows begin with a whole year, stocks with the
    /// first observation.
    fn periods(&self, granularity: Granularity) -> Vec<Period> {
        let first = self.first_month.parse().unwrap_or(self.reference);
        let month = match self.dataset.contract.stock {
            Some(_) => first.month(),
            None => 1,
        };
        let first = Period::containing(first.year(), month, granularity);
        let end = self.reference.last_month();
        std::iter::successors(Some(first), |p| Some(p.shifted(1)))
            .take_while(|p| p.last_month() <= end)
            .collect()
    }

    async fn find_first_month(&self) -> Result<Option<String>, AggregateError> {
        let batches = self
            .query("SELECT CAST(min(\"month\") AS VARCHAR) FROM rows")
            .await?;
        let Some(batch) = batches.first().filter(|batch| batch.num_rows() > 0) else {
            return Ok(None);
        };
        let column = self.to(batch, 0, &DataType::Utf8)?;
        let text = column.as_string::<i32>().value(0);
        Ok(Some(text.to_owned()).filter(|text| !text.is_empty()))
    }

    async fn query(&self, sql: &str) -> Result<Vec<RecordBatch>, AggregateError> {
        let frame = self.context.sql(sql).await.map_err(|e| self.sql_error(e))?;
        frame.collect().await.map_err(|e| self.sql_error(e))
    }

    fn register_table(&self, name: &str, batches: Vec<RecordBatch>) -> Result<(), AggregateError> {
        let Some(first) = batches.first() else {
            return Ok(());
        };
        let table = MemTable::try_new(first.schema(), vec![batches]);
        let table = table.map_err(|e| self.sql_error(e))?;
        self.context
            .register_table(name, Arc::new(table))
            .map_err(|e| self.sql_error(e))?;
        Ok(())
    }

    fn to(
        &self,
        batch: &RecordBatch,
        at: usize,
        kind: &DataType,
    ) -> Result<arrow::array::ArrayRef, AggregateError> {
        cast(batch.column(at), kind)
            .map_err(|e| AggregateError::Arrow(self.dataset.contract.id.clone(), e))
    }

    fn sql_error(&self, error: datafusion::error::DataFusionError) -> AggregateError {
        AggregateError::Sql(self.dataset.contract.id.clone(), Box::new(error))
    }
}
