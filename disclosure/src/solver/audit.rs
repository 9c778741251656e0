//! The auditor: what a reader of a view can work out of every quantity that is not published.
//!
//! Each feasible interval is exact: the least and the greatest value over **all** tables that agree with what
//! is published, rounded inwards to integers. Two linear programs find it in floating point; integers prove it: a
//! table that reaches the end, checked, and a bound from the dual values that nothing passes. Where that fails,
//! exact arithmetic decides. The auditor never stops at the first safe quantity. Where rounding of a relation makes the integer tables fewer than the
//! real ones the interval may be wider than integers allow: protection is therefore decided by integer
//! [`crate::witnesses`].
//!
//! In components of thousands of variables two programs for each are too dear. There an interval is bounded from
//! outside by what follows from single relations, over and over, and from inside by tables of integers that few moves
//! lead to ([`Audit::inner`]); where the two meet, it is exact.

use super::{
    control::{Control, Stage},
    explorer::{Explorer, too_large},
    nearby::Nearby,
    presolve::{Component, presolve},
    witnesses::LARGE,
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

impl Audit {
    /// Components of more variables have their intervals bounded from outside and from inside.
    pub const LARGE: usize = LARGE;

    /// Whether an interval is known exactly.
    pub fn is_exact(&self, variable: u32) -> bool {
        self.intervals[variable as usize] == self.inner[variable as usize]
    }
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
    /// By position; published variables are points. No table lies beyond: this is what readers may be shown.
    pub intervals: Vec<Interval>,
    /// By position, what tables of integers reach, each of them checked: this is what safety may be judged by. The same
    /// as `intervals` but in components of more than [`Audit::LARGE`] variables, where both ends of an interval are
    /// too dear to be found exactly.
    pub inner: Vec<Interval>,
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
    let step = |more: usize| {
        let done = counter.fetch_add(more, std::sync::atomic::Ordering::Relaxed) + more;
        if more > 1 || done.is_multiple_of(64) || done == total {
            control.report(Stage::Audit, done, total);
        }
    };
    let mut bounded = Vec::new();
    for (at, component) in presolved.components.iter().enumerate() {
        if component.variables.len() > LARGE
            && let Some(nearby) = Nearby::new(component, control)?
        {
            bounded.push((at, nearby.inner(control, &step)?));
        }
    }
    let mut chunks: Vec<(usize, Vec<u32>)> = Vec::new();
    for (at, component) in presolved.components.iter().enumerate() {
        if bounded.iter().any(|b| b.0 == at) {
            continue;
        }
        let all: Vec<u32> = (0..component.variables.len() as u32).collect();
        chunks.extend(all.chunks(CHUNK).map(|chunk| (at, chunk.to_vec())));
    }
    let results = control.for_each(&chunks, |(at, targets)| {
        let mut explorer = Explorer::new(&presolved.components[*at], targets, 0)?;
        let intervals = explorer.run(control, &|| step(1))?;
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
    let mut inner = intervals.clone();
    for (at, ends) in bounded {
        let component = &presolved.components[at];
        for (local, (low, high)) in ends.into_iter().enumerate() {
            let variable = component.variables[local] as usize;
            intervals[variable] = outer(component, local)?;
            inner[variable] = Interval {
                low,
                high: Some(high),
            };
        }
    }
    Ok(Audit {
        intervals,
        inner,
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

/// What follows from single relations.
fn outer(component: &Component, variable: usize) -> Result<Interval, DisclosureError> {
    let bounds = component.implied[variable];
    let narrow = |bound: i128| i64::try_from(bound).map_err(|_| too_large(component));
    Ok(Interval {
        low: bounds.low.map_or(Ok(i64::MIN), narrow)?,
        high: bounds.high.map(narrow).transpose()?,
    })
}
