//! Lower bounds of a covering program by Lagrange multipliers, with the volume algorithm of Barahona and Anbil (2000).
//!
//! Whatever the multipliers are, what they give is a lower bound: nothing rests on how well they have converged. On
//! programs of thousands of cuts that is found in a fraction of the time that a simplex method takes, since every round
//! of cuts starts from the multipliers of the round before.

use super::cuts::Cut;

/// Steps without a better bound after which steps become shorter.
const PATIENCE: u32 = 15;
/// Steps shorter than this, of what would reach the aim, end the work.
const SHORTEST: f64 = 2e-3;
/// Steps end when one of so many parts of them has raised the bound by less than this part of it.
const PARTS: usize = 6;
/// Steps of the shortest of those parts.
const FEWEST: usize = 100;
const CREEP: f64 = 1e-3;
/// Calls after which a row that pays nothing and lacks nothing is passed over, until it lacks something.
const RESTS: u32 = 3;

/// `min Σ x` over `0 ≤ x ≤ 1` and the cuts added so far, by its multipliers.
#[derive(Clone)]
pub(crate) struct Multipliers {
    /// By variable of the program, its sum with the multipliers: cost less what cuts pay for it.
    reduced: Vec<f64>,
    /// Where each row starts in `terms`.
    starts: Vec<usize>,
    terms: Vec<(u32, f64)>,
    least: Vec<f64>,
    multipliers: Vec<f64>,
    /// By row, the calls since it mattered.
    idle: Vec<u32>,
    /// Mean of the points seen, which approaches the optimum of the relaxation.
    point: Vec<f64>,
    bound: f64,
    /// Variables that are 1.
    held: Vec<bool>,
}

impl Multipliers {
    /// A program of that many variables and no cuts.
    pub(crate) fn new(variables: usize) -> Self {
        Self {
            reduced: vec![1.0; variables],
            starts: vec![0],
            terms: Vec::new(),
            least: Vec::new(),
            multipliers: Vec::new(),
            idle: Vec::new(),
            point: vec![0.0; variables],
            bound: 0.0,
            held: vec![false; variables],
        }
    }

    /// Adds a row: what remains of a cut in the variables. Rows of one scale converge sooner.
    pub(crate) fn add(&mut self, cut: &Cut) {
        let largest = cut.terms.iter().map(|t| t.1.abs()).fold(0.0, f64::max);
        let scale = if largest > 0.0 { largest.recip() } else { 1.0 };
        self.terms
            .extend(cut.terms.iter().map(|t| (t.0, t.1 * scale)));
        self.starts.push(self.terms.len());
        self.least.push(cut.least * scale);
        self.multipliers.push(0.0);
        self.idle.push(0);
    }

    /// Sets a variable to 1 from here on.
    pub(crate) fn hold(&mut self, variable: usize) {
        self.held[variable] = true;
        self.point[variable] = 1.0;
    }

    /// The bound so far.
    pub(crate) fn bound(&self) -> f64 {
        self.bound
    }

    /// Where the relaxation is nearly least.
    pub(crate) fn point(&self) -> &[f64] {
        &self.point
    }

    /// What the mean point lacks in a row.
    fn gap(&self, at: usize) -> f64 {
        let row = self.terms[self.starts[at]..self.starts[at + 1]].iter();
        let sum: f64 = row.map(|&(v, c)| c * self.point[v as usize]).sum();
        self.least[at] - sum
    }

    /// The bound of multipliers; leaves the reduced costs in place.
    fn price(&mut self, multipliers: &[f64]) -> f64 {
        self.reduced.fill(1.0);
        let mut bound = 0.0;
        for (at, &multiplier) in multipliers.iter().enumerate() {
            if multiplier > 0.0 {
                bound += multiplier * self.least[at];
                for &(variable, c) in &self.terms[self.starts[at]..self.starts[at + 1]] {
                    self.reduced[variable as usize] -= multiplier * c;
                }
            }
        }
        for (reduced, &held) in self.reduced.iter_mut().zip(&self.held) {
            bound += if held { *reduced } else { reduced.min(0.0) };
        }
        bound
    }

    /// Takes up to that many steps towards better multipliers. `most` is known to be no less than the optimum.
    pub(crate) fn improve(&mut self, steps: usize, most: f64) {
        for at in 0..self.least.len() {
            let matters = self.multipliers[at] > 0.0 || self.gap(at) > 0.0;
            self.idle[at] = if matters { 0 } else { self.idle[at] + 1 };
        }
        let awake: Vec<usize> = (0..self.least.len())
            .filter(|&at| self.idle[at] < RESTS)
            .collect();
        let mut best = self.multipliers.clone();
        self.bound = self.bound.max(self.price(&best));
        let mut length = 0.1;
        let mut idle = 0;
        let mut aim = self.bound * 1.05 + 1.0;
        let mut trial = best.clone();
        let mut gaps = vec![0.0; best.len()];
        let mut checkpoint = self.bound;
        let part = (steps / PARTS).max(FEWEST);
        for step in 0..steps {
            // What the mean point leaves of each row says where to go.
            let mut square = 0.0;
            for &at in &awake {
                let gap = self.gap(at);
                gaps[at] = if gap < 0.0 && best[at] <= 0.0 {
                    0.0
                } else {
                    gap
                };
                square += gaps[at] * gaps[at];
            }
            if square < 1e-9 {
                break;
            }
            let size = length * (aim.min(most + 0.5) - self.bound).max(0.05) / square;
            for &at in &awake {
                trial[at] = (best[at] + size * gaps[at]).max(0.0);
            }
            let bound = self.price(&trial);
            let share = if step < 100 { 0.1 } else { 0.03 };
            let now = self.reduced.iter().zip(&self.held);
            for (mean, (&reduced, &held)) in self.point.iter_mut().zip(now) {
                *mean += share * (f64::from(u8::from(held || reduced < 0.0)) - *mean);
            }
            if bound > self.bound + 1e-9 {
                self.bound = bound;
                best.copy_from_slice(&trial);
                idle = 0;
                length = f64::min(length * 1.1, 1.5);
                if bound > aim * 0.97 {
                    aim = bound * 1.05 + 1.0;
                }
            } else {
                idle += 1;
                if idle >= PATIENCE {
                    idle = 0;
                    length *= 0.66;
                    if length < SHORTEST {
                        break;
                    }
                }
            }
            if step % part == part - 1 {
                if self.bound - checkpoint < CREEP * self.bound && step >= 2 * part {
                    break;
                }
                checkpoint = self.bound;
            }
        }
        self.multipliers = best;
    }
}
