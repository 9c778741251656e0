//! Raw rows to typed, checked rows. Every rejected row is kept with its rule and reason:
//! read = accepted + rejected, for every file.

use std::{
    collections::{BTreeMap, HashSet},
    path::{Path, PathBuf},
    sync::Arc,
};

use arrow::{
    array::{
        Array, ArrayRef, BooleanArray, BooleanBuilder, Int64Builder, RecordBatch, StringBuilder,
        TimestampSecondBuilder,
    },
    compute::filter_record_batch,
    datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit},
};
use chrono::{Datelike, NaiveDateTime};
use contract::{
    Granularity, Level, Period,
    dataset::{Category, Column, ColumnType, DatasetContract},
};
use datafusion::{datasource::MemTable, prelude::SessionContext};
use sha2::{Digest, Sha256};

use crate::{
    ingest::{self, IngestError},
    places::Register,
    values,
};

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
}

/// One rejected row. The row itself stands in the quarantine file only.
#[derive(Clone, Debug)]
pub struct Rejected {
    /// The file.
    pub file: PathBuf,
    /// The line in it.
    pub line: u64,
    /// The rule: `type`, `required`, `domain`, `range`, `place`, `unique`, `ragged`, or a rule of the contract.
    pub rule: String,
    /// The column, for rules about one column.
    pub column: String,
    /// What is wrong and what to do, without the value.
    pub reason: String,
    /// The row as read, for the quarantine file.
    pub fields: Vec<String>,
}

/// One file's reconciliation.
#[derive(Clone, Debug)]
pub struct FileCounts {
    /// The file.
    pub file: PathBuf,
    /// Detected encoding.
    pub encoding: &'static str,
    /// Rows read.
    pub read: u64,
    /// Rows accepted.
    pub accepted: u64,
    /// Rows rejected.
    pub rejected: u64,
    /// Headers that the contract does not know; they are not read.
    pub unknown_columns: Vec<String>,
}

/// Rows that met their contract. Still raw: they hold names.
#[derive(Debug)]
pub struct Valid {
    pub(crate) schema: SchemaRef,
    pub(crate) batches: Vec<RecordBatch>,
    /// Columns that no file has: what needs them is not collected.
    pub absent: Vec<String>,
    /// The files.
    pub files: Vec<FileCounts>,
    /// The rejected rows, in the order of the files.
    pub rejected: Vec<Rejected>,
}

impl Valid {
    /// Rejected rows by rule.
    pub fn rejected_by_rule(&self) -> BTreeMap<&str, u64> {
        self.rejected
            .iter()
            .fold(BTreeMap::new(), |mut counts, row| {
                *counts.entry(row.rule.as_str()).or_default() += 1;
                counts
            })
    }
}

/// The type in which a column is held.
fn held(kind: ColumnType) -> DataType {
    match kind {
        ColumnType::Text | ColumnType::Category | ColumnType::CategoryList | ColumnType::Place => {
            DataType::Utf8
        }
        ColumnType::Integer | ColumnType::Money | ColumnType::Area => DataType::Int64,
        ColumnType::Date | ColumnType::Datetime => DataType::Timestamp(TimeUnit::Second, None),
        ColumnType::Boolean => DataType::Boolean,
        // Refused when the contract is read.
        ColumnType::Decimal => DataType::Float64,
    }
}

enum Builder {
    Text(StringBuilder),
    Integer(Int64Builder),
    Moment(TimestampSecondBuilder),
    Boolean(BooleanBuilder),
}

impl Builder {
    fn new(kind: &DataType) -> Self {
        match kind {
            DataType::Int64 => Self::Integer(Int64Builder::new()),
            DataType::Boolean => Self::Boolean(BooleanBuilder::new()),
            DataType::Timestamp(..) => Self::Moment(TimestampSecondBuilder::new()),
            _ => Self::Text(StringBuilder::new()),
        }
    }

