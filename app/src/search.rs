//! Finding places, indicators and datasets by Chinese, pinyin, initials, English or code.

use contract::{Level, Localised, text::Language};

use crate::{published::Snapshot, site::Page};

/// Something that can be found.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Title, in both languages.
    pub title: Localised,
    /// What it belongs to: the parent of a place, the dataset of an indicator.
    pub context: Localised,
    /// Its page.
    pub page: Page,
    /// The indicator that the page shows.
    pub indicator: Option<String>,
    /// The level of a place.
    pub level: Option<Level>,
    /// Texts that it answers to, normalised.
    keys: Vec<String>,
    /// Initials of pinyin and of English words.
    initials: Vec<String>,
}

/// Everything that a snapshot's search box finds.
pub fn index(snapshot: &Snapshot) -> Vec<Entry> {
    let nothing = Localised::default();
    let mut entries = Vec::new();
    for dataset in &snapshot.manifest.datasets {
        entries.push(Entry {
            keys: keys(&dataset.title, &[&dataset.id]),
            initials: initials(&[&dataset.title.en]),
            title: dataset.title.clone(),
            context: nothing.clone(),
            page: Page::Dataset(dataset.id.clone()),
            indicator: None,
            level: None,
        });
        entries.extend(dataset.indicators.iter().map(|indicator| Entry {
            keys: keys(&indicator.title, &[&indicator.id]),
            initials: initials(&[&indicator.title.en]),
            title: indicator.title.clone(),
            context: dataset.title.clone(),
            page: Page::Dataset(dataset.id.clone()),
            indicator: Some(indicator.id.clone()),
            level: None,
        }));
    }
    entries.extend(snapshot.places.values().map(|place| {
        let parent = place.parent.as_ref().and_then(|it| snapshot.places.get(it));
        let pinyin = place.pinyin.as_str();
        Entry {
            keys: keys(&place.name, &[&place.code, pinyin]),
            initials: initials(&[pinyin, &place.name.en]),
            title: place.name.clone(),
            context: parent.map_or_else(Localised::default, |parent| parent.name.clone()),
            page: Page::Place(place.code.clone()),
            indicator: None,
            level: Some(place.level),
        }
    }));
    entries
}

fn keys(title: &Localised, more: &[&str]) -> Vec<String> {
    let texts = [title.zh.as_str(), title.en.as_str()];
    let keys = texts.into_iter().chain(more.iter().copied());
    keys.map(normalised).filter(|key| !key.is_empty()).collect()
}

fn initials(texts: &[&str]) -> Vec<String> {
    let of = |text: &&str| -> String {
        text.split(|c: char| !c.is_alphanumeric())
            .filter_map(|word| word.chars().next())
            .flat_map(char::to_lowercase)
            .collect()
    };
    let initials = texts.iter().map(of);
    initials.filter(|text| text.chars().count() > 1).collect()
}

/// Lower case, half width, nothing but letters and digits.
fn normalised(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            _ => c,
        })
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// What a query finds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// The best of it, the best first.
    pub entries: Vec<Entry>,
    /// Whether there is more.
    pub more: bool,
    /// Whether the first one is meant: it alone is found, or it alone is called just that.
    pub sure: bool,
}

/// The best of what a query finds. Every word of the query must be found.
pub fn find(entries: &[Entry], query: &str, most: usize) -> Found {
    let words: Vec<String> = query
        .split_whitespace()
        .map(normalised)
        .filter(|word| !word.is_empty())
        .collect();
    if words.is_empty() {
        return Found::default();
    }
    let joined = words.concat();
    let mut found: Vec<(u32, usize, &Entry)> = entries
        .iter()
        .enumerate()
        .filter_map(|(at, entry)| {
            // "xing qing" is one name in two words.
            let score = score(entry, &joined).or_else(|| {
                let scores: Option<Vec<u32>> =
                    words.iter().map(|word| score(entry, word)).collect();
                scores.and_then(|scores| scores.into_iter().max())
            })?;
            Some((score, at, entry))
        })
        .collect();
    // Wider places before narrower ones of the same merit; the rest keeps its order.
    charts::order::by_key(&mut found, |(score, at, entry)| (*score, entry.level, *at));
    let rivals = match found.first() {
        Some((0, ..)) => found.iter().filter(|it| it.0 == 0).count(),
        _ => found.len(),
    };
    let best = found.iter().take(most);
    Found {
        entries: best.map(|(.., entry)| (*entry).clone()).collect(),
        more: found.len() > most,
        sure: rivals == 1,
    }
}

/// How well an entry answers to a word: less is better, none is not at all.
fn score(entry: &Entry, word: &str) -> Option<u32> {
    let by_key = entry.keys.iter().filter_map(|key| {
        if key == word {
            Some(0)
        } else if key.starts_with(word) {
            Some(1)
        } else if key.contains(word) {
            Some(3)
        } else {
            None
        }
    });
    let by_initials = entry.initials.iter().filter_map(|initials| {
        if initials == word {
            Some(1)
        } else if word.len() > 1 && initials.starts_with(word) {
            Some(2)
        } else {
            None
        }
    });
    by_key.chain(by_initials).min()
}

/// The title of an entry, with its context.
pub fn said(entry: &Entry, language: Language) -> (String, String) {
    let context = entry.context.get(language).to_owned();
    (entry.title.get(language).to_owned(), context)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(zh: &str, en: &str, code: &str, pinyin: &str, level: Option<Level>) -> Entry {
        let title = Localised::new(zh, en);
        Entry {
            keys: keys(&title, &[code, pinyin]),
            initials: initials(&[pinyin, en]),
            title,
            context: Localised::default(),
            page: Page::Place(code.to_owned()),
            indicator: None,
            level,
        }
    }

    #[test]
    fn a_place_is_found_however_it_is_written() {
        let entries = [
            entry("响应率", "Response rate", "response_rate", "", None),
            entry(
                "兴庆区",
                "Xingqing District",
                "640104",
                "xing qing qu",
                Some(Level::District),
            ),
            entry(
                "兴庆花园社区",
                "Xingqing Garden Community",
                "640104001001",
                "xing qing hua yuan she qu",
                Some(Level::Community),
            ),
        ];
        for (query, first) in [
            ("兴庆", "640104"),
            ("xingqing", "640104"),
            ("XING QING qu", "640104"),
            ("xqq", "640104"),
            ("xqhysq", "640104001001"),
            ("garden", "640104001001"),
            ("640104001001", "640104001001"),
            ("６４０１０４", "640104"),
            ("社区 兴庆", "640104001001"),
            ("response", "response_rate"),
            ("rr", "response_rate"),
        ] {
            let found = find(&entries, query, 5).entries;
            let page = found.first().map(|entry| entry.page.clone());
            assert_eq!(page, Some(Page::Place(first.to_owned())), "{query}");
        }
        for query in ["", "  ", "金凤", "<script>x"] {
            assert_eq!(find(&entries, query, 5), Found::default(), "{query}");
        }
        for (query, sure) in [
            ("响应率", true),
            ("640104", true),
            ("兴庆区", true),
            ("xqhysq", true),
            ("xq", false),
            ("兴庆", false),
            ("xingqing", false),
        ] {
            assert_eq!(find(&entries, query, 5).sure, sure, "{query}");
        }
        let found = find(&entries, "兴庆", 1);
        assert_eq!((found.entries.len(), found.more), (1, true));
        assert!(!find(&entries, "兴庆", 2).more);
    }
}
