//! Every indicator of one place: against last year, what it lies in, and places like it.

use std::sync::Arc;

use charts::format;
use contract::{
    Granularity, Place, Status,
    indicator::{Direction, Indicator},
    snapshot::{Dataset, TOTAL},
};
use leptos::prelude::*;
use query::Table;

use crate::{
    client,
    components::{
        crumbs::crumbs,
        legend::Legend,
        notice::{Failed, Loading, Notice},
        standing::standing,
    },
    finding::{difference, fraction, is_same},
    later::{self, Waiting, later},
    messages::{Message, fill, text},
    pages::{layout::Opened, places::link},
    parts, peers,
    protocol::Failure,
    rows::{self, Row},
    site::{self, Page},
    spread,
    state::ViewState,
    words,
};

/// The page.
pub fn page(opened: Opened, code: &str) -> AnyView {
    let language = opened.language;
    let snapshot = opened.snapshot.clone();
    let Some(place) = snapshot.places.get(code).cloned() else {
        let what: String = code.chars().take(40).collect();
        let title = fill(language, Message::FailedPlace, &[("what", &what)]);
        opened.title(&title);
        return view! {
            <Notice title remedy=text(language, Message::FailedPlaceRemedy).to_owned()>
                <a class="button" href=opened.href(&Page::Places)>{opened.word(Message::NavPlaces)}</a>
            </Notice>
        }
        .into_any();
    };
    let name = place.name.get(language).to_owned();
    opened.title(&name);
    let lineage = snapshot.lineage(&place.code);
    let mut steps = vec![(opened.word(Message::NavPlaces).to_owned(), Page::Places)];
    for above in lineage.iter().filter(|above| above.code != place.code) {
        let title = above.name.get(language).to_owned();
        steps.push((title, Page::Place(above.code.clone())));
    }
    let level = text(language, words::level(place.level));
    let households = peers::households(&snapshot, &place.code).map(|count| {
        let count = crate::finding::grouped(count);
        " · ".to_owned() + &fill(language, Message::PlacesHouseholds, &[("count", &count)])
    });
    let about = format!("{level} · {}{}", place.code, households.unwrap_or_default());
    let parts: Vec<AnyView> = snapshot
        .within(&place.code)
        .map(|part| view! { <li>{link(&opened, part)}</li> }.into_any())
        .collect();
    let within = (!parts.is_empty()).then(|| {
        view! {
            <section class="within" aria-labelledby="within">
                <h2 id="within">{fill(language, Message::PlaceWithin, &[("name", &name)])}</h2>
                <ul class="columns">{parts}</ul>
            </section>
        }
    });
    view! {
        {crumbs(&opened, &steps, &name)}
        <h1>{name}</h1>
        <p class="lead">{about}</p>
        {indicators(&opened, place.clone())}
        {standing(&opened, &place)}
        <Legend language />
        {within}
        <p class="note print-only">{site::absolute(&opened.href(&Page::Place(code.to_owned())))}</p>
    }
    .into_any()
}

/// The rows of one dataset, or why there are none.
type Answers = Vec<(Arc<Dataset>, Vec<Row>)>;

