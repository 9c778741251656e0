//! The demonstration exports, read as a person would read them.

mod calibration;
mod reader;
mod shape;

use std::{fs, path::PathBuf};

use super::{DemoError, DemoOptions, DemoSummary, write};

/// A written raw zone.
struct Zone {
    folder: tempfile::TempDir,
    summary: DemoSummary,
}

impl Zone {
    fn new(seed: u64, scale: f64, contradict: bool) -> Self {
        Self::of_years(seed, scale, contradict, 2018)
    }

    /// From a first year to 2020.
    fn of_years(seed: u64, scale: f64, contradict: bool, first_year: i32) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let options = DemoOptions {
            first_year,
            ..options(&folder, seed, scale, contradict)
        };
        let summary = write(&options, &mut |_, _| {}).expect("written");
        Self { folder, summary }
    }

    /// Name and bytes of every file, sorted.
    fn bytes(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files: Vec<_> = fs::read_dir(self.folder.path())
            .expect("a folder")
            .flatten()
            .map(|entry| {
                let bytes = fs::read(entry.path()).expect("a file");
                (PathBuf::from(entry.file_name()), bytes)
            })
            .collect();
        files.sort();
        files
    }
}

fn options(folder: &tempfile::TempDir, seed: u64, scale: f64, contradict: bool) -> DemoOptions {
    DemoOptions {
        out: folder.path().to_owned(),
        seed,
        scale,
        first_year: 2018,
        last_year: 2020,
        contradict,
        until: None,
    }
}

#[test]
fn a_scale_that_makes_no_sense_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    for scale in [0.0, -1.0, 5000.0, f64::NAN] {
        let refused = write(&options(&folder, 1, scale, false), &mut |_, _| {});
        assert!(matches!(refused, Err(DemoError::Scale(_))), "{scale}");
    }
}
