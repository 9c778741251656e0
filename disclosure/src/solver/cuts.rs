//! Capacity cuts (Fischetti and Salazar, 2000, 2001): which further cells a pattern would have to suppress for a
//! quantity to be protected.
//!
//! If the greatest value of a protected quantity under a pattern is too small, its row of reduced costs says
//! how much each cell that is still published would contribute if it were free to move: at least one of them
//! has to be, and by enough in all. A cut holds for every pattern, not only for the one that it was found with.

mod useless;

use super::{
    problem::{Pattern, Problem, Requirement, Role},
    simplex::{Bounds, Direction, Optimum, Row, Simplex, ceil, floor},
};
use crate::DisclosureError;

/// Precision of fractional patterns.
pub(crate) const SCALE: i128 = 1024;

/// Beyond this, floating numbers hardly tell integers apart.
pub(crate) const LARGEST: i128 = 1 << 50;

/// `Σ coefficient · item ≥ least`, the items being cells (by variable) and then facts: 1 when suppressed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cut {
    pub(crate) terms: Vec<(u32, f64)>,
    pub(crate) least: f64,
}

impl Cut {
    pub(crate) fn slack(&self, x: impl Fn(u32) -> f64) -> f64 {
        self.terms.iter().map(|&(item, c)| c * x(item)).sum::<f64>() - self.least
    }
}

/// The linear programs behind the cuts, over some of the relations.
pub(crate) struct Oracle<'a> {
    problem: &'a Problem,
    /// Positions in the system, ascending.
    variables: Vec<u32>,
    /// Facts of the rows that need one.
    row_facts: Vec<Option<u32>>,
    row_limits: Vec<Bounds>,
    /// True sums of the rows.
    row_sums: Vec<i128>,
    simplex: Simplex,
    /// The true table, sums of rows included.
    truth: Vec<f64>,
    scale: i128,
    /// More room than that is given to no cell of choice while looking for a fractional cut.
    reach: i128,
}

/// What a check of one requirement found.
#[derive(Debug, Default)]
pub(crate) struct Check {
    /// The requirement is not met.
    pub(crate) broken: bool,
    /// Cuts that the pattern breaks.
    pub(crate) cuts: Vec<Cut>,
    /// The items that must stay suppressed for this check's tables to stay feasible.
    pub(crate) support: Vec<u32>,
}

/// How one end of an interval falls.
struct End {
    /// Distance from the true value, in units of the scale, rounded towards it; none when unbounded.
    distance: Option<i128>,
    /// What moving the published items would add.
    terms: Vec<(u32, f64)>,
    /// What is there whatever the pattern is.
    constant: f64,
}

impl<'a> Oracle<'a> {
    /// An oracle over the given relations, at the true table. `scale` is 1 for patterns and [`SCALE`] for
    /// fractional ones.
    pub(crate) fn new(
        problem: &'a Problem,
        relations: &[u32],
        scale: i128,
    ) -> Result<Self, DisclosureError> {
        let all = problem.system.relations();
        let mut variables: Vec<u32> = relations
            .iter()
            .flat_map(|&r| all[r as usize].terms.iter().map(|t| t.0))
            .collect();
        variables.sort_unstable();
        variables.dedup();
        let value = |v: u32| i128::from(problem.values[v as usize]) * scale;
        if variables.iter().any(|&v| value(v).abs() > LARGEST) {
            return Err(DisclosureError::TooLarge { variables });
        }
        let local = |v: u32| variables.binary_search(&v).unwrap_or(0) as u32;
        let wide = |bound: Option<i64>| bound.map(|b| i128::from(b) * scale);
        let rows: Vec<Row> = relations
            .iter()
            .map(|&r| {
                let relation = &all[r as usize];
                Row {
                    terms: relation.terms.iter().map(|&(v, c)| (local(v), c)).collect(),
                    low: wide(relation.low),
                    high: wide(relation.high),
                }
            })
            .collect();
        let row_limits: Vec<Bounds> = rows
            .iter()
            .map(|r| Bounds {
                low: r.low,
                high: r.high,
            })
            .collect();
        let row_sums = relations
            .iter()
            .map(|&r| {
                let terms = &all[r as usize].terms;
                terms.iter().map(|&(v, c)| i128::from(c) * value(v)).sum()
            })
            .collect();
        let at_truth: Vec<Bounds> = variables
            .iter()
            .map(|&v| {
                let value = Some(value(v));
                Bounds {
                    low: value,
                    high: value,
                }
            })
            .collect();
        let simplex = Simplex::new(&at_truth, &rows);
        let truth = (0..(variables.len() + rows.len()) as u32)
            .map(|v| simplex.value(v))
            .collect();
        Ok(Self {
            problem,
            truth,
            row_facts: relations.iter().map(|&r| all[r as usize].fact).collect(),
            row_limits,
            row_sums,
            simplex,
            scale,
            reach: i128::from(Self::widest(problem)),
            variables,
        })
    }

