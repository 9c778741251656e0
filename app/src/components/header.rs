//! The head of every page: name, search, navigation, language, theme, what must be said.

use contract::text::Language;
use leptos::prelude::*;

use crate::{
    basket,
    components::{
        live::{live, shown},
        search::Search,
    },
    messages::{Message, fill, text},
    pages::layout::Frame,
    published::Snapshot,
    site::{self, Page},
    state::ViewState,
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
    let ready = move || snapshot.get().and_then(Result::ok);
    let brand = move || {
        let (language, state) = (language.get(), state.get());
        let title = match ready() {
            Some(snapshot) => snapshot.manifest.title.get(language).to_owned(),
            None => "明示 Mingshi".to_owned(),
        };
        view! {
            <a class="brand" href=site::home(language, &state)>
                <span class="logo" aria-hidden="true"></span>
                {title}
            </a>
        }
    };
    let switches = move || {
        let (language, page, state) = (language.get(), page.get(), state.get());
        let others = Language::ALL.into_iter().filter(|it| *it != language);
        let others = others.map(|other| {
            view! {
                <a
                    class="switch language"
                    href=site::href(other, &page, &state)
                    hreflang=other.tag()
                    lang=other.tag()
                    title=other.locale().switch
                >
                    {other.locale().name}
                </a>
            }
            .into_any()
        });
        // What differs from the reader's system first, then the system again.
        let (next, label) = match state.get("theme") {
            Some("light") if is_dark() => ("", Message::SiteThemeSystem),
            Some("light") => ("dark", Message::SiteThemeDark),
            Some("dark") if is_dark() => ("light", Message::SiteThemeLight),
            Some("dark") => ("", Message::SiteThemeSystem),
            _ if is_dark() => ("light", Message::SiteThemeLight),
            _ => ("dark", Message::SiteThemeDark),
        };
        // Who collects charts finds them from every page.
        let count = basket::read(&state).len();
        let collected = (count > 0).then(|| {
            let said = fill(
                language,
                Message::BriefingCount,
                &[("count", &count.to_string())],
            );
            let href = site::href(language, &Page::Briefing, &state.lasting());
            view! { <a class="switch briefing-link" href=href>{said}</a> }.into_any()
        });
        let themed = site::href(language, &page, &state.with("theme", next));
        view! {
            <div class="switches">
                {collected}
                <a class="switch" href=themed>{text(language, label)}</a>
                {others.collect_view()}
            </div>
        }
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
                .into_any()
        };
        let items: Vec<AnyView> = PAGES.iter().map(item).collect();
        view! {
            <nav class="wide pages" aria-label=text(language, Message::SiteNavigation)>
                <ul>{items}</ul>
            </nav>
        }
    };
    view! {
        <a class="skip" href="#content">{live(move || text(language.get(), Message::SiteSkip))}</a>
        <header>
            <div class="wide bar-top">
                {live(brand)}
                // Pages that begin with a search box of their own have no second one.
                {shown(
                    move || !page.with(|page| matches!(page, Page::Home | Page::Places)),
                    || view! { <Search id="search" /> },
                )}
                {live(switches)}
            </div>
            {live(items)}
        </header>
        {live(move || {
            let snapshot = ready()?;
            let demonstration = snapshot.manifest.demonstration.then(|| view! {
                <aside class="demonstration" aria-label=text(language.get(), Message::SiteDemonstrationLabel)>
                    <p class="wide">{text(language.get(), Message::SiteDemonstration)}</p>
                </aside>
            }.into_any());
            Some(vec![demonstration, pinned(&snapshot, language.get(), &page.get(), &state.get())])
        })}
    }
}

/// Says that a link is pinned, and where it is to an older snapshot, what came after.
fn pinned(
    snapshot: &Snapshot,
    language: Language,
    page: &Page,
    state: &ViewState,
) -> Option<AnyView> {
    let (id, newest) = (&snapshot.manifest.id, &snapshot.newest);
    let older = id != newest;
    let message = match older {
        true => Message::SiteSnapshotPinned,
        false => Message::SiteSnapshotPinnedNewest,
    };
    let said = fill(language, message, &[("id", id), ("newest", newest)]);
    let link = |page: &Page, state: &ViewState, message| {
        let href = site::href(language, page, state);
        view! { " " <a href=href>{text(language, message)}</a> }.into_any()
    };
    let links = older.then(|| {
        let compared = state.lasting().with("snapshot", "");
        let mut compared = compared.with("from", id).with("to", newest);
        if let Page::Dataset(id) = page {
            compared = compared.with("dataset", id);
        }
        vec![
            link(
                page,
                &state.with("snapshot", ""),
                Message::SiteSnapshotNewer,
            ),
            " ·".into_any(),
            link(&Page::Changes, &compared, Message::NavChanges),
        ]
    });
    let shown = older || state.get("snapshot").is_some();
    shown.then(|| {
        view! { <aside class="wide"><p class="pinned">{said} {links}</p></aside> }.into_any()
    })
}

/// Whether the reader's system asks for dark colours.
fn is_dark() -> bool {
    let dark = window().match_media("(prefers-color-scheme: dark)");
    dark.ok().flatten().is_some_and(|it| it.matches())
}
