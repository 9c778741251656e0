//! Indicators and columns, defined.

use contract::snapshot::Dataset;
use leptos::prelude::*;

use crate::{
    components::{
        crumbs::crumbs,
        definition::{dictionary, facts},
    },
    messages::{Message, fill},
    pages::layout::Opened,
    site::Page,
    state::ViewState,
};

/// The page.
pub fn page(opened: Opened) -> AnyView {
    let title = opened.word(Message::NavMethods);
    opened.title(title);
    let datasets = &opened.snapshot.manifest.datasets;
    let items = datasets.iter().map(|dataset| {
        let target = format!("#{}", dataset.id);
        view! { <li><a href=target rel="nofollow">{dataset.title.get(opened.language).to_owned()}</a></li> }
    });
    let items = items.collect_view();
    let sections: Vec<AnyView> = datasets.iter().map(|it| section(&opened, it)).collect();
    view! {
        {crumbs(&opened, &[], title)}
        <h1>{title}</h1>
        <p class="lead">{opened.word(Message::MethodsLead)}</p>
        <ul class="columns">{items}</ul>
        {sections}
    }
    .into_any()
}

fn section(opened: &Opened, dataset: &Dataset) -> AnyView {
    let language = opened.language;
    let mut indicators: Vec<_> = dataset.indicators.iter().collect();
    charts::order::by_key(&mut indicators, |indicator| indicator.order);
    let items: Vec<AnyView> = indicators
        .into_iter()
        .map(|indicator| {
            let state = ViewState::default().with("indicator", &indicator.id);
            let href = opened.href_of(&Page::Dataset(dataset.id.clone()), &state);
            let id = format!("{}.{}", dataset.id, indicator.id);
            view! {
                <details class="method" id=id.clone()>
                    <summary>{indicator.title.get(language).to_owned()}</summary>
                    {facts(dataset, indicator, language)}
                    <p><a href=href>{opened.word(Message::MethodsSee)}</a></p>
                </details>
            }
            .into_any()
        })
        .collect();
    let indicators = (!items.is_empty()).then(|| {
        view! { <h3>{opened.word(Message::MethodsIndicators)}</h3> {items} }
    });
    let grain = dataset.grain.get(language);
    let grain = fill(language, Message::MethodsGrain, &[("grain", grain)]);
    let href = opened.href(&Page::Dataset(dataset.id.clone()));
    view! {
        <section class="panel" aria-labelledby=dataset.id.clone()>
            <h2 id=dataset.id.clone()>
                <a href=href>{dataset.title.get(language).to_owned()}</a>
            </h2>
            <p>{dataset.summary.get(language).to_owned()}</p>
            <p class="note">{grain}</p>
            {indicators}
            {dictionary(dataset, language)}
        </section>
    }
    .into_any()
}
