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
    /// Problems of up to this many cells are protected as a whole, by elimination and repair; larger ones by moves of
    /// few cells, at a cost that grows hardly faster than the problem, and as a whole only where moves find no way.
    pub whole_cells: usize,
    /// Problems of up to this many cells, and not more than `whole_cells`, are protected in both ways, and the better
    /// pattern is kept: often the one of moves, but not where suppressed cells need no width of their own.
    pub twice_cells: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            uniform_width: 0,
            exact_cells: 400,
            bound_cells: 3000,
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
    let by_moves = || suppress_locally(problem, uniform, control);
    let as_a_whole = || protect_whole(problem, uniform, control);
    let with_moves = |(pattern, first)| (pattern, first, Vec::new());
    let (mut pattern, first, pool) = if cells > options.whole_cells {
        match by_moves() {
            // Moves of few cells are not all there are.
            Err(DisclosureError::CannotProtect { .. }) => as_a_whole()?,
            found => with_moves(found?),
        }
    } else {
        match as_a_whole() {
            Err(DisclosureError::TooLarge { .. }) => with_moves(by_moves()?),
            Ok((pattern, first, pool)) if cells <= options.twice_cells => match by_moves() {
                Ok((other, start)) if problem.total(&other) < problem.total(&pattern) => {
                    (other, start, pool)
                }
                Ok(_) | Err(DisclosureError::CannotProtect { .. }) => (pattern, first, pool),
                Err(error) => return Err(error),
            },
            found => found?,
        }
    };
    let first = problem.total(&first);
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
