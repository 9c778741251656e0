//! The record-level file: every accepted record, recoded globally until each class of quasi-identifiers
//! and outcomes holds at least the threshold. No record is dropped; the order of the rows says nothing.
//!
//! Nothing is suppressed locally here: a record moved out of its class could be counted by subtracting the file
//! from a table beside it.

use std::collections::{BTreeMap, BTreeSet};

use arrow::{
    array::{Array, AsArray, RecordBatch},
    compute::cast,
    datatypes::DataType,
};
use contract::{
    Granularity, Period,
    dataset::{DatasetContract, DisclosurePolicy, RecordLevel},
    disclosure_report::{RecordColumn, RecordProtection},
};
use datafusion::prelude::SessionContext;
use disclosure::microdata::{Anonymised, Microdata, MicrodataError, Policy, anonymise};

use crate::deidentify::Deidentified;

/// Why the record-level file cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordsError {
    /// The contract's SQL is not sound.
    #[error("dataset {0:?}, records: {1}")]
    Sql(String, Box<datafusion::error::DataFusionError>),
    /// A result is not of the expected type.
    #[error("dataset {0:?}, records: {1}")]
    Arrow(String, arrow::error::ArrowError),
    /// No recoding reaches the policy, or the recodings are not nested.
    #[error("dataset {0:?}, records: {1}")]
    Microdata(String, MicrodataError),
}

/// Records that have reached k. Only [`recode`] makes them.
#[derive(Debug)]
pub struct RecodedRecords {
    pub(crate) batch: RecordBatch,
    /// The last year whose records it holds: a year that is not over has none in it.
    pub last_year: i32,
    /// For each key and outcome, the SQL form that is published; none when it is left out.
    pub forms: Vec<Option<String>>,
    /// The size of the smallest class of keys and outcomes.
    pub k: u64,
    /// What the file reaches and what that costs.
    pub protection: RecordProtection,
    /// What its rows hold, by kept column, and how many rows hold it.
    pub classes: BTreeMap<Vec<String>, u64>,
    /// The populations that can be counted in it: each of its classes lies in them or beside them as a whole.
    pub told: BTreeSet<String>,
}

/// One column of the file: a key with its recodings, or an outcome with its only form.
struct Declared<'a> {
    name: &'a str,
    forms: Vec<String>,
}

fn declared(records: &RecordLevel) -> Vec<Declared<'_>> {
    let keys = records.keys.iter().map(|key| Declared {
        name: &key.name,
        forms: key.recodings.clone(),
    });
    let values = records.values.iter().map(|name| Declared {
        name,
        forms: vec![format!("\"{name}\"")],
    });
    keys.chain(values).collect()
}

/// Recodes the records of the whole years of a dataset, since a growing year would be read by subtracting one month's
/// file from the next; none when it declares no record-level file or has no rows.
///
/// # Errors
/// When no recoding reaches the policy, or the contract's SQL is not sound.
pub async fn recode(
    contract: &DatasetContract,
    rows: &Deidentified,
    reference: Period,
) -> Result<Option<RecodedRecords>, RecordsError> {
    let Some(records) = &contract.records else {
        return Ok(None);
    };
    if rows.is_empty() {
        return Ok(None);
    }
    let failed = |e| RecordsError::Sql(contract.id.clone(), Box::new(e));
    let context = rows.context().await.map_err(failed)?;
    let columns = declared(records);
    let last = Period::containing(reference.year(), 12, Granularity::Month);
    let whole = reference.year() - i32::from(reference.last_month() < last);
    let rows = format!("(SELECT * FROM rows WHERE CAST(\"year\" AS VARCHAR) <= '{whole:04}')");
    let classes = classes(contract, &columns, &rows, &context).await?;
    if classes.is_empty() {
        return Ok(None);
    }
    let unfit = |e| RecordsError::Microdata(contract.id.clone(), e);
    let data = microdata(&columns, records.keys.len(), &classes).map_err(unfit)?;
    let found = anonymise(&data, &policy(contract, records)).map_err(unfit)?;
    let forms = forms(&columns, &found);
    let kept = columns
        .iter()
        .zip(&forms)
        .filter_map(|(column, form)| Some((column, form.as_ref()?)));
    let select: Vec<String> = kept
        .map(|(column, form)| format!("CAST(({form}) AS VARCHAR) AS \"{}\"", column.name))
        .collect();
    if select.is_empty() {
        return Ok(None);
    }
    let order: Vec<String> = (1..=select.len())
        .map(|at| format!("{at} ASC NULLS FIRST"))
        .collect();
    let sql = format!(
        "SELECT {} FROM {rows} ORDER BY {}",
        select.join(", "),
        order.join(", ")
    );
    let frame = context.sql(&sql).await.map_err(failed)?;
    let batches = frame.collect().await.map_err(failed)?;
    let Some(first) = batches.first() else {
        return Ok(None);
    };
    let batch = arrow::compute::concat_batches(&first.schema(), &batches)
        .map_err(|e| RecordsError::Arrow(contract.id.clone(), e))?;
    Ok(Some(RecodedRecords {
        last_year: whole,
        k: found.report.measures.outcome_k,
        protection: protection(&batch, &columns, &forms, &found),
        classes: kept_classes(&columns, &forms, &classes),
        told: told(contract, &forms, &rows, &context).await?,
        batch,
        forms,
    }))
}

