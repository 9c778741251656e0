//! The explorer: any two variables of a dataset against each other, as a table and a chart.

use std::sync::Arc;

use contract::{Status, snapshot::Dataset};
use leptos::prelude::*;
use query::Table;

use crate::{
    client,
    components::{
        choose::Choice,
        citation::{citation, work},
        copy::Copied,
        crumbs::crumbs,
        explore::{figure, table},
        filters::filters,
        notice::{Failed, Loading},
        save::save,
    },
    explore::{self, Exploration, Measure, NO_SIDE, Pivot, RECORDS, Source},
    finding::grouped,
    messages::{Message, fill, text},
    pages::layout::{Frame, Opened},
    protocol::{Ask, Failure, Progress},
    router::Router,
    rows::{self, Row},
    site::{self, Page},
    state, takeaway, words,
};

/// What the address chooses.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    /// The dataset.
    pub dataset: Arc<Dataset>,
    /// What is explored; none when there is nothing to explore.
    pub exploration: Option<Exploration>,
}

type Answer = Result<Arc<Table>, Failure>;

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub struct Explorer {
    /// The open snapshot, in a language.
    pub opened: StoredValue<Opened>,
    /// What the address chooses.
    pub chosen: Memo<Option<Chosen>>,
    /// The answer, once it is there.
    pub answer: Memo<Option<Answer>>,
    /// The rows of an indicator file, once they are there.
    pub rows: Memo<Arc<Vec<Row>>>,
    /// The answer, laid out.
    pub pivot: Memo<Option<Pivot>>,
    running: RwSignal<u32>,
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
            let state = opened.frame.state.get_untracked().with(name, value);
            site::href(opened.language, &Page::Explorer, &state)
        })
    }

    fn cancel(self) {
        self.cancelled.set(true);
        client::cancel(self.running.get_untracked());
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
    let (running, attempt) = (RwSignal::new(0_u32), RwSignal::new(0_u32));
    let (progress, cancelled) = (RwSignal::new(None), RwSignal::new(false));
    let answered = {
        let snapshot = snapshot.clone();
        LocalResource::new(move || {
            attempt.track();
            let (asked, snapshot) = (asked.get(), snapshot.clone());
            // The reader has asked something else: the former question is not worked on any longer.
            client::cancel(running.get_untracked());
            let id = client::next_id();
            running.set(id);
            progress.set(None);
            cancelled.set(false);
            async move {
                let (path, ask) = asked?;
                let listen = Box::new(move |told| {
                    if running.try_get_untracked() == Some(id) {
                        progress.set(Some(told));
                    }
                });
                let outcome = client::answer(id, &snapshot, &path, &ask, Some(listen)).await;
                Some(((path, ask), outcome.map(Arc::new)))
            }
        })
    };
    on_cleanup(move || client::cancel(running.get_untracked()));
    let answer = Memo::new(move |_| {
        let (question, outcome) = answered.get().flatten()?;
        (Some(question) == asked.get()).then_some(outcome)
    });
    let rows = Memo::new(move |_| {
        let cells = matches!(asked.get(), Some((_, Ask::Rows(_))));
        let table = answer.get().and_then(Result::ok).filter(|_| cells);
        Arc::new(table.map_or_else(Vec::new, |table| rows::rows(&table)))
    });
    let pivot = {
        let snapshot = snapshot.clone();
        Memo::new(move |_| {
            let exploration = chosen.get()?.exploration?;
            let table = answer.get()?.ok()?;
            Some(match &exploration.source {
                Source::Records(_) => explore::counted(&snapshot, &exploration, &table, language),
                Source::Cells(_) => {
                    rows.with(|rows| explore::shown(&snapshot, &exploration, rows, language))
                }
            })
        })
    };
    let explorer = Explorer {
        opened: StoredValue::new(opened.clone()),
        chosen,
        answer,
        rows,
        pivot,
        running,
        progress,
        cancelled,
        attempt,
    };
    provide_context(explorer);
    provide_context(Frame {
        retry: Callback::new(move |()| attempt.update(|attempt| *attempt += 1)),
        ..opened.frame
    });
    let nothing = move || {
        let chosen = chosen.get()?;
        chosen
            .exploration
            .is_none()
            .then(|| nothing(explorer, &chosen.dataset))
    };
    let there = Memo::new(move |_| {
        chosen.with(|it| it.as_ref().is_some_and(|it| it.exploration.is_some()))
    });
    view! {
        {crumbs(&opened, &[], title)}
        <h1>{title}</h1>
        <p class="lead">{opened.word(Message::ExplorerLead)}</p>
        {selects(explorer, there)}
        {nothing}
        <Show when=move || there.get()>
            {filters(explorer)}
            <section class="figure" aria-labelledby="explored">
                {move || heading(explorer)}
                {move || content(explorer)}
                {source_line(explorer)}
            </section>
            {move || honest(explorer)}
            {keep(explorer)}
        </Show>
    }
    .into_any()
}

