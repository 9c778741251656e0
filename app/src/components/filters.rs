//! The filters of the explorer: one for each variable, opened when it is wanted, so that nothing is read before.

use leptos::prelude::*;
use query::Count;
use wasm_bindgen::JsCast;
use web_sys::HtmlDetailsElement;

use crate::{
    client,
    components::choose::Choice,
    explore::{Exploration, Source, Variable},
    messages::{Message, fill, text},
    pages::explorer::Explorer,
    pivot,
    protocol::Ask,
    router::Router,
};

/// Every filter.
pub fn filters(explorer: Explorer) -> AnyView {
    let language = explorer.opened.with_value(|it| it.language);
    // The filters stay while their choices change, so that a keyboard keeps its place.
    let variables = Memo::new(move |_| {
        let exploration = explorer.exploration();
        exploration.map_or_else(Vec::new, |it| {
            let source = match &it.source {
                Source::Records(records) => records.path.clone(),
                Source::Cells(selection) => selection.breakdown.path.clone(),
            };
            it.variables
                .into_iter()
                .map(|it| (source.clone(), it))
                .collect()
        })
    });
    let each = move |(path, variable): (String, Variable)| filter(explorer, path, variable);
    view! {
        <section class="filters" aria-label=text(language, Message::ExplorerFilters)>
            {move || variables.get().into_iter().map(each).collect_view()}
        </section>
    }
    .into_any()
}

/// The label and code of each value of a variable that a filter may keep.
fn choices(
    explorer: Explorer,
    exploration: &Exploration,
    codes: Vec<String>,
    variable: &str,
) -> Vec<Choice> {
    let selection = exploration.selection();
    explorer.opened.with_value(|opened| {
        let label = |code: &str| {
            let (snapshot, dataset) = (&opened.snapshot, &exploration.dataset);
            pivot::label(
                snapshot,
                dataset,
                selection,
                variable,
                Some(code),
                opened.language,
            )
        };
        codes
            .into_iter()
            .map(|code| (code.clone(), label(&code)))
            .collect()
    })
}

fn filter(explorer: Explorer, path: String, variable: Variable) -> AnyView {
    let router = expect_context::<Router>();
    let language = explorer.opened.with_value(|it| it.language);
    let Variable { name, title } = variable;
    let opened = RwSignal::new(false);
    let name = StoredValue::new(name);
    let wanted = Memo::new(move |_| {
        let exploration = explorer.exploration()?;
        let name = name.get_value();
        exploration.wanted(&name).map(<[String]>::to_vec)
    });
    // The values of a column of records are counted when the filter is opened; those of cells are here already.
    let counted = RwSignal::new(None::<Vec<String>>);
    let count = move || {
        let exploration = explorer
            .chosen
            .get_untracked()
            .and_then(|it| it.exploration);
        let records = exploration.is_some_and(|it| it.count().is_some());
        if !records || counted.with_untracked(Option::is_some) {
            return;
        }
        let (path, name) = (path.clone(), name.get_value());
        let snapshot = explorer.opened.with_value(|it| it.snapshot.clone());
        leptos::task::spawn_local(async move {
            let ask = Ask::Count(Count {
                by: vec![name.clone()],
                filters: Vec::new(),
            });
            let answer = client::answer(client::next_id(), &snapshot, &path, &ask, None).await;
            let codes = answer.map_or_else(
                |_| Vec::new(),
                |table| {
                    (0..table.rows)
                        .filter_map(|row| pivot::code(&table, &name, row))
                        .collect()
                },
            );
            // The page may be gone.
            let _ = counted.try_set(Some(codes));
        });
    };
    let options = move || {
        let exploration = explorer.exploration()?;
        let name = name.get_value();
        let codes = match &exploration.source {
            Source::Records(_) => counted.get()?,
            Source::Cells(_) => pivot::values(&exploration, &explorer.rows(), &name),
        };
        Some(choices(explorer, &exploration, codes, &name))
    };
    let go = move |any_of: Vec<String>| {
        if let Some(exploration) = explorer
            .chosen
            .get_untracked()
            .and_then(|it| it.exploration)
        {
            let filters = exploration.filtered(&name.get_value(), &any_of);
            router.go(&explorer.href("where", &filters));
        }
    };
    let toggle = move |code: String| {
        let mut any_of = wanted.get_untracked().unwrap_or_default();
        match any_of.iter().position(|it| *it == code) {
            Some(at) => drop(any_of.remove(at)),
            None => any_of.push(code),
        }
        any_of.sort();
        go(any_of);
    };
    // Of cells, a variable that stands on no side shows one value.
    let single = Memo::new(move |_| {
        explorer.exploration().is_some_and(|it| {
            matches!(it.source, Source::Cells(_)) && !it.is_side(&name.get_value())
        })
    });
    let shown = move || {
        explorer.pivot.with(|pivot| {
            let mut fixed = pivot.as_ref()?.fixed.iter();
            let found = fixed.find(|(variable, _)| *variable == name.get_value());
            found.map(|(_, value)| value.clone())
        })
    };
    let summary = {
        let title = title.clone();
        move || match wanted.get() {
            Some(any_of) => {
                let count = any_of.len().to_string();
                fill(
                    language,
                    Message::ExplorerChosen,
                    &[("variable", &title), ("count", &count)],
                )
            }
            None => fill(language, Message::ExplorerAll, &[("variable", &title)]),
        }
    };
    let on_toggle = move |event: web_sys::Event| {
        let details = event
            .target()
            .and_then(|it| it.dyn_into::<HtmlDetailsElement>().ok());
        let open = details.is_some_and(|details| details.open());
        if open {
            count();
        }
        opened.set(open);
    };
    let boxes = move || {
        let Some(options) = options() else {
            return view! { <p class="note">{text(language, Message::LoadingTable)}</p> }
                .into_any();
        };
        let wanted = wanted.get().unwrap_or_default();
        let option = |(code, label): Choice| {
            let checked = wanted.contains(&code);
            view! {
                <label>
                    <input type="checkbox" prop:checked=checked on:change=move |_| toggle(code.clone()) />
                    " " {label}
                </label>
            }
        };
        view! { <div class="boxes">{options.into_iter().map(option).collect_view()}</div> }
            .into_any()
    };
    let one = move || {
        let current = shown().unwrap_or_default();
        let option = |(code, label): Choice| {
            let selected = code == current;
            view! { <option value=code selected=selected>{label}</option> }
        };
        options()
            .unwrap_or_default()
            .into_iter()
            .map(option)
            .collect_view()
    };
    let label = StoredValue::new(title);
    let fieldset = move || {
        opened.get().then(|| {
            let none = move || wanted.with(Option::is_none);
            view! {
                <fieldset>
                    <legend class="spoken">{label.get_value()}</legend>
                    <button type="button" disabled=none on:click=move |_| go(Vec::new())>
                        {text(language, Message::ExplorerClear)}
                    </button>
                    {boxes}
                </fieldset>
            }
        })
    };
    view! {
        <label class="filter" hidden=move || !single.get()>
            <span>{label.get_value()}</span>
            <select name=name.get_value() on:change=move |event| go(vec![event_target_value(&event)])>
                {one}
            </select>
        </label>
        <details
            class="filter"
            hidden=move || single.get()
            data-filter=name.get_value()
            on:toggle=on_toggle
        >
            <summary>{summary}</summary>
            {fieldset}
        </details>
    }
    .into_any()
}
