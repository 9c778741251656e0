//! A sparse basis, factorised as L·U (Markowitz, 1957) and updated in product form: what a
//! simplex method needs to work with thousands of rows without ever writing its tableau.
//!
//! Bases of tables are triangular but for a small kernel, so that the factors hold hardly more than the basis.

use std::{cmp::Reverse, collections::BinaryHeap};

/// Updates after which the basis is factorised anew.
const UPDATES: usize = 100;

/// Smaller numbers are taken for rounding errors.
const NOISE: f64 = 1e-11;
/// A pivot is at least this share of the greatest entry in its column.
const STEADY: f64 = 0.1;

fn clean(value: f64) -> f64 {
    if value.abs() < NOISE { 0.0 } else { value }
}

/// Entries of one line: place and value.
pub(crate) type Entries = Vec<(u32, f64)>;

/// Lists of entries, end to end.
#[derive(Clone, Debug, Default)]
struct Lists {
    ends: Vec<u32>,
    entries: Entries,
}

impl Lists {
    fn close(&mut self) {
        self.ends.push(self.entries.len() as u32);
    }

    fn get(&self, at: usize) -> &[(u32, f64)] {
        let start = match at {
            0 => 0,
            _ => self.ends[at - 1] as usize,
        };
        &self.entries[start..self.ends[at] as usize]
    }

    /// The same entries by place: `lines` names the place of each list.
    fn transposed(&self, lines: &[u32], places: usize) -> Self {
        let mut starts = vec![0u32; places + 1];
        for entry in &self.entries {
            starts[entry.0 as usize + 1] += 1;
        }
        for at in 0..places {
            starts[at + 1] += starts[at];
        }
        let ends = starts[1..].to_vec();
        let mut entries = vec![(0, 0.0); self.entries.len()];
        for (at, &line) in lines.iter().enumerate() {
            for &(place, value) in self.get(at) {
                let next = &mut starts[place as usize];
                entries[*next as usize] = (line, value);
                *next += 1;
            }
        }
        Self { ends, entries }
    }
}

/// A column of the basis that has been replaced since.
#[derive(Clone, Debug)]
struct Update {
    position: u32,
    pivot: f64,
    others: Entries,
}

/// The factors. Lines of the matrix are *rows*, its columns *positions*.
#[derive(Clone, Debug, Default)]
pub(crate) struct Factor {
    /// Row and position of each pivot, in order.
    rows: Vec<u32>,
    positions: Vec<u32>,
    pivots: Vec<f64>,
    /// By pivot, what it takes from rows that are pivots later; by row, the same.
    lower: Lists,
    lower_by_row: Lists,
    /// By pivot, its row over positions that are pivots later; by position, the same over rows.
    upper: Lists,
    upper_by_position: Lists,
    updates: Vec<Update>,
    by_row: Vec<f64>,
    by_position: Vec<f64>,
}

impl Factor {
    /// Factorises the matrix whose columns are given. None when it has no inverse.
    pub(crate) fn new(columns: &[Entries]) -> Option<Self> {
        let count = columns.len();
        let mut work = Elimination::new(columns);
        let mut factor = Self {
            by_row: vec![0.0; count],
            by_position: vec![0.0; count],
            ..Self::default()
        };
        while let Some((row, position)) = work.next() {
            let pivot = work.pivot(row, position, &mut factor);
            factor.rows.push(row);
            factor.positions.push(position);
            factor.pivots.push(pivot);
            factor.lower.close();
            factor.upper.close();
        }
        if factor.rows.len() < count {
            return None;
        }
        factor.lower_by_row = factor.lower.transposed(&factor.rows, count);
        factor.upper_by_position = factor.upper.transposed(&factor.rows, count);
        Some(factor)
    }

    /// Whether so much has been replaced that factorising anew pays.
    pub(crate) fn is_worn(&self) -> bool {
        let entries: usize = self.updates.iter().map(|u| u.others.len()).sum();
        self.updates.len() >= UPDATES || entries > 8 * self.rows.len() + 1000
    }

    /// Replaces the column at a position by one that [`Self::solve`] has solved for.
    pub(crate) fn replace(&mut self, position: u32, solved: &[(u32, f64)]) {
        let others = solved.iter().copied().filter(|e| e.0 != position);
        let pivot = solved.iter().find(|e| e.0 == position);
        self.updates.push(Update {
            position,
            pivot: pivot.map_or(1.0, |e| e.1),
            others: others.collect(),
        });
    }

