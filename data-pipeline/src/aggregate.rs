//! De-identified rows to tidy indicator tables, by DataFusion: for every breakdown, level of place and
//! length of period, every place × period × class of the frame, whether rows fall there or not.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use arrow::{
    array::{Array, AsArray, RecordBatch},
    compute::cast,
    datatypes::{DataType, Float64Type, Int64Type},
};
use contract::{
    Granularity, Level, Period, Revision, Status,
    dataset::{Breakdown, Category, DisclosurePolicy},
    indicator::{Formula, Indicator},
    snapshot::TOTAL,
};
use datafusion::{
    datasource::MemTable,
    prelude::{SessionConfig, SessionContext},
};

use crate::{deidentify::Deidentified, places::Register, portal::Dataset};

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
        "dataset {0:?}: the numerator of indicator {1:?} is not an integer: measures are integers (fen, seconds)"
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
    /// Code of the class, or [`TOTAL`].
    pub class: String,
    /// The value, when published.
    pub value: Option<f64>,
    /// Rows, or held units, above the line.
    pub numerator: Option<i64>,
    /// Rows, or held units, below the line or behind the value.
    pub denominator: Option<i64>,
    /// 95% confidence interval of a rate (Wilson, 1927).
    pub interval: Option<(f64, f64)>,
    /// Why there is, or is not, a value.
    pub status: Status,
    /// How settled it is.
    pub revision: Revision,
}

/// One table: the unit of protection.
#[derive(Clone, Debug)]
pub struct Table {
    /// The indicator.
    pub indicator: String,
    /// The breakdown, or [`TOTAL`].
    pub breakdown: String,
    /// The level of place.
    pub level: Level,
    /// The length of period.
    pub granularity: Granularity,
    /// The populations whose sizes it shows.
    pub uses: Vec<String>,
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
#[derive(Debug)]
pub struct Aggregated {
    /// The tables.
    pub tables: Vec<Table>,
    /// The classes of each breakdown after small ones were joined.
    pub classes: BTreeMap<String, Vec<Category>>,
}

pub(crate) fn context(
    batches: &[RecordBatch],
) -> Result<SessionContext, datafusion::error::DataFusionError> {
    let context = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(2));
    if let Some(first) = batches.first() {
        context.register_table(
            "rows",
            Arc::new(MemTable::try_new(first.schema(), vec![batches.to_vec()])?),
        )?;
    }
    Ok(context)
}

pub(crate) fn level_column(level: Level) -> &'static str {
    match level {
        Level::City => "city",
        Level::District => "district",
        Level::Street => "street",
        Level::Community => "community_code",
    }
}

/// One group's results.
#[derive(Clone, Debug)]
struct Group {
    counts: Vec<u64>,
    measures: Vec<(Option<i64>, Option<f64>)>,
}

struct Engine<'a> {
    dataset: &'a Dataset,
    register: &'a Register,
    context: SessionContext,
    reference: Period,
    absent: &'a [String],
}

/// Computes every table of a dataset.
///
/// # Errors
/// When the contract's SQL is not sound.
pub async fn aggregate(
    dataset: &Dataset,
    register: &Register,
    rows: &Deidentified,
    reference: Period,
) -> Result<Aggregated, AggregateError> {
    let context = context(&rows.batches)
        .map_err(|e| AggregateError::Sql(dataset.contract.id.clone(), Box::new(e)))?;
    let engine = Engine {
        dataset,
        register,
        context,
        reference,
        absent: &rows.absent,
    };
    let mut result = Aggregated {
        tables: Vec::new(),
        classes: BTreeMap::new(),
    };
    if rows.batches.iter().all(|batch| batch.num_rows() == 0) {
        return Ok(result);
    }
    let contract = &dataset.contract;
    for &level in &contract.levels {
        for &granularity in &contract.granularities {
            result.tables.extend(
                engine
                    .tables(None, &BTreeMap::new(), level, granularity)
                    .await?,
            );
        }
    }
    for breakdown in &contract.breakdowns {
        let recoding = engine.join_small_classes(breakdown).await?;
        for &level in &breakdown.levels {
            for &granularity in &breakdown.granularities {
                result.tables.extend(
                    engine
                        .tables(Some(breakdown), &recoding, level, granularity)
                        .await?,
                );
            }
        }
        result
            .classes
            .insert(breakdown.id.clone(), engine.classes(breakdown, &recoding));
    }
    Ok(result)
}

