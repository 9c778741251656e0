//! The whole run: check, and publish.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use contract::{
    Localised, Period,
    dataset::{Column, DisclosurePolicy},
    disclosure_report::{DatasetProtection, DisclosureReport},
    snapshot::{
        self, PublishedBreakdown, PublishedColumn, PublishedRecords, RowCounts, SNAPSHOT_FORMAT,
        TOTAL,
    },
};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::{Deserialize, Serialize};

use crate::{
    aggregate, deidentify,
    places::Register,
    portal::{self, Dataset, Instance},
    protect::{self, ProtectedDataset},
    publish::{self, Published, Snapshot},
    records,
    validate::{self, Valid},
};

/// Name of the file in a raw zone that says what it is.
pub const ZONE_FILE: &str = "raw-zone.toml";

/// `raw-zone.toml`: what a raw zone is.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// The data are invented.
    #[serde(default)]
    pub demonstration: bool,
    /// Last month covered (`2020-12`).
    pub reference: Period,
}

/// Where a run reads and works.
#[derive(Clone, Debug)]
pub struct Places {
    /// The portal instance.
    pub portal: PathBuf,
    /// The raw zone: a folder, or one file.
    pub raw: PathBuf,
    /// Where quarantine files go: never inside the published folder.
    pub work: PathBuf,
    /// Last month covered; none: as `raw-zone.toml` says.
    pub reference: Option<Period>,
}

/// One dataset's outcome, for people and machines. Holds no value of any row.
#[derive(Clone, Debug, Serialize)]
pub struct DatasetReport {
    /// The dataset.
    pub dataset: String,
    /// The files.
    pub files: Vec<FileReport>,
    /// Rejected rows by rule.
    pub rejected_by_rule: BTreeMap<String, u64>,
    /// The first rejected rows.
    pub examples: Vec<Example>,
    /// Where the rejected rows are kept.
    pub quarantine: Option<PathBuf>,
}

/// One file's reconciliation.
#[derive(Clone, Debug, Serialize)]
pub struct FileReport {
    /// The file.
    pub file: PathBuf,
    /// Detected encoding.
    pub encoding: String,
    /// Rows read, accepted, rejected.
    pub rows: RowCounts,
    /// Headers that the contract does not know.
    pub unknown_columns: Vec<String>,
}

/// One rejected row, its values masked.
#[derive(Clone, Debug, Serialize)]
pub struct Example {
    /// The file.
    pub file: PathBuf,
    /// The line.
    pub line: u64,
    /// The column, for rules about one column.
    pub column: String,
    /// The rule.
    pub rule: String,
    /// What is wrong and what to do.
    pub reason: String,
}

/// How many rejected rows a report shows.
const EXAMPLES: usize = 20;

struct Inputs {
    instance: Instance,
    register: Register,
    raw: Vec<PathBuf>,
    zone: Zone,
}

fn inputs(places: &Places) -> Result<Inputs> {
    let instance = portal::load(&places.portal)?;
    let raw: Vec<PathBuf> = if places.raw.is_file() {
        vec![places.raw.clone()]
    } else {
        let entries = fs::read_dir(&places.raw).with_context(|| {
            format!("the raw zone {} cannot be read: name another with --raw, or make one with `mingshi demo`", places.raw.display())
        })?;
        entries
            .flatten()
            .map(|e| e.path())
            .filter(|p| p.is_file())
            .collect()
    };
    let zone_file = places.raw.join(ZONE_FILE);
    let zone: Option<Zone> = if zone_file.is_file() {
        let text = fs::read_to_string(&zone_file)?;
        Some(
            toml::from_str(&text)
                .with_context(|| format!("{} is malformed", zone_file.display()))?,
        )
    } else {
        None
    };
    let demonstration = zone.as_ref().is_some_and(|z| z.demonstration);
    let Some(reference) = places
        .reference
        .or(zone.map(|z| z.reference))
        .or(instance.portal.reference)
    else {
        bail!(
            "say which month the data reach: --reference YYYY-MM, or `reference` in {}",
            zone_file.display()
        );
    };
    let register = Register::read(&raw, &instance.portal.places, reference.year())?;
    Ok(Inputs {
        instance,
        register,
        raw,
        zone: Zone {
            demonstration,
            reference,
        },
    })
}

fn bar(steps: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(steps), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}") {
        bar.set_style(style);
    }
    bar
}

