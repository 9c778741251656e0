//! Normalising and reading single values: full-width characters, dates, numbers with units, glob patterns.

mod dates;
mod numbers;

pub use dates::{date, datetime};
pub use numbers::{Declared, Unit, of_float, scaled};

/// Full-width digits, letters and punctuation to their ASCII forms; every kind of space to a space.
pub fn normalise(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{3000}' | '\u{A0}' | '\u{2002}'..='\u{200A}' | '\t' | '\r' | '\n' => ' ',
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

/// 是/否 and their kin.
pub fn boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "是" | "有" | "1" | "true" | "yes" | "y" | "t" => Some(true),
        "否" | "无" | "0" | "false" | "no" | "n" | "f" => Some(false),
        _ => None,
    }
}

/// A header as headers are compared: normalised, without spaces and line breaks, in lower case.
pub fn header_key(text: &str) -> String {
    normalise(text)
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '\u{200B}' && *c != '\u{FEFF}')
        .flat_map(char::to_lowercase)
        .collect()
}

/// A text as terminals may show it: characters that steer them, or turn the direction of writing, are replaced.
pub fn printable(text: &str) -> String {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    text.chars()
        .map(|c| if steers(c) { '\u{FFFD}' } else { c })
        .collect()
}

/// A value's shape: `9` for each digit, `A` for each letter, `字` for each Han character, other characters as
/// `#` unless they set dates and numbers apart. The value cannot be read from it.
pub fn mask(value: &str) -> String {
    const LONGEST: usize = 40;
    let shape = |c: char| match c {
        c if c.is_ascii_digit() || ('０'..='９').contains(&c) => '9',
        '\u{3007}'
        | '\u{3400}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}' => '字',
        '-' | '/' | '.' | ':' | ',' | ' ' => c,
        c if c.is_alphanumeric() => 'A',
        c if c.is_whitespace() => ' ',
        _ => '#',
    };
    let length = value.chars().count();
    let mut masked: String = value.chars().take(LONGEST).map(shape).collect();
    if length > LONGEST {
        masked.push_str(&format!("…({length})"));
    }
    masked
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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

    #[test]
    fn masks_show_only_the_shape() {
        for (value, shape) in [
            ("13800009999", "99999999999"),
            ("99000019860428674x", "99999999999999999A"),
            ("2031/05/06 ２５:00", "9999/99/99 99:99"),
            ("张三", "字字"),
            ("Ünal@example.org", "AAAA#AAAAAAA.AAA"),
            ("", ""),
        ] {
            assert_eq!(mask(value), shape, "{value}");
        }
        assert_eq!(mask(&"9".repeat(50)), format!("{}…(50)", "9".repeat(40)));
    }

    proptest! {
        #[test]
        fn no_character_of_a_value_shows(value in "[0-8b-zB-Z一-丨]{1,60}") {
            let masked = mask(&value);
            let masked = masked.split('…').next().unwrap_or("");
            prop_assert!(masked.chars().all(|c| !value.contains(c)), "{masked}");
        }

        #[test]
        fn no_text_makes_a_reader_panic(text in ".*", scale in 1i64..1_000_000_000) {
            let text = normalise(&text);
            let _ = (datetime(&text), date(&text), scaled(&text, scale), boolean(&text), glob(&text, &text));
            let _ = (Unit::declared(&text), Unit::split(&text), header_key(&text));
        }
    }
}
