//! Assembling the portal: the built app and the published folder, ready for any static host.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    str::FromStr,
};

use anyhow::{Context, Result, bail};

use crate::{
    app::{self, Build},
    command::output,
    hosting, page,
    publish::{self, Instance},
    told::{self, Address, Pictures, Teller},
};

/// Endings that are worth compressing; Parquet is read by ranges and never compressed on the wire.
const COMPRESSED: [&str; 7] = ["css", "csv", "html", "js", "json", "svg", "wasm"];

/// Marks a folder that this program wrote, and may therefore empty.
const MARKER: &str = ".mingshi-site";

/// The path under which a portal is served: `/` or `/x/y/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base(String);

impl Default for Base {
    fn default() -> Self {
        Self("/".to_owned())
    }
}

impl FromStr for Base {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
        let parts: Vec<&str> = text.split('/').filter(|part| !part.is_empty()).collect();
        let sound = parts
            .iter()
            .all(|part| part.chars().all(plain) && !part.starts_with('.'));
        if !sound {
            return Err(format!("{text:?} is no path: write it as /city/portal/"));
        }
        Ok(Self(match parts.join("/") {
            path if path.is_empty() => "/".to_owned(),
            path => format!("/{path}/"),
        }))
    }
}

impl Base {
    /// The path, beginning and ending in `/`.
    pub fn path(&self) -> &str {
        &self.0
    }
}

/// Where a portal is served, as far as that is known when it is assembled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// Under a path of any host.
    Path(Base),
    /// At an address.
    Address(Address),
}

impl At {
    /// The path.
    pub fn base(&self) -> &Base {
        match self {
            Self::Path(base) => base,
            Self::Address(address) => address.base(),
        }
    }

    fn address(&self) -> Option<&Address> {
        match self {
            Self::Path(_) => None,
            Self::Address(address) => Some(address),
        }
    }
}

/// Builds and publishes what is missing, and assembles the site in `out`, to be served there.
pub fn assemble(instance: &Instance, build: Build, at: &At, out: &Path) -> Result<()> {
    let published = publish::published(instance)?;
    let built = app::build(build)?;
    put_together(&built, &published, at, out)
}

fn put_together(built: &Path, published: &Path, at: &At, out: &Path) -> Result<()> {
    println!("assembling the portal in {}", out.display());
    empty(out)?;
    copy(built, out)?;
    copy(published, out)?;
    stubs(at, out)?;
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

/// A page for each deep link, so that any static host answers it, and the page for unknown ones. Only the page
/// for unknown ones depends on where the portal is served: it is shown at any depth.
fn stubs(at: &At, out: &Path) -> Result<()> {
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
    fs::write(
        out.join("404.html"),
        page::rebased(&index, at.base().path())?,
    )?;
    fs::write(out.join("index.html"), page::below(&index, 0)?)?;
    let places = json(&out.join(text(&manifest["places"])?))?;
    let routes = routes(&manifest, &places);
    let mut made: BTreeMap<&str, String> = BTreeMap::new();
    for program in routes.iter().filter_map(|route| program(route)) {
        if !made.contains_key(program) {
            let (html, file, start) = app::of_program(&index, program)?;
            fs::write(out.join(file), start)?;
            made.insert(program, html);
        }
    }
    let languages = hosting::languages();
    let drawn = out.join("first");
    // Other sites ask for them by a whole address.
    let pictures = match at.address() {
        Some(_) => Pictures::paint(&manifest["datasets"], &languages, &drawn, out)?,
        None => Pictures::default(),
    };
    let teller = Teller::new(&manifest, &places, at.address(), (&drawn, &pictures))?;
    told::write_guard(out)?;
    for language in &languages {
        for route in &routes {
            let folder = Path::new(language).join(route);
            let html = program(route).and_then(|program| made.get(program));
            let html = html.unwrap_or(&index);
            let told = teller.page(html, language, route)?;
            let stub = page::below(&told, folder.components().count())?;
            fs::create_dir_all(out.join(&folder))?;
            fs::write(out.join(&folder).join("index.html"), stub)?;
        }
    }
    embeds(&manifest, out)?;
    for language in &languages {
        teller.write_oembed(language, out)?;
    }
    // They stand in the pages now.
    if drawn.exists() {
        fs::remove_dir_all(&drawn)?;
    }
    Ok(())
}

/// A page for the embedded charts of each dataset.
fn embeds(manifest: &serde_json::Value, out: &Path) -> Result<()> {
    let page = out.join("embed.html");
    let html = fs::read_to_string(&page).context("embed.html was not built")?;
    fs::remove_file(&page)?;
    for language in hosting::languages() {
        for route in each(&manifest["datasets"], "id", hosting::EMBED) {
            let folder = Path::new(language).join(route);
            let stub = page::below(&html, folder.components().count())?;
            fs::create_dir_all(out.join(&folder))?;
            fs::write(out.join(&folder).join("index.html"), stub)?;
        }
    }
    Ok(())
}

/// Pages that every snapshot has, below the language.
const PAGES: [&str; 11] = [
    "",
    "data",
    "places",
    "commitments",
    "changes",
    "downloads",
    "explorer",
    "methods",
    "protection",
    "briefing",
    "about",
];

/// The program that makes a page, where it is not the main one.
pub fn program(route: &str) -> Option<&'static str> {
    match route.split('/').next() {
        Some("" | "data") | None => None,
        Some("explorer") => Some("explorer"),
        Some(_) => Some("annex"),
    }
}

