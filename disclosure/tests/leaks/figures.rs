//! Figures that are no counts and tell them: percentages, averages, figures per head, shares, medians.

use disclosure::{Population, Populations, Rule, Table, protect};

use crate::{
    Verdict,
    draw::Draw,
    publication::{Leak, Publication},
};

/// Numerators that give a published ratio of this denominator, tried one by one.
fn numerators(published: i64, denominator: i64, scale: i64, most: i64) -> [i64; 2] {
    let gives = |n: &i64| (2 * scale * n + denominator) / (2 * denominator) == published;
    let found: Vec<i64> = (0..=most).filter(gives).collect();
    [found.first(), found.last()].map(|end| *end.expect("the true one"))
}

/// A percentage to one decimal of a published base.
pub(crate) fn percentages(draw: &mut Draw) -> Leak {
    let mut p = Publication::default();
    let base = draw.value(20, 400);
    let part = draw.value(0, 5);
    let [cell, rest] = [part, base - part].map(|value| p.hidden(value));
    let whole = p.total(&[cell, rest]);
    let published = p.ratio(cell, whole, 1000);
    let base = p.read(&[whole]);
    Leak::by_ratio(p, cell, numerators(published, base, 1000, base))
}

/// An average of days to two decimals over a published number of cases.
pub(crate) fn averages(draw: &mut Draw) -> Leak {
    let mut p = Publication::default();
    let cases = draw.value(3, 40);
    let days = p.hidden(cases * draw.value(2, 30) + draw.value(0, cases.unsigned_abs()));
    let number = p.shown(cases);
    let published = p.ratio(days, number, 100);
    let cases = p.read(&[number]);
    Leak::by_ratio(p, days, numerators(published, cases, 100, 100 * cases))
}

/// Cases by thousand residents, to two decimals: the number of residents is public.
pub(crate) fn per_head(draw: &mut Draw) -> Leak {
    let mut p = Publication::default();
    let residents = p.shown(draw.value(300, 9_000));
    let cell = p.hidden(draw.value(1, 4));
    let published = p.ratio(cell, residents, 100_000);
    let residents = p.read(&[residents]);
    Leak::by_ratio(
        p,
        cell,
        numerators(published, residents, 100_000, residents),
    )
}

const RULE: Rule = Rule::MinimumFrequency {
    threshold: 5,
    order_statistic_threshold: 10,
};

/// Whether a table of one figure over `base`, with the sizes of `rated` and `satisfied` in each cell, is published.
fn is_published(order_statistic: bool, cells: &[[u64; 2]]) -> bool {
    let population = |id: &str, within: &[&str]| Population {
        id: id.into(),
        within: within.iter().map(|&w| w.into()).collect(),
        partition: None,
    };
    let nested = vec![
        population("rated", &[]),
        population("satisfied", &["rated"]),
    ];
    let table = Table {
        uses: match order_statistic {
            true => vec!["rated".into()],
            false => vec!["rated".into(), "satisfied".into()],
        },
        order_statistic,
        cells: cells.iter().map(|cell| cell.to_vec()).collect(),
        content: (),
    };
    let populations = Populations::new(nested).expect("sound");
    let protected = protect(&RULE, &populations, table).expect("the counts are consistent");
    protected.content().is_some()
}

/// Sizes that tell nothing, with one place for a cell that does.
fn table_with(cell: [u64; 2], draw: &mut Draw) -> Vec<[u64; 2]> {
    let mut cells: Vec<[u64; 2]> = (0..draw.value(3, 20))
        .map(|_| {
            let satisfied = draw.value(20, 60).unsigned_abs();
            [satisfied + draw.value(5, 30).unsigned_abs(), satisfied]
        })
        .collect();
    cells.insert(draw.below(cells.len() as u64 + 1), cell);
    cells
}

/// Nearly all are satisfied, by a whole percentage: whoever knows how many were asked knows how many are not.
pub(crate) fn shares(draw: &mut Draw) -> Verdict {
    let satisfied = draw.value(12, 30).unsigned_abs();
    let few = draw.value(1, 4).unsigned_abs();
    let rated = satisfied + few;
    let percentage = |part: u64| (200 * part + rated) / (2 * rated);
    let same = (0..=rated).filter(|&part| percentage(part) == percentage(satisfied));
    assert_eq!(same.count(), 1, "the percentage tells the count");
    Verdict {
        found: !is_published(false, &table_with([rated, satisfied], draw)),
        closed: is_published(false, &table_with([satisfied + 5, satisfied], draw)),
    }
}

/// The median of an odd number of cases is the value of one of them; of few, it is known whose.
pub(crate) fn medians(draw: &mut Draw) -> Verdict {
    let base = 2 * draw.below(5) + 1;
    let mut days: Vec<i64> = (0..base).map(|_| draw.value(1, 90)).collect();
    days.sort_unstable();
    let median = days[base / 2];
    let below = days.iter().filter(|day| **day < median).count();
    let above = days.iter().filter(|day| **day > median).count();
    assert!(
        below.max(above) <= base / 2,
        "it is the value of the one in the middle"
    );
    let base = base as u64;
    let joined = base + 10;
    Verdict {
        found: !is_published(true, &table_with([base, 0], draw)),
        closed: is_published(true, &table_with([joined, 0], draw)),
    }
}
