//! Horizontal bars.

use contract::{Status, indicator::Unit};
use plotters_backend::text_anchor::{HPos, VPos};

use crate::{
    ChartError, ChartSpec, Point, Series,
    canvas::{Canvas, LABEL, Mark},
    format, mark, measure,
    scale::Scale,
};

const ROW: i32 = 28;
const BAR: i32 = 16;
const STUB: i32 = 28;

pub(crate) fn draw(spec: &ChartSpec, id: &str) -> Result<(u32, String), ChartError> {
    let size = f64::from(LABEL);
    let rows: Vec<(&Series, &Point)> = spec
        .series
        .iter()
        .flat_map(|series| series.points.iter().map(move |point| (series, point)))
        .collect();
    let written = |value| format::value(value, spec.unit, spec.language);
    let width = spec.width.cast_signed();
    let widest = |texts: &mut dyn Iterator<Item = i32>| texts.max().unwrap_or(0);
    let names = widest(
        &mut rows
            .iter()
            .map(|(_, point)| measure::width(&point.label, size)),
    )
    .min(width * 38 / 100);
    let values = widest(&mut rows.iter().map(|(_, point)| {
        mark::shown(point).map_or(0, |value| measure::width(&written(value), size))
    }))
    .max(24);
    let (left, right) = (names + 10, (width - values - 12).max(names + 60));
    let top = if spec.target.is_some() { 26 } else { 8 };
    let count = i32::try_from(rows.len()).unwrap_or(i32::MAX / ROW - 4);
    let wanted = spec.height.cast_signed() - top - 28;
    // A few rows take the room there is, up to a limit beyond which bars look lost.
    let pitch = (wanted / count.max(1)).clamp(ROW, ROW + 8);
    let bottom = top + pitch * count;
    let height = (bottom + 28).max(spec.height.cast_signed()).unsigned_abs();

    let numbers = rows
        .iter()
        .filter_map(|(_, point)| mark::shown(point).map(|value| (value, point.interval)))
        .flat_map(|(value, interval)| {
            let (low, high) = interval.unwrap_or((value, value));
            [value, low, high]
        })
        .chain(spec.target);
    let (low, mut high) = numbers.fold((0f64, 0f64), |(low, high), number| {
        (low.min(number), high.max(number))
    });
    if low == 0.0 && high == 0.0 {
        high = 1.0;
    }
    if spec.unit == Unit::Count && low == 0.0 {
        high = high.max(4.0);
    }
    let tick = |value| format::tick(value, spec.unit, spec.language);
    let spacing = measure::width(&tick(high), size).max(30) + 28;
    let scale = Scale::new(low, high, left, right, (right - left) / spacing);

    let canvas = Canvas::new(spec.width, height);
    for &value in &scale.ticks {
        let x = scale.pixel(value);
        let class = if value == 0.0 { "axis" } else { "grid" };
        canvas.line(Mark::class(class), vec![(x, top), (x, bottom)])?;
        canvas.text(
            Mark::class("tick"),
            &tick(value),
            (x, bottom + 8),
            (HPos::Center, VPos::Top),
        )?;
    }
    let zero = scale.pixel(0.0);
    let mut values_at = Vec::new();
    for (row, (series, point)) in rows.iter().enumerate() {
        let middle = top + pitch * i32::try_from(row).unwrap_or(0) + pitch / 2;
        let (upper, lower) = (middle - BAR / 2, middle + BAR / 2);
        let name = measure::shortened(&point.label, size, names);
        let text = |base| Mark::class(&mark::class(base, point));
        canvas.text(
            text("label"),
            &name,
            (names, middle),
            (HPos::Right, VPos::Center),
        )?;
        let bar = mark::of("bar", spec, series, point);
        let Some(value) = mark::shown(point) else {
            let mut at = zero + 6;
            if point.status == Status::Suppressed {
                let hatched = bar.with("fill", &format!("url(#{id}-hatch)"));
                canvas.rect(hatched, [(zero, upper), (zero + STUB, lower)])?;
                at += STUB;
            }
            let word = measure::shortened(spec.labels.get(point.status), size, width - at);
            canvas.text(
                text("word"),
                &word,
                (at, middle),
                (HPos::Left, VPos::Center),
            )?;
            continue;
        };
        let end = scale.pixel(value);
        // A published zero keeps a hair of a bar, so that it can be pointed at.
        let (from, to) = if end == zero {
            (zero, zero + 1)
        } else {
            (zero.min(end), zero.max(end))
        };
        canvas.rect(bar, [(from, upper), (to, lower)])?;
        let mut at = to;
        if let Some((low, high)) = point.interval {
            let (low, high) = (scale.pixel(low), scale.pixel(high));
            canvas.line(Mark::class("whisker"), vec![(low, middle), (high, middle)])?;
            for x in [low, high] {
                canvas.line(
                    Mark::class("whisker"),
                    vec![(x, middle - 3), (x, middle + 3)],
                )?;
            }
            at = at.max(high);
        }
        values_at.push((text("value"), written(value), (at + 6, middle)));
    }
    if let Some(target) = spec.target {
        let x = scale.pixel(target);
        let line = Mark::class("target").with("stroke-dasharray", "5 4");
        canvas.line(line, vec![(x, top - 4), (x, bottom)])?;
        let label = measure::shortened(
            &format!("{} {}", spec.target_label, written(target)),
            size,
            width - 8,
        );
        let half = measure::width(&label, size) / 2;
        let at = x.clamp(half + 4, (width - half - 4).max(half + 4));
        let place = (at, top - 8);
        canvas.text(
            Mark::class("target-label"),
            label.trim(),
            place,
            (HPos::Center, VPos::Bottom),
        )?;
    }
    // After the target, so that its line does not run through them.
    for (mark, value, at) in values_at {
        canvas.text(mark, &value, at, (HPos::Left, VPos::Center))?;
    }
    Ok((height, canvas.finish()))
}
