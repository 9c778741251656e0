//! Patterns from the linear relaxation: what it nearly suppresses is suppressed, then what the cuts ask for, likely
//! items first, and what turns out to be needless is published again.

use super::{
    control::{Control, Stage},
    cuts::share,
    master::Point,
    problem::Pattern,
    repair::{item_cost, set},
    trials::Trials,
};
use crate::DisclosureError;

/// A safe pattern that begins with all items whose share of the relaxation is `from` or more; none where cuts ask for
/// more than can be suppressed.
///
/// # Errors
/// When cancelled, or numbers are too large.
pub(crate) fn dive(
    trials: &mut Trials<'_, '_>,
    guide: &Point,
    from: f64,
    control: &Control<'_>,
) -> Result<Option<Pattern>, DisclosureError> {
    let problem = trials.problem;
    let mut pattern = problem.primary();
    for &item in &trials.master.items {
        if guide[item as usize] >= from {
            set(problem, &mut pattern, item, true);
        }
    }
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
