//! The neighbourhood of a cell, and moves within it.
//!
//! Two tables of integers that differ in a cell need few other cells to differ: where all others stand still, the pair
//! still meets every relation of the whole system. A move that is found among the nearest cells is therefore as good as
//! one that is found among all of them, and it is checked against all relations that it touches, in integers.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
};

use crate::system::{Limits, Relation, System};

/// What is so far from its limits is no limit to moves.
const FAR: u64 = 16;

/// By how much variables change, by position; none by zero.
pub(crate) type Move = Vec<(u32, i64)>;

/// Whether a variable may move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mobility {
    /// It is published and stays so, or nothing is to be changed about it.
    Fixed,
    /// It is not published.
    Free,
    /// It is published, and could be withheld at this cost.
    At(u32),
}

/// A table of integers that meets the relations, and what may move in it.
#[derive(Clone, Copy)]
pub(crate) struct Place<'p> {
    pub(crate) values: &'p [i64],
    pub(crate) mobility: &'p (dyn Fn(u32) -> Mobility + Sync),
    /// Whether a relation is known to hold.
    pub(crate) known: &'p (dyn Fn(&Relation) -> bool + Sync),
    /// What an attacker knows beyond the limits of the system, by variable, ascending.
    pub(crate) knowledge: &'p [(u32, Limits)],
}

/// A system made ready for moves.
pub(crate) struct Ground<'a> {
    pub(crate) system: &'a System,
    /// By variable, its relations and its coefficient there.
    pub(crate) touching: Vec<Vec<(u32, i64)>>,
    /// By relation, the variables that stand in no other.
    singles: Vec<Vec<(u32, i64)>>,
}

/// Marks of what has been visited, kept between searches.
#[derive(Default)]
pub(crate) struct Scratch {
    variables: Vec<u32>,
    relations: Vec<u32>,
    epoch: u32,
}

impl Scratch {
    fn begin(&mut self, ground: &Ground<'_>) {
        self.variables.resize(ground.system.len(), 0);
        self.relations.resize(ground.system.relations().len(), 0);
        self.epoch += 1;
    }

    /// Whether this is the first visit.
    fn visit(marks: &mut [u32], at: u32, epoch: u32) -> bool {
        std::mem::replace(&mut marks[at as usize], epoch) != epoch
    }
}

/// Steps to one of `choices` variables, in sixteenths of a bit: the logarithm adds up where choices multiply.
fn distance(choices: usize) -> u32 {
    let bits = choices.max(1).ilog2();
    16 * bits + (((choices.max(1) << 4) >> bits) as u32 & 15) + 1
}

impl<'a> Ground<'a> {
    pub(crate) fn new(system: &'a System) -> Self {
        let mut touching: Vec<Vec<(u32, i64)>> = vec![Vec::new(); system.len()];
        for (at, relation) in system.relations().iter().enumerate() {
            for &(v, c) in &relation.terms {
                touching[v as usize].push((at as u32, c));
            }
        }
        let single = |t: &&(u32, i64)| touching[t.0 as usize].len() == 1;
        let relations = system.relations().iter();
        let singles = relations
            .map(|r| r.terms.iter().filter(single).copied().collect())
            .collect();
        Self {
            system,
            touching,
            singles,
        }
    }

    /// Whether an item, which may be a fact, and a variable stand in one relation.
    pub(crate) fn share(&self, item: u32, variable: u32) -> bool {
        let own = &self.touching[variable as usize];
        match (item as usize).checked_sub(self.touching.len()) {
            None => {
                let item = &self.touching[item as usize];
                own.iter()
                    .any(|r| item.binary_search_by_key(&r.0, |i| i.0).is_ok())
            }
            Some(fact) => own.iter().any(|r| {
                let relation = &self.system.relations()[r.0 as usize];
                relation.fact == Some(fact as u32)
            }),
        }
    }

    /// The limits of a variable in a place.
    pub(crate) fn limits(&self, place: &Place<'_>, variable: u32) -> Limits {
        let mut limits = self.system.limits()[variable as usize];
        if let Ok(at) = place.knowledge.binary_search_by_key(&variable, |k| k.0) {
            let known = place.knowledge[at].1;
            limits.low = limits.low.max(known.low);
            limits.high = match (limits.high, known.high) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
        }
        limits
    }

    /// A variable of a relation, in no other, that can make up for whatever the rest does.
    pub(crate) fn slack(&self, place: &Place<'_>, relation: u32, but: u32) -> Option<(u32, i64)> {
        let mut singles = self.singles[relation as usize].iter();
        singles
            .find(|s| s.0 != but && (place.mobility)(s.0) == Mobility::Free)
            .copied()
    }

    /// Whether a relation holds whatever few cells of it do, since a variable of no other relation makes up for them and
    /// is far from its limits.
    fn gives_way(&self, place: &Place<'_>, relation: u32, but: u32) -> bool {
        self.slack(place, relation, but)
            .is_some_and(|(variable, _)| {
                let limits = self.limits(place, variable);
                let value = place.values[variable as usize];
                let far = |limit: i64| value.abs_diff(limit) >= FAR;
                far(limits.low) && limits.high.is_none_or(far)
            })
    }

    /// A published variable of a relation, in no other, that could be withheld.
    pub(crate) fn soft(&self, place: &Place<'_>, relation: u32, but: u32) -> Option<(u32, i64)> {
        let mut singles = self.singles[relation as usize].iter();
        singles
            .find(|s| s.0 != but && matches!((place.mobility)(s.0), Mobility::At(_)))
            .copied()
    }

