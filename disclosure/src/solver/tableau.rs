//! A bounded simplex method in exact arithmetic on a full, sparse tableau: it decides where rounding errors leave
//! a doubt about what the faster one ([`super::simplex`]) has found.
//!
//! Rows are integers: in tables the coefficients are nearly always −1, 0 and 1 and stay so. Feasibility is
//! restored as in Dutertre and de Moura (2006); Bland's rule (1977) ends long runs of degenerate steps.

use std::cmp::Ordering;

use super::{
    rational::{Overflow, Rational, gcd},
    simplex::{Bounds, Direction, Row},
};

const NONE: u32 = u32::MAX;
/// Degenerate steps after which Bland's rule takes over until the objective moves.
const PATIENCE: u32 = 60;

/// What an optimisation found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Optimum {
    At(Rational),
    Unbounded,
}

/// Why a system has no solution: the variables of one row whose bounds contradict it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    Infeasible(Vec<u32>),
    Overflow,
}

impl From<Overflow> for Failure {
    fn from(_: Overflow) -> Self {
        Self::Overflow
    }
}

/// A tableau. Variables come first, then one slack for each row.
#[derive(Clone, Debug)]
pub(crate) struct Tableau {
    /// Σ = 0 in every row; sorted by variable.
    rows: Vec<Vec<(u32, i64)>>,
    basis: Vec<u32>,
    row_of: Vec<u32>,
    /// Rows where a nonbasic variable occurs; may list rows where it has cancelled out.
    columns: Vec<Vec<u32>>,
    bounds: Vec<Bounds>,
    value: Vec<Rational>,
    /// Fixed for good: left out of the rows once nonbasic, because it never moves.
    dropped: Vec<bool>,
}

impl Tableau {
    /// A tableau over `bounds`, not yet feasible.
    pub(crate) fn new(bounds: &[Bounds], rows: &[Row]) -> Result<Self, Overflow> {
        let total = bounds.len() + rows.len();
        let mut all = bounds.to_vec();
        all.extend(rows.iter().map(|r| Bounds {
            low: r.low,
            high: r.high,
        }));
        let mut value: Vec<Rational> = bounds
            .iter()
            .map(|b| Rational::integer(b.low.or(b.high).unwrap_or(0)))
            .collect();
        let dropped: Vec<bool> = all.iter().map(|b| b.fixed()).collect();
        let mut tableau = Self {
            rows: Vec::with_capacity(rows.len()),
            basis: Vec::with_capacity(rows.len()),
            row_of: vec![NONE; total],
            columns: vec![Vec::new(); total],
            bounds: all,
            value: Vec::new(),
            dropped,
        };
        for (at, row) in rows.iter().enumerate() {
            let slack = (bounds.len() + at) as u32;
            let mut sum = Rational::ZERO;
            let mut terms = Vec::with_capacity(row.terms.len() + 1);
            for &(variable, coefficient) in &row.terms {
                sum = sum.add(value[variable as usize].scale(coefficient, 1)?)?;
                if !tableau.dropped[variable as usize] {
                    terms.push((variable, coefficient));
                    tableau.columns[variable as usize].push(at as u32);
                }
            }
            terms.sort_unstable();
            terms.push((slack, -1));
            tableau.rows.push(terms);
            tableau.basis.push(slack);
            tableau.row_of[slack as usize] = at as u32;
            value.push(sum);
        }
        tableau.value = value;
        Ok(tableau)
    }

    /// The bound that a variable violates.
    fn violated(&self, variable: u32) -> Result<Option<i128>, Overflow> {
        let (value, bounds) = (
            self.value[variable as usize],
            self.bounds[variable as usize],
        );
        if let Some(low) = bounds.low
            && value.compare(Rational::integer(low))? == Ordering::Less
        {
            return Ok(Some(low));
        }
        if let Some(high) = bounds.high
            && value.compare(Rational::integer(high))? == Ordering::Greater
        {
            return Ok(Some(high));
        }
        Ok(None)
    }

    fn coefficient(&self, row: u32, variable: u32) -> Option<i64> {
        let row = &self.rows[row as usize];
        let at = row.binary_search_by_key(&variable, |t| t.0).ok()?;
        Some(row[at].1)
    }

    /// The rows that hold a nonbasic variable, with its coefficients.
    fn column(&mut self, variable: u32) -> Vec<(u32, i64)> {
        let mut list = std::mem::take(&mut self.columns[variable as usize]);
        list.sort_unstable();
        list.dedup();
        let mut column = Vec::with_capacity(list.len());
        list.retain(|&row| match self.coefficient(row, variable) {
            Some(c) => {
                column.push((row, c));
                true
            }
            None => false,
        });
        self.columns[variable as usize] = list;
        column
    }

    /// Coefficient of a row's own basic variable.
    fn own(&self, row: u32) -> i64 {
        self.coefficient(row, self.basis[row as usize]).unwrap_or(1)
    }

