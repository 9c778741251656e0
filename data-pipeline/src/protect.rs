//! Aggregated tables to protected ones. What comes out can be published; nothing else can.

use arrow::array::RecordBatch;
use contract::{
    Granularity, Level, Status,
    dataset::{Category, DatasetContract, DisclosurePolicy},
    snapshot::{TOTAL, TableState},
};
use disclosure::{DisclosureError, Population, Populations, Protected, Rule};
use std::collections::BTreeMap;

use crate::{
    aggregate::{Aggregated, Cell, Table, level_column},
    records::{RecodedRecords, RecordsError},
};

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
}

/// One table that has passed disclosure control.
#[derive(Debug)]
pub struct ProtectedTable {
    /// What the manifest says of it.
    pub state: TableState,
    /// Cells computed.
    pub cells: u64,
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
}

/// The rule of a contract.
pub fn rule(contract: &DatasetContract) -> Rule {
    match contract.disclosure {
        DisclosurePolicy::Public { .. } => Rule::Public,
        DisclosurePolicy::MinimumFrequency {
            threshold,
            order_statistic_threshold,
        } => Rule::MinimumFrequency {
            threshold,
            order_statistic_threshold,
        },
    }
}

/// Applies the contract's rule to every table.
///
/// # Errors
/// When the populations are not declared soundly or the data contradict their declaration.
pub fn protect(
    contract: &DatasetContract,
    aggregated: Aggregated,
    records: Option<RecodedRecords>,
) -> Result<ProtectedDataset, ProtectError> {
    let failed = |e| ProtectError::Disclosure(contract.id.clone(), e);
    let populations = contract.populations.iter().map(|p| Population {
        id: p.id.clone(),
        within: p.within.clone(),
        partition: p.partition.clone(),
    });
    let populations = Populations::new(populations.collect()).map_err(failed)?;
    let rule = rule(contract);
    let mut tables = Vec::new();
    for table in aggregated.tables {
        let finer = records
            .as_ref()
            .is_some_and(|records| is_finer(contract, &table, records));
        let withheld = finer || shows_few_persons(contract, &table);
        let mut state = TableState {
            indicator: table.indicator,
            breakdown: table.breakdown,
            level: table.level,
            granularity: table.granularity,
            status: Status::Published,
        };
        let cells = table.cells.len() as u64;
        let content = if table.not_collected || withheld {
            Vec::new()
        } else {
            table.cells
        };
        let table = disclosure::Table {
            uses: table.uses,
            order_statistic: table.order_statistic,
            cells: table.counts.to_vec(),
            content,
        };
        let content = disclosure::protect(&rule, &populations, table).map_err(failed)?;
        state.status = match content.content() {
            _ if withheld => Status::Suppressed,
            Some(cells) if cells.is_empty() => Status::NotCollected,
            Some(_) => Status::Published,
            None => Status::Suppressed,
        };
        tables.push(ProtectedTable {
            state,
            cells,
            content,
        });
    }
    Ok(ProtectedDataset {
        tables,
        classes: aggregated.classes,
        records,
        table: None,
    })
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
    for form in records.forms.iter().flatten() {
        kept += 1;
        let place = Level::ALL
            .iter()
            .find(|l| level_column(**l) == form)
            .map(|l| table.level.cmp(l));
        let period = Granularity::ALL
            .iter()
            .find(|g| g.name() == form)
            .map(|g| table.granularity.cmp(g));
        let class = breakdown
            .filter(|b| &b.column == form)
            .map(|_| std::cmp::Ordering::Equal);
        match place.or(period).or(class) {
            None | Some(std::cmp::Ordering::Less) => return false,
            Some(std::cmp::Ordering::Equal) => {}
            Some(std::cmp::Ordering::Greater) => equal = false,
        }
    }
    // A breakdown by a column that the records leave out splits their classes too.
    let breaks =
        breakdown.is_some_and(|b| !records.forms.iter().flatten().any(|form| form == &b.column));
    kept > 0 && (!equal || breaks)
}

/// Only for the record-level file: what [`crate::records::recode`] has brought to k.
pub(crate) fn batch(records: &RecodedRecords) -> &RecordBatch {
    &records.batch
}
