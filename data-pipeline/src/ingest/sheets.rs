//! Decoding workbooks in a thread of their own: it sends rows, so that a sheet need not be held, and its panics
//! stay with it.

use std::{
    fs::File,
    io::BufReader,
    path::PathBuf,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
};

use calamine::{
    Cell, Data, DataRef, ExcelDateTime, Ods, Reader, SheetType, SheetVisible, Xls, Xlsb, Xlsx,
    open_workbook,
};

use contract::Localised;

use super::{
    MAX_COLUMNS,
    guard::{Panicked, guarded},
    header::Merged,
};
use crate::values::of_float;

/// Rows sent at once, and the bytes of text after which a bundle ends early.
const ROWS: usize = 256;
const BUNDLE_BYTES: usize = 1 << 20;
/// Most bytes of text of one row. Cells share texts, so that a small file may hold endless rows.
const MAX_ROW_BYTES: usize = 4 << 20;

/// One row of a sheet: its number from 1, and its filled cells by column from 0.
pub(super) type RawRow = (u64, Vec<(u32, Content)>);

/// What a filled cell holds.
pub(super) enum Content {
    Text(String),
    Broken,
}

/// What the thread tells.
pub(super) enum Event {
    /// A sheet begins.
    Sheet {
        name: String,
        visible: bool,
        merged: Option<Vec<Merged>>,
    },
    Rows(Vec<RawRow>),
    End,
    /// The workbook cannot be read further; the message holds no value.
    Failed(Localised),
    Encrypted,
}

/// The formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Xlsx,
    Xlsb,
    Xls,
    Ods,
}

/// Starts decoding.
pub(super) fn start(file: PathBuf, format: Format) -> Receiver<Event> {
    let (to, from) = sync_channel(8);
    thread::spawn(move || {
        let last = match guarded(|| decode(&file, format, &to)) {
            Ok(Ok(())) => Event::End,
            Ok(Err(Stop::Nobody)) => return,
            Ok(Err(Stop::Encrypted)) => Event::Encrypted,
            Ok(Err(Stop::Failed(message))) => Event::Failed(message),
            Err(Panicked) => Event::Failed(Localised::new("内容自相矛盾", "it contradicts itself")),
        };
        let _ = to.send(last); // nobody listens any more: nothing is lost
    });
    from
}

enum Stop {
    /// The reader of the rows has gone.
    Nobody,
    Encrypted,
    Failed(Localised),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        // The library's messages may quote a cell: only which part failed is told.
        match failure {
            Failure::Encrypted => Self::Encrypted,
            Failure::Part(part) => Self::Failed(Localised::new(
                format!("{part} 部分解不开"),
                format!("its {part} cannot be decoded"),
            )),
        }
    }
}

enum Failure {
    Encrypted,
    Part(&'static str),
}

type Sheets = Vec<(String, bool)>;

fn visible<RS, R: Reader<RS>>(workbook: &R) -> Sheets
where
    RS: std::io::Read + std::io::Seek,
{
    let sheets = workbook.sheets_metadata();
    sheets
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible))
        .collect()
}

fn decode(file: &PathBuf, format: Format, to: &SyncSender<Event>) -> Result<(), Stop> {
    let opened = Failure::Part("list of sheets");
    match format {
        Format::Xlsx => {
            let mut workbook: Xlsx<BufReader<File>> = open_workbook(file).map_err(|e| match e {
                calamine::XlsxError::Password => Failure::Encrypted,
                _ => opened,
            })?;
            for (name, visible) in visible(&workbook) {
                let merged = match workbook.merge_cells_by_sheet_name(&name) {
                    Ok(merged) => Some(merged.iter().map(of_dimensions).collect()),
                    Err(calamine::XlsxError::WorksheetNotFound(_)) => None,
                    Err(_) => return Err(Failure::Part("merged cells").into()),
                };
                send(
                    to,
                    Event::Sheet {
                        name: name.clone(),
                        visible,
                        merged,
                    },
                )?;
                let part = || Failure::Part("sheet");
                let mut cells = match workbook.worksheet_cells_reader(&name) {
                    Ok(cells) => cells,
                    // A chart sheet that is declared as a worksheet holds no rows.
                    Err(calamine::XlsxError::NotAWorksheet(_)) => continue,
                    Err(_) => return Err(part().into()),
                };
                let mut rows = RowSender::new(to);
                while let Some(cell) = cells.next_cell().map_err(|_| part())? {
                    rows.push(&cell, of_ref)?;
                }
                rows.finish()?;
            }
        }
        Format::Xlsb => {
            let mut workbook: Xlsb<BufReader<File>> = open_workbook(file).map_err(|e| match e {
                calamine::XlsbError::Password => Failure::Encrypted,
                _ => opened,
            })?;
            for (name, visible) in visible(&workbook) {
                send(
                    to,
                    Event::Sheet {
                        name: name.clone(),
                        visible,
                        merged: None,
                    },
                )?;
                let part = || Failure::Part("sheet");
                let mut cells = workbook.worksheet_cells_reader(&name).map_err(|_| part())?;
                let mut rows = RowSender::new(to);
                while let Some(cell) = cells.next_cell().map_err(|_| part())? {
                    rows.push(&cell, of_ref)?;
                }
                rows.finish()?;
            }
        }
        Format::Xls => {
            let mut workbook: Xls<BufReader<File>> = open_workbook(file).map_err(|e| match e {
                calamine::XlsError::Password => Failure::Encrypted,
                _ => opened,
            })?;
            for (name, visible) in visible(&workbook) {
                let merged = workbook.merge_cells_by_sheet_name(&name);
                let merged = merged.ok().map(|m| m.iter().map(of_dimensions).collect());
                whole(&mut workbook, name, visible, merged, to)?;
            }
        }
        Format::Ods => {
            let mut workbook: Ods<BufReader<File>> = open_workbook(file).map_err(|e| match e {
                calamine::OdsError::Password => Failure::Encrypted,
                _ => opened,
            })?;
            for (name, visible) in visible(&workbook) {
                whole(&mut workbook, name, visible, None, to)?;
            }
        }
    }
    Ok(())
}

