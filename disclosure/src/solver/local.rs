//! Suppression by local moves, for systems that no program of the whole can be afforded for.
//!
//! Each protected cell needs a table on either side of the true one, and few cells tell these tables apart: they are
//! looked for among the nearest cells, more and more of them. Where what is withheld does not let the cell move far
//! enough, the cheapest move of published cells says which to withhold as well. Afterwards cells are published again,
//! dear ones first, for as long as every requirement keeps a proof or finds another. Nothing is taken on trust from a
//! region: a move is a proof only after it has been checked against all relations in integers, and at the end every
//! requirement is held against the proofs that stand.

use std::sync::Mutex;

use super::{
    control::{Control, Stage},
    moves::Region,
    problem::{Pattern, Problem, Requirement, Role},
    proofs::{Costs, Proof, Proofs, Sight},
    region::{Ground, Scratch},
    repair::{conflict, item_cost, set},
    suppress::Start,
};
use crate::DisclosureError;

/// Cells of a region in which a proof is looked for, one after the other.
const NEAR: [usize; 2] = [48, 200];
/// Cells of a region in which cells to withhold are looked for.
const WIDE: [usize; 3] = [120, 500, 2500];
/// Requirements or cells that are worked on side by side. Results depend on it, and not on the number of threads.
const BATCH: usize = 32;

struct Work<'a> {
    problem: &'a Problem,
    ground: Ground<'a>,
    sight: Sight<'a>,
    scratch: Mutex<Vec<Scratch>>,
}

/// A pattern that meets every requirement, and its first state, before cells were published again.
pub(crate) fn suppress_locally(
    problem: &Problem,
    uniform: u64,
    control: &Control<'_>,
) -> Result<Start, DisclosureError> {
    let work = Work {
        problem,
        ground: Ground::new(&problem.system),
        sight: Sight::new(problem),
        scratch: Mutex::default(),
    };
    let mut pattern = problem.primary();
    let mut proofs = Proofs::new(problem, uniform);
    work.protect(&mut pattern, &mut proofs, control)?;
    let first = pattern.clone();
    work.publish(&mut pattern, &mut proofs, control)?;
    // What stands is held against the pattern once more; what has none goes back to be protected.
    let mut checked = Proofs::new(problem, uniform);
    for proof in proofs.standing() {
        if work.sight.holds(&work.ground, &pattern, proof) {
            checked.add(proof.clone());
        }
    }
    work.protect(&mut pattern, &mut checked, control)?;
    Ok(Start { pattern, first })
}

