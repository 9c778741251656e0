//! Local suppression: values that are not told in the records of the classes that fall short.

use std::collections::BTreeSet;

use super::{
    Microdata,
    anonymise::Policy,
    measure::{Class, Counted, whole},
};

/// No value of a record is suppressed.
pub(super) const NONE: u32 = 0;
/// With more keys only single keys and all keys are tried.
const MOST_KEYS: usize = 10;

/// Which values are suppressed, and the classes that follow.
#[derive(Clone, Debug)]
pub(super) struct Suppression {
    /// For each row the keys that are not told, a bit each.
    pub masks: Vec<u32>,
    /// The class of each row.
    pub classes: Vec<u32>,
    /// Cases with suppressed values.
    pub cases: u64,
}

impl Suppression {
    pub fn none(data: &Microdata, levels: &[usize]) -> Self {
        Self {
            masks: data.untold.clone(),
            classes: data.classes(levels, &data.untold),
            cases: 0,
        }
    }
}

/// What a class must reach, for one recoding.
pub(super) struct Test<'a> {
    pub policy: &'a Policy,
    pub counted: Counted<'a>,
    pub whole: Class,
}

impl Test<'_> {
    pub fn holds(&self, class: &Class) -> bool {
        let Policy {
            k,
            outcome_k,
            l,
            entropy_l,
            t,
            ..
        } = self.policy;
        let diverse = class.outcomes.is_empty() || class.distinct() >= *l;
        let even = class.outcomes.is_empty()
            || entropy_l.is_none_or(|least| class.entropy_l() >= least - ROUNDING);
        let close =
            t.is_none_or(|most| self.counted.distance(class, &self.whole) <= most + ROUNDING);
        class.cases >= *k && class.smallest_combination() >= *outcome_k && diverse && even && close
    }
}

/// Sums of shares are exact to about this.
const ROUNDING: f64 = 1e-9;

/// Suppresses values in the classes that fall short, the fewest keys first, until each record is in a class that
/// holds: a suppressed value matches nothing but its like. Classes are moved whole, so that none is left behind
/// short. None when more than `most` cases would be touched, or when even all records together fall short.
pub(super) fn suppress(
    data: &Microdata,
    levels: &[usize],
    test: &Test,
    most: u64,
) -> Option<Suppression> {
    let counted = &test.counted;
    let mut result = Suppression::none(data, levels);
    let rows: Vec<usize> = data.in_file(data.last()).collect();
    let found = counted.classes(&result.classes, rows.iter().copied());
    let held = |class: &Class| class.cases == 0 || test.holds(class);
    let short: Vec<bool> = found.iter().map(|class| !held(class)).collect();
    let touched: u64 = found
        .iter()
        .zip(&short)
        .filter(|(_, short)| **short)
        .map(|(class, _)| class.cases)
        .sum();
    if touched == 0 {
        return Some(result);
    }
    if touched > most {
        return None;
    }
    let mut open: Vec<usize> = rows
        .iter()
        .copied()
        .filter(|&row| short[result.classes[row] as usize])
        .collect();
    let told: u32 = (0..levels.len())
        .filter(|&key| levels[key] < data.keys[key].levels.len())
        .map(|key| 1 << key)
        .sum();
    for mask in masks(told) {
        for &row in &open {
            result.masks[row] = mask;
        }
        result.classes = data.classes(levels, &result.masks);
        let classes = counted.classes(&result.classes, open.iter().copied());
        open.retain(|&row| !test.holds(&classes[result.classes[row] as usize]));
    }
    if !open.is_empty() {
        fill(data, levels, &mut result, &rows, test, told)?;
    }
    let classes = counted.classes(&result.classes, rows.iter().copied());
    let touched: BTreeSet<u32> = rows
        .iter()
        .filter(|&&row| result.masks[row] != NONE)
        .map(|&row| result.classes[row])
        .collect();
    result.cases = touched.iter().map(|&at| classes[at as usize].cases).sum();
    // Nothing above is trusted without this.
    (result.cases <= most && classes.iter().all(held)).then_some(result)
}

/// Moves further classes, the smallest first, into the one whose keys are all suppressed, until it holds.
fn fill(
    data: &Microdata,
    levels: &[usize],
    result: &mut Suppression,
    rows: &[usize],
    test: &Test,
    told: u32,
) -> Option<()> {
    let pooled = |masks: &[u32], row: usize| masks[row] == told;
    let pool = rows.iter().find(|&&row| pooled(&result.masks, row))?;
    let pool = result.classes[*pool];
    let classes = test.counted.classes(&result.classes, rows.iter().copied());
    let mut candidates: Vec<(u64, u32)> = classes
        .iter()
        .zip(0..)
        .filter(|(class, at)| class.cases > 0 && *at != pool)
        .map(|(class, at)| (class.cases, at))
        .collect();
    candidates.sort_unstable();
    let mut candidates = candidates.into_iter();
    let mut members: Vec<Class> = vec![classes[pool as usize].clone()];
    let mut moved = BTreeSet::new();
    while !test.holds(&whole(&members)) {
        let (_, at) = candidates.next()?;
        members.push(classes[at as usize].clone());
        moved.insert(at);
    }
    for &row in rows {
        if moved.contains(&result.classes[row]) {
            result.masks[row] = told;
        }
    }
    result.classes = data.classes(levels, &result.masks);
    Some(())
}

/// The sets of keys to suppress: the fewest first, all of them last.
fn masks(told: u32) -> Vec<u32> {
    let keys: Vec<u32> = (0..u32::BITS)
        .map(|at| 1 << at)
        .filter(|bit| told & bit != 0)
        .collect();
    let mut masks: Vec<u32> = if keys.len() > MOST_KEYS {
        keys
    } else {
        (1..1u32 << keys.len())
            .map(|set| {
                let chosen = keys.iter().zip(0..).filter(|(_, at)| set & 1 << at != 0);
                chosen.map(|(bit, _)| bit).sum()
            })
            .collect()
    };
    masks.push(told);
    masks.sort_unstable_by_key(|mask: &u32| (mask.count_ones(), *mask));
    masks.dedup();
    masks
}
