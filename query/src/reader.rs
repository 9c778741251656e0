//! The reader: asks for byte ranges, checks their hashes, decodes, filters.
//!
//! ```text
//! loop { match reader.step()? { Need(ranges) => for each: fetch, reader.supply(range, bytes)?, Counted => {}, Done(table) => break } }
//! ```
//!
//! Ranges are whole blocks of [`BLOCK_BYTES`], so that each can be checked against the manifest before any
//! of it is decoded. That check is the defence against hostile Parquet: the decoder sees only what the
//! publisher wrote.
//!
//! [`BLOCK_BYTES`]: contract::snapshot::BLOCK_BYTES

use std::{mem, ops::Range, sync::Arc};

use parquet::{
    DecodeResult,
    errors::ParquetError,
    file::metadata::{PageIndexPolicy, ParquetMetaDataPushDecoder},
};

use crate::{Count, Query, ReadError, Table, blocks::Blocks, error::unreadable, rows::Rows};

/// Bytes asked for first: the file's end, where its metadata are.
const TAIL_BYTES: u64 = 16 * 1024;
/// Length of what ends every Parquet file: the metadata's length and the magic number.
const FOOTER_BYTES: u64 = 8;

/// What the manifest says about the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFacts {
    /// Size.
    pub bytes: u64,
    /// SHA-256, in hexadecimal, of each block of [`contract::snapshot::BLOCK_BYTES`]; the last block may be shorter.
    pub blocks: Vec<String>,
}

/// What the reader wants next.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// These bytes, through [`Reader::supply`]. None of them has been supplied before.
    Need(Vec<Range<u64>>),
    /// Nothing, while rows are counted: a pause, in which to tell [`Reader::progress`] or to give up.
    Counted,
    /// Nothing: this is the answer.
    Done(Table),
}

/// A query on one file that is on its way.
pub struct Reader {
    blocks: Blocks,
    job: Job,
    state: State,
}

/// Blocks of a file that have arrived and been checked, for another question about the same file.
pub struct Held(Blocks);

impl Held {
    /// Whether it is the file that the manifest describes so.
    pub fn is_of(&self, file: &FileFacts) -> bool {
        self.0.is_of(file)
    }
}

enum Job {
    Rows(Query),
    Count(Count),
}

enum State {
    Metadata(Box<ParquetMetaDataPushDecoder>),
    Rows(Box<Rows>),
    Ended,
}

impl Reader {
    /// Begins a query. Nothing is read before [`Reader::step`].
    pub fn new(file: FileFacts, query: Query) -> Result<Self, ReadError> {
        Self::begin(file, Job::Rows(query))
    }

    /// Begins to count rows. Nothing is read before [`Reader::step`].
    pub fn counting(file: FileFacts, count: Count) -> Result<Self, ReadError> {
        Self::begin(file, Job::Count(count))
    }

    /// Counts rows of a file of which some blocks are here already.
    pub fn counting_on(held: Held, count: Count) -> Result<Self, ReadError> {
        Self::resume(held.0, Job::Count(count))
    }

    /// Gives back the blocks that have arrived, whether or not the reader has ended.
    pub fn release(self) -> Held {
        Held(self.blocks)
    }

    fn begin(file: FileFacts, job: Job) -> Result<Self, ReadError> {
        Self::resume(Blocks::new(file)?, job)
    }

    fn resume(blocks: Blocks, job: Job) -> Result<Self, ReadError> {
        if blocks.file_bytes() < FOOTER_BYTES + 4 {
            return Err(unreadable("it is too short"));
        }
        let metadata = ParquetMetaDataPushDecoder::try_new(blocks.file_bytes())?
            .with_page_index_policy(PageIndexPolicy::Optional);
        let state = State::Metadata(Box::new(metadata));
        Ok(Self { blocks, job, state })
    }

    /// Rows that are behind, of how many that have to be looked at; none while that is not known.
    pub fn progress(&self) -> Option<(u64, u64)> {
        match &self.state {
            State::Rows(rows) => Some(rows.progress),
            State::Metadata(_) | State::Ended => None,
        }
    }

    /// Takes bytes that [`Step::Need`] asked for, in whole blocks, and checks them.
    pub fn supply(&mut self, range: Range<u64>, bytes: Vec<u8>) -> Result<(), ReadError> {
        self.blocks.supply(&range, bytes)
    }

    /// Goes as far as the supplied bytes allow. After an answer or an error the reader has ended.
    pub fn step(&mut self) -> Result<Step, ReadError> {
        loop {
            match mem::replace(&mut self.state, State::Ended) {
                State::Ended => return Err(ReadError::Ended),
                State::Metadata(mut decoder) => {
                    let end = self.blocks.file_bytes();
                    let tail = end.saturating_sub(TAIL_BYTES)..end;
                    let missing = self.blocks.missing(&[tail]);
                    if !missing.is_empty() {
                        self.state = State::Metadata(decoder);
                        return Ok(Step::Need(missing));
                    }
                    self.check_footer()?;
                    match decoder.try_decode()? {
                        DecodeResult::Data(metadata) => {
                            let metadata = Arc::new(metadata);
                            let rows = match &self.job {
                                Job::Rows(query) => Rows::plan(metadata, query)?,
                                Job::Count(count) => Rows::counting(metadata, count)?,
                            };
                            self.state = State::Rows(Box::new(rows));
                        }
                        DecodeResult::NeedsData(ranges) => {
                            let missing = self
                                .feed(&ranges, |range, bytes| decoder.push_range(range, bytes))?;
                            self.state = State::Metadata(decoder);
                            if !missing.is_empty() {
                                return Ok(Step::Need(missing));
                            }
                        }
                        DecodeResult::Finished => return Err(ReadError::Ended),
                    }
                }
                State::Rows(mut rows) => {
                    let missing = self.blocks.missing(&rows.ahead(self.blocks.file_bytes())?);
                    if !missing.is_empty() {
                        self.state = State::Rows(rows);
                        return Ok(Step::Need(missing));
                    }
                    if rows.take(&self.blocks.source())? {
                        return Ok(Step::Done(rows.finish()?));
                    }
                    let counts = rows.counts();
                    self.state = State::Rows(rows);
                    if counts {
                        return Ok(Step::Counted);
                    }
                }
            }
        }
    }

    /// Hands a decoder the ranges that it needs, or names the blocks that are missing for them.
    fn feed(
        &self,
        ranges: &[Range<u64>],
        mut push: impl FnMut(Range<u64>, bytes::Bytes) -> Result<(), ParquetError>,
    ) -> Result<Vec<Range<u64>>, ReadError> {
        for range in ranges {
            if range.start > range.end || range.end > self.blocks.file_bytes() {
                return Err(unreadable("it points beyond its end"));
            }
        }
        let missing = self.blocks.missing(ranges);
        if missing.is_empty() {
            for range in ranges {
                let bytes = self.blocks.bytes(range);
                push(
                    range.clone(),
                    bytes.ok_or_else(|| unreadable("it points beyond its end"))?,
                )?;
            }
        }
        Ok(missing)
    }

    /// The decoder trusts the metadata's length; this does not.
    fn check_footer(&self) -> Result<(), ReadError> {
        let end = self.blocks.file_bytes();
        let footer = self.blocks.bytes(&(end - FOOTER_BYTES..end));
        let length = footer
            .as_deref()
            .and_then(|footer| footer.first_chunk::<4>())
            .map_or(u64::MAX, |length| u64::from(u32::from_le_bytes(*length)));
        if length > end - FOOTER_BYTES {
            return Err(unreadable("its metadata are longer than the file"));
        }
        Ok(())
    }
}
