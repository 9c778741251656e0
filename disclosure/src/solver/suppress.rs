//! Complementary suppression: a first pattern, repaired until it is safe, thinned, and where the problem is
//! small enough brought to the proven least.

use super::{
    control::Control,
    cuts::Cut,
    eliminate::eliminate,
    local::suppress_locally,
    problem::{Pattern, Problem},
    relax::relax,
    repair::repair,
    search::{Effort, Proof, search},
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
    /// Problems of up to this many cells get a proven lower bound from the linear relaxation.
    pub bound_cells: usize,
    /// Every problem is protected by moves of few cells, at a cost that grows hardly faster than the problem. Those of
    /// up to this many cells are also protected as a whole, by elimination and repair, and the better pattern is kept:
    /// that is often the latter where suppressed cells need no width of their own.
    pub whole_cells: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            uniform_width: 0,
            exact_cells: 400,
            bound_cells: 3000,
            whole_cells: 2000,
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
    /// The proven lower bound.
    pub bound: Option<Bound>,
}

/// Finds a pattern under which every requirement is met by linear programs. Linear programs see real tables:
/// [`crate::witnesses`] decide in the end.
///
/// # Errors
/// When true values contradict the relations, when something cannot be protected, when numbers are too large,
/// when cancelled.
pub fn suppress(
    problem: &Problem,
    options: &Options,
    control: &Control<'_>,
) -> Result<Suppression, DisclosureError> {
    problem.check()?;
    let cells = (0..problem.system.len())
        .filter(|&v| problem.cost(v).is_some())
        .count();
    let uniform = options.uniform_width;
    let by_moves = suppress_locally(problem, uniform, control);
    let (mut pattern, first, pool) = if cells > options.whole_cells {
        let (pattern, first) = by_moves?;
        (pattern, problem.total(&first), Vec::new())
    } else {
        let whole = protect_whole(problem, uniform, control);
        let (mut pattern, mut first, pool) = match (whole, &by_moves) {
            (Ok(whole), _) => whole,
            (Err(_), Ok(moves)) => (moves.0.clone(), moves.1.clone(), Vec::new()),
            (Err(error), Err(_)) => return Err(error),
        };
        if let Ok(moves) = by_moves
            && problem.total(&moves.0) < problem.total(&pattern)
        {
            (pattern, first) = moves;
        }
        (pattern, problem.total(&first), pool)
    };
    let effort = if cells <= options.exact_cells {
        Effort {
            rounds: 200,
            programs: 400,
            nodes: 200_000,
        }
    } else {
        Effort {
            rounds: 10,
            programs: 0,
            nodes: 0,
        }
    };
    let bound = if cells <= options.bound_cells {
        let Proof { count, cost } = search(problem, &mut pattern, uniform, pool, effort, control)?;
        Some(Bound { count, cost })
    } else {
        None
    };
    let (count, cost) = problem.total(&pattern);
    Ok(Suppression {
        pattern,
        count,
        cost,
        eliminated: first,
        bound,
    })
}

/// A pattern by programs of whole components, the one that elimination began with, and cuts that hold for all.
fn protect_whole(
    problem: &Problem,
    uniform: u64,
    control: &Control<'_>,
) -> Result<(Pattern, Pattern, Vec<Cut>), DisclosureError> {
    let first = eliminate(problem, control)?;
    let mut pattern = first.clone();
    let (mut pool, proofs) = repair(problem, &mut pattern, uniform, control)?;
    relax(problem, &mut pattern, uniform, &mut pool, &proofs, control)?;
    Ok((pattern, first, pool))
}
