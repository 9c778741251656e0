//! Reading raw exports as rows of text: CSV in any encoding, workbooks (XLSX, XLSB, XLS, ODS) and Parquet.
//!
//! Memory is bounded for every format: text streams row by row; workbooks are measured before they are decoded;
//! Parquet is read batch by batch. Hostile files give an [`IngestError`], never a panic.

mod bounds;
mod columnar;
mod decode;
mod error;
mod guard;
mod header;
mod legacy;
mod sheets;
mod text;
mod workbook;

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

pub use error::IngestError;
pub use header::{Header, position};
pub use text::MAX_LINE_BYTES;

use contract::Localised;

use crate::values::{Declared, Unit, header_key};

/// Most columns of a table: as many as a worksheet has.
const MAX_COLUMNS: usize = 1 << 14;

/// What a reader must know of a contract to find tables and headers. The default suits a file whose header is its
/// first row.
#[derive(Clone, Debug, Default)]
pub struct Expected {
    /// For each declared column, the headers that it may have.
    pub columns: Vec<Vec<String>>,
    /// Which of them a table must have; as long as `columns`.
    pub needed: Vec<bool>,
    /// How the exports are laid out.
    pub source: contract::dataset::Source,
}

impl Expected {
    /// Columns that all must be there.
    pub fn headers<'a>(headers: impl IntoIterator<Item = &'a str>) -> Self {
        let columns: Vec<Vec<String>> = headers.into_iter().map(|h| vec![h.to_owned()]).collect();
        Self {
            needed: vec![true; columns.len()],
            columns,
            ..Self::default()
        }
    }

    /// The first needed column that some headers do not name.
    fn missing(&self, headers: &[Header]) -> Option<usize> {
        (0..self.columns.len())
            .find(|&at| self.needed[at] && position(headers, &self.columns[at]).is_none())
    }
}

/// One row, with its line in the file or sheet (from 1).
#[derive(Clone, Debug)]
pub struct Row {
    /// The line on which it begins.
    pub line: u64,
    /// Its fields, as written; dates and numbers of typed formats in their canonical form.
    pub fields: Vec<String>,
    /// Fields that hold an error of a formula (`#N/A`).
    pub broken: Vec<usize>,
}

/// One table of a file: the file itself, or one sheet of a workbook.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// The sheet.
    pub sheet: Option<String>,
    /// The headers.
    pub headers: Vec<Header>,
    /// Title cells above the header.
    pub titles: Vec<String>,
    /// The unit of money that a title cell declares.
    pub money: Option<Unit>,
    /// The unit of area that a title cell declares.
    pub area: Option<Unit>,
}

/// What a reader of the report should know of a file besides its rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// Sheets that were not read, for they are hidden or lack needed columns.
    pub sheets_not_read: Vec<String>,
    /// Rows above a header, taken for titles.
    pub title_rows: u64,
    /// Rows that the workbook hides; they are read like others.
    pub hidden_rows: u64,
    /// Rows with values outside the columns of the header; those values are not read.
    pub rows_beyond_header: u64,
}

/// Whether a file's name matches one of some patterns, in capitals or not: programs write `.CSV` and `.XLSX` too.
pub fn is_named(file: &Path, patterns: &[String]) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let name = name.to_lowercase();
    let mut patterns = patterns.iter();
    patterns.any(|pattern| crate::values::glob(&pattern.to_lowercase(), &name))
}

/// The files of a raw zone whose names match a pattern, sorted.
///
/// # Errors
/// When there is none.
pub fn matching(raw: &[PathBuf], patterns: &[String]) -> Result<Vec<PathBuf>, IngestError> {
    let named = raw.iter().filter(|file| is_named(file, patterns));
    let mut files: Vec<PathBuf> = named.cloned().collect();
    files.sort();
    if files.is_empty() {
        Err(IngestError::NoFile {
            patterns: patterns.join(" or "),
        })
    } else {
        Ok(files)
    }
}

/// A file that is being read, table by table, row by row.
pub struct Rows {
    file: PathBuf,
    kind: Kind,
    table: Table,
    size: u64,
}

enum Kind {
    Text(Box<text::TextRows>),
    Workbook(Box<workbook::WorkbookRows>),
    Columnar(Box<columnar::ColumnarRows>),
}

/// Opens a file whose header is its first row.
///
/// # Errors
/// As [`open_as`].
pub fn open(file: &Path) -> Result<Rows, IngestError> {
    open_as(file, &Expected::default())
}

