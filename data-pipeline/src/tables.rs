//! Datasets that are published as they are: the rows of the contract's columns, sorted; and the claims of
//! those that hold figures published before.

use std::sync::Arc;

use arrow::{
    array::{Array, ArrayRef, AsArray, RecordBatch, StringArray},
    compute::{cast, concat_batches},
    datatypes::{DataType, Field, Float64Type, Schema},
};
use contract::{
    Localised, Period, Place,
    dataset::{ColumnType, Comparison, DatasetContract},
    snapshot::{Claim, Measure, TOTAL},
};

use crate::{deidentify::Deidentified, places::Register};

/// Name of the column that holds the code of a place named by a path.
pub const PLACE: &str = "place";

/// Why a table cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TablesError {
    /// The contract's SQL is not sound.
    #[error("dataset {0:?}: {1}")]
    Sql(String, Box<datafusion::error::DataFusionError>),
    /// A result is not of the expected type.
    #[error("dataset {0:?}: {1}")]
    Arrow(String, arrow::error::ArrowError),
    /// Claims need columns that the table does not have.
    #[error(
        "dataset {0:?}: a table with [citation] holds claims and needs the column {1:?}: declare it, or leave [citation] out"
    )]
    NoColumn(String, &'static str),
    /// A claim has no period that can be compared.
    #[error("dataset {0:?}, claim {1:?}: {2}")]
    Period(String, String, contract::period::NotAPeriod),
    /// A check names a claim that is in no file.
    #[error("dataset {0:?}: [[check]] names claim {1:?}, which no row holds: correct it")]
    UnknownClaim(String, String),
}

/// The rows of a table, sorted as the contract says, with the places of its path column.
///
/// # Errors
/// When the contract's SQL is not sound.
pub async fn rows(
    contract: &DatasetContract,
    register: &Register,
    rows: &Deidentified,
) -> Result<RecordBatch, TablesError> {
    let failed = |e| TablesError::Sql(contract.id.clone(), Box::new(e));
    let arrow = |e| TablesError::Arrow(contract.id.clone(), e);
    let kept = contract.columns.iter().filter(|c| {
        !c.role.is_dropped() && !matches!(c.kind, ColumnType::Date | ColumnType::Datetime)
    });
    let kept = kept.map(|c| match c.kind {
        ColumnType::Decimal => format!("CAST(\"{0}\" AS DOUBLE) AS \"{0}\"", c.name),
        _ => format!("\"{}\"", c.name),
    });
    let derived = contract.derived.iter().map(|d| format!("\"{}\"", d.name));
    let columns: Vec<String> = kept.chain(derived).collect();
    let order: Vec<String> = contract
        .sort
        .iter()
        .map(|name| format!("\"{name}\" ASC NULLS FIRST"))
        .collect();
    let sql = format!(
        "SELECT {} FROM rows ORDER BY {}",
        columns.join(", "),
        order.join(", ")
    );
    let context = rows.context().await.map_err(failed)?;
    let frame = context.sql(&sql).await.map_err(failed)?;
    let schema: Arc<Schema> = Arc::new(frame.schema().as_arrow().clone());
    let batches = frame.collect().await.map_err(failed)?;
    let mut batch = concat_batches(&schema, &batches).map_err(arrow)?;
    // Views and dictionaries are for computing; files hold plain text.
    let mut fields = Vec::new();
    let mut arrays: Vec<ArrayRef> = Vec::new();
    for (field, column) in schema.fields().iter().zip(batch.columns()) {
        let plain = match field.data_type() {
            DataType::Int64 | DataType::Float64 | DataType::Boolean => column.clone(),
            kind if kind.is_integer() => cast(column, &DataType::Int64).map_err(arrow)?,
            _ => cast(column, &DataType::Utf8).map_err(arrow)?,
        };
        fields.push(Field::new(field.name(), plain.data_type().clone(), true));
        if contract.place_path.as_ref() == Some(field.name()) {
            let places = plain
                .as_string::<i32>()
                .iter()
                .map(|path| register.resolve_path(path?))
                .collect::<StringArray>();
            fields.push(Field::new(PLACE, DataType::Utf8, true));
            arrays.extend([plain, Arc::new(places)]);
        } else {
            arrays.push(plain);
        }
    }
    batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(arrow)?;
    Ok(batch)
}

/// One row of a table of figures.
struct Figure {
    id: String,
    place: Option<String>,
    area: String,
    period: Period,
    figure: f64,
    qualifier: String,
    title: Localised,
    theme: String,
    unit: String,
}