impl Work<'_> {
    fn with_scratch<R>(&self, work: impl FnOnce(&mut Scratch) -> R) -> R {
        let free = self.scratch.lock().ok().and_then(|mut all| all.pop());
        let mut scratch = free.unwrap_or_default();
        let result = work(&mut scratch);
        if let Ok(mut all) = self.scratch.lock() {
            all.push(scratch);
        }
        result
    }

    /// Withholds cells until every requirement is met by a proof.
    fn protect(
        &self,
        pattern: &mut Pattern,
        proofs: &mut Proofs,
        control: &Control<'_>,
    ) -> Result<(), DisclosureError> {
        let every = 0..self.problem.system.len() as u32;
        let mut open: Vec<Requirement> = every.flat_map(|v| proofs.needs(pattern, v)).collect();
        open.retain(|need| !proofs.meets(need, &[], None));
        let (mut done, mut total) = (0, open.len());
        while !open.is_empty() {
            let mut later = Vec::new();
            for batch in apart(open) {
                control.check()?;
                control.report(Stage::Repair, done, total);
                done += batch.len();
                let wanted: Vec<Requirement> = batch
                    .into_iter()
                    .filter(|need| !proofs.meets(need, &[], None))
                    .collect();
                let now = &*pattern;
                let found = control.for_each(&wanted, |need| {
                    control.check()?;
                    let near = NEAR.into_iter();
                    let there = near.map(|size| (size, Costs::Nothing));
                    let cells = WIDE.into_iter().map(|size| (size, Costs::Cells));
                    let last = WIDE.last().map(|&size| (size, Costs::Facts));
                    let mut steps = there.chain(cells).chain(last);
                    Ok(steps.find_map(|(size, costs)| self.prove(now, need, None, size, costs)))
                })?;
                for (need, found) in wanted.iter().zip(found) {
                    if proofs.meets(need, &[], None) {
                        continue;
                    }
                    let found = found.ok_or_else(|| conflict(self.problem, need))?;
                    for proof in found {
                        for &item in &proof.items {
                            if !is_withheld(pattern, item) {
                                set(self.problem, pattern, item, true);
                            }
                        }
                        let moved: Vec<u32> = proof.moved.iter().map(|m| m.0).collect();
                        proofs.add(proof);
                        let needs = moved.into_iter().flat_map(|v| proofs.needs(pattern, v));
                        later.extend(needs.filter(|need| !proofs.meets(need, &[], None)));
                    }
                }
            }
            later.retain(|need| !proofs.meets(need, &[], None));
            later.sort_by_key(|need| (need.variable, need.attacker, need.need));
            later.dedup();
            total += later.len();
            open = later;
        }
        Ok(())
    }

    /// Moves among the nearest cells that meet a requirement.
    fn prove(
        &self,
        pattern: &Pattern,
        need: &Requirement,
        without: Option<u32>,
        size: usize,
        costs: Costs,
    ) -> Option<Vec<Proof>> {
        let whole = |n: u64| i64::try_from(n).ok();
        let (width, below, above) = (
            whole(need.need.width)?,
            whole(need.need.below)?,
            whole(need.need.above)?,
        );
        let moves = self
            .sight
            .see(pattern, need.attacker, without, costs, |place| {
                let near = self
                    .with_scratch(|scratch| self.ground.near(&place, need.variable, size, scratch));
                let region = || Region::new(&self.ground, place, &near, need.variable);
                let sparing = || Region::sparing(&self.ground, place, &near, need.variable);
                // Upwards first, and downwards by what is then missing.
                let mut moves = Vec::new();
                let mut have = 0;
                let goal = width.max(above);
                if goal > 0 {
                    let up = region()?.reach(goal);
                    have = up.as_ref().map_or(0, |up| by(up, need.variable));
                    let mut found = match costs {
                        Costs::Nothing => None,
                        Costs::Cells | Costs::Facts if have == 0 => None,
                        Costs::Cells | Costs::Facts => region()?.cheapest(have),
                    };
                    if have < goal
                        && let Some(more) = sparing()?.cheapest(goal)
                    {
                        (have, found) = (goal, Some(more));
                    }
                    moves.extend(found.or(up));
                }
                let rest = (width - have.min(width)).max(below);
                if rest > 0 {
                    let down = match costs {
                        Costs::Nothing => region()?.reach(-rest),
                        Costs::Cells | Costs::Facts => region()?.cheapest(-rest),
                    };
                    moves.push(match down {
                        Some(down) => down,
                        None => sparing()?.cheapest(-rest)?,
                    });
                }
                let down = moves.last().map_or(0, |m| -by(m, need.variable).min(0));
                (have >= above && down >= below && have.saturating_add(down) >= width)
                    .then_some(moves)
            })?;
        let proofs = moves.into_iter();
        Some(
            proofs
                .map(|moved| self.sight.proof(&self.ground, moved, need.attacker))
                .collect(),
        )
    }

    /// Publishes again, dear cells first, what every requirement can do without.
    fn publish(
        &self,
        pattern: &mut Pattern,
        proofs: &mut Proofs,
        control: &Control<'_>,
    ) -> Result<(), DisclosureError> {
        let problem = self.problem;
        let items = 0..(problem.system.len() + problem.facts.len()) as u32;
        let mut candidates: Vec<u32> = items
            .filter(|&item| match problem.roles.get(item as usize) {
                Some(Role::Cell { .. }) | None => is_withheld(pattern, item),
                Some(_) => false,
            })
            .collect();
        candidates.sort_by_key(|&item| (std::cmp::Reverse(item_cost(problem, item)), item));
        let total = candidates.len();
        candidates.reverse();
        while !candidates.is_empty() {
            control.check()?;
            control.report(Stage::Repair, total - candidates.len(), total);
            let from = candidates.len().saturating_sub(BATCH);
            let batch: Vec<u32> = candidates.drain(from..).rev().collect();
            let (now, known) = (&*pattern, &*proofs);
            let found = control.for_each(&batch, |&item| {
                control.check()?;
                Ok(self.without(now, known, item))
            })?;
            let mut again = Vec::new();
            for (item, found) in batch.into_iter().zip(found) {
                // What cannot be published cannot be after others have been either.
                let Some(found) = found else { continue };
                let stands = |p: &Proof| p.items.iter().all(|&item| is_withheld(pattern, item));
                let found: Vec<Proof> = found.into_iter().filter(|p| stands(p)).collect();
                let losing = proofs.losing(pattern, item);
                if losing
                    .iter()
                    .all(|need| proofs.meets(need, &found, Some(item)))
                {
                    set(problem, pattern, item, false);
                    proofs.remove(item);
                    found.into_iter().for_each(|proof| proofs.add(proof));
                } else {
                    again.push(item);
                }
            }
            candidates.extend(again.into_iter().rev());
        }
        Ok(())
    }

    /// Proofs of what an item's proofs have proven, without it; none where they are not found.
    fn without(&self, pattern: &Pattern, proofs: &Proofs, item: u32) -> Option<Vec<Proof>> {
        let mut found: Vec<Proof> = Vec::new();
        // What stands in a relation with the item is likely to fail, and one failure is enough.
        let mut losing = proofs.losing(pattern, item);
        losing.sort_by_key(|need| !self.ground.share(item, need.variable));
        for need in losing {
            if proofs.meets(&need, &found, Some(item)) {
                continue;
            }
            let mut near = NEAR.into_iter();
            found.extend(
                near.find_map(|size| self.prove(pattern, &need, Some(item), size, Costs::Nothing))?,
            );
        }
        Some(found)
    }
}

fn by(moved: &[(u32, i64)], variable: u32) -> i64 {
    let at = moved.binary_search_by_key(&variable, |m| m.0);
    at.map_or(0, |at| moved[at].1)
}

fn is_withheld(pattern: &Pattern, item: u32) -> bool {
    match (item as usize).checked_sub(pattern.cells.len()) {
        Some(fact) => pattern.facts[fact],
        None => pattern.cells[item as usize],
    }
}

/// Batches of what lies apart, so that what is found for one seldom serves another.
fn apart(all: Vec<Requirement>) -> Vec<Vec<Requirement>> {
    let count = all.len().div_ceil(BATCH);
    let mut batches: Vec<Vec<Requirement>> = vec![Vec::new(); count];
    for (at, one) in all.into_iter().enumerate() {
        batches[at % count].push(one);
    }
    batches
}
