//! The table twin of a chart.

use std::{cmp::Ordering, sync::Arc, time::Duration};

use charts::format;
use contract::{Status, snapshot::TOTAL};
use leptos::prelude::*;

use crate::{
    components::live::live,
    messages::{Message, fill, text},
    pages::dataset::View,
    parts::Written,
    router::Router,
    rows::{self, Row},
    state::{ALL_PERIODS, Selection},
    words,
};

/// Rows drawn at first, and with each press of "more".
const PAGE: usize = 200;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Place,
    Period,
    Class,
    Value,
    Numerator,
    Denominator,
    Status,
    Revision,
}

impl Column {
    const ALL: [Self; 8] = [
        Self::Place,
        Self::Period,
        Self::Class,
        Self::Value,
        Self::Numerator,
        Self::Denominator,
        Self::Status,
        Self::Revision,
    ];

    /// The name in the address.
    fn name(self) -> &'static str {
        match self {
            Self::Place => "place",
            Self::Period => "period",
            Self::Class => "class",
            Self::Value => "value",
            Self::Numerator => "numerator",
            Self::Denominator => "denominator",
            Self::Status => "status",
            Self::Revision => "revision",
        }
    }
}

/// Whether a row has no number in a column of numbers.
fn missing(column: Column, row: &Row) -> bool {
    match column {
        Column::Value => row.value.is_none(),
        Column::Numerator => row.numerator.is_none(),
        Column::Denominator => row.denominator.is_none(),
        _ => false,
    }
}

fn order(column: Column, a: &Row, b: &Row) -> Ordering {
    match column {
        Column::Place => a.place.cmp(&b.place),
        Column::Period => a.period.cmp(&b.period),
        Column::Class => a.class.cmp(&b.class),
        Column::Value => a.value.partial_cmp(&b.value).unwrap_or(Ordering::Equal),
        Column::Numerator => a.numerator.cmp(&b.numerator),
        Column::Denominator => a.denominator.cmp(&b.denominator),
        Column::Status => a.status.cmp(&b.status),
        Column::Revision => a.revision.cmp(&b.revision),
    }
}

/// Column and direction of an order in the address: `value`, or `-value` from the greatest.
fn ordered_by(sort: Option<&str>) -> (Column, bool) {
    let sort = sort.unwrap_or("-period");
    let (name, down) = match sort.strip_prefix('-') {
        Some(name) => (name, true),
        None => (sort, false),
    };
    let column = Column::ALL.into_iter().find(|column| column.name() == name);
    (column.unwrap_or(Column::Period), down)
}

fn sort(rows: &mut [&Row], (by, down): (Column, bool)) {
    charts::order::by(rows, |a, b| {
        let order = order(by, a, b);
        let order = if down { order.reverse() } else { order };
        // What has no number stands at the end either way: it is not the least.
        missing(by, a).cmp(&missing(by, b)).then(order)
    });
}

/// The rows that a selection keeps: its places, its class, its period.
fn kept(selection: &Selection, rows: &[Row]) -> Vec<Row> {
    // A period that is not there is replaced by the newest, as in the chart.
    let asked = selection.period.as_ref();
    let period = asked.filter(|it| **it != ALL_PERIODS).and_then(|asked| {
        let mut known = rows::periods(rows);
        let newest = known.pop()?;
        Some(if known.contains(asked) {
            asked.clone()
        } else {
            newest
        })
    });
    let wanted = |row: &&Row| {
        (selection.places.is_empty() || selection.places.contains(&row.place))
            && selection
                .class
                .as_ref()
                .is_none_or(|class| row.class == *class)
            && period.as_ref().is_none_or(|period| row.period == *period)
    };
    rows.iter().filter(wanted).cloned().collect()
}

/// The rows of a selection as the table shows them, all of them.
pub fn as_shown(selection: &Selection, rows: &[Row], order: Option<&str>) -> Vec<Row> {
    let kept = kept(selection, rows);
    let mut ours: Vec<&Row> = kept.iter().collect();
    sort(&mut ours, ordered_by(order));
    ours.into_iter().cloned().collect()
}

