//! The published folder.
//!
//! ```text
//! releases/<n>.json              the commit: created once, never changed
//! catalogue.json                 derived from the releases, rebuildable
//! snapshots/<id>/manifest.json   everything that the snapshot holds
//! snapshots/<id>/disclosure.json how it is protected
//! snapshots/<id>/mingshi-<id>.zip all of it, as one archive
//! feed.xml                       the releases, for feed readers; derived
//! first/<language>/…             what pages show before their programs run; derived
//! files/<dataset>/<table>-<hash16>.{parquet,csv,json}
//! ```

use serde::{Deserialize, Serialize};

use crate::{
    Granularity, Level, Localised, Period, Status,
    dataset::{Category, Citation, Comparison},
    indicator::Indicator,
    notes::Note,
};

/// The version of every published JSON file.
pub const SNAPSHOT_FORMAT: u32 = 1;

/// A published file has a format that this program does not know.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "{what} has format version {found}; this portal reads version {SNAPSHOT_FORMAT}. Reload the page, or use a newer portal"
)]
pub struct UnknownFormat {
    /// The file.
    pub what: String,
    /// Its version.
    pub found: u32,
}

/// Refuses a format version that this crate does not read.
pub fn check_format(what: &str, found: u32) -> Result<(), UnknownFormat> {
    if found == SNAPSHOT_FORMAT {
        Ok(())
    } else {
        Err(UnknownFormat {
            what: what.to_owned(),
            found,
        })
    }
}

/// `releases/<n>.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// [`SNAPSHOT_FORMAT`].
    pub format: u32,
    /// Position in the history, from 1.
    pub number: u64,
    /// Snapshot id: `YYYY-MM-rN`.
    pub snapshot: String,
    /// SHA-256 of the snapshot's manifest, in hexadecimal.
    pub manifest_sha256: String,
    /// The whole snapshot as one archive; none in releases from before there were archives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archive: Option<PublishedArchive>,
}

/// A snapshot's files, its manifest among them, as one archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedArchive {
    /// Path from the folder's root.
    pub path: String,
    /// Size.
    pub bytes: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

/// `catalogue.json`: what a reader opens first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalogue {
    /// [`SNAPSHOT_FORMAT`].
    pub format: u32,
    /// Title of the portal.
    pub title: Localised,
    /// The releases, the oldest first.
    pub releases: Vec<Release>,
}

/// `snapshots/<id>/manifest.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`SNAPSHOT_FORMAT`].
    pub format: u32,
    /// Snapshot id: `YYYY-MM-rN`.
    pub id: String,
    /// Last month that the data cover.
    pub reference: Period,
    /// Title of the portal.
    pub title: Localised,
    /// Who publishes.
    pub publisher: Localised,
    /// SPDX identifier or URL of the licence.
    pub licence: String,
    /// The data are invented: every view must say so.
    pub demonstration: bool,
    /// SHA-256 of the previous snapshot's manifest; none for the first.
    pub previous_manifest_sha256: Option<String>,
    /// Path of the register of places.
    pub places: String,
    /// Headline indicators: `dataset.indicator`.
    pub headlines: Vec<String>,
    /// The datasets, in the order of the portal.
    pub datasets: Vec<Dataset>,
    /// What was claimed in public, and what can check it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Claim>,
    /// Why something changed: the notes about this snapshot and about those before it, the oldest first. None in
    /// snapshots from before there were notes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// Every file of the snapshot, sorted by path.
    pub files: Vec<File>,
}

impl Manifest {
    /// The file at a path.
    pub fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// The dataset of an id.
    pub fn dataset(&self, id: &str) -> Option<&Dataset> {
        self.datasets.iter().find(|dataset| dataset.id == id)
    }
}

/// One published file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Path from the folder's root.
    pub path: String,
    /// Size.
    pub bytes: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
    /// Rows, for tables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// SHA-256 of each block of [`BLOCK_BYTES`], for files that are read by ranges.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<String>,
}

/// Size of the blocks whose hashes the manifest holds, so that a range can be checked without the whole file.
pub const BLOCK_BYTES: u64 = 64 * 1024;

/// One dataset of a snapshot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dataset {
    /// Identifier.
    pub id: String,
    /// Title.
    pub title: Localised,
    /// One paragraph for readers.
    pub summary: Localised,
    /// What one row of the source is.
    pub grain: Localised,
    /// Rows of the source: read, accepted, rejected. None of a dataset about people: how many rows there are tells
    /// by how many they became more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<RowCounts>,
    /// The indicators, in order.
    pub indicators: Vec<Indicator>,
    /// The indicator files: one without breakdown (id `total`), one for each breakdown.
    pub breakdowns: Vec<PublishedBreakdown>,
    /// Which tables are published and which are withheld.
    pub tables: Vec<TableState>,
    /// The record-level file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records: Option<PublishedRecords>,
    /// The rows, of a dataset that is published as they are and has no indicators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<PublishedTable>,
    /// The columns of the source, for the dictionary.
    pub columns: Vec<PublishedColumn>,
    /// What formulas name beside those columns: populations, derived columns, quantities of communities. None in
    /// snapshots from before they were told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<Category>,
    /// Path of the proof that its suppressed counts cannot be worked out ([`crate::witnesses`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub witnesses: Option<String>,
}

