//! Small multiples: a panel for each series, all on the same axes (Tufte, 1983), so that they compare.

use plotters_backend::text_anchor::{HPos, VPos};

use crate::{
    ChartError, ChartSpec,
    canvas::{Canvas, LABEL, Mark},
    format,
    line::{Panel, range},
    measure,
    scale::Scale,
};

const HEIGHT: i32 = 120;
/// Height of a panel with its title and its periods.
pub(crate) const PITCH: i32 = HEIGHT + 64;
const GAP: i32 = 22;

pub(crate) fn draw(spec: &ChartSpec, id: &str) -> Result<(u32, String), ChartError> {
    let size = f64::from(LABEL);
    let width = spec.width.cast_signed();
    let count = i32::try_from(spec.series.len()).unwrap_or(1).max(1);
    let columns = (width / 240).clamp(1, 4).min(count);
    let rows = (count + columns - 1) / columns;
    // The last row is as full as the others, as far as that goes.
    let columns = (count + rows - 1) / rows;
    let height = rows * PITCH;
    let (low, high) = range(spec);
    let tick = |value| format::tick(value, spec.unit, spec.language);
    let room = [low, high].map(|value| measure::width(&tick(value), size));
    let axis = room.into_iter().max().unwrap_or(0).max(24) + 10;
    let pitch = (width + GAP) / columns;
    let canvas = Canvas::new(spec.width, height.unsigned_abs());
    let mut told = false;
    for (at, series) in (0..).zip(&spec.series) {
        let (left, top) = (at % columns * pitch, at / columns * PITCH + 28);
        let (first, right, bottom) = (left + axis, left + pitch - GAP, top + HEIGHT);
        let title = measure::cut(&series.label, size, pitch - GAP, measure::bold);
        let place = (left, top - 18);
        canvas.text(
            Mark::class("panel-title"),
            &title,
            place,
            (HPos::Left, VPos::Center),
        )?;
        let scale = Scale::new(low, high, bottom, top, 3);
        for &value in &scale.ticks {
            let y = scale.pixel(value);
            let class = if value == 0.0 { "axis" } else { "grid" };
            canvas.line(Mark::class(class), vec![(first, y), (right, y)])?;
            let place = (first - 6, y);
            canvas.text(
                Mark::tick(),
                &tick(value),
                place,
                (HPos::Right, VPos::Center),
            )?;
        }
        let panel = Panel::new(spec, (first, right), (top, bottom));
        panel.periods(&canvas, spec, right)?;
        panel.breaks(&canvas, spec)?;
        panel.gaps(&canvas, spec, &scale, series, id, &mut told)?;
        if let Some(target) = spec.target {
            let y = scale.pixel(target);
            let line = Mark::class("target").with("stroke-dasharray", "5 4");
            canvas.line(line, vec![(first, y), (right, y)])?;
        }
        panel.series(&canvas, spec, &scale, series, 0)?;
    }
    Ok((height.unsigned_abs(), canvas.finish()))
}
