//! A plotters backend that writes SVG with classes instead of colours.
//!
//! plotters' own SVG backend writes colours and font names, and in the browser measures text by adding a
//! styled element to the page. This one writes what the next mark is for, and measures with [`measure`].

use std::{cell::RefCell, convert::Infallible, fmt::Write, rc::Rc};

use plotters::{coord::Shift, prelude::*};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingErrorKind,
    text_anchor::{HPos, Pos, VPos},
};

use crate::{ChartError, measure};

/// Size of labels in pixels.
pub(crate) const LABEL: i32 = 13;

type Refused = DrawingErrorKind<Infallible>;

#[derive(Default)]
struct Page {
    svg: String,
    /// Attributes of the next elements.
    mark: String,
}

struct Backend {
    page: Rc<RefCell<Page>>,
    size: (u32, u32),
}

impl Backend {
    fn write(&self, name: &str, attributes: &str, content: Option<&str>) {
        let mut page = self.page.borrow_mut();
        let Page { svg, mark } = &mut *page;
        // Writing to a string does not fail.
        let _ = match content {
            None => writeln!(svg, "<{name}{mark} {attributes}/>"),
            Some(text) => writeln!(svg, "<{name}{mark} {attributes}>{}</{name}>", escaped(text)),
        };
    }
}

fn points(path: impl IntoIterator<Item = BackendCoord>) -> String {
    let points: Vec<String> = path.into_iter().map(|(x, y)| format!("{x},{y}")).collect();
    points.join(" ")
}

impl DrawingBackend for Backend {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Result<(), Refused> {
        Ok(())
    }

    fn present(&mut self) -> Result<(), Refused> {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, _: BackendColor) -> Result<(), Refused> {
        self.write(
            "rect",
            &format!(r#"x="{x}" y="{y}" width="1" height="1""#),
            None,
        );
        Ok(())
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        (x1, y1): BackendCoord,
        (x2, y2): BackendCoord,
        _: &S,
    ) -> Result<(), Refused> {
        self.write(
            "line",
            &format!(r#"x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}""#),
            None,
        );
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        (x, y): BackendCoord,
        (right, bottom): BackendCoord,
        _: &S,
        _: bool,
    ) -> Result<(), Refused> {
        let (width, height) = ((right - x).max(0), (bottom - y).max(0));
        let shape = format!(r#"x="{x}" y="{y}" width="{width}" height="{height}""#);
        self.write("rect", &shape, None);
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        _: &S,
    ) -> Result<(), Refused> {
        self.write(
            "polyline",
            &format!(r#"fill="none" points="{}""#, points(path)),
            None,
        );
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        (x, y): BackendCoord,
        radius: u32,
        _: &S,
        _: bool,
    ) -> Result<(), Refused> {
        self.write(
            "circle",
            &format!(r#"cx="{x}" cy="{y}" r="{radius}""#),
            None,
        );
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        _: &S,
    ) -> Result<(), Refused> {
        self.write("polygon", &format!(r#"points="{}""#, points(corners)), None);
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        (x, y): BackendCoord,
    ) -> Result<(), Refused> {
        let anchor = match style.anchor().h_pos {
            HPos::Left => "start",
            HPos::Center => "middle",
            HPos::Right => "end",
        };
        let down = match style.anchor().v_pos {
            VPos::Top => "0.8em",
            VPos::Center => "0.35em",
            VPos::Bottom => "-0.2em",
        };
        let size = style.size();
        let place =
            format!(r#"x="{x}" y="{y}" dy="{down}" text-anchor="{anchor}" font-size="{size}""#);
        self.write("text", &place, Some(text));
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), Refused> {
        let width = measure::width(text, style.size()).unsigned_abs();
        Ok((width, LABEL.unsigned_abs()))
    }
}

/// Text for the content and the attributes of XML and HTML; characters that XML forbids are dropped.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\n' | '\t' | '\r' => safe.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => safe.push(c),
        }
    }
    safe
}

/// The attributes of a mark: a class, and data for tooltips and tests.
pub(crate) struct Mark(String);

impl Mark {
    pub(crate) fn class(class: &str) -> Self {
        Self(format!(r#" class="{class}""#))
    }

    /// A label of an axis: marks say their values themselves, and loose numbers would only be in the way.
    pub(crate) fn tick() -> Self {
        Self::class("tick").with("aria-hidden", "true")
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        let _ = write!(self.0, r#" {name}="{}""#, escaped(value));
        self
    }
}

/// A sheet to draw on, in pixels.
pub(crate) struct Canvas {
    area: DrawingArea<Backend, Shift>,
    page: Rc<RefCell<Page>>,
}

impl Canvas {
    pub(crate) fn new(width: u32, height: u32) -> Self {
        let page = Rc::<RefCell<Page>>::default();
        let backend = Backend {
            page: page.clone(),
            size: (width, height),
        };
        Self {
            area: backend.into_drawing_area(),
            page,
        }
    }

    fn set(&self, mark: Mark) {
        self.page.borrow_mut().mark = mark.0;
    }

    pub(crate) fn line(&self, mark: Mark, path: Vec<(i32, i32)>) -> Result<(), ChartError> {
        self.set(mark);
        self.area
            .draw(&PathElement::new(path, BLACK))
            .map_err(fault)
    }

    pub(crate) fn rect(&self, mark: Mark, corners: [(i32, i32); 2]) -> Result<(), ChartError> {
        self.set(mark);
        self.area
            .draw(&Rectangle::new(corners, BLACK.filled()))
            .map_err(fault)
    }

    pub(crate) fn polygon(&self, mark: Mark, corners: Vec<(i32, i32)>) -> Result<(), ChartError> {
        self.set(mark);
        self.area.draw(&Polygon::new(corners, BLACK)).map_err(fault)
    }

    pub(crate) fn circle(&self, mark: Mark, at: (i32, i32), radius: i32) -> Result<(), ChartError> {
        self.set(mark);
        self.area
            .draw(&Circle::new(at, radius, BLACK.filled()))
            .map_err(fault)
    }

    pub(crate) fn text(
        &self,
        mark: Mark,
        text: &str,
        at: (i32, i32),
        anchor: (HPos, VPos),
    ) -> Result<(), ChartError> {
        self.set(mark);
        let style =
            TextStyle::from(("sans-serif", LABEL).into_font()).pos(Pos::new(anchor.0, anchor.1));
        self.area
            .draw(&Text::new(text.to_owned(), at, style))
            .map_err(fault)
    }

    /// What has been drawn.
    pub(crate) fn finish(self) -> String {
        std::mem::take(&mut self.page.borrow_mut().svg)
    }
}

fn fault(error: impl std::fmt::Display) -> ChartError {
    ChartError::Drawing(error.to_string())
}
