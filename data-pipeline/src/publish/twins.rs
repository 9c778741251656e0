//! The same rows for people and scripts: CSV and JSON.

use std::collections::BTreeMap;

use arrow::{
    array::{Array, AsArray, RecordBatch},
    compute::cast,
    datatypes::{DataType, Float64Type, Int64Type},
};
use contract::{
    Localised, Period,
    indicator::Indicator,
    parts::{Parts, parts},
    snapshot::{INDICATOR_COLUMNS, SNAPSHOT_FORMAT},
};

use super::{PublishError, rows::Row};

/// Name of the mark of invented data.
const DEMONSTRATION: &str = "demonstration";

/// UTF-8 with this mark: spreadsheets then show Chinese.
const BOM: &str = "\u{feff}";

/// What every file says of itself beside its rows, so that a file alone still means something.
pub(super) struct Context<'a> {
    pub(super) names: &'a BTreeMap<&'a str, &'a Localised>,
    /// The data are invented.
    pub(super) demonstration: bool,
    /// Title of the portal.
    pub(super) title: &'a Localised,
    /// Who publishes.
    pub(super) publisher: &'a Localised,
    /// SPDX identifier or URL of the licence.
    pub(super) licence: &'a str,
    /// Last month that the data cover. Which revision of it a file belongs to, its hash tells: a snapshot is named when
    /// its files are known.
    pub(super) reference: Period,
}

/// Columns with which rows of a CSV file say where they come from.
const ORIGIN: [&str; 3] = ["source", "licence", DEMONSTRATION];

impl Context<'_> {
    /// The values of [`ORIGIN`].
    fn origin(&self) -> [String; 3] {
        let Localised { zh, en } = self.title;
        [
            spreadsheet_safe(&format!("{zh} / {en}, {}", self.reference)),
            spreadsheet_safe(self.licence),
            self.demonstration.to_string(),
        ]
    }

    /// What a file says of itself, as JSON.
    pub(super) fn about(&self) -> serde_json::Value {
        serde_json::json!({
            DEMONSTRATION: self.demonstration,
            "title": self.title,
            "publisher": self.publisher,
            "licence": self.licence,
            "reference": self.reference,
        })
    }
}

/// Of each indicator its title, and the units of values, numerators and denominators as held in the file.
pub(super) fn described(indicators: &[Indicator]) -> serde_json::Value {
    let described = indicators.iter().map(|it| {
        let [numerator, denominator] = held_units(indicators, it);
        let about = serde_json::json!({
            "title": it.title, "value": it.unit, "numerator": numerator, "denominator": denominator
        });
        (it.id.clone(), about)
    });
    serde_json::Value::Object(described.collect())
}

/// Units of what stands above and below the line, as held in the file; empty where the contracts do not tell.
fn held_units(indicators: &[Indicator], indicator: &Indicator) -> [String; 2] {
    let Parts {
        numerator,
        denominator,
        ..
    } = parts(indicators, indicator);
    [numerator, denominator].map(|side| side.map(|s| s.held_unit()).unwrap_or_default())
}

