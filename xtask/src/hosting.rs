//! What a web server has to send with each file: for the preview server, and as files for static hosts.

use std::{fmt::Write, fs, path::Path};

use anyhow::Result;

/// Sent with every answer.
pub const SECURITY: [(&str, &str); 4] = [
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none'; frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
];

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

/// Netlify, Cloudflare Pages and others that read `_headers`, which knows prefixes but no patterns.
fn netlify(paths: &[String]) -> Result<String> {
    let mut text = "/*\n".to_owned();
    for (name, value) in SECURITY {
        writeln!(text, "  {name}: {value}")?;
    }
    writeln!(text, "\n/files/*\n  Cache-Control: {IMMUTABLE}")?;
    for path in paths {
        if is_pinned(path) && !path.starts_with("/files/") && !path.ends_with(".br") {
            writeln!(text, "\n{path}\n  Cache-Control: {IMMUTABLE}")?;
        }
    }
    Ok(text)
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
server {{
    listen 80;
    server_name portal.example;
    root /srv/mingshi;
    error_page 404 /404.html;
    # brotli_static on;  # with the module ngx_brotli: sends the .br files
    add_header Cache-Control $mingshi_cache always;
"#
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
    write!(
        text,
        "\t}}\n\t@pinned path_regexp `^/files/|-[0-9a-f]{{16}}[._][^/]*$`\n\t@fresh not path_regexp `^/files/|-[0-9a-f]{{16}}[._][^/]*$`\n\theader @pinned Cache-Control \"{IMMUTABLE}\"\n\theader @fresh Cache-Control {FRESH}\n\t@parquet path *.parquet\n\theader @parquet Content-Type application/vnd.apache.parquet\n\tfile_server {{\n\t\tprecompressed br\n\t}}\n\thandle_errors 404 {{\n\t\theader Cache-Control {FRESH}\n\t\trewrite * /404.html\n\t\tfile_server\n\t}}\n}}\n"
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
            for (name, value) in SECURITY {
                assert!(file.contains(name) && file.contains(value), "{name}");
            }
        }
        let netlify = netlify(&["/app-0123456789abcdef.js".into(), "/worker.js".into()]).unwrap();
        assert!(netlify.contains("/app-0123456789abcdef.js") && !netlify.contains("/worker.js"));
    }
}
