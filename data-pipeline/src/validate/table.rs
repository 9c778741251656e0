//! Validating one file: rows are read, typed, checked and let go in batches.

use std::{collections::HashMap, path::Path};

use arrow::{
    array::{BooleanArray, RecordBatch},
    compute::filter_record_batch,
    datatypes::SchemaRef,
};
use chrono::{Datelike, NaiveDateTime};
use contract::{
    Granularity, Level, Period,
    dataset::{DatasetContract, DatasetKind, Duplicates},
    portal::PlaceSource,
};
use sha2::{Digest, Sha256};

use super::{
    FileCounts, ValidateError,
    cells::{self, Builder, Cell},
    columns::{self, Mapping, Origin},
    quarantine::{Quarantine, place},
    reason::Flaw,
    rules::Rules,
};
use crate::{
    ingest::{self, Expected, Row},
    places::{self, Register},
    values::{header_key, mask},
    work::SpillWriter,
};

/// Rows that are checked at once.
const BATCH_ROWS: usize = 8192;
/// Bytes of text after which a batch ends early.
const BATCH_BYTES: usize = 16 << 20;
const TOTALS: [&str; 11] = [
    "合计",
    "总计",
    "小计",
    "累计",
    "合計",
    "總計",
    "小計",
    "累計",
    "total",
    "subtotal",
    "grandtotal",
];

/// A short digest: two texts with the same one are the same.
type Fingerprint = [u8; 16];

/// What validating a dataset carries from file to file.
pub(super) struct Validator<'a> {
    pub(super) contract: &'a DatasetContract,
    pub(super) register: &'a Register,
    pub(super) schema: SchemaRef,
    pub(super) expected: Expected,
    pub(super) rules: Rules,
    pub(super) end: NaiveDateTime,
    pub(super) spill: SpillWriter,
    pub(super) quarantine: Quarantine<'a>,
    /// Sets of columns whose values no two rows may share.
    pub(super) unique: Vec<Vec<usize>>,
    /// Every unique value seen, with the row that has it.
    pub(super) seen: HashMap<Fingerprint, Fingerprint>,
    pub(super) present: Vec<bool>,
    pub(super) progress: &'a (dyn Fn(&str) + Sync),
    pub(super) places: &'a PlaceSource,
}

/// Rows that wait to be checked together.
struct Batch {
    builders: Vec<Builder>,
    typed: Vec<Waiting>,
    /// Rows that were rejected before they were typed, by their position among all rows of the batch.
    rejected: Vec<(usize, Row, Flaw, Option<usize>)>,
    rows: usize,
    bytes: usize,
}

struct Waiting {
    position: usize,
    row: Row,
    whole: Fingerprint,
    keys: Vec<Option<Fingerprint>>,
}

