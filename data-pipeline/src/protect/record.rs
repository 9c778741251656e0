//! What the ledger is to keep of a dataset, and what a table or a file that is published whole would tell beside what
//! earlier snapshots told.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    ProtectedTable,
    cells::{Given, Node, Policy, Suppressed, positions, told},
};
use crate::{
    aggregate::{Aggregated, Cell, Table, ValueOf, level_column, words},
    ledger::{Fact, MEASURE, Standing, Version},
    records::RecodedRecords,
};
use contract::{Granularity, Level, Period, Status, dataset::GROUP_SUFFIX};

fn node<'a>(table: &'a Table, cell: &'a Cell) -> Node<'a> {
    (&cell.place, cell.period, &table.breakdown, &cell.class)
}

/// The count that a snapshot published.
fn published_at(versions: &[Version], snapshot: usize) -> Option<i64> {
    let then = versions.partition_point(|version| version.since <= snapshot);
    let version = versions.get(then.checked_sub(1)?)?;
    version
        .count
        .filter(|_| version.standing == Standing::Published)
}

/// Whether some of the `shown` counts, or what is left of one beside another, differ by few from what an earlier
/// snapshot published there.
fn tells_of_few(policy: &Policy<'_>, node: Node<'_>, counts: &[u64], shown: &[usize]) -> bool {
    let populations = &policy.contract.populations;
    let versions = |at: usize| policy.past.versions(node, &populations[at].id);
    let now = |at: usize| counts[at].cast_signed();
    let few = |change: i64| policy.is_small(change.unsigned_abs());
    shown.iter().any(|&part| {
        let within = &populations[part].within;
        let mut wholes = shown
            .iter()
            .filter(|&&at| within.contains(&populations[at].id));
        let mut before = versions(part).iter();
        before.any(|version| {
            let then = published_at(versions(part), version.since);
            then.is_some_and(|then| few(now(part) - then))
        }) || wholes.any(|&whole| {
            let both = versions(part).iter().chain(versions(whole));
            both.map(|version| version.since).any(|snapshot| {
                let parts = published_at(versions(part), snapshot);
                let then = published_at(versions(whole), snapshot).zip(parts);
                then.is_some_and(|(w, p)| few((now(whole) - now(part)) - (w - p)))
            })
        })
    })
}

/// Whether a table, published whole, would tell of a change by few.
pub(super) fn table_tells_of_few(policy: &Policy<'_>, table: &Table) -> bool {
    let shown: Vec<usize> = positions(policy.contract, &table.uses).collect();
    let mut cells = table.cells.iter().zip(table.counts.iter());
    cells.any(|(cell, counts)| tells_of_few(policy, node(table, cell), counts, &shown))
}

/// Whether the record-level file would tell of a change by few, or more than the system of the cells knows of.
pub(super) fn records_tell_of_few(
    policy: &Policy<'_>,
    aggregated: &Aggregated,
    records: &RecodedRecords,
) -> bool {
    let given = Given::of(policy.contract, Some(records));
    if !policy.shapes.is_empty() && !is_in_system(policy, records) {
        return true;
    }
    if classes_tell_of_few(policy, records) {
        return true;
    }
    aggregated.tables.iter().any(|table| {
        let mut cells = table.cells.iter().zip(table.counts.iter());
        cells.any(|(cell, counts)| {
            let node = node(table, cell);
            let told = given.told(node, table.level);
            tells_of_few(policy, node, counts, &told)
        })
    })
}

