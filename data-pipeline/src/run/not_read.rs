//! What lies in a raw zone and is read by nothing: an export with a slip in its name would be missed without a word.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Result;
use serde::Serialize;

use super::{Places, ZONE_FILE, raw_entries};
use crate::{ingest, portal};

/// What a raw zone holds besides what contracts and the register of places read. Names that begin with a dot are
/// passed over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NotRead {
    /// Files whose names no contract takes, sorted.
    pub files: Vec<PathBuf>,
    /// Folders, sorted: only the zone itself is searched.
    pub folders: Vec<PathBuf>,
}

impl NotRead {
    /// Whether everything is read.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.folders.is_empty()
    }
}

/// Finds what is read by nothing.
///
/// # Errors
/// When the portal instance or the raw zone cannot be read.
pub fn not_read(places: &Places) -> Result<NotRead> {
    let instance = portal::load(&places.portal)?;
    let datasets = instance.datasets.iter().flat_map(|d| &d.contract.files);
    let patterns: Vec<String> = datasets
        .chain(&instance.portal.places.files)
        .cloned()
        .collect();
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for path in raw_entries(&places.raw)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') || name == ZONE_FILE {
            continue;
        }
        if path.is_dir() {
            folders.push(path);
        } else if !ingest::is_named(&path, &patterns) {
            files.push(path);
        }
    }
    // Folders in which this program itself works hold no exports.
    let own: Vec<&Path> = [Some(&places.work), places.ledger.as_ref()]
        .into_iter()
        .flatten()
        .map(PathBuf::as_path)
        .collect();
    folders.retain(|folder| !own.iter().any(|own| is_within(own, folder)));
    files.sort();
    folders.sort();
    Ok(NotRead { files, folders })
}

fn is_within(inner: &Path, outer: &Path) -> bool {
    let whole = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    whole(inner).starts_with(whole(outer))
}