/// Opens a file at its first table.
///
/// # Errors
/// When the file cannot be read, is empty, encrypted, damaged, too large inside or of another kind, names a
/// column twice, or lacks a needed column.
pub fn open_as(file: &Path, expected: &Expected) -> Result<Rows, IngestError> {
    let (input, sample) = text::sample(file).map_err(|source| IngestError::Unreadable {
        file: file.into(),
        source,
    })?;
    let size = input.metadata().map_or(0, |m| m.len());
    let refused = |zh: &str, en: &str| IngestError::NotReadable {
        file: file.into(),
        message: Localised::new(zh, en),
    };
    let (kind, table) = if sample.is_empty() {
        return Err(IngestError::Empty { file: file.into() });
    } else if sample.starts_with(b"PK\x03\x04") || sample.starts_with(&legacy::MAGIC) {
        let (rows, table) = workbook::open(file, size, expected)?;
        (Kind::Workbook(Box::new(rows)), table)
    } else if sample.starts_with(b"PAR1") {
        let (rows, table) = columnar::open(file, input)?;
        (Kind::Columnar(Box::new(rows)), table)
    } else if sample.starts_with(b"PARE") {
        return Err(refused(
            "是加密的 Parquet 文件：请导出不加密的文件",
            "is an encrypted Parquet file: export it without encryption",
        ));
    } else if is_page(&sample) {
        return Err(refused(
            "不论叫什么名字，其实是网页：请用表格软件打开，另存为 .xlsx 或 CSV",
            "is a web page, whatever its name: open it in a spreadsheet program and save it as .xlsx or CSV",
        ));
    } else {
        let wide = sample.starts_with(&[0xFF, 0xFE]) || sample.starts_with(&[0xFE, 0xFF]);
        if !wide && is_binary(&sample) {
            return Err(refused(
                "既不是 CSV，也不是工作簿或 Parquet：请导出为 UTF-8 或 GB18030 的 CSV，或 .xlsx",
                "is neither CSV nor a workbook nor Parquet: export it as CSV in UTF-8 or GB18030, or as .xlsx",
            ));
        }
        let (rows, table) = text::open(file, input, &sample, expected)?;
        (Kind::Text(Box::new(rows)), table)
    };
    let mut rows = Rows {
        file: file.into(),
        kind,
        table: Table::default(),
        size,
    };
    rows.enter(table, expected)?;
    Ok(rows)
}

/// Whether bytes with a NUL among them are no text at all, as opposed to text with a slip in some row.
fn is_binary(sample: &[u8]) -> bool {
    const MOST_CONTROLS: usize = 100; // one in a hundred
    let controls = sample
        .iter()
        .filter(|b| **b < b' ' && !b"\t\r\n".contains(b));
    sample.contains(&0) && controls.count() * MOST_CONTROLS > sample.len()
}

fn is_page(sample: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&sample[..sample.len().min(512)]).to_lowercase();
    let start = start.trim_start_matches(['\u{feff}', ' ', '\r', '\n', '\t']);
    ["<!doctype", "<html", "<table", "<?xml"]
        .iter()
        .any(|tag| start.starts_with(tag))
}

impl Rows {
    /// The header of the current table, normalised.
    pub fn headers(&self) -> Vec<String> {
        self.table.headers.iter().map(|h| h.text.clone()).collect()
    }

    /// The current table.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// The encoding of a text file, or the format of another.
    pub fn encoding(&self) -> &'static str {
        match &self.kind {
            Kind::Text(rows) => rows.encoding,
            Kind::Workbook(rows) => rows.format,
            Kind::Columnar(_) => "Parquet",
        }
    }

    /// What a reader of the report should know; complete when the file has been read to its end.
    pub fn notes(&self) -> Notes {
        match &self.kind {
            Kind::Workbook(rows) => rows.notes.clone(),
            Kind::Text(rows) => rows.notes.clone(),
            Kind::Columnar(_) => Notes::default(),
        }
    }

    /// How much of the file has been read, as a share.
    pub fn progress(&self) -> f64 {
        match &self.kind {
            Kind::Text(rows) => rows.bytes() as f64 / self.size.max(1) as f64,
            Kind::Workbook(_) => 0.0,
            Kind::Columnar(rows) => rows.progress(),
        }
    }

    /// Goes to the next table; false when there is none.
    ///
    /// # Errors
    /// As [`open_as`].
    pub fn next_table(&mut self, expected: &Expected) -> Result<bool, IngestError> {
        let Kind::Workbook(rows) = &mut self.kind else {
            return Ok(false);
        };
        let Some(table) = rows.next_table(&self.file)? else {
            return Ok(false);
        };
        self.enter(table, expected)?;
        Ok(true)
    }

    /// The next row of the current table; none at its end.
    ///
    /// # Errors
    /// When a line is too long, or the file breaks off.
    pub fn next_row(&mut self) -> Result<Option<Row>, IngestError> {
        match &mut self.kind {
            Kind::Text(rows) => rows.next_row(&self.file),
            Kind::Workbook(rows) => rows.next_row(&self.file),
            Kind::Columnar(rows) => rows.next_row(&self.file),
        }
    }

    fn enter(&mut self, table: Table, expected: &Expected) -> Result<(), IngestError> {
        let shown = match &table.sheet {
            Some(sheet) => PathBuf::from(format!("{} [{sheet}]", self.file.display())),
            None => self.file.clone(),
        };
        if table.headers.iter().all(|h| h.text.is_empty()) {
            return Err(IngestError::Empty { file: shown });
        }
        if table.headers.len() > MAX_COLUMNS {
            return Err(IngestError::TooLarge {
                file: shown,
                message: Localised::new(
                    format!("超过 {MAX_COLUMNS} 列"),
                    format!("it has more than {MAX_COLUMNS} columns"),
                ),
            });
        }
        if let Some(error) = misfit(&shown, expected, &table.headers) {
            return Err(error);
        }
        self.table = table;
        Ok(())
    }
}

