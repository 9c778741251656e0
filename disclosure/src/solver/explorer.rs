//! One connected component under audit: what floating programs find, proven in integers.

use super::{
    audit::Interval,
    control::Control,
    presolve::Component,
    rational::Rational,
    simplex::{Direction, Optimum, Row, Simplex, ceil, floor, is_whole},
    tableau::{self, Failure, Tableau},
};
use crate::DisclosureError;

/// Nodes of a search for one integer table before it counts as not found.
const NODES: u32 = 400;
/// Common denominators that vertices and dual values are read with.
const DENOMINATORS: [i64; 6] = [1, 2, 3, 4, 6, 12];

/// Larger dual values are no exact fractions, and their sums might leave the range of exact arithmetic.
const LARGEST_DUAL: f64 = (1u64 << 50) as f64;

/// Two integer tables of a component that differ in a target: positions in [`Explorer::pool`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) low: usize,
    pub(crate) high: usize,
}

/// Where a target was least and greatest so far, and in which tables.
#[derive(Clone, Copy, Debug)]
struct Extremes {
    low: i64,
    high: i64,
    pair: Pair,
}

/// One component under audit: its simplex, and the integer tables seen on the way.
pub(crate) struct Explorer<'a> {
    component: &'a Component,
    pub(crate) simplex: Simplex,
    /// The exact method, once it has been needed.
    exact: Option<Tableau>,
    targets: &'a [u32],
    /// Width that witnesses must show; 0 when none are wanted.
    width: u64,
    /// Integer tables, each over the component's variables; kept for witnesses only.
    pub(crate) pool: Vec<Vec<i64>>,
    extremes: Vec<Option<Extremes>>,
    /// Sums by variable and slack while a bound is proven; zero otherwise.
    weights: Vec<i128>,
}

pub(crate) fn too_large(component: &Component) -> DisclosureError {
    DisclosureError::TooLarge {
        variables: component.variables.clone(),
    }
}

/// Whether numbers over a common denominator meet every bound and row of a component.
fn is_table(component: &Component, point: &[i64], denominator: i64) -> bool {
    let scale = i128::from(denominator);
    let within = |value: i128, low: Option<i128>, high: Option<i128>| {
        low.is_none_or(|low| value >= low * scale) && high.is_none_or(|high| value <= high * scale)
    };
    let holds = |row: &Row| {
        let terms = row.terms.iter();
        let sum = terms
            .map(|&(v, c)| i128::from(c) * i128::from(point[v as usize]))
            .sum();
        within(sum, row.low, row.high)
    };
    let bounds = point.iter().zip(&component.bounds);
    bounds
        .into_iter()
        .all(|(&value, b)| within(i128::from(value), b.low, b.high))
        && component.rows.iter().all(holds)
}

impl<'a> Explorer<'a> {
    pub(crate) fn new(
        component: &'a Component,
        targets: &'a [u32],
        width: u64,
    ) -> Result<Self, DisclosureError> {
        let simplex = Simplex::new(&component.bounds, &component.rows);
        let mut explorer = Self {
            component,
            simplex,
            exact: None,
            targets,
            width,
            pool: Vec::new(),
            extremes: vec![None; targets.len()],
            weights: vec![0; component.variables.len() + component.rows.len()],
        };
        if explorer.simplex.restore().is_err() {
            // It takes exact arithmetic to say that what is published contradicts itself.
            explorer.exact()?;
        }
        explorer.observe();
        Ok(explorer)
    }

    /// The exact method, ready to optimise.
    fn exact(&mut self) -> Result<&mut Tableau, DisclosureError> {
        if self.exact.is_none() {
            let component = self.component;
            let overflow = |_| too_large(component);
            let mut tableau = Tableau::new(&component.bounds, &component.rows).map_err(overflow)?;
            tableau.restore().map_err(|failure| match failure {
                Failure::Overflow => too_large(component),
                Failure::Infeasible(local) => DisclosureError::Contradiction {
                    variables: local
                        .into_iter()
                        .filter_map(|v| component.variables.get(v as usize).copied())
                        .collect(),
                },
            })?;
            self.exact = Some(tableau);
        }
        self.exact.as_mut().ok_or_else(|| too_large(self.component))
    }

