//! Characters: what each may start or end, and walking through text in both directions.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use super::words;

/// What a character gives cause to look for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Class {
    /// Nothing.
    Other,
    /// A digit, ASCII or full width.
    Digit,
    /// A Chinese numeral that stands for one digit.
    HanDigit,
    /// A circled, Arabic-Indic or bold digit.
    OtherDigit,
    /// `@`.
    At,
    /// The first character of another way to write it: `(at)`, `#`, 艾特.
    AtWord,
    /// The first character of a word for a messenger: 微信, QQ.
    Messenger,
    /// A dot between the parts of a name.
    NameDot,
    /// What villages are divided into: 组, 队, 社.
    Group,
    /// The first character of a plate.
    Province,
    /// What an address counts by: 号, 栋, 室.
    Unit,
    /// The last character of a word that a name follows.
    CueEnd,
    /// The first character of a title, or a sex, that follows a name.
    TitleStart,
}

/// Every character of the Basic Multilingual Plane.
pub(super) struct Table {
    classes: Box<[Class; 0x1_0000]>,
    surnames: Box<[bool; 0x1_0000]>,
    not_given: Box<[bool; 0x1_0000]>,
    by_sound: Box<[bool; 0x1_0000]>,
    /// Surnames of two characters.
    pub compounds: HashSet<&'static str>,
    /// Words that begin like a name.
    pub not_names: HashSet<&'static str>,
    /// The words that a name follows, by their last character.
    pub cues: HashMap<char, Vec<&'static str>>,
}

pub(super) static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table {
        classes: Box::new([Class::Other; 0x1_0000]),
        surnames: Box::new([false; 0x1_0000]),
        not_given: Box::new([false; 0x1_0000]),
        by_sound: Box::new([false; 0x1_0000]),
        compounds: words::COMPOUND_SURNAMES.iter().copied().collect(),
        not_names: words::NOT_NAMES.iter().copied().collect(),
        cues: HashMap::new(),
    };
    let cues = || words::STRONG_CUES.iter().chain(words::WEAK_CUES);
    for cue in cues() {
        if let Some(last) = cue.chars().next_back() {
            table.cues.entry(last).or_default().push(cue);
        }
    }
    let cue_ends: String = cues().filter_map(|w| w.chars().next_back()).collect();
    let title_starts: String = words::TITLES
        .iter()
        .filter_map(|w| w.chars().next())
        .collect();
    let other_digits: String = ('\u{600}'..'\u{2800}')
        .filter(|&c| other_digit(c).is_some())
        .collect();
    let classes = [
        (words::PROVINCES, Class::Province),
        (words::UNITS, Class::Unit),
        (&cue_ends, Class::CueEnd),
        (&title_starts, Class::TitleStart),
        ("男女", Class::TitleStart),
        (words::HAN_DIGITS, Class::HanDigit),
        ("0123456789０１２３４５６７８９", Class::Digit),
        (&other_digits, Class::OtherDigit),
        ("@＠", Class::At),
        ("aA#＃艾圈", Class::AtWord),
        ("微薇威扣企VvQqWwＶｖＱｑＷｗ", Class::Messenger),
        ("·•‧・･⋅●.．", Class::NameDot),
        ("组組队隊社", Class::Group),
    ];
    for (characters, class) in classes {
        characters
            .chars()
            .for_each(|c| table.classes[c as usize & 0xFFFF] = class);
    }
    for c in words::SURNAMES
        .chars()
        .chain(words::SURNAMES_TRADITIONAL.chars())
    {
        table.surnames[c as usize & 0xFFFF] = true;
    }
    for c in words::NOT_GIVEN.chars() {
        table.not_given[c as usize & 0xFFFF] = true;
    }
    for c in words::BY_SOUND.chars() {
        table.by_sound[c as usize & 0xFFFF] = true;
    }
    table
});

impl Table {
    /// The next character from a place on that gives cause to look: its class, where it stands, its width.
    pub fn find(&self, bytes: &[u8], mut at: usize) -> Option<(Class, usize, usize)> {
        loop {
            let rest = bytes.get(at..)?;
            let (code, width) = match *rest {
                [first @ 0..0x80, ..] => (usize::from(first), 1),
                [first @ 0xE0..0xF0, second, third, ..] => {
                    let code = usize::from(first & 0x0F) << 12
                        | usize::from(second & 0x3F) << 6
                        | usize::from(third & 0x3F);
                    (code, 3)
                }
                [first @ 0xC0..0xE0, second, ..] => {
                    let code = usize::from(first & 0x1F) << 6 | usize::from(second & 0x3F);
                    (code, 2)
                }
                // The bold digits of mathematics; nothing else that is looked for has four bytes.
                [0xF0, 0x9D, 0x9F, 0x8E..=0xBF, ..] => return Some((Class::OtherDigit, at, 4)),
                [0xF0..=0xFF, ..] => (0, 4),
                [_, ..] => (0, 1),
                [] => return None,
            };
            let class = self.classes[code & 0xFFFF];
            if class != Class::Other {
                return Some((class, at, width));
            }
            at += width;
        }
    }

