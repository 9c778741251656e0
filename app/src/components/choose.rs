//! The selects of a dataset's page. They stay in the page while their options change, so that a keyboard
//! keeps its place.

use contract::{
    Granularity, Level, Status,
    snapshot::{Dataset, TOTAL, TableState},
    text::Language,
};
use leptos::prelude::*;

use crate::{
    components::live::{heard, live, shown},
    components::{marks, places::Places},
    messages::{Message, fill, text},
    pages::dataset::View,
    router::Router,
    rows, site,
    state::{self, ALL_PERIODS, Selection, ViewState},
    words,
};

/// Value and label of an option.
pub type Choice = (String, String);

/// Every select of the page.
#[component]
pub fn Choose() -> impl IntoView {
    let view = expect_context::<View>();
    let language = view.opened.language;
    let current = move |read: fn(&Selection) -> String| {
        let selection = view.selection;
        Signal::derive(move || selection.with(|it| it.as_ref().map(read).unwrap_or_default()))
    };
    let options = |read: fn(&View, &Selection) -> Vec<Choice>| {
        let view = expect_context::<View>();
        Memo::new(move |_| {
            view.selection
                .get()
                .map(|it| read(&view, &it))
                .unwrap_or_default()
        })
    };
    let classes = options(classes);
    let period = {
        let view = view.clone();
        Signal::derive(move || {
            let Some(selection) = view.selection.get() else {
                return String::new();
            };
            if selection.over_time() {
                return ALL_PERIODS.to_owned();
            }
            let known = view
                .rows
                .get()
                .and_then(Result::ok)
                .map(|rows| rows::periods(&rows));
            let known = known.unwrap_or_default();
            selection
                .period
                .filter(|period| known.contains(period))
                .or_else(|| known.last().cloned())
                .unwrap_or_default()
        })
    };
    let published = Memo::new(move |_| {
        let published = Some(Status::Published);
        view.selection
            .with(|it| it.as_ref().is_some_and(|it| it.status == published))
    });
    let class = current(|it| it.class.clone().unwrap_or_default());
    let over = options(periods);
    let kinds = options(kinds);
    let kind = {
        let view = view.clone();
        Signal::derive(move || {
            let figure = view.figure.get();
            figure.map_or(String::new(), |it| it.kind.name().to_owned())
        })
    };
    let summary = {
        let view = view.clone();
        move || {
            let said = view
                .selection
                .with(|it| it.as_ref().map(|it| chosen(it, language)));
            said.unwrap_or_default()
        }
    };
    view! {
        <section class="choose" aria-label=text(language, Message::DataControls)>
        // On a phone they would stand before the chart, a whole screen high.
        <details open=!marks::is_narrow()>
            <summary>{live(summary)}</summary>
            <div class="choices">
            <Select
                name="indicator"
                label=Message::DataIndicator
                options=options(indicators)
                current=current(|it| it.indicator.id.clone())
            />
            <Select
                name="breakdown"
                label=Message::DataBreakdown
                options=options(breakdowns)
                current=current(|it| it.breakdown.id.clone())
            />
            {shown(
                move || !classes.with(Vec::is_empty),
                move || view! { <Select name="class" label=Message::DataClass options=classes current=class /> },
            )}
            <Select
                name="level"
                label=Message::DataLevel
                options=options(levels)
                current=current(|it| it.level.name().to_owned())
            />
            <Select
                name="granularity"
                label=Message::DataGranularity
                options=options(granularities)
                current=current(|it| it.granularity.name().to_owned())
            />
            {shown(
                move || published.get(),
                move || view! {
                    <Select name="period" label=Message::DataPeriod options=over current=period />
                    {shown(
                        move || kinds.with(Vec::len) > 1,
                        move || view! { <Select name="chart" label=Message::DataKind options=kinds current=kind /> },
                    )}
                    <Places />
                },
            )}
            </div>
        </details>
        </section>
    }
}

/// What is chosen besides the indicator, which stands above the chart.
fn chosen(selection: &Selection, language: Language) -> String {
    let level = text(language, words::level(selection.level));
    let granularity = text(language, words::granularity(selection.granularity));
    let controls = text(language, Message::DataControls);
    let breakdown = selection.breakdown.title.get(language);
    language.explained(controls, &format!("{breakdown} · {level} · {granularity}"))
}

#[component]
fn Select(
    name: &'static str,
    label: Message,
    options: Memo<Vec<Choice>>,
    current: Signal<String>,
) -> impl IntoView {
    let view = expect_context::<View>();
    let router = expect_context::<Router>();
    let language = view.opened.language;
    let changed = move |event: web_sys::Event| {
        let value = event_target_value(&event);
        let state = view.opened.frame.state.get_untracked();
        let state = match name {
            "level" => state::at_level(&view.dataset, &state, &value),
            _ => state.with(name, &value),
        };
        router.go(&site::dataset(language, &view.dataset.id, &state));
    };
    view! {
        <label>
            <span>{text(language, label)}</span>
            <select name=name on:change=heard(changed) prop:value=move || current.get()>
                {live(move || {
                    let chosen = current.get();
                    let option = |(value, label): Choice| {
                        let selected = value == chosen;
                        view! { <option value=value selected=selected>{label}</option> }.into_any()
                    };
                    options.get().into_iter().map(option).collect::<Vec<AnyView>>()
                })}
            </select>
        </label>
    }
}

