//! Building the front end with Trunk.
//!
//! `wasm-opt` is off on purpose (`data-wasm-opt="0"` in `index.html`): after `opt-level = "z"` and fat LTO it
//! saved less than 1% of the compressed size and took minutes.

use std::{
    env, fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use anyhow::{Context, Result, bail};

use crate::{
    command::{program, root, run},
    page, setup,
};

/// When to build the front end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Build {
    /// When something that it is made of has changed.
    WhenChanged,
    /// Never: take the last build.
    AsItIs,
}

/// Top-level entries that no part of the front end is made of.
const ELSEWHERE: [&str; 11] = [
    ".ci",
    ".git",
    ".github",
    ".mingshi",
    "data-pipeline",
    "disclosure",
    "dist",
    "examples",
    "raw",
    "target",
    "tests",
];

/// Builds the front end in release mode when that is due, and returns its folder.
pub fn build(build: Build) -> Result<PathBuf> {
    let dist = root().join(".mingshi/app");
    let stamp = root().join(".mingshi/app.stamp");
    if build == Build::AsItIs {
        if !dist.join("index.html").is_file() {
            bail!("the front end was never built: leave out --no-build");
        }
        return Ok(dist);
    }
    if !root().join("index.html").is_file() {
        bail!("index.html is missing in {}", root().display());
    }
    // Taken before the build, so that a change during the build asks for another.
    let sources = fingerprint(&root())?;
    if dist.join("index.html").is_file() && fs::read_to_string(&stamp).is_ok_and(|s| s == sources) {
        println!("the front end is up to date");
        return Ok(dist);
    }
    let wasm = setup::wasm()?;
    if stamp.exists() {
        fs::remove_file(&stamp)?;
    }
    if dist.exists() {
        fs::remove_dir_all(&dist)?; // Trunk's integrity hashes go stale on a rebuild (trunk issue 1028)
    }
    println!("building the front end (some minutes the first time)");
    let path = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths(wasm.path.into_iter().chain(env::split_paths(&path)))?;
    run(program("trunk", &["build", "--release", "--dist"])
        .arg(&dist)
        .envs(wasm.environment)
        .env("PATH", path)
        .env_remove("NO_COLOR")) // Trunk 0.21 takes it for a flag of its own and refuses "1"
    .context("the front end cannot be built")?;
    let index = dist.join("index.html");
    let page = page::harden(&fs::read_to_string(&index)?)?;
    for (name, body) in page.scripts {
        fs::write(dist.join(name), body)?;
    }
    let mut told = String::new();
    for program in ["worker", "annex", "explorer", "spreadsheet"] {
        let name = name_program(&dist, program)?;
        told += &format!("<meta name=\"mingshi-{program}\" content=\"{name}{LOADER}\" />");
    }
    let frame = name_program(&dist, "frame")?;
    fs::write(&index, with_head(&page.html, &told)?)?;
    let embed = embed_page(&dist, &frame)?;
    fs::write(dist.join("embed.html"), with_head(&embed, &told)?)?;
    fs::write(stamp, sources)?;
    Ok(dist)
}

/// What the name of a program's loader ends in.
pub const LOADER: &str = "_loader.js";

/// A page that another program than the main one makes, and the scripts that start it: one that loads the program,
/// and shows what stands hidden in the page (`id="failed"`) where it does not come.
pub fn of_program(html: &str, program: &str) -> Result<(String, String, String)> {
    let meta = format!("<meta name=\"mingshi-{program}\" content=\"");
    let name = html
        .split_once(&meta)
        .and_then(|(_, rest)| rest.split_once(LOADER))
        .with_context(|| format!("index.html does not name the program {program}"))?;
    let program = name.0;
    let start = format!(
        "import('./{program}{LOADER}').catch((error) => {{\n  console.error(error);\n  const failed = document.getElementById('failed');\n  if (failed) failed.hidden = false;\n}});\n"
    );
    let file = format!("start-{:016x}.js", page::fnv(start.as_bytes()));
    let head = format!(
        "{}<link rel=\"modulepreload\" href=\"/{program}{LOADER}\" /><script type=\"module\" src=\"/{file}\"></script>",
        preloads(program)
    );
    Ok((
        with_head(&page::without_program(html)?, &head)?,
        file,
        start,
    ))
}

/// Asks for a program before its loader does.
fn preloads(program: &str) -> String {
    format!(
        "<link rel=\"modulepreload\" href=\"/{program}.js\" />\
         <link rel=\"preload\" href=\"/{program}_bg.wasm\" as=\"fetch\" type=\"application/wasm\" crossorigin=\"anonymous\" />"
    )
}

