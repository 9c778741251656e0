//! The explorer: any two variables of a dataset against each other, as a table and a chart.

use std::sync::Arc;

use contract::{Status, snapshot::Dataset};
use leptos::prelude::*;
use query::Table;

use crate::{
    client,
    components::{
        crumbs::crumbs,
        explore::{figure, table},
        explore_choose::selects,
        explore_keep::{honest, keep},
        filters::filters,
        notice::{Failed, Loading},
    },
    explore::{self, Exploration, Source},
    finding::grouped,
    messages::{Message, fill, text},
    pages::layout::{Frame, Opened},
    pivot::{self, Pivot, said, title_of},
    protocol::{Ask, Failure, Progress},
    rows::{self, Row},
    site::{self, Page},
};

/// What the address chooses.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    /// The dataset.
    pub dataset: Arc<Dataset>,
    /// What is explored; none when there is nothing to explore.
    pub exploration: Option<Exploration>,
}

/// What came of a question.
#[derive(Clone)]
enum Data {
    Table(Arc<Table>),
    Rows(Arc<Vec<Row>>),
}

type Answer = Result<Data, Failure>;

/// A question, and the path of the file that it is on.
type Asked = (String, Ask);

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub struct Explorer {
    /// The open snapshot, in a language.
    pub opened: StoredValue<Opened>,
    /// What the address chooses.
    pub chosen: Memo<Option<Chosen>>,
    /// The answer, laid out.
    pub pivot: Memo<Option<Pivot>>,
    asked: Memo<Option<Asked>>,
    answered: RwSignal<Option<(Asked, Answer)>>,
    running: StoredValue<u32>,
    progress: RwSignal<Option<Progress>>,
    cancelled: RwSignal<bool>,
    attempt: RwSignal<u32>,
}

impl Explorer {
    /// What is explored.
    pub fn exploration(self) -> Option<Exploration> {
        self.chosen.get()?.exploration
    }

    /// The address of the same exploration with one parameter changed.
    pub fn href(self, name: &str, value: &str) -> String {
        self.opened.with_value(|opened| {
            let state = opened.frame.state.get_untracked();
            let state = match self.chosen.get_untracked().filter(|_| name == "level") {
                Some(chosen) => explore::at_level(&chosen.dataset, &state, value),
                None => state.with(name, value),
            };
            site::href(opened.language, &Page::Explorer, &state)
        })
    }

    /// The rows of an indicator file, once they are there.
    pub fn rows(self) -> Arc<Vec<Row>> {
        match self.answer() {
            Some(Ok(Data::Rows(rows))) => rows,
            _ => Arc::default(),
        }
    }

    /// The answer, once it is there. One to a former question is none.
    fn answer(self) -> Option<Answer> {
        let (question, answer) = self.answered.get()?;
        (Some(question) == self.asked.get()).then_some(answer)
    }

    fn cancel(self) {
        self.cancelled.set(true);
        client::cancel(self.running.get_value());
    }

    /// Asks; the former question is not worked on any longer.
    fn ask(self, asked: Option<Asked>) {
        client::cancel(self.running.get_value());
        let id = client::next_id();
        self.running.set_value(id);
        self.progress.set(None);
        self.cancelled.set(false);
        self.answered.set(None);
        let Some((path, ask)) = asked else {
            return;
        };
        let snapshot = self.opened.with_value(|it| it.snapshot.clone());
        // The page may be gone, or ask something else, when an answer comes.
        let current = move || self.running.try_get_value() == Some(id);
        leptos::task::spawn_local(async move {
            let listen = Box::new(move |told| {
                if current() {
                    self.progress.set(Some(told));
                }
            });
            let outcome = client::answer(id, &snapshot, &path, &ask, Some(listen)).await;
            if current() {
                let answer = outcome.map(|table| match ask {
                    Ask::Count(_) => Data::Table(Arc::new(table)),
                    Ask::Rows(_) => Data::Rows(Arc::new(rows::rows(&table))),
                });
                self.answered.set(Some(((path, ask), answer)));
            }
        });
    }
}

