//! The home page: search, headlines, what is new, datasets.

use std::sync::Arc;

use charts::format;
use leptos::prelude::*;
use query::Table;

use crate::{
    client,
    components::{
        card,
        live::live,
        notice::{Failed, Loading},
        search::Search,
    },
    drawn::Drawn,
    finding::grouped,
    headline::{self, Headline},
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
        let drawn = opened.drawn();
        move || match headlines.get() {
            None => waiting(&opened, drawn.as_ref()),
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

/// The cards of the page's file; where it has none, the cards without what has to be read. Either way nothing moves
/// when it comes.
fn waiting(opened: &Opened, drawn: Option<&Drawn>) -> AnyView {
    let cards = match drawn.and_then(|drawn| drawn.cards.clone()) {
        Some(cards) => {
            view! { <ul class="cards" aria-busy="true" inner_html=cards></ul> }.into_any()
        }
        None => {
            let cards: Vec<AnyView> = headline::named(&opened.snapshot)
                .map(|(dataset, indicator)| {
                    card::frame(&dataset.id, indicator, opened, ().into_any())
                })
                .collect();
            view! { <ul class="cards" aria-busy="true">{cards}</ul> }.into_any()
        }
    };
    view! {
        <div class="spoken"><Loading what=Message::LoadingTable /></div>
        {cards}
    }
    .into_any()
}

/// What this snapshot is: how far it reaches, what stands in it, what came before it.
fn news(opened: &Opened, until: &str) -> AnyView {
    let language = opened.language;
    let manifest = &opened.snapshot.manifest;
    let count = |number: usize| grouped(i64::try_from(number).unwrap_or(i64::MAX), language);
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
    let mut datasets = Vec::new();
    let mut asked: Vec<Waiting<'_, Result<Table, Failure>>> = Vec::new();
    for (dataset, path, query) in headline::questions(snapshot) {
        asked.push(Box::pin(client::read(snapshot, path, query)));
        datasets.push(dataset.id.as_str());
    }
    let mut answers = Vec::new();
    for (id, table) in datasets.into_iter().zip(later::all(asked).await) {
        answers.push((id, rows::rows(&table?)));
    }
    Ok(headline::headlines(snapshot, &answers))
}