    /// Whether a character is a surname.
    pub fn is_surname(&self, c: char) -> bool {
        self.surnames.get(c as usize).is_some_and(|&is| is)
    }

    /// Whether names of minorities and foreigners are written with a character, by its sound.
    pub fn is_by_sound(&self, c: char) -> bool {
        self.by_sound.get(c as usize).is_some_and(|&is| is)
    }

    /// Whether a character is never part of a given name.
    pub fn is_not_given(&self, c: char) -> bool {
        self.not_given.get(c as usize).is_some_and(|&is| is)
    }
}

/// Full-width ASCII to ASCII, the ideographic space to a space.
pub(super) fn fold(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

/// The character that starts at a place, folded, and where the next one starts.
pub(super) fn next(text: &str, at: usize) -> Option<(char, usize)> {
    let c = text.get(at..)?.chars().next()?;
    Some((fold(c), at + c.len_utf8()))
}

/// The character that ends at a place, folded, and where it starts.
pub(super) fn previous(text: &str, at: usize) -> Option<(char, usize)> {
    let c = text.get(..at)?.chars().next_back()?;
    Some((fold(c), at - c.len_utf8()))
}

/// The text before a place, at most so many characters of it.
pub(super) fn before(text: &str, at: usize, characters: usize) -> &str {
    let mut start = at;
    for _ in 0..characters {
        match previous(text, start) {
            Some((_, earlier)) => start = earlier,
            None => break,
        }
    }
    &text[start..at]
}

/// The digit that a character stands for.
pub(super) fn digit(c: char) -> Option<u8> {
    fold(c).to_digit(10).and_then(|d| u8::try_from(d).ok())
}

/// The digit that a Chinese numeral stands for: 〇 to 九, their formal forms, and 幺.
pub(super) fn han_digit(c: char) -> Option<u8> {
    Some(match c {
        '〇' | '零' | '○' => 0,
        '一' | '壹' | '幺' => 1,
        '二' | '贰' | '貳' => 2,
        '三' | '叁' | '參' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' | '陸' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

/// The digit that a character stands for which is neither ASCII, full width nor Chinese: Arabic-Indic, in circles,
/// below the line, bold.
pub(super) fn other_digit(c: char) -> Option<u8> {
    let value = match c {
        '\u{660}'..='\u{669}' => c as u32 - 0x660,
        '\u{6F0}'..='\u{6F9}' => c as u32 - 0x6F0,
        '₀'..='₉' => c as u32 - 0x2080,
        '⓪' | '⓿' => 0,
        '①'..='⑨' => c as u32 - 0x245F,
        '❶'..='❾' => c as u32 - 0x2775,
        '➀'..='➈' => c as u32 - 0x277F,
        '➊'..='➒' => c as u32 - 0x2789,
        '\u{1D7CE}'..='\u{1D7FF}' => (c as u32 - 0x1D7CE) % 10,
        _ => return None,
    };
    u8::try_from(value).ok()
}

/// Where a word ends that starts at a place, in capitals or not, full width or not.
pub(super) fn skip_word(text: &str, mut at: usize, word: &str) -> Option<usize> {
    for expected in word.chars() {
        let (c, after) = next(text, at)?;
        if !c.eq_ignore_ascii_case(&expected) {
            return None;
        }
        at = after;
    }
    Some(at)
}

/// Where the spaces that start at a place end.
pub(super) fn skip_spaces(text: &str, mut at: usize) -> usize {
    while let Some((' ', after)) = next(text, at) {
        at = after;
    }
    at
}

/// The first so many characters of a text; none when it is shorter.
pub(super) fn head(text: &str, characters: usize) -> Option<&str> {
    let mut end = 0;
    for _ in 0..characters {
        end += text[end..].chars().next()?.len_utf8();
    }
    Some(&text[..end])
}

/// A Chinese character.
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{20000}'..='\u{3134F}' | '〇')
}

/// A character that shows nothing of its own: zero-width spaces and joiners, the soft hyphen, the byte order mark,
/// the key that a digit before it is drawn on.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}' | '\u{FE0F}' | '\u{20E3}'
    )
}
