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
#[serde(into = "Told", from = "Told")]
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

/// A failure as it is sent: one plain shape is far less code to read than an enum of many.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Told {
    kind: u8,
    what: String,
    details: String,
    number: u32,
}

impl From<Failure> for Told {
    fn from(failure: Failure) -> Self {
        let told = |kind, what, details, number| Self {
            kind,
            what,
            details,
            number,
        };
        let none = String::new;
        match failure {
            Failure::Unreachable { what } => told(1, what, none(), 0),
            Failure::Missing { what, code } => told(2, what, none(), code.into()),
            Failure::Damaged { what, details } => told(3, what, details, 0),
            Failure::Format { what, found } => told(4, what, none(), found),
            Failure::Unreadable { what, details } => told(5, what, details, 0),
            Failure::NoSnapshot { what } => told(6, what, none(), 0),
            Failure::NoDataset { what } => told(7, what, none(), 0),
            Failure::Empty => told(8, none(), none(), 0),
            Failure::Stopped { details } => told(0, none(), details, 0),
        }
    }
}

impl From<Told> for Failure {
    fn from(told: Told) -> Self {
        let Told {
            kind,
            what,
            details,
            number,
        } = told;
        match kind {
            1 => Self::Unreachable { what },
            2 => Self::Missing {
                what,
                code: u16::try_from(number).unwrap_or_default(),
            },
            3 => Self::Damaged { what, details },
            4 => Self::Format {
                what,
                found: number,
            },
            5 => Self::Unreadable { what, details },
            6 => Self::NoSnapshot { what },
            7 => Self::NoDataset { what },
            8 => Self::Empty,
            _ => Self::Stopped { details },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_arrive_as_they_were_sent() {
        let (what, details) = ("a.json".to_owned(), "b".to_owned());
        for failure in [
            Failure::Unreachable { what: what.clone() },
            Failure::Missing {
                what: what.clone(),
                code: 404,
            },
            Failure::Damaged {
                what: what.clone(),
                details: details.clone(),
            },
            Failure::Format {
                what: what.clone(),
                found: 99,
            },
            Failure::Unreadable {
                what: what.clone(),
                details: details.clone(),
            },
            Failure::NoSnapshot { what: what.clone() },
            Failure::NoDataset { what },
            Failure::Empty,
            Failure::Stopped { details },
        ] {
            let text = serde_json::to_string(&failure).expect("it can be written");
            assert_eq!(
                crate::json::read::<Failure>(text.as_bytes()).expect(&text),
                failure
            );
        }
    }
}