    /// `x` of basis · x = column; by position, in no order.
    pub(crate) fn solve(&mut self, column: &[(u32, f64)]) -> Entries {
        for &(row, value) in column {
            self.by_row[row as usize] = value;
        }
        for at in 0..self.rows.len() {
            let value = self.by_row[self.rows[at] as usize];
            if value != 0.0 {
                for &(row, multiple) in self.lower.get(at) {
                    let entry = &mut self.by_row[row as usize];
                    *entry = clean(*entry - multiple * value);
                }
            }
        }
        let mut touched: Vec<u32> = Vec::new();
        for at in (0..self.rows.len()).rev() {
            let value = std::mem::take(&mut self.by_row[self.rows[at] as usize]);
            if value == 0.0 {
                continue;
            }
            let value = value / self.pivots[at];
            let position = self.positions[at];
            for &(row, entry) in self.upper_by_position.get(position as usize) {
                let sum = &mut self.by_row[row as usize];
                *sum = clean(*sum - entry * value);
            }
            self.by_position[position as usize] = value;
            touched.push(position);
        }
        for update in &self.updates {
            let value = self.by_position[update.position as usize];
            if value == 0.0 {
                continue;
            }
            let value = value / update.pivot;
            self.by_position[update.position as usize] = value;
            for &(position, entry) in &update.others {
                let sum = &mut self.by_position[position as usize];
                if *sum == 0.0 {
                    touched.push(position);
                }
                *sum = clean(*sum - entry * value);
            }
        }
        let mut solved = Vec::with_capacity(touched.len());
        for position in touched {
            let value = std::mem::take(&mut self.by_position[position as usize]);
            if value != 0.0 {
                solved.push((position, value));
            }
        }
        solved
    }

    /// The line of the basis' inverse at a position; by row, in no order.
    pub(crate) fn line(&mut self, position: u32) -> Entries {
        self.by_position[position as usize] = 1.0;
        for update in self.updates.iter().rev() {
            let own = update.position as usize;
            let mut sum = self.by_position[own];
            for &(position, entry) in &update.others {
                let value = self.by_position[position as usize];
                if value != 0.0 {
                    sum -= entry * value;
                }
            }
            self.by_position[own] = sum / update.pivot;
        }
        for at in 0..self.rows.len() {
            let value = std::mem::take(&mut self.by_position[self.positions[at] as usize]);
            if value == 0.0 {
                continue;
            }
            let value = value / self.pivots[at];
            self.by_row[self.rows[at] as usize] = value;
            for &(position, entry) in self.upper.get(at) {
                let sum = &mut self.by_position[position as usize];
                *sum = clean(*sum - entry * value);
            }
        }
        let mut line = Vec::new();
        for at in (0..self.rows.len()).rev() {
            let row = self.rows[at];
            let value = std::mem::take(&mut self.by_row[row as usize]);
            if value == 0.0 {
                continue;
            }
            for &(earlier, multiple) in self.lower_by_row.get(row as usize) {
                let sum = &mut self.by_row[earlier as usize];
                *sum = clean(*sum - multiple * value);
            }
            line.push((row, value));
        }
        line
    }
}

/// What is left of the matrix while it is factorised.
struct Elimination {
    /// Sorted by position; positions that are done are passed over.
    rows: Vec<Entries>,
    /// May name rows where the entry has gone.
    columns: Vec<Vec<u32>>,
    row_left: Vec<u32>,
    column_left: Vec<u32>,
    row_done: Vec<bool>,
    column_done: Vec<bool>,
    single_rows: Vec<u32>,
    single_columns: Vec<u32>,
    /// Open positions by how many entries they have left, some of them out of date; made when it is needed.
    kernel: Option<BinaryHeap<Reverse<(u32, u32)>>>,
}

impl Elimination {
    fn new(columns: &[Entries]) -> Self {
        let count = columns.len();
        let mut rows: Vec<Entries> = vec![Vec::new(); count];
        for (position, column) in columns.iter().enumerate() {
            for &(row, value) in column {
                rows[row as usize].push((position as u32, value));
            }
        }
        let row_left: Vec<u32> = rows.iter().map(|r| r.len() as u32).collect();
        let column_left: Vec<u32> = columns.iter().map(|c| c.len() as u32).collect();
        let single = |left: &[u32]| {
            (0..count as u32)
                .filter(|&i| left[i as usize] == 1)
                .collect()
        };
        Self {
            single_rows: single(&row_left),
            single_columns: single(&column_left),
            kernel: None,
            columns: columns
                .iter()
                .map(|c| c.iter().map(|e| e.0).collect())
                .collect(),
            rows,
            row_left,
            column_left,
            row_done: vec![false; count],
            column_done: vec![false; count],
        }
    }

