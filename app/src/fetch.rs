//! The only place that talks to the network, on the main thread and in the worker.

use std::ops::Range;

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Request, RequestCache, RequestInit, Response};

use crate::protocol::Failure;

/// How fresh an answer has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// The file never changes: any cache may answer.
    Immutable,
    /// The file changes: the server has to be asked.
    Newest,
}

/// A whole file.
pub async fn file(url: &str, freshness: Freshness) -> Result<Vec<u8>, Failure> {
    let cache = match freshness {
        Freshness::Immutable => RequestCache::Default,
        Freshness::Newest => RequestCache::NoCache,
    };
    Ok(get(url, cache, None, None).await?.1)
}

/// Bytes of a file, and where they begin: a server without ranges answers with the whole file.
/// The signal ends the request.
pub async fn range(
    url: &str,
    range: &Range<u64>,
    signal: Option<&AbortSignal>,
) -> Result<(u64, Vec<u8>), Failure> {
    let (status, bytes) = get(url, RequestCache::NoStore, Some(range), signal).await?;
    Ok((if status == 206 { range.start } else { 0 }, bytes))
}

async fn get(
    url: &str,
    cache: RequestCache,
    range: Option<&Range<u64>>,
    signal: Option<&AbortSignal>,
) -> Result<(u16, Vec<u8>), Failure> {
    let unreachable = |_: JsValue| Failure::Unreachable { what: name(url) };
    let init = RequestInit::new();
    init.set_cache(cache);
    init.set_signal(signal);
    let request = Request::new_with_str_and_init(url, &init).map_err(unreachable)?;
    if let Some(range) = range {
        let value = format!("bytes={}-{}", range.start, range.end.saturating_sub(1));
        request
            .headers()
            .set("Range", &value)
            .map_err(unreachable)?;
    }
    let global = js_sys::global();
    let promise = if let Some(window) = global.dyn_ref::<web_sys::Window>() {
        window.fetch_with_request(&request)
    } else {
        global
            .unchecked_into::<web_sys::WorkerGlobalScope>()
            .fetch_with_request(&request)
    };
    let answer = JsFuture::from(promise).await.map_err(unreachable)?;
    let response: Response = answer.unchecked_into();
    if !response.ok() {
        let code = response.status();
        return Err(Failure::Missing {
            what: name(url),
            code,
        });
    }
    let buffer = JsFuture::from(response.array_buffer().map_err(unreachable)?)
        .await
        .map_err(unreachable)?;
    Ok((response.status(), js_sys::Uint8Array::new(&buffer).to_vec()))
}

/// A file's name, for messages.
pub fn name(url: &str) -> String {
    url.rsplit('/').next().unwrap_or(url).to_owned()
}
