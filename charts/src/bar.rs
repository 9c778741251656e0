//! Horizontal bars: one for each point, in groups, or stacked.

use contract::Status;
use plotters_backend::text_anchor::{HPos, VPos};

use crate::{
    ChartError, ChartSpec, Point, Series,
    canvas::{LABEL, Mark},
    format,
    layout::{Layout, Origin, Wanted, bounds, numbers},
    mark, measure,
};

const BAR: i32 = 16;
/// Length of the hatching of a suppressed value whose bounds are not known.
const STUB: i32 = 28;

/// A text that stands behind a bar; written last, so that no line runs through it.
type Tail = (Mark, String, (i32, i32));

/// One bar for each point of every series.
pub(crate) fn draw(spec: &ChartSpec, id: &str) -> Result<(u32, String), ChartError> {
    let rows: Vec<(&Series, &Point)> = spec
        .series
        .iter()
        .flat_map(|series| series.points.iter().map(move |point| (series, point)))
        .collect();
    let layout = Layout::new(
        spec,
        &Wanted {
            names: rows.iter().map(|(_, point)| point.label.as_str()).collect(),
            bounds: bounds(rows.iter().flat_map(|(_, point)| numbers(point))),
            origin: Origin::Zero,
            tail: tail(spec, rows.iter().map(|(_, point)| *point)),
            pitch: (28, 36),
            key: false,
        },
    )?;
    let mut tails = Vec::new();
    for (row, (series, point)) in rows.iter().enumerate() {
        layout.name(row, &point.label, &mark::class("label", point))?;
        let middle = layout.middle(row);
        let shape = mark::of("bar", spec, series, point);
        tails.extend(bar(spec, id, &layout, shape, point, (middle, BAR))?);
    }
    layout.target(spec)?;
    finish(layout, tails)
}

/// The points of one name side by side, one bar for each series.
pub(crate) fn grouped(spec: &ChartSpec, id: &str) -> Result<(u32, String), ChartError> {
    const THIN: i32 = 11;
    let count = i32::try_from(spec.series.len()).unwrap_or(1).max(1);
    let names = keys(spec);
    let points = || spec.series.iter().flat_map(|series| &series.points);
    let pitch = count * (THIN + 2) + 14;
    let layout = Layout::new(
        spec,
        &Wanted {
            names: names.iter().map(|(_, name)| *name).collect(),
            bounds: bounds(points().flat_map(numbers)),
            origin: Origin::Zero,
            tail: tail(spec, points()),
            pitch: (pitch, pitch),
            key: true,
        },
    )?;
    let mut tails = Vec::new();
    for (row, (group, name)) in names.iter().enumerate() {
        layout.name(row, name, "label")?;
        let first = layout.middle(row) - (count - 1) * (THIN + 2) / 2;
        for (number, series) in spec.series.iter().enumerate() {
            let ours = |point: &&Point| mark::group(&point.key) == *group;
            let Some(point) = series.points.iter().find(ours) else {
                continue;
            };
            let y = first + i32::try_from(number).unwrap_or(0) * (THIN + 2);
            let shape = mark::of(&format!("bar s{number}"), spec, series, point);
            tails.extend(bar(spec, id, &layout, shape, point, (y, THIN))?);
        }
    }
    layout.target(spec)?;
    finish(layout, tails)
}

/// The points of one name one after another: parts of a whole.
pub(crate) fn stacked(spec: &ChartSpec, id: &str) -> Result<(u32, String), ChartError> {
    let names = keys(spec);
    let parts = |group: &str| -> Vec<(usize, &Series, &Point)> {
        let of = |(number, series): (usize, &'_ Series)| -> Option<usize> {
            let ours = |point: &Point| mark::group(&point.key) == group;
            series.points.iter().position(ours).map(|_| number)
        };
        let numbers: Vec<usize> = spec.series.iter().enumerate().filter_map(of).collect();
        let part = |number: usize| {
            let series = spec.series.get(number)?;
            let ours = |point: &&Point| mark::group(&point.key) == group;
            Some((number, series, series.points.iter().find(ours)?))
        };
        numbers.into_iter().filter_map(part).collect()
    };
    let whole = |group: &str| -> f64 {
        let parts = parts(group).into_iter();
        parts
            .filter_map(|(.., point)| mark::shown(point))
            .filter(|value| *value > 0.0)
            .sum()
    };
    let written = |value| format::value(value, spec.unit, spec.language);
    let totals: Vec<f64> = names.iter().map(|(group, _)| whole(group)).collect();
    let widths = totals
        .iter()
        .map(|&total| measure::width(&written(total), f64::from(LABEL)));
    let layout = Layout::new(
        spec,
        &Wanted {
            names: names.iter().map(|(_, name)| *name).collect(),
            bounds: bounds(totals.iter().copied()),
            origin: Origin::Zero,
            tail: widths.max().unwrap_or(0).max(24) + STUB,
            pitch: (30, 40),
            key: true,
        },
    )?;
    let mut tails = Vec::new();
    for (row, ((group, name), total)) in names.iter().zip(&totals).enumerate() {
        layout.name(row, name, "label")?;
        let middle = layout.middle(row);
        let (upper, lower) = (middle - BAR / 2, middle + BAR / 2);
        let (mut sum, mut hidden) = (0.0, Vec::new());
        for (number, series, point) in parts(group) {
            let shape = mark::of(&format!("bar s{number}"), spec, series, point);
            let Some(value) = mark::shown(point) else {
                if point.status == Status::Suppressed {
                    hidden.push(shape);
                }
                continue;
            };
            let from = layout.scale.pixel(sum);
            sum += value.max(0.0);
            let to = layout.scale.pixel(sum).max(from + 1);
            layout.canvas.rect(shape, [(from, upper), (to, lower)])?;
        }
        // A withheld part is no length: its hatching stands behind the bar, and there is no total.
        let mut at = layout.scale.pixel(sum);
        let complete = hidden.is_empty();
        for shape in hidden {
            let hatched = shape.with("fill", &format!("url(#{id}-hatch)"));
            let corners = [(at + 2, upper), (at + STUB / 2, lower)];
            layout.canvas.rect(hatched, corners)?;
            at += STUB / 2;
        }
        if complete {
            tails.push((Mark::class("value"), written(*total), (at + 6, middle)));
        }
    }
    finish(layout, tails)
}

