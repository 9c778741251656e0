//! A dot plot: positions compared along one axis, which need not begin at zero (Cleveland and McGill, 1984).

use contract::Status;
use plotters_backend::text_anchor::{HPos, VPos};

use crate::{
    ChartError, ChartSpec,
    canvas::{LABEL, Mark},
    format,
    layout::{Layout, Origin, Wanted, bounds, numbers},
    mark, measure,
};

const RADIUS: i32 = 5;

/// Rows are the names of the points; every series has a dot in each.
pub(crate) fn draw(spec: &ChartSpec, id: &str) -> Result<(u32, String), ChartError> {
    let points = || spec.series.iter().flat_map(|series| &series.points);
    let mut names: Vec<(&str, &str)> = Vec::new();
    for point in points() {
        let group = mark::group(&point.key);
        if !names.iter().any(|(known, _)| *known == group) {
            names.push((group, &point.label));
        }
    }
    let alone = spec.series.len() == 1;
    let size = f64::from(LABEL);
    let said = |value| format::value(value, spec.unit, spec.language);
    let widths = points().map(|point| match mark::shown(point) {
        Some(value) if alone => measure::width(&said(value), size),
        Some(_) => 0,
        None => measure::width(&mark::word(spec, point), size),
    });
    let layout = Layout::new(
        spec,
        &Wanted {
            names: names.iter().map(|(_, name)| *name).collect(),
            bounds: bounds(points().flat_map(numbers)),
            origin: Origin::Free,
            tail: widths
                .max()
                .unwrap_or(0)
                .clamp(16, spec.width.cast_signed() * 3 / 10),
            pitch: (26, 34),
            key: !alone,
        },
    )?;
    let mut tails = Vec::new();
    for (row, (group, name)) in names.iter().enumerate() {
        layout.guide(row)?;
        let y = layout.middle(row);
        let mut class = "label".to_owned();
        let mut ends: Option<(i32, i32)> = None;
        let ours: Vec<_> = spec
            .series
            .iter()
            .enumerate()
            .filter_map(|(number, series)| {
                let ours = |point: &&crate::Point| mark::group(&point.key) == *group;
                Some((number, series, series.points.iter().find(ours)?))
            })
            .collect();
        for (.., point) in &ours {
            if let Some(value) = mark::shown(point) {
                let x = layout.scale.pixel(value);
                let (low, high) = ends.unwrap_or((x, x));
                ends = Some((low.min(x), high.max(x)));
            }
        }
        if let Some((low, high)) = ends.filter(|(low, high)| low < high) {
            layout
                .canvas
                .line(Mark::class("span"), vec![(low, y), (high, y)])?;
        }
        for (number, series, point) in ours {
            if alone {
                class = mark::class("label", point);
            }
            let shape = mark::of(&format!("dot s{number}"), spec, series, point);
            let Some(value) = mark::shown(point) else {
                let at = hidden(id, &layout, shape, point, y)?;
                if alone {
                    let text = mark::word_within(spec, point, layout.width - at);
                    tails.push((Mark::class(&mark::class("word", point)), text, (at, y)));
                }
                continue;
            };
            if let Some(interval) = point.interval {
                layout.whisker(interval, y)?;
            }
            let x = layout.scale.pixel(value);
            layout.canvas.circle(shape, (x, y), RADIUS)?;
            if alone {
                let most = point
                    .interval
                    .map_or(x, |(_, high)| layout.scale.pixel(high));
                let text = Mark::class(&mark::class("value", point));
                tails.push((text, said(value), (most.max(x + RADIUS) + 6, y)));
            }
        }
        layout.name(row, name, &class)?;
    }
    layout.target(spec)?;
    for (mark, text, at) in tails {
        layout
            .canvas
            .text(mark, &text, at, (HPos::Left, VPos::Center))?;
    }
    Ok((layout.height, layout.canvas.finish()))
}

/// The mark of a value that is not shown: hatched over what it may be; answers where its word begins.
fn hidden(
    id: &str,
    layout: &Layout,
    shape: Mark,
    point: &crate::Point,
    y: i32,
) -> Result<i32, ChartError> {
    let start = layout.scale.start();
    if point.status != Status::Suppressed {
        return Ok(start + 6);
    }
    let (from, to) = match mark::feasible(point) {
        Some((low, high)) => (layout.scale.pixel(low), layout.scale.pixel(high)),
        None => (start, start + 24),
    };
    let to = to.max(from + 6);
    let hatched = shape.with("fill", &format!("url(#{id}-hatch)"));
    layout.canvas.rect(hatched, [(from, y - 5), (to, y + 5)])?;
    Ok(to + 6)
}
