//! The master of the search: which items to suppress, as far as the cuts found so far say.

use std::collections::BTreeSet;

use super::repair::item_cost;
use super::{
    cuts::Cut,
    problem::{Problem, Role},
};
use microlp::{ComparisonOp, OptimizationDirection, Problem as Program, SolveOptions, Variable};

pub(crate) struct Master<'a> {
    pub(super) problem: &'a Problem,
    pub(crate) items: Vec<u32>,
    position: Vec<u32>,
    /// What every safe pattern meets.
    pub(crate) cuts: Vec<Cut>,
    /// What every least pattern meets besides.
    pub(super) least: Vec<Cut>,
}

/// A point of the master: by item of the problem, the suppressed share.
pub(crate) type Point = Vec<f64>;

impl<'a> Master<'a> {
    pub(crate) fn new(problem: &'a Problem) -> Self {
        let cells = problem.system.len();
        let items: Vec<u32> = (0..(cells + problem.facts.len()) as u32)
            .filter(|&item| match problem.roles.get(item as usize) {
                Some(role) => matches!(role, Role::Cell { .. }),
                None => problem.facts[item as usize - cells].is_some(),
            })
            .collect();
        let mut position = vec![u32::MAX; cells + problem.facts.len()];
        for (at, &item) in items.iter().enumerate() {
            position[item as usize] = at as u32;
        }
        Self {
            problem,
            items,
            position,
            cuts: Vec::new(),
            least: Vec::new(),
        }
    }

    /// Whether an item is one to be chosen.
    pub(crate) fn holds(&self, item: u32) -> bool {
        self.position[item as usize] != u32::MAX
    }

    /// Every item's share before anything is chosen: primary cells are suppressed.
    pub(crate) fn base(&self) -> Point {
        let mut point = vec![0.0; self.position.len()];
        for (v, role) in self.problem.roles.iter().enumerate() {
            if matches!(role, Role::Primary { .. }) {
                point[v] = 1.0;
            }
        }
        point
    }

    fn program<'c>(
        &self,
        cost: &dyn Fn(u32) -> f64,
        whole: bool,
        cuts: impl Iterator<Item = &'c Cut>,
    ) -> (Program, Vec<Variable>) {
        let mut program = Program::new(OptimizationDirection::Minimize);
        let variables: Vec<Variable> = self
            .items
            .iter()
            .map(|&item| {
                if whole {
                    program.add_binary_var(cost(item))
                } else {
                    program.add_var(cost(item), (0.0, 1.0))
                }
            })
            .collect();
        for cut in cuts {
            let (terms, least) = self.row(cut);
            let terms = terms.into_iter().map(|(at, c)| (variables[at as usize], c));
            let terms: Vec<(Variable, f64)> = terms.collect();
            program.add_constraint(terms.as_slice(), ComparisonOp::Ge, least);
        }
        (program, variables)
    }

    /// A cut over the positions of items; primary cells count as suppressed.
    pub(super) fn row(&self, cut: &Cut) -> (Vec<(u32, f64)>, f64) {
        let mut least = cut.least;
        let mut terms = Vec::with_capacity(cut.terms.len());
        for &(item, c) in &cut.terms {
            match self.position[item as usize] {
                u32::MAX => {
                    let primary = self
                        .problem
                        .roles
                        .get(item as usize)
                        .is_some_and(|r| matches!(r, Role::Primary { .. }));
                    if primary {
                        least -= c;
                    }
                }
                at => terms.push((at, c)),
            }
        }
        // Coefficients above what is left to gain only weaken the relaxation.
        if least > 0.0 {
            for term in &mut terms {
                term.1 = term.1.min(least);
            }
        }
        (terms, least)
    }

    /// The least choice of `most` among `free` items, ascending, while all others stay as a point has them and the cuts
    /// `rows` hold: fewest, then cheapest. None where there is none, or none is found.
    pub(crate) fn among(
        &self,
        rows: &[u32],
        free: &[u32],
        point: &Point,
        most: usize,
        nodes: u64,
    ) -> Option<Vec<u32>> {
        let mut program = Program::new(OptimizationDirection::Minimize);
        let costs = free.iter().map(|&item| item_cost(self.problem, item));
        let all = 1 + costs.sum::<u64>();
        let variables: Vec<Variable> = free
            .iter()
            .map(|&item| {
                let cost = item_cost(self.problem, item) as f64 / all as f64;
                program.add_binary_var(1.0 + cost)
            })
            .collect();
        let each: Vec<(Variable, f64)> = variables.iter().map(|&v| (v, 1.0)).collect();
        program.add_constraint(each.as_slice(), ComparisonOp::Le, most as f64);
        // What is left of many cuts is one and the same row.
        let mut left: BTreeSet<Vec<(usize, u64)>> = BTreeSet::new();
        for &at in rows {
            let cut = &self.cuts[at as usize];
            let (mut least, mut sure) = (cut.least, 0.0);
            let mut terms = Vec::new();
            for &(item, c) in &cut.terms {
                match free.binary_search(&item) {
                    Ok(at) => {
                        terms.push((at, c));
                        sure += c.min(0.0);
                    }
                    Err(_) => least -= c * point[item as usize],
                }
            }
            if sure < least - 1e-9 {
                if least > 0.0 && sure == 0.0 {
                    let part = |t: &mut (usize, f64)| t.1 = (t.1 / least).min(1.0);
                    terms.iter_mut().for_each(part);
                    least = 1.0;
                }
                let name = terms.iter().map(|&(at, c)| (at, c.to_bits()));
                if left.insert(name.chain([(free.len(), least.to_bits())]).collect()) {
                    let terms = terms.into_iter().map(|(at, c)| (variables[at], c));
                    let terms: Vec<(Variable, f64)> = terms.collect();
                    program.add_constraint(terms.as_slice(), ComparisonOp::Ge, least);
                }
            }
        }
        let mut options = SolveOptions::default();
        options.node_limit = Some(nodes);
        let solution = program.solve_with(options).ok()?.into_solution().ok()?;
        let chosen = free.iter().zip(&variables);
        let chosen = chosen.filter(|(_, variable)| solution.var_value(**variable) > 0.5);
        Some(chosen.map(|(&item, _)| item).collect())
    }

    /// An integer point that meets the cuts, with the bound proven for it.
    pub(crate) fn solve(
        &self,
        cost: &dyn Fn(u32) -> f64,
        at_most: Option<u64>,
        start: &Point,
        nodes: u64,
    ) -> Option<(Point, f64)> {
        let (mut program, variables) =
            self.program(cost, true, self.cuts.iter().chain(&self.least));
        if let Some(count) = at_most {
            let all: Vec<(Variable, f64)> = variables.iter().map(|&v| (v, 1.0)).collect();
            program.add_constraint(all.as_slice(), ComparisonOp::Le, count as f64);
        }
        let mut options = SolveOptions::default();
        options.node_limit = Some(nodes);
        let meets = self
            .cuts
            .iter()
            .chain(&self.least)
            .all(|c| c.slack(|i| start[i as usize]) > -1e-9);
        if meets {
            let hint = self.items.iter().zip(&variables);
            options.warm_start = Some(hint.map(|(&i, &v)| (v, start[i as usize])).collect());
        }
        let solution = program.solve_with(options).ok()?.into_solution().ok()?;
        let bound = solution.stats().best_bound.unwrap_or(0.0);
        let mut point = self.base();
        for (&item, &variable) in self.items.iter().zip(&variables) {
            point[item as usize] = solution.var_value(variable).round();
        }
        Some((point, bound))
    }
}
