//! The whole run: check, and publish.

mod entry;
mod not_read;
mod refused;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use contract::{
    Period,
    dataset::{DatasetKind, DisclosurePolicy},
    disclosure_report::{DatasetProtection, DisclosureReport, LedgerFigures},
    snapshot::{self, SNAPSHOT_FORMAT},
};
use disclosure::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::{Deserialize, Serialize};

pub use not_read::{NotRead, not_read};
pub use refused::{Refused, is_file};

pub use crate::report::DatasetReport;
use crate::{
    aggregate, deidentify,
    ingest::IngestError,
    ledger::{Fact, Ledger, PlaceTree, Told},
    notes::Notes,
    places::Register,
    portal::{self, Instance},
    protect::{self, ProtectedDataset},
    pseudonym::{PseudonymKey, Secret},
    publish::{self, Published, Snapshot},
    records, report, tables,
    validate::{self, Surroundings, Valid},
    work::WorkFolder,
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
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// The portal instance.
    pub portal: PathBuf,
    /// The raw zone: a folder, or one file.
    pub raw: PathBuf,
    /// Where quarantine and work files go: never inside the published folder.
    pub work: PathBuf,
    /// The ledger of what is published, in the raw zone; none: a folder named like the published one, in `ledger`
    /// beside the work folder.
    pub ledger: Option<PathBuf>,
    /// Last month covered; none: as `raw-zone.toml` says.
    pub reference: Option<Period>,
    /// The file that says why something changed; none: `notes.toml` beside `portal.toml`, if it is there.
    pub notes: Option<PathBuf>,
    /// The file with the secret of pseudonyms; needed when a contract asks for them.
    pub secret: Option<PathBuf>,
}

impl Places {
    /// The ledger of what is published to a folder.
    pub fn ledger_of(&self, published: &Path) -> PathBuf {
        let beside = || {
            let name = published.file_name().unwrap_or(published.as_os_str());
            self.work.with_file_name("ledger").join(name)
        };
        self.ledger.clone().unwrap_or_else(beside)
    }
}

struct Inputs {
    instance: Instance,
    register: Register,
    raw: Vec<PathBuf>,
    zone: Zone,
    notes: Notes,
    work: WorkFolder,
}

/// What a raw zone holds: the entries of the folder, or the one file.
fn raw_entries(raw: &Path) -> Result<Vec<PathBuf>> {
    if raw.is_file() {
        return Ok(vec![raw.to_owned()]);
    }
    let entries = fs::read_dir(raw).with_context(|| {
        format!(
            "the raw zone {} cannot be read: name another with --raw, or make one with `mingshi demo`",
            raw.display()
        )
    })?;
    Ok(entries.flatten().map(|entry| entry.path()).collect())
}

async fn inputs(places: &Places) -> Result<Inputs> {
    let instance = portal::load(&places.portal)?;
    portal::check_sql(&instance).await?;
    let notes = Notes::of_portal(&places.portal, places.notes.as_deref())?;
    let mut raw = raw_entries(&places.raw)?;
    raw.retain(|path| path.is_file());
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
    let demonstration =
        instance.portal.demonstration || zone.as_ref().is_some_and(|z| z.demonstration);
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
    let work = WorkFolder::open(&places.work)?;
    Ok(Inputs {
        instance,
        register,
        raw,
        zone: Zone {
            demonstration,
            reference,
        },
        notes,
        work,
    })
}

impl Inputs {
    /// The secret for pseudonyms: the named one, or in demonstration zones the demonstration's.
    fn secret(&self, places: &Places, published: Option<&Path>) -> Result<Option<Secret>> {
        Ok(match &places.secret {
            Some(file) => Some(Secret::read(file, published)?),
            None if self.zone.demonstration => Some(Secret::demonstration()),
            None => None,
        })
    }

    fn asks_for_pseudonyms(&self) -> bool {
        let mut datasets = self.instance.datasets.iter();
        datasets.any(|d| deidentify::pseudonyms(&d.contract).next().is_some())
    }

