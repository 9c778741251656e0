//! What is read by few: folded, and made by the annex when a reader unfolds it.

use leptos::{html, prelude::*};

use crate::{
    components::{
        door::door,
        live::{heard, live},
    },
    site::Program,
};

/// A fold over a place of the annex.
pub fn folded(class: &'static str, summary: &'static str, place: &'static str) -> AnyView {
    let node = NodeRef::<html::Details>::new();
    let open = RwSignal::new(false);
    let toggled = move |_| {
        if node.get_untracked().is_some_and(|it| it.open()) {
            open.set(true);
        }
    };
    view! {
        <details class=class node_ref=node on:toggle=heard(toggled)>
            <summary>{summary}</summary>
            {live(move || open.get().then(|| door(Program::Annex, place)))}
        </details>
    }
    .into_any()
}
