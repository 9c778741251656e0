//! The ledger: every count that a snapshot published, or withheld, so that the next one is protected together with
//! all that came before. It holds true counts of what was withheld: it belongs to the raw zone and is never served.
//!
//! One file for each snapshot, written before the snapshot is committed and never changed. A file holds only what is
//! new or different, and names the hash of the file before it, so that a file that was altered, or is missing, is
//! found. First a line of JSON ([`Head`]), then CSV.

mod past;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use contract::snapshot::Release;
use serde::{Deserialize, Serialize};

pub use past::{Containment, Fact, MEASURE, Past, Place, PlaceTree, Standing, Version};

use crate::publish::sha256;

/// Version of the files' format.
const FORMAT: u32 = 1;
/// End of the name of a file whose snapshot is not known to be committed.
const PENDING: &str = ".pending.csv";

/// Why the ledger cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// A file cannot be read or written.
    #[error("the ledger: {path}: {source}", path = path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is not what this program wrote.
    #[error("the ledger: {path}, line {line}: {what}; put back the file as it was written", path = path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong.
        what: String,
    },
    /// A file was altered, or one before it is missing.
    #[error("the ledger: {path} follows another file than the one before it: one was altered or is missing", path = path.display())]
    Broken {
        /// The file.
        path: PathBuf,
    },
    /// The folder holds a snapshot that is not in the ledger.
    #[error(
        "snapshot {snapshot} was published, but is not in the ledger {folder}: name the ledger of this published folder with --ledger. Without it the new snapshot cannot be protected together with what is published already; publish to another folder if there is none",
        folder = folder.display()
    )]
    Missing {
        /// The snapshot.
        snapshot: String,
        /// The ledger's folder.
        folder: PathBuf,
    },
}

/// First line of a file.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    format: u32,
    snapshot: String,
    manifest_sha256: String,
    /// Hash of the file before; none in the first.
    previous_sha256: Option<String>,
    /// The places, where they are not those of the file before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    places: Option<PlaceTree>,
    /// The populations of datasets, where they are not those of the file before.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    populations: BTreeMap<String, Vec<Containment>>,
}

/// What a snapshot tells, and what its relations rest on.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// The counts.
    pub facts: Vec<Fact>,
    /// The places.
    pub places: PlaceTree,
    /// The populations of each dataset.
    pub populations: BTreeMap<String, Vec<Containment>>,
}

/// The ledger of one published folder.
#[derive(Debug)]
pub struct Ledger {
    folder: PathBuf,
    datasets: BTreeMap<String, Past>,
    trees: BTreeMap<usize, PlaceTree>,
    /// Snapshots in it.
    snapshots: usize,
    /// Hash of its last file.
    last: Option<String>,
}

impl Ledger {
    /// Reads the ledger in a folder, which need not exist, beside the releases that were published. What a run wrote
    /// that did not come to commit its snapshot is left out.
    ///
    /// # Errors
    /// When a file cannot be read or is not what was written, or a release is not in the ledger.
    pub fn open(folder: &Path, releases: &[Release]) -> Result<Self, LedgerError> {
        let mut ledger = Self {
            folder: folder.to_owned(),
            datasets: BTreeMap::new(),
            trees: BTreeMap::new(),
            snapshots: 0,
            last: None,
        };
        let mut missing: BTreeSet<&str> = releases.iter().map(|r| &*r.manifest_sha256).collect();
        for path in files(folder)? {
            let bytes = fs::read(&path).map_err(failed(&path))?;
            let is_pending = path.to_string_lossy().ends_with(PENDING);
            let parsed = parse(&path, &bytes);
            // What was broken off while it was written belongs to no release; if it does, the release is missed below.
            let committed = parsed
                .as_ref()
                .is_ok_and(|(head, _)| missing.remove(&*head.manifest_sha256));
            if is_pending && !committed {
                tracing::info!(
                    "the ledger: {} belongs to a snapshot that was not committed, and is left out",
                    path.display()
                );
                continue;
            }
            let (head, facts) = parsed?;
            if head.previous_sha256 != ledger.last {
                return Err(LedgerError::Broken { path });
            }
            for fact in &facts {
                let past = ledger.datasets.entry(fact.dataset.clone()).or_default();
                past.add(ledger.snapshots, fact);
            }
            if let Some(tree) = head.places {
                ledger.trees.insert(ledger.snapshots, tree);
            }
            for (dataset, populations) in head.populations {
                let past = ledger.datasets.entry(dataset).or_default();
                past.populations.insert(ledger.snapshots, populations);
            }
            ledger.snapshots += 1;
            ledger.last = Some(sha256(&bytes));
        }
        let lost = releases
            .iter()
            .find(|r| missing.contains(&*r.manifest_sha256));
        match lost {
            None => Ok(ledger),
            Some(release) => Err(LedgerError::Missing {
                snapshot: release.snapshot.clone(),
                folder: folder.to_owned(),
            }),
        }
    }