    fn validate(
        &self,
        dataset: &portal::Dataset,
        bar: &ProgressBar,
    ) -> Result<(Valid, DatasetReport)> {
        let contract = &dataset.contract;
        let progress = |message: &str| {
            bar.set_message(format!("{}: {message}", contract.id));
            bar.tick();
        };
        let surroundings = Surroundings {
            work: &self.work,
            progress: &progress,
            places: &self.instance.portal.places,
        };
        let valid = validate::validate(
            contract,
            &self.register,
            &self.raw,
            self.zone.reference,
            surroundings,
        )?;
        let report = report::of(contract, &valid)?;
        Ok((valid, report))
    }
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

/// Validates the raw exports against the contracts, and searches what would be kept for personal data. Writes the
/// quarantine files, publishes nothing. What is wrong with a file or a dataset stands in its report, so that the
/// others are checked all the same: see [`DatasetReport::is_refused`].
///
/// # Errors
/// When the portal instance, the notes, the register of places or the work folder cannot be used.
pub async fn check(places: &Places) -> Result<Vec<DatasetReport>> {
    let inputs = inputs(places).await?;
    inputs.notes.check(&inputs.instance, None)?;
    let key = inputs
        .secret(places, None)?
        .map(|secret| secret.key("check"));
    let bar = bar(inputs.instance.datasets.len() as u64);
    let mut reports = Vec::new();
    for dataset in &inputs.instance.datasets {
        say(&bar, format!("checking {}", dataset.contract.id));
        let checked = inputs.validate(dataset, &bar);
        let report = match checked {
            Ok((valid, mut report)) => {
                let kept =
                    deidentify::deidentify(&dataset.contract, &valid, key.as_ref(), &inputs.work);
                if let Err(error) = kept.await {
                    report.refused.push(report::localised(&error.into()));
                }
                report
            }
            // No file at all, or a rule that is not sound: the other datasets may still be right.
            Err(error) => DatasetReport::refused(&dataset.contract, &error),
        };
        reports.push(report);
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(reports)
}

/// Where a path leads, also where it does not exist yet.
fn resolved(path: &Path) -> std::io::Result<PathBuf> {
    let path = std::path::absolute(path)?;
    for ancestor in path.ancestors() {
        if let (Ok(real), Ok(rest)) = (ancestor.canonicalize(), path.strip_prefix(ancestor)) {
            return Ok(real.join(rest));
        }
    }
    Ok(path)
}

/// Refuses folders that would put what is raw where everything is served.
fn keep_apart(places: &Places, to: &Path) -> Result<()> {
    let published = resolved(to)?;
    let ledger = places.ledger_of(to);
    for (name, private) in [
        ("--raw", &places.raw),
        ("--work", &places.work),
        ("--ledger", &ledger),
    ] {
        let private = resolved(private)?;
        if private.starts_with(&published) || published.starts_with(&private) {
            bail!(
                "{name} {} and --to {} lie in one another: what is published is served to everybody; name folders beside one another",
                private.display(),
                published.display()
            );
        }
    }
    Ok(())
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
    keep_apart(places, to)?;
    let inputs = inputs(places).await?;
    let secret = inputs.secret(places, Some(to))?;
    let releases = publish::releases_in(to).await?;
    let last = match releases.last() {
        Some(release) => Some(publish::manifest_of(to, release).await?),
        None => None,
    };
    inputs.notes.check(&inputs.instance, last.as_ref())?;
    let ledger = Ledger::open(&places.ledger_of(to), &releases)?;
    if places.ledger.is_none() && releases.is_empty() && ledger.snapshots() > 0 {
        bail!(
            "the ledger {} holds snapshots, and nothing is published in {}: if they were published there, name the ledger with --ledger, and the new snapshot is protected together with them; else name another one, or delete it",
            places.ledger_of(to).display(),
            to.display()
        );
    }
    let seal = secret.as_ref().zip(ledger.hash());
    let run = Run {
        inputs: &inputs,
        ledger: &ledger,
        seal: seal.map(|(secret, hash)| secret.seal(hash)),
        to,
    };
    let Some(secret) = secret.filter(|_| inputs.asks_for_pseudonyms()) else {
        return run.stages(dry_run, None).await;
    };
    // Pseudonyms depend on the snapshot's id, and the id on whether anything has changed: a first run under the
    // newest snapshot's key tells whether there is anything new, and under which id it would come.
    let newest = releases.last().map(|release| release.snapshot.clone());
    let id = newest.clone().unwrap_or_default();
    let first = run.stages(true, Some(&secret.key(&id))).await?;
    if newest.is_some_and(|newest| newest == first.2.id) {
        return Ok(first);
    }
    let key = secret.key(&first.2.id);
    run.stages(dry_run, Some(&key)).await
}

/// One run of the stages that follow the inputs.
struct Run<'a> {
    inputs: &'a Inputs,
    ledger: &'a Ledger,
    seal: Option<String>,
    to: &'a Path,
}

impl Run<'_> {
    async fn stages(
        &self,
        dry_run: bool,
        key: Option<&PseudonymKey>,
    ) -> Result<(Vec<DatasetReport>, DisclosureReport, Published)> {
        let Self {
            inputs, ledger, to, ..
        } = *self;
        let bar = bar(inputs.instance.datasets.len() as u64 * 5 + 1);
        let (mut reports, mut datasets) = (Vec::new(), Vec::new());
        let (mut protections, mut claims) = (Vec::new(), Vec::new());
        for (at, dataset) in inputs.instance.datasets.iter().enumerate() {
            let contract = &dataset.contract;
            let step = |what: &str| {
                say(&bar, format!("{what} {}", contract.id));
                bar.inc(1);
            };
            step("validating");
            let validated = inputs.validate(dataset, &bar);
            let (valid, report) = match validated {
                Ok((valid, report)) if !report.is_refused() => (valid, report),
                _ => return Err(self.refused(at, validated, &bar).into()),
            };
            step("de-identifying");
            let rows = deidentify::deidentify(contract, &valid, key, &inputs.work).await;
            let rows = match rows {
                Ok(rows) => rows,
                Err(error) => {
                    let mut report = report;
                    report.refused.push(report::localised(&error.into()));
                    return Err(self.refused(at, Ok((valid, report)), &bar).into());
                }
            };
            drop(valid);
            let register = &inputs.register;
            let protected = match contract.kind {
                DatasetKind::Table => {
                    let rows = tables::rows(contract, register, &rows).await?;
                    claims.extend(tables::claims(contract, register, &rows)?);
                    bar.inc(2);
                    step("protecting");
                    protect::protect_table(contract, rows)?
                }
                DatasetKind::Indicators => {
                    step("aggregating");
                    let reference = inputs.zone.reference;
                    let past = ledger.past(&contract.id);
                    let aggregated =
                        aggregate::aggregate(dataset, register, &rows, reference, &past).await?;
                    step("recoding records of");
                    let recoded = records::recode(contract, &rows, reference).await?;
                    step("protecting");
                    let watch = |at: Progress| {
                        bar.set_message(format!(
                            "protecting {}: {:?} {} of {}",
                            contract.id, at.stage, at.done, at.total
                        ));
                    };
                    protect::protect(contract, register, aggregated, recoded, &past, &watch)?
                }
            };
            protections.push(entry::protection(dataset, &protected));
            datasets.push((entry::entry(dataset, &report), protected));
            reports.push(report);
        }
        say(&bar, format!("publishing to {}", to.display()));
        let (disclosure, published) = self.commit(datasets, claims, protections, dry_run).await?;
        bar.finish_and_clear();
        Ok((reports, disclosure, published))
    }

