//! Measuring zipped workbooks before they are decoded. Every part is inflated once into nothing, so that what a
//! zip declares of itself is not believed.

use std::{
    fs::File,
    io::{BufReader, Read},
    path::Path,
};

use zip::{ZipArchive, result::ZipError};

use contract::Localised;

use super::IngestError;

/// Most bytes of one sheet when inflated.
const MAX_SHEET_BYTES: u64 = 1 << 30;
/// Most bytes of all other parts together when inflated: shared strings, styles, pictures.
const MAX_OTHER_BYTES: u64 = 256 << 20;
/// Longest run between two angle brackets: one text, or one tag.
const MAX_TOKEN_BYTES: usize = 1 << 20;
/// Most cells of formats that are decoded whole (XLS, ODS), gaps included.
pub(super) const MAX_CELLS: u64 = 4_000_000;

/// Which kind of workbook a zip file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Zipped {
    Xlsx,
    Xlsb,
    Ods,
}

/// What measuring found.
#[derive(Debug)]
pub(super) struct Package {
    pub(super) kind: Zipped,
    /// Rows that its sheets hide.
    pub(super) hidden_rows: u64,
}

pub(super) fn measure(file: &Path) -> Result<Package, IngestError> {
    let damaged = |zh: &str, en: &str| IngestError::Damaged {
        file: file.into(),
        message: Localised::new(zh, en),
    };
    let too_large = |zh: String, en: String| IngestError::TooLarge {
        file: file.into(),
        message: Localised::new(zh, en),
    };
    let input = File::open(file).map_err(|source| IngestError::Unreadable {
        file: file.into(),
        source,
    })?;
    let mut archive = ZipArchive::new(BufReader::new(input)).map_err(|_| {
        damaged(
            "作为工作簿的 zip 文件不完整或没有目录",
            "the zip file that a workbook is breaks off or has no directory",
        )
    })?;
    let mut names = Vec::new();
    for name in archive.file_names() {
        names.push(
            name.map_err(|_| damaged("有一部分没有正常的名称", "a part has no proper name"))?
                .into_owned(),
        );
    }
    let has = |name: &str| names.iter().any(|n| n.eq_ignore_ascii_case(name));
    let kind = if has("xl/workbook.bin") {
        Zipped::Xlsb
    } else if names
        .iter()
        .any(|n| n.to_lowercase().ends_with("workbook.xml"))
    {
        Zipped::Xlsx
    } else if has("content.xml") {
        Zipped::Ods
    } else {
        return Err(IngestError::NotReadable {
            file: file.into(),
            message: Localised::new(
                "是 zip 压缩包，不是工作簿：请解压到原始数据区",
                "is a zip file, not a workbook: unpack it into the raw zone",
            ),
        });
    };
    let (mut other, mut hidden_rows) = (0, 0);
    for (index, name) in names.iter().enumerate() {
        let mut part = match archive.by_index(index) {
            Ok(part) => part,
            Err(ZipError::UnsupportedArchive(why)) if why == ZipError::PASSWORD_REQUIRED => {
                return Err(encrypted(file));
            }
            Err(_) => return Err(damaged("有一部分解不开", "a part cannot be unpacked")),
        };
        let lower = name.to_lowercase();
        let sheet = lower.contains("/worksheets/") || lower.ends_with("content.xml");
        let limit = if sheet {
            MAX_SHEET_BYTES
        } else {
            MAX_OTHER_BYTES - other
        };
        let xml = lower.ends_with(".xml");
        let mut scan = Scan::default();
        let (mut buffer, mut bytes) = ([0; 64 << 10], 0);
        loop {
            let count = part
                .read(&mut buffer)
                .map_err(|_| damaged("有一部分解不开", "a part cannot be unpacked"))?;
            if count == 0 {
                break;
            }
            bytes += count as u64;
            if bytes > limit {
                let most = if sheet {
                    MAX_SHEET_BYTES
                } else {
                    MAX_OTHER_BYTES
                } >> 20;
                return Err(too_large(
                    format!("解压后超过 {most} MiB"),
                    format!("unpacked, it holds more than {most} MiB"),
                ));
            }
            if xml && !scan.feed(&buffer[..count]) {
                return Err(too_large(
                    "有一段文字超过 1 MiB".to_owned(),
                    "it holds a text longer than 1 MiB".to_owned(),
                ));
            }
        }
        if sheet {
            hidden_rows += scan.hidden_rows;
        } else {
            other += bytes;
        }
        if kind == Zipped::Ods && scan.spread_text > MAX_SHEET_BYTES {
            let most = MAX_SHEET_BYTES >> 20;
            return Err(too_large(
                format!("重复单元格的文字超过 {most} MiB"),
                format!("its repeated cells hold more than {most} MiB of text"),
            ));
        }
        if kind == Zipped::Ods && lower == "content.xml" && scan.largest_grid() > MAX_CELLS {
            return Err(wide(file, "一张工作表", "a sheet spans"));
        }
    }
    Ok(Package { kind, hidden_rows })
}

