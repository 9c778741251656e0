//! Making a machine ready. Idempotent: what is there is left alone.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::command::{cache, cargo, output, program, root, run as execute};

/// Pinned: newer versions want a newer compiler.
const TRUNK: &str = "0.21.14";
const DENY: &str = "0.20.2";
const TARGET: &str = "wasm32-unknown-unknown";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_SOURCE: &str = "/usr/lib/rustlib/src/rust/library/std/Cargo.toml";

/// What a WebAssembly build needs on this machine.
pub struct Wasm {
    /// Environment for cargo and Trunk.
    pub environment: Vec<(String, String)>,
    /// Folders with the tools, for PATH.
    pub path: Vec<PathBuf>,
}

/// `cargo xtask setup`: everything that the other commands need.
pub fn run() -> Result<()> {
    let wasm = wasm()?;
    for folder in &wasm.path {
        println!("setup: tools in {}", folder.display());
    }
    let chromium = browser()?;
    println!("setup: browser tests use {}", chromium.display());
    if let Some(python) = python() {
        println!(
            "setup: the offered lines of code run in {}",
            python.display()
        );
    }
    println!(
        "setup: done; tools and compiled code are in {}",
        cache().display()
    );
    Ok(())
}

/// Makes sure that WebAssembly can be built; installs what is missing.
pub fn wasm() -> Result<Wasm> {
    if !target_is_there() {
        println!("setup: adding the target {TARGET} with rustup");
        // Whether it helped is seen below: where it cannot download, another compiler takes over.
        let _ = program("rustup", &["target", "add", TARGET]).output();
    }
    // Two compilers in one target folder would evict each other's artefacts.
    let (target, mut environment) = if target_is_there() {
        println!("setup: WebAssembly is built with the target {TARGET} of rustup");
        ("target-wasm-rustup", Vec::new())
    } else {
        println!("setup: rustup cannot add {TARGET}");
        ("target-wasm", debian_compiler()?)
    };
    environment.push((
        "CARGO_TARGET_DIR".to_owned(),
        cache().join(target).display().to_string(),
    ));
    environment.push((
        "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS".to_owned(),
        without_paths()?,
    ));
    fetch()?;
    let wasm_bindgen = locked_version("wasm-bindgen")?;
    let path = vec![
        tool("trunk", "trunk", TRUNK)?,
        tool("wasm-bindgen-cli", "wasm-bindgen", &wasm_bindgen)?,
    ];
    Ok(Wasm { environment, path })
}

/// Flags that keep this machine's folders out of the programs: they would tell readers who built them, cost bytes,
/// and give every machine a build of its own.
fn without_paths() -> Result<String> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let sources = home.unwrap_or_default().join("registry/src");
    let mut flags = Vec::new();
    if sources.is_dir() {
        for entry in fs::read_dir(&sources)? {
            flags.push(format!("--remap-path-prefix={}/=", entry?.path().display()));
        }
    }
    // Cargo takes a space for the end of a flag.
    flags.retain(|flag| !flag.contains(char::is_whitespace));
    flags.sort();
    Ok(flags.join(" "))
}

/// Makes sure that every locked dependency is there, those of other systems too: Trunk and cargo-deny work offline.
fn fetch() -> Result<()> {
    println!("setup: fetching the locked dependencies");
    execute(cargo(&["fetch", "--locked"]).env("CARGO_TERM_QUIET", "true"))
}

/// Makes sure that cargo-deny and what it reads are there, and returns the program.
pub fn deny() -> Result<PathBuf> {
    fetch()?;
    Ok(tool("cargo-deny", "cargo-deny", DENY)?.join("cargo-deny"))
}

fn target_is_there() -> bool {
    output("rustc", &["--print", "target-libdir", "--target", TARGET])
        .is_some_and(|folder| Path::new(&folder).is_dir())
}

