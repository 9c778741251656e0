//! From a pattern that only rules out exact disclosure to one where every interval is wide enough.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    control::{Control, Stage},
    cuts::{Cut, Oracle, share},
    problem::{Need, Pattern, Problem, Requirement, Role},
    relax::neighbours,
};
use crate::DisclosureError;

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

/// Whether an item is suppressed.
pub(crate) fn is_suppressed(pattern: &Pattern, item: u32) -> bool {
    match (item as usize).checked_sub(pattern.cells.len()) {
        Some(fact) => pattern.facts[fact],
        None => pattern.cells[item as usize],
    }
}

/// A cut of one requirement as it holds for every pattern: a width that is asked of a cell only while it is suppressed
/// binds only then.
pub(crate) fn conditional(problem: &Problem, requirement: &Requirement, mut cut: Cut) -> Cut {
    let own = requirement.variable;
    let is_choice = matches!(problem.roles[own as usize], Role::Cell { .. });
    if !is_choice || problem.requirements.contains(requirement) {
        return cut;
    }
    match cut.terms.binary_search_by_key(&own, |t| t.0) {
        Ok(at) => cut.terms[at].1 -= cut.least,
        Err(at) => cut.terms.insert(at, (own, -cut.least)),
    }
    cut.least = 0.0;
    cut
}

/// What names a requirement while the list of them grows: quantity, attacker, and how wide.
pub(crate) type Name = (u32, Option<usize>, Need);

pub(crate) fn name(requirement: &Requirement) -> Name {
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
            let cuts = check.cuts.into_iter();
            found
                .cuts
                .extend(cuts.map(|cut| conditional(problem, requirement, cut)));
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
