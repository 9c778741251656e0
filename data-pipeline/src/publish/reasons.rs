//! Which notes a snapshot carries: that depends on its id, which is known last.

use contract::{notes::Note, snapshot::Release};

use super::Published;
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
