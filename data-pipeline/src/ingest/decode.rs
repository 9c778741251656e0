//! Text of any encoding as UTF-8 with one kind of line end, so that every reader counts the same lines. Endless
//! lines, endless rows and bytes that are no text are refused by their line.

use std::{
    cell::Cell,
    fmt,
    fs::File,
    io::{self, Read},
    rc::Rc,
};

use contract::Localised;
use encoding_rs::{Decoder, DecoderResult, Encoding};

use super::text::MAX_LINE_BYTES;

/// The longest accepted row, line breaks inside quotes included.
const MAX_ROW_BYTES: u64 = 4 << 20;

/// Why decoding stops: the inner error of an [`io::Error`].
#[derive(Debug)]
pub(super) struct Stop {
    /// The line, from 1; none: the one on which the row begins.
    pub(super) line: Option<u64>,
    pub(super) message: Localised,
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message.en)
    }
}

impl std::error::Error for Stop {}

fn stop(line: Option<u64>, zh: impl Into<String>, en: impl Into<String>) -> io::Error {
    let message = Localised::new(zh, en);
    io::Error::new(io::ErrorKind::InvalidData, Stop { line, message })
}

/// Turns a file of any encoding into UTF-8 with `\n` at the end of every line, the last included.
pub(super) struct Utf8Reader {
    input: File,
    encoding: &'static Encoding,
    decoder: Decoder,
    raw: Vec<u8>,
    text: Vec<u8>,
    given: usize,
    /// Lines that have ended, and bytes of the one that has not.
    lines: u64,
    line_bytes: usize,
    after_return: bool,
    /// Bytes given since the reader of rows began one.
    since_row: Rc<Cell<u64>>,
    pub(super) read: u64,
    malformed: bool,
    ended: bool,
}

impl Utf8Reader {
    pub(super) fn new(input: File, encoding: &'static Encoding, since_row: Rc<Cell<u64>>) -> Self {
        Self {
            input,
            encoding,
            decoder: encoding.new_decoder_with_bom_removal(),
            raw: vec![0; 64 * 1024],
            text: Vec::new(),
            given: 0,
            lines: 0,
            line_bytes: 0,
            after_return: false,
            since_row,
            read: 0,
            malformed: false,
            ended: false,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.given = 0;
        if self.malformed {
            let encoding = self.encoding.name();
            return Err(stop(
                Some(self.lines + 1),
                format!("按 {encoding} 编码读不通的字节：请重新导出为 UTF-8"),
                format!("bytes that are no text in {encoding}: export the file again in UTF-8"),
            ));
        }
        let read = self.input.read(&mut self.raw)?;
        self.read += read as u64;
        self.ended = read == 0;
        let mut from = 0;
        loop {
            let start = self.text.len();
            let room = self
                .decoder
                .max_utf8_buffer_length_without_replacement(read - from)
                .unwrap_or(256 * 1024)
                .max(16);
            self.text.resize(start + room, 0);
            let (result, used, written) = self.decoder.decode_to_utf8_without_replacement(
                &self.raw[from..read],
                &mut self.text[start..],
                self.ended,
            );
            self.text.truncate(start + written);
            from += used;
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                // The rows before it are given first, so that they are counted.
                DecoderResult::Malformed(..) => {
                    self.malformed = true;
                    break;
                }
            }
        }
        self.end_lines()
    }

    /// Makes `\r\n` and `\r` to `\n`, in quotes too, where both are one line break; ends the last line.
    fn end_lines(&mut self) -> io::Result<()> {
        let mut kept = 0;
        for at in 0..self.text.len() {
            let byte = self.text[at];
            let after_return = std::mem::replace(&mut self.after_return, byte == b'\r');
            if byte == b'\n' && after_return {
                continue;
            }
            let byte = if byte == b'\r' { b'\n' } else { byte };
            self.text[kept] = byte;
            kept += 1;
            if byte == b'\n' {
                self.lines += 1;
                self.line_bytes = 0;
            } else {
                self.line_bytes += 1;
            }
            if self.line_bytes > MAX_LINE_BYTES {
                return Err(stop(
                    Some(self.lines + 1),
                    "这一行超过 1 MiB：请重新导出",
                    "the line is longer than 1 MiB: export the file again",
                ));
            }
        }
        self.text.truncate(kept);
        if self.ended && !self.malformed && self.line_bytes > 0 {
            self.text.push(b'\n');
            self.line_bytes = 0;
        }
        Ok(())
    }
}

impl Read for Utf8Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since_row.get() > MAX_ROW_BYTES {
            return Err(stop(
                None,
                "从这里开始的一行到 4 MiB 还没有结束：这一行或前面少了一个引号",
                "the row that begins here does not end within 4 MiB: a quotation mark is missing in it or before it",
            ));
        }
        while self.given == self.text.len() {
            if self.ended && !self.malformed {
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
