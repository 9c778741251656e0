//! Which requirements are proven, by moves that are kept: a requirement is met while kept moves take its cell far
//! enough, and an item must stay suppressed only while a kept move rests on it.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    problem::{Need, Pattern, Problem, Requirement, Role},
    region::{Ground, Mobility, Move, Place},
};
use crate::system::{Limits, Relation};

/// A move, and what it needs.
#[derive(Clone, Debug)]
pub(crate) struct Proof {
    pub(crate) moved: Move,
    /// Who sees tables on both sides of it: an outsider, or an attacker by position.
    pub(crate) attacker: Option<usize>,
    /// Cells and facts, ascending, that must be suppressed for it to stand.
    pub(crate) items: Vec<u32>,
}

/// The kept moves of a pattern.
pub(crate) struct Proofs {
    /// None once something that they rest on is published.
    list: Vec<Option<Proof>>,
    /// By item, the moves that rest on it, and some that have gone.
    resting: Vec<Vec<u32>>,
    /// By variable that is never published, the moves that move it.
    hidden: BTreeMap<u32, Vec<u32>>,
    declared: Vec<Vec<(Need, Option<usize>)>>,
    uniform: u64,
}

impl Proofs {
    pub(crate) fn new(problem: &Problem, uniform: u64) -> Self {
        let mut declared = vec![Vec::new(); problem.system.len()];
        for r in &problem.requirements {
            declared[r.variable as usize].push((r.need, r.attacker));
        }
        Self {
            list: Vec::new(),
            resting: vec![Vec::new(); problem.system.len() + problem.facts.len()],
            hidden: BTreeMap::new(),
            declared,
            uniform,
        }
    }

    /// What is asked of a variable under a pattern.
    pub(crate) fn needs(&self, pattern: &Pattern, variable: u32) -> Vec<Requirement> {
        let mut all = self.declared[variable as usize].clone();
        if self.uniform > 0 && pattern.cells[variable as usize] {
            all.push((Need::width(self.uniform), None));
        }
        let named = all.into_iter().map(|(need, attacker)| Requirement {
            variable,
            need,
            attacker,
        });
        named.collect()
    }

    pub(crate) fn add(&mut self, proof: Proof) {
        let at = self.list.len() as u32;
        for &item in &proof.items {
            self.resting[item as usize].push(at);
        }
        for &(v, _) in &proof.moved {
            if proof.items.binary_search(&v).is_err() {
                self.hidden.entry(v).or_default().push(at);
            }
        }
        self.list.push(Some(proof));
    }

    /// The moves that stand.
    pub(crate) fn standing(&self) -> impl Iterator<Item = &Proof> {
        self.list.iter().flatten()
    }

    /// The moves that move a variable, with those of `more`, but none that rests on the item `without`.
    fn of<'s>(
        &'s self,
        variable: u32,
        more: &'s [Proof],
        without: Option<u32>,
    ) -> impl Iterator<Item = &'s Proof> {
        let hidden = self.hidden.get(&variable).into_iter().flatten();
        let known = self.resting[variable as usize].iter().chain(hidden);
        known
            .filter_map(|&at| self.list[at as usize].as_ref())
            .chain(more)
            .filter(move |p| without.is_none_or(|item| p.items.binary_search(&item).is_err()))
    }

    /// Whether a requirement is met by moves, with those of `more`, but none that rests on the item `without`.
    pub(crate) fn meets(
        &self,
        requirement: &Requirement,
        more: &[Proof],
        without: Option<u32>,
    ) -> bool {
        let (mut up, mut down) = (0, 0);
        let mut proofs = self.of(requirement.variable, more, without);
        let need = requirement.need;
        let enough = |proof: &Proof| {
            if proof.attacker == requirement.attacker
                && let Ok(at) = proof
                    .moved
                    .binary_search_by_key(&requirement.variable, |m| m.0)
            {
                let by = proof.moved[at].1;
                up = up.max(by.max(0).unsigned_abs());
                down = down.max(by.min(0).unsigned_abs());
            }
            up >= need.above && down >= need.below && up.saturating_add(down) >= need.width
        };
        (need.width, need.below, need.above) == (0, 0, 0) || proofs.any(enough)
    }

    /// Publishes an item: what rests on it goes.
    pub(crate) fn remove(&mut self, item: u32) {
        for at in std::mem::take(&mut self.resting[item as usize]) {
            self.list[at as usize] = None;
        }
    }

    /// What is met now and would not be if an item were published.
    pub(crate) fn losing(&self, pattern: &Pattern, item: u32) -> Vec<Requirement> {
        let resting = self.resting[item as usize].iter();
        let variables: BTreeSet<u32> = resting
            .filter_map(|&at| self.list[at as usize].as_ref())
            .flat_map(|proof| proof.moved.iter().map(|m| m.0))
            .collect();
        let mut without = pattern.clone();
        if let Some(cell) = without.cells.get_mut(item as usize) {
            *cell = false;
        }
        let needs = variables.iter().flat_map(|&v| self.needs(&without, v));
        needs
            .filter(|need| !self.meets(need, &[], Some(item)))
            .collect()
    }
}

