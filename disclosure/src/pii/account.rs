//! Accounts of messengers and the like, announced by a word: 微信号, VX, 加V, QQ, 抖音号. The account itself may be
//! any word or number, so that without the word nothing can tell.

use super::{
    Evidence, Finding, Kind,
    chars::{digit, han_digit, is_han, next, previous, skip_spaces, skip_word},
    checks::{is_birth, number},
    words,
};

/// What a service's accounts look like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A letter and five to nineteen letters, digits, `_` and `-`; older ones are numbers of QQ.
    Name,
    /// Five to eleven digits.
    Number,
}

/// Words for a messenger; those of the second field only behind a word such as 加.
const MESSENGERS: &[(&str, bool, Form)] = &[
    ("微信", false, Form::Name),
    ("微❤信", false, Form::Name),
    ("微❤", false, Form::Name),
    ("薇❤", false, Form::Name),
    ("v❤", false, Form::Name),
    ("微 信", false, Form::Name),
    ("薇信", false, Form::Name),
    ("威信", false, Form::Name),
    ("v信", false, Form::Name),
    ("vx", false, Form::Name),
    ("wx", false, Form::Name),
    ("wechat", false, Form::Name),
    ("weixin", false, Form::Name),
    ("v", true, Form::Name),
    ("微", true, Form::Name),
    ("薇", true, Form::Name),
    ("qq", false, Form::Number),
    ("扣扣", false, Form::Number),
    ("企鹅", false, Form::Number),
    ("q号", false, Form::Number),
    ("q", true, Form::Number),
];

/// The account behind a messenger's word that begins at `at`.
pub(super) fn announced(text: &str, at: usize) -> Option<Finding> {
    // The raw identifier that WeChat gives.
    if let Some(end) = skip_word(text, at, "wxid_") {
        let (stop, ..) = name_at(text, end)?;
        return (stop - end >= 6).then(|| finding(at, stop));
    }
    let before = &text[..at];
    let behind = |words: &[&str]| words.iter().any(|word| before.ends_with(word));
    let added = behind(&["加", "加我", "加他", "加她", "+"]);
    let had = added || behind(&["的", "个"]);
    let (end, form) = MESSENGERS.iter().find_map(|&(word, needs, form)| {
        let end = skip_word(text, at, word)?;
        (!needs || had).then_some((end, form))
    })?;
    let inside = |(c, _)| is_token(c) || matches!(c, '.' | '@' | '/');
    let latin = next(text, at).is_some_and(|(c, _)| c.is_ascii());
    if latin && previous(text, at).is_some_and(inside) || behind(words::OFFICIAL) {
        return None;
    }
    account(text, end, form, added)
}

/// The account behind the 号 at `unit` when a service's name stands before it: 抖音号, 支付宝账号.
pub(super) fn numbered(text: &str, unit: usize) -> Option<Finding> {
    let head = text[..unit].trim_end_matches(['账', '帐', '賬', '帳']);
    let before = words::SERVICES
        .iter()
        .find_map(|word| head.strip_suffix(word))?;
    if words::OFFICIAL.iter().any(|word| before.ends_with(word)) {
        return None;
    }
    account(text, unit, Form::Name, false)
}

/// The account that follows a word which ends at `at`.
fn account(text: &str, mut at: usize, form: Form, added: bool) -> Option<Finding> {
    let mut sure = false;
    while let Some(end) = words::ACCOUNT_WORDS
        .iter()
        .find_map(|word| skip_word(text, skip_spaces(text, at), word))
    {
        (at, sure) = (end, true);
    }
    let from = at;
    while let Some((c, after)) = next(text, at).filter(|_| at - from < 18) {
        match c {
            ':' | '=' | '(' | '[' | '【' | '"' | '“' | '是' | '为' | '叫' | '就' => {
                sure = true
            }
            '。' | ',' | ';' | '、' | '!' | '?' | '\n' | '@' | '_' | '.' | '%' | ')' => {
                return None;
            }
            c if is_han(c) || is_token(c) || han_digit(c).is_some() => break,
            _ => {}
        }
        at = after;
    }
    match (next(text, at)?.0, form) {
        (first, Form::Name) if first.is_ascii_alphabetic() => named(text, at, sure || added),
        (first, Form::Number) if first.is_ascii_alphabetic() => None,
        _ => numeric(text, at, sure, form),
    }
}

/// The account at a place that is a name; one of letters alone when something says that it is one.
fn named(text: &str, at: usize, sure: bool) -> Option<Finding> {
    let (end, size, marked) = name_at(text, at)?;
    let goes_on = match next(text, end) {
        Some(('@', _)) => true,
        Some(('.', past)) => next(text, past).is_some_and(|(c, _)| is_token(c)),
        _ => false,
    };
    // wxWidgets is one word.
    let one_word = next(text, at).is_some_and(|(c, _)| c.is_ascii_uppercase())
        && previous(text, at).is_some_and(|(c, _)| c.is_ascii_lowercase());
    let other = words::NOT_ACCOUNTS
        .iter()
        .any(|word| skip_word(text, at, word).is_some());
    ((6..=20).contains(&size) && (marked || sure) && !(goes_on || one_word || other))
        .then(|| finding(at, end))
}

/// The account at a place that is a number.
fn numeric(text: &str, at: usize, sure: bool, form: Form) -> Option<Finding> {
    let (end, digits) = digits_at(text, at)?;
    let whole = sure || form == Form::Number && digits.len() >= 6 && !is_date(&digits);
    // 微信200元: a count, or a mobile number, which is one in any case.
    let counted = match next(text, end) {
        Some(('.', past)) => next(text, past).is_some_and(|(c, _)| is_token(c)),
        Some((c, _)) => is_token(c) || "人元次条个万年月日群时分点@%余多位家户件".contains(c),
        None => false,
    };
    let mobile = digits.len() == 11 && digits[0] == 1 && digits[1] >= 3;
    (whole && !counted && !mobile).then(|| finding(at, end))
}

fn finding(start: usize, end: usize) -> Finding {
    Finding {
        kind: Kind::Account,
        range: start..end,
        evidence: Evidence::Context,
    }
}

fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

/// A word of letters, digits, `_` and `-`: where it ends, its size, and whether it is more than letters.
fn name_at(text: &str, at: usize) -> Option<(usize, usize, bool)> {
    let (mut end, mut size, mut marked) = (at, 0, false);
    while let Some((c, after)) = next(text, end).filter(|&(c, _)| is_token(c) && size < 32) {
        (end, size) = (after, size + 1);
        marked |= !c.is_ascii_alphabetic();
    }
    (size > 0).then_some((end, size, marked))
}

/// Five to eleven digits in any guise, single spaces or hyphens between them.
fn digits_at(text: &str, at: usize) -> Option<(usize, Vec<u8>)> {
    let value = |c: char| digit(c).or_else(|| han_digit(c));
    let (mut end, mut place, mut digits) = (at, at, Vec::new());
    while let Some((c, after)) = next(text, place).filter(|_| digits.len() < 12) {
        match value(c) {
            Some(d) => {
                digits.push(d);
                end = after;
            }
            None if matches!(c, ' ' | '-') && place == end => {}
            None => break,
        }
        place = after;
    }
    ((5..=11).contains(&digits.len()) && digits[0] != 0).then_some((end, digits))
}

fn is_date(digits: &[u8]) -> bool {
    digits.len() == 8
        && is_birth(
            number(&digits[..4]),
            number(&digits[4..6]),
            number(&digits[6..]),
        )
}
