//! What a view draws: which rows, as which series, in which order, as which kind of chart.

mod spec;
mod time;

use charts::{ChartKind, format};
use contract::{
    Level,
    indicator::{Direction, Formula, Indicator},
    snapshot::TOTAL,
    text::Language,
};

pub use spec::{chart, key, left_out, pictured, status_labels, title};

use crate::{
    rows::{self, Row},
    snapshot::Snapshot,
    state::Selection,
};

/// Bars drawn when no places are chosen.
const MOST_BARS: usize = 30;
/// Panels of small multiples.
const MOST_PANELS: usize = 12;
/// Tiles of a schematic map.
const MOST_TILES: usize = 120;
/// Classes that colours can tell apart.
const MOST_CLASSES: usize = 6;

/// A figure: labelled rows in series.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// How it is drawn.
    pub kind: ChartKind,
    /// How else it can be drawn; the first one is the default.
    pub kinds: Vec<ChartKind>,
    /// The one period of a figure that compares places or classes.
    pub period: Option<String>,
    /// The series.
    pub series: Vec<Line>,
    /// What the places have in one period, drawn or not: those of a course in the last period of which any is
    /// published, those of a comparison where not all are drawn; otherwise empty.
    pub last: Vec<(String, Row)>,
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

/// Whether the values of parts add up to that of the whole.
pub fn additive(indicator: &Indicator) -> bool {
    matches!(
        indicator.formula,
        Formula::Count { .. } | Formula::Sum { .. }
    )
}

/// The title of a class.
pub fn class_title(selection: &Selection, code: &str, language: Language) -> String {
    let class = selection.breakdown.classes.iter().find(|c| c.code == code);
    class
        .map_or(code, |class| class.title.get(language))
        .to_owned()
}

/// What the figure is made from.
struct Material<'a> {
    snapshot: &'a Snapshot,
    selection: &'a Selection,
    /// The rows of the chosen class, or all.
    rows: Vec<&'a Row>,
    /// Every place, in the order of the codes.
    places: Vec<&'a str>,
    /// The places that the reader chose.
    chosen: Vec<&'a str>,
    by_class: bool,
    language: Language,
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
    charts::order::plain(&mut places);
    places.dedup();
    let chosen = selection
        .places
        .iter()
        .map(String::as_str)
        .filter(|code| places.contains(code))
        .collect();
    let material = Material {
        snapshot,
        selection,
        rows,
        places,
        chosen,
        by_class: selection.breakdown.id != TOTAL && selection.class.is_none(),
        language,
    };
    if selection.over_time() {
        return material.over_time();
    }
    let period = selection
        .period
        .clone()
        .filter(|period| all.iter().any(|row| row.period == *period))
        .or_else(|| rows::periods(all).pop());
    if material.by_class {
        material.classes(period)
    } else {
        material.places(period)
    }
}