/// Rows of the source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowCounts {
    /// Rows read.
    pub read: u64,
    /// Rows accepted.
    pub accepted: u64,
    /// Rows rejected: `read - accepted`.
    pub rejected: u64,
}

/// The breakdown of an indicator file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedBreakdown {
    /// Identifier; [`TOTAL`] for the file without breakdown.
    pub id: String,
    /// Title.
    pub title: Localised,
    /// The classes, in the order of display.
    pub classes: Vec<Category>,
    /// Path of the Parquet file; the CSV and JSON twins differ in the ending only.
    pub path: String,
}

/// Id of the indicator file without breakdown, and its only class.
pub const TOTAL: &str = "total";

/// Whether one table is published. A table is an indicator at a level of place and a length of period,
/// for a breakdown, with every place, period and class: the unit of protection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableState {
    /// The indicator.
    pub indicator: String,
    /// The breakdown.
    pub breakdown: String,
    /// The level of place.
    pub level: Level,
    /// The length of period.
    pub granularity: Granularity,
    /// Published, suppressed as a whole, or not collected.
    pub status: Status,
}

/// The record-level file and the recoding that it needed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedRecords {
    /// Path of the Parquet file.
    pub path: String,
    /// The columns: name and title.
    pub columns: Vec<PublishedColumn>,
    /// Records.
    pub rows: u64,
    /// The least number of records that share all quasi-identifiers.
    pub k: u64,
}

/// A dataset's rows, published as they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedTable {
    /// Path of the Parquet file; the CSV and JSON twins differ in the ending only.
    pub path: String,
    /// The columns.
    pub columns: Vec<PublishedColumn>,
    /// Rows.
    pub rows: u64,
    /// Where the figures were published before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub citation: Option<Citation>,
}

/// A figure that was claimed in public.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// Identifier.
    pub id: String,
    /// What it is about.
    pub theme: String,
    /// Code of the place, where the register has it.
    pub place: Option<String>,
    /// The place as the source names it.
    pub place_name: Localised,
    /// A year or a month.
    pub period: Period,
    /// The figure, in its unit.
    pub figure: f64,
    /// The high end, of a range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// `exact`, `more_than`, `nearly`, `at_least` or `range`.
    pub qualifier: String,
    /// The unit, as the source has it.
    pub unit: String,
    /// What was claimed.
    pub title: Localised,
    /// Where.
    pub source: Citation,
    /// What can check it; none: it is not verifiable from published data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured_by: Option<Measure>,
}

/// The published value that can check a claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// The dataset.
    pub dataset: String,
    /// The indicator.
    pub indicator: String,
    /// The breakdown.
    pub breakdown: String,
    /// The class.
    pub class: String,
    /// The level of the place.
    pub level: Level,
    /// The length of the period.
    pub granularity: Granularity,
    /// The place.
    pub place: String,
    /// The period.
    pub period: Period,
    /// How the value must stand to `value` for the claim to be confirmed.
    pub comparison: Comparison,
    /// What it is compared with, in the indicator's unit.
    pub value: f64,
    /// Why this value checks the claim.
    pub note: Localised,
}

/// A column of the dictionary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedColumn {
    /// Name.
    pub name: String,
    /// Title.
    pub title: Localised,
    /// Meaning.
    #[serde(default)]
    pub meaning: Localised,
    /// What became of it: `published`, `aggregated`, `recoded`, `removed`.
    pub treatment: String,
}

/// Columns of an indicator file, in order. `indicator`, `level`, `granularity`, `place`, `period`, `class`,
/// `status` and `revision` are text; `value`, `ci_low`, `ci_high`, `feasible_low`, `feasible_high` 64-bit
/// floats; `numerator` and `denominator` 64-bit integers. Rows are sorted by the first six. `ci_low` and
/// `ci_high` bound a rate's 95% confidence interval; `feasible_low` and `feasible_high` bound what a suppressed
/// value can be, as every reader can compute it from the published values, and are null elsewhere.
pub const INDICATOR_COLUMNS: [&str; 15] = [
    "indicator",
    "level",
    "granularity",
    "place",
    "period",
    "class",
    "value",
    "numerator",
    "denominator",
    "ci_low",
    "ci_high",
    "feasible_low",
    "feasible_high",
    "status",
    "revision",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_format_is_refused_with_a_remedy() {
        assert_eq!(check_format("catalogue.json", SNAPSHOT_FORMAT), Ok(()));
        let message = check_format("catalogue.json", 99)
            .expect_err("99 is unknown")
            .to_string();
        assert!(
            message.contains("catalogue.json")
                && message.contains("99")
                && message.contains("newer portal")
        );
    }
}
