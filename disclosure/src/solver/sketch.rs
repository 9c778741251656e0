//! A region before it is a program: what moves, what binds, and what of it is left once single rows have had their say.

use super::region::{Ground, Mobility, Place};

/// How far the sum of a row may change, and what each unit costs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Give {
    pub(super) low: Option<i128>,
    pub(super) high: Option<i128>,
    pub(super) cost: i64,
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

    pub(super) fn nothing(self) -> bool {
        self.low == Some(0) && self.high == Some(0)
    }
}

/// Everything about a region before it is a program.
pub(super) struct Sketch {
    /// By variable of the region: how far it may change, what each unit costs.
    pub(super) variables: Vec<Give>,
    pub(super) fixed: Vec<bool>,
    /// Row, variable and coefficient, by row.
    entries: Vec<(u32, u32, i64)>,
    /// Where the entries of each row start, and at last where they end.
    starts: Vec<u32>,
    rows: Vec<Give>,
}

impl Sketch {
    pub(super) fn new(
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
    pub(super) fn binding(&self) -> Vec<(Vec<(u32, i64)>, Give)> {
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