/// What the contract asks of the file. Outcomes count in k too: a class of one "closed late" could otherwise be
/// counted in the file although the table that shows it is withheld.
fn policy(contract: &DatasetContract, records: &RecordLevel) -> Policy {
    let k = match contract.disclosure {
        DisclosurePolicy::Public { .. } => 1,
        DisclosurePolicy::MinimumFrequency { threshold, .. } => threshold,
    };
    let names = records
        .keys
        .iter()
        .map(|key| &key.name)
        .chain(&records.values);
    let kept = names
        .enumerate()
        .filter(|(_, name)| records.keep.contains(name));
    Policy {
        k,
        outcome_k: k,
        l: records.l,
        t: records.t,
        keep: kept.map(|(at, _)| at).collect(),
        ..Policy::default()
    }
}

/// The records as the library takes them: a row for each class by every form of every column.
fn microdata(
    columns: &[Declared<'_>],
    keys: usize,
    classes: &[Class],
) -> Result<Microdata, MicrodataError> {
    let mut data =
        Microdata::new(classes.len()).weights(classes.iter().map(|(_, count)| *count).collect())?;
    for (at, column) in columns.iter().enumerate() {
        let text = |form: usize| {
            classes
                .iter()
                .map(move |(texts, _)| texts[at][form].as_str())
        };
        let texts: Vec<Vec<&str>> = (0..column.forms.len())
            .map(|form| text(form).collect())
            .collect();
        let forms: Vec<&[&str]> = texts.iter().map(Vec::as_slice).collect();
        data = match forms.as_slice() {
            [values] if at >= keys => data.outcome(column.name, values)?,
            forms => data.key(column.name, forms)?,
        };
    }
    Ok(data)
}

/// The form of each column that is published.
fn forms(columns: &[Declared<'_>], found: &Anonymised) -> Vec<Option<String>> {
    let keys = found.recoding.keys.iter().copied();
    let outcomes = found
        .recoding
        .outcomes
        .iter()
        .map(|&kept| usize::from(!kept));
    columns
        .iter()
        .zip(keys.chain(outcomes))
        .map(|(column, level)| column.forms.get(level).cloned())
        .collect()
}

/// The classes by the forms that are kept.
fn kept_classes(
    columns: &[Declared<'_>],
    forms: &[Option<String>],
    classes: &[Class],
) -> BTreeMap<Vec<String>, u64> {
    let at = columns.iter().zip(forms).map(|(column, form)| {
        let same = |declared: &String| Some(declared) == form.as_ref();
        column.forms.iter().position(same)
    });
    let at: Vec<Option<usize>> = at.collect();
    let mut kept = BTreeMap::new();
    for (texts, count) in classes {
        let values = texts.iter().zip(&at);
        let values = values.filter_map(|(forms, &at)| forms.get(at?).cloned());
        *kept.entry(values.collect()).or_default() += count;
    }
    kept
}

/// The populations that are everything or nothing in each class of the file.
async fn told(
    contract: &DatasetContract,
    forms: &[Option<String>],
    rows: &str,
    context: &SessionContext,
) -> Result<BTreeSet<String>, RecordsError> {
    let failed = |e| RecordsError::Sql(contract.id.clone(), Box::new(e));
    let populations = contract.populations.iter().enumerate();
    let counts = populations.map(|(at, population)| {
        let condition = &population.condition;
        format!("CAST(count(*) FILTER (WHERE {condition}) AS BIGINT) AS p{at}")
    });
    let counts: Vec<String> = counts.collect();
    if counts.is_empty() {
        return Ok(BTreeSet::new());
    }
    let kept = forms.iter().flatten();
    let kept: Vec<String> = kept.map(|f| format!("CAST(({f}) AS VARCHAR)")).collect();
    let counted = format!(
        "SELECT CAST(count(*) AS BIGINT) AS n, {} FROM {rows} GROUP BY {}",
        counts.join(", "),
        kept.join(", ")
    );
    let whole = (0..counts.len()).map(|at| format!("bool_and(p{at} = 0 OR p{at} = n)"));
    let whole: Vec<String> = whole.collect();
    let sql = format!("SELECT {} FROM ({counted})", whole.join(", "));
    let frame = context.sql(&sql).await.map_err(failed)?;
    let mut told = BTreeSet::new();
    for batch in frame.collect().await.map_err(failed)? {
        for (population, column) in contract.populations.iter().zip(batch.columns()) {
            let is_whole = column.as_boolean();
            if is_whole.iter().next().flatten() == Some(true) {
                told.insert(population.id.clone());
            }
        }
    }
    Ok(told)
}

/// Three decimals: what was lost is measured on the rows themselves, and more of them would confirm guesses.
fn rounded(share: f64) -> f64 {
    (share * 1000.0).round() / 1000.0
}

fn protection(
    batch: &RecordBatch,
    columns: &[Declared<'_>],
    forms: &[Option<String>],
    found: &Anonymised,
) -> RecordProtection {
    let report = &found.report;
    let column = |(column, form): (&Declared<'_>, &Option<String>)| {
        let at = column.forms.iter().position(|f| Some(f) == form.as_ref());
        RecordColumn {
            name: column.name.to_owned(),
            recoding: form.clone(),
            coarser: at.map_or(0, |at| (column.forms.len() - at - 1) as u64),
        }
    };
    RecordProtection {
        records: batch.num_rows() as u64,
        classes: report.measures.classes,
        k: report.measures.k,
        outcome_k: report.measures.outcome_k,
        l: report.measures.l,
        entropy_l: rounded(report.measures.entropy_l),
        t: rounded(report.measures.t),
        uniques: report.measures.uniques,
        suppressed_records: report.suppressed_cases,
        prosecutor_risk: rounded(report.risk.prosecutor),
        marketer_risk: rounded(report.risk.marketer),
        precision_loss: rounded(report.utility.precision_loss),
        certainty_penalty: rounded(report.utility.certainty_penalty),
        entropy_loss: rounded(report.utility.entropy_loss),
        discernibility: report.utility.discernibility,
        recodings: report.nodes,
        columns: columns.iter().zip(forms).map(column).collect(),
    }
}

type Class = (Vec<Vec<String>>, u64);

/// The classes by every form of every key at once, with their sizes.
async fn classes(
    contract: &DatasetContract,
    columns: &[Declared<'_>],
    rows: &str,
    context: &SessionContext,
) -> Result<Vec<Class>, RecordsError> {
    let failed = |e| RecordsError::Sql(contract.id.clone(), Box::new(e));
    let forms: Vec<String> = columns
        .iter()
        .flat_map(|column| &column.forms)
        .map(|f| format!("CAST(({f}) AS VARCHAR)"))
        .collect();
    let named: Vec<String> = forms
        .iter()
        .enumerate()
        .map(|(at, form)| format!("{form} AS k{at}"))
        .collect();
    let order: Vec<String> = (1..=forms.len()).map(|at| at.to_string()).collect();
    let sql = format!(
        "SELECT {}, count(*) AS n FROM {rows} GROUP BY {}",
        named.join(", "),
        order.join(", ")
    );
    let batches = context
        .sql(&sql)
        .await
        .map_err(failed)?
        .collect()
        .await
        .map_err(failed)?;
    let mut classes = Vec::new();
    for batch in batches {
        let to = |at: usize, kind| {
            cast(batch.column(at), kind).map_err(|e| RecordsError::Arrow(contract.id.clone(), e))
        };
        let texts = (0..forms.len())
            .map(|at| to(at, &DataType::Utf8))
            .collect::<Result<Vec<_>, _>>()?;
        let counts = to(forms.len(), &DataType::UInt64)?;
        for row in 0..batch.num_rows() {
            let mut texts = texts.iter().map(|c| {
                if c.is_valid(row) {
                    c.as_string::<i32>().value(row).to_owned()
                } else {
                    String::new()
                }
            });
            let forms = columns
                .iter()
                .map(|column| texts.by_ref().take(column.forms.len()).collect())
                .collect();
            classes.push((
                forms,
                counts
                    .as_primitive::<arrow::datatypes::UInt64Type>()
                    .value(row),
            ));
        }
    }
    Ok(classes)
}
