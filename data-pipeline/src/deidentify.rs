//! Validated rows to de-identified rows: identifiers and free text are dropped or become keyed pseudonyms, moments
//! become months and derived durations, and what is left is searched for personal data that should not be there.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use arrow::{
    array::{AsArray, Int64Array, RecordBatch, StringArray},
    compute::cast,
    datatypes::{DataType, Field, Schema, SchemaRef},
};
use contract::{
    Localised,
    dataset::{CONTRIBUTOR, ColumnType, Contributors, DatasetContract, DisclosurePolicy, Role},
};
use datafusion::{error::DataFusionError, prelude::SessionContext};
use disclosure::pii::ColumnScan;
use futures::TryStreamExt;

use crate::{
    pseudonym::{PseudonymError, PseudonymKey},
    validate::{self, ADDED, Valid},
    work::{Spill, WorkError, WorkFolder},
};

/// Why rows cannot be de-identified. Messages never hold a value.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeidentifyError {
    /// A kept column holds personal data.
    #[error(
        "dataset {dataset:?}, column {column:?}: {found}. Declare the column as identifier or free_text, or clean the export; nothing was published"
    )]
    PersonalData {
        /// The dataset.
        dataset: String,
        /// The column.
        column: String,
        /// How many values look like what.
        found: String,
    },
    /// A derived column has a role that is dropped.
    #[error("dataset {dataset:?}: derived column {column:?} may not be an identifier or free text")]
    DerivedIdentifier {
        /// The dataset.
        dataset: String,
        /// The column.
        column: String,
    },
    /// The contract's SQL is not sound.
    #[error("dataset {0:?}, derived columns: {1}")]
    Sql(String, Box<DataFusionError>),
    /// There is no key for pseudonyms.
    #[error(transparent)]
    Pseudonym(#[from] PseudonymError),
    /// The work folder fails.
    #[error(transparent)]
    Work(#[from] WorkError),
}

impl DeidentifyError {
    /// The message in both languages.
    pub(crate) fn localised(&self) -> Localised {
        let en = self.to_string();
        let zh = match self {
            Self::PersonalData {
                dataset,
                column,
                found,
            } => format!(
                "数据集 {dataset} 的列 {column} 里有疑似个人信息（{found}）：请在合同中把该列声明为 identifier 或 free_text，或清理导出文件；没有发布任何内容"
            ),
            _ => en.clone(),
        };
        Localised::new(zh, en)
    }
}

/// Rows without identifiers. Still not fit to publish: only tables and recoded records that have passed
/// disclosure control are.
#[derive(Debug)]
pub struct Deidentified {
    rows: Spill,
    /// Columns that no file has.
    pub absent: Vec<String>,
}

impl Deidentified {
    /// Whether there is no row at all.
    pub fn is_empty(&self) -> bool {
        self.rows.rows() == 0
    }

    /// A context of DataFusion in which they are the table `rows`.
    ///
    /// # Errors
    /// When the work file cannot be read back.
    pub async fn context(&self) -> Result<SessionContext, DataFusionError> {
        self.rows.context(2).await
    }
}

/// The columns of a contract that become pseudonyms.
pub fn pseudonyms(contract: &DatasetContract) -> impl Iterator<Item = &str> {
    let columns = contract.columns.iter();
    columns
        .filter(|c| c.role == Role::Pseudonym)
        .map(|c| c.name.as_str())
}

/// Whose rows are counted once, in a contract that says so.
pub(crate) fn contributors(contract: &DatasetContract) -> Option<&Contributors> {
    match &contract.disclosure {
        DisclosurePolicy::Public { persons, .. } => persons.as_ref()?.contributors.as_ref(),
        DisclosurePolicy::MinimumFrequency { .. } => None,
    }
}

/// What is kept of a validated row, as an SQL select list.
pub(crate) fn projection(contract: &DatasetContract) -> String {
    let is_moment = |kind| matches!(kind, ColumnType::Date | ColumnType::Datetime);
    let kept = contract
        .columns
        .iter()
        .filter(|c| !c.role.is_dropped() && !is_moment(c.kind))
        .map(|c| format!("\"{}\"", c.name));
    let added = validate::added(contract)
        .iter()
        .filter(|name| **name != "reference_end")
        .map(|name| format!("\"{name}\""));
    let derived = contract
        .derived
        .iter()
        .map(|d| format!("({}) AS \"{}\"", d.sql, d.name));
    let named = contributors(contract).map(|c| format!("\"{}\" AS {CONTRIBUTOR}", c.column));
    let columns: Vec<String> = kept.chain(added).chain(derived).chain(named).collect();
    columns.join(", ")
}

/// Drops, replaces, coarsens and searches.
///
/// # Errors
/// When a kept column holds personal data, pseudonyms are asked for without a key, or the contract's SQL is not
/// sound.
pub async fn deidentify(
    contract: &DatasetContract,
    valid: &Valid,
    key: Option<&PseudonymKey>,
    work: &WorkFolder,
) -> Result<Deidentified, DeidentifyError> {
    let sql_error = |e| DeidentifyError::Sql(contract.id.clone(), Box::new(e));
    if let Some(bad) = contract
        .derived
        .iter()
        .find(|d| d.role.is_dropped() || d.role == Role::Pseudonym)
    {
        return Err(DeidentifyError::DerivedIdentifier {
            dataset: contract.id.clone(),
            column: bad.name.clone(),
        });
    }
    if let (None, Some(column)) = (key, pseudonyms(contract).next()) {
        let (dataset, column) = (contract.id.clone(), column.to_owned());
        return Err(PseudonymError::NoSecret { dataset, column }.into());
    }
    // One partition keeps the order of the rows, and so the bytes of everything that follows.
    let context = valid.rows.context(1).await.map_err(sql_error)?;
    let frame = context
        .sql(&format!("SELECT {} FROM rows", projection(contract)))
        .await
        .map_err(sql_error)?;
    let mut batches = frame.execute_stream().await.map_err(sql_error)?;
    let schema = replaced(contract, &batches.schema());
    let mut writer = work.spill(&schema)?;
    let mut search = Search::new(contract, &schema);
    let mut numbers = HashMap::new();
    while let Some(batch) = batches.try_next().await.map_err(sql_error)? {
        let batch = replace(contract, key, &mut numbers, &schema, &batch)
            .map_err(|e| sql_error(DataFusionError::from(e)))?;
        search
            .batch(&batch)
            .map_err(|e| sql_error(DataFusionError::from(e)))?;
        writer.write(&batch)?;
    }
    search.verdict(contract)?;
    Ok(Deidentified {
        rows: writer.finish()?,
        absent: valid.absent.clone(),
    })
}

/// The schema after replacement: pseudonyms are text, whatever they stand for.
fn replaced(contract: &DatasetContract, schema: &SchemaRef) -> SchemaRef {
    let fields = schema.fields().iter().map(|field| {
        if pseudonyms(contract).any(|name| name == field.name()) {
            Arc::new(Field::new(field.name(), DataType::Utf8, true))
        } else if contributors(contract).is_some() && field.name() == CONTRIBUTOR {
            Arc::new(Field::new(field.name(), DataType::Int64, true))
        } else {
            field.clone()
        }
    });
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// Puts pseudonyms in the place of what they stand for, and numbers in that of contributors: these serve the run alone
/// and are in no file.
fn replace(
    contract: &DatasetContract,
    key: Option<&PseudonymKey>,
    numbers: &mut HashMap<String, i64>,
    schema: &SchemaRef,
    batch: &RecordBatch,
) -> Result<RecordBatch, arrow::error::ArrowError> {
    let mut columns = batch.columns().to_vec();
    if contributors(contract).is_some() {
        let at = schema.index_of(CONTRIBUTOR)?;
        let names = cast(&columns[at], &DataType::Utf8)?;
        let mut number = |name: &str| {
            let next = numbers.len() as i64 + 1;
            *numbers.entry(name.trim().to_owned()).or_insert(next)
        };
        let names = names.as_string::<i32>().iter();
        let made: Int64Array = names.map(|name| name.map(&mut number)).collect();
        columns[at] = Arc::new(made);
    }
    for name in key.into_iter().flat_map(|_| pseudonyms(contract)) {
        let at = schema.index_of(name)?;
        let values = cast(&columns[at], &DataType::Utf8)?;
        let made: StringArray = values
            .as_string::<i32>()
            .iter()
            .map(|value| Some(key?.pseudonym(&contract.id, name, value?)))
            .collect();
        columns[at] = Arc::new(made);
    }
    RecordBatch::try_new(schema.clone(), columns)
}

/// The search for personal data in kept text: columns of free values, and derived text.
struct Search {
    /// Column, its place in the batch, and what its values look like.
    columns: Vec<(String, usize, ColumnScan)>,
}

impl Search {
    fn new(contract: &DatasetContract, schema: &SchemaRef) -> Self {
        // Codes of the register and of declared values come from the contract, not from the export; pseudonyms are
        // made here.
        let coded = |name: &str| {
            ADDED.contains(&name)
                || contract.columns.iter().any(|c| {
                    c.name == name && (c.kind != ColumnType::Text || c.role == Role::Pseudonym)
                })
        };
        let text = |kind: &DataType| {
            matches!(
                kind,
                DataType::Utf8 | DataType::Utf8View | DataType::LargeUtf8
            )
        };
        let columns = schema.fields().iter().enumerate();
        let columns = columns
            .filter(|(_, field)| text(field.data_type()) && !coded(field.name()))
            .map(|(at, field)| (field.name().clone(), at, ColumnScan::default()))
            .collect();
        Self { columns }
    }

    fn batch(&mut self, batch: &RecordBatch) -> Result<(), arrow::error::ArrowError> {
        for (_, at, scan) in &mut self.columns {
            let values = cast(batch.column(*at), &DataType::Utf8)?;
            let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
            for text in values.as_string::<i32>().iter().flatten() {
                *counts.entry(text).or_default() += 1;
            }
            for (text, times) in counts {
                scan.observe_times(text, times);
            }
        }
        Ok(())
    }

    /// The first column with personal data in it is an error.
    fn verdict(self, contract: &DatasetContract) -> Result<(), DeidentifyError> {
        for (column, _, scan) in self.columns {
            let found: Vec<String> = scan
                .findings()
                .iter()
                .map(|(kind, count)| format!("{count} values look like {}", kind.plural()))
                .collect();
            if !found.is_empty() {
                return Err(DeidentifyError::PersonalData {
                    dataset: contract.id.clone(),
                    column,
                    found: found.join(", "),
                });
            }
        }
        Ok(())
    }
}
