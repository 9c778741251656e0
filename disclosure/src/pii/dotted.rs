//! Names of several parts with a dot between them, as names of minorities and foreigners are written in Chinese:
//! 阿卜杜拉·买买提. Two words with a dot are a name when a word such as 联系人 or 先生 stands beside them and their
//! characters are those that such names are written in.

use super::{
    Evidence, Finding, Kind,
    chars::{TABLE, is_han, next, previous},
    words::{NAME_FOLLOWERS, TITLES},
};

/// Most characters of one part.
const LONGEST: usize = 7;

/// Whether a character is written between the parts of a name; the full stop is written elsewhere as well.
fn is_dot(c: char) -> bool {
    matches!(c, '·' | '•' | '‧' | '・' | '･' | '⋅' | '●' | '.')
}

/// The share of a text's characters in which names are written by their sound.
fn by_sound(text: &str) -> f64 {
    let (mut all, mut fit) = (0_u32, 0_u32);
    for c in text.chars().filter(|&c| !is_dot(c) && c != '．') {
        all += 1;
        fit += u32::from(TABLE.is_by_sound(c));
    }
    f64::from(fit) / f64::from(all.max(1))
}

/// A value that is nothing but such a name.
pub(super) fn is_whole(text: &str) -> bool {
    let mut parts = text.split(|c| is_dot(c) || c == '．');
    let part = |p: &str| (2..=LONGEST).contains(&p.chars().count()) && p.chars().all(is_han);
    let count = parts.clone().count();
    // 市政.环卫 is a category; 市政·环卫 may be one, but columns of names are written so.
    (2..=4).contains(&count)
        && parts.all(part)
        && (!text.contains(['.', '．']) || by_sound(text) >= 0.8)
}

/// The name around the dot at `dot`, the first of its dots.
pub(super) fn around(text: &str, dot: usize) -> Option<Finding> {
    let (mark, right) = next(text, dot)?;
    let (mut start, mut size) = (dot, 0);
    let mut cued = None;
    while let Some((_, at)) = previous(text, start).filter(|(c, _)| is_han(*c)) {
        (start, size) = (at, size + 1);
        if size >= 2 && is_announced(&text[..start]) {
            cued = Some(start);
            break;
        }
        if size > LONGEST {
            break;
        }
    }
    let (end, followed) = end_of(text, right)?;
    let start = cued.unwrap_or_else(|| sound_start(text, dot));
    let share = by_sound(&text[start..end]);
    let least = if cued.is_some() && mark != '.' {
        0.5
    } else {
        0.8
    };
    let long = text[start..dot].chars().nth(1).is_some();
    (long && share >= least && (cued.is_some() || followed)).then_some(Finding {
        kind: Kind::Name,
        range: start..end,
        evidence: Evidence::Context,
    })
}

/// Where the last part ends, and whether a title or a word such as 反映 stands behind it.
fn end_of(text: &str, mut from: usize) -> Option<(usize, bool)> {
    let follows = |rest: &str| {
        let words = &mut TITLES.iter().chain(NAME_FOLLOWERS);
        words.any(|word| rest.starts_with(word))
    };
    loop {
        let mut ends = Vec::new();
        let mut end = from;
        while let Some((_, after)) =
            next(text, end).filter(|&(c, _)| is_han(c) && ends.len() < LONGEST)
        {
            end = after;
            ends.push(end);
        }
        if let Some(&end) = ends.iter().skip(1).find(|&&end| follows(&text[end..])) {
            return Some((end, true));
        }
        ends.get(1)?;
        match next(text, end) {
            Some((c, after)) if is_dot(c) && next(text, after).is_some_and(|(c, _)| is_han(c)) => {
                from = after;
            }
            // Nothing says where it ends: where it no longer sounds like a name.
            _ => {
                let spoken = text[from..end]
                    .chars()
                    .take_while(|&c| TABLE.is_by_sound(c));
                let size = Some(spoken.count()).filter(|&size| size >= 2);
                return Some((ends[size.unwrap_or(ends.len()) - 1], false));
            }
        }
    }
}

/// Where the characters of names before a dot begin.
fn sound_start(text: &str, dot: usize) -> usize {
    let (mut start, mut size) = (dot, 0);
    while let Some((_, at)) =
        previous(text, start).filter(|&(c, _)| TABLE.is_by_sound(c) && size < LONGEST)
    {
        (start, size) = (at, size + 1);
    }
    start
}

/// Whether a text ends with a word that a name follows, and what may stand between them.
fn is_announced(before: &str) -> bool {
    let head = before.trim_end_matches([
        ':', '：', '=', '"', '“', '(', '（', '[', '【', '/', '|', ' ', '\u{3000}', '是', '为',
        '叫', '系',
    ]);
    // 我叫 is such a word itself.
    [before, head].iter().any(|head| {
        let last = head.chars().next_back();
        last.and_then(|last| TABLE.cues.get(&last))
            .is_some_and(|cues| cues.iter().any(|cue| head.ends_with(cue)))
    })
}