/// Indicator rows as CSV, with names and units beside the codes.
pub(super) fn indicator_csv(
    rows: &[Row<'_>],
    indicators: &[Indicator],
    context: &Context<'_>,
) -> Result<Vec<u8>, PublishError> {
    let units: BTreeMap<&str, [String; 2]> = indicators
        .iter()
        .map(|it| (it.id.as_str(), held_units(indicators, it)))
        .collect();
    let mut writer = csv::Writer::from_writer(BOM.as_bytes().to_vec());
    writer.write_record(
        INDICATOR_COLUMNS
            .iter()
            .copied()
            .chain([
                "unit",
                "indicator_zh",
                "indicator_en",
                "place_zh",
                "place_en",
                "numerator_unit",
                "denominator_unit",
            ])
            .chain(ORIGIN),
    )?;
    let origin = context.origin();
    let number = |v: Option<f64>| v.map(|v| v.to_string()).unwrap_or_default();
    let whole = |v: Option<i64>| v.map(|v| v.to_string()).unwrap_or_default();
    for row in rows {
        let (state, cell) = (row.state, row.cell);
        let indicator = indicators.iter().find(|i| i.id == state.indicator);
        let place = context.names.get(cell.place.as_str());
        let [above, below] = units
            .get(state.indicator.as_str())
            .map_or(["", ""], |units| units.each_ref().map(String::as_str));
        let values = [
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
            above,
            below,
        ];
        let values = values.into_iter().chain(origin.iter().map(String::as_str));
        writer.write_record(values)?;
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

/// Indicator rows as JSON: `{ format, demonstration, title, publisher, licence, reference, indicators, columns, rows }`,
/// with title and units by indicator.
pub(super) fn indicator_json(
    rows: &[Row<'_>],
    indicators: &[Indicator],
    context: &Context<'_>,
) -> Result<Vec<u8>, PublishError> {
    let described = described(indicators);
    let rows = rows.iter().map(|row| {
        let (state, c) = (row.state, row.cell);
        (
            &state.indicator,
            state.level,
            state.granularity,
            &c.place,
            c.period,
            &c.class,
            c.value,
            c.numerator,
            c.denominator,
            c.interval.map(|i| i.0),
            c.interval.map(|i| i.1),
            c.feasible.map(|i| i.0),
            c.feasible.map(|i| i.1),
            c.status,
            row.revision,
        )
    });
    json_rows(&INDICATOR_COLUMNS, rows, Some(&described), context)
}

/// Rows one after the other, so that no more of them is held than their text.
fn json_rows<T: serde::Serialize>(
    columns: &[&str],
    rows: impl Iterator<Item = T>,
    described: Option<&serde_json::Value>,
    context: &Context<'_>,
) -> Result<Vec<u8>, PublishError> {
    let failed = |e| PublishError::Json("rows".to_owned(), e);
    let mut head = context.about();
    head["format"] = SNAPSHOT_FORMAT.into();
    head["columns"] = columns.into();
    if let Some(described) = described {
        head["indicators"] = described.clone();
    }
    let mut bytes = serde_json::to_vec(&head).map_err(failed)?;
    bytes.pop();
    bytes.extend(b",\"rows\":[");
    for (at, row) in rows.enumerate() {
        if at > 0 {
            bytes.push(b',');
        }
        serde_json::to_writer(&mut bytes, &row).map_err(failed)?;
    }
    bytes.extend(b"]}");
    Ok(bytes)
}

/// The column of a table that holds codes of places.
const PLACE: &str = "place";

/// Any table as CSV and as JSON: integers and floats as numbers, the rest as text. In the CSV, names stand beside the
/// codes of places.
pub(super) fn table_twins(
    batch: &RecordBatch,
    context: &Context<'_>,
) -> Result<(Vec<u8>, Vec<u8>), PublishError> {
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
    let places = names.iter().position(|name| *name == PLACE);
    let named = places.map_or(&[][..], |_| &["place_zh", "place_en"]);
    let mut writer = csv::Writer::from_writer(BOM.as_bytes().to_vec());
    let head = names.iter().chain(named).copied();
    writer.write_record(head.chain(ORIGIN))?;
    let origin = context.origin();
    let mut rows = Vec::new();
    for row in 0..batch.num_rows() {
        let values: Vec<serde_json::Value> = columns.iter().map(|c| c[row].clone()).collect();
        let names = places.map(|at| {
            let code = values[at].as_str().unwrap_or_default();
            let name = context.names.get(code);
            let [zh, en] = name.map_or(["", ""], |name| [name.zh.as_str(), &name.en]);
            [spreadsheet_safe(zh), spreadsheet_safe(en)]
        });
        writer.write_record(
            values
                .iter()
                .map(|value| match value {
                    serde_json::Value::Null => String::new(),
                    serde_json::Value::String(text) => spreadsheet_safe(text),
                    number => number.to_string(),
                })
                .chain(names.into_iter().flatten())
                .chain(origin.iter().cloned()),
        )?;
        rows.push(values);
    }
    Ok((
        ended(writer)?,
        json_rows(&names, rows.iter(), None, context)?,
    ))
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, sync::Arc};

    use arrow::{
        array::{ArrayRef, Float64Array, Int64Array, StringArray},
        record_batch::RecordBatch,
    };

    use contract::Localised;

    use super::{Context, table_twins};

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
        let title = Localised {
            zh: "=明示".to_owned(),
            en: "Mingshi".to_owned(),
        };
        let context = Context {
            names: &BTreeMap::new(),
            demonstration: true,
            title: &title,
            publisher: &title,
            licence: "CC-BY-4.0",
            reference: "2020-12".parse().expect("a month"),
        };
        let (csv, json) = table_twins(&batch, &context).expect("twins");
        let csv = String::from_utf8(csv).expect("UTF-8");
        assert_eq!(
            csv,
            "\u{feff}text,whole,real,source,licence,demonstration\n'=1+1,-1,-0.5,O\n'  @x,,-0.5,O\n'-,3,-0.5,O\n'\tx,4,-0.5,O\n和平社区,5,-0.5,O\n\"a,\"\"b\"\"\",6,-0.5,O\n"
                .replace('O', "\"'=明示 / Mingshi, 2020-12\",CC-BY-4.0,true")
        );
        let json: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
        assert_eq!(
            json["rows"][1],
            serde_json::json!(["  @x", null, -0.5]),
            "JSON holds the text itself"
        );
    }

    #[test]
    fn places_have_names_beside_their_codes() {
        let columns: [(&str, ArrayRef); 2] = [
            (
                "place",
                Arc::new(StringArray::from(vec![Some("640104"), Some("64"), None])),
            ),
            ("cases", Arc::new(Int64Array::from(vec![7, 8, 9]))),
        ];
        let batch = RecordBatch::try_from_iter(columns).expect("a batch");
        let name = Localised::new("兴庆区", "Xingqing");
        let context = Context {
            names: &BTreeMap::from([("640104", &name)]),
            demonstration: false,
            title: &name,
            publisher: &name,
            licence: "CC-BY-4.0",
            reference: "2020-12".parse().expect("a month"),
        };
        let (csv, json) = table_twins(&batch, &context).expect("twins");
        let csv = String::from_utf8(csv).expect("UTF-8");
        let lines: Vec<&str> = csv.trim_start_matches('\u{feff}').lines().collect();
        for (line, expected) in [
            (0, "place,cases,place_zh,place_en,source"),
            (1, "640104,7,兴庆区,Xingqing,"),
            (2, "64,8,,,"),
            (3, ",9,,,"),
        ] {
            assert!(lines[line].starts_with(expected), "{}", lines[line]);
        }
        let json: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
        assert_eq!(json["columns"], serde_json::json!(["place", "cases"]));
    }
}
