//! Taking along all of a place's page.

use contract::Place;
use leptos::prelude::*;

use super::{Answers, in_order, norm};
use crate::{
    components::{citation, save},
    messages::Message,
    pages::layout::Opened,
    picture::file_name,
    site::Page,
    takeaway::{self, Held},
    verify::OF_VIEW,
};

/// What the page has read of the place, as a file, and how to cite the page.
pub(super) fn take(opened: &Opened, place: &Place, answers: Answers) -> AnyView {
    let name = place.name.get(opened.language).to_owned();
    let page = Page::Place(place.code.clone());
    let state = opened.frame.state.get_untracked().lasting();
    let cited = citation::citation(opened, &name, &page, &state);
    let making = {
        let (opened, place) = (opened.clone(), place.clone());
        Callback::new(move |()| {
            let (snapshot, language) = (&opened.snapshot, opened.language);
            let work = citation::work(&opened, &name, &page, &state);
            let sheet = answers.with_untracked(|answers| {
                let answers = answers.as_ref()?.as_ref().ok()?.iter();
                let held = answers.map(|answer| {
                    let mut indicators = in_order(&answer.dataset);
                    indicators.retain(|indicator| !norm::is_of_many(&place, indicator));
                    Held {
                        dataset: &answer.dataset,
                        indicators,
                        rows: &answer.rows,
                    }
                });
                let held: Vec<Held<'_>> = held.collect();
                Some(takeaway::of_place(snapshot, &place, &held, &work, language))
            })?;
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
