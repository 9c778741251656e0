//! Aggregated tables to protected ones. What comes out can be published; nothing else can.
//!
//! Single cells are suppressed in the tables that the contract names ([`cells`]); every other table is published or
//! withheld as a whole.

mod cells;
mod frame;
mod history;
mod record;
mod witness;

use arrow::array::RecordBatch;
use contract::{
    Granularity, Level, Status,
    dataset::{Breakdown, Category, DatasetContract, DisclosurePolicy},
    snapshot::{TOTAL, TableState},
    witnesses::WitnessFile,
};
use disclosure::{
    DisclosureError, Interval, NotWitnessed, Population, Populations, Progress, Protected, Rule,
};
use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

pub use cells::Figures;

use crate::{
    aggregate::{Aggregated, Cell, Table, ValueOf, level_column},
    ledger::{Containment, Fact, Past},
    places::Register,
    records::{RecodedRecords, RecordsError},
};
use cells::{Policy, Suppressed, suppress_cells};

/// Why a dataset cannot be protected.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProtectError {
    /// A declaration or a count is inconsistent.
    #[error("dataset {0:?}: {1}")]
    Disclosure(String, DisclosureError),
    /// The rows themselves may not be published.
    #[error(
        "dataset {0:?} is not public by nature, so its rows cannot be published as a table: declare indicators"
    )]
    NotPublic(String),
    /// The record-level file cannot be made.
    #[error(transparent)]
    Records(#[from] RecordsError),
    /// Suppressed cells are not proven to be open.
    #[error("dataset {0:?}: the suppression of cells is not proven, so nothing is published: {1}")]
    NotProven(String, NotWitnessed),
}

/// One table that has passed disclosure control.
#[derive(Debug)]
pub struct ProtectedTable {
    /// What the manifest says of it.
    pub state: TableState,
    /// Cells computed.
    pub cells: u64,
    /// Cells withheld.
    pub withheld: u64,
    /// The cells, or the fact that they are withheld.
    pub content: Protected<Vec<Cell>>,
}

/// A dataset that has passed disclosure control.
#[derive(Debug)]
pub struct ProtectedDataset {
    /// The tables.
    pub tables: Vec<ProtectedTable>,
    /// The classes of each breakdown.
    pub classes: BTreeMap<String, Vec<Category>>,
    /// The record-level file.
    pub records: Option<RecodedRecords>,
    /// The rows themselves, of a dataset that publishes them.
    pub table: Option<Protected<RecordBatch>>,
    /// Of the tables whose cells are suppressed one by one.
    pub figures: Option<Figures>,
    /// The proof of that, for readers.
    pub witnesses: Option<WitnessFile>,
    /// What the ledger is to keep of it, of a dataset that is not public by nature.
    pub facts: Vec<Fact>,
}

/// The rule of a contract.
pub fn rule(contract: &DatasetContract) -> Rule {
    match contract.disclosure {
        DisclosurePolicy::Public { .. } => Rule::Public,
        DisclosurePolicy::MinimumFrequency {
            threshold,
            order_statistic_threshold,
            ..
        } => Rule::MinimumFrequency {
            threshold,
            order_statistic_threshold,
        },
    }
}

