//! What recoding and suppression leave of the information.

use std::collections::BTreeMap;

use super::{
    Microdata, Recoding,
    measure::Counted,
    suppress::{NONE, Suppression},
};

/// What of the information is lost: 0 is nothing, 1 is all, for every measure but the last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Utility {
    /// One less Sweeney's precision (2002): the mean share of its recodings that a value has gone up.
    pub precision_loss: f64,
    /// The normalised certainty penalty (Xu et al. 2006): the mean share of the other values of a key that a
    /// recoded value could stand for.
    pub certainty_penalty: f64,
    /// Non-uniform entropy (de Waal and Willenborg 1999): the mean share of a key's entropy that is lost.
    pub entropy_loss: f64,
    /// Discernibility (Bayardo and Agrawal 2005): the sum over records of the size of their class.
    pub discernibility: u64,
}

/// Which measure a search keeps low.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Loss {
    /// [`Utility::precision_loss`].
    Precision,
    /// [`Utility::certainty_penalty`].
    Certainty,
    /// [`Utility::entropy_loss`].
    #[default]
    Entropy,
    /// [`Utility::discernibility`]; knows no importance of keys.
    Discernibility,
}

/// Measures what a recoding leaves of the information.
pub fn utility(data: &Microdata, recoding: &Recoding) -> Utility {
    let none = Suppression::none(data, &recoding.keys);
    of_suppression(data, recoding, &none, None)
}

/// The same, some values being suppressed. For a search, some keys are more important than others and outcomes
/// that are left out count as well.
pub(super) fn of_suppression(
    data: &Microdata,
    recoding: &Recoding,
    suppression: &Suppression,
    importance: Option<&[f64]>,
) -> Utility {
    let rows: Vec<usize> = data.in_file(data.last()).collect();
    let mut sums = [0.0; 3];
    let mut weights = 0.0;
    let weight = |at: usize| importance.and_then(|i| i.get(at)).copied().unwrap_or(1.0);
    for key in 0..data.keys.len() {
        let lost = key_loss(data, &rows, recoding.keys[key], key, suppression);
        sums.iter_mut()
            .zip(lost)
            .for_each(|(sum, loss)| *sum += weight(key) * loss);
        weights += weight(key);
    }
    let outcomes = recoding.outcomes.iter().zip(data.keys.len()..);
    for (&kept, at) in outcomes.filter(|_| importance.is_some()) {
        let lost = if kept { 0.0 } else { weight(at) };
        sums.iter_mut().for_each(|sum| *sum += lost);
        weights += weight(at);
    }
    let mean = |sum: f64| if weights > 0.0 { sum / weights } else { 0.0 };
    let classes = Counted::new(data, &[]).classes(&suppression.classes, rows.into_iter());
    Utility {
        precision_loss: mean(sums[0]),
        certainty_penalty: mean(sums[1]),
        entropy_loss: mean(sums[2]),
        discernibility: classes.iter().map(|c| c.cases * c.cases).sum(),
    }
}

impl Utility {
    #[expect(clippy::cast_precision_loss, reason = "compared only")]
    pub(super) fn get(&self, loss: Loss) -> f64 {
        match loss {
            Loss::Precision => self.precision_loss,
            Loss::Certainty => self.certainty_penalty,
            Loss::Entropy => self.entropy_loss,
            Loss::Discernibility => self.discernibility as f64,
        }
    }
}

/// The precision, the certainty and the share of entropy lost of one key.
#[expect(clippy::cast_precision_loss, reason = "shares of records")]
fn key_loss(
    data: &Microdata,
    rows: &[usize],
    level: usize,
    key: usize,
    suppression: &Suppression,
) -> [f64; 3] {
    let declared = &data.keys[key];
    let highest = declared.levels.len();
    let (mut all, mut up) = (0.0, 0.0);
    let mut values: BTreeMap<Option<u64>, BTreeMap<u64, u64>> = BTreeMap::new();
    for &row in rows {
        let weight = data.weights[row] as f64;
        let told = level < highest && suppression.masks[row] & 1 << key == NONE;
        all += weight;
        up += weight
            * if told {
                level as f64 / highest.max(1) as f64
            } else {
                1.0
            };
        let coarse = told.then(|| declared.code(level, row));
        let fine = values.entry(coarse).or_default();
        *fine.entry(declared.code(0, row)).or_default() += data.weights[row];
    }
    let distinct: std::collections::BTreeSet<u64> = values
        .values()
        .flat_map(|fine| fine.keys().copied())
        .collect();
    let others = distinct.len().max(2) - 1;
    let (mut penalty, mut within) = (0.0, 0.0);
    let mut finest: BTreeMap<u64, u64> = BTreeMap::new();
    for (coarse, fine) in &values {
        let here: u64 = fine.values().sum();
        // A value that is not told could be any.
        let could_be = if coarse.is_some() {
            fine.len()
        } else {
            distinct.len()
        };
        penalty += here as f64 / all * (could_be - 1) as f64 / others as f64;
        for (&value, &n) in fine {
            *finest.entry(value).or_default() += n;
        }
        // What stays unknown of the finest form once the published one is known.
        within += fine
            .values()
            .map(|&n| -(n as f64 / all) * (n as f64 / here as f64).ln())
            .sum::<f64>();
    }
    let entropy: f64 = finest
        .values()
        .map(|&n| n as f64 / all)
        .map(|p| -p * p.ln())
        .sum();
    let precision = if all > 0.0 { up / all } else { 0.0 };
    let lost = if entropy > 0.0 { within / entropy } else { 0.0 };
    [precision, penalty, lost.clamp(0.0, 1.0)]
}
