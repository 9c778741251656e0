//! The home page: search, headlines, what is new, datasets.

use std::sync::Arc;

use charts::format;
use contract::snapshot::{Dataset, TOTAL};
use leptos::prelude::*;
use query::Table;

use crate::{
    client,
    components::{
        card::{self, Headline},
        live::live,
        notice::{Failed, Loading},
        search::Search,
    },
    finding::grouped,
    later::{self, Waiting, later},
    messages::{Message, fill},
    pages::{datasets, layout::Opened},
    protocol::Failure,
    published::Snapshot,
    rows,
    site::{self, Page},
};

/// The page.
pub fn page(opened: Opened) -> AnyView {
    let language = opened.language;
    let manifest = &opened.snapshot.manifest;
    site::set_title(manifest.title.get(language));
    let headlines = {
        let snapshot = opened.snapshot.clone();
        later(move || {
            let snapshot = snapshot.clone();
            Box::pin(async move { read(&snapshot).await.map(Arc::new) })
        })
    };
    let cards = {
        let opened = opened.clone();
        move || match headlines.get() {
            None => waiting(&opened),
            Some(Err(failure)) => view! { <Failed failure /> }.into_any(),
            Some(Ok(found)) if found.is_empty() => {
                view! { <p>{opened.word(Message::HomeNoHeadlines)}</p> }.into_any()
            }
            Some(Ok(found)) => {
                let cards: Vec<AnyView> = found.iter().map(|it| card::card(it, &opened)).collect();
                view! { <ul class="cards">{cards}</ul> }.into_any()
            }
        }
    };
    let until = format::period(&manifest.reference.to_string(), language);
    let place = opened.snapshot.widest_name(language).to_owned();
    let note = fill(language, Message::HomeHeadlinesNote, &[("place", &place)]);
    view! {
        <section class="hero">
            <h1>{manifest.title.get(language).to_owned()}</h1>
            <p class="lead">{opened.word(Message::SiteTagline)}</p>
            <p class="search-lead">{opened.word(Message::HomeSearch)}</p>
            <Search id="home-search" />
        </section>
        <section aria-labelledby="headlines">
            <h2 id="headlines">{opened.word(Message::HomeHeadlines)}</h2>
            <p class="note">{note}</p>
            {live(cards)}
        </section>
        <section aria-labelledby="new">
            <h2 id="new">{opened.word(Message::HomeNew)}</h2>
            {news(&opened, &until)}
        </section>
        <section aria-labelledby="datasets">
            <h2 id="datasets">{opened.word(Message::HomeDatasets)}</h2>
            {datasets::panels(&opened, datasets::Heading::OfSection)}
        </section>
    }
    .into_any()
}

/// The cards without what has to be read, so that nothing moves when it comes.
fn waiting(opened: &Opened) -> AnyView {
    let named = named(&opened.snapshot);
    let cards: Vec<AnyView> = named
        .filter_map(|(dataset, id)| {
            let indicator = dataset.indicators.iter().find(|it| it.id == id)?;
            Some(card::frame(&dataset.id, indicator, opened, ().into_any()))
        })
        .collect();
    view! {
        <div class="spoken"><Loading what=Message::LoadingTable /></div>
        <ul class="cards" aria-busy="true">{cards}</ul>
    }
    .into_any()
}

/// What this snapshot is: how far it reaches, what stands in it, what came before it.
fn news(opened: &Opened, until: &str) -> AnyView {
    let language = opened.language;
    let manifest = &opened.snapshot.manifest;
    let count = |number: usize| grouped(i64::try_from(number).unwrap_or(i64::MAX));
    let indicators: usize = manifest.datasets.iter().map(|it| it.indicators.len()).sum();
    let facts = fill(
        language,
        Message::HomeNewFacts,
        &[
            ("id", &manifest.id),
            ("period", until),
            ("datasets", &count(manifest.datasets.len())),
            ("indicators", &count(indicators)),
        ],
    );
    let releases = &opened.snapshot.releases;
    let before = releases
        .iter()
        .position(|release| release.snapshot == manifest.id)
        .and_then(|at| releases.get(at.checked_sub(1)?));
    let changes = match before {
        Some(before) => {
            let said = fill(
                language,
                Message::HomeNewBefore,
                &[("id", &before.snapshot)],
            );
            let href = opened.href(&Page::Changes);
            view! { <p><a href=href>{said}</a></p> }.into_any()
        }
        None => view! { <p class="note">{opened.word(Message::HomeNewFirst)}</p> }.into_any(),
    };
    view! { <div class="panel"><p>{facts}</p>{changes}</div> }.into_any()
}

/// Reads the headlines' rows, one question for each dataset, all at once.
async fn read(snapshot: &Snapshot) -> Result<Vec<Headline>, Failure> {
    let level = snapshot.widest();
    let mut datasets = Vec::new();
    let mut asked: Vec<Waiting<'_, Result<Table, Failure>>> = Vec::new();
    for dataset in &snapshot.manifest.datasets {
        let named = named(snapshot).filter(|(of, _)| of.id == dataset.id);
        let wanted: Vec<&str> = named.map(|(_, indicator)| indicator).collect();
        let total = dataset.breakdowns.iter().find(|b| b.id == TOTAL);
        let Some(total) = total.filter(|_| !wanted.is_empty()) else {
            continue;
        };
        let query = rows::query(&wanted, level.name(), &["year", "quarter"]);
        asked.push(Box::pin(client::read(snapshot, &total.path, query)));
        datasets.push(&dataset.id);
    }
    let mut answers = Vec::new();
    for (id, table) in datasets.into_iter().zip(later::all(asked).await) {
        answers.push((id, rows::rows(&table?)));
    }
    let found = named(snapshot).filter_map(|(dataset, indicator)| {
        let (_, rows) = answers.iter().find(|(id, _)| **id == dataset.id)?;
        Headline::new(dataset, indicator, rows)
    });
    Ok(found.collect())
}

/// The datasets and indicators of the headlines, in their order.
fn named(snapshot: &Snapshot) -> impl Iterator<Item = (&Dataset, &str)> {
    let manifest = &snapshot.manifest;
    manifest.headlines.iter().filter_map(|headline| {
        let (id, indicator) = headline.split_once('.')?;
        Some((manifest.dataset(id)?, indicator))
    })
}
