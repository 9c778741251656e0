//! Every name that a contract mentions is declared, and what must go together goes together.

use std::{collections::BTreeSet, path::Path};

use contract::{
    Granularity, Level,
    dataset::{
        CONTRIBUTOR, CellSuppression, ColumnType, DatasetContract, DatasetKind, DisclosurePolicy,
        Persons,
    },
    indicator::Indicator,
};

use super::{Dataset, Instance, PortalError, malformed};
use crate::validate;

/// Collects what is wrong with one file: the first complaint is the error.
struct Complaints<'p> {
    path: &'p Path,
    first: Option<PortalError>,
}

impl Complaints<'_> {
    fn unless(&mut self, sound: bool, message: impl FnOnce() -> String) {
        if !sound && self.first.is_none() {
            self.first = Some(malformed(self.path, message()));
        }
    }

    fn end(self) -> Result<(), PortalError> {
        self.first.map_or(Ok(()), Err)
    }
}

/// Names that reach across datasets.
pub(super) fn check_instance(path: &Path, instance: &Instance) -> Result<(), PortalError> {
    let indicator = |name: &str| {
        let (dataset, indicator) = name.split_once('.')?;
        let dataset = instance
            .datasets
            .iter()
            .find(|d| d.contract.id == dataset)?;
        let found = dataset.indicators.iter().find(|i| i.id == indicator)?;
        Some((dataset, found))
    };
    let mut complaints = Complaints { path, first: None };
    for headline in &instance.portal.headlines {
        complaints.unless(indicator(headline).is_some(), || {
            format!("headline {headline:?} names no indicator: write dataset.indicator")
        });
    }
    complaints.end()?;
    for dataset in &instance.datasets {
        let path = dataset.contract_file();
        let mut complaints = Complaints {
            path: &path,
            first: None,
        };
        for check in &dataset.contract.checks {
            let (claim, name) = (&check.claim, &check.indicator);
            let found = indicator(name);
            complaints.unless(found.is_some(), || {
                format!(
                    "check of claim {claim:?}: {name:?} names no indicator: write dataset.indicator"
                )
            });
            let (Some((of, _)), Some(class)) = (found, &check.class) else {
                continue;
            };
            let known = class.split_once('.').is_some_and(|(breakdown, class)| {
                let breakdown = of.contract.breakdowns.iter().find(|b| b.id == breakdown);
                breakdown.is_some_and(|b| {
                    of.contract
                        .classes(&b.column)
                        .iter()
                        .any(|c| c.code == class)
                })
            });
            complaints.unless(known, || {
                format!("check of claim {claim:?}: {class:?} names no class: write breakdown.class")
            });
        }
        complaints.end()?;
    }
    Ok(())
}

/// Names within one dataset.
pub(super) fn check_dataset(dataset: &Dataset) -> Result<(), PortalError> {
    let contract = &dataset.contract;
    let path = dataset.contract_file();
    let mut complaints = Complaints {
        path: &path,
        first: None,
    };
    check_columns(contract, &mut complaints);
    check_records(contract, &mut complaints);
    match contract.kind {
        DatasetKind::Table => check_table(contract, &mut complaints),
        DatasetKind::Indicators => check_indicators(dataset, &mut complaints),
    }
    complaints.end()?;
    for indicator in &dataset.indicators {
        check_indicator(dataset, indicator)?;
    }
    Ok(())
}

fn column_names(contract: &DatasetContract) -> impl Iterator<Item = &String> {
    let columns = contract.columns.iter().map(|c| &c.name);
    let derived = contract.derived.iter().map(|d| &d.name);
    columns.chain(derived)
}

fn has_column(contract: &DatasetContract, name: &str) -> bool {
    column_names(contract).any(|column| column == name)
}

fn check_columns(contract: &DatasetContract, complaints: &mut Complaints<'_>) {
    let mut seen = BTreeSet::new();
    let measures = contract.place_measures.iter().map(|m| &m.name);
    for name in column_names(contract).chain(measures) {
        let plain = !name.is_empty()
            && name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        complaints.unless(plain, || {
            format!("column name {name:?}: use a-z, digits and _")
        });
        complaints.unless(!validate::added(contract).contains(&name.as_str()), || {
            format!("column name {name:?} is one that every row gets from the register or the calendar: rename it")
        });
        complaints.unless(seen.insert(name), || {
            format!("column {name:?} is declared twice: rename one")
        });
    }
    for column in &contract.columns {
        for value in &column.values {
            let group = value.group.as_deref();
            let known = group.is_none_or(|group| column.groups.iter().any(|g| g.code == group));
            complaints.unless(known, || {
                format!(
                    "column {:?}, value {:?}: group {:?} is not among the column's groups",
                    column.name,
                    value.code,
                    group.unwrap_or_default()
                )
            });
            complaints.unless(column.groups.is_empty() || group.is_some(), || {
                let (column, value) = (&column.name, &value.code);
                format!("column {column:?} has groups: say in which one value {value:?} is")
            });
        }
        if let Some(otherwise) = &column.otherwise {
            complaints.unless(column.values.iter().any(|v| &v.code == otherwise), || {
                format!(
                    "column {:?}: otherwise = {otherwise:?} is not among its values",
                    column.name
                )
            });
        }
        let decimal = column.kind == ColumnType::Decimal;
        complaints.unless(!decimal || contract.kind == DatasetKind::Table, || {
            format!(
                "column {:?}: type decimal is for tables; indicators need integers (money, area, integer)",
                column.name
            )
        });
    }
    for name in contract.unique_together.iter().flatten() {
        complaints.unless(contract.columns.iter().any(|c| &c.name == name), || {
            format!("unique_together names {name:?}, which is no declared column")
        });
    }
}