/// Key and label of every name, in the order of the first series that has it.
fn keys(spec: &ChartSpec) -> Vec<(&str, &str)> {
    let mut keys: Vec<(&str, &str)> = Vec::new();
    for point in spec.series.iter().flat_map(|series| &series.points) {
        let group = mark::group(&point.key);
        if !keys.iter().any(|(known, _)| *known == group) {
            keys.push((group, &point.label));
        }
    }
    keys
}

/// Room for the widest value.
fn tail<'a>(spec: &ChartSpec, points: impl Iterator<Item = &'a Point>) -> i32 {
    let widths = points.map(|point| {
        let said = match mark::shown(point) {
            Some(value) => format::value(value, spec.unit, spec.language),
            None => mark::word(spec, point),
        };
        let hatched = if mark::shown(point).is_none() && point.status == Status::Suppressed {
            STUB
        } else {
            0
        };
        let measured = if point.highlighted {
            measure::bold
        } else {
            measure::width
        };
        measured(&said, f64::from(LABEL)) + hatched
    });
    let most = spec.width.cast_signed() * 3 / 10;
    widths.max().unwrap_or(0).clamp(24, most)
}

/// One bar with its interval; answers what stands behind it.
fn bar(
    spec: &ChartSpec,
    id: &str,
    layout: &Layout,
    shape: Mark,
    point: &Point,
    (middle, thickness): (i32, i32),
) -> Result<Option<Tail>, ChartError> {
    let (upper, lower) = (middle - thickness / 2, middle + (thickness + 1) / 2);
    let zero = layout.scale.pixel(0.0);
    let Some(value) = mark::shown(point) else {
        let mut at = zero + 6;
        if point.status == Status::Suppressed {
            let hatched = shape.with("fill", &format!("url(#{id}-hatch)"));
            // The hatching covers what the value may be; without bounds it is a stub of no meaning.
            let (from, to) = match mark::feasible(point) {
                Some((low, high)) => (layout.scale.pixel(low), layout.scale.pixel(high)),
                None => (zero, zero + STUB),
            };
            let to = to.max(from + 6);
            layout.canvas.rect(hatched, [(from, upper), (to, lower)])?;
            at = to + 6;
        }
        let word = mark::word_within(spec, point, layout.width - at);
        let class = Mark::class(&mark::class("word", point));
        return Ok(Some((class, word, (at, middle))));
    };
    let end = layout.scale.pixel(value);
    // A published zero keeps a hair of a bar, so that it can be pointed at.
    let (from, to) = if end == zero {
        (zero, zero + 1)
    } else {
        (zero.min(end), zero.max(end))
    };
    layout.canvas.rect(shape, [(from, upper), (to, lower)])?;
    let mut at = to;
    if let Some(interval) = point.interval {
        layout.whisker(interval, middle)?;
        at = at.max(layout.scale.pixel(interval.1));
    }
    let written = format::value(value, spec.unit, spec.language);
    let class = Mark::class(&mark::class("value", point));
    Ok(Some((class, written, (at + 6, middle))))
}

fn finish(layout: Layout, tails: Vec<Tail>) -> Result<(u32, String), ChartError> {
    for (mark, text, at) in tails {
        layout
            .canvas
            .text(mark, &text, at, (HPos::Left, VPos::Center))?;
    }
    Ok((layout.height, layout.canvas.finish()))
}
