//! The chart, its tooltip, and the words that a screen reader hears.

use charts::{ChartKind, format};
use contract::{Revision, text::Language};
use leptos::{html::Div, prelude::*};
use wasm_bindgen::JsCast;

use crate::{
    figure::{self, Figure},
    finding::fraction,
    messages::{Message, fill, text},
    pages::dataset::View,
    rows::Row,
    state::Selection,
    words,
};

/// Below this width of the window a chart is drawn for a phone.
const NARROW: f64 = 640.0;

/// The chart of a selection.
#[component]
pub fn Drawing(
    /// The selection.
    selection: Selection,
    /// What to draw.
    figure: Figure,
) -> impl IntoView {
    let View {
        language, snapshot, ..
    } = expect_context();
    let narrow = RwSignal::new(is_narrow());
    let narrowed = Memo::new(move |_| narrow.get());
    let listener = window_event_listener(leptos::ev::resize, move |_| narrow.set(is_narrow()));
    on_cleanup(move || listener.remove());

    let widest = snapshot
        .places
        .values()
        .find(|place| place.parent.is_none());
    let place = match selection.places.as_slice() {
        [] => widest
            .map_or("", |place| place.name.get(language))
            .to_owned(),
        codes => {
            let names: Vec<&str> = codes
                .iter()
                .map(|code| snapshot.place_name(code, language))
                .collect();
            names.join(", ")
        }
    };
    let indicator = selection.indicator.title.get(language);
    let title = fill(
        language,
        Message::DataChartTitle,
        &[("indicator", indicator), ("place", &place)],
    );
    let (shown, total) = figure.shown;
    let limited = (shown < total).then(|| {
        let (shown, total) = (shown.to_string(), total.to_string());
        let said = fill(
            language,
            Message::DataLimited,
            &[("shown", &shown), ("total", &total)],
        );
        view! { <p class="note">{said}</p> }
    });

    let frame = NodeRef::<Div>::new();
    let (tip, set_tip) = signal(None::<(String, f64, f64)>);
    let about = {
        let (figure, selection) = (figure.clone(), selection.clone());
        move |target: Option<web_sys::EventTarget>| {
            let mark = target?
                .dyn_into::<web_sys::Element>()
                .ok()?
                .closest("[data-key]")
                .ok()??;
            let (key, series) = (
                mark.get_attribute("data-key")?,
                mark.get_attribute("data-series"),
            );
            let said = describe(&figure, &selection, &key, series.as_deref(), language)?;
            let (mark, frame) = (mark.get_bounding_client_rect(), frame.get_untracked()?);
            let around = frame.get_bounding_client_rect();
            let x = mark.left() + mark.width() / 2.0 - around.left();
            let y = mark.top() - around.top();
            // Near an edge the tooltip would hang over it.
            let x = x.clamp(
                148.0_f64.min(around.width() / 2.0),
                (around.width() - 148.0).max(148.0),
            );
            Some((said, x, y))
        }
    };
    let on_pointer = {
        let about = about.clone();
        move |event: web_sys::PointerEvent| set_tip.set(about(event.target()))
    };
    let on_click = {
        let about = about.clone();
        move |event: web_sys::MouseEvent| set_tip.set(about(event.target()))
    };
    let on_focus = move |event: web_sys::FocusEvent| set_tip.set(about(event.target()));
    let on_key = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" {
            set_tip.set(None);
        }
    };
    let drawing = move || {
        let width = if narrowed.get() { 360 } else { 880 };
        match charts::draw(&figure::chart(&figure, &selection, &title, width, language)) {
            // The marks can be reached by keyboard: for assistive technology this is a group, not one image.
            Ok(svg) => Ok(svg.replacen("role=\"img\"", "role=\"group\"", 1)),
            Err(error) => Err(error.to_string()),
        }
    };
    view! {
        <div
            class="drawing"
            node_ref=frame
            on:pointerover=on_pointer
            on:pointerleave=move |_| set_tip.set(None)
            on:click=on_click
            on:focusin=on_focus
            on:focusout=move |_| set_tip.set(None)
            on:keydown=on_key
        >
            {move || match drawing() {
                Ok(svg) => view! { <div class="svg" inner_html=svg></div> }.into_any(),
                Err(error) => view! { <p role="alert">{error}</p> }.into_any(),
            }}
            <Show when=move || tip.get().is_some()>
                <div
                    class="tooltip"
                    aria-hidden="true"
                    style:left=move || format!("{}px", tip.get().map_or(0.0, |(_, x, _)| x))
                    style:top=move || format!("{}px", tip.get().map_or(0.0, |(_, _, y)| y))
                >
                    {move || tip.get().map(|(said, ..)| said)}
                </div>
            </Show>
            <p class="spoken" role="status" aria-live="polite">
                {move || tip.get().map(|(said, ..)| said)}
            </p>
        </div>
        {limited}
    }
}

fn is_narrow() -> bool {
    let width = window().inner_width().ok().and_then(|width| width.as_f64());
    width.is_some_and(|width| width < NARROW)
}

/// A mark in words: where, when, how much, out of what, how settled.
fn describe(
    figure: &Figure,
    selection: &Selection,
    key: &str,
    series: Option<&str>,
    language: Language,
) -> Option<String> {
    let lines = figure
        .series
        .iter()
        .filter(|line| series.is_none_or(|label| line.label == label));
    let ours = |row: &Row| match figure.kind {
        ChartKind::Line => row.period == key,
        ChartKind::Bar => key.split_once('/') == Some((&row.place, &row.class)),
    };
    let (line, (label, row)) = lines
        .flat_map(|line| line.points.iter().map(move |point| (line, point)))
        .find(|(_, (_, row))| ours(row))?;
    let (place, period) = match figure.kind {
        ChartKind::Line => (&line.label, label),
        ChartKind::Bar => (label, &line.label),
    };
    let here = fill(
        language,
        Message::DataPlaceHere,
        &[("place", place), ("period", period)],
    );
    let value = match row.value {
        Some(value) => format::value(value, selection.indicator.unit, language),
        None => text(language, words::status(row.status)).to_owned(),
    };
    let mut parts = vec![here, value];
    if let Some((numerator, denominator)) = fraction(row) {
        let values = [
            ("numerator", numerator.as_str()),
            ("denominator", &denominator),
        ];
        parts.push(fill(language, Message::DataTooltipFraction, &values));
    }
    if row.revision != Revision::Final {
        parts.push(text(language, words::revision(row.revision)).to_owned());
    }
    Some(parts.join(" · "))
}