/// The claims of a table that says where its figures were published; none of any other.
///
/// # Errors
/// When a column is missing, a period is not one, or a check names no claim.
pub fn claims(
    contract: &DatasetContract,
    register: &Register,
    batch: &RecordBatch,
) -> Result<Vec<Claim>, TablesError> {
    let Some(citation) = &contract.citation else {
        return Ok(Vec::new());
    };
    let mut figures = figures(contract, batch)?;
    let mut claims: Vec<Claim> = Vec::new();
    while !figures.is_empty() {
        let mut figure = figures.remove(0);
        let mut high = None;
        // Both ends of a range are one claim.
        if let Some(stem) = figure.id.strip_suffix("_high") {
            let low = format!("{stem}_low");
            if let Some(at) = figures.iter().position(|other| other.id == low) {
                high = Some(figure.figure);
                figure = figures.remove(at);
                figure.id.truncate(figure.id.len() - "_low".len());
                figure.qualifier = "range".to_owned();
                let bare = |text: &str| match text.rfind(['(', '\u{ff08}']) {
                    Some(at) => text[..at].trim_end().to_owned(),
                    None => text.to_owned(),
                };
                figure.title = Localised::new(bare(&figure.title.zh), bare(&figure.title.en));
            }
        }
        let place = figure
            .place
            .as_deref()
            .and_then(|code| register.place(code));
        claims.push(Claim {
            measured_by: measure(contract, &figure, place),
            id: figure.id,
            theme: figure.theme,
            place_name: place.map_or_else(
                || Localised::new(&*figure.area, &*figure.area),
                |place| place.name.clone(),
            ),
            place: figure.place,
            period: figure.period,
            figure: figure.figure,
            high,
            qualifier: figure.qualifier,
            unit: figure.unit,
            title: figure.title,
            source: citation.clone(),
        });
    }
    let mut checks = contract.checks.iter().map(|check| &check.claim);
    match checks.find(|id| !claims.iter().any(|claim| &claim.id == *id)) {
        Some(unknown) => Err(TablesError::UnknownClaim(
            contract.id.clone(),
            unknown.clone(),
        )),
        None => Ok(claims),
    }
}

fn figures(contract: &DatasetContract, batch: &RecordBatch) -> Result<Vec<Figure>, TablesError> {
    let missing = |name| TablesError::NoColumn(contract.id.clone(), name);
    let text = |name| {
        let column = batch.column_by_name(name);
        column
            .and_then(|c| c.as_string_opt::<i32>())
            .ok_or_else(|| missing(name))
    };
    let (ids, areas, places) = (text("figure_id")?, text("area")?, text(PLACE)?);
    let (periods, qualifiers) = (text("period")?, text("qualifier")?);
    let (themes, units) = (text("theme")?, text("unit")?);
    let (zh, en) = (text("label_zh")?, text("label_en")?);
    let values = batch
        .column_by_name("figure")
        .and_then(|c| c.as_primitive_opt::<Float64Type>())
        .ok_or_else(|| missing("figure"))?;
    let figure = |row: usize| {
        let id = ids.value(row).to_owned();
        let period = periods.value(row).parse();
        let period = period.map_err(|e| TablesError::Period(contract.id.clone(), id.clone(), e))?;
        Ok(Figure {
            id,
            period,
            place: places.is_valid(row).then(|| places.value(row).to_owned()),
            area: areas.value(row).to_owned(),
            figure: values.value(row),
            qualifier: qualifiers.value(row).to_owned(),
            title: Localised::new(zh.value(row), en.value(row)),
            theme: themes.value(row).to_owned(),
            unit: units.value(row).to_owned(),
        })
    };
    (0..batch.num_rows()).map(figure).collect()
}

/// What can check a claim: only of a place that the register has.
fn measure(contract: &DatasetContract, figure: &Figure, place: Option<&Place>) -> Option<Measure> {
    let check = contract.checks.iter().find(|c| c.claim == figure.id)?;
    let (dataset, indicator) = check.indicator.split_once('.')?;
    let class = check.class.as_deref().and_then(|c| c.split_once('.'));
    let (breakdown, class) = class.unwrap_or((TOTAL, TOTAL));
    let place = place?;
    let period = check.period.unwrap_or(figure.period);
    let stated = Comparison::from_name(&figure.qualifier).unwrap_or(Comparison::Equal);
    Some(Measure {
        dataset: dataset.to_owned(),
        indicator: indicator.to_owned(),
        breakdown: breakdown.to_owned(),
        class: class.to_owned(),
        level: place.level,
        granularity: period.granularity(),
        place: place.code.clone(),
        period,
        comparison: check.comparison.unwrap_or(stated),
        value: check.value.unwrap_or(figure.figure),
        note: check.note.clone(),
    })
}
