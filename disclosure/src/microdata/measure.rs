//! How anonymous the classes of a file are.

use std::collections::BTreeMap;

use super::{Microdata, Recoding, data::Outcome};

/// What the classes of a file reach.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measures {
    /// Cases in the smallest class.
    pub k: u64,
    /// Cases in the smallest combination of a class and the kept outcomes.
    pub outcome_k: u64,
    /// Distinct values of a kept outcome in the least diverse class; 0 without outcomes.
    pub l: u64,
    /// e to the entropy of a kept outcome in the least diverse class; 0 without outcomes.
    pub entropy_l: f64,
    /// The greatest distance of a kept outcome in a class from the file's distribution; 0 without outcomes.
    pub t: f64,
    /// Cases that are alone in their class.
    pub uniques: u64,
    /// Classes.
    pub classes: u64,
    /// Cases.
    pub cases: u64,
}

/// One class: its cases, and for each outcome, and for all together, the cases of each value.
#[derive(Clone, Debug, Default)]
pub(super) struct Class {
    pub cases: u64,
    pub outcomes: Vec<Vec<u64>>,
    pub combinations: BTreeMap<u32, u64>,
}

/// What of the outcomes is counted: which are kept, and their combination in each row.
pub(super) struct Counted<'a> {
    pub data: &'a Microdata,
    pub kept: &'a [bool],
    pub combinations: Vec<u32>,
    /// A row of each combination.
    rows: Vec<usize>,
}

impl<'a> Counted<'a> {
    pub fn new(data: &'a Microdata, kept: &'a [bool]) -> Self {
        let combinations = data.combinations(kept);
        let most = combinations.iter().max().map_or(0, |&at| at as usize + 1);
        let mut rows = vec![0; most];
        for (row, &combination) in combinations.iter().enumerate() {
            rows[combination as usize] = row;
        }
        Self {
            data,
            kept,
            combinations,
            rows,
        }
    }

    fn outcomes(&self) -> impl Iterator<Item = &'a Outcome> {
        let kept = self.data.outcomes.iter().zip(self.kept);
        kept.filter(|(_, kept)| **kept).map(|(outcome, _)| outcome)
    }

    fn empty(&self) -> Class {
        Class {
            outcomes: self.outcomes().map(|o| vec![0; o.size]).collect(),
            ..Class::default()
        }
    }

    /// The classes of some rows. Rows of one case in one class are one case; the last row speaks for it.
    pub fn classes(&self, ids: &[u32], rows: impl Iterator<Item = usize>) -> Vec<Class> {
        let data = self.data;
        let mut classes: Vec<Class> = Vec::new();
        let mut add = |row: usize, weight: u64| {
            let at = ids[row] as usize;
            if classes.len() <= at {
                classes.resize_with(at + 1, || self.empty());
            }
            self.add(&mut classes[at], row, weight);
        };
        match &data.cases {
            None => rows.for_each(|row| add(row, data.weights[row])),
            Some(cases) => {
                let mut latest: BTreeMap<(u32, u64), usize> = BTreeMap::new();
                for row in rows {
                    let speaker = latest.entry((ids[row], cases[row])).or_insert(row);
                    if data.releases[row] >= data.releases[*speaker] {
                        *speaker = row;
                    }
                }
                latest.values().for_each(|&row| add(row, 1));
            }
        }
        classes
    }

    /// The cases that each combination of outcomes has gained from one class to another.
    pub fn gained(&self, then: &Class, now: &Class) -> Class {
        let mut class = self.empty();
        for (&combination, &n) in &now.combinations {
            let before = then.combinations.get(&combination).copied().unwrap_or(0);
            let gain = n.saturating_sub(before);
            if gain > 0 {
                self.add(&mut class, self.rows[combination as usize], gain);
            }
        }
        class
    }

    fn add(&self, class: &mut Class, row: usize, weight: u64) {
        class.cases += weight;
        for (counts, outcome) in class.outcomes.iter_mut().zip(self.outcomes()) {
            counts[outcome.codes[row] as usize] += weight;
        }
        let combination = self.combinations[row];
        *class.combinations.entry(combination).or_default() += weight;
    }

    /// The greatest distance of a class's outcomes from the whole file's.
    pub fn distance(&self, class: &Class, whole: &Class) -> f64 {
        let outcomes = class
            .outcomes
            .iter()
            .zip(&whole.outcomes)
            .zip(self.outcomes());
        outcomes
            .map(|((here, all), outcome)| {
                earth_movers(outcome.ordered, (here, class.cases), (all, whole.cases))
            })
            .max_by(f64::total_cmp)
            .unwrap_or(0.0)
    }

    pub fn measures(&self, classes: &[Class]) -> Measures {
        let all = whole(classes);
        let filled = || classes.iter().filter(|class| class.cases > 0);
        let least = |of: fn(&Class) -> u64| filled().map(of).min().unwrap_or(0);
        Measures {
            k: least(|class| class.cases),
            outcome_k: least(Class::smallest_combination),
            l: least(Class::distinct),
            entropy_l: filled()
                .map(Class::entropy_l)
                .min_by(f64::total_cmp)
                .unwrap_or(0.0),
            t: filled()
                .map(|class| self.distance(class, &all))
                .max_by(f64::total_cmp)
                .unwrap_or(0.0),
            uniques: filled().filter(|class| class.cases == 1).count() as u64,
            classes: filled().count() as u64,
            cases: all.cases,
        }
    }
}

