//! What a snapshot changes against the last one.

use std::collections::BTreeMap;

use contract::{Status, snapshot::TableState};
use serde::Serialize;

use super::{previous::Old, rows::Row};

/// How many of the largest changes are kept.
const LARGEST: usize = 10;

/// What a snapshot changes against the last one. Holds nothing but what is, or is about to be, published.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Difference {
    /// Id of the last snapshot; none when this is the first.
    pub since: Option<String>,
    /// Tables that the last snapshot did not have.
    pub tables_added: Vec<String>,
    /// Tables that it had.
    pub tables_removed: Vec<String>,
    /// Tables that it published and that are now withheld.
    pub tables_withheld: Vec<String>,
    /// Tables that it withheld and that are now published.
    pub tables_released: Vec<String>,
    /// Values for places, periods or classes that it did not have.
    pub values_added: u64,
    /// Values that it had.
    pub values_removed: u64,
    /// Values that differ.
    pub values_revised: u64,
    /// The largest changes, by their share of the larger of both values.
    pub largest: Vec<Change>,
}

/// One value that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// `dataset.indicator`.
    pub indicator: String,
    /// The place.
    pub place: String,
    /// The period.
    pub period: String,
    /// `breakdown.class`.
    pub class: String,
    /// The value of the last snapshot.
    pub before: f64,
    /// The new value.
    pub after: f64,
}

impl Change {
    fn size(&self) -> f64 {
        let larger = self.before.abs().max(self.after.abs());
        (self.after - self.before).abs() / larger
    }
}

impl Difference {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        let empty = Self {
            since: self.since.clone(),
            ..Self::default()
        };
        *self == empty
    }

    pub(super) fn tables(&mut self, dataset: &str, new: &[TableState], old: &[TableState]) {
        let named = |tables: &[TableState]| -> BTreeMap<String, Status> {
            let name = |t: &TableState| {
                let (level, length) = (t.level.name(), t.granularity.name());
                let (indicator, breakdown) = (&t.indicator, &t.breakdown);
                format!("{dataset}.{indicator} by {breakdown}, {level}, {length}")
            };
            tables.iter().map(|t| (name(t), t.status)).collect()
        };
        let (new, old) = (named(new), named(old));
        for (name, status) in &new {
            match (old.get(name), status) {
                (None, _) => self.tables_added.push(name.clone()),
                (Some(Status::Published), Status::Suppressed) => {
                    self.tables_withheld.push(name.clone());
                }
                (Some(Status::Suppressed), Status::Published) => {
                    self.tables_released.push(name.clone());
                }
                _ => {}
            }
        }
        let removed = old.into_keys().filter(|name| !new.contains_key(name));
        self.tables_removed.extend(removed);
    }

    pub(super) fn value(&mut self, dataset: &str, row: &Row<'_>, old: Option<&Old>) {
        let Some(old) = old else {
            self.values_added += 1;
            return;
        };
        let same = |a: Option<f64>, b: Option<f64>| a.map(f64::to_bits) == b.map(f64::to_bits);
        if same(old.value, row.cell.value) {
            return;
        }
        self.values_revised += 1;
        let (Some(before), Some(after)) = (old.value, row.cell.value) else {
            return;
        };
        self.largest.push(Change {
            indicator: format!("{dataset}.{}", row.state.indicator),
            place: row.cell.place.clone(),
            period: row.cell.period.to_string(),
            class: format!("{}.{}", row.state.breakdown, row.cell.class),
            before,
            after,
        });
        self.largest.sort_by(|a, b| {
            let name = |c: &Change| {
                (
                    c.indicator.clone(),
                    c.place.clone(),
                    c.period.clone(),
                    c.class.clone(),
                )
            };
            b.size()
                .total_cmp(&a.size())
                .then_with(|| name(a).cmp(&name(b)))
        });
        self.largest.truncate(LARGEST);
    }
}