    fn entry(&self, row: u32, position: u32) -> Option<f64> {
        let row = &self.rows[row as usize];
        let at = row.binary_search_by_key(&position, |e| e.0).ok()?;
        Some(row[at].1)
    }

    fn rows_of(&self, position: u32) -> Vec<(u32, f64)> {
        let rows = self.columns[position as usize].iter();
        rows.filter(|&&row| !self.row_done[row as usize])
            .filter_map(|&row| Some((row, self.entry(row, position)?)))
            .collect()
    }

    /// The next pivot: lines with one entry first, then where least is likely to fill in.
    fn next(&mut self) -> Option<(u32, u32)> {
        while let Some(position) = self.single_columns.pop() {
            if !self.column_done[position as usize] && self.column_left[position as usize] == 1 {
                return Some((self.rows_of(position).first()?.0, position));
            }
        }
        while let Some(row) = self.single_rows.pop() {
            if !self.row_done[row as usize] && self.row_left[row as usize] == 1 {
                let entries = self.rows[row as usize].iter();
                let mut open = entries.filter(|e| !self.column_done[e.0 as usize]);
                return Some((row, open.next()?.0));
            }
        }
        let mut kernel = self.kernel.take().unwrap_or_else(|| {
            let open = (0..self.columns.len() as u32).filter(|&c| !self.column_done[c as usize]);
            open.map(|c| Reverse((self.column_left[c as usize], c)))
                .collect()
        });
        while let Some(Reverse((left, position))) = kernel.pop() {
            if self.column_done[position as usize] || self.column_left[position as usize] != left {
                continue;
            }
            let rows = self.rows_of(position);
            let most = rows.iter().map(|e| e.1.abs()).fold(0.0, f64::max);
            let best = rows
                .iter()
                .filter(|e| e.1.abs() >= STEADY * most)
                .min_by_key(|(row, value)| {
                    (value.abs() != 1.0, self.row_left[*row as usize], *row)
                });
            let best = best.map(|e| (e.0, position));
            self.kernel = Some(kernel);
            return best;
        }
        None
    }

    fn pivot(&mut self, row: u32, position: u32, factor: &mut Factor) -> f64 {
        let mut own = std::mem::take(&mut self.rows[row as usize]);
        self.row_done[row as usize] = true;
        self.column_done[position as usize] = true;
        let pivot = own.iter().find(|e| e.0 == position).map_or(1.0, |e| e.1);
        own.retain(|e| !self.column_done[e.0 as usize]);
        let others = self.rows_of(position);
        for &(other, _) in &own {
            self.lose(other);
        }
        for (target, value) in others {
            let multiple = value / pivot;
            factor.lower.entries.push((target, multiple));
            self.row_left[target as usize] -= 1;
            if !own.is_empty() {
                self.subtract(target, multiple, &own);
            }
            if self.row_left[target as usize] == 1 {
                self.single_rows.push(target);
            }
        }
        factor.upper.entries.extend_from_slice(&own);
        pivot
    }

    /// A position has one entry fewer.
    fn lose(&mut self, position: u32) {
        self.column_left[position as usize] -= 1;
        match self.column_left[position as usize] {
            1 => self.single_columns.push(position),
            _ => self.queue(position),
        }
    }

    fn queue(&mut self, position: u32) {
        if let Some(kernel) = &mut self.kernel {
            kernel.push(Reverse((self.column_left[position as usize], position)));
        }
    }

    /// Takes a multiple of the pivot's row from another.
    fn subtract(&mut self, target: u32, multiple: f64, pivot: &[(u32, f64)]) {
        let old = std::mem::take(&mut self.rows[target as usize]);
        let mut new = Vec::with_capacity(old.len() + pivot.len());
        let mut left = old
            .into_iter()
            .filter(|e| !self.column_done[e.0 as usize])
            .collect::<Vec<_>>()
            .into_iter()
            .peekable();
        for &(position, value) in pivot {
            while let Some(entry) = left.next_if(|e| e.0 < position) {
                new.push(entry);
            }
            match left.next_if(|e| e.0 == position) {
                Some((_, before)) => {
                    let sum = clean(before - multiple * value);
                    if sum == 0.0 {
                        self.row_left[target as usize] -= 1;
                        self.lose(position);
                    } else {
                        new.push((position, sum));
                    }
                }
                None => {
                    new.push((position, -multiple * value));
                    self.row_left[target as usize] += 1;
                    self.column_left[position as usize] += 1;
                    self.queue(position);
                    let rows = &mut self.columns[position as usize];
                    if !rows.contains(&target) {
                        rows.push(target);
                    }
                }
            }
        }
        new.extend(left);
        self.rows[target as usize] = new;
    }
}
