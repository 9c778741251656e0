//! The chart and the table of an exploration.

use charts::{ChartKind, ChartSpec, Point, Series};
use contract::{Status, text::Language};
use leptos::prelude::*;

use crate::{
    explore::{Exploration, Measure, Source},
    figure::status_labels,
    finding::grouped,
    messages::{Message, fill},
    pages::layout::Opened,
    pivot::{Cell, Head, Pivot, is_time, title_of},
    words,
};

/// Rows of a chart of bars.
const MOST_BARS: usize = 30;
/// Series that colours can tell apart.
const MOST_SERIES: usize = 6;
/// Panels of small multiples.
const MOST_PANELS: usize = 12;
/// Columns that a table shows; the file to take along has all.
const MOST_COLUMNS: usize = 60;
/// Rows drawn at first, and with each press of "more".
const PAGE: usize = 200;

/// The pivot with its sides exchanged.
fn turned(pivot: &Pivot) -> Pivot {
    Pivot {
        rows: pivot.columns.clone(),
        columns: pivot.rows.clone(),
        cells: (0..pivot.columns.len())
            .map(|at| {
                pivot
                    .cells
                    .iter()
                    .filter_map(|row| row.get(at).cloned())
                    .collect()
            })
            .collect(),
        fixed: pivot.fixed.clone(),
    }
}

/// The chart of a pivot, and how many of how many rows it shows; none when it has more series than can be told
/// apart.
fn spec(
    exploration: &Exploration,
    pivot: &Pivot,
    width: u32,
    language: Language,
) -> Option<(ChartSpec, (usize, usize))> {
    // Time runs along the chart, whichever side it stands on.
    let second = exploration.columns.as_deref();
    let over_time = is_time(&exploration.rows) || second.is_some_and(is_time);
    let along = if second.is_some_and(is_time) && !is_time(&exploration.rows) {
        turned(pivot)
    } else {
        pivot.clone()
    };
    let over_time = over_time && along.rows.len() > 1;
    let most_series = if over_time { MOST_PANELS } else { MOST_SERIES };
    let along = match along.columns.len() > most_series && along.rows.len() <= MOST_SERIES {
        true if !over_time => turned(&along),
        _ => along,
    };
    if along.columns.len() > most_series {
        return None;
    }
    let shares = exploration.measure == Measure::ShareOfRow;
    let counts = matches!(exploration.source, Source::Records(_));
    let kind = match (over_time, along.columns.len()) {
        (true, ..=MOST_SERIES) => ChartKind::Line,
        (true, _) => ChartKind::Multiples,
        (false, 0 | 1) => ChartKind::Bar,
        (false, _) if counts || shares => ChartKind::Stacked,
        (false, _) => ChartKind::Grouped,
    };
    let total = along.rows.len();
    let most = if over_time {
        total
    } else {
        total.min(MOST_BARS)
    };
    let series = along.columns.iter().enumerate().map(|(at, column)| Series {
        label: column.label.clone(),
        points: along
            .rows
            .iter()
            .zip(&along.cells)
            .take(most)
            .filter_map(|(row, cells)| Some(point(row, column, cells.get(at)?, over_time)))
            .collect(),
    });
    let title = title_of(exploration, language);
    let points = (most * along.columns.len()).to_string();
    let spec = ChartSpec {
        kind,
        description: fill(
            language,
            Message::DataChartDescription,
            &[("count", &points)],
        ),
        title,
        language,
        unit: exploration.unit(),
        series: series.collect(),
        target: None,
        target_label: String::new(),
        breaks: Vec::new(),
        labels: status_labels(language),
        width,
        height: if over_time { 340 } else { 60 },
    };
    Some((spec, (most, total)))
}

fn point(row: &Head, column: &Head, cell: &Cell, over_time: bool) -> Point {
    let code = |head: &Head| head.code.clone().unwrap_or_default();
    Point {
        key: if over_time {
            code(row)
        } else {
            format!("{}/{}", code(row), code(column))
        },
        label: row.label.clone(),
        value: cell.value,
        interval: cell.row.as_ref().and_then(|row| row.interval),
        feasible: cell.row.as_ref().and_then(|row| row.feasible),
        status: cell.status,
        highlighted: false,
    }
}

