//! The briefing: the charts that the reader has collected, to print or to save as one file.

use std::sync::Arc;

use charts::format;
use contract::{Status, snapshot::Dataset};
use leptos::prelude::*;

use crate::{
    basket::{self, Item},
    briefing::{self, Cover, Section},
    client,
    components::{
        copy::Copied,
        notice::{Failed, Loading},
    },
    figure,
    later::{follow, later},
    messages::{Message, fill, text},
    pages::layout::Opened,
    picture::{Subject, today},
    protocol::Failure,
    published::Snapshot,
    raster,
    router::Router,
    rows,
    site::{self, Page},
    state::{self, ViewState},
};

/// The page.
pub fn page(opened: Opened) -> AnyView {
    let language = opened.language;
    opened.title(opened.word(Message::BriefingTitle));
    let frame = opened.frame;
    let items = Memo::new(move |_| frame.state.with(basket::read));
    let answered = {
        let snapshot = opened.snapshot.clone();
        later(move || {
            let (items, snapshot) = (items.get(), snapshot.clone());
            Box::pin(async move {
                let sections = all(&snapshot, &items, language).await;
                (items, sections)
            })
        })
    };
    // The last answer stays until the next one comes: it must not be taken for it.
    let sections = Memo::new(move |_| {
        let (of, sections) = answered.get()?;
        (of == items.get()).then_some(sections)
    });
    let title = RwSignal::new(String::new());
    follow(move || {
        let own = frame.state.with(|it| basket::title(it).map(str::to_owned));
        title.set(own.unwrap_or_else(|| text(language, Message::BriefingTitle).to_owned()));
    });
    let body = {
        let opened = opened.clone();
        move || {
            if items.with(Vec::is_empty) {
                let href = opened.href(&Page::Datasets);
                return view! {
                    <p role="status">{opened.word(Message::BriefingEmpty)}</p>
                    <p><a class="button" href=href>{opened.word(Message::NavData)}</a></p>
                }
                .into_any();
            }
            match sections.get() {
                None => view! { <Loading what=Message::LoadingTable /> }.into_any(),
                Some(Err(failure)) => view! { <Failed failure /> }.into_any(),
                Some(Ok(sections)) => whole(&opened, &items.get_untracked(), sections, title),
            }
        }
    };
    view! {
        <h1>{move || title.get()}</h1>
        <p class="lead no-print">{text(language, Message::BriefingLead)}</p>
        {body}
    }
    .into_any()
}

/// Reads and draws the charts.
async fn all(
    snapshot: &Snapshot,
    items: &[Item],
    language: contract::text::Language,
) -> Result<Vec<Section>, Failure> {
    let mut sections = Vec::new();
    for item in items {
        sections.push(read(snapshot, item, language).await?);
    }
    Ok(sections)
}

/// Reads and draws one chart.
async fn read(
    snapshot: &Snapshot,
    item: &Item,
    language: contract::text::Language,
) -> Result<Section, Failure> {
    let unknown = || Failure::NoDataset {
        what: item.dataset.chars().take(40).collect(),
    };
    let dataset: &Dataset = snapshot
        .manifest
        .dataset(&item.dataset)
        .ok_or_else(unknown)?;
    let selection = state::select(dataset, &item.state).ok_or_else(unknown)?;
    let rows = if selection.status == Some(Status::Published) {
        let query = rows::query_of(&selection);
        rows::rows(&client::read(snapshot, &selection.breakdown.path, query).await?)
    } else {
        Vec::new()
    };
    let figure = figure::figure(snapshot, &selection, &rows, language);
    let subject = Subject {
        language,
        snapshot,
        dataset,
        selection: &selection,
        figure: &figure,
        state: &item.state,
    };
    Ok(Section::new(&subject, &today()))
}

