//! Fewer suppressed cells by exchange: some are published again, and an integer program over the cuts known so far says
//! which others would do in their place.
//!
//! All items but few keep what they are, so that the program is small and solved to its end. What it proposes is held
//! against the requirements, as elsewhere; what they break becomes cuts, which hold for every pattern and serve all
//! neighbourhoods after. A pattern is only ever left for a better one that meets every requirement.

use std::collections::BTreeMap;

use super::{
    control::{Control, Stage},
    cuts::{Cut, share},
    master::Point,
    problem::Pattern,
    repair::{is_suppressed, item_cost, set},
    trials::Trials,
};
use crate::DisclosureError;

/// Suppressed items that may be exchanged at once, and what for, one after the other.
const PASSES: [(usize, Aim); 3] = [(12, Aim::Fewer), (24, Aim::Fewer), (8, Aim::Cheaper)];
/// Published items that may take the place of each of them.
const OFFERED: usize = 5;
/// Cuts of more items say nothing of what is near.
const LONG: usize = 200;
/// Proposals of one neighbourhood.
const TRIES: usize = 24;
/// Nodes of each of its programs.
const NODES: u64 = 3000;

/// What an exchange is to gain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Aim {
    /// Fewer items.
    Fewer,
    /// No more items, at less cost.
    Cheaper,
}

/// What is known while items are exchanged.
struct Exchange<'t, 'm, 'a> {
    trials: &'t mut Trials<'m, 'a>,
    /// By item, the cuts that hold it, of those up to `indexed`.
    holding: Vec<Vec<u32>>,
    indexed: usize,
}

/// Exchanges items of a safe pattern until none of the neighbourhoods looked at holds a better one, or as many as
/// `effort` have been. `guide` says by item how likely it is suppressed in the least pattern.
///
/// # Errors
/// When cancelled, or numbers are too large; the pattern is safe all the same.
pub(crate) fn exchange(
    trials: &mut Trials<'_, '_>,
    pattern: &mut Pattern,
    guide: &Point,
    effort: usize,
    control: &Control<'_>,
) -> Result<(), DisclosureError> {
    let problem = trials.problem;
    // Proofs of the pattern; where one is missing, nothing can be told from it.
    if !trials.broken(pattern)?.is_empty() {
        return Ok(());
    }
    let mut work = Exchange {
        holding: vec![Vec::new(); guide.len()],
        indexed: 0,
        trials,
    };
    let mut spent = 0;
    for (ruined, aim) in PASSES {
        let mut gained = true;
        while gained {
            gained = false;
            let mut seeds: Vec<u32> = work.trials.master.items.clone();
            seeds.retain(|&item| is_suppressed(pattern, item));
            seeds.sort_by(|&a, &b| {
                let dear = |item| item_cost(problem, item);
                let by_guide = guide[a as usize].total_cmp(&guide[b as usize]);
                by_guide.then(dear(b).cmp(&dear(a))).then(a.cmp(&b))
            });
            let mut covered = vec![false; guide.len()];
            for seed in seeds {
                if covered[seed as usize] || !is_suppressed(pattern, seed) {
                    continue;
                }
                control.check()?;
                control.report(Stage::Search, spent, effort);
                if spent >= effort {
                    return Ok(());
                }
                spent += 1;
                let (ruin, offer) = work.around(pattern, seed, ruined);
                if work.improve(pattern, &ruin, &offer, aim)? {
                    gained = true;
                } else {
                    ruin.iter().for_each(|&item| covered[item as usize] = true);
                }
            }
        }
    }
    Ok(())
}

