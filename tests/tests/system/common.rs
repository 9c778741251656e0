//! Running the pipeline on demonstration data.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Result;
use contract::{disclosure_report::DisclosureReport, snapshot::Manifest};
use data_pipeline::{
    demo::{self, DemoOptions, DemoSummary},
    publish::Published,
    run::{self, DatasetReport, Places},
};

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the checkout")
        .to_owned()
}

/// Writes demonstration exports into `folder/raw`.
pub(crate) fn demonstration(folder: &Path, contradict: bool) -> Result<DemoSummary> {
    let out = folder.join("raw");
    let options = DemoOptions {
        out: out.clone(),
        seed: 2020,
        scale: 1.0,
        first_year: 2018,
        last_year: 2020,
        contradict,
        until: None,
    };
    Ok(demo::write(&options, &mut |_, _| {})?)
}

pub(crate) fn places(folder: &Path) -> Places {
    Places {
        portal: root().join("data-pipeline"),
        raw: folder.join("raw"),
        work: folder.join("work"),
        ..Places::default()
    }
}

/// Publishes `folder/raw` to `folder/<to>`.
pub(crate) async fn publish(
    folder: &Path,
    to: &str,
) -> Result<(Vec<DatasetReport>, DisclosureReport, Published)> {
    run::publish(&places(folder), &folder.join(to), false).await
}

pub(crate) fn manifest(published: &Path, id: &str) -> Result<Manifest> {
    Ok(serde_json::from_slice(&fs::read(
        published.join("snapshots").join(id).join("manifest.json"),
    )?)?)
}

/// Every file below a folder: its relative path and bytes, sorted.
pub(crate) fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let bytes = fs::read(&path).expect("a file");
                found.push((path.strip_prefix(folder).expect("below").to_owned(), bytes));
            }
        }
    }
    found.sort();
    found
}
