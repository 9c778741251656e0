//! What differs between two snapshots, from their manifests, and why, from the notes of the publisher.

#[cfg(test)]
mod tests;
mod values;

use std::collections::BTreeSet;

use contract::{
    Granularity, Level, Localised, Status,
    indicator::Indicator,
    notes::Note,
    snapshot::{Dataset, Manifest, PublishedBreakdown, Release, TableState},
};

pub use values::{Kind, Value, Values, values};

/// One difference of a dataset as a whole.
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
    /// Tables of one breakdown, level and length of period that are published now and were not, or the other way round.
    Tables {
        /// Title of the breakdown.
        breakdown: Localised,
        /// The level of place.
        level: Level,
        /// The length of period.
        granularity: Granularity,
        /// Titles of the indicators whose tables are newly published.
        published: Vec<Localised>,
        /// Titles of the indicators whose tables are no longer published.
        withheld: Vec<Localised>,
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

/// What became of one indicator.
#[derive(Clone, Debug, PartialEq)]
pub enum IndicatorChange {
    /// Only the newer snapshot has it.
    Added,
    /// Only the older snapshot has it.
    Withdrawn,
    /// The method has another version.
    Method {
        /// Version before.
        before: u32,
        /// Version now.
        after: u32,
        /// What the method says of itself now.
        note: Localised,
    },
    /// The definition differs, the version of the method does not.
    Definition,
    /// The target differs.
    Target,
}

/// An indicator that differs, or of which the publisher says why its values do.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    /// The indicator.
    pub id: String,
    /// Its title, the newer one.
    pub title: Localised,
    /// What differs besides its values.
    pub changes: Vec<IndicatorChange>,
    /// The indicator before and now, where its definition differs.
    pub definitions: Option<Box<(Indicator, Indicator)>>,
    /// Why, where the publisher names this very indicator.
    pub reasons: Vec<Note>,
}

/// The differences of one dataset.
#[derive(Clone, Debug, PartialEq)]
pub struct Changes {
    /// The dataset.
    pub id: String,
    /// Title of the dataset.
    pub title: Localised,
    /// What differs in the whole dataset.
    pub changes: Vec<Change>,
    /// The indicators that differ, in the order of the manifest, those that were withdrawn last.
    pub indicators: Vec<Changed>,
    /// Why, where the publisher says it of the whole dataset.
    pub reasons: Vec<Note>,
}

impl Changes {
    /// Whether the publisher says nothing about the dataset, nor about any of its indicators.
    pub fn is_unexplained(&self) -> bool {
        self.reasons.is_empty() && self.indicators.iter().all(|it| it.reasons.is_empty())
    }

    /// Whether something is said about the dataset, but nothing that covers this indicator.
    pub fn leaves_open(&self, indicator: &str) -> bool {
        let named = |it: &Changed| it.id == indicator && !it.reasons.is_empty();
        !self.is_unexplained() && self.reasons.is_empty() && !self.indicators.iter().any(named)
    }

    /// The indicators that have revised values and no reason for them, where others of the dataset have one; those that
    /// are listed anyway are left out.
    pub fn silent<'a>(&self, values: &'a Values) -> Vec<&'a str> {
        let revised: BTreeSet<&str> = values
            .of(Kind::Revised)
            .map(|value| value.before.indicator.as_str())
            .collect();
        let listed = |id: &str| self.indicators.iter().any(|it| it.id == id);
        revised
            .into_iter()
            .filter(|id| self.leaves_open(id) && !listed(id))
            .collect()
    }
}

/// The notes about what changed between two releases, in whichever order they are compared: those about every snapshot
/// after the older one, up to the newer one.
pub fn notes_between(releases: &[Release], from: usize, to: usize, notes: &[Note]) -> Vec<Note> {
    let (older, newer) = (from.min(to), from.max(to));
    let within = releases.get(older + 1..=newer).unwrap_or_default();
    let is_within = |note: &&Note| within.iter().any(|it| it.snapshot == note.snapshot);
    notes.iter().filter(is_within).cloned().collect()
}

/// What differs, by dataset, and why; datasets without a difference and without a reason are left out.
pub fn between(before: &Manifest, after: &Manifest, notes: &[Note]) -> Vec<Changes> {
    let mut all = Vec::new();
    for dataset in &after.datasets {
        let (changes, indicators) = match before.dataset(&dataset.id) {
            None => (vec![Change::DatasetAdded], Vec::new()),
            Some(old) => (
                of_dataset(before, old, after, dataset),
                of_indicators(old, dataset),
            ),
        };
        all.push(explained(dataset, changes, indicators, notes));
    }
    for dataset in &before.datasets {
        if after.dataset(&dataset.id).is_none() {
            let changes = vec![Change::DatasetWithdrawn];
            all.push(explained(dataset, changes, Vec::new(), notes));
        }
    }
    all.retain(|it| !(it.changes.is_empty() && it.indicators.is_empty() && it.reasons.is_empty()));
    all
}

