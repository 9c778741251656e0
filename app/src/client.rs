//! A thin typed wrapper over the query worker: waits for its hello, gives it questions, restarts it when it
//! dies or hangs.

use std::{cell::RefCell, collections::BTreeMap, time::Duration};

use charts::ChartSpec;
use js_sys::{Function, Promise};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::set_timeout_with_handle};
use query::{Query, Table};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

use crate::{
    json,
    protocol::{Answer, Ask, Drawn, Failure, Progress, Question, READY, Request, Sketch},
    published::Snapshot,
    shared,
};

/// How long the worker may say nothing.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long it may take to end what is not wanted any more.
const GRACE: Duration = Duration::from_secs(2);

#[derive(Default)]
struct Client {
    worker: Option<Worker>,
    ready: bool,
    /// Questions for a worker that has not said hello.
    queue: Vec<String>,
    waiting: BTreeMap<u32, Waiting>,
    next: u32,
}

struct Waiting {
    resolve: Function,
    timeout: Option<TimeoutHandle>,
    progress: Option<Listener>,
}

/// Hears how far the work on a question is.
pub type Listener = Box<dyn Fn(Progress)>;

thread_local! {
    static CLIENT: RefCell<Client> = RefCell::default();
}

/// Rows of a published Parquet file.
pub async fn read(snapshot: &Snapshot, path: &str, query: Query) -> Result<Table, Failure> {
    answer(next_id(), snapshot, path, &Ask::Rows(query), None).await
}

/// The id of another question.
pub fn next_id() -> u32 {
    CLIENT.with_borrow_mut(|client| {
        client.next = client.next.wrapping_add(1);
        client.next
    })
}

/// Ends the work on a question, whose asker gets [`Failure::Stopped`]. A worker that does not stop soon is ended
/// itself.
pub fn cancel(id: u32) {
    let waits = CLIENT.with_borrow_mut(|client| {
        let waits = client.waiting.contains_key(&id);
        if waits {
            client.post(serde_json::to_string(&Request::Cancel(id)).unwrap_or_default());
        }
        waits
    });
    if waits {
        let _ = set_timeout_with_handle(move || restart(Some(id)), GRACE);
    }
}

impl Client {
    fn wake(&mut self, root: &str) {
        if self.worker.is_none() {
            self.worker = start(root);
            self.ready = false;
        }
    }

    /// Sends what a worker that has said hello can hear; keeps it for one that has not.
    fn post(&mut self, text: String) {
        match &self.worker {
            Some(worker) if self.ready => {
                let _ = worker.post_message(&JsValue::from_str(&text));
            }
            _ => self.queue.push(text),
        }
    }
}

/// The answer to a question on a published Parquet file. The id, from [`next_id`], is for [`cancel`].
pub async fn answer(
    id: u32,
    snapshot: &Snapshot,
    path: &str,
    asked: &Ask,
    mut progress: Option<Listener>,
) -> Result<Table, Failure> {
    let file = snapshot
        .manifest
        .file(path)
        .ok_or_else(|| Failure::Unreadable {
            what: path.to_owned(),
            details: "the manifest does not list it".to_owned(),
        })?;
    let url = absolute(&format!("{}{path}", snapshot.root));
    let (bytes, blocks) = (file.bytes, file.blocks.clone());
    let mut answered = || {
        Promise::new(&mut |resolve, _| {
            let question = Question {
                id,
                url: url.clone(),
                bytes,
                blocks: blocks.clone(),
                ask: asked.clone(),
            };
            let request = Request::Question(Box::new(question));
            ask(&snapshot.root, resolve, id, &request, progress.take());
        })
    };
    // A count tells how far it is and can be cancelled: it is its asker's alone.
    let shared = match asked {
        Ask::Rows(query) => Some(serde_json::to_string(&(path, query)).unwrap_or_default()),
        Ask::Count(_) => None,
    };
    let promise = match &shared {
        Some(question) => shared::answer(question, answered),
        None => answered(),
    };
    let text = JsFuture::from(promise)
        .await
        .ok()
        .and_then(|text| text.as_string());
    let stopped = |details: String| Failure::Stopped { details };
    let outcome = text
        .ok_or_else(|| stopped("the worker ended".to_owned()))
        .and_then(|text| {
            json::read::<Answer>(text.as_bytes()).map_err(|error| stopped(error.to_string()))
        })
        .and_then(|answer| answer.outcome);
    if let (Err(_), Some(question)) = (&outcome, &shared) {
        shared::forget(question);
    }
    outcome
}

