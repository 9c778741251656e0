//! The specification of a figure's chart.

use charts::{ChartKind, ChartSpec, Point, Series, StatusLabels};
use contract::{Level, Period, text::Language};

use super::Figure;
use crate::{
    messages::{Message, fill, text},
    rows::Row,
    snapshot::Snapshot,
    state::Selection,
};

/// The words for values that are not there.
pub fn status_labels(language: Language) -> StatusLabels {
    let word = |message| text(language, message).to_owned();
    StatusLabels {
        suppressed: word(Message::StatusSuppressed),
        not_applicable: word(Message::StatusNotApplicable),
        not_collected: word(Message::StatusNotCollected),
    }
}

/// The key of a row's mark in a chart.
pub fn key(kind: ChartKind, row: &Row) -> String {
    if kind.over_time() {
        row.period.clone()
    } else {
        format!("{}/{}", row.place, row.class)
    }
}

/// The first period drawn under each new definition.
fn breaks(figure: &Figure, selection: &Selection) -> Vec<String> {
    let mut periods: Vec<Period> = figure
        .series
        .iter()
        .flat_map(|line| &line.points)
        .filter_map(|(_, row)| row.period.parse().ok())
        .collect();
    charts::order::plain(&mut periods);
    let breaks = selection.indicator.method.breaks.iter();
    let first = |from: Period| periods.iter().find(|period| **period >= from);
    breaks
        .filter_map(|it| first(it.period))
        .map(ToString::to_string)
        .collect()
}

/// The name of a chart: the indicator and whose it is, or of which places within.
pub fn title(snapshot: &Snapshot, selection: &Selection, language: Language) -> String {
    let place = match selection.places.as_slice() {
        [] => {
            let whole = snapshot.widest_name(language);
            let by = match selection.level {
                Level::City => None,
                Level::District => Some(Message::LevelByDistrict),
                Level::Street => Some(Message::LevelByStreet),
                Level::Community => Some(Message::LevelByCommunity),
            };
            by.map_or(whole.to_owned(), |by| {
                fill(language, by, &[("place", whole)])
            })
        }
        codes => {
            let names: Vec<&str> = codes
                .iter()
                .map(|code| snapshot.place_name(code, language))
                .collect();
            language.list(&names)
        }
    };
    let indicator = selection.indicator.title.get(language);
    fill(
        language,
        Message::DataChartTitle,
        &[("indicator", indicator), ("place", &place)],
    )
}

/// The chart of a figure.
pub fn chart(
    figure: &Figure,
    selection: &Selection,
    title: &str,
    width: u32,
    language: Language,
) -> ChartSpec {
    let points: usize = figure.series.iter().map(|line| line.points.len()).sum();
    let point = |label: &String, row: &Row| Point {
        key: key(figure.kind, row),
        label: label.clone(),
        value: row.value,
        interval: row.interval,
        feasible: row.feasible,
        status: row.status,
        highlighted: !figure.kind.over_time() && selection.places.contains(&row.place),
    };
    ChartSpec {
        kind: figure.kind,
        title: title.to_owned(),
        description: fill(
            language,
            Message::DataChartDescription,
            &[("count", &points.to_string())],
        ),
        language,
        unit: selection.indicator.unit,
        series: figure
            .series
            .iter()
            .map(|line| Series {
                label: line.label.clone(),
                points: line
                    .points
                    .iter()
                    .map(|(label, row)| point(label, row))
                    .collect(),
            })
            .collect(),
        target: selection.target(),
        target_label: text(language, Message::DataTargetLabel).to_owned(),
        breaks: breaks(figure, selection),
        labels: status_labels(language),
        width,
        height: match figure.kind {
            ChartKind::Line => 340,
            _ => 60,
        },
    }
}

/// Panels whose letters can be read in a picture.
const MOST_PICTURED: usize = 6;

/// The chart of a figure for a picture, and, where it leaves places or classes out, how many it shows of how many.
pub fn pictured(
    figure: &Figure,
    selection: &Selection,
    title: &str,
    width: u32,
    language: Language,
) -> (ChartSpec, Option<String>) {
    let mut spec = chart(figure, selection, title, width, language);
    let (mut shown, total) = figure.shown;
    if figure.kind == ChartKind::Multiples {
        spec.series.truncate(MOST_PICTURED);
        shown = spec.series.len();
    }
    (spec, limited(shown, total, language))
}

/// Where a chart leaves places or classes out, how many it shows of how many.
pub fn left_out(figure: &Figure, language: Language) -> Option<String> {
    let (shown, total) = figure.shown;
    limited(shown, total, language)
}

fn limited(shown: usize, total: usize, language: Language) -> Option<String> {
    (shown < total).then(|| {
        let (shown, total) = (shown.to_string(), total.to_string());
        let values = [("shown", shown.as_str()), ("total", &total)];
        fill(language, Message::EmbedLimited, &values)
    })
}