/// A select whose choice goes into the address.
fn pick(
    explorer: Explorer,
    name: &'static str,
    label: Message,
    options: impl Fn(&Chosen) -> (Vec<Choice>, String) + Send + Sync + 'static,
) -> AnyView {
    let router = expect_context::<Router>();
    let language = explorer.opened.with_value(|it| it.language);
    let options = Memo::new(move |_| {
        explorer
            .chosen
            .get()
            .map(|it| options(&it))
            .unwrap_or_default()
    });
    let changed = move |event| router.go(&explorer.href(name, &event_target_value(&event)));
    view! {
        <Show when=move || options.with(|(all, _)| !all.is_empty())>
            <label>
                <span>{text(language, label)}</span>
                <select name=name on:change=changed prop:value=move || options.get().1>
                    {move || {
                        let (all, current) = options.get();
                        let option = |(value, label): Choice| {
                            let selected = value == current;
                            view! { <option value=value selected=selected>{label}</option> }
                        };
                        all.into_iter().map(option).collect_view()
                    }}
                </select>
            </label>
        </Show>
    }
    .into_any()
}

fn selects(explorer: Explorer, there: Memo<bool>) -> AnyView {
    let (language, snapshot) = explorer
        .opened
        .with_value(|it| (it.language, it.snapshot.clone()));
    let word = move |message| text(language, message).to_owned();
    let datasets = move |chosen: &Chosen| {
        let all = snapshot.manifest.datasets.iter();
        let all = all.map(|it| (it.id.clone(), it.title.get(language).to_owned()));
        (all.collect(), chosen.dataset.id.clone())
    };
    let sources = move |chosen: &Chosen| {
        let dataset = &chosen.dataset;
        let records = dataset
            .records
            .iter()
            .map(|_| (RECORDS.to_owned(), word(Message::ExplorerSourceRecords)));
        let tables = dataset.breakdowns.iter().map(|it| {
            let title = it.title.get(language);
            let said = fill(
                language,
                Message::ExplorerSourceTable,
                &[("breakdown", title)],
            );
            (it.id.clone(), said)
        });
        let current = match chosen.exploration.as_ref().map(|it| &it.source) {
            Some(Source::Cells(selection)) => selection.breakdown.id.clone(),
            _ => RECORDS.to_owned(),
        };
        (records.chain(tables).collect(), current)
    };
    let marked = move |title: &str, published: bool| match published {
        true => title.to_owned(),
        false => fill(language, Message::DataWithheldOption, &[("title", title)]),
    };
    let measures = move |chosen: &Chosen| match chosen.exploration.as_ref() {
        None => (Vec::new(), String::new()),
        Some(exploration) => match &exploration.source {
            Source::Records(_) => {
                let all = Measure::OF_RECORDS;
                let current = all.iter().find(|(it, ..)| *it == exploration.measure);
                let name = current.map_or("", |(_, name, _)| *name).to_owned();
                (
                    all.map(|(_, name, title)| (name.to_owned(), word(title)))
                        .to_vec(),
                    name,
                )
            }
            Source::Cells(selection) => {
                let mut all: Vec<_> = chosen.dataset.indicators.iter().collect();
                all.sort_by_key(|it| it.order);
                let option = |it: &&contract::indicator::Indicator| {
                    let tables = state::tables(&chosen.dataset, &it.id, &selection.breakdown.id);
                    let published = tables.iter().any(|it| it.status == Status::Published);
                    let title = marked(it.title.get(language), published);
                    (!tables.is_empty()).then(|| (it.id.clone(), title))
                };
                (
                    all.iter().filter_map(option).collect(),
                    selection.indicator.id.clone(),
                )
            }
        },
    };
    // Levels and lengths of period of which there is a table.
    let cells = |chosen: &Chosen| match chosen.exploration.as_ref().map(|it| &it.source) {
        Some(Source::Cells(selection)) => Some((
            (**selection).clone(),
            state::tables(
                &chosen.dataset,
                &selection.indicator.id,
                &selection.breakdown.id,
            ),
        )),
        _ => None,
    };
    let levels = move |chosen: &Chosen| {
        let Some((selection, tables)) = cells(chosen) else {
            return (Vec::new(), String::new());
        };
        let option = |level: &contract::Level| {
            let mut ours = tables.iter().filter(|it| it.level == *level).peekable();
            ours.peek()?;
            let published = ours.any(|it| {
                it.granularity == selection.granularity && it.status == Status::Published
            });
            Some((
                level.name().to_owned(),
                marked(text(language, words::level(*level)), published),
            ))
        };
        let all = contract::Level::ALL.iter().filter_map(option).collect();
        (all, selection.level.name().to_owned())
    };
    let granularities = move |chosen: &Chosen| {
        let Some((selection, tables)) = cells(chosen) else {
            return (Vec::new(), String::new());
        };
        let option = |length: &contract::Granularity| {
            let mut ours = tables
                .iter()
                .filter(|it| it.granularity == *length)
                .peekable();
            ours.peek()?;
            let published =
                ours.any(|it| it.level == selection.level && it.status == Status::Published);
            let title = text(language, words::granularity(*length));
            Some((length.name().to_owned(), marked(title, published)))
        };
        let all = contract::Granularity::ALL
            .iter()
            .filter_map(option)
            .collect();
        (all, selection.granularity.name().to_owned())
    };
    let side = move |chosen: &Chosen| -> Vec<Choice> {
        let variables = chosen.exploration.iter().flat_map(|it| &it.variables);
        variables
            .map(|it| (it.name.clone(), it.title.clone()))
            .collect()
    };
    let rows = move |chosen: &Chosen| {
        let current = chosen.exploration.as_ref().map(|it| it.rows.clone());
        (side(chosen), current.unwrap_or_default())
    };
    let columns = move |chosen: &Chosen| {
        let exploration = chosen.exploration.as_ref();
        let rows = exploration.map(|it| it.rows.clone()).unwrap_or_default();
        let none = (NO_SIDE.to_owned(), word(Message::ExplorerNoColumns));
        let others = side(chosen).into_iter().filter(|(name, _)| *name != rows);
        let current = exploration.and_then(|it| it.columns.clone());
        let current = current.unwrap_or(NO_SIDE.to_owned());
        (std::iter::once(none).chain(others).collect(), current)
    };
    view! {
        <section class="choose" aria-label=text(language, Message::DataControls)>
            {pick(explorer, "dataset", Message::SearchDataset, datasets)}
            <Show when=move || there.get()>
                {pick(explorer, "source", Message::ExplorerSource, sources.clone())}
                {pick(explorer, "measure", Message::ExplorerMeasure, measures)}
                {pick(explorer, "level", Message::DataLevel, levels)}
                {pick(explorer, "granularity", Message::DataGranularity, granularities)}
                {pick(explorer, "rows", Message::ExplorerRows, rows)}
                {pick(explorer, "columns", Message::ExplorerColumns, columns)}
            </Show>
        </section>
    }
    .into_any()
}

