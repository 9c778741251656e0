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
use disclosure::{
    Control, DisclosureError, Interval, Limits, Options, Problem, Progress, Proof, Role, audit,
    suppress, witnesses,
};

use super::ProtectError;
use crate::{
    aggregate::{Table, level_column, words},
    places::Register,
    records::RecodedRecords,
};

/// What a contract asks for.
pub(super) struct Policy<'a> {
    pub(super) contract: &'a DatasetContract,
    pub(super) register: &'a Register,
    pub(super) threshold: u64,
    pub(super) width: u64,
    pub(super) shapes: &'a [CellSuppression],
}

/// Place, period, breakdown, class.
pub(super) type Node<'a> = (&'a str, Period, &'a str, &'a str);

/// The suppressed counts of the named tables, and the proof that they cannot be had.
pub(super) struct Suppressed<'a> {
    /// By population and node: what the count can be, from what is published.
    unknown: BTreeMap<(usize, Node<'a>), Interval>,
    /// Every longest period was proven.
    pub(super) proof: Option<Proof>,
    /// Figures for the report.
    pub(super) figures: Figures,
}

/// What the system was like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Counts and remainders.
    pub variables: u64,
    /// Relations between them.
    pub relations: u64,
    /// Connected components of what is unknown.
    pub components: u64,
    /// Counts suppressed.
    pub suppressed: u64,
    /// The narrowest interval of a suppressed count.
    pub narrowest: Option<u64>,
}

impl<'a> Suppressed<'a> {
    /// Withholds every count of a frame.
    fn withhold(&mut self, frame: &Frame<'_, 'a>) {
        let anything = Interval { low: 0, high: None };
        let counts = frame.variables.keys();
        self.unknown
            .extend(counts.map(|&(population, node)| ((population, *node), anything)));
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
    /// Whether a table's cells are suppressed one by one.
    pub(super) fn covers(&self, table: &Table) -> bool {
        let mut shapes = self.shapes.iter();
        shapes.any(|s| s.covers(&table.breakdown, table.level, table.granularity))
    }
}

/// Finds which counts to suppress, and proves it.
///
/// # Errors
/// When the data contradict the declarations. Where a count cannot be protected beside the record-level file, all
/// cells of its longest period are withheld.
pub(super) fn suppress_cells<'a>(
    policy: &Policy<'_>,
    tables: &'a [Table],
    records: Option<&RecodedRecords>,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Suppressed<'a>, ProtectError> {
    let mut result = Suppressed {
        unknown: BTreeMap::new(),
        proof: None,
        figures: Figures::default(),
    };
    let named: Vec<&Table> = tables.iter().filter(|t| policy.covers(t)).collect();
    let Some(longest) = named.iter().map(|t| t.granularity).min() else {
        return Ok(result);
    };
    let given = Given::of(policy.contract, records);
    for nodes in frames(policy.contract, &named, longest) {
        let mut freed = BTreeSet::new();
        loop {
            let frame = Frame::build(policy, &nodes, &given, &freed);
            match frame.solve(policy, progress, &mut result) {
                Err(ProtectError::Disclosure(
                    _,
                    DisclosureError::CannotProtect { variable, given },
                )) => {
                    // Freed one after the other: what bounds it at once, its population's totals, all.
                    let before = freed.len();
                    let population = frame.owners.get(&variable);
                    let kept = |wanted: &dyn Fn(u32, usize) -> bool| {
                        let kept = frame.kept.iter();
                        let wanted = kept.filter(|(v, key)| wanted(**v, key.0));
                        wanted.map(|(_, key)| *key).collect::<Vec<_>>()
                    };
                    freed.extend(kept(&|v, _| given.contains(&v)));
                    if freed.len() == before {
                        freed.extend(kept(&|_, of| population == Some(&of)));
                    }
                    if freed.len() == before {
                        freed.extend(kept(&|_, _| true));
                    }
                    if freed.len() == before {
                        let dataset = &policy.contract.id;
                        tracing::warn!(
                            "{dataset}: the cells of one {} cannot be protected one by one beside the record-level file: all of them are withheld",
                            longest.name()
                        );
                        result.withhold(&frame);
                        break;
                    }
                }
                solved => break solved?,
            }
        }
    }
    Ok(result)
}