    /// Moves a nonbasic variable, and the basic ones with it.
    fn shift(&mut self, variable: u32, change: Rational) -> Result<(), Overflow> {
        if change.signum() == 0 {
            return Ok(());
        }
        for (row, c) in self.column(variable) {
            let basic = self.basis[row as usize] as usize;
            self.value[basic] =
                self.value[basic].sub(change.scale(c, 1)?.scale(1, self.own(row))?)?;
        }
        let at = variable as usize;
        self.value[at] = self.value[at].add(change)?;
        Ok(())
    }

    /// Brings every variable within its bounds.
    pub(crate) fn restore(&mut self) -> Result<(), Failure> {
        let mut steps = 0u32;
        loop {
            // The widest violation first; Bland's order once that has run long.
            let bland = steps > 4 * PATIENCE + self.rows.len() as u32;
            let mut worst: Option<(Rational, u32, i128)> = None;
            for &basic in &self.basis {
                let Some(target) = self.violated(basic)? else {
                    continue;
                };
                let gap = self.value[basic as usize].sub(Rational::integer(target))?;
                let size = if gap.signum() < 0 {
                    Rational::ZERO.sub(gap)?
                } else {
                    gap
                };
                let better = match &worst {
                    None => true,
                    Some((_, other, _)) if bland => basic < *other,
                    Some((most, other, _)) => match size.compare(*most)? {
                        Ordering::Greater => true,
                        Ordering::Equal => basic < *other,
                        Ordering::Less => false,
                    },
                };
                if better {
                    worst = Some((size, basic, target));
                }
            }
            let Some((_, basic, target)) = worst else {
                return Ok(());
            };
            let row = self.row_of[basic as usize];
            let up =
                self.value[basic as usize].compare(Rational::integer(target))? == Ordering::Less;
            let Some(entering) = self.entering(row, up, bland)? else {
                let row = &self.rows[row as usize];
                return Err(Failure::Infeasible(row.iter().map(|t| t.0).collect()));
            };
            let (own, c) = (self.own(row), self.coefficient(row, entering).unwrap_or(1));
            let change = Rational::integer(target)
                .sub(self.value[basic as usize])?
                .scale(-own, c)?;
            self.shift(entering, change)?;
            self.pivot(row, entering)?;
            steps += 1;
        }
    }

    /// A nonbasic variable whose movement moves the row's basic variable up (or down).
    fn entering(&self, row: u32, up: bool, bland: bool) -> Result<Option<u32>, Overflow> {
        let basic = self.basis[row as usize];
        let own = self.own(row);
        let mut best: Option<(u64, usize, u32)> = None;
        for &(variable, c) in &self.rows[row as usize] {
            if variable == basic || self.dropped[variable as usize] {
                continue;
            }
            // The basic variable moves by −c/own for each unit.
            let rises = (c > 0) != (own > 0);
            if !self.can_move(variable, rises == up)? {
                continue;
            }
            if bland {
                return Ok(Some(variable));
            }
            let length = self.columns[variable as usize].len();
            let better = match best {
                None => true,
                Some((size, other, _)) => {
                    c.unsigned_abs() > size || (c.unsigned_abs() == size && length < other)
                }
            };
            if better {
                best = Some((c.unsigned_abs(), length, variable));
            }
        }
        Ok(best.map(|b| b.2))
    }

    fn can_move(&self, variable: u32, up: bool) -> Result<bool, Overflow> {
        let (value, bounds) = (
            self.value[variable as usize],
            self.bounds[variable as usize],
        );
        Ok(match (up, bounds.low, bounds.high) {
            (true, _, Some(high)) => value.compare(Rational::integer(high))? == Ordering::Less,
            (false, Some(low), _) => value.compare(Rational::integer(low))? == Ordering::Greater,
            _ => true,
        })
    }

    /// The greatest or least value of a variable. The system must be feasible.
    pub(crate) fn optimise(
        &mut self,
        variable: u32,
        direction: Direction,
    ) -> Result<Optimum, Overflow> {
        let up = direction == Direction::Up;
        let mut idle = 0u32;
        loop {
            let at = variable as usize;
            if !self.can_move(variable, up)? {
                return Ok(Optimum::At(self.value[at]));
            }
            let bland = idle > PATIENCE;
            let row = self.row_of[at];
            let (entering, rises) = if row == NONE {
                (variable, up)
            } else {
                let Some(entering) = self.entering(row, up, bland)? else {
                    return Ok(Optimum::At(self.value[at]));
                };
                let c = self.coefficient(row, entering).unwrap_or(1);
                (entering, ((c > 0) != (self.own(row) > 0)) == up)
            };
            let before = self.value[at];
            if !self.advance(entering, rises, bland)? {
                return Ok(Optimum::Unbounded);
            }
            idle = if self.value[at] == before {
                idle + 1
            } else {
                0
            };
        }
    }

