//! The cache of checked blocks.

use std::{ops::Range, sync::Arc};

use bytes::Bytes;
use contract::snapshot::BLOCK_BYTES;

use crate::{FileFacts, ReadError, source::Source, verify};

/// The blocks of one file that have arrived and have the hash that the manifest gives.
pub(crate) struct Blocks {
    file: FileFacts,
    held: Vec<Option<Bytes>>,
}

impl Blocks {
    pub(crate) fn new(file: FileFacts) -> Result<Self, ReadError> {
        let expected = file.bytes.div_ceil(BLOCK_BYTES);
        if u64::try_from(file.blocks.len()).ok() != Some(expected) {
            return Err(ReadError::Facts {
                bytes: file.bytes,
                expected,
                found: file.blocks.len(),
            });
        }
        let held = vec![None; file.blocks.len()];
        Ok(Self { file, held })
    }

    /// Whether these are blocks of a file.
    pub(crate) fn is_of(&self, file: &FileFacts) -> bool {
        self.file == *file
    }

    pub(crate) fn file_bytes(&self) -> u64 {
        self.file.bytes
    }

    /// The whole blocks that ranges need and that are not here yet, neighbours as one range.
    pub(crate) fn missing(&self, ranges: &[Range<u64>]) -> Vec<Range<u64>> {
        let mut wanted: Vec<u64> = ranges
            .iter()
            .filter(|range| !range.is_empty())
            .flat_map(|range| range.start / BLOCK_BYTES..range.end.div_ceil(BLOCK_BYTES))
            .filter(|&block| matches!(self.block(block), Some(None)))
            .collect();
        wanted.sort_unstable();
        wanted.dedup();
        let mut missing: Vec<Range<u64>> = Vec::new();
        for block in wanted {
            let bytes = self.bounds(block);
            match missing.last_mut() {
                Some(last) if last.end == bytes.start => last.end = bytes.end,
                _ => missing.push(bytes),
            }
        }
        missing
    }

    /// Takes bytes in whole blocks. No byte is kept, or looked at, before the hash of its block is right.
    pub(crate) fn supply(&mut self, range: &Range<u64>, bytes: Vec<u8>) -> Result<(), ReadError> {
        let whole = range.start.is_multiple_of(BLOCK_BYTES)
            && (range.end.is_multiple_of(BLOCK_BYTES) || range.end == self.file.bytes)
            && range.start < range.end
            && range.end <= self.file.bytes
            && u64::try_from(bytes.len()).ok() == Some(range.end - range.start);
        if !whole {
            return Err(ReadError::WrongRange {
                start: range.start,
                end: range.end,
                found: bytes.len(),
            });
        }
        let mut rest = Bytes::from(bytes);
        for block in range.start / BLOCK_BYTES..range.end.div_ceil(BLOCK_BYTES) {
            let bounds = self.bounds(block);
            let length = usize::try_from(bounds.end - bounds.start).unwrap_or(rest.len());
            let content = rest.split_to(length.min(rest.len()));
            let index = usize::try_from(block).unwrap_or(usize::MAX);
            let right = self
                .file
                .blocks
                .get(index)
                .is_some_and(|hash| verify(&content, hash));
            match self.held.get_mut(index) {
                Some(slot) if right => *slot = Some(content),
                _ => {
                    return Err(ReadError::Damaged {
                        block,
                        start: bounds.start,
                        end: bounds.end,
                    });
                }
            }
        }
        Ok(())
    }

    /// The bytes of a range whose blocks are all here.
    pub(crate) fn bytes(&self, range: &Range<u64>) -> Option<Bytes> {
        let length = usize::try_from(range.end.checked_sub(range.start)?).ok()?;
        self.source().range(range.start, length)
    }

    /// The blocks that are here, for decoding.
    pub(crate) fn source(&self) -> Source {
        Source {
            bytes: self.file.bytes,
            held: Arc::new(self.held.clone()),
        }
    }

    fn block(&self, block: u64) -> Option<&Option<Bytes>> {
        self.held.get(usize::try_from(block).ok()?)
    }

    fn bounds(&self, block: u64) -> Range<u64> {
        let start = block * BLOCK_BYTES;
        start..(start + BLOCK_BYTES).min(self.file.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sha256_hex;

    fn blocks(content: &[u8]) -> Blocks {
        Blocks::new(FileFacts {
            bytes: content.len() as u64,
            blocks: content
                .chunks(BLOCK_BYTES as usize)
                .map(sha256_hex)
                .collect(),
        })
        .unwrap()
    }

    #[test]
    fn ranges_are_widened_joined_and_asked_once() {
        let content: Vec<u8> = (0..BLOCK_BYTES * 3 + 10).map(|i| (i % 251) as u8).collect();
        let mut held = blocks(&content);
        let ranges = [
            5..6,
            BLOCK_BYTES + 1..BLOCK_BYTES + 2,
            BLOCK_BYTES * 3..BLOCK_BYTES * 3 + 10,
        ];
        let end = content.len() as u64;
        assert_eq!(
            held.missing(&ranges),
            [0..BLOCK_BYTES * 2, BLOCK_BYTES * 3..end]
        );
        held.supply(
            &(0..BLOCK_BYTES * 2),
            content[..BLOCK_BYTES as usize * 2].to_vec(),
        )
        .unwrap();
        assert_eq!(held.missing(&ranges), vec![BLOCK_BYTES * 3..end; 1]);
        let across = BLOCK_BYTES - 3..BLOCK_BYTES + 3;
        assert_eq!(
            held.bytes(&across).unwrap(),
            content[across.start as usize..across.end as usize]
        );
        assert_eq!(held.bytes(&(end - 1..end)), None);
    }

    #[test]
    fn a_wrong_range_or_a_wrong_manifest_is_refused() {
        let mut held = blocks(&[1; 100]);
        for (range, length) in [
            (0..99, 99),
            (0..100, 99),
            (1..100, 99),
            (0..200, 200),
            (0..0, 0),
        ] {
            let refused = held.supply(&range, vec![1; length]);
            assert!(
                matches!(refused, Err(ReadError::WrongRange { .. })),
                "{range:?}"
            );
        }
        held.supply(&(0..100), vec![1; 100]).unwrap();
        let facts = FileFacts {
            bytes: 100,
            blocks: Vec::new(),
        };
        assert!(matches!(Blocks::new(facts), Err(ReadError::Facts { .. })));
    }
}
