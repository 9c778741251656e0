//! Telling the page around how high the frame should be. `public/embed.js` listens there; without it the frame
//! keeps the height that its code gives.

use js_sys::{Object, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{MessageEvent, ResizeObserver, Window};

use super::dom;

/// The name of both messages: the question of the page around, and the answer.
const NAME: &str = "mingshi";

/// Tells the height now, whenever it changes, and when the page around asks.
pub(super) fn announce() {
    let (Some(window), Some(document)) = (web_sys::window(), dom::document()) else {
        return;
    };
    dom::listen::<MessageEvent>(&window, "message", |event| {
        let asks = Reflect::get(&event.data(), &NAME.into()).is_ok_and(|what| what == "hello");
        if asks && event.source().map(JsValue::from) == around().map(JsValue::from) {
            tell();
        }
    });
    let grown = Closure::<dyn Fn()>::new(tell);
    if let (Ok(observer), Some(body)) = (
        ResizeObserver::new(grown.as_ref().unchecked_ref()),
        document.body(),
    ) {
        observer.observe(&body);
        grown.forget();
    }
}

/// The page around; none when the frame is a page of its own.
fn around() -> Option<Window> {
    let window = web_sys::window()?;
    let parent = window.parent().ok()??;
    (JsValue::from(&parent) != JsValue::from(&window)).then_some(parent)
}

/// Tells the height now. The message holds nothing else, so any page may hear it.
pub(super) fn tell() {
    let send = || -> Option<()> {
        let height = dom::document()?.body()?.get_bounding_client_rect().height();
        let message = Object::new();
        Reflect::set(&message, &NAME.into(), &"height".into()).ok()?;
        Reflect::set(&message, &"height".into(), &height.ceil().into()).ok()?;
        around()?.post_message(&message, "*").ok()
    };
    let _ = send();
}