/// What may move under a pattern.
pub(crate) struct Sight<'a> {
    problem: &'a Problem,
    knowledge: Vec<Vec<(u32, Limits)>>,
}

impl<'a> Sight<'a> {
    pub(crate) fn new(problem: &'a Problem) -> Self {
        let mut knowledge: Vec<Vec<(u32, Limits)>> = Vec::new();
        for attacker in &problem.attackers {
            let mut known: BTreeMap<u32, Limits> = BTreeMap::new();
            for &(v, limits) in &attacker.limits {
                let all = known.entry(v).or_insert(limits);
                all.low = all.low.max(limits.low);
                all.high = match (all.high, limits.high) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (a, b) => a.or(b),
                };
            }
            knowledge.push(known.into_iter().collect());
        }
        Self { problem, knowledge }
    }

    fn knowledge(&self, attacker: Option<usize>) -> &[(u32, Limits)] {
        attacker.map_or(&[], |at| &self.knowledge[at])
    }

    /// Runs `work` in the place that an attacker sees under a pattern, the item `without` published; `costs` lets what
    /// is published move at its cost.
    pub(crate) fn see<R>(
        &self,
        pattern: &Pattern,
        attacker: Option<usize>,
        without: Option<u32>,
        costs: Costs,
        work: impl FnOnce(Place<'_>) -> R,
    ) -> R {
        let problem = self.problem;
        let mobility = |v: u32| match problem.roles[v as usize] {
            Role::Hidden => Mobility::Free,
            Role::Given => Mobility::Fixed,
            Role::Cell { .. } | Role::Primary { .. } if without == Some(v) => Mobility::Fixed,
            Role::Cell { .. } | Role::Primary { .. } if pattern.cells[v as usize] => Mobility::Free,
            Role::Primary { .. } => Mobility::Fixed,
            Role::Cell { .. } if costs == Costs::Nothing => Mobility::Fixed,
            Role::Cell { cost } => Mobility::At(price(cost)),
        };
        let cells = problem.system.len() as u32;
        let known = |relation: &Relation| {
            relation.fact.is_none_or(|fact| {
                let fact_of = fact as usize;
                let open = costs == Costs::Facts && problem.facts[fact_of].is_some();
                without == Some(cells + fact) || !(pattern.facts[fact_of] || open)
            })
        };
        work(Place {
            values: &problem.values,
            mobility: &mobility,
            known: &known,
            knowledge: self.knowledge(attacker),
        })
    }

    /// A move with what it rests on. Facts that it breaks must be withheld.
    pub(crate) fn proof(&self, ground: &Ground<'_>, moved: Move, attacker: Option<usize>) -> Proof {
        let problem = self.problem;
        let cells = moved.iter().map(|m| m.0);
        let mut items: Vec<u32> = cells
            .filter(|&v| problem.cost(v as usize).is_some())
            .collect();
        let broken = ground.broken(&problem.values, &moved);
        items.extend(broken.into_iter().filter_map(|at| {
            let fact = problem.system.relations()[at as usize].fact?;
            Some(problem.system.len() as u32 + fact)
        }));
        items.sort_unstable();
        items.dedup();
        Proof {
            moved,
            attacker,
            items,
        }
    }

    /// Whether a proof holds for a pattern: exact, from the true table.
    pub(crate) fn holds(&self, ground: &Ground<'_>, pattern: &Pattern, proof: &Proof) -> bool {
        self.see(pattern, proof.attacker, None, Costs::Nothing, |place| {
            ground.is_move(&place, &proof.moved)
        })
    }
}

/// What may be withheld beyond what is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Costs {
    /// Nothing.
    Nothing,
    /// Cells, at their cost.
    Cells,
    /// Cells at their cost, and facts.
    Facts,
}

/// The cost of a cell in a program: above all how many there are.
fn price(cost: u64) -> u32 {
    1024 + 48 * (cost + 1).ilog2()
}