    /// The present point over a common denominator, if it is one of the system.
    fn point(&self, denominator: i64) -> Option<Vec<i64>> {
        let count = self.component.variables.len() as u32;
        let scaled = |v: u32| self.simplex.value(v) * denominator as f64;
        let mut all = 0..count;
        if all.any(|v| !is_whole(scaled(v)) || scaled(v).abs() > (1i64 << 53) as f64) {
            return None;
        }
        let point: Vec<i64> = (0..count).map(|v| scaled(v).round() as i64).collect();
        is_table(self.component, &point, denominator).then_some(point)
    }

    /// Keeps the present table if it is one of integers and takes a target further than any before.
    fn observe(&mut self) {
        if let Some(point) = self.point(1) {
            self.keep(point);
        }
    }

    fn keep(&mut self, point: Vec<i64>) {
        let mut useful = self.pool.is_empty();
        // An audit needs numbers, not tables: it keeps but one.
        let at = if self.width > 0 { self.pool.len() } else { 0 };
        for (&target, extremes) in self.targets.iter().zip(&mut self.extremes) {
            let value = point[target as usize];
            match extremes {
                None => {
                    *extremes = Some(Extremes {
                        low: value,
                        high: value,
                        pair: Pair { low: at, high: at },
                    });
                    useful = true;
                }
                Some(seen) => {
                    // Witnesses once found are kept, so that few tables serve many cells.
                    if self.width > 0 && seen.high.abs_diff(seen.low) >= self.width {
                        continue;
                    }
                    if value < seen.low {
                        (seen.low, seen.pair.low) = (value, at);
                        useful = true;
                    } else if value > seen.high {
                        (seen.high, seen.pair.high) = (value, at);
                        useful = true;
                    }
                }
            }
        }
        if useful && at == self.pool.len() {
            self.pool.push(point);
        }
    }

    /// Exact intervals of the targets, in their order.
    pub(crate) fn run(
        &mut self,
        control: &Control<'_>,
        step: &dyn Fn(),
    ) -> Result<Vec<Interval>, DisclosureError> {
        let mut intervals = Vec::with_capacity(self.targets.len());
        for at in 0..self.targets.len() {
            control.check()?;
            intervals.push(self.interval(at)?);
            step();
        }
        Ok(intervals)
    }

    /// Exact interval of one target.
    fn interval(&mut self, at: usize) -> Result<Interval, DisclosureError> {
        let low = self.extreme(at, Direction::Down)?;
        let high = self.extreme(at, Direction::Up)?;
        Ok(Interval {
            low: low.unwrap_or(i64::MIN),
            high,
        })
    }

    /// Exact end of one target's interval; none where nothing bounds it.
    fn extreme(&mut self, at: usize, direction: Direction) -> Result<Option<i64>, DisclosureError> {
        let target = self.targets[at];
        let up = direction == Direction::Up;
        let implied = self.component.implied[target as usize];
        let bound = if up { implied.high } else { implied.low };
        // A table already seen at the bound that one relation implies needs no program.
        let seen = self.extremes[at].map(|seen| if up { seen.high } else { seen.low });
        if seen.is_some() && bound == seen.map(i128::from) {
            return Ok(seen);
        }
        if self.exact.is_none()
            && let Optimum::At(value) = self.simplex.optimise(target, direction)
        {
            self.observe();
            let end = if up { floor(value) } else { ceil(value) };
            if self.is_proven(at, direction, end)
                && let Ok(end) = i64::try_from(end)
            {
                return Ok(Some(end));
            }
        }
        let component = self.component;
        let optimum = self.exact()?.optimise(target, direction);
        let tableau::Optimum::At(value) = optimum.map_err(|_| too_large(component))? else {
            return Ok(None);
        };
        let end = if up { value.floor() } else { value.ceil() };
        let end = i64::try_from(end).map_err(|_| too_large(component))?;
        Ok(Some(end))
    }

    /// Whether an end is proven: a table is there, or between it and the next integer, and no table lies beyond.
    fn is_proven(&mut self, at: usize, direction: Direction, end: i128) -> bool {
        let up = direction == Direction::Up;
        let target = self.targets[at];
        let seen = self.extremes[at].map(|seen| if up { seen.high } else { seen.low });
        let mut reached = seen.is_some_and(|seen| i128::from(seen) == end);
        for denominator in DENOMINATORS.into_iter().skip(1) {
            if reached {
                break;
            }
            reached = self.point(denominator).is_some_and(|point| {
                let value =
                    Rational::new(i128::from(point[target as usize]), i128::from(denominator));
                end == if up { value.floor() } else { value.ceil() }
            });
        }
        reached && self.dual_bound(target, direction) == Some(end)
    }