    /// The greatest width asked for: more room than that is never needed.
    pub(crate) fn widest(problem: &Problem) -> u64 {
        let needs = problem.requirements.iter().map(|r| r.need);
        let widest = needs.map(|need| need.width.max(need.above).max(need.below));
        widest.max().unwrap_or(1)
    }

    /// Gives cells of choice at most that much room in fractional patterns set from here on. Where primary cells give the
    /// rest of what is asked for, more than what is left says nothing: cuts that are broken only once their coefficients
    /// have been lowered to that are found with no more room than that.
    pub(crate) fn confine(&mut self, reach: u64) {
        self.reach = i128::from(reach);
    }

    fn local(&self, variable: u32) -> Option<u32> {
        self.variables
            .binary_search(&variable)
            .ok()
            .map(|v| v as u32)
    }

    /// Limits of a variable as one attacker knows them, in units of the scale.
    fn limits(&self, variable: u32, attacker: Option<usize>) -> Bounds {
        let limits = self.problem.system.limits()[variable as usize];
        let mut bounds = Bounds {
            low: Some(i128::from(limits.low) * self.scale),
            high: limits.high.map(|h| i128::from(h) * self.scale),
        };
        if let Some(attacker) = attacker {
            for (v, known) in &self.problem.attackers[attacker].limits {
                if *v == variable {
                    bounds.low = bounds.low.max(Some(i128::from(known.low) * self.scale));
                    if let Some(high) = known.high {
                        let high = i128::from(high) * self.scale;
                        bounds.high = Some(bounds.high.map_or(high, |h| h.min(high)));
                    }
                }
            }
        }
        bounds
    }

    /// Bounds of a variable under a pattern, which may be fractional.
    fn room(&self, variable: u32, share: f64, attacker: Option<usize>) -> Bounds {
        let full = self.limits(variable, attacker);
        let value = i128::from(self.problem.values[variable as usize]) * self.scale;
        let exact = Bounds {
            low: Some(value),
            high: Some(value),
        };
        match self.problem.roles[variable as usize] {
            Role::Hidden => full,
            Role::Given => exact,
            Role::Cell { .. } | Role::Primary { .. } if share >= 1.0 => full,
            Role::Cell { .. } | Role::Primary { .. } if share <= 0.0 => exact,
            Role::Cell { .. } | Role::Primary { .. } => {
                let part = |room: i128| (room as f64 * share).ceil() as i128;
                let reach = self.reach * self.scale;
                let down = full.low.map_or(reach, |low| (value - low).min(reach));
                let up = full.high.map_or(reach, |high| (high - value).min(reach));
                Bounds {
                    low: Some(value - part(down)),
                    high: Some(value + part(up)),
                }
            }
        }
    }

