//! `cargo xtask bench`: how fast, how large. Prints figures and ratios of one run; asserts nothing, since
//! machines are noisy.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::command::{self, cache, cargo, program};

/// The profile of what publishers run.
const PROFILE: &str = "pipeline";

/// GNU time, which tells peak memory.
const TIME: &str = "/usr/bin/time";

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Bench {
    /// Disclosure control: time over the size of the problem.
    Disclosure,
    /// The search for personal data: megabytes a second.
    Personal,
    /// The pipeline: rows a second and peak memory over the size of the export.
    Pipeline,
}

/// Runs the chosen benchmarks, or all.
pub fn run(chosen: &[Bench], scales: &[f64]) -> Result<()> {
    let is = |bench| chosen.is_empty() || chosen.contains(&bench);
    if is(Bench::Disclosure) {
        example("cost_growth", "disclosure control: cost over size", &[])?;
        let folder = trial_instances();
        let folder = folder.as_deref().and_then(Path::to_str);
        example(
            "public_instances",
            "disclosure control: instances with published results",
            folder.as_slice(),
        )?;
    }
    if is(Bench::Personal) {
        example("scan_speed", "search for personal data", &[])?;
    }
    if is(Bench::Pipeline) {
        pipeline(scales)?;
    }
    Ok(())
}

/// The folder of the larger instances, where trial data are present.
fn trial_instances() -> Option<PathBuf> {
    let trial = std::env::var_os("MINGSHI_TRIAL_DATA");
    let trial = trial.map_or_else(|| command::root().join("../shared/data"), PathBuf::from);
    let folder = trial.join("../fixtures/disclosure");
    folder.is_dir().then_some(folder)
}

fn example(name: &str, title: &str, arguments: &[&str]) -> Result<()> {
    println!("\nbench: {title}");
    let run = ["run", "--quiet", "--package", "disclosure", "--profile"];
    command::run(&mut cargo(
        &[
            run.as_slice(),
            &[PROFILE, "--example", name, "--"],
            arguments,
        ]
        .concat(),
    ))
}

/// Publishes demonstration exports of growing size; the last column says how cost grows: 1 is linear.
fn pipeline(scales: &[f64]) -> Result<()> {
    println!("\nbench: pipeline (demo exports → published snapshot)");
    let build = [
        "build",
        "--quiet",
        "--package",
        "data-pipeline",
        "--profile",
        PROFILE,
    ];
    command::run(&mut cargo(&build))?;
    let mingshi = command::target().join(PROFILE).join("mingshi");
    let folder = cache().join("bench");
    println!("  scale      rows   publish s   rows/s   peak MiB   published KiB   growth");
    let measured = Path::new(TIME).is_file();
    let mut before: Option<(u64, Duration)> = None;
    for scale in scales {
        let at = |name: &str| folder.join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        let scale_text = scale.to_string();
        quiet(program(&mingshi, &["demo", "--scale", &scale_text, "--out"]).arg(at("raw")))?;
        let mut publish = if measured {
            let mut timed = program(TIME, &["-f", "%M", "-o"]);
            timed.arg(at("peak")).arg(&mingshi);
            timed
        } else {
            program(&mingshi, &[])
        };
        publish.args(["publish", "--json", "--raw"]).arg(at("raw"));
        publish.arg("--work").arg(at("work"));
        publish.arg("--to").arg(at("published"));
        publish.arg("--ledger").arg(at("ledger"));
        let start = Instant::now();
        let said = quiet(&mut publish)?;
        let took = start.elapsed();
        let rows = rows_read(&said)?;
        let peak = fs::read_to_string(at("peak")).ok();
        let peak = peak.and_then(|text| text.trim().parse::<u64>().ok());
        let peak = peak.map_or_else(|| "-".to_owned(), |kib| (kib / 1024).to_string());
        let growth = before.map_or_else(
            || "-".to_owned(),
            |(r, t)| {
                let (rows, time) = (rows as f64 / r as f64, took.as_secs_f64() / t.as_secs_f64());
                format!("{:.2}", time.ln() / rows.ln())
            },
        );
        println!(
            "  {scale:>5} {rows:>9} {:>11.2} {:>8.0} {peak:>10} {:>15} {growth:>8}",
            took.as_secs_f64(),
            rows as f64 / took.as_secs_f64(),
            size(&at("published"))? / 1024,
        );
        before = Some((rows, took));
    }
    fs::remove_dir_all(&folder)?;
    if !measured {
        println!("  peak memory was not measured: install GNU time");
    }
    Ok(())
}

/// Runs a program without showing what it says, unless it fails.
fn quiet(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .output()
        .with_context(|| format!("{name} cannot be started"))?;
    if !output.status.success() {
        bail!("{name} failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The rows read of every file in a report of `mingshi publish --json`.
fn rows_read(report: &str) -> Result<u64> {
    fn sum(value: &serde_json::Value) -> u64 {
        match value {
            serde_json::Value::Object(fields) => fields
                .iter()
                .map(|(name, inner)| match (name.as_str(), inner.as_u64()) {
                    ("read", Some(rows)) => rows,
                    _ => sum(inner),
                })
                .sum(),
            serde_json::Value::Array(items) => items.iter().map(sum).sum(),
            _ => 0,
        }
    }
    let report: serde_json::Value =
        serde_json::from_str(report).context("mingshi publish --json printed no JSON")?;
    Ok(sum(&report))
}

fn size(folder: &Path) -> Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        bytes += if entry.file_type()?.is_dir() {
            size(&entry.path())?
        } else {
            entry.metadata()?.len()
        };
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::rows_read;

    #[test]
    fn rows_of_every_file_are_added_up() {
        let report =
            r#"{"datasets":[{"files":[{"rows":{"read":3,"accepted":2}},{"rows":{"read":4}}]}]}"#;
        assert_eq!(rows_read(report).unwrap(), 7);
        assert!(rows_read("published").is_err());
    }
}