    /// A bound that no table passes, rounded inwards, from the dual values of the present basis. Whatever they are,
    /// `variable = Σ weight · other` follows from the rows, and the others' bounds bound it.
    fn dual_bound(&mut self, target: u32, direction: Direction) -> Option<i128> {
        let Some(line) = self.simplex.inverse_line(target) else {
            let own = self.component.bounds[target as usize];
            return if direction == Direction::Up {
                own.high
            } else {
                own.low
            };
        };
        DENOMINATORS.into_iter().find_map(|denominator| {
            let whole = |value: f64| is_whole(value * denominator as f64);
            let small = |value: f64| (value * denominator as f64).abs() <= LARGEST_DUAL;
            if !line.iter().all(|e| whole(e.1) && small(e.1)) {
                return None;
            }
            let duals = line.iter().map(|&(row, value)| {
                let dual = (value * denominator as f64).round() as i64;
                (row, dual)
            });
            let bound = self.bound_by(target, direction, denominator, duals);
            bound.map(|sum| {
                let value = Rational::new(sum, i128::from(denominator));
                if direction == Direction::Up {
                    value.floor()
                } else {
                    value.ceil()
                }
            })
        })
    }

    /// The bound, times the denominator, that given dual values prove.
    fn bound_by(
        &mut self,
        target: u32,
        direction: Direction,
        denominator: i64,
        duals: impl Iterator<Item = (u32, i64)>,
    ) -> Option<i128> {
        let count = self.component.variables.len();
        self.weights[target as usize] = i128::from(denominator);
        let mut touched = vec![target as usize];
        for (row, dual) in duals {
            for &(variable, coefficient) in &self.component.rows[row as usize].terms {
                self.weights[variable as usize] -= i128::from(dual) * i128::from(coefficient);
                touched.push(variable as usize);
            }
            self.weights[count + row as usize] += i128::from(dual);
            touched.push(count + row as usize);
        }
        let mut sum = Some(0i128);
        for at in touched {
            let weight = std::mem::take(&mut self.weights[at]);
            if weight == 0 {
                continue;
            }
            let (low, high) = match at.checked_sub(count) {
                None => (
                    self.component.bounds[at].low,
                    self.component.bounds[at].high,
                ),
                Some(row) => (self.component.rows[row].low, self.component.rows[row].high),
            };
            let end = if (weight > 0) == (direction == Direction::Up) {
                high
            } else {
                low
            };
            let term = end.and_then(|end| weight.checked_mul(end));
            sum = sum.zip(term).and_then(|(sum, term)| sum.checked_add(term));
        }
        sum
    }

    /// Two integer tables that differ in a target by the width, found by branching where the programs' own
    /// tables are not integers or do not differ enough; none when there are none within reach.
    pub(crate) fn witness(&mut self, at: usize) -> Option<Pair> {
        let target = self.targets[at];
        for direction in [Direction::Down, Direction::Up] {
            if let Some(pair) = self.found(at) {
                return Some(pair);
            }
            // As far as possible first; then towards the middle.
            let optimum = self.simplex.optimise(target, direction);
            self.observe();
            let mut goal = match (optimum, direction) {
                (Optimum::At(v), Direction::Down) => ceil(v),
                (Optimum::At(v), Direction::Up) => floor(v),
                (Optimum::Unbounded, _) => {
                    let from = ceil(self.simplex.value(target));
                    from + i128::from(self.width.min(1 << 40)) + 1
                }
            };
            for _ in 0..4 {
                if self.found(at).is_some() {
                    break;
                }
                let saved = self.simplex.saved(target);
                let mut wanted = self.component.bounds[target as usize];
                match direction {
                    Direction::Down => wanted.high = Some(goal),
                    Direction::Up => wanted.low = Some(goal),
                }
                let mut nodes = NODES;
                self.simplex.set_bounds(target, wanted);
                let count = self.component.variables.len() as u32;
                let point = self.simplex.integer_point(count, &mut nodes);
                self.simplex.put_back(target, saved);
                let _ = self.simplex.restore();
                if let Some(point) = point.filter(|p| is_table(self.component, p, 1)) {
                    self.keep(point);
                    break;
                }
                goal += if direction == Direction::Down { 1 } else { -1 };
            }
        }
        self.found(at)
    }

    /// The witnesses of a target, if they have been seen.
    fn found(&self, at: usize) -> Option<Pair> {
        let seen = self.extremes[at].as_ref()?;
        (seen.high.abs_diff(seen.low) >= self.width).then_some(seen.pair)
    }
}
