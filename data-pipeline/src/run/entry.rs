//! What the manifest and the disclosure report say of a dataset.

use contract::{
    Localised,
    dataset::{Category, Column, ColumnType, DatasetContract, DatasetKind, DisclosurePolicy, Role},
    disclosure_report::{CellFigures, DatasetProtection},
    snapshot::{
        self, PublishedBreakdown, PublishedColumn, PublishedRecords, PublishedTable, RowCounts,
        TOTAL,
    },
};

use crate::{
    portal::Dataset,
    protect::{Figures, ProtectedDataset},
    report::DatasetReport,
    tables,
};

fn treatment(kind: DatasetKind, column: &Column) -> &'static str {
    if kind == DatasetKind::Table && !column.role.is_dropped() {
        // A day stands in the table as text.
        "published"
    } else if column.role.is_dropped() {
        "removed"
    } else if column.role == Role::Pseudonym {
        "pseudonymised"
    } else {
        "aggregated"
    }
}

/// The columns of a dataset that is published as it is.
fn table_columns(contract: &DatasetContract) -> Vec<PublishedColumn> {
    let column = |name: &str, title: &Localised, meaning: &Localised| PublishedColumn {
        name: name.to_owned(),
        title: title.clone(),
        meaning: meaning.clone(),
        treatment: "published".to_owned(),
    };
    let is_moment = |kind| matches!(kind, ColumnType::Date | ColumnType::Datetime);
    let mut columns = Vec::new();
    for c in &contract.columns {
        if c.role.is_dropped() || is_moment(c.kind) {
            continue;
        }
        columns.push(column(&c.name, &c.title, &c.meaning));
        if contract.place_path.as_ref() == Some(&c.name) {
            let title = Localised::new("地区代码", "Code of the place");
            let meaning = Localised::new(
                "名录中有该地区时的代码",
                "the code, where the register has the place",
            );
            columns.push(column(tables::PLACE, &title, &meaning));
        }
    }
    let derived = contract.derived.iter();
    columns.extend(derived.map(|d| column(&d.name, &d.title, &Localised::default())));
    columns
}

/// What the manifest says of a dataset before its files are laid out.
pub(super) fn entry(dataset: &Dataset, report: &DatasetReport) -> snapshot::Dataset {
    let contract = &dataset.contract;
    let total = PublishedBreakdown {
        id: TOTAL.to_owned(),
        title: Localised::new("合计", "Total"),
        classes: Vec::new(),
        path: String::new(),
    };
    let broken = contract.breakdowns.iter().map(|b| PublishedBreakdown {
        id: b.id.clone(),
        title: b.title.clone(),
        classes: Vec::new(),
        path: String::new(),
    });
    let column =
        |name: &str, title: &Localised, meaning: &Localised, treatment: &str| PublishedColumn {
            name: name.to_owned(),
            title: title.clone(),
            meaning: meaning.clone(),
            treatment: treatment.to_owned(),
        };
    let sum = |f: fn(&RowCounts) -> u64| report.files.iter().map(|file| f(&file.rows)).sum();
    let records = contract.records.as_ref().map(|declared| {
        let keys = declared
            .keys
            .iter()
            .map(|k| column(&k.name, &k.title, &Localised::default(), "recoded"));
        let values = declared.values.iter().map(|name| {
            let derived = contract
                .derived
                .iter()
                .find(|d| &d.name == name)
                .map(|d| &d.title);
            let title = derived.or_else(|| {
                contract
                    .columns
                    .iter()
                    .find(|c| &c.name == name)
                    .map(|c| &c.title)
            });
            column(
                name,
                &title.cloned().unwrap_or_default(),
                &Localised::default(),
                "published",
            )
        });
        PublishedRecords {
            path: String::new(),
            columns: keys.chain(values).collect(),
            rows: 0,
            k: 0,
        }
    });
    snapshot::Dataset {
        id: contract.id.clone(),
        title: contract.title.clone(),
        summary: contract.summary.clone(),
        grain: contract.grain.clone(),
        rows: matches!(contract.disclosure, DisclosurePolicy::Public { .. }).then(|| RowCounts {
            read: sum(|r| r.read),
            accepted: sum(|r| r.accepted),
            rejected: sum(|r| r.rejected),
        }),
        indicators: dataset.indicators.clone(),
        breakdowns: std::iter::once(total)
            .chain(broken)
            .filter(|_| contract.kind == DatasetKind::Indicators)
            .collect(),
        tables: Vec::new(),
        records,
        table: (contract.kind == DatasetKind::Table).then(|| PublishedTable {
            path: String::new(),
            columns: table_columns(contract),
            rows: 0,
            citation: contract.citation.clone(),
        }),
        columns: contract
            .columns
            .iter()
            .map(|c| column(&c.name, &c.title, &c.meaning, treatment(contract.kind, c)))
            .collect(),
        terms: terms(contract),
        witnesses: None,
    }
}

