//! Suppression of single cells: one system over the tables that the contract names, for each of their longest
//! periods.
//!
//! A variable is the size of one population in one place, period and class. Relations are the hierarchy of places,
//! periods and classes, and the declared containment of populations. A cell of an indicator is published when none
//! of the populations that it shows is suppressed there; sums follow the pattern of the counts behind them.
//!
//! Any other table is published whole or not at all, and holds no small class when it is. Its sums tell counts of the
//! named tables: it is published only where none of those is suppressed ([`Suppressed::allows`]), so that it tells
//! nothing new of them. What the record-level file tells is given.

use std::collections::{BTreeMap, BTreeSet};

use contract::{
    Granularity, Level, Period,
    dataset::{CellSuppression, DatasetContract},
    snapshot::TOTAL,
};
use disclosure::{DisclosureError, Interval, Progress, Proof};

use super::{ProtectError, frame::Frame, witness::Proofs};
use crate::{
    aggregate::{Table, level_column, words},
    ledger::{self, Containment, Past},
    places::Register,
    records::RecodedRecords,
};

/// What a contract asks for.
pub(super) struct Policy<'a> {
    pub(super) contract: &'a DatasetContract,
    pub(super) register: &'a Register,
    pub(super) threshold: u64,
    pub(super) width: u64,
    /// How many contributors attack together, each knowing the own record.
    pub(super) coalition: u64,
    /// Smaller patterns to try, where the contract asks for it.
    pub(super) search: Option<u32>,
    pub(super) shapes: &'a [CellSuppression],
    pub(super) past: &'a Past,
    /// The contract's populations, by position; then those that only earlier snapshots had.
    pub(super) populations: Vec<Containment>,
    /// Every total may hold more than its parts, so that the system does not tell which one does.
    pub(super) slack: bool,
}

/// Where a count stands.
pub(super) type Node<'a> = ledger::Place<'a>;

/// The suppressed counts of the named tables, and the proof that they cannot be had.
pub(super) struct Suppressed<'a> {
    /// By population and node: what the count can be, from what is published.
    pub(super) unknown: BTreeMap<(usize, Node<'a>), Interval>,
    /// That what is published of the named tables leaves these counts open; none where nothing is published of them.
    pub(super) proof: Option<Proof>,
    /// What readers are given to check it.
    pub(super) proofs: Proofs<'a>,
    /// Figures for the report.
    pub(super) figures: Figures,
}

/// What the system was like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Counts and remainders.
    pub variables: u64,
    /// Relations between them.
    pub relations: u64,
    /// Connected components of what is unknown.
    pub components: u64,
    /// Counts suppressed.
    pub suppressed: u64,
    /// Counts that are proven to be necessary.
    pub least: u64,
    /// Whether a frame had no search for that.
    pub unsearched: bool,
    /// How wide the interval of each suppressed count is.
    pub widths: Vec<u64>,
    /// The sum of the counts that the tables would show, and of those of them that they do show.
    pub value: (u64, u64),
}

impl<'a> Suppressed<'a> {
    /// Withholds every count of a frame.
    fn withhold(&mut self, frame: &Frame<'a>) {
        let anything = Interval { low: 0, high: None };
        let counts = frame.variables.keys();
        self.unknown.extend(counts.map(|&key| (key, anything)));
    }

    /// Whether a table beside the named ones tells no suppressed count by its sums.
    pub(super) fn allows(
        &self,
        contract: &DatasetContract,
        table: &Table,
        register: &Register,
    ) -> bool {
        let uses: BTreeSet<usize> = positions(contract, &table.uses).collect();
        !self.unknown.keys().any(|(population, node)| {
            let (place, period, breakdown, _) = *node;
            let level = register.place(place).map(|p| p.level);
            uses.contains(population)
                && (breakdown == TOTAL || breakdown == table.breakdown)
                && level.is_none_or(|level| level <= table.level)
                && period.granularity() <= table.granularity
        })
    }

