//! The published folder of an instance, made when it is missing.

use std::path::{PathBuf, absolute};

use anyhow::{Result, bail};
use clap::Args;

use crate::command::{mingshi, program, root, run};

/// A portal instance and its raw zone.
#[derive(Args, Clone, Default)]
pub struct Instance {
    /// The portal instance; the reference portal when absent.
    #[arg(long)]
    pub portal: Option<PathBuf>,
    /// The raw zone, published anew each time; without it the reference portal gets demonstration data, once.
    #[arg(long)]
    pub raw: Option<PathBuf>,
    /// Publish the demonstration as it was at the end of this month first (as 2020-11), to a folder of its own, so that
    /// there is something to compare.
    #[arg(long, conflicts_with_all = ["portal", "raw"])]
    pub earlier: Option<String>,
}

/// Publishes what is missing, and returns the published folder.
pub fn published(instance: &Instance) -> Result<PathBuf> {
    if let Some(month) = &instance.earlier {
        return two_snapshots(month);
    }
    // The pipeline runs in the root of the checkout, wherever the command was started.
    let portal = instance.portal.as_ref().map(absolute).transpose()?;
    let raw = instance.raw.as_ref().map(absolute).transpose()?;
    let name = portal
        .as_deref()
        .and_then(|portal| portal.file_name())
        .map_or_else(
            || "published".to_owned(),
            |name| format!("published-{}", name.to_string_lossy()),
        );
    let published = root().join(name);
    if raw.is_none() && published.join("catalogue.json").is_file() {
        return Ok(published);
    }
    if raw.is_none() && portal.is_some() {
        bail!(
            "nothing is published for this portal yet, and the demonstration data fit the reference portal only: give --raw"
        );
    }
    let mingshi = mingshi()?;
    let raw = match raw {
        Some(raw) => raw,
        None => {
            // Of a demonstration that was deleted, nothing needs to be remembered.
            let ledger = root().join(".mingshi/ledger/published");
            if !published.exists() && ledger.exists() {
                std::fs::remove_dir_all(ledger)?;
            }
            let raw = root().join("raw");
            if !raw.exists() {
                println!("writing demonstration data to {}", raw.display());
                run(program(&mingshi, &["demo", "--out"]).arg(&raw))?;
            }
            raw
        }
    };
    println!("publishing {} to {}", raw.display(), published.display());
    let mut command = program(&mingshi, &["publish", "--to"]);
    command.arg(&published).arg("--raw").arg(raw);
    if let Some(portal) = portal {
        command.arg("--portal").arg(portal);
    }
    run(&mut command)?;
    Ok(published)
}

/// The demonstration in two snapshots: as it was at the end of a month, and whole.
fn two_snapshots(month: &str) -> Result<PathBuf> {
    let is_month = month.bytes().all(|b| b.is_ascii_digit() || b == b'-') && month.len() == 7;
    if !is_month {
        bail!("--earlier {month:?} is no month: write it as 2020-11");
    }
    let name = format!("published-since-{month}");
    let published = root().join(&name);
    if published.join("releases/2.json").is_file() {
        return Ok(published);
    }
    // What an earlier run left unfinished is begun anew; nothing of it needs to be remembered.
    let ledger = root().join(".mingshi/ledger").join(&name);
    for folder in [&published, &ledger] {
        if folder.exists() {
            std::fs::remove_dir_all(folder)?;
        }
    }
    let mingshi = mingshi()?;
    let raw = root().join(".mingshi").join(format!("raw-since-{month}"));
    for until in [Some(month), None] {
        println!("publishing to {}", published.display());
        let mut demo = program(&mingshi, &["demo", "--out"]);
        demo.arg(&raw);
        if let Some(month) = until {
            demo.args(["--until", month]);
        }
        run(&mut demo)?;
        run(program(&mingshi, &["publish", "--to"])
            .arg(&published)
            .arg("--raw")
            .arg(&raw))?;
    }
    Ok(published)
}
