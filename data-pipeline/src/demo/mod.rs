//! Demonstration raw exports: invented, calibrated to the figures that the city published, and as dirty as
//! a city's files are. The same seed gives the same bytes.
//!
//! People are invented: their ID numbers use region code 990000, which does not exist, and their telephone
//! numbers are all of the form 199 0000 xxxx. Communities that the article names get no cases: what is
//! published of them is the article's figures alone.

mod funding;
mod geography;
mod people;
mod random;
mod spoil;
#[cfg(test)]
mod tests;
mod whistle;

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use encoding_rs::GB18030;
pub use random::Random;

/// What to write.
#[derive(Clone, Debug)]
pub struct DemoOptions {
    /// The folder.
    pub out: PathBuf,
    /// The same seed gives the same bytes.
    pub seed: u64,
    /// How many cases, as a multiple of the reference city's.
    pub scale: f64,
    /// First year.
    pub first_year: i32,
    /// Last year.
    pub last_year: i32,
    /// Contradict the published figures.
    pub contradict: bool,
}

/// What was written.
#[derive(Clone, Debug, Default)]
pub struct DemoSummary {
    /// The files, with their rows.
    pub files: Vec<(PathBuf, u64)>,
    /// Planted bad rows, by kind.
    pub dirt: BTreeMap<&'static str, u64>,
    /// Every raw identifier, for tests that search published files for them.
    pub identifiers: Vec<String>,
}

/// Why the exports cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DemoError {
    /// A file cannot be written.
    #[error("{path}: {source}", path = path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A row cannot be laid out.
    #[error("a row cannot be written as CSV: {0}")]
    Csv(#[from] csv::Error),
    /// The scale is not usable.
    #[error("scale {0} is not usable: write a number between 0.01 and 1000")]
    Scale(f64),
}

#[derive(Clone, Copy)]
enum Encoding {
    Utf8,
    Utf8Bom,
    Gb18030,
}

/// Writes the register of places and the whistle cases.
///
/// # Errors
/// When the folder cannot be written or the scale makes no sense.
pub fn write(options: &DemoOptions) -> Result<DemoSummary, DemoError> {
    let mut summary = DemoSummary::default();
    let city = prepare(options)?;
    save(
        &options.out.join("areas.csv"),
        &geography::rows(&city, options.seed),
        Encoding::Utf8,
        &mut summary,
    )?;
    for year in options.first_year..=options.last_year {
        let encoding = match options.last_year - year {
            0 => Encoding::Gb18030,
            1 => Encoding::Utf8,
            _ => Encoding::Utf8Bom,
        };
        let rows = whistle::rows(options, &city, year, &mut summary);
        save(
            &options.out.join(format!("whistle-{year}.csv")),
            &rows,
            encoding,
            &mut summary,
        )?;
    }
    Ok(summary)
}

/// Writes the ledger lines, for portals that list the funding dataset.
///
/// # Errors
/// As [`write()`].
pub fn write_funding(options: &DemoOptions) -> Result<DemoSummary, DemoError> {
    let mut summary = DemoSummary::default();
    let city = prepare(options)?;
    for year in options.first_year..=options.last_year {
        let rows = funding::rows(options, &city, year, &mut summary);
        let encoding = if year == options.last_year {
            Encoding::Utf8Bom
        } else {
            Encoding::Gb18030
        };
        save(
            &options.out.join(format!("funding-{year}.csv")),
            &rows,
            encoding,
            &mut summary,
        )?;
    }
    Ok(summary)
}

fn prepare(options: &DemoOptions) -> Result<Vec<geography::Community>, DemoError> {
    if !(0.01..=1000.0).contains(&options.scale) {
        return Err(DemoError::Scale(options.scale));
    }
    fs::create_dir_all(&options.out).map_err(|source| DemoError::Unwritable {
        path: options.out.clone(),
        source,
    })?;
    Ok(geography::city())
}

fn save(
    path: &Path,
    rows: &[Vec<String>],
    encoding: Encoding,
    summary: &mut DemoSummary,
) -> Result<(), DemoError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row)?;
    }
    let unwritable = |source| DemoError::Unwritable {
        path: path.into(),
        source,
    };
    let text = writer
        .into_inner()
        .map_err(|error| unwritable(error.into_error()))?;
    let bytes = match encoding {
        Encoding::Utf8 => text,
        Encoding::Utf8Bom => [b"\xEF\xBB\xBF".as_slice(), &text].concat(),
        Encoding::Gb18030 => GB18030
            .encode(&String::from_utf8_lossy(&text))
            .0
            .into_owned(),
    };
    fs::write(path, bytes).map_err(unwritable)?;
    summary
        .files
        .push((path.to_owned(), rows.len().saturating_sub(1) as u64));
    Ok(())
}
