//! What earlier snapshots told, in the system of a frame.
//!
//! A count that has not changed is one variable: a reader may well guess that it is the same. One that has changed has
//! a variable for each of its versions, and how it changed is protected like a count, whichever two snapshots a reader
//! compares; so is the change of what is left of a whole beside a part. Every earlier snapshot's relations hold among
//! its own versions. Where a population has never shrunk, readers are taken to know that it only grows.

use std::collections::{BTreeMap, BTreeSet};

use contract::{Level, Period};
use disclosure::{Limits, Role};

use super::{
    cells::{Node, Nodes, Policy},
    frame::{Frame, Layer},
};
use crate::ledger::{Standing, Version};

/// A population and where it was counted.
type Key<'a> = (usize, Node<'a>);

/// The versions of every count of a frame.
pub(super) struct History<'a> {
    versions: BTreeMap<Key<'a>, &'a [Version]>,
    levels: BTreeMap<Node<'a>, Level>,
    /// Nothing differs from the newest snapshot.
    pub(super) settled: bool,
}

impl<'a> History<'a> {
    /// Of the frame with these nodes; of what is no longer counted too.
    pub(super) fn of(policy: &Policy<'a>, nodes: &Nodes<'a>) -> Self {
        let mut history = Self {
            versions: BTreeMap::new(),
            levels: BTreeMap::new(),
            settled: false,
        };
        let Some(longest) = nodes.keys().map(|node| node.1.granularity()).min() else {
            return history;
        };
        let frame = |p: Period| Period::containing(p.year(), p.month(), longest);
        let frames: BTreeSet<Period> = nodes.keys().map(|node| frame(node.1)).collect();
        for (node, counts) in policy.past.places() {
            let counted = nodes.contains_key(&node) || policy.covers_node(node);
            if !counted || !frames.contains(&frame(node.1)) {
                continue;
            }
            history.levels.insert(node, policy.level(node.0));
            for (id, versions) in counts {
                if let Some(population) = policy.position(id) {
                    history.versions.insert((population, node), versions);
                }
            }
        }
        let counted = |&(population, node): &Key<'a>| {
            let counts = nodes.get(&node).map(|counted| counted.counts)?;
            counts.get(population).map(|count| count.cast_signed())
        };
        let mut before = history.versions.iter();
        let same = |(key, versions): (&Key<'a>, &&[Version])| {
            versions.last().and_then(|last| last.count) == counted(key)
        };
        let all = nodes.len() * policy.contract.populations.len();
        let still = history
            .versions
            .keys()
            .filter(|key| nodes.contains_key(&key.1))
            .filter(|key| key.0 < policy.contract.populations.len());
        history.settled = still.count() == all && before.all(same);
        history
    }

    /// The counts that a key had.
    pub(super) fn counts(&self, key: Key<'a>) -> impl Iterator<Item = i64> {
        let versions = self.versions.get(&key).copied().unwrap_or_default();
        versions.iter().filter_map(|version| version.count)
    }

    /// The most that was told of a count while it was what it is now: a reader may guess that it is the same again.
    pub(super) fn standing(&self, key: Key<'a>, count: i64) -> Option<Standing> {
        let versions = self.versions.get(&key)?.iter();
        let same = versions.filter(|version| version.count == Some(count));
        same.map(|version| version.standing).max()
    }

    /// Adds the versions of every count, the relations of every snapshot, and what has changed between them.
    pub(super) fn join(&self, policy: &Policy<'a>, nodes: &Nodes<'a>, frame: &mut Frame<'a>) {
        let mut sequences: BTreeMap<Key<'a>, Vec<u32>> = BTreeMap::new();
        let mut layers: BTreeMap<usize, Layer<'a>> = BTreeMap::new();
        for since in self
            .versions
            .values()
            .flat_map(|v| v.iter().map(|v| v.since))
        {
            layers.entry(since).or_default();
        }
        for (&key, versions) in &self.versions {
            let current = frame.variables.get(&key).copied();
            let now = current.map(|v| frame.problem.values[v as usize]);
            // Equal counts are one variable, however often they come again.
            let mut same: BTreeMap<i64, u32> = now.zip(current).into_iter().collect();
            let mut told: BTreeMap<i64, Standing> = BTreeMap::new();
            for version in versions.iter() {
                if let Some(count) = version.count {
                    let most = told.entry(count).or_insert(version.standing);
                    *most = (*most).max(version.standing);
                }
            }
            for (&count, &standing) in &told {
                same.entry(count)
                    .or_insert_with(|| remember(policy, frame, count, standing));
            }
            let at = |version: &Version| version.count.and_then(|count| same.get(&count).copied());
            let variables: Vec<Option<u32>> = versions.iter().map(at).collect();
            for (&snapshot, layer) in &mut layers {
                let then = versions.partition_point(|version| version.since <= snapshot);
                let variable = then.checked_sub(1).and_then(|at| variables[at]);
                if let Some(variable) = variable {
                    layer.insert(key, variable);
                }
            }
            let mut sequence: Vec<u32> = variables.into_iter().flatten().collect();
            sequence.extend(current);
            sequence.dedup();
            sequences.insert(key, sequence);
        }
        for (&snapshot, layer) in &layers {
            let tree = policy.past.tree(snapshot);
            let ancestor = |place: &str, level| match tree {
                Some(tree) => tree.ancestor(place, level).map(str::to_owned),
                None => policy.register.ancestor(place, level).map(str::to_owned),
            };
            let declared = policy.past.containment(snapshot);
            let declared = declared.unwrap_or(&policy.populations);
            let there: BTreeSet<Node<'a>> = layer.keys().map(|key| key.1).collect();
            for &node in &there {
                frame.contain(policy, declared, layer, node);
            }
            let levels = there.iter().filter_map(|node| {
                let counted = nodes.get(node).map(|counted| counted.level);
                Some((*node, counted.or_else(|| self.levels.get(node).copied())?))
            });
            frame.sum_up(policy, &ancestor, layer, &levels.collect());
        }
        let growing: BTreeSet<usize> = growing(frame, &sequences);
        for ((population, _), sequence) in &sequences {
            for pair in sequence.windows(2).filter(|_| growing.contains(population)) {
                let terms = [(pair[1], 1), (pair[0], -1)];
                frame.problem.system.relate(&terms, Some(0), None);
            }
        }
        let remainders: Vec<Vec<u32>> = frame.remainders.values().cloned().collect();
        for sequence in sequences.into_values().chain(remainders) {
            for (at, &earlier) in sequence.iter().enumerate() {
                for &later in &sequence[at + 1..] {
                    protect_change(policy, frame, earlier, later);
                }
            }
        }
    }
}

