//! Which bytes a query needs, and the rows that it keeps.

use std::{ops::Range, sync::Arc};

use parquet::{
    column::reader::get_column_reader,
    file::{
        metadata::{ParquetMetaData, RowGroupMetaData},
        page_index::offset_index::PageLocation,
        serialized_reader::SerializedPageReader,
    },
};

use crate::{
    Column, Count, Query, ReadError, Table,
    decode::{self, Batch, Chunk, Kind, Wanted},
    error::unreadable,
    prune::{intersection, may_hold, rows_of_page, rows_of_pages},
    source::Source,
    tally::Tally,
};

/// Bytes that a count asks for at a time: few requests, and yet progress that shows.
const AHEAD_BYTES: u64 = 1024 * 1024;
const BATCH_ROWS: usize = 8192;

/// The most values that an answer holds: more would be no table for a reader, and a forged file could
/// claim any number of rows.
pub const MOST_VALUES: usize = 4_000_000;

/// The rows of one query on one file, as far as they are decoded.
pub(crate) struct Rows {
    metadata: Arc<ParquetMetaData>,
    /// The columns read, by position in the file: first those of the filters.
    read: Vec<(usize, Kind)>,
    /// For each filter, which column read it looks at, and the values that pass.
    filters: Vec<(usize, Wanted)>,
    /// Position among the columns read of each column of the answer.
    positions: Vec<usize>,
    limit: Option<usize>,
    /// Row groups to read, the next one last, with the rows of each that may be wanted.
    groups: Vec<Group>,
    pub(crate) answer: Table,
    /// Counts the rows instead of taking them into the answer.
    tally: Option<Tally>,
    /// Rows that are behind, and all that have to be looked at.
    pub(crate) progress: (u64, u64),
}

struct Group {
    number: usize,
    rows: Vec<Range<usize>>,
}

impl Rows {
    /// Chooses columns, row groups and pages for a count.
    pub(crate) fn counting(
        metadata: Arc<ParquetMetaData>,
        count: &Count,
    ) -> Result<Self, ReadError> {
        if count.by.len() > 2 {
            return Err(ReadError::TooManySides {
                found: count.by.len(),
            });
        }
        let query = Query {
            columns: count.by.clone(),
            filters: count.filters.clone(),
            limit: None,
        };
        let mut rows = Self::choose(metadata, &query, count.by.is_empty())?;
        for (column, &at) in rows.answer.columns.iter().zip(&rows.positions) {
            if matches!(rows.read.get(at), Some((_, Kind::Float))) {
                return Err(ReadError::NotDiscrete {
                    column: column.name.clone(),
                });
            }
        }
        rows.tally = Some(Tally::new(rows.positions.len()));
        Ok(rows)
    }

    /// Chooses columns, row groups and pages.
    pub(crate) fn plan(metadata: Arc<ParquetMetaData>, query: &Query) -> Result<Self, ReadError> {
        Self::choose(metadata, query, false)
    }

    fn choose(
        metadata: Arc<ParquetMetaData>,
        query: &Query,
        no_columns: bool,
    ) -> Result<Self, ReadError> {
        let schema = metadata.file_metadata().schema_descr_ptr();
        let columns = schema.columns();
        let position = |name: &str| {
            let found = columns.iter().position(|column| column.name() == name);
            found.ok_or_else(|| ReadError::NoColumn {
                column: name.to_owned(),
                known: columns
                    .iter()
                    .map(|column| column.name())
                    .collect::<Vec<_>>()
                    .join(", "),
            })
        };
        let kind = |at: usize| {
            let column = &columns[at];
            Kind::of(column).ok_or_else(|| ReadError::UnknownType {
                column: column.path().string(),
                found: decode::type_name(column),
            })
        };
        let mut read: Vec<(usize, Kind)> = Vec::new();
        let mut include = |at: usize| -> Result<usize, ReadError> {
            if let Some(known) = read.iter().position(|(column, _)| *column == at) {
                return Ok(known);
            }
            read.push((at, kind(at)?));
            Ok(read.len() - 1)
        };
        let mut filters = Vec::new();
        let mut conditions = Vec::new();
        for filter in &query.filters {
            let at = position(&filter.column)?;
            if kind(at)? == Kind::Float {
                return Err(ReadError::NotDiscrete {
                    column: filter.column.clone(),
                });
            }
            filters.push((include(at)?, Wanted::new(kind(at)?, &filter.any_of)));
            conditions.push((at, filter.any_of.as_slice()));
        }
        let wanted: Vec<usize> = if query.columns.is_empty() && !no_columns {
            (0..columns.len()).collect()
        } else {
            let positions = query.columns.iter().map(|name| position(name));
            positions.collect::<Result<_, _>>()?
        };
        let mut positions = Vec::with_capacity(wanted.len());
        let mut answer = Table::default();
        for at in wanted {
            positions.push(include(at)?);
            answer.columns.push(Column {
                name: columns[at].name().to_owned(),
                values: kind(at)?.empty(),
            });
        }
        let mut rows = Self {
            read,
            filters,
            positions,
            limit: query.limit,
            groups: Vec::new(),
            answer,
            tally: None,
            progress: (0, 0),
            metadata: metadata.clone(),
        };
        for (number, group) in metadata.row_groups().iter().enumerate().rev() {
            let wanted = query.limit != Some(0)
                && conditions
                    .iter()
                    .all(|(leaf, any_of)| may_hold(group, *leaf, any_of));
            if !wanted {
                continue;
            }
            let count = usize::try_from(group.num_rows()).unwrap_or(0);
            let mut ranges = vec![0..count; usize::from(count > 0)];
            for (leaf, any_of) in &conditions {
                let index = metadata
                    .column_index()
                    .and_then(|index| index.get(number)?.get(*leaf));
                let told = index
                    .zip(rows.pages(number, *leaf)?)
                    .and_then(|(index, pages)| rows_of_pages(index, pages, count, any_of));
                if let Some(told) = told {
                    ranges = intersection(&ranges, &told);
                }
            }
            if !ranges.is_empty() {
                rows.progress.1 += ranges.iter().map(|it| it.len() as u64).sum::<u64>();
                rows.groups.push(Group {
                    number,
                    rows: ranges,
                });
            }
        }
        Ok(rows)
    }

