//! The home page.

use std::sync::Arc;

use contract::{Level, text::Language};
use leptos::prelude::*;

use crate::{
    client,
    components::{
        card::{Card, Headline},
        notice::{Failed, Loading},
    },
    messages::{Message, fill, text},
    pages::layout::Frame,
    protocol::Failure,
    published::Snapshot,
    rows, site,
};

/// Headlines and datasets.
#[component]
pub fn Home() -> impl IntoView {
    let frame = expect_context::<Frame>();
    let headlines = LocalResource::new(move || {
        let snapshot = frame.snapshot.get();
        async move {
            match snapshot {
                Some(Ok(snapshot)) => Some(read(&snapshot).await.map(Arc::new)),
                _ => None,
            }
        }
    });
    move || {
        let language = frame.language.get();
        let snapshot = frame.snapshot.get()?.ok()?;
        let manifest = &snapshot.manifest;
        site::set_title(manifest.title.get(language));
        let cards = {
            let snapshot = snapshot.clone();
            move || match headlines.get().flatten() {
                None => view! { <Loading what=Message::LoadingTable /> }.into_any(),
                Some(Err(failure)) => view! { <Failed failure /> }.into_any(),
                Some(Ok(found)) if found.is_empty() => {
                    view! { <p>{text(language, Message::HomeNoHeadlines)}</p> }.into_any()
                }
                Some(Ok(found)) => {
                    let cards = found.iter().cloned().map(|headline| {
                        let place = snapshot.place_name(&headline.place(), language).to_owned();
                        view! { <Card headline place language /> }
                    });
                    view! { <ul class="cards">{cards.collect_view()}</ul> }.into_any()
                }
            }
        };
        Some(view! {
            <h1>{manifest.title.get(language).to_owned()}</h1>
            <p class="lead">{text(language, Message::SiteTagline)}</p>
            <section aria-labelledby="headlines">
                <h2 id="headlines">{text(language, Message::HomeHeadlines)}</h2>
                <p class="note">{text(language, Message::HomeHeadlinesNote)}</p>
                {cards}
            </section>
            <section aria-labelledby="datasets">
                <h2 id="datasets">{text(language, Message::HomeDatasets)}</h2>
                {datasets(&snapshot, language, frame)}
            </section>
        })
    }
}

fn datasets(snapshot: &Snapshot, language: Language, frame: Frame) -> AnyView {
    if snapshot.manifest.datasets.is_empty() {
        return view! { <p>{text(language, Message::HomeNoDatasets)}</p> }.into_any();
    }
    let items = snapshot.manifest.datasets.iter().map(|dataset| {
        let id = dataset.id.clone();
        let title = dataset.title.get(language).to_owned();
        let open = fill(language, Message::HomeOpen, &[("title", &title)]);
        let href = move || site::dataset(language, &id, &frame.state.get().lasting());
        let accepted = crate::finding::grouped(dataset.rows.accepted.cast_signed());
        let rejected = crate::finding::grouped(dataset.rows.rejected.cast_signed());
        let values = [("accepted", accepted.as_str()), ("rejected", &rejected)];
        let count = dataset.indicators.len().to_string();
        view! {
            <li class="panel">
                <h3><a href=href title=open>{title}</a></h3>
                <p>{dataset.summary.get(language).to_owned()}</p>
                <p class="note">
                    {fill(language, Message::HomeIndicators, &[("count", &count)])} " · "
                    {fill(language, Message::HomeRows, &values)}
                </p>
            </li>
        }
    });
    view! { <ul class="datasets">{items.collect_view()}</ul> }.into_any()
}

/// Reads the headlines' rows, one question for each dataset.
async fn read(snapshot: &Snapshot) -> Result<Vec<Headline>, Failure> {
    let level: Level = snapshot.widest();
    let mut found: Vec<Headline> = Vec::new();
    for dataset in &snapshot.manifest.datasets {
        let wanted: Vec<&str> = snapshot
            .manifest
            .headlines
            .iter()
            .filter_map(|headline| headline.split_once('.'))
            .filter(|(id, _)| *id == dataset.id)
            .map(|(_, indicator)| indicator)
            .collect();
        let total = dataset
            .breakdowns
            .iter()
            .find(|b| b.id == contract::snapshot::TOTAL);
        let Some(total) = total.filter(|_| !wanted.is_empty()) else {
            continue;
        };
        let query = rows::query(&wanted, level.name(), "year");
        let rows = rows::rows(&client::read(snapshot, &total.path, query).await?);
        found.extend(
            wanted
                .into_iter()
                .filter_map(|id| Headline::new(dataset, id, &rows)),
        );
    }
    let order = |headline: &Headline| {
        let name = headline.name();
        snapshot
            .manifest
            .headlines
            .iter()
            .position(|headline| *headline == name)
    };
    found.sort_by_key(order);
    Ok(found)
}
