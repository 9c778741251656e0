//! What the ledger is to keep of a dataset, and what a table or a file that is published whole would tell beside what
//! earlier snapshots told.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    ProtectedTable,
    cells::{Given, Node, Policy, Suppressed, positions},
};
use crate::{
    aggregate::{Aggregated, Cell, Table, ValueOf, level_column},
    ledger::{Fact, MEASURE, Standing, Version},
    records::RecodedRecords,
};
use contract::{Granularity, Level, Status, snapshot::TOTAL};

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
    let is_place = |form: &str| Level::ALL.iter().any(|level| level_column(*level) == form);
    let is_period = |form: &str| Granularity::ALL.iter().any(|length| length.name() == form);
    let mut forms = records.forms.iter().flatten();
    // What it tells of classes and outcomes is not in the system of the cells.
    if !policy.shapes.is_empty() && !forms.all(|form| is_place(form) || is_period(form)) {
        return true;
    }
    let mut totals = aggregated.tables.iter().filter(|t| t.breakdown == TOTAL);
    totals.any(|table| {
        let mut cells = table.cells.iter().zip(table.counts.iter());
        cells.any(|(cell, counts)| {
            let node = node(table, cell);
            let told = given.told(node, table.level);
            tells_of_few(policy, node, counts, &told)
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
    for ((_, _, breakdown, class), _) in policy.past.places() {
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
    kept.facts.into_values().collect()
}

struct Kept<'p, 'a> {
    policy: &'p Policy<'a>,
    /// Those whose cells are suppressed one by one in this run.
    breakdowns: BTreeSet<String>,
    facts: BTreeMap<(contract::Period, [String; 4]), Fact>,
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