/// What formulas name, and its title.
fn terms(contract: &DatasetContract) -> Vec<Category> {
    let populations = contract.populations.iter().map(|p| (&p.id, &p.title));
    let derived = contract.derived.iter().map(|d| (&d.name, &d.title));
    let measures = contract.place_measures.iter();
    let measures = measures.map(|m| (&m.name, &m.title));
    let term = |(code, title): (&String, &Localised)| Category {
        code: code.clone(),
        title: title.clone(),
        aliases: Vec::new(),
        group: None,
    };
    populations
        .chain(derived)
        .chain(measures)
        .map(term)
        .collect()
}

pub(super) fn protection(dataset: &Dataset, protected: &ProtectedDataset) -> DatasetProtection {
    let contract = &dataset.contract;
    let withheld = || {
        protected
            .tables
            .iter()
            .filter(|t| t.state.status == contract::Status::Suppressed)
    };
    let (rule, threshold) = match contract.disclosure {
        DisclosurePolicy::Public { .. } => ("public", None),
        DisclosurePolicy::MinimumFrequency { threshold, .. } => {
            ("minimum_frequency", Some(threshold))
        }
    };
    let coalition = match contract.disclosure {
        DisclosurePolicy::MinimumFrequency { coalition, .. } => coalition,
        DisclosurePolicy::Public { .. } => None,
    };
    DatasetProtection {
        coalition: coalition.filter(|_| protected.figures.is_some()),
        dataset: contract.id.clone(),
        rule: rule.to_owned(),
        threshold,
        tables: protected.tables.len() as u64,
        tables_withheld: withheld().count() as u64,
        cells: protected.tables.iter().map(|t| t.cells).sum(),
        cells_withheld: protected.tables.iter().map(|t| t.withheld).sum(),
        suppression: protected.figures.as_ref().map(|figures| CellFigures {
            variables: figures.variables,
            relations: figures.relations,
            components: figures.components,
            suppressed: figures.suppressed,
            gap: gap(figures),
            narrowest_interval: figures.widths.iter().min().copied(),
            interval_quartiles: quartiles(&figures.widths),
            value_published: per_mille(figures.value),
        }),
        records_k: protected.records.as_ref().map(|r| r.k),
        records: protected.records.as_ref().map(|r| r.protection.clone()),
        columns_removed: contract
            .columns
            .iter()
            .filter(|c| c.role.is_dropped())
            .map(|c| c.name.clone())
            .collect(),
    }
}

/// How far the suppressed counts pass what is proven to be necessary, in thousandths.
fn gap(figures: &Figures) -> Option<u64> {
    let more = figures.suppressed.checked_sub(figures.least)?;
    (more * 1000)
        .checked_div(figures.least)
        .filter(|_| !figures.unsearched)
}

/// The widths that a quarter, half and three quarters of all do not pass.
fn quartiles(widths: &[u64]) -> Option<[u64; 3]> {
    let mut sorted = widths.to_vec();
    sorted.sort_unstable();
    let last = sorted.len().checked_sub(1)?;
    Some([1, 2, 3].map(|quarter| sorted[last * quarter / 4]))
}

/// The share of a whole in thousandths: coarse enough that the sum of what is suppressed does not follow from it.
fn per_mille((all, part): (u64, u64)) -> Option<u64> {
    (part * 1000 + all / 2).checked_div(all)
}
