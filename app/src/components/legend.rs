//! What the statuses mean.

use contract::{Status, text::Language};
use leptos::prelude::*;

use crate::{
    messages::{Message, text},
    words,
};

/// The four statuses, each with its mark and its meaning.
#[component]
pub fn Legend(
    /// The page's language.
    language: Language,
) -> impl IntoView {
    let items = Status::ALL.iter().map(|&status| {
        view! {
            <div>
                <dt>
                    <span class=format!("mark {}", status.name()) aria-hidden="true"></span>
                    {text(language, words::status(status))}
                </dt>
                <dd>{text(language, words::status_note(status))}</dd>
            </div>
        }
        .into_any()
    });
    view! {
        <section class="legend" aria-labelledby="legend">
            <h2 id="legend">{text(language, Message::DataLegend)}</h2>
            <dl>{items.collect::<Vec<AnyView>>()}</dl>
        </section>
    }
}
