//! The auditor: what a reader of a view can work out of every quantity that is not published.
//!
//! Each feasible interval is exact: the least and the greatest value over **all** tables that agree with what
//! is published, found by two linear programs in exact arithmetic, rounded inwards to integers. The auditor
//! never stops at the first safe quantity. Where rounding of a relation makes the integer tables fewer than the
//! real ones the interval may be wider than integers allow: protection is therefore decided by integer
//! [`crate::witnesses`].

use super::{
    control::{Control, Stage},
    presolve::{Component, presolve},
    simplex::{Direction, Failure, Optimum, Simplex},
};
use crate::{
    DisclosureError,
    system::{System, View},
};

/// Nodes of a search for one integer table before it counts as not found.
const NODES: u32 = 400;

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
    let results = control.for_each(&presolved.components, |component| {
        let targets: Vec<u32> = (0..component.variables.len() as u32).collect();
        let mut explorer = Explorer::new(component, &targets, 0)?;
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
    for (component, (found, pivots)) in presolved.components.iter().zip(results) {
        steps += pivots;
        for (&v, interval) in component.variables.iter().zip(found) {
            intervals[v as usize] = interval;
        }
    }
    Ok(Audit {
        intervals,
        components: presolved.components.len(),
        unknown: total,
        relations: presolved.components.iter().map(|c| c.rows.len()).sum(),
        steps,
    })
}

/// Two integer tables of a component that differ in a target: positions in [`Explorer::pool`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) low: usize,
    pub(crate) high: usize,
}

/// One component under audit: its tableau, and the integer tables seen on the way.
pub(crate) struct Explorer<'a> {
    component: &'a Component,
    pub(crate) simplex: Simplex,
    targets: &'a [u32],
    /// Width that witnesses must show; 0 when none are wanted.
    width: u64,
    /// Integer tables, each over the component's variables.
    pub(crate) pool: Vec<Vec<i64>>,
    /// For each target, the tables of the pool where it is least and greatest.
    extremes: Vec<Option<Pair>>,
}

pub(crate) fn too_large(component: &Component) -> DisclosureError {
    DisclosureError::TooLarge {
        variables: component.variables.clone(),
    }
}

impl<'a> Explorer<'a> {
    pub(crate) fn new(
        component: &'a Component,
        targets: &'a [u32],
        width: u64,
    ) -> Result<Self, DisclosureError> {
        let overflow = |_| too_large(component);
        let mut simplex =
            Simplex::new(&component.bounds, &component.rows, false).map_err(overflow)?;
        simplex.restore().map_err(|failure| match failure {
            Failure::Overflow => too_large(component),
            Failure::Infeasible(local) => DisclosureError::Contradiction {
                variables: local
                    .into_iter()
                    .filter_map(|v| component.variables.get(v as usize).copied())
                    .collect(),
            },
        })?;
        let mut explorer = Self {
            component,
            simplex,
            targets,
            width,
            pool: Vec::new(),
            extremes: vec![None; targets.len()],
        };
        explorer.observe().map_err(overflow)?;
        Ok(explorer)
    }

    /// Keeps the present table if it is one of integers and takes a target further than any before.
    fn observe(&mut self) -> Result<bool, super::rational::Overflow> {
        let count = self.component.variables.len() as u32;
        if !(0..count).all(|v| self.simplex.value(v).is_integer()) {
            return Ok(false);
        }
        let point: Result<Vec<i64>, _> = (0..count)
            .map(|v| i64::try_from(self.simplex.value(v).floor()))
            .collect();
        self.keep(point.map_err(|_| super::rational::Overflow)?);
        Ok(true)
    }

    fn keep(&mut self, point: Vec<i64>) {
        let at = self.pool.len();
        let mut useful = false;
        for (&target, extremes) in self.targets.iter().zip(&mut self.extremes) {
            let value = point[target as usize];
            match extremes {
                None => {
                    *extremes = Some(Pair { low: at, high: at });
                    useful = true;
                }
                Some(pair) => {
                    let (low, high) = (
                        self.pool[pair.low][target as usize],
                        self.pool[pair.high][target as usize],
                    );
                    // Witnesses once found are kept, so that few tables serve many cells.
                    if self.width > 0 && high.abs_diff(low) >= self.width {
                        continue;
                    }
                    if value < low {
                        pair.low = at;
                        useful = true;
                    } else if value > high {
                        pair.high = at;
                        useful = true;
                    }
                }
            }
        }
        if useful {
            self.pool.push(point);
        }
    }

