//! From a pattern that only rules out exact disclosure to one where every interval is wide enough, and back
//! down to one without needless suppressions.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    control::{Control, Stage},
    cuts::{Cut, Oracle, share},
    problem::{Need, Pattern, Problem, Requirement, Role},
};
use crate::DisclosureError;

/// Proofs remembered of each requirement while cells are published again.
const PROOFS: usize = 6;

/// Unpublished variables that relations tie together, and the relations.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cluster {
    pub(crate) variables: Vec<u32>,
    pub(crate) relations: Vec<u32>,
}

/// Groups what a pattern leaves unpublished.
pub(crate) fn clusters(problem: &Problem, pattern: &Pattern) -> Vec<Cluster> {
    let view = problem.view(pattern);
    let hidden = |v: u32| view.values[v as usize].is_none();
    let count = problem.system.len();
    let mut root: Vec<u32> = (0..count as u32).collect();
    fn find(root: &mut [u32], mut v: u32) -> u32 {
        while root[v as usize] != v {
            root[v as usize] = root[root[v as usize] as usize];
            v = root[v as usize];
        }
        v
    }
    for relation in problem.system.relations() {
        let mut first: Option<u32> = None;
        for &(v, _) in relation.terms.iter().filter(|t| hidden(t.0)) {
            let r = find(&mut root, v);
            let lead = first.map_or(r, |f| f.min(r));
            if let Some(f) = first {
                root[f.max(r) as usize] = lead;
            }
            first = Some(lead);
        }
    }
    let mut at: Vec<usize> = vec![usize::MAX; count];
    let mut list: Vec<Cluster> = Vec::new();
    for v in (0..count as u32).filter(|&v| hidden(v)) {
        let r = find(&mut root, v) as usize;
        if at[r] == usize::MAX {
            at[r] = list.len();
            list.push(Cluster {
                variables: Vec::new(),
                relations: Vec::new(),
            });
        }
        list[at[r]].variables.push(v);
    }
    for (position, relation) in problem.system.relations().iter().enumerate() {
        if let Some(&(v, _)) = relation.terms.iter().find(|t| hidden(t.0)) {
            list[at[find(&mut root, v) as usize]]
                .relations
                .push(position as u32);
        }
    }
    list
}

/// What a pattern must meet: the declared requirements, and one width for every suppressed cell.
pub(crate) fn requirements(problem: &Problem, pattern: &Pattern, uniform: u64) -> Vec<Requirement> {
    let mut all = problem.requirements.clone();
    if uniform > 0 {
        let declared: BTreeSet<u32> = problem
            .requirements
            .iter()
            .filter(|r| r.attacker.is_none() && r.need.width >= uniform)
            .map(|r| r.variable)
            .collect();
        all.extend(
            (0..problem.system.len() as u32)
                .filter(|v| pattern.cells[*v as usize] && !declared.contains(v))
                .map(|variable| Requirement {
                    variable,
                    need: Need::width(uniform),
                    attacker: None,
                }),
        );
    }
    all
}

/// Whether an item can still be suppressed.
fn open(problem: &Problem, pattern: &Pattern, item: u32) -> bool {
    match problem.roles.get(item as usize) {
        Some(Role::Cell { .. }) => !pattern.cells[item as usize],
        Some(_) => false,
        None => {
            let fact = item as usize - problem.system.len();
            problem.facts[fact].is_some() && !pattern.facts[fact]
        }
    }
}

pub(crate) fn set(problem: &Problem, pattern: &mut Pattern, item: u32, suppressed: bool) {
    match (item as usize).checked_sub(problem.system.len()) {
        Some(fact) => pattern.facts[fact] = suppressed,
        None => pattern.cells[item as usize] = suppressed,
    }
}

pub(crate) fn item_cost(problem: &Problem, item: u32) -> u64 {
    match (item as usize).checked_sub(problem.system.len()) {
        Some(fact) => problem.facts[fact].unwrap_or(0),
        None => problem.cost(item as usize).unwrap_or(0),
    }
}

/// The cut without the share of items that are suppressed already: what is left to gain.
fn missing<'c>(
    cut: &'c Cut,
    problem: &'c Problem,
    pattern: &'c Pattern,
) -> (f64, impl Iterator<Item = (u32, f64)> + 'c) {
    let have = share(pattern);
    let lack = -cut.slack(have);
    let rest = cut
        .terms
        .iter()
        .copied()
        .filter(|t| open(problem, pattern, t.0));
    (lack, rest)
}

/// What names a requirement while the list of them grows: quantity, attacker, and how wide.
type Name = (u32, Option<usize>, Need);

fn name(requirement: &Requirement) -> Name {
    (requirement.variable, requirement.attacker, requirement.need)
}

/// For each requirement, the items that the tables which prove it need to be suppressed: the proof stands as long as
/// they are.
pub(crate) type Proofs = BTreeMap<Name, Vec<u32>>;

