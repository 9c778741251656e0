//! Headline indicators: the latest year of the widest place, the year before, and the course.

use charts::{ChartKind, ChartSpec, Point, Series, StatusLabels, format};
use contract::{
    Granularity,
    indicator::{Indicator, Unit},
    snapshot::{Dataset, TOTAL},
    text::Language,
};
use query::Query;

use crate::{
    finding,
    messages::{Message, fill, text},
    parts::{self, Parts},
    rows::{self, Row},
    snapshot::Snapshot,
    state::ViewState,
    words,
};

/// The datasets and indicators of the headlines, in their order.
pub fn named(snapshot: &Snapshot) -> impl Iterator<Item = (&Dataset, &Indicator)> {
    let manifest = &snapshot.manifest;
    manifest.headlines.iter().filter_map(|headline| {
        let (dataset, id) = headline.split_once('.')?;
        let dataset = manifest.dataset(dataset)?;
        let indicator = dataset.indicators.iter().find(|it| it.id == id)?;
        Some((dataset, indicator))
    })
}

/// The view that shows the value of a headline.
pub fn view(snapshot: &Snapshot, indicator: &Indicator) -> ViewState {
    ViewState::default()
        .with("indicator", &indicator.id)
        .with("level", snapshot.widest().name())
        .with("granularity", Granularity::Year.name())
}

/// What to ask for the headlines: for each dataset, of which file, what.
pub fn questions(snapshot: &Snapshot) -> Vec<(&Dataset, &str, Query)> {
    let level = snapshot.widest();
    let mut questions = Vec::new();
    for dataset in &snapshot.manifest.datasets {
        let ours = named(snapshot).filter(|(of, _)| of.id == dataset.id);
        let mut wanted: Vec<&str> = Vec::new();
        for (_, indicator) in ours {
            wanted.push(&indicator.id);
            wanted.extend(indicator.beside.as_deref());
        }
        let total = dataset.breakdowns.iter().find(|it| it.id == TOTAL);
        if let Some(total) = total.filter(|_| !wanted.is_empty()) {
            let query = rows::query(&wanted, level.name(), &["year", "quarter"]);
            questions.push((dataset, total.path.as_str(), query));
        }
    }
    questions
}

/// The headlines of a snapshot, from the answers: id of the dataset, and its rows.
pub fn headlines(snapshot: &Snapshot, answers: &[(&str, Vec<Row>)]) -> Vec<Headline> {
    let found = named(snapshot).filter_map(|(dataset, indicator)| {
        let (_, rows) = answers.iter().find(|(id, _)| *id == dataset.id)?;
        Headline::new(dataset, indicator, rows)
    });
    found.collect()
}

fn beside(
    dataset: &Dataset,
    indicator: &Indicator,
    rows: &[Row],
    period: &str,
) -> Option<(Indicator, Row)> {
    let id = indicator.beside.as_ref()?;
    let beside = dataset.indicators.iter().find(|it| it.id == *id)?;
    let mut rows = rows.iter();
    let row = rows.find(|row| row.indicator == *id && row.period == period)?;
    Some((beside.clone(), row.clone()))
}

/// An indicator's latest year and the one before, for the widest place, and its course.
#[derive(Clone, Debug, PartialEq)]
pub struct Headline {
    /// Id of the dataset.
    pub dataset: String,
    /// The indicator.
    pub indicator: Indicator,
    /// The latest year.
    pub latest: Row,
    parts: Parts,
    /// The year before; the newest published one where the latest is not.
    before: Option<Row>,
    course: Vec<Row>,
    /// The rate that the value must not be read without.
    beside: Option<(Indicator, Row)>,
}