fn whole(
    opened: &Opened,
    items: &[Item],
    sections: Vec<Section>,
    title: RwSignal<String>,
) -> AnyView {
    let (language, manifest) = (opened.language, &opened.snapshot.manifest);
    let until = format::period(&manifest.reference.to_string(), language);
    let values = [
        ("id", manifest.id.as_str()),
        ("period", &until),
        ("date", &today()),
    ];
    let made = fill(language, Message::BriefingMade, &values);
    let mark = manifest
        .demonstration
        .then(|| opened.word(Message::SiteDemonstration));
    let state = opened.frame.state;
    let id = manifest.id.clone();
    let link = move || {
        let pinned = state.get().with("snapshot", &id).with("theme", "");
        let content = site::absolute(&site::href(language, &Page::Briefing, &pinned));
        view! { <Copied label=text(language, Message::BriefingLink).to_owned() content language /> }
    };
    // What is typed stands in the address once it is done, not letter by letter.
    let router = expect_context::<Router>();
    let name = move |event| {
        let state = basket::titled(&state.get_untracked(), &event_target_value(&event));
        router.replace(&site::href(language, &Page::Briefing, &state));
    };
    let shown: Vec<AnyView> = sections
        .iter()
        .take(items.len())
        .enumerate()
        .map(|(at, section)| one(opened, items, at, section))
        .collect();
    let sections = Arc::new(sections);
    let file = format!("briefing-{}.html", manifest.id);
    let save = {
        let made = made.clone();
        move |_| {
            let title = title.get_untracked();
            let cover = Cover {
                language,
                title: &title,
                made: &made,
                mark,
            };
            let html = briefing::document(&cover, &sections);
            if let Some(blob) = raster::file(&html, "text/html") {
                raster::save(&blob, &file);
            }
        }
    };
    let print = move |_| {
        let _ = window().print();
    };
    view! {
        <div class="share no-print">
            <label class="briefing-name">
                <span>{opened.word(Message::BriefingName)}</span>
                <input
                    type="text"
                    maxlength="120"
                    prop:value=move || title.get()
                    on:input=move |event| title.set(event_target_value(&event))
                    on:change=name
                />
            </label>
            <button type="button" class="print" on:click=print>{opened.word(Message::BriefingPrint)}</button>
            <button type="button" class="save-html" on:click=save>{opened.word(Message::BriefingSave)}</button>
        </div>
        <p class="note made">{made}</p>
        {shown}
        <section class="cite">
            {link}
        </section>
    }
    .into_any()
}

fn one(opened: &Opened, items: &[Item], at: usize, section: &Section) -> AnyView {
    let language = opened.language;
    let state = opened.frame.state;
    // Read anew with the title.
    let to = move |items: Vec<Item>| {
        move || {
            let state: ViewState = basket::with(&state.get().lasting(), &items);
            site::href(language, &Page::Briefing, &state)
        }
    };
    let named = |message| fill(language, message, &[("title", &section.title)]);
    let mut others = items.to_vec();
    others.remove(at);
    let remove = view! {
        <a class="button" href=to(others)>{named(Message::BriefingRemove)}</a>
    };
    let up = (at > 0).then(|| {
        let mut moved = items.to_vec();
        moved.swap(at, at - 1);
        view! { <a class="button" href=to(moved)>{named(Message::BriefingUp)}</a> }
    });
    let lines = section.lines.iter().map(|line| {
        let line = line.clone();
        view! { <p class="note">{line}</p> }
    });
    let head = section.columns.iter().map(|column| {
        view! { <th scope="col">{column.clone()}</th> }
    });
    let rows = section.rows.iter().map(|row| {
        let cells = row.iter().map(|cell| view! { <td>{cell.clone()}</td> });
        view! { <tr>{cells.collect_view()}</tr> }
    });
    let count = section.rows.len().to_string();
    let summary = fill(language, Message::BriefingTable, &[("count", &count)]);
    let id = format!("part-{at}");
    view! {
        <section class="panel briefing" aria-labelledby=id.clone()>
            <h2 id=id.clone()>{section.title.clone()}</h2>
            <p class="finding">{section.finding.clone()}</p>
            <div class="svg for-wide" inner_html=section.svg.clone()></div>
            <div class="svg for-narrow" inner_html=section.narrow.clone()></div>
            <div class="beside">
                <div>{lines.collect_view()}</div>
                <div
                    class="qr"
                    role="img"
                    aria-label=opened.word(Message::BriefingCode)
                    inner_html=section.code.clone()
                ></div>
            </div>
            <details open=briefing::short(section)>
                <summary>{summary}</summary>
                <div class="scroll" tabindex="0" role="group" aria-labelledby=id.clone()>
                    <table>
                        <thead><tr>{head.collect_view()}</tr></thead>
                        <tbody>{rows.collect_view()}</tbody>
                    </table>
                </div>
            </details>
            <p class="share no-print">{up} {remove}</p>
        </section>
    }
    .into_any()
}
