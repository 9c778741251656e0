//! Numbers: digits with separators between them, and which kind of number they are.

use super::{
    Evidence, Finding, Kind, Setting, address,
    chain::{Chain, Run},
    chars::{Class, digit, fold, han_digit, next, other_digit},
    checks::{is_birth, is_card, is_korean_id, is_region, luhn, number, resident_id_check_digit},
    document, mixed, phone,
    words::{self, CARD_CUES, ID_CUES},
};

/// Whether the ASCII digits in `start..end` are few, with nothing behind them that could join them to more: most
/// numbers.
fn is_short(bytes: &[u8], start: usize, end: usize) -> bool {
    let joins = match bytes.get(end) {
        // Chinese characters, and ASCII that is neither a separator nor a digit.
        Some(0xE4..=0xE9 | b'%' | b'"' | b'=' | b'<' | b'>' | b'a'..=b'w' | b'A'..=b'W') | None => {
            false
        }
        Some(_) => true,
    };
    (start + 1..start + 6).contains(&end) && !joins
}

/// Where the digits that start at `at` and are read by `value` end, and how many they are.
fn read_with(text: &str, at: usize, value: fn(char) -> Option<u8>) -> (usize, usize) {
    let (mut end, mut size) = (at, 0);
    while let Some((_, after)) = next(text, end).filter(|&(c, _)| value(c).is_some()) {
        (end, size) = (after, size + 1);
    }
    (end, size)
}

/// Whether a separator and another Chinese numeral stand at a place: 一 九 九.
fn is_spaced(text: &str, at: usize) -> bool {
    next(text, at)
        .filter(|&(c, _)| mixed::is_separator(c))
        .and_then(|(_, after)| next(text, after))
        .is_some_and(|(c, _)| han_digit(c).is_some())
}

/// Whether a letter that looks like a digit stands beside the digits in `start..end`, a space or a hyphen between them
/// or none.
fn touches_letter(bytes: &[u8], start: usize, end: usize) -> bool {
    let byte = |at: Option<usize>| at.and_then(|at| bytes.get(at)).copied();
    let letter = |first, second| {
        let near = match first {
            Some(b' ' | b'-') => second,
            near => near,
        };
        matches!(near, Some(b'O' | b'o' | b'I' | b'l'))
    };
    letter(byte(start.checked_sub(1)), byte(start.checked_sub(2)))
        || letter(byte(Some(end)), byte(Some(end + 1)))
}

/// What stands in the chain of digits that starts at `at`, and where to go on.
pub(super) fn at(
    text: &str,
    at: usize,
    class: Class,
    setting: Setting,
    chain: &mut Chain,
    found: &mut impl FnMut(Finding),
) -> usize {
    let han = class == Class::HanDigit;
    let bytes = text.as_bytes();
    let (end, size) = match class {
        Class::Digit => {
            let ascii = bytes[at..].iter().take_while(|b| b.is_ascii_digit());
            (at + ascii.count(), 0)
        }
        Class::HanDigit => read_with(text, at, han_digit),
        _ => read_with(text, at, other_digit),
    };
    let mixed = match class {
        Class::Digit => touches_letter(bytes, at, end),
        Class::HanDigit => mixed::touches_other(text, at, end),
        _ => true,
    };
    if mixed && let Some(finding) = mixed::around(text, at, chain) {
        let end = finding.range.end;
        found(finding);
        return end;
    }
    // 一 and 三 are words: three numerals in a row are a number, or more with spaces between them.
    if class == Class::OtherDigit || han && size < 3 && !is_spaced(text, end) {
        return end;
    }
    if !han && is_short(bytes, at, end) {
        return end;
    }
    if bytes[..at].last().is_some_and(|b| !b.is_ascii())
        && let Some(flat) = address::dashed(text, at)
    {
        let end = flat.range.end;
        found(flat);
        return end;
    }
    chain.read(text, at, han);
    let mut group = 0;
    while let Some(start) = chain.group_start(group) {
        if chain.is_cut_after(group) {
            return start;
        }
        let run = chain.from(text, group);
        group += 1;
        let end = match one(&run, setting) {
            Some(finding) => {
                let end = finding.range.end;
                found(finding);
                end
            }
            None => continue,
        };
        while chain.group_start(group).is_some_and(|start| start < end) {
            group += 1;
        }
    }
    chain.end()
}

/// The one thing that a number is.
pub(super) fn one(run: &Run, setting: Setting) -> Option<Finding> {
    let first = run.first.0;
    if let Some(found) = document::with_letters(run, setting) {
        return Some(found);
    }
    if run.digits.len() < 7 {
        return None;
    }
    resident_id(run)
        .or_else(|| phone::mobile(run))
        .or_else(|| card(run))
        .or_else(|| legacy_id(run))
        .or_else(|| korean_id(run))
        .or_else(|| phone::telephone(run))
        .or_else(|| document::digits_only(run))
        .or_else(|| if first > 18 { glued_id(run) } else { None })
}

fn birth(digits: &[u8]) -> bool {
    is_birth(
        number(&digits[6..10]),
        number(&digits[10..12]),
        number(&digits[12..14]),
    )
}

