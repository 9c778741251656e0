//! Complementary suppression: a first pattern, repaired until it is safe, thinned, and where the problem is
//! small enough brought to the proven least.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::{
    control::{Control, Stage},
    cuts::{Cut, LARGEST, SCALE},
    eliminate::eliminate,
    local::suppress_locally,
    presolve::check_range,
    problem::{Pattern, Problem},
    relax::relax,
    repair::repair,
    search::{Effort, Proof, search},
    split::{Part, split},
};
use crate::DisclosureError;

/// How hard to look for the least suppression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Width that **every** suppressed cell must have, those that protect others included, so that witnesses can
    /// be published for all of them alike; 0 to require it of protected cells only.
    pub uniform_width: u64,
    /// Problems of up to this many cells are searched for the proven least suppression.
    pub exact_cells: usize,
    /// Problems of up to this many cells get a proven lower bound from the linear relaxation, and patterns that begin
    /// with what it suppresses.
    pub bound_cells: usize,
    /// Of problems with a bound, how many smaller patterns are tried. More take longer and withhold less.
    pub tries: usize,
    /// Problems of up to this many cells are protected as a whole, by elimination and repair; larger ones by moves of
    /// few cells, at a cost that grows hardly faster than the problem, and as a whole only where moves find no way.
    pub whole_cells: usize,
    /// Problems of up to this many cells, and not more than `whole_cells`, are protected in both ways, and the better
    /// pattern is kept: often the one of moves, but not where suppressed cells need no width of their own.
    pub twice_cells: usize,
}

/// Variables of a part up to which parts are worked on side by side.
const SMALL: usize = 3000;

/// Rounds of cuts on the linear relaxation of problems that are not searched to the end.
const ROUNDS: usize = 45;

impl Default for Options {
    fn default() -> Self {
        Self {
            uniform_width: 0,
            exact_cells: 400,
            bound_cells: 3000,
            tries: 4000,
            whole_cells: 2000,
            twice_cells: 2000,
        }
    }
}

/// A proven lower bound of the suppression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// No pattern suppresses fewer cells.
    pub count: u64,
    /// No pattern with the least number of cells costs less, where that is proven.
    pub cost: Option<u64>,
}

/// A safe pattern and what is proven about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// What is suppressed.
    pub pattern: Pattern,
    /// Cells and facts suppressed.
    pub count: u64,
    /// Their cost.
    pub cost: u64,
    /// Count and cost of what the pattern came from: elimination alone, which rules out exact disclosure only, or moves,
    /// before cells were published again.
    pub eliminated: (u64, u64),
    /// The proven lower bound; none where a part of the problem has none.
    pub bound: Option<Bound>,
}

/// Finds a pattern under which every requirement is met by linear programs. Linear programs see real tables:
/// [`crate::witnesses`] decide in the end. What no relation joins is protected by itself, and the sizes of `options` are
/// those of such parts.
///
/// # Errors
/// When true values contradict the relations, when something cannot be protected, when numbers are too large,
/// when cancelled.
pub fn suppress(
    problem: &Problem,
    options: &Options,
    control: &Control<'_>,
) -> Result<Suppression, DisclosureError> {
    check_range(&problem.system)?;
    problem.check()?;
    let parts = split(problem);
    // Large parts one after the other, each on all threads; small ones side by side.
    let is_alone = |part: &Part| parts.len() == 1 || part.problem.system.len() > SMALL;
    let small: Vec<&Part> = parts.iter().filter(|part| !is_alone(part)).collect();
    let done = AtomicUsize::new(0);
    let mut side_by_side = control
        .for_each(&small, |part| {
            let one = Control {
                cancel: control.cancel,
                progress: None,
                threads: 1,
            };
            let found = suppress_part(&part.problem, options, &one);
            let at = done.fetch_add(1, Ordering::Relaxed) + 1;
            control.report(Stage::Repair, at, small.len());
            found.map_err(|error| part.error(error))
        })?
        .into_iter()
        .peekable();
    let mut whole = Suppression {
        pattern: Pattern {
            cells: vec![false; problem.system.len()],
            facts: vec![false; problem.facts.len()],
        },
        count: 0,
        cost: 0,
        eliminated: (0, 0),
        bound: Some(Bound {
            count: 0,
            cost: Some(0),
        }),
    };
    for part in &parts {
        let found = match side_by_side.next_if(|_| !is_alone(part)) {
            Some(found) => found,
            None => {
                suppress_part(&part.problem, options, control).map_err(|error| part.error(error))?
            }
        };
        part.put(&found.pattern, &mut whole.pattern);
        whole.count += found.count;
        whole.cost += found.cost;
        whole.eliminated.0 += found.eliminated.0;
        whole.eliminated.1 += found.eliminated.1;
        whole.bound = whole.bound.zip(found.bound).map(|(a, b)| Bound {
            count: a.count + b.count,
            cost: a.cost.zip(b.cost).map(|(a, b)| a + b),
        });
    }
    Ok(whole)
}

