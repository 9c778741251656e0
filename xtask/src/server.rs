//! The preview server: a folder on loopback, with ranges, precompressed files and the security headers.

use std::{
    fs::{self, File},
    io::{Read, Seek, SeekFrom, Write},
    path::{Component, Path, PathBuf},
    sync::Arc,
    thread,
};

use anyhow::{Result, anyhow};
use tiny_http::{Header, Method, Request, Response, Server, StatusCode};

/// Sent with every answer, and written for static hosts.
pub const HEADERS: [(&str, &str); 4] = [
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none'; frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
];

const THREADS: usize = 8;

fn listen(folder: &Path, port: u16) -> Result<(String, Vec<thread::JoinHandle<()>>)> {
    let server = Server::http(("127.0.0.1", port))
        .map_err(|e| anyhow!("port {port} cannot be used: {e}. Choose another with --port"))?;
    let address = format!("http://{}/", server.server_addr());
    let server = Arc::new(server);
    let threads = (0..THREADS).map(|_| {
        let (server, folder) = (server.clone(), folder.to_owned());
        thread::spawn(move || {
            while let Ok(request) = server.recv() {
                // A reader that goes away is no fault of the server's.
                let _ = answer(&folder, request);
            }
        })
    });
    Ok((address, threads.collect()))
}

/// Serves a folder until the program is stopped, after printing the address.
pub fn serve(folder: &Path, port: u16, announce: bool) -> Result<()> {
    let (address, threads) = listen(folder, port)?;
    if announce {
        println!("serving {}; stop with Ctrl-C", folder.display());
        println!("{address}");
        std::io::stdout().flush()?;
    }
    threads.into_iter().for_each(|thread| drop(thread.join()));
    Ok(())
}

/// Serves a folder for as long as the program runs, and returns the address.
pub fn background(folder: &Path) -> Result<String> {
    Ok(listen(folder, 0)?.0)
}

fn header(name: &str, value: &str) -> Option<Header> {
    Header::from_bytes(name, value).ok()
}

fn asked<'a>(request: &'a Request, name: &'static str) -> Option<&'a str> {
    request
        .headers()
        .iter()
        .find(|h| h.field.equiv(name))
        .map(|h| h.value.as_str())
}

fn answer(folder: &Path, request: Request) -> std::io::Result<()> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return request.respond(Response::from_string("only GET and HEAD").with_status_code(405));
    }
    let path = request
        .url()
        .split(['?', '#'])
        .next()
        .unwrap_or("/")
        .to_owned();
    let (file, status) = match find(folder, &path) {
        Some(file) => (file, 200),
        None => (folder.join("404.html"), 404),
    };
    let range = (status == 200)
        .then(|| asked(&request, "Range"))
        .flatten()
        .map(str::to_owned);
    let br = file.with_file_name(format!(
        "{}.br",
        file.file_name().unwrap_or_default().to_string_lossy()
    ));
    let brotli = range.is_none()
        && asked(&request, "Accept-Encoding").is_some_and(|a| a.contains("br"))
        && br.is_file();
    let Ok(mut input) = File::open(if brotli { &br } else { &file }) else {
        return request.respond(Response::from_string("not found").with_status_code(404));
    };
    let length = input.metadata()?.len();
    let mut headers: Vec<Header> = HEADERS.iter().filter_map(|(n, v)| header(n, v)).collect();
    let mut say = |name: &str, value: &str| headers.extend(header(name, value));
    say("Content-Type", mime(&file));
    say("Accept-Ranges", "bytes");
    say(
        "Cache-Control",
        if path.starts_with("/files/") {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        },
    );
    if br.is_file() {
        say("Vary", "Accept-Encoding");
    }
    if brotli {
        say("Content-Encoding", "br");
    }
    let (status, start, count) = match range.map(|text| parse_range(&text, length)) {
        None | Some(Range::Ignored) => (status, 0, length),
        Some(Range::Unsatisfiable) => {
            say("Content-Range", &format!("bytes */{length}"));
            (416, 0, 0)
        }
        Some(Range::Part(start, end)) => {
            say(
                "Content-Range",
                &format!("bytes {start}-{}/{length}", end - 1),
            );
            (206, start, end - start)
        }
    };
    input.seek(SeekFrom::Start(start))?;
    let body = input.take(count);
    request.respond(
        Response::new(
            StatusCode(status),
            headers,
            body,
            usize::try_from(count).ok(),
            None,
        )
        .with_chunked_threshold(usize::MAX),
    )
}

/// The file of a URL path; none when there is none, or when the path would leave the folder.
fn find(folder: &Path, path: &str) -> Option<PathBuf> {
    let relative = decode(path.trim_start_matches('/'))?;
    let relative = Path::new(&relative);
    if !relative
        .components()
        .all(|c| matches!(c, Component::Normal(_)))
    {
        return None;
    }
    let full = folder.join(relative);
    let full = if full.is_dir() {
        full.join("index.html")
    } else {
        full
    };
    let inside = fs::canonicalize(&full)
        .ok()?
        .starts_with(fs::canonicalize(folder).ok()?);
    (inside && full.is_file()).then_some(full)
}

fn decode(path: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes)
        .ok()
        .filter(|text| !text.contains(['\0', '\\']))
}

#[derive(Debug, PartialEq, Eq)]
enum Range {
    Part(u64, u64),
    Unsatisfiable,
    Ignored,
}

/// One range of bytes (RFC 9110, section 14); several ranges may be answered whole.
fn parse_range(text: &str, length: u64) -> Range {
    let Some((from, to)) = text.strip_prefix("bytes=").and_then(|t| t.split_once('-')) else {
        return Range::Ignored;
    };
    let (start, end) = match (from.trim().parse::<u64>(), to.trim().parse::<u64>()) {
        (Ok(from), Ok(to)) if from <= to => (from, to.saturating_add(1).min(length)),
        (Ok(from), Err(_)) if to.trim().is_empty() => (from, length),
        (Err(_), Ok(last)) if from.trim().is_empty() => (length.saturating_sub(last), length),
        _ => return Range::Ignored,
    };
    if start < end {
        Range::Part(start, end)
    } else {
        Range::Unsatisfiable
    }
}

fn mime(file: &Path) -> &'static str {
    match file.extension().and_then(|e| e.to_str()).unwrap_or("") {
        "css" => "text/css; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" | "webmanifest" => "application/json",
        "parquet" => "application/vnd.apache.parquet",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_rfc_9110_says() {
        let cases = [
            ("bytes=0-9", Range::Part(0, 10)),
            ("bytes=90-", Range::Part(90, 100)),
            ("bytes=-10", Range::Part(90, 100)),
            ("bytes=-1000", Range::Part(0, 100)),
            ("bytes=50-1000", Range::Part(50, 100)),
            ("bytes=100-", Range::Unsatisfiable),
            ("bytes=-0", Range::Unsatisfiable),
            ("bytes=9-0", Range::Ignored),
            ("bytes=0-1,5-6", Range::Ignored),
            ("lines=0-9", Range::Ignored),
            ("bytes=0-18446744073709551615", Range::Part(0, 100)),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_range(text, 100), expected, "{text}");
        }
    }

    #[test]
    fn paths_stay_inside_the_folder() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert!(find(folder, "/src/main.rs").is_some());
        assert!(find(folder, "/src/%6Dain.rs").is_some());
        for path in [
            "/../Cargo.toml",
            "/%2e%2e/Cargo.toml",
            "/src/../../Cargo.toml",
            "/src\\main.rs",
            "/%00",
            "/%",
            "/nothing",
        ] {
            assert_eq!(find(folder, path), None, "{path}");
        }
    }
}
