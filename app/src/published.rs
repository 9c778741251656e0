//! Opening the published folder: catalogue, then a manifest checked against it, then the register of places.

use std::collections::BTreeMap;

use crate::{
    fetch::{self, Freshness},
    json,
    protocol::Failure,
    shapes::Shape,
};
use contract::{
    Place,
    disclosure_report::DisclosureReport,
    snapshot::{Catalogue, Manifest, Release, UnknownFormat, check_format},
};
pub use views::snapshot::Snapshot;

/// Opens the newest snapshot, or the pinned one.
pub async fn open(root: String, pinned: Option<String>) -> Result<Snapshot, Failure> {
    let bytes = fetch::file(&format!("{root}catalogue.json"), Freshness::Newest).await?;
    let catalogue: Catalogue = versioned("catalogue.json", &bytes)?;
    let newest = catalogue.releases.last().ok_or(Failure::Empty)?;
    let release = match &pinned {
        None => newest,
        Some(id) => catalogue
            .releases
            .iter()
            .rfind(|release| release.snapshot == *id)
            .ok_or_else(|| Failure::NoSnapshot {
                what: id.chars().take(40).collect(),
            })?,
    };
    let manifest = manifest(&root, release).await?;
    let bytes = fetch::file(&format!("{root}{}", manifest.places), Freshness::Immutable).await?;
    let name = fetch::name(&manifest.places);
    let hash = manifest
        .file(&manifest.places)
        .map(|file| file.sha256.as_str());
    check_hash(&name, &bytes, hash.unwrap_or_default())?;
    let places: Vec<Place> = parse(&name, &bytes)?;
    Ok(Snapshot {
        root,
        newest: newest.snapshot.clone(),
        releases: catalogue.releases.clone(),
        places: by_code(places),
        manifest,
    })
}

/// Collecting would sort them first, by code of its own.
fn by_code(places: Vec<Place>) -> BTreeMap<String, Place> {
    let mut register = BTreeMap::new();
    for place in places {
        register.insert(place.code.clone(), place);
    }
    register
}

/// The manifest of a release, checked.
pub async fn manifest(root: &str, release: &Release) -> Result<Manifest, Failure> {
    let path = format!("snapshots/{}/manifest.json", release.snapshot);
    let bytes = fetch::file(&format!("{root}{path}"), Freshness::Immutable).await?;
    check_hash("manifest.json", &bytes, &release.manifest_sha256)?;
    versioned("manifest.json", &bytes)
}

/// How a snapshot is protected; checked where the manifest lists the report.
pub async fn disclosure(snapshot: &Snapshot) -> Result<DisclosureReport, Failure> {
    let path = format!("snapshots/{}/disclosure.json", snapshot.manifest.id);
    let url = format!("{}{path}", snapshot.root);
    let bytes = fetch::file(&url, Freshness::Newest).await?;
    if let Some(file) = snapshot.manifest.file(&path) {
        check_hash("disclosure.json", &bytes, &file.sha256)?;
    }
    versioned("disclosure.json", &bytes)
}

/// Refuses bytes that are not the published ones.
pub fn check_hash(what: &str, bytes: &[u8], sha256: &str) -> Result<(), Failure> {
    if query::sha256_hex(bytes) == sha256 {
        Ok(())
    } else {
        let details = format!("SHA-256 is not {sha256}");
        Err(Failure::Damaged {
            what: what.to_owned(),
            details,
        })
    }
}

/// A JSON file of a known format. The version is looked at first: a newer format need not have the fields of this one.
pub fn versioned<T: Shape>(what: &str, bytes: &[u8]) -> Result<T, Failure> {
    let unreadable = |error: serde_json::Error| unreadable(what, &error);
    let (format, value) = json::versioned(bytes).map_err(unreadable)?;
    check_format(what, format)
        .map_err(|UnknownFormat { what, found }| Failure::Format { what, found })?;
    value.read().map_err(unreadable)
}

fn unreadable(what: &str, error: &serde_json::Error) -> Failure {
    Failure::Unreadable {
        what: what.to_owned(),
        details: error.to_string(),
    }
}

fn parse<T: Shape>(what: &str, bytes: &[u8]) -> Result<T, Failure> {
    json::shape(bytes).map_err(|error| unreadable(what, &error))
}
