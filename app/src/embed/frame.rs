//! What the frame shows: the chart with its finding, the same as a table, source, state and links.

use std::rc::Rc;

use contract::{
    Status,
    snapshot::{Dataset, TOTAL},
    text::Language,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use super::{dom, height};
use crate::{
    components::{chart, marks, notice},
    figure::{self, Figure},
    finding::finding,
    messages::{Message, fill, text},
    protocol::Failure,
    published::Snapshot,
    site,
    state::{Selection, ViewState},
    words,
};

/// The narrowest and the widest chart, in pixels.
const WIDTHS: (f64, f64) = (280.0, 1200.0);

/// What the frame shows.
pub(super) struct Shown {
    pub(super) language: Language,
    pub(super) state: ViewState,
    pub(super) snapshot: Snapshot,
    pub(super) dataset: Dataset,
    pub(super) selection: Selection,
    /// What the address asks for and the snapshot does not hold, in words.
    pub(super) instead: Option<String>,
    pub(super) content: Content,
}

/// The middle of the frame.
pub(super) enum Content {
    /// A chart.
    Drawn(Figure),
    /// Why there is none.
    Withheld,
}

/// Language and theme of the page.
pub(super) fn dress(language: Language, state: &ViewState) {
    let Some(html) = site::html() else { return };
    let _ = html.set_attribute("lang", language.tag());
    if let Some(theme @ ("light" | "dark")) = state.get("theme") {
        let _ = html.set_attribute("data-theme", theme);
    }
}

/// Says that something is on its way.
pub(super) fn wait(language: Language) {
    let said = || {
        let body = dom::cleared()?;
        let note = dom::said(&body, "p", "note", text(language, Message::LoadingPage))?;
        note.set_attribute("role", "status").ok()
    };
    let _ = said();
}

/// Says what failed, and where to go instead.
pub(super) fn fail(failure: &Failure, language: Language, id: Option<&str>, state: &ViewState) {
    let (title, remedy, details) = notice::said(failure, language);
    let gone = matches!(failure, Failure::NoSnapshot { .. });
    let show = || {
        let body = dom::cleared()?;
        let main = dom::within(&body, "main", "")?;
        dom::said(&main, "h1", "", &title)?;
        let notice = dom::within(&main, "div", "state gone")?;
        notice.set_attribute("role", "alert").ok()?;
        if gone {
            dom::said(&notice, "p", "", text(language, Message::EmbedGone))?;
        } else {
            dom::said(&notice, "p", "", &remedy)?;
        }
        if let Some(details) = &details {
            dom::said(&notice, "code", "", details)?;
        }
        let links = dom::within(&main, "p", "links")?;
        let newest = state.with("snapshot", "");
        let (href, message) = match id {
            Some(id) if gone => (
                site::dataset(language, id, &newest),
                Message::SiteSnapshotNewer,
            ),
            _ => (site::home(language, &newest), Message::FailedToHome),
        };
        dom::link(&links, &href, text(language, message))
    };
    let _ = show();
}

/// Shows everything, and draws again when the frame's width changes.
pub(super) fn show(shown: Shown) {
    let shown = Rc::new(shown);
    let _ = page(&shown);
}

fn page(shown: &Rc<Shown>) -> Option<()> {
    let language = shown.language;
    let manifest = &shown.snapshot.manifest;
    let body = dom::cleared()?;
    if manifest.demonstration {
        let mark = dom::within(&body, "aside", "demonstration")?;
        let label = text(language, Message::SiteDemonstrationLabel);
        mark.set_attribute("aria-label", label).ok()?;
        dom::said(&mark, "p", "", text(language, Message::SiteDemonstration))?;
    }
    let main = dom::within(&body, "main", "")?;
    let title = figure::title(&shown.snapshot, &shown.selection, language);
    site::set_title(&title);
    // The page around has parts of its own.
    main.set_attribute("aria-label", &title).ok()?;
    dom::said(&main, "h1", "", &title)?;
    if let Some(said) = &shown.instead {
        dom::said(&main, "p", "state old", said)?;
    }
    match &shown.content {
        Content::Withheld => withheld(&main, shown)?,
        Content::Drawn(figure) => drawn(&main, shown, figure)?,
    }
    foot(&body, shown)
}

fn withheld(main: &Element, shown: &Shown) -> Option<()> {
    let (title, reason) = match shown.selection.status {
        Some(Status::Suppressed) => (Message::WithheldTitle, Message::WithheldReason),
        _ => (
            Message::WithheldNotCollectedTitle,
            Message::WithheldNotCollectedReason,
        ),
    };
    dom::said(main, "h2", "", text(shown.language, title))?;
    dom::said(main, "p", "", text(shown.language, reason)).map(drop)
}

fn drawn(main: &Element, shown: &Rc<Shown>, figure: &Figure) -> Option<()> {
    let language = shown.language;
    let found = finding(&shown.snapshot, &shown.selection, figure, language);
    dom::said(main, "p", "finding", &found)?;
    let drawing = dom::within(main, "div", "drawing")?;
    let readout = dom::within(main, "p", "readout")?;
    readout.set_attribute("role", "status").ok()?;
    draw(&drawing, shown);
    let (redrawn, again) = (drawing.clone(), shown.clone());
    let window = web_sys::window()?;
    let drawn_at = std::cell::Cell::new(width());
    dom::listen::<web_sys::Event>(&window, "resize", move |_| {
        if drawn_at.replace(width()) != width() {
            draw(&redrawn, &again);
            height::tell();
        }
    });
    // One line below the chart says what a pointer or the keyboard is at.
    for name in ["pointerover", "focusin", "click"] {
        let (shown, readout) = (shown.clone(), readout.clone());
        dom::listen::<web_sys::Event>(&drawing, name, move |event| {
            if let Some(said) = at(&shown, event.target()) {
                readout.set_text_content(Some(&said));
            }
        });
    }
    dom::listen::<KeyboardEvent>(&drawing, "keydown", |event| match event.key().as_str() {
        "ArrowRight" | "ArrowDown" => marks::step(&event, 1),
        "ArrowLeft" | "ArrowUp" => marks::step(&event, -1),
        _ => {}
    });
    if let Some(said) = figure::left_out(figure, language) {
        dom::said(main, "p", "note", &said)?;
    }
    twin(main, shown, figure)
}

/// What the mark under an event stands for.
fn at(shown: &Shown, target: Option<web_sys::EventTarget>) -> Option<String> {
    let Content::Drawn(figure) = &shown.content else {
        return None;
    };
    let element: Element = target?.dyn_into().ok()?;
    let mark = element.closest("[data-key]").ok()??;
    let series = mark.get_attribute("data-series");
    let row = chart::found(figure, &mark.get_attribute("data-key")?, series.as_deref())?;
    let Shown {
        snapshot,
        selection,
        language,
        ..
    } = shown;
    Some(chart::describe(snapshot, selection, row, *language))
}

/// The width of a chart in this frame, in steps, so that a dragged window does not draw at every pixel.
fn width() -> u32 {
    let window = web_sys::window().and_then(|window| window.inner_width().ok()?.as_f64());
    let room = window.unwrap_or(WIDTHS.1) - 32.0;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 280 and 1200"
    )]
    let width = room.clamp(WIDTHS.0, WIDTHS.1) as u32;
    width / 20 * 20
}