/// Every row of a selection, sortable.
#[component]
pub fn Twin(
    /// The selection.
    selection: Selection,
    /// Its rows.
    rows: Arc<Vec<Row>>,
) -> impl IntoView {
    let view = expect_context::<View>();
    let language = view.opened.language;
    let router = expect_context::<Router>();
    // The order lives in the address: `sort=value`, or `sort=-value` from the greatest.
    let sorted = {
        let state = view.opened.frame.state;
        Memo::new(move |_| state.with(|state| ordered_by(state.get("sort"))))
    };
    let (most, show) = signal(PAGE);
    // Said when the table comes, and when its order changes. A region that comes with its text is not read out.
    let said = RwSignal::new(String::new());
    let rows: Arc<Vec<Row>> = Arc::new(kept(&selection, &rows));
    let count = rows.len();
    let unit = selection.indicator.unit;
    let mut columns = vec![
        (
            Column::Place,
            text(language, Message::TablePlace).to_owned(),
        ),
        (
            Column::Period,
            text(language, Message::TablePeriod).to_owned(),
        ),
    ];
    if selection.breakdown.id != TOTAL {
        columns.push((
            Column::Class,
            text(language, Message::TableClass).to_owned(),
        ));
    }
    let unit_name = words::unit_of(&selection.indicator, language);
    columns.extend([
        (
            Column::Value,
            fill(language, Message::TableValue, &[("unit", unit_name)]),
        ),
        (
            Column::Numerator,
            text(language, Message::DataNumerator).to_owned(),
        ),
        (
            Column::Denominator,
            text(language, Message::DataDenominator).to_owned(),
        ),
        (
            Column::Status,
            text(language, Message::TableStatus).to_owned(),
        ),
        (
            Column::Revision,
            text(language, Message::TableRevision).to_owned(),
        ),
    ]);
    let announced = fill(
        language,
        Message::TableCame,
        &[("count", &count.to_string())],
    );
    set_timeout(
        move || {
            said.try_set(announced);
        },
        Duration::from_millis(300),
    );
    let shown: Vec<Column> = columns.iter().map(|(column, _)| *column).collect();
    let heads = columns.into_iter().map(|(column, title)| {
        let state = move || match sorted.get() {
            (by, true) if by == column => "descending",
            (by, false) if by == column => "ascending",
            _ => "none",
        };
        let label = fill(language, Message::TableSort, &[("column", &title)]);
        let (view, named) = (view.clone(), title.clone());
        let press = move |_| {
            let (by, down) = sorted.get_untracked();
            let (mark, sorted) = if by == column && !down {
                ("-", Message::TableSortedDown)
            } else {
                ("", Message::TableSortedUp)
            };
            said.set(fill(language, sorted, &[("column", &named)]));
            router.replace(&view.href("sort", &format!("{mark}{}", column.name())));
        };
        view! {
            <th scope="col" aria-sort=state>
                <button type="button" title=label on:click=press>{title}</button>
            </th>
        }
    });
    let caption = fill(
        language,
        Message::TableCaption,
        &[
            ("indicator", selection.indicator.title.get(language)),
            ("level", text(language, words::level(selection.level))),
            (
                "granularity",
                text(language, words::granularity(selection.granularity)),
            ),
        ],
    );
    let class = {
        let classes = selection.breakdown.classes.clone();
        move |code: &str| {
            let class = classes.iter().find(|class| class.code == code);
            class
                .map_or(code, |class| class.title.get(language))
                .to_owned()
        }
    };
    let heads = heads.collect_view();
    let snapshot = view.opened.snapshot.clone();
    let body = move || {
        let mut ours: Vec<&Row> = rows.iter().collect();
        sort(&mut ours, sorted.get());
        let cell = |column: Column, row: &Row| match column {
            Column::Place => {
                let name = snapshot.place_name(&row.place, language).to_owned();
                view! { <th scope="row">{name}</th> }.into_any()
            }
            Column::Period => view! { <td>{format::period(&row.period, language)}</td> }.into_any(),
            Column::Class => view! { <td>{class(&row.class)}</td> }.into_any(),
            Column::Value => {
                let value = words::whole(row, unit, language);
                let quiet = row.status != Status::Published;
                let hatched = row.status == Status::Suppressed;
                view! { <td class="number" class:quiet=quiet class:hatched=hatched>{value}</td> }
                    .into_any()
            }
            Column::Numerator | Column::Denominator => {
                let (count, side) = if column == Column::Numerator {
                    (row.numerator, selection.parts.numerator)
                } else {
                    (row.denominator, selection.parts.denominator)
                };
                let written = count
                    .zip(side)
                    .map(|(count, side)| side.write(count, language));
                view! { <td class="number">{written.unwrap_or("—".to_owned())}</td> }.into_any()
            }
            Column::Status => {
                view! { <td>{text(language, words::status(row.status))}</td> }.into_any()
            }
            Column::Revision => {
                view! { <td>{text(language, words::revision(row.revision))}</td> }.into_any()
            }
        };
        let row = |row: &Row| {
            view! { <tr>{shown.iter().map(|&column| cell(column, row)).collect_view()}</tr> }
        };
        ours.into_iter().take(most.get()).map(row).collect_view()
    };
    let left = move || count.saturating_sub(most.get()).min(PAGE);
    view! {
        <p class="spoken" role="status">{live(move || said.get())}</p>
        <p class="note">{fill(language, Message::TableRows, &[("count", &count.to_string())])}</p>
        <div class="scroll" tabindex="0" role="group" aria-labelledby="twin">
            <table>
                <caption id="twin">{caption}</caption>
                <thead><tr>{heads}</tr></thead>
                <tbody>{body}</tbody>
            </table>
        </div>
        <Show when=move || { left() > 0 }>
            <button type="button" on:click=move |_| show.update(|most| *most += PAGE)>
                {move || fill(language, Message::TableMore, &[("count", &left().to_string())])}
            </button>
        </Show>
    }
}
