//! What a reader can take along from a chart: code for another site's page.

use leptos::prelude::*;

use crate::{
    components::{dialog::Dialog, embed::embed},
    messages::Message,
    pages::dataset::View,
};

/// The buttons below a chart.
#[component]
pub fn Share() -> impl IntoView {
    let view = expect_context::<View>();
    let language = view.opened.language;
    let embedding = {
        let view = view.clone();
        Callback::new(move |()| embed(&view))
    };
    view! {
        <div class="share">
            <Dialog
                language
                label=Message::EmbedOpen
                title=Message::EmbedTitle
                name="embed"
                content=embedding
            />
        </div>
    }
}