    /// What the snapshots so far told of a dataset.
    pub fn past(&self, dataset: &str) -> Past {
        let mut past = self.datasets.get(dataset).cloned().unwrap_or_default();
        past.trees.clone_from(&self.trees);
        past
    }

    /// Hash of its last file, which names that of the one before; none while there is none.
    pub fn hash(&self) -> Option<&str> {
        self.last.as_deref()
    }

    /// How many snapshots are in it.
    pub fn snapshots(&self) -> usize {
        self.snapshots
    }

    /// Writes what a snapshot is about to tell. Before the snapshot is committed: should the program be stopped in
    /// between, the next run finds out whether it was.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(
        &self,
        snapshot: &str,
        manifest_sha256: &str,
        told: &Told,
    ) -> Result<Entry, LedgerError> {
        let last = |dataset: &str| self.datasets.get(dataset)?.populations.values().next_back();
        let populations = told.populations.iter();
        let populations = populations.filter(|(dataset, all)| last(dataset) != Some(all));
        let places =
            Some(&told.places).filter(|&tree| self.trees.values().next_back() != Some(tree));
        let head = Head {
            format: FORMAT,
            snapshot: snapshot.to_owned(),
            manifest_sha256: manifest_sha256.to_owned(),
            previous_sha256: self.last.clone(),
            places: places.cloned(),
            populations: populations
                .map(|(d, all)| (d.clone(), all.clone()))
                .collect(),
        };
        let name = format!("{:06}-{snapshot}", self.snapshots + 1);
        let entry = Entry {
            // Of this program alone: another one may be about to publish the same.
            pending: self
                .folder
                .join(format!("{name}.{}{PENDING}", std::process::id())),
            committed: self.folder.join(format!("{name}.csv")),
        };
        let failed = failed(&entry.pending);
        let mut bytes = serde_json::to_vec(&head).map_err(|e| failed(e.into()))?;
        bytes.push(b'\n');
        let mut csv = csv::Writer::from_writer(bytes);
        let none = Past::default();
        for fact in &told.facts {
            let past = self.datasets.get(&fact.dataset).unwrap_or(&none);
            if past.is_news(fact) {
                csv.serialize(fact).map_err(|e| failed(e.into()))?;
            }
        }
        let bytes = csv.into_inner().map_err(|e| failed(e.into_error()))?;
        fs::create_dir_all(&self.folder).map_err(&failed)?;
        write_private(&entry.pending, &bytes).map_err(&failed)?;
        Ok(entry)
    }
}

/// A file of the ledger whose snapshot is about to be committed.
#[derive(Debug)]
pub struct Entry {
    pending: PathBuf,
    committed: PathBuf,
}

impl Entry {
    /// Says that the snapshot is committed.
    ///
    /// # Errors
    /// When the file cannot be renamed; it counts all the same as long as the published folder holds the release.
    pub fn commit(self) -> Result<(), LedgerError> {
        fs::rename(&self.pending, &self.committed).map_err(failed(&self.pending))
    }

    /// Says that the snapshot was not committed.
    ///
    /// # Errors
    /// When the file cannot be deleted.
    pub fn discard(self) -> Result<(), LedgerError> {
        fs::remove_file(&self.pending).map_err(failed(&self.pending))
    }
}

fn failed(path: &Path) -> impl Fn(io::Error) -> LedgerError + use<> {
    let path = path.to_owned();
    move |source| LedgerError::File {
        path: path.clone(),
        source,
    }
}

/// Readable by its owner alone, and on the disk when this returns.
fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    io::Write::write_all(&mut file, bytes)?;
    file.sync_all()?;
    match path.parent() {
        Some(folder) => fs::File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

/// The files in the order of time.
fn files(folder: &Path) -> Result<Vec<PathBuf>, LedgerError> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed(folder))? {
        let path = entry.map_err(failed(folder))?.path();
        if path.extension().is_some_and(|e| e == "csv") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn parse(path: &Path, bytes: &[u8]) -> Result<(Head, Vec<Fact>), LedgerError> {
    let damaged = |line, what: String| LedgerError::Damaged {
        path: path.to_owned(),
        line,
        what,
    };
    let end = bytes.iter().position(|&b| b == b'\n');
    let (first, rest) = bytes.split_at(end.map_or(bytes.len(), |end| end + 1));
    let head: Head = serde_json::from_slice(first).map_err(|e| damaged(1, e.to_string()))?;
    if head.format != FORMAT {
        let what = format!("format {} is not known to this program", head.format);
        return Err(damaged(1, what));
    }
    let mut facts = Vec::new();
    for (at, fact) in csv::Reader::from_reader(rest)
        .into_deserialize()
        .enumerate()
    {
        // The values of a row stay out of messages.
        let fact = fact.map_err(|_| damaged(at as u64 + 3, "not a fact".to_owned()))?;
        facts.push(fact);
    }
    Ok((head, facts))
}