    /// Puts a pattern, given as the suppressed share of each item, into force.
    pub(crate) fn set(&mut self, share: impl Fn(u32) -> f64) {
        let facts_from = self.problem.system.len() as u32;
        for at in 0..self.variables.len() {
            let bounds = self.room(self.variables[at], share(self.variables[at]), None);
            self.simplex.assign_bounds(at as u32, bounds);
        }
        for row in 0..self.row_facts.len() {
            if let Some(fact) = self.row_facts[row] {
                // A fact is known until it is withheld wholly: that is the harder case.
                let withheld = share(facts_from + fact) >= 1.0;
                let bounds = if withheld {
                    Bounds {
                        low: None,
                        high: None,
                    }
                } else {
                    self.row_limits[row]
                };
                let slack = (self.variables.len() + row) as u32;
                self.simplex.assign_bounds(slack, bounds);
            }
        }
    }

    /// Checks one requirement under the pattern in force.
    pub(crate) fn check(
        &mut self,
        requirement: &Requirement,
        share: impl Fn(u32) -> f64,
    ) -> Result<Check, DisclosureError> {
        let mut check = Check::default();
        let Some(target) = self.local(requirement.variable) else {
            return Ok(check);
        };
        let mut changed = Vec::new();
        if let Some(attacker) = requirement.attacker {
            for &(variable, _) in &self.problem.attackers[attacker].limits {
                if let Some(at) = self.local(variable) {
                    changed.push((at, self.simplex.saved(at)));
                    let bounds = self.room(variable, share(variable), requirement.attacker);
                    self.simplex.assign_bounds(at, bounds);
                }
            }
        }
        let result = self.check_ends(target, requirement, &mut check);
        for &(at, bounds) in &changed {
            self.simplex.assign_saved(at, bounds);
        }
        result.map(|()| check)
    }

    fn check_ends(
        &mut self,
        target: u32,
        requirement: &Requirement,
        check: &mut Check,
    ) -> Result<(), DisclosureError> {
        let need = requirement.need;
        let scaled = |n: u64| i128::from(n) * self.scale;
        let (width, below, above) = (scaled(need.width), scaled(need.below), scaled(need.above));
        let reached = |end: &End, least: i128| end.distance.is_none_or(|d| d >= least);
        // From the true table no further than needed: so few cells move, and the proof stays short.
        let up = self.end(
            target,
            Direction::Up,
            requirement.attacker,
            width.max(above),
        )?;
        self.moved(&mut check.support);
        if !reached(&up, above) {
            check.cuts.extend(self.cut(&[&up], need.above));
        }
        let have = up.distance.map_or(width, |d| d.min(width));
        let rest = (width - have).max(below);
        if rest > 0 {
            let down = self.end(target, Direction::Down, requirement.attacker, rest)?;
            self.moved(&mut check.support);
            if !reached(&down, below) {
                check.cuts.extend(self.cut(&[&down], need.below));
            }
            if !reached(&down, width - have) {
                check.cuts.extend(self.cut(&[&up, &down], need.width));
            }
        }
        check.broken = !check.cuts.is_empty();
        check.support.sort_unstable();
        check.support.dedup();
        Ok(())
    }

    /// Adds the items that the present table needs to be suppressed.
    fn moved(&self, support: &mut Vec<u32>) {
        for (at, &v) in self.variables.iter().enumerate() {
            if self.simplex.value(at as u32) != self.truth[at] {
                support.push(v);
            }
        }
        for (row, fact) in self.row_facts.iter().enumerate() {
            let slack = self.variables.len() + row;
            if let Some(fact) = fact
                && self.simplex.value(slack as u32) != self.truth[slack]
            {
                support.push(self.problem.system.len() as u32 + fact);
            }
        }
    }