    fn push(&mut self, cell: &Cell) {
        match (self, cell) {
            (Self::Text(b), Cell::Text(v)) => b.append_value(v),
            (Self::Text(b), _) => b.append_null(),
            (Self::Integer(b), Cell::Integer(v)) => b.append_value(*v),
            (Self::Integer(b), _) => b.append_null(),
            (Self::Moment(b), Cell::Moment(v)) => b.append_value(v.and_utc().timestamp()),
            (Self::Moment(b), _) => b.append_null(),
            (Self::Boolean(b), Cell::Boolean(v)) => b.append_value(*v),
            (Self::Boolean(b), _) => b.append_null(),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(b) => Arc::new(b.finish()),
            Self::Integer(b) => Arc::new(b.finish()),
            Self::Moment(b) => Arc::new(b.finish()),
            Self::Boolean(b) => Arc::new(b.finish()),
        }
    }
}

#[derive(Clone, Debug)]
enum Cell {
    Null,
    Text(String),
    Integer(i64),
    Moment(NaiveDateTime),
    Boolean(bool),
}

fn category(column: &Column, text: &str) -> Option<String> {
    let means = |value: &&Category| {
        value.code == text
            || value.title.zh == text
            || value.title.en == text
            || value
                .aliases
                .iter()
                .any(|alias| values::glob(&values::normalise(alias), text))
    };
    column
        .values
        .iter()
        .find(means)
        .map(|value| value.code.clone())
        .or_else(|| column.otherwise.clone())
}

/// Reads one field; the error is a rule and a reason that does not hold the value.
fn read_cell(
    column: &Column,
    register: &Register,
    text: &str,
) -> Result<Cell, (&'static str, &'static str)> {
    let text = values::normalise(text);
    let text = text.trim();
    if text.is_empty() || column.nulls.iter().any(|null| null == text) {
        return if column.required {
            Err(("required", "the value is missing: fill it in"))
        } else {
            Ok(Cell::Null)
        };
    }
    let number = |scale: i64| {
        let value = values::scaled(text, scale)
            .ok_or(("type", "not a number of this unit: write digits only"))?;
        let inside =
            column.min.is_none_or(|min| value >= min) && column.max.is_none_or(|max| value <= max);
        if inside {
            Ok(Cell::Integer(value))
        } else {
            Err(("range", "outside the accepted range: check the unit"))
        }
    };
    match column.kind {
        ColumnType::Text => Ok(Cell::Text(text.to_owned())),
        ColumnType::Integer => number(1),
        ColumnType::Money => number(match column.unit.as_deref() {
            Some("fen") => 1,
            Some("thousand_yuan") => 100_000,
            Some("ten_thousand_yuan") => 1_000_000,
            _ => 100,
        }),
        ColumnType::Area => number(100),
        ColumnType::Date | ColumnType::Datetime => {
            values::datetime(text).map(Cell::Moment).ok_or((
                "type",
                "not a date: write 2020-03-05 or 2020-03-05 14:30:00",
            ))
        }
        ColumnType::Decimal => Err(("type", "decimal columns are not read yet")),
        ColumnType::Boolean => values::boolean(text)
            .map(Cell::Boolean)
            .ok_or(("type", "write 是 or 否")),
        ColumnType::Category => category(column, text)
            .map(Cell::Text)
            .ok_or(("domain", "not a declared value")),
        ColumnType::CategoryList => {
            let parts = text
                .split(['、', ';', ',', '|'])
                .map(str::trim)
                .filter(|part| !part.is_empty());
            let codes: Option<Vec<String>> = parts.map(|part| category(column, part)).collect();
            codes
                .map(|codes| Cell::Text(codes.join("|")))
                .ok_or(("domain", "holds a value that is not declared"))
        }
        ColumnType::Place => {
            let code = register
                .resolve(text)
                .map(|code| Cell::Text(code.to_owned()));
            code.ok_or(("place", "no place of the register has this code or name"))
        }
    }
}

