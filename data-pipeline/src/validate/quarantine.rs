//! Rejected rows: counted, kept in the quarantine file as they come, and a few of them shown, masked.

use std::{
    collections::BTreeMap,
    fs::File,
    io::Write,
    path::{Path, PathBuf},
};

use contract::Localised;

use super::ValidateError;
use crate::work::{WorkError, WorkFolder};

/// How many rows of each rule a report shows.
const EXAMPLES: usize = 5;

/// One rejected row as a report may show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The file.
    pub file: PathBuf,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The line, or row, in it.
    pub line: u64,
    /// The rule: `type`, `required`, `domain`, `range`, `place`, `unique`, `duplicate`, `ragged`, `total`,
    /// `formula_error`, or a rule of the contract.
    pub rule: String,
    /// The column, for rules about one column.
    pub column: String,
    /// Its header in the file, or its title.
    pub header: String,
    /// What is wrong and what to do, without the value.
    pub reason: Localised,
    /// The shape of the offending value ([`crate::values::mask`]); empty when there is none.
    pub shape: String,
}

/// Takes in rejected rows.
pub(super) struct Quarantine<'a> {
    work: &'a WorkFolder,
    name: String,
    writer: Option<(PathBuf, csv::Writer<File>)>,
    pub(super) by_rule: BTreeMap<String, u64>,
    pub(super) examples: Vec<Rejected>,
}

impl<'a> Quarantine<'a> {
    pub(super) fn new(work: &'a WorkFolder, dataset: &str) -> Result<Self, WorkError> {
        let name = format!("{dataset}.csv");
        work.forget("quarantine", &name)?;
        Ok(Self {
            work,
            name,
            writer: None,
            by_rule: BTreeMap::new(),
            examples: Vec::new(),
        })
    }

    pub(super) fn add(&mut self, row: Rejected, fields: &[String]) -> Result<(), ValidateError> {
        let failed = |e: &dyn std::fmt::Display| ValidateError::Quarantine(e.to_string());
        if self.writer.is_none() {
            let (path, mut file) = self.work.keep("quarantine", &self.name)?;
            // Spreadsheet programs take a file without this mark for another encoding.
            file.write_all("\u{feff}".as_bytes())
                .map_err(|e| failed(&e))?;
            let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(file);
            let header = [
                "file", "sheet", "line", "rule", "column", "原因", "reason", "row…",
            ];
            writer.write_record(header).map_err(|e| failed(&e))?;
            self.writer = Some((path, writer));
        }
        let Some((_, writer)) = &mut self.writer else {
            return Ok(());
        };
        let (file, line) = (row.file.display().to_string(), row.line.to_string());
        let sheet = row.sheet.as_deref().unwrap_or("");
        let (rule, column, reason) = (&row.rule, &row.column, &row.reason);
        let head = [&file, sheet, &line, rule, column, &reason.zh, &reason.en];
        let fields = fields.iter().map(String::as_str);
        writer
            .write_record(head.into_iter().chain(fields))
            .map_err(|e| failed(&e))?;
        let count = self.by_rule.entry(row.rule.clone()).or_default();
        *count += 1;
        if *count <= EXAMPLES as u64 {
            self.examples.push(row);
        }
        Ok(())
    }

    /// How many rows each rule has rejected since an earlier count, most first.
    pub(super) fn since(&self, before: &BTreeMap<String, u64>) -> Vec<(&str, u64)> {
        let since = self.by_rule.iter().map(|(rule, count)| {
            let earlier = before.get(rule).copied().unwrap_or(0);
            (rule.as_str(), count - earlier)
        });
        let mut since: Vec<(&str, u64)> = since.filter(|(_, count)| *count > 0).collect();
        since.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        since
    }

    /// Writes out what is left, and tells where the file is, if there is one.
    pub(super) fn finish(&mut self) -> Result<Option<PathBuf>, ValidateError> {
        let Some((path, mut writer)) = self.writer.take() else {
            return Ok(None);
        };
        writer
            .flush()
            .map_err(|e| ValidateError::Quarantine(e.to_string()))?;
        Ok(Some(path))
    }
}

/// Where a row stands, without its values.
pub(super) fn place(file: &Path, sheet: Option<&str>, line: u64) -> Rejected {
    Rejected {
        file: file.to_owned(),
        sheet: sheet.map(str::to_owned),
        line,
        rule: String::new(),
        column: String::new(),
        header: String::new(),
        reason: Localised::default(),
        shape: String::new(),
    }
}