fn check_records(contract: &DatasetContract, complaints: &mut Complaints<'_>) {
    let Some(records) = &contract.records else {
        return;
    };
    for name in &records.values {
        complaints.unless(has_column(contract, name), || {
            format!("records: value {name:?} is no declared column")
        });
    }
    let names = || {
        records
            .keys
            .iter()
            .map(|key| &key.name)
            .chain(&records.values)
    };
    for name in &records.keep {
        complaints.unless(names().any(|n| n == name), || {
            format!("records: keep names {name:?}, which is neither a key nor a value")
        });
    }
}

fn check_table(contract: &DatasetContract, complaints: &mut Complaints<'_>) {
    let public = matches!(contract.disclosure, DisclosurePolicy::Public { .. });
    complaints.unless(public, || {
        "a table publishes its rows as they are: only `policy = \"public\"` fits it".to_owned()
    });
    complaints.unless(!contract.sort.is_empty(), || {
        "a table needs `sort`: the columns that put its rows in order".to_owned()
    });
    for name in contract.sort.iter().chain(&contract.place_path) {
        complaints.unless(has_column(contract, name), || {
            format!("{name:?} is no declared column: correct `sort` or `place_path`")
        });
    }
    let claims = contract.checks.is_empty() || contract.citation.is_some();
    complaints.unless(claims, || {
        "a table with checks needs [citation]: where the figures were published".to_owned()
    });
}

fn check_indicators(dataset: &Dataset, complaints: &mut Complaints<'_>) {
    let contract = &dataset.contract;
    for (what, name) in [("place", &contract.place), ("period", &contract.period)] {
        complaints.unless(contract.columns.iter().any(|c| &c.name == name), || {
            format!("{what} names {name:?}, which is no declared column")
        });
    }
    for (what, empty) in [
        ("levels", contract.levels.is_empty()),
        ("granularities", contract.granularities.is_empty()),
        ("[[population]]", contract.populations.is_empty()),
    ] {
        complaints.unless(!empty, || format!("indicators need {what}"));
    }
    if let Some(stock) = &contract.stock {
        for name in [&stock.key, &stock.order] {
            complaints.unless(has_column(contract, name), || {
                format!("stock names {name:?}, which is no declared column")
            });
        }
    }
    let population = |id: &str| contract.populations.iter().any(|p| p.id == id);
    let public = matches!(contract.disclosure, DisclosurePolicy::Public { .. });
    for breakdown in &contract.breakdowns {
        let id = &breakdown.id;
        complaints.unless(!contract.classes(&breakdown.column).is_empty(), || {
            format!(
                "breakdown {id:?}: {:?} is no column with declared values or groups",
                breakdown.column
            )
        });
        let of = breakdown.of.as_deref();
        complaints.unless(of.is_none_or(population), || {
            format!("breakdown {id:?}: population {of:?} is not declared")
        });
        for name in &breakdown.indicators {
            complaints.unless(dataset.indicators.iter().any(|i| &i.id == name), || {
                format!("breakdown {id:?}: {name:?} is no indicator of the dataset")
            });
        }
        let listed = contract
            .columns
            .iter()
            .any(|c| c.name == breakdown.column && c.kind == ColumnType::CategoryList);
        complaints.unless(!listed || public, || {
            format!(
                "breakdown {id:?}: a row counts in several classes of the list {:?}, which only a public dataset may show",
                breakdown.column
            )
        });
    }
    match &contract.disclosure {
        DisclosurePolicy::Public {
            persons: Some(persons),
            ..
        } => {
            complaints.unless(population(&persons.of), || {
                format!("persons: population {:?} is not declared", persons.of)
            });
            check_contributors(contract, persons, complaints);
            for id in &persons.exempt {
                complaints.unless(contract.breakdowns.iter().any(|b| &b.id == id), || {
                    format!("persons: {id:?} is no breakdown")
                });
            }
        }
        DisclosurePolicy::Public { persons: None, .. } => {}
        DisclosurePolicy::MinimumFrequency {
            width,
            coalition,
            search,
            cells,
            ..
        } => {
            complaints.unless(*width != Some(0), || {
                "width = 0 would protect nothing: leave it out for the threshold".to_owned()
            });
            complaints.unless(*coalition != Some(0), || {
                "coalition = 0 names no attacker: leave it out for outsiders only".to_owned()
            });
            complaints.unless(coalition.is_none() || !cells.is_empty(), || {
                "coalition says who attacks cells that are suppressed one by one, and `cells` names none"
                    .to_owned()
            });
            complaints.unless(search.is_none() || !cells.is_empty(), || {
                "search says how long cells to suppress are sought, and `cells` names none"
                    .to_owned()
            });
            cells
                .iter()
                .for_each(|shape| check_cells(contract, shape, complaints));
        }
    }
}

