//! The search box: places, indicators and datasets as links, found while the reader types.

use std::sync::Arc;

use leptos::{html::Div, prelude::*};
use wasm_bindgen::JsCast;

use crate::{
    components::live::{heard, live, shown},
    messages::{Message, fill, text},
    pages::layout::Frame,
    router::Router,
    search::{self, Entry},
    site, words,
};

const MOST: usize = 8;

/// The search box. Arrow keys go through what is found, Enter takes the first, Escape closes.
#[component]
pub fn Search(
    /// Id of the input: there may be several on a page.
    id: &'static str,
) -> impl IntoView {
    let frame = expect_context::<Frame>();
    let router = expect_context::<Router>();
    let language = frame.language;
    let query = RwSignal::new(String::new());
    let open = RwSignal::new(false);
    let around = NodeRef::<Div>::new();
    // Built when the reader first types.
    let wanted = Memo::new(move |_| query.with(|query| !query.is_empty()));
    let index = Memo::new(move |_| {
        let snapshot = frame.snapshot.get().and_then(Result::ok);
        let snapshot = snapshot.filter(|_| wanted.get());
        Arc::new(snapshot.map_or_else(Vec::new, |snapshot| search::index(&snapshot)))
    });
    let found = Memo::new(move |_| {
        let index = index.get();
        let found = query.with(|query| search::find(&index, query, MOST));
        found.into_iter().cloned().collect::<Vec<Entry>>()
    });
    let href = move |entry: &Entry| {
        let mut state = frame.state.get().lasting();
        if let Some(indicator) = &entry.indicator {
            state = state.with("indicator", indicator);
        }
        site::href(language.get(), &entry.page, &state)
    };
    let focus = move |step: i32| {
        let Some(around) = around.get_untracked() else {
            return;
        };
        let Ok(links) = around.query_selector_all("input, .found a") else {
            return;
        };
        let active = document().active_element();
        let all: Vec<web_sys::HtmlElement> = (0..links.length())
            .filter_map(|at| links.item(at)?.dyn_into().ok())
            .collect();
        let here = all
            .iter()
            .position(|link| active.as_ref() == Some(link.as_ref()));
        let here = i32::try_from(here.unwrap_or(0)).unwrap_or(0);
        let count = i32::try_from(all.len()).unwrap_or(1).max(1);
        let next = usize::try_from((here + step).rem_euclid(count)).unwrap_or(0);
        if let Some(link) = all.get(next) {
            let _ = link.focus();
        }
    };
    let close = move || {
        open.set(false);
        query.set(String::new());
    };
    let on_key = move |event: web_sys::KeyboardEvent| match event.key().as_str() {
        "ArrowDown" => {
            event.prevent_default();
            focus(1);
        }
        "ArrowUp" => {
            event.prevent_default();
            focus(-1);
        }
        "Escape" => {
            open.set(false);
            focus(0);
        }
        "Enter" => {
            let in_box = event
                .target()
                .is_some_and(|target| target.has_type::<web_sys::HtmlInputElement>());
            if let Some(first) = found.get_untracked().first().filter(|_| in_box) {
                let href = href(first);
                close();
                router.go(&href);
            }
        }
        _ => {}
    };
    let on_out = move |event: web_sys::FocusEvent| {
        let next: Option<web_sys::Node> = event
            .related_target()
            .and_then(|target| target.dyn_into().ok());
        let inside = around
            .get_untracked()
            .is_some_and(|around| around.contains(next.as_ref()));
        if !inside {
            open.set(false);
        }
    };
    let item = move |entry: Entry| {
        let (title, context) = search::said(&entry, language.get());
        let kind = match (entry.level, &entry.indicator) {
            (Some(level), _) => words::level(level),
            (None, Some(_)) => Message::DataIndicator,
            (None, None) => Message::SearchDataset,
        };
        let context = if context.is_empty() {
            text(language.get(), kind).to_owned()
        } else {
            format!("{} · {context}", text(language.get(), kind))
        };
        view! {
            <li>
                <a href=href(&entry) on:click=heard(move |_| close())>
                    <span>{title}</span>
                    <span class="note">{context}</span>
                </a>
            </li>
        }
        .into_any()
    };
    let showing = move || open.get() && wanted.get();
    let said = move || {
        let count = found.with(Vec::len);
        if !showing() {
            String::new()
        } else if count == 0 {
            text(language.get(), Message::SearchNothing).to_owned()
        } else {
            fill(
                language.get(),
                Message::SearchFound,
                &[("count", &count.to_string())],
            )
        }
    };
    let listed = move || {
        let found = found.get();
        if found.is_empty() {
            let nothing = text(language.get(), Message::SearchNothing);
            view! { <p class="note">{nothing}</p> }.into_any()
        } else {
            view! { <ul>{found.into_iter().map(item).collect::<Vec<AnyView>>()}</ul> }.into_any()
        }
    };
    view! {
        <div class="search" role="search" node_ref=around on:keydown=heard(on_key) on:focusout=heard(on_out)>
            <label class="spoken" for=id>{live(move || text(language.get(), Message::SearchLabel))}</label>
            <input
                id=id
                type="search"
                autocomplete="off"
                spellcheck="false"
                placeholder=move || text(language.get(), Message::SearchHint)
                prop:value=move || query.get()
                on:input=move |event| {
                    query.set(event_target_value(&event));
                    open.set(true);
                }
                on:focus=move |_| open.set(true)
            />
            <p class="spoken" role="status">{live(said)}</p>
            {shown(showing, move || view! { <div class="found">{live(listed)}</div> })}
        </div>
    }
}
