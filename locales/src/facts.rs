//! How a language writes: the table `[language]` of its file.

use serde::Deserialize;

use crate::placeholders;

/// How a language writes.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// Its place among the portal's languages, from 1; the first is shown to who has not chosen.
    pub order: u32,
    /// Its own name for itself.
    pub name: String,
    /// The words of the link that leads to it, in itself.
    pub switch: String,
    /// Its name in OpenGraph's `og:locale`.
    pub open_graph: String,
    /// Which of a contract's two wordings it shows: names of places, indicators, columns.
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

/// The wordings of a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Wording {
    /// Chinese.
    Zh,
    /// English.
    En,
}

/// Styles of citation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Citation {
    /// GB/T 7714.
    #[serde(rename = "gb_t_7714")]
    GbT7714,
    /// APA.
    #[serde(rename = "apa")]
    Apa,
}

/// Signs between words.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Writing {
    /// Between the members of a list.
    pub list: String,
    /// Before what explains.
    pub colon: String,
    /// A text with another in brackets: `{text}`, `{aside}`.
    pub aside: String,
    /// Between two sentences.
    pub sentences: String,
    /// Whether a 1 stands without the name of what is counted, because one has another name than many.
    pub one_stands_alone: bool,
}

/// Numbers and their units. Each pattern holds `{number}`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Numbers {
    /// Before the part below one.
    pub decimal: String,
    /// Between groups of three digits.
    pub group: String,
    /// Percentages.
    pub percent: String,
    /// Hours.
    pub hour: String,
    /// Days.
    pub day: String,
    /// Yuan.
    pub yuan: String,
    /// Yuan with a scale: the number ends in the scale's sign.
    pub yuan_scaled: String,
    /// Square metres.
    pub square_metre: String,
    /// What large counts and areas are written in, the smallest first.
    pub scales: Vec<Scale>,
    /// What large sums of money are written in, the smallest first.
    pub yuan_scales: Vec<Scale>,
}

/// A sign that stands for a power of ten.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    /// The least size that is written with it, and what is divided by.
    pub from: u64,
    /// Its sign, behind the digits.
    pub sign: String,
}

/// Periods and days.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dates {
    /// `{year}`.
    pub year: String,
    /// `{year}` and `{quarter}`, 1 to 4.
    pub quarter: String,
    /// `{year}` and `{month}`.
    pub month: String,
    /// `{year}`, `{month}` and `{day}`.
    pub day: String,
    /// The months as they stand in dates.
    pub months: [String; 12],
}

/// Words within charts.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chart {
    /// A chart without data.
    pub empty: String,
    /// What the tiles of a tile map are not.
    pub schematic: String,
    /// A count, `{value}`, and its share of the first stage, `{share}`.
    pub share_of_all: String,
}

impl Facts {
    /// What does not fit in the patterns.
    pub(crate) fn faults(&self) -> Vec<String> {
        let Self {
            writing,
            numbers,
            dates,
            chart,
            ..
        } = self;
        let number = &["number"][..];
        let patterns = [
            ("writing.aside", &writing.aside, &["aside", "text"][..]),
            ("numbers.percent", &numbers.percent, number),
            ("numbers.hour", &numbers.hour, number),
            ("numbers.day", &numbers.day, number),
            ("numbers.yuan", &numbers.yuan, number),
            ("numbers.yuan_scaled", &numbers.yuan_scaled, number),
            ("numbers.square_metre", &numbers.square_metre, number),
            ("dates.year", &dates.year, &["year"]),
            ("dates.quarter", &dates.quarter, &["quarter", "year"]),
            ("dates.month", &dates.month, &["month", "year"]),
            ("dates.day", &dates.day, &["day", "month", "year"]),
            (
                "chart.share_of_all",
                &chart.share_of_all,
                &["share", "value"],
            ),
        ];
        let mut faults: Vec<String> = patterns
            .into_iter()
            .filter(|(_, pattern, names)| !placeholders(pattern).iter().eq(names.iter()))
            .map(|(key, _, names)| {
                let names: Vec<String> = names.iter().map(|name| format!("{{{name}}}")).collect();
                format!(
                    "language.{key} has to hold {}, and no other placeholder",
                    names.join(" and ")
                )
            })
            .collect();
        for (key, scales) in [
            ("scales", &numbers.scales),
            ("yuan_scales", &numbers.yuan_scales),
        ] {
            let rising = scales.is_sorted_by(|a, b| a.from < b.from);
            if !rising || scales.iter().any(|it| it.from < 2) {
                faults.push(format!(
                    "language.numbers.{key}: put the smallest `from` first, none below 2"
                ));
            }
        }
        faults
    }
}