    /// What is wrong with one dataset, and with those after it, so that a clerk hears of everything at once.
    fn refused(
        &self,
        from: usize,
        first: Result<(Valid, DatasetReport)>,
        bar: &ProgressBar,
    ) -> Refused {
        let datasets = &self.inputs.instance.datasets;
        let later = datasets.iter().skip(from + 1);
        let later = later.map(|dataset| (dataset, self.inputs.validate(dataset, bar)));
        let (mut reports, mut is_io) = (Vec::new(), true);
        for (dataset, validated) in std::iter::once((&datasets[from], first)).chain(later) {
            let report = match validated {
                Ok((valid, report)) => {
                    is_io &= valid.refused.iter().all(IngestError::is_io);
                    is_io &= valid.refused.len() == report.refused.len();
                    report
                }
                Err(error) => {
                    is_io &= is_file(&error);
                    DatasetReport::refused(&dataset.contract, &error)
                }
            };
            if report.is_refused() {
                reports.push(report);
            }
        }
        Refused { reports, is_io }
    }

    async fn commit(
        &self,
        datasets: Vec<(snapshot::Dataset, ProtectedDataset)>,
        claims: Vec<snapshot::Claim>,
        protections: Vec<DatasetProtection>,
        dry_run: bool,
    ) -> Result<(DisclosureReport, Published)> {
        let Self {
            inputs, ledger, to, ..
        } = *self;
        let disclosure = DisclosureReport {
            format: SNAPSHOT_FORMAT,
            snapshot: String::new(),
            ledger: Some(LedgerFigures {
                snapshots: ledger.snapshots() as u64,
                seal: self.seal.clone(),
            }),
            datasets: protections,
        };
        let facts = datasets.iter().flat_map(|(_, protected)| &protected.facts);
        let facts: Vec<Fact> = facts.cloned().collect();
        let of_people = inputs.instance.datasets.iter().filter(|dataset| {
            let policy = &dataset.contract.disclosure;
            matches!(policy, DisclosurePolicy::MinimumFrequency { .. })
        });
        let places = inputs.register.places();
        let told = Told {
            facts,
            places: PlaceTree(
                places
                    .map(|p| (p.code.clone(), (p.level, p.parent.clone())))
                    .collect(),
            ),
            populations: of_people
                .map(|dataset| {
                    let all = dataset.contract.populations.iter();
                    (dataset.contract.id.clone(), all.map(Into::into).collect())
                })
                .collect(),
        };
        let snapshot = Snapshot {
            portal: &inputs.instance.portal,
            reference: inputs.zone.reference,
            demonstration: inputs.zone.demonstration,
            places: inputs.register.places().cloned().collect(),
            datasets,
            claims,
            notes: &inputs.notes,
            report: disclosure.clone(),
        };
        let published = publish::publish(snapshot, to, dry_run, (ledger, &told)).await?;
        Ok((disclosure, published))
    }
}
