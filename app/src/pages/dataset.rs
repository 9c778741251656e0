//! A dataset's page: choose, read, compare, download.

use std::sync::Arc;

use contract::{Status, snapshot::Dataset, text::Language};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::{
    client,
    components::{
        chart::Drawing,
        choose::Choose,
        definition::Definition,
        downloads::Downloads,
        legend::Legend,
        notice::{Failed, Loading, Notice},
        table::Twin,
        withheld::withheld,
    },
    figure,
    finding::finding,
    messages::{Message, fill, text},
    pages::layout::Frame,
    protocol::Failure,
    published::Snapshot,
    rows::{self, Row},
    site,
    state::{self, Selection},
};

/// What the page's parts share.
#[derive(Clone)]
pub struct View {
    /// The frame around the page.
    pub frame: Frame,
    /// The page's language.
    pub language: Language,
    /// The open snapshot.
    pub snapshot: Arc<Snapshot>,
    /// The page's dataset.
    pub dataset: Arc<Dataset>,
    /// What the address selects.
    pub selection: Memo<Option<Selection>>,
    /// The selected rows, once they are read.
    pub rows: Memo<Option<Result<Arc<Vec<Row>>, Failure>>>,
}

impl View {
    /// The address of the same view with one parameter changed.
    pub fn href(&self, name: &str, value: &str) -> String {
        site::dataset(
            self.language,
            &self.dataset.id,
            &self.frame.state.get().with(name, value),
        )
    }
}

/// The page.
#[component]
pub fn DatasetPage() -> impl IntoView {
    let frame = expect_context::<Frame>();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("dataset").unwrap_or_default()));
    move || {
        let (language, id) = (frame.language.get(), id.get());
        let snapshot = frame.snapshot.get()?.ok()?;
        Some(match snapshot.manifest.dataset(&id).cloned() {
            Some(dataset) => page(frame, language, snapshot, Arc::new(dataset)).into_any(),
            None => {
                let what: String = id.chars().take(40).collect();
                let title = fill(language, Message::FailedDataset, &[("what", &what)]);
                site::set_title(&title);
                let home = move || site::home(language, &frame.state.get());
                view! {
                    <Notice title remedy=text(language, Message::FailedDatasetRemedy).to_owned()>
                        <a class="button" href=home>{text(language, Message::FailedToHome)}</a>
                    </Notice>
                }
                .into_any()
            }
        })
    }
}

fn page(
    frame: Frame,
    language: Language,
    snapshot: Arc<Snapshot>,
    dataset: Arc<Dataset>,
) -> impl IntoView {
    let selection = {
        let dataset = dataset.clone();
        Memo::new(move |_| frame.state.with(|state| state::select(&dataset, state)))
    };
    let asked = Memo::new(move |_| {
        let selection = selection
            .get()
            .filter(|it| it.status == Some(Status::Published))?;
        Some((selection.breakdown.path.clone(), rows::query_of(&selection)))
    });
    let attempt = RwSignal::new(0_u32);
    let answered = {
        let snapshot = snapshot.clone();
        LocalResource::new(move || {
            attempt.track();
            let (asked, snapshot) = (asked.get(), snapshot.clone());
            async move {
                let (path, query) = asked?;
                let outcome = client::read(&snapshot, &path, query.clone()).await;
                Some((
                    (path, query),
                    outcome.map(|table| Arc::new(rows::rows(&table))),
                ))
            }
        })
    };
    // The last answer stays until the next one comes: it must not be taken for it.
    let rows = Memo::new(move |_| {
        let (question, outcome) = answered.get().flatten()?;
        (Some(question) == asked.get()).then_some(outcome)
    });
    // Within the page, "try again" reads the table again, not the whole snapshot.
    provide_context(Frame {
        retry: Callback::new(move |()| attempt.update(|attempt| *attempt += 1)),
        ..frame
    });
    let view = View {
        frame,
        language,
        snapshot,
        dataset,
        selection,
        rows,
    };
    provide_context(view.clone());

    let title = view.dataset.title.get(language).to_owned();
    let portal = view.snapshot.manifest.title.get(language).to_owned();
    Effect::new({
        let title = title.clone();
        move |_| {
            let indicator = selection.with(|selection| {
                selection
                    .as_ref()
                    .map(|it| it.indicator.title.get(language).to_owned())
            });
            site::set_title(&format!(
                "{} · {title} · {portal}",
                indicator.unwrap_or_default()
            ));
        }
    });
    let sources = fill(
        language,
        Message::DataSources,
        &[
            ("publisher", view.snapshot.manifest.publisher.get(language)),
            ("id", &view.snapshot.manifest.id),
            ("dataset", &title),
        ],
    );
    let unknown = move || {
        let value = selection.get()?.unknown?;
        let said = fill(language, Message::DataUnknownChoice, &[("value", &value)]);
        Some(view! { <p class="pinned" role="status">{said}</p> })
    };
    view! {
        <h1>{title}</h1>
        <p class="lead">{view.dataset.summary.get(language).to_owned()}</p>
        {unknown}
        <Choose />
        <section class="figure" aria-labelledby="indicator">
            {
                let view = view.clone();
                move || heading(&view)
            }
            {
                let view = view.clone();
                move || tabs(&view)
            }
            {
                let view = view.clone();
                move || content(&view)
            }
        </section>
        <Legend language />
        <Downloads />
        <p class="note">{sources}</p>
    }
}