/// Sends a sheet of a format that is decoded whole.
fn whole<R: Reader<BufReader<File>>>(
    workbook: &mut R,
    name: String,
    visible: bool,
    merged: Option<Vec<Merged>>,
    to: &SyncSender<Event>,
) -> Result<(), Stop> {
    let range = workbook.worksheet_range(&name);
    send(
        to,
        Event::Sheet {
            name,
            visible,
            merged,
        },
    )?;
    let range = range.map_err(|_| Failure::Part("sheet"))?;
    let (row, column) = range.start().unwrap_or_default();
    let mut rows = RowSender::new(to);
    for (down, across, value) in range.used_cells() {
        let shift =
            |from: u32, by: usize| from.saturating_add(u32::try_from(by).unwrap_or(u32::MAX));
        rows.push_content((shift(row, down), shift(column, across)), of_data(value))?;
    }
    rows.finish()
}

fn send(to: &SyncSender<Event>, event: Event) -> Result<(), Stop> {
    to.send(event).map_err(|_| Stop::Nobody)
}

fn of_dimensions(range: &calamine::Dimensions) -> Merged {
    Merged {
        rows: (range.start.0, range.end.0),
        columns: (range.start.1, range.end.1),
    }
}

/// Gathers cells into rows and sends them in bundles.
struct RowSender<'a> {
    to: &'a SyncSender<Event>,
    row: u32,
    cells: Vec<(u32, Content)>,
    row_bytes: usize,
    rows: Vec<RawRow>,
    bytes: usize,
}

impl<'a> RowSender<'a> {
    fn new(to: &'a SyncSender<Event>) -> Self {
        Self {
            to,
            row: 0,
            cells: Vec::new(),
            row_bytes: 0,
            rows: Vec::new(),
            bytes: 0,
        }
    }

    fn push<'c>(
        &mut self,
        cell: &Cell<DataRef<'c>>,
        content: impl Fn(&DataRef<'c>) -> Option<Content>,
    ) -> Result<(), Stop> {
        self.push_content(cell.get_position(), content(cell.get_value()))
    }

    fn push_content(&mut self, at: (u32, u32), content: Option<Content>) -> Result<(), Stop> {
        let Some(content) = content else {
            return Ok(());
        };
        if at.0 != self.row {
            self.end_row()?;
            self.row = at.0;
        }
        if at.1 as usize >= MAX_COLUMNS {
            return Err(Stop::Failed(Localised::new(
                "有单元格在最后一列之外",
                "a cell lies beyond the last column",
            )));
        }
        if let Content::Text(text) = &content {
            self.row_bytes += text.len();
        }
        if self.row_bytes > MAX_ROW_BYTES {
            let (row, most) = (u64::from(self.row) + 1, MAX_ROW_BYTES >> 20);
            return Err(Stop::Failed(Localised::new(
                format!("第 {row} 行超过 {most} MiB"),
                format!("row {row} holds more than {most} MiB"),
            )));
        }
        self.cells.push((at.1, content));
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), Stop> {
        if !self.cells.is_empty() {
            let cells = std::mem::take(&mut self.cells);
            self.rows.push((u64::from(self.row) + 1, cells));
            self.bytes += std::mem::take(&mut self.row_bytes);
        }
        if self.rows.len() >= ROWS || self.bytes >= BUNDLE_BYTES {
            self.bytes = 0;
            send(self.to, Event::Rows(std::mem::take(&mut self.rows)))?;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<(), Stop> {
        self.end_row()?;
        send(self.to, Event::Rows(self.rows))
    }
}

fn of_ref(value: &DataRef<'_>) -> Option<Content> {
    Some(Content::Text(match value {
        DataRef::SharedString("") => return None,
        DataRef::String(text) if text.is_empty() => return None,
        DataRef::Empty => return None,
        DataRef::Error(_) => return Some(Content::Broken),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => of_float(*number),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::DateTime(moment) => of_moment(moment),
    }))
}

fn of_data(value: &Data) -> Option<Content> {
    Some(Content::Text(match value {
        Data::String(text) if text.is_empty() => return None,
        Data::Empty => return None,
        Data::Error(_) => return Some(Content::Broken),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => of_float(*number),
        Data::Bool(truth) => truth.to_string(),
        Data::DateTime(moment) => of_moment(moment),
    }))
}

/// A date cell, of the 1900 or the 1904 calendar, as text: `2020-03-05`, `2020-03-05 14:30:00` or `14:30:00`.
fn of_moment(moment: &ExcelDateTime) -> String {
    let plain = || of_float(moment.as_f64());
    let half_second = chrono::TimeDelta::milliseconds(500);
    let Some(at) = moment
        .as_datetime()
        .and_then(|at| at.checked_add_signed(half_second))
    else {
        return plain();
    };
    let time = at.format("%H:%M:%S").to_string();
    if moment.is_duration() || (0.0..1.0).contains(&moment.as_f64()) {
        return time;
    }
    if time == "00:00:00" {
        at.format("%Y-%m-%d").to_string()
    } else {
        at.format("%Y-%m-%d %H:%M:%S").to_string()
    }
}