    /// Moves a nonbasic variable as far as every bound allows; false when nothing stops it.
    fn advance(&mut self, entering: u32, rises: bool, bland: bool) -> Result<bool, Overflow> {
        let bounds = self.bounds[entering as usize];
        let own_value = self.value[entering as usize];
        let mut step = match (rises, bounds.low, bounds.high) {
            (true, _, Some(high)) => Some(Rational::integer(high).sub(own_value)?),
            (false, Some(low), _) => Some(own_value.sub(Rational::integer(low))?),
            _ => None,
        };
        let column = self.column(entering);
        let mut leaving: Option<(bool, usize, u32, u32)> = None;
        for &(row, c) in &column {
            let own = self.own(row);
            let basic = self.basis[row as usize];
            let basic_rises = ((c > 0) != (own > 0)) == rises;
            let limit = match (basic_rises, self.bounds[basic as usize]) {
                (
                    true,
                    Bounds {
                        high: Some(high), ..
                    },
                ) => Rational::integer(high).sub(self.value[basic as usize])?,
                (false, Bounds { low: Some(low), .. }) => {
                    self.value[basic as usize].sub(Rational::integer(low))?
                }
                _ => continue,
            };
            let limit = limit.scale(own.abs(), c.abs())?;
            // Among ties: variables that never come back first, then short rows; Bland's order on demand.
            let key = if bland {
                (false, 0, basic, row)
            } else {
                (
                    !self.bounds[basic as usize].fixed(),
                    self.rows[row as usize].len(),
                    basic,
                    row,
                )
            };
            let better = match step {
                None => true,
                Some(step) => match limit.compare(step)? {
                    Ordering::Less => true,
                    Ordering::Equal => leaving.is_some_and(|l| key < l),
                    Ordering::Greater => false,
                },
            };
            if better {
                step = Some(limit);
                leaving = Some(key);
            }
        }
        let Some(step) = step else {
            return Ok(false);
        };
        let change = if rises {
            step
        } else {
            Rational::ZERO.sub(step)?
        };
        if change.signum() != 0 {
            for &(row, c) in &column {
                let basic = self.basis[row as usize] as usize;
                self.value[basic] =
                    self.value[basic].sub(change.scale(c, 1)?.scale(1, self.own(row))?)?;
            }
            self.value[entering as usize] = own_value.add(change)?;
        }
        if let Some((_, _, _, row)) = leaving {
            self.pivot_with(row, entering, &column)?;
        }
        Ok(true)
    }

    fn pivot(&mut self, row: u32, entering: u32) -> Result<(), Overflow> {
        let column = self.column(entering);
        self.pivot_with(row, entering, &column)
    }

    fn pivot_with(
        &mut self,
        row: u32,
        entering: u32,
        column: &[(u32, i64)],
    ) -> Result<(), Overflow> {
        let leaving = std::mem::replace(&mut self.basis[row as usize], entering);
        self.row_of[entering as usize] = row;
        self.row_of[leaving as usize] = NONE;
        let mut pivot = std::mem::take(&mut self.rows[row as usize]);
        if self.dropped[leaving as usize] {
            pivot.retain(|t| t.0 != leaving);
        }
        self.columns[leaving as usize] = vec![row];
        self.columns[entering as usize] = vec![row];
        let p = pivot
            .binary_search_by_key(&entering, |t| t.0)
            .map_or(1, |at| pivot[at].1);
        for &(other, c) in column {
            if other != row {
                self.eliminate(other, c, &pivot, p)?;
            }
        }
        self.rows[row as usize] = pivot;
        Ok(())
    }

    /// Row `target` (coefficient `c`) minus the multiple of `pivot` (coefficient `p`) that removes the variable.
    fn eliminate(
        &mut self,
        target: u32,
        c: i64,
        pivot: &[(u32, i64)],
        p: i64,
    ) -> Result<(), Overflow> {
        let divisor = gcd(i128::from(p), i128::from(c));
        let mut keep = i128::from(p) / divisor;
        let mut add = -i128::from(c) / divisor;
        if keep < 0 {
            (keep, add) = (-keep, -add);
        }
        let old = std::mem::take(&mut self.rows[target as usize]);
        let mut new: Vec<(u32, i64)> = Vec::with_capacity(old.len() + pivot.len());
        let product = |factor: i128, c: i64| -> Result<i128, Overflow> {
            factor.checked_mul(i128::from(c)).ok_or(Overflow)
        };
        let narrow = |c: i128| i64::try_from(c).map_err(|_| Overflow);
        let mut left = old.iter().peekable();
        for &(variable, extra) in pivot {
            while let Some(&&(v, c)) = left.peek() {
                if v >= variable {
                    break;
                }
                new.push((v, narrow(product(keep, c)?)?));
                left.next();
            }
            let extra = product(add, extra)?;
            let sum = match left.peek() {
                Some(&&(v, c)) if v == variable => {
                    left.next();
                    product(keep, c)?.checked_add(extra).ok_or(Overflow)?
                }
                _ => {
                    self.columns[variable as usize].push(target);
                    extra
                }
            };
            if sum != 0 {
                new.push((variable, narrow(sum)?));
            }
        }
        for &(v, c) in left {
            new.push((v, narrow(product(keep, c)?)?));
        }
        let mut common = 0i128;
        for &(_, c) in &new {
            common = gcd(common, i128::from(c));
            if common == 1 {
                break;
            }
        }
        if common > 1 {
            for term in &mut new {
                term.1 = (i128::from(term.1) / common) as i64;
            }
        }
        self.rows[target as usize] = new;
        Ok(())
    }
}
