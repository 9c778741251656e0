//! Why something changed, in the publisher's own words: `notes.toml`, and the notes of a manifest.

use serde::{Deserialize, Serialize};

use crate::{Localised, Period, cell::names};

/// The version of the format of `notes.toml` that this crate reads.
pub const NOTES_FORMAT: u32 = 1;

/// The longest text of a note, in characters of one language.
pub const NOTE_CHARACTERS: usize = 600;

/// `notes.toml`: what a publisher says about changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Notes {
    /// [`NOTES_FORMAT`].
    pub format: u32,
    /// The notes, in the order in which readers meet them.
    #[serde(default, rename = "note")]
    pub notes: Vec<Note>,
}

/// Why one dataset, or some of its indicators, differ from the snapshot before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    // In the file no other field is accepted; a manifest may come to have more.
    schemars(deny_unknown_fields)
)]
pub struct Note {
    /// Id of the snapshot that brought the change: `YYYY-MM-rN`.
    pub snapshot: String,
    /// The dataset.
    pub dataset: String,
    /// The indicators that changed; none: the whole dataset.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indicators: Vec<String>,
    /// The month, quarter or year whose values changed; none: it is not about one period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// What kind of change it was.
    pub kind: NoteKind,
    /// The reason, in one paragraph of at most 600 characters ([`NOTE_CHARACTERS`]) in each language; it holds no personal data.
    pub text: Localised,
}

impl Note {
    /// Whether it is the reason for a change of this very indicator, not of the whole dataset.
    pub fn names(&self, indicator: &str) -> bool {
        self.indicators.iter().any(|named| named == indicator)
    }

    /// Whether two notes are about the same change, whatever they say of it.
    pub fn is_about_the_same(&self, other: &Self) -> bool {
        let of = |note: &Self| {
            let mut indicators = note.indicators.clone();
            indicators.sort_unstable();
            let (snapshot, dataset) = (note.snapshot.clone(), note.dataset.clone());
            (snapshot, dataset, indicators, note.period, note.kind)
        };
        of(self) == of(other)
    }
}

/// What kind of change a note explains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// An error was corrected.
    Correction,
    /// Rows arrived after the snapshot before was published.
    LateData,
    /// Values that were provisional have settled.
    Revision,
    /// The definition or the computation changed.
    Method,
    /// Places were founded, joined, divided or renamed.
    Boundaries,
    /// More or fewer values are withheld to protect people.
    Protection,
    /// Something new is published.
    Addition,
    /// Something is no longer published.
    Withdrawal,
}

names!(NoteKind {
    Correction => "correction",
    LateData => "late_data",
    Revision => "revision",
    Method => "method",
    Boundaries => "boundaries",
    Protection => "protection",
    Addition => "addition",
    Withdrawal => "withdrawal",
});

/// Whether a text is written as the id of a snapshot: `2020-12-r1`.
pub fn is_snapshot_id(text: &str) -> bool {
    let Some((month, revision)) = text.rsplit_once("-r") else {
        return false;
    };
    let is_month = |month: &str| {
        let period = month.parse::<Period>();
        period.is_ok_and(|it| it.granularity() == crate::Granularity::Month)
    };
    let is_number = !revision.starts_with('0') && revision.bytes().all(|b| b.is_ascii_digit());
    is_month(month) && is_number && (1..=5).contains(&revision.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_snapshots_are_told_from_months_and_other_text() {
        for id in ["2020-12-r1", "2020-01-r10"] {
            assert!(is_snapshot_id(id), "{id}");
        }
        for id in [
            "",
            "2020-12",
            "2020-12-r",
            "2020-12-r0",
            "2020-12-r01",
            "2020-13-r1",
            "2020-Q4-r1",
            "2020-r1",
            "2020-12-r1 ",
            "2020-12-rx",
            "2020-12-r123456",
        ] {
            assert!(!is_snapshot_id(id), "{id}");
        }
    }

    #[test]
    fn notes_of_one_change_are_the_same_in_other_words_and_order() {
        let note = |indicators: &[&str], kind, zh: &str| Note {
            snapshot: "2020-12-r1".to_owned(),
            dataset: "whistle".to_owned(),
            indicators: indicators.iter().map(|&it| it.to_owned()).collect(),
            period: None,
            kind,
            text: Localised::new(zh, zh),
        };
        let one = note(&["a", "b"], NoteKind::Correction, "x");
        assert!(one.is_about_the_same(&note(&["b", "a"], NoteKind::Correction, "y")));
        assert!(!one.is_about_the_same(&note(&["a"], NoteKind::Correction, "x")));
        assert!(!one.is_about_the_same(&note(&["a", "b"], NoteKind::Method, "x")));
        assert!(one.names("a") && !one.names("c"));
    }
}
