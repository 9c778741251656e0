//! A first pattern by Gaussian elimination (Langsrud, 2024): cells are published in order of preference unless
//! a protected quantity would become a linear combination of what is published.
//!
//! Elimination runs modulo a large prime, in integers: no rounding, no growth of fractions. The pattern only
//! rules out exact disclosure; the audit and the repair that follow decide.

use std::collections::BTreeMap;

use super::{
    control::{Control, Stage},
    problem::{Pattern, Problem, Role},
};
use crate::DisclosureError;

/// 2^61 − 1.
const PRIME: u64 = (1 << 61) - 1;

fn multiply(a: u64, b: u64) -> u64 {
    (u128::from(a) * u128::from(b) % u128::from(PRIME)) as u64
}

fn add(a: u64, b: u64) -> u64 {
    (a + b) % PRIME
}

fn inverse(a: u64) -> u64 {
    let (mut base, mut exponent, mut result) = (a, PRIME - 2, 1);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = multiply(result, base);
        }
        base = multiply(base, base);
        exponent >>= 1;
    }
    result
}

/// Sorted by coordinate, no zeros.
type Vector = Vec<(u32, u64)>;

/// `a + factor · b`.
fn combine(a: &[(u32, u64)], factor: u64, b: &[(u32, u64)]) -> Vector {
    let mut sum = Vec::with_capacity(a.len() + b.len());
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        let (left, right) = (a.get(i), b.get(j));
        match (left, right) {
            (Some(&(x, v)), Some(&(y, w))) if x == y => {
                let value = add(v, multiply(factor, w));
                if value != 0 {
                    sum.push((x, value));
                }
                (i, j) = (i + 1, j + 1);
            }
            (Some(&(x, v)), other) if other.is_none_or(|o| x < o.0) => {
                sum.push((x, v));
                i += 1;
            }
            (_, Some(&(y, w))) => {
                sum.push((y, multiply(factor, w)));
                j += 1;
            }
            (_, None) => break,
        }
    }
    sum
}

/// Rows in echelon form, by leading coordinate (coefficient 1).
#[derive(Default)]
struct Echelon {
    rows: BTreeMap<u32, Vector>,
}

impl Echelon {
    fn reduce(&self, mut vector: Vector) -> Vector {
        let mut at = 0;
        while at < vector.len() {
            let (coordinate, value) = vector[at];
            match self.rows.get(&coordinate) {
                Some(row) => vector = combine(&vector, PRIME - value, row),
                None => at += 1,
            }
        }
        vector
    }
}

/// The vector of every variable over the coordinates that the relations leave free.
fn expand(problem: &Problem) -> Vec<Vector> {
    let count = problem.system.len();
    let mut defined: Vec<Option<Vector>> = vec![None; count];
    // Vectors are built over variables first: those that a relation defines are replaced by what defines them.
    let substitute = |vector: Vector, defined: &[Option<Vector>]| -> Vector {
        let mut vector = vector;
        while let Some(at) = vector.iter().rposition(|t| defined[t.0 as usize].is_some()) {
            let (variable, value) = vector.remove(at);
            if let Some(by) = &defined[variable as usize] {
                vector = combine(&vector, value, by);
            }
        }
        vector
    };
    for relation in problem.system.relations() {
        if relation.fact.is_some() || relation.low != relation.high {
            continue;
        }
        let terms: Vector = relation
            .terms
            .iter()
            .map(|&(v, c)| (v, (i128::from(c)).rem_euclid(i128::from(PRIME)) as u64))
            .collect();
        let reduced = substitute(terms, &defined);
        // The last variable is the total in sums that are declared after their parts.
        let Some(&(pivot, value)) = reduced.last() else {
            continue;
        };
        let factor = multiply(PRIME - 1, inverse(value));
        let rest: Vector = reduced[..reduced.len() - 1]
            .iter()
            .map(|&(v, c)| (v, multiply(factor, c)))
            .collect();
        defined[pivot as usize] = Some(rest);
    }
    (0..count as u32)
        .map(|v| substitute(vec![(v, 1)], &defined))
        .collect()
}

/// A pattern in which no protected quantity is a linear combination of published cells, cheap cells being
/// suppressed before dear ones.
pub(crate) fn eliminate(
    problem: &Problem,
    control: &Control<'_>,
) -> Result<Pattern, DisclosureError> {
    let mut pattern = problem.primary();
    let vectors = expand(problem);
    let mut echelon = Echelon::default();
    let mut protected: Vec<Vector> = Vec::new();
    for requirement in &problem.requirements {
        protected.push(vectors[requirement.variable as usize].clone());
    }
    protected.sort();
    protected.dedup();
    let mut order: Vec<usize> = (0..problem.system.len())
        .filter(|&v| matches!(problem.roles[v], Role::Cell { .. } | Role::Given))
        .collect();
    // What stands published comes first; then the dear cells; among equals the longest sums, which are totals.
    order.sort_by_key(|&v| {
        (
            problem.roles[v] != Role::Given,
            std::cmp::Reverse(problem.cost(v).unwrap_or(0)),
            std::cmp::Reverse(vectors[v].len()),
            v,
        )
    });
    let total = order.len();
    // Which protected vectors hold a coordinate; may list those where it has gone.
    let mut holders: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (at, vector) in protected.iter().enumerate() {
        for t in vector {
            holders.entry(t.0).or_default().push(at as u32);
        }
    }
    for (done, v) in order.into_iter().enumerate() {
        if done.is_multiple_of(256) {
            control.check()?;
            control.report(Stage::Pattern, done, total);
        }
        let mut reduced = echelon.reduce(vectors[v].clone());
        let Some(&(lead, value)) = reduced.first() else {
            continue;
        };
        let scale = inverse(value);
        for t in &mut reduced {
            t.1 = multiply(t.1, scale);
        }
        let mut touched: Vec<u32> = holders.get(&lead).cloned().unwrap_or_default();
        touched.sort_unstable();
        touched.dedup();
        let multiple = |vector: &Vector| -> bool {
            vector.len() == reduced.len()
                && vector
                    .iter()
                    .zip(&reduced)
                    .all(|(a, b)| a.0 == b.0 && a.1 == multiply(b.1, vector[0].1))
        };
        let given = problem.roles[v] == Role::Given;
        if !given && touched.iter().any(|&p| multiple(&protected[p as usize])) {
            pattern.cells[v] = true;
            continue;
        }
        for p in touched {
            let vector = &protected[p as usize];
            if let Ok(at) = vector.binary_search_by_key(&lead, |t| t.0) {
                let changed = combine(vector, PRIME - vector[at].1, &reduced);
                for t in &changed {
                    if vector.binary_search_by_key(&t.0, |o| o.0).is_err() {
                        holders.entry(t.0).or_default().push(p);
                    }
                }
                protected[p as usize] = changed;
            }
        }
        holders.remove(&lead);
        echelon.rows.insert(lead, reduced);
    }
    Ok(pattern)
}
