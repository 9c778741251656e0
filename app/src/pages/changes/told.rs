//! The differences of two snapshots in words: what differs, and why.

use charts::format;
use contract::snapshot::Manifest;
use leptos::prelude::*;

use super::Difference;
use crate::{
    changes::{Change, Changed, Changes, IndicatorChange, Values},
    components::reasons::{no_reason, reasons, side_by_side},
    finding::grouped,
    messages::{Message, fill},
    pages::layout::Opened,
    rows::Row,
};

/// Revised values listed.
const MOST: usize = 50;

/// What differs, by dataset.
pub(super) fn told(opened: &Opened, difference: &Difference) -> AnyView {
    if difference.changes.is_empty() {
        return view! { <p role="status">{opened.word(Message::ChangesNothing)}</p> }.into_any();
    }
    let sections = difference.changes.iter().zip(&difference.values);
    let sections: Vec<AnyView> = sections
        .map(|(changed, values)| section(opened, difference, changed, values.as_ref()))
        .collect();
    sections.into_any()
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
    let values = values.map(|values| revised(opened, &difference.after, &changed.id, values));
    view! {
        <section class="panel changes" aria-labelledby=id.clone()>
            <h2 id=id.clone()>{changed.title.get(language).to_owned()}</h2>
            {why}
            {differs}
            {values}
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
    let count = |count: u64| grouped(count.cast_signed());
    match change {
        Change::DatasetAdded => fill(Message::ChangesDatasetAdded, &[]),
        Change::DatasetWithdrawn => fill(Message::ChangesDatasetWithdrawn, &[]),
        Change::Rows { before, after } => fill(
            Message::ChangesRows,
            &[("before", &count(*before)), ("after", &count(*after))],
        ),
        Change::Tables {
            published,
            withheld,
        } => fill(
            Message::ChangesTables,
            &[
                ("published", &published.to_string()),
                ("withheld", &withheld.to_string()),
            ],
        ),
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

fn revised(opened: &Opened, manifest: &Manifest, dataset: &str, values: &Values) -> AnyView {
    let language = opened.language;
    let said = fill(
        language,
        Message::ChangesValues,
        &[
            ("revised", &values.revised.len().to_string()),
            ("added", &values.added.to_string()),
            ("withdrawn", &values.withdrawn.to_string()),
        ],
    );
    let line = |(before, after): &(Row, Row)| {
        let dataset = manifest.dataset(dataset)?;
        let indicator = dataset
            .indicators
            .iter()
            .find(|it| it.id == after.indicator)?;
        let write = |row: &Row| {
            let value = row.value.unwrap_or_default();
            format::exact(value, indicator.unit, language)
        };
        let place = opened
            .snapshot
            .place_name(&after.place, language)
            .to_owned();
        Some(view! {
            <tr>
                <th scope="row">{indicator.title.get(language).to_owned()}</th>
                <td>{place}</td>
                <td>{format::period(&after.period, language)}</td>
                <td class="number">{write(before)}</td>
                <td class="number">{write(after)}</td>
            </tr>
        })
    };
    let lines: Vec<_> = values.revised.iter().take(MOST).filter_map(line).collect();
    let head = |message, class: &'static str| {
        view! { <th scope="col" class=class>{opened.word(message)}</th> }
    };
    let id = format!("revised-{dataset}");
    let table = (!lines.is_empty()).then(|| {
        let most = MOST.to_string();
        let caption = fill(language, Message::ChangesValuesCaption, &[("most", &most)]);
        view! {
            <div class="scroll" tabindex="0" role="group" aria-labelledby=id.clone()>
                <table>
                    <caption id=id.clone()>{caption}</caption>
                    <thead>
                        <tr>
                            {head(Message::DataIndicator, "")} {head(Message::TablePlace, "")}
                            {head(Message::TablePeriod, "")}
                            {head(Message::ChangesBefore, "number")}
                            {head(Message::ChangesAfter, "number")}
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
        }
    });
    view! { <p>{said}</p> {table} }.into_any()
}
