//! The chart, its tooltip, and the words that a screen reader hears.

use charts::format;
use contract::{Revision, snapshot::TOTAL, text::Language};
use leptos::{html::Div, prelude::*};
use wasm_bindgen::JsCast;

use crate::{
    client,
    components::notice::{Failed, Loading},
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
    let view = expect_context::<View>();
    let language = view.opened.language;
    let snapshot = view.opened.snapshot.clone();
    let narrow = RwSignal::new(is_narrow());
    let narrowed = Memo::new(move |_| narrow.get());
    let listener = window_event_listener(leptos::ev::resize, move |_| narrow.set(is_narrow()));
    on_cleanup(move || listener.remove());

    let title = title(&snapshot, &selection, language);
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
    let tip = RwSignal::new(None::<(String, f64, f64)>);
    let about = {
        let (figure, selection) = (figure.clone(), selection.clone());
        move |target: Option<web_sys::EventTarget>| {
            let mark = target?
                .dyn_into::<web_sys::Element>()
                .ok()?
                .closest("[data-key]")
                .ok()??;
            let key = mark.get_attribute("data-key")?;
            let series = mark.get_attribute("data-series");
            let row = found(&figure, &key, series.as_deref())?;
            let said = describe(&snapshot, &selection, row, language);
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
    let show = StoredValue::new(about);
    let point = move |target| tip.set(show.with_value(|about| about(target)));
    let on_key = move |event: web_sys::KeyboardEvent| match event.key().as_str() {
        "Escape" => tip.set(None),
        "ArrowRight" | "ArrowDown" => step(&event, 1),
        "ArrowLeft" | "ArrowUp" => step(&event, -1),
        _ => {}
    };
    let root = view.opened.snapshot.root.clone();
    let drawn = later(move || {
        let width = if narrowed.get() { 360 } else { 880 };
        let spec = figure::chart(&figure, &selection, &title, width, language);
        let root = root.clone();
        Box::pin(async move { Ok(reachable(&client::draw(&root, spec).await?)) })
    });
    view! {
        <div
            class="drawing"
            node_ref=frame
            on:pointerover=move |event: web_sys::PointerEvent| point(event.target())
            on:pointerleave=move |_| tip.set(None)
            on:click=move |event: web_sys::MouseEvent| point(event.target())
            on:focusin=move |event: web_sys::FocusEvent| point(event.target())
            on:focusout=move |_| tip.set(None)
            on:keydown=on_key
        >
            {move || match drawn.get() {
                None => view! { <Loading what=Message::LoadingTable /> }.into_any(),
                Some(Ok(svg)) => view! { <div class="svg" inner_html=svg></div> }.into_any(),
                Some(Err(failure)) => view! { <Failed failure /> }.into_any(),
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
        <p class="note keys">{text(language, Message::DataKeys)}</p>
        {limited}
    }
}

/// The name of a chart: the indicator and whose it is.
pub fn title(snapshot: &Snapshot, selection: &Selection, language: Language) -> String {
    let place = match selection.places.as_slice() {
        [] => snapshot.widest_name(language).to_owned(),
        codes => {
            let names: Vec<&str> = codes
                .iter()
                .map(|code| snapshot.place_name(code, language))
                .collect();
            match language {
                Language::Chinese => names.join("、"),
                Language::English => names.join(", "),
            }
        }
    };
    let indicator = selection.indicator.title.get(language);
    fill(
        language,
        Message::DataChartTitle,
        &[("indicator", indicator), ("place", &place)],
    )
}

/// A drawn chart whose marks can be reached by keyboard: for assistive technology this is a group, not one
/// image. One of them is in the order of tabs, arrow keys lead to the others.
pub fn reachable(svg: &str) -> String {
    svg.replacen("role=\"img\"", "role=\"group\"", 1)
        .replace("tabindex=\"0\"", "tabindex=\"-1\" role=\"img\"")
        .replacen("tabindex=\"-1\"", "tabindex=\"0\"", 1)
}

fn is_narrow() -> bool {
    let width = window().inner_width().ok().and_then(|width| width.as_f64());
    width.is_some_and(|width| width < NARROW)
}

/// Moves the focus to the next mark, or the one before.
pub fn step(event: &web_sys::KeyboardEvent, by: i32) {
    let moved = || -> Option<()> {
        let mark = event.target()?.dyn_into::<web_sys::Element>().ok()?;
        let marks = mark.closest("svg").ok()??;
        let marks = marks.query_selector_all("[data-key]").ok()?;
        let all: Vec<web_sys::SvgElement> = (0..marks.length())
            .filter_map(|at| marks.item(at)?.dyn_into().ok())
            .collect();
        let here = all
            .iter()
            .position(|other| AsRef::<web_sys::Element>::as_ref(other) == &mark)?;
        let next = i32::try_from(here).ok()? + by;
        let next = all.get(usize::try_from(next).ok()?)?;
        mark.set_attribute("tabindex", "-1").ok()?;
        next.set_attribute("tabindex", "0").ok()?;
        next.focus().ok()
    };
    if moved().is_some() {
        event.prevent_default();
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