fn say(bar: &ProgressBar, message: String) {
    if bar.is_hidden() {
        tracing::info!("{message}");
    }
    bar.set_message(message);
}

fn report(dataset: &Dataset, valid: &Valid, work: &Path) -> Result<DatasetReport> {
    let id = &dataset.contract.id;
    let mut quarantine = None;
    if !valid.rejected.is_empty() {
        let folder = work.join("quarantine");
        fs::create_dir_all(&folder)
            .with_context(|| format!("the quarantine folder {}", folder.display()))?;
        let path = folder.join(format!("{id}.csv"));
        let mut writer = csv::WriterBuilder::new().flexible(true).from_path(&path)?;
        writer.write_record(["file", "line", "rule", "column", "reason", "row…"])?;
        for row in &valid.rejected {
            let (file, line) = (row.file.display().to_string(), row.line.to_string());
            let head = [file.as_str(), &line, &row.rule, &row.column, &row.reason];
            writer.write_record(
                head.into_iter()
                    .chain(row.fields.iter().map(String::as_str)),
            )?;
        }
        writer.flush()?;
        quarantine = Some(path);
    }
    for file in &valid.files {
        if file.read != file.accepted + file.rejected {
            bail!(
                "{}: {} rows read, but {} accepted and {} rejected",
                file.file.display(),
                file.read,
                file.accepted,
                file.rejected
            );
        }
    }
    Ok(DatasetReport {
        dataset: id.clone(),
        files: valid
            .files
            .iter()
            .map(|f| FileReport {
                file: f.file.clone(),
                encoding: f.encoding.to_owned(),
                rows: RowCounts {
                    read: f.read,
                    accepted: f.accepted,
                    rejected: f.rejected,
                },
                unknown_columns: f.unknown_columns.clone(),
            })
            .collect(),
        rejected_by_rule: valid
            .rejected_by_rule()
            .into_iter()
            .map(|(rule, n)| (rule.to_owned(), n))
            .collect(),
        examples: valid
            .rejected
            .iter()
            .take(EXAMPLES)
            .map(|r| Example {
                file: r.file.clone(),
                line: r.line,
                column: r.column.clone(),
                rule: r.rule.clone(),
                reason: r.reason.clone(),
            })
            .collect(),
        quarantine,
    })
}

/// Validates the raw exports against the contracts. Writes the quarantine files, publishes nothing.
///
/// # Errors
/// When the portal instance or a file cannot be used; rejected rows are no error.
pub async fn check(places: &Places) -> Result<Vec<DatasetReport>> {
    let inputs = inputs(places)?;
    let bar = bar(inputs.instance.datasets.len() as u64);
    let mut reports = Vec::new();
    for dataset in &inputs.instance.datasets {
        say(&bar, format!("checking {}", dataset.contract.id));
        let valid = validate::validate(
            &dataset.contract,
            &inputs.register,
            &inputs.raw,
            inputs.zone.reference,
        )
        .await?;
        deidentify::deidentify(&dataset.contract, &valid).await?;
        reports.push(report(dataset, &valid, &places.work)?);
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(reports)
}

/// Runs every stage and publishes.
///
/// # Errors
/// When any stage refuses; the published folder then shows what it showed before.
pub async fn publish(
    places: &Places,
    to: &Path,
    dry_run: bool,
) -> Result<(Vec<DatasetReport>, DisclosureReport, Published)> {
    let inputs = inputs(places)?;
    let bar = bar(inputs.instance.datasets.len() as u64 * 5 + 1);
    let mut reports = Vec::new();
    let mut datasets = Vec::new();
    let mut protections = Vec::new();
    for dataset in &inputs.instance.datasets {
        let contract = &dataset.contract;
        let step = |what: &str| {
            say(&bar, format!("{what} {}", contract.id));
            bar.inc(1);
        };
        step("validating");
        let valid = validate::validate(
            contract,
            &inputs.register,
            &inputs.raw,
            inputs.zone.reference,
        )
        .await?;
        let report = report(dataset, &valid, &places.work)?;
        step("de-identifying");
        let rows = deidentify::deidentify(contract, &valid).await?;
        drop(valid);
        step("aggregating");
        let aggregated =
            aggregate::aggregate(dataset, &inputs.register, &rows, inputs.zone.reference).await?;
        step("recoding records of");
        let recoded = records::recode(contract, &rows).await?;
        step("protecting");
        let protected = protect::protect(contract, aggregated, recoded)?;
        protections.push(protection(dataset, &protected));
        datasets.push((entry(dataset, &report), protected));
        reports.push(report);
    }
    say(&bar, format!("publishing to {}", to.display()));
    let disclosure = DisclosureReport {
        format: SNAPSHOT_FORMAT,
        snapshot: String::new(),
        datasets: protections,
    };
    let snapshot = Snapshot {
        portal: &inputs.instance.portal,
        reference: inputs.zone.reference,
        demonstration: inputs.zone.demonstration,
        places: inputs.register.places().cloned().collect(),
        datasets,
        report: disclosure.clone(),
    };
    let published = publish::publish(snapshot, to, dry_run).await?;
    bar.finish_and_clear();
    Ok((reports, disclosure, published))
}

fn treatment(column: &Column) -> &'static str {
    if column.role.is_dropped() {
        "removed"
    } else {
        "aggregated"
    }
}

