//! A publication under construction, and a leak in it.

use disclosure::{Audit, Control, Interval, Limits, System, View, audit};

use crate::{Verdict, draw::Draw};

/// Width that every suppressed quantity must keep.
pub(crate) const NEED: u64 = 3;

/// True values beside what is shown.
#[derive(Default)]
pub(crate) struct Publication {
    system: System,
    values: Vec<i64>,
    shown: Vec<bool>,
    facts: Vec<bool>,
}

impl Publication {
    pub(crate) fn shown(&mut self, value: i64) -> u32 {
        self.shown.push(true);
        self.quantity(value)
    }

    pub(crate) fn hidden(&mut self, value: i64) -> u32 {
        self.shown.push(false);
        self.quantity(value)
    }

    fn quantity(&mut self, value: i64) -> u32 {
        self.values.push(value);
        self.system.variable(Limits::NONNEGATIVE)
    }

    /// Some published quantities of 5 and more.
    pub(crate) fn some(&mut self, count: usize, draw: &mut Draw) -> Vec<u32> {
        (0..count).map(|_| self.shown(draw.value(5, 40))).collect()
    }

    /// The published total of some quantities.
    pub(crate) fn total(&mut self, parts: &[u32]) -> u32 {
        let sum = parts.iter().map(|&p| self.values[p as usize]).sum();
        let total = self.shown(sum);
        self.system.sum(total, parts);
        total
    }

    /// A total that is not published.
    pub(crate) fn hidden_total(&mut self, parts: &[u32]) -> u32 {
        let total = self.total(parts);
        self.hide(&[total]);
        total
    }

    pub(crate) fn hide(&mut self, cells: &[u32]) {
        for &cell in cells {
            self.shown[cell as usize] = false;
        }
    }

    pub(crate) fn is_shown(&self, cell: u32) -> bool {
        self.shown[cell as usize]
    }

    /// Publishes `scale · numerator / denominator`, rounded half up to an integer, and returns it.
    pub(crate) fn ratio(&mut self, numerator: u32, denominator: u32, scale: i64) -> i64 {
        let [n, d] = [numerator, denominator].map(|at| self.values[at as usize]);
        let rounded = (2 * scale * n + d) / (2 * d);
        self.system
            .rounded_ratio(numerator, denominator, scale, rounded);
        self.facts.push(true);
        rounded
    }

    /// The sum of what a reader finds published.
    pub(crate) fn read(&self, cells: &[u32]) -> i64 {
        let value = |&cell: &u32| {
            assert!(self.is_shown(cell), "a reader has only what is published");
            self.values[cell as usize]
        };
        cells.iter().map(value).sum()
    }

    /// What the auditor says of a quantity: what safety is judged by.
    fn audit(&self, cell: u32) -> Interval {
        let values = self.values.iter().zip(&self.shown);
        let view = View {
            values: values.map(|(&v, &shown)| shown.then_some(v)).collect(),
            facts: self.facts.clone(),
        };
        let audit = audit(&self.system, &view, &Control::default()).expect("true values fit");
        let truth = self.values[cell as usize];
        let (outer, inner) = (audit.intervals[cell as usize], audit.inner[cell as usize]);
        assert!(
            outer.low <= truth && outer.high.is_none_or(|high| truth <= high),
            "{outer:?} leaves out the truth, {truth}"
        );
        assert!(
            outer == inner || audit.largest > Audit::LARGE,
            "only what is large is bounded from both sides"
        );
        inner
    }
}

/// One planted leak.
pub(crate) struct Leak {
    pub(crate) publication: Publication,
    /// What is not to be told.
    pub(crate) cell: u32,
    /// Between which values a reader has placed it, with nothing but what is published.
    pub(crate) told: [i64; 2],
    /// What must be suppressed as well, and then it is not told.
    pub(crate) close: Vec<u32>,
}

impl Leak {
    /// A leak that no other suppressed value closes, but that of the published ratios.
    pub(crate) fn by_ratio(publication: Publication, cell: u32, told: [i64; 2]) -> Self {
        Self {
            publication,
            cell,
            told,
            close: Vec::new(),
        }
    }

    /// Whether the auditor knows what the reader knows, and not once the leak is closed.
    pub(crate) fn verdict(mut self) -> Verdict {
        let truth = self.publication.values[self.cell as usize];
        let [least, most] = self.told;
        assert!(
            (least..=most).contains(&truth) && most - least < NEED.cast_signed(),
            "the leak is none: {truth} is told to lie in {:?}",
            self.told
        );
        let seen = self.publication.audit(self.cell);
        let found = least <= seen.low && seen.high.is_some_and(|high| high <= most);
        self.publication.hide(&self.close);
        if self.close.is_empty() {
            self.publication.facts.fill(false);
        }
        let closed = self.publication.audit(self.cell).width() >= NEED;
        Verdict { found, closed }
    }
}
