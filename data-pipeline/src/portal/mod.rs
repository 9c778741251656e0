//! Loading a portal instance: `portal.toml`, `datasets/<id>/contract.toml`, `datasets/<id>/indicators/*.toml`.
//!
//! | module | holds |
//! |---|---|
//! | [`names`] | every name that a contract mentions is declared |
//! | [`sql`] | every SQL expression of a contract can be planned |

mod names;
mod sql;

use std::{
    fs,
    path::{Path, PathBuf},
};

use contract::{
    dataset::{DATASET_FORMAT, DatasetContract, DatasetKind, Derived, GROUP_SUFFIX},
    indicator::{INDICATOR_FORMAT, Indicator},
    portal::{PORTAL_FORMAT, Portal},
};
use serde::de::DeserializeOwned;
pub use sql::check_sql;

/// Why a portal instance cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PortalError {
    /// A file cannot be read.
    #[error("{path}: {source}", path = path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file is not what the format asks for; the message names line and column where it can.
    #[error("{path}: {message}", path = path.display())]
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
    /// The folder that declares it.
    pub folder: PathBuf,
}

impl Dataset {
    /// The file that declares the dataset.
    pub fn contract_file(&self) -> PathBuf {
        self.folder.join("contract.toml")
    }

    /// The file that declares an indicator.
    pub fn indicator_file(&self, id: &str) -> PathBuf {
        self.folder.join("indicators").join(format!("{id}.toml"))
    }
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
    toml::from_str(&text).map_err(|error| malformed(path, error.to_string()))
}

fn malformed(path: &Path, message: impl AsRef<str>) -> PortalError {
    let message = message.as_ref().trim_end();
    let place = line_of(path, message).map_or(String::new(), |line| format!("line {line}: "));
    PortalError::Malformed {
        path: path.into(),
        message: place + message,
    }
}

/// The line of a file that a message is about: where the last of the words that it quotes is used, or, when it goes
/// on to say what is wrong with it (`population "all": …`), declared. None when the message names a line itself.
fn line_of(path: &Path, message: &str) -> Option<usize> {
    if message.contains("line ") {
        return None;
    }
    let text = fs::read_to_string(path).ok()?;
    let quoted: Vec<&str> = message.split('"').skip(1).step_by(2).collect();
    quoted.into_iter().rev().find_map(|word| {
        let (double, single) = (format!("\"{word}\""), format!("'{word}'"));
        let mut lines: Vec<usize> = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            // The names of types are words that columns bear too.
            let names = !line.trim_start().starts_with("type ");
            if names && (line.contains(&double) || line.contains(&single)) {
                lines.push(number);
            }
        }
        let declared = message.contains(&format!("{double}:"));
        if declared {
            lines.first()
        } else {
            lines.last()
        }
        .copied()
    })
}

fn check_format(path: &Path, found: u32, known: u32) -> Result<(), PortalError> {
    if found == known {
        return Ok(());
    }
    Err(malformed(
        path,
        format!("format {found} is unknown; this program reads format {known}"),
    ))
}

/// Reads a portal instance and checks its names; [`check_sql`] checks its SQL.
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
        .map(|id| load_dataset(&folder.join("datasets").join(id), id))
        .collect::<Result<Vec<_>, _>>()?;
    let instance = Instance { portal, datasets };
    names::check_instance(&path, &instance)?;
    Ok(instance)
}

fn load_dataset(folder: &Path, id: &str) -> Result<Dataset, PortalError> {
    let path = folder.join("contract.toml");
    let mut contract: DatasetContract = read(&path)?;
    check_format(&path, contract.format, DATASET_FORMAT)?;
    if contract.id != id {
        return Err(malformed(
            &path,
            format!(
                "id is {:?}, the folder {id:?}: make them equal",
                contract.id
            ),
        ));
    }
    derive_groups(&mut contract);
    let mut dataset = Dataset {
        contract,
        indicators: Vec::new(),
        folder: folder.to_owned(),
    };
    if dataset.contract.kind == DatasetKind::Indicators {
        dataset.indicators = load_indicators(&folder.join("indicators"))?;
    }
    names::check_dataset(&dataset)?;
    Ok(dataset)
}

fn load_indicators(folder: &Path) -> Result<Vec<Indicator>, PortalError> {
    let unreadable = |source| PortalError::Unreadable {
        path: folder.to_owned(),
        source,
    };
    let mut indicators = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)?.flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|e| e != "toml") {
            continue;
        }
        let indicator: Indicator = read(&path)?;
        check_format(&path, indicator.format, INDICATOR_FORMAT)?;
        if path.file_stem().is_none_or(|stem| stem != &*indicator.id) {
            return Err(malformed(
                &path,
                format!("id is {:?}: make it equal to the file's name", indicator.id),
            ));
        }
        indicators.push(indicator);
    }
    indicators.sort_by(|a, b| (a.order, &a.id).cmp(&(b.order, &b.id)));
    Ok(indicators)
}

/// Adds the column of groups of every column that declares groups.
fn derive_groups(contract: &mut DatasetContract) {
    for column in contract.columns.iter().filter(|c| !c.groups.is_empty()) {
        let quoted = |text: &str| text.replace('\'', "''");
        let cases = column.values.iter().filter_map(|value| {
            let group = value.group.as_ref()?;
            Some(format!(
                " WHEN '{}' THEN '{}'",
                quoted(&value.code),
                quoted(group)
            ))
        });
        contract.derived.push(Derived {
            name: format!("{}{GROUP_SUFFIX}", column.name),
            title: column.title.clone(),
            sql: format!("CASE \"{}\"{} END", column.name, cases.collect::<String>()),
            role: column.role,
        });
    }
}
