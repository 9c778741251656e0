//! What this is, and how to read it.

use leptos::prelude::*;

use crate::{
    components::{citation::citation, crumbs::crumbs},
    messages::{Message, fill},
    pages::layout::Opened,
    site::Page,
};

/// The page.
pub fn page(opened: Opened) -> AnyView {
    let language = opened.language;
    let title = opened.word(Message::NavAbout);
    opened.title(title);
    let manifest = &opened.snapshot.manifest;
    let part = |title: Message, words: Message| {
        view! { <section><h2>{opened.word(title)}</h2><p>{opened.word(words)}</p></section> }
    };
    let demonstration = manifest
        .demonstration
        .then(|| part(Message::AboutDemonstration, Message::AboutDemonstrationText));
    let publisher = [("publisher", manifest.publisher.get(language))];
    let publisher = fill(language, Message::SitePublisher, &publisher);
    let licence = [("licence", manifest.licence.as_str())];
    let licence = fill(language, Message::SiteLicence, &licence);
    let state = opened.frame.state.get_untracked().lasting();
    let portal = manifest.title.get(language).to_owned();
    view! {
        {crumbs(&opened, &[], title)}
        <h1>{title}</h1>
        <div class="prose">
            <p class="lead">{opened.word(Message::AboutLead)}</p>
            {demonstration}
            {part(Message::AboutHow, Message::AboutHowText)}
            {part(Message::AboutNumbers, Message::AboutNumbersText)}
            {part(Message::AboutPinned, Message::AboutPinnedText)}
            {part(Message::AboutAccess, Message::AboutAccessText)}
            <p class="note">{publisher} " · " {licence}</p>
        </div>
        {citation(&opened, &portal, &Page::Home, &state)}
    }
    .into_any()
}
