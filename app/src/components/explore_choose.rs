//! The selects of the explorer. They stay in the page while their options change, so that a keyboard keeps its place.

use contract::Status;
use leptos::prelude::*;

use crate::{
    components::choose::{Choice, granularities_of, levels_of},
    explore::{self, Measure, NO_SIDE, RECORDS, Source},
    messages::{Message, fill, text},
    pages::explorer::{Chosen, Explorer},
    router::Router,
    state::{self, Selection},
};

/// The selects: dataset, source, measure, sides.
pub fn selects(explorer: Explorer) -> AnyView {
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
        if chosen.exploration.is_none() {
            return Options::default();
        }
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
                charts::order::by_key(&mut all, |it| it.order);
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
    // The same words as on the dataset's own page.
    let levels = move |chosen: &Chosen| {
        let Some(selection) = cells(chosen) else {
            return Options::default();
        };
        let state = explorer.opened.with_value(|it| it.frame.state.get());
        let state = explore::table(&state);
        let all = levels_of(&chosen.dataset, &state, selection, language);
        (all, selection.level.name().to_owned())
    };
    let granularities = move |chosen: &Chosen| {
        let Some(selection) = cells(chosen) else {
            return Options::default();
        };
        let all = granularities_of(&chosen.dataset, selection, language);
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
        let Some(exploration) = chosen.exploration.as_ref() else {
            return Options::default();
        };
        let rows = &exploration.rows;
        let none = (NO_SIDE.to_owned(), word(Message::ExplorerNoColumns));
        let others = side(chosen).into_iter().filter(|(name, _)| name != rows);
        let current = exploration.columns.clone().unwrap_or(NO_SIDE.to_owned());
        (std::iter::once(none).chain(others).collect(), current)
    };
    view! {
        <section class="choose" aria-label=text(language, Message::DataControls)>
            <div class="choices">
            {pick(explorer, "dataset", Message::SearchDataset, Box::new(datasets))}
            {pick(explorer, "source", Message::ExplorerSource, Box::new(sources))}
            {pick(explorer, "measure", Message::ExplorerMeasure, Box::new(measures))}
            {pick(explorer, "level", Message::DataLevel, Box::new(levels))}
            {pick(explorer, "granularity", Message::DataGranularity, Box::new(granularities))}
            {pick(explorer, "rows", Message::ExplorerRows, Box::new(rows))}
            {pick(explorer, "columns", Message::ExplorerColumns, Box::new(columns))}
            </div>
        </section>
    }
    .into_any()
}

/// What is taken from an indicator file.
fn cells(chosen: &Chosen) -> Option<&Selection> {
    match chosen.exploration.as_ref().map(|it| &it.source) {
        Some(Source::Cells(selection)) => Some(selection),
        _ => None,
    }
}

/// The options of a select, and the current one.
type Options = (Vec<Choice>, String);

/// A select whose choice goes into the address.
fn pick(
    explorer: Explorer,
    name: &'static str,
    label: Message,
    options: Box<dyn Fn(&Chosen) -> Options + Send + Sync>,
) -> AnyView {
    let router = expect_context::<Router>();
    let language = explorer.opened.with_value(|it| it.language);
    let options = Memo::new(move |_| {
        let chosen = explorer.chosen.get();
        chosen.map(|it| options(&it)).unwrap_or_default()
    });
    let changed = move |event| router.go(&explorer.href(name, &event_target_value(&event)));
    let all = move || {
        let (all, current) = options.get();
        let option = |(value, label): Choice| {
            let selected = value == current;
            view! { <option value=value selected=selected>{label}</option> }
        };
        all.into_iter().map(option).collect_view()
    };
    view! {
        <label hidden=move || options.with(|(all, _)| all.is_empty())>
            <span>{text(language, label)}</span>
            <select name=name on:change=changed prop:value=move || options.get().1>{all}</select>
        </label>
    }
    .into_any()
}
