//! Reading the exports with nothing but their bytes: no constant of the generator, no code of the pipeline.

use std::{collections::BTreeMap, fs, path::Path};

use calamine::{Data, Reader, Xlsx, open_workbook};
use chrono::NaiveDateTime;
use encoding_rs::GB18030;

use super::Zone;

/// One row: its file's name, its line, and its fields by header, full-width forms made plain.
pub(super) struct Row {
    pub file: String,
    pub line: u64,
    fields: BTreeMap<String, String>,
    /// What one unit of the amounts is worth, in yuan.
    yuan: f64,
}

impl Row {
    pub(super) fn text(&self, header: &str) -> &str {
        self.fields.get(header).map_or("", String::as_str)
    }

    pub(super) fn has(&self, header: &str) -> bool {
        !self.text(header).is_empty()
    }

    pub(super) fn number(&self, header: &str) -> f64 {
        let text = self.text(header).trim_start_matches('¥').replace(',', "");
        text.parse()
            .unwrap_or_else(|_| panic!("{} line {}: {header}", self.file, self.line))
    }

    pub(super) fn yuan(&self, header: &str) -> f64 {
        // Whole fen, whatever the unit.
        (self.number(header) * self.yuan * 100.0).round() / 100.0
    }

    pub(super) fn moment(&self, header: &str) -> NaiveDateTime {
        let text = self.text(header);
        let compact = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
        let numbers: Vec<u32> = if compact {
            [&text[..4], &text[4..6], &text[6..]]
                .map(|n| n.parse().unwrap_or(0))
                .to_vec()
        } else {
            text.split(|c: char| !c.is_ascii_digit())
                .filter_map(|n| n.parse().ok())
                .collect()
        };
        let at = |index: usize| numbers.get(index).copied().unwrap_or(0);
        chrono::NaiveDate::from_ymd_opt(at(0).cast_signed(), at(1), at(2))
            .and_then(|day| day.and_hms_opt(at(3), at(4), at(5)))
            .unwrap_or_else(|| panic!("{} line {}: {header}", self.file, self.line))
    }
}

/// Every row of the files whose names begin so.
pub(super) fn rows(zone: &Zone, prefix: &str) -> Vec<Row> {
    let mut all = Vec::new();
    for (name, bytes) in zone.bytes() {
        let name = name.to_string_lossy().into_owned();
        if !name.starts_with(prefix) {
            continue;
        }
        if name.ends_with(".xlsx") {
            all.extend(sheet(&zone.folder.path().join(&name), &name));
        } else {
            all.extend(csv(&bytes, &name));
        }
    }
    assert!(!all.is_empty(), "{prefix}");
    all
}

/// The rows without those that were planted to be rejected.
pub(super) fn good(zone: &Zone, prefix: &str) -> Vec<Row> {
    let planted: std::collections::BTreeSet<(String, u64)> = zone
        .summary
        .planted
        .iter()
        .map(|p| {
            let name = p.file.file_name().expect("a file").to_string_lossy();
            (name.into_owned(), p.line)
        })
        .collect();
    let mut rows = rows(zone, prefix);
    rows.retain(|row| !planted.contains(&(row.file.clone(), row.line)));
    rows
}

pub(super) fn decoded(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes)
        .map_or_else(|_| GB18030.decode(bytes).0.into_owned(), str::to_owned)
        .trim_start_matches('\u{FEFF}')
        .to_owned()
}

fn plain(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{FF10}'..='\u{FF19}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            '\u{3000}' => ' ',
            _ => c,
        })
        .collect::<String>()
        .trim()
        .to_owned()
}

fn csv(bytes: &[u8], file: &str) -> Vec<Row> {
    let text = decoded(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let header = reader.headers().expect("a header").clone();
    reader
        .records()
        .map(|record| {
            let record = record.expect("a row");
            Row {
                file: file.to_owned(),
                line: record.position().expect("a position").line(),
                fields: header
                    .iter()
                    .map(str::to_owned)
                    .zip(record.iter().map(plain))
                    .collect(),
                yuan: 1.0,
            }
        })
        .collect()
}

fn sheet(path: &Path, file: &str) -> Vec<Row> {
    let mut book: Xlsx<_> = open_workbook(path).expect("a workbook");
    let range = book.worksheet_range_at(0).expect("a sheet").expect("cells");
    let cell = |at: &Data| match at {
        Data::DateTime(day) => day
            .as_datetime()
            .map(|day| day.format("%Y-%m-%d").to_string())
            .unwrap_or_default(),
        other => plain(&other.to_string()),
    };
    let lines: Vec<Vec<String>> = range
        .rows()
        .map(|row| row.iter().map(cell).collect())
        .collect();
    let yuan = if lines[1].iter().any(|text| text == "单位:万元") {
        10_000.0
    } else {
        1.0
    };
    let header: Vec<&String> = lines[2]
        .iter()
        .zip(&lines[3])
        .map(|(upper, lower)| if lower.is_empty() { upper } else { lower })
        .collect();
    assert_eq!(lines.last().expect("rows")[0], "合计");
    (5..)
        .zip(&lines[4..lines.len() - 1])
        .map(|(line, row)| Row {
            file: file.to_owned(),
            line,
            fields: header
                .iter()
                .map(|h| (*h).clone())
                .zip(row.iter().cloned())
                .collect(),
            yuan,
        })
        .collect()
}

/// The figures of the article, as the raw zone has them: figure and qualifier by identifier.
pub(super) fn figures(zone: &Zone) -> BTreeMap<String, (f64, String)> {
    let bytes = fs::read(zone.folder.path().join("reported.csv")).expect("the figures");
    csv(&bytes, "reported.csv")
        .iter()
        .map(|row| {
            let figure = (row.number("figure"), row.text("qualifier").to_owned());
            (row.text("figure_id").to_owned(), figure)
        })
        .collect()
}
