//! Numbers and periods as readers write them.

use contract::{Period, indicator::Unit, period::Granularity, text::Language};

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
    let mut number = grouped(value, 4);
    number.truncate(number.trim_end_matches('0').trim_end_matches('.').len());
    // Money has no tenths.
    let decimals = number.split_once('.').map_or(0, |(_, part)| part.len());
    if unit == Unit::Yuan && decimals == 1 {
        number.push('0');
    }
    with_unit(&number, "", unit, language)
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
        let month = period(&month.to_string(), language);
        Some(match language {
            Language::Chinese => format!("{month}{number}日"),
            Language::English => format!("{number} {month}"),
        })
    };
    read().unwrap_or_else(|| day.to_owned())
}

/// A value on an axis: as [`value`], without needless decimals.
pub(crate) fn tick(value: f64, unit: Unit, language: Language) -> String {
    written(value, unit, language, true)
}

fn written(value: f64, unit: Unit, language: Language, trimmed: bool) -> String {
    use Language::{Chinese, English};
    let size = value.abs();
    let (divisor, scale) = match (unit, language) {
        (Unit::Percent | Unit::Hour | Unit::Day | Unit::Ratio, _) => (1.0, ""),
        (_, Chinese) if size >= 1e8 => (1e8, "亿"),
        (_, Chinese) if size >= 1e4 => (1e4, "万"),
        (Unit::Yuan, English) if size >= 1e9 => (1e9, "bn"),
        (Unit::Yuan, English) if size >= 1e6 => (1e6, "m"),
        _ => (1.0, ""),
    };
    let decimals = match unit {
        Unit::Ratio => 2,
        Unit::Percent | Unit::Hour | Unit::Day => 1,
        _ if divisor > 1.0 => 1,
        _ => 0,
    };
    // Steps of an axis may be finer than the values need: 0.25, 1.25万.
    let mut number = grouped(
        value / divisor,
        if trimmed { decimals + 2 } else { decimals },
    );
    if trimmed && number.contains('.') {
        number.truncate(number.trim_end_matches('0').trim_end_matches('.').len());
    }
    with_unit(&number, scale, unit, language)
}

fn with_unit(number: &str, scale: &str, unit: Unit, language: Language) -> String {
    use Language::{Chinese, English};
    match (unit, language) {
        (Unit::Percent, _) => format!("{number}%"),
        (Unit::Count, _) => format!("{number}{scale}"),
        (Unit::Hour, Chinese) => format!("{number} 小时"),
        (Unit::Hour, English) => format!("{number} h"),
        (Unit::Day, Chinese) => format!("{number} 天"),
        (Unit::Day, English) => format!("{number} d"),
        (Unit::Yuan, Chinese) if scale.is_empty() => format!("¥{number}"),
        (Unit::Yuan, Chinese) => format!("{number}{scale}元"),
        (Unit::Yuan, English) => match number.strip_prefix('-') {
            Some(number) => format!("-¥{number}{scale}"),
            None => format!("¥{number}{scale}"),
        },
        (Unit::SquareMetre, Chinese) => format!("{number}{scale}平方米"),
        (Unit::SquareMetre, English) => format!("{number} m²"),
        (Unit::Ratio, _) => number.to_owned(),
    }
}

/// Digits in groups of three, without a minus before zero.
fn grouped(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let (sign, text) = match text.strip_prefix('-') {
        Some(digits) if digits.contains(|digit: char| digit != '0' && digit != '.') => {
            ("-", digits)
        }
        Some(digits) => ("", digits),
        None => ("", text.as_str()),
    };
    let (whole, part) = text
        .split_once('.')
        .map_or((text, ""), |(whole, part)| (whole, part));
    let mut written = sign.to_owned();
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    if !part.is_empty() {
        written.push('.');
        written.push_str(part);
    }
    written
}

/// A period such as `2020-12`, `2020-Q4` or `2020`, as readers write it; another text as it is.
pub fn period(period: &str, language: Language) -> String {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let Ok(parsed) = period.parse::<Period>() else {
        return period.to_owned();
    };
    let (year, month) = (parsed.year(), parsed.month());
    let quarter = (month - 1) / 3 + 1;
    match (parsed.granularity(), language) {
        (Granularity::Year, Language::Chinese) => format!("{year}年"),
        (Granularity::Year, Language::English) => year.to_string(),
        (Granularity::Quarter, Language::Chinese) => format!("{year}年第{quarter}季度"),
        (Granularity::Quarter, Language::English) => format!("Q{quarter} {year}"),
        (Granularity::Month, Language::Chinese) => format!("{year}年{month}月"),
        (Granularity::Month, Language::English) => {
            let name = MONTHS.get(month as usize - 1).copied().unwrap_or_default();
            format!("{name} {year}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{Chinese, English};

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
            (-35_000_000.0, Unit::Yuan, "-3,500.0万元", "-¥35.0m"),
            (350_000_000.0, Unit::Yuan, "3.5亿元", "¥350.0m"),
            (1500.0, Unit::SquareMetre, "1,500平方米", "1,500 m²"),
            (1.5, Unit::Ratio, "1.50", "1.50"),
        ] {
            assert_eq!(value(number, unit, Chinese), zh);
            assert_eq!(value(number, unit, English), en);
        }
        assert_eq!(range((2.0, 9.0), Unit::Count, Chinese), "2–9");
        assert_eq!(range((2.0, 2.0), Unit::Count, Chinese), "2");
        assert_eq!(range((85.1, 92.0), Unit::Percent, English), "85.1–92.0%");
        assert_eq!(
            range((900.0, 12_000.0), Unit::SquareMetre, Chinese),
            "900平方米–1.2万平方米"
        );
        assert_eq!(exact(12_345.5, Unit::Yuan, Chinese), "¥12,345.50");
        assert_eq!(exact(33.333_333, Unit::Percent, English), "33.3333%");
        assert_eq!(exact(100.0, Unit::Count, English), "100");
        assert_eq!(tick(100.0, Unit::Percent, English), "100%");
        assert_eq!(tick(2.5, Unit::Count, English), "2.5");
    }

    #[test]
    fn periods_are_written_as_readers_write_them() {
        for (text, zh, en) in [
            ("2020-12", "2020年12月", "Dec 2020"),
            ("2020-Q4", "2020年第4季度", "Q4 2020"),
            ("2020", "2020年", "2020"),
            ("<b>", "<b>", "<b>"),
        ] {
            assert_eq!(period(text, Chinese), zh);
            assert_eq!(period(text, English), en);
        }
        for (text, zh, en) in [
            ("2021-01-11", "2021年1月11日", "11 Jan 2021"),
            ("2021-01-32", "2021-01-32", "2021-01-32"),
            ("2021-Q1-01", "2021-Q1-01", "2021-Q1-01"),
            ("soon", "soon", "soon"),
        ] {
            assert_eq!(day(text, Chinese), zh);
            assert_eq!(day(text, English), en);
        }
    }
}
