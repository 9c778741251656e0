//! Judging a whole column, value by value.

use std::collections::BTreeMap;

use super::{Evidence, Kind, scan_value, village};

/// Collects what a column's values look like. A value that is nothing but a name, or another form that only a
/// whole column makes believable, counts once most values look alike: `和平` may be a category, forty different
/// ones are people. So does the group of a village alone, which may be where a public work is.
///
/// ```
/// use disclosure::pii::{ColumnScan, Kind};
///
/// let mut column = ColumnScan::default();
/// ["张三", "李四", "王小五", "赵六"].iter().for_each(|value| column.observe(value));
/// assert_eq!(column.findings(), [(Kind::Name, 4)]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct ColumnScan {
    values: u64,
    sure: BTreeMap<Kind, u64>,
    likely: BTreeMap<Kind, u64>,
}

impl ColumnScan {
    /// Least share of values that must look alike before forms without further evidence count.
    const SHARE: f64 = 0.5;
    /// Least number of such values.
    const LEAST: u64 = 3;

    /// Takes in one value; empty ones do not count.
    pub fn observe(&mut self, value: &str) {
        self.observe_times(value, 1);
    }

    /// Takes in one value that stands in so many rows.
    pub fn observe_times(&mut self, value: &str, times: u64) {
        if value.trim().is_empty() {
            return;
        }
        self.values += times;
        let mut kinds: BTreeMap<Kind, bool> = BTreeMap::new();
        for found in scan_value(value) {
            let weak = found.evidence == Evidence::Form
                && match found.kind {
                    Kind::Name | Kind::TravelPermit | Kind::Passport => true,
                    Kind::Address => village::is_whole(value),
                    _ => false,
                };
            *kinds.entry(found.kind).or_default() |= !weak;
        }
        for (kind, sure) in kinds {
            let counts = if sure {
                &mut self.sure
            } else {
                &mut self.likely
            };
            *counts.entry(kind).or_default() += times;
        }
    }

    /// The kinds found, with the number of values of each; empty when the column looks clean.
    pub fn findings(&self) -> Vec<(Kind, u64)> {
        let count = |counts: &BTreeMap<Kind, u64>, kind| counts.get(&kind).copied().unwrap_or(0);
        let mut found = Vec::new();
        for kind in Kind::ALL {
            let (sure, likely) = (count(&self.sure, kind), count(&self.likely, kind));
            let both = sure + likely;
            #[expect(clippy::cast_precision_loss, reason = "a share of rows")]
            let share = both as f64 / self.values.max(1) as f64;
            let alike = both >= Self::LEAST && share >= Self::SHARE;
            let shown = if alike { both } else { sure };
            if shown > 0 {
                found.push((kind, shown));
            }
        }
        found
    }
}
