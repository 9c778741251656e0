//! Numbers and periods as readers write them.

use contract::{Period, indicator::Unit, language::fill, period::Granularity, text::Language};

/// A value with its unit: `92.3%`, `1.2万`, `4.2 小时`, `3.5亿元`; `1,234`, `4.2 h`, `¥3.5M`.
pub fn value(value: f64, unit: Unit, language: Language) -> String {
    written(value, unit, language, false)
}

/// What lies between two values: `2–9`, `85.1–92.0%`, `1,000–2,000 m²`.
pub fn range((low, high): (f64, f64), unit: Unit, language: Language) -> String {
    let (low, high) = (value(low, unit, language), value(high, unit, language));
    if low == high {
        return low;
    }
    // The unit stands once, where both numbers are written in it.
    let digits = |text: &str| text.trim_end_matches(|c: char| !c.is_ascii_digit()).len();
    let (number, tail) = low.split_at(digits(&low));
    match high.strip_suffix(tail) {
        Some(rest) if rest.ends_with(|c: char| c.is_ascii_digit()) => {
            format!("{number}–{rest}{tail}")
        }
        _ => format!("{low}–{high}"),
    }
}

/// A value with all of its digits, up to four after the point, never in 万 or millions: for arithmetic.
pub fn exact(value: f64, unit: Unit, language: Language) -> String {
    let mut number = digits(value, 4);
    trim(&mut number);
    // Money has no tenths.
    let decimals = number.split_once('.').map_or(0, |(_, part)| part.len());
    if unit == Unit::Yuan && decimals == 1 {
        number.push('0');
    }
    with_unit(&number, None, unit, language)
}

/// A whole number, in groups of digits.
pub fn count(count: i64, language: Language) -> String {
    grouped(&count.to_string(), language)
}

/// A day such as `2021-01-11`, as readers write it; another text as it is.
pub fn day(day: &str, language: Language) -> String {
    let read = || {
        let (month, number) = day.rsplit_once('-')?;
        let number: u32 = number
            .parse()
            .ok()
            .filter(|number| (1..=31).contains(number))?;
        let month = month
            .parse::<Period>()
            .ok()
            .filter(|month| month.granularity() == Granularity::Month)?;
        let pattern = language.locale().dates.day;
        Some(dated(pattern, month, &number.to_string(), language))
    };
    read().unwrap_or_else(|| day.to_owned())
}

/// A value on an axis: as [`value`], without needless decimals.
pub(crate) fn tick(value: f64, unit: Unit, language: Language) -> String {
    written(value, unit, language, true)
}

fn written(value: f64, unit: Unit, language: Language, trimmed: bool) -> String {
    let size = value.abs();
    let numbers = &language.locale().numbers;
    let scales = match unit {
        Unit::Percent | Unit::Hour | Unit::Day | Unit::Ratio => &[][..],
        Unit::Yuan => numbers.yuan_scales,
        Unit::Count | Unit::SquareMetre => numbers.scales,
    };
    let scale = scales.iter().rfind(|(from, _)| size >= *from as f64);
    let decimals = match unit {
        Unit::Ratio => 2,
        Unit::Percent | Unit::Hour | Unit::Day => 1,
        _ if scale.is_some() => 1,
        _ => 0,
    };
    // Steps of an axis may be finer than the values need: 0.25, 1.25万.
    let mut number = digits(
        value / scale.map_or(1.0, |(from, _)| *from as f64),
        if trimmed { decimals + 2 } else { decimals },
    );
    if trimmed {
        trim(&mut number);
    }
    with_unit(&number, scale.map(|(_, sign)| *sign), unit, language)
}

/// The digits of a number in the signs of a language, with its scale and its unit.
fn with_unit(number: &str, scale: Option<&str>, unit: Unit, language: Language) -> String {
    let numbers = &language.locale().numbers;
    let pattern = match unit {
        Unit::Count | Unit::Ratio => "{number}",
        Unit::Percent => numbers.percent,
        Unit::Hour => numbers.hour,
        Unit::Day => numbers.day,
        Unit::Yuan if scale.is_some() => numbers.yuan_scaled,
        Unit::Yuan => numbers.yuan,
        Unit::SquareMetre => numbers.square_metre,
    };
    // The sign stands before what the pattern puts first: -¥35.
    let (sign, number) = match number.strip_prefix('-') {
        Some(number) => ("-", number),
        None => ("", number),
    };
    let mut number = grouped(number, language);
    number.push_str(scale.unwrap_or_default());
    let written = fill(pattern, &[("number", &number)]);
    [sign, &written].concat()
}

/// The digits of a number with a point, without a minus before zero.
fn digits(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(digits) if !digits.contains(|digit| !matches!(digit, '0' | '.')) => digits.to_owned(),
        _ => text,
    }
}

