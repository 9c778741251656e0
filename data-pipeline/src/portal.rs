//! Loading a portal instance: `portal.toml`, `datasets/<id>/contract.toml`, `datasets/<id>/indicators/*.toml`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use contract::{
    dataset::{Column, ColumnType, DATASET_FORMAT, DatasetContract, DatasetKind, Role, Source},
    indicator::{Formula, INDICATOR_FORMAT, Indicator},
    portal::{PORTAL_FORMAT, Portal},
};
use serde::de::DeserializeOwned;

/// Why a portal instance cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PortalError {
    /// A file cannot be read.
    #[error("{path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file is not what the format asks for; the message names line and column.
    #[error("{path}: {message}")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What was expected, where.
        message: String,
    },
}

/// One dataset with its indicators.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// The contract.
    pub contract: DatasetContract,
    /// The indicators, in order.
    pub indicators: Vec<Indicator>,
}

/// A portal instance.
#[derive(Clone, Debug)]
pub struct Instance {
    /// `portal.toml`.
    pub portal: Portal,
    /// The datasets, in the portal's order.
    pub datasets: Vec<Dataset>,
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T, PortalError> {
    let text = fs::read_to_string(path).map_err(|source| PortalError::Unreadable {
        path: path.into(),
        source,
    })?;
    toml::from_str(&text).map_err(|error| malformed(path, &error.to_string()))
}

fn malformed(path: &Path, message: &str) -> PortalError {
    PortalError::Malformed {
        path: path.into(),
        message: message.trim_end().to_owned(),
    }
}

fn check_format(path: &Path, found: u32, known: u32) -> Result<(), PortalError> {
    if found == known {
        return Ok(());
    }
    Err(malformed(
        path,
        &format!("format {found} is unknown; this program reads format {known}"),
    ))
}

/// Reads and checks a portal instance.
///
/// # Errors
/// Names the file, and the line where the format is not met, an id is not the file's name, or a name is unknown.
pub fn load(folder: &Path) -> Result<Instance, PortalError> {
    let path = folder.join("portal.toml");
    let portal: Portal = read(&path)?;
    check_format(&path, portal.format, PORTAL_FORMAT)?;
    let datasets = portal
        .datasets
        .iter()
        .map(|id| load_dataset(&folder.join("datasets").join(id), id));
    let datasets = datasets.collect::<Result<Vec<_>, _>>()?;
    for headline in &portal.headlines {
        let known = headline
            .split_once('.')
            .is_some_and(|(dataset, indicator)| {
                datasets.iter().any(|d| {
                    d.contract.id == dataset && d.indicators.iter().any(|i| i.id == indicator)
                })
            });
        if !known {
            return Err(malformed(
                &path,
                &format!("headline {headline:?} names no indicator: write dataset.indicator"),
            ));
        }
    }
    Ok(Instance { portal, datasets })
}

/// What a contract declares and this pipeline does not do: refused rather than ignored.
fn ahead(contract: &DatasetContract) -> Option<&'static str> {
    let columns = |wanted: fn(&Column) -> bool| contract.columns.iter().any(wanted);
    [
        (contract.kind != DatasetKind::Indicators, "kind"),
        (contract.source != Source::default(), "[source]"),
        (!contract.granularities_at.is_empty(), "granularities_at"),
        (!contract.unique_together.is_empty(), "unique_together"),
        (contract.stock.is_some(), "[stock]"),
        (!contract.place_measures.is_empty(), "[[place_measure]]"),
        (columns(|c| c.kind == ColumnType::Decimal), "type decimal"),
        (columns(|c| c.role == Role::Pseudonym), "role pseudonym"),
        (columns(|c| !c.joined.is_empty()), "joined"),
        (columns(|c| c.from_title.is_some()), "from_title"),
        (columns(|c| !c.groups.is_empty()), "groups"),
    ]
    .into_iter()
    .find_map(|(declared, what)| declared.then_some(what))
}

fn load_dataset(folder: &Path, id: &str) -> Result<Dataset, PortalError> {
    let path = folder.join("contract.toml");
    let contract: DatasetContract = read(&path)?;
    check_format(&path, contract.format, DATASET_FORMAT)?;
    if contract.id != id {
        return Err(malformed(
            &path,
            &format!(
                "id is {:?}, the folder {id:?}: make them equal",
                contract.id
            ),
        ));
    }
    if let Some(what) = ahead(&contract) {
        return Err(malformed(
            &path,
            &format!("{what}: this pipeline does not know it yet; leave it out"),
        ));
    }
    for (what, name) in [("place", &contract.place), ("period", &contract.period)] {
        if !contract.columns.iter().any(|column| &column.name == name) {
            return Err(malformed(
                &path,
                &format!("{what} names {name:?}, which is no declared column"),
            ));
        }
    }
    let names = contract
        .columns
        .iter()
        .map(|c| &c.name)
        .chain(contract.derived.iter().map(|d| &d.name));
    for name in names {
        let plain = name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !plain || name.is_empty() {
            return Err(malformed(
                &path,
                &format!("column name {name:?}: use a-z, digits and _"),
            ));
        }
    }
    let indicators_folder = folder.join("indicators");
    let entries = fs::read_dir(&indicators_folder).map_err(|source| PortalError::Unreadable {
        path: indicators_folder.clone(),
        source,
    })?;
    let mut indicators = Vec::new();
    for entry in entries.flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|e| e != "toml") {
            continue;
        }
        let indicator: Indicator = read(&path)?;
        check_format(&path, indicator.format, INDICATOR_FORMAT)?;
        if path
            .file_stem()
            .is_none_or(|stem| stem != indicator.id.as_str())
        {
            return Err(malformed(
                &path,
                &format!("id is {:?}: make it equal to the file's name", indicator.id),
            ));
        }
        let computed = matches!(
            indicator.formula,
            Formula::Count { .. }
                | Formula::Rate { .. }
                | Formula::Sum { .. }
                | Formula::Ratio { .. }
                | Formula::Percentile { .. }
        );
        let narrowed = indicator.min_base.is_some()
            || indicator.levels.is_some()
            || indicator.granularities.is_some()
            || indicator.breakdowns.is_some();
        if !computed || narrowed {
            return Err(malformed(
                &path,
                "this pipeline does not compute such an indicator yet: use the formulas count, rate, sum, ratio and percentile, for every level, period and breakdown",
            ));
        }
        for population in indicator.formula.populations() {
            if !contract.populations.iter().any(|p| p.id == population) {
                return Err(malformed(
                    &path,
                    &format!("population {population:?} is not declared in contract.toml"),
                ));
            }
        }
        indicators.push(indicator);
    }
    indicators.sort_by(|a, b| (a.order, &a.id).cmp(&(b.order, &b.id)));
    Ok(Dataset {
        contract,
        indicators,
    })
}