    /// Exact intervals of the targets, in their order.
    pub(crate) fn run(
        &mut self,
        control: &Control<'_>,
        step: &dyn Fn(),
    ) -> Result<Vec<Interval>, DisclosureError> {
        let mut intervals = Vec::with_capacity(self.targets.len());
        for at in 0..self.targets.len() {
            control.check()?;
            intervals.push(self.interval(at)?);
            step();
        }
        Ok(intervals)
    }

    /// Exact interval of one target.
    pub(crate) fn interval(&mut self, at: usize) -> Result<Interval, DisclosureError> {
        let target = self.targets[at];
        let overflow = |_| too_large(self.component);
        let narrow = |v: i128| i64::try_from(v).map_err(|_| too_large(self.component));
        let mut ends = [None; 2];
        let implied = self.component.implied[target as usize];
        for (end, direction) in ends.iter_mut().zip([Direction::Down, Direction::Up]) {
            // A table already seen at the bound that one relation implies needs no program.
            let (bound, seen) = match (direction, self.extremes[at]) {
                (Direction::Down, Some(p)) => (implied.low, self.pool[p.low][target as usize]),
                (Direction::Up, Some(p)) => (implied.high, self.pool[p.high][target as usize]),
                (_, None) => (None, 0),
            };
            if bound == Some(i128::from(seen)) {
                *end = Some(seen);
                continue;
            }
            let optimum = self.simplex.optimise(target, direction).map_err(overflow)?;
            if let Optimum::At(value) = optimum {
                let rounded = match direction {
                    Direction::Down => value.ceil(),
                    Direction::Up => value.floor(),
                };
                *end = Some(narrow(rounded)?);
            }
            self.observe().map_err(overflow)?;
        }
        Ok(Interval {
            low: ends[0].unwrap_or(i64::MIN),
            high: ends[1],
        })
    }

    /// Two integer tables that differ in a target by the width, found by branching where the programs' own
    /// tables are not integers or do not differ enough; none when there are none within reach.
    pub(crate) fn witness(&mut self, at: usize) -> Result<Option<Pair>, DisclosureError> {
        let target = self.targets[at];
        let overflow = |_| too_large(self.component);
        for direction in [Direction::Down, Direction::Up] {
            if let Some(pair) = self.found(at) {
                return Ok(Some(pair));
            }
            // As far as possible first; then towards the middle.
            let optimum = self.simplex.optimise(target, direction).map_err(overflow)?;
            self.observe().map_err(overflow)?;
            let mut goal = match (optimum, direction) {
                (Optimum::At(v), Direction::Down) => v.ceil(),
                (Optimum::At(v), Direction::Up) => v.floor(),
                (Optimum::Unbounded, _) => {
                    let from = self.simplex.value(target).ceil();
                    from + i128::from(self.width.min(1 << 40)) + 1
                }
            };
            for _ in 0..4 {
                if self.found(at).is_some() {
                    break;
                }
                let saved = self.simplex.bounds(target);
                let mut wanted = saved;
                match direction {
                    Direction::Down => wanted.high = Some(goal),
                    Direction::Up => wanted.low = Some(goal),
                }
                let mut nodes = NODES;
                self.simplex.set_bounds(target, wanted).map_err(overflow)?;
                let count = self.component.variables.len() as u32;
                let point = self
                    .simplex
                    .integer_point(count, &mut nodes)
                    .map_err(overflow)?;
                self.simplex.set_bounds(target, saved).map_err(overflow)?;
                self.simplex
                    .restore()
                    .map_err(|_| too_large(self.component))?;
                if let Some(point) = point {
                    self.keep(point);
                    break;
                }
                goal += if direction == Direction::Down { 1 } else { -1 };
            }
        }
        Ok(self.found(at))
    }

    /// The witnesses of a target, if they have been seen.
    pub(crate) fn found(&self, at: usize) -> Option<Pair> {
        let target = self.targets[at] as usize;
        self.extremes[at].filter(|pair| {
            let (low, high) = (self.pool[pair.low][target], self.pool[pair.high][target]);
            high.abs_diff(low) >= self.width
        })
    }
}
