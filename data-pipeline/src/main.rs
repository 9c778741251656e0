//! The `mingshi` program.

#![allow(clippy::print_stdout)] // the command line is where data goes to stdout

use std::{io::IsTerminal, path::PathBuf, process::ExitCode};

use anyhow::Result;
use clap::{Args, Parser, Subcommand};
use contract::{Period, Wording};
use data_pipeline::{
    demo,
    ingest::IngestError,
    notes::NotesError,
    publish::PublishError,
    report,
    run::{self, Places},
    summary,
    values::printable,
};
use indicatif::ProgressBar;

/// Publishes a city's raw exports as protected, immutable Parquet snapshots.
///
/// Exit codes: 0 done; 1 refused (validation or privacy); 2 usage, or a file that cannot be read or written;
/// 3 another publisher was faster. Rejected rows alone are no refusal. Data go to stdout, messages to stderr.
#[derive(Parser)]
#[command(version, name = "mingshi")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Validate raw exports against the contracts; publish nothing.
    Check {
        #[command(flatten)]
        inputs: Inputs,
        /// Print the report as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Run every stage and publish a snapshot.
    Publish {
        #[command(flatten)]
        inputs: Inputs,
        /// The published folder.
        #[arg(long, default_value = "published")]
        to: PathBuf,
        /// The ledger of everything published there, so that snapshots are protected together: keep it, never serve
        /// it. A folder of the published folder's name in `ledger` beside the work folder when absent.
        #[arg(long)]
        ledger: Option<PathBuf>,
        /// Do everything except writing.
        #[arg(long)]
        dry_run: bool,
        /// Print the summary as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Write the JSON Schemas of portal.toml, contract.toml, indicator files and notes.toml, for editors and checks.
    Schema {
        /// The folder to write to.
        #[arg(long, default_value = "docs/schema")]
        out: PathBuf,
    },
    /// Write demonstration raw exports: invented, and calibrated to the published figures.
    Demo {
        /// The folder to write to.
        #[arg(long, default_value = "raw")]
        out: PathBuf,
        /// The same seed gives the same bytes.
        #[arg(long, default_value_t = 2020)]
        seed: u64,
        /// How much data, as a multiple of the reference city's.
        #[arg(long, default_value_t = 1.0)]
        scale: f64,
        /// First and last year.
        #[arg(long, default_value = "2018..2020", value_parser = years)]
        years: (i32, i32),
        /// Contradict the published figures.
        #[arg(long)]
        contradict: bool,
        /// Last month that the exports know of, as 2020-06: what a city hands over at the end of that month.
        #[arg(long)]
        until: Option<Period>,
    },
}

impl Command {
    /// The language in which it answers.
    fn language(&self) -> Wording {
        match self {
            Self::Check { inputs, .. } | Self::Publish { inputs, .. } => inputs.language(),
            Self::Schema { .. } | Self::Demo { .. } => environment_language(),
        }
    }
}

#[derive(Args)]
struct Inputs {
    /// The portal instance: a folder with portal.toml and datasets/.
    #[arg(long, default_value = "data-pipeline")]
    portal: PathBuf,
    /// The raw zone: a folder, or one file.
    #[arg(long, default_value = "raw")]
    raw: PathBuf,
    /// Where quarantine files go, and work files while the program runs: never inside the published folder.
    #[arg(long, default_value = ".mingshi/work")]
    work: PathBuf,
    /// Last month that the data cover, as 2020-12; the raw zone's own word when absent.
    #[arg(long)]
    reference: Option<Period>,
    /// Language of reports, zh or en; that of the environment when absent.
    #[arg(long, value_parser = language)]
    language: Option<Wording>,
    /// File that says why something changed, for readers; notes.toml in the portal instance when absent.
    #[arg(long)]
    notes: Option<PathBuf>,
    /// File with the secret of pseudonyms (at least 32 bytes), where a contract asks for them.
    #[arg(long, env = "MINGSHI_SECRET_FILE")]
    secret: Option<PathBuf>,
}

impl Inputs {
    fn language(&self) -> Wording {
        self.language.unwrap_or_else(environment_language)
    }

    fn split(self) -> (Places, Wording) {
        let language = self.language();
        let places = Places {
            portal: self.portal,
            raw: self.raw,
            work: self.work,
            ledger: None,
            reference: self.reference,
            notes: self.notes,
            secret: self.secret,
        };
        (places, language)
    }
}

fn language(text: &str) -> Result<Wording, String> {
    match text {
        "zh" | "zh-CN" => Ok(Wording::Zh),
        "en" => Ok(Wording::En),
        _ => Err("write zh or en".to_owned()),
    }
}

/// English where the environment says so, Chinese otherwise.
fn environment_language() -> Wording {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    match set {
        Some(value) if value.starts_with("en") => Wording::En,
        _ => Wording::Zh,
    }
}

fn years(text: &str) -> Result<(i32, i32), String> {
    let parsed = text
        .split_once("..")
        .and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    parsed
        .filter(|(from, to)| from <= to && (2003..=2100).contains(from) && *to <= 2100)
        .ok_or_else(|| "write two years from 2003 on, as 2018..2020".to_owned())
}

#[tokio::main]
async fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,data_pipeline=info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .without_time()
        .with_ansi(std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none())
        .init();
    let cli = Cli::parse();
    let language = cli.command.language();
    match command(cli.command).await {
        Ok(code) => code,
        Err(error) => {
            tracing::error!("{}", told(&error, language));
            exit_code(&error)
        }
    }
}

