//! Which notes a snapshot carries, which depends on its id, and how the feed tells them.

use contract::{
    Language, Localised,
    notes::{Note, NoteKind},
    snapshot::{Manifest, Release},
};

use super::{Published, feed::escaped};
use crate::notes::Notes;

/// The publisher's notes, and what has been published of them.
pub(super) struct Reasons<'a> {
    /// What the publisher's file says.
    pub(super) notes: &'a Notes,
    /// What is published so far, the oldest first.
    pub(super) releases: &'a [Release],
    /// The notes of the last snapshot.
    pub(super) last: &'a [Note],
}

impl Reasons<'_> {
    /// The snapshots so far, and one that may be among them.
    fn ids<'b>(&'b self, id: &'b str) -> Vec<&'b str> {
        let mut ids: Vec<&str> = self.releases.iter().map(|r| r.snapshot.as_str()).collect();
        if !ids.contains(&id) {
            ids.push(id);
        }
        ids
    }

    /// What the snapshot of an id says.
    pub(super) fn with(&self, id: &str) -> Vec<Note> {
        self.notes.of(&self.ids(id), self.last)
    }

    /// Says which snapshot it is, and what its notes are.
    pub(super) fn tell(&self, done: &mut Published, id: String) {
        let all = self.with(&id);
        done.notes = all.iter().filter(|note| note.snapshot == id).count();
        let ids = self.ids(&id);
        done.notes_of_the_first = ids.first().map_or(0, |first| self.notes.about(first));
        done.notes_wait_for = self.notes.waiting(&ids);
        done.id = id;
    }
}

/// Why a release differs from the one before, as HTML in both languages.
pub(super) fn html(release: &Release, newest: &Manifest) -> String {
    let notes = || {
        let all = newest.notes.iter();
        all.filter(|note| note.snapshot == release.snapshot)
    };
    if notes().next().is_none() {
        return "<p lang=\"zh-CN\">发布方没有说明变更原因。</p>\
                <p lang=\"en\">The publisher gave no reason for what changed.</p>"
            .to_owned();
    }
    Language::ALL
        .map(|language| {
            let items: String = notes().map(|note| item(note, newest, language)).collect();
            format!("<ul lang=\"{}\">{items}</ul>", language.tag())
        })
        .concat()
}

fn item(note: &Note, newest: &Manifest, language: Language) -> String {
    // What was withdrawn since has no title any more.
    let dataset = newest.dataset(&note.dataset);
    let title = dataset.map_or(note.dataset.as_str(), |it| it.title.get(language));
    let colon = language.locale().writing.colon;
    let indicators: Vec<&str> = note
        .indicators
        .iter()
        .map(|id| {
            let mut all = dataset.iter().flat_map(|it| &it.indicators);
            let found = all.find(|it| it.id == *id);
            found.map_or(id.as_str(), |it| it.title.get(language))
        })
        .collect();
    let about = [
        title.to_owned(),
        language.list(&indicators),
        note.period.map_or_else(String::new, |it| it.to_string()),
    ];
    let about: Vec<String> = about.into_iter().filter(|it| !it.is_empty()).collect();
    format!(
        "<li><b>{}</b> · {}{colon}{}</li>",
        kind(note.kind).get(language),
        escaped(&about.join(" · ")),
        escaped(note.text.get(language))
    )
}

/// What kind of change it was, as feed readers show it.
fn kind(kind: NoteKind) -> Localised {
    let (zh, en) = match kind {
        NoteKind::Correction => ("更正", "Correction"),
        NoteKind::LateData => ("补报数据", "Late data"),
        NoteKind::Revision => ("例行修订", "Routine revision"),
        NoteKind::Method => ("口径变更", "Method change"),
        NoteKind::Boundaries => ("区划调整", "Boundary change"),
        NoteKind::Protection => ("隐私保护", "Protection of people"),
        NoteKind::Addition => ("新增", "Addition"),
        NoteKind::Withdrawal => ("撤下", "Withdrawal"),
    };
    Localised::new(zh, en)
}
