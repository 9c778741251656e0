//! What a mark says about its point.

use contract::Status;

use crate::{
    ChartSpec, Point, Series,
    canvas::{LABEL, Mark},
    format, measure,
};

/// The value that may be drawn: only a published one.
pub(crate) fn shown(point: &Point) -> Option<f64> {
    point.value.filter(|_| point.status == Status::Published)
}

/// What a suppressed value may be.
pub(crate) fn feasible(point: &Point) -> Option<(f64, f64)> {
    point
        .feasible
        .filter(|_| point.status == Status::Suppressed)
}

/// The words in the place of a value: the status, with what the value may be.
pub(crate) fn word(spec: &ChartSpec, point: &Point) -> String {
    let word = spec.labels.get(point.status);
    match feasible(point) {
        Some(bounds) => {
            let range = format::range(bounds, spec.unit, spec.language);
            format!("{range} {word}")
        }
        None => word.to_owned(),
    }
}

/// The same within some room: what the value may be is said alone, or the word is cut, where both do not fit.
pub(crate) fn word_within(spec: &ChartSpec, point: &Point, most: i32) -> String {
    let size = f64::from(LABEL);
    let whole = word(spec, point);
    match feasible(point) {
        Some(bounds) if measure::width(&whole, size) > most => {
            let range = format::range(bounds, spec.unit, spec.language);
            measure::shortened(&range, size, most)
        }
        _ => measure::shortened(&whole, size, most),
    }
}

/// The part of a key that names the row: `place` of `place/class`.
pub(crate) fn group(key: &str) -> &str {
    key.split_once('/').map_or(key, |(group, _)| group)
}

/// The class of a text of a point.
pub(crate) fn class(base: &str, point: &Point) -> String {
    let mut class = base.to_owned();
    if point.status != Status::Published {
        class = format!("{class} {}", point.status.name());
    }
    if point.highlighted {
        class.push_str(" highlighted");
    }
    class
}

/// The mark of a point, with its data for tooltips.
pub(crate) fn of(base: &str, spec: &ChartSpec, series: &Series, point: &Point) -> Mark {
    // Many programs that open pictures know no `:not(.suppressed)`.
    let base = match point.status {
        Status::Published => format!("{base} {}", point.status.name()),
        _ => base.to_owned(),
    };
    let mut mark = Mark::class(&class(&base, point))
        .with("data-key", &point.key)
        .with("data-label", &point.label)
        .with("data-series", &series.label)
        .with("data-status", point.status.name());
    if let Some(value) = shown(point) {
        let written = |value| format::value(value, spec.unit, spec.language);
        mark = mark.with("data-value", &written(value));
        if let Some((low, high)) = point.interval {
            mark = mark.with(
                "data-interval",
                &format!("{}–{}", written(low), written(high)),
            );
        }
    }
    if let Some(bounds) = feasible(point) {
        mark = mark.with(
            "data-feasible",
            &format::range(bounds, spec.unit, spec.language),
        );
    }
    mark.with("aria-label", &name(spec, series, point))
        .with("tabindex", "0")
}

/// What a screen reader says of a mark: where or when, whose, how much or why nothing.
fn name(spec: &ChartSpec, series: &Series, point: &Point) -> String {
    let value = match shown(point) {
        Some(value) => format::value(value, spec.unit, spec.language),
        None => word(spec, point),
    };
    let parts = [&point.label, &series.label, &value];
    let parts = parts.into_iter().filter(|part| !part.is_empty());
    parts.map(String::as_str).collect::<Vec<_>>().join(" · ")
}
