//! What follows at once from a published view: determined variables, tightened bounds, and the connected
//! components of what is left, each of which can be audited alone.

use super::simplex::{Bounds, Row};
use crate::{
    DisclosureError,
    system::{System, View},
    witness::LARGEST,
};

/// Rounds of bound tightening: each is valid, so that stopping early only leaves work to the solver.
const ROUNDS: usize = 40;

/// Unknown variables that relations tie together.
#[derive(Clone, Debug)]
pub(crate) struct Component {
    /// Positions in the system, ascending.
    pub(crate) variables: Vec<u32>,
    /// Relations over positions within `variables`.
    pub(crate) rows: Vec<Row>,
    pub(crate) bounds: Vec<Bounds>,
    /// Bounds that follow from single relations.
    pub(crate) implied: Vec<Bounds>,
}

/// A view after presolve.
#[derive(Clone, Debug)]
pub(crate) struct Presolved {
    /// Values that are published or follow at once.
    pub(crate) determined: Vec<Option<i64>>,
    pub(crate) components: Vec<Component>,
}

type Range = (i128, Option<i128>);

/// The greatest value there is.
const FURTHEST: i128 = i64::MAX as i128;

/// Refuses relations that witnesses may not have, whose sums might leave the range of exact arithmetic.
///
/// # Errors
/// [`DisclosureError::TooLarge`] with the variables of the first.
pub(crate) fn check_range(system: &System) -> Result<(), DisclosureError> {
    let is_large = |t: &(u32, i64)| t.1.unsigned_abs() > LARGEST;
    let mut relations = system.relations().iter();
    match relations.find(|r| r.terms.iter().any(is_large)) {
        None => Ok(()),
        Some(relation) => Err(DisclosureError::TooLarge {
            variables: relation.terms.iter().map(|t| t.0).collect(),
        }),
    }
}

/// Least and greatest sum of a relation, and how many terms leave each open, be it because they leave the range of
/// exact arithmetic.
fn activity(terms: &[(u32, i64)], ranges: &[Range]) -> [(i128, u32); 2] {
    let (mut least, mut most) = ((0i128, 0), (0i128, 0));
    for &(v, c) in terms {
        let (low, high) = ranges[v as usize];
        let c = i128::from(c);
        let ends = [Some(low * c), high.map(|h| h * c)];
        let [small, large] = if c > 0 { ends } else { [ends[1], ends[0]] };
        for (sum, end) in [(&mut least, small), (&mut most, large)] {
            match end.and_then(|end| sum.0.checked_add(end)) {
                Some(more) => sum.0 = more,
                None => sum.1 += 1,
            }
        }
    }
    [least, most]
}

/// Tightens ranges by one relation; None when it cannot hold.
fn tighten(
    terms: &[(u32, i64)],
    low: Option<i128>,
    high: Option<i128>,
    ranges: &mut [Range],
) -> Option<bool> {
    let [least, most] = activity(terms, ranges);
    if high.is_some_and(|h| least.1 == 0 && least.0 > h)
        || low.is_some_and(|l| most.1 == 0 && most.0 < l)
    {
        return None;
    }
    let mut changed = false;
    for &(v, c) in terms {
        let (old_low, old_high) = ranges[v as usize];
        let c = i128::from(c);
        let (mut new_low, mut new_high) = (old_low, old_high);
        // The others at their least leave at most this much for the term, and the other way round.
        let (own_least, own_most) = if c > 0 {
            (Some(old_low * c), old_high.map(|h| h * c))
        } else {
            (old_high.map(|h| h * c), Some(old_low * c))
        };
        let rest = |sum: (i128, u32), own: Option<i128>| match (sum.1, own) {
            (0, Some(own)) => sum.0.checked_sub(own),
            (1, None) => Some(sum.0),
            _ => None,
        };
        // Bounds that no value reaches say nothing, and chains of them would leave the range of exact arithmetic.
        let mut at_most = |bound: i128| {
            if bound <= FURTHEST {
                new_high = Some(new_high.map_or(bound, |h| h.min(bound)));
            }
        };
        let mut at_least = |bound: i128| {
            if bound <= FURTHEST {
                new_low = new_low.max(bound);
            }
        };
        let minus = |bound: Option<i128>, rest: Option<i128>| bound?.checked_sub(rest?);
        if let Some(room) = minus(high, rest(least, own_least)) {
            if c > 0 {
                at_most(room.div_euclid(c));
            } else {
                at_least(-(room.div_euclid(-c)));
            }
        }
        if let Some(spare) = minus(rest(most, own_most), low) {
            if c > 0 {
                at_least(-(spare.div_euclid(c)));
            } else {
                at_most(spare.div_euclid(-c));
            }
        }
        if new_high.is_some_and(|h| h < new_low) {
            return None;
        }
        if (new_low, new_high) != (old_low, old_high) {
            ranges[v as usize] = (new_low, new_high);
            changed = true;
            // The sums computed above are now wider than need be, never narrower: they stay valid.
        }
    }
    Some(changed)
}

