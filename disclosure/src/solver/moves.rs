//! The program of a region: how far a cell can move while few others move with it, and at what cost.
//!
//! It is written in changes, so that the table at hand is its origin. With costs it is the heuristic of
//! Castro (2002) beyond network flows: the cheapest change of published cells by which a cell moves so far, which
//! says what to withhold.

use std::collections::BTreeMap;

use super::{
    region::{Ground, Move, Place},
    simplex::{Bounds, Direction, Optimum, Row, Simplex, ceil, floor, is_whole},
    sketch::{Give, Sketch},
};

/// Nodes of a search for integers where a program ends between them.
const NODES: u32 = 24;
/// Larger numbers are not told apart from their neighbours in floating point.
const LARGEST: i128 = 1 << 50;

/// The program of one region.
pub(crate) struct Region<'r, 'a> {
    ground: &'r Ground<'a>,
    place: Place<'r>,
    target: u32,
    /// By column, the variable and whether it counts down.
    columns: Vec<(u32, bool)>,
    /// Columns beyond these are what rows give way by.
    moving: usize,
    target_column: u32,
    /// The row whose sum is the cost.
    costs: Option<u32>,
    simplex: Simplex,
}

impl<'r, 'a> Region<'r, 'a> {
    /// The program of the variables `region`, which hold the target; none where the target cannot move among them.
    pub(crate) fn new(
        ground: &'r Ground<'a>,
        place: Place<'r>,
        region: &[u32],
        target: u32,
    ) -> Option<Self> {
        Self::sketched(ground, place, region, target, false)
    }

    /// As [`Region::new`], where what moves freely has a small cost too: the cheapest move is one of few cells, and
    /// then seldom one of fractions.
    pub(crate) fn sparing(
        ground: &'r Ground<'a>,
        place: Place<'r>,
        region: &[u32],
        target: u32,
    ) -> Option<Self> {
        Self::sketched(ground, place, region, target, true)
    }

    fn sketched(
        ground: &'r Ground<'a>,
        place: Place<'r>,
        region: &[u32],
        target: u32,
        sparing: bool,
    ) -> Option<Self> {
        let sketch = Sketch::new(ground, &place, region, target, sparing);
        let centre = region.iter().position(|&v| v == target)?;
        if sketch.fixed[centre] {
            return None;
        }
        // What hangs together with the target.
        let rows = sketch.binding();
        let mut of: Vec<Vec<usize>> = vec![Vec::new(); region.len()];
        for (at, (terms, _)) in rows.iter().enumerate() {
            terms.iter().for_each(|t| of[t.0 as usize].push(at));
        }
        let mut reached = vec![false; region.len()];
        let mut row_reached = vec![false; rows.len()];
        reached[centre] = true;
        let mut next = vec![centre];
        while let Some(v) = next.pop() {
            for &row in &of[v] {
                if !std::mem::replace(&mut row_reached[row], true) {
                    for &(other, _) in &rows[row].0 {
                        if !std::mem::replace(&mut reached[other as usize], true) {
                            next.push(other as usize);
                        }
                    }
                }
            }
        }
        let mut bounds: Vec<Bounds> = Vec::new();
        let mut columns: Vec<(u32, bool)> = Vec::new();
        let mut prices: Vec<(u32, i64)> = Vec::new();
        let mut place_of: Vec<(u32, bool)> = vec![(0, false); region.len()];
        let mut target_column = 0;
        for (at, &v) in region.iter().enumerate().filter(|(at, _)| reached[*at]) {
            let give = sketch.variables[at];
            // No move is that long, and the table at hand lies between.
            let give = Give {
                low: give.low.map(|low| low.max(-LARGEST)),
                high: give.high.map(|high| high.min(LARGEST)),
                ..give
            };
            let column = columns.len() as u32;
            place_of[at] = (column, give.cost > 0 && at != centre);
            if at == centre {
                target_column = column;
            }
            if give.cost > 0 && at != centre {
                let [up, down] = split(give);
                bounds.extend([up, down]);
                columns.extend([(v, false), (v, true)]);
                prices.extend([(column, give.cost), (column + 1, give.cost)]);
            } else {
                bounds.push(Bounds {
                    low: give.low,
                    high: give.high,
                });
                columns.push((v, false));
            }
        }
        let moving = columns.len();
        let mut program: Vec<Row> = Vec::new();
        for (terms, give) in rows.iter().zip(&row_reached).filter(|r| *r.1).map(|r| r.0) {
            let mut own: Vec<(u32, i64)> = Vec::with_capacity(terms.len() + 2);
            for &(v, c) in terms {
                let (column, is_split) = place_of[v as usize];
                own.push((column, c));
                if is_split {
                    own.push((column + 1, -c));
                }
            }
            let (mut low, mut high) = (give.low, give.high);
            if give.cost > 0 && !give.nothing() {
                let column = bounds.len() as u32;
                bounds.extend(split(*give));
                own.extend([(column, -1), (column + 1, 1)]);
                prices.extend([(column, give.cost), (column + 1, give.cost)]);
                (low, high) = (Some(0), Some(0));
            }
            program.push(Row {
                terms: own,
                low,
                high,
            });
        }
        let costs = (!prices.is_empty()).then(|| {
            program.push(Row {
                terms: prices,
                low: Some(0),
                high: None,
            });
            (bounds.len() + program.len() - 1) as u32
        });
        let mut simplex = Simplex::new(&bounds, &program);
        simplex.place(&vec![0.0; bounds.len() + program.len()]);
        Some(Self {
            ground,
            place,
            target,
            columns,
            moving,
            target_column,
            costs,
            simplex,
        })
    }

