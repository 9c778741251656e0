//! Time series.

use contract::Status;
use plotters_backend::text_anchor::{HPos, VPos};

use crate::{
    ChartError, ChartSpec, Point,
    canvas::{Canvas, LABEL, Mark},
    format, mark, measure,
    scale::Scale,
};

/// Least distance between two labels, one above the other.
const LEADING: i32 = 17;

pub(crate) fn draw(spec: &ChartSpec, id: &str) -> Result<(u32, String), ChartError> {
    let size = f64::from(LABEL);
    let (width, height) = (spec.width.cast_signed(), spec.height.cast_signed().max(160));
    let points = || spec.series.iter().flat_map(|series| &series.points);
    let numbers = points()
        .filter_map(|point| mark::shown(point).map(|value| (value, point.interval)))
        .flat_map(|(value, interval)| {
            let (low, high) = interval.unwrap_or((value, value));
            [value, low, high]
        })
        .chain(spec.target);
    let bounds = numbers.fold(None, |bounds: Option<(f64, f64)>, number| {
        let (low, high) = bounds.unwrap_or((number, number));
        Some((low.min(number), high.max(number)))
    });
    let (mut low, high) = bounds.unwrap_or((0.0, 1.0));
    // A line may leave zero out, but not where zero is near.
    if low > 0.0 && low < high * 0.5 {
        low = 0.0;
    }
    let (top, bottom) = (20, height - 30);
    let scale = Scale::new(low, high, bottom, top, (bottom - top) / 48);
    let tick = |value| format::tick(value, spec.unit, spec.language);
    let ticks = scale
        .ticks
        .iter()
        .map(|&value| measure::width(&tick(value), size));
    let left = ticks.max().unwrap_or(0) + 10;
    let most = width * 30 / 100;
    let ends = spec
        .series
        .iter()
        .map(|series| measure::width(&series.label, size).min(most));
    let right = (width - ends.max().unwrap_or(0) - 14).max(left + 60);

    // Periods sort as text; a key that only a later series has finds its place.
    let mut keys: Vec<(&str, &str)> = points()
        .map(|point| (point.key.as_str(), point.label.as_str()))
        .collect();
    if spec.series.len() > 1 {
        keys.sort_by_key(|(key, _)| *key);
    }
    keys.dedup_by_key(|(key, _)| *key);
    let slots = i32::try_from(keys.len()).unwrap_or(1).max(1);
    let (first, last) = (left + 8, right - 8);
    let x_of = |slot: i32| {
        if slots == 1 {
            i32::midpoint(first, last)
        } else {
            first + (last - first) * slot / (slots - 1)
        }
    };
    let slot_of = |point: &Point| {
        let slot = keys
            .iter()
            .position(|(key, _)| *key == point.key)
            .unwrap_or(0);
        i32::try_from(slot).unwrap_or(0)
    };

    let canvas = Canvas::new(spec.width, height.unsigned_abs());
    for &value in &scale.ticks {
        let y = scale.pixel(value);
        let class = if value == 0.0 { "axis" } else { "grid" };
        canvas.line(Mark::class(class), vec![(left, y), (right, y)])?;
        canvas.text(
            Mark::class("tick"),
            &tick(value),
            (left - 6, y),
            (HPos::Right, VPos::Center),
        )?;
    }
    let named = |(key, label): &(&str, &str)| {
        if label.is_empty() {
            format::period(key, spec.language)
        } else {
            (*label).to_owned()
        }
    };
    let names: Vec<String> = keys.iter().map(named).collect();
    let widest = names
        .iter()
        .map(|name| measure::width(name, size))
        .max()
        .unwrap_or(0);
    let step = ((widest + 14) * (slots - 1).max(1)).div_euclid((last - first).max(1)) + 1;
    for (slot, name) in (0..slots).zip(&names) {
        // Counted from the end: the latest period always has its name.
        if (slots - 1 - slot) % step == 0 {
            let half = measure::width(name, size) / 2;
            let x = x_of(slot).clamp(half, (width - half).max(half));
            canvas.text(
                Mark::class("tick"),
                name,
                (x, bottom + 10),
                (HPos::Center, VPos::Top),
            )?;
        }
    }
    let mut told = false;
    for series in &spec.series {
        let missing = series
            .points
            .iter()
            .filter(|point| mark::shown(point).is_none());
        for point in missing {
            let half = ((last - first) / slots / 3).clamp(3, 14);
            let x = x_of(slot_of(point));
            let mut gap = mark::of("gap", spec, series, point);
            if point.status != Status::Suppressed {
                gap = gap.with("fill", "none");
                canvas.rect(gap, [(x - half, top), (x + half, bottom)])?;
                continue;
            }
            gap = gap.with("fill", &format!("url(#{id}-hatch)"));
            canvas.rect(gap, [(x - half, top), (x + half, bottom)])?;
            let word = &spec.labels.suppressed;
            let room = measure::width(word, size) / 2;
            if !told {
                told = true;
                let x = x.clamp(left + room, (width - room).max(left + room));
                let word_mark = Mark::class(&mark::class("word", point));
                canvas.text(word_mark, word, (x, top - 3), (HPos::Center, VPos::Bottom))?;
            }
        }
    }
    if let Some(target) = spec.target {
        let y = scale.pixel(target);
        let line = Mark::class("target").with("stroke-dasharray", "5 4");
        canvas.line(line, vec![(left, y), (right, y)])?;
        let value = format::value(target, spec.unit, spec.language);
        let label = measure::shortened(
            &format!("{} {value}", spec.target_label),
            size,
            right - left,
        );
        let mark = Mark::class("target-label");
        canvas.text(
            mark,
            label.trim(),
            (left + 4, y - 3),
            (HPos::Left, VPos::Bottom),
        )?;
    }
    let mut labels = Vec::new();
    for (number, series) in spec.series.iter().enumerate() {
        let at = |point: &Point, value| (x_of(slot_of(point)), scale.pixel(value));
        for run in series.points.split(|point| mark::shown(point).is_none()) {
            let ends = run
                .iter()
                .filter_map(|point| Some((point, point.interval?)));
            let upper = ends.clone().map(|(point, (_, high))| at(point, high));
            let lower = ends.clone().rev().map(|(point, (low, _))| at(point, low));
            let band: Vec<_> = upper.chain(lower).collect();
            if band.len() > 3 {
                canvas.polygon(Mark::class(&format!("band s{number}")), band)?;
            }
            let path: Vec<_> = run
                .iter()
                .filter_map(|point| Some(at(point, mark::shown(point)?)))
                .collect();
            if path.len() > 1 {
                let line = Mark::class(&format!("line s{number}"));
                canvas.line(line.with("data-series", &series.label), path)?;
            }
        }
        let radius = if slots > 40 { 2 } else { 3 };
        for point in &series.points {
            if let Some(value) = mark::shown(point) {
                let mark = mark::of(&format!("point s{number}"), spec, series, point);
                let larger = i32::from(point.highlighted);
                canvas.circle(mark, at(point, value), radius + larger)?;
            }
        }
        let end = series
            .points
            .iter()
            .rev()
            .find_map(|point| Some(at(point, mark::shown(point)?)));
        if let Some((_, y)) = end.filter(|_| !series.label.is_empty()) {
            labels.push((y, number, measure::shortened(&series.label, size, most)));
        }
    }
    apart(&mut labels, top, bottom);
    for (y, number, label) in labels {
        let mark = Mark::class(&format!("label s{number}"));
        canvas.text(mark, &label, (right + 6, y), (HPos::Left, VPos::Center))?;
    }
    Ok((height.unsigned_abs(), canvas.finish()))
}

/// Moves labels until none covers another.
fn apart(labels: &mut [(i32, usize, String)], top: i32, bottom: i32) {
    labels.sort_by_key(|(y, number, _)| (*y, *number));
    let mut least = top;
    for (y, _, _) in labels.iter_mut() {
        *y = (*y).max(least);
        least = *y + LEADING;
    }
    let mut most = bottom;
    for (y, _, _) in labels.iter_mut().rev() {
        *y = (*y).min(most);
        most = *y - LEADING;
    }
}