/// Works out what follows at once from a view.
///
/// # Errors
/// When what is published contradicts a relation or a limit, or a coefficient is beyond exact arithmetic.
pub(crate) fn presolve(system: &System, view: &View) -> Result<Presolved, DisclosureError> {
    check_range(system)?;
    let mut ranges: Vec<Range> = Vec::with_capacity(system.len());
    for (at, (limits, value)) in system.limits().iter().zip(&view.values).enumerate() {
        let range = match *value {
            Some(v) => {
                if v < limits.low || limits.high.is_some_and(|h| v > h) {
                    return Err(DisclosureError::Contradiction {
                        variables: vec![at as u32],
                    });
                }
                (i128::from(v), Some(i128::from(v)))
            }
            None => (i128::from(limits.low), limits.high.map(i128::from)),
        };
        ranges.push(range);
    }
    let known: Vec<_> = system
        .relations()
        .iter()
        .filter(|r| r.fact.is_none_or(|f| view.facts[f as usize]))
        .collect();
    let wide = |bound: Option<i64>| bound.map(i128::from);
    let mut open: Vec<bool> = vec![true; known.len()];
    let mut touching: Vec<Vec<u32>> = vec![Vec::new(); system.len()];
    for (at, relation) in known.iter().enumerate() {
        for &(v, _) in &relation.terms {
            touching[v as usize].push(at as u32);
        }
    }
    for _ in 0..ROUNDS {
        let mut any = false;
        for (at, relation) in known.iter().enumerate() {
            if !std::mem::take(&mut open[at]) {
                continue;
            }
            let before: Vec<Range> = relation
                .terms
                .iter()
                .map(|t| ranges[t.0 as usize])
                .collect();
            let changed = tighten(
                &relation.terms,
                wide(relation.low),
                wide(relation.high),
                &mut ranges,
            )
            .ok_or_else(|| DisclosureError::Contradiction {
                variables: relation.terms.iter().map(|t| t.0).collect(),
            })?;
            if changed {
                any = true;
                for (&(v, _), before) in relation.terms.iter().zip(before) {
                    if ranges[v as usize] != before {
                        for &other in &touching[v as usize] {
                            open[other as usize] = true;
                        }
                    }
                }
            }
        }
        if !any {
            break;
        }
    }
    let determined: Vec<Option<i64>> = ranges
        .iter()
        .map(|&(low, high)| {
            (high == Some(low))
                .then(|| i64::try_from(low).ok())
                .flatten()
        })
        .collect();
    let components = components(system, view, &known, &determined, &ranges);
    Ok(Presolved {
        determined,
        components,
    })
}

fn components(
    system: &System,
    view: &View,
    known: &[&crate::system::Relation],
    determined: &[Option<i64>],
    ranges: &[Range],
) -> Vec<Component> {
    let mut root: Vec<u32> = (0..system.len() as u32).collect();
    fn find(root: &mut [u32], mut v: u32) -> u32 {
        while root[v as usize] != v {
            root[v as usize] = root[root[v as usize] as usize];
            v = root[v as usize];
        }
        v
    }
    let unknown = |v: u32| determined[v as usize].is_none();
    for relation in known {
        let mut first: Option<u32> = None;
        for &(v, _) in relation.terms.iter().filter(|t| unknown(t.0)) {
            let r = find(&mut root, v);
            match first {
                None => first = Some(r),
                // The smaller position leads, so that the order of components is that of their variables.
                Some(f) if f != r => {
                    let (lead, follow) = (f.min(r), f.max(r));
                    root[follow as usize] = lead;
                    first = Some(lead);
                }
                Some(_) => {}
            }
        }
    }
    let mut place: Vec<(usize, u32)> = vec![(usize::MAX, 0); system.len()];
    let mut of_root: Vec<usize> = vec![usize::MAX; system.len()];
    let mut list: Vec<Component> = Vec::new();
    for v in (0..system.len() as u32).filter(|&v| unknown(v)) {
        let r = find(&mut root, v) as usize;
        if of_root[r] == usize::MAX {
            of_root[r] = list.len();
            list.push(Component {
                variables: Vec::new(),
                rows: Vec::new(),
                bounds: Vec::new(),
                implied: Vec::new(),
            });
        }
        let component = &mut list[of_root[r]];
        place[v as usize] = (of_root[r], component.variables.len() as u32);
        component.variables.push(v);
        let limits = system.limits()[v as usize];
        component.bounds.push(Bounds {
            low: Some(i128::from(limits.low)),
            high: limits.high.map(i128::from),
        });
        let (low, high) = ranges[v as usize];
        component.implied.push(Bounds {
            low: Some(low),
            high,
        });
    }
    debug_assert!(
        view.values
            .iter()
            .zip(determined)
            .all(|(p, d)| p.is_none() || p == d)
    );
    for relation in known {
        let mut constant = 0i128;
        let mut terms = Vec::new();
        let mut at = usize::MAX;
        for &(v, c) in &relation.terms {
            match determined[v as usize] {
                Some(value) => constant += i128::from(c) * i128::from(value),
                None => {
                    at = place[v as usize].0;
                    terms.push((place[v as usize].1, c));
                }
            }
        }
        if !terms.is_empty() {
            list[at].rows.push(Row {
                terms,
                low: relation.low.map(|l| i128::from(l) - constant),
                high: relation.high.map(|h| i128::from(h) - constant),
            });
        }
    }
    list
}
