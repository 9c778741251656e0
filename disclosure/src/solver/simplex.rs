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

mod basis;
mod steps;

use super::factor::Factor;

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
