//! The least suppression: an integer program whose constraints are capacity cuts, added while any is broken
//! (Fischetti and Salazar, 2001). Fewest cells first, then least cost.

use super::{
    bound::{Relaxation, STEPS},
    control::{Control, Stage},
    cuts::{Cut, Oracle, SCALE, share},
    descent::Descent,
    dive::Dives,
    exchange::exchange,
    lots::Lots,
    master::{Master, Point},
    problem::{Pattern, Problem, Role},
    repair::{conditional, item_cost, set},
    trials::Trials,
};
use crate::DisclosureError;

/// The share of the relaxation from which patterns begin: hardly anything depends on it.
const FROM: f64 = 0.4;
/// A dive from parts of the best pattern is about as much work as that many smaller patterns tried.
const PER_DIVE: usize = 300;
/// Times in a row that both may gain nothing.
const IN_VAIN: usize = 3;
/// Smaller patterns tried for each neighbourhood in which cells are exchanged.
const PER_EXCHANGE: usize = 30;
/// Of the rounds of cuts, one part in so many comes after the patterns.
const AGAIN: usize = 9;
/// How much further each of those goes.
const AT_LAST: usize = 5;

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
    /// Smaller patterns tried.
    pub(crate) tries: usize,
    /// Integer programs solved.
    pub(crate) programs: usize,
    /// Nodes of each.
    pub(crate) nodes: u64,
}

/// The best pattern that the effort finds, from safe patterns `starts` onwards, and what is proven. `pool` are cuts
/// known so far.
///
/// # Errors
/// When cancelled, or numbers are too large.
pub(crate) fn search(
    problem: &Problem,
    starts: Vec<Pattern>,
    uniform: u64,
    pool: Vec<Cut>,
    effort: Effort,
    control: &Control<'_>,
) -> Result<(Pattern, Proof), DisclosureError> {
    let relations: Vec<u32> = (0..problem.system.relations().len() as u32).collect();
    let items = (problem.system.len() + problem.facts.len()) as u32;
    let primaries = problem
        .roles
        .iter()
        .filter(|r| matches!(r, Role::Primary { .. }))
        .count() as u64;
    let up = |bound: f64| (bound - 1e-6).ceil().max(0.0) as u64;
    let mut master = Master::new(problem);
    master.cuts = pool;
    let mut fractional = Oracle::new(problem, &relations, SCALE)?;
    let totals = starts.iter().map(|start| problem.total(start).0);
    let most = totals.min().unwrap_or(u64::from(items)) as f64;
    let mut relaxation = Relaxation::new(&master);
    relaxation.rise(
        &mut master,
        &problem.requirements,
        &mut fractional,
        (most, effort.rounds, STEPS),
        control,
    )?;
    let guide = relaxation.point(&master);
    let mut trials = Trials::new(problem, uniform, &mut master)?;
    let mut found = starts;
    for start in &mut found {
        if trials.broken(start)?.is_empty() {
            trials.thin(start, &[], control)?;
        }
    }
    let mut dives = Dives {
        relaxation: &relaxation,
        oracle: &mut fractional,
        guide: &guide,
        control,
        dived: 0,
        lots: Lots::new(),
    };
    let bare = problem.primary();
    found.extend(dives.complete(&mut trials, likely(problem, &guide))?);
    found.extend(dives.dive(&mut trials, bare)?);
    let best = found
        .into_iter()
        .min_by_key(|pattern| problem.total(pattern));
    let mut pattern = best.unwrap_or_else(|| problem.primary());
    let fewest = primaries + up(relaxation.bound());
    let mut descent = Descent::new(&trials, &pattern);
    let (mut left, mut in_vain) = (effort.tries, 0);
    while left > 0 && in_vain < IN_VAIN && problem.total(&pattern).0 > fewest {
        let before = problem.total(&pattern);
        left -= descent.descend(&mut trials, &mut pattern, left, control)?;
        if left > 0 {
            dives.again(&mut trials, &mut pattern)?;
            left = left.saturating_sub(PER_DIVE);
        }
        let has_gained = problem.total(&pattern) < before;
        in_vain = if has_gained { 0 } else { in_vain + 1 };
    }
    exchange(
        &mut trials,
        &mut pattern,
        &guide,
        effort.tries / PER_EXCHANGE,
        control,
    )?;
    drop(trials);
    // What patterns have broken since raises the bound further.
    relaxation.rise(
        &mut master,
        &problem.requirements,
        &mut fractional,
        (
            problem.total(&pattern).0 as f64,
            effort.rounds / AGAIN,
            AT_LAST * STEPS,
        ),
        control,
    )?;
    drop(fractional);
    let primary_cost: u64 = problem
        .roles
        .iter()
        .filter_map(|r| match r {
            Role::Primary { cost } => Some(*cost),
            _ => None,
        })
        .sum();
    let mut whole = Oracle::new(problem, &relations, 1)?;
    let mut proof = Proof {
        count: primaries + up(relaxation.bound()),
        cost: None,
    };
    let mut best: Point = (0..items).map(share(&pattern)).collect();
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
            let cuts = whole.check(requirement, have)?.cuts.into_iter();
            master
                .cuts
                .extend(cuts.map(|cut| conditional(problem, requirement, cut)));
        }
        if master.cuts.len() > before {
            continue;
        }
        let safe_count = problem.total(&trial);
        if safe_count <= problem.total(&pattern) || count.is_some() {
            pattern = trial;
            best = point;
        }
        if count.is_none() {
            count = Some(safe_count.0 - primaries);
        } else {
            break;
        }
    }
    Ok((pattern, proof))
}

/// What the relaxation nearly suppresses.
fn likely(problem: &Problem, guide: &Point) -> Pattern {
    let mut pattern = problem.primary();
    for (item, &share) in guide.iter().enumerate() {
        if share >= FROM {
            set(problem, &mut pattern, item as u32, true);
        }
    }
    pattern
}
