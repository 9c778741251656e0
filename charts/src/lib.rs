//! Chart specification in, SVG out; the same drawing natively and in the browser.
//!
//! [`draw`] answers an `<svg>` with a `viewBox` and no size, `role="img"` and a title and description.
//! Nothing in it depends on the page: no `style` attribute, no script, no measured text. Colours come from
//! a style sheet; [`STYLE`] is one to start from.
//!
//! | class | of |
//! |---|---|
//! | `chart`, with `bar-chart`, `line-chart` and so on | the `<svg>` |
//! | `grid`, `axis`, `tick` | grid lines, the zero line, axis labels |
//! | `label`, `value`, `word` | names of bars and line ends, values at bar ends, words for missing values |
//! | `bar`, `whisker` | a bar and its confidence interval |
//! | `dot`, `span`, `guide` | a dot, what joins the dots of a row, the row's line |
//! | `swatch`, `key` | a colour and the name of its series |
//! | `leader` | from a name to its dot |
//! | `tile`, with `t0` to `t4` | a place of a schematic map, and its shade; its texts are `on0` to `on4` |
//! | `flow` | from a stage of a funnel to the next |
//! | `break`, `break-label` | where the method changes |
//! | `line`, `band`, `point`, each with `s0`, `s1`, … | a series: its line, interval and points |
//! | `gap` | a period of a line chart without a published value |
//! | `target`, `target-label` | the target's dashed line and its label |
//! | `highlighted` | added to emphasised bars, labels, values and points |
//! | `suppressed`, `not_applicable`, `not_collected` | added to bars, gaps and words without a value |
//! | `empty` | the words of a chart without data |
//!
//! Bars, points and gaps are focusable and carry `data-key`, `data-label`, `data-series`, `data-value` (the
//! value as written for readers; absent when there is none), `data-interval`, `data-feasible`
//! and `data-status`.

mod bar;
mod canvas;
mod dot;
pub mod format;
mod funnel;
mod layout;
mod line;
mod mark;
mod measure;
mod multiples;
pub mod order;
pub mod picture;
mod scale;
mod spark;
mod spec;
mod strip;
mod tiles;

use contract::Status;
use plotters_backend::text_anchor::{HPos, VPos};

pub use canvas::escaped;
use canvas::{Canvas, Mark};
pub use picture::{Modules, Picture, Shape};
pub use spec::{ChartError, ChartKind, ChartSpec, Point, Series, StatusLabels};
pub use tiles::shade;

/// A style sheet for the classes, with light and dark colours as custom properties.
pub const STYLE: &str = include_str!("chart.css");

/// Draws a chart as an `<svg>` element.
pub fn draw(spec: &ChartSpec) -> Result<String, ChartError> {
    let (height, body) = body(spec)?;
    let kind = format!("{}-chart", spec.kind.name());
    let (title, description) = (escaped(&spec.title), escaped(&spec.description));
    let id = id(spec);
    Ok(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" class="chart {kind}" viewBox="0 0 {width} {height}" role="img" aria-labelledby="{id}-title {id}-desc" lang="{language}">
<title id="{id}-title">{title}</title>
<desc id="{id}-desc">{description}</desc>
{body}</svg>"##,
        width = spec.width,
        language = spec.language.tag(),
    ))
}

/// Ids are unique in a page with several charts, and equal for equal charts.
fn id(spec: &ChartSpec) -> String {
    format!("chart-{:016x}", fingerprint(spec))
}

/// The height of a chart, and what is drawn.
pub(crate) fn body(spec: &ChartSpec) -> Result<(u32, String), ChartError> {
    spec.check()?;
    let mut points = spec.series.iter().flat_map(|series| &series.points);
    let drawable = if spec.kind.over_time() {
        points.any(|point| mark::shown(point).is_some() || point.status == Status::Suppressed)
    } else {
        points.next().is_some()
    };
    let id = id(spec);
    let (height, marks) = if drawable || spec.kind == ChartKind::Spark {
        match spec.kind {
            ChartKind::Bar => bar::draw(spec, &id)?,
            ChartKind::Line => line::draw(spec, &id)?,
            ChartKind::Grouped => bar::grouped(spec, &id)?,
            ChartKind::Stacked => bar::stacked(spec, &id)?,
            ChartKind::Dot => dot::draw(spec, &id)?,
            ChartKind::Strip => strip::draw(spec, &id)?,
            ChartKind::Multiples => multiples::draw(spec, &id)?,
            ChartKind::Tiles => tiles::draw(spec, &id)?,
            ChartKind::Funnel => funnel::draw(spec, &id)?,
            ChartKind::Spark => spark::draw(spec)?,
        }
    } else {
        empty(spec)?
    };
    let hatch = format!(
        r#"<defs><pattern id="{id}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="hatch" x1="0" y1="0" x2="0" y2="6"/></pattern></defs>"#
    );
    Ok((height, format!("{hatch}\n{marks}")))
}

fn empty(spec: &ChartSpec) -> Result<(u32, String), ChartError> {
    let height = spec.height.max(80);
    let canvas = Canvas::new(spec.width, height);
    let words = spec.language.locale().chart.empty;
    let middle = (spec.width.cast_signed() / 2, height.cast_signed() / 2);
    canvas.text(
        Mark::class("empty"),
        words,
        middle,
        (HPos::Center, VPos::Center),
    )?;
    Ok((height, canvas.finish()))
}

/// FNV-1a over what tells charts of one page apart.
fn fingerprint(spec: &ChartSpec) -> u64 {
    let keys = spec.series.iter().flat_map(|series| {
        let keys = series.points.iter().map(|point| &point.key);
        std::iter::once(&series.label).chain(keys)
    });
    [&spec.title, &spec.description, &spec.width.to_string()]
        .into_iter()
        .chain(keys)
        .flat_map(|text| text.bytes().chain([0]))
        .chain([spec.kind as u8])
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
}
