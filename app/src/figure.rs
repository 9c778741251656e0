//! What a view draws: which rows, as which series, in which order.

use charts::{ChartKind, ChartSpec, Point, Series, StatusLabels, format};
use contract::{indicator::Direction, snapshot::TOTAL, text::Language};

use crate::{
    messages::{Message, fill, text},
    published::Snapshot,
    rows::{self, Row},
    state::{MOST_PLACES, Selection},
};

/// Bars drawn when no places are chosen.
const MOST_BARS: usize = 30;

/// A figure: labelled rows in series.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Lines over time, or bars in one period.
    pub kind: ChartKind,
    /// The period of the bars.
    pub period: Option<String>,
    /// The series.
    pub series: Vec<Line>,
    /// How many places or classes are drawn, of how many.
    pub shown: (usize, usize),
}

/// One series of a figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Label.
    pub label: String,
    /// Label and row of every point.
    pub points: Vec<(String, Row)>,
}

/// The rows that a selection shows, and how.
pub fn figure(
    snapshot: &Snapshot,
    selection: &Selection,
    all: &[Row],
    language: Language,
) -> Figure {
    let of_class = |row: &&Row| {
        selection
            .class
            .as_ref()
            .is_none_or(|class| row.class == *class)
    };
    let rows: Vec<&Row> = all.iter().filter(of_class).collect();
    let mut places: Vec<&str> = rows.iter().map(|row| row.place.as_str()).collect();
    places.sort_unstable();
    places.dedup();
    let chosen: Vec<&str> = selection
        .places
        .iter()
        .map(String::as_str)
        .filter(|code| places.contains(code))
        .collect();
    let by_class = selection.breakdown.id != TOTAL && selection.class.is_none();
    let name = |place: &str| snapshot.place_name(place, language).to_owned();
    let class = |code: &str| {
        let class = selection
            .breakdown
            .classes
            .iter()
            .find(|class| class.code == code);
        class
            .map_or(code, |class| class.title.get(language))
            .to_owned()
    };
    if selection.over_time() {
        let keys: Vec<(&str, Option<&str>, String)> = if by_class {
            let place = chosen
                .first()
                .or(places.first())
                .copied()
                .unwrap_or_default();
            let classes = selection.breakdown.classes.iter();
            classes
                .map(|c| (place, Some(c.code.as_str()), class(&c.code)))
                .collect()
        } else {
            let places = if chosen.is_empty() { &places } else { &chosen };
            places
                .iter()
                .map(|&place| (place, None, name(place)))
                .collect()
        };
        let total = keys.len();
        let series: Vec<Line> = keys
            .into_iter()
            .take(MOST_PLACES)
            .map(|(place, class, label)| {
                let ours = rows.iter().filter(|row| {
                    row.place == place && class.is_none_or(|class| row.class == class)
                });
                let mut points: Vec<(String, Row)> = ours
                    .map(|row| (format::period(&row.period, language), (*row).clone()))
                    .collect();
                points.sort_by(|a, b| a.1.period.cmp(&b.1.period));
                Line { label, points }
            })
            .collect();
        let shown = (series.len(), total);
        return Figure {
            kind: ChartKind::Line,
            period: None,
            series,
            shown,
        };
    }
    let period = selection
        .period
        .clone()
        .filter(|period| all.iter().any(|row| row.period == *period))
        .or_else(|| rows::periods(all).pop());
    let now = rows
        .iter()
        .filter(|row| Some(&row.period) == period.as_ref());
    let mut points: Vec<(String, Row)> = if by_class {
        let places = if chosen.is_empty() {
            places.get(..1).unwrap_or_default()
        } else {
            &chosen
        };
        let several = places.len() > 1;
        now.filter(|row| places.contains(&row.place.as_str()))
            .map(|row| {
                let label = class(&row.class);
                let label = if several {
                    format!("{} · {label}", name(&row.place))
                } else {
                    label
                };
                (label, (*row).clone())
            })
            .collect()
    } else {
        now.filter(|row| chosen.is_empty() || chosen.contains(&row.place.as_str()))
            .map(|row| (name(&row.place), (*row).clone()))
            .collect()
    };
    // Only what may be ranked is sorted by value; the rest keeps the order of the codes, classes that of the contract.
    let rank = |code: &str| {
        selection
            .breakdown
            .classes
            .iter()
            .position(|class| class.code == code)
    };
    if by_class {
        points.sort_by_key(|(_, row)| (row.place.clone(), rank(&row.class)));
    } else if selection.indicator.direction != Direction::Neutral {
        let key = |row: &Row| row.value.unwrap_or(f64::NEG_INFINITY);
        points.sort_by(|a, b| key(&b.1).total_cmp(&key(&a.1)));
    }
    let total = points.len();
    points.truncate(MOST_BARS);
    let shown = (points.len(), total);
    let label = period
        .as_deref()
        .map_or(String::new(), |p| format::period(p, language));
    Figure {
        kind: ChartKind::Bar,
        period,
        series: vec![Line { label, points }],
        shown,
    }
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
    let word = |message| text(language, message).to_owned();
    let point = |label: &String, row: &Row| Point {
        key: match figure.kind {
            ChartKind::Line => row.period.clone(),
            ChartKind::Bar => format!("{}/{}", row.place, row.class),
        },
        label: label.clone(),
        value: row.value,
        interval: row.interval,
        status: row.status,
        highlighted: figure.kind == ChartKind::Bar && selection.places.contains(&row.place),
    };
    ChartSpec {
        kind: figure.kind,
        title: title.to_owned(),
        description: fill(
            language,
            Message::DataChartDescription,
            &[("title", title), ("count", &points.to_string())],
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
        target: selection
            .indicator
            .target
            .as_ref()
            .map(|target| target.value),
        target_label: word(Message::DataTargetLabel),
        labels: StatusLabels {
            suppressed: word(Message::StatusSuppressed),
            not_applicable: word(Message::StatusNotApplicable),
            not_collected: word(Message::StatusNotCollected),
        },
        width,
        height: match figure.kind {
            ChartKind::Bar => 60,
            ChartKind::Line => 320,
        },
    }
}
