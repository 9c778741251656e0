//! A line without axes, for a card beside its number.

use crate::{
    ChartError, ChartSpec,
    canvas::{Canvas, Mark},
    layout::bounds,
    mark,
};

/// The first series alone; gaps stay gaps. The last value has a dot.
pub(crate) fn draw(spec: &ChartSpec) -> Result<(u32, String), ChartError> {
    let (width, height) = (spec.width.cast_signed(), spec.height.cast_signed().max(24));
    let canvas = Canvas::new(spec.width, height.unsigned_abs());
    let points = spec.series.first().map(|series| series.points.as_slice());
    let points = points.unwrap_or_default();
    let values = points.iter().filter_map(mark::shown);
    let (low, high) = bounds(values.chain(spec.target)).unwrap_or((0.0, 1.0));
    let spread = if high > low { high - low } else { 1.0 };
    let slots = f64::from(u32::try_from(points.len()).unwrap_or(1).max(2) - 1);
    let (left, right, top, bottom) = (4.0, f64::from(width) - 5.0, 5.0, f64::from(height) - 5.0);
    #[expect(clippy::cast_possible_truncation, reason = "within the sheet")]
    let at = |slot: usize, value: f64| {
        let slot = f64::from(u32::try_from(slot).unwrap_or(0));
        let x = left + (right - left) * slot / slots;
        let y = bottom - (bottom - top) * (value - low) / spread;
        (x.round() as i32, y.round() as i32)
    };
    if let Some(target) = spec.target {
        let y = at(0, target).1;
        let line = Mark::class("target").with("stroke-dasharray", "3 3");
        canvas.line(line, vec![(4, y), (width - 5, y)])?;
    }
    let mut path = Vec::new();
    let mut last = None;
    for (slot, point) in points.iter().enumerate() {
        match mark::shown(point) {
            Some(value) => {
                path.push(at(slot, value));
                last = path.last().copied();
            }
            None if path.len() > 1 => {
                canvas.line(Mark::class("line s0"), std::mem::take(&mut path))?;
            }
            None => path.clear(),
        }
    }
    if path.len() > 1 {
        canvas.line(Mark::class("line s0"), path)?;
    }
    if let Some(end) = last {
        canvas.circle(Mark::class("point s0"), end, 3)?;
    }
    Ok((height.unsigned_abs(), canvas.finish()))
}
