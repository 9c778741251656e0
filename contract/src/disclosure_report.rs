//! What a snapshot says about its own protection: `snapshots/<id>/disclosure.json`.

use serde::{Deserialize, Serialize};

/// The report of one snapshot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DisclosureReport {
    /// [`crate::snapshot::SNAPSHOT_FORMAT`].
    pub format: u32,
    /// Snapshot id.
    pub snapshot: String,
    /// What the snapshot was protected together with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ledger: Option<LedgerFigures>,
    /// One entry for each dataset.
    pub datasets: Vec<DatasetProtection>,
}

/// The ledger of everything published before, as it stood when a snapshot was protected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerFigures {
    /// Snapshots before this one.
    pub snapshots: u64,
    /// HMAC-SHA-256 of the ledger, in hexadecimal, under a key that only the publisher has: the hash itself would
    /// confirm guesses of what was withheld. Who is shown ledger and secret can check that they are those. None without
    /// a secret, or before the first snapshot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<String>,
}

/// How one dataset is protected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DatasetProtection {
    /// The dataset.
    pub dataset: String,
    /// The rule in force: `public` or `minimum_frequency`.
    pub rule: String,
    /// Least number of rows behind a non-zero class; none when public.
    pub threshold: Option<u64>,
    /// How many contributors may attack together, each knowing that the own record is counted; none where only
    /// outsiders are thought of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coalition: Option<u64>,
    /// Tables computed.
    pub tables: u64,
    /// Tables withheld as a whole.
    pub tables_withheld: u64,
    /// Cells computed.
    pub cells: u64,
    /// Cells withheld.
    pub cells_withheld: u64,
    /// The tables whose cells are suppressed one by one; none when there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suppression: Option<CellFigures>,
    /// The least number of records that share all quasi-identifiers in the record-level file.
    pub records_k: Option<u64>,
    /// How the record-level file is protected; none without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records: Option<RecordProtection>,
    /// Raw columns that never left the raw zone.
    pub columns_removed: Vec<String>,
}

/// The system behind the cells that are suppressed one by one. It never says which of them are small.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellFigures {
    /// Counts, and remainders that readers can compute.
    pub variables: u64,
    /// Relations between them.
    pub relations: u64,
    /// Connected components of what is unknown.
    pub components: u64,
    /// Counts suppressed.
    pub suppressed: u64,
    /// How many more counts are suppressed than are proven to be necessary, in thousandths of those; none where that was
    /// not searched for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<u64>,
    /// The narrowest interval that readers can work out for a suppressed count.
    pub narrowest_interval: Option<u64>,
    /// The widths of those intervals that a quarter, half and three quarters of all do not pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval_quartiles: Option<[u64; 3]>,
    /// The sum of the published counts, in thousandths of that of all counts of the tables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_published: Option<u64>,
}

/// How a record-level file is protected. The measures are those of `disclosure::microdata`, taken on the file as
/// it is published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordProtection {
    /// Records in the file.
    pub records: u64,
    /// Classes of records that agree in every quasi-identifier.
    pub classes: u64,
    /// Records in the smallest class.
    pub k: u64,
    /// Records in the smallest combination of a class and the outcomes.
    pub outcome_k: u64,
    /// Distinct values of an outcome in the least diverse class.
    pub l: u64,
    /// e to the entropy of an outcome in the least diverse class.
    pub entropy_l: f64,
    /// The greatest distance of an outcome in a class from the whole file's distribution.
    pub t: f64,
    /// Records alone in their class.
    pub uniques: u64,
    /// Records with a value suppressed locally.
    pub suppressed_records: u64,
    /// The greatest risk that a target known to be in the file is found.
    pub prosecutor_risk: f64,
    /// The expected share of records that someone who matches the whole file gets right.
    pub marketer_risk: f64,
    /// The mean share of its recodings that a quasi-identifier has gone up, 0 to 1.
    pub precision_loss: f64,
    /// The mean share of the other values that a published one could stand for, 0 to 1.
    pub certainty_penalty: f64,
    /// The mean share of a quasi-identifier's entropy that is lost, 0 to 1.
    pub entropy_loss: f64,
    /// The sum over records of the size of their class.
    pub discernibility: u64,
    /// Combinations of recodings that the search chose from.
    pub recodings: u64,
    /// Each declared column: how far it is recoded.
    pub columns: Vec<RecordColumn>,
}

/// How far a column of a record-level file is recoded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordColumn {
    /// Name of the column.
    pub name: String,
    /// The recoding in force, as the contract declares it; none when the column is left out.
    pub recoding: Option<String>,
    /// Coarser recodings that the contract declares beyond it.
    pub coarser: u64,
}