impl Material<'_> {
    fn name(&self, place: &str) -> String {
        self.snapshot.place_name(place, self.language).to_owned()
    }

    fn class(&self, code: &str) -> String {
        class_title(self.selection, code, self.language)
    }

    /// The kind that the address asks for, where it fits.
    fn kind(&self, kinds: &[ChartKind]) -> ChartKind {
        let asked = self.selection.chart.as_deref();
        let fits = kinds.iter().find(|kind| Some(kind.name()) == asked);
        fits.or(kinds.first()).copied().unwrap_or(ChartKind::Bar)
    }

    /// Classes of one or more places in one period.
    fn classes(&self, period: Option<String>) -> Figure {
        let classes = &self.selection.breakdown.classes;
        let few = classes.len() <= MOST_CLASSES;
        let places: &[&str] = match (self.chosen.as_slice(), self.places.as_slice()) {
            ([], all) if few && all.len() <= MOST_PANELS => all,
            ([], all) => all.get(..1).unwrap_or_default(),
            (chosen, _) => chosen,
        };
        let now = |row: &&&Row| Some(&row.period) == period.as_ref();
        let label = period
            .as_deref()
            .map_or(String::new(), |p| format::period(p, self.language));
        let several = places.len() > 1;
        let kinds = match (several && few, additive(&self.selection.indicator)) {
            (true, true) => vec![ChartKind::Stacked, ChartKind::Grouped, ChartKind::Dot],
            (true, false) => vec![ChartKind::Dot, ChartKind::Grouped],
            (false, _) => vec![ChartKind::Bar, ChartKind::Dot],
        };
        let kind = self.kind(&kinds);
        if several && few {
            let line = |code: &str| Line {
                label: self.class(code),
                points: places
                    .iter()
                    .filter_map(|place| {
                        let ours = |row: &&&Row| row.place == *place && row.class == code;
                        let row = self.rows.iter().filter(now).find(ours)?;
                        Some((self.name(place), (**row).clone()))
                    })
                    .collect(),
            };
            let series: Vec<Line> = classes.iter().map(|class| line(&class.code)).collect();
            return Figure {
                shown: (places.len(), places.len()),
                kind,
                kinds,
                period,
                last: Vec::new(),
                series,
            };
        }
        let rank = |code: &str| classes.iter().position(|class| class.code == code);
        let mut points: Vec<(String, Row)> = self
            .rows
            .iter()
            .filter(now)
            .filter(|row| places.contains(&row.place.as_str()))
            .map(|row| {
                let class = self.class(&row.class);
                let label = if several {
                    format!("{} · {class}", self.name(&row.place))
                } else {
                    class
                };
                (label, (*row).clone())
            })
            .collect();
        charts::order::by_key(&mut points, |(_, row)| {
            (row.place.clone(), rank(&row.class))
        });
        let total = points.len();
        points.truncate(MOST_BARS);
        Figure {
            shown: (points.len(), total),
            kind,
            kinds,
            period,
            last: Vec::new(),
            series: vec![Line { label, points }],
        }
    }

    /// Places in one period.
    fn places(&self, period: Option<String>) -> Figure {
        let all = self.places.len();
        let kinds = match all {
            0..=9 => vec![ChartKind::Bar, ChartKind::Dot],
            10..=MOST_BARS => vec![ChartKind::Bar, ChartKind::Dot, ChartKind::Strip],
            _ => vec![ChartKind::Strip, ChartKind::Bar, ChartKind::Dot],
        };
        let mut kinds = kinds;
        let mapped = matches!(self.selection.level, Level::District | Level::Street);
        if mapped && (2..=MOST_TILES).contains(&all) {
            kinds.push(ChartKind::Tiles);
        }
        let kind = self.kind(&kinds);
        let whole = matches!(kind, ChartKind::Strip | ChartKind::Tiles);
        let every = whole || self.chosen.is_empty();
        let mut points: Vec<(String, Row)> = self
            .rows
            .iter()
            .filter(|row| Some(&row.period) == period.as_ref())
            .filter(|row| every || self.chosen.contains(&row.place.as_str()))
            .map(|row| (self.name(&row.place), (*row).clone()))
            .collect();
        // Only what may be ranked is sorted by value; the rest keeps the order of the codes. What has no
        // value stands at the end, in the order of the codes too.
        if kind == ChartKind::Tiles {
            return self.tiles(kinds, period, points);
        }
        if self.selection.indicator.direction != Direction::Neutral {
            let key = |row: &Row| row.value.unwrap_or(f64::NEG_INFINITY);
            charts::order::by(&mut points, |a, b| key(&b.1).total_cmp(&key(&a.1)));
        }
        let total = points.len();
        let mut last = Vec::new();
        if kind != ChartKind::Strip && total > MOST_BARS {
            last.clone_from(&points);
            points.truncate(MOST_BARS);
        }
        let label = period
            .as_deref()
            .map_or(String::new(), |p| format::period(p, self.language));
        Figure {
            shown: (points.len(), total),
            kind,
            kinds,
            period,
            last,
            series: vec![Line { label, points }],
        }
    }
}

impl Material<'_> {
    /// Places in the order of their codes, in the places that they lie in.
    fn tiles(
        &self,
        kinds: Vec<ChartKind>,
        period: Option<String>,
        mut points: Vec<(String, Row)>,
    ) -> Figure {
        charts::order::by(&mut points, |a, b| a.1.place.cmp(&b.1.place));
        let count = points.len();
        let mut series: Vec<Line> = Vec::new();
        for (label, row) in points {
            let place = self.snapshot.places.get(&row.place);
            let around = place.and_then(|place| place.parent.as_deref());
            let group = around.map_or(String::new(), |code| self.name(code));
            match series.iter_mut().find(|line| line.label == group) {
                Some(line) => line.points.push((label, row)),
                None => series.push(Line {
                    label: group,
                    points: vec![(label, row)],
                }),
            }
        }
        Figure {
            shown: (count, count),
            kind: ChartKind::Tiles,
            kinds,
            period,
            last: Vec::new(),
            series,
        }
    }
}
