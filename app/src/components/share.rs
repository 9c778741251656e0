//! What a reader can take along from a chart: code for another site's page, a picture, a place in the briefing.

use leptos::prelude::*;

use crate::{
    basket::{self, Item},
    components::{copy::hand_on, dialog::Dialog, door::door, live::live},
    messages::{Message, fill, text},
    pages::dataset::View,
    site::{self, Page, Program},
};

/// The buttons below a chart.
#[component]
pub fn Share() -> impl IntoView {
    let view = expect_context::<View>();
    let language = view.opened.language;
    let embedding = Callback::new(|()| door(Program::Annex, "embed"));
    let picturing = Callback::new(|()| door(Program::Annex, "picture"));
    view! {
        <div class="share">
            <Dialog
                language
                label=Message::EmbedOpen
                title=Message::EmbedTitle
                name="embed"
                content=embedding
            />
            <Dialog
                language
                label=Message::PictureOpen
                title=Message::PictureTitle
                name="picture"
                content=picturing
            />
            {hand_on(view.opened.frame)}
            {live(move || collect(&view))}
        </div>
    }
}

/// Adds the chart to the briefing, or leads there when it is in it.
fn collect(view: &View) -> AnyView {
    let language = view.opened.language;
    let state = view.opened.frame.state.get();
    let mut items = basket::read(&state);
    let named = view.selection.get().map(|it| it.named(&state));
    let item = Item::new(&view.dataset.id, named.as_ref().unwrap_or(&state));
    let count = items.len().to_string();
    if items.contains(&item) {
        let said = fill(language, Message::BriefingAdded, &[("count", &count)]);
        let href = site::href(language, &Page::Briefing, &state.lasting());
        return view! { <a class="button collected" href=href>{said}</a> }.into_any();
    }
    if items.len() == basket::MOST {
        let said = fill(language, Message::BriefingFull, &[("count", &count)]);
        return view! { <p class="note">{said}</p> }.into_any();
    }
    items.push(item);
    let href = site::dataset(language, &view.dataset.id, &basket::with(&state, &items));
    view! { <a class="button collect" href=href>{text(language, Message::BriefingAdd)}</a> }
        .into_any()
}