/// Puts every reason beside what it is about.
fn explained(
    dataset: &Dataset,
    changes: Vec<Change>,
    mut indicators: Vec<Changed>,
    notes: &[Note],
) -> Changes {
    let notes = notes.iter().filter(|note| note.dataset == dataset.id);
    let (whole, parts): (Vec<&Note>, Vec<&Note>) =
        notes.partition(|note| note.indicators.is_empty());
    for note in parts {
        for id in &note.indicators {
            let at = indicators.iter().position(|it| it.id == *id);
            let at = at.unwrap_or_else(|| {
                let known = dataset.indicators.iter().find(|it| it.id == *id);
                // It came and went between the two.
                let title = known.map_or_else(|| Localised::new(id, id), |it| it.title.clone());
                indicators.push(changed(id, title));
                indicators.len() - 1
            });
            indicators[at].reasons.push(note.clone());
        }
    }
    Changes {
        id: dataset.id.clone(),
        title: dataset.title.clone(),
        changes,
        indicators,
        reasons: whole.into_iter().cloned().collect(),
    }
}

fn changed(id: &str, title: Localised) -> Changed {
    Changed {
        id: id.to_owned(),
        title,
        changes: Vec::new(),
        definitions: None,
        reasons: Vec::new(),
    }
}

fn of_indicators(old: &Dataset, new: &Dataset) -> Vec<Changed> {
    let mut all = Vec::new();
    for indicator in &new.indicators {
        let was = old.indicators.iter().find(|was| was.id == indicator.id);
        let mut found = changed(&indicator.id, indicator.title.clone());
        match was {
            None => found.changes.push(IndicatorChange::Added),
            Some(was) => compare(was, indicator, &mut found),
        }
        all.push(found);
    }
    for indicator in &old.indicators {
        if !new.indicators.iter().any(|now| now.id == indicator.id) {
            let mut found = changed(&indicator.id, indicator.title.clone());
            found.changes.push(IndicatorChange::Withdrawn);
            all.push(found);
        }
    }
    all.retain(|it| !it.changes.is_empty());
    all
}

fn compare(was: &Indicator, now: &Indicator, found: &mut Changed) {
    let reworded = was.title != now.title
        || was.definition != now.definition
        || was.formula != now.formula
        || was.unit != now.unit
        || was.direction != now.direction
        || was.min_base != now.min_base
        || was.method != now.method;
    if was.method.version != now.method.version {
        found.changes.push(IndicatorChange::Method {
            before: was.method.version,
            after: now.method.version,
            note: now.method.note.clone(),
        });
    } else if reworded {
        found.changes.push(IndicatorChange::Definition);
    }
    if was.target != now.target {
        found.changes.push(IndicatorChange::Target);
    }
    if !found.changes.is_empty() {
        found.definitions = Some(Box::new((was.clone(), now.clone())));
    }
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
    tables(old, new, &mut changes);
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

/// Which tables are newly or no longer published, by breakdown, level and length of period.
fn tables(old: &Dataset, new: &Dataset, changes: &mut Vec<Change>) {
    let withdrawn = |it: &&PublishedBreakdown| !new.breakdowns.iter().any(|now| now.id == it.id);
    let breakdowns = new.breakdowns.iter();
    for breakdown in breakdowns.chain(old.breakdowns.iter().filter(withdrawn)) {
        for (level, granularity) in Level::ALL
            .iter()
            .flat_map(|&level| Granularity::ALL.iter().map(move |&length| (level, length)))
        {
            let only = |these: &Dataset, those: &Dataset| -> Vec<Localised> {
                let tables = these.tables.iter().filter(|table: &&TableState| {
                    table.status == Status::Published
                        && table.level == level
                        && table.granularity == granularity
                        && table.breakdown == breakdown.id
                        && !those.tables.contains(table)
                });
                let titled = |table: &TableState| {
                    let indicators = these.indicators.iter();
                    let mut known = indicators.filter(|it| it.id == table.indicator);
                    known.next().map(|it| it.title.clone())
                };
                tables.filter_map(titled).collect()
            };
            let (published, withheld) = (only(new, old), only(old, new));
            if !(published.is_empty() && withheld.is_empty()) {
                changes.push(Change::Tables {
                    breakdown: breakdown.title.clone(),
                    level,
                    granularity,
                    published,
                    withheld,
                });
            }
        }
    }
}
