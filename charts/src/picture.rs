//! A chart as a picture that stands alone: title, finding, source and a code that leads to the pinned view.

mod words;

use std::fmt::Write;

use crate::{ChartError, ChartKind, ChartSpec, STYLE, body, canvas::escaped, measure, multiples};
use words::Words;

/// The shape of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// 16:9, for slides.
    Wide,
    /// For posts.
    Square,
}

impl Shape {
    /// Width and height in pixels, before any enlargement.
    pub fn size(self) -> (u32, u32) {
        match self {
            Self::Wide => (1280, 720),
            Self::Square => (1080, 1080),
        }
    }

    /// Width of the chart before it is fitted: narrower means larger letters.
    fn drawn(self) -> u32 {
        match self {
            Self::Wide => 860,
            Self::Square => 680,
        }
    }
}

/// A square of light and dark modules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Modules {
    /// Modules on a side.
    pub side: usize,
    /// Row by row, whether each is dark.
    pub dark: Vec<bool>,
}

/// What stands around the chart.
#[derive(Clone, Debug)]
pub struct Picture<'a> {
    /// Heading.
    pub title: &'a str,
    /// One sentence in plain words.
    pub finding: &'a str,
    /// What must be said in the first place: that the data are a demonstration.
    pub mark: Option<&'a str>,
    /// Source, snapshot, date, address: a line each.
    pub lines: &'a [String],
    /// A code that leads to the view.
    pub code: Option<&'a Modules>,
    /// The shape.
    pub shape: Shape,
}

const MARGIN: i32 = 48;
const CODE: i32 = 156;

/// The style sheet with every variable settled: programs that open pictures know no variables.
pub fn settled_style() -> String {
    let (mut settled, mut rest) = (String::new(), STYLE);
    while let Some((before, after)) = rest.split_once("var(") {
        settled.push_str(before);
        let (inside, after) = after.split_once(')').unwrap_or((after, ""));
        let value = inside.split_once(',').map_or("currentColor", |(_, it)| it);
        settled.push_str(value.trim());
        rest = after;
    }
    settled + rest
}