/// The error that says that something spans more cells than are read.
pub(super) fn wide(file: &Path, zh: &str, en: &str) -> IngestError {
    IngestError::TooLarge {
        file: file.into(),
        message: Localised::new(
            format!("{zh}超过 {MAX_CELLS} 个单元格"),
            format!("{en} more than {MAX_CELLS} cells"),
        ),
    }
}

pub(super) fn encrypted(file: &Path) -> IngestError {
    IngestError::NotReadable {
        file: file.into(),
        message: Localised::new(
            "已加密：请另存为不带密码的文件",
            "is encrypted: save it without a password",
        ),
    }
}

/// Reads the tags of a stream of XML, as far as they tell how large a sheet is.
#[derive(Default)]
struct Scan {
    token: Vec<u8>,
    length: usize,
    in_tag: bool,
    hidden_rows: u64,
    // The grid of an ODS sheet, as its repeat counts spread it out.
    row_repeat: u64,
    cell_repeat: u64,
    /// Bytes of text, each as often as its cell and row are repeated.
    spread_text: u64,
    columns: u64,
    filled_columns: u64,
    rows: u64,
    filled_rows: u64,
    width: u64,
    largest: u64,
}

impl Scan {
    /// False when a token is too long.
    fn feed(&mut self, bytes: &[u8]) -> bool {
        for &byte in bytes {
            match byte {
                b'<' => {
                    self.spread();
                    self.token.clear();
                    (self.length, self.in_tag) = (0, true);
                }
                b'>' if self.in_tag => {
                    self.in_tag = false;
                    self.tag();
                    self.length = 0;
                }
                _ => {
                    self.length += 1;
                    // No tag that matters is longer than this.
                    if self.in_tag && self.token.len() < 4096 {
                        self.token.push(byte);
                    }
                }
            }
            if self.length > MAX_TOKEN_BYTES {
                return false;
            }
        }
        true
    }

