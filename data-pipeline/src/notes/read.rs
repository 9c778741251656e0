//! Reading `notes.toml`. Every value is looked at by hand: serde's messages repeat what they do not expect, and a text
//! in the wrong place may hold what must not stand in a log.

use std::{collections::BTreeMap, ops::Range};

use contract::{
    Localised, Wording,
    notes::{NOTE_CHARACTERS, NOTES_FORMAT, Note, NoteKind, is_snapshot_id},
};
use disclosure::pii::{self, Kind};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    Entry,
    problem::{Expected, Located, Problem, Quoted},
};
use crate::values::printable;

/// The entries of a file, or everything that is wrong with it.
pub(super) fn entries(text: &str) -> Result<Vec<Entry>, Vec<Located>> {
    let line = |at: usize| 1 + text.bytes().take(at).filter(|b| *b == b'\n').count();
    let of_file = |at: usize, problem: Problem| Located {
        line: line(at),
        entry: None,
        problem,
    };
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        // Messages of the grammar quote no values; keys, which they may quote, could be anything.
        let why = match pii::scan(error.message()).next() {
            None => error.message().lines().next().unwrap_or_default(),
            Some(_) => "",
        };
        vec![of_file(at, Problem::NotToml(printable(why)))]
    })?;
    let mut problems = Vec::new();
    let mut found = Vec::new();
    let table = table.into_inner();
    let format = table.get("format").map(Spanned::get_ref);
    let format = format.and_then(DeValue::as_integer);
    if format.is_none_or(|it| it.as_str() != NOTES_FORMAT.to_string()) {
        problems.push(of_file(0, Problem::Format));
    }
    for (name, value) in &table {
        match (name.get_ref().as_ref(), value.get_ref().as_array()) {
            ("format", _) => {}
            ("note", Some(list)) => found.extend(list.iter()),
            ("note", None) => problems.push(of_file(
                name.span().start,
                Problem::Type("note", Expected::Entries),
            )),
            (other, _) => {
                let problem = Problem::UnknownField(Quoted::new(other));
                problems.push(of_file(name.span().start, problem));
            }
        }
    }
    let mut entries: Vec<Entry> = Vec::new();
    for (number, value) in (1..).zip(found) {
        let begins = value.span().start;
        let mut reader = Reader {
            begins,
            problems: Vec::new(),
        };
        let note = match value.get_ref().as_table() {
            Some(table) => reader.note(table),
            None => {
                reader.say(value.span(), Problem::Type("note", Expected::Entries));
                None
            }
        };
        if let Some(note) = note {
            let twice = entries.iter().find(|it| it.note.is_about_the_same(&note));
            match twice {
                Some(earlier) => reader.say(value.span(), Problem::Twice(earlier.number)),
                None => entries.push(Entry {
                    number,
                    line: line(begins),
                    note,
                }),
            }
        }
        problems.extend(reader.problems.into_iter().map(|(at, problem)| Located {
            line: line(at),
            entry: Some(number),
            problem,
        }));
    }
    if problems.is_empty() {
        Ok(entries)
    } else {
        Err(problems)
    }
}

type Value<'i> = Spanned<DeValue<'i>>;

/// Reads one entry, and remembers what is wrong with it.
struct Reader {
    /// Where the entry begins, in bytes.
    begins: usize,
    problems: Vec<(usize, Problem)>,
}

impl Reader {
    fn say(&mut self, at: Range<usize>, problem: Problem) {
        self.problems.push((at.start, problem));
    }

    fn missing(&mut self, problem: Problem) {
        self.problems.push((self.begins, problem));
    }