impl Engine<'_> {
    fn declared(&self, breakdown: &Breakdown) -> Vec<Category> {
        let columns = &self.dataset.contract.columns;
        columns
            .iter()
            .find(|c| c.name == breakdown.column)
            .map(|c| c.values.clone())
            .unwrap_or_default()
    }

    /// The classes that tables show: those that were not joined, and the fallback if anything was.
    fn classes(&self, breakdown: &Breakdown, recoding: &BTreeMap<String, String>) -> Vec<Category> {
        let mut classes: Vec<Category> = self
            .declared(breakdown)
            .into_iter()
            .filter(|c| recoding.get(&c.code) == Some(&c.code))
            .collect();
        let joined = recoding.values().any(|to| *to == breakdown.fallback.code);
        if joined && !classes.iter().any(|c| c.code == breakdown.fallback.code) {
            classes.push(breakdown.fallback.clone());
        }
        classes
    }

    /// Which published class each declared class goes to. Small classes are joined into the fallback, the
    /// smallest first, until no class of the widest table is smaller than the threshold.
    async fn join_small_classes(
        &self,
        breakdown: &Breakdown,
    ) -> Result<BTreeMap<String, String>, AggregateError> {
        let fallback = breakdown.fallback.code.clone();
        let codes: Vec<String> = self
            .declared(breakdown)
            .into_iter()
            .map(|c| c.code)
            .collect();
        let mut recoding: BTreeMap<String, String> =
            codes.iter().map(|c| (c.clone(), c.clone())).collect();
        recoding
            .entry(fallback.clone())
            .or_insert_with(|| fallback.clone());
        let DisclosurePolicy::MinimumFrequency { threshold, .. } = self.dataset.contract.disclosure
        else {
            return Ok(recoding);
        };
        let (Some(&level), Some(&granularity)) = (
            breakdown.levels.iter().min(),
            breakdown.granularities.iter().min(),
        ) else {
            return Ok(recoding);
        };
        let groups = self
            .groups(Some(breakdown), &recoding, level, granularity)
            .await?;
        // Rows of each class in each place and period of the widest table.
        let mut sizes: BTreeMap<(String, String), BTreeMap<String, u64>> = BTreeMap::new();
        for ((place, period, class), group) in groups {
            let rows = group.counts.iter().copied().max().unwrap_or(0);
            *sizes
                .entry((place, period))
                .or_default()
                .entry(class)
                .or_default() += rows;
        }
        loop {
            let size = |code: &str| -> (u64, u64) {
                let cells = sizes.values().map(|classes| {
                    let sources = recoding
                        .iter()
                        .filter(|(_, to)| *to == code)
                        .map(|(from, _)| from);
                    sources.filter_map(|from| classes.get(from)).sum::<u64>()
                });
                let cells: Vec<u64> = cells.collect();
                (
                    cells.iter().copied().filter(|&n| n > 0).min().unwrap_or(0),
                    cells.iter().sum(),
                )
            };
            let mut current: Vec<(u64, String)> = recoding
                .values()
                .collect::<BTreeSet<_>>()
                .into_iter()
                .filter(|code| **code != fallback)
                .map(|code| (size(code).1, code.clone()))
                .collect();
            current.sort();
            let too_small = current
                .iter()
                .find(|(_, code)| (1..threshold).contains(&size(code).0));
            let rest_too_small = (1..threshold).contains(&size(&fallback).0);
            let next = too_small
                .or_else(|| current.first().filter(|_| rest_too_small))
                .map(|(_, code)| code.clone());
            let Some(next) = next else {
                return Ok(recoding);
            };
            recoding.insert(next, fallback.clone());
        }
    }

    async fn groups(
        &self,
        breakdown: Option<&Breakdown>,
        recoding: &BTreeMap<String, String>,
        level: Level,
        granularity: Granularity,
    ) -> Result<BTreeMap<(String, String, String), Group>, AggregateError> {
        let dataset = &self.dataset.contract.id;
        let class = match breakdown {
            None => format!("'{TOTAL}'"),
            Some(breakdown) => {
                let cases = recoding
                    .iter()
                    .map(|(from, to)| format!(" WHEN '{}' THEN '{}'", quoted(from), quoted(to)));
                let other = quoted(
                    recoding
                        .get(&breakdown.fallback.code)
                        .unwrap_or(&breakdown.fallback.code),
                );
                format!(
                    "CASE \"{}\"{} ELSE '{other}' END",
                    breakdown.column,
                    cases.collect::<String>()
                )
            }
        };
        let conditions: BTreeMap<&str, &str> = self
            .dataset
            .contract
            .populations
            .iter()
            .map(|p| (p.id.as_str(), p.condition.as_str()))
            .collect();
        let mut select = vec![
            format!("\"{}\" AS place", level_column(level)),
            format!("\"{}\" AS period", granularity.name()),
            format!("{class} AS class"),
        ];
        for population in &self.dataset.contract.populations {
            select.push(format!("count(*) FILTER (WHERE {})", population.condition));
        }
        for indicator in &self.dataset.indicators {
            let (above, below) = measures(&indicator.formula, &conditions);
            select.push(above.unwrap_or_else(|| "CAST(NULL AS BIGINT)".to_owned()));
            select.push(below.unwrap_or_else(|| "CAST(NULL AS DOUBLE)".to_owned()));
        }
        let select: Vec<String> = select
            .iter()
            .enumerate()
            .map(|(at, s)| {
                if at < 3 {
                    s.clone()
                } else {
                    format!("{s} AS c{at}")
                }
            })
            .collect();
        let sql = format!("SELECT {} FROM rows GROUP BY 1, 2, 3", select.join(", "));
        let failed = |e| AggregateError::Sql(dataset.clone(), Box::new(e));
        let batches = self
            .context
            .sql(&sql)
            .await
            .map_err(failed)?
            .collect()
            .await
            .map_err(failed)?;
        let mut groups = BTreeMap::new();
        for batch in batches {
            self.read_groups(&batch, &mut groups)?;
        }
        Ok(groups)
    }

    fn read_groups(
        &self,
        batch: &RecordBatch,
        groups: &mut BTreeMap<(String, String, String), Group>,
    ) -> Result<(), AggregateError> {
        let dataset = &self.dataset.contract.id;
        let to = |at: usize, kind: &DataType| {
            cast(batch.column(at), kind).map_err(|e| AggregateError::Arrow(dataset.clone(), e))
        };
        let keys = [
            to(0, &DataType::Utf8)?,
            to(1, &DataType::Utf8)?,
            to(2, &DataType::Utf8)?,
        ];
        let populations = self.dataset.contract.populations.len();
        let mut counts = Vec::new();
        for at in 3..3 + populations {
            counts.push(to(at, &DataType::Int64)?);
        }
        let mut measured = Vec::new();
        for (index, indicator) in self.dataset.indicators.iter().enumerate() {
            let at = 3 + populations + 2 * index;
            if !batch.column(at).data_type().is_integer() {
                return Err(AggregateError::NotInteger(
                    dataset.clone(),
                    indicator.id.clone(),
                ));
            }
            measured.push((to(at, &DataType::Int64)?, to(at + 1, &DataType::Float64)?));
        }
        for row in 0..batch.num_rows() {
            if keys[0].is_null(row) || keys[1].is_null(row) {
                continue;
            }
            let key = |at: usize| keys[at].as_string::<i32>().value(row).to_owned();
            let counts = counts
                .iter()
                .map(|c| c.as_primitive::<Int64Type>().value(row).unsigned_abs())
                .collect();
            let measures = measured.iter().map(|(above, below)| {
                let (above, below) = (
                    above.as_primitive::<Int64Type>(),
                    below.as_primitive::<Float64Type>(),
                );
                (
                    above.is_valid(row).then(|| above.value(row)),
                    below.is_valid(row).then(|| below.value(row)),
                )
            });
            groups.insert(
                (key(0), key(1), key(2)),
                Group {
                    counts,
                    measures: measures.collect(),
                },
            );
        }
        Ok(())
    }

    async fn tables(
        &self,
        breakdown: Option<&Breakdown>,
        recoding: &BTreeMap<String, String>,
        level: Level,
        granularity: Granularity,
    ) -> Result<Vec<Table>, AggregateError> {
        let groups = self.groups(breakdown, recoding, level, granularity).await?;
        let classes = match breakdown {
            None => vec![TOTAL.to_owned()],
            Some(breakdown) => self
                .classes(breakdown, recoding)
                .into_iter()
                .map(|c| c.code)
                .collect(),
        };
        // Only whole periods: a part of a year would be read by subtracting one month's snapshot from the next.
        let first = groups
            .keys()
            .filter_map(|(_, period, _)| period.parse::<Period>().ok())
            .map(Period::year)
            .min();
        let first = Period::containing(first.unwrap_or(self.reference.year()), 1, granularity);
        let end = self.reference.last_month();
        let periods: Vec<Period> = std::iter::successors(Some(first), |p| Some(p.shifted(1)))
            .take_while(|p| p.last_month() <= end)
            .collect();
        let empty = Group {
            counts: vec![0; self.dataset.contract.populations.len()],
            measures: vec![(None, None); self.dataset.indicators.len()],
        };
        let mut cells = Vec::new();
        for place in self.register.codes(level) {
            for &period in &periods {
                for class in &classes {
                    let group = groups
                        .get(&(place.clone(), period.to_string(), class.clone()))
                        .unwrap_or(&empty);
                    cells.push((place.clone(), period, class.clone(), group));
                }
            }
        }
        let counts = Arc::new(
            cells
                .iter()
                .map(|(.., group)| group.counts.clone())
                .collect::<Vec<_>>(),
        );
        let tables = self
            .dataset
            .indicators
            .iter()
            .enumerate()
            .map(|(index, indicator)| Table {
                indicator: indicator.id.clone(),
                breakdown: breakdown.map_or_else(|| TOTAL.to_owned(), |b| b.id.clone()),
                level,
                granularity,
                uses: indicator
                    .formula
                    .populations()
                    .into_iter()
                    .map(str::to_owned)
                    .collect(),
                order_statistic: matches!(indicator.formula, Formula::Percentile { .. }),
                not_collected: self.not_collected(indicator, breakdown),
                cells: cells
                    .iter()
                    .map(|(place, period, class, group)| {
                        self.cell(index, indicator, place, *period, class, group)
                    })
                    .collect(),
                counts: counts.clone(),
            });
        Ok(tables.collect())
    }

    fn cell(
        &self,
        index: usize,
        indicator: &Indicator,
        place: &str,
        period: Period,
        class: &str,
        group: &Group,
    ) -> Cell {
        let populations = &self.dataset.contract.populations;
        let count = |id: &str| {
            populations
                .iter()
                .position(|p| p.id == id)
                .map_or(0, |at| group.counts[at])
        };
        let signed = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let (above, below) = group.measures[index];
        let (value, numerator, denominator, interval) = match &indicator.formula {
            Formula::Count { of } => (Some(count(of) as f64), Some(signed(count(of))), None, None),
            Formula::Rate {
                numerator,
                denominator,
            } => {
                let (n, d) = (count(numerator), count(denominator));
                let value = (d > 0).then(|| 100.0 * n as f64 / d as f64);
                (value, Some(signed(n)), Some(signed(d)), wilson(n, d))
            }
            Formula::Sum { divisor, .. } => {
                let sum = above.unwrap_or(0);
                (Some(sum as f64 / *divisor as f64), Some(sum), None, None)
            }
            Formula::Ratio { scale, .. } => {
                let (n, d) = (above.unwrap_or(0), below.unwrap_or(0.0) as i64);
                (
                    (d != 0).then(|| *scale as f64 * n as f64 / d as f64),
                    Some(n),
                    Some(d),
                    None,
                )
            }
            Formula::Percentile { of, divisor, .. } => {
                let base = count(of);
                (
                    below.filter(|_| base > 0).map(|v| v / *divisor as f64),
                    None,
                    Some(signed(base)),
                    None,
                )
            }
            // Refused when the contract is read.
            _ => (None, None, None, None),
        };
        let settled = period
            .last_month()
            .shifted(self.dataset.contract.settles_after_months.cast_signed());
        Cell {
            place: place.to_owned(),
            period,
            class: class.to_owned(),
            value,
            numerator,
            denominator,
            interval,
            status: if value.is_some() {
                Status::Published
            } else {
                Status::NotApplicable
            },
            revision: if settled <= self.reference.last_month() {
                Revision::Final
            } else {
                Revision::Provisional
            },
        }
    }

    /// Whether the indicator, or its breakdown, needs a column that no file has.
    fn not_collected(&self, indicator: &Indicator, breakdown: Option<&Breakdown>) -> bool {
        let contract = &self.dataset.contract;
        let mut open: Vec<String> = match &indicator.formula {
            Formula::Sum { measure, .. } | Formula::Percentile { measure, .. } => {
                vec![measure.clone()]
            }
            Formula::Ratio {
                numerator,
                denominator,
                ..
            } => vec![numerator.clone(), denominator.clone()],
            _ => Vec::new(),
        };
        open.extend(breakdown.map(|b| b.column.clone()));
        let uses = indicator.formula.populations();
        open.extend(
            contract
                .populations
                .iter()
                .filter(|p| uses.contains(&p.id.as_str()))
                .map(|p| p.condition.clone()),
        );
        let derived = open
            .iter()
            .flat_map(|sql| words(sql))
            .collect::<BTreeSet<_>>();
        let derived: Vec<&str> = contract
            .derived
            .iter()
            .filter(|d| derived.contains(d.name.as_str()))
            .map(|d| d.sql.as_str())
            .collect();
        let needed: BTreeSet<&str> = open
            .iter()
            .map(String::as_str)
            .chain(derived)
            .flat_map(words)
            .collect();
        self.absent
            .iter()
            .any(|column| needed.contains(column.as_str()))
    }
}

