//! Demonstration raw exports: invented, calibrated to the figures that the city published, and as dirty as
//! a city's files are. The same seed gives the same bytes.
//!
//! People are invented: their ID numbers use region code 990000, which does not exist, and their telephone
//! numbers are all of the form 199 0000 xxxx. Communities that the article names get no cases, and of facilities and
//! money only what the article reports.
//!
//! Files are written row by row: memory does not grow with the scale.

mod calendar;
mod cases;
mod export;
mod facilities;
mod funding;
mod geography;
mod ledger;
mod people;
mod random;
mod space;
mod spoil;
#[cfg(test)]
mod tests;
mod whistle;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use chrono::NaiveDate;
use contract::{Granularity, Period};
pub use random::Random;

use export::{Export, Kind};

/// What to write.
#[derive(Clone, Debug)]
pub struct DemoOptions {
    /// The folder.
    pub out: PathBuf,
    /// The same seed gives the same bytes.
    pub seed: u64,
    /// How many cases, ledger lines and inspections, as a multiple of the reference city's. The places and
    /// facilities remain the same, and each facility is inspected at most 300 times a year.
    pub scale: f64,
    /// First year.
    pub first_year: i32,
    /// Last year.
    pub last_year: i32,
    /// Contradict the published figures.
    pub contradict: bool,
    /// Last month that the exports know of; none: the end of the last year.
    pub until: Option<Period>,
}

impl DemoOptions {
    /// The first day that the exports do not know.
    fn cut(&self) -> NaiveDate {
        let end = calendar::new_year(self.last_year + 1);
        let next = self.until.map(|month| month.last_month().shifted(1));
        let next = next.and_then(|next| NaiveDate::from_ymd_opt(next.year(), next.month(), 1));
        next.unwrap_or(end)
    }
}

/// What was written.
#[derive(Clone, Debug, Default)]
pub struct DemoSummary {
    /// The files with their rows, header and totals aside.
    pub files: Vec<(PathBuf, u64)>,
    /// The bad rows among them.
    pub planted: Vec<Planted>,
}

/// A bad row, planted to be found.
#[derive(Clone, Debug)]
pub struct Planted {
    /// The dataset.
    pub dataset: &'static str,
    /// The file.
    pub file: PathBuf,
    /// The line, or row of the sheet, on which it begins.
    pub line: u64,
    /// What is wrong, in words.
    pub kind: &'static str,
    /// The rule that catches it.
    pub rule: &'static str,
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
    /// A workbook cannot be written.
    #[error("{path}: {source}", path = path.display())]
    Workbook {
        /// The file.
        path: PathBuf,
        /// Why.
        source: rust_xlsxwriter::XlsxError,
    },
    /// The scale is not usable.
    #[error("scale {0} is not usable: write a number between 0.01 and 1000")]
    Scale(f64),
    /// The last month is none of the last year.
    #[error("--until {0} is not usable: write a month of the last year, such as {1}-06")]
    Until(Period, i32),
}

/// Writes the register of places, the whistle cases, the ledger of money and the register of service space.
/// `on_row` hears now and then how far the file at hand is.
///
/// # Errors
/// When the folder cannot be written or the scale makes no sense.
pub fn write(
    options: &DemoOptions,
    on_row: &mut dyn FnMut(&Path, u64),
) -> Result<DemoSummary, DemoError> {
    if !(0.01..=1000.0).contains(&options.scale) {
        return Err(DemoError::Scale(options.scale));
    }
    let month = |p: Period| p.granularity() == Granularity::Month && p.year() == options.last_year;
    if let Some(until) = options.until.filter(|until| !month(*until)) {
        return Err(DemoError::Until(until, options.last_year));
    }
    let unwritable = |path: &Path| {
        let path = path.to_owned();
        |source| DemoError::Unwritable { path, source }
    };
    fs::create_dir_all(&options.out).map_err(unwritable(&options.out))?;
    forget(&options.out).map_err(unwritable(&options.out))?;
    let mut summary = DemoSummary::default();
    let city = geography::city(options);
    let mut areas = Export::create(
        options.out.join("areas.csv"),
        Kind::Utf8,
        &geography::HEADER,
    )?;
    for community in &city {
        for row in geography::rows(options, community) {
            areas.write(&row)?;
        }
    }
    summary.files.extend(areas.finish()?);
    whistle::write(options, &city, &mut summary, on_row)?;
    funding::write(options, &city, &mut summary, on_row)?;
    space::write(options, &city, &mut summary, on_row)?;
    let reported = options.out.join("reported.csv");
    fs::write(&reported, REPORTED).map_err(unwritable(&reported))?;
    let figures = REPORTED.trim_end().lines().skip(1).count() as u64;
    summary.files.push((reported, figures));
    let zone = options.out.join(ZONE_FILE);
    let end = Period::containing(options.last_year, 12, Granularity::Month);
    let text = format!(
        "{WRITTEN} with seed {}.\ndemonstration = true\nreference = \"{}\"\n",
        options.seed,
        options.until.unwrap_or(end)
    );
    fs::write(&zone, text).map_err(unwritable(&zone))?;
    Ok(summary)
}

/// Deletes what an earlier demonstration wrote into the folder: files of other years would stand beside the new ones.
fn forget(folder: &Path) -> io::Result<()> {
    let zone = fs::read_to_string(folder.join(ZONE_FILE)).unwrap_or_default();
    if !zone.starts_with(WRITTEN) {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let stem = name.split(['-', '.']).next().unwrap_or_default();
        let is_ours = ["areas", "whistle", "funding", "space", "reported"].contains(&stem);
        if is_ours && path.is_file() {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

/// How the file begins that marks a raw zone as a demonstration.
const WRITTEN: &str = "# Invented data, written by `mingshi demo`";

/// The figures that the press reported: facts with their source, not data of a city.
const REPORTED: &str = include_str!("../../datasets/reported/figures.csv");

/// The file that marks a raw zone as a demonstration.
const ZONE_FILE: &str = "raw-zone.toml";
