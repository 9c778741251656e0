//! Patterns from the linear relaxation: what it nearly suppresses is suppressed for good, a few items at a time, and the
//! relaxation goes on from there. Then what the cuts ask for is added, likely items first, and what turns out to be
//! needless is published again.

use std::collections::BTreeMap;

use super::{
    bound::Relaxation,
    control::{Control, Stage},
    cuts::{Oracle, share},
    lots::Lots,
    master::Point,
    problem::Pattern,
    repair::{Name, conditional, is_suppressed, item_cost, name, set},
    trials::Trials,
};
use crate::DisclosureError;

/// Steps of the multipliers after each few items.
const STEPS: usize = 150;
/// Items of this share are as good as suppressed.
const SURE: f64 = 0.9;
/// A requirement counts as met as long as this part of the shares is left that have met it.
const KEPT: f64 = 0.8;
/// Of what the relaxation suppresses, one part in so many is suppressed for good at once.
const PARTS: f64 = 12.0;
/// Of what the relaxation has yet to suppress, one part in so many, where that is less.
const SHARES: f64 = 4.0;
/// What the relaxation has yet to suppress when nothing is left to choose by it.
const LITTLE: f64 = 0.5;

/// Parts of a pattern that are given up for another dive, one after the other: every so many-th item, by lot.
const GIVEN_UP: [u64; 2] = [3, 2];

/// By requirement, the items that it was last met by and the shares that they had.
type Met = BTreeMap<Name, Vec<(u32, f64)>>;

/// What dives start from.
pub(crate) struct Dives<'o, 'a> {
    pub(crate) relaxation: &'o Relaxation,
    /// For fractional patterns.
    pub(crate) oracle: &'o mut Oracle<'a>,
    /// By item, how likely it is suppressed in the least pattern.
    pub(crate) guide: &'o Point,
    pub(crate) control: &'o Control<'o>,
    /// Dives from parts of a pattern so far, and the lots that the next of them draws.
    pub(crate) dived: usize,
    pub(crate) lots: Lots,
}

impl Dives<'_, '_> {
    /// A safe pattern that begins with the given one and goes on where the relaxation is nearly least; none where cuts ask
    /// for more than can be suppressed.
    ///
    /// # Errors
    /// When cancelled, or numbers are too large.
    pub(crate) fn dive(
        &mut self,
        trials: &mut Trials<'_, '_>,
        mut pattern: Pattern,
    ) -> Result<Option<Pattern>, DisclosureError> {
        let problem = trials.problem;
        let mut relaxation = self.relaxation.clone();
        let most = trials.master.items.len() as f64;
        let grain = (relaxation.bound() / PARTS).max(1.0);
        let mut met = Met::new();
        for (at, &item) in trials.master.items.iter().enumerate() {
            if is_suppressed(&pattern, item) {
                relaxation.hold(at);
            }
        }
        for round in 0.. {
            self.control.check()?;
            self.control.report(Stage::Search, round, round + 1);
            relaxation.improve(trials.master, STEPS, most);
            let mut point = relaxation.point(trials.master);
            let items = trials.master.items.iter().enumerate();
            let open = items.filter(|&(_, &item)| trials.is_open(&pattern, item));
            let mut open: Vec<(usize, u32)> = open.map(|(at, &item)| (at, item)).collect();
            open.sort_by(|a, b| point[b.1 as usize].total_cmp(&point[a.1 as usize]));
            let left: f64 = open.iter().map(|o| point[o.1 as usize]).sum();
            if left < LITTLE {
                break;
            }
            let now = (left / SHARES).clamp(1.0, grain);
            for (nth, (at, item)) in open.into_iter().enumerate() {
                if nth as f64 >= now && point[item as usize] < SURE {
                    break;
                }
                relaxation.hold(at);
                point[item as usize] = 1.0;
                set(problem, &mut pattern, item, true);
            }
            // Every other time: few cuts are found once most requirements are met.
            if round % 2 == 0 {
                self.separate(trials, &pattern, &mut met, &point)?;
            }
        }
        self.complete(trials, pattern)
    }

    /// Gives up a part of a safe pattern and dives from the rest; keeps what is no worse.
    ///
    /// # Errors
    /// When cancelled, or numbers are too large; the pattern is safe all the same.
    pub(crate) fn again(
        &mut self,
        trials: &mut Trials<'_, '_>,
        pattern: &mut Pattern,
    ) -> Result<(), DisclosureError> {
        let problem = trials.problem;
        let part = GIVEN_UP[self.dived % GIVEN_UP.len()];
        self.dived += 1;
        let mut kept = pattern.clone();
        for &item in &trials.master.items {
            if self.lots.draw().is_multiple_of(part) {
                set(problem, &mut kept, item, false);
            }
        }
        if let Some(found) = self.dive(trials, kept)?
            && problem.total(&found) <= problem.total(pattern)
        {
            *pattern = found;
        }
        Ok(())
    }

    /// Adds cuts that a point breaks to the master, those of what is suppressed for good among them. A requirement is
    /// left alone while what it was last met by is still there.
    fn separate(
        &mut self,
        trials: &mut Trials<'_, '_>,
        pattern: &Pattern,
        met: &mut Met,
        point: &Point,
    ) -> Result<(), DisclosureError> {
        let have = |item: u32| point[item as usize];
        self.oracle.set(have);
        for requirement in trials.requirements(pattern) {
            let by = met.entry(name(&requirement)).or_default();
            let stands = |&(item, share): &(u32, f64)| have(item) >= KEPT * share;
            if !by.is_empty() && by.iter().all(stands) {
                continue;
            }
            let check = self.oracle.check(&requirement, have)?;
            by.clear();
            if !check.broken {
                let support = check.support.into_iter();
                let items = support.filter(|&item| trials.master.holds(item));
                by.extend(items.map(|item| (item, have(item))));
            }
            let cuts = check.cuts.into_iter();
            let cuts = cuts.map(|cut| conditional(trials.problem, &requirement, cut));
            trials.master.cuts.extend(cuts);
        }
        Ok(())
    }

    /// A safe pattern that begins with the given one; none where cuts ask for more than can be suppressed.
    ///
    /// # Errors
    /// When cancelled, or numbers are too large.
    pub(crate) fn complete(
        &self,
        trials: &mut Trials<'_, '_>,
        mut pattern: Pattern,
    ) -> Result<Option<Pattern>, DisclosureError> {
        let (problem, guide, control) = (trials.problem, self.guide, self.control);
        for round in 0.. {
            control.check()?;
            control.report(Stage::Search, round, round + 1);
            let broken = trials.broken(&pattern)?;
            if broken.is_empty() {
                break;
            }
            for cut in &broken {
                while cut.slack(share(&pattern)) < -1e-9 {
                    let items = cut.terms.iter().filter(|t| t.1 > 0.0).map(|t| t.0);
                    let open = items.filter(|&item| trials.is_open(&pattern, item));
                    let likely = open.max_by(|&a, &b| {
                        let dear = |item| item_cost(problem, item);
                        let by_guide = guide[a as usize].total_cmp(&guide[b as usize]);
                        by_guide.then(dear(b).cmp(&dear(a))).then(b.cmp(&a))
                    });
                    let Some(likely) = likely else {
                        return Ok(None);
                    };
                    set(problem, &mut pattern, likely, true);
                }
            }
            trials.master.cuts.extend(broken);
        }
        trials.thin(&mut pattern, guide, control)?;
        Ok(trials.broken(&pattern)?.is_empty().then_some(pattern))
    }
}
