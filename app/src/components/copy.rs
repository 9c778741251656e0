//! A text with a button that copies it, and a button that hands the page's address on.

use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::{
    components::live::{heard, live},
    messages::{Message, text},
    pages::layout::Frame,
    site,
};

/// A line of code or a citation, and a button that copies it. In an insecure context, where there is no
/// clipboard, the text is selected instead.
#[component]
pub fn Copied(
    /// What it is, for the button's name.
    label: String,
    /// The text.
    content: String,
    /// The page's language.
    language: contract::text::Language,
) -> impl IntoView {
    let done = RwSignal::new(false);
    let node = NodeRef::<leptos::html::Code>::new();
    let copied = content.clone();
    let copy = move |_| {
        let copied = copied.clone();
        leptos::task::spawn_local(async move {
            if to_clipboard(&copied).await.is_err()
                && let Some(node) = node.get_untracked()
                && let Ok(Some(selection)) = window().get_selection()
            {
                let _ = selection.select_all_children(&node);
            } else {
                done.set(true);
            }
        });
    };
    let name = format!("{} {label}", text(language, Message::CopyCopy));
    view! {
        <div class="copy">
            <span class="copy-label">{label}</span>
            <code node_ref=node>{content}</code>
            <button type="button" aria-label=name on:click=copy>
                {move || text(language, if done.get() { Message::CopyDone } else { Message::CopyCopy })}
            </button>
        </div>
    }
}

/// A button that hands the page's address on: to what the system shares with, where it has that, else to the
/// clipboard, with the section that the reader has jumped to. Theme and collected charts are the reader's own and
/// stay.
pub fn hand_on(frame: Frame) -> AnyView {
    let said = RwSignal::new(None::<Message>);
    let press = move |_: web_sys::MouseEvent| {
        let state = frame.state.get_untracked();
        let state = state.with("theme", "").with("basket", "");
        let (language, page) = (frame.language.get_untracked(), frame.page.get_untracked());
        let hash = window().location().hash().unwrap_or_default();
        // The whole content is no section.
        let section = if hash == "#content" { "" } else { &hash };
        let url = site::absolute(&site::href(language, &page, &state)) + section;
        leptos::task::spawn_local(async move {
            let sheet = Object::new();
            let _ = Reflect::set(&sheet, &"url".into(), &url.as_str().into());
            let outcome = match call(window().navigator().as_ref(), "share", &sheet).await {
                Ok(_) => None,
                Err(error) if is_abort(&error) => None,
                Err(_) => Some(match to_clipboard(&url).await {
                    Ok(_) => Message::CopyLinkDone,
                    Err(_) => Message::CopyLinkByHand,
                }),
            };
            said.try_set(outcome);
        });
    };
    let word = move |message| text(frame.language.get(), message);
    view! {
        <button type="button" class="hand-on" on:click=heard(press)>
            {live(move || word(Message::CopyShare))}
        </button>
        <p class="note" role="status">{live(move || said.get().map(word))}</p>
    }
    .into_any()
}

/// Whether the reader has closed what was opened.
fn is_abort(error: &JsValue) -> bool {
    Reflect::get(error, &"name".into()).is_ok_and(|name| name == "AbortError")
}

async fn to_clipboard(content: &str) -> Result<JsValue, JsValue> {
    let clipboard = Reflect::get(window().navigator().as_ref(), &"clipboard".into())?;
    call(&clipboard, "writeText", &content.into()).await
}

/// Calls a method that not every browser has, and waits for its promise.
async fn call(object: &JsValue, method: &str, argument: &JsValue) -> Result<JsValue, JsValue> {
    let method: Function = Reflect::get(object, &method.into())?.dyn_into()?;
    let promise: Promise = method.call1(object, argument)?.dyn_into()?;
    JsFuture::from(promise).await
}
