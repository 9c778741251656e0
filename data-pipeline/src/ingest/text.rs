//! CSV and its kin: UTF-8 with and without BOM, GB18030 and other legacy encodings; commas, tabs, semicolons or
//! bars; title rows above the header. Reading streams: memory is bounded by the longest row.

use std::{
    cell::Cell,
    collections::VecDeque,
    fs::File,
    io::{self, Read, Seek},
    path::Path,
    rc::Rc,
};

use contract::Localised;
use encoding_rs::{BIG5, EUC_KR, Encoding, GB18030, GBK, SHIFT_JIS, UTF_8};

use super::{
    Expected, Header, IngestError, Notes, Row, Table, declared_units,
    decode::{Stop, Utf8Reader},
    header::{self, TITLE_ROWS},
    no_header_row,
};

/// The longest accepted line.
pub const MAX_LINE_BYTES: usize = 1 << 20;
/// How much text is searched for the header.
const TITLE_BYTES: usize = 1 << 20;

/// A text file that is being read.
pub(super) struct TextRows {
    reader: csv::Reader<Utf8Reader>,
    record: csv::StringRecord,
    since_row: Rc<Cell<u64>>,
    pub(super) encoding: &'static str,
    pub(super) notes: Notes,
    /// Rows that were read while the header was looked for, and the error that ended the search.
    waiting: VecDeque<Row>,
    failed: Option<IngestError>,
}

pub(super) fn open(
    file: &Path,
    input: File,
    sample: &[u8],
    expected: &Expected,
) -> Result<(TextRows, Table), IngestError> {
    let encoding = named(detect(sample), sample, expected);
    let (.., delimiter) = layout(sample, encoding, expected);
    let since_row = Rc::new(Cell::new(0));
    let reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(Utf8Reader::new(input, encoding, since_row.clone()));
    let mut rows = TextRows {
        reader,
        record: csv::StringRecord::new(),
        since_row,
        encoding: encoding.name(),
        notes: Notes::default(),
        waiting: VecDeque::new(),
        failed: None,
    };
    let table = rows.header(file, expected)?;
    Ok((rows, table))
}

fn headers(row: &Row) -> Vec<Header> {
    row.fields.iter().map(|f| Header::single(f)).collect()
}

impl TextRows {
    /// Finds the header: the first row, or, when that lacks columns, the one further down that fits best.
    fn header(&mut self, file: &Path, expected: &Expected) -> Result<Table, IngestError> {
        let fixed = expected.source.header_row;
        let (mut top, mut bytes) = (Vec::new(), 0);
        while top.len() < TITLE_ROWS && bytes < TITLE_BYTES {
            let row = match self.read(file) {
                Ok(Some(row)) => row,
                Ok(None) => break,
                Err(error) if top.is_empty() => return Err(error),
                Err(error) => {
                    self.failed = Some(error);
                    break;
                }
            };
            bytes += row.fields.iter().map(String::len).sum::<usize>();
            let fits = fixed.is_none() && expected.missing(&headers(&row)).is_none();
            top.push(row);
            if fits {
                break;
            }
        }
        let Some(first) = top.first() else {
            return Ok(Table::default());
        };
        let found = match expected.columns.is_empty() && fixed.is_none() {
            true => None,
            false => header::find(&top, None, &expected.columns, fixed),
        };
        if found.is_none() && fixed.is_some() {
            return Err(no_header_row(file));
        }
        let Some(mut found) = found else {
            let headers = headers(first);
            self.waiting = top.split_off(1).into();
            return Ok(Table {
                headers,
                ..Table::default()
            });
        };
        // Rows are as wide as their header, empty names at its end included.
        let level = top.iter().filter(|row| row.line == found.last_row);
        let width = level.map(|row| row.fields.len()).max().unwrap_or(0);
        if found.headers.len() < width {
            found.headers.resize(width, Header::default());
        }
        self.notes.title_rows = found.title_rows;
        let (money, area) = declared_units(file, &found.titles)?;
        top.retain(|row| row.line > found.last_row);
        self.waiting = top.into();
        Ok(Table {
            sheet: None,
            headers: found.headers,
            titles: found.titles.into_iter().map(|(_, text)| text).collect(),
            money,
            area,
        })
    }

    pub(super) fn next_row(&mut self, file: &Path) -> Result<Option<Row>, IngestError> {
        match (self.waiting.pop_front(), self.failed.take()) {
            (Some(row), failed) => {
                self.failed = failed;
                Ok(Some(row))
            }
            (None, Some(error)) => Err(error),
            (None, None) => self.read(file),
        }
    }

