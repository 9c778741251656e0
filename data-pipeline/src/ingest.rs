//! Reading raw exports as rows of text: CSV in UTF-8 (with and without BOM), GB18030 and other legacy encodings.
//!
//! Reading streams: memory is bounded by the longest line, which is bounded by [`MAX_LINE_BYTES`].

use std::{
    fs::File,
    io::{self, Read, Seek},
    path::{Path, PathBuf},
};

use encoding_rs::{CoderResult, Decoder, Encoding, GB18030, GBK, UTF_8};

/// The longest accepted line.
pub const MAX_LINE_BYTES: usize = 1 << 20;
const SAMPLE_BYTES: u64 = 1 << 20;

/// Why raw exports cannot be read. Messages never hold a value of a row.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IngestError {
    /// No file of the raw zone has a declared name.
    #[error(
        "no file in the raw zone is named {patterns}: put the export there, or change `files` in the contract"
    )]
    NoFile {
        /// The declared names.
        patterns: String,
    },
    /// A file cannot be read.
    #[error("{file}: {source}", file = file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A line is not CSV, or too long.
    #[error("{file}, line {line}: {message}", file = file.display())]
    BadLine {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong.
        message: String,
    },
    /// The file holds no header.
    #[error("{file} is empty: export it again", file = file.display())]
    Empty {
        /// The file.
        file: PathBuf,
    },
    /// Two columns have one header.
    #[error("{file}: header {column:?} stands twice: rename one", file = file.display())]
    DuplicateHeader {
        /// The file.
        file: PathBuf,
        /// The header.
        column: String,
    },
    /// A needed column is missing.
    #[error("{file}: column {column:?} is missing; the file has {found}. Add it, or list its header in `source_names`", file = file.display())]
    MissingColumn {
        /// The file.
        file: PathBuf,
        /// The column.
        column: String,
        /// The headers found.
        found: String,
    },
    /// The file is of a kind that is not read.
    #[error("{file} is not a CSV file: export it as CSV in UTF-8 or GB18030", file = file.display())]
    NotCsv {
        /// The file.
        file: PathBuf,
    },
}

/// One row, with its line in the file (from 1, the header being line 1).
#[derive(Clone, Debug)]
pub struct Row {
    /// The line on which it begins.
    pub line: u64,
    /// Its fields, as written.
    pub fields: Vec<String>,
}

/// The files of a raw zone whose names match a pattern, sorted.
///
/// # Errors
/// When there is none.
pub fn matching(raw: &[PathBuf], patterns: &[String]) -> Result<Vec<PathBuf>, IngestError> {
    let mut files: Vec<PathBuf> = raw
        .iter()
        .filter(|file| {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            patterns
                .iter()
                .any(|pattern| crate::values::glob(pattern, &name))
        })
        .cloned()
        .collect();
    files.sort();
    if files.is_empty() {
        Err(IngestError::NoFile {
            patterns: patterns.join(" or "),
        })
    } else {
        Ok(files)
    }
}

/// A file that is being read.
pub struct Rows {
    file: PathBuf,
    reader: csv::Reader<Utf8Reader>,
    headers: Vec<String>,
    record: csv::StringRecord,
    encoding: &'static str,
}

/// Opens a file and reads its header.
///
/// # Errors
/// When the file cannot be read, is empty, is no CSV, or names a column twice.
pub fn open(file: &Path) -> Result<Rows, IngestError> {
    let unreadable = |source| IngestError::Unreadable {
        file: file.into(),
        source,
    };
    let mut input = File::open(file).map_err(unreadable)?;
    let mut sample = Vec::new();
    Read::by_ref(&mut input)
        .take(SAMPLE_BYTES)
        .read_to_end(&mut sample)
        .map_err(unreadable)?;
    input.rewind().map_err(unreadable)?;
    if sample.is_empty() {
        return Err(IngestError::Empty { file: file.into() });
    }
    let wide = sample.starts_with(&[0xFF, 0xFE]) || sample.starts_with(&[0xFE, 0xFF]);
    if !wide && sample.contains(&0) {
        return Err(IngestError::NotCsv { file: file.into() });
    }
    let encoding = detect(&sample);
    let reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(Utf8Reader::new(input, encoding));
    let record = csv::StringRecord::new();
    let mut rows = Rows {
        file: file.into(),
        reader,
        headers: Vec::new(),
        record,
        encoding: encoding.name(),
    };
    let headers = rows
        .reader
        .headers()
        .cloned()
        .map_err(|error| rows.bad_line(&error))?;
    rows.headers = headers
        .iter()
        .map(|h| crate::values::normalise(h).trim().to_owned())
        .collect();
    if rows.headers.iter().all(String::is_empty) {
        return Err(IngestError::Empty { file: file.into() });
    }
    for (at, header) in rows.headers.iter().enumerate() {
        if !header.is_empty() && rows.headers[..at].contains(header) {
            return Err(IngestError::DuplicateHeader {
                file: file.into(),
                column: header.clone(),
            });
        }
    }
    Ok(rows)
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

impl Rows {
    /// The header, normalised.
    pub fn headers(&self) -> &[String] {
        &self.headers
    }

    /// The encoding that was detected.
    pub fn encoding(&self) -> &'static str {
        self.encoding
    }

    /// The next row; none at the end.
    ///
    /// # Errors
    /// When a line is too long, or the file breaks off.
    pub fn next_row(&mut self) -> Result<Option<Row>, IngestError> {
        let mut record = std::mem::take(&mut self.record);
        let more = self
            .reader
            .read_record(&mut record)
            .map_err(|error| self.bad_line(&error))?;
        let line = record.position().map_or(0, csv::Position::line);
        let row = more.then(|| Row {
            line,
            fields: record.iter().map(str::to_owned).collect(),
        });
        self.record = record;
        Ok(row)
    }

    fn bad_line(&self, error: &csv::Error) -> IngestError {
        // csv's own message may quote a field: only what kind of error it is may be told.
        let message = match error.kind() {
            csv::ErrorKind::Io(error) => error.to_string(),
            csv::ErrorKind::Utf8 { .. } => "not valid text in the detected encoding".to_owned(),
            _ => "not a line of CSV".to_owned(),
        };
        let line = error
            .position()
            .map_or_else(|| self.reader.position().line(), csv::Position::line);
        IngestError::BadLine {
            file: self.file.clone(),
            line,
            message,
        }
    }
}

/// Turns a file of any encoding into UTF-8, refusing endless lines.
struct Utf8Reader {
    input: File,
    decoder: Decoder,
    raw: Vec<u8>,
    text: Vec<u8>,
    given: usize,
    line_bytes: usize,
    ended: bool,
}

impl Utf8Reader {
    fn new(input: File, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_with_bom_removal();
        Self {
            input,
            decoder,
            raw: vec![0; 64 * 1024],
            text: Vec::new(),
            given: 0,
            line_bytes: 0,
            ended: false,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        let read = self.input.read(&mut self.raw)?;
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
        while self.given == self.text.len() {
            if self.ended {
                return Ok(0);
            }
            self.refill()?;
        }
        let count = buffer.len().min(self.text.len() - self.given);
        buffer[..count].copy_from_slice(&self.text[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}