    /// What a count can be; none where it is published.
    pub(super) fn interval(&self, population: usize, node: Node<'_>) -> Option<Interval> {
        self.unknown.get(&(population, node)).copied()
    }
}

impl Policy<'_> {
    /// Whether a count tells of so few that it must not be read.
    pub(super) fn is_small(&self, count: u64) -> bool {
        (1..self.threshold).contains(&count)
    }

    /// Whether a count differs by few from one of those before.
    pub(super) fn changes_by_few(&self, mut before: impl Iterator<Item = i64>, count: i64) -> bool {
        before.any(|before| self.is_small(before.abs_diff(count)))
    }

    /// The level of a place, also of one that is gone.
    pub(super) fn level(&self, place: &str) -> Level {
        let known = self.register.place(place).map(|p| p.level);
        known
            .or_else(|| self.past.level(place))
            .unwrap_or(Level::City)
    }

    /// The position of a population.
    pub(super) fn position(&self, id: &str) -> Option<usize> {
        self.populations.iter().position(|p| p.id == id)
    }

    /// Whether what is counted here stands in a table whose cells are suppressed one by one.
    pub(super) fn covers_node(&self, node: Node<'_>) -> bool {
        let (place, period, breakdown, _) = node;
        let level = self.level(place);
        let mut shapes = self.shapes.iter();
        shapes.any(|s| s.covers(breakdown, level, period.granularity()))
    }

    /// Whether a table's cells are suppressed one by one.
    pub(super) fn covers(&self, table: &Table) -> bool {
        let mut shapes = self.shapes.iter();
        shapes.any(|s| s.covers(&table.breakdown, table.level, table.granularity))
    }
}

/// Finds which counts of the named `tables` to suppress, and proves it. Where that cannot be done for one of the
/// longest periods, all of its cells are withheld.
///
/// # Errors
/// When the data contradict the declarations.
pub(super) fn suppress_cells<'a>(
    policy: &Policy<'a>,
    tables: &'a [Table],
    records: Option<&RecodedRecords>,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Suppressed<'a>, ProtectError> {
    let mut result = Suppressed {
        unknown: BTreeMap::new(),
        proof: None,
        proofs: Proofs::default(),
        figures: Figures::default(),
    };
    let Some(longest) = tables.iter().map(|t| t.granularity).min() else {
        return Ok(result);
    };
    let given = Given::of(policy.contract, records);
    for nodes in frames(policy.contract, tables, longest) {
        let mut freed = BTreeSet::new();
        loop {
            let frame = Frame::build(policy, &nodes, &given, &freed);
            let solved = frame.solve(policy, progress, &mut result).and_then(|()| {
                let mut proofs = std::mem::take(&mut result.proofs);
                let added = proofs.add(policy, &nodes, &given, &result);
                result.proofs = proofs;
                added
            });
            match solved {
                Err(ProtectError::Disclosure(_, error)) if is_beyond(&error, policy) => {
                    let more = frame.to_free(&error);
                    if !more.is_empty() {
                        freed.extend(more);
                        continue;
                    }
                    tracing::warn!(
                        "{}: the cells of one {} are withheld, all of them: {error}",
                        policy.contract.id,
                        longest.name()
                    );
                    result.withhold(&frame);
                }
                solved => solved?,
            }
            break;
        }
    }
    Ok(result)
}

/// Whether a frame asks for more than can be proven; anything else is wrong with the data. Places or declarations that
/// have changed since an earlier snapshot can make its relations fail.
fn is_beyond(error: &DisclosureError, policy: &Policy<'_>) -> bool {
    match error {
        DisclosureError::CannotProtect { .. }
        | DisclosureError::NoWitness { .. }
        | DisclosureError::TooLarge { .. } => true,
        DisclosureError::Contradiction { .. } => policy.past.places().next().is_some(),
        _ => false,
    }
}

/// One node of a frame: its counts, and the populations that some indicator shows there.
pub(super) struct Counted<'a> {
    pub(super) level: Level,
    pub(super) counts: &'a [u64],
    pub(super) shown: BTreeSet<usize>,
}

