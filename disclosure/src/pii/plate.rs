//! Vehicle plates (GA 36): a province, a letter, five characters, or six for new-energy vehicles.

use super::{Evidence, Finding, Kind, chars::next, words::PLATE_ENDS};

/// The plate whose province stands at `start..after`.
pub(super) fn at(text: &str, start: usize, after: usize) -> Option<Finding> {
    let (authority, mut at) = next(text, after)?;
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
        if !(c.is_ascii_alphanumeric() || special) || size > 6 {
            break;
        }
        (size, digits, end) = (size + 1, digits + usize::from(c.is_ascii_digit()), past);
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
