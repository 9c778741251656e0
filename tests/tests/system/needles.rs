//! What must never be published: the raw values of identifying columns, collected from the exports themselves.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use aho_corasick::AhoCorasick;
use anyhow::{Context, Result, bail};
use calamine::{Data, Reader, Xlsx, open_workbook};
use contract::dataset::{DatasetContract, Role};

use super::common::root;

/// Distinct raw values, and the machine that finds all of them in one pass.
pub(crate) struct Needles {
    values: usize,
    machine: AhoCorasick,
}

impl Needles {
    /// Every distinct value of a column that identifies people or is written freely, of every export in a folder.
    pub(crate) fn of(raw: &Path) -> Result<Self> {
        let mut found = BTreeSet::new();
        for (prefix, titles) in identifying()? {
            let mut files: Vec<PathBuf> = fs::read_dir(raw)?.flatten().map(|e| e.path()).collect();
            files.sort();
            let of_dataset = |path: &PathBuf| {
                let name = path.file_name().and_then(|n| n.to_str());
                name.is_some_and(|n| n.starts_with(&prefix))
            };
            let before = found.len();
            for path in files.iter().filter(|path| of_dataset(path)) {
                let rows = rows(path)?;
                collect(&rows, &titles, &mut found).with_context(|| path.display().to_string())?;
            }
            if found.len() == before {
                bail!("{prefix} has no identifying value: the scan would prove nothing");
            }
        }
        Ok(Self {
            values: found.len(),
            machine: AhoCorasick::new(&found)?,
        })
    }

    /// How many distinct values there are.
    pub(crate) fn len(&self) -> usize {
        self.values
    }

    /// Where they occur.
    pub(crate) fn found<'a>(&self, bytes: &'a [u8]) -> Vec<&'a [u8]> {
        let matches = self.machine.find_overlapping_iter(bytes);
        matches.map(|m| &bytes[m.range()]).collect()
    }
}

/// The titles of identifying columns of every shipped contract, by the prefix of its files.
fn identifying() -> Result<Vec<(String, Vec<String>)>> {
    let mut datasets = Vec::new();
    let folder = root().join("data-pipeline/datasets");
    let mut names: Vec<PathBuf> = fs::read_dir(folder)?.flatten().map(|e| e.path()).collect();
    names.sort();
    for name in names {
        let contract: DatasetContract =
            toml::from_str(&fs::read_to_string(name.join("contract.toml"))?)?;
        let hidden = |role| matches!(role, Role::Identifier | Role::Pseudonym | Role::FreeText);
        let titles: Vec<String> = contract
            .columns
            .iter()
            .filter(|c| hidden(c.role))
            .map(|c| c.title.zh.clone())
            .collect();
        if !titles.is_empty() {
            datasets.push((contract.id.clone(), titles));
        }
    }
    Ok(datasets)
}

fn rows(path: &Path) -> Result<Vec<Vec<String>>> {
    if path.extension().is_some_and(|e| e == "xlsx") {
        let mut book: Xlsx<_> = open_workbook(path)?;
        let sheet = book.worksheet_range_at(0).context("a sheet")??;
        let text = |cell: &Data| cell.to_string().trim().to_owned();
        return Ok(sheet
            .rows()
            .map(|row| row.iter().map(text).collect())
            .collect());
    }
    let bytes = fs::read(path)?;
    let (text, ..) = match std::str::from_utf8(&bytes) {
        Ok(_) => encoding_rs::UTF_8.decode(&bytes),
        Err(_) => encoding_rs::GB18030.decode(&bytes),
    };
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    reader
        .records()
        .map(|record| {
            Ok(record?
                .iter()
                .map(|field| field.trim().to_owned())
                .collect())
        })
        .collect()
}

/// A header stands in one of the first rows; where it has two levels, a title may stand on either.
fn collect(rows: &[Vec<String>], titles: &[String], found: &mut BTreeSet<String>) -> Result<()> {
    for title in titles {
        let at = rows
            .iter()
            .take(6)
            .enumerate()
            .find_map(|(row, cells)| Some((row, cells.iter().position(|cell| cell == title)?)));
        let (header, column) = at.with_context(|| format!("no column {title}"))?;
        let values = rows
            .iter()
            .skip(header + 1)
            .filter_map(|row| row.get(column));
        // The label of a totals row is no value.
        let said = |value: &&String| {
            !value.is_empty() && !["合计", "总计", "小计"].contains(&value.as_str())
        };
        found.extend(values.filter(said).cloned());
    }
    Ok(())
}
