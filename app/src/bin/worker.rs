//! The query worker: fetches byte ranges, checks and decodes them, answers with a small table; and draws charts.
//!
//! It may die on a hostile file; the main thread then starts another.

use std::{cell::RefCell, collections::BTreeMap};

use app::{
    fetch,
    protocol::{Answer, Ask, Drawn, Failure, Progress, Question, READY, Request, Sketch, Underway},
};
use js_sys::{Date, Promise};
use query::{FileFacts, Held, ReadError, Reader, Step, Table};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, DedicatedWorkerGlobalScope, MessageEvent};

/// How long a count works, in milliseconds, before it tells its progress and listens.
const TURN: f64 = 50.0;

thread_local! {
    /// What ends each question that is being answered.
    static UNDERWAY: RefCell<BTreeMap<u32, AbortController>> = RefCell::default();
    /// The blocks of the file that was counted last: the next count is likely to be of the same.
    static HELD: RefCell<Option<Held>> = const { RefCell::new(None) };
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

fn main() {
    console_error_panic_hook::set_once();
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(|event: MessageEvent| {
        let request = event.data().as_string();
        match request.and_then(|text| serde_json::from_str::<Request>(&text).ok()) {
            Some(Request::Question(question)) => wasm_bindgen_futures::spawn_local(async move {
                let id = question.id;
                let outcome = answer(*question).await;
                UNDERWAY.with_borrow_mut(|underway| underway.remove(&id));
                // JSON has no NaN: a file that holds one is refused here, not on the main thread.
                say(&Answer { id, outcome });
            }),
            Some(Request::Draw(sketch)) => {
                let Sketch { id, spec } = *sketch;
                let outcome = charts::draw(&spec).map_err(|error| error.to_string());
                say(&Drawn { id, outcome });
            }
            Some(Request::Cancel(id)) => UNDERWAY.with_borrow(|underway| {
                if let Some(underway) = underway.get(&id) {
                    underway.abort();
                }
            }),
            None => {}
        }
    });
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    let _ = scope().post_message(&JsValue::from_str(READY));
}

fn say(what: &impl Serialize) {
    if let Ok(text) = serde_json::to_string(what) {
        let _ = scope().post_message(&JsValue::from_str(&text));
    }
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
    match question.ask {
        Ask::Rows(query) => {
            let mut reader = Reader::new(facts, query).map_err(failed)?;
            read(question.id, &question.url, &mut reader, &failed).await
        }
        Ask::Count(count) => {
            let held = HELD.take().filter(|held| held.is_of(&facts));
            let reader = match held {
                Some(held) => Reader::counting_on(held, count),
                None => Reader::counting(facts, count),
            };
            let mut reader = reader.map_err(failed)?;
            let outcome = read(question.id, &question.url, &mut reader, &failed).await;
            HELD.set(Some(reader.release()));
            outcome
        }
    }
}

async fn read(
    id: u32,
    url: &str,
    reader: &mut Reader,
    failed: &impl Fn(ReadError) -> Failure,
) -> Result<Table, Failure> {
    let ending = AbortController::new().ok();
    if let Some(ending) = ending.clone() {
        UNDERWAY.with_borrow_mut(|underway| underway.insert(id, ending));
    }
    let signal = ending.as_ref().map(AbortController::signal);
    let ended = || signal.as_ref().is_some_and(web_sys::AbortSignal::aborted);
    let stopped = || Failure::Stopped {
        details: "the answer is not wanted any more".to_owned(),
    };
    // A server without ranges sends everything once.
    let mut whole: Option<Vec<u8>> = None;
    let (mut fetched, mut turn) = (0, Date::now());
    loop {
        let ranges = match reader.step().map_err(failed)? {
            Step::Done(table) => return Ok(table),
            Step::Counted => {
                if Date::now() - turn > TURN {
                    tell(id, fetched, reader);
                    pause().await;
                    turn = Date::now();
                }
                Vec::new()
            }
            Step::Need(ranges) => ranges,
        };
        if ended() {
            return Err(stopped());
        }
        for range in ranges {
            let bytes = match &whole {
                Some(whole) => part(whole, &range),
                None => {
                    let answer = fetch::range(url, &range, signal.as_ref()).await;
                    if ended() {
                        return Err(stopped());
                    }
                    let (start, bytes) = answer?;
                    fetched += bytes.len() as u64;
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
            if Date::now() - turn > TURN {
                tell(id, fetched, reader);
                turn = Date::now();
            }
        }
    }
}

fn tell(id: u32, bytes: u64, reader: &Reader) {
    let rows = reader.progress();
    let progress = Progress {
        bytes,
        rows: rows.map_or(0, |(behind, _)| behind),
        of: rows.map(|(_, all)| all),
    };
    say(&Underway { id, progress });
}

/// Lets the messages in that have come meanwhile.
async fn pause() {
    let promise = Promise::new(&mut |resolve, _| {
        let _ = scope().set_timeout_with_callback(&resolve);
    });
    let _ = JsFuture::from(promise).await;
}

/// A part of the whole file; empty, which the reader refuses, when the file is too short.
fn part(whole: &[u8], range: &std::ops::Range<u64>) -> Vec<u8> {
    let index = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
    whole
        .get(index(range.start)..index(range.end))
        .unwrap_or_default()
        .to_vec()
}
