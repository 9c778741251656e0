//! What differs between two snapshots, from their manifests.

use std::collections::BTreeMap;

use contract::{
    Localised, Status,
    snapshot::{Dataset, Manifest, TableState},
};

use crate::rows::Row;

/// One difference.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A dataset that only the newer snapshot has.
    DatasetAdded,
    /// A dataset that only the older snapshot has.
    DatasetWithdrawn,
    /// The source has other numbers of accepted rows.
    Rows {
        /// Rows accepted before.
        before: u64,
        /// Rows accepted now.
        after: u64,
    },
    /// An indicator that only the newer snapshot has.
    IndicatorAdded(Localised),
    /// An indicator that only the older snapshot has.
    IndicatorWithdrawn(Localised),
    /// The method has another version.
    Method {
        /// The indicator.
        indicator: Localised,
        /// Version before.
        before: u32,
        /// Version now.
        after: u32,
        /// What the method says of itself now.
        note: Localised,
    },
    /// The words of a definition differ, the method does not.
    Definition(Localised),
    /// The target differs.
    Target(Localised),
    /// Tables that are published now and were not, and the other way round.
    Tables {
        /// Newly published.
        published: usize,
        /// No longer published.
        withheld: usize,
    },
    /// The bytes of a published table differ: values were added or revised.
    File {
        /// Title of the breakdown.
        breakdown: Localised,
        /// Rows before.
        before: u64,
        /// Rows now.
        after: u64,
    },
}

/// The differences of one dataset.
#[derive(Clone, Debug, PartialEq)]
pub struct Changes {
    /// The dataset.
    pub id: String,
    /// Title of the dataset.
    pub title: Localised,
    /// What differs, in the order of the manifest.
    pub changes: Vec<Change>,
}

/// What differs, by dataset; datasets without a difference are left out.
pub fn between(before: &Manifest, after: &Manifest) -> Vec<Changes> {
    let mut all = Vec::new();
    for dataset in &after.datasets {
        let changes = match before.dataset(&dataset.id) {
            None => vec![Change::DatasetAdded],
            Some(old) => of_dataset(before, old, after, dataset),
        };
        all.push(Changes {
            id: dataset.id.clone(),
            title: dataset.title.clone(),
            changes,
        });
    }
    for dataset in &before.datasets {
        if after.dataset(&dataset.id).is_none() {
            all.push(Changes {
                id: dataset.id.clone(),
                title: dataset.title.clone(),
                changes: vec![Change::DatasetWithdrawn],
            });
        }
    }
    all.retain(|changes| !changes.changes.is_empty());
    all
}

fn of_dataset(before: &Manifest, old: &Dataset, after: &Manifest, new: &Dataset) -> Vec<Change> {
    let mut changes = Vec::new();
    if let (Some(old), Some(new)) = (old.rows, new.rows)
        && old.accepted != new.accepted
    {
        changes.push(Change::Rows {
            before: old.accepted,
            after: new.accepted,
        });
    }
    for indicator in &new.indicators {
        let Some(was) = old.indicators.iter().find(|was| was.id == indicator.id) else {
            changes.push(Change::IndicatorAdded(indicator.title.clone()));
            continue;
        };
        if was.method.version != indicator.method.version {
            changes.push(Change::Method {
                indicator: indicator.title.clone(),
                before: was.method.version,
                after: indicator.method.version,
                note: indicator.method.note.clone(),
            });
        } else if was.definition != indicator.definition || was.formula != indicator.formula {
            changes.push(Change::Definition(indicator.title.clone()));
        }
        if was.target != indicator.target {
            changes.push(Change::Target(indicator.title.clone()));
        }
    }
    for indicator in &old.indicators {
        if !new.indicators.iter().any(|now| now.id == indicator.id) {
            changes.push(Change::IndicatorWithdrawn(indicator.title.clone()));
        }
    }
    let only = |these: &Dataset, those: &Dataset| {
        let open = |table: &&TableState| table.status == Status::Published;
        let tables = these.tables.iter().filter(open);
        tables.filter(|table| !those.tables.contains(table)).count()
    };
    let (published, withheld) = (only(new, old), only(old, new));
    if published + withheld > 0 {
        changes.push(Change::Tables {
            published,
            withheld,
        });
    }
    for breakdown in &new.breakdowns {
        let was = old.breakdowns.iter().find(|was| was.id == breakdown.id);
        let Some(was) = was.filter(|was| was.path != breakdown.path) else {
            continue;
        };
        let rows = |manifest: &Manifest, path: &str| {
            manifest
                .file(path)
                .and_then(|file| file.rows)
                .unwrap_or_default()
        };
        changes.push(Change::File {
            breakdown: breakdown.title.clone(),
            before: rows(before, &was.path),
            after: rows(after, &breakdown.path),
        });
    }
    changes
}

/// What became of the values of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values {
    /// Published now, and not before.
    pub added: usize,
    /// Published before, and not now.
    pub withdrawn: usize,
    /// Published in both, with another value: before and now.
    pub revised: Vec<(Row, Row)>,
}

/// Compares the values of a table, cell by cell.
pub fn values(before: &[Row], after: &[Row]) -> Values {
    let key = |row: &Row| {
        (
            row.indicator.clone(),
            row.place.clone(),
            row.period.clone(),
            row.class.clone(),
        )
    };
    let published = |row: &&Row| row.value.is_some();
    let mut old: BTreeMap<_, &Row> = before
        .iter()
        .filter(published)
        .map(|row| (key(row), row))
        .collect();
    let mut found = Values::default();
    for row in after.iter().filter(published) {
        match old.remove(&key(row)) {
            None => found.added += 1,
            Some(was) if was.value != row.value => found.revised.push((was.clone(), row.clone())),
            Some(_) => {}
        }
    }
    found.withdrawn = old.len();
    found
}

#[cfg(test)]
mod tests {
    use contract::Revision;

    use super::*;

    fn row(period: &str, value: Option<f64>) -> Row {
        Row {
            indicator: "whistles".to_owned(),
            place: "6401".to_owned(),
            period: period.to_owned(),
            class: "total".to_owned(),
            value,
            numerator: None,
            denominator: None,
            interval: None,
            feasible: None,
            status: if value.is_some() {
                Status::Published
            } else {
                Status::Suppressed
            },
            revision: Revision::Final,
        }
    }

    #[test]
    fn values_are_compared_cell_by_cell() {
        let before = [
            row("2018", Some(1.0)),
            row("2019", Some(2.0)),
            row("2020", None),
            row("2017", Some(4.0)),
        ];
        let after = [
            row("2018", Some(1.0)),
            row("2019", Some(2.5)),
            row("2020", Some(3.0)),
            row("2017", None),
        ];
        let found = values(&before, &after);
        assert_eq!((found.added, found.withdrawn), (1, 1));
        assert_eq!(found.revised, [(before[1].clone(), after[1].clone())]);
    }
}
