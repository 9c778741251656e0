//! The head of every page: name, search, navigation, language, theme, what must be said.

use contract::text::Language;
use leptos::prelude::*;

use crate::{
    basket,
    components::search::Search,
    messages::{Message, fill, text},
    pages::layout::Frame,
    site::{self, Page},
};

const PAGES: [(Page, Message); 9] = [
    (Page::Datasets, Message::NavData),
    (Page::Places, Message::NavPlaces),
    (Page::Commitments, Message::NavCommitments),
    (Page::Changes, Message::NavChanges),
    (Page::Explorer, Message::NavExplorer),
    (Page::Downloads, Message::NavDownloads),
    (Page::Methods, Message::NavMethods),
    (Page::Protection, Message::NavProtection),
    (Page::About, Message::NavAbout),
];

/// The head of every page.
#[component]
pub fn Header() -> impl IntoView {
    let Frame {
        language,
        state,
        snapshot,
        page,
        ..
    } = expect_context();
    let word = move |message| move || text(language.get(), message);
    let other = move || match language.get() {
        Language::Chinese => Language::English,
        Language::English => Language::Chinese,
    };
    let elsewhere = move || site::href(other(), &page.get(), &state.get());
    let ready = move || snapshot.get().and_then(Result::ok);
    let title = move || match ready() {
        Some(snapshot) => snapshot.manifest.title.get(language.get()).to_owned(),
        None => "明示 Mingshi".to_owned(),
    };
    // Light, dark, and what the reader's system says, in turn.
    let theme = move || state.with(|state| state.get("theme").unwrap_or_default().to_owned());
    let next = move || match theme().as_str() {
        "light" => ("dark", Message::SiteThemeDark),
        "dark" => ("", Message::SiteThemeSystem),
        _ => ("light", Message::SiteThemeLight),
    };
    let themed = move || {
        let state = state.get().with("theme", next().0);
        site::href(language.get(), &page.get(), &state)
    };
    // Who collects charts finds them from every page.
    let collected = move || {
        let count = state.with(|state| basket::read(state).len());
        let (language, lasting) = (language.get(), state.get().lasting());
        (count > 0).then(|| {
            let said = fill(
                language,
                Message::BriefingCount,
                &[("count", &count.to_string())],
            );
            let href = site::href(language, &Page::Briefing, &lasting);
            view! { <a class="switch briefing-link" href=href>{said}</a> }
        })
    };
    let items = move || {
        let (language, lasting, here) = (language.get(), state.get().lasting(), page.get());
        let item = |(to, message): &(Page, Message)| {
            let within = match &here {
                Page::Dataset(_) => *to == Page::Datasets,
                Page::Place(_) => *to == Page::Places,
                here => here == to,
            };
            let current = within.then_some(if here == *to { "page" } else { "true" });
            let href = site::href(language, to, &lasting);
            view! { <li><a href=href aria-current=current>{text(language, *message)}</a></li> }
        };
        PAGES.iter().map(item).collect_view()
    };
    view! {
        <a class="skip" href="#content">{word(Message::SiteSkip)}</a>
        <header>
            <div class="wide bar-top">
                <a class="brand" href=move || site::home(language.get(), &state.get())>
                    <span class="logo" aria-hidden="true"></span>
                    {title}
                </a>
                // Pages that begin with a search box of their own have no second one.
                <Show when=move || !page.with(|page| matches!(page, Page::Home | Page::Places))>
                    <Search id="search" />
                </Show>
                <div class="switches">
                    {collected}
                    <a class="switch" href=themed>{move || text(language.get(), next().1)}</a>
                    <a
                        class="switch language"
                        href=elsewhere
                        hreflang=move || other().tag()
                        lang=move || other().tag()
                        title=word(Message::SiteLanguageHint)
                    >
                        {word(Message::SiteLanguage)}
                    </a>
                </div>
            </div>
            <nav class="wide pages" aria-label=word(Message::SiteNavigation)>
                <ul>{items}</ul>
            </nav>
        </header>
        {move || {
            let snapshot = ready()?;
            let demonstration = snapshot.manifest.demonstration.then(|| view! {
                <aside class="demonstration" aria-label=text(language.get(), Message::SiteDemonstrationLabel)>
                    <p class="wide">{text(language.get(), Message::SiteDemonstration)}</p>
                </aside>
            });
            let older = (snapshot.manifest.id != snapshot.newest).then(|| {
                let latest = site::href(language.get(), &page.get(), &state.get().with("snapshot", ""));
                let id = snapshot.manifest.id.clone();
                view! {
                    <div class="wide">
                        <p class="pinned">
                            {fill(language.get(), Message::SiteSnapshotPinned, &[("id", &id)])} " "
                            <a href=latest>{text(language.get(), Message::SiteSnapshotNewer)}</a>
                        </p>
                    </div>
                }
            });
            Some((demonstration, older))
        }}
    }
}