/// The page.
pub fn page(opened: Opened) -> AnyView {
    let (language, snapshot) = (opened.language, opened.snapshot.clone());
    let title = opened.word(Message::NavExplorer);
    opened.title(title);
    let state = opened.frame.state;
    let datasets: Vec<Arc<Dataset>> = snapshot
        .manifest
        .datasets
        .iter()
        .cloned()
        .map(Arc::new)
        .collect();
    let chosen = {
        let snapshot = snapshot.clone();
        Memo::new(move |_| {
            state.with(|state| {
                let id = &explore::dataset(&snapshot, state)?.id;
                let dataset = datasets.iter().find(|it| it.id == *id)?.clone();
                let exploration = explore::resolve(&dataset, state, language);
                Some(Chosen {
                    dataset,
                    exploration,
                })
            })
        })
    };
    let asked = Memo::new(move |_| {
        let exploration = chosen.get()?.exploration?;
        match &exploration.source {
            Source::Records(_) => {
                let (path, count) = exploration.count()?;
                Some((path.to_owned(), Ask::Count(count)))
            }
            Source::Cells(selection) => {
                let published = selection.status == Some(Status::Published);
                let query = rows::query_of(selection);
                published.then(|| (selection.breakdown.path.clone(), Ask::Rows(query)))
            }
        }
    });
    let answered = RwSignal::new(None::<(Asked, Answer)>);
    let pivot = {
        let snapshot = snapshot.clone();
        Memo::new(move |_| {
            let exploration = chosen.get()?.exploration?;
            let (question, answer) = answered.get()?;
            if Some(question) != asked.get() {
                return None;
            }
            match (answer.ok()?, &exploration.source) {
                (Data::Table(table), Source::Records(_)) => {
                    let pivot = pivot::counted(&snapshot, &exploration, &table, language);
                    Some(pivot)
                }
                (Data::Rows(rows), Source::Cells(_)) => {
                    Some(pivot::shown(&snapshot, &exploration, &rows, language))
                }
                _ => None,
            }
        })
    };
    let explorer = Explorer {
        opened: StoredValue::new(opened.clone()),
        chosen,
        pivot,
        asked,
        answered,
        running: StoredValue::new(0),
        progress: RwSignal::new(None),
        cancelled: RwSignal::new(false),
        attempt: RwSignal::new(0),
    };
    Effect::new(move |_| {
        explorer.attempt.track();
        explorer.ask(asked.get());
    });
    on_cleanup(move || client::cancel(explorer.running.get_value()));
    provide_context(explorer);
    provide_context(Frame {
        retry: Callback::new(move |()| explorer.attempt.update(|attempt| *attempt += 1)),
        ..opened.frame
    });
    // The parts stay while the choice changes, so that a keyboard keeps its place.
    let there = Memo::new(move |_| {
        chosen.with(|it| it.as_ref().is_some_and(|it| it.exploration.is_some()))
    });
    let body = move || {
        if there.get() {
            view! {
                {filters(explorer)}
                <section class="figure" aria-labelledby="explored">
                    {move || heading(explorer)}
                    {move || content(explorer)}
                    {source_line(explorer)}
                </section>
                {move || honest(explorer)}
                {keep(explorer)}
            }
            .into_any()
        } else {
            nothing(explorer)
        }
    };
    view! {
        {crumbs(&opened, &[], title)}
        <h1>{title}</h1>
        <p class="lead">{opened.word(Message::ExplorerLead)}</p>
        {selects(explorer)}
        {body}
    }
    .into_any()
}

fn nothing(explorer: Explorer) -> AnyView {
    let opened = explorer.opened.get_value();
    let Some(Chosen { dataset, .. }) = explorer.chosen.get() else {
        return ().into_any();
    };
    let href = opened.href(&Page::Dataset(dataset.id.clone()));
    view! {
        <section class="panel" role="status">
            <p>{opened.word(Message::ExplorerNothing)}</p>
            <p><a href=href>{dataset.title.get(opened.language).to_owned()}</a></p>
        </section>
    }
    .into_any()
}