fn nothing(explorer: Explorer, dataset: &Dataset) -> AnyView {
    let opened = explorer.opened.get_value();
    let href = opened.href(&Page::Dataset(dataset.id.clone()));
    view! {
        <section class="panel" role="status">
            <p>{opened.word(Message::ExplorerNothing)}</p>
            <p><a href=href>{dataset.title.get(opened.language).to_owned()}</a></p>
        </section>
    }
    .into_any()
}

/// What is shown, in words.
pub fn title_of(exploration: &Exploration, language: contract::text::Language) -> String {
    let measure = match (&exploration.source, exploration.measure) {
        (Source::Cells(selection), _) => selection.indicator.title.get(language),
        (_, measure) => {
            let found = Measure::OF_RECORDS.iter().find(|(it, ..)| *it == measure);
            text(language, found.map_or(Message::ExplorerRecords, |it| it.2))
        }
    };
    let rows = exploration.title(&exploration.rows);
    match &exploration.columns {
        Some(columns) => fill(
            language,
            Message::ExplorerTitleTwo,
            &[
                ("measure", measure),
                ("rows", rows),
                ("columns", exploration.title(columns)),
            ],
        ),
        None => fill(
            language,
            Message::ExplorerTitleOne,
            &[("measure", measure), ("rows", rows)],
        ),
    }
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
        .map(|pivot| said(&exploration, &pivot, language));
    view! {
        <h2 id="explored">{title}</h2>
        <p class="finding" aria-live="polite">{said.unwrap_or_default()}</p>
    }
    .into_any()
}

