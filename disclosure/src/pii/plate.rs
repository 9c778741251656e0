//! Vehicle plates (GA 36): a province, a letter, five characters, or six for new-energy vehicles.

use super::{
    Evidence, Finding, Kind,
    chars::{han_digit, next, skip_spaces},
    words::PLATE_ENDS,
};

/// The plate whose province stands at `start..after`.
pub(super) fn at(text: &str, start: usize, after: usize) -> Option<Finding> {
    // 宁 A 12345: spaced out.
    let (authority, mut at) = next(text, skip_spaces(text, after))?;
    if !authority.is_ascii_alphabetic() {
        return None;
    }
    while let Some((c, past)) = next(text, at).filter(|_| at - after < 9) {
        if !matches!(
            c,
            ' ' | '-' | '·' | '•' | '.' | '・' | '—' | '–' | '_' | '‧'
        ) {
            break;
        }
        at = past;
    }
    let (mut size, mut digits, mut end) = (0, 0, at);
    while let Some((c, past)) = next(text, end) {
        let special = size >= 4 && PLATE_ENDS.contains(c);
        let digit = c.is_ascii_digit() || han_digit(c).is_some();
        if !(c.is_ascii_alphanumeric() || digit || special) || size > 6 {
            break;
        }
        (size, digits, end) = (size + 1, digits + usize::from(digit), past);
        if special {
            break;
        }
    }
    (matches!(size, 5 | 6) && digits >= 3).then_some(Finding {
        kind: Kind::Plate,
        range: start..end,
        evidence: Evidence::Form,
    })
}
