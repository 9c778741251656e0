//! Writing an export row by row: CSV in several encodings, and workbooks as offices lay them out.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use encoding_rs::{Encoder, GB18030};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, XlsxError};

use super::DemoError;

/// Rows of a workbook before the next one is begun, so that memory does not grow with the number of rows.
const ROWS_PER_WORKBOOK: u64 = 20_000;

/// How an export is written.
#[derive(Clone)]
pub(super) enum Kind {
    Utf8,
    Utf8Bom,
    Gb18030,
    Workbook(Layout),
}

/// What stands around the rows of a workbook.
#[derive(Clone)]
pub(super) struct Layout {
    /// The title row.
    pub title: String,
    /// The row below it: who made the table, and the unit of its amounts.
    pub note: (&'static str, &'static str),
    /// The upper level of the header: the title and width of each group. In a group without title each
    /// column's own header spans both levels.
    pub groups: &'static [(&'static str, u16)],
    /// Columns of numbers.
    pub numbers: &'static [usize],
    /// Columns of days: those written as the standard has it become true dates, as in workbooks some are and
    /// some are text.
    pub dates: &'static [usize],
    /// Columns that the last row adds up.
    pub totals: &'static [usize],
}

/// An export that is being written: one file, or several workbooks when the rows are many.
pub(super) struct Export {
    first: PathBuf,
    path: PathBuf,
    kind: Kind,
    header: &'static [&'static str],
    sink: Sink,
    /// Rows of this file below the header, totals aside.
    rows: u64,
    /// The line, or row of the sheet, that comes next, from 1.
    next_line: u64,
    finished: Vec<(PathBuf, u64)>,
}

enum Sink {
    Csv(Box<csv::Writer<Encoded>>),
    Workbook(Box<Book>),
}

impl Sink {
    fn open(
        path: &Path,
        kind: &Kind,
        header: &'static [&'static str],
    ) -> Result<(Self, u64), DemoError> {
        let (encoder, mark): (_, &[u8]) = match kind {
            Kind::Workbook(layout) => {
                let book = Book::new(layout.clone(), header).map_err(|e| workbook(path, e))?;
                let line = u64::from(book.row) + 1;
                return Ok((Self::Workbook(Box::new(book)), line));
            }
            Kind::Utf8 => (None, b""),
            Kind::Utf8Bom => (None, b"\xEF\xBB\xBF"),
            Kind::Gb18030 => (Some(GB18030.new_encoder()), b""),
        };
        let mut file = BufWriter::new(File::create(path).map_err(|e| unwritable(path, e))?);
        file.write_all(mark).map_err(|e| unwritable(path, e))?;
        let mut writer = csv::WriterBuilder::new()
            .flexible(true)
            .from_writer(Encoded {
                file,
                encoder,
                begun: Vec::new(),
            });
        writer
            .write_record(header)
            .map_err(|e| unwritable(path, e.into()))?;
        Ok((Self::Csv(Box::new(writer)), 2))
    }

    fn close(self, path: &Path) -> Result<(), DemoError> {
        match self {
            Self::Csv(writer) => writer
                .into_inner()
                .map_err(csv::IntoInnerError::into_error)
                .and_then(|mut encoded| encoded.flush())
                .map_err(|e| unwritable(path, e)),
            Self::Workbook(book) => book.save(path).map_err(|e| workbook(path, e)),
        }
    }
}

impl Export {
    /// Creates the file and writes what stands above its rows.
    pub(super) fn create(
        path: PathBuf,
        kind: Kind,
        header: &'static [&'static str],
    ) -> Result<Self, DemoError> {
        let (sink, next_line) = Sink::open(&path, &kind, header)?;
        Ok(Self {
            first: path.clone(),
            path,
            kind,
            header,
            sink,
            rows: 0,
            next_line,
            finished: Vec::new(),
        })
    }

    /// Writes a row and says in which file and on which line it begins.
    pub(super) fn write(&mut self, row: &[String]) -> Result<(&Path, u64), DemoError> {
        if self.rows == ROWS_PER_WORKBOOK && matches!(self.sink, Sink::Workbook(_)) {
            self.begin_next_workbook()?;
        }
        let line = self.next_line;
        match &mut self.sink {
            Sink::Csv(writer) => {
                writer
                    .write_record(row)
                    .map_err(|e| unwritable(&self.path, e.into()))?;
                let breaks = row.iter().flat_map(|field| field.matches('\n')).count();
                self.next_line += 1 + breaks as u64;
            }
            Sink::Workbook(book) => {
                book.write(row).map_err(|e| workbook(&self.path, e))?;
                self.next_line += 1;
            }
        }
        self.rows += 1;
        Ok((&self.path, line))
    }

    /// The file that is being written.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn begin_next_workbook(&mut self) -> Result<(), DemoError> {
        let stem = self.first.file_stem().unwrap_or_default();
        let part = self.finished.len() + 2;
        let next = self
            .first
            .with_file_name(format!("{}-{part}.xlsx", stem.to_string_lossy()));
        let (sink, line) = Sink::open(&next, &self.kind, self.header)?;
        let full = std::mem::replace(&mut self.sink, sink);
        full.close(&self.path)?;
        let path = std::mem::replace(&mut self.path, next);
        self.finished.push((path, std::mem::take(&mut self.rows)));
        self.next_line = line;
        Ok(())
    }

    /// Writes what stands below the rows; returns the files and how many rows each has.
    pub(super) fn finish(mut self) -> Result<Vec<(PathBuf, u64)>, DemoError> {
        self.sink.close(&self.path)?;
        self.finished.push((self.path, self.rows));
        Ok(self.finished)
    }
}