/// A sentence about the answer: how many records, and where most of them are; or what is held fixed.
fn said(exploration: &Exploration, pivot: &Pivot, language: contract::text::Language) -> String {
    if let Source::Cells(_) = exploration.source {
        let one = |(variable, code): &(String, String)| {
            let label = label_of(exploration, variable, code, language);
            let variable = exploration.title(variable);
            fill(
                language,
                Message::ExplorerFixed,
                &[("variable", variable), ("value", &label)],
            )
        };
        let fixed: Vec<String> = pivot.fixed.iter().map(one).collect();
        return fixed.join(" ");
    }
    let (_, _, all) = pivot.totals();
    let mut most: Option<(String, i64)> = None;
    for (row, cells) in pivot.rows.iter().zip(&pivot.cells) {
        for (column, cell) in pivot.columns.iter().zip(cells) {
            let records = cell.records.unwrap_or(0);
            if most.as_ref().is_none_or(|(_, before)| records > *before) {
                let label = match column.label.as_str() {
                    "" => row.label.clone(),
                    column => format!("{} · {column}", row.label),
                };
                most = Some((label, records));
            }
        }
    }
    let (label, records) = most.unwrap_or_default();
    let share = if all > 0 {
        100.0 * records as f64 / all as f64
    } else {
        0.0
    };
    let share = charts::format::value(share, contract::indicator::Unit::Percent, language);
    fill(
        language,
        Message::ExplorerFound,
        &[
            ("count", &grouped(all)),
            ("label", &label),
            ("most", &grouped(records)),
            ("share", &share),
        ],
    )
}

fn label_of(
    exploration: &Exploration,
    variable: &str,
    code: &str,
    language: contract::text::Language,
) -> String {
    let explorer = expect_context::<Explorer>();
    let selection = match &exploration.source {
        Source::Cells(selection) => Some(selection.as_ref()),
        Source::Records(_) => None,
    };
    explorer.opened.with_value(|opened| {
        explore::label(
            &opened.snapshot,
            &exploration.dataset,
            selection,
            variable,
            Some(code),
            language,
        )
    })
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
    match (explorer.answer.get(), explorer.pivot.get()) {
        (Some(Err(_)), _) if explorer.cancelled.get() => stopped(explorer),
        (Some(Err(failure)), _) => view! { <Failed failure /> }.into_any(),
        (Some(Ok(_)), Some(pivot)) if pivot.rows.is_empty() => {
            view! { <p role="status">{opened.word(Message::ExplorerEmpty)}</p> }.into_any()
        }
        (Some(Ok(_)), Some(pivot)) => view! {
            {figure(&opened, &exploration, &pivot)}
            {table(&opened, &exploration, &pivot)}
        }
        .into_any(),
        _ => underway(explorer),
    }
}

