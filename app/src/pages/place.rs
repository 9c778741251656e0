//! Every indicator of one place: against last year, what it lies in, and places like it.

mod line;
mod norm;
mod take;

use contract::{
    Level, Place, Status,
    indicator::Indicator,
    snapshot::{Dataset, TOTAL},
};
use leptos::prelude::*;
use query::Table;

use crate::{
    client,
    components::{
        copy::hand_on,
        crumbs::crumbs,
        legend::Legend,
        notice::{Failed, Loading, Notice},
        standing::{self, Standing},
    },
    later::{self, Waiting, later},
    messages::{Message, fill, text},
    pages::{layout::Opened, place::line::Of, places::link},
    peers,
    protocol::Failure,
    published::Snapshot,
    rows::{self, Row},
    site::Page,
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
        let count = crate::finding::grouped(count, language);
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
        <h1>{name.clone()}</h1>
        <p class="lead">{about}</p>
        <div class="share">{hand_on(opened.frame)}</div>
        {contents(&opened, &place, within.is_some().then_some(&*name))}
        {indicators(&opened, place.clone())}
        <Legend language />
        {within}
    }
    .into_any()
}

/// Links to the sections of the page.
fn contents(opened: &Opened, place: &Place, within: Option<&str>) -> AnyView {
    let language = opened.language;
    let datasets = datasets(&opened.snapshot, place.level).into_iter();
    let of_datasets =
        datasets.map(|(it, _)| (format!("#of-{}", it.id), it.title.get(language).to_owned()));
    let mut sections: Vec<(String, String)> = of_datasets.collect();
    sections.push((
        "#take".to_owned(),
        opened.word(Message::PlaceTake).to_owned(),
    ));
    if !peers::similar(&opened.snapshot, place).is_empty() {
        sections.push((
            "#peers".to_owned(),
            opened.word(Message::PeersTitle).to_owned(),
        ));
    }
    if let Some(name) = within {
        let title = fill(language, Message::PlaceWithin, &[("name", name)]);
        sections.push(("#within".to_owned(), title));
    }
    let items: Vec<AnyView> = sections
        .into_iter()
        .map(|(href, title)| view! { <li><a href=href rel="nofollow">{title}</a></li> }.into_any())
        .collect();
    view! { <ul class="facts-line no-print">{items}</ul> }.into_any()
}

/// The datasets with figures of places, each with where its totals are published; those of which nothing is told of
/// a place of the level come last.
fn datasets(snapshot: &Snapshot, level: Level) -> Vec<(&Dataset, &str)> {
    let datasets = snapshot.manifest.datasets.iter();
    let with_totals = datasets.filter(|it| !it.indicators.is_empty());
    let mut found: Vec<(&Dataset, &str)> = with_totals
        .filter_map(|it| Some((it, &*it.breakdowns.iter().find(|it| it.id == TOTAL)?.path)))
        .collect();
    charts::order::by_key(&mut found, |(dataset, _)| {
        !dataset.tables.iter().any(|table| {
            table.breakdown == TOTAL && table.level == level && table.status == Status::Published
        })
    });
    found
}

/// What is read of every dataset, once it is.
type Answers = RwSignal<Option<Result<Vec<Answer>, Failure>>>;

/// What is read of one dataset.
struct Answer {
    dataset: Dataset,
    /// Of the place, of what it lies in, and of places like it.
    rows: Vec<Row>,
    /// Where the place stands by the headline indicators.
    standings: Vec<Standing>,
}

