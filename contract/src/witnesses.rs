//! The proof of a dataset's protection: `files/<dataset>/witnesses-<hash>.json`.
//!
//! For every suppressed count it holds two tables of whole numbers that agree with everything that the snapshot
//! publishes and differ in that count by the width: nothing published tells the two apart. The tables are made up from
//! published data alone, and the counts that are really small are not told from those that hide them.

use serde::{Deserialize, Serialize};

use crate::Period;

/// Version of the format.
pub const WITNESS_FORMAT: u32 = 1;
/// Most numbers that the tables of a system may hold when they are written out.
const MOST_NUMBERS: usize = 1 << 26;

/// The proof of one dataset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WitnessFile {
    /// [`WITNESS_FORMAT`].
    pub format: u32,
    /// The data are invented.
    #[serde(default)]
    pub demonstration: bool,
    /// The dataset.
    pub dataset: String,
    /// By how much every suppressed count can differ at least.
    pub width: u64,
    /// Populations that are counted.
    pub populations: Vec<String>,
    /// Where they are counted.
    pub nodes: Vec<WitnessNode>,
    /// One for each of the longest periods: no published total joins two of them.
    pub systems: Vec<WitnessSystem>,
}

/// A place, a period and a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WitnessNode {
    /// Code of the place.
    pub place: String,
    /// The period.
    pub period: Period,
    /// The breakdown.
    pub breakdown: String,
    /// Its class.
    pub class: String,
}

/// What is published of one of the longest periods, how it hangs together, and the tables. Variables are nonnegative
/// whole numbers: the counts first, in their order, then what is left of totals.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WitnessSystem {
    /// Population and node of every count, by position.
    pub counts: Vec<[u32; 2]>,
    /// What is published of each; null where it is suppressed, or told by no indicator.
    pub published: Vec<Option<i64>>,
    /// The suppressed counts.
    pub suppressed: Vec<u32>,
    /// Variables beyond the counts.
    pub remainders: u32,
    /// The first of each is the sum of the others.
    pub sums: Vec<Vec<u32>>,
    /// Variables that are not published and follow at once from what is.
    pub constant: Vec<(u32, i64)>,
    /// What is left, in parts that no sum joins.
    pub components: Vec<WitnessComponent>,
}

/// Variables that sums tie together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WitnessComponent {
    /// The variables.
    pub variables: Vec<u32>,
    /// Possible values of them all.
    pub tables: Vec<Vec<i64>>,
    /// For each suppressed count among them: the count, the table where it is small, the table where it is large.
    pub pairs: Vec<[u32; 3]>,
}

/// The tables of a system, written out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WitnessTables {
    /// What is published of every variable.
    pub published: Vec<Option<i64>>,
    /// Each holds a value for every variable.
    pub tables: Vec<Vec<i64>>,
    /// For each suppressed count, the positions of the tables where it is small and where it is large.
    pub pairs: Vec<[u32; 3]>,
}

/// Why a proof cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the witnesses contradict themselves: load the file again, or ask its publisher")]
pub struct Malformed;

impl WitnessSystem {
    /// Variables in all.
    pub fn variables(&self) -> usize {
        self.counts.len().saturating_add(self.remainders as usize)
    }

    /// Writes the tables out: parts that no sum joins go together in any combination, so that the first tables of all
    /// parts are one table, and so on.
    ///
    /// # Errors
    /// When positions lie beyond the variables, numbers are missing, or there are too many of them.
    pub fn tables(&self) -> Result<WitnessTables, Malformed> {
        let variables = self.variables();
        let count = self.components.iter().map(|c| c.tables.len()).max();
        let count = count.unwrap_or(0).max(1);
        if self.published.len() != self.counts.len()
            || variables
                .checked_mul(count)
                .is_none_or(|n| n > MOST_NUMBERS)
        {
            return Err(Malformed);
        }
        let mut published = self.published.clone();
        published.resize(variables, None);
        let mut first: Vec<i64> = published.iter().map(|v| v.unwrap_or_default()).collect();
        for &(variable, value) in &self.constant {
            *first.get_mut(variable as usize).ok_or(Malformed)? = value;
        }
        let mut tables = vec![first; count];
        for component in &self.components {
            let last = component.tables.len().checked_sub(1).ok_or(Malformed)?;
            for (at, table) in tables.iter_mut().enumerate() {
                let part = &component.tables[at.min(last)];
                if part.len() != component.variables.len() {
                    return Err(Malformed);
                }
                for (&variable, &value) in component.variables.iter().zip(part) {
                    *table.get_mut(variable as usize).ok_or(Malformed)? = value;
                }
            }
        }
        let pairs = self.components.iter().flat_map(|c| c.pairs.iter().copied());
        Ok(WitnessTables {
            published,
            tables,
            pairs: pairs.collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn component() -> impl Strategy<Value = WitnessComponent> {
        let numbers = || prop::collection::vec(0_u32..6, 0..4);
        let table = prop::collection::vec(any::<i64>(), 0..4);
        let tables = prop::collection::vec(table, 0..3);
        let pairs = prop::collection::vec([0_u32..6, 0_u32..6, 0_u32..6], 0..3);
        (numbers(), tables, pairs).prop_map(|(variables, tables, pairs)| WitnessComponent {
            variables,
            tables,
            pairs,
        })
    }

    proptest! {
        /// Whatever a file says, it is refused, or every table has a value for every variable.
        #[test]
        fn any_system_is_refused_or_whole(
            counts in prop::collection::vec([0_u32..3, 0_u32..3], 0..4),
            published in prop::collection::vec(any::<Option<i64>>(), 0..4),
            remainders in prop_oneof![0_u32..3, Just(u32::MAX)],
            constant in prop::collection::vec((0_u32..6, any::<i64>()), 0..3),
            components in prop::collection::vec(component(), 0..3),
        ) {
            let system = WitnessSystem {
                counts,
                published,
                suppressed: Vec::new(),
                remainders,
                sums: Vec::new(),
                constant,
                components,
            };
            if let Ok(written) = system.tables() {
                prop_assert_eq!(written.published.len(), system.variables());
                let mut tables = written.tables.iter();
                prop_assert!(tables.all(|table| table.len() == system.variables()));
            }
        }
    }

    #[test]
    fn parts_that_no_sum_joins_go_together() {
        let part = |variable, tables: &[i64]| WitnessComponent {
            variables: vec![variable],
            tables: tables.iter().map(|&value| vec![value]).collect(),
            pairs: vec![[variable, 0, tables.len() as u32 - 1]],
        };
        let system = WitnessSystem {
            counts: vec![[0, 0], [0, 1], [0, 2]],
            published: vec![Some(9), None, None],
            suppressed: vec![1, 2],
            remainders: 1,
            sums: Vec::new(),
            constant: vec![(3, 4)],
            components: vec![part(1, &[0, 5, 7]), part(2, &[1, 6])],
        };
        let written = system.tables().unwrap();
        let expected = [[9, 0, 1, 4], [9, 5, 6, 4], [9, 7, 6, 4]];
        assert_eq!(written.tables, expected.map(Vec::from));
        assert_eq!(written.pairs, [[1, 0, 2], [2, 0, 1]]);
    }
}
