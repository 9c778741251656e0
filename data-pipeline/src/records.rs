//! The record-level file: every accepted record, recoded globally until each class of quasi-identifiers
//! and outcomes holds at least the threshold. No record is dropped; the order of the rows says nothing.

use std::collections::BTreeMap;

use arrow::{
    array::{Array, AsArray, RecordBatch},
    compute::cast,
    datatypes::DataType,
};
use contract::{
    Granularity, Localised, Period,
    dataset::{DatasetContract, DisclosurePolicy, RecordKey},
};
use disclosure::recode_globally;

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
    /// No recoding reaches the threshold.
    #[error("dataset {0:?}, records: {1}")]
    Disclosure(String, disclosure::DisclosureError),
}

/// Records that have reached k. Only [`recode`] makes them.
#[derive(Debug)]
pub struct RecodedRecords {
    pub(crate) batch: RecordBatch,
    /// For each key and outcome, the SQL form that is published; none when it is left out.
    pub forms: Vec<Option<String>>,
    /// The size of the smallest class.
    pub k: u64,
}

/// Recodes the records of the whole years of a dataset, since a growing year would be read by subtracting one month's
/// file from the next; none when it declares no record-level file or has no rows.
///
/// # Errors
/// When no recoding reaches the threshold, or the contract's SQL is not sound.
pub async fn recode(
    contract: &DatasetContract,
    rows: &Deidentified,
    reference: Period,
) -> Result<Option<RecodedRecords>, RecordsError> {
    let Some(declared) = &contract.records else {
        return Ok(None);
    };
    // Outcomes count too: a class of one "closed late" could otherwise be counted in the file although the
    // table that shows it is withheld.
    let outcomes = declared.values.iter().map(|name| RecordKey {
        name: name.clone(),
        title: Localised::default(),
        recodings: vec![format!("\"{name}\"")],
    });
    let keys: Vec<RecordKey> = declared.keys.iter().cloned().chain(outcomes).collect();
    if rows.is_empty() {
        return Ok(None);
    }
    let k = match contract.disclosure {
        DisclosurePolicy::Public { .. } => 1,
        DisclosurePolicy::MinimumFrequency { threshold, .. } => threshold,
    };
    let failed = |e| RecordsError::Sql(contract.id.clone(), Box::new(e));
    let context = rows.context().await.map_err(failed)?;
    let last = Period::containing(reference.year(), 12, Granularity::Month);
    let whole = reference.year() - i32::from(reference.last_month() < last);
    let rows = format!("(SELECT * FROM rows WHERE CAST(\"year\" AS VARCHAR) <= '{whole:04}')");
    let classes = classes(contract, &keys, &rows, &context).await?;
    if classes.is_empty() {
        return Ok(None);
    }
    let steps: Vec<usize> = keys.iter().map(|key| key.recodings.len() + 1).collect();
    let smallest = |recoding: &[usize]| {
        let mut sizes: BTreeMap<Vec<&str>, u64> = BTreeMap::new();
        for (forms, count) in &classes {
            let key = recoding
                .iter()
                .zip(forms)
                .map(|(&step, forms)| forms.get(step).map_or("", String::as_str));
            *sizes.entry(key.collect()).or_default() += count;
        }
        sizes.into_values().min().unwrap_or(0)
    };
    let recoding = recode_globally(&steps, k, smallest)
        .map_err(|e| RecordsError::Disclosure(contract.id.clone(), e))?;
    let forms: Vec<Option<String>> = keys
        .iter()
        .zip(&recoding)
        .map(|(key, &step)| key.recodings.get(step).cloned())
        .collect();
    let kept = keys
        .iter()
        .zip(&forms)
        .filter_map(|(key, form)| Some((key, form.as_ref()?)));
    let select: Vec<String> = kept
        .map(|(key, form)| format!("CAST(({form}) AS VARCHAR) AS \"{}\"", key.name))
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
        batch,
        k: smallest(&recoding),
        forms,
    }))
}

type Class = (Vec<Vec<String>>, u64);

/// The classes by every form of every key at once, with their sizes.
async fn classes(
    contract: &DatasetContract,
    keys: &[RecordKey],
    rows: &str,
    context: &datafusion::prelude::SessionContext,
) -> Result<Vec<Class>, RecordsError> {
    let failed = |e| RecordsError::Sql(contract.id.clone(), Box::new(e));
    let forms: Vec<String> = keys
        .iter()
        .flat_map(|key| &key.recodings)
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
        let columns = (0..forms.len())
            .map(|at| to(at, &DataType::Utf8))
            .collect::<Result<Vec<_>, _>>()?;
        let counts = to(forms.len(), &DataType::UInt64)?;
        for row in 0..batch.num_rows() {
            let mut texts = columns.iter().map(|c| {
                if c.is_valid(row) {
                    c.as_string::<i32>().value(row).to_owned()
                } else {
                    String::new()
                }
            });
            let forms = keys
                .iter()
                .map(|key| texts.by_ref().take(key.recodings.len()).collect())
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
