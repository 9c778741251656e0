//! A local search over the cuts known so far: which items to suppress so that all of them are met.
//!
//! One item is taken out, another is put in for a cut that is then short, and what stays short weighs more from step to
//! step: the weighting of rows by Gao, Weise and Li (2015, "An efficient local search heuristic with row weighting for
//! the unicost set covering problem"), here for cuts with coefficients, by what they lack. Nothing is proven here; what
//! meets the cuts is held against the requirements elsewhere.

use super::{cuts::Cut, lots::Lots};

/// What a row lacks below that is a rounding error.
const NOTHING: f64 = 1e-9;
/// The place of a row that is not short.
const NOWHERE: u32 = u32::MAX;

/// A choice of items, by position, and the rows that it is to meet.
pub(crate) struct Cover {
    /// Where each row starts in `terms`; its largest coefficient is 1.
    starts: Vec<usize>,
    terms: Vec<(u32, f64)>,
    least: Vec<f64>,
    sums: Vec<f64>,
    weights: Vec<f64>,
    /// By item, the rows that hold it.
    holding: Vec<Vec<(u32, f64)>>,
    chosen: Vec<bool>,
    /// By item, how much less all rows would lack, by weight, if it changed sides.
    gains: Vec<f64>,
    /// By item, the step at which it last changed sides.
    changed: Vec<u64>,
    /// By item, whether a row of it has changed since it was taken out: what comes back before that only goes in circles.
    may_return: Vec<bool>,
    /// Rows that lack something, and by row its place among them.
    short: Vec<u32>,
    places: Vec<u32>,
    time: u64,
    lots: Lots,
}

impl Cover {
    /// A choice without rows.
    pub(crate) fn new(chosen: Vec<bool>) -> Self {
        let items = chosen.len();
        Self {
            starts: vec![0],
            terms: Vec::new(),
            least: Vec::new(),
            sums: Vec::new(),
            weights: Vec::new(),
            holding: vec![Vec::new(); items],
            chosen,
            gains: vec![0.0; items],
            changed: vec![0; items],
            may_return: vec![true; items],
            short: Vec::new(),
            places: Vec::new(),
            time: 0,
            lots: Lots::new(),
        }
    }

    /// By position, whether an item is chosen.
    pub(crate) fn chosen(&self) -> &[bool] {
        &self.chosen
    }

    /// Adds a row: what remains of a cut in the items.
    pub(crate) fn add(&mut self, cut: &Cut) {
        let largest = cut.terms.iter().map(|t| t.1.abs()).fold(0.0, f64::max);
        if largest <= 0.0 {
            return;
        }
        let row = self.least.len();
        let mut sum = 0.0;
        for &(item, c) in &cut.terms {
            let c = c / largest;
            self.terms.push((item, c));
            self.holding[item as usize].push((row as u32, c));
            if self.chosen[item as usize] {
                sum += c;
            }
        }
        self.starts.push(self.terms.len());
        self.least.push(cut.least / largest);
        self.sums.push(sum);
        self.weights.push(1.0);
        self.places.push(NOWHERE);
        self.count(row, 1.0);
        self.sort_in(row);
    }

    /// Puts another choice in place of the present one.
    pub(crate) fn choose(&mut self, chosen: &[bool]) {
        for (item, &wanted) in chosen.iter().enumerate() {
            if self.chosen[item] != wanted {
                self.change(item);
            }
        }
    }

    /// Takes out the item whose loss weighs least.
    pub(crate) fn shrink(&mut self) {
        self.take_out(None);
    }

    /// Exchanges items until every row is met, in that many steps at most; whether that is so.
    pub(crate) fn meet(&mut self, steps: usize) -> bool {
        let mut last = None;
        for _ in 0..steps {
            if self.short.is_empty() {
                break;
            }
            self.take_out(last);
            last = self.put_in();
            self.weigh();
        }
        self.short.is_empty()
    }

