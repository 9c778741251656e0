//! `cargo xtask test`: every test, each step named and timed, with the counts of all runners added up.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::{
    app::Build,
    command::{self, cargo, mingshi, program, root},
    publish::Instance,
    server, setup,
    site::{self, At, Base},
};

/// How much to test.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// What needs no browser.
    Native,
    /// All of it.
    Everything,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    passed: u64,
    failed: u64,
}

#[derive(Default)]
struct Report {
    steps: Vec<(&'static str, Duration)>,
    counts: Counts,
}

/// Runs the steps until one fails; the last line counts the tests.
pub fn run(scope: Scope) -> Result<()> {
    let mut report = Report::default();
    let result = steps(scope, &mut report);
    println!("\nsummary");
    for (name, time) in &report.steps {
        println!("  {name}: {:.1} s", time.as_secs_f32());
    }
    if scope == Scope::Native {
        println!("  front end and browser tests: left out (--no-browser)");
    }
    let Counts { passed, failed } = report.counts;
    if result.is_err() && failed == 0 {
        println!("{passed} passed before a step failed");
    } else {
        println!("{passed} passed, {failed} failed");
    }
    result
}

fn steps(scope: Scope, report: &mut Report) -> Result<()> {
    report.step("formatting", |_| {
        command::run(&mut cargo(&["fmt", "--all", "--check"]))
    })?;
    report.step("native build", |_| mingshi().map(drop))?;
    report.step("lints", |_| {
        // The front end too: all of it but the bindings' innermost calls means the same natively.
        let all = ["clippy", "--quiet", "--workspace", "--all-targets"];
        command::run(&mut cargo(
            &[all.as_slice(), &["--", "-D", "warnings"]].concat(),
        ))
    })?;
    report.step("documentation", |_| {
        let document = ["doc", "--quiet", "--workspace", "--no-deps"];
        // Maps of modules link to private ones, for who reads the code.
        let flags = "-D warnings -A rustdoc::private-intra-doc-links";
        command::run(cargo(&document).env("RUSTDOCFLAGS", flags))
    })?;
    report.step("licences and bans", |_| {
        let deny = setup::deny()?;
        // Advisories live in a database that has to be downloaded: they are checked where that is possible.
        let checks = ["--offline", "check", "licenses", "bans", "sources"];
        command::run(&mut program(deny, &checks))
    })?;
    report.step("native tests", |counts| {
        counted(
            cargo(&["test", "--workspace", "--exclude", "app"]),
            cargo_counts,
            counts,
        )
    })?;
    report.step("tests of the front end without a browser", |counts| {
        counted(
            cargo(&["test", "--package", "app", "--lib"]),
            cargo_counts,
            counts,
        )
    })?;
    if scope == Scope::Native {
        return Ok(());
    }
    let site = root().join(".mingshi/test-site");
    report.step("front end and site", |_| {
        site::assemble(
            &Instance::default(),
            Build::WhenChanged,
            &At::Path(Base::default()),
            &site,
        )
    })?;
    let server = server::start(&site, &Base::default(), 0)?;
    let elsewhere: Base = "/some/where/".parse().map_err(anyhow::Error::msg)?;
    let elsewhere = server::start(&site, &elsewhere, 0)?;
    report.step("preview server", |_| {
        for (path, expected) in [("/", 200), ("/zh-CN/", 200), ("/nowhere", 404)] {
            let found = status(&server.address, path)?;
            if found != expected {
                bail!("{path} answers {found} instead of {expected}");
            }
        }
        Ok(())
    })?;
    let browser = root().join("tests/browser");
    if !browser.join("package.json").is_file() {
        println!("test: tests/browser/package.json is absent: no browser tests");
        return Ok(());
    }
    report.step("browser tests", |counts| {
        let chromium = setup::browser()?;
        let mut tests = Command::new("npm");
        tests
            .args(["test", "--silent"])
            .current_dir(&browser)
            .env("MINGSHI_URL", &server.address)
            .env("MINGSHI_SUBPATH_URL", &elsewhere.address)
            .env("CHROMIUM", chromium);
        if let (Some(python), None) = (setup::python(), std::env::var_os("MINGSHI_PYTHON")) {
            tests.env("MINGSHI_PYTHON", python);
        }
        counted(tests, node_counts, counts)
    })
}

impl Report {
    fn step(
        &mut self,
        name: &'static str,
        work: impl FnOnce(&mut Counts) -> Result<()>,
    ) -> Result<()> {
        println!("test: {name}");
        let start = Instant::now();
        work(&mut self.counts).with_context(|| format!("the step \"{name}\" failed"))?;
        println!("test: {name}: {:.1} s", start.elapsed().as_secs_f32());
        self.steps.push((name, start.elapsed()));
        Ok(())
    }
}

/// `test result: ok. 4 passed; 0 failed; …`
fn cargo_counts(line: &str) -> Option<Counts> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let mut parts = counts.split("; ");
    let mut number = |what: &str| parts.next()?.strip_suffix(what)?.trim().parse().ok();
    Some(Counts {
        passed: number("passed")?,
        failed: number("failed")?,
    })
}

/// `# pass 4` and `# fail 0`, or with `ℹ`, as node's runner prints them.
fn node_counts(line: &str) -> Option<Counts> {
    let line = line.strip_prefix("# ").or(line.strip_prefix("ℹ "))?;
    let (what, number) = line.split_once(' ')?;
    let number = number.trim().parse().ok()?;
    match what {
        "pass" => Some(Counts {
            passed: number,
            failed: 0,
        }),
        "fail" => Some(Counts {
            passed: 0,
            failed: number,
        }),
        _ => None,
    }
}

/// Runs a test runner, shows what it prints, and adds what `count` finds in its lines to `counts`.
fn counted(
    mut command: Command,
    count: impl Fn(&str) -> Option<Counts>,
    counts: &mut Counts,
) -> Result<()> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .context("the test runner cannot be started")?;
    let (passed, failed) = (counts.passed, counts.failed);
    if let Some(out) = child.stdout.take() {
        for line in BufReader::new(out).split(b'\n') {
            let line = String::from_utf8_lossy(&line?).into_owned();
            if let Some(found) = count(&line) {
                counts.passed += found.passed;
                counts.failed += found.failed;
            }
            println!("{line}");
        }
    }
    let status = child.wait()?;
    if !status.success() || counts.failed > failed {
        bail!("tests failed ({status})");
    }
    if counts.passed == passed {
        bail!("the runner reported no test that passed");
    }
    Ok(())
}

/// The status that a path of the preview server is answered with.
fn status(address: &str, path: &str) -> Result<u16> {
    let host = address.trim_start_matches("http://").trim_end_matches('/');
    let mut stream = TcpStream::connect(host)?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = Vec::new();
    stream.take(64).read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer);
    let status = answer.split(' ').nth(1).and_then(|s| s.parse().ok());
    status.with_context(|| format!("{path} is not answered in HTTP"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runners_are_counted() {
        let counts = |passed, failed| Some(Counts { passed, failed });
        let line = "test result: ok. 4 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out";
        assert_eq!(cargo_counts(line), counts(4, 0));
        assert_eq!(
            cargo_counts("test result: FAILED. 3 passed; 2 failed; 0 ignored"),
            counts(3, 2)
        );
        assert_eq!(cargo_counts("test a ... ok"), None);
        assert_eq!(node_counts("# pass 12"), counts(12, 0));
        assert_eq!(node_counts("ℹ fail 1"), counts(0, 1));
        assert_eq!(node_counts("# tests 13"), None);
    }
}
