//! The chart, its tooltip, and the words that a screen reader hears.

use charts::format;
use contract::{Revision, snapshot::TOTAL, text::Language};
use leptos::prelude::*;

use crate::{
    client,
    components::{live::live, marks, notice::Failed},
    figure::{self, Figure},
    finding::fraction,
    later::later,
    messages::{Message, fill, text},
    pages::dataset::View,
    published::Snapshot,
    rows::Row,
    state::Selection,
    words,
};

/// The chart of a selection.
#[component]
pub fn Drawing(
    /// The selection.
    selection: Selection,
    /// What to draw.
    figure: Figure,
) -> impl IntoView {
    let view = expect_context::<View>();
    let language = view.opened.language;
    let snapshot = view.opened.snapshot.clone();
    let width = marks::width();
    let title = figure::title(&snapshot, &selection, language);
    let (shown, total) = figure.shown;
    let limited = (shown < total).then(|| {
        let (shown, total) = (shown.to_string(), total.to_string());
        let said = fill(
            language,
            Message::DataLimited,
            &[("shown", &shown), ("total", &total)],
        );
        view! { <p class="note">{said}</p> }.into_any()
    });

    let told = {
        let (figure, selection) = (figure.clone(), selection.clone());
        Callback::new(move |mark: web_sys::Element| {
            let key = mark.get_attribute("data-key")?;
            let series = mark.get_attribute("data-series");
            let row = found(&figure, &key, series.as_deref())?;
            Some(describe(&snapshot, &selection, row, language))
        })
    };
    let root = view.opened.snapshot.root.clone();
    let drawn = later(move || {
        let spec = figure::chart(&figure, &selection, &title, width.get(), language);
        let root = root.clone();
        Box::pin(async move { Ok(marks::reachable(&client::draw(&root, spec).await?)) })
    });
    let coming = view.clone();
    let drawing = move || match drawn.get() {
        None => coming.coming(),
        Some(Ok(svg)) => view! { <div class="svg" inner_html=svg></div> }.into_any(),
        Some(Err(failure)) => view! { <Failed failure /> }.into_any(),
    };
    view! {
        {marks::marks(live(drawing), told)}
        <p class="note keys">{text(language, Message::DataKeys)}</p>
        {limited}
    }
}

/// The row of a mark.
pub fn found<'a>(figure: &'a Figure, key: &str, series: Option<&str>) -> Option<&'a Row> {
    let lines = figure
        .series
        .iter()
        .filter(|line| series.is_none_or(|label| line.label == label));
    lines
        .flat_map(|line| &line.points)
        .map(|(_, row)| row)
        .find(|row| figure::key(figure.kind, row) == key)
}

/// A row in words: where, when, how much, out of what, how certain, how settled.
pub fn describe(
    snapshot: &Snapshot,
    selection: &Selection,
    row: &Row,
    language: Language,
) -> String {
    let unit = selection.indicator.unit;
    let period = format::period(&row.period, language);
    let here = fill(
        language,
        Message::DataPlaceHere,
        &[
            ("place", snapshot.place_name(&row.place, language)),
            ("period", &period),
        ],
    );
    let mut parts = vec![here];
    if selection.breakdown.id != TOTAL {
        parts.push(figure::class_title(selection, &row.class, language));
    }
    parts.push(words::value(row, unit, language));
    if let Some((numerator, denominator)) = fraction(row, &selection.parts, language) {
        let values = [
            ("numerator", numerator.as_str()),
            ("denominator", &denominator),
        ];
        parts.push(fill(language, Message::DataTooltipFraction, &values));
    }
    if let Some(interval) = row.interval {
        let range = format::range(interval, unit, language);
        parts.push(fill(
            language,
            Message::DataTooltipInterval,
            &[("range", &range)],
        ));
    }
    if row.revision != Revision::Final {
        parts.push(text(language, words::revision(row.revision)).to_owned());
    }
    parts.join(" · ")
}