    /// The pages of a column chunk, in order and within the file; none when the file has no index of them.
    fn pages(&self, group: usize, leaf: usize) -> Result<Option<&[PageLocation]>, ReadError> {
        let index = self.metadata.offset_index();
        let Some(pages) = index.and_then(|index| index.get(group)?.get(leaf)) else {
            return Ok(None);
        };
        let pages = pages.page_locations().as_slice();
        let Some(first) = pages.first() else {
            return Ok(None);
        };
        let (start, length) = self.chunk(group, leaf)?.0;
        let rows = self.group(group)?.num_rows();
        let end = start.saturating_add(length);
        let orderly = first.first_row_index == 0
            && pages.iter().all(|page| {
                let at = u64::try_from(page.offset).unwrap_or(u64::MAX);
                let size = u64::try_from(page.compressed_page_size).unwrap_or(u64::MAX);
                at >= start && at.saturating_add(size) <= end && page.first_row_index < rows.max(1)
            })
            && pages
                .windows(2)
                .all(|pair| pair[0].first_row_index < pair[1].first_row_index);
        if orderly {
            Ok(Some(pages))
        } else {
            Err(unreadable("its page index contradicts its metadata"))
        }
    }

    fn group(&self, group: usize) -> Result<&RowGroupMetaData, ReadError> {
        let found = self.metadata.row_groups().get(group);
        found.ok_or_else(|| unreadable("a row group is missing"))
    }

    /// Position, length and metadata of a column chunk.
    fn chunk(
        &self,
        group: usize,
        leaf: usize,
    ) -> Result<((u64, u64), &parquet::file::metadata::ColumnChunkMetaData), ReadError> {
        let column = self.group(group)?.columns().get(leaf);
        let column = column.ok_or_else(|| unreadable("a column chunk is missing"))?;
        // The crate asserts what a forged file need not keep.
        if column.compressed_size() < 0
            || column.data_page_offset() < 0
            || column.dictionary_page_offset().is_some_and(|at| at < 0)
        {
            return Err(unreadable("it points beyond its end"));
        }
        Ok((column.byte_range(), column))
    }

    /// Every byte that is needed now: all that the answer takes, one row group where a limit may end
    /// the query early, or some row groups of a count.
    pub(crate) fn ahead(&self, file_bytes: u64) -> Result<Vec<Range<u64>>, ReadError> {
        let mut ahead: Vec<Range<u64>> = Vec::new();
        let groups = self.groups.iter().rev();
        for group in groups.take(if self.limit.is_some() { 1 } else { usize::MAX }) {
            let so_far: u64 = ahead.iter().map(|it| it.end.saturating_sub(it.start)).sum();
            if self.tally.is_some() && so_far >= AHEAD_BYTES {
                break;
            }
            for &(leaf, _) in &self.read {
                let ((start, length), _) = self.chunk(group.number, leaf)?;
                let rows = usize::try_from(self.group(group.number)?.num_rows()).unwrap_or(0);
                match self.pages(group.number, leaf)? {
                    None => ahead.push(start..start.saturating_add(length)),
                    Some(pages) => {
                        let first = u64::try_from(pages[0].offset).unwrap_or(start);
                        ahead.push(start..first);
                        for (at, page) in pages.iter().enumerate() {
                            let needed = rows_of_page(pages, at, rows).is_none_or(|page| {
                                !intersection(&group.rows, std::slice::from_ref(&page)).is_empty()
                            });
                            if needed {
                                let from = u64::try_from(page.offset).unwrap_or(u64::MAX);
                                let size = u64::try_from(page.compressed_page_size).unwrap_or(0);
                                ahead.push(from..from.saturating_add(size));
                            }
                        }
                    }
                }
            }
        }
        if ahead.iter().any(|range| range.end > file_bytes) {
            return Err(unreadable("it points beyond its end"));
        }
        Ok(ahead)
    }