fn indicators(opened: &Opened, place: Place) -> AnyView {
    let snapshot = opened.snapshot.clone();
    let peers: Vec<Place> = peers::similar(&snapshot, &place)
        .into_iter()
        .cloned()
        .collect();
    let level = place.level;
    let mut codes = vec![place.code.clone()];
    codes.extend(place.parent.clone());
    codes.extend(peers.iter().map(|peer| peer.code.clone()));
    let answers: Answers = later(move || {
        let (snapshot, codes) = (snapshot.clone(), codes.clone());
        // Shown together: what came later would push away what is being read.
        Box::pin(async move { read(&snapshot, level, &codes).await })
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
    let tables = move || {
        answers.with(|read| match read {
            None => {
                view! { <div class="room"><Loading what=Message::LoadingTable /></div> }.into_any()
            }
            Some(Err(failure)) => view! { <Failed failure=failure.clone() /> }.into_any(),
            Some(Ok(read)) => {
                let sections = read
                    .iter()
                    .map(|answer| section(&opened, &place, &peers, answer));
                let sections = sections.collect::<Vec<AnyView>>();
                view! { {sections} {take::take(&opened, &place, answers)} }.into_any()
            }
        })
    };
    view! { {tables} {rule} }.into_any()
}

/// Asks for everything at once: the rows of the places, the page's own first, and those of its whole level.
async fn read(snapshot: &Snapshot, level: Level, codes: &[String]) -> Result<Vec<Answer>, Failure> {
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    let mut all = Vec::new();
    let mut asked: Vec<Waiting<'_, Result<Table, Failure>>> = Vec::new();
    for (dataset, path) in datasets(snapshot, level) {
        let shown = standing::shown(snapshot, dataset, codes[0]);
        let levels = shown
            .iter()
            .map(|(indicator, place)| rows::query(&[&indicator.id], place.level.name(), &["year"]));
        for query in std::iter::once(rows::query_of_places(&codes)).chain(levels) {
            asked.push(Box::pin(client::read(snapshot, path, query)));
        }
        all.push((dataset, shown));
    }
    let mut tables = later::all(asked).await.into_iter();
    let mut next = || -> Result<Vec<Row>, Failure> {
        let table = tables.next().ok_or(Failure::Empty)?;
        Ok(rows::rows(&table?))
    };
    let mut answers = Vec::new();
    for (dataset, shown) in all {
        let rows = next()?;
        let mut standings = Vec::new();
        for (indicator, place) in shown {
            standings.extend(Standing::new(place, indicator, &next()?));
        }
        answers.push(Answer {
            dataset: dataset.clone(),
            rows,
            standings,
        });
    }
    Ok(answers)
}

fn in_order(dataset: &Dataset) -> Vec<&Indicator> {
    let mut indicators: Vec<&Indicator> = dataset.indicators.iter().collect();
    charts::order::by_key(&mut indicators, |indicator| indicator.order);
    indicators
}

/// A dataset: where the place stands, what there is to tell, and, folded, what there is not.
fn section(opened: &Opened, place: &Place, peers: &[Place], answer: &Answer) -> AnyView {
    let language = opened.language;
    let dataset = &answer.dataset;
    let parent = place.parent.as_ref();
    let parent = parent.map(|code| opened.snapshot.place_name(code, language));
    let mut indicators = in_order(dataset);
    let (mut told, mut untold) = (Vec::new(), Vec::new());
    let mut reasons: Vec<(Message, u32)> = Vec::new();
    let of = Of {
        opened,
        place,
        peers,
        dataset,
        rows: &answer.rows,
    };
    let norms = norm::list(
        &norm::norms(place, &indicators, &answer.rows),
        dataset,
        language,
    );
    let all = indicators.len();
    indicators.retain(|indicator| !norm::is_of_many(place, indicator));
    let of_many = (indicators.len() < all).then(|| {
        view! { <p class="note">{opened.word(Message::PlaceOfMany)}</p> }
    });
    for indicator in indicators {
        let (line, reason) = of.line(indicator);
        let Some(reason) = reason else {
            told.push(line);
            continue;
        };
        untold.push(line);
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, count)) => *count += 1,
            None => reasons.push((reason, 1)),
        }
    }
    let id = format!("of-{}", dataset.id);
    let sheet = |class: &'static str, lines: Vec<AnyView>| {
        if lines.is_empty() {
            return ().into_any();
        }
        let head = |title: &str| view! { <th scope="col" class="number">{title.to_owned()}</th> };
        view! {
            <div class="scroll" tabindex="0" role="group" aria-labelledby=id.clone()>
                <table class=class>
                    <thead>
                        <tr>
                            <th scope="col">{opened.word(Message::DataIndicator)}</th>
                            {head(opened.word(Message::PlaceValue))}
                            {head(opened.word(Message::PlaceChange))}
                            {parent.map(head)}
                            {(!peers.is_empty()).then(|| head(opened.word(Message::PeersMedian)))}
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    let fold = (!untold.is_empty()).then(|| {
        let reasons: Vec<String> = reasons
            .iter()
            .map(|(reason, count)| format!("{} {count}", opened.word(*reason)))
            .collect();
        let count = untold.len().to_string();
        let reasons = reasons.join(opened.word(Message::ReasonsBetween));
        let values = [("count", count.as_str()), ("reasons", &reasons)];
        let said = fill(language, Message::PlaceUntold, &values);
        view! { <details><summary>{said}</summary>{sheet("of-place-untold", untold)}</details> }
    });
    view! {
        <section aria-labelledby=id.clone()>
            <h2 id=id.clone()>{dataset.title.get(language).to_owned()}</h2>
            {norms}
            {standing::strips(opened, place, dataset, &answer.standings)}
            {sheet("of-place", told)}
            {fold}
            {of_many}
        </section>
    }
    .into_any()
}
