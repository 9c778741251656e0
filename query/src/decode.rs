//! From Arrow arrays to [`Values`], without the weight of Arrow's casts.

use arrow::{
    array::{Array, AsArray},
    datatypes::{
        DataType, Date32Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
        UInt8Type, UInt16Type, UInt32Type,
    },
};

use crate::{ReadError, Values};

/// No values yet, of the kind that a type decodes to; none for a type that is not known.
pub(crate) fn empty(kind: &DataType) -> Option<Values> {
    Some(match kind {
        DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Boolean
        | DataType::Date32 => Values::Text(Vec::new()),
        DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32 => Values::Integer(Vec::new()),
        DataType::Float32 | DataType::Float64 => Values::Float(Vec::new()),
        DataType::Dictionary(key, value) if key.is_dictionary_key_type() => empty(value)?,
        _ => return None,
    })
}

/// Adds the values of some rows of an array.
pub(crate) fn append(
    to: &mut Values,
    column: &str,
    array: &dyn Array,
    rows: &[usize],
) -> Result<(), ReadError> {
    let unknown = || ReadError::UnknownType {
        column: column.to_owned(),
        found: array.data_type().to_string(),
    };
    if let Some(dictionary) = array.as_any_dictionary_opt() {
        // Decode the dictionary once, then look the keys up.
        let words = dictionary.values();
        let mut decoded = empty(words.data_type()).ok_or_else(unknown)?;
        let all: Vec<usize> = (0..words.len()).collect();
        append(&mut decoded, column, words.as_ref(), &all)?;
        let keys = if words.is_empty() {
            vec![0; array.len()]
        } else {
            dictionary.normalized_keys()
        };
        let key = |row: usize| {
            (!array.is_null(row))
                .then(|| keys.get(row).copied())
                .flatten()
        };
        match (to, &decoded) {
            (Values::Text(to), Values::Text(from)) => {
                to.extend(rows.iter().map(|&row| from.get(key(row)?)?.clone()));
            }
            (Values::Integer(to), Values::Integer(from)) => {
                to.extend(rows.iter().map(|&row| *from.get(key(row)?)?));
            }
            (Values::Float(to), Values::Float(from)) => {
                to.extend(rows.iter().map(|&row| *from.get(key(row)?)?));
            }
            _ => return Err(unknown()),
        }
        return Ok(());
    }
    macro_rules! extend {
        ($to:expr, $from:expr, $convert:expr) => {{
            let from = $from;
            $to.extend(rows.iter().map(|&row| {
                (row < from.len() && !from.is_null(row)).then(|| $convert(from.value(row)))
            }));
        }};
    }
    match (to, array.data_type()) {
        (Values::Text(to), DataType::Utf8) => extend!(to, array.as_string::<i32>(), str::to_owned),
        (Values::Text(to), DataType::LargeUtf8) => {
            extend!(to, array.as_string::<i64>(), str::to_owned);
        }
        (Values::Text(to), DataType::Utf8View) => {
            extend!(to, array.as_string_view(), str::to_owned);
        }
        (Values::Text(to), DataType::Boolean) => {
            extend!(to, array.as_boolean(), |yes: bool| yes.to_string());
        }
        (Values::Text(to), DataType::Date32) => {
            extend!(to, array.as_primitive::<Date32Type>(), day);
        }
        (Values::Integer(to), DataType::Int8) => {
            extend!(to, array.as_primitive::<Int8Type>(), i64::from);
        }
        (Values::Integer(to), DataType::Int16) => {
            extend!(to, array.as_primitive::<Int16Type>(), i64::from);
        }
        (Values::Integer(to), DataType::Int32) => {
            extend!(to, array.as_primitive::<Int32Type>(), i64::from);
        }
        (Values::Integer(to), DataType::Int64) => {
            extend!(to, array.as_primitive::<Int64Type>(), i64::from);
        }
        (Values::Integer(to), DataType::UInt8) => {
            extend!(to, array.as_primitive::<UInt8Type>(), i64::from);
        }
        (Values::Integer(to), DataType::UInt16) => {
            extend!(to, array.as_primitive::<UInt16Type>(), i64::from);
        }
        (Values::Integer(to), DataType::UInt32) => {
            extend!(to, array.as_primitive::<UInt32Type>(), i64::from);
        }
        (Values::Float(to), DataType::Float32) => {
            extend!(to, array.as_primitive::<Float32Type>(), f64::from);
        }
        (Values::Float(to), DataType::Float64) => {
            extend!(to, array.as_primitive::<Float64Type>(), f64::from);
        }
        _ => return Err(unknown()),
    }
    Ok(())
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
    use arrow::array::{BooleanArray, Date32Array, DictionaryArray, StringViewArray};

    use super::*;

    fn decoded(array: &dyn Array) -> Values {
        let mut values = empty(array.data_type()).unwrap();
        let rows: Vec<usize> = (0..array.len()).collect();
        append(&mut values, "c", array, &rows).unwrap();
        values
    }

    fn texts(texts: &[Option<&str>]) -> Values {
        Values::Text(texts.iter().map(|text| text.map(str::to_owned)).collect())
    }

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

    #[test]
    fn every_known_type_decodes_with_its_gaps() {
        let dictionary: DictionaryArray<Int32Type> = [Some("a"), None, Some("b"), Some("a")]
            .into_iter()
            .collect();
        assert_eq!(
            decoded(&dictionary),
            texts(&[Some("a"), None, Some("b"), Some("a")])
        );
        let nothing: DictionaryArray<Int32Type> = [None::<&str>, None].into_iter().collect();
        assert_eq!(decoded(&nothing), texts(&[None, None]));
        let views = StringViewArray::from(vec![Some("甲"), None]);
        assert_eq!(decoded(&views), texts(&[Some("甲"), None]));
        let truths = BooleanArray::from(vec![Some(true), Some(false), None]);
        assert_eq!(
            decoded(&truths),
            texts(&[Some("true"), Some("false"), None])
        );
        let dates = Date32Array::from(vec![Some(0), None]);
        assert_eq!(decoded(&dates), texts(&[Some("1970-01-01"), None]));
        assert_eq!(empty(&DataType::Binary), None);
    }
}