impl Class {
    pub fn smallest_combination(&self) -> u64 {
        self.combinations.values().copied().min().unwrap_or(0)
    }

    pub fn distinct(&self) -> u64 {
        let counts = |values: &Vec<u64>| values.iter().filter(|&&n| n > 0).count() as u64;
        self.outcomes.iter().map(counts).min().unwrap_or(0)
    }

    #[expect(clippy::cast_precision_loss, reason = "shares of cases")]
    pub fn entropy_l(&self) -> f64 {
        let perplexity = |values: &Vec<u64>| {
            let entropy: f64 = values
                .iter()
                .filter(|&&n| n > 0)
                .map(|&n| n as f64 / self.cases as f64)
                .map(|p| -p * p.ln())
                .sum();
            entropy.exp()
        };
        self.outcomes
            .iter()
            .map(perplexity)
            .min_by(f64::total_cmp)
            .unwrap_or(0.0)
    }
}

/// The earth mover's distance of two distributions. Values with an order are apart by their ranks, others are
/// equally far apart (Li et al. 2007, section 4).
#[expect(clippy::cast_precision_loss, reason = "shares of cases")]
fn earth_movers(ordered: bool, here: (&[u64], u64), all: (&[u64], u64)) -> f64 {
    let share = |n: u64, of: u64| n as f64 / of as f64;
    let pairs = here.0.iter().zip(all.0);
    let differences = pairs.map(|(&h, &a)| share(h, here.1) - share(a, all.1));
    if !ordered {
        return differences.map(f64::abs).sum::<f64>() / 2.0;
    }
    let mut carried = 0.0;
    let moved = differences.map(|difference| {
        carried += difference;
        f64::abs(carried)
    });
    moved.sum::<f64>() / (all.0.len().max(2) - 1) as f64
}

/// All cases as one class.
pub(super) fn whole(classes: &[Class]) -> Class {
    let mut all = Class::default();
    for class in classes {
        all.cases += class.cases;
        all.outcomes.resize(class.outcomes.len(), Vec::new());
        for (sum, counts) in all.outcomes.iter_mut().zip(&class.outcomes) {
            sum.resize(counts.len(), 0);
            sum.iter_mut().zip(counts).for_each(|(s, n)| *s += n);
        }
        for (&at, n) in &class.combinations {
            *all.combinations.entry(at).or_default() += n;
        }
    }
    all
}

/// Measures a file at a recoding, over the union of its releases: each case counted once in each class.
pub fn measure(data: &Microdata, recoding: &Recoding) -> Measures {
    let counted = Counted::new(data, &recoding.outcomes);
    let ids = data.classes(&recoding.keys, &data.untold);
    counted.measures(&counted.classes(&ids, data.in_file(None)))
}