/// As [`suppress`], of one part.
fn suppress_part(
    problem: &Problem,
    options: &Options,
    control: &Control<'_>,
) -> Result<Suppression, DisclosureError> {
    let cells = (0..problem.system.len())
        .filter(|&v| problem.cost(v).is_some())
        .count();
    let uniform = options.uniform_width;
    // What is searched is thinned there, where more cuts are known. Fractions of large values are beyond it.
    let is_large = |value: &i64| i128::from(value.unsigned_abs()) > LARGEST / SCALE;
    let is_searched = cells <= options.bound_cells && !problem.values.iter().any(is_large);
    let by_moves = || suppress_locally(problem, uniform, control);
    let as_a_whole = || protect_whole(problem, uniform, !is_searched, control);
    // Patterns, what they came from, and cuts.
    let mut pool = Vec::new();
    let mut starts = Vec::new();
    if cells > options.whole_cells {
        match by_moves() {
            // Moves of few cells are not all there are.
            Err(DisclosureError::CannotProtect { .. }) => {
                let (whole, cuts) = as_a_whole()?;
                starts.push(whole);
                pool = cuts;
            }
            found => starts.push(found?),
        }
    } else {
        match as_a_whole() {
            Err(DisclosureError::TooLarge { .. }) => starts.push(by_moves()?),
            found => {
                let (whole, cuts) = found?;
                starts.push(whole);
                pool = cuts;
                if cells <= options.twice_cells && uniform > 0 {
                    match by_moves() {
                        Err(DisclosureError::CannotProtect { .. }) => {}
                        found => starts.push(found?),
                    }
                }
            }
        }
    }
    let best = starts.iter().min_by_key(|s| problem.total(&s.pattern));
    let eliminated = best.map_or((0, 0), |start| problem.total(&start.first));
    let patterns = starts.into_iter().map(|start| start.pattern);
    let (pattern, bound) = if is_searched {
        let exact = cells <= options.exact_cells;
        let effort = Effort {
            rounds: if exact { 200 } else { ROUNDS },
            tries: options.tries,
            programs: if exact { 400 } else { 0 },
            nodes: if exact { 200_000 } else { 0 },
        };
        let patterns: Vec<Pattern> = patterns.collect();
        match search(problem, patterns.clone(), uniform, pool, effort, control) {
            // Rounding has got the better of the search: what it began with is safe all the same.
            Err(DisclosureError::TooLarge { .. }) => (least(problem, patterns), None),
            found => {
                let (pattern, Proof { count, cost }) = found?;
                (pattern, Some(Bound { count, cost }))
            }
        }
    } else {
        (least(problem, patterns), None)
    };
    let (count, cost) = problem.total(&pattern);
    Ok(Suppression {
        pattern,
        count,
        cost,
        eliminated,
        bound,
    })
}

/// The pattern that suppresses fewest cells, at the least cost.
fn least(problem: &Problem, patterns: impl IntoIterator<Item = Pattern>) -> Pattern {
    let best = patterns
        .into_iter()
        .min_by_key(|pattern| problem.total(pattern));
    best.unwrap_or_else(|| problem.primary())
}

/// A safe pattern, and what it came from.
pub(crate) struct Start {
    pub(crate) pattern: Pattern,
    /// Before it was made safe by programs of the whole, or before cells were published again after moves.
    pub(crate) first: Pattern,
}

/// A pattern by programs of whole components, and cuts that hold for all. Without `thin` it may hold needless cells.
fn protect_whole(
    problem: &Problem,
    uniform: u64,
    thin: bool,
    control: &Control<'_>,
) -> Result<(Start, Vec<Cut>), DisclosureError> {
    let first = eliminate(problem, control)?;
    let mut pattern = first.clone();
    let (mut pool, proofs) = repair(problem, &mut pattern, uniform, control)?;
    if thin {
        relax(
            problem,
            &mut pattern,
            uniform,
            &mut pool,
            &proofs,
            &[],
            control,
        )?;
    }
    Ok((Start { pattern, first }, pool))
}
