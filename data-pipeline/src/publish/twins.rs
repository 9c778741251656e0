//! The same rows for people and scripts: CSV and JSON.

use std::collections::BTreeMap;

use arrow::{
    array::{Array, AsArray, RecordBatch},
    compute::cast,
    datatypes::{DataType, Float64Type, Int64Type},
};
use contract::{
    Localised,
    indicator::Indicator,
    snapshot::{INDICATOR_COLUMNS, SNAPSHOT_FORMAT},
};

use super::{PublishError, rows::Row};

/// UTF-8 with this mark: spreadsheets then show Chinese.
const BOM: &str = "\u{feff}";

/// Indicator rows as CSV, with names and units beside the codes.
pub(super) fn indicator_csv(
    rows: &[Row<'_>],
    indicators: &[Indicator],
    names: &BTreeMap<&str, &Localised>,
) -> Result<Vec<u8>, PublishError> {
    let mut writer = csv::Writer::from_writer(BOM.as_bytes().to_vec());
    writer.write_record(INDICATOR_COLUMNS.iter().copied().chain([
        "unit",
        "indicator_zh",
        "indicator_en",
        "place_zh",
        "place_en",
    ]))?;
    let number = |v: Option<f64>| v.map(|v| v.to_string()).unwrap_or_default();
    let whole = |v: Option<i64>| v.map(|v| v.to_string()).unwrap_or_default();
    for row in rows {
        let (state, cell) = (row.state, row.cell);
        let indicator = indicators.iter().find(|i| i.id == state.indicator);
        let place = names.get(cell.place.as_str());
        writer.write_record([
            state.indicator.as_str(),
            state.level.name(),
            state.granularity.name(),
            &spreadsheet_safe(&cell.place),
            &cell.period.to_string(),
            &spreadsheet_safe(&cell.class),
            &number(cell.value),
            &whole(cell.numerator),
            &whole(cell.denominator),
            &number(cell.interval.map(|i| i.0)),
            &number(cell.interval.map(|i| i.1)),
            &number(cell.feasible.map(|i| i.0)),
            &number(cell.feasible.map(|i| i.1)),
            cell.status.name(),
            row.revision.name(),
            indicator.map_or("", |i| i.unit.name()),
            &spreadsheet_safe(indicator.map_or("", |i| &i.title.zh)),
            &spreadsheet_safe(indicator.map_or("", |i| &i.title.en)),
            &spreadsheet_safe(place.map_or("", |p| &p.zh)),
            &spreadsheet_safe(place.map_or("", |p| &p.en)),
        ])?;
    }
    ended(writer)
}

fn ended(writer: csv::Writer<Vec<u8>>) -> Result<Vec<u8>, PublishError> {
    writer
        .into_inner()
        .map_err(|e| PublishError::Folder(e.into_error()))
}

/// A text that a spreadsheet would take for a formula is marked as text.
fn spreadsheet_safe(text: &str) -> String {
    let formula = text
        .trim_start_matches(' ')
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    if formula {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// Indicator rows as JSON: `{ format, columns, rows }`.
pub(super) fn indicator_json(rows: &[Row<'_>]) -> Result<Vec<u8>, PublishError> {
    let rows = rows.iter().map(|row| {
        let (state, c) = (row.state, row.cell);
        serde_json::json!([
            state.indicator,
            state.level,
            state.granularity,
            c.place,
            c.period,
            c.class,
            c.value,
            c.numerator,
            c.denominator,
            c.interval.map(|i| i.0),
            c.interval.map(|i| i.1),
            c.feasible.map(|i| i.0),
            c.feasible.map(|i| i.1),
            c.status,
            row.revision
        ])
    });
    json_rows(&INDICATOR_COLUMNS, rows.collect())
}

fn json_rows(columns: &[&str], rows: Vec<serde_json::Value>) -> Result<Vec<u8>, PublishError> {
    let value = serde_json::json!({ "format": SNAPSHOT_FORMAT, "columns": columns, "rows": rows });
    serde_json::to_vec(&value).map_err(|e| PublishError::Json("rows".to_owned(), e))
}

/// Any table as CSV and as JSON: integers and floats as numbers, the rest as text.
pub(super) fn table_twins(batch: &RecordBatch) -> Result<(Vec<u8>, Vec<u8>), PublishError> {
    let schema = batch.schema();
    let names: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
    let mut columns: Vec<Vec<serde_json::Value>> = Vec::new();
    for column in batch.columns() {
        let valid = |row: usize| column.is_valid(row);
        let rows = 0..batch.num_rows();
        let values = match column.data_type() {
            kind if kind.is_integer() => {
                let column = cast(column, &DataType::Int64)?;
                let column = column.as_primitive::<Int64Type>();
                rows.map(|row| valid(row).then(|| column.value(row)).into())
                    .collect()
            }
            kind if kind.is_floating() => {
                let column = cast(column, &DataType::Float64)?;
                let column = column.as_primitive::<Float64Type>();
                rows.map(|row| valid(row).then(|| column.value(row)).into())
                    .collect()
            }
            _ => {
                let column = cast(column, &DataType::Utf8)?;
                let column = column.as_string::<i32>();
                rows.map(|row| valid(row).then(|| column.value(row)).into())
                    .collect()
            }
        };
        columns.push(values);
    }
    let mut writer = csv::Writer::from_writer(BOM.as_bytes().to_vec());
    writer.write_record(&names)?;
    let mut rows = Vec::new();
    for row in 0..batch.num_rows() {
        let values: Vec<serde_json::Value> = columns.iter().map(|c| c[row].clone()).collect();
        writer.write_record(values.iter().map(|value| match value {
            serde_json::Value::Null => String::new(),
            serde_json::Value::String(text) => spreadsheet_safe(text),
            number => number.to_string(),
        }))?;
        rows.push(values.into());
    }
    Ok((ended(writer)?, json_rows(&names, rows)?))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::{
        array::{ArrayRef, Float64Array, Int64Array, StringArray},
        record_batch::RecordBatch,
    };

    use super::table_twins;

    #[test]
    fn text_that_looks_like_a_formula_is_marked_and_numbers_are_not() {
        let texts = ["=1+1", "  @x", "-", "\tx", "和平社区", "a,\"b\""];
        let columns: [(&str, ArrayRef); 3] = [
            ("text", Arc::new(StringArray::from(texts.to_vec()))),
            (
                "whole",
                Arc::new(Int64Array::from(vec![
                    Some(-1),
                    None,
                    Some(3),
                    Some(4),
                    Some(5),
                    Some(6),
                ])),
            ),
            ("real", Arc::new(Float64Array::from(vec![-0.5; 6]))),
        ];
        let batch = RecordBatch::try_from_iter(columns).expect("a batch");
        let (csv, json) = table_twins(&batch).expect("twins");
        let csv = String::from_utf8(csv).expect("UTF-8");
        assert_eq!(
            csv,
            "\u{feff}text,whole,real\n'=1+1,-1,-0.5\n'  @x,,-0.5\n'-,3,-0.5\n'\tx,4,-0.5\n和平社区,5,-0.5\n\"a,\"\"b\"\"\",6,-0.5\n"
        );
        let json: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
        assert_eq!(
            json["rows"][1],
            serde_json::json!(["  @x", null, -0.5]),
            "JSON holds the text itself"
        );
    }
}
