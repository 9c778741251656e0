//! Passports, travel permits, and identity numbers that begin with letters.

use super::{
    Evidence, Finding, Kind, Setting,
    chain::Run,
    chars::{next, previous},
    checks::{is_birth, is_hong_kong_id, is_taiwan_id, number},
    words::{self, HONG_KONG_CUES, PASSPORT_CUES, PERMIT_CUES},
};

/// Documents whose number is letters and digits.
pub(super) fn with_letters(run: &Run, setting: Setting) -> Option<Finding> {
    let mut start = run.start;
    let mut letters = String::new();
    while let Some((c, at)) = previous(run.text, start) {
        if !c.is_ascii_alphanumeric() {
            break;
        }
        if !c.is_ascii_alphabetic() || letters.len() == 2 {
            return None;
        }
        letters.insert(0, c.to_ascii_uppercase());
        start = at;
    }
    let first = letters.chars().next()?;
    let (size, end) = run.first;
    if size > 10 {
        return None;
    }
    let digits = &run.digits[..size];
    let context = super::chain::context(run.text, start);
    let found = |kind, end, evidence| {
        Some(Finding {
            kind,
            range: start..end,
            evidence,
        })
    };
    if letters.len() == 1 && is_taiwan_id(first, digits) {
        return found(Kind::OtherNationalId, end, Evidence::Checked);
    }
    if let Some((check, past)) = hong_kong_check(run, size, end)
        && next(run.text, past).is_none_or(|(c, _)| !c.is_ascii_alphanumeric())
        && is_hong_kong_id(&letters, &digits[..6], check)
        && (past > end || words::any(HONG_KONG_CUES, context))
    {
        return found(Kind::OtherNationalId, past, Evidence::Checked);
    }
    if next(run.text, end).is_some_and(|(c, _)| c.is_ascii_alphanumeric()) {
        return None;
    }
    let alone = setting == Setting::Value
        && run.text[..start].trim().is_empty()
        && run.text[end..].trim().is_empty();
    let permit = match letters.len() {
        1 => matches!(first, 'H' | 'M' | 'C' | 'W' | 'L' | 'T') && matches!(size, 8 | 10),
        _ => matches!(first, 'C' | 'L') && size == 7,
    };
    if permit && words::any(PERMIT_CUES, context) {
        return found(Kind::TravelPermit, end, Evidence::Context);
    }
    if (6..=9).contains(&size) && words::any(PASSPORT_CUES, context) {
        return found(Kind::Passport, end, Evidence::Context);
    }
    // E20180704 is a serial number with a date in it.
    let dated = size == 8
        && is_birth(
            number(&digits[..4]),
            number(&digits[4..6]),
            number(&digits[6..8]),
        );
    let chinese = match letters.len() {
        1 => matches!(first, 'E' | 'G') && size == 8 && !dated,
        _ => first == 'E' && !letters.ends_with(['I', 'O']) && size == 7,
    };
    if chinese && letters_are_upper(run, start) {
        return found(Kind::Passport, end, Evidence::Form);
    }
    if permit && alone && !dated {
        return found(Kind::TravelPermit, end, Evidence::Form);
    }
    None
}

fn letters_are_upper(run: &Run, start: usize) -> bool {
    next(run.text, start).is_some_and(|(c, _)| c.is_ascii_uppercase())
}

/// The check character of a Hong Kong identity number and where it ends: `A123456(3)` or `A1234563`.
fn hong_kong_check(run: &Run, size: usize, end: usize) -> Option<(u8, usize)> {
    let value = |c: char| match c {
        'A' | 'a' => Some(10),
        c => super::chars::digit(c),
    };
    match size {
        7 => Some((run.digits[6], end)),
        6 => {
            let (c, at) = next(run.text, end)?;
            if c == '(' {
                let (check, at) = next(run.text, at)?;
                let (close, past) = next(run.text, at)?;
                return Some((value(check)?, past)).filter(|_| close == ')');
            }
            Some((value(c)?, at))
        }
        _ => None,
    }
}

/// Documents whose number is digits only: a word must say so.
pub(super) fn digits_only(run: &Run) -> Option<Finding> {
    let size = match run.groups_of(8) {
        Some([4, 4]) => 8,
        _ => run.first.0,
    };
    if !(7..=10).contains(&size) {
        return None;
    }
    // 护照12345份: a count.
    if next(run.text, run.ends[size - 1]).is_some_and(|(c, _)| "份人次本件个元".contains(c))
    {
        return None;
    }
    if matches!(size, 8 | 10) && words::any(PERMIT_CUES, run.context()) {
        return Some(run.finding(Kind::TravelPermit, size, Evidence::Context));
    }
    (matches!(size, 7..=9) && words::any(PASSPORT_CUES, run.context()))
        .then(|| run.finding(Kind::Passport, size, Evidence::Context))
}
