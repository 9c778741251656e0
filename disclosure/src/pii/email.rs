//! E-mail addresses (the forms of RFC 5321 that people use), full width included, and those whose `@` and dots are
//! spelled so that programs do not see them: `name(at)host.org`, `name艾特host点com`, `name#host.com`.

use super::{
    Evidence, Finding, Kind,
    chars::{next, previous, skip_spaces, skip_word},
};

/// Last parts of host names, one of which must end an address that is spelled out.
const ENDINGS: &[&str] = &[
    "com", "cn", "net", "org", "edu", "gov", "io", "me", "cc", "info", "top", "vip", "tw", "hk",
    "mo", "kr", "jp",
];

/// What a spelled `@` demands of the rest.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// `@` itself, or a word that says so: spaces may stand around it.
    Clear,
    /// `#`: it must touch the name.
    Hash,
    /// ` at `: a spelled dot must follow.
    Word,
}

/// The address around an `@` that stands at `start..end`.
pub(super) fn around(text: &str, start: usize, end: usize) -> Option<Finding> {
    plain(text, start, end)
        .or_else(|| loose(text, start, end, Style::Clear))
        .or_else(|| {
            // In brackets.
            let (open, from) = previous(text, start)?;
            let (close, to) = next(text, end)?;
            is_pair(open, close).then(|| loose(text, from, to, Style::Clear))?
        })
}

/// The address around another way to write `@`, which begins at `at`: with the `a` of `(at)`, `#`, 艾特, 圈a.
pub(super) fn spelled(text: &str, at: usize) -> Option<Finding> {
    let (c, after) = next(text, at)?;
    if !c.is_ascii_alphabetic() {
        let word = |word| skip_word(text, at, word);
        return match c {
            '#' => loose(text, at, after, Style::Hash),
            _ => loose(
                text,
                at,
                word("艾特").or_else(|| word("圈a"))?,
                Style::Clear,
            ),
        };
    }
    let (open, from) = previous(text, at)?;
    let end = skip_word(text, at, "at").unwrap_or(after);
    let (close, to) = next(text, end)?;
    match (open, close) {
        _ if is_pair(open, close) => loose(text, from, to, Style::Clear),
        (' ', ' ') if end > after => loose(text, from, to, Style::Word),
        _ => None,
    }
}

fn is_pair(open: char, close: char) -> bool {
    matches!(
        (open, close),
        ('(', ')') | ('[', ']') | ('{', '}') | ('<', '>') | ('【', '】')
    )
}

fn is_local(c: char) -> bool {
    c.is_ascii_alphanumeric() || "._%+-".contains(c)
}

/// Where the name that ends at `end` starts; none when nothing is there.
fn local_start(text: &str, end: usize) -> Option<usize> {
    let mut from = end;
    while let Some((c, at)) = previous(text, from).filter(|_| end - from < 3 * 64) {
        if !is_local(c) {
            break;
        }
        from = at;
    }
    // A leading dot or hyphen belongs to the sentence.
    while let Some((c, after)) = next(text, from).filter(|_| from < end) {
        if c.is_ascii_alphanumeric() {
            break;
        }
        from = after;
    }
    (from < end).then_some(from)
}

fn finding(from: usize, to: usize) -> Finding {
    Finding {
        kind: Kind::Email,
        range: from..to,
        evidence: Evidence::Form,
    }
}

fn plain(text: &str, start: usize, end: usize) -> Option<Finding> {
    let from = local_start(text, start)?;
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
    best.map(|to| finding(from, to))
}

fn loose(text: &str, start: usize, end: usize, style: Style) -> Option<Finding> {
    let touches = style == Style::Hash;
    let name_end = if touches {
        start
    } else {
        text[..start].trim_end_matches([' ', '\u{3000}']).len()
    };
    let from = local_start(text, name_end)?;
    // page#part of an address of the web is none.
    if touches && (name_end - from < 3 || matches!(previous(text, from), Some(('/', _)))) {
        return None;
    }
    let mut at = if touches { end } else { skip_spaces(text, end) };
    let (mut best, mut spelled) = (None, style != Style::Word);
    for part in 0..5 {
        let label = at;
        while let Some((c, after)) = next(text, at).filter(|_| at - label < 3 * 63) {
            if !(c.is_ascii_alphanumeric() || c == '-') {
                break;
            }
            at = after;
        }
        if at == label {
            break;
        }
        if part > 0
            && ENDINGS
                .iter()
                .any(|word| skip_word(text, label, word) == Some(at))
        {
            best = Some(at);
        }
        let Some((after, words)) = dot(text, at) else {
            break;
        };
        (at, spelled) = (after, spelled | words);
    }
    best.filter(|_| spelled).map(|to| finding(from, to))
}

/// A dot at a place, in any spelling: where it ends, and whether it is a word.
fn dot(text: &str, at: usize) -> Option<(usize, bool)> {
    let from = skip_spaces(text, at);
    let (c, after) = next(text, from)?;
    let (end, word) = match c {
        '.' | '。' | ',' => (after, false),
        '点' | '點' => (after, true),
        '(' | '[' | '{' | '<' | '【' => {
            let end = ["dot", "点", "點", "."]
                .iter()
                .find_map(|word| skip_word(text, after, word))?;
            let (_, past) = next(text, end).filter(|(c, _)| ")]}>】".contains(*c))?;
            (past, true)
        }
        _ if from > at => (skip_word(text, from, "dot")?, true),
        _ => return None,
    };
    Some((skip_spaces(text, end), word))
}
