//! A modal dialog: the browser's own, which keeps the focus inside, closes on Escape and gives the focus back.

use leptos::{html, prelude::*};

use crate::{
    components::live::{heard, live},
    messages::{Message, text},
};

/// A button that opens a dialog. What is inside is made when it opens, and gone when it closes.
#[component]
pub fn Dialog(
    /// The page's language.
    language: contract::text::Language,
    /// What the button says.
    label: Message,
    /// The dialog's heading.
    title: Message,
    /// For styles and tests.
    name: &'static str,
    /// What is inside.
    content: Callback<(), AnyView>,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let open = RwSignal::new(false);
    let show = move |_| {
        open.set(true);
        if let Some(node) = node.get_untracked() {
            let _ = node.show_modal();
        }
    };
    let close = move |_| {
        if let Some(node) = node.get_untracked() {
            node.close();
        }
    };
    let heading = format!("{name}-title");
    let named = heading.clone();
    view! {
        <button type="button" class=format!("open-{name}") aria-haspopup="dialog" on:click=heard(show)>
            {text(language, label)}
        </button>
        <dialog
            node_ref=node
            class=name
            aria-labelledby=named
            on:close=heard(move |_| open.set(false))
        >
            <div class="dialog-head">
                <h2 id=heading>{text(language, title)}</h2>
                <button type="button" class="close" on:click=heard(close)>
                    {text(language, Message::EmbedClose)}
                </button>
            </div>
            {live(move || open.get().then(|| content.run(())))}
        </dialog>
    }
}