fn draw(drawing: &Element, shown: &Shown) {
    let Content::Drawn(figure) = &shown.content else {
        return;
    };
    let language = shown.language;
    let title = figure::title(&shown.snapshot, &shown.selection, language);
    let spec = figure::chart(figure, &shown.selection, &title, width(), language);
    match charts::draw(&spec) {
        // The chart's own markup, in which every text is escaped.
        Ok(svg) => drawing.set_inner_html(&marks::reachable(&svg)),
        Err(error) => drawing.set_text_content(Some(&error.to_string())),
    }
}

/// The same as a table.
fn twin(main: &Element, shown: &Shown, figure: &Figure) -> Option<()> {
    let (language, selection) = (shown.language, &shown.selection);
    let details = dom::within(main, "details", "")?;
    dom::said(&details, "summary", "", text(language, Message::DataTable))?;
    let scroll = dom::within(&details, "div", "scroll")?;
    for (name, value) in [
        ("tabindex", "0"),
        ("role", "group"),
        ("aria-label", text(language, Message::DataTable)),
    ] {
        scroll.set_attribute(name, value).ok()?;
    }
    let table = dom::within(&scroll, "table", "")?;
    let unit = words::unit_of(&selection.indicator, language);
    let by_class = selection.breakdown.id != TOTAL;
    let head = dom::within(&dom::within(&table, "thead", "")?, "tr", "")?;
    let mut columns = vec![
        text(language, Message::TablePlace).to_owned(),
        text(language, Message::TablePeriod).to_owned(),
    ];
    if by_class {
        columns.push(text(language, Message::TableClass).to_owned());
    }
    columns.push(fill(language, Message::TableValue, &[("unit", unit)]));
    for (at, column) in columns.iter().enumerate() {
        let class = if at + 1 == columns.len() {
            "number"
        } else {
            ""
        };
        dom::said(&head, "th", class, column)?
            .set_attribute("scope", "col")
            .ok()?;
    }
    let body = dom::within(&table, "tbody", "")?;
    for (_, row) in figure.series.iter().flat_map(|line| &line.points) {
        let line = dom::within(&body, "tr", "")?;
        let place = shown.snapshot.place_name(&row.place, language);
        dom::said(&line, "th", "", place)?
            .set_attribute("scope", "row")
            .ok()?;
        let period = charts::format::period(&row.period, language);
        dom::said(&line, "td", "", &period)?;
        if by_class {
            let class = figure::class_title(selection, &row.class, language);
            dom::said(&line, "td", "", &class)?;
        }
        let value = words::exact(row, selection.indicator.unit, &selection.parts, language);
        dom::said(&line, "td", "number", &value)?;
    }
    // The frame grows with the opened table.
    dom::listen::<web_sys::Event>(&details, "toggle", |_| height::tell());
    Some(())
}

