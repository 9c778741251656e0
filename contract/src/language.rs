//! The portal's languages: one for each file of `locales/`, whose table `[language]` is here as [`Locale`].

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A language of the portal, written by its BCP 47 tag, as in a URL and in HTML's `lang`. The default is the first.
///
/// No program knows its languages by name: what differs between them stands in their [`Locale`]s.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Language(u8);

/// How a language writes. Patterns hold `{names}` for [`fill`].
#[derive(Debug)]
pub struct Locale {
    /// BCP 47 tag: `zh-CN`.
    pub tag: &'static str,
    /// The language's own name for itself: `简体中文`.
    pub name: &'static str,
    /// The words of the link that leads to it, in itself.
    pub switch: &'static str,
    /// Which of a contract's wordings it shows.
    pub wording: Wording,
    /// The style of citation that its readers use first.
    pub citation: Citation,
    /// Signs between words.
    pub writing: Writing,
    /// Numbers and their units.
    pub numbers: Numbers,
    /// Days, months, quarters, years.
    pub dates: Dates,
    /// Words within charts.
    pub chart: Chart,
}

/// The two wordings that every contract has, and that the pipeline tells its publisher things in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wording {
    /// Chinese.
    Zh,
    /// English.
    En,
}

/// Styles of citation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Citation {
    /// GB/T 7714.
    GbT7714,
    /// APA.
    Apa,
}

/// Signs between words.
#[derive(Debug)]
pub struct Writing {
    /// Between the members of a list.
    pub list: &'static str,
    /// Before what explains.
    pub colon: &'static str,
    /// `{text}` with `{aside}` in brackets.
    pub aside: &'static str,
    /// Between two sentences.
    pub sentences: &'static str,
    /// Whether a 1 stands without the name of what is counted, because one has another name than many.
    pub one_stands_alone: bool,
}

/// Numbers and their units: each pattern holds `{number}`.
#[derive(Debug)]
pub struct Numbers {
    /// Before the part below one.
    pub decimal: &'static str,
    /// Between groups of three digits.
    pub group: &'static str,
    /// Percentages.
    pub percent: &'static str,
    /// Hours.
    pub hour: &'static str,
    /// Days.
    pub day: &'static str,
    /// Yuan.
    pub yuan: &'static str,
    /// Yuan with a scale: the number ends in the scale's sign.
    pub yuan_scaled: &'static str,
    /// Square metres.
    pub square_metre: &'static str,
    /// Divisors and their signs for large counts and areas, the smallest first.
    pub scales: &'static [(u64, &'static str)],
    /// Divisors and their signs for large sums of money, the smallest first.
    pub yuan_scales: &'static [(u64, &'static str)],
}

/// Periods and days.
#[derive(Debug)]
pub struct Dates {
    /// `{year}`.
    pub year: &'static str,
    /// `{year}` and `{quarter}`.
    pub quarter: &'static str,
    /// `{year}` and `{month}`.
    pub month: &'static str,
    /// `{year}`, `{month}` and `{day}`.
    pub day: &'static str,
    /// The months as they stand in dates.
    pub months: [&'static str; 12],
}

/// Words within charts.
#[derive(Debug)]
pub struct Chart {
    /// A chart without data.
    pub empty: &'static str,
    /// What the tiles of a tile map are not.
    pub schematic: &'static str,
    /// A count, `{value}`, and its share of the first stage, `{share}`.
    pub share_of_all: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/languages.rs"));

impl Language {
    /// How the language writes.
    pub fn locale(self) -> &'static Locale {
        &LOCALES[usize::from(self.0)]
    }

    /// Its place in [`Language::ALL`].
    pub fn position(self) -> usize {
        usize::from(self.0)
    }

    /// The BCP 47 tag: `zh-CN` or `en`.
    pub fn tag(self) -> &'static str {
        self.locale().tag
    }

    /// The language of a BCP 47 tag that the portal uses, exactly as [`Language::tag`] writes it.
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// The members of a list, with what stands between them.
    pub fn list<T: AsRef<str>>(self, members: &[T]) -> String {
        let members: Vec<&str> = members.iter().map(AsRef::as_ref).collect();
        members.join(self.locale().writing.list)
    }

    /// A text with another in brackets.
    pub fn aside(self, text: &str, aside: &str) -> String {
        fill(
            self.locale().writing.aside,
            &[("text", text), ("aside", aside)],
        )
    }

    /// What is named, and what is said of it, behind a colon.
    pub fn explained(self, name: &str, text: &str) -> String {
        [name, self.locale().writing.colon, text].concat()
    }

    /// Two sentences, one after the other.
    pub fn sentences(self, first: &str, next: &str) -> String {
        [first, self.locale().writing.sentences, next].concat()
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

impl Serialize for Language {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.tag())
    }
}

impl<'de> Deserialize<'de> for Language {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let tag = String::deserialize(deserializer)?;
        Self::from_tag(&tag).ok_or_else(|| de::Error::custom("a language that the portal has not"))
    }
}

/// A pattern with its `{names}` replaced; a name without a value leaves nothing.
pub fn fill(pattern: &str, values: &[(&str, &str)]) -> String {
    let mut rest = pattern;
    let mut filled = String::with_capacity(rest.len() + 16);
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        let value = values.iter().find(|(key, _)| *key == name);
        filled.push_str(value.map_or("", |(_, value)| *value));
        rest = after;
    }
    filled.push_str(rest);
    filled
}