impl Headline {
    /// The headline of an indicator, from its rows by year and by quarter; none when there is no year.
    fn new(dataset: &Dataset, indicator: &Indicator, rows: &[Row]) -> Option<Self> {
        let (mut years, mut course): (Vec<&Row>, Vec<&Row>) = rows
            .iter()
            .filter(|row| row.indicator == indicator.id)
            .partition(|row| row.period.len() == 4);
        charts::order::by(&mut years, |a, b| a.period.cmp(&b.period));
        charts::order::by(&mut course, |a, b| a.period.cmp(&b.period));
        let known = |rows: &[&Row]| rows.iter().filter(|row| row.value.is_some()).count();
        if known(&course) < known(&years) {
            course.clone_from(&years);
        }
        let course = course.into_iter().cloned().collect();
        let latest = (*years.pop()?).clone();
        if latest.value.is_none() {
            years.retain(|row| row.value.is_some());
        }
        let before = years.pop().cloned();
        Some(Self {
            dataset: dataset.id.clone(),
            parts: parts::parts(dataset, indicator),
            indicator: indicator.clone(),
            beside: beside(dataset, indicator, rows, &latest.period),
            latest,
            before,
            course,
        })
    }

    /// The latest value; otherwise what it may be, and why it is not there.
    pub fn value(&self, language: Language) -> String {
        match self.latest.value {
            Some(value) => words::amount(value, &self.indicator, language),
            None => words::value(&self.latest, self.indicator.unit, language),
        }
    }

    /// What the value was divided from, where that is known.
    pub fn fraction(&self, language: Language) -> Option<String> {
        let (numerator, denominator) = finding::fraction(&self.latest, &self.parts, language)?;
        let values = [
            ("numerator", numerator.as_str()),
            ("denominator", &denominator),
        ];
        Some(fill(language, Message::CardFraction, &values))
    }

    /// The rate that the value must not be read without, in words.
    pub fn beside(&self, language: Language) -> Option<String> {
        let (indicator, row) = self.beside.as_ref()?;
        let values = [
            ("indicator", indicator.title.get(language)),
            ("value", &words::value(row, indicator.unit, language)),
        ];
        Some(fill(language, Message::CardBeside, &values))
    }

    /// The target, where there is one.
    pub fn target(&self, language: Language) -> Option<String> {
        let target = self.indicator.target.as_ref()?;
        let value = format::value(target.value, self.indicator.unit, language);
        Some(fill(language, Message::CardTarget, &[("target", &value)]))
    }

    /// Where and when.
    pub fn here(&self, snapshot: &Snapshot, language: Language) -> String {
        let period = format::period(&self.latest.period, language);
        let place = snapshot.place_name(&self.latest.place, language);
        let values = [("place", place), ("period", &period)];
        fill(language, Message::DataPlaceHere, &values)
    }

    /// How far it is from the year before, or what was published last.
    pub fn trend(&self, language: Language) -> String {
        let values = self.before.as_ref().and_then(|row| Some((row, row.value?)));
        let Some((before, old)) = values else {
            return text(language, Message::CardNoTrend).to_owned();
        };
        let period = format::period(&before.period, language);
        let Some(new) = self.latest.value else {
            let value = words::amount(old, &self.indicator, language);
            let values = [("period", period.as_str()), ("value", &value)];
            return fill(language, Message::CardLatest, &values);
        };
        let unit = self.indicator.unit;
        let change = match unit {
            Unit::Count => words::amount((new - old).abs(), &self.indicator, language),
            _ => finding::difference(old, new, unit, language),
        };
        let message = match new > old {
            _ if finding::is_same(old, new, unit, language) => Message::CardSame,
            true => Message::CardRise,
            false => Message::CardFall,
        };
        let values = [("change", change.as_str()), ("period", &period)];
        fill(language, message, &values)
    }

    /// A line of the course, for sighted readers: the words beside it say the same. None of fewer than three values.
    pub fn spark(&self, language: Language) -> Option<ChartSpec> {
        if self.course.iter().filter(|row| row.value.is_some()).count() < 3 {
            return None;
        }
        let point = |row: &Row| Point {
            key: row.period.clone(),
            label: String::new(),
            value: row.value,
            interval: None,
            feasible: None,
            status: row.status,
            highlighted: false,
        };
        Some(ChartSpec {
            kind: ChartKind::Spark,
            title: self.indicator.title.get(language).to_owned(),
            description: String::new(),
            language,
            unit: self.indicator.unit,
            series: vec![Series {
                label: String::new(),
                points: self.course.iter().map(point).collect(),
            }],
            target: self.indicator.target.as_ref().map(|target| target.value),
            target_label: String::new(),
            breaks: Vec::new(),
            labels: StatusLabels::default(),
            width: 240,
            height: 44,
        })
    }
}
