//! A table near one that meets every relation: projections on one relation after the other (Kaczmarz, 1937; with bounds,
//! Hildreth, 1957), rounded part by part.

use super::presolve::Component;

/// Rounds over all relations.
const ROUNDS: usize = 600;
/// A relation that lacks less than this is left for the rounding.
const CLOSE: f64 = 0.05;
/// Terms of a row, its least and its greatest sum.
type Line<'a> = (&'a [(u32, i64)], f64, f64);

/// A real table that nearly meets every row, away from the bounds where it can be.
pub(super) fn centre(component: &Component, slack: &[Option<u32>]) -> Vec<f64> {
    let bound = |b: Option<i128>, open: f64| b.map_or(open, |b| b as f64);
    let implied = component.implied.iter();
    let limits: Vec<(f64, f64)> = implied
        .map(|b| {
            (
                bound(b.low, f64::NEG_INFINITY),
                bound(b.high, f64::INFINITY),
            )
        })
        .collect();
    let rows: Vec<Line<'_>> = component
        .rows
        .iter()
        .zip(slack)
        .filter(|(_, slack)| slack.is_none())
        .map(|(row, _)| {
            let low = bound(row.low, f64::NEG_INFINITY);
            (&*row.terms, low, bound(row.high, f64::INFINITY))
        })
        .collect();
    let mut point = vec![f64::INFINITY; component.variables.len()];
    for (terms, _, high) in &rows {
        let share = high / terms.len() as f64;
        for &(v, c) in terms.iter() {
            if c > 0 && share.is_finite() {
                point[v as usize] = point[v as usize].min(share.max(0.0));
            }
        }
    }
    for (value, &(low, high)) in point.iter_mut().zip(&limits) {
        let start = if value.is_finite() {
            *value
        } else {
            low.max(0.0)
        };
        *value = start.max(low).min(high);
    }
    let mut open = vec![true; point.len()];
    project(&mut point, &rows, &limits, &open, ROUNDS);
    // A part of the variables after the other is rounded, those first that are nearly integers already: the others make
    // good what that changes.
    let mut order: Vec<u32> = (0..point.len() as u32).collect();
    while !order.is_empty() {
        let off = |v: &u32| (point[*v as usize] - point[*v as usize].round()).abs();
        order.sort_by(|a, b| off(b).total_cmp(&off(a)).then(a.cmp(b)));
        let kept = order.len() * 5 / 6;
        for v in order.drain(kept..) {
            point[v as usize] = point[v as usize].round();
            open[v as usize] = false;
        }
        project(&mut point, &rows, &limits, &open, ROUNDS / 6);
    }
    point
}

/// Moves the variables that are open towards what every row asks for.
fn project(
    point: &mut [f64],
    rows: &[Line<'_>],
    limits: &[(f64, f64)],
    open: &[bool],
    rounds: usize,
) {
    let rows: Vec<_> = rows
        .iter()
        .map(|&(terms, low, high)| {
            let free = terms.iter().filter(|t| open[t.0 as usize]);
            let square: f64 = free.map(|t| (t.1 * t.1) as f64).sum();
            (terms, low, high, square)
        })
        .filter(|row| row.3 > 0.0)
        .collect();
    for _ in 0..rounds {
        let mut worst = 0.0f64;
        for &(terms, low, high, square) in &rows {
            let terms = terms.iter();
            let sum: f64 = terms
                .clone()
                .map(|&(v, c)| c as f64 * point[v as usize])
                .sum();
            let lack = sum.max(low).min(high) - sum;
            if lack.abs() < 1e-6 {
                continue;
            }
            worst = worst.max(lack.abs());
            for &(v, c) in terms.filter(|t| open[t.0 as usize]) {
                let (least, most) = limits[v as usize];
                let value = &mut point[v as usize];
                *value = (*value + c as f64 * lack / square).max(least).min(most);
            }
        }
        if worst < CLOSE {
            break;
        }
    }
}
