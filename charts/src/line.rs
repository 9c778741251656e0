//! Time series on one pair of axes.

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

/// Least distance between two labels, one above the other.
const LEADING: i32 = 17;

pub(crate) fn draw(spec: &ChartSpec, id: &str) -> Result<(u32, String), ChartError> {
    let size = f64::from(LABEL);
    let (width, height) = (spec.width.cast_signed(), spec.height.cast_signed().max(160));
    let (low, high) = range(spec);
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
    let panel = Panel::new(spec, (left, right), (top, bottom));

    let canvas = Canvas::new(spec.width, height.unsigned_abs());
    for &value in &scale.ticks {
        let y = scale.pixel(value);
        let class = if value == 0.0 { "axis" } else { "grid" };
        canvas.line(Mark::class(class), vec![(left, y), (right, y)])?;
        canvas.text(
            Mark::tick(),
            &tick(value),
            (left - 6, y),
            (HPos::Right, VPos::Center),
        )?;
    }
    panel.periods(&canvas, spec, width)?;
    panel.breaks(&canvas, spec)?;
    let mut told = false;
    for series in &spec.series {
        panel.gaps(&canvas, spec, &scale, series, id, &mut told)?;
    }
    if let Some(target) = spec.target {
        let y = scale.pixel(target);
        let line = Mark::class("target").with("stroke-dasharray", "5 4");
        canvas.line(line, vec![(left, y), (right, y)])?;
        let value = format::value(target, spec.unit, spec.language);
        let label = format!("{} {value}", spec.target_label);
        let label = measure::shortened(&label, size, right - left);
        let at = (left + 4, y - 3);
        let class = Mark::class("target-label");
        canvas.text(class, label.trim(), at, (HPos::Left, VPos::Bottom))?;
    }
    let mut labels = Vec::new();
    for (number, series) in spec.series.iter().enumerate() {
        let end = panel.series(&canvas, spec, &scale, series, number)?;
        if let Some((_, y)) = end.filter(|_| !series.label.is_empty()) {
            labels.push((y, number, measure::shortened(&series.label, size, most)));
        }
    }
    apart(&mut labels, top, bottom);
    for (y, number, label) in labels {
        let class = Mark::class(&format!("label s{number}"));
        canvas.text(class, &label, (right + 6, y), (HPos::Left, VPos::Center))?;
    }
    Ok((height.unsigned_abs(), canvas.finish()))
}

/// What the axis of values holds. A line may leave zero out, but not where zero is near.
pub(crate) fn range(spec: &ChartSpec) -> (f64, f64) {
    let points = spec.series.iter().flat_map(|series| &series.points);
    let numbers = points.flat_map(numbers).chain(spec.target);
    let (low, high) = bounds(numbers).unwrap_or((0.0, 1.0));
    if low > 0.0 && low < high * 0.5 {
        (0.0, high)
    } else {
        (low, high)
    }
}

/// The area of one or more lines.
pub(crate) struct Panel<'a> {
    /// Key and label of every period, in order.
    keys: Vec<(&'a str, &'a str)>,
    first: i32,
    last: i32,
    top: i32,
    bottom: i32,
}

impl<'a> Panel<'a> {
    /// A panel between pixels, with the periods of every series: panels of one chart show the same time.
    pub(crate) fn new(spec: &'a ChartSpec, across: (i32, i32), down: (i32, i32)) -> Self {
        // Periods sort as text; a key that only a later series has finds its place.
        let points = spec.series.iter().flat_map(|series| &series.points);
        let mut keys: Vec<(&str, &str)> = points
            .map(|point| (point.key.as_str(), point.label.as_str()))
            .collect();
        if spec.series.len() > 1 {
            order::by_key(&mut keys, |(key, _)| *key);
        }
        keys.dedup_by_key(|(key, _)| *key);
        Self {
            keys,
            first: across.0 + 8,
            last: across.1 - 8,
            top: down.0,
            bottom: down.1,
        }
    }

    fn slots(&self) -> i32 {
        i32::try_from(self.keys.len()).unwrap_or(1).max(1)
    }

    fn x(&self, slot: i32) -> i32 {
        match self.slots() {
            1 => i32::midpoint(self.first, self.last),
            slots => self.first + (self.last - self.first) * slot / (slots - 1),
        }
    }

    fn slot(&self, key: &str) -> Option<i32> {
        let slot = self.keys.iter().position(|(known, _)| *known == key)?;
        i32::try_from(slot).ok()
    }

    fn at(&self, point: &Point, scale: &Scale, value: f64) -> (i32, i32) {
        (
            self.x(self.slot(&point.key).unwrap_or(0)),
            scale.pixel(value),
        )
    }

    /// Names of the periods below, as many as there is room for.
    pub(crate) fn periods(
        &self,
        canvas: &Canvas,
        spec: &ChartSpec,
        width: i32,
    ) -> Result<(), ChartError> {
        let size = f64::from(LABEL);
        let named = |(key, label): &(&str, &str)| {
            if label.is_empty() {
                format::period(key, spec.language)
            } else {
                (*label).to_owned()
            }
        };
        let names: Vec<String> = self.keys.iter().map(named).collect();
        let widths = names.iter().map(|name| measure::width(name, size));
        let widest = widths.max().unwrap_or(0);
        let slots = self.slots();
        let room = (self.last - self.first).max(1);
        let step = ((widest + 14) * (slots - 1).max(1)).div_euclid(room) + 1;
        for (slot, name) in (0..slots).zip(&names) {
            // Counted from the end: the latest period always has its name.
            if (slots - 1 - slot) % step == 0 {
                let half = measure::width(name, size) / 2;
                let x = self.x(slot).clamp(half, (width - half).max(half));
                let at = (x, self.bottom + 10);
                canvas.text(Mark::tick(), name, at, (HPos::Center, VPos::Top))?;
            }
        }
        Ok(())
    }

