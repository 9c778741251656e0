//! The linear relaxation of the master: a bound that rises with every round of cuts, and a point that says what the least
//! pattern is likely to hold.

use super::{
    control::{Control, Stage},
    cuts::{Cut, Oracle},
    master::{Master, Point},
    multipliers::Multipliers,
    problem::Requirement,
};
use crate::DisclosureError;

/// A round that raises the bound by less than this part of the pattern is slow, and a few of them end the work.
const RISE: f64 = 5e-4;
/// Steps of the multipliers in each round of cuts: few while there are more cuts to come.
pub(crate) const STEPS: usize = 600;
/// Cells of a smaller share are not looked at for what would make them useless.
const LIKELY: f64 = 0.02;

/// A share without the rounding errors of a program.
fn settled(share: f64) -> f64 {
    if share < 1e-6 {
        0.0
    } else if share > 1.0 - 1e-6 {
        1.0
    } else {
        share
    }
}

/// The relaxation over the cuts of a master that it has been told of.
#[derive(Clone)]
pub(crate) struct Relaxation {
    multipliers: Multipliers,
    /// How many of the master's cuts it knows: those of safe patterns, and those of least ones.
    known: (usize, usize),
}

impl Relaxation {
    pub(crate) fn new(master: &Master<'_>) -> Self {
        Self {
            multipliers: Multipliers::new(master.items.len()),
            known: (0, 0),
        }
    }

    /// No choice of items that meets the cuts is smaller.
    pub(crate) fn bound(&self) -> f64 {
        self.multipliers.bound()
    }

    /// Suppresses an item for good: what is bounded from here on are the choices that hold it.
    pub(crate) fn hold(&mut self, position: usize) {
        self.multipliers.hold(position);
    }

    /// Takes in the master's new cuts, and up to that many steps towards a better bound. `most` is known to be no less.
    pub(crate) fn improve(&mut self, master: &Master<'_>, steps: usize, most: f64) {
        let cuts = master.cuts[self.known.0..].iter();
        for cut in cuts.chain(&master.least[self.known.1..]) {
            let (terms, least) = master.row(cut);
            self.multipliers.add(&Cut { terms, least });
        }
        self.known = (master.cuts.len(), master.least.len());
        self.multipliers.improve(steps, most);
    }

    /// Where the relaxation is nearly least.
    pub(crate) fn point(&self, master: &Master<'_>) -> Point {
        let mut point = master.base();
        for (&item, &share) in master.items.iter().zip(self.multipliers.point()) {
            point[item as usize] = settled(share);
        }
        point
    }

    /// Adds cuts to the master until the bound hardly rises, in that many `rounds` of that many `steps` at most. `most` is
    /// known to be no less than the least choice.
    ///
    /// # Errors
    /// When cancelled, or numbers are too large.
    pub(crate) fn rise(
        &mut self,
        master: &mut Master<'_>,
        requirements: &[Requirement],
        oracle: &mut Oracle<'_>,
        (most, rounds, steps): (f64, usize, usize),
        control: &Control<'_>,
    ) -> Result<(), DisclosureError> {
        let mut slow = 0;
        let widest = Oracle::widest(master.problem).max(1);
        for round in 0..rounds {
            control.check()?;
            control.report(Stage::Search, round, rounds);
            let last = self.bound();
            self.improve(master, steps, most);
            let rise = f64::max(0.02, RISE * most);
            let is_slow = self.bound() < last + rise;
            slow = if is_slow { slow + 1 } else { 0 };
            let point = self.point(master);
            if slow > 3 + widest as usize {
                break;
            }
            // Room for what primary cells give, a little more each round.
            let narrow = widest - round as u64 % widest;
            let mut added = master.separate(requirements, oracle, &point)?;
            if narrow < widest {
                oracle.confine(narrow);
                added += master.separate(requirements, oracle, &point)?;
            }
            oracle.confine(widest);
            if added + master.separate_useless(oracle, &point) == 0 {
                break;
            }
        }
        Ok(())
    }
}

impl Master<'_> {
    /// Adds cuts that a point breaks.
    pub(crate) fn separate(
        &mut self,
        requirements: &[Requirement],
        oracle: &mut Oracle<'_>,
        point: &Point,
    ) -> Result<usize, DisclosureError> {
        let have = |item: u32| point[item as usize];
        let mut added = 0;
        oracle.set(have);
        for requirement in requirements {
            for cut in oracle.check(requirement, have)?.cuts {
                let (terms, least) = self.row(&cut);
                let shares = terms
                    .iter()
                    .map(|&(at, c)| c * have(self.items[at as usize]));
                if shares.sum::<f64>() < least * (1.0 - 1e-3) && !self.cuts.contains(&cut) {
                    self.cuts.push(cut);
                    added += 1;
                }
            }
        }
        Ok(added)
    }

    /// Adds cuts that a point breaks and no least pattern does.
    pub(crate) fn separate_useless(&mut self, oracle: &mut Oracle<'_>, point: &Point) -> usize {
        let have = |item: u32| point[item as usize];
        let is_new = |all: &[Cut], cut: &Cut| cut.slack(have) < -1e-3 && !all.contains(cut);
        let mut added = 0;
        oracle.set_alike(have);
        let likely = |item: &&u32| point[**item as usize] > LIKELY;
        for &item in self.items.iter().filter(likely) {
            if (item as usize) < self.problem.system.len()
                && let Some(cut) = oracle.unmoved(item, have)
                && is_new(&self.least, &cut)
            {
                self.least.push(cut);
                added += 1;
            }
        }
        added
    }
}
