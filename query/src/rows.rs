//! Which bytes a query needs, and the rows that it keeps.

use std::{collections::HashSet, ops::Range, sync::Arc};

use arrow::{array::RecordBatch, datatypes::DataType};
use parquet::{
    arrow::{
        ProjectionMask,
        arrow_reader::ArrowReaderOptions,
        push_decoder::{ParquetPushDecoder, ParquetPushDecoderBuilder},
    },
    file::metadata::ParquetMetaData,
};

use crate::{
    Column, Filter, Query, ReadError, Table, Values, decode, error::unreadable, prune::may_hold,
};

const BATCH_ROWS: usize = 8192;

/// The rows of one query on one file, as far as they are decoded.
pub(crate) struct Rows {
    pub(crate) decoder: ParquetPushDecoder,
    /// Every byte that the answer needs, asked at once; empty when a limit may end the query early.
    pub(crate) ahead: Vec<Range<u64>>,
    /// Position in a decoded batch of the column of each filter.
    filters: Vec<(usize, HashSet<String>)>,
    /// Position in a decoded batch of each column of the answer.
    positions: Vec<usize>,
    pub(crate) answer: Table,
}

impl Rows {
    /// Chooses columns and row groups.
    pub(crate) fn plan(
        metadata: Arc<ParquetMetaData>,
        query: &Query,
        file_bytes: u64,
    ) -> Result<Self, ReadError> {
        // The Arrow schema that writers embed adds nothing to these types.
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let builder =
            ParquetPushDecoderBuilder::try_new_decoder_with_options(metadata.clone(), options)?;
        let schema = builder.schema().clone();
        let root = |name: &str| {
            let found = schema
                .fields()
                .iter()
                .position(|field| field.name() == name);
            found.ok_or_else(|| ReadError::NoColumn {
                column: name.to_owned(),
                known: schema
                    .fields()
                    .iter()
                    .map(|field| field.name().as_str())
                    .collect::<Vec<_>>()
                    .join(", "),
            })
        };
        let wanted: Vec<usize> = if query.columns.is_empty() {
            (0..schema.fields().len()).collect()
        } else {
            let roots = query.columns.iter().map(|name| root(name));
            roots.collect::<Result<_, _>>()?
        };
        let mut columns = Vec::with_capacity(wanted.len());
        for &position in &wanted {
            let field = schema.field(position);
            let values =
                decode::empty(field.data_type()).ok_or_else(|| ReadError::UnknownType {
                    column: field.name().clone(),
                    found: field.data_type().to_string(),
                })?;
            columns.push(Column {
                name: field.name().clone(),
                values,
            });
        }
        let descriptor = metadata.file_metadata().schema_descr();
        let leaf = |root: usize| {
            (0..descriptor.num_columns()).find(|&leaf| descriptor.get_column_root_idx(leaf) == root)
        };
        let mut filters: Vec<(usize, &Filter)> = Vec::new();
        for filter in &query.filters {
            let position = root(&filter.column)?;
            if *schema.field(position).data_type() != DataType::Utf8 {
                return Err(ReadError::NotText {
                    column: filter.column.clone(),
                });
            }
            filters.push((position, filter));
        }
        let mut read: Vec<usize> = wanted.clone();
        read.extend(filters.iter().map(|(position, _)| *position));
        read.sort_unstable();
        read.dedup();
        let groups: Vec<usize> = (0..metadata.num_row_groups())
            .filter(|&group| {
                query.limit != Some(0)
                    && filters.iter().all(|(root, filter)| {
                        leaf(*root).is_none_or(|leaf| {
                            may_hold(metadata.row_group(group), leaf, &filter.any_of)
                        })
                    })
            })
            .collect();
        let mut ahead = Vec::new();
        if query.limit.is_none() {
            for &group in &groups {
                for &root in &read {
                    let Some(chunk) =
                        leaf(root).and_then(|leaf| metadata.row_group(group).columns().get(leaf))
                    else {
                        continue;
                    };
                    let (start, length) = chunk.byte_range();
                    match start.checked_add(length) {
                        Some(end) if end <= file_bytes => ahead.push(start..end),
                        _ => return Err(unreadable("it points beyond its end")),
                    }
                }
            }
        }
        let mask = ProjectionMask::roots(descriptor, read.iter().copied());
        let decoder = builder
            .with_row_groups(groups)
            .with_projection(mask)
            .with_batch_size(BATCH_ROWS)
            .build()?;
        let within = |root: usize| read.iter().position(|&other| other == root).unwrap_or(0);
        Ok(Self {
            decoder,
            ahead,
            filters: filters
                .iter()
                .map(|(root, filter)| (within(*root), filter.any_of.iter().cloned().collect()))
                .collect(),
            positions: wanted.iter().map(|&root| within(root)).collect(),
            answer: Table { rows: 0, columns },
        })
    }

    /// Adds the wanted rows of a batch; true when the limit is reached.
    pub(crate) fn take(
        &mut self,
        batch: &RecordBatch,
        limit: Option<usize>,
    ) -> Result<bool, ReadError> {
        let mut rows: Vec<usize> = (0..batch.num_rows()).collect();
        for (position, any_of) in &self.filters {
            let mut texts = Values::Text(Vec::new());
            let array = batch.column(*position);
            decode::append(&mut texts, "filter", array.as_ref(), &rows)?;
            if let Values::Text(texts) = texts {
                let mut texts = texts.into_iter();
                rows.retain(|_| {
                    texts
                        .next()
                        .flatten()
                        .is_some_and(|text| any_of.contains(&text))
                });
            }
        }
        if let Some(limit) = limit {
            rows.truncate(limit.saturating_sub(self.answer.rows));
        }
        for (column, &position) in self.answer.columns.iter_mut().zip(&self.positions) {
            let array = batch.column(position);
            decode::append(&mut column.values, &column.name, array.as_ref(), &rows)?;
        }
        self.answer.rows += rows.len();
        Ok(limit.is_some_and(|limit| self.answer.rows >= limit))
    }
}
