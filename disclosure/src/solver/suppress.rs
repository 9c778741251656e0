//! Complementary suppression: a first pattern, repaired until it is safe, thinned, and where the problem is
//! small enough brought to the proven least.

use super::{
    control::Control,
    eliminate::eliminate,
    local::suppress_locally,
    problem::{Pattern, Problem},
    repair::{relax, repair},
    search::{Effort, Proof, search},
};
use crate::DisclosureError;

/// Problems of up to this many cells are begun twice: from the primary cells, and from what elimination suppresses,
/// which is the better start where suppressed cells need no width of their own.
const TWICE: usize = 4000;

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
    /// few cells, region by region, at a cost that grows hardly faster than the problem.
    pub whole_cells: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            uniform_width: 0,
            exact_cells: 400,
            bound_cells: 3000,
            whole_cells: 700,
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
    /// The first pattern's count and cost: by elimination alone, which rules out exact disclosure only, or, beyond
    /// [`Options::whole_cells`], before cells were published again.
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
    let by_moves = if cells > options.whole_cells {
        match by_moves(problem, cells, uniform, control) {
            // Moves of few cells are not all there are.
            Err(DisclosureError::CannotProtect { .. }) => None,
            found => Some(found?),
        }
    } else {
        None
    };
    let (mut pattern, first, pool) = match by_moves {
        Some((pattern, first)) => (pattern, problem.total(&first), Vec::new()),
        None => {
            let mut pattern = eliminate(problem, control)?;
            let first = problem.total(&pattern);
            let (mut pool, proofs) = repair(problem, &mut pattern, uniform, control)?;
            relax(problem, &mut pattern, uniform, &mut pool, &proofs, control)?;
            (pattern, first, pool)
        }
    };
    let effort = if cells <= options.exact_cells {
        Effort {
            rounds: 200,
            programs: 400,
            nodes: 200_000,
        }
    } else {
        Effort {
            rounds: 40,
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

/// A pattern by moves of few cells, and its first state.
fn by_moves(
    problem: &Problem,
    cells: usize,
    uniform: u64,
    control: &Control<'_>,
) -> Result<(Pattern, Pattern), DisclosureError> {
    let found = suppress_locally(problem, problem.primary(), uniform, control)?;
    if cells > TWICE {
        return Ok(found);
    }
    let start = eliminate(problem, control)?;
    let other = suppress_locally(problem, start, uniform, control)?;
    let better = problem.total(&other.0) < problem.total(&found.0);
    Ok(if better { other } else { found })
}
