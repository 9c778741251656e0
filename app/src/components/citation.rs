//! How to cite what a page shows.

use charts::format;
use contract::text::Language;
use leptos::prelude::*;

use crate::{
    cite::{self, Work},
    components::{copy::Copied, folded::folded},
    messages::{Message, fill, text},
    pages::layout::Opened,
    site::{self, Page},
    state::ViewState,
};

/// What a citation of a view names.
pub fn work(opened: &Opened, title: &str, page: &Page, state: &ViewState) -> Work {
    let (language, manifest) = (opened.language, &opened.snapshot.manifest);
    let pinned = state.with("snapshot", &manifest.id);
    let pinned = pinned.with("theme", "").with("basket", "");
    let of = match page {
        Page::Dataset(id) => [Some(id.as_str()), state.get("indicator")],
        _ => [state.get("dataset"), state.get("measure")],
    };
    let mut title = title.to_owned();
    if manifest.demonstration {
        let mark = text(language, Message::SiteDemonstrationLabel);
        title = language.aside(&title, mark);
    }
    let today = js_sys::Date::new_0();
    Work {
        language,
        publisher: manifest.publisher.get(language).to_owned(),
        title,
        date: cite::day(&manifest.id).unwrap_or_else(|| manifest.reference.year().to_string()),
        snapshot: manifest.id.clone(),
        of: of.into_iter().flatten().map(str::to_owned).collect(),
        url: site::absolute(&site::href(language, page, &pinned)),
        accessed: format!(
            "{:04}-{:02}-{:02}",
            today.get_full_year(),
            today.get_month() + 1,
            today.get_date()
        ),
    }
}

/// The heading over a fold that the annex fills with the three styles.
pub fn folded_citation(language: Language) -> AnyView {
    view! {
        <section class="cite" aria-labelledby="cite">
            <h2 id="cite">{text(language, Message::CiteTitle)}</h2>
            {folded("code", text(language, Message::CiteStyles), "cite")}
        </section>
    }
    .into_any()
}

/// The three styles, pinned to the snapshot, under their heading.
pub fn citation(opened: &Opened, title: &str, page: &Page, state: &ViewState) -> AnyView {
    view! {
        <section class="cite" aria-labelledby="cite">
            <h2 id="cite">{opened.word(Message::CiteTitle)}</h2>
            {styles(opened, title, page, state)}
        </section>
    }
    .into_any()
}

/// The three styles, pinned to the snapshot.
pub fn styles(opened: &Opened, title: &str, page: &Page, state: &ViewState) -> AnyView {
    let (language, manifest) = (opened.language, &opened.snapshot.manifest);
    let work = work(opened, title, page, state);
    let until = format::period(&manifest.reference.to_string(), language);
    let styles = [
        ("GB/T 7714", cite::gb_t_7714(&work)),
        ("APA", cite::apa(&work)),
        ("BibTeX", cite::bibtex(&work)),
    ];
    let styles = styles.map(|(label, content)| {
        view! { <Copied label=label.to_owned() content language /> }
    });
    view! {
        <p class="note">
            {fill(language, Message::CiteNote, &[("id", &manifest.id), ("period", &until)])}
        </p>
        {styles.collect_view()}
    }
    .into_any()
}
