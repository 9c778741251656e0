//! Raw rows to typed, checked rows. Every rejected row is kept with its rule and reason:
//! read = accepted + rejected, for every file.
//!
//! A row is reported under the first rule that it breaks: its shape (`total`, `ragged`), its fields in the
//! contract's order, its place at that day, the contract's rules in their order, and last whether an accepted row
//! before it is the same.

mod cells;
mod columns;
mod quarantine;
mod reason;
mod rules;
mod table;

use std::{
    collections::{BTreeMap, HashMap},
    path::PathBuf,
    sync::Arc,
};

use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use contract::{
    Period,
    dataset::{DatasetContract, DatasetKind},
    portal::PlaceSource,
};

pub use quarantine::Rejected;

use crate::{
    ingest::{self, IngestError, Notes},
    places::Register,
    work::{Spill, WorkError, WorkFolder},
};

/// The largest share of a file's rows that may be rejected. A slip of the keyboard spoils single rows, and real
/// exports lose a few in a hundred; where most rows fail, a unit, a header or the file itself is not what the contract
/// says, and the rest would be published as if it were all.
const MOST_REJECTED: f64 = 0.5;

/// Columns that the engine adds to every row: ancestors of its place, periods of its date, and the end of
/// the reference month.
pub const ADDED: [&str; 8] = [
    "city",
    "district",
    "street",
    "community_code",
    "month",
    "quarter",
    "year",
    "reference_end",
];

/// Why validation cannot go on (as opposed to why a row is rejected).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ValidateError {
    /// A file cannot be read.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// A rule of the contract is not sound SQL.
    #[error("rule {rule:?} of dataset {dataset:?}: {message}")]
    Rule {
        /// The dataset.
        dataset: String,
        /// The rule.
        rule: String,
        /// What is wrong.
        message: String,
    },
    /// Arrow refused a batch.
    #[error("dataset {0:?}: {1}")]
    Arrow(String, arrow::error::ArrowError),
    /// The work folder cannot be used.
    #[error(transparent)]
    Work(#[from] WorkError),
    /// The quarantine file cannot be written.
    #[error("the quarantine file cannot be written: {0}")]
    Quarantine(String),
}

/// One file's reconciliation.
#[derive(Clone, Debug, Default)]
pub struct FileCounts {
    /// The file.
    pub file: PathBuf,
    /// Detected encoding, or format.
    pub encoding: &'static str,
    /// Rows read.
    pub read: u64,
    /// Rows accepted.
    pub accepted: u64,
    /// Rows rejected.
    pub rejected: u64,
    /// Headers that the contract does not know; they are not read.
    pub unknown_columns: Vec<String>,
    /// Titles of declared columns that the file lacks and may lack, each with the header that comes nearest.
    pub absent_columns: Vec<(String, Option<String>)>,
    /// What else is worth knowing.
    pub notes: Notes,
}

/// Rows that met their contract. Still raw: they hold names.
#[derive(Debug)]
pub struct Valid {
    pub(crate) rows: Spill,
    /// Columns that no file has: what needs them is not collected.
    pub absent: Vec<String>,
    /// The files.
    pub files: Vec<FileCounts>,
    /// Files that cannot be read, or not to their end: the dataset is not fit to publish.
    pub refused: Vec<IngestError>,
    /// Rejected rows by rule.
    pub rejected_by_rule: BTreeMap<String, u64>,
    /// The first rejected rows of each rule, in the order of the files, masked.
    pub examples: Vec<Rejected>,
    /// Where the rejected rows are kept.
    pub quarantine: Option<PathBuf>,
}

/// Where a validation works.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// Keeps quarantine and work files.
    pub work: &'a WorkFolder,
    /// Is told how far a file has been read.
    pub progress: &'a (dyn Fn(&str) + Sync),
    /// What the register of places is made from: columns of an export that are read there.
    pub places: &'a PlaceSource,
}

/// Those of [`ADDED`] that a dataset's rows get: a table is not located or dated, and has its own columns of such
/// names.
pub(crate) fn added(contract: &DatasetContract) -> &'static [&'static str] {
    match contract.kind {
        DatasetKind::Indicators => &ADDED,
        DatasetKind::Table => &["reference_end"],
    }
}

