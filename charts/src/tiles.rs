//! Places as tiles of one size, in groups: a schematic map, in which small places are as visible as large ones.

use contract::Status;
use plotters_backend::text_anchor::{HPos, VPos};

use crate::{
    ChartError, ChartSpec, Point, Series,
    canvas::{Canvas, LABEL, Mark},
    format,
    layout::bounds,
    mark, measure,
};

/// Shades, from the least values to the greatest.
const SHADES: usize = 5;
const HEIGHT: i32 = 50;
const GAP: i32 = 6;
/// Least width of a tile: four Chinese characters and a value.
const LEAST: i32 = 104;
const TITLE: i32 = 28;

/// The tiles of each series below its name.
pub(crate) fn draw(spec: &ChartSpec, id: &str) -> Result<(u32, String), ChartError> {
    let width = spec.width.cast_signed();
    let columns = ((width + GAP) / (LEAST + GAP)).clamp(2, 8);
    let wide = (width - GAP * (columns - 1)) / columns;
    let points = || spec.series.iter().flat_map(|series| &series.points);
    let shown = points().filter_map(mark::shown);
    let range = bounds(shown).filter(|(low, high)| high > low);
    let canvas = Canvas::new(spec.width, 4000);
    let mut top = legend(&canvas, spec, range)?;
    for series in &spec.series {
        if !series.label.is_empty() {
            let name = measure::shortened(&series.label, f64::from(LABEL), width);
            canvas.text(
                Mark::class("panel-title"),
                &name,
                (0, top + TITLE - 8),
                (HPos::Left, VPos::Bottom),
            )?;
            top += TITLE;
        }
        let mut row = top;
        for (at, point) in (0..).zip(&series.points) {
            let left = (at % columns) * (wide + GAP);
            row = top + (at / columns) * (HEIGHT + GAP);
            let corners = [(left, row), (left + wide, row + HEIGHT)];
            tile(&canvas, spec, id, (series, point), range, corners)?;
        }
        if !series.points.is_empty() {
            top = row + HEIGHT + GAP;
        }
    }
    Ok(((top + 2).min(4000).unsigned_abs(), canvas.finish()))
}

/// The shade of a value within a range, as in the classes `t0` to `t4`: fifths of the way from the least to the
/// greatest.
pub fn shade(value: f64, range: Option<(f64, f64)>) -> usize {
    let Some((low, high)) = range else {
        return SHADES / 2;
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a small number that is not negative"
    )]
    let step = ((value - low) / (high - low) * SHADES as f64).max(0.0) as usize;
    step.min(SHADES - 1)
}

fn tile(
    canvas: &Canvas,
    spec: &ChartSpec,
    id: &str,
    (series, point): (&Series, &Point),
    range: Option<(f64, f64)>,
    corners: [(i32, i32); 2],
) -> Result<(), ChartError> {
    let [(left, top), (right, bottom)] = corners;
    let value = mark::shown(point);
    let shade = value.map(|value| shade(value, range));
    let base = match shade {
        Some(shade) => format!("tile t{shade}"),
        None => "tile".to_owned(),
    };
    let shape = mark::of(&base, spec, series, point);
    if point.status == Status::Suppressed {
        let hatched = shape.with("fill", &format!("url(#{id}-hatch)"));
        canvas.rect(hatched, corners)?;
    } else {
        canvas.rect(shape, corners)?;
    }
    let (size, room) = (f64::from(LABEL), right - left - 12);
    let said = match value {
        Some(value) => format::value(value, spec.unit, spec.language),
        None => mark::word_within(spec, point, room),
    };
    let ink = shade.map_or_else(String::new, |shade| format!(" on{shade}"));
    let lines = [
        ("label", &point.label, top + 16),
        ("value", &said, bottom - 15),
    ];
    for (class, text, y) in lines {
        let class = if value.is_none() && class == "value" {
            "word"
        } else {
            class
        };
        canvas.text(
            Mark::class(&mark::class(&format!("{class}{ink}"), point)),
            &measure::shortened(text, size, room),
            (left + 6, y),
            (HPos::Left, VPos::Center),
        )?;
    }
    Ok(())
}

/// What the shades mean, and that the tiles are no map; answers their height.
fn legend(canvas: &Canvas, spec: &ChartSpec, range: Option<(f64, f64)>) -> Result<i32, ChartError> {
    let size = f64::from(LABEL);
    let schematic = spec.language.locale().chart.schematic;
    let width = spec.width.cast_signed();
    canvas.text(
        Mark::class("word"),
        &measure::shortened(schematic, size, width),
        (0, 10),
        (HPos::Left, VPos::Center),
    )?;
    let Some((low, high)) = range else {
        return Ok(24);
    };
    let written = |value| format::value(value, spec.unit, spec.language);
    let (from, to) = (written(low), written(high));
    let mut x = measure::width(&from, size) + 8;
    canvas.text(
        Mark::class("key"),
        &from,
        (0, 34),
        (HPos::Left, VPos::Center),
    )?;
    for shade in 0..SHADES {
        let swatch = Mark::class(&format!("tile t{shade}"));
        canvas.rect(swatch, [(x, 28), (x + 22, 40)])?;
        x += 22;
    }
    canvas.text(
        Mark::class("key"),
        &to,
        (x + 8, 34),
        (HPos::Left, VPos::Center),
    )?;
    Ok(48)
}
