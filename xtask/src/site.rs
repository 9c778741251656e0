//! Assembling the portal: the built app and the published folder, ready for any static host.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::{
    app::{self, Build},
    command::output,
    hosting,
    publish::{self, Instance},
};

/// Endings that are worth compressing; Parquet is read by ranges and never compressed on the wire.
const COMPRESSED: [&str; 7] = ["css", "csv", "html", "js", "json", "svg", "wasm"];

/// Marks a folder that this program wrote, and may therefore empty.
const MARKER: &str = ".mingshi-site";

/// Builds and publishes what is missing, and assembles the site in `out`.
pub fn assemble(instance: &Instance, build: Build, out: &Path) -> Result<()> {
    let published = publish::published(instance)?;
    let built = app::build(build)?;
    put_together(&built, &published, out)
}

fn put_together(built: &Path, published: &Path, out: &Path) -> Result<()> {
    println!("assembling the portal in {}", out.display());
    empty(out)?;
    copy(built, out)?;
    copy(published, out)?;
    stubs(out)?;
    compress(out)?;
    let paths = files(out)?
        .iter()
        .map(|file| Ok(format!("/{}", file.strip_prefix(out)?.display())))
        .collect::<Result<Vec<_>>>()?;
    hosting::write(out, &paths)
}

/// Makes `out` an empty folder, and never empties one that it did not write.
fn empty(out: &Path) -> Result<()> {
    if out.exists() {
        let ours = out.join(MARKER).is_file();
        if !ours && fs::read_dir(out)?.next().is_some() {
            bail!(
                "{} holds files that cargo xtask did not write: empty it, or choose another folder",
                out.display()
            );
        }
        fs::remove_dir_all(out)?;
    }
    fs::create_dir_all(out)?;
    fs::write(out.join(MARKER), "")?;
    Ok(())
}

/// A page for each deep link, so that any static host answers it, and the page for unknown ones.
fn stubs(out: &Path) -> Result<()> {
    let json = |path: &Path| -> Result<serde_json::Value> {
        Ok(serde_json::from_slice(&fs::read(path)?)?)
    };
    let catalogue = json(&out.join("catalogue.json"))?;
    let newest = catalogue["releases"]
        .as_array()
        .and_then(|r| r.last())
        .and_then(|r| r["snapshot"].as_str());
    let newest = newest.context("catalogue.json names no release")?;
    let manifest = json(&out.join("snapshots").join(newest).join("manifest.json"))?;
    let index = fs::read_to_string(out.join("index.html"))?;
    fs::write(out.join("404.html"), &index)?;
    for language in ["zh-CN", "en"] {
        let mut folders = vec![out.join(language)];
        for dataset in manifest["datasets"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|d| d["id"].as_str())
        {
            folders.push(out.join(language).join("data").join(dataset));
        }
        for folder in folders {
            fs::create_dir_all(&folder)?;
            fs::write(folder.join("index.html"), &index)?;
        }
    }
    Ok(())
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in
        fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?
    {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?)
        } else {
            found.push(path)
        }
    }
    found.sort();
    Ok(found)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    for file in files(from)? {
        let target = to.join(file.strip_prefix(from)?);
        fs::create_dir_all(target.parent().context("a file has a folder")?)?;
        fs::copy(&file, target)?;
    }
    Ok(())
}

fn compress(out: &Path) -> Result<()> {
    let mut sizes: BTreeMap<PathBuf, (usize, usize)> = BTreeMap::new();
    for file in files(out)? {
        if !file
            .extension()
            .is_some_and(|e| COMPRESSED.iter().any(|c| e == *c))
        {
            continue;
        }
        let bytes = fs::read(&file)?;
        let mut compressed = Vec::new();
        let parameters = brotli::enc::BrotliEncoderParams {
            quality: 9,
            ..Default::default()
        };
        brotli::BrotliCompress(&mut bytes.as_slice(), &mut compressed, &parameters)?;
        let name = format!(
            "{}.br",
            file.file_name().unwrap_or_default().to_string_lossy()
        );
        fs::write(file.with_file_name(name), &compressed)?;
        if file.extension().is_some_and(|e| e == "wasm" || e == "js") {
            sizes.insert(
                file.strip_prefix(out)?.to_owned(),
                (bytes.len(), compressed.len()),
            );
        }
    }
    for (file, (raw, compressed)) in sizes {
        println!("  {}: {raw} bytes, {compressed} as brotli", file.display());
    }
    if let Some(version) = output("git", &["rev-parse", "--short", "HEAD"]) {
        println!("  built from {version}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(file: &Path, text: &str) {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    #[test]
    fn a_site_has_every_deep_link_and_every_host_file() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        write(&at("built/index.html"), "<p>app</p>");
        write(&at("built/app-0123456789abcdef.js"), "1");
        write(
            &at("published/catalogue.json"),
            r#"{"releases":[{"snapshot":"2020-11-r1"},{"snapshot":"2020-12-r1"}]}"#,
        );
        write(
            &at("published/snapshots/2020-12-r1/manifest.json"),
            r#"{"datasets":[{"id":"whistle"}]}"#,
        );
        write(&at("published/files/whistle/a.parquet"), "PAR1");
        for _ in 0..2 {
            put_together(&at("built"), &at("published"), &at("site")).unwrap();
        }
        for file in [
            "404.html",
            "zh-CN/index.html",
            "en/data/whistle/index.html.br",
            "app-0123456789abcdef.js.br",
            "catalogue.json.br",
            "_headers",
            "nginx.conf",
            "Caddyfile",
        ] {
            assert!(at("site").join(file).is_file(), "{file}");
        }
        assert!(!at("site/files/whistle/a.parquet.br").exists());
    }

    #[test]
    fn a_folder_of_others_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("thesis.txt"), "x").unwrap();
        assert!(empty(folder.path()).is_err());
        assert!(folder.path().join("thesis.txt").is_file());
    }
}
