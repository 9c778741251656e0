//! From Parquet column chunks to [`Values`], through the crate's column readers, without Arrow.

use parquet::{
    basic::{ConvertedType, LogicalType, Type},
    column::reader::{ColumnReader, ColumnReaderImpl},
    data_type::{ByteArray, DataType},
    schema::types::ColumnDescriptor,
};

use crate::{ReadError, Values, error::unreadable};

/// What a column's values are to readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// UTF-8 text.
    Text,
    /// A truth value.
    Truth,
    /// A day, counted from 1970-01-01.
    Day,
    /// A whole number.
    Integer,
    /// A whole number of 32 bits without sign.
    Unsigned,
    /// A floating-point number.
    Float,
}

impl Kind {
    /// The kind of a flat column; none for a type that is not known.
    pub(crate) fn of(column: &ColumnDescriptor) -> Option<Self> {
        let flat = column.max_rep_level() == 0
            && column.max_def_level() <= 1
            && column.path().parts().len() == 1;
        let (logical, converted) = (column.logical_type_ref(), column.converted_type());
        let whole = |signed: Self| match (logical, converted) {
            (Some(LogicalType::Integer(whole)), _) if !whole.is_signed => None,
            (None | Some(LogicalType::Integer(_)), ConvertedType::NONE) => Some(signed),
            (
                _,
                ConvertedType::INT_8
                | ConvertedType::INT_16
                | ConvertedType::INT_32
                | ConvertedType::INT_64,
            ) => Some(signed),
            _ => None,
        };
        match column.physical_type() {
            _ if !flat => None,
            Type::BOOLEAN => Some(Self::Truth),
            Type::BYTE_ARRAY => matches!(
                converted,
                ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON
            )
            .then_some(Self::Text),
            Type::INT32 if converted == ConvertedType::DATE => Some(Self::Day),
            Type::INT32 => whole(Self::Integer).or(matches!(
                converted,
                ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32
            )
            .then_some(Self::Unsigned)),
            Type::INT64 => whole(Self::Integer),
            Type::FLOAT | Type::DOUBLE
                if matches!(converted, ConvertedType::NONE) && logical.is_none() =>
            {
                Some(Self::Float)
            }
            _ => None,
        }
    }

    /// No values yet.
    pub(crate) fn empty(self) -> Values {
        match self {
            Self::Text | Self::Truth | Self::Day => Values::Text(Vec::new()),
            Self::Integer | Self::Unsigned => Values::Integer(Vec::new()),
            Self::Float => Values::Float(Vec::new()),
        }
    }
}

/// The name of a column's type, for messages.
pub(crate) fn type_name(column: &ColumnDescriptor) -> String {
    match column.logical_type_ref() {
        Some(logical) => format!("{:?} ({logical:?})", column.physical_type()),
        None => format!("{:?}", column.physical_type()),
    }
}

/// One column chunk on its way through its pages.
pub(crate) struct Chunk {
    pub(crate) reader: ColumnReader,
    pub(crate) kind: Kind,
    pub(crate) optional: bool,
}

/// Values of some consecutive rows.
pub(crate) enum Batch {
    /// Bytes that should be UTF-8.
    Bytes(Vec<Option<ByteArray>>),
    /// Values ready for an answer.
    Ready(Values),
}

impl Chunk {
    /// Passes over rows.
    pub(crate) fn skip(&mut self, rows: usize) -> Result<(), ReadError> {
        let skipped = match &mut self.reader {
            ColumnReader::BoolColumnReader(reader) => reader.skip_records(rows)?,
            ColumnReader::Int32ColumnReader(reader) => reader.skip_records(rows)?,
            ColumnReader::Int64ColumnReader(reader) => reader.skip_records(rows)?,
            ColumnReader::FloatColumnReader(reader) => reader.skip_records(rows)?,
            ColumnReader::DoubleColumnReader(reader) => reader.skip_records(rows)?,
            ColumnReader::ByteArrayColumnReader(reader) => reader.skip_records(rows)?,
            _ => return Err(unreadable("a column has two types")),
        };
        complete(skipped, rows)
    }

