//! A dataset's page: choose, read, compare, download, cite.

use std::sync::Arc;

use charts::ChartKind;
use contract::{
    Granularity, Level, Status,
    snapshot::{Dataset, TOTAL},
};
use leptos::prelude::*;

use crate::{
    client,
    components::{
        chart::Drawing,
        choose::Choose,
        citation::folded_citation,
        copy::hand_on,
        crumbs::crumbs,
        door::door,
        downloads::{Downloads, rows_as_published},
        legend::Legend,
        live::live,
        notice::{Failed, Loading, Notice},
        share::Share,
        withheld::withheld,
    },
    drawn::Drawn,
    figure::{self, Figure},
    finding::finding,
    instead::instead,
    later::{follow, later},
    messages::{Message, fill, text},
    pages::layout::{Frame, Opened},
    protocol::Failure,
    rows::{self, Row},
    site::{self, Page, Program},
    stages,
    state::{self, LATEST_PERIOD, Selection},
    words,
};

/// The rows of an answer, or why there are none.
type Answer = Result<Arc<Vec<Row>>, Failure>;

/// What the page's parts share.
#[derive(Clone)]
pub struct View {
    /// The open snapshot, in a language.
    pub opened: Opened,
    /// The page's dataset.
    pub dataset: Arc<Dataset>,
    /// What the address selects.
    pub selection: Memo<Option<Selection>>,
    /// The selected rows, once they are read.
    pub rows: Memo<Option<Answer>>,
    /// What is drawn of them.
    pub figure: Memo<Option<Figure>>,
    /// What of the view is open: its chart, its table, …
    tab: Memo<String>,
    /// The first view in the page's file, as long as it is what the address selects.
    pub drawn: RwSignal<Option<Drawn>>,
}

impl View {
    /// The view of the address. Within it, "try again" reads the table again, not the whole snapshot.
    pub fn new(opened: Opened, dataset: Arc<Dataset>) -> Self {
        let (language, frame, snapshot) = (opened.language, opened.frame, opened.snapshot.clone());
        let selection = selection(&opened, &dataset);
        let asked = Memo::new(move |_| {
            let selection = selection
                .get()
                .filter(|it| it.status == Some(Status::Published))?;
            Some((selection.breakdown.path.clone(), rows::query_of(&selection)))
        });
        let attempt = RwSignal::new(0_u32);
        let answered = {
            let snapshot = snapshot.clone();
            later(move || {
                attempt.track();
                let (asked, snapshot) = (asked.get(), snapshot.clone());
                Box::pin(async move {
                    let (path, query) = asked?;
                    let outcome = client::read(&snapshot, &path, query.clone()).await;
                    let rows = outcome.map(|table| Arc::new(rows::rows(&table)));
                    Some(((path, query), rows))
                })
            })
        };
        // The last answer stays until the next one comes: it must not be taken for it.
        let rows = Memo::new(move |_| {
            let (question, outcome) = answered.get().flatten()?;
            (Some(question) == asked.get()).then_some(outcome)
        });
        let figure = Memo::new(move |_| {
            let (selection, rows) = (selection.get()?, rows.get()?.ok()?);
            Some(figure::figure(&snapshot, &selection, &rows, language))
        });
        let drawn = RwSignal::new(opened.drawn());
        let first = selection.get_untracked();
        follow(move || {
            if selection.with(|now| *now != first) {
                drawn.set(None);
            }
        });
        provide_context(Frame {
            retry: Callback::new(move |()| attempt.update(|attempt| *attempt += 1)),
            ..frame
        });
        Self {
            opened,
            dataset,
            selection,
            rows,
            figure,
            // Apart from the rest of the address: what is open is not made anew when its order changes.
            tab: Memo::new(move |_| {
                let tab = frame
                    .state
                    .with(|state| state.get("view").map(str::to_owned));
                tab.unwrap_or_else(|| "chart".to_owned())
            }),
            drawn,
        }
    }