    /// One end of the feasible interval of a variable.
    fn end(
        &mut self,
        target: u32,
        direction: Direction,
        attacker: Option<usize>,
        enough: i128,
    ) -> Result<End, DisclosureError> {
        let variable = self.variables[target as usize];
        let truth = i128::from(self.problem.values[variable as usize]) * self.scale;
        let goal = match direction {
            Direction::Up => truth + enough,
            Direction::Down => truth - enough,
        };
        self.simplex.place(&self.truth);
        let goal = Some(goal as f64);
        let mut optimum = self.simplex.optimise_until(target, direction, goal);
        if !self.simplex.is_sound() {
            // Rounding has got the better of this basis: once more from the start.
            self.simplex.place(&self.truth);
            self.simplex.reset();
            optimum = self.simplex.optimise_until(target, direction, goal);
            if !self.simplex.is_sound() {
                return Err(DisclosureError::TooLarge {
                    variables: self.variables.clone(),
                });
            }
        }
        let mut end = End {
            distance: None,
            terms: Vec::new(),
            constant: 0.0,
        };
        let Optimum::At(value) = optimum else {
            return Ok(end);
        };
        end.distance = Some(match direction {
            Direction::Up => floor(value) - truth,
            Direction::Down => truth - ceil(value),
        });
        if end.distance.is_some_and(|d| d >= enough) {
            return Ok(end);
        }
        let costs = self.simplex.reduced_costs(target);
        let own = self.limits(variable, attacker);
        let at_own_bound = match direction {
            Direction::Up => own.high == Some(floor(value)),
            Direction::Down => own.low == Some(ceil(value)),
        };
        let (Some(costs), false) = (costs, at_own_bound) else {
            // At its own limit: nothing that is suppressed could take it further.
            end.constant = end.distance.unwrap_or(0) as f64 / self.scale as f64;
            return Ok(end);
        };
        for (j, cost) in costs {
            let rising = (cost > 0.0) == (direction == Direction::Up);
            let rate = cost.abs();
            let distance = |bounds: Bounds, from: i128| {
                let bound = if rising { bounds.high } else { bounds.low };
                bound.map(|bound| (bound - from).abs() as f64 / self.scale as f64)
            };
            if (j as usize) < self.variables.len() {
                let v = self.variables[j as usize];
                let truth = i128::from(self.problem.values[v as usize]) * self.scale;
                let room = distance(self.limits(v, attacker), truth);
                match self.problem.roles[v as usize] {
                    Role::Given => {}
                    Role::Hidden => end.constant += rate * room.unwrap_or(f64::INFINITY),
                    Role::Cell { .. } | Role::Primary { .. } => {
                        end.terms.push((v, rate * room.unwrap_or(f64::INFINITY)));
                    }
                }
            } else {
                let row = j as usize - self.variables.len();
                let room = distance(self.row_limits[row], self.row_sums[row]);
                match self.row_facts[row] {
                    None => end.constant += rate * room.unwrap_or(f64::INFINITY),
                    Some(fact) => {
                        end.constant += rate * room.unwrap_or(0.0);
                        if self.problem.facts[fact as usize].is_some() {
                            let item = self.problem.system.len() as u32 + fact;
                            end.terms.push((item, f64::INFINITY));
                        }
                    }
                }
            }
        }
        Ok(end)
    }

    fn cut(&self, ends: &[&End], least: u64) -> Option<Cut> {
        let constant: f64 = ends.iter().map(|e| e.constant).sum();
        let least = least as f64 - constant;
        if least <= 1e-9 {
            return None;
        }
        let mut terms: Vec<(u32, f64)> =
            ends.iter().flat_map(|e| e.terms.iter().copied()).collect();
        terms.sort_by_key(|t| t.0);
        let mut joined: Vec<(u32, f64)> = Vec::with_capacity(terms.len());
        for (item, c) in terms {
            match joined.last_mut() {
                Some(last) if last.0 == item => last.1 += c,
                _ => joined.push((item, c)),
            }
        }
        for term in &mut joined {
            term.1 = term.1.min(least);
        }
        joined.retain(|t| t.1 > 1e-9);
        Some(Cut {
            terms: joined,
            least,
        })
    }
}

/// The share of each item that a pattern suppresses.
pub(crate) fn share(pattern: &Pattern) -> impl Fn(u32) -> f64 {
    move |item| {
        let item = item as usize;
        let suppressed = match item.checked_sub(pattern.cells.len()) {
            Some(fact) => pattern.facts[fact],
            None => pattern.cells[item],
        };
        f64::from(u8::from(suppressed))
    }
}