/// Draws a chart as a picture.
pub fn picture(spec: &ChartSpec, picture: &Picture<'_>) -> Result<String, ChartError> {
    let (width, height) = picture.shape.size();
    let (w, h) = (width.cast_signed(), height.cast_signed());
    let room = w - 2 * MARGIN;
    let mut out = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" lang="{}" font-family="system-ui, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif">
<title>{}</title>
<desc>{}</desc>
<style>{}</style>
<rect width="{width}" height="{height}" fill="#ffffff"/>
"##,
        spec.language.tag(),
        escaped(picture.title),
        escaped(picture.finding),
        settled_style(),
    );
    let mut y = 0;
    if let Some(mark) = picture.mark {
        let band = format!(r##"<rect width="{w}" height="44" fill="#fff3d6"/>"##);
        out.push_str(&band);
        out.push_str(r##"<rect y="44" width="100%" height="3" fill="#c98a00"/>"##);
        let fits = |size: &i32| measure::bold(mark, f64::from(*size)) <= room;
        let size = (9..=18).rev().find(fits).unwrap_or(9);
        text(&mut out, mark, (MARGIN, 29), size, "#533a00", "600");
        y = 47;
    }
    let top = y + 22;
    let bottom = h - MARGIN / 2;
    // Many rows need height: in a wide picture the words then stand beside the chart.
    let beside = picture.shape == Shape::Wide && natural(spec, picture.shape)? > 360;
    let column = if beside { room * 36 / 100 } else { room };
    // The foot is as high as the code or the lines beside it; in a column they stand above it.
    let code = if picture.code.is_some() { CODE } else { 0 };
    let left = if beside { column } else { room - code - 24 };
    let words = if beside {
        // What is longer than even small letters can tell loses its end.
        let smaller = (60..=100).rev().step_by(5).map(|percent| (percent, 99));
        let shorter = (1..=20).rev().map(|most| (60, most));
        let set = |(percent, most)| Words::set(picture, (column, left), (5, most), percent);
        let fits = |words: &Words| top + words.height() <= bottom - code;
        let mut words = smaller.chain(shorter).map(set);
        words.find(fits).unwrap_or_else(|| set((60, 1)))
    } else {
        Words::set(picture, (column, left), (2, 4), 100)
    };
    let mut y = top;
    paragraph(
        &mut out,
        &words.title,
        &mut y,
        words.sizes[0],
        "#1c2733",
        "700",
    );
    y += 6;
    paragraph(
        &mut out,
        &words.finding,
        &mut y,
        words.sizes[1],
        "#1c2733",
        "400",
    );
    let lines = words.foot_height();
    let (mut at, under) = if beside {
        (bottom - code - lines, bottom)
    } else {
        (bottom - lines, bottom - code.max(lines) - 24)
    };
    let place = if beside {
        let x = MARGIN + column + 32;
        ((x, top), (w - MARGIN - x, under - top))
    } else {
        ((MARGIN, y + 12), (room, (under - y - 12).max(80)))
    };
    out.push_str(&chart(spec, picture.shape, place.0, place.1)?);
    paragraph(
        &mut out,
        &words.foot,
        &mut at,
        words.sizes[2],
        "#54616e",
        "400",
    );
    if let Some(modules) = picture.code {
        // Without its quiet zone the code stands in line with the words.
        let x = if beside {
            MARGIN - 12
        } else {
            w - MARGIN - CODE
        };
        out.push_str(&code_of(modules, x, bottom - CODE));
    }
    out.push_str("</svg>\n");
    Ok(out)
}

/// The least height of a chart of rows: time needs none of its own.
const LEAST: u32 = 60;

/// The height that a chart takes by itself.
fn natural(spec: &ChartSpec, shape: Shape) -> Result<u32, ChartError> {
    if spec.kind.over_time() && spec.kind != ChartKind::Multiples {
        return Ok(0);
    }
    let spec = ChartSpec {
        width: shape.drawn(),
        height: LEAST,
        ..spec.clone()
    };
    Ok(body(&spec)?.0)
}

/// The chart, fitted into an area: drawn wider, and so with smaller letters, where it would be too high, and
/// narrower, with larger ones, where few rows would leave most of the area empty.
fn chart(
    spec: &ChartSpec,
    shape: Shape,
    (x, y): (i32, i32),
    (width, height): (i32, i32),
) -> Result<String, ChartError> {
    let (across, down) = (width.unsigned_abs().max(1), height.unsigned_abs().max(1));
    let mut spec = spec.clone();
    spec.width = shape.drawn();
    let filling = |drawn: u32| drawn * down / across;
    spec.height = if spec.kind.over_time() {
        filling(spec.width)
    } else {
        LEAST
    };
    let panels = spec.kind == ChartKind::Multiples;
    if panels {
        spec.width = columns(spec.series.len(), (across, down));
    }
    let (mut drawn, mut marks) = body(&spec)?;
    if !panels && (!spec.kind.over_time() || drawn > filling(spec.width)) {
        spec.width = (drawn * across / down).clamp(560, 2400);
        (drawn, marks) = body(&spec)?;
    }
    Ok(format!(
        r#"<svg x="{x}" y="{y}" width="{width}" height="{height}" viewBox="0 0 {} {drawn}" preserveAspectRatio="xMidYMid meet"><g class="chart {}-chart">{marks}</g></svg>
"#,
        spec.width,
        spec.kind.name(),
    ))
}

/// The width of small multiples that leaves their letters largest in an area: for each number of columns, what fills it.
fn columns(count: usize, (across, down): (u32, u32)) -> u32 {
    const COLUMN: u32 = 240;
    let count = u32::try_from(count).unwrap_or(1).max(1);
    let widths = (1..=4).map(|columns| {
        let height = count.div_ceil(columns) * multiples::PITCH.unsigned_abs();
        let least = columns * COLUMN;
        let width = (height * across / down).clamp(least, least + COLUMN - 1);
        ((width * down).max(height * across), width)
    });
    widths.min().map_or(3 * COLUMN, |(_, width)| width)
}

/// A code with the quiet zone of four modules that readers need.
fn code_of(modules: &Modules, x: i32, y: i32) -> String {
    let side = modules.side + 8;
    let mut path = String::new();
    for (at, _) in modules.dark.iter().enumerate().filter(|(_, dark)| **dark) {
        let (column, row) = (at % modules.side + 4, at / modules.side + 4);
        let _ = write!(path, "M{column} {row}h1v1h-1z");
    }
    format!(
        r##"<svg class="code" x="{x}" y="{y}" width="{CODE}" height="{CODE}" viewBox="0 0 {side} {side}" shape-rendering="crispEdges"><rect width="{side}" height="{side}" fill="#ffffff"/><path fill="#000000" d="{path}"/></svg>
"##
    )
}

fn paragraph(
    out: &mut String,
    lines: &[String],
    y: &mut i32,
    (size, pitch): (i32, i32),
    colour: &str,
    weight: &str,
) {
    for line in lines {
        text(out, line, (MARGIN, *y + size), size, colour, weight);
        *y += pitch;
    }
}

fn text(out: &mut String, text: &str, (x, y): (i32, i32), size: i32, colour: &str, weight: &str) {
    let text = escaped(text);
    // Writing to a string does not fail.
    let _ = writeln!(
        out,
        r#"<text x="{x}" y="{y}" font-size="{size}" font-weight="{weight}" fill="{colour}">{text}</text>"#
    );
}

#[cfg(test)]
mod tests;