/// Whether the system of the cells knows all that the record-level file tells: of places, of periods, and of the classes
/// of one breakdown, each by itself and where the system counts them. Outcomes may stand beside them: a population that
/// can be counted in the file is given in the system, and any other can be spread over the file's classes in every way
/// that the system allows. Not so beside the classes of two breakdowns.
fn is_in_system(policy: &Policy<'_>, records: &RecodedRecords) -> bool {
    let contract = policy.contract;
    let (level, length) = told(records);
    let places: BTreeSet<&str> = Level::ALL.iter().map(|l| level_column(*l)).collect();
    let periods: BTreeSet<&str> = Granularity::ALL.iter().map(|g| g.name()).collect();
    let broken_down: BTreeSet<&str> = contract
        .breakdowns
        .iter()
        .flat_map(|b| [&*b.column, b.column.trim_end_matches(GROUP_SUFFIX)])
        .collect();
    let mut by = 0;
    records.forms.iter().flatten().all(|form| {
        let form = form.trim_matches('"');
        if places.contains(form) || periods.contains(form) {
            return true;
        }
        if let Some(breakdown) = contract.breakdowns.iter().find(|b| b.column == form) {
            by += 1;
            let mut shapes = policy.shapes.iter();
            return by == 1 && shapes.any(|s| s.covers(&breakdown.id, level, length));
        }
        !words(form).any(|word| {
            let base = word.trim_end_matches(GROUP_SUFFIX);
            let known = [&places, &periods, &broken_down];
            known
                .iter()
                .any(|of| of.contains(word) || of.contains(base))
        })
    })
}

/// What the ledger calls the classes of record-level files.
const RECORDS: &str = "=records";

/// Where the ledger keeps how many rows of a record-level file are alike: the file is of all years at once.
fn all_years() -> Period {
    Period::containing(1, 1, Granularity::Year)
}

/// Kept columns and their values, as they name a class of a record-level file in the ledger.
type Alike = BTreeMap<String, String>;

fn alike(records: &RecodedRecords) -> impl Iterator<Item = (Alike, i64)> + '_ {
    records.classes.iter().map(|(values, count)| {
        let forms = records.forms.iter().flatten().cloned();
        let alike = forms.zip(values.iter().cloned()).collect();
        (alike, count.cast_signed())
    })
}

/// Whether the record-level file differs by few rows from an earlier one, in what both of them tell apart.
fn classes_tell_of_few(policy: &Policy<'_>, records: &RecodedRecords) -> bool {
    let places = policy.past.places();
    let kept = places.filter(|((_, _, breakdown, _), _)| *breakdown == RECORDS);
    let before: Vec<(Alike, &[Version])> = kept
        .filter_map(|((.., class), counts)| {
            let alike = serde_json::from_str(class).ok()?;
            Some((alike, counts.get(RECORDS)?.as_slice()))
        })
        .collect();
    let snapshots = before.iter().flat_map(|(_, v)| v.iter().map(|v| v.since));
    let snapshots: BTreeSet<usize> = snapshots.collect();
    snapshots.into_iter().any(|snapshot| {
        let then: Vec<(&Alike, i64)> = before
            .iter()
            .filter_map(|(alike, versions)| Some((alike, published_at(versions, snapshot)?)))
            .collect();
        let forms = |alike: &Alike| alike.keys().cloned().collect::<BTreeSet<String>>();
        let told: BTreeSet<BTreeSet<String>> = then.iter().map(|(alike, _)| forms(alike)).collect();
        let now = || records.forms.iter().flatten().cloned();
        // The classes of several files can stand beside one another: one for each set of columns.
        told.iter().any(|told| {
            let both: BTreeSet<String> = now().filter(|form| told.contains(form)).collect();
            let of = |alike: &Alike| -> Vec<String> {
                both.iter()
                    .filter_map(|form| alike.get(form).cloned())
                    .collect()
            };
            let mut change: BTreeMap<Vec<String>, i64> = BTreeMap::new();
            for (alike, count) in alike(records) {
                *change.entry(of(&alike)).or_default() += count;
            }
            for (alike, count) in then.iter().filter(|(alike, _)| &forms(alike) == told) {
                *change.entry(of(alike)).or_default() -= count;
            }
            change
                .values()
                .any(|change| policy.is_small(change.unsigned_abs()))
        })
    })
}

/// Names of an indicator's sums in the ledger, with their values in a cell.
fn sums(table: &Table, cell: &Cell) -> impl Iterator<Item = (String, i64)> {
    let named = move |value: Option<i64>, end| {
        value.map(|value| (format!("{MEASURE}{}{end}", table.indicator), value))
    };
    [named(cell.numerator, ""), named(cell.denominator, "/")]
        .into_iter()
        .flatten()
}

