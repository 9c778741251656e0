//! The languages as Rust.

use std::fmt::Write;

use crate::{Citation, Facts, Locale, Scale, Wording};

/// The table of languages of `contract`: `LOCALES` and the constants of `Language`.
pub fn languages(locales: &[Locale]) -> String {
    let (mut entries, mut constants) = (String::new(), String::new());
    for (at, locale) in locales.iter().enumerate() {
        entries += &entry(locale);
        let name = locale.tag.to_uppercase().replace('-', "_");
        let _ = writeln!(
            constants,
            "    /// {}, `{}`.\n    pub const {name}: Self = Self({at});",
            locale.facts.name, locale.tag
        );
    }
    let every: Vec<String> = (0..locales.len()).map(|at| format!("Self({at})")).collect();
    let (count, every) = (locales.len(), every.join(", "));
    format!(
        "static LOCALES: [Locale; {count}] = [\n{entries}];\n\nimpl Language {{\n{constants}    /// Every language, the first one first.\n    pub const ALL: [Self; {count}] = [{every}];\n}}\n"
    )
}

fn entry(locale: &Locale) -> String {
    let Facts {
        name,
        switch,
        wording,
        citation,
        writing,
        numbers,
        dates,
        chart,
        ..
    } = &locale.facts;
    let wording = match wording {
        Wording::Zh => "Zh",
        Wording::En => "En",
    };
    let citation = match citation {
        Citation::GbT7714 => "GbT7714",
        Citation::Apa => "Apa",
    };
    let scales = |scales: &[Scale]| {
        let written = scales
            .iter()
            .map(|it| format!("({}, {:?})", it.from, it.sign));
        format!("&[{}]", written.collect::<Vec<_>>().join(", "))
    };
    format!(
        "    Locale {{\n        tag: {:?},\n        name: {name:?},\n        switch: {switch:?},\n        wording: Wording::{wording},\n        citation: Citation::{citation},\n        \
         writing: Writing {{ list: {:?}, colon: {:?}, aside: {:?}, sentences: {:?}, one_stands_alone: {:?} }},\n        \
         numbers: Numbers {{ decimal: {:?}, group: {:?}, percent: {:?}, hour: {:?}, day: {:?}, yuan: {:?}, yuan_scaled: {:?}, square_metre: {:?}, scales: {}, yuan_scales: {} }},\n        \
         dates: Dates {{ year: {:?}, quarter: {:?}, month: {:?}, day: {:?}, months: {:?} }},\n        \
         chart: Chart {{ empty: {:?}, schematic: {:?}, share_of_all: {:?} }},\n    }},\n",
        locale.tag,
        writing.list,
        writing.colon,
        writing.aside,
        writing.sentences,
        writing.one_stands_alone,
        numbers.decimal,
        numbers.group,
        numbers.percent,
        numbers.hour,
        numbers.day,
        numbers.yuan,
        numbers.yuan_scaled,
        numbers.square_metre,
        scales(&numbers.scales),
        scales(&numbers.yuan_scales),
        dates.year,
        dates.quarter,
        dates.month,
        dates.day,
        dates.months,
        chart.empty,
        chart.schematic,
        chart.share_of_all,
    )
}

/// The constants of `Message` in `views`: each holds its text in every language, in their order.
pub fn messages(locales: &[Locale]) -> String {
    let keys = locales.first().into_iter().flat_map(|it| it.texts.keys());
    let mut constants = String::new();
    for key in keys {
        let texts: Vec<&str> = locales
            .iter()
            .map(|it| it.texts.get(key).map_or("", String::as_str))
            .collect();
        let _ = writeln!(
            constants,
            "    /// {:?}\n    pub const {}: Self = Self(&{texts:?});",
            texts.get(1).or(texts.first()).unwrap_or(&""),
            variant(key)
        );
    }
    format!("#[allow(non_upper_case_globals)]\nimpl Message {{\n{constants}}}\n")
}

/// `data.chart_title` → `DataChartTitle`.
pub(crate) fn variant(key: &str) -> String {
    key.split(['.', '_'])
        .map(|word| {
            let (first, rest) = word.split_at(word.len().min(1));
            first.to_ascii_uppercase() + rest
        })
        .collect()
}
