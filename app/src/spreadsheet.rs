//! The worker that writes workbooks: started when one is asked for, and ended when it has answered.

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

use crate::{client, protocol::READY, sheet::Sheet};

/// The bytes of a workbook, or why there is none.
pub async fn xlsx(root: &str, sheet: &Sheet) -> Result<Uint8Array, String> {
    let missing = || "the page does not name the program that writes workbooks".to_owned();
    let loader = client::loader("mingshi-spreadsheet").ok_or_else(missing)?;
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let worker = Worker::new_with_options(&format!("{root}{loader}"), &options)
        .map_err(|error| format!("{error:?}"))?;
    let question = serde_json::to_string(sheet).map_err(|error| error.to_string())?;
    let mut heard = None;
    let promise = Promise::new(&mut |resolve, _| {
        let (asked, question) = (worker.clone(), JsValue::from_str(&question));
        let on_message = Closure::<dyn Fn(MessageEvent)>::new({
            let resolve = resolve.clone();
            move |event: MessageEvent| {
                if event.data().as_string().as_deref() == Some(READY) {
                    let _ = asked.post_message(&question);
                } else {
                    let _ = resolve.call1(&JsValue::NULL, &event.data());
                }
            }
        });
        let on_error = Closure::<dyn Fn()>::new(move || {
            let _ = resolve.call1(&JsValue::NULL, &JsValue::from_str("the worker ended"));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        heard = Some((on_message, on_error));
    });
    let answer = JsFuture::from(promise).await;
    worker.terminate();
    drop(heard);
    let answer = answer.map_err(|error| format!("{error:?}"))?;
    answer
        .dyn_into::<Uint8Array>()
        .map_err(|error| error.as_string().unwrap_or_default())
}
