//! Stages of one course, each counted among all that entered it.

use contract::{Status, indicator::Unit, language::fill};
use plotters_backend::text_anchor::{HPos, VPos};

use crate::{
    ChartError, ChartSpec, Point, Series,
    canvas::{Canvas, LABEL, Mark},
    format, mark, measure,
};

/// Height of a stage: its words, its bar, the way to the next.
const STAGE: i32 = 62;
const BAR: i32 = 22;
/// Where the bar begins below the top of its stage.
const WORDS: i32 = 20;
/// Length of the hatching of a suppressed count whose bounds are not known.
const STUB: i32 = 28;

/// A bar for each point; its words stand above it, so that they have the whole width of a phone.
pub(crate) fn draw(spec: &ChartSpec, id: &str) -> Result<(u32, String), ChartError> {
    let stages: Vec<(&Series, &Point)> = spec
        .series
        .iter()
        .flat_map(|series| series.points.iter().map(move |point| (series, point)))
        .collect();
    let width = spec.width.cast_signed();
    let count = i32::try_from(stages.len()).unwrap_or(1);
    let height = (STAGE * count).min(4000);
    let canvas = Canvas::new(spec.width, height.unsigned_abs());
    let numbers = stages.iter().flat_map(|(_, point)| {
        let feasible = mark::feasible(point).map(|(_, high)| high);
        mark::shown(point).into_iter().chain(feasible)
    });
    let most = numbers.fold(0.0_f64, f64::max);
    let length = |value: f64| -> i32 {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "between nothing and the width"
        )]
        let pixels = (f64::from(width) * (value.max(0.0) / most.max(1e-9)).min(1.0)).round() as i32;
        pixels.max(1)
    };
    let whole = stages.first().and_then(|(_, point)| mark::shown(point));
    let mut before: Option<(i32, i32)> = None;
    for (row, (series, point)) in stages.iter().enumerate() {
        let top = STAGE * i32::try_from(row).unwrap_or(0);
        let (upper, lower) = (top + WORDS, top + WORDS + BAR);
        let shape = mark::of("bar", spec, series, point);
        let value = mark::shown(point);
        let end = match value {
            Some(value) => {
                let end = length(value);
                canvas.rect(shape, [(0, upper), (end, lower)])?;
                Some(end)
            }
            None if point.status == Status::Suppressed => {
                let (from, to) = match mark::feasible(point) {
                    Some((low, high)) => (length(low), length(high)),
                    None => (0, STUB),
                };
                let hatched = shape.with("fill", &format!("url(#{id}-hatch)"));
                canvas.rect(hatched, [(from, upper), (to.max(from + 6), lower)])?;
                None
            }
            None => None,
        };
        // The way from one length to the next, where both are known.
        if let (Some((bottom, from)), Some(to)) = (before, end) {
            let corners = vec![(0, bottom), (from, bottom), (to, upper), (0, upper)];
            canvas.polygon(Mark::class("flow"), corners)?;
        }
        before = end.map(|end| (lower, end));
        let said = match value {
            Some(value) => counted(spec, value, whole.filter(|_| row > 0)),
            None => mark::word(spec, point),
        };
        let size = f64::from(LABEL);
        let room = measure::width(&said, size);
        let name = measure::cut(&point.label, size, width - room - 16, measure::bold);
        let at = top + WORDS / 2 - 1;
        canvas.text(
            Mark::class(&mark::class("label", point)),
            &name,
            (0, at),
            (HPos::Left, VPos::Center),
        )?;
        let class = if value.is_some() { "value" } else { "word" };
        canvas.text(
            Mark::class(&mark::class(class, point)),
            &said,
            (width, at),
            (HPos::Right, VPos::Center),
        )?;
    }
    Ok((height.unsigned_abs(), canvas.finish()))
}

/// A count, and its share of the first stage.
fn counted(spec: &ChartSpec, value: f64, whole: Option<f64>) -> String {
    let written = format::value(value, spec.unit, spec.language);
    match whole.filter(|whole| *whole > 0.0) {
        None => written,
        Some(whole) => {
            let share = format::value(100.0 * value / whole, Unit::Percent, spec.language);
            let pattern = spec.language.locale().chart.share_of_all;
            fill(pattern, &[("value", &written), ("share", &share)])
        }
    }
}