/// Where rustup cannot download: Debian's compiler with the standard library's source.
fn debian_compiler() -> Result<Vec<(String, String)>> {
    if !Path::new(DEBIAN_RUSTC).is_file() || !debian_source().is_some_and(|s| s.is_file()) {
        apt(&["rustc-web", "rust-web-src"]).context(
            "the WebAssembly target cannot be had: run `rustup target add wasm32-unknown-unknown`, or install Debian's rustc-web and rust-web-src",
        )?;
    }
    let sysroot =
        output("rustc", &["--print", "sysroot"]).context("rustc does not tell its sysroot")?;
    let about = output("rustc", &["-vV"]).unwrap_or_default();
    let host = about.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.context("rustc does not tell its host")?;
    let linker = Path::new(&sysroot)
        .join("lib/rustlib")
        .join(host)
        .join("bin/rust-lld");
    println!("setup: WebAssembly is built with Debian's compiler");
    Ok([
        ("RUSTC", DEBIAN_RUSTC.to_owned()),
        ("RUSTC_BOOTSTRAP", "1".to_owned()),
        ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort".to_owned()),
        (
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER",
            linker.display().to_string(),
        ),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec())
}

fn debian_source() -> Option<PathBuf> {
    let sysroot = output(DEBIAN_RUSTC, &["--print", "sysroot"])?;
    let source = Path::new(&sysroot).join("lib/rustlib/src/rust/library/std/Cargo.toml");
    Some(if source.is_file() {
        source
    } else {
        PathBuf::from(DEBIAN_SOURCE)
    })
}

fn apt(packages: &[&str]) -> Result<()> {
    let names = packages.join(" ");
    if output("id", &["-u"]).as_deref() != Some("0") || output("apt-get", &["--version"]).is_none()
    {
        bail!(
            "install {names} (names of Debian's packages) with your package manager, then run this again"
        );
    }
    println!("setup: installing {names} with apt-get");
    let quiet = |arguments: &[&str]| {
        execute(program("apt-get", arguments).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    quiet(&["update", "-qq"])?;
    let install = ["install", "-y", "-qq", "--no-install-recommends"];
    quiet(&[install.as_slice(), packages].concat())
        .with_context(|| format!("install {names} with your package manager"))
}

/// Installs one tool into the cache, in a folder of its version, and returns its `bin` folder.
fn tool(package: &str, binary: &str, version: &str) -> Result<PathBuf> {
    let folder = cache().join("tools").join(format!("{binary}-{version}"));
    let bin = folder.join("bin");
    let there = |bin: &Path| {
        output(bin.join(binary), &["--version"])
            .is_some_and(|said| said.split_whitespace().any(|w| w == version))
    };
    if !there(&bin) {
        println!("setup: compiling {package} {version} (some minutes, once)");
        let install = |locked: &[&str]| {
            let spec = format!("{package}@{version}");
            let root = folder.display().to_string();
            execute(
                cargo(&[&["install", "--root", &root, &spec], locked].concat())
                    .envs([
                        ("CARGO_PROFILE_RELEASE_LTO", "off"),
                        ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
                        ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
                    ])
                    .env("CARGO_TARGET_DIR", cache().join("build")),
            )
        };
        // A lock file may name a dependency that the registry no longer has.
        install(&["--locked"]).or_else(|_| install(&[]))?;
        if !there(&bin) {
            bail!(
                "{package} {version} was installed but does not answer with its version: remove {}",
                folder.display()
            );
        }
    }
    Ok(bin)
}

/// The version of a package in Cargo.lock.
pub fn locked_version(package: &str) -> Result<String> {
    let lock = fs::read_to_string(root().join("Cargo.lock"))?;
    let mut lines = lock
        .lines()
        .skip_while(|line| *line != format!("name = \"{package}\""));
    let version = lines
        .nth(1)
        .and_then(|line| line.strip_prefix("version = \""))
        .and_then(|v| v.strip_suffix('"'));
    version
        .map(str::to_owned)
        .with_context(|| format!("Cargo.lock does not name {package}"))
}

/// Python with the packages of `tests/browser/requirements.txt`, which run the lines of code that the portal offers, in
/// an environment of its own in the cache. `None` where it cannot be had: those tests are left out, and say so.
pub fn python() -> Option<PathBuf> {
    let wanted = root().join("tests/browser/requirements.txt");
    let packages = fs::read_to_string(&wanted).ok()?;
    let folder = cache().join("tools/python-of-browser-tests");
    let python = folder.join("bin/python");
    // Written last: an environment that was left half made is made again.
    let made = folder.join("requirements.txt");
    if fs::read_to_string(&made).is_ok_and(|there| there == packages)
        && output(&python, &["--version"]).is_some()
    {
        return Some(python);
    }
    println!("setup: installing DuckDB and pandas for the tests of the offered lines of code");
    let install = || -> Result<()> {
        let path = folder.display().to_string();
        execute(&mut program(
            "python3",
            &["-m", "venv", "--clear", path.as_str()],
        ))?;
        let list = wanted.display().to_string();
        let quietly = ["-m", "pip", "install", "--quiet"];
        // Built packages alone: their sources would run programs of their own.
        let chosen = ["--only-binary", ":all:", "--requirement", list.as_str()];
        let skip_check = "--disable-pip-version-check";
        execute(&mut program(
            &python,
            &[quietly.as_slice(), &[skip_check], &chosen].concat(),
        ))?;
        fs::write(&made, &packages).context("the environment cannot be marked as made")
    };
    install()
        .inspect_err(|e| println!("setup: no Python for the lines of code: {e:#}"))
        .ok()
        .map(|()| python)
}

/// Makes sure that the browser tests can run, and returns the browser.
pub fn browser() -> Result<PathBuf> {
    let chosen = std::env::var_os("CHROMIUM").map(PathBuf::from);
    if let Some(chromium) = chosen.as_ref().filter(|c| !c.is_file()) {
        bail!("CHROMIUM names {}, which is not there", chromium.display());
    }
    let chromium = chosen.unwrap_or_else(|| PathBuf::from("/usr/bin/chromium"));
    let mut missing = Vec::new();
    if !chromium.is_file() {
        missing.push("chromium");
    }
    if cfg!(target_os = "linux") && !chinese_font() {
        missing.push("fonts-noto-cjk");
    }
    if !missing.is_empty() {
        apt(&missing).context("the browser tests need Chromium and a Chinese font")?;
    }
    for tool in ["node", "npm"] {
        output(tool, &["--version"]).with_context(|| {
            format!("the browser tests need {tool}: install Node.js 20 or later")
        })?;
    }
    let tests = root().join("tests/browser");
    if tests.join("package.json").is_file() && !tests.join("node_modules").is_dir() {
        println!("setup: installing the browser tests' packages with npm");
        let npm = |task: &str| {
            execute(
                Command::new("npm")
                    .args([task, "--no-audit", "--no-fund"])
                    .current_dir(&tests),
            )
        };
        npm("ci")
            .or_else(|_| npm("install"))
            .context("the browser tests' packages cannot be installed")?;
    }
    Ok(chromium)
}

fn chinese_font() -> bool {
    Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").is_file()
        || output("fc-list", &[":lang=zh"]).is_some_and(|fonts| !fonts.is_empty())
}