fn heading(view: &View) -> Option<AnyView> {
    let selection = view.selection.get()?;
    let language = view.language;
    let title = selection.indicator.title.get(language).to_owned();
    let found = view.rows.get().and_then(Result::ok).map(|rows| {
        let figure = figure::figure(&view.snapshot, &selection, &rows, language);
        finding(&view.snapshot, &selection, &figure, language)
    });
    Some(
        view! {
            <h2 id="indicator">{title}</h2>
            <p class="finding">{found.unwrap_or_default()}</p>
        }
        .into_any(),
    )
}

fn tabs(view: &View) -> AnyView {
    let language = view.language;
    let current = view
        .frame
        .state
        .with(|state| state.get("view").unwrap_or("chart").to_owned());
    let tab = |name: &'static str, message| {
        let value = if name == "chart" { "" } else { name };
        let here = (current == name).then_some("page");
        view! {
            <li>
                <a href=view.href("view", value) aria-current=here data-view=name>
                    {text(language, message)}
                </a>
            </li>
        }
    };
    let tabs = [
        tab("chart", Message::DataChart),
        tab("table", Message::DataTable),
        tab("definition", Message::DataDefinition),
    ];
    view! {
        <nav class="tabs" aria-label=text(language, Message::DataView)>
            <ul>{tabs.into_iter().collect_view()}</ul>
        </nav>
    }
    .into_any()
}

fn content(view: &View) -> Option<AnyView> {
    let selection = view.selection.get()?;
    let language = view.language;
    let current = view
        .frame
        .state
        .with(|state| state.get("view").unwrap_or("chart").to_owned());
    if current == "definition" {
        return Some(view! { <Definition selection /> }.into_any());
    }
    if selection.status != Some(Status::Published) {
        return Some(withheld(view, &selection).into_any());
    }
    Some(match view.rows.get() {
        None => view! { <Loading what=Message::LoadingTable /> }.into_any(),
        Some(Err(failure)) => view! { <Failed failure /> }.into_any(),
        Some(Ok(rows)) if rows.is_empty() => {
            view! { <p role="status">{text(language, Message::DataEmpty)}</p> }.into_any()
        }
        Some(Ok(rows)) if current == "table" => view! { <Twin selection rows /> }.into_any(),
        Some(Ok(rows)) => {
            let figure = figure::figure(&view.snapshot, &selection, &rows, language);
            view! { <Drawing selection figure /> }.into_any()
        }
    })
}
