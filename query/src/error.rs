//! Why a file cannot be read.

/// Why a file cannot be read. Every message names the thing and the remedy.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The manifest's facts about the file contradict one another.
    #[error(
        "the manifest lists {found} blocks for a file of {bytes} bytes, which has {expected}. Publish the snapshot again"
    )]
    Facts {
        /// Size of the file.
        bytes: u64,
        /// Blocks that such a file has.
        expected: u64,
        /// Blocks listed.
        found: usize,
    },
    /// A block is not what was published.
    #[error(
        "block {block} (bytes {start} to {end}) is not what was published: its SHA-256 differs from the manifest's. Reload the page; if it stays, tell the publisher"
    )]
    Damaged {
        /// Position of the block, from 0.
        block: u64,
        /// Its first byte.
        start: u64,
        /// The byte after its last.
        end: u64,
    },
    /// Supplied bytes are not the range that they claim to be.
    #[error(
        "the server answered {found} bytes for bytes {start} to {end}. Check that it supports byte ranges and does not compress the file"
    )]
    WrongRange {
        /// First byte of the range.
        start: u64,
        /// The byte after its last.
        end: u64,
        /// Bytes supplied.
        found: usize,
    },
    /// The file has no such column.
    #[error("the file has no column {column:?}; it has {known}. Ask for one of these")]
    NoColumn {
        /// The column asked for.
        column: String,
        /// The columns there are.
        known: String,
    },
    /// A filter on a column of fractions, or kinds told apart by one.
    #[error(
        "column {column:?} holds floating-point numbers, so it can neither filter nor group. Use another column"
    )]
    NotDiscrete {
        /// The column.
        column: String,
    },
    /// More columns to group by than a table has sides.
    #[error(
        "rows can be counted by two columns at most; {found} were given. Use a filter for the others"
    )]
    TooManySides {
        /// Columns given.
        found: usize,
    },
    /// A column has a type that the reader does not know.
    #[error(
        "column {column:?} has the type {found}; the reader knows text, whole and floating-point numbers, truth values and days. Leave the column out"
    )]
    UnknownType {
        /// The column.
        column: String,
        /// Its type.
        found: String,
    },
    /// The file is not readable Parquet.
    #[error(
        "the file is not Parquet that this portal reads ({0}). Use a newer portal, or publish the file again"
    )]
    Parquet(#[from] parquet::errors::ParquetError),
    /// The answer would hold more values than a table for readers.
    #[error(
        "the answer would hold more than {most} values. Filter more narrowly, or download the file"
    )]
    TooLarge {
        /// Values that an answer may hold.
        most: usize,
    },
    /// The reader was asked to go on after it had ended.
    #[error("the reader has ended, with an answer or an error. Start a new one")]
    Ended,
}

pub(crate) fn unreadable(what: &str) -> ReadError {
    ReadError::Parquet(parquet::errors::ParquetError::General(what.to_owned()))
}
