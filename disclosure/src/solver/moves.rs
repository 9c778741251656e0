//! The program of a region: how far a cell can move while few others move with it, and at what cost.
//!
//! It is written in changes, so that the table at hand is its origin. With costs it is the heuristic of
//! Castro (2002) beyond network flows: the cheapest change of published cells by which a cell moves so far, which
//! says what to withhold.

use std::collections::BTreeMap;

use super::{
    region::{Ground, Mobility, Move, Place},
    simplex::{Bounds, Direction, Optimum, Row, Simplex, ceil, floor, is_whole},
};

/// Nodes of a search for integers where a program ends between them.
const NODES: u32 = 24;
/// Larger numbers are not told apart from their neighbours in floating point.
const LARGEST: i128 = 1 << 50;

/// How far the sum of a row may change, and what each unit costs.
#[derive(Clone, Copy, Debug)]
struct Give {
    low: Option<i128>,
    high: Option<i128>,
    cost: i64,
}

fn meet(a: Option<i128>, b: Option<i128>, choose: fn(i128, i128) -> i128) -> Option<i128> {
    match (a, b) {
        (Some(a), Some(b)) => Some(choose(a, b)),
        (a, b) => a.or(b),
    }
}

impl Give {
    fn and(self, other: Self) -> Self {
        Self {
            low: meet(self.low, other.low, i128::max),
            high: meet(self.high, other.high, i128::min),
            cost: self.cost.saturating_add(other.cost),
        }
    }

    fn nothing(self) -> bool {
        self.low == Some(0) && self.high == Some(0)
    }
}

/// Everything about a region before it is a program.
struct Sketch {
    /// By variable of the region: how far it may change, what each unit costs.
    variables: Vec<Give>,
    fixed: Vec<bool>,
    /// Row, variable and coefficient, by row.
    entries: Vec<(u32, u32, i64)>,
    /// Where the entries of each row start, and at last where they end.
    starts: Vec<u32>,
    rows: Vec<Give>,
}

impl Sketch {
    fn new(
        ground: &Ground<'_>,
        place: &Place<'_>,
        region: &[u32],
        target: u32,
        sparing: bool,
    ) -> Self {
        let mut variables = Vec::with_capacity(region.len());
        let mut all: Vec<(u32, u32, i64)> = Vec::with_capacity(16 * region.len());
        for (at, &v) in region.iter().enumerate() {
            let limits = ground.limits(place, v);
            let value = i128::from(place.values[v as usize]);
            let cost = match (place.mobility)(v) {
                Mobility::At(cost) => i64::from(cost),
                Mobility::Free => i64::from(sparing),
                Mobility::Fixed => 0,
            };
            variables.push(Give {
                low: Some(i128::from(limits.low) - value),
                high: limits.high.map(|high| i128::from(high) - value),
                cost,
            });
            let relations = ground.touching[v as usize].iter();
            all.extend(relations.map(|&(relation, c)| (relation, at as u32, c)));
        }
        all.sort_unstable();
        let mut sketch = Self {
            fixed: vec![false; variables.len()],
            variables,
            entries: Vec::with_capacity(all.len()),
            starts: vec![0],
            rows: Vec::new(),
        };
        for same in all.chunk_by(|a, b| a.0 == b.0) {
            if let Some(give) = give(ground, place, same[0].0, target) {
                let row = sketch.rows.len() as u32;
                let entries = same.iter().map(|&(_, v, c)| (row, v, c));
                sketch.entries.extend(entries);
                sketch.starts.push(sketch.entries.len() as u32);
                sketch.rows.push(give);
            }
        }
        sketch.settle();
        sketch
    }

    fn row(&self, row: u32) -> &[(u32, u32, i64)] {
        let (start, end) = (self.starts[row as usize], self.starts[row as usize + 1]);
        &self.entries[start as usize..end as usize]
    }