/// Applies the contract's rule to every table, together with what earlier snapshots told.
///
/// # Errors
/// When the populations are not declared soundly, the data contradict their declaration, or a cell cannot be
/// protected.
pub fn protect(
    contract: &DatasetContract,
    register: &Register,
    aggregated: Aggregated,
    records: Option<RecodedRecords>,
    past: &Past,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<ProtectedDataset, ProtectError> {
    let failed = |e| ProtectError::Disclosure(contract.id.clone(), e);
    let populations = contract.populations.iter().map(|p| Population {
        id: p.id.clone(),
        within: p.within.clone(),
        partition: p.partition.clone(),
    });
    let populations = Populations::new(populations.collect()).map_err(failed)?;
    let rule = rule(contract);
    let policy = match &contract.disclosure {
        DisclosurePolicy::MinimumFrequency {
            threshold,
            width,
            coalition,
            search,
            cells,
            ..
        } => Some(Policy {
            contract,
            register,
            threshold: *threshold,
            width: width.unwrap_or(*threshold),
            coalition: coalition.unwrap_or(0),
            search: *search,
            shapes: cells,
            past,
            populations: declared_ever(contract, past),
            slack: false,
        }),
        DisclosurePolicy::Public { .. } => None,
    };
    let records = records.filter(|records| {
        let policy = policy.as_ref();
        let told = policy.is_some_and(|p| record::records_tell_of_few(p, &aggregated, records));
        if told {
            tracing::warn!(
                "{}: the record-level file is withheld: it differs by few records from what was published before, or tells what the system of suppressed cells does not know: the classes of several breakdowns, or of one that `cells` does not name at its level and length of period",
                contract.id
            );
        }
        !told
    });
    let corrected = match &policy {
        Some(policy) => record::corrected(policy, &aggregated),
        None => BTreeSet::new(),
    };
    let finer = |table: &Table| {
        let records = records.as_ref().filter(|_| policy.is_some());
        records.is_some_and(|records| is_finer(contract, table, records))
    };
    let by_cell = |table: &Table| policy.as_ref().is_some_and(|p| p.covers(table));
    let rejoined = match &policy {
        Some(policy) => record::rejoined(policy, &aggregated),
        None => BTreeSet::new(),
    };
    let exposing = aggregated.exposing;
    let exposes = |table: &Table| {
        exposing.contains(&(table.breakdown.clone(), table.level, table.granularity))
    };
    let (by_cell, by_table): (Vec<Table>, Vec<Table>) =
        aggregated.tables.into_iter().partition(|table| {
            let whole = finer(table) || table.not_collected || rejoined.contains(&table.breakdown);
            by_cell(table) && !whole
        });
    let found = match &policy {
        Some(policy) => Some(suppress_cells(
            policy,
            &by_cell,
            records.as_ref(),
            progress,
        )?),
        None => None,
    };
    let mut tables = Vec::new();
    for table in &by_table {
        let allowed = found
            .as_ref()
            .is_none_or(|found| found.allows(contract, table, register));
        let told = || {
            let policy = policy.as_ref();
            policy.is_some_and(|policy| record::table_tells_of_few(policy, table))
        };
        let withheld = !allowed
            || finer(table)
            || shows_few_persons(contract, table)
            || exposes(table)
            || corrected.contains(&table.indicator)
            || rejoined.contains(&table.breakdown)
            || told();
        tables.push(protect_whole(&rule, &populations, table, withheld).map_err(failed)?);
    }
    for table in &by_cell {
        let cells = found
            .as_ref()
            .filter(|_| !corrected.contains(&table.indicator))
            .and_then(|found| protect_cells(contract, &rule, table, found));
        tables.push(match cells {
            Some(cells) => cells,
            None => protect_whole(&rule, &populations, table, true).map_err(failed)?,
        });
    }
    let facts = match (&policy, &found) {
        (Some(policy), Some(found)) => record::facts(
            policy,
            (&by_cell, &by_table),
            &tables,
            found,
            records.as_ref(),
        ),
        _ => Vec::new(),
    };
    let (mut figures, mut witnesses) = (None, None);
    if let (Some(policy), Some(found)) = (&policy, found)
        && !policy.shapes.is_empty()
    {
        figures = Some(found.figures);
        witnesses = found.proofs.file(policy)?;
    }
    Ok(ProtectedDataset {
        tables,
        classes: aggregated.classes,
        records,
        table: None,
        figures,
        witnesses,
        facts,
    })
}

/// The contract's populations, then those that only earlier snapshots had.
fn declared_ever(contract: &DatasetContract, past: &Past) -> Vec<Containment> {
    let now = contract.populations.iter().map(Containment::from);
    let gone = past.populations().into_iter();
    let gone = gone.filter(|id| contract.populations.iter().all(|p| p.id != *id));
    now.chain(gone.map(|id| Containment {
        id: id.to_owned(),
        within: Vec::new(),
        partition: None,
    }))
    .collect()
}

fn state(table: &Table, status: Status) -> TableState {
    TableState {
        indicator: table.indicator.clone(),
        breakdown: table.breakdown.clone(),
        level: table.level,
        granularity: table.granularity,
        status,
    }
}

/// Publishes a table as it is, or withholds it.
fn protect_whole(
    rule: &Rule,
    populations: &Populations,
    table: &Table,
    withheld: bool,
) -> Result<ProtectedTable, DisclosureError> {
    let content = if table.not_collected || withheld {
        Vec::new()
    } else {
        table.cells.clone()
    };
    let content = disclosure::protect(
        rule,
        populations,
        disclosure::Table {
            uses: table.uses.clone(),
            order_statistic: table.order_statistic,
            cells: table.counts.to_vec(),
            content,
        },
    )?;
    let status = match content.content() {
        _ if withheld => Status::Suppressed,
        Some(cells) if cells.is_empty() => Status::NotCollected,
        Some(_) => Status::Published,
        None => Status::Suppressed,
    };
    let cells = table.cells.len() as u64;
    Ok(ProtectedTable {
        state: state(table, status),
        cells,
        withheld: if status == Status::Suppressed {
            cells
        } else {
            0
        },
        content,
    })
}

/// Blanks the cells of a table that show a suppressed count; none where nothing was proven.
fn protect_cells(
    contract: &DatasetContract,
    rule: &Rule,
    table: &Table,
    found: &Suppressed<'_>,
) -> Option<ProtectedTable> {
    let proof = found.proof?;
    let at = |id: &String| contract.populations.iter().position(|p| &p.id == id);
    let uses: Vec<usize> = table.uses.iter().filter_map(at).collect();
    let few = match rule {
        Rule::MinimumFrequency {
            order_statistic_threshold,
            ..
        } if table.order_statistic => *order_statistic_threshold,
        _ => 0,
    };
    let mut cells = table.cells.clone();
    let mut withheld = 0;
    for (cell, (whole, counts)) in cells
        .iter_mut()
        .zip(table.cells.iter().zip(table.counts.iter()))
    {
        let node = (
            &*whole.place,
            whole.period,
            &*table.breakdown,
            &*whole.class,
        );
        let interval = |at: usize| found.interval(at, node);
        let suppressed = uses.iter().any(|&at| interval(at).is_some());
        if !suppressed && !uses.iter().any(|&at| (1..few).contains(&counts[at])) {
            continue;
        }
        withheld += 1;
        let possible = |index: usize| {
            let at = *uses.get(index)?;
            let known = i64::try_from(counts[at]).ok()?;
            let exactly = Interval {
                low: known,
                high: Some(known),
            };
            Some(interval(at).unwrap_or(exactly))
        };
        cell.feasible = match table.value {
            ValueOf::Count => possible(0).and_then(|n| Some((n.low as f64, n.high? as f64))),
            ValueOf::Rate => possible(0)
                .zip(possible(1))
                .map(|(above, below)| rate(above, below)),
            ValueOf::Measure => None,
        };
        (cell.value, cell.numerator, cell.denominator, cell.interval) = (None, None, None, None);
        cell.status = Status::Suppressed;
    }
    let all = withheld == cells.len();
    let status = if all {
        Status::Suppressed
    } else {
        Status::Published
    };
    Some(ProtectedTable {
        state: state(table, status),
        cells: cells.len() as u64,
        withheld: withheld as u64,
        content: proof.protect((!all).then_some(cells)),
    })
}

/// The least and the greatest percentage, from what numerator and denominator can be.
fn rate(above: Interval, below: Interval) -> (f64, f64) {
    let percent = |n: i64, d: i64| (100.0 * n as f64 / d as f64).clamp(0.0, 100.0);
    let low = below.high.filter(|&d| d > 0);
    let low = low.map_or(0.0, |d| percent(above.low, d));
    let high = above.high.filter(|_| below.low > 0);
    (low, high.map_or(100.0, |n| percent(n, below.low)))
}

/// Passes the rows of a table, which only a public dataset may publish.
///
/// # Errors
/// When the dataset is not public.
pub fn protect_table(
    contract: &DatasetContract,
    rows: RecordBatch,
) -> Result<ProtectedDataset, ProtectError> {
    let failed = |e| ProtectError::Disclosure(contract.id.clone(), e);
    let DisclosurePolicy::Public { .. } = contract.disclosure else {
        return Err(ProtectError::NotPublic(contract.id.clone()));
    };
    let populations = Populations::new(Vec::new()).map_err(failed)?;
    let table = disclosure::Table {
        uses: Vec::new(),
        order_statistic: false,
        cells: Vec::new(),
        content: rows,
    };
    let table = disclosure::protect(&Rule::Public, &populations, table).map_err(failed)?;
    Ok(ProtectedDataset {
        tables: Vec::new(),
        classes: BTreeMap::new(),
        records: None,
        table: Some(table),
        figures: None,
        witnesses: None,
        facts: Vec::new(),
    })
}

/// Whether a table of a public dataset singles out a few rows that are about persons.
fn shows_few_persons(contract: &DatasetContract, table: &Table) -> bool {
    let DisclosurePolicy::Public {
        persons: Some(persons),
        ..
    } = &contract.disclosure
    else {
        return false;
    };
    let exempt = table.breakdown == TOTAL || persons.exempt.contains(&table.breakdown);
    let at = contract.populations.iter().position(|p| p.id == persons.of);
    let few = |counts: &Vec<u64>| at.is_some_and(|at| (1..persons.threshold).contains(&counts[at]));
    !exempt && table.counts.iter().any(few)
}

/// Whether a table's cells are finer than the classes of the record-level file: it tells apart everything that
/// the file tells apart, and more, so that its cells would split the classes whose size k was measured.
fn is_finer(contract: &DatasetContract, table: &Table, records: &RecodedRecords) -> bool {
    let breakdown = contract.breakdowns.iter().find(|b| b.id == table.breakdown);
    let mut equal = true;
    let mut kept = 0;
    let mut broken_down = false;
    let declared = contract.records.iter().flat_map(|records| {
        let keys = records.keys.iter().map(|key| key.recodings.as_slice());
        keys.chain(records.values.iter().map(std::slice::from_ref))
    });
    for (recodings, form) in declared.zip(&records.forms) {
        let Some(form) = form else {
            continue;
        };
        kept += 1;
        // A recoding follows from every finer one, so a table that shows a finer one tells this one apart too.
        let at = recodings.iter().position(|f| f == form);
        let finest = at.map_or(&[][..], |at| &recodings[..=at]);
        broken_down |= breakdown.is_some_and(|b| finest.contains(&b.column));
        let shown = finest.iter().find_map(|f| {
            let order = compare(f, table, breakdown)?;
            order.is_ge().then_some((f, order))
        });
        let Some((shown, order)) = shown else {
            return false;
        };
        equal &= shown == form && order.is_eq();
    }
    // A breakdown by a column that the records leave out splits their classes too.
    let breaks = breakdown.is_some() && !broken_down;
    kept > 0 && (!equal || breaks)
}

/// How fine a table is beside one form of one column of the record-level file; none when it does not show it.
fn compare(form: &str, table: &Table, breakdown: Option<&Breakdown>) -> Option<Ordering> {
    let place = Level::ALL.iter().find(|l| level_column(**l) == form);
    let period = Granularity::ALL.iter().find(|g| g.name() == form);
    let class = breakdown.filter(|b| b.column == form);
    place
        .map(|l| table.level.cmp(l))
        .or(period.map(|g| table.granularity.cmp(g)))
        .or(class.map(|_| Ordering::Equal))
}

/// Only for the record-level file: what [`crate::records::recode`] has brought to k.
pub(crate) fn batch(records: &RecodedRecords) -> &RecordBatch {
    &records.batch
}
