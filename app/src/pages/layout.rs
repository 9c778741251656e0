//! The frame around every page: opens the snapshot once, and shows what every page must say.

use std::sync::Arc;

use charts::format;
use contract::text::Language;
use leptos::prelude::*;
use leptos_router::{
    components::Outlet,
    hooks::{use_location, use_params_map, use_query_map},
};

use crate::{
    components::notice::{Failed, Loading},
    messages::{Message, fill, text},
    pages::unknown::Unknown,
    protocol::Failure,
    published::{self, Snapshot},
    site,
    state::ViewState,
};

/// What every page needs.
#[derive(Clone, Copy)]
pub struct Frame {
    /// The language of the address.
    pub language: Memo<Language>,
    /// The state of the address.
    pub state: Memo<ViewState>,
    /// The snapshot, once it is open.
    pub snapshot: Memo<Option<Result<Arc<Snapshot>, Failure>>>,
    /// Reads everything again.
    pub retry: Callback<()>,
}

/// Header, banner, page, footer.
#[component]
pub fn Layout() -> impl IntoView {
    let params = use_params_map();
    let query = use_query_map();
    let known = Memo::new(move |_| {
        params.with(|params| params.get_str("lang").and_then(Language::from_tag))
    });
    let language = Memo::new(move |_| known.get().unwrap_or_default());
    let state = Memo::new(move |_| query.with(|map| ViewState::read(|name| map.get(name))));
    let pinned = Memo::new(move |_| state.with(|state| state.get("snapshot").map(str::to_owned)));
    let attempt = RwSignal::new(0_u32);
    let opened = LocalResource::new(move || {
        attempt.track();
        let pinned = pinned.get();
        async move { published::open(site::root(), pinned).await.map(Arc::new) }
    });
    let snapshot = Memo::new(move |_| opened.get());
    let retry = Callback::new(move |()| attempt.update(|attempt| *attempt += 1));
    provide_context(Frame {
        language,
        state,
        snapshot,
        retry,
    });

    Effect::new(move |_| {
        let theme = state.with(|state| state.get("theme").map(str::to_owned));
        if let Some(html) = site::html() {
            let _ = html.set_attribute("lang", language.get().tag());
            let _ = match theme.as_deref() {
                Some(theme @ ("light" | "dark")) => html.set_attribute("data-theme", theme),
                _ => html.remove_attribute("data-theme"),
            };
        }
    });

    view! {
        <Show when=move || known.get().is_some() fallback=|| view! { <Unknown /> }>
            <Header />
            <main id="content" class="wide" tabindex="-1">
                {move || match snapshot.get() {
                    None => view! { <Loading what=Message::LoadingPage /> }.into_any(),
                    Some(Err(failure)) => view! { <Failed failure /> }.into_any(),
                    Some(Ok(_)) => view! { <Outlet /> }.into_any(),
                }}
            </main>
            <Footer />
        </Show>
    }
}

#[component]
fn Header() -> impl IntoView {
    let Frame {
        language,
        state,
        snapshot,
        ..
    } = expect_context();
    let location = use_location();
    let word = move |message| move || text(language.get(), message);
    let other = move || match language.get() {
        Language::Chinese => Language::English,
        Language::English => Language::Chinese,
    };
    let elsewhere = move || {
        let (path, search) = (location.pathname.get(), location.search.get());
        site::translated(&path, &search, language.get(), other())
    };
    let ready = move || snapshot.get().and_then(Result::ok);
    let title = move || {
        ready()
            .map(|snapshot| snapshot.manifest.title.get(language.get()).to_owned())
            .unwrap_or_else(|| "明示 Mingshi".to_owned())
    };
    let demonstration = move || ready().is_some_and(|snapshot| snapshot.manifest.demonstration);
    let older = move || {
        ready().filter(|snapshot| snapshot.manifest.id != snapshot.newest).map(|snapshot| {
            let latest = state.get().with("snapshot", "");
            view! {
                <p class="pinned">
                    {fill(language.get(), Message::SiteSnapshotPinned, &[("id", &snapshot.manifest.id)])}
                    " "
                    <a href=site::home(language.get(), &latest)>{word(Message::SiteSnapshotNewer)}</a>
                </p>
            }
        })
    };
    view! {
        <a class="skip" href="#content">{word(Message::SiteSkip)}</a>
        <header>
            <div class="wide bar-top">
                <nav aria-label=word(Message::SiteNavigation)>
                    <a class="brand" href=move || site::home(language.get(), &state.get())>{title}</a>
                </nav>
                <a
                    class="language"
                    href=elsewhere
                    hreflang=move || other().tag()
                    lang=move || other().tag()
                    title=word(Message::SiteLanguageHint)
                >
                    {word(Message::SiteLanguage)}
                </a>
            </div>
        </header>
        <Show when=demonstration>
            <aside class="demonstration" aria-label=word(Message::SiteDemonstrationLabel)>
                <p class="wide">{word(Message::SiteDemonstration)}</p>
            </aside>
        </Show>
        <div class="wide">{older}</div>
    }
}

#[component]
fn Footer() -> impl IntoView {
    let Frame {
        language, snapshot, ..
    } = expect_context();
    let word = move |message| move || text(language.get(), message);
    let root = site::root();
    let catalogue = format!("{root}catalogue.json");
    let facts = move || {
        let snapshot = snapshot.get()?.ok()?;
        let (language, manifest) = (language.get(), &snapshot.manifest);
        let period = format::period(&manifest.reference.to_string(), language);
        let manifest_url = format!("{}snapshots/{}/manifest.json", snapshot.root, manifest.id);
        Some(view! {
            <p>
                {fill(language, Message::SiteSnapshot, &[("id", &manifest.id)])} " · "
                {fill(language, Message::SiteSnapshotUntil, &[("period", &period)])} " · "
                {fill(language, Message::SitePublisher, &[("publisher", manifest.publisher.get(language))])}
                " · "
                {fill(language, Message::SiteLicence, &[("licence", &manifest.licence)])} " · "
                <a href=manifest_url rel="external">{text(language, Message::SiteManifest)}</a>
            </p>
        })
    };
    view! {
        <footer>
            <div class="wide">
                {facts}
                <p>
                    <a href=catalogue rel="external">{word(Message::SiteCatalogue)}</a>
                    " · "
                    {word(Message::SiteNoTracking)}
                </p>
            </div>
        </footer>
    }
}
