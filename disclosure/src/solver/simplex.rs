//! A bounded simplex method made for disclosure audits: one system, thousands of objectives that are each a single
//! variable.
//!
//! It is the revised method: the system stays as sparse as it was declared, and each step solves with a factorised
//! basis ([`Factor`]). When the objective is a variable of the basis, one line of the basis' inverse gives its reduced
//! costs, so that the next objective starts from the last basis without any set-up, and the same line gives the
//! coefficients of cuts and of proofs. Feasibility is restored as in Dutertre and de Moura (2006); Bland's rule (1977)
//! ends long runs of degenerate steps.
//!
//! Numbers are floating: in tables they are nearly always integers, hence exact. Nothing that is published rests on
//! them: the auditor proves what they say in integers, and witnesses are checked.

use super::factor::{Entries, Factor};

const NONE: u32 = u32::MAX;
/// Degenerate steps after which Bland's rule takes over until the objective moves.
const PATIENCE: u32 = 60;
/// How far from a bound counts as being there.
const TOLERANCE: f64 = 1e-7;
/// How far from a goal counts as having reached it.
const NEAR: f64 = 1e-9;
/// Rates smaller than this move nothing.
const FLAT: f64 = 1e-6;

/// Which bound of a variable is sought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Up,
    Down,
}

/// `low ≤ Σ coefficient · variable ≤ high`.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) terms: Vec<(u32, i64)>,
    pub(crate) low: Option<i128>,
    pub(crate) high: Option<i128>,
}

/// Bounds of a variable; none where it is free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) low: Option<i128>,
    pub(crate) high: Option<i128>,
}

impl Bounds {
    pub(crate) fn fixed(self) -> bool {
        self.low.is_some() && self.low == self.high
    }
}

/// Bounds in floating point.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Range {
    low: f64,
    high: f64,
}

impl From<Bounds> for Range {
    fn from(bounds: Bounds) -> Self {
        Self {
            low: bounds.low.map_or(f64::NEG_INFINITY, |low| low as f64),
            high: bounds.high.map_or(f64::INFINITY, |high| high as f64),
        }
    }
}

/// What an optimisation found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Optimum {
    At(f64),
    Unbounded,
}

/// There is no solution, or none was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Infeasible;

/// A number without the rounding errors of a few steps, which leave integers.
fn settle(value: f64) -> f64 {
    let whole = value.round();
    if (value - whole).abs() < 1e-9 {
        whole
    } else {
        value
    }
}

/// Whether a number stands for an integer.
pub(crate) fn is_whole(value: f64) -> bool {
    (value - value.round()).abs() < TOLERANCE
}

/// The least integer that is not below a number, but for rounding errors.
pub(crate) fn ceil(value: f64) -> i128 {
    (value - TOLERANCE).ceil() as i128
}

/// The greatest integer that is not above a number, but for rounding errors.
pub(crate) fn floor(value: f64) -> i128 {
    (value + TOLERANCE).floor() as i128
}

/// A system and its basis. Variables come first, then one slack for each row: Σ − slack = 0.
#[derive(Clone, Debug)]
pub(crate) struct Simplex {
    rows: Vec<Vec<(u32, i64)>>,
    columns: Vec<Vec<(u32, i64)>>,
    /// By row of the basis, the variable that stands there; by variable, its row.
    basis: Vec<u32>,
    row_of: Vec<u32>,
    factor: Factor,
    bounds: Vec<Range>,
    value: Vec<f64>,
    pivots: u64,
    /// Sums by variable while a line is priced; zero otherwise.
    prices: Vec<f64>,
}

impl Simplex {
    /// A system over `bounds`, not yet feasible.
    pub(crate) fn new(bounds: &[Bounds], rows: &[Row]) -> Self {
        let count = bounds.len();
        let total = count + rows.len();
        let of_rows = rows.iter().map(|r| Bounds {
            low: r.low,
            high: r.high,
        });
        let mut value: Vec<f64> = bounds
            .iter()
            .map(|b| b.low.or(b.high).unwrap_or(0) as f64)
            .collect();
        let mut columns: Vec<Vec<(u32, i64)>> = vec![Vec::new(); count];
        let mut row_of = vec![NONE; total];
        for (at, row) in rows.iter().enumerate() {
            let mut sum = 0.0;
            for &(variable, coefficient) in &row.terms {
                sum += value[variable as usize] * coefficient as f64;
                columns[variable as usize].push((at as u32, coefficient));
            }
            row_of[count + at] = at as u32;
            value.push(sum);
        }
        let mut simplex = Self {
            rows: rows.iter().map(|r| r.terms.clone()).collect(),
            columns,
            basis: (count as u32..total as u32).collect(),
            row_of,
            factor: Factor::default(),
            bounds: bounds
                .iter()
                .copied()
                .chain(of_rows)
                .map(Range::from)
                .collect(),
            value,
            pivots: 0,
            prices: vec![0.0; total],
        };
        simplex.factorise();
        simplex
    }

