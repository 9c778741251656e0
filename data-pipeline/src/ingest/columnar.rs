//! Parquet: batch by batch, every value as text. The reader panics on some damaged files; a panic is an error here.

use std::{fs::File, path::Path};

use arrow::{
    array::{Array, RecordBatch, cast::AsArray},
    datatypes::{DataType, Float32Type, Float64Type},
    util::display::{ArrayFormatter, FormatOptions},
};
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use contract::Localised;

use super::{Header, IngestError, Row, Table, guard::guarded};
use crate::values::of_float;

/// Few, for rows may share one long text that each of them spells out.
const BATCH_ROWS: usize = 1024;
/// Largest column chunk when decoded.
const MAX_CHUNK_BYTES: i64 = 1 << 30;

/// A Parquet file that is being read.
pub(super) struct ColumnarRows {
    reader: ParquetRecordBatchReader,
    rows: std::vec::IntoIter<Vec<String>>,
    read: u64,
    total: u64,
}

fn damaged(file: &Path, zh: &str, en: &str) -> IngestError {
    IngestError::Damaged {
        file: file.into(),
        message: Localised::new(zh, en),
    }
}

pub(super) fn open(file: &Path, input: File) -> Result<(ColumnarRows, Table), IngestError> {
    // The library's messages may quote what it found: only that it failed is told.
    let broken = || {
        damaged(
            file,
            "Parquet 文件尾解不开",
            "the Parquet footer cannot be decoded",
        )
    };
    let builder = guarded(|| ParquetRecordBatchReaderBuilder::try_new(input))
        .map_err(|_| broken())?
        .map_err(|_| broken())?;
    for group in builder.metadata().row_groups() {
        if group
            .columns()
            .iter()
            .any(|c| c.uncompressed_size() > MAX_CHUNK_BYTES)
        {
            let most = MAX_CHUNK_BYTES >> 20;
            return Err(IngestError::TooLarge {
                file: file.into(),
                message: Localised::new(
                    format!("一个行组的一列超过 {most} MiB"),
                    format!("a column of a row group holds more than {most} MiB"),
                ),
            });
        }
    }
    let mut headers = Vec::new();
    for field in builder.schema().fields() {
        if let DataType::Timestamp(_, Some(_)) = field.data_type() {
            let column = Header::single(field.name()).shown();
            return Err(IngestError::NotReadable {
                file: file.into(),
                message: Localised::new(
                    format!("的列“{column}”是其他时区的时间：请按本市时间导出，不带时区"),
                    format!(
                        "holds moments of another time zone in column {column:?}: export them in the city's own time, without a zone"
                    ),
                ),
            });
        }
        headers.push(Header::single(field.name()));
    }
    let total = u64::try_from(builder.metadata().file_metadata().num_rows()).unwrap_or(0);
    let reader = guarded(|| builder.with_batch_size(BATCH_ROWS).build())
        .map_err(|_| broken())?
        .map_err(|_| broken())?;
    let table = Table {
        headers,
        ..Table::default()
    };
    let rows = ColumnarRows {
        reader,
        rows: Vec::new().into_iter(),
        read: 0,
        total,
    };
    Ok((rows, table))
}

impl ColumnarRows {
    pub(super) fn next_row(&mut self, file: &Path) -> Result<Option<Row>, IngestError> {
        loop {
            if let Some(fields) = self.rows.next() {
                self.read += 1;
                return Ok(Some(Row {
                    line: self.read,
                    fields,
                    broken: Vec::new(),
                }));
            }
            let broken = || {
                damaged(
                    file,
                    &format!("第 {} 行之后的 Parquet 数据解不开", self.read),
                    &format!("Parquet data after row {} cannot be decoded", self.read),
                )
            };
            let reader = &mut self.reader;
            let batch = guarded(|| reader.next().map(|batch| batch.map(|b| texts(&b))))
                .map_err(|_| broken())?;
            match batch {
                None if self.read == self.total => return Ok(None),
                None => return Err(broken()),
                Some(Ok(Ok(rows))) => self.rows = rows.into_iter(),
                Some(_) => return Err(broken()),
            }
        }
    }

    pub(super) fn progress(&self) -> f64 {
        self.read as f64 / self.total.max(1) as f64
    }
}

/// A batch as rows of text.
fn texts(batch: &RecordBatch) -> Result<Vec<Vec<String>>, arrow::error::ArrowError> {
    let mut rows = vec![Vec::with_capacity(batch.num_columns()); batch.num_rows()];
    for column in batch.columns() {
        match column.data_type() {
            DataType::Float64 => {
                let numbers = column.as_primitive::<Float64Type>();
                put(&mut rows, numbers, |row| of_float(numbers.value(row)));
            }
            DataType::Float32 => {
                let numbers = column.as_primitive::<Float32Type>();
                put(&mut rows, numbers, |row| numbers.value(row).to_string());
            }
            // Byte arrays without a declared meaning are text in files of older writers.
            DataType::Binary => {
                let bytes = column.as_binary::<i32>();
                put(&mut rows, bytes, |row| {
                    String::from_utf8_lossy(bytes.value(row)).into_owned()
                });
            }
            _ => {
                let options = FormatOptions::new().with_display_error(false);
                let formatter = ArrayFormatter::try_new(column, &options)?;
                for (row, fields) in rows.iter_mut().enumerate() {
                    fields.push(formatter.value(row).try_to_string()?);
                }
            }
        }
    }
    Ok(rows)
}

fn put(rows: &mut [Vec<String>], column: &dyn Array, text: impl Fn(usize) -> String) {
    for (row, fields) in rows.iter_mut().enumerate() {
        fields.push(if column.is_valid(row) {
            text(row)
        } else {
            String::new()
        });
    }
}
