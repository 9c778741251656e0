//! The preview server: a folder on loopback, with ranges, precompressed files and the security headers.

use std::{
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom},
    net::TcpListener,
    path::{Component, Path, PathBuf},
    thread::{self, JoinHandle},
};

use anyhow::{Result, anyhow};
use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{HeaderName, HeaderValue, Method, Response, StatusCode, header},
};

use crate::{
    hosting::{cache_control, mime, security},
    site::Base,
};

/// A server that answers for as long as the program runs.
pub struct Server {
    /// `http://127.0.0.1:<port>/`, followed by the base path
    pub address: String,
    thread: JoinHandle<io::Result<()>>,
}

impl Server {
    /// Serves until the program is stopped.
    ///
    /// # Errors
    /// When the server cannot go on.
    pub fn wait(self) -> Result<()> {
        match self.thread.join() {
            Ok(ended) => Ok(ended?),
            Err(_) => Err(anyhow!("the preview server broke down")),
        }
    }
}

/// Serves a folder on loopback under a base path; port 0 takes any free one.
pub fn start(folder: &Path, base: &Base, port: u16) -> Result<Server> {
    let listener = TcpListener::bind(("127.0.0.1", port))
        .map_err(|e| anyhow!("port {port} cannot be used: {e}. Choose another with --port"))?;
    listener.set_nonblocking(true)?;
    let address = format!("http://{}{}", listener.local_addr()?, base.path());
    let (folder, base) = (folder.to_owned(), base.clone());
    let portal = Router::new().fallback(move |request: Request| {
        let response = answer(&folder, &base, &request);
        async move { response }
    });
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_io()
        .build()?;
    let thread = thread::spawn(move || {
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            axum::serve(listener, portal).await
        })
    });
    Ok(Server { address, thread })
}

fn asked<'a>(request: &'a Request, name: &HeaderName) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}

/// A response with the security headers of its address.
fn respond(path: &str, status: StatusCode, body: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    for (name, value) in security(path) {
        if let Ok(name) = HeaderName::try_from(name) {
            let value = HeaderValue::from_static(value);
            response.headers_mut().insert(name, value);
        }
    }
    response
}

fn refuse(status: StatusCode, text: &str) -> Response<Body> {
    let mut response = respond("/", status, text.as_bytes().to_vec());
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, plain);
    if status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
    }
    response
}

fn answer(folder: &Path, base: &Base, request: &Request) -> Response<Body> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return refuse(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD");
    }
    let path = request.uri().path();
    let below = path.strip_prefix(base.path().trim_end_matches('/'));
    let Some(path) = below.filter(|path| path.starts_with('/')) else {
        return refuse(
            StatusCode::NOT_FOUND,
            "not found: the portal is served under another path",
        );
    };
    let page = Path::new(path).extension().is_none();
    let (file, status) = match find(folder, path) {
        Some(file) => (file, StatusCode::OK),
        None if page => (folder.join("404.html"), StatusCode::NOT_FOUND),
        None => return refuse(StatusCode::NOT_FOUND, "not found"),
    };
    let range = asked(request, &header::RANGE)
        .filter(|_| status == StatusCode::OK && *request.method() == Method::GET);
    let parquet = file.extension().is_some_and(|e| e == "parquet");
    let br = file.with_file_name(format!(
        "{}.br",
        file.file_name().unwrap_or_default().to_string_lossy()
    ));
    let has_br = !parquet && br.is_file();
    let brotli = has_br
        && range.is_none()
        && asked(request, &header::ACCEPT_ENCODING).is_some_and(takes_brotli);
    let sent = if brotli { &br } else { &file };
    let Ok(length) = fs::metadata(sent).map(|about| about.len()) else {
        return refuse(StatusCode::NOT_FOUND, "not found");
    };
    let (status, start, count, part) = match range.map(|text| parse_range(text, length)) {
        None | Some(Range::Ignored) => (status, 0, length, None),
        Some(Range::Unsatisfiable) => {
            let part = format!("bytes */{length}");
            (StatusCode::RANGE_NOT_SATISFIABLE, 0, 0, Some(part))
        }
        Some(Range::Part(start, end)) => {
            let part = format!("bytes {start}-{}/{length}", end - 1);
            (StatusCode::PARTIAL_CONTENT, start, end - start, Some(part))
        }
    };
    let Ok(body) = read(sent, start, count) else {
        return refuse(StatusCode::NOT_FOUND, "not found");
    };
    let framed = if status == StatusCode::NOT_FOUND {
        "/"
    } else {
        path
    };
    let mut response = respond(framed, status, body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime(&file)));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if has_br {
        let vary = HeaderValue::from_static("Accept-Encoding");
        headers.insert(header::VARY, vary);
    }
    if brotli {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    if let Some(part) = part.and_then(|part| HeaderValue::try_from(part).ok()) {
        headers.insert(header::CONTENT_RANGE, part);
    }
    let found = matches!(status, StatusCode::OK | StatusCode::PARTIAL_CONTENT);
    let cache = if found {
        cache_control(path)
    } else {
        "no-cache"
    };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}

fn read(file: &Path, start: u64, count: u64) -> io::Result<Vec<u8>> {
    let mut input = File::open(file)?;
    input.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    input.take(count).read_to_end(&mut bytes)?;
    Ok(bytes)
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
    use std::{io::Write, net::TcpStream, time::Duration};

    use super::*;

    /// A browser opens several connections at once and keeps them: none may wait for another to be closed.
    #[test]
    fn connections_that_stay_open_keep_no_other_waiting() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("index.html"), "<p>portal</p>").unwrap();
        let server = start(folder.path(), &"/x/".parse().unwrap(), 0).unwrap();
        let host = server.address["http://".len()..].split('/').next().unwrap();
        let connections: Vec<TcpStream> = (0..40)
            .map(|_| {
                let mut connection = TcpStream::connect(host).unwrap();
                write!(connection, "GET /x/ HTTP/1.1\r\nHost: {host}\r\n\r\n").unwrap();
                connection
            })
            .collect();
        for mut connection in &connections {
            connection
                .set_read_timeout(Some(Duration::from_secs(20)))
                .unwrap();
            let mut start = [0; 15];
            connection.read_exact(&mut start).unwrap();
            assert_eq!(&start, b"HTTP/1.1 200 OK");
        }
    }

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