    pub(crate) fn value(&self, variable: u32) -> f64 {
        self.value[variable as usize]
    }

    /// Whether the present values meet every row and bound, but for rounding errors.
    pub(crate) fn is_sound(&self) -> bool {
        let slacks = self.value[self.columns.len()..].iter();
        let meets = |(terms, slack): (&Vec<(u32, i64)>, &f64)| {
            let terms = terms.iter();
            let sum: f64 = terms.map(|&(v, c)| c as f64 * self.value[v as usize]).sum();
            (sum - slack).abs() < TOLERANCE * (1.0 + slack.abs())
        };
        self.rows.iter().zip(slacks).all(meets)
            && (0..self.value.len() as u32).all(|v| self.violated(v).is_none())
    }

    /// Starts anew from the basis of the slacks; the values stay.
    pub(crate) fn reset(&mut self) {
        let count = self.columns.len() as u32;
        self.row_of.fill(NONE);
        for row in 0..self.rows.len() as u32 {
            self.basis[row as usize] = count + row;
            self.row_of[(count + row) as usize] = row;
        }
        self.factorise();
    }

    /// Pivots so far: a measure of work that does not depend on the clock.
    pub(crate) fn pivots(&self) -> u64 {
        self.pivots
    }

    /// Changes a variable's bounds; call [`Self::restore`] before the next use.
    pub(crate) fn set_bounds(&mut self, variable: u32, bounds: Bounds) {
        self.confine(variable, bounds.into());
    }

    fn confine(&mut self, variable: u32, range: Range) {
        let at = variable as usize;
        self.bounds[at] = range;
        if self.row_of[at] == NONE
            && let Some(target) = self.violated(variable)
        {
            let column = self.column(variable);
            self.shift(variable, target - self.value[at], &column);
        }
    }

    /// Puts every variable at a table that meets all rows: a start for [`Self::optimise`] from there.
    pub(crate) fn place(&mut self, values: &[f64]) {
        self.value.copy_from_slice(values);
    }

    /// The bounds alone, for a caller that places the values itself.
    pub(crate) fn assign_bounds(&mut self, variable: u32, bounds: Bounds) {
        self.bounds[variable as usize] = bounds.into();
    }

    /// The bound that a variable violates.
    fn violated(&self, variable: u32) -> Option<f64> {
        let (value, range) = (
            self.value[variable as usize],
            self.bounds[variable as usize],
        );
        if value < range.low - TOLERANCE {
            Some(range.low)
        } else if value > range.high + TOLERANCE {
            Some(range.high)
        } else {
            None
        }
    }

    /// The entries of a variable in the rows.
    fn entries(&self, variable: u32) -> Entries {
        match (variable as usize).checked_sub(self.columns.len()) {
            Some(row) => vec![(row as u32, -1.0)],
            None => self.columns[variable as usize]
                .iter()
                .map(|&(row, c)| (row, c as f64))
                .collect(),
        }
    }

    fn factorise(&mut self) {
        let columns: Vec<Entries> = self.basis.iter().map(|&v| self.entries(v)).collect();
        match Factor::new(&columns) {
            Some(factor) => self.factor = factor,
            None => {
                // Rounding has led to a basis without an inverse: that of the slacks always has one.
                let count = self.columns.len();
                self.row_of.fill(NONE);
                self.basis = (count as u32..(count + self.rows.len()) as u32).collect();
                for (row, &slack) in self.basis.iter().enumerate() {
                    self.row_of[slack as usize] = row as u32;
                }
                let slacks: Vec<Entries> = self.basis.iter().map(|&v| self.entries(v)).collect();
                self.factor = Factor::new(&slacks).unwrap_or_default();
            }
        }
        // What rounding has added up to since goes.
        let missing: Entries = (0..self.rows.len() as u32)
            .filter_map(|row| {
                let terms = self.rows[row as usize].iter();
                let sum: f64 = terms.map(|&(v, c)| c as f64 * self.value[v as usize]).sum();
                let missing = sum - self.value[self.columns.len() + row as usize];
                (missing.abs() > 1e-12).then_some((row, missing))
            })
            .collect();
        if !missing.is_empty() {
            for (row, excess) in self.factor.solve(&missing) {
                let value = &mut self.value[self.basis[row as usize] as usize];
                *value = settle(*value - excess);
            }
        }
    }

    /// How much each basic variable, by row, falls for each unit of a nonbasic one.
    fn column(&mut self, variable: u32) -> Entries {
        let entries = self.entries(variable);
        let mut column = self.factor.solve(&entries);
        column.sort_unstable_by_key(|e| e.0);
        column
    }

