//! Back down from a safe pattern to one without needless suppressions, by programs of whole components.

use super::{
    control::{Control, Stage},
    cuts::{Cut, Oracle, share},
    problem::{Pattern, Problem, Role},
    repair::{Proofs, clusters, conditional, item_cost, name, requirements, set},
};
use crate::DisclosureError;

/// Proofs remembered of each requirement while cells are published again.
const PROOFS: usize = 6;

/// Publishes again, dear cells first, what the requirements can do without.
pub(crate) fn relax(
    problem: &Problem,
    pattern: &mut Pattern,
    uniform: u64,
    pool: &mut Vec<Cut>,
    proofs: &Proofs,
    guide: &[f64],
    control: &Control<'_>,
) -> Result<(), DisclosureError> {
    let mut candidates: Vec<u32> = (0..(problem.system.len() + problem.facts.len()) as u32)
        .filter(|&item| match problem.roles.get(item as usize) {
            Some(Role::Cell { .. }) => pattern.cells[item as usize],
            Some(_) => false,
            None => pattern.facts[item as usize - problem.system.len()],
        })
        .collect();
    candidates.sort_by(|&a, &b| {
        let likely = |item: u32| guide.get(item as usize).copied().unwrap_or(0.0);
        let dear = |item| item_cost(problem, item);
        let by_guide = likely(a).total_cmp(&likely(b));
        by_guide.then(dear(b).cmp(&dear(a))).then(a.cmp(&b))
    });
    let total = candidates.len();
    // Clusters only split while cells are published: the oracles of the start serve to the end.
    let start = clusters(problem, pattern);
    let mut of: Vec<usize> = vec![usize::MAX; problem.system.len()];
    for (at, cluster) in start.iter().enumerate() {
        for &v in &cluster.variables {
            of[v as usize] = at;
        }
    }
    let mut oracles: Vec<Option<Oracle<'_>>> = start.iter().map(|_| None).collect();
    // For each requirement, what its proofs rest on: it holds while nothing is published of what one of them rests
    // on. For each item, the requirements with a proof that has rested on it.
    let all = requirements(problem, pattern, uniform);
    let declared = problem.requirements.len();
    let items = problem.system.len() + problem.facts.len();
    let mut known: Vec<Vec<Vec<u32>>> = Vec::with_capacity(all.len());
    let mut resting: Vec<Vec<u32>> = vec![Vec::new(); items];
    for (r, requirement) in all.iter().enumerate() {
        let found = proofs.get(&name(requirement)).cloned().unwrap_or_default();
        for &item in &found {
            resting[item as usize].push(r as u32);
        }
        known.push(vec![found]);
    }
    let rests = |proof: &Vec<u32>, item: u32| proof.binary_search(&item).is_ok();
    let near = neighbours(problem);
    let mut last_broken: Option<u32> = None;
    for (done, item) in candidates.into_iter().enumerate() {
        control.check()?;
        control.report(Stage::Repair, done, total);
        set(problem, pattern, item, false);
        let breaks = {
            let have = share(pattern);
            pool.iter().any(|cut| cut.slack(&have) < -1e-9)
        };
        if breaks {
            set(problem, pattern, item, true);
            continue;
        }
        // A fact may tie several variables: all of one cluster.
        let at = match (item as usize).checked_sub(problem.system.len()) {
            None => of[item as usize],
            Some(fact) => problem
                .system
                .relations()
                .iter()
                .filter(|r| r.fact == Some(fact as u32))
                .flat_map(|r| &r.terms)
                .map(|t| of[t.0 as usize])
                .find(|&at| at != usize::MAX)
                .unwrap_or(usize::MAX),
        };
        let Some(cluster) = start.get(at) else {
            continue;
        };
        if oracles[at].is_none() {
            oracles[at] = Some(Oracle::new(problem, &cluster.relations, 1)?);
        }
        let Some(oracle) = oracles[at].as_mut() else {
            continue;
        };
        oracle.set(share(pattern));
        let mut renewed = Vec::new();
        let mut broken = false;
        let mut with = std::mem::take(&mut resting[item as usize]);
        with.retain(|&r| known[r as usize].iter().any(|proof| rests(proof, item)));
        with.sort_unstable();
        with.dedup();
        // What is likely to break comes first: most items are needed, and one broken requirement says so.
        let mut order = with.clone();
        order.retain(|&r| known[r as usize].iter().all(|proof| rests(proof, item)));
        order.sort_by_key(|&r| {
            let variable = all[r as usize].variable;
            let close = near.share(problem, item, variable);
            (Some(r) != last_broken, !close, r)
        });
        for r in order {
            let requirement = &all[r as usize];
            if r as usize >= declared && !pattern.cells[requirement.variable as usize] {
                continue;
            }
            let check = oracle.check(requirement, share(pattern))?;
            if check.broken {
                broken = true;
                last_broken = Some(r);
                let cuts = check.cuts.into_iter();
                pool.extend(cuts.map(|cut| conditional(problem, requirement, cut)));
                break;
            }
            renewed.push((r, check.support));
        }
        if broken {
            set(problem, pattern, item, true);
            resting[item as usize] = with;
        } else {
            for r in with {
                known[r as usize].retain(|proof| !rests(proof, item));
            }
        }
        // A proof without the item serves with it too: the next time that one of them falls, another stands.
        for (r, found) in renewed {
            for &item in &found {
                resting[item as usize].push(r);
            }
            let proofs = &mut known[r as usize];
            if proofs.len() >= PROOFS {
                proofs.remove(0);
            }
            proofs.push(found);
        }
    }
    Ok(())
}

/// The relations of every variable.
pub(super) struct Neighbours(pub(super) Vec<Vec<u32>>);

pub(super) fn neighbours(problem: &Problem) -> Neighbours {
    let mut of: Vec<Vec<u32>> = vec![Vec::new(); problem.system.len()];
    for (at, relation) in problem.system.relations().iter().enumerate() {
        for &(v, _) in &relation.terms {
            of[v as usize].push(at as u32);
        }
    }
    Neighbours(of)
}

impl Neighbours {
    /// Whether an item and a variable stand in one relation.
    fn share(&self, problem: &Problem, item: u32, variable: u32) -> bool {
        let own = &self.0[variable as usize];
        match (item as usize).checked_sub(self.0.len()) {
            None => self.0[item as usize].iter().any(|r| own.contains(r)),
            Some(fact) => own
                .iter()
                .any(|&r| problem.system.relations()[r as usize].fact == Some(fact as u32)),
        }
    }
}