/// The chart, or none where the table has to be it; its twin, the table, says the same, so that its marks need not be
/// reached by keyboard.
pub fn figure(opened: &Opened, exploration: &Exploration, pivot: &Pivot) -> Option<AnyView> {
    let language = opened.language;
    let narrow = window().inner_width().ok().and_then(|width| width.as_f64());
    let width = if narrow.is_some_and(|width| width < 640.0) {
        360
    } else {
        880
    };
    let (spec, (shown, total)) = spec(exploration, pivot, width, language)?;
    let limited = (shown < total).then(|| {
        let (shown, total) = (shown.to_string(), total.to_string());
        let values = [("shown", shown.as_str()), ("total", &total)];
        let said = fill(language, Message::ExplorerLimited, &values);
        view! { <p class="note">{said}</p> }
    });
    let drawn = match charts::draw(&spec) {
        Ok(svg) => {
            let svg = svg
                .replacen("role=\"img\"", "role=\"group\"", 1)
                .replace("tabindex=\"0\"", "role=\"img\"");
            view! { <div class="drawing"><div class="svg" inner_html=svg></div></div> }.into_any()
        }
        Err(error) => view! { <p role="alert">{error.to_string()}</p> }.into_any(),
    };
    let both = view! {
        {drawn}
        {limited}
    };
    Some(both.into_any())
}

/// A cell as readers write it.
fn written(cell: &Cell, exploration: &Exploration, language: Language) -> String {
    match (&cell.row, cell.value) {
        (Some(row), _) => words::value(row, exploration.unit(), language),
        (None, Some(value)) => match exploration.measure {
            Measure::Records => grouped(cell.records.unwrap_or(0), language),
            _ => charts::format::value(value, exploration.unit(), language),
        },
        (None, None) => "—".to_owned(),
    }
}