    /// The line of the basis' inverse that belongs to a basic variable, by row; none when it is not basic.
    pub(crate) fn inverse_line(&mut self, variable: u32) -> Option<Entries> {
        let row = self.row_of[variable as usize];
        (row != NONE).then(|| self.factor.line(row))
    }

    /// How much the basic variable of a row falls for each unit of each nonbasic variable that matters, by variable.
    fn line(&mut self, row: u32) -> Entries {
        let inverse = self.factor.line(row);
        let mut touched = Vec::new();
        for &(row, factor) in &inverse {
            for &(variable, coefficient) in &self.rows[row as usize] {
                if self.row_of[variable as usize] == NONE {
                    let price = &mut self.prices[variable as usize];
                    if *price == 0.0 {
                        touched.push(variable);
                    }
                    *price += factor * coefficient as f64;
                }
            }
            let slack = (self.columns.len() + row as usize) as u32;
            if self.row_of[slack as usize] == NONE {
                self.prices[slack as usize] = -factor;
                touched.push(slack);
            }
        }
        let mut line = Vec::with_capacity(touched.len());
        for variable in touched {
            let price = std::mem::take(&mut self.prices[variable as usize]);
            if price.abs() > FLAT {
                line.push((variable, price));
            }
        }
        line.sort_unstable_by_key(|e| e.0);
        line
    }

    /// Moves a nonbasic variable, and the basic ones with it.
    fn shift(&mut self, variable: u32, change: f64, column: &Entries) {
        if change == 0.0 {
            return;
        }
        for &(row, c) in column {
            let value = &mut self.value[self.basis[row as usize] as usize];
            *value = settle(*value - change * c);
        }
        let value = &mut self.value[variable as usize];
        *value = settle(*value + change);
    }

    /// Brings every variable within its bounds.
    pub(crate) fn restore(&mut self) -> Result<(), Infeasible> {
        let mut steps = 0u32;
        let patience = 4 * PATIENCE + self.rows.len() as u32;
        loop {
            // The widest violation first; Bland's order once that has run long.
            let bland = steps > patience;
            if steps > 40 * patience {
                return Err(Infeasible);
            }
            let mut worst: Option<(f64, u32, f64)> = None;
            for &basic in &self.basis {
                let Some(target) = self.violated(basic) else {
                    continue;
                };
                let size = (self.value[basic as usize] - target).abs();
                let better = worst.is_none_or(|(most, other, _)| {
                    if bland {
                        basic < other
                    } else {
                        size > most || (size == most && basic < other)
                    }
                });
                if better {
                    worst = Some((size, basic, target));
                }
            }
            let Some((_, basic, target)) = worst else {
                return Ok(());
            };
            let row = self.row_of[basic as usize];
            let up = self.value[basic as usize] < target;
            let line = self.line(row);
            let Some((entering, _)) = self.entering(&line, up, bland) else {
                return Err(Infeasible);
            };
            let column = self.column(entering);
            let rate = column.iter().find(|e| e.0 == row).map_or(1.0, |e| e.1);
            let change = (self.value[basic as usize] - target) / rate;
            self.shift(entering, change, &column);
            self.pivot(row, entering, &column);
            steps += 1;
        }
    }

    /// A nonbasic variable of a line whose movement moves the line's basic variable up (or down).
    fn entering(&self, line: &Entries, up: bool, bland: bool) -> Option<(u32, f64)> {
        let mut best: Option<(f64, usize, u32)> = None;
        for &(variable, rate) in line {
            if !self.can_move(variable, (rate < 0.0) == up) {
                continue;
            }
            if bland {
                return Some((variable, rate));
            }
            let length = self.columns.get(variable as usize).map_or(1, Vec::len);
            let better = best.is_none_or(|(most, other, _)| {
                let (size, most) = (rate.abs(), most.abs());
                size > most + FLAT || (size >= most - FLAT && length < other)
            });
            if better {
                best = Some((rate, length, variable));
            }
        }
        best.map(|b| (b.2, b.0))
    }

    fn can_move(&self, variable: u32, up: bool) -> bool {
        let (value, range) = (
            self.value[variable as usize],
            self.bounds[variable as usize],
        );
        if up {
            value < range.high - TOLERANCE
        } else {
            value > range.low + TOLERANCE
        }
    }

    /// The greatest or least value of a variable. The system must be feasible.
    pub(crate) fn optimise(&mut self, variable: u32, direction: Direction) -> Optimum {
        self.optimise_until(variable, direction, None)
    }