/// One node of a frame: its counts, and the populations that some indicator shows there.
struct Counted<'a> {
    level: Level,
    counts: &'a [u64],
    shown: BTreeSet<usize>,
}

type Nodes<'a> = BTreeMap<Node<'a>, Counted<'a>>;

/// The nodes of the named tables, apart for each of the longest periods: no published total joins two of those.
fn frames<'a>(
    contract: &DatasetContract,
    tables: &[&'a Table],
    longest: Granularity,
) -> Vec<Nodes<'a>> {
    let mut frames: BTreeMap<Period, Nodes<'a>> = BTreeMap::new();
    for table in tables {
        let shown: BTreeSet<usize> = positions(contract, &table.uses).collect();
        for (cell, counts) in table.cells.iter().zip(table.counts.iter()) {
            let frame = Period::containing(cell.period.year(), cell.period.month(), longest);
            let class = if table.breakdown == TOTAL {
                TOTAL
            } else {
                cell.class.as_str()
            };
            let node = (&*cell.place, cell.period, &*table.breakdown, class);
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

fn positions<'a>(
    contract: &'a DatasetContract,
    ids: &'a [String],
) -> impl Iterator<Item = usize> + 'a {
    ids.iter()
        .filter_map(|id| contract.populations.iter().position(|p| &p.id == id))
}

/// What the record-level file tells: populations, down to a level and a length of period.
struct Given {
    populations: BTreeSet<usize>,
    level: Level,
    granularity: Granularity,
}

impl Given {
    fn of(contract: &DatasetContract, records: Option<&RecodedRecords>) -> Self {
        let Some(records) = records else {
            return Self {
                populations: BTreeSet::new(),
                level: Level::City,
                granularity: Granularity::Year,
            };
        };
        let (level, granularity, kept) = told(records);
        let told = |condition: &str| {
            condition.trim() == "true" || words(condition).any(|word| kept.contains(word))
        };
        let populations = contract.populations.iter().enumerate();
        Self {
            populations: populations
                .filter(|(_, p)| told(&p.condition))
                .map(|(at, _)| at)
                .collect(),
            level,
            granularity,
        }
    }

    fn tells(&self, population: usize, node: &Node<'_>, level: Level) -> bool {
        let (_, period, breakdown, _) = *node;
        self.populations.contains(&population)
            && breakdown == TOTAL
            && level <= self.level
            && period.granularity() <= self.granularity
    }
}

/// The level and the length of period that the record-level file tells apart, at the finest, and the names of what
/// else it keeps.
fn told(records: &RecodedRecords) -> (Level, Granularity, BTreeSet<&str>) {
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
    (level, length, kept)
}

/// What is left of a population in those that contain it, and of those that it contains in it.
fn remainders<'a>(
    contract: &'a DatasetContract,
    counts: &'a [u64],
    population: usize,
) -> impl Iterator<Item = u64> + 'a {
    let declared = &contract.populations;
    let id = &declared[population].id;
    let wholes = declared
        .iter()
        .enumerate()
        .filter(move |(_, whole)| declared[population].within.contains(&whole.id));
    let parts = declared
        .iter()
        .enumerate()
        .filter(move |(_, part)| part.within.contains(id));
    wholes
        .chain(parts)
        .map(move |(other, _)| counts[other].abs_diff(counts[population]))
}

