//! The foot of every page: snapshot, publisher, licence, machine-readable entry points.

use charts::format;
use leptos::prelude::*;

use crate::{
    components::live::live,
    messages::{Message, fill, text},
    pages::layout::Frame,
    site::{self, Page},
};

/// The foot of every page.
#[component]
pub fn Footer() -> impl IntoView {
    let Frame {
        language,
        page,
        state,
        snapshot,
        ..
    } = expect_context();
    let catalogue = format!("{}catalogue.json", site::root());
    let facts = move || {
        let snapshot = snapshot.get()?.ok()?;
        let (language, manifest) = (language.get(), &snapshot.manifest);
        let period = format::period(&manifest.reference.to_string(), language);
        let url = format!("{}snapshots/{}/manifest.json", snapshot.root, manifest.id);
        let said = |message, name, value: &str| {
            let said = fill(language, message, &[(name, value)]);
            view! { <li>{said}</li> }.into_any()
        };
        let publisher = manifest.publisher.get(language);
        Some(view! {
            {manifest.demonstration.then(|| view! {
                <li class="demonstration-note">{text(language, Message::SiteDemonstrationLabel)}</li>
            }.into_any())}
            {said(Message::SiteSnapshot, "id", &manifest.id)}
            {said(Message::SiteSnapshotUntil, "period", &period)}
            {said(Message::SitePublisher, "publisher", publisher)}
            {said(Message::SiteLicence, "licence", &manifest.licence)}
            <li><a href=url rel="external">{text(language, Message::SiteManifest)}</a></li>
        })
    };
    // On paper: where it is from, pinned. Only of a briefing the charts collected are its content.
    let address = move || {
        let snapshot = snapshot.get()?.ok()?;
        let page = page.get();
        let mut state = state.get().with("snapshot", &snapshot.manifest.id);
        state = state.with("theme", "");
        if page != Page::Briefing {
            state = state.with("basket", "");
        }
        Some(site::absolute(&site::href(language.get(), &page, &state)))
    };
    view! {
        <footer>
            <div class="wide">
                <ul class="facts-line">
                    {live(facts)}
                    <li>
                        <a href=catalogue rel="external">
                            {live(move || text(language.get(), Message::SiteCatalogue))}
                        </a>
                    </li>
                </ul>
                <p>{live(move || text(language.get(), Message::SiteNoTracking))}</p>
                <p class="print-only">{live(address)}</p>
            </div>
        </footer>
    }
}
