//! Reading single fields by the type that the contract gives their column.

use std::sync::Arc;

use arrow::{
    array::{ArrayRef, BooleanBuilder, Int64Builder, StringBuilder, TimestampSecondBuilder},
    datatypes::{DataType, TimeUnit},
};
use chrono::NaiveDateTime;
use contract::dataset::{Category, Column, ColumnType};

use super::reason::Flaw;
use crate::{
    places::Register,
    values::{self, Unit},
};

/// The type in which a column is held.
pub(super) fn held(kind: ColumnType) -> DataType {
    match kind {
        ColumnType::Text | ColumnType::Category | ColumnType::CategoryList | ColumnType::Place => {
            DataType::Utf8
        }
        ColumnType::Integer | ColumnType::Money | ColumnType::Area => DataType::Int64,
        ColumnType::Decimal => DataType::Utf8, // as written: a table publishes it as a float
        ColumnType::Date | ColumnType::Datetime => DataType::Timestamp(TimeUnit::Second, None),
        ColumnType::Boolean => DataType::Boolean,
    }
}

/// One typed value.
#[derive(Clone, Debug)]
pub(super) enum Cell {
    Null,
    Text(String),
    Integer(i64),
    Moment(NaiveDateTime),
    Boolean(bool),
}

impl Cell {
    /// What two rows with the same value have in common; none for no value.
    pub(super) fn key(&self) -> Option<String> {
        match self {
            Self::Null => None,
            Self::Text(text) => Some(text.clone()),
            Self::Integer(number) => Some(number.to_string()),
            Self::Moment(at) => Some(at.to_string()),
            Self::Boolean(truth) => Some(truth.to_string()),
        }
    }
}

/// The values of one column.
pub(super) enum Builder {
    Text(StringBuilder),
    Integer(Int64Builder),
    Moment(TimestampSecondBuilder),
    Boolean(BooleanBuilder),
}

impl Builder {
    pub(super) fn new(kind: &DataType) -> Self {
        match kind {
            DataType::Int64 => Self::Integer(Int64Builder::new()),
            DataType::Boolean => Self::Boolean(BooleanBuilder::new()),
            DataType::Timestamp(..) => Self::Moment(TimestampSecondBuilder::new()),
            _ => Self::Text(StringBuilder::new()),
        }
    }

    pub(super) fn push(&mut self, cell: &Cell) {
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

    pub(super) fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(b) => Arc::new(b.finish()),
            Self::Integer(b) => Arc::new(b.finish()),
            Self::Moment(b) => Arc::new(b.finish()),
            Self::Boolean(b) => Arc::new(b.finish()),
        }
    }
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

/// Whether a text is a number, but for its digits behind the point.
fn is_too_precise(text: &str, scale: i64) -> bool {
    text.split_once('.').is_some_and(|(whole, fraction)| {
        let digits = !fraction.is_empty() && fraction.bytes().all(|b| b.is_ascii_digit());
        digits && values::scaled(whole, scale).is_some()
    })
}

/// Reads one field. `unit` is what the header or a title cell declares.
pub(super) fn read(
    column: &Column,
    register: &Register,
    text: &str,
    unit: Option<Unit>,
) -> Result<Cell, Flaw> {
    let text = values::normalise(text);
    let text = text.trim();
    if text.is_empty() || column.nulls.iter().any(|null| null == text) {
        return if column.required {
            Err(Flaw::Required)
        } else {
            Ok(Cell::Null)
        };
    }
    let number = |text: &str, scale: i64| {
        let flaw = || match is_too_precise(text, scale) {
            true => Flaw::Precision,
            false => Flaw::Number,
        };
        let value = values::scaled(text, scale).ok_or_else(flaw)?;
        let inside =
            column.min.is_none_or(|min| value >= min) && column.max.is_none_or(|max| value <= max);
        if inside {
            Ok(Cell::Integer(value))
        } else {
            Err(Flaw::Range)
        }
    };
    // The unit that stands nearest to the number counts: in the cell, in the header or title, in the contract.
    let measured = |scale: fn(Unit) -> Option<i64>, default: Unit| {
        let (digits, behind) = Unit::split(text);
        let declared = column.unit.as_deref().and_then(Unit::named);
        let unit = behind.or(unit).or(declared).unwrap_or(default);
        number(digits, scale(unit).ok_or(Flaw::Number)?)
    };
    match column.kind {
        ColumnType::Text => Ok(Cell::Text(text.to_owned())),
        ColumnType::Integer => number(text, 1),
        ColumnType::Decimal => match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Cell::Text(text.to_owned())),
            _ => Err(Flaw::Number),
        },
        ColumnType::Money => measured(Unit::fen, Unit::Yuan),
        ColumnType::Area => measured(Unit::hundredths, Unit::SquareMetre),
        ColumnType::Date => values::date(text).map(Cell::Moment).ok_or(Flaw::Date),
        ColumnType::Datetime => values::datetime(text).map(Cell::Moment).ok_or(Flaw::Date),
        ColumnType::Boolean => values::boolean(text)
            .map(Cell::Boolean)
            .ok_or(Flaw::Boolean),
        ColumnType::Category => category(column, text).map(Cell::Text).ok_or(Flaw::Domain),
        ColumnType::CategoryList => {
            let parts = text
                .split(['、', ';', ',', '|'])
                .map(str::trim)
                .filter(|part| !part.is_empty());
            let codes: Option<Vec<String>> = parts.map(|part| category(column, part)).collect();
            codes
                .map(|codes| Cell::Text(codes.join("|")))
                .ok_or(Flaw::DomainList)
        }
        ColumnType::Place => {
            let code = register
                .resolve(text)
                .map(|code| Cell::Text(code.to_owned()));
            code.ok_or(Flaw::Place)
        }
    }
}
