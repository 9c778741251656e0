//! One headline indicator.

use charts::{ChartKind, ChartSpec, Point, Series, StatusLabels, format};
use contract::{Status, indicator::Indicator, snapshot::Dataset, text::Language};
use leptos::prelude::*;

use crate::{
    client,
    components::live::live,
    finding,
    later::later,
    messages::{Message, fill, text},
    pages::layout::Opened,
    parts::{self, Parts},
    rows::Row,
    site, words,
};

/// An indicator's latest year and the one before, for the widest place, and its course.
#[derive(Clone, Debug, PartialEq)]
pub struct Headline {
    dataset: String,
    indicator: Indicator,
    parts: Parts,
    latest: Row,
    before: Option<Row>,
    course: Vec<Row>,
}

impl Headline {
    /// The headline of an indicator, from its rows by year and by quarter; none when there is no year.
    pub fn new(dataset: &Dataset, id: &str, rows: &[Row]) -> Option<Self> {
        let indicator = dataset
            .indicators
            .iter()
            .find(|indicator| indicator.id == id)?
            .clone();
        let (mut years, mut course): (Vec<&Row>, Vec<&Row>) = rows
            .iter()
            .filter(|row| row.indicator == id)
            .partition(|row| row.period.len() == 4);
        charts::order::by(&mut years, |a, b| a.period.cmp(&b.period));
        charts::order::by(&mut course, |a, b| a.period.cmp(&b.period));
        let known = |rows: &[&Row]| rows.iter().filter(|row| row.value.is_some()).count();
        if known(&course) < known(&years) {
            course.clone_from(&years);
        }
        let course = course.into_iter().cloned().collect();
        let latest = (*years.pop()?).clone();
        let before = years.pop().cloned();
        Some(Self {
            dataset: dataset.id.clone(),
            parts: parts::parts(dataset, &indicator),
            indicator,
            latest,
            before,
            course,
        })
    }

    fn trend(&self, language: Language) -> String {
        let values = self.before.as_ref().and_then(|row| Some((row, row.value?)));
        let (Some((before, old)), Some(new)) = (values, self.latest.value) else {
            return text(language, Message::CardNoTrend).to_owned();
        };
        let unit = self.indicator.unit;
        let change = finding::difference(old, new, unit, language);
        let same = format::value(new, unit, language) == format::value(old, unit, language);
        let message = match new > old {
            _ if same => Message::CardSame,
            true => Message::CardRise,
            false => Message::CardFall,
        };
        let period = format::period(&before.period, language);
        fill(
            language,
            message,
            &[("change", &change), ("period", &period)],
        )
    }

    /// A line of the course, for sighted readers: the words beside it say the same.
    fn spark(&self, language: Language) -> Option<ChartSpec> {
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

/// A card with value, denominator, target, course and trend.
pub fn card(headline: &Headline, opened: &Opened) -> AnyView {
    let language = opened.language;
    let Headline {
        indicator, latest, ..
    } = headline;
    let period = format::period(&latest.period, language);
    let value = match latest.value {
        Some(value) => format::value(value, indicator.unit, language),
        None => text(language, words::status(latest.status)).to_owned(),
    };
    let class = match latest.status {
        Status::Published => "value",
        _ => "value missing",
    };
    let fraction = finding::fraction(latest, &headline.parts, language);
    let fraction = fraction.map(|(numerator, denominator)| {
        let values = [
            ("numerator", numerator.as_str()),
            ("denominator", &denominator),
        ];
        let said = fill(language, Message::CardFraction, &values);
        view! { <p class="fraction">{said}</p> }.into_any()
    });
    let target = indicator.target.as_ref().map(|target| {
        let value = format::value(target.value, indicator.unit, language);
        let said = fill(language, Message::CardTarget, &[("target", &value)]);
        view! { <p class="target-line">{said}</p> }.into_any()
    });
    let place = opened.snapshot.place_name(&latest.place, language);
    let here = fill(
        language,
        Message::DataPlaceHere,
        &[("place", place), ("period", &period)],
    );
    let spark = headline.spark(language).map(|spec| {
        let root = opened.snapshot.root.clone();
        let drawn = later(move || {
            let (root, spec) = (root.clone(), spec.clone());
            Box::pin(async move { client::draw(&root, spec).await.unwrap_or_default() })
        });
        live(move || {
            let drawn = drawn.get().unwrap_or_default();
            view! { <div class="spark" aria-hidden="true" inner_html=drawn></div> }
        })
    });
    let told = view! {
        <p class=class>{value}</p>
        {fraction}
        {target}
        {spark}
        <p class="trend">{headline.trend(language)}</p>
        <p class="note">{here}</p>
    };
    frame(&headline.dataset, indicator, opened, told.into_any())
}

/// What a card says of an indicator, under its name and that of its dataset.
pub fn frame(dataset: &str, indicator: &Indicator, opened: &Opened, told: AnyView) -> AnyView {
    let language = opened.language;
    let kicker = opened.snapshot.manifest.dataset(dataset);
    let kicker = kicker.map(|it| it.title.get(language).to_owned());
    let state = opened.frame.state.get_untracked();
    let state = state.lasting().with("indicator", &indicator.id);
    let href = site::dataset(language, dataset, &state);
    view! {
        <li class="card">
            <p class="kicker">{kicker}</p>
            <h3><a href=href>{indicator.title.get(language).to_owned()}</a></h3>
            {told}
        </li>
    }
    .into_any()
}