    /// What stands in place of the chart until it is drawn.
    pub fn coming(&self) -> AnyView {
        match self.drawn.get().and_then(|drawn| drawn.chart) {
            Some(chart) => view! {
                <div class="spoken"><Loading what=Message::LoadingTable /></div>
                <div class="coming" aria-busy="true" inner_html=chart></div>
            }
            .into_any(),
            None => view! { <Loading what=Message::LoadingTable /> }.into_any(),
        }
    }

    /// The address of the same view with one parameter changed.
    pub fn href(&self, name: &str, value: &str) -> String {
        site::dataset(
            self.opened.language,
            &self.dataset.id,
            &self.opened.frame.state.get().with(name, value),
        )
    }
}

/// The page.
pub fn page(opened: Opened, id: &str) -> AnyView {
    let language = opened.language;
    let Some(dataset) = opened.snapshot.manifest.dataset(id).cloned() else {
        let what: String = id.chars().take(40).collect();
        let title = fill(language, Message::FailedDataset, &[("what", &what)]);
        opened.title(&title);
        return view! {
            <Notice title remedy=text(language, Message::FailedDatasetRemedy).to_owned()>
                <a class="button" href=opened.href(&Page::Home)>
                    {text(language, Message::FailedToHome)}
                </a>
            </Notice>
        }
        .into_any();
    };
    let title = dataset.title.get(language).to_owned();
    let steps = [(opened.word(Message::NavData).to_owned(), Page::Datasets)];
    let crumbs = crumbs(&opened, &steps, &title);
    let lead = dataset.summary.get(language).to_owned();
    let body = if dataset.indicators.is_empty() {
        opened.title(&title);
        table(&opened, &dataset)
    } else {
        indicators(opened, Arc::new(dataset))
    };
    view! {
        {crumbs}
        <h1>{title}</h1>
        <p class="lead">{lead}</p>
        {body}
    }
    .into_any()
}

/// A dataset whose rows are published as they are.
fn table(opened: &Opened, dataset: &Dataset) -> AnyView {
    view! {
        {rows_as_published(opened, dataset)}
        {door(Program::Annex, "dictionary")}
        {folded_citation(opened.language)}
    }
    .into_any()
}

/// What the address selects in a dataset.
pub fn selection(opened: &Opened, dataset: &Arc<Dataset>) -> Memo<Option<Selection>> {
    let (state, dataset) = (opened.frame.state, dataset.clone());
    Memo::new(move |_| state.with(|state| state::select(&dataset, state)))
}

fn indicators(opened: Opened, dataset: Arc<Dataset>) -> AnyView {
    let language = opened.language;
    let view = View::new(opened, dataset);
    let selection = view.selection;
    provide_context(view.clone());

    let title = view.dataset.title.get(language).to_owned();
    follow({
        let (title, opened) = (title.clone(), view.opened.clone());
        move || {
            let indicator = selection.with(|selection| {
                let title = selection
                    .as_ref()
                    .map(|it| it.indicator.title.get(language));
                title.unwrap_or_default().to_owned()
            });
            opened.title(&format!("{indicator} · {title}"));
        }
    });
    let manifest = &view.opened.snapshot.manifest;
    let sources = fill(
        language,
        Message::DataSources,
        &[
            ("publisher", manifest.publisher.get(language)),
            ("id", &manifest.id),
            ("dataset", &title),
        ],
    );
    let replaced = view.clone();
    let unknown = move || {
        let (selection, rows) = (replaced.selection.get()?, replaced.rows.get());
        let rows = rows.and_then(Result::ok).unwrap_or_default();
        let said = instead(&replaced.opened.snapshot, &selection, &rows, language)?;
        Some(view! { <p class="pinned" role="status">{said}</p> }.into_any())
    };
    let part = |part: fn(&View) -> AnyView| {
        let view = view.clone();
        live(move || part(&view))
    };
    view! {
        {live(unknown)}
        <Choose />
        <section class="figure" aria-labelledby="indicator">
            {part(heading)}
            {part(tabs)}
            {part(content)}
            <p class="note source">{sources}</p>
        </section>
        <Legend language />
        <Downloads />
        {folded_citation(language)}
    }
    .into_any()
}

