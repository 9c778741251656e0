//! The frame around every page: opens the snapshot once, and shows what every page must say.

use std::sync::Arc;

use contract::text::Language;
use leptos::prelude::*;

use crate::{
    components::{
        door::door,
        footer::Footer,
        header::Header,
        live::live,
        notice::{Failed, Loading},
    },
    drawn::Drawn,
    later::{follow, later},
    messages::{Message, text},
    pages::{
        dataset, datasets, home,
        unknown::{self, Unknown},
    },
    protocol::Failure,
    published::{self, Snapshot},
    router::Router,
    site::{self, Page, Program},
    state::ViewState,
};

/// What every page needs.
#[derive(Clone, Copy)]
pub struct Frame {
    /// The language of the address.
    pub language: Memo<Language>,
    /// The page of the address.
    pub page: Memo<Page>,
    /// The state of the address.
    pub state: Memo<ViewState>,
    /// The snapshot, once it is open.
    pub snapshot: RwSignal<Option<Result<Arc<Snapshot>, Failure>>>,
    /// What the page's file shows, until a page has taken it over.
    pub drawn: StoredValue<Option<Drawn>>,
    /// Reads everything again.
    pub retry: Callback<()>,
}

/// An open snapshot, in a language: what a page is made from.
#[derive(Clone)]
pub struct Opened {
    /// The frame.
    pub frame: Frame,
    /// The language.
    pub language: Language,
    /// The snapshot.
    pub snapshot: Arc<Snapshot>,
}

impl Opened {
    /// The address of a page, with what stays from page to page.
    pub fn href(&self, page: &Page) -> String {
        self.href_of(page, &ViewState::default())
    }

    /// As [`Opened::href`], of a view.
    pub fn href_of(&self, page: &Page, view: &ViewState) -> String {
        let lasting = self.frame.state.get_untracked().lasting();
        let view = view.pairs();
        let state = view.fold(lasting, |state, (name, value)| state.with(name, value));
        site::href(self.language, page, &state)
    }

    /// The first view in the page's file, if it is of this snapshot; once, to the first page that is shown.
    pub fn drawn(&self) -> Option<Drawn> {
        let drawn = self.frame.drawn.try_update_value(Option::take).flatten()?;
        drawn.is_of(&self.snapshot.manifest.id).then_some(drawn)
    }

    /// Names the page in the window's title.
    pub fn title(&self, title: &str) {
        let portal = self.snapshot.manifest.title.get(self.language);
        site::set_title(&format!("{title} · {portal}"));
    }

    /// A text without placeholders.
    pub fn word(&self, message: Message) -> &'static str {
        text(self.language, message)
    }
}

/// What pages need, from the address; and its language, where it has one.
pub fn frame(router: Router) -> (Frame, Memo<Option<Language>>) {
    let address = router.address;
    let known = Memo::new(move |_| address.with(|address| address.language));
    let language = Memo::new(move |_| known.get().unwrap_or_default());
    let page = Memo::new(move |_| address.with(|address| address.page.clone()));
    let state = Memo::new(move |_| address.with(|address| address.state.clone()));
    let pinned = Memo::new(move |_| state.with(|state| state.get("snapshot").map(str::to_owned)));
    let attempt = RwSignal::new(0_u32);
    let snapshot = later(move || {
        attempt.track();
        let pinned = pinned.get();
        Box::pin(async move { published::open(site::root(), pinned).await.map(Arc::new) })
    });
    let retry = Callback::new(move |()| attempt.update(|attempt| *attempt += 1));
    let frame = Frame {
        language,
        page,
        state,
        snapshot,
        drawn: StoredValue::new(Drawn::here()),
        retry,
    };
    (frame, known)
}

/// Makes something of an open snapshot.
pub type Fill = fn(Opened) -> AnyView;

/// Header, banner, page, footer.
#[component]
pub fn Layout(
    /// Makes the page of the address.
    content: Fill,
) -> impl IntoView {
    let (frame, known) = frame(expect_context::<Router>());
    provide_context(frame);
    let Frame {
        language,
        state,
        snapshot,
        ..
    } = frame;

    follow(move || {
        let theme = state.with(|state| state.get("theme").map(str::to_owned));
        if let Some(html) = site::html() {
            let _ = html.set_attribute("lang", language.get().tag());
            let _ = match theme.as_deref() {
                Some(theme @ ("light" | "dark")) => html.set_attribute("data-theme", theme),
                _ => html.remove_attribute("data-theme"),
            };
        }
    });

    // What the file of the page says stands until the snapshot is open, and not beside what is made of it.
    follow(move || {
        let opened = snapshot.with(Option::is_some) || known.get().is_none();
        if let Some(first) = document().get_element_by_id("first").filter(|_| opened) {
            first.remove();
        }
    });

    live(move || {
        if known.get().is_none() {
            return view! { <Unknown /> }.into_any();
        }
        view! {
            <Header />
            <main id="content" class="wide" tabindex="-1">
                {live(move || match snapshot.get() {
                    None => view! { <Loading what=Message::LoadingPage /> }.into_any(),
                    Some(Err(failure)) => view! { <Failed failure /> }.into_any(),
                    Some(Ok(snapshot)) => {
                        let language = language.get();
                        content(Opened { frame, language, snapshot })
                    }
                })}
            </main>
            <Footer />
        }
        .into_any()
    })
}

/// The page of the address, in the main program.
pub fn page(opened: Opened) -> AnyView {
    let page = opened.frame.page;
    let content = move || {
        let page = page.get();
        match Program::of(&page) {
            Program::Annex => return door(Program::Annex, "page"),
            Program::Explorer => return door(Program::Explorer, "explorer"),
            Program::Main => {}
        }
        match page {
            Page::Home => home::page(opened.clone()),
            Page::Datasets => datasets::page(opened.clone()),
            Page::Dataset(id) => dataset::page(opened.clone(), &id),
            _ => unknown::page(opened.clone()),
        }
    };
    live(content)
}
