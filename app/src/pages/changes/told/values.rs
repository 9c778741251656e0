//! The values of two snapshots: how many became what, and which.

use contract::{Granularity, indicator::Indicator, text::Language};
use leptos::prelude::*;

use super::of_snapshot;
use crate::{
    changes::{Kind, Value, Values},
    finding::grouped,
    messages::{Message, fill, text},
    pages::{changes::Difference, layout::Opened},
    rows::Row,
    site,
    state::ViewState,
    words,
};

/// Values listed at first, and more each time that they are asked for.
const MOST: usize = 50;

fn name(kind: Kind) -> Message {
    match kind {
        Kind::Revised => Message::ChangesRevised,
        Kind::Added => Message::ChangesAdded,
        Kind::Withheld => Message::ChangesNowWithheld,
        Kind::Gone => Message::ChangesGone,
    }
}

/// The counts by length of period, then a list of each kind but of what was added.
pub(super) fn told(
    opened: &Opened,
    difference: &Difference,
    dataset: &str,
    values: &Values,
) -> AnyView {
    let number =
        |count: &usize| grouped(i64::try_from(*count).unwrap_or(i64::MAX), opened.language);
    let lengths = Granularity::ALL.iter().zip(&values.counts);
    let lines: Vec<AnyView> = lengths
        .map(|(length, counts)| {
            let cells: Vec<AnyView> = counts
                .iter()
                .map(|count| view! { <td class="number">{number(count)}</td> }.into_any())
                .collect();
            let length = opened.word(words::granularity(*length));
            view! { <tr><th scope="row">{length}</th>{cells}</tr> }.into_any()
        })
        .collect();
    let kinds = Kind::ALL.iter().map(|&kind| {
        view! { <th scope="col" class="number">{opened.word(name(kind))}</th> }.into_any()
    });
    let kinds: Vec<AnyView> = kinds.collect();
    let id = format!("values-{dataset}");
    let lists = Kind::ALL.iter();
    let lists: Vec<AnyView> = lists
        .map(|&kind| list(opened, difference, dataset, kind, values))
        .collect();
    view! {
        <div class="scroll" tabindex="0" role="group" aria-labelledby=id.clone()>
            <table class="counts">
                <caption id=id.clone()>{opened.word(Message::ChangesValues)}</caption>
                <thead>
                    <tr><th scope="col">{opened.word(Message::DataGranularity)}</th>{kinds}</tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
        {lists}
    }
    .into_any()
}

/// The values of which became one thing, some at a time.
fn list(
    opened: &Opened,
    difference: &Difference,
    dataset: &str,
    kind: Kind,
    values: &Values,
) -> AnyView {
    let language = opened.language;
    let lines: Vec<Line> = values
        .of(kind)
        .filter_map(|value| Line::new(opened, difference, dataset, value))
        .collect();
    let all = lines.len();
    if all == 0 {
        return ().into_any();
    }
    let shown = RwSignal::new(MOST);
    let lines = StoredValue::new(lines);
    let rows = move || {
        let first = |lines: &Vec<Line>| -> Vec<AnyView> {
            lines.iter().take(shown.get()).map(Line::row).collect()
        };
        lines.with_value(first)
    };
    let head = |message, class: &'static str| {
        view! { <th scope="col" class=class>{opened.word(message)}</th> }
    };
    let id = format!("{}-{dataset}", kind as usize);
    let count = all.to_string();
    let values = [("kind", opened.word(name(kind))), ("count", &count)];
    let caption = fill(language, Message::ChangesList, &values);
    // The button stays when all is shown: the focus is on it.
    let more = (all > MOST).then(|| {
        let left = move || all.saturating_sub(shown.get());
        let said = move || match left().min(MOST) {
            0 => text(language, Message::ChangesAllShown).to_owned(),
            next => fill(
                language,
                Message::ChangesMore,
                &[("count", &next.to_string())],
            ),
        };
        let press = move |_| shown.update(|shown| *shown = all.min(*shown + MOST));
        let done = move || (left() == 0).then_some("true");
        view! {
            <button type="button" class="more" aria-disabled=done on:click=press>{said}</button>
        }
    });
    view! {
        <div class="scroll" tabindex="0" role="group" aria-labelledby=id.clone()>
            <table>
                <caption id=id.clone()>{caption}</caption>
                <thead>
                    <tr>
                        {head(Message::DataIndicator, "")} {head(Message::TablePlace, "")}
                        {head(Message::TablePeriod, "")} {head(Message::ChangesBefore, "number")}
                        {head(Message::ChangesAfter, "number")}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {more}
    }
    .into_any()
}

/// One changed value, as it is written.
struct Line {
    /// The view that shows it: where it is no longer there, as it was. Its address is written when it is shown.
    view: (Language, String, ViewState),
    title: String,
    cells: [String; 4],
}

impl Line {
    /// None where the snapshots do not name its indicator.
    fn new(opened: &Opened, difference: &Difference, dataset: &str, value: &Value) -> Option<Self> {
        let language = opened.language;
        let shown = match value.after {
            Some(_) => &difference.after,
            None => &difference.before,
        };
        let of = |row: &Row| {
            let indicators = shown.dataset(dataset)?.indicators.iter();
            let mut same = indicators.filter(|it| it.id == row.indicator);
            same.next()
        };
        let indicator = of(&value.before)?;
        let Row { place, period, .. } = &value.before;
        let mut state = of_snapshot(opened, shown).with("indicator", &indicator.id);
        if let Some(place) = opened.snapshot.places.get(place) {
            state = state.with("level", place.level.name());
            state = state.with("granularity", value.granularity.name());
            if place.parent.is_some() {
                state = state.with("places", &place.code);
            }
        }
        let [before, after] = written(opened, indicator, value);
        Some(Self {
            view: (language, dataset.to_owned(), state.with("period", "all")),
            title: indicator.title.get(language).to_owned(),
            cells: [
                opened.snapshot.place_name(place, language).to_owned(),
                charts::format::period(period, language),
                before,
                after,
            ],
        })
    }

    fn row(&self) -> AnyView {
        let [place, period, before, after] = self.cells.clone();
        let (language, dataset, state) = &self.view;
        let href = site::dataset(*language, dataset, state);
        view! {
            <tr>
                <th scope="row"><a href=href>{self.title.clone()}</a></th>
                <td>{place}</td>
                <td>{period}</td>
                <td class="number">{before}</td>
                <td class="number">{after}</td>
            </tr>
        }
        .into_any()
    }
}

/// The value before and now; with all of their digits where they would read the same.
fn written(opened: &Opened, indicator: &Indicator, value: &Value) -> [String; 2] {
    let language = opened.language;
    let write = |row: &Row| words::value(row, indicator.unit, language);
    let (was, now) = (&value.before, value.after.as_ref());
    let both = [
        write(was),
        now.map_or_else(|| text(language, Message::ChangesGone).to_owned(), write),
    ];
    match (was.value, now.and_then(|row| row.value)) {
        (Some(old), Some(new)) if both[0] == both[1] => {
            [old, new].map(|value| charts::format::exact(value, indicator.unit, language))
        }
        _ => both,
    }
}