fn indicators(opened: &Opened, place: Place) -> AnyView {
    let snapshot = opened.snapshot.clone();
    let peers: Vec<Place> = peers::similar(&snapshot, &place)
        .into_iter()
        .cloned()
        .collect();
    let mut codes = vec![place.code.clone()];
    codes.extend(place.parent.clone());
    codes.extend(peers.iter().map(|peer| peer.code.clone()));
    let answers = later(move || {
        let (snapshot, codes) = (snapshot.clone(), codes.clone());
        Box::pin(async move {
            let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
            let mut datasets = Vec::new();
            let mut asked: Vec<Waiting<'_, Result<Table, Failure>>> = Vec::new();
            for dataset in &snapshot.manifest.datasets {
                let total = dataset.breakdowns.iter().find(|b| b.id == TOTAL);
                let Some(total) = total.filter(|_| !dataset.indicators.is_empty()) else {
                    continue;
                };
                let query = rows::query_of_places(&codes);
                asked.push(Box::pin(client::read(&snapshot, &total.path, query)));
                datasets.push(Arc::new(dataset.clone()));
            }
            let tables = later::all(asked).await.into_iter();
            let read = |(dataset, table): (Arc<Dataset>, Result<Table, Failure>)| {
                Ok((dataset, rows::rows(&table?)))
            };
            datasets
                .into_iter()
                .zip(tables)
                .map(read)
                .collect::<Result<Answers, Failure>>()
        })
    });
    let opened = opened.clone();
    let rule = (!peers.is_empty()).then(|| {
        let names: Vec<AnyView> = peers
            .iter()
            .map(|peer| view! { <li>{link(&opened, peer)}</li> }.into_any())
            .collect();
        view! {
            <section aria-labelledby="peers">
                <h2 id="peers">{opened.word(Message::PeersTitle)}</h2>
                <p class="note">{opened.word(Message::PeersRule)}</p>
                <ul class="columns">{names}</ul>
            </section>
        }
    });
    let tables = move || match answers.get() {
        None => view! { <div class="room"><Loading what=Message::LoadingTable /></div> }.into_any(),
        Some(Err(failure)) => view! { <Failed failure /> }.into_any(),
        Some(Ok(answers)) => {
            let tables: Vec<AnyView> = answers
                .iter()
                .map(|(dataset, rows)| table(&opened, &place, &peers, dataset, rows))
                .collect();
            tables.into_any()
        }
    };
    view! { {tables} {rule} }.into_any()
}

