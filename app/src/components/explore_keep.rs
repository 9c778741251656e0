//! What a reader must know of an exploration, and taking it along.

use leptos::prelude::*;

use crate::{
    components::{
        citation::{citation, work},
        copy::Copied,
        save::save,
    },
    explore::{Exploration, Source},
    finding::grouped,
    messages::{Message, fill},
    pages::{explorer::Explorer, layout::Opened},
    pivot::{Pivot, title_of},
    rows::Row,
    site::{self, Page},
    takeaway,
    verify::OF_VIEW,
    words,
};

/// What a reader must know of the record-level file: that it is recoded, and what is not in it.
pub fn honest(explorer: Explorer) -> AnyView {
    let opened = explorer.opened.get_value();
    let language = opened.language;
    let Some(exploration) = explorer.exploration() else {
        return ().into_any();
    };
    let Source::Records(records) = &exploration.source else {
        return view! { <p class="note">{opened.word(Message::ExplorerCellsNote)}</p> }.into_any();
    };
    let dataset = &exploration.dataset;
    let list = |names: Vec<&str>| language.list(&names);
    let pivot = explorer.pivot.get();
    let coarse: Vec<String> = records
        .columns
        .iter()
        .map(|it| {
            let title = it.title.get(language);
            let as_what = coarseness(&opened, &exploration, pivot.as_ref(), &it.name);
            as_what.map_or(title.to_owned(), |as_what| language.aside(title, as_what))
        })
        .collect();
    let kept = coarse.iter().map(String::as_str).collect();
    let titles = |treatments: &[&str]| {
        let gone = dataset.columns.iter().filter(|it| {
            treatments.contains(&it.treatment.as_str())
                && !records.columns.iter().any(|kept| kept.name == it.name)
        });
        list(gone.map(|it| it.title.get(language)).collect())
    };
    let said = |message, values: &[(&str, &str)]| {
        let said = fill(language, message, values);
        view! { <li>{said}</li> }
    };
    let (rows, k) = (
        grouped(records.rows.cast_signed(), language),
        records.k.to_string(),
    );
    view! {
        <section class="panel" aria-labelledby="honest">
            <h2 id="honest">{opened.word(Message::ExplorerHonest)}</h2>
            <ul class="bullets">
                {said(Message::ExplorerHonestRows, &[("rows", &rows)])}
                {said(Message::ExplorerK, &[("k", &k)])}
                {said(Message::ExplorerHonestKept, &[("columns", &list(kept))])}
                {said(Message::ExplorerHonestTotals, &[("columns", &titles(&["aggregated", "recoded"]))])}
                {said(Message::ExplorerHonestRemoved, &[("columns", &titles(&["removed"]))])}
            </ul>
            <p>
                <a href=opened.href(&Page::Protection)>{opened.word(Message::NavProtection)}</a>
            </p>
        </section>
    }
    .into_any()
}

/// How coarse the values of a side are: the level of a place, the length of a period.
fn coarseness(
    opened: &Opened,
    exploration: &Exploration,
    pivot: Option<&Pivot>,
    variable: &str,
) -> Option<&'static str> {
    let heads = if exploration.rows == variable {
        &pivot?.rows
    } else if exploration.columns.as_deref() == Some(variable) {
        &pivot?.columns
    } else {
        return None;
    };
    let code = heads.iter().find_map(|head| head.code.as_deref())?;
    let message = match opened.snapshot.places.get(code) {
        Some(place) => words::level(place.level),
        None => words::granularity(code.parse::<contract::Period>().ok()?.granularity()),
    };
    Some(opened.word(message))
}

/// Taking the answer along, sharing and citing it.
pub fn keep(explorer: Explorer) -> AnyView {
    let opened = explorer.opened.get_value();
    let language = opened.language;
    let name = move || {
        let chosen = explorer.chosen.get_untracked();
        let id = chosen.map(|it| it.dataset.id.clone()).unwrap_or_default();
        let snapshot = explorer
            .opened
            .with_value(|it| it.snapshot.manifest.id.clone());
        format!("{OF_VIEW}{id}-explorer-{snapshot}")
    };
    let sheet = Callback::new(move |()| {
        let opened = explorer.opened.get_value();
        let exploration = explorer.chosen.get_untracked()?.exploration?;
        let pivot = explorer.pivot.get_untracked()?;
        let title = title_of(&exploration, language);
        let state = opened.frame.state.get_untracked();
        let work = work(&opened, &title, &Page::Explorer, &state);
        let sheet = match &exploration.source {
            Source::Records(records) => takeaway::of_records(
                &opened.snapshot,
                &exploration,
                records,
                &pivot,
                &work,
                language,
            ),
            Source::Cells(selection) => {
                let cells = pivot.cells.iter().flatten();
                let rows: Vec<Row> = cells.filter_map(|cell| cell.row.clone()).collect();
                takeaway::of_rows(
                    &opened.snapshot,
                    &exploration.dataset,
                    selection,
                    &rows,
                    &work,
                    language,
                )
            }
        };
        Some((name(), sheet))
    });
    let ready = Memo::new(move |_| explorer.pivot.with(Option::is_some));
    let shared = {
        let opened = opened.clone();
        move || {
            let state = opened
                .frame
                .state
                .get()
                .with("snapshot", &opened.snapshot.manifest.id);
            let content = site::absolute(&site::href(language, &Page::Explorer, &state));
            let label = opened.word(Message::ExplorerShare).to_owned();
            view! { <Copied label content language /> }
        }
    };
    let cited = {
        let opened = opened.clone();
        move || {
            let title = explorer.exploration().map(|it| title_of(&it, language));
            let state = opened.frame.state.get();
            citation(&opened, &title.unwrap_or_default(), &Page::Explorer, &state)
        }
    };
    let buttons = opened.clone();
    view! {
        <section aria-labelledby="keep">
            <h2 id="keep">{opened.word(Message::ExplorerKeep)}</h2>
            {move || ready.get().then(|| save(&buttons, Message::ExportNote, sheet))}
            {shared}
        </section>
        {cited}
    }
    .into_any()
}
