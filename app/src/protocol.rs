//! What the main thread and the query worker say to each other, as JSON text.

use query::{Query, Table};
use serde::{Deserialize, Serialize};

/// The worker's first message: what is sent before it is lost.
pub const READY: &str = "ready";

/// A question to the worker.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Question {
    /// Comes back with the answer.
    pub id: u32,
    /// Address of the Parquet file.
    pub url: String,
    /// Size of the file.
    pub bytes: u64,
    /// Hash of each block.
    pub blocks: Vec<String>,
    /// What is wanted from it.
    pub query: Query,
}

/// The worker's answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Answer {
    /// The question's.
    pub id: u32,
    /// The table, or why there is none.
    pub outcome: Result<Table, Failure>,
}

/// Why something published cannot be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Failure {
    /// The network gave nothing.
    Unreachable {
        /// The file.
        what: String,
    },
    /// The server answered, but not with the file.
    Missing {
        /// The file.
        what: String,
        /// The HTTP status.
        code: u16,
    },
    /// The bytes are not the published ones.
    Damaged {
        /// The file.
        what: String,
        /// The technical message.
        details: String,
    },
    /// A format version that this portal does not read.
    Format {
        /// The file.
        what: String,
        /// Its version.
        found: u32,
    },
    /// Not what was expected.
    Unreadable {
        /// The file.
        what: String,
        /// The technical message.
        details: String,
    },
    /// The catalogue does not list the snapshot that the address pins.
    NoSnapshot {
        /// The snapshot.
        what: String,
    },
    /// The snapshot holds no such dataset, or one without indicators.
    NoDataset {
        /// The dataset.
        what: String,
    },
    /// The catalogue is empty.
    Empty,
    /// The worker died or hung.
    Stopped {
        /// The technical message.
        details: String,
    },
}