impl Exchange<'_, '_, '_> {
    /// Takes in the cuts that have been found since the last time.
    fn index(&mut self) {
        let cuts = &self.trials.master.cuts;
        for (at, cut) in cuts.iter().enumerate().skip(self.indexed) {
            for &(item, _) in &cut.terms {
                self.holding[item as usize].push(at as u32);
            }
        }
        self.indexed = cuts.len();
    }

    /// The cuts that an item's publication would break.
    fn resting<'s>(&'s self, slack: &'s [f64], item: u32) -> impl Iterator<Item = &'s Cut> {
        self.holding[item as usize].iter().filter_map(move |&at| {
            let cut = &self.trials.master.cuts[at as usize];
            let own = cut.terms.iter().find(|t| t.0 == item)?.1;
            (slack[at as usize] - own < -1e-9).then_some(cut)
        })
    }

    /// Suppressed items around `seed` for which the same others could do, and those others.
    fn around(&mut self, pattern: &Pattern, seed: u32, size: usize) -> (Vec<u32>, Vec<u32>) {
        self.index();
        let have = share(pattern);
        let cuts = self.trials.master.cuts.iter();
        let slack: Vec<f64> = cuts.map(|cut| cut.slack(&have)).collect();
        // How much an item would pay for the cuts that are broken, the shorter cuts weighing more.
        let mut offer: BTreeMap<u32, f64> = BTreeMap::new();
        // By suppressed item, how many of its cuts the offer can pay for, weighed alike.
        let mut near: BTreeMap<u32, f64> = BTreeMap::new();
        let mut ruin = vec![seed];
        let mut last = seed;
        while ruin.len() < size {
            for cut in self.resting(&slack, last) {
                let others = cut.terms.iter().filter(|t| t.1 > 0.0).map(|t| t.0);
                let others: Vec<u32> = others
                    .filter(|&item| self.trials.is_open(pattern, item))
                    .collect();
                let weight = 1.0 / others.len().max(1) as f64;
                for item in others {
                    let paid = offer.entry(item).or_default();
                    let is_new = *paid == 0.0;
                    *paid += weight;
                    if is_new {
                        self.draw_near(pattern, &slack, item, &mut near);
                    }
                }
            }
            let next = near
                .iter()
                .filter(|(item, _)| !ruin.contains(item))
                .map(|(&item, &score)| {
                    let all = self.resting(&slack, item).count().max(1);
                    (item, score / (all as f64).sqrt())
                })
                .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
            let Some((next, _)) = next else { break };
            ruin.push(next);
            last = next;
        }
        let mut offered: Vec<(u32, f64)> = offer.into_iter().collect();
        offered.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        offered.truncate(OFFERED * size);
        (ruin, offered.into_iter().map(|o| o.0).collect())
    }

    /// Adds to the scores of the suppressed items whose cuts `item` could pay for.
    fn draw_near(
        &self,
        pattern: &Pattern,
        slack: &[f64],
        item: u32,
        near: &mut BTreeMap<u32, f64>,
    ) {
        for &at in &self.holding[item as usize] {
            let (cut, slack) = (&self.trials.master.cuts[at as usize], slack[at as usize]);
            // Long cuts are met in many ways, and tell little of what hangs together.
            if cut.terms.len() > LONG {
                continue;
            }
            for &(other, c) in &cut.terms {
                if slack - c < -1e-9
                    && self.trials.master.holds(other)
                    && is_suppressed(pattern, other)
                {
                    *near.entry(other).or_default() += 1.0 / cut.terms.len() as f64;
                }
            }
        }
    }

    /// Puts the best choice among the items of a neighbourhood in place of the present one, if it is better.
    fn improve(
        &mut self,
        pattern: &mut Pattern,
        ruin: &[u32],
        offer: &[u32],
        aim: Aim,
    ) -> Result<bool, DisclosureError> {
        let problem = self.trials.problem;
        let mut free = [ruin, offer].concat();
        free.sort_unstable();
        let cost = |items: &[u32]| -> (usize, u64) {
            let costs = items.iter().map(|&item| item_cost(problem, item));
            (items.len(), costs.sum())
        };
        let have = cost(ruin);
        let most = match aim {
            Aim::Fewer => ruin.len() - 1,
            Aim::Cheaper => ruin.len(),
        };
        let mut point = self.trials.master.base();
        for &item in &self.trials.master.items {
            point[item as usize] = share(pattern)(item);
        }
        for _ in 0..TRIES {
            self.index();
            let mut rows: Vec<u32> = free
                .iter()
                .flat_map(|&item| &self.holding[item as usize])
                .copied()
                .collect();
            rows.sort_unstable();
            rows.dedup();
            let Some(chosen) = self.trials.master.among(&rows, &free, &point, most, NODES) else {
                return Ok(false);
            };
            if cost(&chosen) >= have {
                return Ok(false);
            }
            let mut trial = pattern.clone();
            for &item in &free {
                set(
                    problem,
                    &mut trial,
                    item,
                    chosen.binary_search(&item).is_ok(),
                );
            }
            let broken = self.trials.broken(&trial)?;
            if broken.is_empty() {
                *pattern = trial;
                return Ok(true);
            }
            self.trials.master.cuts.extend(broken);
        }
        Ok(false)
    }
}
