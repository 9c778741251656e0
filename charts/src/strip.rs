//! Every place as a tick on one axis, the chosen ones named: where one stands among all.

use contract::Status;
use plotters_backend::text_anchor::{HPos, VPos};

use crate::{
    ChartError, ChartSpec, Point, Series,
    canvas::{Canvas, LABEL, Mark},
    format,
    layout::{bounds, numbers},
    mark, measure, order,
    scale::Scale,
};

/// Dots of one column of the distribution.
const DOT: i32 = 4;
const LINE: i32 = 18;

/// A dotted histogram: dots of near values stand upon one another.
pub(crate) fn draw(spec: &ChartSpec, id: &str) -> Result<(u32, String), ChartError> {
    let size = f64::from(LABEL);
    let width = spec.width.cast_signed();
    let mut points: Vec<(&Series, &Point)> = spec
        .series
        .iter()
        .flat_map(|series| series.points.iter().map(move |point| (series, point)))
        .collect();
    // The marked ones stand upon their columns, where a name from above reaches them, and nothing covers them.
    order::by_key(&mut points, |(_, point)| point.highlighted);
    let shown = || {
        points
            .iter()
            .filter_map(|(series, point)| Some((*series, *point, mark::shown(point)?)))
    };
    let (mut low, mut high) =
        bounds(points.iter().flat_map(|(_, p)| numbers(p))).unwrap_or((0.0, 1.0));
    if let Some(target) = spec.target {
        (low, high) = (low.min(target), high.max(target));
    }
    if low > 0.0 && low < high * 0.5 {
        low = 0.0;
    }
    let tick = |value| format::tick(value, spec.unit, spec.language);
    let spacing = measure::width(&tick(high), size).max(30) + 28;
    // Half of the widest label hangs over each end of the axis.
    let edge = (measure::width(&tick(high), size) / 2 + 4).clamp(16, width / 4);
    let (left, right) = (edge, width - edge);
    let scale = Scale::new(low, high, left, right, (right - left) / spacing);

    // Columns of dots, counted from the target, so that each stands on one side of it, or from the axis.
    let target = spec.target.map(|target| (target, scale.pixel(target)));
    let origin = target.map_or(left, |(_, x)| x);
    let column = |value: f64| {
        let at = (scale.pixel(value) - origin).div_euclid(DOT * 2 + 1);
        match target {
            Some((target, _)) if value < target => at.min(-1),
            _ => at,
        }
    };
    let middle = origin + DOT + i32::from(target.is_some());
    let mut columns: Vec<i32> = Vec::new();
    let heights: Vec<i32> = shown()
        .map(|(.., value)| {
            let at = column(value);
            columns.push(at);
            i32::try_from(columns.iter().filter(|other| **other == at).count()).unwrap_or(1)
        })
        .collect();
    let tallest = heights.iter().max().copied().unwrap_or(1);
    let step = (220 / tallest.max(1)).clamp(2, DOT * 2 + 1);
    let marked: Vec<(&Series, &Point, f64)> =
        shown().filter(|(_, point, _)| point.highlighted).collect();
    let names = i32::try_from(marked.len()).unwrap_or(0) * LINE;
    let top = 24 + names;
    let bottom = top + (tallest * step + DOT * 3).max(48);
    let hidden: Vec<&(&Series, &Point)> = points
        .iter()
        .filter(|(_, point)| point.status == Status::Suppressed)
        .collect();
    let height = bottom + 30 + if hidden.is_empty() { 0 } else { 26 };

    let canvas = Canvas::new(spec.width, height.unsigned_abs());
    for &value in &scale.ticks {
        let x = scale.pixel(value);
        canvas.line(Mark::class("grid"), vec![(x, top), (x, bottom)])?;
        let at = (x, bottom + 8);
        canvas.text(Mark::tick(), &tick(value), at, (HPos::Center, VPos::Top))?;
    }
    canvas.line(Mark::class("axis"), vec![(left, bottom), (right, bottom)])?;
    if let Some((target, x)) = target {
        let line = Mark::class("target").with("stroke-dasharray", "5 4");
        canvas.line(line, vec![(x, 18), (x, bottom)])?;
        let value = format::value(target, spec.unit, spec.language);
        let label = format!("{} {value}", spec.target_label);
        let half = measure::width(&label, size) / 2;
        let at = (x.clamp(half + 2, (width - half - 2).max(half + 2)), 14);
        canvas.text(
            Mark::class("target-label"),
            label.trim(),
            at,
            (HPos::Center, VPos::Bottom),
        )?;
    }
    let mut named = Vec::new();
    for ((series, point, value), place) in shown().zip(&heights) {
        let x = middle + column(value) * (DOT * 2 + 1);
        let at = (x.min(right), bottom - (place - 1) * step - DOT - 1);
        let shape = mark::of("dot", spec, series, point);
        if point.highlighted {
            canvas.circle(shape, at, DOT + 2)?;
            named.push((point, value, at));
        } else if step > DOT * 2 {
            canvas.circle(shape, at, DOT)?;
        } else {
            // Too many for circles: slabs, which do not cover each other.
            let lower = at.1 + DOT;
            let upper = lower - step + i32::from(step > 3);
            canvas.rect(shape, [(at.0 - DOT, upper), (at.0 + DOT, lower)])?;
        }
    }
    for (line, (point, value, (x, y))) in (0..).zip(named) {
        let at = 20 + line * LINE + LINE / 2;
        canvas.line(Mark::class("leader"), vec![(x, at + 8), (x, y - DOT - 3)])?;
        let value = format::value(value, spec.unit, spec.language);
        let said = format!("{} {value}", point.label);
        let said = measure::cut(&said, size, width - 8, measure::bold);
        let half = measure::bold(&said, size) / 2;
        let at = (x.clamp(half + 4, (width - half - 4).max(half + 4)), at);
        canvas.text(
            Mark::class("label highlighted"),
            &said,
            at,
            (HPos::Center, VPos::Center),
        )?;
    }
    if let Some((series, point)) = hidden.first() {
        let y = bottom + 36;
        let hatched =
            mark::of("bar", spec, series, point).with("fill", &format!("url(#{id}-hatch)"));
        canvas.rect(hatched, [(left, y), (left + 18, y + 14)])?;
        let said = format!("{} × {}", spec.labels.suppressed, hidden.len());
        let at = (left + 24, y + 7);
        canvas.text(
            Mark::class("word suppressed"),
            &said,
            at,
            (HPos::Left, VPos::Center),
        )?;
    }
    Ok((height.unsigned_abs(), canvas.finish()))
}
