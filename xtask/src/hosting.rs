//! What a web server has to send with each file: for the preview server, and as files for static hosts.

use std::{fmt::Write, fs, path::Path};

use anyhow::Result;
use contract::text::Language;

/// The folder, below the language, of the pages that other sites may frame.
pub const EMBED: &str = "embed";

/// What a page may load. Who may frame it is said separately.
macro_rules! policy {
    () => {
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none'"
    };
}

const POLICY: &str = "Content-Security-Policy";
const NOT_FRAMED: &str = concat!(policy!(), "; frame-ancestors 'none'");
/// The portal shows previews of its own embeds, and any other site shows them too.
const FRAMED: &str = concat!(policy!(), "; frame-ancestors *");
/// For hosts that cannot say one thing of a folder and another of all the rest: browsers heed it only where no
/// policy names `frame-ancestors`.
const FRAME_OPTIONS: (&str, &str) = ("X-Frame-Options", "DENY");

/// The languages of the portal, as they stand in addresses.
pub fn languages() -> Vec<&'static str> {
    Language::ALL.map(Language::tag).to_vec()
}

/// Sent with every answer, besides the policy.
const SECURITY: [(&str, &str); 3] = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
];

/// Security headers of the answer to an address.
pub fn security(path: &str) -> Vec<(&'static str, &'static str)> {
    let mut headers = SECURITY.to_vec();
    if is_embed(path) {
        headers.push((POLICY, FRAMED));
    } else {
        headers.extend([(POLICY, NOT_FRAMED), FRAME_OPTIONS]);
    }
    headers
}

/// Whether other sites may frame an address: `/<language>/embed/…`.
pub fn is_embed(path: &str) -> bool {
    let mut segments = path.split('/').skip(1);
    let language = segments.next().and_then(Language::from_tag).is_some();
    language && segments.next() == Some(EMBED) && segments.next().is_some_and(|it| !it.is_empty())
}

const IMMUTABLE: &str = "public, max-age=31536000, immutable";
const FRESH: &str = "no-cache";

/// How long a file may be kept: for good when its address changes with its content.
pub fn cache_control(path: &str) -> &'static str {
    if is_pinned(path) { IMMUTABLE } else { FRESH }
}

