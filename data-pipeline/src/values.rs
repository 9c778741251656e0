//! Normalising and reading single values: full-width characters, dates, money, areas, glob patterns.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

/// Full-width digits, letters and punctuation to their ASCII forms; the ideographic space to a space.
pub fn normalise(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{3000}' => ' ',
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            _ => c,
        })
        .collect()
}

/// Whether a text matches a pattern in which `*` stands for any characters.
pub fn glob(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(first) = parts.next() else {
        return text.is_empty();
    };
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    true
}

/// Days and moments as cities write them: `2020-03-05 14:30:00`, `2020/3/5 14:30`, `2020年3月5日14时30分`,
/// `20200305`, and years of the Republic of China (`105年3月5日`, `105/3/5`).
pub fn datetime(text: &str) -> Option<NaiveDateTime> {
    let text = text.trim();
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return NaiveDate::parse_from_str(text, "%Y%m%d")
            .ok()?
            .and_hms_opt(0, 0, 0);
    }
    let mut numbers: Vec<u32> = Vec::new();
    let mut digits = String::new();
    for c in text.chars().chain([' ']) {
        if c.is_ascii_digit() {
            digits.push(c);
        } else {
            if !"年月日号时分秒点-/.: T".contains(c) {
                return None;
            }
            if !digits.is_empty() {
                numbers.push(std::mem::take(&mut digits).parse().ok()?);
            }
        }
    }
    let &[year, month, day, ref time @ ..] = numbers.as_slice() else {
        return None;
    };
    let year = match year {
        1..=199 => year + 1911,
        1900..=2999 => year,
        _ => return None,
    };
    let date = NaiveDate::from_ymd_opt(year.cast_signed(), month, day)?;
    let time = match *time {
        [] => NaiveTime::MIN,
        [h, m] => NaiveTime::from_hms_opt(h, m, 0)?,
        [h, m, s] => NaiveTime::from_hms_opt(h, m, s)?,
        _ => return None,
    };
    Some(date.and_time(time))
}

/// A decimal number times `scale`, exactly; none when digits would be lost or it does not fit.
pub fn scaled(text: &str, scale: i64) -> Option<i64> {
    let text: String = text
        .trim()
        .trim_start_matches(['¥', '￥'])
        .chars()
        .filter(|&c| c != ',' && c != ' ')
        .collect();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.as_str()),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if (whole.is_empty() && fraction.is_empty())
        || !(whole.bytes().chain(fraction.bytes())).all(|b| b.is_ascii_digit())
    {
        return None;
    }
    let mut value = if whole.is_empty() {
        0
    } else {
        whole.parse::<i64>().ok()?.checked_mul(scale)?
    };
    let mut place = scale;
    for digit in fraction.bytes() {
        let digit = i64::from(digit - b'0');
        if place % 10 != 0 {
            if digit != 0 {
                return None;
            }
            continue;
        }
        place /= 10;
        value = value.checked_add(digit * place)?;
    }
    Some(if negative { -value } else { value })
}

/// 是/否 and their kin.
pub fn boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "是" | "有" | "1" | "true" | "yes" | "y" | "t" => Some(true),
        "否" | "无" | "0" | "false" | "no" | "n" | "f" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn dates_of_every_form_are_read() {
        for text in [
            "2020-03-05 14:30:00",
            "2020/3/5 14:30",
            "2020年3月5日 14:30",
            "2020年3月5日14时30分",
            "109年3月5日14:30",
        ] {
            let read = datetime(text).map(|d| d.to_string());
            assert_eq!(read.as_deref(), Some("2020-03-05 14:30:00"), "{text}");
        }
        assert_eq!(
            datetime("20200305").map(|d| d.to_string()).as_deref(),
            Some("2020-03-05 00:00:00")
        );
        for text in [
            "",
            "2020-13-01",
            "2020-02-30",
            "昨天",
            "2020-03-05 25:00",
            "12",
            "99999999999-1-1",
        ] {
            assert_eq!(datetime(text), None, "{text}");
        }
    }

    #[test]
    fn money_is_exact() {
        let cases = [
            ("1234.56", 100, Some(123_456)),
            ("1,234.5", 100, Some(123_450)),
            ("2.5", 1_000_000, Some(2_500_000)),
            ("-3", 100, Some(-300)),
            ("0.001", 100, None),
            ("0.100", 100, Some(10)),
            ("abc", 100, None),
            ("", 100, None),
            ("99999999999999999999", 1, None),
        ];
        for (text, scale, expected) in cases {
            assert_eq!(scaled(text, scale), expected, "{text}");
        }
    }

    #[test]
    fn patterns_match_whole_names() {
        for (pattern, name, expected) in [
            ("whistle*.csv", "whistle-2020.csv", true),
            ("whistle*.csv", "whistle.csv.bak", false),
            ("*办事处*", "城管办(碧岭街道办事处)", true),
            ("a", "a", true),
            ("a", "ab", false),
            ("*", "", true),
            ("a*b*c", "abc", true),
            ("a*bc", "abc", true),
        ] {
            assert_eq!(glob(pattern, name), expected, "{pattern} {name}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_a_reader_panic(text in ".*", scale in 1i64..1_000_000_000) {
            let text = normalise(&text);
            let _ = (datetime(&text), scaled(&text, scale), boolean(&text), glob(&text, &text));
        }
    }
}
