//! Digits in groups with separators between them.

use super::{
    Evidence, Finding, Kind,
    chars::{self, digit, han_digit, is_invisible, next, previous},
    mixed::is_check_x,
};

/// Digits that are read at once; a longer chain is read in overlapping parts.
const MOST: usize = 64;
/// More digits than any number that is looked for.
const LONGEST: usize = 24;
/// How many characters before a number are searched for a word that says what it is.
const CONTEXT: usize = 12;

/// Digits in groups with separators between them. Kept from number to number, to spare clearing it.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    digits: [u8; MOST],
    /// Where each digit ends.
    ends: [usize; MOST],
    len: usize,
    groups: [Group; MOST],
    group_count: usize,
    /// Where an `x` behind the last digit ends.
    check_x: Option<usize>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Group {
    start: usize,
    end: usize,
    /// The position of its first digit.
    first: usize,
    size: u8,
    /// A comma, a slash, a line break or the like stands before it: these divide lists as well.
    hard: bool,
}

impl Default for Chain {
    fn default() -> Self {
        Self {
            digits: [0; MOST],
            ends: [0; MOST],
            len: 0,
            groups: [Group::default(); MOST],
            group_count: 0,
            check_x: None,
        }
    }
}

impl Chain {
    /// Reads the chain that starts at `start`; Chinese numerals count as digits when `han`.
    pub(super) fn read(&mut self, text: &str, start: usize, han: bool) {
        let chain = self;
        (chain.len, chain.group_count, chain.check_x) = (0, 0, None);
        let bytes = text.as_bytes();
        let value = |c: char| digit(c).or_else(|| if han { han_digit(c) } else { None });
        let (mut at, mut hard) = (start, false);
        while chain.len < MOST {
            let mut group = Group {
                start: at,
                end: at,
                first: chain.len,
                size: 0,
                hard,
            };
            loop {
                // Most digits are ASCII.
                if let Some(b @ b'0'..=b'9') = bytes.get(group.end) {
                    group.end += 1;
                    group.size = group.size.saturating_add(1);
                    if chain.len < MOST {
                        chain.digits[chain.len] = b - b'0';
                        chain.ends[chain.len] = group.end;
                        chain.len += 1;
                    }
                    continue;
                }
                let Some((c, after)) = next(text, group.end) else {
                    break;
                };
                if let Some(d) = value(c) {
                    group.size = group.size.saturating_add(1);
                    if chain.len < MOST {
                        chain.digits[chain.len] = d;
                        chain.ends[chain.len] = after;
                        chain.len += 1;
                    }
                } else if !is_invisible(c)
                    || next(text, after).is_none_or(|(c, _)| value(c).is_none())
                {
                    break;
                }
                group.end = after;
            }
            chain.groups[chain.group_count] = group;
            chain.group_count += 1;
            match separator(text, group.end, &value) {
                Some(Next::Digit(next, is_hard)) => (at, hard) = (next, is_hard),
                Some(Next::X(end)) => {
                    chain.check_x = Some(end);
                    break;
                }
                None => break,
            }
        }
    }

    /// Where a group starts; none when there is no such group.
    pub(super) fn group_start(&self, group: usize) -> Option<usize> {
        (group < self.group_count).then(|| self.groups[group].start)
    }

    /// Whether a number that starts with this group may go on beyond what was read: then it is read again from
    /// there.
    pub(super) fn is_cut_after(&self, group: usize) -> bool {
        self.len == MOST && group > 0 && self.groups[group].first + LONGEST > MOST
    }

    /// Where the chain ends.
    pub(super) fn end(&self) -> usize {
        self.check_x
            .unwrap_or(self.groups[self.group_count - 1].end)
    }

    /// The chain from one of its groups on.
    pub(super) fn from<'a>(&'a self, text: &'a str, group: usize) -> Run<'a> {
        let groups = &self.groups[group..self.group_count];
        let Group {
            start,
            end,
            first,
            size,
            ..
        } = groups[0];
        let mut run = Run {
            text,
            start,
            digits: &self.digits[first..self.len],
            ends: &self.ends[first..self.len],
            sizes: [0; LONGEST],
            boundaries: 0,
            first_hard: usize::MAX,
            check_x: self.check_x,
            first: (usize::from(size), end),
        };
        let mut total = 0;
        for (at, group) in groups.iter().enumerate().take(LONGEST) {
            if group.hard && at > 0 {
                run.first_hard = run.first_hard.min(total);
            }
            run.sizes[at] = group.size;
            total += usize::from(group.size);
            if total > LONGEST {
                break;
            }
            run.boundaries |= 1 << total;
        }
        run
    }
}

