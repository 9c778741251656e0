//! The classes of a breakdown, small ones joined, the same in every table.

use std::collections::{BTreeMap, BTreeSet};

use contract::dataset::{Breakdown, Category, DisclosurePolicy};

use super::{AggregateError, Engine};

impl Engine<'_> {
    /// The classes that tables show: those that were not joined, and the fallback if anything was.
    pub(super) fn classes(
        &self,
        breakdown: &Breakdown,
        recoding: &BTreeMap<String, String>,
    ) -> Vec<Category> {
        let declared = self.dataset.contract.classes(&breakdown.column);
        let mut classes: Vec<Category> = declared
            .iter()
            .filter(|c| recoding.get(&c.code) == Some(&c.code))
            .cloned()
            .collect();
        let joined = recoding.values().any(|to| *to == breakdown.fallback.code);
        if joined && !classes.iter().any(|c| c.code == breakdown.fallback.code) {
            classes.push(breakdown.fallback.clone());
        }
        classes
    }

    /// Which published class each declared class goes to. Small classes are joined into the fallback, the
    /// smallest first, until no class of the widest table is smaller than the threshold; where earlier snapshots had
    /// classes, they stay, and what was in none of them goes to the fallback.
    pub(super) async fn join_small_classes(
        &self,
        breakdown: &Breakdown,
    ) -> Result<BTreeMap<String, String>, AggregateError> {
        let fallback = breakdown.fallback.code.clone();
        let declared = self.dataset.contract.classes(&breakdown.column).iter();
        let mut recoding: BTreeMap<String, String> =
            declared.map(|c| (c.code.clone(), c.code.clone())).collect();
        let (Some(&level), Some(&granularity)) = (
            breakdown.levels.iter().min(),
            breakdown.granularities.iter().min(),
        ) else {
            return Ok(recoding);
        };
        let groups = self
            .groups(Some(breakdown), &recoding, level, granularity, &[])
            .await?;
        // The fallback stands in the tables only where something falls into it.
        if groups.keys().any(|(.., class)| *class == fallback) {
            recoding.insert(fallback.clone(), fallback.clone());
        }
        let before = self.past.classes(&breakdown.id);
        if !before.is_empty() {
            if before.contains(&*fallback) {
                for (class, to) in &mut recoding {
                    if !before.contains(&**class) {
                        to.clone_from(&fallback);
                    }
                }
                recoding.insert(fallback.clone(), fallback);
            }
            return Ok(recoding);
        }
        let DisclosurePolicy::MinimumFrequency { threshold, .. } = self.dataset.contract.disclosure
        else {
            return Ok(recoding);
        };
        // Rows of each class in each place and period of the widest table.
        let mut sizes: BTreeMap<(String, String), BTreeMap<String, u64>> = BTreeMap::new();
        for ((place, period, class), group) in groups {
            let rows = group.counts.iter().copied().max().unwrap_or(0);
            *sizes
                .entry((place, period))
                .or_default()
                .entry(class)
                .or_default() += rows;
        }
        loop {
            let size = |code: &str| -> (u64, u64) {
                let cells = sizes.values().map(|classes| {
                    let sources = recoding
                        .iter()
                        .filter(|(_, to)| *to == code)
                        .map(|(from, _)| from);
                    sources.filter_map(|from| classes.get(from)).sum::<u64>()
                });
                let cells: Vec<u64> = cells.collect();
                (
                    cells.iter().copied().filter(|&n| n > 0).min().unwrap_or(0),
                    cells.iter().sum(),
                )
            };
            let mut current: Vec<(u64, String)> = recoding
                .values()
                .collect::<BTreeSet<_>>()
                .into_iter()
                .filter(|code| **code != fallback)
                .map(|code| (size(code).1, code.clone()))
                .collect();
            current.sort();
            let too_small = current
                .iter()
                .find(|(_, code)| (1..threshold).contains(&size(code).0));
            let rest_too_small = (1..threshold).contains(&size(&fallback).0);
            let next = too_small
                .or_else(|| current.first().filter(|_| rest_too_small))
                .map(|(_, code)| code.clone());
            let Some(next) = next else {
                return Ok(recoding);
            };
            recoding.insert(next, fallback.clone());
        }
    }
}
