//! The foot of every page: snapshot, publisher, licence, machine-readable entry points.

use charts::format;
use leptos::prelude::*;

use crate::{
    components::live::live,
    messages::{Message, fill, text},
    pages::layout::Frame,
    site,
};

/// The foot of every page.
#[component]
pub fn Footer() -> impl IntoView {
    let Frame {
        language, snapshot, ..
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
            </div>
        </footer>
    }
}
