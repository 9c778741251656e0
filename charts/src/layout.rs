//! Rows with names at the left and an axis of values below: what bars, dots and stacks share.

use contract::indicator::Unit;
use plotters_backend::text_anchor::{HPos, VPos};

use crate::{
    ChartError, ChartSpec, Point,
    canvas::{Canvas, LABEL, Mark},
    format, mark,
    measure::{self, Measured},
    scale::Scale,
};

/// Room of the label of a target above the rows.
const TARGET: i32 = 26;

/// Whether the axis begins at zero.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Lengths are compared: the axis holds zero.
    Zero,
    /// Positions are compared: the axis holds the values.
    Free,
}

/// What a chart of rows needs.
pub(crate) struct Wanted<'a> {
    /// Names of the rows.
    pub(crate) names: Vec<&'a str>,
    /// The least and the greatest value.
    pub(crate) bounds: Option<(f64, f64)>,
    /// Where the axis begins.
    pub(crate) origin: Origin,
    /// Room for what stands behind the marks.
    pub(crate) tail: i32,
    /// Height of a row, at least and at most.
    pub(crate) pitch: (i32, i32),
    /// Swatches with the names of the series.
    pub(crate) key: bool,
}

/// A sheet with its axis drawn.
pub(crate) struct Layout {
    pub(crate) canvas: Canvas,
    pub(crate) scale: Scale,
    pub(crate) width: i32,
    pub(crate) height: u32,
    names: i32,
    /// How names are measured: chosen ones are bold.
    measured: Measured,
    top: i32,
    bottom: i32,
    pitch: i32,
}

/// The numbers that an axis must hold: values, intervals, feasible intervals.
pub(crate) fn numbers(point: &Point) -> impl Iterator<Item = f64> {
    let value = mark::shown(point);
    let interval = point.interval.filter(|_| value.is_some());
    let feasible = mark::feasible(point);
    let pairs = interval.into_iter().chain(feasible);
    value
        .into_iter()
        .chain(pairs.flat_map(|(low, high)| [low, high]))
}

/// The least and the greatest of some numbers.
pub(crate) fn bounds(numbers: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    numbers.fold(None, |bounds: Option<(f64, f64)>, number| {
        let (low, high) = bounds.unwrap_or((number, number));
        Some((low.min(number), high.max(number)))
    })
}

impl Layout {
    pub(crate) fn new(spec: &ChartSpec, wanted: &Wanted<'_>) -> Result<Self, ChartError> {
        let size = f64::from(LABEL);
        let width = spec.width.cast_signed();
        let mut points = spec.series.iter().flat_map(|series| &series.points);
        let measured: Measured = match points.any(|point| point.highlighted) {
            true => measure::bold,
            false => measure::width,
        };
        let widths = wanted.names.iter().map(|name| measured(name, size));
        let names = widths.max().unwrap_or(0).min(width * 38 / 100);
        let (left, right) = (names + 10, (width - wanted.tail - 12).max(names + 60));
        let canvas = Canvas::new(spec.width, 4000);
        let key = if wanted.key {
            swatches(&canvas, spec, width)?
        } else {
            0
        };
        let top = key + if spec.target.is_some() { TARGET } else { 8 };
        let count = i32::try_from(wanted.names.len()).unwrap_or(i32::MAX / wanted.pitch.1 - 4);
        let room = spec.height.cast_signed() - top - 28;
        // A few rows take the room there is, up to a limit beyond which they look lost.
        let pitch = (room / count.max(1)).clamp(wanted.pitch.0, wanted.pitch.1);
        let bottom = top + pitch * count;

        let (mut low, mut high) = wanted.bounds.unwrap_or((0.0, 1.0));
        if let Some(target) = spec.target {
            (low, high) = (low.min(target), high.max(target));
        }
        if wanted.origin == Origin::Zero || low < 0.0 || low < (high - low) * 0.5 {
            (low, high) = (low.min(0.0), high.max(0.0));
        }
        if low == 0.0 && high == 0.0 {
            high = 1.0;
        }
        if spec.unit == Unit::Count && low == 0.0 {
            high = high.max(4.0);
        }
        let tick = |value| format::tick(value, spec.unit, spec.language);
        let spacing = measure::width(&tick(high), size).max(30) + 28;
        let scale = Scale::new(low, high, left, right, (right - left) / spacing);
        for &value in &scale.ticks {
            let x = scale.pixel(value);
            let class = if value == 0.0 { "axis" } else { "grid" };
            canvas.line(Mark::class(class), vec![(x, top), (x, bottom)])?;
            canvas.text(
                Mark::tick(),
                &tick(value),
                (x, bottom + 8),
                (HPos::Center, VPos::Top),
            )?;
        }
        Ok(Self {
            canvas,
            scale,
            width,
            height: (bottom + 28).max(spec.height.cast_signed()).unsigned_abs(),
            names,
            measured,
            top,
            bottom,
            pitch,
        })
    }