fn heading(explorer: Explorer) -> AnyView {
    let opened = explorer.opened.get_value();
    let language = opened.language;
    let Some(exploration) = explorer.exploration() else {
        return ().into_any();
    };
    let title = title_of(&exploration, language);
    opened.title(&format!("{title} · {}", opened.word(Message::NavExplorer)));
    let said = explorer
        .pivot
        .get()
        .map(|pivot| said(&opened.snapshot, &exploration, &pivot, language));
    view! {
        <h2 id="explored">{title}</h2>
        <p class="finding" aria-live="polite">{said.unwrap_or_default()}</p>
    }
    .into_any()
}

fn content(explorer: Explorer) -> AnyView {
    let opened = explorer.opened.get_value();
    let Some(exploration) = explorer.exploration() else {
        return ().into_any();
    };
    if let Source::Cells(selection) = &exploration.source
        && selection.status != Some(Status::Published)
    {
        return view! {
            <section class="withheld" role="status">
                <h3>{opened.word(Message::WithheldTitle)}</h3>
                <p>{opened.word(Message::WithheldReason)}</p>
            </section>
        }
        .into_any();
    }
    match (explorer.answer(), explorer.pivot.get()) {
        (Some(Err(_)), _) if explorer.cancelled.get() => stopped(explorer),
        (Some(Err(failure)), _) => view! { <Failed failure /> }.into_any(),
        (Some(Ok(_)), Some(pivot)) if pivot.rows.is_empty() => {
            view! { <p role="status">{opened.word(Message::ExplorerEmpty)}</p> }.into_any()
        }
        (Some(Ok(_)), Some(pivot)) => {
            let drawn = figure(&opened, &exploration, &pivot);
            let shades = pivot.range().filter(|_| drawn.is_none());
            let note = drawn.is_none().then(|| {
                let said = opened.word(Message::ExplorerNoChart);
                view! { <p class="note">{said}</p> }
            });
            view! {
                {drawn}
                {note}
                {table(&opened, &exploration, &pivot, shades)}
            }
            .into_any()
        }
        _ => underway(explorer),
    }
}

/// A count that is on its way, and what ends it.
fn underway(explorer: Explorer) -> AnyView {
    let language = explorer.opened.with_value(|it| it.language);
    let said = move || {
        let told = explorer.progress.get()?;
        let (rows, bytes) = (grouped(told.rows.cast_signed(), language), told.bytes);
        let of = told
            .of
            .map_or("…".to_owned(), |of| grouped(of.cast_signed(), language));
        let size = crate::components::downloads::size(bytes);
        Some(fill(
            language,
            Message::ExplorerProgress,
            &[("rows", &rows), ("of", &of), ("size", &size)],
        ))
    };
    let share = move || {
        let told = explorer.progress.get()?;
        let of = told.of.filter(|of| *of > 0)?;
        Some(format!("{:.3}", told.rows as f64 / of as f64))
    };
    view! {
        <div class="underway">
            <Loading what=Message::LoadingTable />
            <progress max="1" value=share aria-label=text(language, Message::ExplorerProgressLabel)></progress>
            <p class="note">{said}</p>
            <button type="button" data-cancel="" on:click=move |_| explorer.cancel()>
                {text(language, Message::ExplorerCancel)}
            </button>
        </div>
    }
    .into_any()
}

fn stopped(explorer: Explorer) -> AnyView {
    let language = explorer.opened.with_value(|it| it.language);
    let again = move |_| explorer.attempt.update(|attempt| *attempt += 1);
    view! {
        <div class="underway" role="status">
            <p>{text(language, Message::ExplorerCancelled)}</p>
            <button type="button" on:click=again>{text(language, Message::ExplorerAgain)}</button>
        </div>
    }
    .into_any()
}

fn source_line(explorer: Explorer) -> AnyView {
    let opened = explorer.opened.get_value();
    let line = move || {
        let chosen = explorer.chosen.get()?;
        let manifest = &opened.snapshot.manifest;
        Some(fill(
            opened.language,
            Message::DataSources,
            &[
                ("publisher", manifest.publisher.get(opened.language)),
                ("id", &manifest.id),
                ("dataset", chosen.dataset.title.get(opened.language)),
            ],
        ))
    };
    view! { <p class="note source">{line}</p> }.into_any()
}