/// A page with more in its head.
fn with_head(html: &str, more: &str) -> Result<String> {
    let (head, rest) = html
        .split_once("</head>")
        .context("a page of the front end has no head")?;
    Ok(format!("{head}{more}</head>{rest}"))
}

/// The page of an embedded chart: one style sheet, and its program from the first moment on.
fn embed_page(dist: &Path, program: &str) -> Result<String> {
    let read = |path: &str| {
        fs::read_to_string(root().join(path)).with_context(|| format!("{path} cannot be read"))
    };
    let styles = read("charts/src/chart.css")? + &read("app/embed.css")?;
    let name = format!("embed-{:016x}.css", page::fnv(styles.as_bytes()));
    fs::write(dist.join(&name), styles)?;
    let head = format!(
        "<link rel=\"stylesheet\" href=\"/{name}\" />\
         {}\
         <script type=\"module\" src=\"/{program}_loader.js\"></script>",
        preloads(program)
    );
    let page = page::harden(&read("app/embed.html")?)?;
    with_head(&page.html, &head)
}

/// Gives the files of a program that Trunk names plainly (it does so for all but the main one) names that change
/// with their content, and returns what they begin with.
fn name_program(dist: &Path, program: &str) -> Result<String> {
    let at = |ending: &str| dist.join(format!("{program}{ending}"));
    let read = |ending: &str| {
        fs::read(at(ending)).with_context(|| format!("{program}{ending} was not built"))
    };
    let (script, wasm) = (read(".js")?, read("_bg.wasm")?);
    let loader = String::from_utf8(read("_loader.js")?)?;
    let name = format!(
        "{program}-{:016x}",
        page::fnv(&[script.as_slice(), &wasm].concat())
    );
    let loader = page::relocatable(&loader)
        .replace(&format!("./{program}.js"), &format!("./{name}.js"))
        .replace(
            &format!("./{program}_bg.wasm"),
            &format!("./{name}_bg.wasm"),
        );
    // Where the loader gives no address, the script takes the module that stands beside it.
    let script = String::from_utf8(script)?
        .replace(&format!("{program}_bg.wasm"), &format!("{name}_bg.wasm"));
    fs::remove_file(at(".js"))?;
    fs::write(dist.join(format!("{name}.js")), script)?;
    fs::rename(at("_bg.wasm"), dist.join(format!("{name}_bg.wasm")))?;
    fs::remove_file(at("_loader.js"))?;
    fs::write(dist.join(format!("{name}_loader.js")), loader)?;
    Ok(name)
}

/// Changes when a file that the front end may be made of is added, changed or removed.
fn fingerprint(root: &Path) -> Result<String> {
    let mut hash = DefaultHasher::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let mut entries = fs::read_dir(&folder)?.collect::<Result<Vec<_>, _>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let elsewhere = folder == root
                && (ELSEWHERE.contains(&&*name)
                    || name.starts_with("published")
                    || name.ends_with(".md"));
            if elsewhere || name == "node_modules" {
                continue;
            }
            let about = entry.metadata()?;
            if about.is_dir() {
                folders.push(entry.path());
            } else {
                entry.path().hash(&mut hash);
                about.len().hash(&mut hash);
                let changed = about.modified()?.duration_since(UNIX_EPOCH);
                changed.unwrap_or_default().hash(&mut hash);
            }
        }
    }
    Ok(format!("{:016x}", hash.finish()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_is_due_when_its_sources_change() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        fs::create_dir_all(at("app/src")).unwrap();
        fs::create_dir_all(at("raw")).unwrap();
        fs::write(at("app/src/main.rs"), "a").unwrap();
        let first = fingerprint(folder.path()).unwrap();
        fs::write(at("raw/export.csv"), "x").unwrap();
        assert_eq!(fingerprint(folder.path()).unwrap(), first);
        fs::write(at("app/src/main.rs"), "ab").unwrap();
        let second = fingerprint(folder.path()).unwrap();
        assert_ne!(second, first);
        fs::remove_file(at("app/src/main.rs")).unwrap();
        assert_ne!(fingerprint(folder.path()).unwrap(), second);
    }

    #[test]
    fn trunk_asks_for_the_locked_wasm_bindgen() {
        let trunk = fs::read_to_string(root().join("Trunk.toml")).unwrap();
        let locked = setup::locked_version("wasm-bindgen").unwrap();
        assert!(trunk.contains(&format!("wasm_bindgen = \"{locked}\"")));
    }
}
