//! A text with a button that copies it.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use crate::messages::{Message, text};

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
            if to_clipboard(&copied).await.is_none()
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

async fn to_clipboard(content: &str) -> Option<()> {
    let get = |from: &JsValue, name: &str| Reflect::get(from, &JsValue::from_str(name)).ok();
    let clipboard = get(window().navigator().as_ref(), "clipboard")?;
    let write: Function = get(&clipboard, "writeText")?.dyn_into().ok()?;
    let promise: Promise = write
        .call1(&clipboard, &JsValue::from_str(content))
        .ok()?
        .dyn_into()
        .ok()?;
    wasm_bindgen_futures::JsFuture::from(promise)
        .await
        .ok()
        .map(drop)
}