/// The table; its cells are shaded where it stands for a chart.
pub fn table(
    opened: &Opened,
    exploration: &Exploration,
    pivot: &Pivot,
    shades: Option<(f64, f64)>,
) -> AnyView {
    let language = opened.language;
    let sums = exploration.measure == Measure::Records && pivot.columns.len() > 1;
    let (of_rows, of_columns, all) = pivot.totals();
    let two = exploration.columns.is_some();
    let corner = match exploration.columns.as_deref() {
        Some(columns) => format!(
            "{} \\ {}",
            exploration.title(&exploration.rows),
            exploration.title(columns)
        ),
        None => exploration.title(&exploration.rows).to_owned(),
    };
    let value_head = title_of(exploration, language);
    let heads = pivot.columns.iter().take(MOST_COLUMNS).map(|head| {
        let label = if two {
            head.label.clone()
        } else {
            value_head.clone()
        };
        view! { <th scope="col" class="number">{label}</th> }
    });
    let heads = heads.collect_view();
    let total = opened.word(Message::ExplorerTotal);
    let total_head = sums.then(|| view! { <th scope="col" class="number">{total}</th> });
    let foot = sums.then(|| {
        let cells = of_columns.iter().take(MOST_COLUMNS).map(|count| {
            view! { <td class="number">{grouped(*count, language)}</td> }
        });
        view! {
            <tfoot>
                <tr>
                    <th scope="row">{total}</th>
                    {cells.collect_view()}
                    <td class="number">{grouped(all, language)}</td>
                </tr>
            </tfoot>
        }
    });
    let left_out = pivot.columns.len().saturating_sub(MOST_COLUMNS);
    let left_out = (left_out > 0).then(|| {
        let (shown, total) = (MOST_COLUMNS.to_string(), pivot.columns.len().to_string());
        let values = [("shown", shown.as_str()), ("total", &total)];
        view! { <p class="note">{fill(language, Message::ExplorerColumnsLimited, &values)}</p> }
    });
    let count = pivot.rows.len();
    let (most, show) = signal(PAGE);
    let left = move || count.saturating_sub(most.get()).min(PAGE);
    let body = {
        let (exploration, pivot) = (exploration.clone(), pivot.clone());
        move || {
            let rows = pivot
                .rows
                .iter()
                .zip(&pivot.cells)
                .enumerate()
                .take(most.get());
            let row = |(at, (head, cells)): (usize, (&Head, &Vec<Cell>))| {
                let cell = |cell: &Cell| {
                    let quiet = cell.status != Status::Published;
                    let hatched = cell.status == Status::Suppressed;
                    let said = written(cell, &exploration, language);
                    let shade = shades.zip(cell.value);
                    let class = shade.map_or("number".to_owned(), |(range, value)| {
                        format!("number t{}", charts::shade(value, Some(range)))
                    });
                    view! { <td class=class class:quiet=quiet class:hatched=hatched>{said}</td> }
                };
                let cells = cells.iter().take(MOST_COLUMNS).map(cell).collect_view();
                let sum = of_rows.get(at).copied().unwrap_or(0);
                let sum = sums.then(|| view! { <td class="number">{grouped(sum, language)}</td> });
                view! { <tr><th scope="row">{head.label.clone()}</th>{cells}{sum}</tr> }
            };
            rows.map(row).collect_view()
        }
    };
    let caption = title_of(exploration, language);
    view! {
        <div class="scroll" tabindex="0" role="group" aria-labelledby="pivot">
            <table class="pivot">
                <caption id="pivot">{caption}</caption>
                <thead><tr><th scope="col">{corner}</th>{heads}{total_head}</tr></thead>
                <tbody>{body}</tbody>
                {foot}
            </table>
        </div>
        {left_out}
        <Show when=move || { left() > 0 }>
            <button type="button" on:click=move |_| show.update(|most| *most += PAGE)>
                {move || fill(language, Message::TableMore, &[("count", &left().to_string())])}
            </button>
        </Show>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use contract::snapshot::PublishedRecords;

    use super::*;

    /// How a count of so many rows and columns is drawn, and with how many series.
    fn drawn(rows: usize, columns: usize, side: &str) -> Option<(ChartKind, usize)> {
        let exploration = Exploration {
            dataset: Arc::new(crate::fixtures::dataset("whistle", Vec::new())),
            source: Source::Records(PublishedRecords {
                path: String::new(),
                columns: Vec::new(),
                rows: 1,
                k: 2,
            }),
            measure: Measure::Records,
            variables: Vec::new(),
            rows: "place".to_owned(),
            columns: Some(side.to_owned()),
            filters: Vec::new(),
        };
        let heads = |count: usize| -> Vec<Head> {
            let head = |at: usize| Head {
                code: Some(at.to_string()),
                label: at.to_string(),
            };
            (0..count).map(head).collect()
        };
        let cell = |at: usize| Cell {
            value: Some(at as f64),
            status: Status::Published,
            records: None,
            row: None,
        };
        let row = |at: usize| (0..columns).map(|column| cell(at + column)).collect();
        let pivot = Pivot {
            rows: heads(rows),
            columns: heads(columns),
            cells: (0..rows).map(row).collect(),
            fixed: Vec::new(),
        };
        assert_eq!(pivot.range(), Some((0.0, (rows + columns - 2) as f64)));
        let (spec, _) = spec(&exploration, &pivot, 880, Language::EN)?;
        charts::draw(&spec).expect("it is drawn");
        Some((spec.kind, spec.series.len()))
    }

    #[test]
    fn what_colours_cannot_tell_apart_is_no_chart() {
        for (rows, columns, side, expected) in [
            (20, 1, "tier", Some((ChartKind::Bar, 1))),
            (20, 6, "tier", Some((ChartKind::Stacked, 6))),
            (6, 20, "tier", Some((ChartKind::Stacked, 6))),
            (7, 7, "tier", None),
            (6, 20, "month", Some((ChartKind::Line, 6))),
            (12, 20, "month", Some((ChartKind::Multiples, 12))),
            (13, 20, "month", None),
        ] {
            assert_eq!(
                drawn(rows, columns, side),
                expected,
                "{rows} × {columns} {side}"
            );
        }
    }
}
