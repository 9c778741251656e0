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
/// Times in a row that the local search may find no choice before nothing more is expected of it.
const GIVES_UP: usize = 20;
/// Broken requirements that one choice is told of.
const TOLD: usize = 16;

/// Puts patterns of fewer items in place of a safe one as long as they are found, in that many `tries`.
///
/// # Errors
/// When cancelled, or numbers are too large; the pattern is safe all the same.
pub(crate) fn descend(
    trials: &mut Trials<'_, '_>,
    pattern: &mut Pattern,
    tries: usize,
    control: &Control<'_>,
) -> Result<(), DisclosureError> {
    // What is broken already is no start.
    if !trials.broken(pattern)?.is_empty() {
        return Ok(());
    }
    let mut cover = Cover::new(chosen(trials, pattern));
    let mut known = (0, 0);
    let (mut since, mut unmet) = (0, 0);
    cover.shrink();
    for at in 0..tries {
        control.check()?;
        control.report(Stage::Search, at, tries);
        let master = &*trials.master;
        let cuts = master.cuts[known.0..].iter();
        for cut in cuts.chain(&master.least[known.1..]) {
            let (terms, least) = master.row(cut);
            cover.add(&Cut { terms, least });
        }
        known = (master.cuts.len(), master.least.len());
        let is_met = cover.meet(STEPS);
        unmet = if is_met { 0 } else { unmet + 1 };
        if unmet >= GIVES_UP {
            break;
        }
        if is_met {
            let mut trial = trials.problem.primary();
            for (&item, &chosen) in trials.master.items.iter().zip(cover.chosen()) {
                set(trials.problem, &mut trial, item, chosen);
            }
            let broken = trials.broken_first(&trial, TOLD)?;
            if broken.is_empty() {
                *pattern = trial;
                since = 0;
                cover.shrink();
                continue;
            }
            trials.master.cuts.extend(broken);
        }
        since += 1;
        if since >= PATIENCE || !is_met {
            since = 0;
            cover.choose(&chosen(trials, pattern));
            cover.shrink();
        }
    }
    Ok(())
}

/// By position among the items of the master, whether a pattern suppresses it.
fn chosen(trials: &Trials<'_, '_>, pattern: &Pattern) -> Vec<bool> {
    let items = trials.master.items.iter();
    items.map(|&item| is_suppressed(pattern, item)).collect()
}
