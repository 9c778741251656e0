//! Witnesses of large components: one table of integers, and moves of few cells from it.
//!
//! Moves are made in one table where none undoes what another is there for, so that few tables serve many cells.

use std::collections::BTreeMap;

use super::{
    base::{alone, table},
    control::{Control, Stage},
    explorer::Pair,
    moves::Region,
    presolve::Component,
    region::{Ground, Mobility, Move, Place, Scratch},
};
use crate::{DisclosureError, system::System};

/// Cells of a region, one after the other.
const SIZES: [usize; 4] = [48, 200, 1000, 5000];
/// Cells of a region in which the ends of intervals are looked for; larger ones only where what is found is narrower
/// than this.
const AROUND: [usize; 2] = [100, 600];
const NARROW: i64 = 4;
/// Cells that are worked on side by side. Results depend on it, and not on the number of threads.
const BATCH: usize = 32;

/// A component with one table of it.
pub(crate) struct Nearby {
    system: System,
    /// How many of the system's variables are the component's; the others stay zero.
    count: usize,
    values: Vec<i64>,
}

/// Tables of a component and, by target, two of them; none where they were not found.
pub(crate) struct Tables {
    pub(crate) tables: Vec<Vec<i64>>,
    pub(crate) pairs: Vec<Option<Pair>>,
}

/// A table in which several moves have been made.
struct Shared {
    values: Vec<i64>,
    /// By variable, 1 where it must not fall back, −1 where it must not rise: it is a witness there.
    claims: Vec<i8>,
}

impl Shared {
    fn new(values: &[i64], count: usize) -> Self {
        Self {
            values: values.to_vec(),
            claims: vec![0; count],
        }
    }
}

impl Nearby {
    /// A component and a table of it; none where no table is found.
    ///
    /// # Errors
    /// When cancelled.
    pub(crate) fn new(
        component: &Component,
        control: &Control<'_>,
    ) -> Result<Option<Self>, DisclosureError> {
        let Some(system) = alone(component) else {
            return Ok(None);
        };
        let values = table(component, &Ground::new(&system), control)?;
        let count = component.variables.len();
        Ok(values.map(|mut values| {
            values.resize(system.len(), 0);
            Self {
                system,
                count,
                values,
            }
        }))
    }

    /// Moves of each target from the table, one after the other: as far down and as far up as wanted, or as is found.
    /// Without `width`, as far as regions of `sizes` let them go.
    fn ends(
        &self,
        ground: &Ground<'_>,
        target: u32,
        width: Option<i64>,
        sizes: &[usize],
    ) -> Vec<Move> {
        let mobility = |v: u32| match (v as usize) < self.count {
            true => Mobility::Free,
            false => Mobility::Fixed,
        };
        let place = Place {
            values: &self.values,
            mobility: &mobility,
            known: &|_| true,
            knowledge: &[],
        };
        let mut best: Vec<Move> = Vec::new();
        let mut most = 0;
        for &size in sizes {
            let near = ground.near(&place, target, size, &mut Scratch::default());
            let goal = width.unwrap_or(1 << 40);
            let reach = |goal: i64| {
                let mut program = Region::new(ground, place, &near, target)?;
                program.reach(goal)
            };
            let up = reach(goal);
            let have = up.as_ref().map_or(0, |up| by(up, target));
            let down = match width {
                Some(width) if have >= width => None,
                Some(width) => reach(have - width),
                None => reach(-goal),
            };
            let reached = have.saturating_sub(down.as_ref().map_or(0, |down| by(down, target)));
            if reached > most {
                most = reached;
                best = up.into_iter().chain(down).collect();
            }
            let limits = self.system.limits()[target as usize];
            let all = limits.high.and_then(|high| high.checked_sub(limits.low));
            let enough = width.unwrap_or(NARROW.min(all.unwrap_or(NARROW)));
            if most >= enough || near.len() < size {
                break;
            }
        }
        best
    }