/// What the manifest says of a dataset before its files are laid out.
fn entry(dataset: &Dataset, report: &DatasetReport) -> snapshot::Dataset {
    let contract = &dataset.contract;
    let total = PublishedBreakdown {
        id: TOTAL.to_owned(),
        title: Localised::new("合计", "Total"),
        classes: Vec::new(),
        path: String::new(),
    };
    let broken = contract.breakdowns.iter().map(|b| PublishedBreakdown {
        id: b.id.clone(),
        title: b.title.clone(),
        classes: Vec::new(),
        path: String::new(),
    });
    let column =
        |name: &str, title: &Localised, meaning: &Localised, treatment: &str| PublishedColumn {
            name: name.to_owned(),
            title: title.clone(),
            meaning: meaning.clone(),
            treatment: treatment.to_owned(),
        };
    let sum = |f: fn(&RowCounts) -> u64| report.files.iter().map(|file| f(&file.rows)).sum();
    let records = contract.records.as_ref().map(|declared| {
        let keys = declared
            .keys
            .iter()
            .map(|k| column(&k.name, &k.title, &Localised::default(), "recoded"));
        let values = declared.values.iter().map(|name| {
            let derived = contract
                .derived
                .iter()
                .find(|d| &d.name == name)
                .map(|d| &d.title);
            let title = derived.or_else(|| {
                contract
                    .columns
                    .iter()
                    .find(|c| &c.name == name)
                    .map(|c| &c.title)
            });
            column(
                name,
                &title.cloned().unwrap_or_default(),
                &Localised::default(),
                "published",
            )
        });
        PublishedRecords {
            path: String::new(),
            columns: keys.chain(values).collect(),
            rows: 0,
            k: 0,
        }
    });
    snapshot::Dataset {
        id: contract.id.clone(),
        title: contract.title.clone(),
        summary: contract.summary.clone(),
        grain: contract.grain.clone(),
        rows: RowCounts {
            read: sum(|r| r.read),
            accepted: sum(|r| r.accepted),
            rejected: sum(|r| r.rejected),
        },
        indicators: dataset.indicators.clone(),
        breakdowns: std::iter::once(total).chain(broken).collect(),
        tables: Vec::new(),
        records,
        table: None,
        columns: contract
            .columns
            .iter()
            .map(|c| column(&c.name, &c.title, &c.meaning, treatment(c)))
            .collect(),
    }
}

fn protection(dataset: &Dataset, protected: &ProtectedDataset) -> DatasetProtection {
    let contract = &dataset.contract;
    let withheld = || {
        protected
            .tables
            .iter()
            .filter(|t| t.state.status == contract::Status::Suppressed)
    };
    let (rule, threshold) = match contract.disclosure {
        DisclosurePolicy::Public { .. } => ("public", None),
        DisclosurePolicy::MinimumFrequency { threshold, .. } => {
            ("minimum_frequency", Some(threshold))
        }
    };
    DatasetProtection {
        dataset: contract.id.clone(),
        rule: rule.to_owned(),
        threshold,
        tables: protected.tables.len() as u64,
        tables_withheld: withheld().count() as u64,
        cells: protected.tables.iter().map(|t| t.cells).sum(),
        cells_withheld: withheld().map(|t| t.cells).sum(),
        records_k: protected.records.as_ref().map(|r| r.k),
        columns_removed: contract
            .columns
            .iter()
            .filter(|c| c.role.is_dropped())
            .map(|c| c.name.clone())
            .collect(),
    }
}