pub(super) type Nodes<'a> = BTreeMap<Node<'a>, Counted<'a>>;

/// The nodes of the named tables, apart for each of the longest periods: no published total joins two of those.
fn frames<'a>(
    contract: &DatasetContract,
    tables: &'a [Table],
    longest: Granularity,
) -> Vec<Nodes<'a>> {
    let mut frames: BTreeMap<Period, Nodes<'a>> = BTreeMap::new();
    for table in tables {
        let shown: BTreeSet<usize> = positions(contract, &table.uses).collect();
        for (cell, counts) in table.cells.iter().zip(table.counts.iter()) {
            let frame = Period::containing(cell.period.year(), cell.period.month(), longest);
            let node = (&*cell.place, cell.period, &*table.breakdown, &*cell.class);
            let counted = frames.entry(frame).or_default().entry(node);
            let counted = counted.or_insert_with(|| Counted {
                level: table.level,
                counts,
                shown: BTreeSet::new(),
            });
            counted.shown.extend(&shown);
        }
    }
    frames.into_values().collect()
}

pub(super) fn positions<'a>(
    contract: &'a DatasetContract,
    ids: &'a [String],
) -> impl Iterator<Item = usize> + 'a {
    ids.iter()
        .filter_map(|id| contract.populations.iter().position(|p| &p.id == id))
}

/// What the record-level file tells: populations, down to a level and a length of period, in all or by the classes of a
/// breakdown, until a year.
pub(super) struct Given {
    last_year: i32,
    populations: BTreeSet<usize>,
    level: Level,
    granularity: Granularity,
    breakdowns: BTreeSet<String>,
}

impl Given {
    pub(super) fn of(contract: &DatasetContract, records: Option<&RecodedRecords>) -> Self {
        let Some(records) = records else {
            return Self {
                last_year: i32::MIN,
                populations: BTreeSet::new(),
                level: Level::City,
                granularity: Granularity::Year,
                breakdowns: BTreeSet::new(),
            };
        };
        let (level, granularity) = told(records);
        let populations = contract.populations.iter().enumerate();
        let kept_forms: BTreeSet<&String> = records.forms.iter().flatten().collect();
        let broken_down = contract.breakdowns.iter();
        let broken_down = broken_down.filter(|b| kept_forms.contains(&b.column));
        Self {
            last_year: records.last_year,
            breakdowns: broken_down
                .map(|b| b.id.clone())
                .chain([TOTAL.to_owned()])
                .collect(),
            populations: populations
                .filter(|(_, p)| records.told.contains(&p.id))
                .map(|(at, _)| at)
                .collect(),
            level,
            granularity,
        }
    }

    /// The populations whose size somewhere the file tells.
    pub(super) fn told(&self, node: Node<'_>, level: Level) -> Vec<usize> {
        let all = self.populations.iter().copied();
        all.filter(|&population| self.tells(population, &node, level))
            .collect()
    }

    pub(super) fn tells(&self, population: usize, node: &Node<'_>, level: Level) -> bool {
        let (_, period, breakdown, _) = *node;
        self.populations.contains(&population)
            && period.year() <= self.last_year
            && self.breakdowns.contains(breakdown)
            && level <= self.level
            && period.granularity() <= self.granularity
    }
}

/// The level and the length of period that the record-level file tells apart, at the finest.
pub(super) fn told(records: &RecodedRecords) -> (Level, Granularity) {
    let kept: BTreeSet<&str> = records
        .forms
        .iter()
        .flatten()
        .flat_map(|form| words(form))
        .collect();
    let levels = Level::ALL.iter().rev();
    let mut levels = levels.filter(|level| kept.contains(level_column(**level)));
    let lengths = Granularity::ALL.iter().rev();
    let mut lengths = lengths.filter(|length| kept.contains(length.name()));
    let level = levels.next().copied().unwrap_or(Level::City);
    let length = lengths.next().copied().unwrap_or(Granularity::Year);
    (level, length)
}