    /// For each target, two tables that differ in it by the width.
    ///
    /// # Errors
    /// When cancelled.
    pub(crate) fn witness(
        &self,
        targets: &[u32],
        width: u64,
        control: &Control<'_>,
    ) -> Result<Tables, DisclosureError> {
        let ground = Ground::new(&self.system);
        let mut tables = vec![Shared::new(&self.values, self.count)];
        // By variable, where it is least and greatest.
        let mut ends: BTreeMap<u32, Pair> = BTreeMap::new();
        let wide = |ends: &BTreeMap<u32, Pair>, tables: &[Shared], target: u32| {
            ends.get(&target).is_some_and(|pair| {
                let value = |table: usize| tables[table].values[target as usize];
                value(pair.high).abs_diff(value(pair.low)) >= width
            })
        };
        let goal = i64::try_from(width).unwrap_or(i64::MAX);
        let batches = targets.len().div_ceil(BATCH).max(1);
        for batch in 0..batches {
            control.check()?;
            control.report(Stage::Witnesses, batch * BATCH, targets.len());
            let open: Vec<u32> = targets
                .iter()
                .copied()
                .skip(batch)
                .step_by(batches)
                .filter(|&target| !wide(&ends, &tables, target))
                .collect();
            let found = control.for_each(&open, |&target| {
                control.check()?;
                Ok(self.ends(&ground, target, Some(goal), &SIZES))
            })?;
            for (target, moves) in open.into_iter().zip(found) {
                if wide(&ends, &tables, target) {
                    continue;
                }
                for moved in moves {
                    // The first table stays as it is: others are compared with it.
                    let fits = (1..tables.len()).find(|&at| {
                        let way = by(&moved, target).signum();
                        let own = tables[at].values[target as usize] - self.values[target as usize];
                        own.signum() != -way && self.apply(&ground, &mut tables[at], &moved)
                    });
                    let at = fits.unwrap_or_else(|| {
                        let mut table = Shared::new(&self.values, self.count);
                        self.apply(&ground, &mut table, &moved);
                        tables.push(table);
                        tables.len() - 1
                    });
                    for &(v, way) in &moved {
                        if v != target && wide(&ends, &tables, v) {
                            continue;
                        }
                        let pair = ends.entry(v).or_insert(Pair { low: 0, high: 0 });
                        let value = |table: usize| tables[table].values[v as usize];
                        if way > 0 && value(at) > value(pair.high) {
                            pair.high = at;
                        } else if way < 0 && value(at) < value(pair.low) {
                            pair.low = at;
                        } else {
                            continue;
                        }
                        tables[at].claims[v as usize] = way.signum() as i8;
                    }
                }
            }
        }
        let pair = |&target: &u32| {
            wide(&ends, &tables, target)
                .then(|| ends.get(&target).copied())
                .flatten()
        };
        let pairs = match width {
            0 => vec![Some(Pair { low: 0, high: 0 }); targets.len()],
            _ => targets.iter().map(pair).collect(),
        };
        let values = tables.into_iter().map(|mut table| {
            table.values.truncate(self.count);
            table.values
        });
        Ok(Tables {
            tables: values.collect(),
            pairs,
        })
    }

    /// Makes a move in a table, if that stays one of the system and takes no claim back.
    fn apply(&self, ground: &Ground<'_>, table: &mut Shared, moved: &[(u32, i64)]) -> bool {
        let against = |&(v, by): &(u32, i64)| i64::from(table.claims[v as usize]) == -by.signum();
        if moved.iter().any(against) {
            return false;
        }
        let place = Place {
            values: &table.values,
            mobility: &|_| Mobility::Free,
            known: &|_| true,
            knowledge: &[],
        };
        let fits = ground.is_move(&place, moved);
        if fits {
            for &(v, by) in moved {
                table.values[v as usize] += by;
            }
        }
        fits
    }

    /// By variable, the least and the greatest value of tables that moves of few cells lead to. `step` hears of every
    /// variable that is done.
    ///
    /// # Errors
    /// When cancelled.
    pub(crate) fn inner(
        &self,
        control: &Control<'_>,
        step: &(dyn Fn(usize) + Sync),
    ) -> Result<Vec<(i64, i64)>, DisclosureError> {
        let ground = Ground::new(&self.system);
        let limits = self.system.limits();
        let mut ends: Vec<(i64, i64)> = self.values.iter().map(|&v| (v, v)).collect();
        let all: Vec<u32> = (0..self.count as u32).collect();
        for batch in all.chunks(8 * BATCH) {
            // What other moves have taken as far as it goes needs none of its own.
            let open: Vec<u32> = batch
                .iter()
                .copied()
                .filter(|&v| {
                    let (seen, limits) = (ends[v as usize], limits[v as usize]);
                    (seen.0, Some(seen.1)) != (limits.low, limits.high)
                })
                .collect();
            let found = control.for_each(&open, |&target| {
                control.check()?;
                Ok(self.ends(&ground, target, None, &AROUND))
            })?;
            for (v, by) in found.into_iter().flatten().flatten() {
                let value = self.values[v as usize] + by;
                let seen = &mut ends[v as usize];
                *seen = (seen.0.min(value), seen.1.max(value));
            }
            step(batch.len());
        }
        ends.truncate(self.count);
        Ok(ends)
    }
}

fn by(moved: &[(u32, i64)], variable: u32) -> i64 {
    let at = moved.binary_search_by_key(&variable, |m| m.0);
    at.map_or(0, |at| moved[at].1)
}
