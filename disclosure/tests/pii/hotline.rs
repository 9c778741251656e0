//! Sentences as complainants and clerks write them: what is found in them, what is known to be missed, and what holds
//! nothing personal. All people, numbers and accounts in them are invented.

use std::collections::BTreeMap;

use disclosure::pii::{Kind, scan};

/// One line of a list: a kind, and a sentence in which `⟦ ⟧` mark the value.
struct Line {
    kind: Kind,
    text: String,
    found: bool,
}

fn lines(list: &str) -> Vec<Line> {
    list.lines()
        .map(|line| {
            let (kind, sentence) = line.split_once('\t').expect("a kind and a sentence");
            let kind = Kind::ALL
                .into_iter()
                .find(|it| format!("{it:?}") == kind)
                .expect("a kind");
            let sentence = sentence.replace("\\n", "\n");
            let (before, rest) = sentence.split_once('⟦').expect("a mark");
            let (value, after) = rest.split_once('⟧').expect("its end");
            let text = format!("{before}{value}{after}");
            let place = before.len()..before.len() + value.len();
            let found = scan(&text)
                .any(|f| f.kind == kind && f.range.start < place.end && place.start < f.range.end);
            Line { kind, text, found }
        })
        .collect()
}

#[test]
fn what_people_write_is_found() {
    let lines = lines(include_str!("hotline/found.tsv"));
    let missed: Vec<&str> = lines
        .iter()
        .filter(|line| !line.found)
        .map(|line| line.text.as_str())
        .collect();
    let mut kinds: BTreeMap<Kind, usize> = BTreeMap::new();
    lines
        .iter()
        .for_each(|line| *kinds.entry(line.kind).or_default() += 1);
    println!("{} sentences: {kinds:?}", lines.len());
    assert!(missed.is_empty(), "missed: {missed:#?}");
}

/// The limits that the module tells of, so that they stay true.
#[test]
fn known_limits_are_still_limits() {
    let lines = lines(include_str!("hotline/limits.tsv"));
    let found: Vec<&str> = lines
        .iter()
        .filter(|line| line.found)
        .map(|line| line.text.as_str())
        .collect();
    assert!(
        found.is_empty(),
        "to be moved to the list of what is found: {found:#?}"
    );
}

#[test]
fn harmless_sentences_are_left_alone() {
    let list = include_str!("hotline/harmless.txt");
    let wrong: Vec<(Kind, &str)> = list
        .lines()
        .flat_map(|line| scan(line).map(move |f| (f.kind, line)))
        .collect();
    println!("{} sentences", list.lines().count());
    assert!(wrong.is_empty(), "{wrong:#?}");
}
