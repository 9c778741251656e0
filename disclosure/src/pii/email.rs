//! E-mail addresses (the forms of RFC 5321 that people use), full width included.

use super::{
    Evidence, Finding, Kind,
    chars::{next, previous},
};

/// The address around an `@` that stands at `start..end`.
pub(super) fn around(text: &str, start: usize, end: usize) -> Option<Finding> {
    let local = |c: char| c.is_ascii_alphanumeric() || "._%+-".contains(c);
    let mut from = start;
    while let Some((c, at)) = previous(text, from).filter(|_| start - from < 3 * 64) {
        if !local(c) {
            break;
        }
        from = at;
    }
    // A leading dot or hyphen belongs to the sentence.
    while let Some((c, after)) = next(text, from).filter(|_| from < start) {
        if c.is_ascii_alphanumeric() {
            break;
        }
        from = after;
    }
    if from == start {
        return None;
    }
    let mut to = end;
    let mut label = 0;
    let mut letters = true;
    let mut best = None;
    let mut dots = 0;
    while let Some((c, after)) = next(text, to).filter(|_| to - end < 3 * 255) {
        match c {
            '.' if label > 0 => (label, letters, dots) = (0, true, dots + 1),
            c if c.is_ascii_alphanumeric() || c == '-' => {
                label += 1;
                letters &= c.is_ascii_alphabetic();
            }
            _ => break,
        }
        to = after;
        if dots > 0 && label >= 2 && letters {
            best = Some(to);
        }
    }
    best.map(|to| Finding {
        kind: Kind::Email,
        range: from..to,
        evidence: Evidence::Form,
    })
}