fn indicators(view: &View, _: &Selection) -> Vec<Choice> {
    let mut indicators: Vec<_> = view.dataset.indicators.iter().collect();
    charts::order::by_key(&mut indicators, |indicator| indicator.order);
    let choice = |title: &contract::Localised| title.get(view.opened.language).to_owned();
    indicators
        .iter()
        .map(|it| (it.id.clone(), choice(&it.title)))
        .collect()
}

fn breakdowns(view: &View, _: &Selection) -> Vec<Choice> {
    let breakdowns = view.dataset.breakdowns.iter();
    breakdowns
        .map(|it| (it.id.clone(), it.title.get(view.opened.language).to_owned()))
        .collect()
}

fn classes(view: &View, selection: &Selection) -> Vec<Choice> {
    if selection.breakdown.id == TOTAL {
        return Vec::new();
    }
    let all = (
        String::new(),
        text(view.opened.language, Message::DataClassAll).to_owned(),
    );
    let classes = selection.breakdown.classes.iter();
    let classes = classes.map(|it| {
        (
            it.code.clone(),
            it.title.get(view.opened.language).to_owned(),
        )
    });
    std::iter::once(all).chain(classes).collect()
}

fn levels(view: &View, selection: &Selection) -> Vec<Choice> {
    let state = view.opened.frame.state.get_untracked();
    levels_of(&view.dataset, &state, selection, view.opened.language)
}

fn granularities(view: &View, selection: &Selection) -> Vec<Choice> {
    granularities_of(&view.dataset, selection, view.opened.language)
}

/// The levels that have a table; marked where it is of another length of period, or withheld.
pub fn levels_of(
    dataset: &Dataset,
    state: &ViewState,
    selection: &Selection,
    language: Language,
) -> Vec<Choice> {
    let tables = state::tables(dataset, &selection.indicator.id, &selection.breakdown.id);
    let choice = |&level: &Level| {
        tables.iter().find(|table| table.level == level)?;
        let taken = state::at_level(dataset, state, level.name());
        let taken = state::select(dataset, &taken)?;
        let title = text(language, words::level(level));
        let by = text(language, words::granularity(taken.granularity));
        let message = match taken.status {
            Some(Status::Published) if taken.granularity == selection.granularity => None,
            Some(Status::Published) => Some(Message::DataOtherOption),
            _ => Some(Message::DataWithheldOption),
        };
        let label = message.map_or(title.to_owned(), |message| {
            fill(language, message, &[("title", title), ("by", by)])
        });
        Some((level.name().to_owned(), label))
    };
    Level::ALL.iter().filter_map(choice).collect()
}

/// The lengths of period that have a table at this level; marked where that table is withheld.
pub fn granularities_of(
    dataset: &Dataset,
    selection: &Selection,
    language: Language,
) -> Vec<Choice> {
    let tables = state::tables(dataset, &selection.indicator.id, &selection.breakdown.id);
    let choice = |&granularity: &Granularity| {
        let ours = |it: &&TableState| it.granularity == granularity && it.level == selection.level;
        let table = tables.iter().find(ours)?;
        let title = text(language, words::granularity(granularity));
        let label = match table.status {
            Status::Published => title.to_owned(),
            _ => fill(language, Message::DataWithheldOption, &[("title", title)]),
        };
        Some((granularity.name().to_owned(), label))
    };
    Granularity::ALL.iter().filter_map(choice).collect()
}

fn periods(view: &View, _: &Selection) -> Vec<Choice> {
    let all = (
        ALL_PERIODS.to_owned(),
        text(view.opened.language, Message::DataPeriodAll).to_owned(),
    );
    let known = view
        .rows
        .get()
        .and_then(Result::ok)
        .map(|rows| rows::periods(&rows));
    let known = known.unwrap_or_default().into_iter().rev();
    let named = known.map(|period| {
        (
            period.clone(),
            charts::format::period(&period, view.opened.language),
        )
    });
    std::iter::once(all).chain(named).collect()
}

/// The kinds of chart that fit.
fn kinds(view: &View, _: &Selection) -> Vec<Choice> {
    let figure = view.figure.get();
    let kinds = figure.map(|figure| figure.kinds).unwrap_or_default();
    let choice = |kind: &charts::ChartKind| {
        let title = text(view.opened.language, words::chart(*kind));
        (kind.name().to_owned(), title.to_owned())
    };
    kinds.iter().map(choice).collect()
}