/// Without zeros at the end of the decimals.
fn trim(number: &mut String) {
    if number.contains('.') {
        number.truncate(number.trim_end_matches('0').trim_end_matches('.').len());
    }
}

/// Digits in groups of three, with the signs of a language.
fn grouped(number: &str, language: Language) -> String {
    let numbers = &language.locale().numbers;
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let (sign, whole) = whole
        .strip_prefix('-')
        .map_or(("", whole), |whole| ("-", whole));
    let mut written = sign.to_owned();
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position).is_multiple_of(3) {
            written.push_str(numbers.group);
        }
        written.push(digit);
    }
    if !part.is_empty() {
        written.push_str(numbers.decimal);
        written.push_str(part);
    }
    written
}

/// A period such as `2020-12`, `2020-Q4` or `2020`, as readers write it; another text as it is.
pub fn period(period: &str, language: Language) -> String {
    let Ok(parsed) = period.parse::<Period>() else {
        return period.to_owned();
    };
    let dates = &language.locale().dates;
    let pattern = match parsed.granularity() {
        Granularity::Year => dates.year,
        Granularity::Quarter => dates.quarter,
        Granularity::Month => dates.month,
    };
    dated(pattern, parsed, "", language)
}

fn dated(pattern: &str, period: Period, day: &str, language: Language) -> String {
    let (year, month) = (period.year().to_string(), period.month());
    let quarter = ((month - 1) / 3 + 1).to_string();
    let months = &language.locale().dates.months;
    let month = months.get(month as usize - 1).copied().unwrap_or_default();
    fill(
        pattern,
        &[
            ("year", &year),
            ("quarter", &quarter),
            ("month", month),
            ("day", day),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_readers_write_them() {
        for (number, unit, zh, en) in [
            (92.34, Unit::Percent, "92.3%", "92.3%"),
            (-0.01, Unit::Percent, "0.0%", "0.0%"),
            (12_345.0, Unit::Count, "1.2万", "12,345"),
            (1234.0, Unit::Count, "1,234", "1,234"),
            (4.2, Unit::Hour, "4.2 小时", "4.2 h"),
            (3.0, Unit::Day, "3.0 天", "3.0 d"),
            (999.0, Unit::Yuan, "¥999", "¥999"),
            (-999.0, Unit::Yuan, "-¥999", "-¥999"),
            (-35_000_000.0, Unit::Yuan, "-3,500.0万元", "-¥35.0m"),
            (350_000_000.0, Unit::Yuan, "3.5亿元", "¥350.0m"),
            (1500.0, Unit::SquareMetre, "1,500平方米", "1,500 m²"),
            (1.5, Unit::Ratio, "1.50", "1.50"),
        ] {
            assert_eq!(value(number, unit, Language::ZH_CN), zh);
            assert_eq!(value(number, unit, Language::EN), en);
        }
        assert_eq!(range((2.0, 9.0), Unit::Count, Language::ZH_CN), "2–9");
        assert_eq!(range((2.0, 2.0), Unit::Count, Language::ZH_CN), "2");
        assert_eq!(
            range((85.1, 92.0), Unit::Percent, Language::EN),
            "85.1–92.0%"
        );
        assert_eq!(
            range((900.0, 12_000.0), Unit::SquareMetre, Language::ZH_CN),
            "900平方米–1.2万平方米"
        );
        assert_eq!(exact(12_345.5, Unit::Yuan, Language::ZH_CN), "¥12,345.50");
        assert_eq!(exact(33.333_333, Unit::Percent, Language::EN), "33.3333%");
        assert_eq!(exact(100.0, Unit::Count, Language::EN), "100");
        assert_eq!(tick(100.0, Unit::Percent, Language::EN), "100%");
        assert_eq!(tick(2.5, Unit::Count, Language::EN), "2.5");
    }

    #[test]
    fn periods_are_written_as_readers_write_them() {
        for (text, zh, en) in [
            ("2020-12", "2020年12月", "Dec 2020"),
            ("2020-Q4", "2020年第4季度", "Q4 2020"),
            ("2020", "2020年", "2020"),
            ("<b>", "<b>", "<b>"),
        ] {
            assert_eq!(period(text, Language::ZH_CN), zh);
            assert_eq!(period(text, Language::EN), en);
        }
        for (text, zh, en) in [
            ("2021-01-11", "2021年1月11日", "11 Jan 2021"),
            ("2021-01-32", "2021-01-32", "2021-01-32"),
            ("2021-Q1-01", "2021-Q1-01", "2021-Q1-01"),
            ("soon", "soon", "soon"),
        ] {
            assert_eq!(day(text, Language::ZH_CN), zh);
            assert_eq!(day(text, Language::EN), en);
        }
    }
}