    /// The note, when nothing is wrong with it.
    fn note(&mut self, table: &DeTable<'_>) -> Option<Note> {
        const FIELDS: [&str; 6] = [
            "snapshot",
            "dataset",
            "indicators",
            "period",
            "kind",
            "text",
        ];
        for name in table.keys() {
            if !FIELDS.contains(&name.get_ref().as_ref()) {
                self.say(
                    name.span(),
                    Problem::UnknownField(Quoted::new(name.get_ref())),
                );
            }
        }
        let snapshot = self.needed(table, "snapshot", |reader, value, text| {
            let is_id = is_snapshot_id(text);
            if !is_id {
                reader.say(value.span(), Problem::Snapshot);
            }
            is_id.then(|| text.to_owned())
        });
        let dataset = self.needed(table, "dataset", |_, _, text| Some(text.to_owned()));
        let kind = self.needed(table, "kind", |reader, value, text| {
            let kind = NoteKind::from_name(text);
            if kind.is_none() {
                reader.say(value.span(), Problem::Kind);
            }
            kind
        });
        let indicators = table
            .get("indicators")
            .map_or_else(Vec::new, |it| self.list(it));
        let period = table.get("period").and_then(|value| {
            let period = value.get_ref().as_str().and_then(|it| it.parse().ok());
            if period.is_none() {
                self.say(value.span(), Problem::Period);
            }
            period
        });
        let text = match table.get("text") {
            None => {
                self.missing(Problem::Missing("text"));
                None
            }
            Some(value) => self.text(value),
        };
        let note = Note {
            snapshot: snapshot?,
            dataset: dataset?,
            indicators,
            period,
            kind: kind?,
            text: text?,
        };
        self.problems.is_empty().then_some(note)
    }

    /// A field that has to be there, and to be text.
    fn needed<T>(
        &mut self,
        table: &DeTable<'_>,
        field: &'static str,
        read: impl FnOnce(&mut Self, &Value<'_>, &str) -> Option<T>,
    ) -> Option<T> {
        let Some(value) = table.get(field) else {
            self.missing(Problem::Missing(field));
            return None;
        };
        let Some(text) = value.get_ref().as_str() else {
            self.say(value.span(), Problem::Type(field, Expected::Text));
            return None;
        };
        read(self, value, text)
    }

    fn list(&mut self, value: &Value<'_>) -> Vec<String> {
        let items = value.get_ref().as_array();
        let texts = items.and_then(|items| {
            let items = items.iter();
            items
                .map(|item| item.get_ref().as_str().map(str::to_owned))
                .collect::<Option<Vec<_>>>()
        });
        texts.unwrap_or_else(|| {
            self.say(value.span(), Problem::Type("indicators", Expected::Texts));
            Vec::new()
        })
    }

    fn text(&mut self, value: &Value<'_>) -> Option<Localised> {
        let Some(table) = value.get_ref().as_table() else {
            self.say(value.span(), Problem::Type("text", Expected::Localised));
            return None;
        };
        for name in table.keys() {
            if !["zh", "en"].contains(&name.get_ref().as_ref()) {
                self.say(name.span(), Problem::Type("text", Expected::Localised));
            }
        }
        let mut one = |language, field| {
            let found = table.get(field);
            let at = found.map_or(value.span(), Spanned::span);
            let text = found
                .and_then(|it| it.get_ref().as_str())
                .unwrap_or_default();
            let text = text.trim();
            for problem in wrong(language, text) {
                self.say(at.clone(), problem);
            }
            text.to_owned()
        };
        let zh = one(Wording::Zh, "zh");
        let en = one(Wording::En, "en");
        Some(Localised { zh, en })
    }
}

/// What is wrong with a text.
fn wrong(language: Wording, text: &str) -> Vec<Problem> {
    if text.is_empty() {
        return vec![Problem::NoText(language)];
    }
    let mut problems = Vec::new();
    let characters = text.chars().count();
    if characters > NOTE_CHARACTERS {
        problems.push(Problem::TooLong(language, characters));
    }
    if printable(text) != text {
        problems.push(Problem::Control(language));
    }
    let mut kinds: BTreeMap<Kind, usize> = BTreeMap::new();
    for finding in pii::scan(text) {
        *kinds.entry(finding.kind).or_default() += 1;
    }
    if !kinds.is_empty() {
        problems.push(Problem::Personal(language, kinds.into_iter().collect()));
    }
    problems
}
