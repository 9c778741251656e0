//! What differs between any two snapshots.

mod told;

use std::sync::Arc;

use contract::{
    notes::Note,
    snapshot::{Manifest, TOTAL},
};
use leptos::prelude::*;
use query::Query;

use crate::{
    changes::{self, Changes, Values},
    client,
    components::{
        crumbs::crumbs,
        notice::{Failed, Loading},
    },
    later::later,
    messages::{Message, fill, text},
    pages::layout::Opened,
    protocol::Failure,
    published::{self, Snapshot},
    router::Router,
    rows::{self, Row},
    site::{self, Page},
    state::ViewState,
};

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
        let state = ViewState::default().with("snapshot", &release.snapshot);
        let href = opened.href_of(&Page::Home, &state);
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
    let dataset = Memo::new(move |_| state.with(|it| it.get("dataset").map(str::to_owned)));
    let opened = opened.clone();
    let only = only(&opened, dataset);
    let language = opened.language;
    let same = move || {
        let (from, to) = pair.get();
        from == to
    };
    view! {
        <section class="choose"><div class="choices">{from} {to} {only}</div></section>
        <p class="note">{opened.word(Message::ChangesScope)}</p>
        // Stands before it is filled, so that it is read out.
        <p role="status">
            {move || match difference.get() {
                _ if same() => text(language, Message::ChangesSame).to_owned(),
                Some(Ok(difference)) => {
                    told::summary(language, &difference, dataset.get().as_deref())
                }
                _ => String::new(),
            }}
        </p>
        {move || match difference.get() {
            _ if same() => ().into_any(),
            None => view! { <Loading what=Message::LoadingTable /> }.into_any(),
            Some(Err(failure)) => view! { <Failed failure /> }.into_any(),
            Some(Ok(difference)) => told::told(&opened, &difference, dataset.get().as_deref()),
        }}
    }
    .into_any()
}

/// Chooses one dataset, or all.
fn only(opened: &Opened, chosen: Memo<Option<String>>) -> AnyView {
    let (language, state) = (opened.language, opened.frame.state);
    let router = expect_context::<Router>();
    let options = opened.snapshot.manifest.datasets.iter().map(|dataset| {
        let id = dataset.id.clone();
        let selected = move || chosen.with(|chosen| chosen.as_ref() == Some(&id));
        let title = dataset.title.get(language).to_owned();
        view! { <option value=dataset.id.clone() selected=selected>{title}</option> }
    });
    let options = options.collect_view();
    let changed = move |event| {
        let state = state.get_untracked();
        let state = state.with("dataset", &event_target_value(&event));
        router.go(&site::href(language, &Page::Changes, &state));
    };
    view! {
        <label>
            <span>{opened.word(Message::SearchDataset)}</span>
            <select name="dataset" on:change=changed>
                <option value="">{opened.word(Message::ChangesEveryDataset)}</option>
                {options}
            </select>
        </label>
    }
    .into_any()
}

/// Reads what two snapshots say, and their values without breakdown.
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
                let old = all(snapshot, &before, &old).await?;
                let new = all(snapshot, &after, &new).await?;
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

/// Every row of a table, whatever its level of place and length of period.
async fn all(snapshot: &Snapshot, manifest: &Manifest, path: &str) -> Result<Vec<Row>, Failure> {
    let of = Snapshot {
        manifest: manifest.clone(),
        ..snapshot.clone()
    };
    // All columns: earlier snapshots may not have every one.
    let query = Query {
        columns: Vec::new(),
        filters: Vec::new(),
        limit: None,
    };
    Ok(rows::rows(&client::read(&of, path, query).await?))
}
