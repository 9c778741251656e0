//! The differences of two snapshots in words: what differs, and why.

mod values;

use contract::{Localised, snapshot::Manifest, text::Language};
use leptos::prelude::*;

use super::Difference;
use crate::{
    changes::{Change, Changed, Changes, IndicatorChange, Kind, Values},
    components::reasons::{no_reason, reasons, side_by_side},
    finding::grouped,
    messages::{Message, fill, text},
    pages::layout::Opened,
    site::{self, Page},
    state::ViewState,
    words,
};

/// How many datasets differ, of all or of the one that is asked for.
pub(super) fn summary(language: Language, difference: &Difference, only: Option<&str>) -> String {
    let changes = difference.changes.iter();
    match changes.filter(|it| is_asked(it, only)).count() {
        0 if only.is_none() => text(language, Message::ChangesNothing).to_owned(),
        count => fill(
            language,
            Message::ChangesCount,
            &[("count", &count.to_string())],
        ),
    }
}

fn is_asked(changed: &Changes, only: Option<&str>) -> bool {
    only.is_none_or(|only| changed.id == only)
}

/// What differs, by dataset; of one dataset alone, where one is asked for.
pub(super) fn told(opened: &Opened, difference: &Difference, only: Option<&str>) -> AnyView {
    let sections = difference.changes.iter().zip(&difference.values);
    let sections: Vec<AnyView> = sections
        .filter(|(changed, _)| is_asked(changed, only))
        .map(|(changed, values)| section(opened, difference, changed, values.as_ref()))
        .collect();
    sections.into_any()
}

/// The state of an address that shows a snapshot, which is only named where another one is open.
fn of_snapshot(opened: &Opened, manifest: &Manifest) -> ViewState {
    let state = opened.frame.state.get_untracked().lasting();
    match manifest.id == opened.snapshot.newest {
        true => state.with("snapshot", ""),
        false => state.with("snapshot", &manifest.id),
    }
}

/// One dataset: what differs and why, then its indicators one by one, then its values.
fn section(
    opened: &Opened,
    difference: &Difference,
    changed: &Changes,
    values: Option<&Values>,
) -> AnyView {
    let language = opened.language;
    let id = format!("changes-{}", changed.id);
    let why = match changed.is_unexplained() {
        true => no_reason(language),
        false => reasons(&changed.reasons, language),
    };
    let whole = changed.changes.iter();
    let whole: Vec<_> = whole
        .map(|change| view! { <li>{said(change, opened)}</li> })
        .collect();
    let parts = changed.indicators.iter();
    let parts: Vec<_> = parts
        .map(|it| part(opened, difference, changed, it))
        .collect();
    let is_told = !(changed.changes.is_empty() && changed.indicators.is_empty());
    let differs = is_told.then(|| view! { <ul class="bullets">{whole} {parts}</ul> });
    let silent = values.map_or_else(Vec::new, |values| changed.silent(values));
    let silent = (!silent.is_empty()).then(|| {
        let indicators = difference.after.dataset(&changed.id).into_iter();
        let indicators = indicators.flat_map(|it| &it.indicators);
        let titles: Vec<&str> = indicators
            .filter(|it| silent.contains(&it.id.as_str()))
            .map(|it| it.title.get(language))
            .collect();
        let titles = titles.join(opened.word(Message::ReasonsBetween));
        view! {
            <p class="note">{fill(language, Message::ReasonsSilent, &[("titles", &titles)])}</p>
        }
    });
    let hides =
        |change: &Change| matches!(change, Change::Tables { withheld, .. } if !withheld.is_empty());
    let hidden = changed.changes.iter().any(hides)
        || values.is_some_and(|it| it.of(Kind::Withheld).next().is_some());
    let why_hidden = hidden.then(|| {
        let state = of_snapshot(opened, &difference.after);
        let href = site::href(language, &Page::Protection, &state);
        view! { <p><a href=href>{opened.word(Message::ChangesWhyWithheld)}</a></p> }
    });
    let values = values.map(|values| values::told(opened, difference, &changed.id, values));
    view! {
        <section class="panel changes" aria-labelledby=id.clone()>
            <h2 id=id.clone()>{changed.title.get(language).to_owned()}</h2>
            {why}
            {differs}
            {values}
            {why_hidden}
            {silent}
        </section>
    }
    .into_any()
}

/// One indicator: what differs, its definition before and now, and why.
fn part(opened: &Opened, difference: &Difference, of: &Changes, changed: &Changed) -> AnyView {
    let language = opened.language;
    let title = changed.title.get(language);
    let mut told: Vec<String> = changed
        .changes
        .iter()
        .map(|change| said_of(change, title, opened))
        .collect();
    if told.is_empty() {
        told.push(title.to_owned());
    }
    let told: Vec<_> = told.into_iter().map(|it| view! { <p>{it}</p> }).collect();
    let why = match of.leaves_open(&changed.id) {
        true => no_reason(language),
        false => reasons(&changed.reasons, language),
    };
    let definitions = changed.definitions.as_deref().map(|(was, now)| {
        let ids = (&*difference.before.id, &*difference.after.id);
        side_by_side(&of.id, was, now, ids, language)
    });
    view! { <li>{told} {why} {definitions}</li> }.into_any()
}

fn said(change: &Change, opened: &Opened) -> String {
    let language = opened.language;
    let fill = |message, values: &[(&str, &str)]| fill(language, message, values);
    let count = |count: u64| grouped(count.cast_signed(), language);
    match change {
        Change::DatasetAdded => fill(Message::ChangesDatasetAdded, &[]),
        Change::DatasetWithdrawn => fill(Message::ChangesDatasetWithdrawn, &[]),
        Change::Rows { before, after } => fill(
            Message::ChangesRows,
            &[("before", &count(*before)), ("after", &count(*after))],
        ),
        Change::Tables {
            breakdown,
            level,
            granularity,
            published,
            withheld,
        } => {
            let said = |message, titles: &[Localised]| {
                let all: Vec<&str> = titles.iter().map(|it| it.get(language)).collect();
                let values = [
                    ("breakdown", breakdown.get(language)),
                    ("level", opened.word(words::level(*level))),
                    ("length", opened.word(words::granularity(*granularity))),
                    ("count", &all.len().to_string()),
                    ("titles", &all.join(opened.word(Message::ReasonsBetween))),
                ];
                (!all.is_empty()).then(|| fill(message, &values))
            };
            let newly = said(Message::ChangesTablesPublished, published);
            let no_longer = said(Message::ChangesTablesWithheld, withheld);
            let both: Vec<String> = newly.into_iter().chain(no_longer).collect();
            both.join(" ")
        }
        Change::File {
            breakdown,
            before,
            after,
        } => fill(
            Message::ChangesFile,
            &[
                ("title", breakdown.get(language)),
                ("before", &count(*before)),
                ("after", &count(*after)),
            ],
        ),
    }
}

fn said_of(change: &IndicatorChange, title: &str, opened: &Opened) -> String {
    let language = opened.language;
    let of = |message| fill(language, message, &[("title", title)]);
    match change {
        IndicatorChange::Added => of(Message::ChangesIndicatorAdded),
        IndicatorChange::Withdrawn => of(Message::ChangesIndicatorWithdrawn),
        IndicatorChange::Method {
            before,
            after,
            note,
        } => fill(
            language,
            Message::ChangesMethod,
            &[
                ("title", title),
                ("before", &before.to_string()),
                ("after", &after.to_string()),
                ("note", note.get(language)),
            ],
        ),
        IndicatorChange::Definition => of(Message::ChangesDefinition),
        IndicatorChange::Target => of(Message::ChangesTarget),
    }
}
