//! Every test, each step named, with the counts of all runners added up.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::Instant,
};

use anyhow::{Context, Result, bail};

use crate::{
    Instance,
    command::{self, cargo, mingshi, root},
    server, setup, site,
};

/// Runs every test; the last line counts them.
pub fn run_all(no_browser: bool) -> Result<u64> {
    step("formatting", || {
        command::run(&mut cargo(&["fmt", "--all", "--check"]))
    })?;
    step("native build", || mingshi().map(drop))?;
    step("lints", || {
        command::run(&mut cargo(&[
            "clippy",
            "--quiet",
            "--workspace",
            "--exclude",
            "app",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]))
    })?;
    let mut passed = 0;
    step("native tests", || {
        passed += counted(
            cargo(&["test", "--workspace", "--exclude", "app"]),
            |line| {
                line.strip_prefix("test result: ok. ")?
                    .split_once(" passed")?
                    .0
                    .parse()
                    .ok()
            },
        )?;
        Ok(())
    })?;
    let browser = root().join("tests/browser");
    if !no_browser && browser.join("package.json").is_file() {
        step("browser tests", || {
            let chromium = setup::browser()?;
            let out = root().join(".mingshi/test-site");
            let folder = site::assemble(
                &Instance {
                    portal: None,
                    raw: None,
                },
                &out,
            )?;
            let address = server::background(&folder)?;
            let mut tests = Command::new("npm");
            tests
                .args(["test", "--silent"])
                .current_dir(&browser)
                .env("MINGSHI_URL", address)
                .env("CHROMIUM", chromium);
            passed += counted(tests, |line| {
                line.trim_start_matches(['#', 'ℹ', ' '])
                    .strip_prefix("pass ")?
                    .parse()
                    .ok()
            })?;
            Ok(())
        })?;
    }
    Ok(passed)
}

/// The command.
pub fn run(no_browser: bool) -> Result<()> {
    let passed = run_all(no_browser)?;
    println!("{passed} passed, 0 failed");
    Ok(())
}

fn step(name: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
    println!("test: {name}");
    let start = Instant::now();
    work().with_context(|| name.to_owned())?;
    println!("test: {name}: {} s", start.elapsed().as_secs());
    Ok(())
}

/// Runs a test runner, shows what it prints, and adds up what `count` finds in its lines.
fn counted(mut command: Command, count: impl Fn(&str) -> Option<u64>) -> Result<u64> {
    let mut child: Child = command
        .stdout(Stdio::piped())
        .spawn()
        .context("the test runner cannot be started")?;
    let mut passed = 0;
    if let Some(out) = child.stdout.take() {
        for line in BufReader::new(out).lines() {
            let line = line?;
            passed += count(&line).unwrap_or(0);
            println!("{line}");
        }
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("tests failed ({status})");
    }
    if passed == 0 {
        bail!("the runner ran no test");
    }
    Ok(passed)
}
