//! Where a place stands among all of its level, for the headline indicators.

use contract::{Place, Status, indicator::Indicator, snapshot::Dataset};
use leptos::prelude::*;

use crate::{
    components::plot::plot,
    messages::{Message, fill, text},
    pages::layout::Opened,
    published::Snapshot,
    rows::Row,
    site,
    spread::{self, Spread},
    words,
};

/// One indicator to show.
pub struct Standing {
    indicator: Indicator,
    spread: Spread,
}

impl Standing {
    /// Of the rows of a whole level; none where there is too little to compare.
    pub fn new(place: &Place, indicator: &Indicator, rows: &[Row]) -> Option<Self> {
        Some(Self {
            spread: Spread::new(place, indicator, rows)?,
            indicator: indicator.clone(),
        })
    }
}

/// The headline indicators of a dataset, each with the place whose level is shown. A city stands alone.
pub fn shown<'a>(
    snapshot: &'a Snapshot,
    dataset: &'a Dataset,
    code: &str,
) -> Vec<(&'a Indicator, &'a Place)> {
    let place = |id: &str| {
        let place = spread::level(snapshot, dataset, id, code)?;
        place.parent.is_some().then_some(place)
    };
    let headlines = snapshot.manifest.headlines.iter();
    headlines
        .filter_map(|it| it.split_once('.').filter(|(of, _)| *of == dataset.id))
        .filter_map(|(_, id)| {
            let indicator = dataset.indicators.iter().find(|it| it.id == id)?;
            Some((indicator, place(id)?))
        })
        .collect()
}

/// A strip of all places for each indicator, this one marked.
pub fn strips(
    opened: &Opened,
    place: &Place,
    dataset: &Dataset,
    standings: &[Standing],
) -> AnyView {
    if standings.is_empty() {
        return ().into_any();
    }
    let name = place.name.get(opened.language);
    let title = fill(opened.language, Message::StandingTitle, &[("place", name)]);
    let strips = standings.iter().map(|it| strip(opened, place, dataset, it));
    view! {
        <div class="standing strips" role="group" aria-label=title>
            {strips.collect::<Vec<AnyView>>()}
        </div>
        <p class="note keys">{opened.word(Message::DataKeys)}</p>
    }
    .into_any()
}

fn strip(opened: &Opened, place: &Place, dataset: &Dataset, standing: &Standing) -> AnyView {
    let language = opened.language;
    let (indicator, spread) = (standing.indicator.clone(), standing.spread.clone());
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
        let message = match withheld {
            1 => Message::FindingProtectedOne,
            _ => Message::FindingProtected,
        };
        let said = fill(language, message, &[("count", &count)]);
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
