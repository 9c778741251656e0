//! Why raw exports cannot be read.

use std::{io, path::PathBuf};

use contract::dataset::ColumnType;

use crate::values::Unit;

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
    /// The file holds a header and no row: published, it would look like a month in which nothing happened.
    #[error("{file} has a header and no rows: export it again, or take it out of the raw zone", file = file.display())]
    NoRows {
        /// The file.
        file: PathBuf,
    },
    /// Most rows of the file are rejected: what is left would be published as if it were all.
    #[error("{file}: {rejected} of {rows} rows are rejected ({rules}): is it the right export, and are its units and headers as the contract says? `mingshi check` shows the rows", file = file.display())]
    MostlyRejected {
        /// The file.
        file: PathBuf,
        /// Rows rejected, totals and repetitions of accepted rows apart.
        rejected: u64,
        /// Rows read, without those.
        rows: u64,
        /// The rules that they break, each with its number of rows.
        rules: String,
    },
    /// Two columns have one header.
    #[error("{file}: header {column:?} stands twice: rename one", file = file.display())]
    DuplicateHeader {
        /// The file, and the sheet.
        file: PathBuf,
        /// The header.
        column: String,
    },
    /// The row that should be the header names few columns of the contract, or none: it may be a row of values, and
    /// only the shapes of its cells are told.
    #[error("{file}: the row that should be the header names {named} of {needed} needed columns of the contract: is the header missing? Its cells are of the shape {shapes}; {column:?} should be among them", file = file.display())]
    NoHeader {
        /// The file, and the sheet.
        file: PathBuf,
        /// How many needed columns it names.
        named: usize,
        /// How many are needed.
        needed: usize,
        /// The shapes of its cells.
        shapes: String,
        /// The first needed column that it does not name.
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
    /// No title cell holds a value that titles should hold.
    #[error("{file}: column {column:?} is missing: none of the {titles} title cells above the header looks like {pattern:?}, as `from_title` in the contract says", file = file.display())]
    MissingTitle {
        /// The file.
        file: PathBuf,
        /// The column.
        column: String,
        /// What such a title looks like.
        pattern: String,
        /// How many title cells there are.
        titles: usize,
    },
    /// A title cell declares a unit that is not known, or two.
    #[error("{file}, row {row}: the unit that the title declares is not known, or there are two: write 单位:元, 千元, 万元, 亿元 or 平方米", file = file.display())]
    Unit {
        /// The file.
        file: PathBuf,
        /// The row, from 1.
        row: u32,
    },
    /// The header of a column names a unit that the column cannot be in.
    #[error("{file}: the header of column {column:?} says {unit}, but the contract holds {kind} there: correct the header or the export, or list the whole header in `source_names`", file = file.display(), unit = unit.name(), kind = of_kind(*kind))]
    UnitOfHeader {
        /// The file, and the sheet.
        file: PathBuf,
        /// The column's title.
        column: String,
        /// The unit that its header names.
        unit: Unit,
        /// What the column holds.
        kind: ColumnType,
    },
    /// A title declares a unit that none of the columns without a unit of their own can be in.
    #[error("{file}: a title says {unit}, but the contract holds {kind} in column {column:?}: correct the title, or write the unit into the header", file = file.display(), unit = unit.name(), kind = of_kind(*kind))]
    UnitOfTitle {
        /// The file, and the sheet.
        file: PathBuf,
        /// The title of the first such column.
        column: String,
        /// The unit that the title declares.
        unit: Unit,
        /// What the column holds.
        kind: ColumnType,
    },
}

/// What a column holds, in words.
fn of_kind(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Money => "an amount of money",
        ColumnType::Area => "an area",
        ColumnType::Integer | ColumnType::Decimal => "a number of another unit",
        _ => "no amount",
    }
}

impl IngestError {
    /// Whether the file could not be opened or read at all, as opposed to refused for what it holds.
    pub fn is_io(&self) -> bool {
        matches!(self, Self::Unreadable { .. } | Self::NoFile { .. })
    }
}
