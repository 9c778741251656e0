//! Names of persons: a surname of the list, one or two more characters, and a word beside them.

use super::{
    Evidence, Finding, Kind,
    chars::{self, TABLE, head, is_han, next, previous},
    dotted,
    words::{NAME_FOLLOWERS, TITLES, WEAK_CUES},
};

/// How many characters of a surname start a text.
fn surname(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    if head(text, 2).is_some_and(|two| TABLE.compounds.contains(two)) {
        return Some(2);
    }
    TABLE.is_surname(first).then_some(1)
}

/// Whether a text is a surname and one or two characters that can be a given name.
fn is_name(text: &str) -> bool {
    let size = text.chars().count();
    let Some(family) = surname(text).filter(|_| size <= 4) else {
        return false;
    };
    // 欧阳 alone may be Mr Ou named Yang.
    let family = if size == 2 { 1 } else { family };
    (1..=2).contains(&(size.saturating_sub(family)))
        && text.chars().all(is_han)
        && !text.chars().skip(family).any(|c| TABLE.is_not_given(c))
        && !head(text, 2).is_some_and(|two| TABLE.not_names.contains(two))
}

/// A value that is nothing but a name.
pub(super) fn whole(text: &str) -> Option<Finding> {
    if text.len() > 60 {
        return None;
    }
    let trimmed =
        text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '*' | '“' | '”'));
    // 张 三: clerks space short names to align them.
    let joined: String = trimmed.chars().filter(|c| !c.is_whitespace()).collect();
    let start = text.find(trimmed)?;
    (is_name(&joined) || dotted::is_whole(&joined)).then_some(Finding {
        kind: Kind::Name,
        range: start..start + trimmed.len(),
        evidence: Evidence::Form,
    })
}

/// The name after a word such as 联系人 that ends at `cue_end`.
pub(super) fn after_cue(text: &str, cue_end: usize) -> Option<Finding> {
    let head = &text[..cue_end];
    let last = head.chars().next_back()?;
    let cue = TABLE
        .cues
        .get(&last)?
        .iter()
        .find(|cue| head.ends_with(*cue))?;
    let mut at = cue_end;
    let mut separated = false;
    while let Some((c, after)) = next(text, at).filter(|_| at - cue_end < 12) {
        match c {
            ':' | '=' | '"' | '“' | '(' | '[' | '【' | '/' | '|' | ',' => separated = true,
            '叫' => separated = true,
            ' ' | '\t' | '是' | '为' | '系' => {}
            _ => break,
        }
        at = after;
    }
    let rest = &text[at..];
    let family = surname(rest)?;
    if !WEAK_CUES.contains(cue)
        && let Some(size) = spaced(rest, family)
    {
        return Some(Finding {
            kind: Kind::Name,
            range: at..at + size,
            evidence: Evidence::Context,
        });
    }
    for size in [family + 2, family + 1] {
        let Some(name) = chars::head(rest, size).filter(|name| is_name(name)) else {
            continue;
        };
        let tail = &rest[name.len()..];
        let followed = NAME_FOLLOWERS.iter().any(|word| tail.starts_with(word));
        let ends = tail.chars().next().is_none_or(|c| !is_han(c));
        let sure = separated || !WEAK_CUES.contains(cue);
        if followed || sure && (ends || separated && is_grammar(tail)) {
            return Some(Finding {
                kind: Kind::Name,
                range: at..at + name.len(),
                evidence: Evidence::Context,
            });
        }
    }
    None
}

/// The size of a surname and a given name of one character at the start of a text, with spaces between them, as
/// clerks align short names.
fn spaced(text: &str, family: usize) -> Option<usize> {
    let surname = head(text, family)?;
    let given = chars::skip_spaces(text, surname.len());
    let (c, end) = next(text, given).filter(|&(c, _)| is_han(c) && !TABLE.is_not_given(c))?;
    let ends = next(text, end).is_none_or(|(c, _)| !is_han(c));
    let digit = chars::han_digit(c).is_some() && next(text, end).is_some_and(|(c, _)| c == ' ');
    (given > surname.len() && given < surname.len() + 12 && ends && !digit).then_some(end)
}

fn is_grammar(tail: &str) -> bool {
    tail.chars()
        .next()
        .is_some_and(|c| "的和与及男女在于于因系住已等".contains(c))
}

/// The name before a sex and an age, which begin at `sex`: 张三（女，45岁）.
pub(super) fn before_sex(text: &str, sex: usize) -> Option<Finding> {
    let (_, after) = next(text, sex).filter(|&(c, _)| matches!(c, '男' | '女'))?;
    let tail = head(&text[after..], 7).unwrap_or(&text[after..]);
    let open = previous(text, sex)
        .filter(|&(c, _)| matches!(c, '(' | ',' | '['))?
        .1;
    if !tail.starts_with([',', '，', '、', ' ']) || !tail.contains(['岁', '歲', '族']) {
        return None;
    }
    let from = (2..=4).rev().find_map(|size| {
        let from = open - chars::before(text, open, size).len();
        let name = &text[from..open];
        let starts = previous(text, from).is_none_or(|(c, _)| !is_han(c));
        (name.chars().count() == size && starts && is_name(name)).then_some(from)
    })?;
    Some(Finding {
        kind: Kind::Name,
        range: from..open,
        evidence: Evidence::Context,
    })
}

/// The name before a title that starts at `title`.
pub(super) fn before_title(text: &str, title: usize) -> Option<Finding> {
    let rest = &text[title..];
    TITLES.iter().find(|word| rest.starts_with(*word))?;
    let mut starts = [title; 5];
    let mut size = 0;
    while size < 4 {
        match previous(text, starts[size]) {
            Some((c, at)) if is_han(c) => {
                starts[size + 1] = at;
                size += 1;
            }
            _ => break,
        }
    }
    let found = |from: usize| {
        Some(Finding {
            kind: Kind::Name,
            range: from..title,
            evidence: Evidence::Context,
        })
    };
    // The whole name where a sentence, a phrase or one of its short words begins there; else the surname alone.
    for length in (2..=size).rev() {
        let from = starts[length];
        let starts_here = previous(text, from)
            .is_none_or(|(c, _)| !is_han(c) || "为是找与和由给向请及的人叫民工员主".contains(c));
        if starts_here && is_name(&text[from..title]) {
            return found(from);
        }
    }
    let last = &text[starts[1.min(size)]..title];
    if size >= 2 && TABLE.compounds.contains(&text[starts[2]..title]) {
        return found(starts[2]);
    }
    let common = "任乐都全相时和于家何多别单常方经国车";
    (size >= 1
        && last
            .chars()
            .all(|c| TABLE.is_surname(c) && !common.contains(c)))
    .then(|| found(starts[1]))
    .flatten()
}
