//! One number in several scripts: ASCII, Chinese numerals, circled and Arabic-Indic digits side by side, letters for
//! the digits that they resemble. It is written out in ASCII and judged as any other number, more strictly: it must
//! be one from its first character to its last.

use super::{
    Evidence, Finding, Kind, Setting,
    chain::Chain,
    chars::{self, digit, han_digit, is_invisible, next, other_digit, previous},
    number,
    words::PHONE_CUES,
};

/// More characters than any number that is looked for.
const MOST: usize = 24;

/// How a digit is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Guise {
    /// ASCII or full width.
    Plain,
    /// A Chinese numeral.
    Han,
    /// Circled, Arabic-Indic, bold.
    Other,
    /// A letter that looks like it.
    Letter,
}

fn read(c: char) -> Option<(u8, Guise)> {
    let letter = |c| match c {
        'O' | 'o' => Some(0),
        'l' | 'I' => Some(1),
        _ => None,
    };
    digit(c)
        .map(|d| (d, Guise::Plain))
        .or_else(|| han_digit(c).map(|d| (d, Guise::Han)))
        .or_else(|| other_digit(c).map(|d| (d, Guise::Other)))
        .or_else(|| letter(c).map(|d| (d, Guise::Letter)))
}

pub(super) fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '-' | '.' | '·' | '—' | '–' | '_' | '\u{A0}') || is_invisible(c)
}

/// Whether a character that reads as a digit, but is written otherwise than a Chinese numeral, touches the range
/// `start..end`, a separator between them or none.
pub(super) fn touches_other(text: &str, start: usize, end: usize) -> bool {
    let other = |c| read(c).is_some_and(|(_, guise)| guise != Guise::Han);
    let step = |at: Option<(char, usize)>, on: fn(&str, usize) -> Option<(char, usize)>| match at {
        Some((c, at)) if is_separator(c) => on(text, at).is_some_and(|(c, _)| other(c)),
        Some((c, _)) => other(c),
        None => false,
    };
    step(previous(text, start), previous) || step(next(text, end), next)
}

/// The number of several scripts around the digit at `at`.
pub(super) fn around(text: &str, at: usize, chain: &mut Chain) -> Option<Finding> {
    let mut start = start_of(text, at);
    let token = |c: char| c.is_ascii_alphanumeric();
    // The l of tel is none of the digits.
    while let Some((_, after)) = next(text, start).filter(|&(c, _)| {
        c.is_ascii_alphabetic() && previous(text, start).is_some_and(|(c, _)| token(c))
    }) {
        start = after;
    }
    let before = &text[..start];
    if previous(text, start).is_some_and(|(c, _)| token(c))
        && !PHONE_CUES.iter().any(|word| before.ends_with(word))
    {
        return None;
    }
    // Written out: the words before, and the digits; for each of its bytes, where it ends in the text.
    let mut written = String::from(chars::before(text, start, 13));
    let first = written.len();
    let mut ends = Vec::new();
    let mut seen = [false; 4];
    let mut place = start;
    while let Some((c, after)) = next(text, place).filter(|_| ends.len() < 2 * MOST) {
        if let Some((d, guise)) = read(c) {
            written.push(char::from(b'0' + d));
            ends.push(after);
            seen[guise as usize] = true;
        } else if is_separator(c) {
            if !is_invisible(c) {
                written.push('-');
                ends.push(after);
            }
        } else {
            break;
        }
        place = after;
    }
    let kept = written.trim_end_matches('-').len();
    written.truncate(kept);
    ends.truncate(kept - first);
    let mut end = *ends.last()?;
    let digits = written[first..].bytes().filter(u8::is_ascii_digit).count();
    if digits == 17
        && let Some((_, after)) = next(text, end).filter(|&(c, _)| is_check_x(c))
    {
        written.push('X');
        ends.push(after);
        end = after;
    }
    let (several, letters) = (
        seen.iter().filter(|&&is| is).count() > 1 || seen[Guise::Other as usize],
        seen[Guise::Letter as usize],
    );
    // 三百, 五点: amounts.
    let goes_on = |(c, _)| token(c) || "十百千万亿点".contains(c);
    if !several || !(11..=19).contains(&digits) || next(text, end).is_some_and(goes_on) {
        return None;
    }
    chain.read(&written, first, false);
    let found = number::one(&chain.from(&written, 0), Setting::Text)?;
    if found.range.end != written.len() {
        return None;
    }
    let sure = match found.kind {
        Kind::ResidentId => found.evidence == Evidence::Checked || !letters,
        Kind::BankCard => found.evidence == Evidence::Checked,
        Kind::Mobile => !letters || is_issued(&written[first..]),
        Kind::Telephone => !letters || found.evidence == Evidence::Context,
        Kind::LegacyResidentId => found.evidence == Evidence::Context,
        _ => false,
    };
    sure.then_some(Finding {
        range: start..end,
        ..found
    })
}

/// Where the digits around `at` begin, single separators among them.
fn start_of(text: &str, at: usize) -> usize {
    let mut start = at;
    for _ in 0..MOST {
        match previous(text, start) {
            Some((c, earlier)) if read(c).is_some() => start = earlier,
            Some((c, earlier)) if is_separator(c) => match previous(text, earlier) {
                Some((c, earliest)) if read(c).is_some() => start = earliest,
                _ => break,
            },
            _ => break,
        }
    }
    start
}

/// `X` and what is written for it: Greek and Cyrillic letters, the multiplication sign, 叉.
pub(super) fn is_check_x(c: char) -> bool {
    matches!(c, 'x' | 'X' | '×' | 'Х' | 'х' | 'Χ' | 'χ' | 'Ⅹ' | '叉')
}

/// Whether a mobile number of the mainland has a prefix that was given to a carrier.
fn is_issued(written: &str) -> bool {
    let digits: Vec<u8> = written.bytes().filter(u8::is_ascii_digit).collect();
    let national = &digits[digits.len().saturating_sub(11)..];
    match national {
        [b'1', b'3' | b'8' | b'9', ..] => true,
        [b'1', b'4', third, ..] => matches!(third, b'0' | b'1' | b'4'..=b'9'),
        [b'1', b'5', third, ..] => *third != b'4',
        [b'1', b'6', third, ..] => matches!(third, b'2' | b'5'..=b'7'),
        [b'1', b'7', third, ..] => *third != b'9',
        _ => false,
    }
}