/// A drawn chart.
pub async fn draw(root: &str, spec: ChartSpec) -> Result<String, Failure> {
    let id = next_id();
    let request = Request::Draw(Box::new(Sketch { id, spec }));
    let promise = Promise::new(&mut |resolve, _| ask(root, resolve, id, &request, None));
    let text = JsFuture::from(promise)
        .await
        .ok()
        .and_then(|text| text.as_string());
    let stopped = |details: String| Failure::Stopped { details };
    let text = text.ok_or_else(|| stopped("the worker ended".to_owned()))?;
    json::read::<Drawn>(text.as_bytes())
        .map_err(|error| stopped(error.to_string()))?
        .outcome
        .map_err(stopped)
}

fn absolute(path: &str) -> String {
    let origin = web_sys::window().and_then(|window| window.location().origin().ok());
    origin.unwrap_or_default() + path
}

fn ask(root: &str, resolve: Function, id: u32, request: &Request, progress: Option<Listener>) {
    CLIENT.with_borrow_mut(|client| {
        let text = serde_json::to_string(request).unwrap_or_default();
        let waiting = Waiting {
            resolve,
            timeout: set_timeout_with_handle(move || restart(Some(id)), PATIENCE).ok(),
            progress,
        };
        client.waiting.insert(id, waiting);
        client.wake(root);
        client.post(text);
    });
}

/// Starts the worker before it is asked, so that it comes while the snapshot is opened.
pub fn wake(root: &str) {
    CLIENT.with_borrow_mut(|client| client.wake(root));
}

/// The name of a worker's loader, which changes with its content: the page tells it in a `meta`.
pub fn loader(meta: &str) -> Option<String> {
    let document = web_sys::window()?.document()?;
    let told = document
        .query_selector(&format!("meta[name={meta}]"))
        .ok()??;
    told.get_attribute("content")
}

fn start(root: &str) -> Option<Worker> {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let worker =
        Worker::new_with_options(&format!("{root}{}", loader("mingshi-worker")?), &options).ok()?;
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(|event: MessageEvent| {
        if let Some(text) = event.data().as_string() {
            heard(&text);
        }
    });
    worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    let on_error = Closure::<dyn Fn()>::new(|| restart(None));
    worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    // They live as long as the worker, of which there is one but after a failure.
    on_message.forget();
    on_error.forget();
    Some(worker)
}

fn heard(text: &str) {
    if text == READY {
        CLIENT.with_borrow_mut(|client| {
            client.ready = true;
            for question in std::mem::take(&mut client.queue) {
                if let Some(worker) = &client.worker {
                    let _ = worker.post_message(&JsValue::from_str(&question));
                }
            }
        });
        return;
    }
    #[derive(serde::Deserialize)]
    struct Addressed {
        id: u32,
        progress: Option<Progress>,
    }
    let Ok(Addressed { id, progress }) = json::read(text.as_bytes()) else {
        return;
    };
    if let Some(progress) = progress {
        underway(id, progress);
        return;
    }
    if let Some(waiting) = CLIENT.with_borrow_mut(|client| client.waiting.remove(&id)) {
        end(waiting, &JsValue::from_str(text));
    }
}

/// The worker is at work: it is given time again.
fn underway(id: u32, progress: Progress) {
    // Taken out while it is told: what hears it may ask another question.
    let told = CLIENT.with_borrow_mut(|client| {
        let waiting = client.waiting.get_mut(&id)?;
        if let Some(timeout) = waiting.timeout.take() {
            timeout.clear();
        }
        waiting.timeout = set_timeout_with_handle(move || restart(Some(id)), PATIENCE).ok();
        waiting.progress.take()
    });
    let Some(told) = told else {
        return;
    };
    told(progress);
    CLIENT.with_borrow_mut(|client| {
        if let Some(waiting) = client.waiting.get_mut(&id) {
            waiting.progress = Some(told);
        }
    });
}

/// Ends the worker; the next question starts another. Everything that waits learns that it failed. With an
/// id, only when that question still waits.
fn restart(late: Option<u32>) {
    let waiting = CLIENT.with_borrow_mut(|client| {
        if late.is_some_and(|id| !client.waiting.contains_key(&id)) {
            return BTreeMap::new();
        }
        if let Some(worker) = client.worker.take() {
            worker.terminate();
        }
        client.ready = false;
        client.queue.clear();
        std::mem::take(&mut client.waiting)
    });
    for waiting in waiting.into_values() {
        end(waiting, &JsValue::NULL);
    }
}

fn end(waiting: Waiting, answer: &JsValue) {
    if let Some(timeout) = waiting.timeout {
        timeout.clear();
    }
    let _ = waiting.resolve.call1(&JsValue::NULL, answer);
}