    fn tag(&mut self) {
        let token = std::mem::take(&mut self.token);
        let tag = String::from_utf8_lossy(&token);
        let (closing, tag) = match tag.strip_prefix('/') {
            Some(rest) => (true, rest),
            None => (false, &*tag),
        };
        let name = tag.split([' ', '/', '\n', '\r', '\t']).next().unwrap_or("");
        let repeat = |what: &str| -> u64 {
            tag.split_once(what)
                .and_then(|(_, rest)| rest.split(['"', '\'']).nth(1)?.parse().ok())
                .unwrap_or(1)
        };
        let local = name.rsplit(':').next().unwrap_or(name);
        if closing {
            match local {
                "table-cell" | "covered-table-cell" => self.cell_repeat = 0,
                "table-row" => self.end_row(),
                _ => {}
            }
            return;
        }
        match local {
            "row" if tag.contains("hidden=\"1\"") || tag.contains("hidden=\"true\"") => {
                self.hidden_rows += 1;
            }
            "table" => (self.rows, self.filled_rows, self.width) = (0, 0, 0),
            "table-row" => {
                self.row_repeat = repeat("number-rows-repeated").min(1 << 20);
                (self.columns, self.filled_columns) = (0, 0);
                if tag.contains("visibility=\"collapse\"") || tag.contains("visibility=\"filter\"")
                {
                    self.hidden_rows += self.row_repeat;
                }
                if tag.ends_with('/') {
                    self.end_row();
                }
            }
            "table-cell" | "covered-table-cell" => {
                self.cell_repeat = repeat("number-columns-repeated").min(1 << 14);
                self.columns += self.cell_repeat;
                if tag.contains("value-type=") || tag.contains("formula=") {
                    self.filled_columns = self.columns;
                    self.spread(); // a value may stand in the attributes
                }
                if tag.ends_with('/') {
                    self.cell_repeat = 0;
                }
            }
            _ => {}
        }
    }

    fn end_row(&mut self) {
        self.rows += self.row_repeat;
        self.cell_repeat = 0;
        if self.filled_columns > 0 {
            self.filled_rows = self.rows;
            self.width = self.width.max(self.filled_columns);
            self.largest = self
                .largest
                .max(self.filled_rows.saturating_mul(self.width));
        }
    }

    /// Counts the text or the attributes just read.
    fn spread(&mut self) {
        let times = self.cell_repeat.saturating_mul(self.row_repeat.max(1));
        let bytes = (self.length as u64).saturating_mul(times);
        self.spread_text = self.spread_text.saturating_add(bytes);
    }

    fn largest_grid(&self) -> u64 {
        self.largest
    }
}

#[cfg(test)]
mod tests {
    use super::Scan;

    #[test]
    fn repeats_of_a_sheet_are_counted() {
        let cell = |columns: u32, text: &str| {
            format!(
                r#"<table:table-cell table:number-columns-repeated="{columns}" office:value-type="string"><text:p>{text}</text:p></table:table-cell>"#
            )
        };
        let row = |rows: u32, cells: &str| {
            format!(
                r#"<table:table-row table:number-rows-repeated="{rows}">{cells}</table:table-row>"#
            )
        };
        let gap = r#"<table:table-cell table:number-columns-repeated="16000"/>"#;
        let scan = |rows: &str| {
            let mut scan = Scan::default();
            let sheet = format!(r#"<table:table table:name="a">{rows}</table:table>"#);
            // In two halves, as a file comes.
            let (one, two) = sheet.as_bytes().split_at(sheet.len() / 2);
            assert!(scan.feed(one) && scan.feed(two));
            scan
        };
        assert_eq!(scan(&row(1, &cell(1, "x"))).largest_grid(), 1);
        assert_eq!(scan(&row(1000, &cell(100, "x"))).largest_grid(), 100_000);
        // Empty cells and rows at the end take no room.
        let small = row(2, &format!("{}{gap}", cell(3, "x"))) + &row(1_000_000, gap);
        assert_eq!(scan(&small).largest_grid(), 6);
        // Gaps before a value do.
        assert_eq!(
            scan(&(row(9, gap) + &row(1, &cell(1, "x")))).largest_grid(),
            10
        );
        assert_eq!(
            scan(&row(1, &format!("{gap}{}", cell(1, "x")))).largest_grid(),
            16_001
        );
        let spread = scan(&row(1000, &cell(100, &"x".repeat(1000)))).spread_text;
        assert!(spread >= 100_000_000, "{spread}");
        // Neither do the empty rows and cells with which programs fill up a sheet.
        let small = row(1, &cell(1, "x")) + &row(1_048_575, gap) + "\n";
        assert!(scan(&small).spread_text < 1000);
    }
}
