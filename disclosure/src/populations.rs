//! Sets of rows that a publication counts, and how they contain one another.

use std::collections::BTreeSet;

use crate::DisclosureError;

/// One set of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Population {
    /// Identifier.
    pub id: String,
    /// The populations that contain it directly.
    pub within: Vec<String>,
    /// Name of the partition of its parents that it belongs to.
    pub partition: Option<String>,
}

/// Every population of a dataset, by position.
#[derive(Clone, Debug)]
pub struct Populations {
    items: Vec<Population>,
    parents: Vec<Vec<usize>>,
}

impl Populations {
    /// Resolves the names; refuses unknown and double names, and circles.
    pub fn new(items: Vec<Population>) -> Result<Self, DisclosureError> {
        let position = |id: &str| {
            items
                .iter()
                .position(|p| p.id == id)
                .ok_or_else(|| DisclosureError::UnknownPopulation(id.to_owned()))
        };
        let mut parents = Vec::new();
        for (at, item) in items.iter().enumerate() {
            if position(&item.id)? != at {
                return Err(DisclosureError::DuplicatePopulation(item.id.clone()));
            }
            parents.push(
                item.within
                    .iter()
                    .map(|id| position(id))
                    .collect::<Result<Vec<_>, _>>()?,
            );
        }
        let all = Self { items, parents };
        for at in 0..all.items.len() {
            if all.parents[at]
                .iter()
                .any(|&parent| all.ancestors(parent).contains(&at))
            {
                return Err(DisclosureError::Circle(all.items[at].id.clone()));
            }
        }
        Ok(all)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The position of a population: that of its count in every cell.
    pub fn position(&self, id: &str) -> Result<usize, DisclosureError> {
        let found = self.items.iter().position(|p| p.id == id);
        found.ok_or_else(|| DisclosureError::UnknownPopulation(id.to_owned()))
    }

    /// The population and everything that contains it.
    fn ancestors(&self, at: usize) -> BTreeSet<usize> {
        let mut seen = BTreeSet::from([at]);
        let mut open = vec![at];
        while let Some(next) = open.pop() {
            open.extend(
                self.parents[next]
                    .iter()
                    .copied()
                    .filter(|&parent| seen.insert(parent)),
            );
        }
        seen
    }

    /// Checks that a cell's counts respect the declared containment and partitions.
    pub(crate) fn check(&self, counts: &[u64]) -> Result<(), DisclosureError> {
        if counts.len() != self.len() {
            return Err(DisclosureError::CountsDoNotFit {
                found: counts.len(),
                expected: self.len(),
            });
        }
        for (at, parents) in self.parents.iter().enumerate() {
            for &parent in parents {
                if counts[at] > counts[parent] {
                    let (part, whole) = (self.items[at].id.clone(), self.items[parent].id.clone());
                    return Err(DisclosureError::NotContained { part, whole });
                }
                if let Some(partition) = &self.items[at].partition {
                    let sum: u64 = self
                        .siblings(partition, parent)
                        .map(|sibling| counts[sibling])
                        .sum();
                    if sum != counts[parent] {
                        let whole = self.items[parent].id.clone();
                        return Err(DisclosureError::NotAPartition {
                            partition: partition.clone(),
                            whole,
                        });
                    }
                }
            }
        }
        Ok(())
    }

    fn siblings<'a>(
        &'a self,
        partition: &'a str,
        parent: usize,
    ) -> impl Iterator<Item = usize> + 'a {
        (0..self.len()).filter(move |&at| {
            self.items[at].partition.as_deref() == Some(partition)
                && self.parents[at].contains(&parent)
        })
    }

    /// The sizes that a reader who knows the counts of `uses` can compute in one cell: the populations, all
    /// that contain them, the remainder of each in each of its parents, and all parts of their partitions.
    pub(crate) fn readable(&self, uses: &[usize], counts: &[u64]) -> Vec<u64> {
        let mut known: BTreeSet<usize> = uses.iter().flat_map(|&at| self.ancestors(at)).collect();
        loop {
            let more: Vec<usize> = known
                .iter()
                .flat_map(|&at| self.parents[at].iter().map(move |&parent| (at, parent)))
                .filter_map(|(at, parent)| Some((self.items[at].partition.as_deref()?, parent)))
                .flat_map(|(partition, parent)| self.siblings(partition, parent))
                .filter(|at| !known.contains(at))
                .collect();
            if more.is_empty() {
                break;
            }
            known.extend(more.into_iter().flat_map(|at| self.ancestors(at)));
        }
        let mut sizes: Vec<u64> = known.iter().map(|&at| counts[at]).collect();
        for &at in &known {
            sizes.extend(
                self.parents[at]
                    .iter()
                    .map(|&parent| counts[parent].saturating_sub(counts[at])),
            );
        }
        sizes
    }
}
