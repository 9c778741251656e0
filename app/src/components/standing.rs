//! Where a place stands among all of its level, for the headline indicators.

use std::sync::Arc;

use contract::{
    Place, Status,
    indicator::Indicator,
    snapshot::{Dataset, TOTAL},
};
use leptos::prelude::*;

use crate::{
    client,
    components::{notice::Failed, plot::plot},
    later::later,
    messages::{Message, fill, text},
    pages::layout::Opened,
    protocol::Failure,
    published::Snapshot,
    rows, site,
    spread::{self, Spread},
    words,
};

/// One indicator to show.
#[derive(Clone)]
struct Standing {
    dataset: Arc<Dataset>,
    indicator: Indicator,
    spread: Spread,
}

/// A strip of all places for each headline indicator, this one marked. A city stands alone.
pub fn standing(opened: &Opened, place: &Place) -> AnyView {
    if place.parent.is_none() {
        return ().into_any();
    }
    let found = {
        let (snapshot, code) = (opened.snapshot.clone(), place.code.clone());
        later(move || {
            let (snapshot, code) = (snapshot.clone(), code.clone());
            Box::pin(async move { read(&snapshot, &code).await.map(Arc::new) })
        })
    };
    let (opened, place) = (opened.clone(), place.clone());
    let content = move || match found.get() {
        None => ().into_any(),
        Some(Err(failure)) => view! { <Failed failure /> }.into_any(),
        Some(Ok(found)) if found.is_empty() => ().into_any(),
        Some(Ok(found)) => {
            let name = place.name.get(opened.language);
            let title = fill(opened.language, Message::StandingTitle, &[("place", name)]);
            let strips: Vec<AnyView> = found.iter().map(|it| strip(&opened, &place, it)).collect();
            view! {
                <section class="standing" aria-labelledby="standing">
                    <h2 id="standing">{title}</h2>
                    <p class="note keys">{opened.word(Message::DataKeys)}</p>
                    <div class="strips">{strips}</div>
                </section>
            }
            .into_any()
        }
    };
    content.into_any()
}

/// Reads the headline indicators, one question for each dataset and level.
async fn read(snapshot: &Snapshot, code: &str) -> Result<Vec<Standing>, Failure> {
    let mut found = Vec::new();
    for dataset in &snapshot.manifest.datasets {
        let Some(total) = dataset.breakdowns.iter().find(|it| it.id == TOTAL) else {
            continue;
        };
        let shared = Arc::new(dataset.clone());
        let headlines = snapshot.manifest.headlines.iter();
        let ours = headlines.filter_map(|it| it.split_once('.'));
        for (_, id) in ours.filter(|(of, _)| *of == dataset.id) {
            let indicator = dataset.indicators.iter().find(|it| it.id == id);
            let place = spread::level(snapshot, dataset, id, code);
            let (Some(indicator), Some(place)) = (indicator, place) else {
                continue;
            };
            let query = rows::query(&[id], place.level.name(), &["year"]);
            let rows = rows::rows(&client::read(snapshot, &total.path, query).await?);
            found.extend(Spread::new(place, indicator, &rows).map(|spread| Standing {
                dataset: shared.clone(),
                indicator: indicator.clone(),
                spread,
            }));
        }
    }
    Ok(found)
}

fn strip(opened: &Opened, place: &Place, standing: &Standing) -> AnyView {
    let language = opened.language;
    let Standing {
        dataset,
        indicator,
        spread,
    } = standing.clone();
    let level = text(language, words::level(spread.level));
    let title = indicator.title.get(language).to_owned();
    let finding = spread.finding(&opened.snapshot, &indicator, level, language);
    // A coarser level is shown where the place's own is withheld.
    let coarser = (spread.place != place.code).then(|| {
        let own = text(language, words::level(place.level));
        let wider = opened.snapshot.place_name(&spread.place, language);
        let values = [("own", own), ("wider", wider)];
        view! { <p class="note">{fill(language, Message::StandingCoarser, &values)}</p> }
    });
    let withheld = spread
        .rows
        .iter()
        .filter(|row| row.status == Status::Suppressed)
        .count();
    let withheld = (withheld > 0).then(|| {
        let count = withheld.to_string();
        let said = fill(language, Message::FindingProtected, &[("count", &count)]);
        view! { <p class="note">{said}</p> }
    });
    let state = opened.frame.state.get_untracked().lasting();
    let state = state
        .with("indicator", &indicator.id)
        .with("level", spread.level.name())
        .with("granularity", "year")
        .with("period", &spread.period)
        .with("view", "table");
    let href = site::dataset(language, &dataset.id, &state);
    let chart = {
        let (snapshot, finding, title) = (opened.snapshot.clone(), finding.clone(), title.clone());
        plot(move |width| {
            let width = if width > 480 { 560 } else { width };
            spread.chart(&snapshot, &indicator, (&title, &finding), width, language)
        })
    };
    view! {
        <figure class="strip">
            <figcaption>
                <h3>{title}</h3>
                <p class="finding">{finding}</p>
                {coarser}
                {withheld}
            </figcaption>
            {chart}
            <p class="note"><a href=href>{opened.word(Message::StandingTable)}</a></p>
        </figure>
    }
    .into_any()
}