fn is_natural(groups: &[u8]) -> bool {
    matches!(
        groups,
        [18] | [17]
            | [17, 1]
            | [6, 8, 3 | 4]
            | [6, 8, 3, 1]
            | [6, 4, 4, 3 | 4]
            | [6, 4, 4, 3, 1]
            | [6, 4, 2, 2, 3 | 4]
            | [3, 3, 4, 4, 3 | 4]
            | [4, 4, 4, 4, 1 | 2]
            | [6, 6, 6 | 5]
            | [3, 3, 3, 3, 3, 2 | 3]
            | [10, 4, 3 | 4]
            | [6, 12]
            | [14, 3 | 4]
            | [6, 11]
    ) || groups.iter().all(|&g| g == 1)
}

fn resident_id(run: &Run) -> Option<Finding> {
    if run.digits.len() < 17 {
        return None;
    }
    let (total, check, end) = if let Some(end) = run.check_x.filter(|_| run.digits.len() == 17) {
        (17, 'X', end)
    } else {
        run.groups_of(18)?;
        let last = char::from_digit(u32::from(run.digits[17]), 10)?;
        (18, last, run.ends[17])
    };
    let groups = run.groups_of(total)?;
    if !birth(run.digits) {
        return None;
    }
    let natural = is_natural(groups);
    let checked = resident_id_check_digit(&run.digits[..17]) == Some(check);
    let region = is_region(run.digits);
    let named = || words::any(ID_CUES, run.context());
    let evidence = match (checked, run.is_hard(total)) {
        (true, false) => Evidence::Checked,
        (true, true) if natural || named() => Evidence::Checked,
        _ if (natural || !run.is_hard(total)) && named() => Evidence::Context,
        // Mistyped, yet a province and a birthday where they belong: one in 4,000 numbers of 18 digits.
        (false, false) if region && natural && !run.is_embedded(17) => Evidence::Form,
        _ => return None,
    };
    Some(Finding {
        kind: Kind::ResidentId,
        range: run.start..end,
        evidence,
    })
}

/// An ID written together with other digits.
fn glued_id(run: &Run) -> Option<Finding> {
    let rest = &run.text[run.start..run.first.1];
    let mut window: Vec<(u8, usize, usize)> = Vec::new();
    for (at, c) in rest.char_indices() {
        let (start, end) = (run.start + at, run.start + at + c.len_utf8());
        match fold(c) {
            c if c.is_ascii_digit() => window.push((digit(c)?, start, end)),
            _ => continue,
        }
        if window.len() > 18 {
            window.remove(0);
        }
        if window.len() == 18 {
            let digits: Vec<u8> = window.iter().map(|w| w.0).collect();
            let last = char::from_digit(u32::from(digits[17]), 10);
            let modern = (1900..2030).contains(&number(&digits[6..10]));
            if modern
                && birth(&digits)
                && is_region(&digits)
                && resident_id_check_digit(&digits[..17]) == last
            {
                return Some(Finding {
                    kind: Kind::ResidentId,
                    range: window[0].1..end,
                    evidence: Evidence::Checked,
                });
            }
        }
    }
    None
}

fn legacy_id(run: &Run) -> Option<Finding> {
    let groups = run.groups_of(15)?;
    let d = run.digits;
    let plausible = is_birth(
        1900 + number(&d[6..8]),
        number(&d[8..10]),
        number(&d[10..12]),
    );
    if !plausible
        || run.is_hard(15)
        || !matches!(groups, [15] | [6, 6, 3] | [6, 2, 2, 2, 3] | [3, 3, 3, 3, 3])
            && !groups.iter().all(|&g| g == 1)
    {
        return None;
    }
    if words::any(ID_CUES, run.context()) {
        return Some(run.finding(Kind::LegacyResidentId, 15, Evidence::Context));
    }
    (is_region(d) && !run.is_embedded(15))
        .then(|| run.finding(Kind::LegacyResidentId, 15, Evidence::Form))
}

fn card(run: &Run) -> Option<Finding> {
    for total in (14..=19).rev() {
        let Some(groups) = run.groups_of(total) else {
            continue;
        };
        let digits = &run.digits[..total];
        if run.is_hard(total) || !is_card(digits) {
            continue;
        }
        let (last, head) = groups.split_last()?;
        let natural = groups.len() == 1
            || head.iter().all(|&g| g == 4) && *last <= 7
            || matches!(groups, [6, 10 | 13] | [4, 6, 5] | [4, 6, 4])
            || groups.iter().all(|&g| g == 1);
        let named = words::any(CARD_CUES, run.context());
        if !named && (!natural || run.is_embedded(total)) {
            continue;
        }
        if luhn(digits) {
            return Some(run.finding(Kind::BankCard, total, Evidence::Checked));
        }
        if named {
            return Some(run.finding(Kind::BankCard, total, Evidence::Context));
        }
    }
    None
}

fn korean_id(run: &Run) -> Option<Finding> {
    let natural = matches!(run.groups_of(13)?, [6, 7] | [13]);
    (natural && !run.is_hard(13) && !run.is_embedded(13) && is_korean_id(&run.digits[..13]))
        .then(|| run.finding(Kind::OtherNationalId, 13, Evidence::Checked))
}