    /// The rows of every variable, end to end, and where those of each start.
    fn columns(&self) -> (Vec<u32>, Vec<u32>) {
        let mut starts = vec![0u32; self.variables.len() + 1];
        for entry in &self.entries {
            starts[entry.1 as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut rows = vec![0u32; self.entries.len()];
        for entry in &self.entries {
            let at = &mut next[entry.1 as usize];
            rows[*at as usize] = entry.0;
            *at += 1;
        }
        (rows, starts)
    }

    /// Fixes what single rows fix, until there is no more of it: rows of one variable are bounds of it.
    fn settle(&mut self) {
        let (rows_of, starts) = self.columns();
        let mut left: Vec<u32> = self.starts.windows(2).map(|w| w[1] - w[0]).collect();
        let mut next: Vec<u32> = (0..left.len() as u32)
            .filter(|&row| left[row as usize] == 1)
            .collect();
        while let Some(row) = next.pop() {
            if left[row as usize] != 1 {
                continue;
            }
            left[row as usize] = 0;
            let give = self.rows[row as usize];
            let mut open = self.row(row).iter().filter(|e| !self.fixed[e.1 as usize]);
            let Some(&(_, v, c)) = open.next() else {
                continue;
            };
            // `low ≤ c·x ≤ high` with c positive, so that division rounds inwards.
            let (c, low, high) = match (i128::from(c), give.low, give.high) {
                (c, low, high) if c > 0 => (c, low, high),
                (c, low, high) => (-c, high.map(|h| -h), low.map(|l| -l)),
            };
            let inwards = Give {
                low: low.map(|low| -((-low).div_euclid(c))),
                high: high.map(|high| high.div_euclid(c)),
                cost: give.cost.saturating_mul(c as i64),
            };
            let v = v as usize;
            self.variables[v] = self.variables[v].and(inwards);
            if self.variables[v].nothing() {
                self.fixed[v] = true;
                for &other in &rows_of[starts[v] as usize..starts[v + 1] as usize] {
                    let left = &mut left[other as usize];
                    *left = left.saturating_sub(1);
                    if *left == 1 {
                        next.push(other);
                    }
                }
            }
        }
    }

    /// The rows that bind several variables, each once.
    fn binding(&self) -> Vec<(Vec<(u32, i64)>, Give)> {
        let mut rows: Vec<(Vec<(u32, i64)>, Give)> = Vec::new();
        for (row, &give) in self.rows.iter().enumerate() {
            let open = |e: &&(u32, u32, i64)| !self.fixed[e.1 as usize];
            let entries = self.row(row as u32).iter().filter(open);
            if entries.clone().nth(1).is_some() {
                rows.push((entries.map(|e| (e.1, e.2)).collect(), give));
            }
        }
        rows.sort_by(|a, b| a.0.cmp(&b.0));
        rows.dedup_by(|later, first| {
            let same = later.0 == first.0;
            if same {
                first.1 = first.1.and(later.1);
            }
            same
        });
        rows
    }
}

/// What a relation gives way by, within a region that holds `target`; none where it binds nothing.
fn give(ground: &Ground<'_>, place: &Place<'_>, relation: u32, target: u32) -> Option<Give> {
    if !(place.known)(&ground.system.relations()[relation as usize]) {
        return None;
    }
    let (low, high) = ground.leeway(place.values, relation);
    let mut give = Give { low, high, cost: 0 };
    let slack = ground.slack(place, relation, target);
    let soft = || ground.soft(place, relation, target);
    if let Some((total, c)) = slack.or_else(soft) {
        let limits = ground.limits(place, total);
        let value = i128::from(place.values[total as usize]);
        let (down, up) = (
            Some(i128::from(limits.low) - value),
            limits.high.map(|high| i128::from(high) - value),
        );
        // The rest of the relation changes by what the total takes up.
        let c = i128::from(c);
        let times = |end: Option<i128>| end.map(|end| end * c);
        let (least, most) = if c > 0 {
            (times(down), times(up))
        } else {
            (times(up), times(down))
        };
        give.low = give.low.zip(most).map(|(low, most)| low - most);
        give.high = give.high.zip(least).map(|(high, least)| high - least);
        if let (Mobility::At(cost), None) = ((place.mobility)(total), slack) {
            give.cost = i64::from(cost);
        }
    }
    Some(give)
}

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
            let column = columns.len() as u32;
            place_of[at] = (column, give.cost > 0 && at != centre);
            if at == centre {
                target_column = column;
            }
            if give.low.is_some_and(|low| low < -LARGEST) || give.high.is_some_and(|h| h > LARGEST)
            {
                return None;
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
