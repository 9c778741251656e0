//! One headline indicator.

use contract::{Status, indicator::Indicator};
use leptos::prelude::*;

use crate::{
    client,
    components::live::live,
    headline::{self, Headline},
    later::later,
    pages::layout::Opened,
    site::Page,
};

/// A card with value, denominator, target, course and trend.
pub fn card(headline: &Headline, opened: &Opened) -> AnyView {
    let language = opened.language;
    let class = match headline.latest.status {
        Status::Published => "value",
        _ => "value missing",
    };
    let line = |class: &'static str, said: Option<String>| {
        said.map(|said| view! { <p class=class>{said}</p> }.into_any())
    };
    let spark = headline.spark(language).map(|spec| {
        let root = opened.snapshot.root.clone();
        let drawn = later(move || {
            let (root, spec) = (root.clone(), spec.clone());
            Box::pin(async move { client::draw(&root, spec).await.unwrap_or_default() })
        });
        live(move || {
            let drawn = drawn.get().unwrap_or_default();
            view! { <div class="spark" aria-hidden="true" inner_html=drawn></div> }
        })
    });
    let told = view! {
        <p class=class>{headline.value(language)}</p>
        {line("fraction", headline.fraction(language))}
        {line("fraction", headline.beside(language))}
        {line("target-line", headline.target(language))}
        {spark}
        {line("trend", Some(headline.trend(language)))}
        {line("note", Some(headline.here(&opened.snapshot, language)))}
    };
    frame(
        &headline.dataset,
        &headline.indicator,
        opened,
        told.into_any(),
    )
}

/// What a card says of an indicator, under its name and that of its dataset.
pub fn frame(dataset: &str, indicator: &Indicator, opened: &Opened, told: AnyView) -> AnyView {
    let language = opened.language;
    let kicker = opened.snapshot.manifest.dataset(dataset);
    let kicker = kicker.map(|it| it.title.get(language).to_owned());
    let view = headline::view(&opened.snapshot, indicator);
    let href = opened.href_of(&Page::Dataset(dataset.to_owned()), &view);
    view! {
        <li class="card">
            <p class="kicker">{kicker}</p>
            <h3><a href=href>{indicator.title.get(language).to_owned()}</a></h3>
            {told}
        </li>
    }
    .into_any()
}
