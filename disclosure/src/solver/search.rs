//! The least suppression: an integer program whose constraints are capacity cuts, added while any is broken
//! (Fischetti and Salazar, 2001). Fewest cells first, then least cost.

use super::{
    control::{Control, Stage},
    cuts::{Cut, Oracle, SCALE, share},
    problem::{Pattern, Problem, Requirement, Role},
    repair::{item_cost, set},
};
use crate::DisclosureError;
use microlp::{ComparisonOp, OptimizationDirection, Problem as Program, SolveOptions, Variable};

/// What is proven about the least suppression of the items searched over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Proof {
    /// No pattern suppresses fewer cells.
    pub(crate) count: u64,
    /// No pattern of that many cells costs less; none when the number itself is not proven least.
    pub(crate) cost: Option<u64>,
}

/// Limits of the search, in work, never in time: the same input gives the same result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Effort {
    /// Rounds of cuts on the linear relaxation.
    pub(crate) rounds: usize,
    /// Integer programs solved.
    pub(crate) programs: usize,
    /// Nodes of each.
    pub(crate) nodes: u64,
}

struct Master<'a> {
    problem: &'a Problem,
    items: Vec<u32>,
    position: Vec<u32>,
    cuts: Vec<Cut>,
}

/// A point of the master: by item of the problem, the suppressed share.
type Point = Vec<f64>;