/// The digits from a place on, and where their groups end.
pub(super) struct Run<'a> {
    pub text: &'a str,
    pub start: usize,
    pub digits: &'a [u8],
    /// Where each digit ends.
    pub ends: &'a [usize],
    sizes: [u8; LONGEST],
    /// Bit n is set when a group ends after n digits.
    boundaries: u32,
    first_hard: usize,
    /// Where an `x` behind the last digit ends.
    pub check_x: Option<usize>,
    /// Digits of the first group and where it ends.
    pub first: (usize, usize),
}

impl<'a> Run<'a> {
    /// The sizes of the first groups when so many digits end where a group ends.
    pub fn groups_of(&self, total: usize) -> Option<&[u8]> {
        if total > self.digits.len() || self.boundaries & 1 << total == 0 {
            return None;
        }
        let groups = (self.boundaries & ((1 << total) - 1)).count_ones() as usize + 1;
        Some(&self.sizes[..groups])
    }

    /// Whether commas, slashes or line breaks stand between the first so many digits.
    pub fn is_hard(&self, total: usize) -> bool {
        self.first_hard < total
    }

    /// The words before the number, within its sentence.
    pub fn context(&self) -> &'a str {
        context(self.text, self.start)
    }

    /// A finding over the first so many digits.
    pub fn finding(&self, kind: Kind, total: usize, evidence: Evidence) -> Finding {
        Finding {
            kind,
            range: self.start..self.ends[total - 1],
            evidence,
        }
    }

    /// Whether the first so many digits are part of a longer token of letters and digits, or the decimals of a
    /// number: then only a check digit can tell that they are more.
    pub fn is_embedded(&self, total: usize) -> bool {
        let letter = |c: char| c.is_ascii_alphabetic();
        let before = previous(self.text, self.start);
        let after = next(self.text, self.ends[total - 1]);
        let digit_beyond_before = before.is_some_and(|(c, at)| {
            letter(c) && {
                let mut at = at;
                loop {
                    match previous(self.text, at) {
                        Some((c, earlier)) if letter(c) => at = earlier,
                        Some((c, _)) => break c.is_ascii_digit(),
                        None => break false,
                    }
                }
            }
        });
        let digit_beyond_after = after.is_some_and(|(c, at)| {
            letter(c) && {
                let mut at = at;
                loop {
                    match next(self.text, at) {
                        Some((c, later)) if letter(c) => at = later,
                        Some((c, _)) => break c.is_ascii_digit(),
                        None => break false,
                    }
                }
            }
        });
        let both = before.is_some_and(|(c, _)| letter(c)) && after.is_some_and(|(c, _)| letter(c));
        let decimals = |at: Option<(char, usize)>,
                        beyond: fn(&str, usize) -> Option<(char, usize)>| {
            at.is_some_and(|(c, at)| {
                c == '.' && beyond(self.text, at).is_some_and(|(c, _)| c.is_ascii_digit())
            })
        };
        digit_beyond_before
            || digit_beyond_after
            || both
            || decimals(before, previous)
            || decimals(after, next)
    }
}

/// The words before a number, within their sentence.
pub(super) fn context(text: &str, start: usize) -> &str {
    let before = chars::before(text, start, CONTEXT).trim_end_matches([
        ':', '：', ' ', '\u{3000}', '(', '（', '、', '-', '=', '"', '“', '/', ',', '，', '.', '#',
        '[', '【',
    ]);
    let end = |c: char| matches!(c, '。' | '；' | ';' | '！' | '？' | '\n' | '，' | ',');
    before.rfind(end).map_or(before, |at| &before[at..])
}

/// What comes behind a group of digits and its separators.
enum Next {
    /// A digit at this place; whether the separators divide lists as well.
    Digit(usize, bool),
    /// An `x`, and where it ends.
    X(usize),
}

fn separator(text: &str, at: usize, value: &impl Fn(char) -> Option<u8>) -> Option<Next> {
    let (mut at, mut hard) = (at, false);
    for _ in 0..4 {
        let (c, after) = next(text, at)?;
        if value(c).is_some() {
            return Some(Next::Digit(at, hard));
        }
        match c {
            ' ' | '\t' | '-' | '.' | '_' | '(' | ')' | '·' | '—' | '–' | '\u{A0}' => {}
            ',' | '、' | '/' | '\'' | '\n' | '\r' | ':' | '+' | '|' | '。' | '*' | '~' | '●' => {
                hard = true
            }
            c if is_check_x(c) => return Some(Next::X(after)),
            '\u{2000}'..='\u{200A}' | '‐' | '‑' | '‒' | '―' | '−' | '・' | '•' => {}
            c if is_invisible(c) => {}
            _ => return None,
        }
        at = after;
    }
    None
}