    /// Reads rows.
    pub(crate) fn read(&mut self, rows: usize) -> Result<Batch, ReadError> {
        let (kind, optional) = (self.kind, self.optional);
        let whole = |value: i32| match kind {
            Kind::Unsigned => i64::from(value.cast_unsigned()),
            _ => i64::from(value),
        };
        Ok(match (&mut self.reader, kind) {
            (ColumnReader::ByteArrayColumnReader(reader), Kind::Text) => {
                Batch::Bytes(records(reader, optional, rows)?)
            }
            (ColumnReader::BoolColumnReader(reader), Kind::Truth) => {
                text(records(reader, optional, rows)?, |yes| yes.to_string())
            }
            (ColumnReader::Int32ColumnReader(reader), Kind::Day) => {
                text(records(reader, optional, rows)?, |days| day(*days))
            }
            (ColumnReader::Int32ColumnReader(reader), Kind::Integer | Kind::Unsigned) => {
                let values = records(reader, optional, rows)?.into_iter();
                Batch::Ready(Values::Integer(values.map(|it| it.map(whole)).collect()))
            }
            (ColumnReader::Int64ColumnReader(reader), Kind::Integer) => {
                Batch::Ready(Values::Integer(records(reader, optional, rows)?))
            }
            (ColumnReader::FloatColumnReader(reader), Kind::Float) => {
                let values = records(reader, optional, rows)?.into_iter();
                Batch::Ready(Values::Float(values.map(|it| it.map(f64::from)).collect()))
            }
            (ColumnReader::DoubleColumnReader(reader), Kind::Float) => {
                Batch::Ready(Values::Float(records(reader, optional, rows)?))
            }
            _ => return Err(unreadable("a column has two types")),
        })
    }
}

fn complete(found: usize, rows: usize) -> Result<(), ReadError> {
    if found == rows {
        Ok(())
    } else {
        Err(unreadable("a column is shorter than its row group"))
    }
}

fn text<T>(values: Vec<Option<T>>, write: impl Fn(&T) -> String) -> Batch {
    let written = values.iter().map(|value| value.as_ref().map(&write));
    Batch::Ready(Values::Text(written.collect()))
}

fn records<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    optional: bool,
    rows: usize,
) -> Result<Vec<Option<T::T>>, ReadError> {
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    let held = optional.then_some(&mut levels);
    let (found, ..) = reader.read_records(rows, held, None, &mut values)?;
    complete(found, rows)?;
    if !optional {
        return Ok(values.into_iter().map(Some).collect());
    }
    let mut values = values.into_iter();
    let filled = levels
        .iter()
        .map(|&level| if level > 0 { values.next() } else { None });
    Ok(filled.collect())
}

impl Batch {
    /// Which rows hold one of the texts.
    pub(crate) fn matches(&self, wanted: &dyn Fn(&[u8]) -> bool, rows: &mut Vec<usize>) {
        if let Self::Bytes(values) = self {
            rows.retain(|&row| {
                let value = values.get(row).and_then(Option::as_ref);
                value.is_some_and(|bytes| wanted(bytes.data()))
            });
        }
    }

    /// Adds the values of some rows to an answer's column.
    pub(crate) fn append(&self, to: &mut Values, rows: &[usize]) -> Result<(), ReadError> {
        fn picked<'a, T: Clone>(
            from: &'a [Option<T>],
            rows: &'a [usize],
        ) -> impl Iterator<Item = Option<T>> + 'a {
            rows.iter().map(|&row| from.get(row).cloned().flatten())
        }
        match (self, to) {
            (Self::Bytes(from), Values::Text(to)) => {
                for bytes in picked(from, rows) {
                    to.push(bytes.map(|bytes| utf8(&bytes)).transpose()?);
                }
            }
            (Self::Ready(Values::Text(from)), Values::Text(to)) => to.extend(picked(from, rows)),
            (Self::Ready(Values::Integer(from)), Values::Integer(to)) => {
                to.extend(picked(from, rows));
            }
            (Self::Ready(Values::Float(from)), Values::Float(to)) => to.extend(picked(from, rows)),
            _ => return Err(unreadable("a column has two types")),
        }
        Ok(())
    }
}

fn utf8(bytes: &ByteArray) -> Result<String, ReadError> {
    match std::str::from_utf8(bytes.data()) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => Err(unreadable("a text is not UTF-8")),
    }
}

/// A day, counted from 1970-01-01, as `2020-12-31` (Hinnant, "chrono-compatible low-level date algorithms").
fn day(days: i32) -> String {
    let shifted = i64::from(days) + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_in_the_calendar() {
        for (days, text) in [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (18_262, "2020-01-01"),
            (18_321, "2020-02-29"),
            (18_627, "2020-12-31"),
        ] {
            assert_eq!(day(days), text);
        }
    }
}
