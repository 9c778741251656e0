//! A table of integers that agrees with what is published, from that alone, for components that no program of the whole
//! can be afforded for.
//!
//! What relations lack in a table near one ([`centre`]) is made good by moves of few cells, as if it were a cell of its
//! own that has to go to zero.

use super::{
    centre::centre,
    control::{Control, Stage},
    moves::Region,
    presolve::Component,
    region::{Ground, Mobility, Place, Scratch},
};
use crate::{
    DisclosureError,
    system::{Limits, System},
};

/// Cells of a region in which a lack is made good, one after the other.
const SIZES: [usize; 5] = [60, 250, 1000, 3000, 9000];
/// Relations that are worked on side by side.
const BATCH: usize = 32;

/// The system of a component by itself: its variables, and then what each relation lacks.
pub(crate) fn alone(component: &Component) -> Option<System> {
    let mut system = System::new();
    let narrow =
        |bound: Option<i128>| bound.map_or(Some(None), |b| i64::try_from(b).ok().map(Some));
    for bounds in &component.implied {
        system.variable(Limits {
            low: narrow(bounds.low)??,
            high: narrow(bounds.high)?,
        });
    }
    for row in &component.rows {
        let lack = system.variable(Limits {
            low: -(1 << 52),
            high: None,
        });
        let terms = row.terms.iter().copied().chain([(lack, 1)]);
        let terms: Vec<(u32, i64)> = terms.collect();
        system.relate(&terms, narrow(row.low)?, narrow(row.high)?);
    }
    Some(system)
}

/// A table of integers of a component; none where it is not found.
///
/// # Errors
/// When cancelled.
pub(crate) fn table(
    component: &Component,
    ground: &Ground<'_>,
    control: &Control<'_>,
) -> Result<Option<Vec<i64>>, DisclosureError> {
    let count = component.variables.len();
    let rows = component.rows.len();
    // A variable of one row alone makes up for the others, so that the row binds little.
    let own = |row: usize| {
        let terms = component.rows[row].terms.iter().rev();
        let mut singles = terms.filter(|t| ground.touching[t.0 as usize].len() == 1);
        singles.find(|t| t.1.abs() == 1).map(|t| t.0)
    };
    let slack: Vec<Option<u32>> = (0..rows).map(own).collect();
    let mut values: Vec<i64> = centre(component, &slack)
        .into_iter()
        .zip(ground.system.limits())
        .map(|(value, limits)| {
            let value = (value.round() as i64).max(limits.low);
            limits.high.map_or(value, |high| value.min(high))
        })
        .collect();
    for (row, slack) in component.rows.iter().zip(&slack) {
        let sum = |values: &[i64]| -> i128 {
            let terms = row.terms.iter();
            terms
                .map(|&(v, c)| i128::from(c) * i128::from(values[v as usize]))
                .sum()
        };
        let lack = |sum: i128| {
            let least = row.low.map_or(sum, |low| sum.max(low));
            row.high.map_or(least, |high| least.min(high)) - sum
        };
        if let Some(total) = *slack {
            let missing = lack(sum(&values[..count]));
            let c = row.terms.iter().find(|t| t.0 == total).map_or(1, |t| t.1);
            let limits = ground.system.limits()[total as usize];
            let value = &mut values[total as usize];
            let wanted = i128::from(*value) + missing * i128::from(c);
            let wanted = i64::try_from(wanted).unwrap_or(*value).max(limits.low);
            *value = limits.high.map_or(wanted, |high| wanted.min(high));
        }
        let missing = lack(sum(&values[..count]));
        let Ok(missing) = i64::try_from(missing) else {
            return Ok(None);
        };
        values.push(missing);
    }
    let done = fill(ground, &mut values, count, control)?;
    values.truncate(count);
    Ok(done.then_some(values))
}

/// Moves cells until no relation lacks anything; false where that comes to a halt.
fn fill(
    ground: &Ground<'_>,
    values: &mut [i64],
    count: usize,
    control: &Control<'_>,
) -> Result<bool, DisclosureError> {
    let lacking = |values: &[i64]| -> Vec<u32> {
        let all = count as u32..values.len() as u32;
        all.filter(|&v| values[v as usize] != 0).collect()
    };
    let total = lacking(values).len();
    let mut sizes = 1;
    loop {
        let open = lacking(values);
        if open.is_empty() {
            return Ok(true);
        }
        let mut moved_any = false;
        let batches = open.len().div_ceil(BATCH);
        for at in 0..batches {
            control.check()?;
            control.report(Stage::Witnesses, total - open.len().min(total), total);
            // Those of a batch lie apart.
            let batch: Vec<u32> = open.iter().copied().skip(at).step_by(batches).collect();
            // What a relation lacks may only shrink.
            let knowledge: Vec<(u32, Limits)> = open
                .iter()
                .map(|&v| {
                    let lack = values[v as usize];
                    let limits = Limits {
                        low: lack.min(0),
                        high: Some(lack.max(0)),
                    };
                    (v, limits)
                })
                .collect();
            let now = &*values;
            let mobility = |v: u32| match (v as usize) < count || now[v as usize] != 0 {
                true => Mobility::Free,
                false => Mobility::Fixed,
            };
            let place = Place {
                values: now,
                mobility: &mobility,
                known: &|_| true,
                knowledge: &knowledge,
            };
            let found = control.for_each(&batch, |&target| {
                control.check()?;
                let lack = now[target as usize];
                let mut sizes = SIZES[..sizes].iter();
                Ok(sizes.find_map(|&size| {
                    if lack == 0 {
                        return None;
                    }
                    let near = ground.near(&place, target, size, &mut Scratch::default());
                    Region::new(ground, place, &near, target)?.reach(-lack)
                }))
            })?;
            for moved in found.into_iter().flatten() {
                let knowledge = knowledge.clone();
                let fits = {
                    let now = &*values;
                    let mobility = |v: u32| match (v as usize) < count || now[v as usize] != 0 {
                        true => Mobility::Free,
                        false => Mobility::Fixed,
                    };
                    // A lack shrinks from what it is by now.
                    let shrinks = |&(v, by): &(u32, i64)| {
                        let lack = now[v as usize];
                        (v as usize) < count
                            || (lack + by).abs() < lack.abs() && (lack + by).signum() * lack >= 0
                    };
                    let place = Place {
                        values: now,
                        mobility: &mobility,
                        known: &|_| true,
                        knowledge: &knowledge,
                    };
                    moved.iter().all(shrinks) && ground.is_move(&place, &moved)
                };
                if fits {
                    for (v, by) in moved {
                        values[v as usize] += by;
                    }
                    moved_any = true;
                }
            }
        }
        if !moved_any {
            if sizes == SIZES.len() {
                return Ok(false);
            }
            sizes += 1;
        }
    }
}