/// The indicators whose sums were corrected: somewhere a published sum has changed although the rows behind it are
/// as many as before, so that the change is that of a few rows. A sum can be worked out from the sums of other places
/// and periods: none of the indicator's tables may be published.
pub(super) fn corrected(policy: &Policy<'_>, aggregated: &Aggregated) -> BTreeSet<String> {
    let adds_up = |t: &&Table| t.value == ValueOf::Measure && !t.order_statistic;
    let mut found = BTreeSet::new();
    for table in aggregated.tables.iter().filter(adds_up) {
        let uses: Vec<usize> = positions(policy.contract, &table.uses).collect();
        for (cell, counts) in table.cells.iter().zip(table.counts.iter()) {
            let node = node(table, cell);
            let is_corrected = sums(table, cell).any(|(name, sum)| {
                let versions = policy.past.versions(node, &name);
                versions.iter().enumerate().any(|(at, version)| {
                    let next = versions.get(at + 1).map_or(usize::MAX, |next| next.since);
                    let changes = uses.iter().flat_map(|&at| {
                        let id = &policy.contract.populations[at].id;
                        policy.past.versions(node, id).iter().map(|v| v.since)
                    });
                    let mut while_it_was = changes
                        .chain([version.since])
                        .filter(|at| (version.since..next).contains(at));
                    version.count.is_some_and(|then| then != sum)
                        && while_it_was.any(|snapshot| {
                            uses.iter().all(|&at| {
                                let id = &policy.contract.populations[at].id;
                                let then = published_at(policy.past.versions(node, id), snapshot);
                                then == Some(counts[at].cast_signed())
                            })
                        })
                })
            });
            if is_corrected {
                found.insert(table.indicator.clone());
                break;
            }
        }
    }
    for indicator in &found {
        tracing::warn!(
            "{}: {indicator} is withheld: a sum that was published has been corrected, and the difference would tell of a few rows",
            policy.contract.id
        );
    }
    found
}

/// The breakdowns whose classes are not those of earlier snapshots: small ones are joined anew in every run, and what
/// was one class then and is two now tells by the difference of a class that was never shown.
pub(super) fn rejoined(policy: &Policy<'_>, aggregated: &Aggregated) -> BTreeSet<String> {
    let mut before: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let places = policy.past.places().map(|(node, _)| node);
    for (_, _, breakdown, class) in places.filter(|node| node.2 != RECORDS) {
        before.entry(breakdown).or_default().insert(class);
    }
    let mut found = BTreeSet::new();
    for (breakdown, before) in &before {
        let tables = aggregated.tables.iter();
        let cells = tables
            .filter(|table| table.breakdown == *breakdown)
            .flat_map(|table| &table.cells);
        let now: BTreeSet<&str> = cells.map(|cell| &*cell.class).collect();
        if now != *before {
            tracing::warn!(
                "{}: the tables by {breakdown} are withheld: their classes are not those of earlier snapshots",
                policy.contract.id
            );
            found.insert((*breakdown).to_owned());
        }
    }
    found
}

/// What the ledger is to keep: the counts behind the tables whose cells are suppressed one by one, and those that the
/// other tables and the record-level file publish.
pub(super) fn facts(
    policy: &Policy<'_>,
    (by_cell, by_table): (&[Table], &[Table]),
    protected: &[ProtectedTable],
    found: &Suppressed<'_>,
    records: Option<&RecodedRecords>,
) -> Vec<Fact> {
    let mut kept = Kept {
        policy,
        breakdowns: by_cell.iter().map(|t| t.breakdown.clone()).collect(),
        facts: BTreeMap::new(),
    };
    let populations = 0..policy.contract.populations.len();
    for table in by_cell {
        let shown: BTreeSet<usize> = positions(policy.contract, &table.uses).collect();
        for (cell, counts) in table.cells.iter().zip(table.counts.iter()) {
            let node = node(table, cell);
            for population in populations.clone() {
                let suppressed = found.interval(population, node).is_some();
                let standing = match (shown.contains(&population), suppressed) {
                    (false, _) => Standing::Hidden,
                    (true, true) => Standing::Suppressed,
                    (true, false) => Standing::Published,
                };
                kept.keep(node, population, counts, standing);
            }
        }
    }
    let given = Given::of(policy.contract, records);
    let tables = by_table.iter().chain(by_cell);
    for (table, state) in tables.zip(protected) {
        let whole = !policy.covers(table) && state.state.status == Status::Published;
        let shown = if whole { &*table.uses } else { &[] };
        let shown: Vec<usize> = positions(policy.contract, shown).collect();
        for (cell, counts) in table.cells.iter().zip(table.counts.iter()) {
            let node = node(table, cell);
            let told = given.told(node, table.level).into_iter();
            let told = told.filter(|&at| found.interval(at, node).is_none());
            for population in shown.iter().copied().chain(told) {
                kept.keep(node, population, counts, Standing::Published);
            }
        }
        let adds_up = table.value == ValueOf::Measure && !table.order_statistic;
        let cells = state.content.content().filter(|_| adds_up);
        for cell in cells.into_iter().flatten() {
            if cell.status == Status::Published {
                for (name, sum) in sums(table, cell) {
                    kept.add(node(table, cell), name, Some(sum), Standing::Published);
                }
            }
        }
    }
    kept.drop_what_is_gone();
    kept.add_records(records);
    kept.facts.into_values().collect()
}

