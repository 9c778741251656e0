//! Citations of a view, pinned to its snapshot. What a style says in words is said in the language of the page.

use contract::{Granularity, Period, language::Citation, text::Language};

use crate::messages::{Message, text};

/// What a citation names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Of the page.
    pub language: Language,
    /// Who publishes.
    pub publisher: String,
    /// Title of what is cited, with the snapshot.
    pub title: String,
    /// Day of the snapshot, `YYYY-MM-DD`.
    pub date: String,
    /// Snapshot id.
    pub snapshot: String,
    /// What it is of, within the snapshot: dataset and indicator, where it is of one.
    pub of: Vec<String>,
    /// Address, pinned to the snapshot.
    pub url: String,
    /// Day of access, `YYYY-MM-DD`.
    pub accessed: String,
}

impl Work {
    fn year(&self) -> &str {
        self.date.split('-').next().unwrap_or_default()
    }
}

/// The day of a snapshot, by its id: that of its entry in the feed, the first after the month that it reaches. None
/// of an id of another form.
pub fn day(snapshot: &str) -> Option<String> {
    let (month, _) = snapshot.rsplit_once("-r")?;
    let next = month.parse::<Period>().ok()?.shifted(1);
    (next.granularity() == Granularity::Month).then(|| format!("{next}-01"))
}

/// In the style that the readers of the page's language use first.
pub fn first(work: &Work) -> String {
    match work.language.locale().citation {
        Citation::GbT7714 => gb_t_7714(work),
        Citation::Apa => apa(work),
    }
}

/// After the Publication Manual of the APA, 7th edition, section 10.9 (data sets).
pub fn apa(work: &Work) -> String {
    let Work {
        publisher,
        title,
        snapshot,
        url,
        ..
    } = work;
    let year = work.year();
    let edition = text(work.language, Message::CiteEdition);
    let form = text(work.language, Message::CiteForm);
    format!("{publisher}. ({year}). {title} ({edition} {snapshot}) [{form}]. {url}")
}

/// After GB/T 7714-2015, section 4.6: a data set online, `[DS/OL]`, with the day of the snapshot and the day of
/// access.
pub fn gb_t_7714(work: &Work) -> String {
    let Work {
        publisher,
        title,
        date,
        snapshot,
        url,
        accessed,
        ..
    } = work;
    let edition = text(work.language, Message::CiteEditionWithin);
    format!("{publisher}. {title}: {edition} {snapshot}[DS/OL]. ({date})[{accessed}]. {url}.")
}

/// A BibTeX entry.
pub fn bibtex(work: &Work) -> String {
    let Work {
        publisher,
        title,
        snapshot,
        url,
        accessed,
        ..
    } = work;
    let year = work.year();
    let [publisher, title, snapshot] = [publisher, title, snapshot].map(|text| escaped(text));
    // Letters, digits and hyphens mean nothing to any program that reads keys.
    let mut key = String::from("mingshi");
    for (at, part) in std::iter::once(&work.snapshot).chain(&work.of).enumerate() {
        key.extend((at > 0).then_some('-'));
        key.extend(part.chars().filter(char::is_ascii_alphanumeric));
    }
    format!(
        "@misc{{{key},\n  author = {{{{{publisher}}}}},\n  title = {{{title}}},\n  year = {{{year}}},\n  version = {{{snapshot}}},\n  url = {{{url}}},\n  urldate = {{{accessed}}},\n}}"
    )
}

/// Characters that mean something to TeX.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '&' | '%' | '$' | '#' | '_' | '{' | '}') {
            safe.push('\\');
        }
        match character {
            '\\' => safe.push_str("\\textbackslash{}"),
            _ => safe.push(character),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_styles() {
        let work = Work {
            language: Language::EN,
            publisher: "The City & Co".to_owned(),
            title: "Response rate".to_owned(),
            date: "2021-01-01".to_owned(),
            snapshot: "2020-12-r1".to_owned(),
            of: vec!["whistle".to_owned(), "response_rate".to_owned()],
            url: "https://portal.example/en/data/whistle?snapshot=2020-12-r1".to_owned(),
            accessed: "2021-01-11".to_owned(),
        };
        assert_eq!(
            apa(&work),
            "The City & Co. (2021). Response rate (Snapshot 2020-12-r1) [Data set]. https://portal.example/en/data/whistle?snapshot=2020-12-r1"
        );
        assert_eq!(
            gb_t_7714(&work),
            "The City & Co. Response rate: snapshot 2020-12-r1[DS/OL]. (2021-01-01)[2021-01-11]. https://portal.example/en/data/whistle?snapshot=2020-12-r1."
        );
        let bib = bibtex(&work);
        assert!(
            bib.starts_with("@misc{mingshi202012r1-whistle-responserate,")
                && bib.contains("The City \\& Co")
        );
        assert!(bib.contains("year = {2021}"));
        let whole = Work {
            of: Vec::new(),
            ..work
        };
        assert!(bibtex(&whole).starts_with("@misc{mingshi202012r1,"));
    }

    #[test]
    fn a_snapshot_has_the_day_of_its_entry_in_the_feed() {
        for (id, date) in [
            ("2020-11-r1", Some("2020-12-01")),
            ("2020-12-r2", Some("2021-01-01")),
            ("2020-r1", None),
            ("newest", None),
        ] {
            assert_eq!(day(id).as_deref(), date, "{id}");
        }
    }

    #[test]
    fn a_chinese_page_cites_in_chinese() {
        let work = Work {
            language: Language::ZH_CN,
            publisher: "某市".to_owned(),
            title: "响应率".to_owned(),
            date: "2021-01-01".to_owned(),
            snapshot: "2020-12-r1".to_owned(),
            of: Vec::new(),
            url: "https://portal.example/zh-CN/".to_owned(),
            accessed: "2021-01-11".to_owned(),
        };
        assert_eq!(
            gb_t_7714(&work),
            "某市. 响应率: 快照 2020-12-r1[DS/OL]. (2021-01-01)[2021-01-11]. https://portal.example/zh-CN/."
        );
        assert_eq!(
            apa(&work),
            "某市. (2021). 响应率 (快照 2020-12-r1) [数据集]. https://portal.example/zh-CN/"
        );
    }
}
