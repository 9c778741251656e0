//! Every dataset.

use leptos::prelude::*;

use crate::{
    components::crumbs::crumbs,
    finding::grouped,
    messages::{Message, fill},
    pages::layout::Opened,
    site::Page,
};

/// The page.
pub fn page(opened: Opened) -> AnyView {
    let title = opened.word(Message::NavData);
    opened.title(title);
    view! {
        {crumbs(&opened, &[], title)}
        <h1>{title}</h1>
        <p class="lead">{opened.word(Message::DatasetsLead)}</p>
        {panels(&opened, Heading::OfPage)}
    }
    .into_any()
}

/// What stands above the panels, which decides the rank of their headings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heading {
    /// The heading of the page.
    OfPage,
    /// The heading of a section.
    OfSection,
}

/// A panel for each dataset.
pub fn panels(opened: &Opened, above: Heading) -> AnyView {
    let language = opened.language;
    let datasets = &opened.snapshot.manifest.datasets;
    if datasets.is_empty() {
        return view! { <p>{opened.word(Message::HomeNoDatasets)}</p> }.into_any();
    }
    let items = datasets.iter().map(|dataset| {
        let title = dataset.title.get(language).to_owned();
        let open = fill(language, Message::HomeOpen, &[("title", &title)]);
        let href = opened.href(&Page::Dataset(dataset.id.clone()));
        let rows = match dataset.rows {
            Some(rows) => {
                let accepted = grouped(rows.accepted.cast_signed(), language);
                let rejected = grouped(rows.rejected.cast_signed(), language);
                let values = [("accepted", accepted.as_str()), ("rejected", &rejected)];
                fill(language, Message::HomeRows, &values)
            }
            None => opened.word(Message::HomeRowsWithheld).to_owned(),
        };
        let count = dataset.indicators.len().to_string();
        let indicators = (!dataset.indicators.is_empty())
            .then(|| fill(language, Message::HomeIndicators, &[("count", &count)]) + " · ");
        let link = view! { <a href=href title=open>{title}</a> };
        let heading = match above {
            Heading::OfPage => view! { <h2 class="title">{link}</h2> }.into_any(),
            Heading::OfSection => view! { <h3 class="title">{link}</h3> }.into_any(),
        };
        view! {
            <li class="panel">
                {heading}
                <p>{dataset.summary.get(language).to_owned()}</p>
                <p class="note">{indicators.unwrap_or_default() + &rows}</p>
            </li>
        }
        .into_any()
    });
    view! { <ul class="datasets">{items.collect::<Vec<AnyView>>()}</ul> }.into_any()
}
