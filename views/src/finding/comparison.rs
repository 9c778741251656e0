//! Which places or classes have the most and the least in one period.

use charts::{ChartKind, format};
use contract::{Status, indicator::Direction, snapshot::TOTAL, text::Language};

use super::{by_class, fraction, written};
use crate::{
    figure::{Figure, additive, class_title},
    messages::{Message, fill},
    rows::Row,
    snapshot::Snapshot,
    state::Selection,
};

/// What places or classes have in one period: the ends where they may be ranked, otherwise the total or the range.
pub(super) fn comparison(
    snapshot: &Snapshot,
    selection: &Selection,
    figure: &Figure,
    points: &[&(String, Row)],
    language: Language,
) -> Option<String> {
    let indicator = &selection.indicator;
    let exact =
        |row: &Row| written(row, indicator.unit, &selection.parts, language).unwrap_or_default();
    let write = |value: f64| format::value(value, indicator.unit, language);
    // The groups of a schematic map are no classes.
    let several =
        figure.series.len() > 1 && figure.kind != ChartKind::Tiles && figure.last.is_empty();
    let named = |label: &str, row: &Row| {
        if several {
            format!("{label} · {}", class_title(selection, &row.class, language))
        } else {
            label.to_owned()
        }
    };
    let shown: Vec<(String, f64, &Row)> = points
        .iter()
        .filter_map(|(label, row)| Some((named(label, row), row.value?, row)))
        .collect();
    let most = shown.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let least = shown.iter().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let period = figure.period.as_deref().unwrap_or(&most.2.period);
    let period = format::period(period, language);
    let title = indicator.title.get(language);
    if shown.len() == 1 {
        let value = write(most.1);
        let sentence = fill(
            language,
            Message::FindingSingle,
            &[
                ("period", &period),
                ("indicator", title),
                ("place", &most.0),
                ("value", &value),
            ],
        );
        return Some(match fraction(most.2, &selection.parts, language) {
            Some((numerator, denominator)) => {
                let values = [
                    ("numerator", numerator.as_str()),
                    ("denominator", &denominator),
                ];
                let more = fill(language, Message::FindingFraction, &values);
                language.sentences(&sentence, &more)
            }
            None => sentence,
        });
    }
    let same = write(most.1) == write(least.1);
    if indicator.direction != Direction::Neutral && !same {
        let sharing = |extreme: &(String, f64, &Row)| {
            let sharing = shown.iter().filter(|it| write(it.1) == write(extreme.1));
            match sharing.count() {
                1 => (extreme.0.clone(), exact(extreme.2)),
                // Each was divided from numbers of its own.
                count => {
                    let message = match by_class(selection) {
                        true => Message::FindingTied,
                        false => Message::FindingTiedPlaces,
                    };
                    let (count, total) = (count.to_string(), shown.len().to_string());
                    let values = [("count", count.as_str()), ("total", &total)];
                    (fill(language, message, &values), write(extreme.1))
                }
            }
        };
        let ((highest, highest_value), (lowest, lowest_value)) = (sharing(most), sharing(least));
        let (count, total) = (shown.len().to_string(), points.len().to_string());
        let message = match safe(points, least.1, most.1) {
            (true, true) if shown.len() == points.len() => Message::FindingHighestLowest,
            (true, true) => Message::FindingHighestLowestPublished,
            (true, false) => Message::FindingLowest,
            (false, true) => Message::FindingHighest,
            (false, false) => Message::FindingPublished,
        };
        let values = [
            ("period", period.as_str()),
            ("indicator", title),
            ("count", &count),
            ("total", &total),
            ("least", &write(least.1)),
            ("most", &write(most.1)),
            ("highest", &highest),
            ("highest_value", &highest_value),
            ("lowest", &lowest),
            ("lowest_value", &lowest_value),
        ];
        return Some(fill(language, message, &values));
    }
    let whole = shown.len() == points.len()
        && (figure.shown.0 == figure.shown.1 || !figure.last.is_empty())
        && selection.places.is_empty()
        && selection.class.is_none()
        && selection.breakdown.id == TOTAL;
    if additive(indicator) && whole {
        let place = snapshot
            .places
            .values()
            .find(|place| place.parent.is_none())?;
        let total = write(shown.iter().map(|(_, value, _)| value).sum());
        return Some(fill(
            language,
            Message::FindingTotal,
            &[
                ("period", &period),
                ("indicator", title),
                ("place", place.name.get(language)),
                ("value", &total),
            ],
        ));
    }
    let message = match (same, shown.len() == points.len()) {
        (true, true) => Message::FindingEqual,
        (true, false) => Message::FindingEqualPublished,
        (false, _) => Message::FindingSpread,
    };
    Some(fill(
        language,
        message,
        &[
            ("period", &period),
            ("indicator", title),
            ("least", &write(least.1)),
            ("most", &write(most.1)),
        ],
    ))
}

/// Whether the least and the most that are published are so of all: no withheld value can lie beyond them. One whose
/// bounds are unknown may be anything.
fn safe(points: &[&(String, Row)], least: f64, most: f64) -> (bool, bool) {
    let hidden = points.iter().map(|(_, row)| row);
    let hidden = hidden.filter(|row| row.status == Status::Suppressed);
    hidden.fold((true, true), |(low, high), row| match row.feasible {
        Some(bounds) => (low && bounds.0 >= least, high && bounds.1 <= most),
        None => (false, false),
    })
}
