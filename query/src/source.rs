//! The checked blocks of a file, as the Parquet crate reads them.

use std::{io::Read, sync::Arc};

use bytes::{Bytes, BytesMut};
use contract::snapshot::BLOCK_BYTES;
use parquet::{
    errors::{ParquetError, Result},
    file::reader::{ChunkReader, Length},
};

/// Blocks that have arrived and have the right hash; absent ones read as an error.
#[derive(Clone)]
pub(crate) struct Source {
    pub(crate) bytes: u64,
    pub(crate) held: Arc<Vec<Option<Bytes>>>,
}

impl Source {
    fn block(&self, at: u64) -> Option<Bytes> {
        let index = usize::try_from(at / BLOCK_BYTES).ok()?;
        let content = self.held.get(index)?.as_ref()?;
        let within = usize::try_from(at % BLOCK_BYTES).ok()?;
        (within < content.len()).then(|| content.slice(within..))
    }

    /// The bytes of a range whose blocks are all here; within one block they are not copied.
    pub(crate) fn range(&self, start: u64, length: usize) -> Option<Bytes> {
        if length == 0 {
            return Some(Bytes::new());
        }
        let first = self.block(start)?;
        if first.len() >= length {
            return Some(first.slice(..length));
        }
        // A hostile length is not allocated: every block has to be here first.
        let mut joined = BytesMut::from(first);
        while joined.len() < length {
            let next = self.block(start.checked_add(joined.len() as u64)?)?;
            joined.extend_from_slice(&next[..next.len().min(length - joined.len())]);
        }
        Some(joined.freeze())
    }
}

impl Length for Source {
    fn len(&self) -> u64 {
        self.bytes
    }
}

impl ChunkReader for Source {
    type T = Cursor;

    fn get_read(&self, start: u64) -> Result<Cursor> {
        Ok(Cursor {
            source: self.clone(),
            at: start,
        })
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        self.range(start, length)
            .ok_or_else(|| ParquetError::EOF("it points beyond the bytes that it names".to_owned()))
    }
}

/// Reads on from a position.
pub(crate) struct Cursor {
    source: Source,
    at: u64,
}

impl Read for Cursor {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let Some(block) = self.source.block(self.at) else {
            return Ok(0);
        };
        let count = block.len().min(buffer.len());
        buffer[..count].copy_from_slice(&block[..count]);
        self.at += count as u64;
        Ok(count)
    }
}
