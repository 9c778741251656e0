//! Where one place stands among all of its level.

use charts::{ChartKind, ChartSpec, Point, Series, format};
use contract::{
    Granularity, Level, Place, Status,
    indicator::{Direction, Indicator},
    snapshot::{Dataset, TOTAL},
    text::Language,
};

use crate::{
    figure::status_labels,
    finding::grouped,
    messages::{Message, fill, text},
    published::Snapshot,
    rows::Row,
};

/// Fewer places are no distribution.
const LEAST: usize = 5;
/// Nor are fewer values, as they are written: a count that is 0 or 1 has its place in the table.
const VALUES: usize = 4;

/// The places of a level in the last year, and the one that is looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    /// The place, or the one that it lies in, where only that level is published.
    pub place: String,
    /// The level that is shown.
    pub level: Level,
    /// The year.
    pub period: String,
    /// Every place of the level.
    pub rows: Vec<Row>,
}

/// The finest level, from a place's own upwards, at which an indicator's years are published; and the place of
/// that level.
pub fn level<'a>(
    snapshot: &'a Snapshot,
    dataset: &Dataset,
    indicator: &str,
    place: &str,
) -> Option<&'a Place> {
    let published = |level: Level| {
        dataset.tables.iter().any(|table| {
            table.indicator == indicator
                && table.breakdown == TOTAL
                && table.level == level
                && table.granularity == Granularity::Year
                && table.status == Status::Published
        })
    };
    let lineage = snapshot.lineage(place);
    lineage.into_iter().rev().find(|it| published(it.level))
}

impl Spread {
    /// The last year of a place among all of its level; none where there is too little to compare.
    pub fn new(place: &Place, indicator: &Indicator, rows: &[Row]) -> Option<Self> {
        let ours = || rows.iter().filter(|row| row.indicator == indicator.id);
        let period = ours()
            .filter(|row| row.place == place.code)
            .map(|row| row.period.as_str())
            .max()?;
        let mut rows: Vec<Row> = ours().filter(|row| row.period == period).cloned().collect();
        charts::order::by(&mut rows, |a, b| a.place.cmp(&b.place));
        let mut written: Vec<String> = rows
            .iter()
            .filter_map(|row| Some(format::value(row.value?, indicator.unit, Language::EN)))
            .collect();
        charts::order::plain(&mut written);
        written.dedup();
        (rows.len() >= LEAST && written.len() >= VALUES).then(|| Self {
            place: place.code.clone(),
            level: place.level,
            period: period.to_owned(),
            rows,
        })
    }

    /// The sentence: the place's value, the median, and, where more or less is better, how many stand lower.
    pub fn finding(
        &self,
        snapshot: &Snapshot,
        indicator: &Indicator,
        level: &str,
        language: Language,
    ) -> String {
        let write = |value| format::value(value, indicator.unit, language);
        let mut values: Vec<f64> = self.rows.iter().filter_map(|row| row.value).collect();
        charts::order::by(&mut values, f64::total_cmp);
        let Some(median) = median(&values) else {
            return text(language, Message::FindingNone).to_owned();
        };
        let own = self.rows.iter().find(|row| row.place == self.place);
        let value = own.map_or_else(String::new, |row| {
            crate::words::value(row, indicator.unit, language)
        });
        let count = |number: usize| grouped(i64::try_from(number).unwrap_or(i64::MAX), language);
        let said = fill(
            language,
            Message::StandingFinding,
            &[
                ("period", &format::period(&self.period, language)),
                ("place", snapshot.place_name(&self.place, language)),
                ("value", &value),
                ("count", &count(values.len())),
                ("level", level),
                ("median", &write(median)),
            ],
        );
        let own = own.and_then(|row| row.value);
        let ranked = own.filter(|_| indicator.direction != Direction::Neutral);
        let Some(own) = ranked else {
            return said;
        };
        // As written: values that read alike are not told apart.
        let below = values
            .iter()
            .filter(|value| **value < own && write(**value) != write(own))
            .count();
        let above = values
            .iter()
            .filter(|value| **value > own && write(**value) != write(own))
            .count();
        let more = fill(
            language,
            Message::StandingOrder,
            &[("below", &count(below)), ("above", &count(above))],
        );
        language.sentences(&said, &more)
    }

    /// Every place as a dot, this one named.
    pub fn chart(
        &self,
        snapshot: &Snapshot,
        indicator: &Indicator,
        (title, description): (&str, &str),
        width: u32,
        language: Language,
    ) -> ChartSpec {
        let point = |row: &Row| Point {
            key: format!("{}/{}", row.place, row.class),
            label: snapshot.place_name(&row.place, language).to_owned(),
            value: row.value,
            interval: None,
            feasible: row.feasible,
            status: row.status,
            highlighted: row.place == self.place,
        };
        ChartSpec {
            kind: ChartKind::Strip,
            title: title.to_owned(),
            description: description.to_owned(),
            language,
            unit: indicator.unit,
            series: vec![Series {
                label: String::new(),
                points: self.rows.iter().map(point).collect(),
            }],
            target: indicator.target.as_ref().map(|target| target.value),
            target_label: text(language, Message::DataTargetLabel).to_owned(),
            breaks: Vec::new(),
            labels: status_labels(language),
            width,
            height: 60,
        }
    }
}

/// The middle of sorted values.
pub fn median(sorted: &[f64]) -> Option<f64> {
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        count if count % 2 == 1 => sorted.get(middle).copied(),
        _ => Some(f64::midpoint(sorted[middle - 1], sorted[middle])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_values_lie_on_each_side_of_the_median() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[3.0]), Some(3.0));
        assert_eq!(median(&[1.0, 2.0, 9.0]), Some(2.0));
        assert_eq!(median(&[1.0, 2.0, 4.0, 9.0]), Some(3.0));
    }
}