/// Validates every file of a dataset.
///
/// # Errors
/// When a file cannot be read, a needed column is missing, or a rule of the contract is not sound. A bad
/// row is no error: it is rejected.
pub async fn validate(
    contract: &DatasetContract,
    register: &Register,
    raw: &[PathBuf],
    reference: Period,
) -> Result<Valid, ValidateError> {
    let mut fields: Vec<Field> = contract
        .columns
        .iter()
        .map(|c| Field::new(&c.name, held(c.kind), true))
        .collect();
    fields.extend(ADDED.map(|name| match name {
        "reference_end" => Field::new(name, DataType::Timestamp(TimeUnit::Second, None), true),
        _ => Field::new(name, DataType::Utf8, true),
    }));
    let schema = Arc::new(Schema::new(fields));
    let mut valid = Valid {
        schema: schema.clone(),
        batches: Vec::new(),
        absent: Vec::new(),
        files: Vec::new(),
        rejected: Vec::new(),
    };
    let mut seen: HashSet<[u8; 16]> = HashSet::new();
    let mut present: HashSet<usize> = HashSet::new();
    for file in ingest::matching(raw, &contract.files)? {
        let read = read_file(
            contract,
            register,
            &file,
            reference,
            &schema,
            &mut seen,
            &mut present,
        )?;
        let (batch, lines, raw_rows, mut rejected, mut counts) = read;
        let (batch, broken) = apply_rules(contract, &file, batch, &lines, &raw_rows).await?;
        rejected.extend(broken);
        rejected.sort_by_key(|row| row.line);
        counts.accepted = batch.num_rows() as u64;
        counts.rejected = rejected.len() as u64;
        valid.batches.push(batch);
        valid.files.push(counts);
        valid.rejected.extend(rejected);
    }
    valid.absent = (0..contract.columns.len())
        .filter(|at| !present.contains(at))
        .map(|at| contract.columns[at].name.clone())
        .collect();
    Ok(valid)
}

type FileRows = (
    RecordBatch,
    Vec<u64>,
    Vec<Vec<String>>,
    Vec<Rejected>,
    FileCounts,
);

fn read_file(
    contract: &DatasetContract,
    register: &Register,
    file: &Path,
    reference: Period,
    schema: &SchemaRef,
    seen: &mut HashSet<[u8; 16]>,
    present: &mut HashSet<usize>,
) -> Result<FileRows, ValidateError> {
    let mut rows = ingest::open(file)?;
    let headers = rows.headers().to_vec();
    let mut sources: Vec<Option<usize>> = Vec::new();
    for (at, column) in contract.columns.iter().enumerate() {
        let named = |header: &String| {
            header == &column.name
                || header == &column.title.zh
                || column
                    .source_names
                    .iter()
                    .any(|n| &values::normalise(n) == header)
        };
        let source = headers.iter().position(named);
        if source.is_some() {
            present.insert(at);
        } else if !column.may_be_absent {
            let (file, column) = (file.to_owned(), column.title.zh.clone());
            return Err(IngestError::MissingColumn {
                file,
                column,
                found: headers.join(", "),
            }
            .into());
        }
        sources.push(source);
    }
    let unknown_columns = (0..headers.len())
        .filter(|at| !sources.contains(&Some(*at)))
        .map(|at| headers[at].clone())
        .collect();
    let mut counts = FileCounts {
        file: file.to_owned(),
        encoding: rows.encoding(),
        read: 0,
        accepted: 0,
        rejected: 0,
        unknown_columns,
    };
    let mut builders: Vec<Builder> = schema
        .fields()
        .iter()
        .map(|f| Builder::new(f.data_type()))
        .collect();
    let (mut lines, mut raw_rows, mut rejected) = (Vec::new(), Vec::new(), Vec::new());
    let end = reference.last_month().shifted(1);
    let end = chrono::NaiveDate::from_ymd_opt(end.year(), end.month(), 1)
        .unwrap_or_default()
        .and_hms_opt(0, 0, 0)
        .unwrap_or_default();
    while let Some(row) = rows.next_row()? {
        if row.fields.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        counts.read += 1;
        let mut reject = |rule: &str, column: &str, reason: &str| {
            rejected.push(Rejected {
                file: file.to_owned(),
                line: row.line,
                rule: rule.to_owned(),
                column: column.to_owned(),
                reason: reason.to_owned(),
                fields: row.fields.clone(),
            });
        };
        if row.fields.len() != headers.len() {
            reject(
                "ragged",
                "",
                "the row has more or fewer fields than the header: check quotes and commas",
            );
            continue;
        }
        let mut cells = Vec::with_capacity(builders.len());
        let mut problem = None;
        for (column, source) in contract.columns.iter().zip(&sources) {
            match source.map_or(Ok(Cell::Null), |at| {
                read_cell(column, register, &row.fields[at])
            }) {
                Ok(cell) => cells.push(cell),
                Err((rule, reason)) => {
                    problem = Some((rule, column.name.as_str(), reason));
                    break;
                }
            }
        }
        if problem.is_none() {
            for (column, cell) in contract.columns.iter().zip(&cells) {
                let Cell::Text(text) = cell else { continue };
                if column.unique && !seen.insert(fingerprint(&column.name, text)) {
                    problem = Some((
                        "unique",
                        column.name.as_str(),
                        "another row has this value: remove one of them",
                    ));
                }
            }
        }
        if let Some((rule, column, reason)) = problem {
            reject(rule, column, reason);
            continue;
        }
        add_columns(contract, register, &mut cells, end);
        builders
            .iter_mut()
            .zip(&cells)
            .for_each(|(builder, cell)| builder.push(cell));
        lines.push(row.line);
        raw_rows.push(row.fields);
    }
    let columns = builders.iter_mut().map(Builder::finish).collect();
    let batch = RecordBatch::try_new(schema.clone(), columns)
        .map_err(|e| ValidateError::Arrow(contract.id.clone(), e))?;
    Ok((batch, lines, raw_rows, rejected, counts))
}

