//! What a mark says about its point.

use contract::Status;

use crate::{ChartSpec, Point, Series, canvas::Mark, format};

/// The value that may be drawn: only a published one.
pub(crate) fn shown(point: &Point) -> Option<f64> {
    point.value.filter(|_| point.status == Status::Published)
}

/// The class of a mark or a text of a point.
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
    let mut mark = Mark::class(&class(base, point))
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
    mark.with("tabindex", "0")
}
