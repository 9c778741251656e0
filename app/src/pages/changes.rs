//! What differs between any two snapshots.

use std::sync::Arc;

use charts::format;
use contract::{
    notes::Note,
    snapshot::{Manifest, TOTAL},
};
use leptos::prelude::*;

use crate::{
    changes::{self, Change, Changed, Changes, IndicatorChange, Values},
    client,
    components::{
        crumbs::crumbs,
        notice::{Failed, Loading},
        reasons::{no_reason, reasons, side_by_side},
    },
    finding::grouped,
    later::later,
    messages::{Message, fill},
    pages::layout::Opened,
    protocol::Failure,
    published::{self, Snapshot},
    router::Router,
    rows::{self, Row},
    site::{self, Page},
};

/// Revised values listed.
const MOST: usize = 50;

/// The page.
pub fn page(opened: Opened) -> AnyView {
    let title = opened.word(Message::NavChanges);
    opened.title(title);
    let releases = &opened.snapshot.releases;
    let body = match releases.as_slice() {
        [] | [_] => {
            let id = &opened.snapshot.manifest.id;
            let said = fill(opened.language, Message::ChangesOnly, &[("id", id)]);
            view! { <p class="panel" role="status">{said}</p> }.into_any()
        }
        _ => compare(&opened),
    };
    let history = releases.iter().rev().map(|release| {
        let state = opened.frame.state.get_untracked().lasting();
        let state = state.with("snapshot", &release.snapshot);
        let href = site::href(opened.language, &Page::Home, &state);
        view! { <li><a href=href>{release.snapshot.clone()}</a></li> }
    });
    view! {
        {crumbs(&opened, &[], title)}
        <h1>{title}</h1>
        <p class="lead">{opened.word(Message::ChangesLead)}</p>
        {body}
        <p class="note">{opened.word(Message::ChangesLinks)}</p>
        <ul class="columns">{history.collect_view()}</ul>
    }
    .into_any()
}

/// The differences of two manifests, and of the values of each dataset.
#[derive(Clone, Debug, PartialEq)]
struct Difference {
    changes: Vec<Changes>,
    values: Vec<Option<Values>>,
    before: Manifest,
    after: Manifest,
}

fn compare(opened: &Opened) -> AnyView {
    let (snapshot, state) = (opened.snapshot.clone(), opened.frame.state);
    let pair = Memo::new(move |_| {
        let releases = &snapshot.releases;
        let position = |name: &str| {
            let id = state.with(|state| state.get(name).map(str::to_owned))?;
            releases.iter().position(|release| release.snapshot == id)
        };
        let here = releases
            .iter()
            .position(|release| release.snapshot == snapshot.manifest.id);
        // The first snapshot has none before it: it is compared with the next.
        let to = position("to").or(here).unwrap_or(0).max(1);
        let to = to.min(releases.len() - 1);
        let from = position("from").unwrap_or(to - 1);
        (from, to)
    });
    let difference = {
        let snapshot = opened.snapshot.clone();
        later(move || {
            let (snapshot, (from, to)) = (snapshot.clone(), pair.get());
            Box::pin(async move { read(&snapshot, from, to).await.map(Arc::new) })
        })
    };
    let choice = |name: &'static str, label: Message| {
        let router = expect_context::<Router>();
        let opened = opened.clone();
        let current = move || {
            let (from, to) = pair.get();
            if name == "from" { from } else { to }
        };
        let options = opened.snapshot.releases.iter().enumerate();
        let options = options.map(|(at, release)| {
            view! {
                <option value=release.snapshot.clone() selected=move || current() == at>
                    {release.snapshot.clone()}
                </option>
            }
        });
        let options = options.collect_view();
        let language = opened.language;
        let said = opened.word(label);
        let changed = move |event| {
            let state = state
                .get_untracked()
                .with(name, &event_target_value(&event));
            router.go(&site::href(language, &Page::Changes, &state));
        };
        view! { <label><span>{said}</span><select name=name on:change=changed>{options}</select></label> }
    };
    let (from, to) = (
        choice("from", Message::ChangesFrom),
        choice("to", Message::ChangesTo),
    );
    let opened = opened.clone();
    view! {
        <section class="choose">{from} {to}</section>
        <div aria-live="polite">
            {move || match difference.get() {
                _ if pair.get().0 == pair.get().1 => {
                    view! { <p role="status">{opened.word(Message::ChangesSame)}</p> }.into_any()
                }
                None => view! { <Loading what=Message::LoadingTable /> }.into_any(),
                Some(Err(failure)) => view! { <Failed failure /> }.into_any(),
                Some(Ok(difference)) => told(&opened, &difference),
            }}
        </div>
    }
    .into_any()
}

/// Reads what two snapshots say, and their values by year without breakdown.
async fn read(snapshot: &Snapshot, from: usize, to: usize) -> Result<Difference, Failure> {
    let releases = &snapshot.releases;
    let pair = releases.get(from).zip(releases.get(to));
    let (older, newer) = pair.ok_or(Failure::Empty)?;
    let before = published::manifest(&snapshot.root, older).await?;
    let after = published::manifest(&snapshot.root, newer).await?;
    // A later snapshot may say more about an earlier one, never less: the latest at hand is asked.
    let place = |it: &&Manifest| releases.iter().position(|r| r.snapshot == it.id);
    let latest = [&before, &after, &snapshot.manifest]
        .into_iter()
        .max_by_key(place);
    let notes = latest.map_or(&[] as &[Note], |it| &it.notes);
    let notes = changes::notes_between(releases, from, to, notes);
    let changes = changes::between(&before, &after, &notes);
    let mut values = Vec::new();
    for changed in &changes {
        let path = |manifest: &Manifest| {
            let dataset = manifest.dataset(&changed.id)?;
            let total = dataset.breakdowns.iter().find(|it| it.id == TOTAL)?;
            Some(total.path.clone())
        };
        values.push(match (path(&before), path(&after)) {
            (Some(old), Some(new)) if old != new => {
                let old = years(snapshot, &before, &old).await?;
                let new = years(snapshot, &after, &new).await?;
                Some(changes::values(&old, &new))
            }
            _ => None,
        });
    }
    Ok(Difference {
        changes,
        values,
        before,
        after,
    })
}

async fn years(snapshot: &Snapshot, manifest: &Manifest, path: &str) -> Result<Vec<Row>, Failure> {
    let of = Snapshot {
        manifest: manifest.clone(),
        ..snapshot.clone()
    };
    let table = client::read(&of, path, rows::query_of_years()).await?;
    Ok(rows::rows(&table))
}

fn told(opened: &Opened, difference: &Difference) -> AnyView {
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
            <ul class="bullets">{whole} {parts}</ul>
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