    /// As [`Self::optimise`], ending as soon as a value is reached.
    pub(crate) fn optimise_until(
        &mut self,
        variable: u32,
        direction: Direction,
        enough: Option<f64>,
    ) -> Optimum {
        let up = direction == Direction::Up;
        let at = variable as usize;
        let mut idle = 0u32;
        loop {
            let value = self.value[at];
            let left = enough.map_or(f64::INFINITY, |enough| {
                if up { enough - value } else { value - enough }
            });
            if left < NEAR || !self.can_move(variable, up) {
                return Optimum::At(value);
            }
            let bland = idle > PATIENCE;
            let row = self.row_of[at];
            // No further than needed, so that few others move.
            let (entering, rises, most) = if row == NONE {
                (variable, up, left)
            } else {
                let line = self.line(row);
                let Some((entering, rate)) = self.entering(&line, up, bland) else {
                    return Optimum::At(value);
                };
                (entering, (rate < 0.0) == up, left / rate.abs())
            };
            if !self.advance(entering, rises, bland, most) {
                return Optimum::Unbounded;
            }
            idle = if self.value[at] == value { idle + 1 } else { 0 };
            if idle > 100 * PATIENCE {
                return Optimum::At(value);
            }
        }
    }

    /// Moves a nonbasic variable as far as every bound allows, and at `most` so far; false when nothing stops it.
    fn advance(&mut self, entering: u32, rises: bool, bland: bool, most: f64) -> bool {
        let range = self.bounds[entering as usize];
        let own = self.value[entering as usize];
        let room = if rises {
            range.high - own
        } else {
            own - range.low
        };
        let mut step = room.min(most);
        let column = self.column(entering);
        let mut leaving: Option<((bool, u32), u32, f64)> = None;
        for &(row, c) in &column {
            if c.abs() <= FLAT {
                continue;
            }
            let basic = self.basis[row as usize];
            let (value, range) = (self.value[basic as usize], self.bounds[basic as usize]);
            let room = if (c < 0.0) == rises {
                range.high - value
            } else {
                value - range.low
            };
            let limit = settle(room.max(0.0) / c.abs());
            // Among ties: variables that never come back first; Bland's order on demand.
            let key = (!bland && range.low < range.high, basic);
            let better =
                limit < step || (limit == step && leaving.is_some_and(|(other, ..)| key < other));
            if better {
                step = limit;
                leaving = Some((key, row, c));
            }
        }
        if step == f64::INFINITY {
            return false;
        }
        self.shift(entering, if rises { step } else { -step }, &column);
        if let Some((_, row, _)) = leaving {
            self.pivot(row, entering, &column);
        }
        true
    }

    fn pivot(&mut self, row: u32, entering: u32, column: &Entries) {
        self.pivots += 1;
        let leaving = std::mem::replace(&mut self.basis[row as usize], entering);
        self.row_of[entering as usize] = row;
        self.row_of[leaving as usize] = NONE;
        self.factor.replace(row, column);
        if self.factor.is_worn() {
            self.factorise();
        }
    }

    /// The row of reduced costs of a basic variable: how it moves per unit of each nonbasic one. None when the
    /// variable is nonbasic.
    pub(crate) fn reduced_costs(&mut self, variable: u32) -> Option<Entries> {
        let row = self.row_of[variable as usize];
        (row != NONE).then(|| {
            let mut line = self.line(row);
            line.iter_mut().for_each(|entry| entry.1 = -entry.1);
            line
        })
    }

    /// An integer point within the bounds, by branching on fractional variables; none when there is none or
    /// `nodes` run out. The first `count` variables must be integers.
    pub(crate) fn integer_point(&mut self, count: u32, nodes: &mut u32) -> Option<Vec<i64>> {
        self.restore().ok()?;
        let Some(fractional) = (0..count).find(|&v| !is_whole(self.value(v))) else {
            return Some((0..count).map(|v| self.value(v).round() as i64).collect());
        };
        let saved = self.bounds[fractional as usize];
        let value = self.value(fractional);
        let below = Range {
            high: value.floor(),
            ..saved
        };
        let above = Range {
            low: value.ceil(),
            ..saved
        };
        for range in [below, above] {
            if *nodes == 0 {
                break;
            }
            *nodes -= 1;
            self.confine(fractional, range);
            let found = self.integer_point(count, nodes);
            self.bounds[fractional as usize] = saved;
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// The bounds in force, to put back with [`Self::put_back`] or [`Self::assign_saved`].
    pub(crate) fn saved(&self, variable: u32) -> (f64, f64) {
        let range = self.bounds[variable as usize];
        (range.low, range.high)
    }

    /// Puts bounds back and leaves the values alone.
    pub(crate) fn assign_saved(&mut self, variable: u32, (low, high): (f64, f64)) {
        self.bounds[variable as usize] = Range { low, high };
    }

    /// Puts bounds back; call [`Self::restore`] before the next use.
    pub(crate) fn put_back(&mut self, variable: u32, (low, high): (f64, f64)) {
        self.confine(variable, Range { low, high });
    }
}