impl Validator<'_> {
    /// Reads and checks one file; what was read before an error is counted in `counts`.
    pub(super) fn file(
        &mut self,
        file: &Path,
        counts: &mut FileCounts,
    ) -> Result<(), ValidateError> {
        let expected = self.expected.clone();
        let of_register = match ingest::is_named(file, &self.places.files) {
            true => places::headers(self.places),
            false => Vec::new(),
        };
        let mut rows = ingest::open_as(file, &expected)?;
        counts.encoding = rows.encoding();
        loop {
            let table = rows.table().clone();
            let mapping = columns::map(self.contract, file, &table)?;
            for (at, origin) in mapping.origins.iter().enumerate() {
                self.present[at] |= !matches!(origin, Origin::Absent);
            }
            let unknown = mapping.unknown.iter();
            let unknown = unknown.filter(|header| !header.is_named(&of_register));
            for header in unknown.map(ingest::Header::shown) {
                if !counts.unknown_columns.contains(&header) {
                    counts.unknown_columns.push(header);
                }
            }
            for absent in columns::absent(self.contract, &mapping) {
                if !counts.absent_columns.contains(&absent) {
                    counts.absent_columns.push(absent);
                }
            }
            let headers: Vec<String> = table.headers.iter().map(|h| header_key(&h.text)).collect();
            let sheet = table.sheet.as_deref();
            let mut batch = self.batch();
            loop {
                let row = match rows.next_row() {
                    Ok(Some(row)) => row,
                    Ok(None) => break,
                    Err(error) => {
                        // What came before is counted and judged all the same.
                        self.flush(&mut batch, file, sheet, &mapping, counts)?;
                        return Err(error.into());
                    }
                };
                if row.broken.is_empty() && row.fields.iter().all(|f| f.trim().is_empty()) {
                    continue;
                }
                counts.read += 1;
                self.row(&mut batch, row, &headers, &mapping);
                if batch.rows >= BATCH_ROWS || batch.bytes >= BATCH_BYTES {
                    self.flush(&mut batch, file, sheet, &mapping, counts)?;
                    let share = (rows.progress() * 100.0).min(100.0);
                    let name = file.file_name().unwrap_or_default().to_string_lossy();
                    (self.progress)(&format!("{name}: {} ({share:.0}%)", counts.read));
                }
            }
            self.flush(&mut batch, file, sheet, &mapping, counts)?;
            if !rows.next_table(&expected)? {
                break;
            }
        }
        counts.notes = rows.notes();
        Ok(())
    }

    fn batch(&self) -> Batch {
        let fields = self.schema.fields().iter();
        Batch {
            builders: fields.map(|f| Builder::new(f.data_type())).collect(),
            typed: Vec::new(),
            rejected: Vec::new(),
            rows: 0,
            bytes: 0,
        }
    }

    /// Types one row, or sets it aside.
    fn row(&self, batch: &mut Batch, row: Row, headers: &[String], mapping: &Mapping) {
        let position = batch.rows;
        batch.rows += 1;
        batch.bytes += row.fields.iter().map(|f| f.len() + 24).sum::<usize>();
        let flaw = if self.is_total(&row) {
            Some((Flaw::Total, None))
        } else if row.fields.len() != headers.len() {
            Some((Flaw::Ragged, None))
        } else {
            None
        };
        let cells = match flaw {
            Some(flaw) => Err(flaw),
            None => self.cells(&row, mapping),
        };
        match cells {
            Err((flaw, column)) => batch.rejected.push((position, row, flaw, column)),
            Ok(cells) => {
                let keys = self.unique.iter().enumerate().map(|(number, columns)| {
                    let values: Option<Vec<String>> =
                        columns.iter().map(|&at| cells[at].key()).collect();
                    values.map(|values| fingerprint(number, values.iter().map(String::as_str)))
                });
                let keys = keys.collect();
                let mut texts = Vec::new();
                for &at in &mapping.order {
                    texts.extend([headers[at].as_str(), row.fields[at].trim()]);
                }
                let whole = fingerprint(usize::MAX, texts.into_iter());
                let cells = self.with_added(cells);
                batch
                    .builders
                    .iter_mut()
                    .zip(&cells)
                    .for_each(|(builder, cell)| builder.push(cell));
                batch.typed.push(Waiting {
                    position,
                    row,
                    whole,
                    keys,
                });
            }
        }
    }

    fn is_total(&self, row: &Row) -> bool {
        let first = row.fields.iter().map(|f| f.trim()).find(|f| !f.is_empty());
        let Some(first) = first.map(|f| header_key(f.trim_end_matches([':', '：', '*']))) else {
            return false;
        };
        match &self.contract.source.total_markers {
            Some(markers) => markers.iter().any(|marker| header_key(marker) == first),
            None => TOTALS.iter().any(|marker| *marker == first),
        }
    }

    /// The typed cells of the declared columns, or the first flaw in the contract's order and its column.
    fn cells(&self, row: &Row, mapping: &Mapping) -> Result<Vec<Cell>, (Flaw, Option<usize>)> {
        let mut cells = Vec::with_capacity(self.schema.fields().len());
        for (at, column) in self.contract.columns.iter().enumerate() {
            let text = match &mapping.origins[at] {
                Origin::Absent => {
                    cells.push(Cell::Null);
                    continue;
                }
                Origin::Title(text) => std::borrow::Cow::Borrowed(text.as_str()),
                Origin::Field(field) if row.broken.contains(field) => {
                    return Err((Flaw::Broken, Some(at)));
                }
                Origin::Field(field) => row.fields[*field].as_str().into(),
                Origin::Joined(fields) => {
                    let parts: Vec<&str> = fields.iter().map(|&f| row.fields[f].trim()).collect();
                    if parts.iter().all(|part| part.is_empty()) {
                        "".into()
                    } else {
                        parts.join("-").into()
                    }
                }
            };
            let cell = cells::read(column, self.register, &text, mapping.units[at]);
            cells.push(cell.map_err(|flaw| (flaw, Some(at)))?);
        }
        let cell = |name: &str| self.contract.columns.iter().position(|c| c.name == name);
        if let (Some(located), Some(dated)) =
            (cell(&self.contract.place), cell(&self.contract.period))
            && let (Cell::Text(code), Cell::Moment(at)) = (&cells[located], &cells[dated])
            && !self.register.existed(code, at.date())
        {
            return Err((Flaw::PlaceOfAnotherTime, Some(located)));
        }
        Ok(cells)
    }

    /// Adds the cells of [`super::added`].
    fn with_added(&self, mut cells: Vec<Cell>) -> Vec<Cell> {
        if self.contract.kind == DatasetKind::Table {
            cells.push(Cell::Moment(self.end));
            return cells;
        }
        let cell = |name: &str| {
            let at = self.contract.columns.iter().position(|c| c.name == name);
            at.map(|at| cells[at].clone())
        };
        let (place, date) = (cell(&self.contract.place), cell(&self.contract.period));
        for level in Level::ALL {
            let code = match &place {
                Some(Cell::Text(code)) => self
                    .register
                    .ancestor(code, *level)
                    .map(|c| Cell::Text(c.to_owned())),
                _ => None,
            };
            cells.push(code.unwrap_or(Cell::Null));
        }
        for granularity in [Granularity::Month, Granularity::Quarter, Granularity::Year] {
            cells.push(match &date {
                Some(Cell::Moment(at)) => {
                    Cell::Text(Period::containing(at.year(), at.month(), granularity).to_string())
                }
                _ => Cell::Null,
            });
        }
        cells.push(Cell::Moment(self.end));
        cells
    }

    /// Applies the rules about typed rows, writes out what is accepted and what is not, and begins anew.
    fn flush(
        &mut self,
        batch: &mut Batch,
        file: &Path,
        sheet: Option<&str>,
        mapping: &Mapping,
        counts: &mut FileCounts,
    ) -> Result<(), ValidateError> {
        let fresh = self.batch();
        let Batch {
            mut builders,
            typed,
            rejected,
            ..
        } = std::mem::replace(batch, fresh);
        let arrays = builders.iter_mut().map(Builder::finish).collect();
        let arrow = |e| ValidateError::Arrow(self.contract.id.clone(), e);
        let values = RecordBatch::try_new(self.schema.clone(), arrays).map_err(arrow)?;
        let broken = self.rules.broken(&values)?;
        let mut bad = Vec::new();
        for (position, row, flaw, column) in rejected {
            let mut shown = place(file, sheet, row.line);
            flaw.rule().clone_into(&mut shown.rule);
            shown.reason = flaw.reason(column.map(|at| &self.contract.columns[at]));
            if let Some(at) = column {
                shown.column = self.contract.columns[at].name.clone();
                shown.header = mapping.names[at].clone();
                if let Origin::Field(field) = &mapping.origins[at] {
                    shown.shape = mask(row.fields[*field].trim());
                }
            }
            bad.push((position, row, shown));
        }
        let mut good = Vec::with_capacity(typed.len());
        for (waiting, broken) in typed.into_iter().zip(broken) {
            let mut shown = place(file, sheet, waiting.row.line);
            if let Some(rule) = broken.map(|at| &self.contract.rules[at]) {
                shown.rule.clone_from(&rule.id);
                shown.reason.clone_from(&rule.message);
            } else if let Some((flaw, column)) = self.repeats(&waiting) {
                flaw.rule().clone_into(&mut shown.rule);
                shown.reason = flaw.reason(None);
                if let Some(at) = column {
                    shown.column = self.contract.columns[at].name.clone();
                    shown.header = mapping.names[at].clone();
                }
            }
            good.push(shown.rule.is_empty());
            if !shown.rule.is_empty() {
                bad.push((waiting.position, waiting.row, shown));
            }
        }
        bad.sort_by_key(|(position, ..)| *position);
        counts.rejected += bad.len() as u64;
        for (_, row, shown) in bad {
            self.quarantine.add(shown, &row.fields)?;
        }
        let arrow = |e| ValidateError::Arrow(self.contract.id.clone(), e);
        let accepted = filter_record_batch(&values, &BooleanArray::from(good)).map_err(arrow)?;
        counts.accepted += accepted.num_rows() as u64;
        self.spill.write(&accepted)?;
        Ok(())
    }

    /// Whether an accepted row before this one is the same, or has a value that only one may have; if not, this
    /// row is remembered.
    fn repeats(&mut self, waiting: &Waiting) -> Option<(Flaw, Option<usize>)> {
        let keep = self.contract.source.duplicates == Duplicates::Keep;
        let mut keys: Vec<(Fingerprint, Option<usize>)> = Vec::new();
        for (columns, key) in self.unique.iter().zip(&waiting.keys) {
            keys.extend(key.map(|key| (key, columns.first().copied())));
        }
        // A row that is unique by some value cannot be the same as another: only others need be remembered whole.
        if keys.is_empty() && !keep {
            keys.push((waiting.whole, None));
        }
        for &(key, column) in &keys {
            if let Some(other) = self.seen.get(&key) {
                return Some(if *other == waiting.whole && !keep {
                    (Flaw::Duplicate, None)
                } else {
                    (Flaw::Unique, column)
                });
            }
        }
        self.seen
            .extend(keys.into_iter().map(|(key, _)| (key, waiting.whole)));
        None
    }
}

fn fingerprint<'t>(kind: usize, texts: impl Iterator<Item = &'t str>) -> Fingerprint {
    let mut digest = Sha256::new().chain_update(kind.to_le_bytes());
    for text in texts {
        digest.update((text.len() as u64).to_le_bytes());
        digest.update(text);
    }
    let mut short = [0; 16];
    short.copy_from_slice(&digest.finalize()[..16]);
    short
}

/// The end of the reference month.
pub(super) fn end_of(reference: Period) -> NaiveDateTime {
    let end = reference.last_month().shifted(1);
    chrono::NaiveDate::from_ymd_opt(end.year(), end.month(), 1)
        .unwrap_or_default()
        .and_time(chrono::NaiveTime::MIN)
}
