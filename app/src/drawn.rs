//! What the page's file shows before the program does: the static first view, taken over while the program reads.

use leptos::prelude::document;
use web_sys::Element;

use crate::site;

/// The parts of a static first view, as the page's file holds them: drawn when the snapshot was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    snapshot: String,
    /// The finding, as text.
    pub finding: Option<String>,
    /// The chart for every width, as markup.
    pub chart: Option<String>,
    /// The cards of the headlines, as markup.
    pub cards: Option<String>,
}

impl Drawn {
    /// What stands in the page; none where its file has no first view, or the address asks for another one.
    pub fn here() -> Option<Self> {
        if site::html().is_some_and(|html| html.has_attribute("data-view")) {
            return None;
        }
        let drawn = document().get_element_by_id("drawn")?;
        let part = |selector: &str| drawn.query_selector(selector).ok().flatten();
        let markup = |selector: &str| part(selector).map(|part: Element| part.inner_html());
        Some(Self {
            snapshot: drawn.get_attribute("data-snapshot")?,
            finding: part(".finding").and_then(|part| part.text_content()),
            chart: markup(".drawing"),
            cards: markup(".cards"),
        })
    }

    /// Whether it shows this snapshot.
    pub fn is_of(&self, snapshot: &str) -> bool {
        self.snapshot == snapshot
    }
}
