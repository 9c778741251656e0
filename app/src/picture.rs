//! A view as a picture: the chart with its finding, source, snapshot, day, and a code to the pinned view.

use charts::{Modules, Picture, Shape, format, picture};
use contract::{snapshot::Dataset, text::Language};
use qrcodegen::{QrCode, QrCodeEcc, QrSegment};

use crate::{
    figure::{self, Figure, title},
    finding::finding,
    messages::{Message, fill, text},
    published::Snapshot,
    site,
    state::{Selection, ViewState},
};

/// What is shown, and in which state of the address.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The language.
    pub language: Language,
    /// The snapshot.
    pub snapshot: &'a Snapshot,
    /// The dataset.
    pub dataset: &'a Dataset,
    /// The selection.
    pub selection: &'a Selection,
    /// What is drawn.
    pub figure: &'a Figure,
    /// The state of the view.
    pub state: &'a ViewState,
}

impl Subject<'_> {
    /// The chart's name.
    pub fn title(&self) -> String {
        title(self.snapshot, self.selection, self.language)
    }

    /// The finding.
    pub fn finding(&self) -> String {
        finding(self.snapshot, self.selection, self.figure, self.language)
    }

    /// The whole address of the view, pinned to its snapshot.
    pub fn address(&self) -> String {
        let state = self.state.embedded();
        let state = self.selection.pinned(&state, &self.snapshot.manifest.id);
        site::absolute(&site::dataset(self.language, &self.dataset.id, &state))
    }

    /// Source and snapshot, how far the data reach and when this was drawn (`YYYY-MM-DD`), the address.
    pub fn lines(&self, today: &str) -> Vec<String> {
        let manifest = &self.snapshot.manifest;
        let until = format::period(&manifest.reference.to_string(), self.language);
        let said = |message, values: &[(&str, &str)]| fill(self.language, message, values);
        vec![
            said(
                Message::DataSources,
                &[
                    ("publisher", manifest.publisher.get(self.language)),
                    ("id", &manifest.id),
                    ("dataset", self.dataset.title.get(self.language)),
                ],
            ),
            said(
                Message::PictureDrawn,
                &[("period", &until), ("date", today)],
            ),
            self.address(),
        ]
    }

    /// The words that a demonstration must carry.
    pub fn mark(&self) -> Option<&'static str> {
        let demonstration = self.snapshot.manifest.demonstration;
        demonstration.then(|| text(self.language, Message::SiteDemonstration))
    }

    /// The picture as SVG.
    pub fn draw(&self, shape: Shape, today: &str) -> Result<String, String> {
        let (title, finding) = (self.title(), self.finding());
        let (spec, left_out) =
            figure::pictured(self.figure, self.selection, &title, 880, self.language);
        let lines: Vec<String> = left_out.into_iter().chain(self.lines(today)).collect();
        let code = modules(&self.address());
        let about = Picture {
            title: &title,
            finding: &finding,
            mark: self.mark(),
            lines: &lines,
            code: code.as_ref(),
            shape,
        };
        picture::picture(&spec, &about).map_err(|error| error.to_string())
    }

    /// The name of a file of the view, without its ending.
    pub fn stem(&self) -> String {
        stem(self.snapshot, self.dataset, self.selection, self.language)
    }
}

/// The name of a file of a view, without its ending: what it is of, where, from which snapshot. Where no places are
/// chosen, their level stands for them.
pub fn stem(
    snapshot: &Snapshot,
    dataset: &Dataset,
    selection: &Selection,
    language: Language,
) -> String {
    let mut parts = vec![dataset.id.clone(), selection.indicator.id.clone()];
    for code in &selection.places {
        parts.push(snapshot.place_name(code, language).to_owned());
    }
    if selection.places.is_empty() {
        parts.push(selection.level.name().to_owned());
    }
    parts.push(snapshot.manifest.id.clone());
    file_name(&parts)
}

/// A name for a file. Names of places may hold what names of files should not.
pub fn file_name(parts: &[String]) -> String {
    parts.join("-").replace(
        |it: char| it.is_ascii() && !it.is_ascii_alphanumeric() && !"-_".contains(it),
        "-",
    )
}

/// The QR code of a text; none when the text is too long for one.
pub fn modules(text: &str) -> Option<Modules> {
    // Addresses are bytes: the denser alphabets of a code hold no small letters.
    let bytes = [QrSegment::make_bytes(text.as_bytes())];
    let code = QrCode::encode_segments(&bytes, QrCodeEcc::Medium).ok()?;
    let side = usize::try_from(code.size()).ok()?;
    let along = 0..code.size();
    let dark = along
        .clone()
        .flat_map(|y| along.clone().map(move |x| (x, y)));
    Some(Modules {
        side,
        dark: dark.map(|(x, y)| code.get_module(x, y)).collect(),
    })
}

/// The reader's day.
pub fn today() -> String {
    let today = js_sys::Date::new_0();
    let (year, month) = (today.get_full_year(), today.get_month() + 1);
    format!("{year:04}-{month:02}-{:02}", today.get_date())
}
