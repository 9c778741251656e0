//! What the main thread and the query worker say to each other, as JSON text.

use charts::ChartSpec;
use query::{Count, Query, Table};
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
    pub ask: Ask,
}

/// What is wanted from a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ask {
    /// Rows.
    Rows(Query),
    /// How many rows there are of each kind.
    Count(Count),
}

/// What the main thread sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Request {
    /// Answer this.
    Question(Box<Question>),
    /// Draw this.
    Draw(Box<Sketch>),
    /// The answer to this question is not wanted any more: stop reading for it.
    Cancel(u32),
}

/// A chart to draw. The worker draws, so that the page does not wait for the drawing, nor its reader for the code.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sketch {
    /// Comes back with the drawing.
    pub id: u32,
    /// What to draw.
    pub spec: ChartSpec,
}

/// A drawn chart.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Drawn {
    /// The sketch's.
    pub id: u32,
    /// The SVG, or why there is none.
    pub outcome: Result<String, String>,
}

/// How far a count is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Bytes that have been fetched.
    pub bytes: u64,
    /// Rows that are behind.
    pub rows: u64,
    /// Rows that have to be looked at; none while that is not known.
    pub of: Option<u64>,
}

/// What the worker sends before an answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Underway {
    /// The question's.
    pub id: u32,
    /// How far it is.
    pub progress: Progress,
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