fn table(
    opened: &Opened,
    place: &Place,
    peers: &[Place],
    dataset: &Dataset,
    rows: &[Row],
) -> AnyView {
    let language = opened.language;
    let parent = place.parent.as_ref();
    let parent_name = parent.map(|code| opened.snapshot.place_name(code, language).to_owned());
    let mut indicators: Vec<&Indicator> = dataset.indicators.iter().collect();
    charts::order::by_key(&mut indicators, |indicator| indicator.order);
    let lines: Vec<AnyView> = indicators
        .into_iter()
        .map(|indicator| line(opened, place, peers, dataset, indicator, rows))
        .collect();
    let id = format!("of-{}", dataset.id);
    let title = dataset.title.get(language).to_owned();
    let head = |title: String| view! { <th scope="col" class="number">{title}</th> };
    let beside = parent_name.map(head);
    let similar = (!peers.is_empty()).then(|| head(opened.word(Message::PeersMedian).to_owned()));
    view! {
        <section aria-labelledby=id.clone()>
            <h2 id=id.clone()>{title}</h2>
            <div class="scroll" tabindex="0" role="group" aria-labelledby=id.clone()>
                <table class="of-place">
                    <thead>
                        <tr>
                            <th scope="col">{opened.word(Message::DataIndicator)}</th>
                            {head(opened.word(Message::PlaceValue).to_owned())}
                            {head(opened.word(Message::PlaceChange).to_owned())}
                            {beside}
                            {similar}
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn line(
    opened: &Opened,
    place: &Place,
    peers: &[Place],
    dataset: &Dataset,
    indicator: &Indicator,
    rows: &[Row],
) -> AnyView {
    let language = opened.language;
    let mut ours: Vec<&Row> = rows
        .iter()
        .filter(|row| row.indicator == indicator.id && row.place == place.code)
        .collect();
    charts::order::by(&mut ours, |a, b| a.period.cmp(&b.period));
    let latest = ours.pop();
    let before = ours.pop();
    let (value, status) = match latest {
        Some(row) => (words::value(row, indicator.unit, language), row.status),
        None => {
            // The whole table may be withheld, or there may be none.
            let ours = |table: &&contract::snapshot::TableState| {
                table.indicator == indicator.id
                    && table.breakdown == TOTAL
                    && table.level == place.level
                    && table.granularity == Granularity::Year
            };
            let status = dataset.tables.iter().find(ours).map(|table| table.status);
            match status {
                Some(status) => (text(language, words::status(status)).to_owned(), status),
                // The source may well hold it: no table of this level does.
                None => (
                    opened.word(Message::PlaceNotComputed).to_owned(),
                    Status::NotApplicable,
                ),
            }
        }
    };
    let parts = parts::parts(dataset, indicator);
    let sides = latest.and_then(|row| fraction(row, &parts, language));
    let out_of = sides.map(|(numerator, denominator)| {
        let values = [
            ("numerator", numerator.as_str()),
            ("denominator", &denominator),
        ];
        let said = fill(language, Message::CardFraction, &values);
        said + " · "
    });
    let period = latest.map(|row| {
        let period = format::period(&row.period, language);
        view! { <span class="note">{out_of.unwrap_or_default()} {period}</span> }
    });
    let change = latest
        .and_then(|row| Some((before?.value?, row.value?)))
        .map(|(old, new)| change(indicator, old, new, opened));
    let at = |code: &str| {
        let period = latest.map(|row| row.period.as_str())?;
        let row = rows.iter().find(|row| {
            row.indicator == indicator.id && row.place == code && row.period == period
        })?;
        row.value
    };
    let written = |value: Option<f64>| match value {
        Some(value) => format::value(value, indicator.unit, language),
        None => "—".to_owned(),
    };
    let parent = place.parent.as_ref().map(|code| {
        view! { <td class="number">{written(at(code))}</td> }
    });
    let median = (!peers.is_empty()).then(|| {
        let mut values: Vec<f64> = peers.iter().filter_map(|peer| at(&peer.code)).collect();
        charts::order::by(&mut values, f64::total_cmp);
        view! { <td class="number">{written(spread::median(&values))}</td> }
    });
    let mut state = ViewState::default()
        .with("indicator", &indicator.id)
        .with("level", place.level.name());
    if place.parent.is_some() {
        state = state.with("places", &place.code).with("period", "all");
    }
    for name in ["snapshot", "theme", "basket"] {
        let value = opened
            .frame
            .state
            .get_untracked()
            .get(name)
            .map(str::to_owned);
        state = state.with(name, &value.unwrap_or_default());
    }
    let href = site::dataset(language, &dataset.id, &state);
    let quiet = status != Status::Published;
    let hatched = status == Status::Suppressed;
    view! {
        <tr>
            <th scope="row"><a href=href>{indicator.title.get(language).to_owned()}</a></th>
            <td class="number" class:quiet=quiet class:hatched=hatched>
                {value} " " {period}
            </td>
            <td class="number">{change}</td>
            {parent}
            {median}
        </tr>
    }
    .into_any()
}

/// A change in words and as an arrow; whether it is for the better is said, not only coloured.
fn change(indicator: &Indicator, old: f64, new: f64, opened: &Opened) -> AnyView {
    let language = opened.language;
    if is_same(old, new, indicator.unit, language) {
        return view! { <span>{opened.word(Message::PlaceSame)}</span> }.into_any();
    }
    let up = new > old;
    let said = difference(old, new, indicator.unit, language);
    let message = match (indicator.direction, up) {
        (Direction::Neutral, _) => None,
        (Direction::MoreIsBetter, true) | (Direction::LessIsBetter, false) => {
            Some((Message::PlaceBetter, "better"))
        }
        _ => Some((Message::PlaceWorse, "worse")),
    };
    let arrow = if up { "▲ " } else { "▼ " };
    let judged = message.map(|(message, class)| {
        view! { <span class=format!("note {class}")>{opened.word(message)}</span> }
    });
    let hidden = opened.word(if up {
        Message::PlaceUp
    } else {
        Message::PlaceDown
    });
    view! {
        <span aria-hidden="true">{arrow}</span>
        <span class="spoken">{hidden}</span>
        {said} " " {judged}
    }
    .into_any()
}
