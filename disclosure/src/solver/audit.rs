//! The auditor: what a reader of a view can work out of every quantity that is not published.
//!
//! Each feasible interval is exact: the least and the greatest value over **all** tables that agree with what
//! is published, rounded inwards to integers. Two linear programs find it in floating point; integers prove it: a
//! table that reaches the end, checked, and a bound from the dual values that nothing passes. Where that fails,
//! exact arithmetic decides. The auditor never stops at the first safe quantity. Where rounding of a relation makes the integer tables fewer than the
//! real ones the interval may be wider than integers allow: protection is therefore decided by integer
//! [`crate::witnesses`].

use super::{
    control::{Control, Stage},
    explorer::Explorer,
    presolve::presolve,
};
use crate::{
    DisclosureError,
    system::{System, View},
};

/// Variables of a component that one thread audits in a row.
const CHUNK: usize = 1000;

/// What a reader can bound a quantity by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Interval {
    /// Least value.
    pub low: i64,
    /// Greatest value; none where nothing bounds it.
    pub high: Option<i64>,
}

impl Interval {
    /// `high − low`; [`u64::MAX`] where nothing bounds it.
    pub fn width(self) -> u64 {
        self.high.map_or(u64::MAX, |high| high.abs_diff(self.low))
    }
}

/// The feasible interval of every variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// By position; published variables are points.
    pub intervals: Vec<Interval>,
    /// Connected components of what is unknown.
    pub components: usize,
    /// Variables that do not follow at once from what is published.
    pub unknown: usize,
    /// Of those, in the largest component.
    pub largest: usize,
    /// Relations between them.
    pub relations: usize,
    /// Simplex steps: work that does not depend on the clock.
    pub steps: u64,
}

/// Computes the feasible interval of every variable of a system from a published view, and from it alone.
///
/// # Errors
/// When what is published contradicts itself; when numbers are too large for exact arithmetic; when cancelled.
///
/// ```
/// use disclosure::{Control, Limits, System, View, audit};
/// let mut system = System::new();
/// let [total, a, b] = [(); 3].map(|()| system.variable(Limits::NONNEGATIVE));
/// system.sum(total, &[a, b]);
/// let view = View { values: vec![Some(7), None, None], facts: vec![] };
/// let audit = audit(&system, &view, &Control::default())?;
/// assert_eq!((audit.intervals[1].low, audit.intervals[1].high), (0, Some(7)));
/// # Ok::<(), disclosure::DisclosureError>(())
/// ```
pub fn audit(
    system: &System,
    view: &View,
    control: &Control<'_>,
) -> Result<Audit, DisclosureError> {
    let presolved = presolve(system, view)?;
    let total: usize = presolved.components.iter().map(|c| c.variables.len()).sum();
    let counter = std::sync::atomic::AtomicUsize::new(0);
    let mut chunks: Vec<(usize, Vec<u32>)> = Vec::new();
    for (at, component) in presolved.components.iter().enumerate() {
        let all: Vec<u32> = (0..component.variables.len() as u32).collect();
        chunks.extend(all.chunks(CHUNK).map(|chunk| (at, chunk.to_vec())));
    }
    let results = control.for_each(&chunks, |(at, targets)| {
        let mut explorer = Explorer::new(&presolved.components[*at], targets, 0)?;
        let intervals = explorer.run(control, &|| {
            let done = counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
            if done.is_multiple_of(64) || done == total {
                control.report(Stage::Audit, done, total);
            }
        })?;
        Ok((intervals, explorer.simplex.pivots()))
    })?;
    let mut intervals: Vec<Interval> = presolved
        .determined
        .iter()
        .map(|v| {
            let low = v.unwrap_or_default();
            Interval {
                low,
                high: Some(low),
            }
        })
        .collect();
    let mut steps = 0;
    for ((at, targets), (found, pivots)) in chunks.iter().zip(results) {
        steps += pivots;
        let variables = &presolved.components[*at].variables;
        for (&target, interval) in targets.iter().zip(found) {
            intervals[variables[target as usize] as usize] = interval;
        }
    }
    Ok(Audit {
        intervals,
        components: presolved.components.len(),
        unknown: total,
        largest: presolved
            .components
            .iter()
            .map(|c| c.variables.len())
            .max()
            .unwrap_or_default(),
        relations: presolved.components.iter().map(|c| c.rows.len()).sum(),
        steps,
    })
}
