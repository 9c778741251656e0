//! One headline indicator.

use charts::format;
use contract::{
    Status,
    indicator::{Indicator, Unit},
    snapshot::Dataset,
    text::Language,
};
use leptos::prelude::*;

use crate::{
    finding,
    messages::{Message, fill, text},
    pages::layout::Frame,
    rows::Row,
    site, words,
};

/// An indicator's latest year and the one before, for the widest place.
#[derive(Clone, Debug, PartialEq)]
pub struct Headline {
    dataset: String,
    indicator: Indicator,
    latest: Row,
    before: Option<Row>,
}

impl Headline {
    /// The headline of an indicator; none when the rows do not hold it.
    pub fn new(dataset: &Dataset, id: &str, rows: &[Row]) -> Option<Self> {
        let indicator = dataset
            .indicators
            .iter()
            .find(|indicator| indicator.id == id)?
            .clone();
        let mut ours: Vec<&Row> = rows.iter().filter(|row| row.indicator == id).collect();
        ours.sort_by(|a, b| a.period.cmp(&b.period));
        let latest = (*ours.pop()?).clone();
        let before = ours.pop().cloned();
        Some(Self {
            dataset: dataset.id.clone(),
            indicator,
            latest,
            before,
        })
    }

    /// `dataset.indicator`.
    pub fn name(&self) -> String {
        format!("{}.{}", self.dataset, self.indicator.id)
    }

    /// Code of the place.
    pub fn place(&self) -> String {
        self.latest.place.clone()
    }

    fn trend(&self, language: Language) -> String {
        let values = self.before.as_ref().and_then(|row| Some((row, row.value?)));
        let (Some((before, old)), Some(new)) = (values, self.latest.value) else {
            return text(language, Message::CardNoTrend).to_owned();
        };
        let unit = self.indicator.unit;
        let change = format::value((new - old).abs(), unit, language);
        let change = match (unit, change.strip_suffix('%')) {
            (Unit::Percent, Some(points)) => {
                fill(language, Message::CardPoints, &[("value", points)])
            }
            _ => change,
        };
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
}

/// A card with value, denominator, target and trend.
#[component]
pub fn Card(
    /// The indicator and its rows.
    headline: Headline,
    /// Name of the place.
    place: String,
    /// The page's language.
    language: Language,
) -> impl IntoView {
    let frame = expect_context::<Frame>();
    let Headline {
        indicator, latest, ..
    } = &headline;
    let period = format::period(&latest.period, language);
    let value = match latest.value {
        Some(value) => format::value(value, indicator.unit, language),
        None => text(language, words::status(latest.status)).to_owned(),
    };
    let missing = latest.status != Status::Published;
    let fraction = finding::fraction(latest).map(|(numerator, denominator)| {
        let values = [
            ("numerator", numerator.as_str()),
            ("denominator", &denominator),
        ];
        fill(language, Message::CardFraction, &values)
    });
    let target = indicator.target.as_ref().map(|target| {
        let value = format::value(target.value, indicator.unit, language);
        view! { <p class="target-line">{fill(language, Message::CardTarget, &[("target", &value)])}</p> }
    });
    let here = fill(
        language,
        Message::DataPlaceHere,
        &[("place", &place), ("period", &period)],
    );
    let (dataset, id) = (headline.dataset.clone(), indicator.id.clone());
    let href = move || {
        let state = frame.state.get().lasting().with("indicator", &id);
        site::dataset(language, &dataset, &state)
    };
    view! {
        <li class="card">
            <h3><a href=href>{indicator.title.get(language).to_owned()}</a></h3>
            <p class="value" class:missing=missing>{value}</p>
            <p class="fraction">{fraction.unwrap_or_default()}</p>
            {target}
            <p class="trend">{headline.trend(language)}</p>
            <p class="note">{here}</p>
        </li>
    }
}