/// Source, state of the snapshot, links to the page and to the data.
fn foot(body: &Element, shown: &Shown) -> Option<()> {
    let (language, snapshot) = (shown.language, &shown.snapshot);
    let manifest = &snapshot.manifest;
    let foot = dom::within(body, "footer", "")?;
    let label = text(language, Message::EmbedSource);
    foot.set_attribute("aria-label", label).ok()?;
    let pinned = shown.state.get("snapshot").is_some();
    let current = manifest.id == snapshot.newest;
    let (class, message) = match (pinned, current) {
        (false, _) => ("state", Message::EmbedLive),
        (true, true) => ("state", Message::EmbedPinned),
        (true, false) => ("state old", Message::EmbedSuperseded),
    };
    let until = charts::format::period(&manifest.reference.to_string(), language);
    let values = [
        ("id", manifest.id.as_str()),
        ("newest", &snapshot.newest),
        ("period", &until),
    ];
    let state = dom::said(&foot, "p", class, &fill(language, message, &values))?;
    if !current {
        state.append_with_str_1(" ").ok()?;
        let newest = site::dataset(
            language,
            &shown.dataset.id,
            &shown.state.with("snapshot", "").with("theme", ""),
        );
        dom::link(&state, &newest, text(language, Message::SiteSnapshotNewer))?;
    }
    let values = [
        ("publisher", manifest.publisher.get(language)),
        ("id", manifest.id.as_str()),
        ("dataset", shown.dataset.title.get(language)),
    ];
    let source = fill(language, Message::DataSources, &values);
    dom::said(&foot, "p", "source", &source)?;
    let links = dom::within(&foot, "p", "links")?;
    let page = site::dataset(language, &shown.dataset.id, &shown.state.with("theme", ""));
    dom::link(&links, &page, text(language, Message::EmbedPage))?;
    let path = &shown.selection.breakdown.path;
    let stem = path.strip_suffix(".parquet").unwrap_or(path);
    for (ending, form) in crate::components::downloads::FORMS {
        let path = format!("{stem}.{ending}");
        if manifest.file(&path).is_some() {
            dom::link(&links, &format!("{}{path}", snapshot.root), form)?;
        }
    }
    Some(())
}