    /// Moves the target as far as it goes, and no further than `goal` (negative for downwards). None when it cannot
    /// move that way at all, or not by integers.
    pub(crate) fn reach(&mut self, goal: i64) -> Option<Move> {
        let direction = if goal > 0 {
            Direction::Up
        } else {
            Direction::Down
        };
        let end = goal as f64;
        let size = self.simplex.saved(self.target_column);
        let optimum = self
            .simplex
            .optimise_until(self.target_column, direction, Some(end));
        let reached = match (optimum, direction) {
            (Optimum::Unbounded, _) => goal,
            (Optimum::At(value), Direction::Up) => i64::try_from(floor(value)).ok()?.min(goal),
            (Optimum::At(value), Direction::Down) => i64::try_from(ceil(value)).ok()?.max(goal),
        };
        if reached == 0 {
            return None;
        }
        let found = self.read().or_else(|| self.integers(reached));
        self.simplex.put_back(self.target_column, size);
        found.filter(|moved| self.by(moved) != 0 && (self.by(moved) > 0) == (goal > 0))
    }

    /// Moves the target by `goal` at the least cost.
    pub(crate) fn cheapest(&mut self, goal: i64) -> Option<Move> {
        self.fix(goal);
        self.simplex.restore().ok()?;
        if let Some(costs) = self.costs {
            self.simplex.optimise(costs, Direction::Down);
        }
        let found = self.read().or_else(|| self.integers(goal));
        found.filter(|moved| self.by(moved) == goal)
    }

    fn fix(&mut self, goal: i64) {
        let there = Some(i128::from(goal));
        self.simplex.set_bounds(
            self.target_column,
            Bounds {
                low: there,
                high: there,
            },
        );
    }

    fn by(&self, moved: &[(u32, i64)]) -> i64 {
        let at = moved.binary_search_by_key(&self.target, |t| t.0);
        at.map_or(0, |at| moved[at].1)
    }

    /// The present change, where it is one of integers that holds.
    fn read(&self) -> Option<Move> {
        let mut all = 0..self.moving as u32;
        if !all.all(|column| is_whole(self.simplex.value(column))) {
            return None;
        }
        let point: Vec<i64> = (0..self.moving as u32)
            .map(|column| self.simplex.value(column).round() as i64)
            .collect();
        self.settled(&point)
    }

    /// A change of integers that moves the target by `goal`.
    fn integers(&mut self, goal: i64) -> Option<Move> {
        self.fix(goal);
        let mut nodes = NODES;
        let point = self.simplex.integer_point(self.moving as u32, &mut nodes)?;
        self.settled(&point)
    }

    fn settled(&self, point: &[i64]) -> Option<Move> {
        let mut moved: BTreeMap<u32, i64> = BTreeMap::new();
        for (&(variable, down), &by) in self.columns.iter().zip(point) {
            *moved.entry(variable).or_default() += if down { -by } else { by };
        }
        let moved: Move = moved.into_iter().filter(|m| m.1 != 0).collect();
        let moved = self.ground.complete(&self.place, self.target, moved);
        self.ground.is_move(&self.place, &moved).then_some(moved)
    }
}

/// Upward and downward part of what gives way.
fn split(give: Give) -> [Bounds; 2] {
    let part = |high| Bounds { low: Some(0), high };
    [
        part(give.high.map(|high| high.max(0))),
        part(give.low.map(|low| (-low).max(0))),
    ]
}