/// Suppresses more until no requirement is broken. Returns the cuts found, which hold for every pattern, and the
/// proofs: suppressing more breaks none, so that each requirement is proven but once.
pub(crate) fn repair(
    problem: &Problem,
    pattern: &mut Pattern,
    uniform: u64,
    control: &Control<'_>,
) -> Result<(Vec<Cut>, Proofs), DisclosureError> {
    let mut pool: Vec<Cut> = Vec::new();
    let mut proofs = Proofs::new();
    loop {
        control.check()?;
        let mut all = requirements(problem, pattern, uniform);
        all.retain(|requirement| !proofs.contains_key(&name(requirement)));
        let clusters = clusters(problem, pattern);
        let mut of: Vec<u32> = vec![u32::MAX; problem.system.len()];
        for (at, cluster) in clusters.iter().enumerate() {
            for &v in &cluster.variables {
                of[v as usize] = at as u32;
            }
        }
        let mut wanted: Vec<Vec<&Requirement>> = vec![Vec::new(); clusters.len()];
        for requirement in &all {
            if let Some(list) = wanted.get_mut(of[requirement.variable as usize] as usize) {
                list.push(requirement);
            }
        }
        let work: Vec<(&Cluster, &Vec<&Requirement>)> = clusters
            .iter()
            .zip(&wanted)
            .filter(|(_, w)| !w.is_empty())
            .collect();
        if work.is_empty() {
            return Ok((pool, proofs));
        }
        let done = std::sync::atomic::AtomicUsize::new(0);
        let results = control.for_each(&work, |(cluster, wanted)| {
            let result = repair_cluster(problem, pattern, cluster, wanted, control);
            let at = done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
            control.report(Stage::Repair, at, work.len());
            result
        })?;
        let mut added = Vec::new();
        for found in results {
            added.extend(found.items);
            pool.extend(found.cuts);
            proofs.extend(found.proofs);
        }
        for item in added {
            set(problem, pattern, item, true);
        }
    }
}

/// What was found of one cluster.
#[derive(Default)]
struct Found {
    items: Vec<u32>,
    cuts: Vec<Cut>,
    proofs: Vec<(Name, Vec<u32>)>,
}

/// The items to add for one cluster, which grows as they are added: what is new is looked at in the next round.
fn repair_cluster(
    problem: &Problem,
    pattern: &Pattern,
    cluster: &Cluster,
    wanted: &[&Requirement],
    control: &Control<'_>,
) -> Result<Found, DisclosureError> {
    let mut pattern = pattern.clone();
    let mut oracle = Oracle::new(problem, &cluster.relations, 1)?;
    oracle.set(share(&pattern));
    let mut found = Found::default();
    let mut added = BTreeSet::new();
    for requirement in wanted {
        loop {
            control.check()?;
            let check = oracle.check(requirement, share(&pattern))?;
            let Some(cut) = check.cuts.first() else {
                // The relations of what has been added here are not all in this oracle: it is proven next time.
                if !check.support.iter().any(|item| added.contains(item)) {
                    found.proofs.push((name(requirement), check.support));
                }
                break;
            };
            let item =
                cheapest(problem, &pattern, cut).ok_or_else(|| conflict(problem, requirement))?;
            found.cuts.extend(check.cuts);
            set(problem, &mut pattern, item, true);
            found.items.push(item);
            added.insert(item);
            oracle.set(share(&pattern));
        }
    }
    Ok(found)
}

/// The item of a cut that gives most for its cost: one more cell in any case, hence first how few are needed.
fn cheapest(problem: &Problem, pattern: &Pattern, cut: &Cut) -> Option<u32> {
    let (lack, rest) = missing(cut, problem, pattern);
    rest.map(|(item, c)| {
        let needed = (lack / c.min(lack)).ceil();
        (needed, item_cost(problem, item), item)
    })
    .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)))
    .map(|best| best.2)
}

/// Nothing that may still be suppressed protects a quantity: what was published before stands against it.
pub(crate) fn conflict(problem: &Problem, requirement: &Requirement) -> DisclosureError {
    // The nearest of them by steps along relations: zeros bind nothing that is small already.
    let near = neighbours(problem);
    let relations = problem.system.relations();
    let mut seen = BTreeSet::from([requirement.variable]);
    let mut ring = vec![requirement.variable];
    let mut given = Vec::new();
    while given.is_empty() && !ring.is_empty() {
        let around = ring.iter().flat_map(|&v| &near.0[v as usize]);
        let around = around.flat_map(|&r| &relations[r as usize].terms);
        let next: BTreeSet<u32> = around.map(|t| t.0).filter(|v| !seen.contains(v)).collect();
        let binds =
            |v: &u32| problem.roles[*v as usize] == Role::Given && problem.values[*v as usize] != 0;
        given.extend(next.iter().copied().filter(binds));
        seen.extend(&next);
        let open = |v: &u32| problem.roles[*v as usize] != Role::Given;
        ring = next.into_iter().filter(open).collect();
    }
    DisclosureError::CannotProtect {
        variable: requirement.variable,
        given,
    }
}

/// Publishes again, dear cells first, what the requirements can do without.
pub(crate) fn relax(
    problem: &Problem,
    pattern: &mut Pattern,
    uniform: u64,
    pool: &mut Vec<Cut>,
    proofs: &Proofs,
    control: &Control<'_>,
) -> Result<(), DisclosureError> {
    let mut candidates: Vec<u32> = (0..(problem.system.len() + problem.facts.len()) as u32)
        .filter(|&item| match problem.roles.get(item as usize) {
            Some(Role::Cell { .. }) => pattern.cells[item as usize],
            Some(_) => false,
            None => pattern.facts[item as usize - problem.system.len()],
        })
        .collect();
    candidates.sort_by_key(|&item| (std::cmp::Reverse(item_cost(problem, item)), item));
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
                // Widths of cells that are suppressed only for others bind only while they are.
                if (r as usize) < declared {
                    pool.extend(check.cuts);
                }
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
struct Neighbours(Vec<Vec<u32>>);

fn neighbours(problem: &Problem) -> Neighbours {
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