impl<'a> Master<'a> {
    fn new(problem: &'a Problem) -> Self {
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
        }
    }

    /// Every item's share before anything is chosen: primary cells are suppressed.
    fn base(&self) -> Point {
        let mut point = vec![0.0; self.position.len()];
        for (v, role) in self.problem.roles.iter().enumerate() {
            if matches!(role, Role::Primary { .. }) {
                point[v] = 1.0;
            }
        }
        point
    }

    fn program(&self, cost: &dyn Fn(u32) -> f64, whole: bool) -> (Program, Vec<Variable>) {
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
        for cut in &self.cuts {
            let (terms, least) = self.row(cut, &variables);
            program.add_constraint(terms.as_slice(), ComparisonOp::Ge, least);
        }
        (program, variables)
    }

    /// A cut over the program's variables; primary cells count as suppressed.
    fn row(&self, cut: &Cut, variables: &[Variable]) -> (Vec<(Variable, f64)>, f64) {
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
                at => terms.push((variables[at as usize], c)),
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

    /// Adds cuts on the linear relaxation until it hardly moves; returns its value.
    fn relax(
        &mut self,
        requirements: &[Requirement],
        oracle: &mut Oracle<'_>,
        rounds: usize,
        control: &Control<'_>,
    ) -> Result<f64, DisclosureError> {
        let mut last = f64::NEG_INFINITY;
        let mut idle = 0;
        let mut value = 0.0;
        for round in 0..rounds {
            control.check()?;
            control.report(Stage::Search, round, rounds);
            let (program, variables) = self.program(&|_| 1.0, false);
            let Some(solution) = program.solve().ok().and_then(|o| o.into_solution().ok()) else {
                break;
            };
            value = solution.objective();
            idle = if value < last + 0.01 { idle + 1 } else { 0 };
            last = value;
            let mut point = self.base();
            for (&item, &variable) in self.items.iter().zip(&variables) {
                let x = solution.var_value(variable);
                point[item as usize] = if x < 1e-6 {
                    0.0
                } else if x > 1.0 - 1e-6 {
                    1.0
                } else {
                    x
                };
            }
            if idle > 4 {
                break;
            }
            let added = self.separate(requirements, oracle, &point)?;
            if added == 0 {
                break;
            }
        }
        Ok(value)
    }

    fn separate(
        &mut self,
        requirements: &[Requirement],
        oracle: &mut Oracle<'_>,
        point: &Point,
    ) -> Result<usize, DisclosureError> {
        let have = |item: u32| point[item as usize];
        oracle.set(have);
        let mut added = 0;
        for requirement in requirements {
            for cut in oracle.check(requirement, have)?.cuts {
                if cut.slack(have) < -1e-3 && !self.cuts.contains(&cut) {
                    self.cuts.push(cut);
                    added += 1;
                }
            }
        }
        Ok(added)
    }

    /// An integer point that meets the cuts, with the bound proven for it.
    fn solve(
        &self,
        cost: &dyn Fn(u32) -> f64,
        at_most: Option<u64>,
        start: &Point,
        nodes: u64,
    ) -> Option<(Point, f64)> {
        let (mut program, variables) = self.program(cost, true);
        if let Some(count) = at_most {
            let all: Vec<(Variable, f64)> = variables.iter().map(|&v| (v, 1.0)).collect();
            program.add_constraint(all.as_slice(), ComparisonOp::Le, count as f64);
        }
        let mut options = SolveOptions::default();
        options.node_limit = Some(nodes);
        let meets = self
            .cuts
            .iter()
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

/// Improves a safe pattern as far as the effort allows, and says what is proven. `pool` are cuts known so far.
pub(crate) fn search(
    problem: &Problem,
    pattern: &mut Pattern,
    uniform: u64,
    pool: Vec<Cut>,
    effort: Effort,
    control: &Control<'_>,
) -> Result<Proof, DisclosureError> {
    let relations: Vec<u32> = (0..problem.system.relations().len() as u32).collect();
    let mut master = Master::new(problem);
    master.cuts = pool;
    let mut fractional = Oracle::new(problem, &relations, SCALE)?;
    let relaxed = master.relax(
        &problem.requirements,
        &mut fractional,
        effort.rounds,
        control,
    )?;
    drop(fractional);
    let primaries = problem
        .roles
        .iter()
        .filter(|r| matches!(r, Role::Primary { .. }))
        .count() as u64;
    let primary_cost: u64 = problem
        .roles
        .iter()
        .filter_map(|r| match r {
            Role::Primary { cost } => Some(*cost),
            _ => None,
        })
        .sum();
    let mut whole = Oracle::new(problem, &relations, 1)?;
    let up = |bound: f64| (bound - 1e-6).ceil().max(0.0) as u64;
    let mut proof = Proof {
        count: primaries + up(relaxed),
        cost: None,
    };
    let mut best: Point = {
        let have = share(pattern);
        (0..master.position.len() as u32).map(have).collect()
    };
    // First the number of cells, then their cost at that number.
    let mut count: Option<u64> = None;
    for program in 0..effort.programs {
        control.check()?;
        control.report(Stage::Search, program, effort.programs);
        let one = |_: u32| 1.0;
        let value = |item: u32| item_cost(problem, item) as f64;
        let cost: &dyn Fn(u32) -> f64 = if count.is_none() { &one } else { &value };
        let Some((point, bound)) = master.solve(cost, count, &best, effort.nodes) else {
            break;
        };
        match count {
            None => proof.count = proof.count.max(primaries + up(bound)),
            Some(_) => proof.cost = Some(primary_cost + up(bound)).max(proof.cost),
        }
        let mut trial = problem.primary();
        for &item in &master.items {
            if point[item as usize] > 0.5 {
                set(problem, &mut trial, item, true);
            }
        }
        let before = master.cuts.len();
        let requirements = super::repair::requirements(problem, &trial, uniform);
        let have = |item: u32| point[item as usize];
        whole.set(have);
        for requirement in &requirements {
            let declared = problem.requirements.contains(requirement);
            for mut cut in whole.check(requirement, have)?.cuts {
                if !declared {
                    // Binds only where the cell itself is suppressed.
                    cut.terms.push((requirement.variable, -cut.least));
                    cut.least = 0.0;
                    if cut.terms[..cut.terms.len() - 1]
                        .iter()
                        .any(|t| t.0 == requirement.variable)
                    {
                        continue;
                    }
                }
                master.cuts.push(cut);
            }
        }
        if master.cuts.len() > before {
            continue;
        }
        let safe_count = problem.total(&trial);
        if safe_count <= problem.total(pattern) || count.is_some() {
            *pattern = trial;
            best = point;
        }
        if count.is_none() {
            count = Some(safe_count.0 - primaries);
        } else {
            break;
        }
    }
    Ok(proof)
}