/// An error and its causes, each told once, without what steers a terminal. What is wrong with a file is told in the
/// clerk's language.
fn told(error: &anyhow::Error, language: Wording) -> String {
    let mut told: Vec<String> = Vec::new();
    for cause in error.chain() {
        let localised = match (cause.downcast_ref(), cause.downcast_ref()) {
            (Some(error), _) => Some(IngestError::localised(error)),
            (_, Some(error)) => Some(NotesError::localised(error)),
            (None, None) => None,
        };
        let cause = match localised {
            Some(told) => told.wording(language).to_owned(),
            None => cause.to_string(),
        };
        if !told.iter().any(|before| before.contains(&cause)) {
            told.push(cause);
        }
    }
    let told = told.join(": ");
    let lines: Vec<String> = told.lines().map(printable).collect();
    lines.join("\n")
}

fn exit_code(error: &anyhow::Error) -> ExitCode {
    match error.downcast_ref() {
        Some(PublishError::LostRace(_)) => ExitCode::from(3),
        _ if run::is_file(error) => ExitCode::from(2),
        _ => ExitCode::from(1),
    }
}

/// Says why nothing was published.
fn refuse(refused: &run::Refused, language: Wording, json: bool) -> Result<ExitCode> {
    if json {
        let report = serde_json::json!({"refused": refused.reports});
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        tracing::error!("{}", summary::refused(refused, language).trim_end());
    }
    Ok(ExitCode::from(if refused.is_io { 2 } else { 1 }))
}

async fn command(command: Command) -> Result<ExitCode> {
    match command {
        Command::Check { inputs, json } => {
            let (places, language) = inputs.split();
            let not_read = run::not_read(&places)?;
            let reports = run::check(&places).await?;
            if json {
                let report = serde_json::json!({"datasets": reports, "not_read": not_read});
                println!("{}", serde_json::to_string_pretty(&report)?);
            } else {
                for report in &reports {
                    print!("{}", report::text(report, language));
                }
                print!("{}", report::not_read(&not_read, language));
            }
            let refused = reports.iter().any(run::DatasetReport::is_refused);
            Ok(ExitCode::from(u8::from(refused)))
        }
        Command::Publish {
            inputs,
            to,
            ledger,
            dry_run,
            json,
        } => {
            let (mut places, language) = inputs.split();
            places.ledger = ledger;
            let not_read = run::not_read(&places)?;
            if !not_read.is_empty() {
                tracing::warn!("{}", report::not_read(&not_read, language).trim_end());
            }
            let published = run::publish(&places, &to, dry_run).await;
            let (reports, disclosure, published) = match published {
                Ok(published) => published,
                Err(error) => {
                    let Some(refused) = error.downcast_ref::<run::Refused>() else {
                        return Err(error);
                    };
                    return refuse(refused, language, json);
                }
            };
            if json {
                let summary = serde_json::json!({
                    "datasets": reports,
                    "not_read": not_read,
                    "disclosure": disclosure,
                    "snapshot": published.id,
                    "committed": published.committed,
                    "files": published.files,
                    "bytes": published.bytes,
                    "rows": published.rows,
                    "rows_by_dataset": published.rows_by_dataset,
                    "notes": published.notes,
                    "notes_of_the_first": published.notes_of_the_first,
                    "notes_wait_for": published.notes_wait_for,
                });
                println!("{}", serde_json::to_string_pretty(&summary)?);
                return Ok(ExitCode::SUCCESS);
            }
            let datasets = &disclosure.datasets;
            let text = summary::published(&reports, datasets, &published, &to, dry_run, language);
            print!("{text}");
            Ok(ExitCode::SUCCESS)
        }
        Command::Schema { out } => {
            std::fs::create_dir_all(&out)?;
            for (name, text) in data_pipeline::schema::all() {
                let path = out.join(name);
                std::fs::write(&path, text)?;
                println!("{}", path.display());
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Demo {
            out,
            seed,
            scale,
            years,
            contradict,
            until,
        } => {
            let options = demo::DemoOptions {
                out: out.clone(),
                seed,
                scale,
                first_year: years.0,
                last_year: years.1,
                contradict,
                until,
            };
            let bar = ProgressBar::new_spinner();
            let summary = demo::write(&options, &mut |file, rows| {
                let name = file.file_name().unwrap_or_default().to_string_lossy();
                bar.set_message(format!("{name}: {rows} rows"));
                bar.tick();
            })?;
            bar.finish_and_clear();
            println!(
                "demonstration raw exports written to {}: {} files",
                out.display(),
                summary.files.len()
            );
            Ok(ExitCode::SUCCESS)
        }
    }
}
