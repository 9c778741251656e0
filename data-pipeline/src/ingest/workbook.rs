//! Workbooks as tables: which sheets, where the header stands, which units the titles declare.

use std::{collections::VecDeque, path::Path, sync::mpsc::Receiver};

use super::{
    Expected, Header, IngestError, Notes, Row, Table, bounds, declared_units, header, legacy,
    misfit, no_header_row,
    sheets::{self, Content, Event, Format, RawRow},
};
use crate::values::glob;

/// A workbook that is being read.
pub(super) struct WorkbookRows {
    events: Receiver<Event>,
    pub(super) format: &'static str,
    pub(super) notes: Notes,
    expected: Expected,
    /// Rows of the current sheet that are waiting.
    waiting: VecDeque<RawRow>,
    /// What came after the current sheet.
    next: Option<Event>,
    width: usize,
    tables: usize,
    /// Why the best of the sheets that were not read does not fit.
    best_failure: Option<(usize, IngestError)>,
}

pub(super) fn open(
    file: &Path,
    size: u64,
    expected: &Expected,
) -> Result<(WorkbookRows, Table), IngestError> {
    let mut signature = [0; 8];
    let begins = std::fs::File::open(file)
        .and_then(|mut input| std::io::Read::read(&mut input, &mut signature));
    begins.map_err(|source| IngestError::Unreadable {
        file: file.into(),
        source,
    })?;
    let (format, name, hidden_rows) = if signature == legacy::MAGIC {
        (Format::Xls, "XLS", legacy::measure(file, size)?)
    } else {
        let package = bounds::measure(file)?;
        let (format, name) = match package.kind {
            bounds::Zipped::Xlsx => (Format::Xlsx, "XLSX"),
            bounds::Zipped::Xlsb => (Format::Xlsb, "XLSB"),
            bounds::Zipped::Ods => (Format::Ods, "ODS"),
        };
        (format, name, package.hidden_rows)
    };
    let mut rows = WorkbookRows {
        events: sheets::start(file.to_owned(), format),
        format: name,
        notes: Notes {
            hidden_rows,
            ..Notes::default()
        },
        expected: expected.clone(),
        waiting: VecDeque::new(),
        next: None,
        width: 0,
        tables: 0,
        best_failure: None,
    };
    match rows.next_table(file)? {
        Some(table) => Ok((rows, table)),
        None => Err(rows.best_failure.take().map_or_else(
            || IngestError::Empty { file: file.into() },
            |(_, error)| error,
        )),
    }
}

impl WorkbookRows {
    /// The next sheet that fits the contract.
    pub(super) fn next_table(&mut self, file: &Path) -> Result<Option<Table>, IngestError> {
        loop {
            self.waiting.clear();
            let (name, visible, merged) = match self.event(file)? {
                Event::Sheet {
                    name,
                    visible,
                    merged,
                } => (name, visible, merged),
                Event::Rows(_) => continue, // the rest of a sheet that was not read
                _ => return Ok(None),
            };
            let asked = self.expected.source.sheets.as_ref();
            if asked.map_or(!visible, |pattern| !glob(pattern, &name)) {
                self.notes.sheets_not_read.push(name);
                continue;
            }
            let named = asked.is_some();
            while self.waiting.len() < header::TITLE_ROWS && self.more(file)? {}
            let top: Vec<Row> = self
                .waiting
                .iter()
                .take(header::TITLE_ROWS)
                .map(top_row)
                .collect();
            if top.is_empty() {
                continue;
            }
            let fixed = self.expected.source.header_row;
            let found = header::find(&top, merged.as_deref(), &self.expected.columns, fixed);
            let shown = std::path::PathBuf::from(format!("{} [{name}]", file.display()));
            let headers = found.as_ref().map_or(&[][..], |found| &found.headers);
            if found.is_none() || self.expected.missing(headers).is_some() {
                let nearest_row: Vec<Header>;
                let headers = if headers.is_empty() {
                    nearest_row = top[0].fields.iter().map(|f| Header::single(f)).collect();
                    &nearest_row
                } else {
                    headers
                };
                let error = misfit(&shown, &self.expected, headers)
                    .unwrap_or_else(|| no_header_row(&shown));
                if named {
                    return Err(error);
                }
                let score = found.map_or(0, |found| found.score + 1);
                if self
                    .best_failure
                    .as_ref()
                    .is_none_or(|(best, _)| score > *best)
                {
                    self.best_failure = Some((score, error));
                }
                self.notes.sheets_not_read.push(name);
                continue;
            }
            let Some(found) = found else { continue };
            let (money, area) = declared_units(&shown, &found.titles)?;
            while self
                .waiting
                .front()
                .is_some_and(|(row, _)| *row <= found.last_row)
            {
                self.waiting.pop_front();
            }
            self.notes.title_rows += found.title_rows;
            self.width = found.headers.len();
            self.tables += 1;
            return Ok(Some(Table {
                sheet: Some(name),
                headers: found.headers,
                titles: found.titles.into_iter().map(|(_, text)| text).collect(),
                money,
                area,
            }));
        }
    }

    pub(super) fn next_row(&mut self, file: &Path) -> Result<Option<Row>, IngestError> {
        while self.waiting.is_empty() {
            if !self.more(file)? {
                return Ok(None);
            }
        }
        let Some((line, cells)) = self.waiting.pop_front() else {
            return Ok(None);
        };
        let mut row = Row {
            line,
            fields: vec![String::new(); self.width],
            broken: Vec::new(),
        };
        let mut beyond = false;
        for (column, content) in cells {
            let column = column as usize;
            match (row.fields.get_mut(column), content) {
                (Some(field), Content::Text(text)) => *field = text,
                (Some(_), Content::Broken) => row.broken.push(column),
                (None, Content::Text(text)) => beyond |= !text.trim().is_empty(),
                (None, Content::Broken) => beyond = true,
            }
        }
        self.notes.rows_beyond_header += u64::from(beyond);
        Ok(Some(row))
    }

    /// Takes in more rows of the current sheet; false when it has ended.
    fn more(&mut self, file: &Path) -> Result<bool, IngestError> {
        match self.event(file)? {
            Event::Rows(rows) => {
                self.waiting.extend(rows);
                Ok(true)
            }
            other => {
                self.next = Some(other);
                Ok(false)
            }
        }
    }

    fn event(&mut self, file: &Path) -> Result<Event, IngestError> {
        let event = match self.next.take() {
            Some(event) => event,
            // The thread says when it ends; a channel that breaks off without that is treated alike.
            None => self.events.recv().unwrap_or(Event::End),
        };
        match event {
            Event::Failed(message) => Err(IngestError::Damaged {
                file: file.into(),
                message,
            }),
            Event::Encrypted => Err(bounds::encrypted(file)),
            event => Ok(event),
        }
    }
}

fn top_row((line, cells): &RawRow) -> Row {
    let width = cells
        .iter()
        .map(|(column, _)| *column as usize + 1)
        .max()
        .unwrap_or(0);
    let mut fields = vec![String::new(); width];
    for (column, content) in cells {
        if let Content::Text(text) = content {
            fields[*column as usize].clone_from(text);
        }
    }
    Row {
        line: *line,
        fields,
        broken: Vec::new(),
    }
}