struct Kept<'p, 'a> {
    policy: &'p Policy<'a>,
    /// Those whose cells are suppressed one by one in this run.
    breakdowns: BTreeSet<String>,
    facts: BTreeMap<(Period, [String; 4]), Fact>,
}

impl Kept<'_, '_> {
    fn keep(&mut self, node: Node<'_>, population: usize, counts: &[u64], standing: Standing) {
        let name = self.policy.contract.populations[population].id.clone();
        self.add(node, name, i64::try_from(counts[population]).ok(), standing);
    }

    fn add(&mut self, node: Node<'_>, name: String, count: Option<i64>, standing: Standing) {
        let (place, period, breakdown, class) = node;
        let [place, breakdown, class] = [place, breakdown, class].map(str::to_owned);
        let key = [
            place.clone(),
            breakdown.clone(),
            class.clone(),
            name.clone(),
        ];
        let fact = self.facts.entry((period, key)).or_insert_with(|| Fact {
            dataset: self.policy.contract.id.clone(),
            place,
            period,
            breakdown,
            class,
            population: name,
            count,
            standing,
        });
        fact.standing = fact.standing.max(standing);
    }

    /// Adds how many rows of the record-level file are alike, and which of those before are none any more. A file that
    /// is withheld leaves the one before as it was.
    fn add_records(&mut self, records: Option<&RecodedRecords>) {
        let Some(records) = records else { return };
        let mut now = BTreeSet::new();
        for (alike, count) in alike(records) {
            let class = serde_json::to_string(&alike).unwrap_or_default();
            let node = ("", all_years(), RECORDS, &*class);
            self.add(node, RECORDS.to_owned(), Some(count), Standing::Published);
            now.insert(class);
        }
        let policy = self.policy;
        for (node, _) in policy.past.places() {
            if node.2 == RECORDS && !now.contains(node.3) {
                self.add(node, RECORDS.to_owned(), None, Standing::Hidden);
            }
        }
    }

    /// Says of what was counted before and is not any more that it is gone.
    fn drop_what_is_gone(&mut self) {
        let years: BTreeSet<i32> = self.facts.keys().map(|key| key.0.year()).collect();
        for (node, counts) in self.policy.past.places() {
            let (place, period, breakdown, class) = node;
            // A year that is not in this run is not known to be gone.
            if !years.contains(&period.year()) {
                continue;
            }
            let there = self.breakdowns.contains(breakdown);
            let counts = counts
                .iter()
                .filter(|_| there && self.policy.covers_node(node));
            let counts: Vec<_> = counts
                .filter(|(name, _)| !name.starts_with(MEASURE))
                .collect();
            for (name, versions) in counts {
                let key = [place, breakdown, class, name].map(str::to_owned);
                let was = versions.last().is_some_and(|last| last.count.is_some());
                if was && !self.facts.contains_key(&(period, key)) {
                    self.add(node, name.clone(), None, Standing::Hidden);
                }
            }
        }
    }
}