/// The columns of a validated row and their types: the contract's and [`added`].
pub(crate) fn schema(contract: &DatasetContract) -> SchemaRef {
    let columns = contract.columns.iter();
    let mut fields: Vec<Field> = columns
        .map(|c| Field::new(&c.name, cells::held(c.kind), true))
        .collect();
    fields.extend(added(contract).iter().map(|&name| match name {
        "reference_end" => Field::new(name, DataType::Timestamp(TimeUnit::Second, None), true),
        _ => Field::new(name, DataType::Utf8, true),
    }));
    Arc::new(Schema::new(fields))
}

/// Validates every file of a dataset.
///
/// # Errors
/// When there is no file, a rule of the contract is not sound, or the work folder fails. A bad row is no error: it
/// is rejected; a bad file is named in [`Valid::refused`].
pub fn validate(
    contract: &DatasetContract,
    register: &Register,
    raw: &[PathBuf],
    reference: Period,
    surroundings: Surroundings<'_>,
) -> Result<Valid, ValidateError> {
    let schema = schema(contract);
    let unique = contract.columns.iter().enumerate();
    let unique = unique.filter(|(_, c)| c.unique).map(|(at, _)| vec![at]);
    let position = |name: &String| contract.columns.iter().position(|c| &c.name == name);
    let together = contract.unique_together.iter();
    let together = together.map(|names| names.iter().filter_map(position).collect());
    let mut validator = table::Validator {
        contract,
        register,
        expected: columns::expected(contract),
        rules: rules::Rules::plan(contract, &schema)?,
        end: table::end_of(reference),
        spill: surroundings.work.spill(&schema)?,
        quarantine: quarantine::Quarantine::new(surroundings.work, &contract.id)?,
        schema,
        unique: unique.chain(together).collect(),
        seen: HashMap::new(),
        present: vec![false; contract.columns.len()],
        progress: surroundings.progress,
        places: surroundings.places,
    };
    let (mut files, mut refused) = (Vec::new(), Vec::new());
    for file in ingest::matching(raw, &contract.files)? {
        let mut counts = FileCounts {
            file: file.clone(),
            ..FileCounts::default()
        };
        let before = validator.quarantine.by_rule.clone();
        match validator.file(&file, &mut counts) {
            Ok(()) => {
                let by_rule = validator.quarantine.since(&before);
                refused.extend(too_little(&counts, by_rule));
            }
            Err(ValidateError::Ingest(error)) => refused.push(error),
            Err(other) => return Err(other),
        }
        files.push(counts);
    }
    let quarantine = validator.quarantine.finish()?;
    let absent = contract.columns.iter().zip(&validator.present);
    Ok(Valid {
        absent: absent
            .filter(|(_, present)| !**present)
            .map(|(column, _)| column.name.clone())
            .collect(),
        files,
        refused,
        rejected_by_rule: std::mem::take(&mut validator.quarantine.by_rule),
        examples: std::mem::take(&mut validator.quarantine.examples),
        quarantine,
        rows: validator.spill.finish()?,
    })
}

/// Why a file that was read to its end gives too little to publish, if it does.
fn too_little(counts: &FileCounts, by_rule: Vec<(&str, u64)>) -> Option<IngestError> {
    let file = counts.file.clone();
    if counts.read == 0 {
        return Some(IngestError::NoRows { file });
    }
    // Totals are no data, and what a repetition says is accepted already: neither is a loss.
    let repeated = |rule: &str| rule == reason::Flaw::Duplicate.rule();
    let lost = |rule: &str| !repeated(rule) && rule != reason::Flaw::Total.rule();
    let rejected: u64 = by_rule
        .iter()
        .filter(|(r, _)| lost(r))
        .map(|(_, n)| n)
        .sum();
    let rows = counts.accepted + rejected;
    if rows == 0 && !by_rule.iter().any(|(rule, _)| repeated(rule)) {
        return Some(IngestError::NoRows { file });
    }
    if rejected as f64 <= rows as f64 * MOST_REJECTED {
        return None;
    }
    let rules: Vec<String> = by_rule
        .iter()
        .filter(|(rule, _)| lost(rule))
        .map(|(rule, count)| format!("{rule} {count}"))
        .collect();
    Some(IngestError::MostlyRejected {
        file,
        rejected,
        rows,
        rules: rules.join(", "),
    })
}
