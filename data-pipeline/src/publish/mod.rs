//! Protected datasets to the published folder: immutable, content-addressed files first, then one release
//! record, created only if it is absent: that write is the commit.

mod archive;
mod difference;
mod feed;
mod files;
mod first;
mod parquet;
mod previous;
mod reasons;
mod rows;
mod twins;

use std::{collections::BTreeMap, path::Path};

use ::parquet::errors::ParquetError;
use arrow::error::ArrowError;
use contract::{
    Localised, Period, Place,
    disclosure_report::DisclosureReport,
    portal::Portal,
    snapshot::{
        Catalogue, Claim, Dataset, Manifest, PublishedArchive, Release, SNAPSHOT_FORMAT,
        check_format,
    },
};
pub use difference::{Change, Difference};
pub use files::sha256;
use files::{Files, entry, json, sync};
use object_store::{
    ObjectStore, ObjectStoreExt, PutMode, local::LocalFileSystem, path::Path as StorePath,
};
use previous::Previous;
use reasons::Reasons;
use rows::lay_out;
use twins::Context;

use crate::{
    ledger::{Ledger, LedgerError, Told},
    notes::Notes,
    protect::ProtectedDataset,
};

/// Why a snapshot cannot be published.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PublishError {
    /// The folder cannot be read or written.
    #[error("the published folder: {0}")]
    Store(#[from] object_store::Error),
    /// The folder cannot be made.
    #[error("the published folder: {0}")]
    Folder(#[from] std::io::Error),
    /// A table cannot be laid out.
    #[error("a table cannot be laid out: {0}")]
    Arrow(#[from] ArrowError),
    /// A table cannot be written as Parquet.
    #[error("a table cannot be written as Parquet: {0}")]
    Parquet(#[from] ParquetError),
    /// A JSON file cannot be read or written.
    #[error("{0}: {1}")]
    Json(String, serde_json::Error),
    /// A CSV file cannot be written.
    #[error("a table cannot be written as CSV: {0}")]
    Csv(#[from] csv::Error),
    /// An earlier file has a format that this program does not know.
    #[error(transparent)]
    Format(#[from] contract::snapshot::UnknownFormat),
    /// An earlier snapshot's table lacks a column.
    #[error("{path}: no column {column:?} of the expected type: the earlier snapshot is damaged")]
    Earlier {
        /// The file.
        path: String,
        /// The column.
        column: String,
    },
    /// The archive of the snapshot cannot be written.
    #[error("the archive of the snapshot cannot be written: {0}")]
    Archive(#[from] zip::result::ZipError),
    /// A static first view cannot be made.
    #[error("{path}: the first view cannot be made: {details}")]
    FirstView {
        /// What it is made from, or where it stands.
        path: String,
        /// Why, in words.
        details: String,
    },
    /// The ledger cannot be written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Another publisher was faster.
    #[error("another publisher has committed release {0}: run publish again")]
    LostRace(u64),
}

/// What a run is about to publish.
pub struct Snapshot<'a> {
    /// The portal instance.
    pub portal: &'a Portal,
    /// Last month covered.
    pub reference: Period,
    /// The data are invented.
    pub demonstration: bool,
    /// The register of places.
    pub places: Vec<Place>,
    /// The datasets: what the manifest says of them (breakdowns, tables and records are filled in) and their tables.
    pub datasets: Vec<(Dataset, ProtectedDataset)>,
    /// What was claimed in public.
    pub claims: Vec<Claim>,
    /// Why something changed.
    pub notes: &'a Notes,
    /// The disclosure report; the snapshot id is filled in.
    pub report: DisclosureReport,
}

/// What publishing did.
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    /// The snapshot's id.
    pub id: String,
    /// Files of the snapshot.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Rows in its Parquet files.
    pub rows: u64,
    /// The same by dataset.
    pub rows_by_dataset: BTreeMap<String, u64>,
    /// False when the same content was already the newest snapshot, or on a dry run.
    pub committed: bool,
    /// What it changes against the last snapshot.
    pub difference: Difference,
    /// How many notes say why.
    pub notes: usize,
    /// How many notes are about the first snapshot: it differs from none, so they are left out.
    pub notes_of_the_first: usize,
    /// Snapshots that are not there yet, and that notes of the file are about: those notes wait.
    pub notes_wait_for: Vec<String>,
}

/// What was published in a folder, in the order of time.
///
/// # Errors
/// When the folder cannot be read, or a release has a format that this program does not know.
pub async fn releases_in(folder: &Path) -> Result<Vec<Release>, PublishError> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let store = LocalFileSystem::new_with_prefix(folder)?;
    releases(&store).await
}

/// The manifest of a release.
///
/// # Errors
/// When the folder or the manifest cannot be read.
pub async fn manifest_of(folder: &Path, release: &Release) -> Result<Manifest, PublishError> {
    let store = LocalFileSystem::new_with_prefix(folder)?;
    read(&store, &manifest_path(&release.snapshot)).await
}

/// Publishes a snapshot into a folder, and writes to the ledger what it tells.
///
/// # Errors
/// When the folder cannot be used or another publisher was faster; the folder then shows the snapshot it
/// showed before.
pub async fn publish(
    snapshot: Snapshot<'_>,
    folder: &Path,
    dry_run: bool,
    (ledger, told): (&Ledger, &Told),
) -> Result<Published, PublishError> {
    if !dry_run {
        std::fs::create_dir_all(folder)?;
    }
    let store = folder
        .exists()
        .then(|| LocalFileSystem::new_with_prefix(folder))
        .transpose()?;
    let (mut releases_so_far, mut previous) = (Vec::new(), Previous::default());
    if let Some(store) = &store {
        releases_so_far = releases(store).await?;
        if let Some(last) = releases_so_far.last() {
            previous = Previous {
                folder: folder.to_owned(),
                manifest: Some(read(store, &manifest_path(&last.snapshot)).await?),
            };
        }
    }
    let mut difference = Difference {
        since: releases_so_far.last().map(|r| r.snapshot.clone()),
        ..Difference::default()
    };
    let mut report: DisclosureReport = snapshot.report.clone();
    let reasons = Reasons {
        notes: snapshot.notes,
        releases: &releases_so_far,
        last: previous.manifest.as_ref().map_or(&[], |last| &last.notes),
    };
    let mut files = Files::default();
    let mut manifest = assemble(snapshot, &previous, &mut files, &mut difference)?;
    manifest.previous_manifest_sha256 = releases_so_far.last().map(|r| r.manifest_sha256.clone());
    let tables = manifest.files.iter().filter_map(|file| {
        let (dataset, name) = file.path.strip_prefix("files/")?.split_once('/')?;
        let rows = file.rows.filter(|_| name.ends_with(".parquet"))?;
        Some((dataset, rows))
    });
    let mut rows_by_dataset = BTreeMap::new();
    for (dataset, rows) in tables {
        *rows_by_dataset.entry(dataset.to_owned()).or_default() += rows;
    }
    let mut done = Published {
        id: String::new(),
        files: manifest.files.len(),
        bytes: manifest.files.iter().map(|f| f.bytes).sum(),
        rows: rows_by_dataset.values().sum(),
        rows_by_dataset,
        committed: false,
        difference,
        notes: 0,
        notes_of_the_first: 0,
        notes_wait_for: Vec::new(),
    };
    if let Some(newest) = &previous.manifest {
        let mut same = Manifest {
            previous_manifest_sha256: newest.previous_manifest_sha256.clone(),
            notes: reasons.with(&newest.id),
            ..manifest.clone()
        };
        // Since then the ledger has grown by that very snapshot.
        let store = store.as_ref();
        let was = match store {
            Some(store) => read(store, &disclosure_path(&newest.id)).await?,
            None => report.clone(),
        };
        let now = std::mem::replace(&mut report.ledger, was.ledger);
        name(&mut same, &mut report, newest.id.clone())?;
        report.ledger = now;
        if same == *newest {
            // A later version of this program may say the same in other words.
            if let Some(store) = store.filter(|_| !dry_run) {
                let catalogue = catalogue(&same, releases_so_far.clone());
                first::write(store, folder, &catalogue, &same, &files).await?;
            }
            reasons.tell(&mut done, same.id);
            return Ok(done);
        }
    }
    let stem = format!("{}-r", manifest.reference);
    let mut taken = releases_so_far
        .iter()
        .filter(|r| r.snapshot.starts_with(&stem))
        .count();
    let Some(store) = store.filter(|_| !dry_run) else {
        reasons.tell(&mut done, format!("{stem}{}", taken + 1));
        return Ok(done);
    };
    for (path, bytes) in &files.contents {
        let path = StorePath::from(path.as_str());
        if store.head(&path).await.is_err() {
            store.put(&path, bytes.clone().into()).await?;
        }
    }
    // A manifest is never overwritten: another publisher may be about to commit the one that stands there.
    let (path, bytes, report) = loop {
        taken += 1;
        let id = format!("{stem}{taken}");
        manifest.notes = reasons.with(&id);
        let report = name(&mut manifest, &mut report, id)?;
        let bytes = json("manifest.json", &manifest)?;
        let path = manifest_path(&manifest.id);
        if create(&store, &path, &bytes).await? {
            break (path, bytes, report);
        }
    };
    reasons.tell(&mut done, manifest.id.clone());
    let named = [
        path,
        disclosure_path(&manifest.id),
        archive::path(&manifest.id),
    ];
    let archive = {
        let mut all: BTreeMap<&str, &[u8]> = files
            .contents
            .iter()
            .map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
            .collect();
        all.insert(&named[0], &bytes);
        all.insert(&named[1], &report);
        archive::pack(&manifest, &all)?
    };
    let archived = PublishedArchive {
        path: named[2].clone(),
        bytes: archive.len() as u64,
        sha256: sha256(&archive),
    };
    for (path, bytes) in named[1..].iter().zip([report, archive]) {
        store
            .put(&StorePath::from(path.as_str()), bytes.into())
            .await?;
    }
    let written = files.contents.keys().map(String::as_str);
    sync(folder, written.chain(named.iter().map(String::as_str)))?;
    let release = Release {
        format: SNAPSHOT_FORMAT,
        number: releases_so_far.last().map_or(1, |r| r.number + 1),
        snapshot: manifest.id.clone(),
        manifest_sha256: sha256(&bytes),
        archive: Some(archived),
    };
    let entry = ledger.write(&manifest.id, &release.manifest_sha256, told)?;
    let release_path = format!("releases/{}.json", release.number);
    let commit = store
        .put_opts(
            &StorePath::from(release_path.as_str()),
            json("release", &release)?.into(),
            PutMode::Create.into(),
        )
        .await;
    match commit {
        Err(object_store::Error::AlreadyExists { .. }) => {
            entry.discard()?;
            return Err(PublishError::LostRace(release.number));
        }
        result => result?,
    };
    entry.commit()?;
    let releases = releases_so_far.into_iter().chain([release]);
    let catalogue = catalogue(&manifest, releases.collect());
    store
        .put(
            &StorePath::from("catalogue.json"),
            json("catalogue.json", &catalogue)?.into(),
        )
        .await?;
    store
        .put(
            &StorePath::from(feed::PATH),
            feed::feed(&catalogue, &manifest).into_bytes().into(),
        )
        .await?;
    sync(
        folder,
        [release_path.as_str(), "catalogue.json", feed::PATH].into_iter(),
    )?;
    first::write(&store, folder, &catalogue, &manifest, &files).await?;
    done.committed = true;
    Ok(done)
}

/// Lays out every file; the manifest has no id yet.
fn assemble(
    snapshot: Snapshot<'_>,
    previous: &Previous,
    files: &mut Files,
    difference: &mut Difference,
) -> Result<Manifest, PublishError> {
    let places = json("places", &snapshot.places)?;
    let count = snapshot.places.len() as u64;
    let places = files.add(
        "areas/places",
        &sha256(&places),
        "json",
        places,
        Some(count),
    );
    let names: BTreeMap<&str, &Localised> = snapshot
        .places
        .iter()
        .map(|p| (p.code.as_str(), &p.name))
        .collect();
    let mut datasets = Vec::new();
    let context = Context {
        names: &names,
        demonstration: snapshot.demonstration,
        title: &snapshot.portal.title,
        publisher: &snapshot.portal.publisher,
        licence: &snapshot.portal.licence,
        reference: snapshot.reference.last_month(),
    };
    for (mut dataset, tables) in snapshot.datasets {
        lay_out(&mut dataset, &tables, previous, &context, files, difference)?;
        datasets.push(dataset);
    }
    Ok(Manifest {
        format: SNAPSHOT_FORMAT,
        id: String::new(),
        reference: snapshot.reference.last_month(),
        title: snapshot.portal.title.clone(),
        publisher: snapshot.portal.publisher.clone(),
        licence: snapshot.portal.licence.clone(),
        demonstration: snapshot.demonstration,
        previous_manifest_sha256: None,
        places,
        headlines: snapshot.portal.headlines.clone(),
        datasets,
        claims: snapshot.claims,
        notes: Vec::new(),
        files: std::mem::take(&mut files.entries),
    })
}

fn catalogue(newest: &Manifest, releases: Vec<Release>) -> Catalogue {
    Catalogue {
        format: SNAPSHOT_FORMAT,
        title: newest.title.clone(),
        releases,
    }
}

fn manifest_path(id: &str) -> String {
    format!("snapshots/{id}/manifest.json")
}

fn disclosure_path(id: &str) -> String {
    format!("snapshots/{id}/disclosure.json")
}

/// Gives a manifest its id, and with it the disclosure report, whose bytes are returned.
fn name(
    manifest: &mut Manifest,
    report: &mut DisclosureReport,
    id: String,
) -> Result<Vec<u8>, PublishError> {
    manifest
        .files
        .retain(|file| file.path != disclosure_path(&report.snapshot));
    report.snapshot.clone_from(&id);
    let bytes = json("disclosure.json", report)?;
    manifest
        .files
        .push(entry(&disclosure_path(&id), &bytes, None));
    manifest.files.sort_by(|a, b| a.path.cmp(&b.path));
    manifest.id = id;
    Ok(bytes)
}

/// Creates a file unless one is there; false when another one is, which is not touched. The same bytes are
/// those of an earlier run of ours that was interrupted.
async fn create(store: &LocalFileSystem, path: &str, bytes: &[u8]) -> Result<bool, PublishError> {
    let path = StorePath::from(path);
    let put = store.put_opts(&path, bytes.to_vec().into(), PutMode::Create.into());
    match put.await {
        Err(object_store::Error::AlreadyExists { .. }) => {
            Ok(store.get(&path).await?.bytes().await? == bytes)
        }
        result => Ok(result.map(|_| true)?),
    }
}

async fn read<T: serde::de::DeserializeOwned>(
    store: &LocalFileSystem,
    path: &str,
) -> Result<T, PublishError> {
    let bytes = store.get(&StorePath::from(path)).await?.bytes().await?;
    serde_json::from_slice(&bytes).map_err(|e| PublishError::Json(path.to_owned(), e))
}

async fn releases(store: &LocalFileSystem) -> Result<Vec<Release>, PublishError> {
    let mut releases = Vec::new();
    loop {
        let path = format!("releases/{}.json", releases.len() + 1);
        match read::<Release>(store, &path).await {
            Ok(release) => {
                check_format(&path, release.format)?;
                releases.push(release);
            }
            Err(PublishError::Store(object_store::Error::NotFound { .. })) => return Ok(releases),
            Err(error) => return Err(error),
        }
    }
}