/// The system of one frame.
struct Frame<'n, 'a> {
    problem: Problem,
    variables: BTreeMap<(usize, &'n Node<'a>), u32>,
    /// The population that a variable counts, or the part whose remainder it is.
    owners: BTreeMap<u32, usize>,
    /// Totals of the widest place that are not to be suppressed.
    kept: BTreeMap<u32, (usize, Node<'a>)>,
    /// What must be protected although it is never published itself: remainders, and counts that no indicator shows.
    hidden: Vec<u32>,
}

impl<'n, 'a> Frame<'n, 'a> {
    /// The totals of the widest place stay published, but for those `freed`: they are what most readers come for,
    /// and fewer suppressed cells in all are no reason to lose them.
    fn build(
        policy: &Policy<'_>,
        nodes: &'n Nodes<'a>,
        given: &Given,
        freed: &BTreeSet<(usize, Node<'a>)>,
    ) -> Self {
        let mut frame = Self {
            problem: Problem::default(),
            variables: BTreeMap::new(),
            kept: BTreeMap::new(),
            owners: BTreeMap::new(),
            hidden: Vec::new(),
        };
        let populations = policy.contract.populations.len();
        for (node, counted) in nodes {
            let small = |count: u64| (1..policy.threshold).contains(&count);
            let widest = node.2 == TOTAL && counted.level == Level::City;
            for population in 0..populations {
                let count = counted.counts[population];
                let tight = || remainders(policy.contract, counted.counts, population).any(small);
                let small = small(count);
                let mut kept = false;
                let role = match counted.shown.contains(&population) {
                    false => Role::Hidden,
                    true if small => Role::Primary { cost: count },
                    // Zeros are shown: a suppressed one would often be known to be zero from a total.
                    true if count == 0 => Role::Given,
                    true if given.tells(population, node, counted.level) => Role::Given,
                    true if widest && !freed.contains(&(population, *node)) && !tight() => {
                        kept = true;
                        Role::Given
                    }
                    true => Role::Cell { cost: count },
                };
                let count = i64::try_from(count).unwrap_or(i64::MAX);
                let variable = frame.problem.variable(Limits::NONNEGATIVE, count, role);
                frame.variables.insert((population, node), variable);
                frame.owners.insert(variable, population);
                if kept {
                    frame.kept.insert(variable, (population, *node));
                }
                if small {
                    frame.problem.protect(variable, policy.width);
                    if role == Role::Hidden {
                        frame.hidden.push(variable);
                    }
                }
            }
            frame.contain(policy, node);
        }
        for population in 0..populations {
            for (whole, parts) in wholes(policy.register, nodes) {
                frame.sum(policy, population, whole, &parts);
            }
        }
        frame
    }

    /// The containment of populations in one node.
    fn contain(&mut self, policy: &Policy<'_>, node: &'n Node<'a>) {
        let declared = &policy.contract.populations;
        let at = |id: &String| declared.iter().position(|p| &p.id == id);
        for (part, population) in declared.iter().enumerate() {
            for whole in population.within.iter().filter_map(at) {
                let (counted, whole) = (
                    self.variables[&(part, node)],
                    self.variables[&(whole, node)],
                );
                let remainder = self.problem.contain(counted, whole);
                self.owners.insert(remainder, part);
                self.protect_remainder(policy, remainder);
            }
        }
        let partitions: BTreeSet<(&str, &String)> = declared
            .iter()
            .filter_map(|p| p.partition.as_deref().map(|name| (name, p)))
            .flat_map(|(name, p)| p.within.iter().map(move |whole| (name, whole)))
            .collect();
        for (partition, whole) in partitions {
            let Some(total) = at(whole) else { continue };
            let parts = declared.iter().enumerate().filter(|(_, p)| {
                p.partition.as_deref() == Some(partition) && p.within.contains(whole)
            });
            let parts: Vec<u32> = parts.map(|(p, _)| self.variables[&(p, node)]).collect();
            let total = self.variables[&(total, node)];
            self.problem.system.sum(total, &parts);
        }
    }

    fn protect_remainder(&mut self, policy: &Policy<'_>, remainder: u32) {
        let value = self.problem.values[remainder as usize].unsigned_abs();
        if (1..policy.threshold).contains(&value) {
            self.problem.protect(remainder, policy.width);
            self.hidden.push(remainder);
        }
    }

    /// A total and its parts, with a remainder where rows of the total are in none of the parts.
    fn sum(
        &mut self,
        policy: &Policy<'_>,
        population: usize,
        whole: &'n Node<'a>,
        parts: &[&'n Node<'a>],
    ) {
        let total = self.variables[&(population, whole)];
        let mut parts: Vec<u32> = parts
            .iter()
            .map(|&part| self.variables[&(population, part)])
            .collect();
        let value = |v: u32| self.problem.values[v as usize];
        let rest = value(total) - parts.iter().map(|&v| value(v)).sum::<i64>();
        if rest != 0 {
            let rest = self
                .problem
                .variable(Limits::NONNEGATIVE, rest, Role::Hidden);
            self.protect_remainder(policy, rest);
            parts.push(rest);
        }
        self.problem.system.sum(total, &parts);
    }

    fn solve(
        &self,
        policy: &Policy<'_>,
        progress: &(dyn Fn(Progress) + Sync),
        result: &mut Suppressed<'a>,
    ) -> Result<(), ProtectError> {
        let failed = |e| ProtectError::Disclosure(policy.contract.id.clone(), e);
        let control = Control {
            progress: Some(progress),
            ..Control::default()
        };
        // No search for the least suppression: a city's tables are beyond it, and a bound without it says little.
        let options = Options {
            uniform_width: policy.width,
            exact_cells: 0,
            bound_cells: 0,
        };
        let found = suppress(&self.problem, &options, &control).map_err(failed)?;
        let view = self.problem.view(&found.pattern);
        let system = &self.problem.system;
        let seen = audit(system, &view, &control).map_err(failed)?;
        let cells = (0..found.pattern.cells.len() as u32)
            .filter(|&v| found.pattern.cells[v as usize])
            .chain(self.hidden.iter().copied());
        let cells: Vec<u32> = cells.collect();
        let witnessed = witnesses(system, &view, &cells, policy.width, &control).map_err(failed)?;
        let proof = witnessed.prove(system, &view, &cells, policy.width);
        let proof = proof.map_err(|e| ProtectError::NotProven(policy.contract.id.clone(), e))?;
        result.proof = Some(proof);
        for (&(population, node), &variable) in &self.variables {
            if found.pattern.cells[variable as usize] {
                let interval = seen.intervals[variable as usize];
                result.unknown.insert((population, *node), interval);
                let narrowest = &mut result.figures.narrowest;
                *narrowest = Some(narrowest.map_or(interval.width(), |n| n.min(interval.width())));
            }
        }
        let figures = &mut result.figures;
        figures.variables += system.len() as u64;
        figures.relations += system.relations().len() as u64;
        figures.components += seen.components as u64;
        figures.suppressed += found.count;
        Ok(())
    }
}

/// Every node that is made of others in the frame, with those: places of places, periods of periods, all of its
/// classes.
fn wholes<'n, 'a>(
    register: &Register,
    nodes: &'n Nodes<'a>,
) -> Vec<(&'n Node<'a>, Vec<&'n Node<'a>>)> {
    let mut parts: BTreeMap<(Node<'a>, u8, &'a str), Vec<&'n Node<'a>>> = BTreeMap::new();
    let known: BTreeMap<Node<'_>, Node<'a>> = nodes.keys().map(|node| (*node, *node)).collect();
    for (node, counted) in nodes {
        let (place, period, breakdown, class) = *node;
        // The nearest wider place that has a table of its own.
        let wider = Level::ALL
            .iter()
            .rev()
            .filter(|&&level| level < counted.level);
        let mut wider = wider.filter_map(|&level| register.ancestor(place, level));
        let parent =
            wider.find_map(|parent| known.get(&(parent, period, breakdown, class)).copied());
        if let Some(parent) = parent {
            parts.entry((parent, 0, "")).or_default().push(node);
        }
        let longer = Granularity::ALL
            .iter()
            .rev()
            .filter(|&&length| length < period.granularity())
            .map(|&length| Period::containing(period.year(), period.month(), length));
        let mut longer =
            longer.filter(|&whole| nodes.contains_key(&(place, whole, breakdown, class)));
        if let Some(whole) = longer.next() {
            let whole = (place, whole, breakdown, class);
            parts.entry((whole, 1, "")).or_default().push(node);
        }
        let total = (place, period, TOTAL, TOTAL);
        if breakdown != TOTAL && nodes.contains_key(&total) {
            parts.entry((total, 2, breakdown)).or_default().push(node);
        }
    }
    let whole_periods = |whole: &Node<'_>, kind: u8, parts: &[&Node<'_>]| {
        kind != 1 || parts.iter().map(|p| p.1.months()).sum::<u32>() == whole.1.months()
    };
    parts
        .into_iter()
        .filter(|((whole, kind, _), parts)| whole_periods(whole, *kind, parts))
        .filter_map(|((whole, ..), parts)| Some((nodes.get_key_value(&whole)?.0, parts)))
        .collect()
}