/// The address of every page below the language: those above, one for each dataset, one for each place.
fn routes(manifest: &serde_json::Value, places: &serde_json::Value) -> Vec<String> {
    let mut routes: Vec<String> = PAGES.map(str::to_owned).to_vec();
    routes.extend(each(&manifest["datasets"], "id", "data"));
    routes.extend(each(places, "code", "places"));
    routes
}

/// An address for each item of a list.
fn each(list: &serde_json::Value, key: &str, folder: &str) -> Vec<String> {
    let items = list.as_array().into_iter().flatten();
    let names = items.filter_map(|item| item[key].as_str());
    names
        .filter(|name| !name.contains(['/', '\\']) && !name.starts_with('.'))
        .map(|name| format!("{folder}/{name}"))
        .collect()
}

fn text(value: &serde_json::Value) -> Result<&str> {
    value
        .as_str()
        .context("the manifest names no register of places")
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
        // The programs are most of a first visit: worth some seconds each.
        let program = file.extension().is_some_and(|e| e == "wasm" || e == "js");
        // Large tables are read as Parquet; whoever downloads them as text waits for more than a little compression.
        let quality = match bytes.len() {
            _ if program => 11,
            ..=1_000_000 => 9,
            _ => 4,
        };
        let parameters = brotli::enc::BrotliEncoderParams {
            quality,
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
    use crate::app::LOADER;

    fn write(file: &Path, text: &str) {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    /// A front end and a snapshot, as far as a site is made of them.
    fn lay_out(folder: &Path) {
        let at = |path: &str| folder.join(path);
        let programs = ["annex", "explorer"]
            .map(|name| format!("<meta name=\"mingshi-{name}\" content=\"{name}-1{LOADER}\" />"));
        write(
            &at("built/index.html"),
            &format!(
                "<html lang=\"x\"><head><title></title><meta name=\"description\" content=\"\" />{}</head><body><script src=\"/a.js\"></script></body></html>",
                programs.concat()
            ),
        );
        write(
            &at("built/embed.html"),
            "<script src=\"/frame.js\"></script>",
        );
        write(&at("built/app-0123456789abcdef.js"), "1");
        write(
            &at("published/catalogue.json"),
            r#"{"releases":[{"snapshot":"2020-11-r1"},{"snapshot":"2020-12-r1"}]}"#,
        );
        write(
            &at("published/snapshots/2020-12-r1/manifest.json"),
            r#"{"id":"2020-12-r1","title":{"zh":"明示","en":"Open"},"demonstration":true,"places":"files/areas/places.json",
                "datasets":[{"id":"whistle","title":{"zh":"哨","en":"\"><script>x</script>"},"summary":{"zh":"述","en":"About"},
                    "indicators":[{}],"breakdowns":[{"id":"total","title":{"zh":"全","en":"All"},"path":"files/whistle/a.parquet"}]}],
                "files":[{"path":"files/whistle/a.parquet"}]}"#,
        );
        write(
            &at("published/files/areas/places.json"),
            r#"[{"code":"6401","name":{"zh":"某街道","en":"Some street"}},{"code":"../6402"}]"#,
        );
        write(&at("published/files/whistle/a.parquet"), "PAR1");
        for (path, id) in [("home", "2020-11-r1"), ("data/whistle", "2020-12-r1")] {
            write(
                &at(&format!("published/first/en/{path}.html")),
                &format!(
                    "<div id=\"drawn\" data-snapshot=\"{id}\"><a href=\"/en/data/whistle/\">{path}</a></div>"
                ),
            );
        }
    }

    #[test]
    fn a_site_has_every_deep_link_and_every_host_file() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        lay_out(folder.path());
        for _ in 0..2 {
            put_together(
                &at("built"),
                &at("published"),
                &At::Address("https://data.example/city/portal".parse().unwrap()),
                &at("site"),
            )
            .unwrap();
        }
        for file in [
            "404.html",
            "zh-CN/index.html",
            "en/data/whistle/index.html.br",
            "en/commitments/index.html",
            "en/embed/whistle/index.html",
            "en/embed/whistle/oembed.json",
            "zh-CN/places/6401/index.html",
            "app-0123456789abcdef.js.br",
            "catalogue.json.br",
            "_headers",
            "nginx.conf",
            "Caddyfile",
        ] {
            assert!(at("site").join(file).is_file(), "{file}");
        }
        assert!(!at("site/files/whistle/a.parquet.br").exists());
        assert!(!at("site/embed.html").exists());
        for (file, address) in [
            ("index.html", "./a.js"),
            ("en/index.html", "../a.js"),
            ("zh-CN/data/whistle/index.html", "../../../a.js"),
            ("en/methods/index.html", "../../annex-1.js"),
            ("en/explorer/index.html", "../../explorer-1_bg.wasm"),
            ("404.html", "/city/portal/a.js"),
            ("zh-CN/embed/whistle/index.html", "../../../frame.js"),
        ] {
            let html = fs::read_to_string(at("site").join(file)).unwrap();
            assert!(html.contains(&format!("\"{address}\"")), "{file}: {html}");
        }
    }

    #[test]
    fn a_page_tells_what_it_is_before_its_program_runs() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        lay_out(folder.path());
        let read = |path: &str| fs::read_to_string(at("site").join(path)).unwrap();
        let put =
            |at_: &At| put_together(&at("built"), &at("published"), at_, &at("site")).unwrap();

        put(&At::Path(Base::default()));
        let page = read("en/data/whistle/index.html");
        for told in [
            "<html lang=\"en\">",
            "<title>&quot;&gt;&lt;script&gt;x&lt;/script&gt; · Open</title>",
            "<meta name=\"description\" content=\"About\"",
            "<meta property=\"og:description\" content=\"Demonstration data:",
            "<li>All <a href=\"../../../files/whistle/a.parquet\">PARQUET</a></li>",
            "<p class=\"wide\">Demonstration data:",
            "<li><a href=\"../../../en/data/\" aria-current=\"true\">Data</a></li>",
            "<li><a href=\"../../../en/downloads/\">Downloads</a></li>",
            "<a class=\"switch language\" href=\"../../../zh-CN/data/whistle/\" hreflang=\"zh-CN\" lang=\"zh-CN\"",
            "<div class=\"wide bar-top searched\">",
            "<link rel=\"preload\" href=\"../../../snapshots/2020-12-r1/manifest.json\" as=\"fetch\"",
            "<link rel=\"preload\" href=\"../../../files/areas/places.json\" as=\"fetch\"",
        ] {
            assert!(page.contains(told), "{told}: {page}");
        }
        assert_eq!(page.matches("<script").count(), 2, "{page}");
        let guard = page.split_once("src=\"../../../guard-").unwrap().1;
        let guard = format!("site/guard-{}", guard.split_once('"').unwrap().0);
        assert!(at(&guard).is_file(), "{guard}");
        assert!(page.contains("<a href=\"../../../en/data/whistle/\">data/whistle</a>"));
        // One of an older snapshot is no first view of this one.
        let page = read("en/index.html");
        assert!(!page.contains("id=\"drawn\"") && !page.contains("guard-"));
        assert!(page.contains("<div class=\"wide bar-top\">"));
        assert!(page.contains(" href=\"../zh-CN/\" hreflang") && !page.contains("aria-current"));
        let page = read("en/methods/index.html");
        assert!(page.contains("<a href=\"../../en/methods/\" aria-current=\"page\">"));
        assert!(!at("site/first").exists());
        let page = read("en/data/whistle/index.html");
        assert!(!page.contains("oembed") && !page.contains("og:url"));
        assert!(!page.contains("rel=\"alternate\" hreflang"));
        assert!(!at("site/en/embed/whistle/oembed.json").exists());
        assert!(read("zh-CN/places/6401/index.html").contains("<title>某街道 · 明示</title>"));

        assert!(!page.contains("og:image"));
        put(&At::Address(
            "https://data.example/city/portal".parse().unwrap(),
        ));
        let page = read("en/data/whistle/index.html");
        let answer = "https://data.example/city/portal/en/embed/whistle/oembed.json";
        for told in [
            "property=\"og:url\" content=\"https://data.example/city/portal/en/data/whistle/\"",
            "hreflang=\"zh-CN\" href=\"https://data.example/city/portal/zh-CN/data/whistle/\"",
            &format!(
                "type=\"application/json+oembed\" title=\"&quot;&gt;&lt;script&gt;x&lt;/script&gt;\" href=\"{answer}\""
            ),
        ] {
            assert!(page.contains(told), "{told}: {page}");
        }
        let answer: serde_json::Value =
            serde_json::from_str(&read("en/embed/whistle/oembed.json")).unwrap();
        assert_eq!(answer["version"], "1.0");
        assert_eq!(answer["type"], "rich");
        assert!(answer["width"].is_u64() && answer["height"].is_u64());
        assert!(
            answer["title"]
                .as_str()
                .unwrap()
                .ends_with(" (Demonstration)")
        );
        let html = answer["html"].as_str().unwrap();
        assert!(
            html.starts_with("<iframe src=\"https://data.example/city/portal/en/embed/whistle/\"")
        );
        assert!(!html.contains("<script"), "{html}");
        assert!(!read("en/methods/index.html").contains("oembed"));
    }

    #[test]
    fn a_base_is_a_plain_path() {
        for (text, path) in [("/", "/"), ("", "/"), ("x", "/x/"), ("/x/y-1/", "/x/y-1/")] {
            assert_eq!(text.parse::<Base>().unwrap().path(), path, "{text}");
        }
        for text in ["/../x", "/a b/", "http://x/", "/x?y"] {
            assert!(text.parse::<Base>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_folder_of_others_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("thesis.txt"), "x").unwrap();
        assert!(empty(folder.path()).is_err());
        assert!(folder.path().join("thesis.txt").is_file());
    }
}