    /// Decodes the row groups whose bytes are here; true when the answer is complete.
    pub(crate) fn take(&mut self, source: &Source) -> Result<bool, ReadError> {
        while let Some(group) = self.groups.pop() {
            self.decode(&group, source)?;
            let reached = self.limit.is_some_and(|limit| self.answer.rows >= limit);
            if reached || self.groups.is_empty() {
                return Ok(true);
            }
            // A count shows its progress, and can be ended, after each row group.
            if self.limit.is_some() || self.tally.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether rows are counted instead of taken.
    pub(crate) fn counts(&self) -> bool {
        self.tally.is_some()
    }

    /// The answer.
    pub(crate) fn finish(self) -> Result<Table, ReadError> {
        match self.tally {
            Some(tally) => tally.finish(self.answer),
            None => Ok(self.answer),
        }
    }

    fn decode(&mut self, group: &Group, source: &Source) -> Result<(), ReadError> {
        let count = usize::try_from(self.group(group.number)?.num_rows()).unwrap_or(0);
        let schema = self.metadata.file_metadata().schema_descr_ptr();
        let mut chunks = Vec::with_capacity(self.read.len());
        for &(leaf, kind) in &self.read {
            let (_, metadata) = self.chunk(group.number, leaf)?;
            let descriptor = metadata.column_descr_ptr();
            let described = schema.column(leaf).physical_type();
            if metadata.column_type() != described {
                return Err(unreadable("a column has two types"));
            }
            let pages = self.pages(group.number, leaf)?.map(<[_]>::to_vec);
            let pages =
                SerializedPageReader::new(Arc::new(source.clone()), metadata, count, pages)?;
            chunks.push(Chunk {
                optional: descriptor.max_def_level() > 0,
                reader: get_column_reader(descriptor, Box::new(pages)),
                kind,
            });
        }
        let mut at = 0;
        for range in &group.rows {
            for chunk in &mut chunks {
                chunk.skip(range.start - at)?;
            }
            at = range.start;
            while at < range.end {
                let rows = (range.end - at).min(BATCH_ROWS);
                self.batch(&mut chunks, rows)?;
                at += rows;
                self.progress.0 += rows as u64;
                if self.limit.is_some_and(|limit| self.answer.rows >= limit) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Reads some rows; the columns of the filters first, the others only where a row is wanted.
    fn batch(&mut self, chunks: &mut [Chunk], count: usize) -> Result<(), ReadError> {
        let mut rows: Vec<usize> = (0..count).collect();
        let mut batches: Vec<Batch> = Vec::with_capacity(chunks.len());
        let filtered = self.filters.iter().map(|(column, _)| column + 1).max();
        let (first, rest) = chunks.split_at_mut(filtered.unwrap_or(0));
        for chunk in first {
            batches.push(chunk.read(count)?);
        }
        for (column, wanted) in &self.filters {
            if let Some(batch) = batches.get(*column) {
                batch.matches(wanted, &mut rows);
            }
        }
        if let Some(limit) = self.limit {
            rows.truncate(limit.saturating_sub(self.answer.rows));
        }
        if rows.is_empty() {
            for chunk in rest {
                chunk.skip(count)?;
            }
            return Ok(());
        }
        if let Some(tally) = &mut self.tally {
            for chunk in rest {
                batches.push(chunk.read(count)?);
            }
            let sides = self.positions.iter().filter_map(|&at| batches.get(at));
            return tally.add(&sides.collect::<Vec<_>>(), &rows);
        }
        let values = (self.answer.rows + rows.len()).saturating_mul(self.answer.columns.len());
        if values > MOST_VALUES {
            return Err(ReadError::TooLarge { most: MOST_VALUES });
        }
        for chunk in rest {
            batches.push(chunk.read(count)?);
        }
        for (column, &position) in self.answer.columns.iter_mut().zip(&self.positions) {
            if let Some(batch) = batches.get(position) {
                batch.append(&mut column.values, &rows)?;
            }
        }
        self.answer.rows += rows.len();
        Ok(())
    }
}
