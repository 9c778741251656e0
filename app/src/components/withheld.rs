//! What stands in the place of a table that is not published.

use contract::Status;
use leptos::prelude::*;

use crate::{
    messages::{Message, fill, text},
    pages::dataset::View,
    site,
    state::{self, Selection},
    words,
};

/// Says why a table is not there, and offers the nearest that is.
pub fn withheld(view: &View, selection: &Selection) -> AnyView {
    let language = view.opened.language;
    let (title, reason) = match selection.status {
        Some(Status::Suppressed) => (Message::WithheldTitle, Message::WithheldReason),
        _ => (
            Message::WithheldNotCollectedTitle,
            Message::WithheldNotCollectedReason,
        ),
    };
    let offer = state::nearest_published(&view.dataset, selection).map(|table| {
        let breakdown = view
            .dataset
            .breakdowns
            .iter()
            .find(|b| b.id == table.breakdown);
        let said = fill(
            language,
            Message::WithheldOfferLink,
            &[
                ("level", text(language, words::level(table.level))),
                (
                    "granularity",
                    text(language, words::granularity(table.granularity)),
                ),
                ("breakdown", breakdown.map_or("", |b| b.title.get(language))),
            ],
        );
        let state = view
            .opened
            .frame
            .state
            .get()
            .with("breakdown", &table.breakdown)
            .with("level", table.level.name())
            .with("granularity", table.granularity.name());
        let href = site::dataset(language, &view.dataset.id, &state);
        view! {
            <p>
                {text(language, Message::WithheldOffer)} " "
                <a class="button" href=href>{said}</a>
            </p>
        }
        .into_any()
    });
    view! {
        <div class="withheld" role="status">
            <h3>{text(language, title)}</h3>
            <p>{text(language, reason)}</p>
            {offer}
        </div>
    }
    .into_any()
}