    /// The middle of a row.
    pub(crate) fn middle(&self, row: usize) -> i32 {
        self.top + self.pitch * i32::try_from(row).unwrap_or(0) + self.pitch / 2
    }

    /// Writes the name of a row.
    pub(crate) fn name(&self, row: usize, name: &str, class: &str) -> Result<(), ChartError> {
        let name = measure::cut(name, f64::from(LABEL), self.names, self.measured);
        let at = (self.names, self.middle(row));
        self.canvas
            .text(Mark::class(class), &name, at, (HPos::Right, VPos::Center))
    }

    /// A light line along a row, from name to end.
    pub(crate) fn guide(&self, row: usize) -> Result<(), ChartError> {
        let y = self.middle(row);
        let ends = vec![(self.names + 10, y), (self.width - 4, y)];
        self.canvas.line(Mark::class("guide"), ends)
    }

    /// A confidence interval along a row.
    pub(crate) fn whisker(&self, (low, high): (f64, f64), y: i32) -> Result<(), ChartError> {
        let (low, high) = (self.scale.pixel(low), self.scale.pixel(high));
        let line = |path| self.canvas.line(Mark::class("whisker"), path);
        line(vec![(low, y), (high, y)])?;
        for x in [low, high] {
            line(vec![(x, y - 3), (x, y + 3)])?;
        }
        Ok(())
    }

    /// The target's line and label.
    pub(crate) fn target(&self, spec: &ChartSpec) -> Result<(), ChartError> {
        let Some(target) = spec.target else {
            return Ok(());
        };
        let size = f64::from(LABEL);
        let x = self.scale.pixel(target);
        let line = Mark::class("target").with("stroke-dasharray", "5 4");
        self.canvas
            .line(line, vec![(x, self.top - 4), (x, self.bottom)])?;
        let value = format::value(target, spec.unit, spec.language);
        let label = format!("{} {value}", spec.target_label);
        let label = measure::shortened(&label, size, self.width - 8);
        let half = measure::width(&label, size) / 2;
        let at = x.clamp(half + 4, (self.width - half - 4).max(half + 4));
        self.canvas.text(
            Mark::class("target-label"),
            label.trim(),
            (at, self.top - 8),
            (HPos::Center, VPos::Bottom),
        )
    }
}

/// Names of the series with their colours, in lines from the top; answers their height.
fn swatches(canvas: &Canvas, spec: &ChartSpec, width: i32) -> Result<i32, ChartError> {
    const LINE: i32 = 22;
    let size = f64::from(LABEL);
    let (mut x, mut y) = (0, 4);
    for (number, series) in spec.series.iter().enumerate() {
        let label = measure::shortened(&series.label, size, width - 24);
        let room = measure::width(&label, size) + 18;
        if x > 0 && x + room > width {
            (x, y) = (0, y + LINE);
        }
        let swatch = Mark::class(&format!("swatch s{number}"));
        canvas.rect(swatch, [(x, y), (x + 12, y + 12)])?;
        let place = (x + 18, y + 6);
        canvas.text(
            Mark::class("key"),
            &label,
            place,
            (HPos::Left, VPos::Center),
        )?;
        x += room + 18;
    }
    Ok(y + LINE)
}
