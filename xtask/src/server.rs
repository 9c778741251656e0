//! The preview server: a folder on loopback, with ranges, precompressed files and the security headers.

use std::{
    fs::{self, File},
    io::{Read, Seek, SeekFrom},
    path::{Component, Path, PathBuf},
    sync::Arc,
    thread::{self, JoinHandle},
};

use anyhow::{Result, anyhow};
use tiny_http::{Header, Method, Request, Response, StatusCode};

use crate::{
    hosting::{SECURITY, cache_control, mime},
    site::Base,
};

const THREADS: usize = 8;

/// A server that answers for as long as the program runs.
pub struct Server {
    /// `http://127.0.0.1:<port>/`, followed by the base path
    pub address: String,
    threads: Vec<JoinHandle<()>>,
}

impl Server {
    /// Serves until the program is stopped.
    pub fn wait(self) {
        self.threads
            .into_iter()
            .for_each(|thread| drop(thread.join()));
    }
}

/// Serves a folder on loopback under a base path; port 0 takes any free one.
pub fn start(folder: &Path, base: &Base, port: u16) -> Result<Server> {
    let server = tiny_http::Server::http(("127.0.0.1", port))
        .map_err(|e| anyhow!("port {port} cannot be used: {e}. Choose another with --port"))?;
    let address = format!("http://{}{}", server.server_addr(), base.path());
    let server = Arc::new(server);
    let threads = (0..THREADS).map(|_| {
        let (server, folder, base) = (server.clone(), folder.to_owned(), base.clone());
        thread::spawn(move || {
            while let Ok(request) = server.recv() {
                // A reader that goes away is no fault of the server's.
                let _ = answer(&folder, &base, request);
            }
        })
    });
    Ok(Server {
        address,
        threads: threads.collect(),
    })
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

fn refuse(request: Request, status: u16, text: &str) -> std::io::Result<()> {
    let mut response = Response::from_string(text).with_status_code(status);
    let more = [("Cache-Control", "no-cache"), ("Allow", "GET, HEAD")];
    for (name, value) in SECURITY
        .iter()
        .chain(&more[..if status == 405 { 2 } else { 1 }])
    {
        header(name, value)
            .into_iter()
            .for_each(|h| response.add_header(h));
    }
    request.respond(response)
}

fn answer(folder: &Path, base: &Base, request: Request) -> std::io::Result<()> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return refuse(request, 405, "only GET and HEAD");
    }
    let path = request.url().split(['?', '#']).next().unwrap_or("/");
    let Some(path) = path.strip_prefix(base.path().trim_end_matches('/')) else {
        return refuse(
            request,
            404,
            "not found: the portal is served under another path",
        );
    };
    let page = Path::new(path).extension().is_none();
    let (file, status) = match find(folder, path) {
        Some(file) => (file, 200),
        None if page => (folder.join("404.html"), 404),
        None => return refuse(request, 404, "not found"),
    };
    let cache = if status == 200 {
        cache_control(path)
    } else {
        "no-cache"
    };
    let range = asked(&request, "Range")
        .filter(|_| status == 200 && *request.method() == Method::Get)
        .map(str::to_owned);
    let parquet = file.extension().is_some_and(|e| e == "parquet");
    let br = file.with_file_name(format!(
        "{}.br",
        file.file_name().unwrap_or_default().to_string_lossy()
    ));
    let has_br = !parquet && br.is_file();
    let brotli =
        has_br && range.is_none() && asked(&request, "Accept-Encoding").is_some_and(takes_brotli);
    let Ok(mut input) = File::open(if brotli { &br } else { &file }) else {
        return refuse(request, 404, "not found");
    };
    let length = input.metadata()?.len();
    let mut headers: Vec<Header> = SECURITY.iter().filter_map(|(n, v)| header(n, v)).collect();
    let mut say = |name: &str, value: &str| headers.extend(header(name, value));
    say("Content-Type", mime(&file));
    say("Accept-Ranges", "bytes");
    if has_br {
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
    say(
        "Cache-Control",
        if status == 416 { "no-cache" } else { cache },
    );
    input.seek(SeekFrom::Start(start))?;
    let response = Response::new(
        StatusCode(status),
        headers,
        input.take(count),
        usize::try_from(count).ok(),
        None,
    );
    request.respond(response.with_chunked_threshold(usize::MAX))
}

/// Whether an `Accept-Encoding` names Brotli with a weight above nought.
fn takes_brotli(accepted: &str) -> bool {
    accepted.split(',').any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, "q=1"));
        let weight = weight.trim().strip_prefix("q=").map(str::parse::<f32>);
        name.trim().eq_ignore_ascii_case("br") && weight.is_none_or(|w| w.is_ok_and(|w| w > 0.0))
    })
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
            let mut digit = || char::from(rest.next()?).to_digit(16);
            bytes.push(u8::try_from(digit()? * 16 + digit()?).ok()?);
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
    fn brotli_is_sent_to_those_who_take_it() {
        for (accepted, expected) in [
            ("gzip, deflate, br, zstd", true),
            ("br;q=0.5", true),
            ("br;q=0", false),
            ("gzip, brave", false),
            ("", false),
        ] {
            assert_eq!(takes_brotli(accepted), expected, "{accepted}");
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
            "/%+5rc",
            "/nothing",
        ] {
            assert_eq!(find(folder, path), None, "{path}");
        }
    }
}