/// A count that is on its way, and what ends it.
fn underway(explorer: Explorer) -> AnyView {
    let language = explorer.opened.with_value(|it| it.language);
    let said = move || {
        let told = explorer.progress.get()?;
        let (rows, bytes) = (grouped(told.rows.cast_signed()), told.bytes);
        let of = told
            .of
            .map_or("…".to_owned(), |of| grouped(of.cast_signed()));
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

/// What a reader must know of the record-level file: that it is recoded, and what is not in it.
fn honest(explorer: Explorer) -> AnyView {
    let opened = explorer.opened.get_value();
    let language = opened.language;
    let Some(exploration) = explorer.exploration() else {
        return ().into_any();
    };
    let Source::Records(records) = &exploration.source else {
        return view! { <p class="note">{opened.word(Message::ExplorerCellsNote)}</p> }.into_any();
    };
    let dataset = &exploration.dataset;
    let list = |names: Vec<&str>| match language {
        contract::text::Language::Chinese => names.join("、"),
        contract::text::Language::English => names.join(", "),
    };
    let kept = records
        .columns
        .iter()
        .map(|it| it.title.get(language))
        .collect();
    let titles = |treatments: &[&str]| {
        let gone = dataset.columns.iter().filter(|it| {
            treatments.contains(&it.treatment.as_str())
                && !records.columns.iter().any(|kept| kept.name == it.name)
        });
        list(gone.map(|it| it.title.get(language)).collect())
    };
    let said = |message, values: &[(&str, &str)]| {
        let said = fill(language, message, values);
        view! { <li>{said}</li> }
    };
    let (rows, k) = (grouped(records.rows.cast_signed()), records.k.to_string());
    let accepted = grouped(dataset.rows.accepted.cast_signed());
    view! {
        <section class="panel" aria-labelledby="honest">
            <h2 id="honest">{opened.word(Message::ExplorerHonest)}</h2>
            <ul class="bullets">
                {said(Message::ExplorerHonestRows, &[("rows", &rows), ("accepted", &accepted)])}
                {said(Message::ExplorerK, &[("k", &k)])}
                {said(Message::ExplorerHonestKept, &[("columns", &list(kept))])}
                {said(Message::ExplorerHonestTotals, &[("columns", &titles(&["aggregated", "recoded"]))])}
                {said(Message::ExplorerHonestRemoved, &[("columns", &titles(&["removed"]))])}
            </ul>
            <p>
                <a href=opened.href(&Page::Protection)>{opened.word(Message::NavProtection)}</a>
            </p>
        </section>
    }
    .into_any()
}

/// Taking the answer along, sharing and citing it.
fn keep(explorer: Explorer) -> AnyView {
    let opened = explorer.opened.get_value();
    let language = opened.language;
    let name = move || {
        let chosen = explorer.chosen.get_untracked();
        let id = chosen.map(|it| it.dataset.id.clone()).unwrap_or_default();
        let snapshot = explorer
            .opened
            .with_value(|it| it.snapshot.manifest.id.clone());
        format!("mingshi-{id}-explorer-{snapshot}")
    };
    let sheet = move || {
        let opened = explorer.opened.get_value();
        let exploration = explorer.chosen.get_untracked()?.exploration?;
        let pivot = explorer.pivot.get_untracked()?;
        let title = title_of(&exploration, language);
        let state = opened.frame.state.get_untracked();
        let work = work(&opened, &title, &Page::Explorer, &state);
        Some(match &exploration.source {
            Source::Records(records) => takeaway::of_records(
                &opened.snapshot,
                &exploration,
                records,
                &pivot,
                &work,
                language,
            ),
            Source::Cells(selection) => {
                let cells = pivot.cells.iter().flatten();
                let rows: Vec<Row> = cells.filter_map(|cell| cell.row.clone()).collect();
                takeaway::of_rows(
                    &opened.snapshot,
                    &exploration.dataset,
                    selection,
                    &rows,
                    &work,
                    language,
                )
            }
        })
    };
    let ready = Memo::new(move |_| explorer.pivot.with(Option::is_some));
    let shared = {
        let opened = opened.clone();
        move || {
            let state = opened
                .frame
                .state
                .get()
                .with("snapshot", &opened.snapshot.manifest.id);
            let content = site::absolute(&site::href(language, &Page::Explorer, &state));
            let label = opened.word(Message::ExplorerShare).to_owned();
            view! { <Copied label content language /> }
        }
    };
    let cited = {
        let opened = opened.clone();
        move || {
            let title = explorer.exploration().map(|it| title_of(&it, language));
            let state = opened.frame.state.get();
            citation(&opened, &title.unwrap_or_default(), &Page::Explorer, &state)
        }
    };
    let buttons = opened.clone();
    view! {
        <section aria-labelledby="keep">
            <h2 id="keep">{opened.word(Message::ExplorerKeep)}</h2>
            <Show when=move || ready.get()>{save(&buttons, name, sheet)}</Show>
            {shared}
        </section>
        {cited}
    }
    .into_any()
}
