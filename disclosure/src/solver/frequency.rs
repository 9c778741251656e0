//! Frequency tables of one set of records: any number of linked tables, with hierarchies and margins, as one
//! system over base cells.

use std::collections::BTreeMap;

use super::problem::{Problem, Role};
use crate::system::Limits;

/// Counts of records by the codes of some columns.
#[derive(Clone, Debug, Default)]
pub struct FrequencyTables {
    records: Vec<(Vec<String>, i64)>,
    tables: Vec<Vec<Vec<usize>>>,
}

/// Key of a cell: columns and codes; the columns that are missing are totals.
pub type CellKey = Vec<(usize, String)>;

/// The rule for counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MinimumFrequency {
    /// Counts of 1 to `threshold` are primary.
    pub threshold: i64,
    /// Whether zeros are primary too.
    pub protect_zeros: bool,
    /// Width that the interval of a primary cell must have.
    pub width: u64,
}

impl MinimumFrequency {
    /// Whether a count is primary.
    pub fn is_primary(self, count: i64) -> bool {
        count <= self.threshold && (count > 0 || self.protect_zeros)
    }
}

impl FrequencyTables {
    /// Tables over records given as codes by column and a count.
    pub fn new(records: impl IntoIterator<Item = (Vec<String>, i64)>) -> Self {
        Self {
            records: records.into_iter().collect(),
            tables: Vec::new(),
        }
    }

    /// Publishes the table that crosses `dimensions`. Each is a list of columns that classify the same thing
    /// more or less finely (a hierarchy, or several); its total always belongs to it.
    pub fn table(&mut self, dimensions: &[&[usize]]) -> &mut Self {
        self.tables
            .push(dimensions.iter().map(|d| d.to_vec()).collect());
        self
    }

    /// The problem, with the variable of every published cell.
    pub fn problem(&self, rule: MinimumFrequency) -> (Problem, BTreeMap<CellKey, u32>) {
        let mut members: BTreeMap<CellKey, Vec<usize>> = BTreeMap::new();
        for (at, (codes, _)) in self.records.iter().enumerate() {
            let mut keys: Vec<CellKey> = Vec::new();
            for table in &self.tables {
                let mut partial: Vec<CellKey> = vec![Vec::new()];
                for dimension in table {
                    let mut next = partial.clone();
                    for &column in dimension {
                        for key in &partial {
                            let mut key = key.clone();
                            key.push((column, codes[column].clone()));
                            next.push(key);
                        }
                    }
                    partial = next;
                }
                keys.extend(partial);
            }
            for key in &mut keys {
                key.sort();
            }
            keys.sort();
            keys.dedup();
            for key in keys {
                members.entry(key).or_default().push(at);
            }
        }
        // Records that fall into the same cells everywhere are one base cell.
        let mut signature: Vec<Vec<u32>> = vec![Vec::new(); self.records.len()];
        for (cell, records) in members.values().enumerate() {
            for &record in records {
                signature[record].push(cell as u32);
            }
        }
        let mut bases: BTreeMap<&[u32], usize> = BTreeMap::new();
        let mut counts: Vec<i64> = Vec::new();
        let base_of: Vec<usize> = signature
            .iter()
            .zip(&self.records)
            .map(|(cells, (_, count))| {
                let base = *bases.entry(cells).or_insert_with(|| {
                    counts.push(0);
                    counts.len() - 1
                });
                counts[base] += count;
                base
            })
            .collect();
        let mut problem = Problem::default();
        for &count in &counts {
            problem.variable(Limits::NONNEGATIVE, count, Role::Hidden);
        }
        let mut cells = BTreeMap::new();
        let mut taken = vec![false; counts.len()];
        for (key, records) in members {
            let mut parts: Vec<u32> = records.iter().map(|&r| base_of[r] as u32).collect();
            parts.sort_unstable();
            parts.dedup();
            let count: i64 = parts.iter().map(|&b| counts[b as usize]).sum();
            let role = if rule.is_primary(count) {
                Role::Primary {
                    cost: count.unsigned_abs(),
                }
            } else {
                Role::Cell {
                    cost: count.unsigned_abs(),
                }
            };
            let variable = match parts[..] {
                // A cell of one base cell is that base cell.
                [only] if !taken[only as usize] => {
                    taken[only as usize] = true;
                    problem.roles[only as usize] = role;
                    only
                }
                _ => {
                    let total = problem.variable(Limits::NONNEGATIVE, count, role);
                    problem.system.sum(total, &parts);
                    total
                }
            };
            if rule.is_primary(count) {
                problem.protect(variable, rule.width);
            }
            cells.insert(key, variable);
        }
        (problem, cells)
    }
}