    /// Where the method changes.
    pub(crate) fn breaks(&self, canvas: &Canvas, spec: &ChartSpec) -> Result<(), ChartError> {
        for key in &spec.breaks {
            if let Some(slot) = self.slot(key).filter(|slot| *slot > 0) {
                let x = i32::midpoint(self.x(slot - 1), self.x(slot));
                let line = Mark::class("break").with("stroke-dasharray", "2 3");
                canvas.line(line, vec![(x, self.top - 8), (x, self.bottom)])?;
            }
        }
        Ok(())
    }

    /// Periods without a value: suppressed ones hatched over what the value may be, others empty.
    pub(crate) fn gaps(
        &self,
        canvas: &Canvas,
        spec: &ChartSpec,
        scale: &Scale,
        series: &Series,
        id: &str,
        told: &mut bool,
    ) -> Result<(), ChartError> {
        let half = ((self.last - self.first) / self.slots() / 3).clamp(3, 14);
        // The first one leaves the labels of the axis free.
        let (left, right) = (self.first - 8, self.last + 8);
        let missing = series
            .points
            .iter()
            .filter(|point| mark::shown(point).is_none());
        for point in missing {
            let x = self.x(self.slot(&point.key).unwrap_or(0));
            let (from, to) = ((x - half).max(left), (x + half).min(right));
            let mut gap = mark::of("gap", spec, series, point);
            if point.status != Status::Suppressed {
                gap = gap.with("fill", "none");
                canvas.rect(gap, [(from, self.top), (to, self.bottom)])?;
                continue;
            }
            gap = gap.with("fill", &format!("url(#{id}-hatch)"));
            let (upper, lower) = match mark::feasible(point) {
                Some((low, high)) => {
                    let (upper, lower) = (scale.pixel(high), scale.pixel(low));
                    (upper.min(lower - 6), lower)
                }
                None => (self.top, self.bottom),
            };
            canvas.rect(gap, [(from, upper), (to, lower)])?;
            if !*told {
                *told = true;
                let word = &spec.labels.suppressed;
                let room = measure::width(word, f64::from(LABEL)) / 2;
                let most = (self.last + 8 - room).max(self.first + room);
                let x = x.clamp((self.first - 8 + room).min(most), most);
                let class = Mark::class(&mark::class("word", point));
                canvas.text(class, word, (x, upper - 3), (HPos::Center, VPos::Bottom))?;
            }
        }
        Ok(())
    }

    /// A series: band, line, points; answers where it ends. The line breaks at gaps and at other methods.
    pub(crate) fn series(
        &self,
        canvas: &Canvas,
        spec: &ChartSpec,
        scale: &Scale,
        series: &Series,
        number: usize,
    ) -> Result<Option<(i32, i32)>, ChartError> {
        let gaps = series.points.split(|point| mark::shown(point).is_none());
        for run in gaps.flat_map(|run| runs(run, &spec.breaks)) {
            let ends = run
                .iter()
                .filter_map(|point| Some((point, point.interval?)));
            let upper = ends
                .clone()
                .map(|(point, (_, high))| self.at(point, scale, high));
            let lower = ends
                .rev()
                .map(|(point, (low, _))| self.at(point, scale, low));
            let band: Vec<_> = upper.chain(lower).collect();
            if band.len() > 3 {
                canvas.polygon(Mark::class(&format!("band s{number}")), band)?;
            }
            let path: Vec<_> = run
                .iter()
                .filter_map(|point| Some(self.at(point, scale, mark::shown(point)?)))
                .collect();
            if path.len() > 1 {
                let line = Mark::class(&format!("line s{number}"));
                canvas.line(line.with("data-series", &series.label), path)?;
            }
        }
        let radius = if self.slots() > 40 { 2 } else { 3 };
        let mut end = None;
        for point in &series.points {
            if let Some(value) = mark::shown(point) {
                let shape = mark::of(&format!("point s{number}"), spec, series, point);
                let larger = i32::from(point.highlighted);
                let at = self.at(point, scale, value);
                canvas.circle(shape, at, radius + larger)?;
                end = Some(at);
            }
        }
        Ok(end)
    }
}

/// Cuts points where the method changes.
fn runs<'a>(mut points: &'a [Point], breaks: &[String]) -> Vec<&'a [Point]> {
    let mut runs = Vec::new();
    while !points.is_empty() {
        let cut = points
            .iter()
            .skip(1)
            .position(|point| breaks.contains(&point.key));
        let (run, rest) = points.split_at(cut.map_or(points.len(), |at| at + 1));
        runs.push(run);
        points = rest;
    }
    runs
}

/// Moves labels until none covers another.
fn apart(labels: &mut [(i32, usize, String)], top: i32, bottom: i32) {
    order::by_key(labels, |(y, number, _)| (*y, *number));
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
