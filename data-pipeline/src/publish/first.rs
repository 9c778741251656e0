//! The static first views: what the portal's pages show before their programs run, derived from the newest snapshot
//! like the catalogue, and rebuildable. The same code draws them that draws in the browser.

use std::{collections::BTreeMap, path::Path};

use contract::{
    Place,
    snapshot::{Catalogue, Manifest},
    text::Language,
};
use object_store::{ObjectStoreExt, local::LocalFileSystem, path::Path as StorePath};
use query::{Query, Table};
use views::{
    first::{self, FirstView},
    headline, rows,
    snapshot::Snapshot,
    twin::Twin,
};

use super::{
    PublishError,
    files::{Files, sync},
};

/// Where the first views stand in the folder: `home.html`, `data/<dataset>.html` and the same as a picture,
/// `data/<dataset>.svg`, for each language.
const FOLDER: &str = "first";

/// Writes the first views of the newest snapshot.
pub(super) async fn write(
    store: &LocalFileSystem,
    folder: &Path,
    catalogue: &Catalogue,
    manifest: &Manifest,
    files: &Files,
) -> Result<(), PublishError> {
    let views = views(catalogue, manifest, &files.contents)?;
    for (path, text) in &views {
        let path = StorePath::from(path.as_str());
        store.put(&path, text.clone().into_bytes().into()).await?;
    }
    Ok(sync(folder, views.iter().map(|(path, _)| path.as_str()))?)
}

/// Path and text of every first view of the newest snapshot, from the bytes of its files.
fn views(
    catalogue: &Catalogue,
    manifest: &Manifest,
    contents: &BTreeMap<String, Vec<u8>>,
) -> Result<Vec<(String, String)>, PublishError> {
    let snapshot = open(catalogue, manifest, contents)?;
    let mut answers = Vec::new();
    for (dataset, path, query) in headline::questions(&snapshot) {
        let rows = rows::rows(&table(contents, path, &query)?);
        answers.push((dataset.id.as_str(), rows));
    }
    let headlines = headline::headlines(&snapshot, &answers);
    let mut views = Vec::new();
    for language in Language::ALL {
        let folder = format!("{FOLDER}/{}", language.tag());
        let home = first::home(&snapshot, &headlines, language);
        views.push((format!("{folder}/home.html"), home));
    }
    for dataset in &manifest.datasets {
        let Some(first) = FirstView::new(dataset) else {
            continue;
        };
        let (path, query) = first.question();
        let rows = rows::rows(&table(contents, path, &query)?);
        for language in Language::ALL {
            let path = format!("{FOLDER}/{}/data/{}.html", language.tag(), dataset.id);
            let picture = format!("{FOLDER}/{}/data/{}.svg", language.tag(), dataset.id);
            views.push((path, first.html(&snapshot, &rows, language)));
            views.push((picture, first.picture(&snapshot, &rows, language)));
        }
    }
    views
        .into_iter()
        .map(|(path, drawn)| match drawn {
            Ok(text) => Ok((path, text)),
            Err(error) => Err(failed(&path, error.to_string())),
        })
        .collect()
}

/// The snapshot as a reader has it open.
fn open(
    catalogue: &Catalogue,
    manifest: &Manifest,
    contents: &BTreeMap<String, Vec<u8>>,
) -> Result<Snapshot, PublishError> {
    let places: Vec<Place> = parse(contents, &manifest.places)?;
    Ok(Snapshot {
        root: String::new(),
        newest: manifest.id.clone(),
        releases: catalogue.releases.clone(),
        places: places
            .into_iter()
            .map(|place| (place.code.clone(), place))
            .collect(),
        manifest: manifest.clone(),
    })
}

/// The rows of a table, from its JSON twin.
fn table(
    contents: &BTreeMap<String, Vec<u8>>,
    path: &str,
    query: &Query,
) -> Result<Table, PublishError> {
    let stem = path.strip_suffix(".parquet").unwrap_or(path);
    let path = format!("{stem}.json");
    let twin: Twin = parse(contents, &path)?;
    twin.table(query).map_err(|details| failed(&path, details))
}

fn parse<T: serde::de::DeserializeOwned>(
    contents: &BTreeMap<String, Vec<u8>>,
    path: &str,
) -> Result<T, PublishError> {
    let bytes = contents
        .get(path)
        .ok_or_else(|| failed(path, "the snapshot has no such file".to_owned()))?;
    serde_json::from_slice(bytes).map_err(|error| PublishError::Json(path.to_owned(), error))
}

fn failed(path: &str, details: String) -> PublishError {
    PublishError::FirstView {
        path: path.to_owned(),
        details,
    }
}
