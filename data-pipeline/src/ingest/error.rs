//! Why raw exports cannot be read.

use std::{io, path::PathBuf};

use contract::{Localised, dataset::ColumnType};

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
    #[error("{file}, line {line}: {message}", file = file.display(), message = message.en)]
    BadLine {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong.
        message: Localised,
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
    #[error("{file}: column {column:?} is missing; the file has {found}. {advice}", file = file.display(), advice = advice.en)]
    MissingColumn {
        /// The file.
        file: PathBuf,
        /// The column.
        column: String,
        /// The headers found.
        found: String,
        /// What to do; names the header that comes nearest.
        advice: Localised,
    },
    /// The file is of a kind that is not read.
    #[error("{file} {message}", file = file.display(), message = message.en)]
    NotReadable {
        /// The file.
        file: PathBuf,
        /// What it is, and what to do.
        message: Localised,
    },
    /// The file is a workbook or Parquet file that breaks off or contradicts itself.
    #[error("{file} is damaged ({message}): export it again", file = file.display(), message = message.en)]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What was found, without any value.
        message: Localised,
    },
    /// The file is larger inside than any export is.
    #[error("{file}: {message}; export it as CSV, or in several files", file = file.display(), message = message.en)]
    TooLarge {
        /// The file.
        file: PathBuf,
        /// Which limit was reached.
        message: Localised,
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

fn of_kind_zh(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Money => "金额",
        ColumnType::Area => "面积",
        ColumnType::Integer | ColumnType::Decimal => "其他单位的数",
        _ => "非数量",
    }
}

impl IngestError {
    /// The message in both languages.
    pub fn localised(&self) -> Localised {
        Localised::new(self.in_chinese(), self.to_string())
    }

    fn in_chinese(&self) -> String {
        match self {
            Self::NoFile { patterns } => format!(
                "原始数据区里没有名为 {patterns} 的文件：请把导出文件放进去，或修改合同中的 `files`"
            ),
            Self::Unreadable { file, source } => {
                format!("{}：打不开或读不了（{source}）", file.display())
            }
            Self::BadLine {
                file,
                line,
                message,
            } => format!("{}，第 {line} 行：{}", file.display(), message.zh),
            Self::Empty { file } => format!("{} 是空的：请重新导出", file.display()),
            Self::NoRows { file } => format!(
                "{} 只有表头，没有数据行：请重新导出，或把它移出原始数据区",
                file.display()
            ),
            Self::MostlyRejected {
                file,
                rejected,
                rows,
                rules,
            } => format!(
                "{}：{rows} 行中有 {rejected} 行被拒绝（{rules}）：是不是导错了文件？单位和表头是否与合同一致？用 `mingshi check` 查看这些行",
                file.display()
            ),
            Self::DuplicateHeader { file, column } => {
                format!("{}：表头“{column}”出现两次：请改名", file.display())
            }
            Self::NoHeader {
                file,
                named,
                needed,
                shapes,
                column,
            } => format!(
                "{}：应为表头的一行只认出合同要求的 {needed} 列中的 {named} 列：是不是缺了表头？该行各格形如 {shapes}，其中应有“{column}”",
                file.display()
            ),
            Self::MissingColumn {
                file,
                column,
                found,
                advice,
            } => format!(
                "{}：缺少列“{column}”；文件中有 {found}。{}",
                file.display(),
                advice.zh
            ),
            Self::NotReadable { file, message } => format!("{} {}", file.display(), message.zh),
            Self::Damaged { file, message } => {
                format!("{} 已损坏（{}）：请重新导出", file.display(), message.zh)
            }
            Self::TooLarge { file, message } => format!(
                "{}：{}；请导出为 CSV，或分成几个文件",
                file.display(),
                message.zh
            ),
            Self::MissingTitle {
                file,
                column,
                pattern,
                titles,
            } => format!(
                "{}：缺少列“{column}”：表头之上的 {titles} 个标题单元格都不像合同 `from_title` 所写的 {pattern:?}",
                file.display()
            ),
            Self::Unit { file, row } => format!(
                "{}，第 {row} 行：标题写的单位不认识，或写了两个：请写 单位:元、千元、万元、亿元 或 平方米",
                file.display()
            ),
            Self::UnitOfHeader {
                file,
                column,
                unit,
                kind,
            } => format!(
                "{}：列“{column}”的表头写的是{}，而合同规定这一列是{}：请改正表头或导出，或把整个表头列入 `source_names`",
                file.display(),
                unit.name(),
                of_kind_zh(*kind)
            ),
            Self::UnitOfTitle {
                file,
                column,
                unit,
                kind,
            } => format!(
                "{}：标题写的是{}，而合同规定列“{column}”是{}：请改正标题，或把单位写进表头",
                file.display(),
                unit.name(),
                of_kind_zh(*kind)
            ),
        }
    }

    /// Whether the file could not be opened or read at all, as opposed to refused for what it holds.
    pub fn is_io(&self) -> bool {
        matches!(self, Self::Unreadable { .. } | Self::NoFile { .. })
    }
}
