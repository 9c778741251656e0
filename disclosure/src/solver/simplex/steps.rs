//! The steps: towards the bounds, towards an end, towards integers.

use super::{
    Direction, FLAT, Infeasible, NEAR, NONE, Optimum, PATIENCE, Range, Simplex, TOLERANCE,
    is_whole, settle,
};
use crate::solver::factor::Entries;

impl Simplex {
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
}
