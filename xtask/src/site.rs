//! Assembling the portal: the built app and the published folder, ready for any static host.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::{
    Instance,
    command::{mingshi, output, program, root, run},
    server::HEADERS,
    setup,
};

/// Endings that are worth compressing; Parquet is read by ranges and never compressed on the wire.
const COMPRESSED: [&str; 7] = ["css", "csv", "html", "js", "json", "svg", "wasm"];

/// Builds and publishes what is missing, and assembles the site in `out`.
pub fn assemble(instance: &Instance, out: &Path) -> Result<PathBuf> {
    let published = publish(instance)?;
    let built = build_app()?;
    println!("assembling the portal in {}", out.display());
    if out.exists() {
        fs::remove_dir_all(out)?;
    }
    copy(&built, out)?;
    copy(&published, out)?;
    stubs(out)?;
    let headers: String = HEADERS
        .iter()
        .map(|(name, value)| format!("  {name}: {value}\n"))
        .collect();
    fs::write(out.join("_headers"), format!("/*\n{headers}"))?;
    compress(out)?;
    Ok(out.to_owned())
}

fn publish(instance: &Instance) -> Result<PathBuf> {
    let name = instance
        .portal
        .as_deref()
        .and_then(Path::file_name)
        .map(|name| format!("published-{}", name.to_string_lossy()));
    let published = root().join(name.unwrap_or_else(|| "published".to_owned()));
    if instance.raw.is_none() && published.join("catalogue.json").is_file() {
        return Ok(published);
    }
    let mingshi = mingshi()?;
    let raw = match &instance.raw {
        Some(raw) => raw.clone(),
        None => {
            let raw = root().join("raw");
            if !raw.exists() {
                run(&mut program(&mingshi, &["demo", "--out", "raw"]))?;
            }
            raw
        }
    };
    let mut command = program(&mingshi, &["publish", "--to"]);
    command.arg(&published).arg("--raw").arg(raw);
    if let Some(portal) = &instance.portal {
        command.arg("--portal").arg(portal);
    }
    run(&mut command)?;
    Ok(published)
}

/// Builds the front end with Trunk and returns its folder.
fn build_app() -> Result<PathBuf> {
    let wasm = setup::wasm()?;
    let dist = root().join(".mingshi/app");
    if dist.exists() {
        fs::remove_dir_all(&dist)?; // Trunk's integrity hashes go stale on a rebuild (trunk issue 1028)
    }
    println!("building the front end (some minutes the first time)");
    let path = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths(wasm.path.into_iter().chain(env::split_paths(&path)))?;
    let mut trunk = program("trunk", &["build", "--release", "--dist"]);
    run(trunk
        .arg(&dist)
        .envs(wasm.environment)
        .env("PATH", path)
        .env_remove("NO_COLOR"))?;
    let index = dist.join("index.html");
    let html = fs::read_to_string(&index)?;
    let (html, scripts) = move_inline_scripts(&html)?;
    for (name, body) in scripts {
        fs::write(dist.join(name), body)?;
    }
    fs::write(index, html)?;
    Ok(dist)
}

/// Moves inline module scripts into files, which the content security policy demands.
fn move_inline_scripts(html: &str) -> Result<(String, Vec<(String, String)>)> {
    let (mut out, mut scripts, mut rest) = (String::new(), Vec::new(), html);
    while let Some(at) = rest.find("<script") {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let open = from
            .find('>')
            .context("index.html: a script tag does not end")?
            + 1;
        let close = from
            .find("</script>")
            .context("index.html: a script does not end")?;
        let (tag, body) = (&from[..open], &from[open..close]);
        if body.trim().is_empty() {
            out.push_str(&from[..close]);
        } else if tag.contains("module") {
            let hash = body.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| {
                (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
            });
            let name = format!("start-{hash:016x}.js");
            out.push_str(&format!("<script type=\"module\" src=\"/{name}\">"));
            scripts.push((name, body.to_owned()));
        } else {
            bail!(
                "index.html holds an inline script that is no module: the content security policy forbids it"
            );
        }
        out.push_str("</script>");
        rest = &from[close + "</script>".len()..];
    }
    out.push_str(rest);
    if out.contains(" style=") || out.contains("<style") {
        bail!("index.html holds inline style: the content security policy forbids it");
    }
    Ok((out, scripts))
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
    use super::move_inline_scripts;

    #[test]
    fn inline_modules_become_files() {
        let html = r#"<head><script type="module" nonce="x">import "/a.js";</script><script src="/b.js"></script></head>"#;
        let (out, scripts) = move_inline_scripts(html).unwrap();
        assert_eq!(scripts.len(), 1);
        assert_eq!(scripts[0].1, r#"import "/a.js";"#);
        assert!(
            out.contains(&format!("src=\"/{}\"", scripts[0].0))
                && !out.contains("import")
                && out.contains("/b.js")
        );
    }

    #[test]
    fn what_the_policy_forbids_is_refused() {
        for html in [
            "<script>alert(1)</script>",
            "<p style=\"x\">",
            "<style>p{}</style>",
            "<script>",
        ] {
            assert!(move_inline_scripts(html).is_err(), "{html}");
        }
    }
}
