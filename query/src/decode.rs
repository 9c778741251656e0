//! From Parquet column chunks to [`Values`], through the crate's column readers, without Arrow.

use std::collections::HashSet;

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

/// Values of some consecutive rows, as the file holds them.
pub(crate) enum Batch {
    /// Bytes that should be UTF-8.
    Bytes(Vec<Option<ByteArray>>),
    /// Truth values.
    Truths(Vec<Option<bool>>),
    /// Days, counted from 1970-01-01.
    Days(Vec<Option<i32>>),
    /// Whole numbers.
    Whole(Vec<Option<i64>>),
    /// Floating-point numbers.
    Floats(Vec<Option<f64>>),
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
                Batch::Truths(records(reader, optional, rows)?)
            }
            (ColumnReader::Int32ColumnReader(reader), Kind::Day) => {
                Batch::Days(records(reader, optional, rows)?)
            }
            (ColumnReader::Int32ColumnReader(reader), Kind::Integer | Kind::Unsigned) => {
                let values = records(reader, optional, rows)?.into_iter();
                Batch::Whole(values.map(|it| it.map(whole)).collect())
            }
            (ColumnReader::Int64ColumnReader(reader), Kind::Integer) => {
                Batch::Whole(records(reader, optional, rows)?)
            }
            (ColumnReader::FloatColumnReader(reader), Kind::Float) => {
                let values = records(reader, optional, rows)?.into_iter();
                Batch::Floats(values.map(|it| it.map(f64::from)).collect())
            }
            (ColumnReader::DoubleColumnReader(reader), Kind::Float) => {
                Batch::Floats(records(reader, optional, rows)?)
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
    /// Keeps the rows that hold one of the wanted values.
    pub(crate) fn matches(&self, wanted: &Wanted, rows: &mut Vec<usize>) {
        fn keep<T: Copy>(values: &[Option<T>], rows: &mut Vec<usize>, held: impl Fn(T) -> bool) {
            rows.retain(|&row| values.get(row).copied().flatten().is_some_and(&held));
        }
        match self {
            Self::Bytes(values) => {
                let mut recent = Recent::new(false);
                rows.retain(|&row| {
                    let value = values.get(row).and_then(Option::as_ref);
                    value.is_some_and(|bytes| {
                        let bytes = bytes.data();
                        recent.get(bytes, || wanted.texts.contains(bytes))
                    })
                });
            }
            Self::Truths(values) => keep(values, rows, |it| wanted.whole(it)),
            Self::Days(values) => keep(values, rows, |it| wanted.whole(it)),
            Self::Whole(values) => keep(values, rows, |it| wanted.whole(it)),
            Self::Floats(_) => rows.clear(),
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
                    to.push(bytes.map(|bytes| utf8(bytes.data())).transpose()?);
                }
            }
            (Self::Truths(from), Values::Text(to)) => {
                to.extend(picked(from, rows).map(|it| it.map(|yes| yes.to_string())));
            }
            (Self::Days(from), Values::Text(to)) => {
                to.extend(picked(from, rows).map(|it| it.map(day)));
            }
            (Self::Whole(from), Values::Integer(to)) => to.extend(picked(from, rows)),
            (Self::Floats(from), Values::Float(to)) => to.extend(picked(from, rows)),
            _ => return Err(unreadable("a column has two types")),
        }
        Ok(())
    }
}

/// Values that pass a filter, in every form in which a file may hold them.
pub(crate) struct Wanted {
    texts: HashSet<Vec<u8>>,
    /// Whole numbers; days and truth values as the numbers that they are held as.
    numbers: HashSet<i64>,
}

impl Wanted {
    /// The values of a column of one kind, from how an answer writes them.
    pub(crate) fn new(kind: Kind, any_of: &[String]) -> Self {
        let number = |text: &String| match kind {
            Kind::Truth => ["false", "true"]
                .iter()
                .position(|it| it == text)
                .map(|it| it as i64),
            Kind::Day => calendar_day(text),
            _ => text.parse().ok(),
        };
        Self {
            texts: any_of
                .iter()
                .map(|text| text.clone().into_bytes())
                .collect(),
            numbers: any_of.iter().filter_map(number).collect(),
        }
    }

    fn whole(&self, value: impl Into<i64>) -> bool {
        self.numbers.contains(&value.into())
    }
}

/// What was found for texts that came lately. Texts of a dictionary lie at the same place in memory each time
/// that they come, so they need not be looked at again; all of them must be alive, as those of one batch are.
pub(crate) struct Recent<T> {
    slots: Vec<(usize, usize, T)>,
}

impl<T: Copy> Recent<T> {
    const SLOTS: usize = 256;

    pub(crate) fn new(nothing: T) -> Self {
        // No text has this length.
        Self {
            slots: vec![(0, usize::MAX, nothing); Self::SLOTS],
        }
    }

    pub(crate) fn get(&mut self, text: &[u8], find: impl FnOnce() -> T) -> T {
        let (at, length) = (text.as_ptr() as usize, text.len());
        // Texts of a dictionary stand one after another: the low bits of their addresses tell them apart.
        let slot = &mut self.slots[(at ^ (at >> 8)) % Self::SLOTS];
        if (slot.0, slot.1) != (at, length) {
            *slot = (at, length, find());
        }
        slot.2
    }
}

pub(crate) fn utf8(bytes: &[u8]) -> Result<String, ReadError> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => Err(unreadable("a text is not UTF-8")),
    }
}

/// The day that is written as `2020-12-31`, counted from 1970-01-01; the reverse of [`day`].
fn calendar_day(text: &str) -> Option<i64> {
    let mut parts = text.rsplitn(3, '-');
    let day_of_month: i64 = parts.next()?.parse().ok()?;
    let month: i64 = parts.next()?.parse().ok()?;
    let year: i64 = parts.next()?.parse().ok()?;
    let year = year - i64::from(month <= 2);
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day_of_month - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    // What is no day of the calendar is written otherwise.
    (day(i32::try_from(days).ok()?) == text).then_some(days)
}

/// A day, counted from 1970-01-01, as `2020-12-31` (Hinnant, "chrono-compatible low-level date algorithms").
pub(crate) fn day(days: i32) -> String {
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
            assert_eq!(calendar_day(text), Some(i64::from(days)));
        }
        for text in ["2021-02-29", "2020-1-01", "soon", "99999999999-01-01"] {
            assert_eq!(calendar_day(text), None);
        }
    }
}
