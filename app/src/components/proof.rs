//! The proof that what is withheld cannot be worked out, checked where it is read.

use contract::{
    snapshot::Dataset,
    witnesses::{WITNESS_FORMAT, WitnessFile},
};
use leptos::prelude::*;
use query::Query;

use crate::{
    client,
    components::notice::said as said_of,
    fetch::{self, Freshness},
    finding::grouped,
    messages::{Message, fill},
    pages::layout::Opened,
    proof::{self, Checked, Counts},
    protocol::Failure,
    published::{self, Snapshot},
    rows,
};

/// Offers to check the proofs of a snapshot; nothing where it carries none.
pub fn proofs(opened: &Opened) -> AnyView {
    let datasets = &opened.snapshot.manifest.datasets;
    let offers: Vec<AnyView> = datasets
        .iter()
        .filter_map(|dataset| Some(offer(opened, dataset, dataset.witnesses.as_ref()?)))
        .collect();
    if offers.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="panel" aria-labelledby="proof">
            <h2 id="proof">{opened.word(Message::ProtectionCheckTitle)}</h2>
            {offers}
        </section>
    }
    .into_any()
}

/// How far the check of one proof is.
#[derive(Clone)]
enum State {
    Idle,
    Busy,
    Done(Result<(u64, Checked), Failure>),
    Wrong(String),
}

fn offer(opened: &Opened, dataset: &Dataset, path: &str) -> AnyView {
    let language = opened.language;
    let state = RwSignal::new(State::Idle);
    let title = dataset.title.get(language).to_owned();
    let button = fill(
        language,
        Message::ProtectionCheckButton,
        &[("dataset", &title)],
    );
    let on_click = {
        let (snapshot, id) = (opened.snapshot.clone(), dataset.id.clone());
        move |_| {
            if matches!(state.get_untracked(), State::Busy) {
                return;
            }
            state.set(State::Busy);
            let (snapshot, id) = (snapshot.clone(), id.clone());
            leptos::task::spawn_local(async move { state.set(checked(&snapshot, &id).await) });
        }
    };
    let said = {
        let opened = opened.clone();
        move || match state.get() {
            State::Idle => String::new(),
            State::Busy => opened.word(Message::ProtectionChecking).to_owned(),
            State::Wrong(details) => failed(&opened, &details),
            State::Done(Err(failure)) => {
                let (title, remedy, _) = said_of(&failure, opened.language);
                format!("{title} {remedy}")
            }
            State::Done(Ok((width, checked))) => {
                let whole = |count: usize| grouped(count as i64, language);
                fill(
                    opened.language,
                    Message::ProtectionChecked,
                    &[
                        ("tables", &whole(checked.tables)),
                        ("sums", &whole(checked.sums)),
                        ("suppressed", &whole(checked.suppressed)),
                        ("width", &width.to_string()),
                        ("published", &whole(checked.published)),
                        ("withheld", &whole(checked.withheld)),
                    ],
                )
            }
        }
    };
    let holds = move || matches!(state.get(), State::Done(Ok(_)));
    let broken = move || matches!(state.get(), State::Done(Err(_)) | State::Wrong(_));
    let href = format!("{}{path}", opened.snapshot.root);
    view! {
        <p>{opened.word(Message::ProtectionCheckText)}</p>
        <p class="actions">
            <button type="button" on:click=on_click>
                {button}
            </button>
            <a href=href rel="external">{opened.word(Message::ProtectionCheckFile)}</a>
        </p>
        <p class="checked" class:holds=holds class:broken=broken role="status">
            {said}
        </p>
    }
    .into_any()
}

fn failed(opened: &Opened, details: &str) -> String {
    fill(
        opened.language,
        Message::ProtectionCheckFailed,
        &[("details", details)],
    )
}

async fn checked(snapshot: &Snapshot, dataset: &str) -> State {
    match read(snapshot, dataset).await {
        Err(failure) => State::Done(Err(failure)),
        Ok(Err(wrong)) => State::Wrong(wrong),
        Ok(Ok(checked)) => State::Done(Ok(checked)),
    }
}

type Outcome = Result<(u64, Checked), String>;

/// Reads a proof and the tables that it speaks of, and checks the one against the other.
async fn read(snapshot: &Snapshot, id: &str) -> Result<Outcome, Failure> {
    let Some(dataset) = snapshot.manifest.dataset(id) else {
        return Ok(Err(id.to_owned()));
    };
    let path = dataset.witnesses.as_deref().unwrap_or_default();
    let url = format!("{}{path}", snapshot.root);
    let bytes = fetch::file(&url, Freshness::Immutable).await?;
    let name = fetch::name(&url);
    let hash = snapshot
        .manifest
        .file(path)
        .map(|file| file.sha256.as_str());
    published::check_hash(&name, &bytes, hash.unwrap_or_default())?;
    let file: WitnessFile = published::versioned(&name, &bytes)?;
    if file.format != WITNESS_FORMAT || file.dataset != id {
        return Err(Failure::Format {
            what: name,
            found: file.format,
        });
    }
    let mut checked = match proof::check(&file) {
        Ok(checked) => checked,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let counts = Counts::of(&file);
    for breakdown in &dataset.breakdowns {
        let query = Query::default();
        let table = client::read(snapshot, &breakdown.path, query).await?;
        let rows = rows::rows(&table);
        if let Err(wrong) = counts.compare(&dataset.indicators, &breakdown.id, &rows, &mut checked)
        {
            return Ok(Err(wrong));
        }
    }
    Ok(Ok((file.width, checked)))
}