/// A variable for a count as it was: given where it was published, and to be kept open where it was not.
fn remember(policy: &Policy<'_>, frame: &mut Frame<'_>, count: i64, standing: Standing) -> u32 {
    let published = standing == Standing::Published;
    let role = if published { Role::Given } else { Role::Hidden };
    let variable = frame.problem.variable(Limits::NONNEGATIVE, count, role);
    let small = policy.is_small(count.unsigned_abs());
    if standing == Standing::Suppressed || (small && !published) {
        frame.protect(policy, variable, true);
    }
    variable
}

/// The populations whose counts have never become less.
fn growing(frame: &Frame<'_>, sequences: &BTreeMap<Key<'_>, Vec<u32>>) -> BTreeSet<usize> {
    let value = |v: u32| frame.problem.values[v as usize];
    let mut growing: BTreeSet<usize> = sequences.keys().map(|key| key.0).collect();
    for ((population, _), sequence) in sequences {
        if sequence.windows(2).any(|p| value(p[0]) > value(p[1])) {
            growing.remove(population);
        }
    }
    growing
}

/// Requires that a change by few cannot be read.
fn protect_change(policy: &Policy<'_>, frame: &mut Frame<'_>, earlier: u32, later: u32) {
    let value = |v: u32| frame.problem.values[v as usize];
    let (before, after) = (value(earlier), value(later));
    let change = after - before;
    if !policy.is_small(change.unsigned_abs()) {
        return;
    }
    // A reader is taken to know some bound: more knowledge than the true one protects the more.
    let limits = Limits {
        low: -4 * (before.max(after) + policy.width.cast_signed()),
        high: None,
    };
    let variable = frame.problem.variable(limits, change, Role::Hidden);
    let terms = [(later, 1), (earlier, -1), (variable, -1)];
    frame.problem.system.relate(&terms, Some(0), Some(0));
    frame.protect(policy, variable, true);
}
