//! CSV and its kin: UTF-8 with and without BOM, GB18030 and other legacy encodings; commas, tabs, semicolons or
//! bars. Reading streams: memory is bounded by the longest row.

use std::{
    cell::Cell,
    fs::File,
    io::{self, Read, Seek},
    path::Path,
    rc::Rc,
};

use encoding_rs::{BIG5, CoderResult, Decoder, EUC_KR, Encoding, GB18030, GBK, SHIFT_JIS, UTF_8};

use super::{Expected, Header, IngestError, Row, Table, header};

/// The longest accepted line.
pub const MAX_LINE_BYTES: usize = 1 << 20;
/// The longest accepted row, line breaks inside quotes included.
const MAX_ROW_BYTES: u64 = 4 << 20;

/// A text file that is being read.
pub(super) struct TextRows {
    reader: csv::Reader<Utf8Reader>,
    record: csv::StringRecord,
    since_row: Rc<Cell<u64>>,
    pub(super) encoding: &'static str,
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
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(Utf8Reader::new(input, encoding, since_row.clone()));
    let mut rows = TextRows {
        reader,
        record: csv::StringRecord::new(),
        since_row,
        encoding: encoding.name(),
    };
    let headers = match rows.reader.headers() {
        Ok(headers) => headers.iter().map(Header::single).collect(),
        Err(error) => return Err(rows.bad_line(file, 1, &error)),
    };
    let table = Table {
        headers,
        ..Table::default()
    };
    Ok((rows, table))
}

impl TextRows {
    pub(super) fn next_row(&mut self, file: &Path) -> Result<Option<Row>, IngestError> {
        let mut record = std::mem::take(&mut self.record);
        self.since_row.set(0);
        let begins = self.reader.position().line();
        let more = self.reader.read_record(&mut record);
        let more = more.map_err(|error| self.bad_line(file, begins, &error))?;
        let line = record.position().map_or(0, csv::Position::line);
        let row = more.then(|| Row {
            line,
            fields: record.iter().map(str::to_owned).collect(),
            broken: Vec::new(),
        });
        self.record = record;
        Ok(row)
    }

    /// Bytes of the file read so far.
    pub(super) fn bytes(&self) -> u64 {
        self.reader.get_ref().read
    }

    /// `begins` is the line where the row begins.
    fn bad_line(&self, file: &Path, begins: u64, error: &csv::Error) -> IngestError {
        // csv's own message may quote a field: only what kind of error it is may be told.
        let message = match error.kind() {
            csv::ErrorKind::Io(error) => error.to_string(),
            csv::ErrorKind::Utf8 { .. } => "not valid text in the detected encoding".to_owned(),
            _ => "not a line of CSV".to_owned(),
        };
        let line = error.position().map_or(begins, csv::Position::line);
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

/// The detected encoding, or another legacy one in which the header names more columns of the contract: few bytes
/// of a short header tell GB18030, Big5 and EUC-KR badly apart.
fn named(detected: &'static Encoding, sample: &[u8], expected: &Expected) -> &'static Encoding {
    if !detected.is_ascii_compatible() || detected == UTF_8 {
        return detected;
    }
    let (mut best, mut most) = (detected, layout(sample, detected, expected).0);
    for encoding in [GB18030, BIG5, EUC_KR, SHIFT_JIS] {
        let (named, ..) = layout(sample, encoding, expected);
        if named > most {
            (best, most) = (encoding, named);
        }
    }
    best
}

/// How many columns of the contract a header names, how many fields it has, and the delimiter with which it
/// names and has the most.
fn layout(sample: &[u8], encoding: &'static Encoding, expected: &Expected) -> (usize, usize, u8) {
    let start = &sample[..sample.len().min(64 << 10)];
    let (text, ..) = encoding.decode(start);
    let score = |delimiter: u8| {
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(text.as_bytes());
        let headers: Vec<Header> = reader
            .headers()
            .map(|record| record.iter().map(Header::single).collect())
            .unwrap_or_default();
        let named = expected
            .columns
            .iter()
            .filter(|names| header::position(&headers, names).is_some())
            .count();
        (named, headers.len(), delimiter)
    };
    // The comma stands last: the last of equals is taken.
    let candidates = [b'|', b';', b'\t', b','];
    candidates
        .into_iter()
        .map(score)
        .max_by_key(|&(named, fields, _)| (named, fields))
        .unwrap_or((0, 0, b','))
}

/// Turns a file of any encoding into UTF-8, refusing endless lines and endless rows.
struct Utf8Reader {
    input: File,
    decoder: Decoder,
    raw: Vec<u8>,
    text: Vec<u8>,
    given: usize,
    line_bytes: usize,
    since_row: Rc<Cell<u64>>,
    read: u64,
    ended: bool,
}

impl Utf8Reader {
    fn new(input: File, encoding: &'static Encoding, since_row: Rc<Cell<u64>>) -> Self {
        let decoder = encoding.new_decoder_with_bom_removal();
        Self {
            input,
            decoder,
            raw: vec![0; 64 * 1024],
            text: Vec::new(),
            given: 0,
            line_bytes: 0,
            since_row,
            read: 0,
            ended: false,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        let read = self.input.read(&mut self.raw)?;
        self.read += read as u64;
        self.ended = read == 0;
        let mut from = 0;
        self.text.clear();
        self.given = 0;
        loop {
            let start = self.text.len();
            let room = self
                .decoder
                .max_utf8_buffer_length(read - from)
                .unwrap_or(256 * 1024)
                .max(16);
            self.text.resize(start + room, 0);
            let (result, used, written, malformed) = self.decoder.decode_to_utf8(
                &self.raw[from..read],
                &mut self.text[start..],
                self.ended,
            );
            self.text.truncate(start + written);
            if malformed {
                let message = "bytes that are no text in the detected encoding: export the file again in UTF-8";
                return Err(io::Error::new(io::ErrorKind::InvalidData, message));
            }
            from += used;
            if result == CoderResult::InputEmpty {
                break;
            }
        }
        for &byte in &self.text {
            self.line_bytes = if byte == b'\n' {
                0
            } else {
                self.line_bytes + 1
            };
            if self.line_bytes > MAX_LINE_BYTES {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    "the line is longer than 1 MiB: export the file again",
                ));
            }
        }
        Ok(())
    }
}

impl Read for Utf8Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since_row.get() > MAX_ROW_BYTES {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the row that begins here does not end within 4 MiB: a quotation mark is missing in it or before it",
            ));
        }
        while self.given == self.text.len() {
            if self.ended {
                return Ok(0);
            }
            self.refill()?;
        }
        let count = buffer.len().min(self.text.len() - self.given);
        buffer[..count].copy_from_slice(&self.text[self.given..self.given + count]);
        self.given += count;
        self.since_row.set(self.since_row.get() + count as u64);
        Ok(count)
    }
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
