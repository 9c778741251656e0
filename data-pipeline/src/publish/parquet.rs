//! Tables as Parquet whose bytes depend on the rows alone.

use std::{ops::Range, sync::Arc};

use arrow::{
    array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray},
    datatypes::{DataType, Field, Schema},
    error::ArrowError,
};
use contract::{indicator::Indicator, snapshot::INDICATOR_COLUMNS};
use parquet::{
    arrow::ArrowWriter,
    basic::Compression,
    errors::ParquetError,
    file::metadata::KeyValue,
    file::properties::{EnabledStatistics, WriterProperties, WriterVersion},
};

use super::{
    rows::Row,
    twins::{Context, described},
};
use crate::aggregate::Cell;

/// Rows of a row group at most: a reader of one indicator reads little more than it.
const ROW_GROUP_ROWS: usize = 8192;
/// Rows of a page at most, for readers that use the page index.
const PAGE_ROWS: usize = 1024;

/// Columns that rows are sorted by and readers filter by; only their least and greatest values are written,
/// because those of other columns help nobody and cost bytes that every reader fetches first.
const SORTED: [&str; 6] = [
    "indicator",
    "level",
    "granularity",
    "place",
    "period",
    "class",
];

/// Indicator rows as Arrow, in the order of [`INDICATOR_COLUMNS`].
fn indicator_batch(rows: &[Row<'_>]) -> Result<RecordBatch, ArrowError> {
    let text = |f: &dyn Fn(&Row<'_>) -> String| {
        Arc::new(StringArray::from_iter_values(rows.iter().map(f))) as ArrayRef
    };
    let float = |f: &dyn Fn(&Cell) -> Option<f64>| {
        Arc::new(rows.iter().map(|row| f(row.cell)).collect::<Float64Array>()) as ArrayRef
    };
    let integer = |f: &dyn Fn(&Cell) -> Option<i64>| {
        Arc::new(rows.iter().map(|row| f(row.cell)).collect::<Int64Array>()) as ArrayRef
    };
    let columns: Vec<ArrayRef> = vec![
        text(&|r| r.state.indicator.clone()),
        text(&|r| r.state.level.name().to_owned()),
        text(&|r| r.state.granularity.name().to_owned()),
        text(&|r| r.cell.place.clone()),
        text(&|r| r.cell.period.to_string()),
        text(&|r| r.cell.class.clone()),
        float(&|c| c.value),
        integer(&|c| c.numerator),
        integer(&|c| c.denominator),
        float(&|c| c.interval.map(|i| i.0)),
        float(&|c| c.interval.map(|i| i.1)),
        float(&|c| c.feasible.map(|i| i.0)),
        float(&|c| c.feasible.map(|i| i.1)),
        text(&|r| r.cell.status.name().to_owned()),
        text(&|r| r.revision.name().to_owned()),
    ];
    let fields: Vec<Field> = INDICATOR_COLUMNS
        .iter()
        .zip(&columns)
        .map(|(name, column)| {
            let nullable = !matches!(column.data_type(), DataType::Utf8);
            Field::new(*name, column.data_type().clone(), nullable)
        })
        .collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
}

/// Indicator rows as Parquet: no row group holds the end of one indicator and the beginning of the next
/// unless both are short.
pub(super) fn indicator_bytes(
    rows: &[Row<'_>],
    indicators: &[Indicator],
    context: &Context<'_>,
) -> Result<Vec<u8>, ParquetError> {
    let batch = indicator_batch(rows).map_err(|e| ParquetError::ArrowError(e.to_string()))?;
    let mut groups: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    for run in rows.chunk_by(|a, b| a.state.indicator == b.state.indicator) {
        let end = start + run.len();
        match groups.last_mut() {
            Some(last) if last.len() + run.len() <= ROW_GROUP_ROWS => last.end = end,
            _ => groups.push(start..end),
        }
        start = end;
    }
    write(&batch, &groups, context, Some(described(indicators)))
}

/// Any table as Parquet.
pub(super) fn bytes(batch: &RecordBatch, context: &Context<'_>) -> Result<Vec<u8>, ParquetError> {
    let rows = 0..batch.num_rows();
    write(batch, std::slice::from_ref(&rows), context, None)
}

fn write(
    batch: &RecordBatch,
    groups: &[Range<usize>],
    context: &Context<'_>,
    described: Option<serde_json::Value>,
) -> Result<Vec<u8>, ParquetError> {
    let mut about = context.about();
    if let Some(described) = described {
        about["indicators"] = described;
    }
    // Text as it is, anything else as JSON, under the names that the JSON file uses.
    let about = about
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| {
            let text = value.as_str().map(str::to_owned);
            KeyValue::new(name.clone(), text.unwrap_or_else(|| value.to_string()))
        });
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by("mingshi".to_owned())
        .set_writer_version(WriterVersion::PARQUET_1_0)
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_key_value_metadata(Some(about.collect()));
    let indicators = batch.schema().field(0).name() == INDICATOR_COLUMNS[0];
    for name in INDICATOR_COLUMNS
        .iter()
        .filter(|name| !SORTED.contains(name))
    {
        if indicators {
            let column = (*name).into();
            properties = properties.set_column_statistics_enabled(column, EnabledStatistics::None);
        }
    }
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties.build()))?;
    for group in groups {
        writer.write(&batch.slice(group.start, group.len()))?;
        writer.flush()?;
    }
    writer.close()?;
    Ok(bytes)
}