    /// The `size` nearest variables that can move, the target first. Totals that stand in one relation alone are left
    /// out where that relation gives way by them.
    pub(crate) fn near(
        &self,
        place: &Place<'_>,
        target: u32,
        size: usize,
        scratch: &mut Scratch,
    ) -> Vec<u32> {
        scratch.begin(self);
        let epoch = scratch.epoch;
        let relations = self.system.relations();
        let mut found = Vec::with_capacity(size);
        let mut heap = BinaryHeap::from([Reverse((0u32, target))]);
        while let Some(Reverse((so_far, variable))) = heap.pop() {
            if !Scratch::visit(&mut scratch.variables, variable, epoch) {
                continue;
            }
            found.push(variable);
            if found.len() >= size {
                break;
            }
            for &(at, _) in &self.touching[variable as usize] {
                let relation = &relations[at as usize];
                let centre = variable == target;
                // Long relations seldom lead where shorter ones do not.
                if (relation.terms.len() > 8 * size && !centre)
                    || !Scratch::visit(&mut scratch.relations, at, epoch)
                    || !(place.known)(relation)
                    || self.gives_way(place, at, target)
                {
                    continue;
                }
                let (mut free, mut all) = (0, 0);
                for &(v, _) in &relation.terms {
                    match (place.mobility)(v) {
                        Mobility::Fixed => {}
                        Mobility::Free => (free, all) = (free + 1, all + 1),
                        Mobility::At(_) => all += 1,
                    }
                }
                if free > 4 * size && !centre {
                    continue;
                }
                // What is withheld already is nearer than what would have to be.
                let (near, far) = (so_far + distance(free), so_far + 24 + distance(all));
                for &(v, _) in &relation.terms {
                    if scratch.variables[v as usize] == epoch {
                        continue;
                    }
                    match (place.mobility)(v) {
                        Mobility::Free => heap.push(Reverse((near, v))),
                        Mobility::At(_)
                            if all <= 4 * size && self.touching[v as usize].len() > 1 =>
                        {
                            heap.push(Reverse((far, v)));
                        }
                        _ => {}
                    }
                }
            }
        }
        found
    }

    /// The changes of whole relations that a move makes.
    fn changes(&self, moved: &[(u32, i64)]) -> BTreeMap<u32, i128> {
        let mut changes: BTreeMap<u32, i128> = BTreeMap::new();
        for &(v, by) in moved {
            for &(relation, c) in &self.touching[v as usize] {
                *changes.entry(relation).or_default() += i128::from(c) * i128::from(by);
            }
        }
        changes
    }

    /// How far a relation lets its sum change: least and most.
    pub(crate) fn leeway(&self, values: &[i64], relation: u32) -> (Option<i128>, Option<i128>) {
        let relation = &self.system.relations()[relation as usize];
        if relation.low.is_some() && relation.low == relation.high {
            // Values meet every relation: an equation lets nothing change, whatever its sum.
            return (Some(0), Some(0));
        }
        let terms = relation.terms.iter();
        let sum: i128 = terms
            .map(|&(v, c)| i128::from(c) * i128::from(values[v as usize]))
            .sum();
        let rest = |bound: Option<i64>| bound.map(|b| i128::from(b) - sum);
        (rest(relation.low), rest(relation.high))
    }

    /// Whether a place stays a table of the system after a move of what may move there: exact, and without a solver.
    pub(crate) fn is_move(&self, place: &Place<'_>, moved: &[(u32, i64)]) -> bool {
        let within = |&(v, by): &(u32, i64)| {
            let limits = self.limits(place, v);
            let value = place.values[v as usize].checked_add(by);
            value.is_some_and(|value| {
                value >= limits.low && limits.high.is_none_or(|high| value <= high)
            })
        };
        let distinct = moved.windows(2).all(|pair| pair[0].0 < pair[1].0);
        distinct
            && moved
                .iter()
                .all(|t| (place.mobility)(t.0) != Mobility::Fixed && within(t))
            && self.changes(moved).into_iter().all(|(at, change)| {
                change == 0 || !(place.known)(&self.system.relations()[at as usize]) || {
                    let (low, high) = self.leeway(place.values, at);
                    low.is_none_or(|low| change >= low) && high.is_none_or(|high| change <= high)
                }
            })
    }

    /// The relations that hold before a move and not after it, known or not.
    pub(crate) fn broken(&self, values: &[i64], moved: &[(u32, i64)]) -> Vec<u32> {
        let changes = self.changes(moved).into_iter();
        let broken = changes.filter(|&(at, change)| {
            let (low, high) = self.leeway(values, at);
            low.is_some_and(|low| change < low) || high.is_some_and(|high| change > high)
        });
        broken.map(|(at, _)| at).collect()
    }

    /// A move completed by what its relations give way by.
    pub(crate) fn complete(&self, place: &Place<'_>, target: u32, moved: Move) -> Move {
        let mut all = moved.clone();
        for (at, change) in self.changes(&moved) {
            let relation = &self.system.relations()[at as usize];
            let (low, high) = self.leeway(place.values, at);
            let fits = low.is_none_or(|low| change >= low) && high.is_none_or(|h| change <= h);
            if fits || !(place.known)(relation) {
                continue;
            }
            let slack = self
                .slack(place, at, target)
                .or_else(|| self.soft(place, at, target));
            if let Some((variable, c)) = slack
                && change % i128::from(c) == 0
                && let Ok(by) = i64::try_from(-change / i128::from(c))
            {
                all.push((variable, by));
            }
        }
        all.sort_unstable();
        all
    }
}