/// The address holds a hash of the content: data under `/files/`, and `…-<16 hexadecimal digits>` of the app.
pub fn is_pinned(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    path.starts_with("/files/")
        || name.split('-').skip(1).any(|part| {
            let digits = part
                .bytes()
                .take_while(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
                .count();
            digits == 16 && matches!(part.as_bytes().get(16), Some(b'.' | b'_'))
        })
}

/// The media type of a file.
pub fn mime(file: &Path) -> &'static str {
    match file.extension().and_then(|e| e.to_str()).unwrap_or("") {
        "css" => "text/css; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "ico" => "image/x-icon",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "parquet" => "application/vnd.apache.parquet",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        "xml" => "application/xml",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}

/// Writes the settings of common hosts beside the site; `paths` are the addresses of its files.
pub fn write(out: &Path, paths: &[String]) -> Result<()> {
    fs::write(out.join("_headers"), netlify(paths)?)?;
    fs::write(out.join("nginx.conf"), nginx()?)?;
    fs::write(out.join("Caddyfile"), caddy()?)?;
    Ok(())
}

/// Netlify, Cloudflare Pages and others that read `_headers`, which knows prefixes but no patterns, and joins
/// the values that several prefixes give to one header: policies add up, so only those below name who may frame.
fn netlify(paths: &[String]) -> Result<String> {
    let mut text = "/*\n".to_owned();
    for (name, value) in SECURITY {
        writeln!(text, "  {name}: {value}")?;
    }
    writeln!(text, "  {POLICY}: {}", policy!())?;
    writeln!(text, "  {}: {}", FRAME_OPTIONS.0, FRAME_OPTIONS.1)?;
    for language in languages() {
        writeln!(text, "\n/{language}/{EMBED}/*\n  {POLICY}: {FRAMED}")?;
    }
    writeln!(text, "\n/files/*\n  Cache-Control: {IMMUTABLE}")?;
    for path in paths {
        if is_pinned(path) && !path.starts_with("/files/") && !path.ends_with(".br") {
            writeln!(text, "\n{path}\n  Cache-Control: {IMMUTABLE}")?;
        }
    }
    Ok(text)
}

/// The addresses that other sites may frame, as a regular expression.
fn embed_pattern() -> String {
    format!("^/({})/{EMBED}/.+", languages().join("|"))
}

fn nginx() -> Result<String> {
    let mut text = format!(
        r#"# Include this file in nginx's `http` block, and set `server_name` and `root`.
# Only addresses that hold a hash may be kept, and never an error.
map "$status $uri" $mingshi_cache {{
    default "{FRESH}";
    "~^(200|206|304) /files/" "{IMMUTABLE}";
    "~^(200|206|304) /.*-[0-9a-f]{{16}}[._][^/]*$" "{IMMUTABLE}";
}}
# Other sites may frame the pages of embedded charts, and nothing else.
map $uri $mingshi_policy {{
    default "{NOT_FRAMED}";
    "{pattern}" "{FRAMED}";
}}
map $uri $mingshi_frames {{
    default {frames};
    "{pattern}" "";
}}
server {{
    listen 80;
    server_name portal.example;
    root /srv/mingshi;
    error_page 404 /404.html;
    # brotli_static on;  # with the module ngx_brotli: sends the .br files
    add_header Cache-Control $mingshi_cache always;
    add_header {POLICY} $mingshi_policy always;
    add_header {options} $mingshi_frames always;
"#,
        pattern = format_args!("~{}", embed_pattern()),
        options = FRAME_OPTIONS.0,
        frames = FRAME_OPTIONS.1,
    );
    for (name, value) in SECURITY {
        writeln!(text, "    add_header {name} \"{value}\" always;")?;
    }
    text.push_str(
        r#"    location / { try_files $uri $uri/index.html =404; }
    location ~ \.csv$ { types {} default_type "text/csv; charset=utf-8"; }
    location ~ \.parquet$ { types {} default_type application/vnd.apache.parquet; }
    location ~ \.wasm$ { types {} default_type application/wasm; }
}
"#,
    );
    Ok(text)
}

fn caddy() -> Result<String> {
    let mut text = "# Put your host name in place of portal.example.\nportal.example {\n\troot * /srv/mingshi\n\theader {\n".to_owned();
    for (name, value) in SECURITY {
        writeln!(text, "\t\t{name} \"{value}\"")?;
    }
    let pattern = embed_pattern();
    write!(
        text,
        "\t}}\n\t@framed path_regexp `{pattern}`\n\t@unframed not path_regexp `{pattern}`\n\theader @framed {POLICY} \"{FRAMED}\"\n\theader @unframed {POLICY} \"{NOT_FRAMED}\"\n\theader @unframed {} {}\n\t@pinned path_regexp `^/files/|-[0-9a-f]{{16}}[._][^/]*$`\n\t@fresh not path_regexp `^/files/|-[0-9a-f]{{16}}[._][^/]*$`\n\theader @pinned Cache-Control \"{IMMUTABLE}\"\n\theader @fresh Cache-Control {FRESH}\n\t@parquet path *.parquet\n\theader @parquet Content-Type application/vnd.apache.parquet\n\tfile_server {{\n\t\tprecompressed br\n\t}}\n\thandle_errors 404 {{\n\t\theader Cache-Control {FRESH}\n\t\trewrite * /404.html\n\t\tfile_server\n\t}}\n}}\n",
        FRAME_OPTIONS.0, FRAME_OPTIONS.1,
    )?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hashed_addresses_are_kept_for_good() {
        for path in [
            "/files/whistle/month-0123456789abcdef.parquet",
            "/app-0123456789abcdef.js",
            "/app-0123456789abcdef_bg.wasm",
        ] {
            assert!(is_pinned(path), "{path}");
        }
        for path in [
            "/",
            "/catalogue.json",
            "/en/index.html",
            "/worker_bg.wasm",
            "/app-0123456789abcdeg.js",
            "/app-0123456789abcdef0.js",
            "/app-0123456789abcdef/index.html",
        ] {
            assert!(!is_pinned(path), "{path}");
        }
    }

    #[test]
    fn media_types() {
        for (file, expected) in [
            ("a.wasm", "application/wasm"),
            ("a.parquet", "application/vnd.apache.parquet"),
            ("a.csv", "text/csv; charset=utf-8"),
            ("a.js", "text/javascript; charset=utf-8"),
            ("a", "application/octet-stream"),
        ] {
            assert_eq!(mime(Path::new(file)), expected, "{file}");
        }
    }

    #[test]
    fn every_host_file_carries_every_security_header() {
        let files = [netlify(&[]), nginx(), caddy()];
        for file in files.map(Result::unwrap) {
            for (name, value) in SECURITY.into_iter().chain([FRAME_OPTIONS]) {
                assert!(file.contains(name) && file.contains(value), "{name}");
            }
            assert!(file.contains(policy!()) && file.contains(FRAMED), "{file}");
        }
        let netlify = netlify(&["/app-0123456789abcdef.js".into(), "/worker.js".into()]).unwrap();
        assert!(netlify.contains("/app-0123456789abcdef.js") && !netlify.contains("/worker.js"));
    }

    #[test]
    fn only_embeds_may_be_framed() {
        for path in ["/en/embed/whistle/", "/zh-CN/embed/space/index.html"] {
            let headers = security(path);
            assert!(headers.contains(&(POLICY, FRAMED)), "{path}");
            assert!(!headers.contains(&FRAME_OPTIONS), "{path}");
        }
        for path in [
            "/",
            "/en/",
            "/en/embed",
            "/en/embed/",
            "/embed/whistle/",
            "/fr/embed/whistle/",
            "/en/data/embed/",
            "/files/en/embed/x",
            "/404.html",
        ] {
            let headers = security(path);
            assert!(headers.contains(&(POLICY, NOT_FRAMED)), "{path}");
            assert!(headers.contains(&FRAME_OPTIONS), "{path}");
        }
        assert!(!policy!().contains("frame-ancestors"));
    }

    /// Where the values of one header are joined, the strictest would win: the one for every address must leave
    /// framing to the other header.
    #[test]
    fn a_host_that_joins_headers_frames_embeds_too() {
        let text = netlify(&[]).unwrap();
        let (all, embeds) = text.split_once("\n\n").unwrap();
        assert!(all.starts_with("/*\n") && !all.contains("frame-ancestors"));
        assert_eq!(
            embeds.matches("frame-ancestors *").count(),
            languages().len()
        );
    }
}
