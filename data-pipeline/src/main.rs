//! The `mingshi` program.

#![allow(clippy::print_stdout)] // the command line is where data goes to stdout

use std::{io::IsTerminal, path::PathBuf, process::ExitCode};

use anyhow::Result;
use clap::{Args, Parser, Subcommand};
use contract::Period;
use data_pipeline::{
    demo,
    run::{self, DatasetReport, Places, ZONE_FILE, Zone},
};

/// Publishes a city's raw exports as protected, immutable Parquet snapshots.
///
/// Exit codes: 0 done; 1 refused (validation or privacy) or failed; 2 usage; 3 another publisher was faster.
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
        /// Do everything except writing.
        #[arg(long)]
        dry_run: bool,
        /// Print the summary as JSON.
        #[arg(long)]
        json: bool,
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
    },
}

#[derive(Args)]
struct Inputs {
    /// The portal instance: a folder with portal.toml and datasets/.
    #[arg(long, default_value = "data-pipeline")]
    portal: PathBuf,
    /// The raw zone: a folder, or one file.
    #[arg(long, default_value = "raw")]
    raw: PathBuf,
    /// Where quarantine files go.
    #[arg(long, default_value = ".mingshi/work")]
    work: PathBuf,
    /// Last month that the data cover, as 2020-12; the raw zone's own word when absent.
    #[arg(long)]
    reference: Option<Period>,
}

impl Inputs {
    fn places(self) -> Places {
        Places {
            portal: self.portal,
            raw: self.raw,
            work: self.work,
            reference: self.reference,
        }
    }
}

fn years(text: &str) -> Result<(i32, i32), String> {
    let parsed = text
        .split_once("..")
        .and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    parsed
        .filter(|(from, to)| from <= to && (1990..=2100).contains(from))
        .ok_or_else(|| "write two years, as 2018..2020".to_owned())
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
    match command(Cli::parse().command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            let lost = matches!(
                error.downcast_ref(),
                Some(data_pipeline::publish::PublishError::LostRace(_))
            );
            ExitCode::from(if lost { 3 } else { 1 })
        }
    }
}

async fn command(command: Command) -> Result<()> {
    match command {
        Command::Check { inputs, json } => {
            let reports = run::check(&inputs.places()).await?;
            if json {
                println!("{}", serde_json::to_string_pretty(&reports)?);
            } else {
                reports.iter().for_each(show);
            }
            Ok(())
        }
        Command::Publish {
            inputs,
            to,
            dry_run,
            json,
        } => {
            let (reports, disclosure, published) =
                run::publish(&inputs.places(), &to, dry_run).await?;
            if json {
                let summary = serde_json::json!({
                    "datasets": reports,
                    "disclosure": disclosure,
                    "snapshot": published.id,
                    "committed": published.committed,
                    "files": published.files,
                    "bytes": published.bytes,
                    "rows": published.rows,
                });
                println!("{}", serde_json::to_string_pretty(&summary)?);
                return Ok(());
            }
            reports.iter().for_each(show);
            for dataset in &disclosure.datasets {
                println!(
                    "{}: {} of {} tables published ({} of {} cells), record-level k = {}",
                    dataset.dataset,
                    dataset.tables - dataset.tables_withheld,
                    dataset.tables,
                    dataset.cells - dataset.cells_withheld,
                    dataset.cells,
                    dataset
                        .records_k
                        .map_or("none published".to_owned(), |k| k.to_string()),
                );
            }
            let what = match (published.committed, dry_run) {
                (true, _) => "published",
                (false, true) => "dry run of",
                (false, false) => "nothing new: already published as",
            };
            println!(
                "{what} snapshot {} in {}: {} files, {} bytes, {} rows of Parquet",
                published.id,
                to.display(),
                published.files,
                published.bytes,
                published.rows
            );
            Ok(())
        }
        Command::Demo {
            out,
            seed,
            scale,
            years,
            contradict,
        } => {
            let options = demo::DemoOptions {
                out: out.clone(),
                seed,
                scale,
                first_year: years.0,
                last_year: years.1,
                contradict,
            };
            let summary = demo::write(&options)?;
            let reference = Period::containing(years.1, 12, contract::Granularity::Month);
            std::fs::write(
                out.join(ZONE_FILE),
                toml::to_string(&Zone {
                    demonstration: true,
                    reference,
                })?,
            )?;
            println!(
                "demonstration raw exports written to {}: {} files",
                out.display(),
                summary.files.len()
            );
            Ok(())
        }
    }
}

fn show(report: &DatasetReport) {
    for file in &report.files {
        let rows = file.rows;
        println!(
            "{}: {} ({}): {} read = {} accepted + {} rejected",
            report.dataset,
            file.file.display(),
            file.encoding,
            rows.read,
            rows.accepted,
            rows.rejected
        );
        if !file.unknown_columns.is_empty() {
            println!(
                "  columns not in the contract, not read: {}",
                file.unknown_columns.join(", ")
            );
        }
    }
    for (rule, count) in &report.rejected_by_rule {
        println!("  {count} rejected by rule {rule}");
    }
    for example in &report.examples {
        let column = if example.column.is_empty() {
            String::new()
        } else {
            format!(", column {}", example.column)
        };
        println!(
            "    {}, line {}{column}: {} ({})",
            example.file.display(),
            example.line,
            example.reason,
            example.rule
        );
    }
    if let Some(path) = &report.quarantine {
        println!("  rejected rows are kept in {}", path.display());
    }
}
