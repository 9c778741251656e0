//! Running programs, and where things are.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

/// The root of the checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map(Path::to_owned)
        .unwrap_or_default()
}

/// The folder for downloads and compiled tools, outside the checkout: `MINGSHI_CACHE`, or `mingshi` in the
/// user's cache folder.
pub fn cache() -> PathBuf {
    if let Some(cache) = env::var_os("MINGSHI_CACHE") {
        return root().join(cache);
    }
    let base = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let base = base.or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")));
    base.unwrap_or_else(|| root().join("target"))
        .join("mingshi")
}

/// A program that runs in the checkout.
pub fn program(name: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> Command {
    let mut command = Command::new(name);
    command.args(arguments).current_dir(root());
    command
}

/// Cargo, for the native rooms.
pub fn cargo(arguments: &[&str]) -> Command {
    program(
        env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
        arguments,
    )
}

/// Runs a program to its end.
pub fn run(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command
        .status()
        .with_context(|| format!("{name} cannot be started: install it"))?;
    if !status.success() {
        bail!("{name} ended with {status}");
    }
    Ok(())
}

/// What a program prints; none when it cannot be started or fails.
pub fn output(name: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> Option<String> {
    let output = program(name, arguments).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Builds the native rooms with their tests, so that `serve` and `test` share every compiled dependency, and
/// returns the path of the `mingshi` program.
pub fn mingshi() -> Result<PathBuf> {
    println!("building the pipeline");
    run(&mut cargo(&[
        "build",
        "--workspace",
        "--exclude",
        "app",
        "--all-targets",
    ]))?;
    Ok(target()
        .join("debug")
        .join(format!("mingshi{}", env::consts::EXE_SUFFIX)))
}

/// The folder of compiled native code.
pub fn target() -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    root().join(target.unwrap_or_else(|| "target".into()))
}
