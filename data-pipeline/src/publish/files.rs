//! The files of a snapshot, by content; and making them last on a local disk.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
};

use contract::snapshot::{BLOCK_BYTES, File};
use sha2::{Digest, Sha256};

use super::PublishError;

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A JSON file, indented, ending in a line break.
pub(super) fn json<T: serde::Serialize>(what: &str, value: &T) -> Result<Vec<u8>, PublishError> {
    let mut bytes =
        serde_json::to_vec_pretty(value).map_err(|e| PublishError::Json(what.to_owned(), e))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// What the manifest says of a file.
pub(super) fn entry(path: &str, bytes: &[u8], rows: Option<u64>) -> File {
    let blocks = if path.ends_with(".parquet") {
        bytes.chunks(BLOCK_BYTES as usize).map(sha256).collect()
    } else {
        Vec::new()
    };
    File {
        path: path.to_owned(),
        bytes: bytes.len() as u64,
        sha256: sha256(bytes),
        rows,
        blocks,
    }
}

/// Content-addressed files on their way into the folder.
#[derive(Default)]
pub(super) struct Files {
    pub(super) entries: Vec<File>,
    pub(super) contents: BTreeMap<String, Vec<u8>>,
}

impl Files {
    /// Adds a file and returns its path. Twins share the hash of the first of them.
    pub(super) fn add(
        &mut self,
        stem: &str,
        hash: &str,
        ending: &str,
        bytes: Vec<u8>,
        rows: Option<u64>,
    ) -> String {
        let path = format!("files/{stem}-{}.{ending}", &hash[..16]);
        self.entries.push(entry(&path, &bytes, rows));
        self.contents.insert(path.clone(), bytes);
        path
    }
}

/// Waits until files, and the folders that name them, are on the disk: the store that writes them does not.
///
/// # Errors
/// When the disk refuses: what was written may then be lost by a power cut, so nothing is committed.
pub(super) fn sync<'p>(folder: &Path, paths: impl Iterator<Item = &'p str>) -> io::Result<()> {
    let mut folders = BTreeSet::new();
    for path in paths {
        let path = folder.join(path);
        fs::File::open(&path)?.sync_all()?;
        let parents = path
            .ancestors()
            .skip(1)
            .take_while(|p| p.starts_with(folder));
        folders.extend(parents.map(Path::to_owned));
    }
    // A folder can be opened, and so synchronised, on Unix only; elsewhere the file's own must do.
    #[cfg(unix)]
    for folder in folders {
        fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}
