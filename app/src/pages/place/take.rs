//! Taking along all of a place's page.

use contract::{Place, indicator::Indicator, snapshot::Dataset};
use leptos::prelude::*;

use super::{Answer, norm};
use crate::{
    components::{citation, save},
    messages::Message,
    pages::layout::Opened,
    picture::file_name,
    rows::Row,
    site::Page,
    takeaway,
    verify::OF_VIEW,
};

/// What the page has read of the place, as a file, and how to cite the page.
pub(super) fn take(opened: &Opened, place: &Place, answers: &[Answer]) -> AnyView {
    let language = opened.language;
    let name = place.name.get(language).to_owned();
    let page = Page::Place(place.code.clone());
    let state = opened.frame.state.get_untracked().lasting();
    let cited = citation::citation(opened, &name, &page, &state);
    let held: Vec<(Dataset, Vec<Row>)> = answers
        .iter()
        .map(|answer| {
            let dataset = answer.dataset.clone();
            let own = |row: &&Row| {
                let of = |it: &&Indicator| it.id == row.indicator;
                let indicator = dataset.indicators.iter().find(of);
                row.place == place.code && indicator.is_some_and(|it| !norm::is_of_many(place, it))
            };
            let rows = answer.rows.iter().filter(own).cloned().collect();
            (dataset, rows)
        })
        .collect();
    let making = {
        let (opened, place) = (opened.clone(), place.clone());
        Callback::new(move |()| {
            let snapshot = &opened.snapshot;
            let work = citation::work(&opened, &name, &page, &state);
            let sheet = takeaway::of_place(snapshot, &place, &held, &work, language);
            let stem = file_name(&[name.clone(), snapshot.manifest.id.clone()]);
            Some((format!("{OF_VIEW}{stem}"), sheet))
        })
    };
    view! {
        <section class="no-print" aria-labelledby="take">
            <h2 id="take">{opened.word(Message::PlaceTake)}</h2>
            {save::save(opened, Message::PlaceTakeNote, making)}
        </section>
        {cited}
    }
    .into_any()
}