fn words(sql: &str) -> impl Iterator<Item = &str> {
    sql.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
}

fn quoted(text: &str) -> String {
    text.replace('\'', "''")
}

/// The SQL of what stands above the line (an integer) and below it, or of a percentile (below).
fn measures(
    formula: &Formula,
    conditions: &BTreeMap<&str, &str>,
) -> (Option<String>, Option<String>) {
    let condition = |of: &String| conditions.get(of.as_str()).copied().unwrap_or("false");
    let sum = |measure: &String, of: &String| {
        Some(format!("sum({measure}) FILTER (WHERE {})", condition(of)))
    };
    match formula {
        Formula::Sum { measure, of, .. } => (sum(measure, of), None),
        Formula::Ratio {
            numerator,
            denominator,
            of,
            ..
        } => (sum(numerator, of), sum(denominator, of)),
        Formula::Percentile {
            measure, of, rank, ..
        } => {
            let sql = format!(
                "percentile_cont({rank}) WITHIN GROUP (ORDER BY CAST(({measure}) AS DOUBLE)) FILTER (WHERE {})",
                condition(of)
            );
            (None, Some(sql))
        }
        _ => (None, None),
    }
}

/// The Wilson score interval of a proportion, in percent, at 95%.
fn wilson(numerator: u64, denominator: u64) -> Option<(f64, f64)> {
    const Z: f64 = 1.959_963_984_540_054;
    let (x, n) = (numerator as f64, denominator as f64);
    (denominator > 0).then(|| {
        let centre = (x + Z * Z / 2.0) / (n + Z * Z);
        let half = Z / (n + Z * Z) * (x * (n - x) / n + Z * Z / 4.0).sqrt();
        (
            100.0 * (centre - half).max(0.0),
            100.0 * (centre + half).min(1.0),
        )
    })
}
