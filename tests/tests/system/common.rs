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

/// The reference portal without its search for fewer suppressions, which takes a minute each time: tests of what is
/// suppressed ask for the portal itself.
fn unsearched(folder: &Path) -> PathBuf {
    let (from, to) = (root().join("data-pipeline"), folder.join("portal"));
    let declared = files(&from.join("datasets")).into_iter();
    let declared = declared.map(|(path, bytes)| (Path::new("datasets").join(path), bytes));
    let portal = ["portal.toml", "notes.toml"].map(|name| {
        let bytes = fs::read(from.join(name)).expect("a file of the portal");
        (PathBuf::from(name), bytes)
    });
    for (path, bytes) in declared.chain(portal) {
        let text = String::from_utf8(bytes).expect("a text");
        let lines = text.lines().filter(|line| !line.starts_with("search = "));
        let lines: Vec<&str> = lines.collect();
        let path = to.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("room for the portal");
        fs::write(path, lines.join("\n") + "\n").expect("room for the portal");
    }
    to
}

pub(crate) fn places(folder: &Path) -> Places {
    Places {
        portal: unsearched(folder),
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
