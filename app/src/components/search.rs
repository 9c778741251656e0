//! The search box: places, indicators and datasets as links, found while the reader types.

use std::sync::Arc;

use leptos::{html::Div, prelude::*};
use wasm_bindgen::JsCast;

use crate::{
    components::live::{heard, live, shown},
    messages::{Message, fill, text},
    pages::layout::Frame,
    router::Router,
    search::{self, Entry, Found},
    site, words,
};

const MOST: usize = 8;

/// The search box: a combobox, whose focus stays in the input. Arrow keys go through what is found; Enter takes the
/// one that is reached, or the one that is meant, or else goes into the list; Escape closes.
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
        query.with(|query| search::find(&index, query, MOST))
    });
    // The one that arrow keys have reached.
    let active = RwSignal::new(None::<usize>);
    // There is one list at a time.
    let list = "search-found";
    let option = move |at: usize| format!("{list}-{at}");
    let href = move |entry: &Entry| {
        let mut state = frame.state.get().lasting();
        if let Some(indicator) = &entry.indicator {
            state = state.with("indicator", indicator);
        }
        site::href(language.get(), &entry.page, &state)
    };
    let close = move || {
        open.set(false);
        query.set(String::new());
        active.set(None);
    };
    let showing = move || open.get() && wanted.get();
    let on_key = move |event: web_sys::KeyboardEvent| {
        // Keys that an input method is given are not for the list.
        if event.is_composing() {
            return;
        }
        let (key, found) = (event.key(), found.get_untracked());
        let count = found.entries.len();
        match key.as_str() {
            "ArrowDown" | "ArrowUp" if count > 0 => {
                event.prevent_default();
                open.set(true);
                let (start, by) = match key.as_str() {
                    "ArrowDown" => (count - 1, 1),
                    _ => (0, count - 1),
                };
                active.update(|at| *at = Some((at.unwrap_or(start) + by) % count));
            }
            "Escape" => {
                open.set(false);
                active.set(None);
            }
            "Enter" => {
                let reached = active.get_untracked().or(found.sure.then_some(0));
                if let Some(entry) = reached.and_then(|at| found.entries.get(at)) {
                    let href = href(entry);
                    close();
                    router.go(&href);
                } else if count > 0 {
                    open.set(true);
                    active.set(Some(0));
                }
            }
            _ => {}
        }
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
    let item = move |(at, entry): (usize, Entry)| {
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
            <li role="presentation">
                <a
                    id=option(at)
                    role="option"
                    tabindex="-1"
                    aria-selected=move || (active.get() == Some(at)).to_string()
                    href=href(&entry)
                    on:click=heard(move |_| close())
                >
                    <span>{title}</span>
                    <span class="note">{context}</span>
                </a>
            </li>
        }
        .into_any()
    };
    let counted = move || {
        let (count, more) = found.with(|found| (found.entries.len(), found.more));
        let message = match (count, more) {
            (0, _) => Message::SearchNothing,
            (_, false) => Message::SearchFound,
            (_, true) => Message::SearchFirst,
        };
        fill(language.get(), message, &[("count", &count.to_string())])
    };
    let said = move || showing().then(counted).unwrap_or_default();
    let expanded = move || showing() && found.with(|found| !found.entries.is_empty());
    let listed = move || {
        let Found { entries, more, .. } = found.get();
        let items: Vec<AnyView> = entries.into_iter().enumerate().map(item).collect();
        let note = (items.is_empty() || more).then(|| view! { <p class="note">{counted()}</p> });
        let list = (!items.is_empty()).then(|| {
            let label = text(language.get(), Message::SearchLabel);
            view! { <ul role="listbox" id=list aria-label=label>{items}</ul> }
        });
        view! { {list} {note} }.into_any()
    };
    view! {
        <div class="search" role="search" node_ref=around on:keydown=heard(on_key) on:focusout=heard(on_out)>
            <label class="spoken" for=id>{live(move || text(language.get(), Message::SearchLabel))}</label>
            <input
                id=id
                type="search"
                role="combobox"
                aria-autocomplete="list"
                aria-controls=list
                aria-expanded=move || expanded().to_string()
                aria-activedescendant=move || active.get().filter(|_| expanded()).map(option)
                autocomplete="off"
                spellcheck="false"
                placeholder=move || text(language.get(), Message::SearchHint)
                prop:value=move || query.get()
                on:input=move |event| {
                    query.set(event_target_value(&event));
                    active.set(None);
                    open.set(true);
                }
                on:focus=move |_| open.set(true)
            />
            <p class="spoken" role="status">{live(said)}</p>
            {shown(showing, move || view! { <div class="found">{live(listed)}</div> })}
        </div>
    }
}
