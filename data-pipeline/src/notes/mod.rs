//! Why something changed, in the publisher's words: `notes.toml`, checked before anything is published.
//!
//! What was published once stays in every later manifest, whatever becomes of the file: entries may be deleted from it
//! afterwards, and an entry about the same change replaces the earlier words from the next snapshot on.
//!
//! | module | holds |
//! |---|---|
//! | [`problem`] | what is wrong with a file, for the people who write it |
//! | [`read`] | TOML in, entries out; texts are searched for personal data |

mod problem;
mod read;
#[cfg(test)]
mod tests;

use std::{
    fs,
    path::{Path, PathBuf},
};

use contract::{
    notes::{Note, NoteKind},
    snapshot::Manifest,
};
pub use problem::{Expected, Located, NotesError, Problem, Quoted};

use crate::portal::Instance;

/// Name of the file beside `portal.toml`.
pub const FILE: &str = "notes.toml";

/// How alike the name of an indicator must be to be proposed, between 0 and 1.
const ALIKE: f64 = 0.6;

/// The notes of a publisher: well formed, and free of what looks like personal data.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    path: PathBuf,
    entries: Vec<Entry>,
}

/// One entry of the file.
#[derive(Clone, Debug)]
struct Entry {
    /// Its number, from 1.
    number: usize,
    /// The line on which it begins, from 1.
    line: usize,
    note: Note,
}

impl Notes {
    /// Reads a file of notes.
    ///
    /// # Errors
    /// When the file cannot be read, or says what cannot be published: everything that is wrong at once.
    pub fn read(path: &Path) -> Result<Self, NotesError> {
        let unreadable = |source| NotesError::Unreadable {
            path: path.to_owned(),
            source,
        };
        let bytes = fs::read(path).map_err(unreadable)?;
        let text = String::from_utf8(bytes).map_err(|_| {
            unreadable(std::io::Error::new(
                std::io::ErrorKind::InvalidData,
                "it is not UTF-8: save it as UTF-8",
            ))
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        match read::entries(text) {
            Ok(entries) => Ok(Self {
                path: path.to_owned(),
                entries,
            }),
            Err(problems) => Err(NotesError::Refused {
                path: path.to_owned(),
                problems,
            }),
        }
    }

    /// Reads the named file, or, where none is named, the one beside `portal.toml`, if there is one.
    ///
    /// # Errors
    /// As [`Notes::read`].
    pub fn of_portal(portal: &Path, named: Option<&Path>) -> Result<Self, NotesError> {
        let beside = portal.join(FILE);
        match named {
            Some(path) => Self::read(path),
            None if beside.exists() => Self::read(&beside),
            None => Ok(Self::default()),
        }
    }

    /// Refuses datasets and indicators that are neither declared nor in the last snapshot. Without a snapshot at hand,
    /// names that were withdrawn are taken on trust.
    ///
    /// # Errors
    /// Every name that nobody knows.
    pub fn check(&self, instance: &Instance, last: Option<&Manifest>) -> Result<(), NotesError> {
        let mut problems = Vec::new();
        for entry in &self.entries {
            let note = &entry.note;
            let published = last.is_some_and(|last| last.notes.contains(note));
            let trusted = last.is_none() && note.kind == NoteKind::Withdrawal;
            if published || trusted {
                continue;
            }
            problems.extend(
                unknown(note, instance, last)
                    .into_iter()
                    .map(|problem| Located {
                        line: entry.line,
                        entry: Some(entry.number),
                        problem,
                    }),
            );
        }
        if problems.is_empty() {
            return Ok(());
        }
        Err(NotesError::Refused {
            path: self.path.clone(),
            problems,
        })
    }

    /// What a snapshot says: the notes of the last one, in the file's words where it has others, and those that are
    /// about this snapshot or an earlier one and have not been published yet. `ids` are the snapshots so far, the
    /// oldest first, and this one. The first differs from none: notes about it are left out.
    pub fn of(&self, ids: &[&str], last: &[Note]) -> Vec<Note> {
        let mut notes = last.to_vec();
        for entry in &self.entries {
            let same = notes
                .iter_mut()
                .find(|note| note.is_about_the_same(&entry.note));
            match same {
                Some(note) => *note = entry.note.clone(),
                None => notes.push(entry.note.clone()),
            }
        }
        let place = |note: &Note| ids.iter().position(|id| *id == note.snapshot);
        notes.retain(|note| place(note) > Some(0));
        notes.sort_by_key(place);
        notes
    }

    /// How many notes are about a snapshot.
    pub fn about(&self, id: &str) -> usize {
        let about = |entry: &&Entry| entry.note.snapshot == id;
        self.entries.iter().filter(about).count()
    }

    /// The snapshots, in the order of the file, that notes are about and that are none of `ids`: their notes wait.
    pub fn waiting(&self, ids: &[&str]) -> Vec<String> {
        let mut waiting: Vec<String> = Vec::new();
        for Entry { note, .. } in &self.entries {
            if !ids.contains(&&*note.snapshot) && !waiting.contains(&note.snapshot) {
                waiting.push(note.snapshot.clone());
            }
        }
        waiting
    }
}

fn unknown(note: &Note, instance: &Instance, last: Option<&Manifest>) -> Vec<Problem> {
    let declared = instance
        .datasets
        .iter()
        .find(|it| it.contract.id == note.dataset);
    let published = last.and_then(|last| last.dataset(&note.dataset));
    if declared.is_none() && published.is_none() {
        let known = instance.datasets.iter().map(|it| it.contract.id.clone());
        let problem = Problem::Dataset(Quoted::new(&note.dataset), known.collect());
        return vec![problem];
    }
    let declared = declared.iter().flat_map(|it| &it.indicators);
    let published = published.iter().flat_map(|it| &it.indicators);
    let known: Vec<&str> = declared.chain(published).map(|it| it.id.as_str()).collect();
    let likeness = |a: &str, b: &str| strsim::normalized_damerau_levenshtein(a, b);
    let unknown = note.indicators.iter();
    let unknown = unknown.filter(|name| !known.contains(&name.as_str()));
    unknown
        .map(|name| {
            let near = known
                .iter()
                .map(|known| (likeness(name, known), *known))
                .filter(|(likeness, _)| *likeness >= ALIKE)
                .max_by(|a, b| a.0.total_cmp(&b.0));
            let near = near.map(|(_, known)| known.to_owned());
            Problem::Indicator(Quoted::new(name), near)
        })
        .collect()
}