fn fingerprint(column: &str, text: &str) -> [u8; 16] {
    let digest = Sha256::new()
        .chain_update(column)
        .chain_update([0])
        .chain_update(text)
        .finalize();
    let mut short = [0; 16];
    short.copy_from_slice(&digest[..16]);
    short
}

/// Appends the cells of [`ADDED`].
fn add_columns(
    contract: &DatasetContract,
    register: &Register,
    cells: &mut Vec<Cell>,
    end: NaiveDateTime,
) {
    let cell = |name: &str| {
        contract
            .columns
            .iter()
            .position(|c| c.name == name)
            .map(|at| cells[at].clone())
    };
    let place = cell(&contract.place);
    let date = cell(&contract.period);
    for level in Level::ALL {
        let code = match &place {
            Some(Cell::Text(code)) => register
                .ancestor(code, *level)
                .map(|c| Cell::Text(c.to_owned())),
            _ => None,
        };
        cells.push(code.unwrap_or(Cell::Null));
    }
    for granularity in [Granularity::Month, Granularity::Quarter, Granularity::Year] {
        cells.push(match &date {
            Some(Cell::Moment(at)) => {
                Cell::Text(Period::containing(at.year(), at.month(), granularity).to_string())
            }
            _ => Cell::Null,
        });
    }
    cells.push(Cell::Moment(end));
}

async fn apply_rules(
    contract: &DatasetContract,
    file: &Path,
    batch: RecordBatch,
    lines: &[u64],
    raw_rows: &[Vec<String>],
) -> Result<(RecordBatch, Vec<Rejected>), ValidateError> {
    let mut good = vec![true; batch.num_rows()];
    let mut rejected = Vec::new();
    for rule in &contract.rules {
        let failed = |message: String| ValidateError::Rule {
            dataset: contract.id.clone(),
            rule: rule.id.clone(),
            message,
        };
        let context = SessionContext::new_with_config(
            datafusion::prelude::SessionConfig::new().with_target_partitions(1),
        );
        let table = MemTable::try_new(batch.schema(), vec![vec![batch.clone()]])
            .map_err(|e| failed(e.to_string()))?;
        context
            .register_table("rows", Arc::new(table))
            .map_err(|e| failed(e.to_string()))?;
        // The frame keeps the order of the single partition, so results line up with the rows.
        let sql = format!("SELECT ({}) IS NOT FALSE AS good FROM rows", rule.sql);
        let frame = context.sql(&sql).await.map_err(|e| failed(e.to_string()))?;
        let mut at = 0;
        for result in frame.collect().await.map_err(|e| failed(e.to_string()))? {
            let Some(column) = result.column(0).as_any().downcast_ref::<BooleanArray>() else {
                return Err(failed("the rule must be true or false".to_owned()));
            };
            for row in 0..column.len() {
                if !column.value(row) && good[at] {
                    good[at] = false;
                    rejected.push(Rejected {
                        file: file.to_owned(),
                        line: lines[at],
                        rule: rule.id.clone(),
                        column: String::new(),
                        reason: rule.message.en.clone(),
                        fields: raw_rows[at].clone(),
                    });
                }
                at += 1;
            }
        }
    }
    let mask = BooleanArray::from(good);
    let batch = filter_record_batch(&batch, &mask)
        .map_err(|e| ValidateError::Arrow(contract.id.clone(), e))?;
    Ok((batch, rejected))
}