fn unwritable(path: &Path, source: io::Error) -> DemoError {
    DemoError::Unwritable {
        path: path.to_owned(),
        source,
    }
}

fn workbook(path: &Path, source: XlsxError) -> DemoError {
    DemoError::Workbook {
        path: path.to_owned(),
        source,
    }
}

/// Text in the encoding of the file.
struct Encoded {
    file: BufWriter<File>,
    encoder: Option<Encoder>,
    /// The beginning of a character whose end has not come yet: the writer above cuts where its buffer ends.
    begun: Vec<u8>,
}

impl Write for Encoded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(encoder) = &mut self.encoder else {
            return self.file.write(bytes);
        };
        self.begun.extend_from_slice(bytes);
        let whole = match std::str::from_utf8(&self.begun) {
            Ok(text) => text,
            Err(error) => {
                std::str::from_utf8(&self.begun[..error.valid_up_to()]).unwrap_or_default()
            }
        };
        // GB18030 has every character: nothing is replaced.
        let mut encoded = Vec::with_capacity(2 * whole.len() + 16);
        let mut from = 0;
        while from < whole.len() {
            let (_, read) = encoder.encode_from_utf8_to_vec_without_replacement(
                &whole[from..],
                &mut encoded,
                false,
            );
            from += read;
            encoded.reserve(2 * whole.len() + 16);
        }
        self.file.write_all(&encoded)?;
        self.begun.drain(..from);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A workbook with title rows, a header of two levels, and a row of totals. It is held in memory until it is
/// saved, which is why its rows are limited to [`ROWS_PER_WORKBOOK`].
struct Book {
    workbook: Workbook,
    layout: Layout,
    /// The row that comes next, from 0.
    row: u32,
    /// In millionths.
    sums: Vec<i64>,
}

const SHEET: usize = 0;

impl Book {
    fn new(layout: Layout, header: &[&str]) -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        // The time of writing would make every run's bytes different.
        workbook.set_properties(
            &DocProperties::new()
                .set_title(&layout.title)
                .set_comment("演示数据 demonstration data")
                .set_creation_datetime(&ExcelDateTime::from_ymd(2021, 1, 4)?),
        );
        let bold = Format::new().set_bold().set_align(FormatAlign::Center);
        let columns = header.len() as u16;
        let sheet = workbook.add_worksheet();
        sheet.set_name("台账")?;
        sheet.merge_range(0, 0, 0, columns - 1, &layout.title, &bold)?;
        sheet.write(1, 0, layout.note.0)?;
        sheet.write(1, columns - 2, layout.note.1)?;
        let mut at = 0;
        for &(title, width) in layout.groups {
            for column in at..at + width {
                let own = header[usize::from(column)];
                if title.is_empty() {
                    sheet.merge_range(2, column, 3, column, own, &bold)?;
                } else {
                    sheet.write_with_format(3, column, own, &bold)?;
                }
            }
            if !title.is_empty() {
                sheet.merge_range(2, at, 2, at + width - 1, title, &bold)?;
            }
            at += width;
        }
        Ok(Self {
            sums: vec![0; header.len()],
            workbook,
            layout,
            row: 4,
        })
    }

    fn write(&mut self, row: &[String]) -> Result<(), XlsxError> {
        let sheet = self.workbook.worksheet_from_index(SHEET)?;
        for (at, field) in row.iter().enumerate() {
            let column = at as u16;
            let number = field
                .parse::<f64>()
                .ok()
                .filter(|_| self.layout.numbers.contains(&at));
            match number {
                Some(number) => {
                    self.sums[at] += (number * 1e6).round() as i64;
                    sheet.write_number(self.row, column, number)?;
                }
                None if field.is_empty() => {}
                None if self.layout.dates.contains(&at)
                    && let Ok(date) = ExcelDateTime::parse_from_str(field) =>
                {
                    let format = Format::new().set_num_format("yyyy/m/d");
                    sheet.write_datetime_with_format(self.row, column, &date, &format)?;
                }
                None => {
                    sheet.write_string(self.row, column, field)?;
                }
            }
        }
        self.row += 1;
        Ok(())
    }

    fn save(mut self, path: &Path) -> Result<(), XlsxError> {
        let sheet = self.workbook.worksheet_from_index(SHEET)?;
        sheet.write_string(self.row, 0, "合计")?;
        for &column in self.layout.totals {
            sheet.write_number(self.row, column as u16, self.sums[column] as f64 / 1e6)?;
        }
        self.workbook.save(path)
    }
}
