//! Distributions of the greatest entropy. They are exp(a·v + b·v²), scaled: for each b one a makes the mean zero, and
//! the variance then grows with b, so that both are found by halving.

use super::{KEYS, Row};

/// Halvings after which the ends of [−64, 64] are one number.
const HALVINGS: usize = 64;

/// Shares of the noise, of mean zero and this variance.
pub(super) fn greatest(noise: &[i64], variance: f64) -> Vec<f64> {
    let moment = |shares: &[f64], power: i32| -> f64 {
        let both = noise.iter().zip(shares);
        both.map(|(&v, share)| share * (v as f64).powi(power)).sum()
    };
    let [first, last] = [noise.first(), noise.last()].map(|end| end.map_or(0.0, |&v| v as f64));
    let centred = |b: f64| {
        // Where b is positive the ends outweigh all else, and balance about here.
        let near = -b.max(0.0) * (first + last);
        let a = near + rising(|a| moment(&exponential(noise, near + a, b), 1));
        exponential(noise, a, b)
    };
    let b = rising(|b| moment(&centred(b), 2) - variance);
    centred(b)
}

fn exponential(noise: &[i64], a: f64, b: f64) -> Vec<f64> {
    let exponents = noise.iter().map(|&v| v as f64).map(|v| v * (a + b * v));
    let exponents: Vec<f64> = exponents.collect();
    let most = exponents.iter().copied().fold(f64::MIN, f64::max);
    let weights: Vec<f64> = exponents.iter().map(|e| (e - most).exp()).collect();
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / sum).collect()
}

/// Where a rising function passes zero.
fn rising(value: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (-64.0, 64.0);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if value(middle) < 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// Shares as whole numbers of keys, whose sum and mean are exact: what rounding has left goes to noise of −1, 0 and
/// 1. None where these are too few for it.
pub(super) fn in_parts(noise: &[i64], shares: &[f64]) -> Option<Row> {
    let mut parts: Vec<i64> = (shares.iter())
        .map(|share| (share * KEYS as f64).round() as i64)
        .collect();
    let mean: i64 = noise.iter().zip(&parts).map(|(v, n)| v * n).sum();
    let at = |value: i64| noise.iter().position(|&v| v == value);
    let (less, same, more) = (at(-1)?, at(0)?, at(1)?);
    parts[less] += mean.max(0);
    parts[more] += (-mean).max(0);
    parts[same] += KEYS as i64 - parts.iter().sum::<i64>();
    let rows = noise.iter().zip(&parts);
    let rows: Option<Vec<(i64, u64)>> = rows
        .map(|(&v, &n)| Some((v, u64::try_from(n).ok()?)))
        .collect();
    rows.map(Row::unbiased)
}
