//! The register of places, as a tree.

use contract::Place;
use leptos::prelude::*;

use crate::{
    components::{crumbs::crumbs, search::Search},
    finding::grouped,
    messages::{Message, fill},
    pages::layout::Opened,
    peers,
    site::Page,
};

/// The page.
pub fn page(opened: Opened) -> AnyView {
    let title = opened.word(Message::NavPlaces);
    opened.title(title);
    let roots = opened.snapshot.places.values();
    let roots: Vec<AnyView> = roots
        .filter(|place| place.parent.is_none())
        .map(|place| branch(&opened, place, 0))
        .collect();
    view! {
        {crumbs(&opened, &[], title)}
        <h1>{title}</h1>
        <p class="lead">{opened.word(Message::PlacesLead)}</p>
        <Search id="places-search" />
        <ul class="tree">{roots}</ul>
    }
    .into_any()
}

/// A place and what lies within it. The lower levels open when asked.
fn branch(opened: &Opened, place: &Place, depth: usize) -> AnyView {
    let parts: Vec<&Place> = opened.snapshot.within(&place.code).collect();
    let link = link(opened, place);
    if parts.is_empty() {
        return view! { <li>{link}</li> }.into_any();
    }
    let name = place.name.get(opened.language);
    let count = parts.len().to_string();
    let values = [("name", name), ("count", count.as_str())];
    let within = fill(opened.language, Message::PlacesWithin, &values);
    let parts: Vec<AnyView> = parts
        .into_iter()
        .map(|part| branch(opened, part, depth + 1))
        .collect();
    view! {
        <li>
            {link}
            <details open=depth == 0>
                <summary>{within}</summary>
                <ul>{parts}</ul>
            </details>
        </li>
    }
    .into_any()
}

/// A link to a place's page, with its households where they are known.
pub fn link(opened: &Opened, place: &Place) -> AnyView {
    let name = place.name.get(opened.language).to_owned();
    let households = peers::households(&opened.snapshot, &place.code).map(|count| {
        let count = grouped(count, opened.language);
        let said = fill(
            opened.language,
            Message::PlacesHouseholds,
            &[("count", &count)],
        );
        view! { <span class="note">" " {said}</span> }
    });
    let href = opened.href(&Page::Place(place.code.clone()));
    view! { <a href=href>{name}</a> {households} }.into_any()
}