    fn take_out(&mut self, kept: Option<usize>) {
        let items = (0..self.chosen.len()).filter(|&item| self.chosen[item] && Some(item) != kept);
        if let Some(item) = self.best(items) {
            self.change(item);
            self.may_return[item] = false;
        }
    }

    /// Puts in what gains most, of the items of one row that is short, by lot.
    fn put_in(&mut self) -> Option<usize> {
        let count = self.short.len().max(1);
        let row = *self.short.get(self.lots.draw() as usize % count)? as usize;
        let terms = self.terms[self.starts[row]..self.starts[row + 1]].iter();
        let open = terms.filter(|t| t.1 > 0.0 && !self.chosen[t.0 as usize]);
        let open = open.map(|t| t.0 as usize);
        let fresh = open.clone().filter(|&item| self.may_return[item]);
        let item = self.best(fresh).or_else(|| self.best(open))?;
        self.change(item);
        Some(item)
    }

    /// What gains most, or loses least; of several, what has stayed longest.
    fn best(&self, items: impl Iterator<Item = usize>) -> Option<usize> {
        items.max_by(|&a, &b| {
            let by_gain = self.gains[a].total_cmp(&self.gains[b]);
            let by_age = self.changed[b].cmp(&self.changed[a]);
            by_gain.then(by_age).then(b.cmp(&a))
        })
    }

    /// Rows that are short weigh more from here on.
    fn weigh(&mut self) {
        for at in 0..self.short.len() {
            let row = self.short[at] as usize;
            self.count(row, -1.0);
            self.weights[row] += 1.0;
            self.count(row, 1.0);
        }
    }

    /// An item changes sides.
    fn change(&mut self, item: usize) {
        self.time += 1;
        self.changed[item] = self.time;
        let sign = if self.chosen[item] { -1.0 } else { 1.0 };
        let holding = std::mem::take(&mut self.holding[item]);
        // A row with that much to spare says nothing of any one item.
        let is_loose = |sum: f64, least: f64| sum - least >= 1.0;
        let mut told = Vec::with_capacity(holding.len());
        for &(row, c) in &holding {
            let at = row as usize;
            let (now, then) = (self.sums[at], self.sums[at] + sign * c);
            if is_loose(now, self.least[at]) && is_loose(then, self.least[at]) {
                self.sums[at] = then;
            } else {
                self.count(at, -1.0);
                told.push((at, then));
            }
        }
        self.chosen[item] = !self.chosen[item];
        for (row, sum) in told {
            self.sums[row] = sum;
            self.count(row, 1.0);
            self.sort_in(row);
            for &(near, _) in &self.terms[self.starts[row]..self.starts[row + 1]] {
                self.may_return[near as usize] = true;
            }
        }
        self.holding[item] = holding;
    }

    /// Adds to the gains of a row's items what it gives to each, that many times.
    fn count(&mut self, row: usize, times: f64) {
        let (sum, least) = (self.sums[row], self.least[row]);
        let lack = |sum: f64| {
            let lack = least - sum;
            if lack > NOTHING { lack } else { 0.0 }
        };
        let (now, weight) = (lack(sum), self.weights[row] * times);
        for &(item, c) in &self.terms[self.starts[row]..self.starts[row + 1]] {
            let item = item as usize;
            let then = lack(if self.chosen[item] { sum - c } else { sum + c });
            self.gains[item] += weight * (now - then);
        }
    }

    /// Enters a row among those that are short, or strikes it off.
    fn sort_in(&mut self, row: usize) {
        let is_short = self.least[row] - self.sums[row] > NOTHING;
        match (is_short, self.places[row]) {
            (true, NOWHERE) => {
                self.places[row] = self.short.len() as u32;
                self.short.push(row as u32);
            }
            (false, place) if place != NOWHERE => {
                self.places[row] = NOWHERE;
                self.short.swap_remove(place as usize);
                if let Some(&moved) = self.short.get(place as usize) {
                    self.places[moved as usize] = place;
                }
            }
            _ => {}
        }
    }
}
