//! The query worker: fetches byte ranges, checks and decodes them, answers with a small table.
//!
//! It may die on a hostile file; the main thread then starts another.

use app::{
    fetch,
    protocol::{Answer, Failure, Question, READY},
};
use query::{FileFacts, ReadError, Reader, Step, Table};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

fn main() {
    console_error_panic_hook::set_once();
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let on_message = Closure::<dyn Fn(MessageEvent)>::new({
        let scope = scope.clone();
        move |event: MessageEvent| {
            let Some(question) = event
                .data()
                .as_string()
                .and_then(|text| serde_json::from_str::<Question>(&text).ok())
            else {
                return;
            };
            let scope = scope.clone();
            wasm_bindgen_futures::spawn_local(async move {
                let id = question.id;
                let outcome = answer(question).await;
                // JSON has no NaN: a file that holds one is refused here, not on the main thread.
                if let Ok(text) = serde_json::to_string(&Answer { id, outcome }) {
                    let _ = scope.post_message(&JsValue::from_str(&text));
                }
            });
        }
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    let _ = scope.post_message(&JsValue::from_str(READY));
}

async fn answer(question: Question) -> Result<Table, Failure> {
    let what = fetch::name(&question.url);
    let failed = |error: ReadError| {
        let (what, details) = (what.clone(), error.to_string());
        match error {
            ReadError::Damaged { .. } | ReadError::WrongRange { .. } => {
                Failure::Damaged { what, details }
            }
            _ => Failure::Unreadable { what, details },
        }
    };
    let facts = FileFacts {
        bytes: question.bytes,
        blocks: question.blocks,
    };
    let mut reader = Reader::new(facts, question.query).map_err(failed)?;
    // A server without ranges sends everything once.
    let mut whole: Option<Vec<u8>> = None;
    loop {
        let ranges = match reader.step().map_err(failed)? {
            Step::Done(table) => return Ok(table),
            Step::Need(ranges) => ranges,
        };
        for range in ranges {
            let bytes = match &whole {
                Some(whole) => part(whole, &range),
                None => {
                    let (start, bytes) = fetch::range(&question.url, &range).await?;
                    if start == range.start && bytes.len() as u64 == range.end - range.start {
                        bytes
                    } else if start == 0 {
                        let bytes = whole.insert(bytes);
                        part(bytes, &range)
                    } else {
                        bytes
                    }
                }
            };
            reader.supply(range, bytes).map_err(failed)?;
        }
    }
}

/// A part of the whole file; empty, which the reader refuses, when the file is too short.
fn part(whole: &[u8], range: &std::ops::Range<u64>) -> Vec<u8> {
    let index = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
    whole
        .get(index(range.start)..index(range.end))
        .unwrap_or_default()
        .to_vec()
}