/// Of the needed columns, the share that a row names at least when it is a header.
const NAMED_BY_A_HEADER: f64 = 1.0 / 3.0;

/// Why some headers do not fit what is expected, if they do not.
fn misfit(file: &Path, expected: &Expected, headers: &[Header]) -> Option<IngestError> {
    let all = 0..expected.columns.len();
    let missing = |at: &usize| position(headers, &expected.columns[*at]).is_none();
    let mut needed: Vec<usize> = all.clone().filter(|&at| expected.needed[at]).collect();
    let first = needed.iter().copied().find(missing);
    if needed.is_empty() {
        needed = all.collect(); // one of them at least
    }
    let found = needed.len() - needed.iter().filter(|at| missing(at)).count();
    let mut keys = HashSet::new();
    let mut named = headers.iter().filter(|h| !h.key().is_empty());
    let twice = named.find(|header| !keys.insert(header.key()));
    let duplicate = |header: &Header| IngestError::DuplicateHeader {
        file: file.to_owned(),
        column: header.shown(),
    };
    // A name of the contract is no value, whatever else the row holds.
    if let Some(header) = twice.filter(|h| expected.columns.iter().any(|names| h.is_named(names))) {
        return Some(duplicate(header));
    }
    let least = needed.len() as f64 * NAMED_BY_A_HEADER;
    if !needed.is_empty() && (found == 0 || (found as f64) < least && first.is_some()) {
        let column = first.or(needed.first().copied());
        let column = column.and_then(|at| expected.columns[at].first());
        return Some(IngestError::NoHeader {
            file: file.to_owned(),
            named: found,
            needed: needed.len(),
            shapes: listed(headers, Header::shape),
            column: column.cloned().unwrap_or_default(),
        });
    }
    if let Some(header) = twice {
        return Some(duplicate(header));
    }
    let names = &expected.columns[first?];
    Some(missing_column(file, names, headers))
}

/// The error that says that the row which the contract names is not there.
fn no_header_row(file: &Path) -> IngestError {
    IngestError::NotReadable {
        file: file.to_owned(),
        message: Localised::new(
            "在合同 `header_row` 所指的一行没有表头",
            "has no header in the row that `header_row` of the contract names",
        ),
    }
}

/// The first of some headers, as a message lists them.
fn listed(headers: &[Header], shown: impl Fn(&Header) -> String) -> String {
    const SHOWN: usize = 40;
    let mut found: Vec<String> = headers.iter().take(SHOWN).map(shown).collect();
    if headers.len() > SHOWN {
        found.push(format!("… (+{})", headers.len() - SHOWN));
    }
    found.join(", ")
}

/// The error that says which column is missing and which header comes nearest.
fn missing_column(file: &Path, names: &[String], headers: &[Header]) -> IngestError {
    // The Chinese title is the name that clerks know it by; it stands before the other names.
    let column = names.first().cloned().unwrap_or_default();
    let advice = match nearest(names, headers) {
        Some(header) => {
            let near = header.shown();
            Localised::new(
                format!("是否就是“{near}”？如是，请把它列入 `source_names`"),
                format!("Is it {near:?}? Then list that header in `source_names`"),
            )
        }
        None => Localised::new(
            "请补上这一列，或把它的表头列入 `source_names`",
            "Add it, or list its header in `source_names`",
        ),
    };
    IngestError::MissingColumn {
        file: file.to_owned(),
        column,
        found: listed(headers, Header::shown),
        advice,
    }
}

/// The header that comes nearest to one of some names, when one comes near at all.
pub fn nearest<'a>(names: &[String], headers: &'a [Header]) -> Option<&'a Header> {
    // Comparing takes as many steps as the product of the lengths.
    const LONGEST: usize = 200;
    let mut best = (0.5, None);
    for header in headers.iter().filter(|h| h.text.len() <= LONGEST) {
        for name in names {
            let likeness = strsim::normalized_damerau_levenshtein(&header_key(name), header.key());
            if likeness >= best.0 && best.1.is_none_or(|_| likeness > best.0) {
                best = (likeness, Some(header));
            }
        }
    }
    best.1
}

/// The units that title cells declare, of money and of area.
fn declared_units(
    file: &Path,
    titles: &[(u64, String)],
) -> Result<(Option<Unit>, Option<Unit>), IngestError> {
    let (mut money, mut area) = (None, None);
    for (row, text) in titles {
        let unclear = || IngestError::Unit {
            file: file.to_owned(),
            row: u32::try_from(*row).unwrap_or(u32::MAX),
        };
        match Unit::declared(text) {
            Declared::Nothing => {}
            Declared::Unclear => return Err(unclear()),
            Declared::Units(in_money, in_area) => {
                for (all, one) in [(&mut money, in_money), (&mut area, in_area)] {
                    if one.is_some() && all.is_some() && *all != one {
                        return Err(unclear());
                    }
                    *all = one.or(*all);
                }
            }
        }
    }
    Ok((money, area))
}
