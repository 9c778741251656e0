//! Fewer suppressed cells, one by one: a safe pattern gives one up, a local search over the cuts known so far looks for
//! a choice of what is then the size, and the requirements say what is wrong with it. That becomes cuts, which hold for
//! every pattern, until a choice is safe, and it goes on from there.
//!
//! It is Benders' decomposition with a local search in place of an exact master.

use super::{
    control::{Control, Stage},
    cover::Cover,
    cuts::Cut,
    problem::Pattern,
    repair::{is_suppressed, set},
    trials::Trials,
};
use crate::DisclosureError;

/// Choices without success after which the search goes on from the best pattern again: those near it succeed most often.
const PATIENCE: usize = 30;
/// Steps of the local search for one choice.
const STEPS: usize = 2000;
/// Choices without success after which hardly anything is expected of more: where none has succeeded yet, and after.
const STALLED: [usize; 2] = [100, 300];
/// As [`STALLED`], of choices in a row that the local search did not find.
const UNMET: usize = 20;
/// Broken requirements that one choice is told of.
const TOLD: usize = 16;

/// Fewer and fewer items.
pub(crate) struct Descent {
    cover: Cover,
    /// How many of the master's cuts it knows: those of safe patterns, and those of least ones.
    known: (usize, usize),
}

impl Descent {
    pub(crate) fn new(trials: &Trials<'_, '_>, pattern: &Pattern) -> Self {
        Self {
            cover: Cover::new(chosen(trials, pattern)),
            known: (0, 0),
        }
    }

    /// Puts patterns of fewer items in place of a safe one as long as they are found, in that many `tries`; how many of
    /// them it took until hardly anything was to be expected of more.
    ///
    /// # Errors
    /// When cancelled, or numbers are too large; the pattern is safe all the same.
    pub(crate) fn descend(
        &mut self,
        trials: &mut Trials<'_, '_>,
        pattern: &mut Pattern,
        tries: usize,
        control: &Control<'_>,
    ) -> Result<usize, DisclosureError> {
        // What is broken already is no start.
        if !trials.broken(pattern)?.is_empty() {
            return Ok(0);
        }
        self.begin(trials, pattern);
        let (mut since, mut unmet, mut gained) = (0, 0, false);
        for at in 0..tries {
            control.check()?;
            control.report(Stage::Search, at, tries);
            self.learn(trials);
            since += 1;
            if self.cover.meet(STEPS) {
                unmet = 0;
                let mut trial = trials.problem.primary();
                for (&item, &chosen) in trials.master.items.iter().zip(self.cover.chosen()) {
                    set(trials.problem, &mut trial, item, chosen);
                }
                let broken = trials.broken_first(&trial, TOLD)?;
                if broken.is_empty() {
                    *pattern = trial;
                    (since, gained) = (0, true);
                    self.cover.shrink();
                }
                trials.master.cuts.extend(broken);
            } else {
                unmet += 1;
            }
            if since >= STALLED[usize::from(gained)] || unmet >= UNMET {
                return Ok(at + 1);
            }
            if unmet > 0 || since > 0 && since % PATIENCE == 0 {
                self.begin(trials, pattern);
            }
        }
        Ok(tries)
    }

    /// A choice of one item less than a pattern.
    fn begin(&mut self, trials: &Trials<'_, '_>, pattern: &Pattern) {
        self.learn(trials);
        self.cover.choose(&chosen(trials, pattern));
        self.cover.shrink();
    }

    /// Takes in the cuts found since the last time.
    fn learn(&mut self, trials: &Trials<'_, '_>) {
        let master = &*trials.master;
        let cuts = master.cuts[self.known.0..].iter();
        for cut in cuts.chain(&master.least[self.known.1..]) {
            let (terms, least) = master.row(cut);
            self.cover.add(&Cut { terms, least });
        }
        self.known = (master.cuts.len(), master.least.len());
    }
}

/// By position among the items of the master, whether a pattern suppresses it.
fn chosen(trials: &Trials<'_, '_>, pattern: &Pattern) -> Vec<bool> {
    let items = trials.master.items.iter();
    items.map(|&item| is_suppressed(pattern, item)).collect()
}
