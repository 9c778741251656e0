//! Counting rows by the values of up to two columns. Each value gets a code the first time that it comes; after
//! that a row costs a look at its code and an addition, and no text.

use std::collections::{HashMap, hash_map::Entry};

use crate::{
    COUNT, Column, ReadError, Table, Values,
    decode::{Batch, Recent, day, utf8},
    rows::MOST_VALUES,
};

/// A code of no value: slots that are not filled yet.
const NO_CODE: u32 = u32::MAX;

/// Counts by the values of some columns.
pub(crate) struct Tally {
    sides: Vec<Side>,
    /// By the code of the first side, then by that of the second. A side that is not asked for has one code.
    counts: Vec<Vec<u64>>,
    cells: usize,
}

#[derive(Default)]
struct Side {
    values: Vec<Value>,
    codes: HashMap<Value, u32>,
    /// The codes of the batch at hand.
    batch: Vec<u32>,
}

/// A value as the file holds it. They are sorted as here: a missing value first.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Value {
    Missing,
    Text(Box<[u8]>),
    Truth(bool),
    Day(i32),
    Whole(i64),
}

impl Tally {
    /// No rows yet, told apart by so many columns.
    pub(crate) fn new(sides: usize) -> Self {
        Self {
            sides: (0..sides).map(|_| Side::default()).collect(),
            counts: Vec::new(),
            cells: 0,
        }
    }

    /// Counts some rows of a batch.
    pub(crate) fn add(&mut self, batches: &[&Batch], rows: &[usize]) -> Result<(), ReadError> {
        for (side, batch) in self.sides.iter_mut().zip(batches) {
            side.code(batch, rows)?;
        }
        let (first, second) = (self.sides.first(), self.sides.get(1));
        for at in 0..rows.len() {
            let code = |side: Option<&Side>| {
                side.and_then(|side| side.batch.get(at))
                    .map_or(0, |&code| code as usize)
            };
            let (row, column) = (code(first), code(second));
            if self.counts.len() <= row {
                self.counts.resize_with(row + 1, Vec::new);
            }
            let counts = &mut self.counts[row];
            if counts.len() <= column {
                self.cells += column + 1 - counts.len();
                if self.cells > MOST_VALUES {
                    return Err(ReadError::TooLarge { most: MOST_VALUES });
                }
                counts.resize(column + 1, 0);
            }
            counts[column] += 1;
        }
        Ok(())
    }

    /// The table: the columns of the answer, and one more for the counts.
    pub(crate) fn finish(self, mut answer: Table) -> Result<Table, ReadError> {
        let orders: Vec<Vec<usize>> = (0..2)
            .map(|side| match self.sides.get(side) {
                Some(side) => {
                    let mut order: Vec<usize> = (0..side.values.len()).collect();
                    order.sort_by(|&a, &b| side.values[a].cmp(&side.values[b]));
                    order
                }
                None => vec![0],
            })
            .collect();
        let mut counts = Vec::new();
        for &row in &orders[0] {
            for &column in &orders[1] {
                let found = self.counts.get(row).and_then(|counts| counts.get(column));
                let Some(&count) = found.filter(|count| **count > 0) else {
                    continue;
                };
                let codes = [row, column];
                for ((to, side), code) in answer.columns.iter_mut().zip(&self.sides).zip(codes) {
                    side.values[code].append(&mut to.values)?;
                }
                counts.push(i64::try_from(count).ok());
            }
        }
        answer.rows = counts.len();
        answer.columns.push(Column {
            name: COUNT.to_owned(),
            values: Values::Integer(counts),
        });
        Ok(answer)
    }
}

impl Side {
    /// Finds the codes of some rows of a batch.
    fn code(&mut self, batch: &Batch, rows: &[usize]) -> Result<(), ReadError> {
        let mut codes = std::mem::take(&mut self.batch);
        codes.clear();
        codes.reserve(rows.len());
        match batch {
            Batch::Bytes(values) => {
                let mut recent = Recent::new(NO_CODE);
                for &row in rows {
                    codes.push(match values.get(row).and_then(Option::as_ref) {
                        None => self.of(Value::Missing),
                        Some(text) => {
                            let text = text.data();
                            recent.get(text, || self.of(Value::Text(text.into())))
                        }
                    });
                }
            }
            Batch::Truths(values) => self.each(values, rows, Value::Truth, &mut codes),
            Batch::Days(values) => self.each(values, rows, Value::Day, &mut codes),
            Batch::Whole(values) => self.each(values, rows, Value::Whole, &mut codes),
            Batch::Floats(_) => {}
        }
        self.batch = codes;
        if self.values.len() > MOST_VALUES {
            return Err(ReadError::TooLarge { most: MOST_VALUES });
        }
        Ok(())
    }

    fn each<T: Copy + PartialEq>(
        &mut self,
        values: &[Option<T>],
        rows: &[usize],
        value: impl Fn(T) -> Value,
        codes: &mut Vec<u32>,
    ) {
        let mut last = None;
        for &row in rows {
            let found = values.get(row).copied().flatten();
            let code = match last {
                Some((before, code)) if before == found => code,
                _ => self.of(found.map_or(Value::Missing, &value)),
            };
            last = Some((found, code));
            codes.push(code);
        }
    }

    fn of(&mut self, value: Value) -> u32 {
        let next = u32::try_from(self.values.len()).unwrap_or(NO_CODE);
        match self.codes.entry(value) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => {
                self.values.push(new.key().clone());
                *new.insert(next)
            }
        }
    }
}

impl Value {
    /// Adds it to a column of an answer.
    fn append(&self, to: &mut Values) -> Result<(), ReadError> {
        match (self, to) {
            (Self::Missing, Values::Text(to)) => to.push(None),
            (Self::Missing, Values::Integer(to)) => to.push(None),
            (Self::Text(bytes), Values::Text(to)) => to.push(Some(utf8(bytes)?)),
            (Self::Truth(yes), Values::Text(to)) => to.push(Some(yes.to_string())),
            (Self::Day(days), Values::Text(to)) => to.push(Some(day(*days))),
            (Self::Whole(value), Values::Integer(to)) => to.push(Some(*value)),
            _ => return Err(crate::error::unreadable("a column has two types")),
        }
        Ok(())
    }
}