fn heading(view: &View) -> AnyView {
    let language = view.opened.language;
    let Some(selection) = view.selection.get() else {
        return ().into_any();
    };
    let title = selection.indicator.title.get(language).to_owned();
    let found = view
        .figure
        .get()
        .map(|figure| finding(&view.opened.snapshot, &selection, &figure, language))
        .or_else(|| {
            let coming = view.rows.with(Option::is_none);
            view.drawn.get().filter(|_| coming)?.finding
        });
    // Words beside a rate that it must not be read without.
    let beside = selection.indicator.beside.as_ref().and_then(|id| {
        let other = view.dataset.indicators.iter().find(|it| it.id == *id)?;
        let title = other.title.get(language).to_owned();
        let said = fill(language, Message::DataBeside, &[("indicator", &title)]);
        let href = view.href("indicator", id);
        Some(view! { <p class="note"><a href=href>{said}</a></p> }.into_any())
    });
    view! {
        <h2 id="indicator">{title}</h2>
        <p class="finding" aria-live="polite">{found.unwrap_or_default()}</p>
        {beside}
        {every(view, &selection)}
    }
    .into_any()
}

/// Leads to all places of the finest level that is published, on one line.
fn every(view: &View, selection: &Selection) -> Option<AnyView> {
    let tables = state::tables(&view.dataset, &selection.indicator.id, TOTAL);
    let finest = tables
        .iter()
        .filter(|it| it.status == Status::Published && it.granularity == Granularity::Year)
        .map(|it| it.level)
        .max()
        .filter(|level| *level > selection.level && *level > Level::District)?;
    let language = view.opened.language;
    let level = text(language, words::level(finest));
    let said = fill(language, Message::StandingEvery, &[("level", level)]);
    let state = view.opened.frame.state.get();
    let state = state
        .with("breakdown", "")
        .with("level", finest.name())
        .with("granularity", "year")
        .with("period", LATEST_PERIOD)
        .with("chart", ChartKind::Strip.name())
        .with("view", "");
    let href = site::dataset(language, &view.dataset.id, &state);
    Some(view! { <p class="note"><a href=href data-every="">{said}</a></p> }.into_any())
}

fn tabs(view: &View) -> AnyView {
    let language = view.opened.language;
    let current = view.tab.get();
    let tab = |(name, message): (&'static str, Message)| {
        let value = if name == "chart" { "" } else { name };
        let here = (current == name).then_some("page");
        view! {
            <li>
                <a href=view.href("view", value) aria-current=here data-view=name>
                    {text(language, message)}
                </a>
            </li>
        }
        .into_any()
    };
    let stages = stages::known(&view.dataset).then_some(("stages", Message::StagesTab));
    let tabs = [
        ("chart", Message::DataChart),
        ("table", Message::DataTable),
        ("definition", Message::DataDefinition),
    ];
    let tabs = tabs.into_iter().chain(stages);
    view! {
        <nav class="tabs" aria-label=text(language, Message::DataView)>
            <ul>{tabs.map(tab).collect::<Vec<AnyView>>()}</ul>
        </nav>
    }
    .into_any()
}

fn content(view: &View) -> AnyView {
    let Some(selection) = view.selection.get() else {
        return ().into_any();
    };
    let current = view.tab.get();
    if current == "definition" {
        return door(Program::Annex, "definition");
    }
    if current == "stages" && stages::known(&view.dataset) {
        return door(Program::Annex, "stages");
    }
    if selection.status != Some(Status::Published) {
        return withheld(view, &selection);
    }
    match (view.rows.get(), view.figure.get()) {
        (Some(Err(failure)), _) => view! { <Failed failure /> }.into_any(),
        (Some(Ok(rows)), _) if rows.is_empty() => {
            view! { <p role="status">{view.opened.word(Message::DataEmpty)}</p> }.into_any()
        }
        (Some(Ok(_)), _) if current == "table" => view! {
            {door(Program::Annex, "table")}
            <div class="share">{hand_on(view.opened.frame)}</div>
        }
        .into_any(),
        (Some(Ok(_)), Some(figure)) => view! { <Drawing selection figure /> <Share /> }.into_any(),
        _ if current == "table" => view! { <Loading what=Message::LoadingTable /> }.into_any(),
        _ => view.coming(),
    }
}
