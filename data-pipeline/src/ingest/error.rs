//! Why raw exports cannot be read.

use std::{io, path::PathBuf};

/// Why raw exports cannot be read. Messages never hold a value of a row.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IngestError {
    /// No file of the raw zone has a declared name.
    #[error(
        "no file in the raw zone is named {patterns}: put the export there, or change `files` in the contract"
    )]
    NoFile {
        /// The declared names.
        patterns: String,
    },
    /// A file cannot be read.
    #[error("{file}: {source}", file = file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A line is not CSV, or too long.
    #[error("{file}, line {line}: {message}", file = file.display())]
    BadLine {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong.
        message: String,
    },
    /// The file holds no header.
    #[error("{file} is empty: export it again", file = file.display())]
    Empty {
        /// The file.
        file: PathBuf,
    },
    /// Two columns have one header.
    #[error("{file}: header {column:?} stands twice: rename one", file = file.display())]
    DuplicateHeader {
        /// The file, and the sheet.
        file: PathBuf,
        /// The header.
        column: String,
    },
    /// A needed column is missing.
    #[error("{file}: column {column:?} is missing; the file has {found}. {advice}", file = file.display())]
    MissingColumn {
        /// The file.
        file: PathBuf,
        /// The column.
        column: String,
        /// The headers found.
        found: String,
        /// What to do; names the header that comes nearest.
        advice: String,
    },
    /// The file is of a kind that is not read.
    #[error("{file} {message}", file = file.display())]
    NotReadable {
        /// The file.
        file: PathBuf,
        /// What it is, and what to do.
        message: String,
    },
    /// The file is a workbook or Parquet file that breaks off or contradicts itself.
    #[error("{file} is damaged ({message}): export it again", file = file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What was found, without any value.
        message: String,
    },
    /// The file is larger inside than any export is.
    #[error("{file}: {message}; export it as CSV, or in several files", file = file.display())]
    TooLarge {
        /// The file.
        file: PathBuf,
        /// Which limit was reached.
        message: String,
    },
    /// A title cell declares a unit that is not known, or two.
    #[error("{file}, row {row}: the unit that the title declares is not known, or there are two: write 单位:元, 千元, 万元, 亿元 or 平方米", file = file.display())]
    Unit {
        /// The file.
        file: PathBuf,
        /// The row, from 1.
        row: u32,
    },
}

impl IngestError {
    /// Whether the file could not be opened or read at all, as opposed to refused for what it holds.
    pub fn is_io(&self) -> bool {
        matches!(self, Self::Unreadable { .. } | Self::NoFile { .. })
    }
}
