//! Cuts that every least pattern meets, though not every safe one: no cell is suppressed to no purpose.
//!
//! They are the bridge-less inequalities of Fischetti and Salazar (2001) for any system: a cell that the published
//! sums tell hides nothing, so that it may as well be published. Without them fractions of cells serve a relaxation
//! which could never serve whole.

use super::{Cut, Oracle};
use crate::solver::{
    problem::Role,
    simplex::{Bounds, Direction, Optimum, ceil},
};

impl Oracle<'_> {
    /// Lets every cell move either way by its suppressed share, whatever it counts, for [`Self::unmoved`].
    pub(crate) fn set_alike(&mut self, share: impl Fn(u32) -> f64) {
        for (at, &variable) in self.variables.iter().enumerate() {
            let value = i128::from(self.problem.values[variable as usize]) * self.scale;
            let way = match self.problem.roles[variable as usize] {
                Role::Hidden => None,
                Role::Given => Some(0),
                Role::Cell { .. } | Role::Primary { .. } => {
                    Some((share(variable) * self.scale as f64).ceil() as i128)
                }
            };
            let bounds = Bounds {
                low: way.map(|way| value - way),
                high: way.map(|way| value + way),
            };
            self.simplex.assign_bounds(at as u32, bounds);
        }
        for (row, &limits) in self.row_limits.iter().enumerate() {
            let slack = (self.variables.len() + row) as u32;
            let is_sum = limits.fixed() && self.row_facts[row].is_none();
            let free = Bounds {
                low: None,
                high: None,
            };
            let bounds = if is_sum { limits } else { free };
            self.simplex.assign_bounds(slack, bounds);
        }
    }

    /// A cut that every least pattern meets, and the present shares do not: a cell whose sums hold no other suppressed
    /// cell is known from them, so that suppressing it hides nothing. After [`Self::set_alike`].
    pub(crate) fn unmoved(&mut self, cell: u32, share: impl Fn(u32) -> f64) -> Option<Cut> {
        let target = self.local(cell)?;
        let value = i128::from(self.problem.values[cell as usize]) * self.scale;
        let goal = value + (share(cell) * self.scale as f64).floor() as i128;
        let own = self.simplex.saved(target);
        let open = Bounds {
            low: None,
            high: None,
        };
        self.simplex.assign_bounds(target, open);
        self.simplex.place(&self.truth);
        let optimum = self
            .simplex
            .optimise_until(target, Direction::Up, Some(goal as f64));
        let falls_short = matches!(optimum, Optimum::At(end) if ceil(end) < goal);
        let costs = falls_short.then(|| self.simplex.reduced_costs(target));
        self.simplex.assign_saved(target, own);
        let mut terms = vec![(cell, -1.0)];
        for (j, _) in costs.flatten()? {
            let Some(&v) = self.variables.get(j as usize) else {
                continue;
            };
            match self.problem.roles[v as usize] {
                Role::Cell { .. } => terms.push((v, 1.0)),
                // What a primary cell moves with is never known from the sums.
                Role::Primary { .. } => return None,
                Role::Given | Role::Hidden => {}
            }
        }
        terms.sort_unstable_by_key(|t| t.0);
        Some(Cut { terms, least: 0.0 })
    }
}