/// The columns are there, and there is a rule that can find something.
fn check_contributors(
    contract: &DatasetContract,
    persons: &Persons,
    complaints: &mut Complaints<'_>,
) {
    let Some(declared) = &persons.contributors else {
        return;
    };
    let is_column = |name: &String| contract.columns.iter().any(|c| &c.name == name);
    for name in declared.amounts.iter().chain([&declared.column]) {
        complaints.unless(is_column(name), || {
            format!("contributors: {name:?} is no column of the export")
        });
    }
    let kept = |name: &String| {
        let mut columns = contract.columns.iter();
        columns.any(|c| &c.name == name && !c.role.is_dropped())
    };
    for name in &declared.amounts {
        complaints.unless(kept(name), || {
            format!("contributors: the amount {name:?} is dropped with the identifiers")
        });
    }
    complaints.unless(!has_column(contract, CONTRIBUTOR), || {
        format!(
            "{CONTRIBUTOR:?} is the name of what takes the place of contributors: rename the column"
        )
    });
    let is_share = |percent: u32| (1..=100).contains(&percent);
    let percent = declared.p_percent.into_iter();
    let shares = percent.chain(declared.dominance.map(|rule| rule.k));
    complaints.unless({ shares }.all(is_share), || {
        "contributors: p_percent and k are per cent, from 1 to 100".to_owned()
    });
    complaints.unless(declared.dominance.is_none_or(|rule| rule.n > 0), || {
        "contributors: dominance of the greatest n = 0 finds nobody".to_owned()
    });
    let is_judged = declared.p_percent.is_some() || declared.dominance.is_some();
    complaints.unless(declared.amounts.is_empty() != is_judged, || {
        "contributors: p_percent or dominance judge `amounts`: neither is of use without the other".to_owned()
    });
}

/// Every table that is named is one that the contract has.
fn check_cells(
    contract: &DatasetContract,
    shape: &CellSuppression,
    complaints: &mut Complaints<'_>,
) {
    let has = |levels: &[Level], lengths: &[Granularity]| {
        let levels = shape.levels.iter().all(|level| levels.contains(level));
        levels
            && shape
                .granularities
                .iter()
                .all(|length| lengths.contains(length))
    };
    for id in &shape.breakdowns {
        let found = contract.breakdowns.iter().find(|b| &b.id == id);
        let sound = found.is_some_and(|b| b.of.is_none() && has(&b.levels, &b.granularities));
        complaints.unless(sound, || {
            format!(
                "disclosure.cells: {id:?} must be a breakdown of all rows that has these levels and granularities"
            )
        });
    }
    let of_total = has(&contract.levels, &contract.granularities);
    complaints.unless(!shape.breakdowns.is_empty() || of_total, || {
        "disclosure.cells: the dataset has no such levels or granularities".to_owned()
    });
    let empty = shape.levels.is_empty() || shape.granularities.is_empty();
    complaints.unless(!empty, || {
        "disclosure.cells: name levels and granularities".to_owned()
    });
}

fn check_indicator(dataset: &Dataset, indicator: &Indicator) -> Result<(), PortalError> {
    let contract = &dataset.contract;
    let path = dataset.indicator_file(&indicator.id);
    let mut complaints = Complaints {
        path: &path,
        first: None,
    };
    for population in indicator.shows() {
        complaints.unless(
            contract.populations.iter().any(|p| p.id == population),
            || format!("population {population:?} is not declared in contract.toml"),
        );
    }
    if let Some(beside) = &indicator.beside {
        complaints.unless(dataset.indicators.iter().any(|i| &i.id == beside), || {
            format!("beside = {beside:?} is no indicator of the dataset")
        });
    }
    for name in indicator.breakdowns.iter().flatten() {
        complaints.unless(contract.breakdowns.iter().any(|b| &b.id == name), || {
            format!("breakdowns names {name:?}, which is not declared in contract.toml")
        });
    }
    let public = matches!(contract.disclosure, DisclosurePolicy::Public { .. });
    complaints.unless(public || !indicator.formula.is_of_places(), || {
        "a formula of communities tells about single communities: it fits a public dataset only"
            .to_owned()
    });
    complaints.end()
}