    fn read(&mut self, file: &Path) -> Result<Option<Row>, IngestError> {
        let mut record = std::mem::take(&mut self.record);
        self.since_row.set(0);
        let begins = self.reader.position().line();
        let more = self.reader.read_record(&mut record);
        let more = more.map_err(|error| self.bad_line(file, begins, &error))?;
        if !more {
            return Ok(None);
        }
        let fields: Vec<String> = record.iter().map(str::to_owned).collect();
        self.record = record;
        // Empty lines before a row are passed over, so that it is counted from its end.
        let inside = fields
            .iter()
            .flat_map(|f| f.bytes())
            .filter(|b| *b == b'\n');
        let line = self.reader.position().line() - 1 - inside.count() as u64;
        let line = line.max(begins);
        if fields.iter().any(|field| field.contains('\0')) {
            return Err(IngestError::BadLine {
                file: file.to_owned(),
                line,
                message: Localised::new(
                    "有文本中不该有的 NUL 字符：请重新导出",
                    "a NUL character, which no text holds: export the file again",
                ),
            });
        }
        Ok(Some(Row {
            line,
            fields,
            broken: Vec::new(),
        }))
    }

    /// Bytes of the file read so far.
    pub(super) fn bytes(&self) -> u64 {
        self.reader.get_ref().read
    }

    /// `begins` is the line where the row begins.
    fn bad_line(&self, file: &Path, begins: u64, error: &csv::Error) -> IngestError {
        let mut line = error.position().map_or(begins, csv::Position::line);
        // csv's own message may quote a field: only what kind of error it is may be told.
        let message = match error.kind() {
            csv::ErrorKind::Io(error) => {
                let stop = error.get_ref().and_then(|e| e.downcast_ref::<Stop>());
                line = stop.and_then(|stop| stop.line).unwrap_or(line);
                match stop {
                    Some(stop) => stop.message.clone(),
                    None => Localised::new(format!("读取中断（{error}）"), error.to_string()),
                }
            }
            csv::ErrorKind::Utf8 { .. } => Localised::new(
                "按识别出的编码读不通",
                "not valid text in the detected encoding",
            ),
            _ => Localised::new("不是一行 CSV", "not a line of CSV"),
        };
        IngestError::BadLine {
            file: file.to_owned(),
            line,
            message,
        }
    }
}

fn detect(sample: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(sample) {
        return encoding;
    }
    // A sample may end inside a character: what stands before the last few bytes decides.
    let utf8 = match std::str::from_utf8(sample) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    if utf8 {
        return UTF_8;
    }
    // Half a character at the end of the sample would speak against the right encoding.
    let whole = sample
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or(sample, |end| &sample[..=end]);
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(whole, false);
    let guess = detector.guess(Some(b"cn"), chardetng::Utf8Detection::Allow);
    // GB18030 reads everything that GBK reads, and more.
    if guess == GBK { GB18030 } else { guess }
}

/// The detected encoding, or another one in which the header names more columns of the contract: few bytes of a
/// short header tell GB18030, Big5 and EUC-KR badly apart, and one spoilt character speaks against UTF-8.
fn named(detected: &'static Encoding, sample: &[u8], expected: &Expected) -> &'static Encoding {
    if !detected.is_ascii_compatible() || detected == UTF_8 {
        return detected;
    }
    let (mut best, mut most) = (detected, layout(sample, detected, expected).0);
    for encoding in [UTF_8, GB18030, BIG5, EUC_KR, SHIFT_JIS] {
        let (named, ..) = layout(sample, encoding, expected);
        if named > most {
            (best, most) = (encoding, named);
        }
    }
    best
}

/// How many columns of the contract the best of the first rows names, how many fields it has, and the delimiter with
/// which it names and has the most.
fn layout(sample: &[u8], encoding: &'static Encoding, expected: &Expected) -> (usize, usize, u8) {
    let start = &sample[..sample.len().min(64 << 10)];
    let (text, ..) = encoding.decode(start);
    let score = |delimiter: u8| {
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(text.as_bytes());
        let (mut named, mut fields) = (0, 0);
        for (at, record) in reader.into_records().take(TITLE_ROWS).flatten().enumerate() {
            if at == 0 {
                fields = record.len();
            } else if named == expected.columns.len() || record.len() <= named {
                continue;
            }
            let headers: Vec<Header> = record.iter().map(Header::single).collect();
            let is_named = |names: &&Vec<String>| header::position(&headers, names).is_some();
            let count = expected.columns.iter().filter(is_named).count();
            if count > named {
                (named, fields) = (count, record.len());
            }
        }
        (named, fields, delimiter)
    };
    // The comma stands last: the last of equals is taken.
    let candidates = [b'|', b';', b'\t', b','];
    candidates
        .into_iter()
        .map(score)
        .max_by_key(|&(named, fields, _)| (named, fields))
        .unwrap_or((0, 0, b','))
}

/// Opens a file and takes its first bytes.
pub(super) fn sample(file: &Path) -> io::Result<(File, Vec<u8>)> {
    const SAMPLE_BYTES: u64 = 1 << 20;
    let mut input = File::open(file)?;
    let mut sample = Vec::new();
    Read::by_ref(&mut input)
        .take(SAMPLE_BYTES)
        .read_to_end(&mut sample)?;
    input.rewind()?;
    Ok((input, sample))
}
