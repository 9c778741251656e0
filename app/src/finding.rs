//! One sentence in plain words about a figure, computed from its rows.

use charts::{ChartKind, format};
use contract::{
    Status,
    indicator::{Direction, Formula, Unit},
    text::Language,
};

use crate::{
    figure::Figure,
    messages::{Message, fill, text},
    published::Snapshot,
    rows::Row,
    state::Selection,
};

/// The sentence, and one more for what is withheld.
pub fn finding(
    snapshot: &Snapshot,
    selection: &Selection,
    figure: &Figure,
    language: Language,
) -> String {
    let points: Vec<&(String, Row)> = figure.series.iter().flat_map(|line| &line.points).collect();
    let mut sentence = match figure.kind {
        ChartKind::Line => trend(selection, figure, language),
        ChartKind::Bar => comparison(snapshot, selection, figure, &points, language),
    }
    .unwrap_or_else(|| text(language, Message::FindingNone).to_owned());
    let suppressed = points
        .iter()
        .filter(|(_, row)| row.status == Status::Suppressed)
        .count();
    if suppressed > 0 {
        let count = suppressed.to_string();
        let more = fill(language, Message::FindingProtected, &[("count", &count)]);
        sentence = join(sentence, &more, language);
    }
    sentence
}

fn join(sentence: String, more: &str, language: Language) -> String {
    match language {
        Language::Chinese => sentence + more,
        Language::English => format!("{sentence} {more}"),
    }
}

fn trend(selection: &Selection, figure: &Figure, language: Language) -> Option<String> {
    let line = figure.series.first()?;
    let unit = selection.indicator.unit;
    let mut shown = line
        .points
        .iter()
        .filter_map(|(label, row)| Some((label, written(row, unit, language)?)));
    let first = shown.next()?;
    let last = shown.next_back().unwrap_or_else(|| first.clone());
    Some(fill(
        language,
        Message::FindingTrend,
        &[
            ("place", &line.label),
            ("indicator", selection.indicator.title.get(language)),
            ("first", first.0),
            ("first_value", &first.1),
            ("last", last.0),
            ("last_value", &last.1),
        ],
    ))
}

fn comparison(
    snapshot: &Snapshot,
    selection: &Selection,
    figure: &Figure,
    points: &[&(String, Row)],
    language: Language,
) -> Option<String> {
    let indicator = &selection.indicator;
    let exact = |row: &Row| written(row, indicator.unit, language).unwrap_or_default();
    let write = |value: f64| format::value(value, indicator.unit, language);
    let shown: Vec<(&str, f64, &Row)> = points
        .iter()
        .filter_map(|(label, row)| Some((label.as_str(), row.value?, row)))
        .collect();
    let most = shown.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let least = shown.iter().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let period = format::period(figure.period.as_deref()?, language);
    let title = indicator.title.get(language);
    if shown.len() == 1 && points.len() == 1 {
        let values = [
            ("period", period.as_str()),
            ("indicator", title),
            ("place", most.0),
        ];
        let value = write(most.1);
        let sentence = fill(
            language,
            Message::FindingSingle,
            &[&values[..], &[("value", &value)]].concat(),
        );
        return Some(match fraction(most.2) {
            Some((numerator, denominator)) => {
                let values = [
                    ("numerator", numerator.as_str()),
                    ("denominator", &denominator),
                ];
                join(
                    sentence,
                    &fill(language, Message::FindingFraction, &values),
                    language,
                )
            }
            None => sentence,
        });
    }
    if indicator.direction != Direction::Neutral {
        return Some(fill(
            language,
            Message::FindingHighestLowest,
            &[
                ("period", &period),
                ("indicator", title),
                ("highest", most.0),
                ("highest_value", &exact(most.2)),
                ("lowest", least.0),
                ("lowest_value", &exact(least.2)),
            ],
        ));
    }
    let additive = matches!(
        indicator.formula,
        Formula::Count { .. } | Formula::Sum { .. }
    );
    let whole = shown.len() == points.len()
        && figure.shown.0 == figure.shown.1
        && selection.places.is_empty()
        && selection.class.is_none()
        && selection.breakdown.id == contract::snapshot::TOTAL;
    if additive && whole {
        let place = snapshot
            .places
            .values()
            .find(|place| place.parent.is_none())?;
        let total = write(shown.iter().map(|(_, value, _)| value).sum());
        let place = place.name.get(language);
        return Some(fill(
            language,
            Message::FindingTotal,
            &[
                ("period", &period),
                ("indicator", title),
                ("place", place),
                ("value", &total),
            ],
        ));
    }
    Some(fill(
        language,
        Message::FindingSpread,
        &[
            ("period", &period),
            ("indicator", title),
            ("least", &write(least.1)),
            ("most", &write(most.1)),
        ],
    ))
}

/// A value with what it was divided from: `90.2% (2,449 ÷ 2,714)`.
fn written(row: &Row, unit: Unit, language: Language) -> Option<String> {
    let value = format::value(row.value?, unit, language);
    Some(match fraction(row) {
        Some((numerator, denominator)) => format!("{value} ({numerator} ÷ {denominator})"),
        None => value,
    })
}

/// Numerator and denominator as text, where both are known.
pub fn fraction(row: &Row) -> Option<(String, String)> {
    Some((grouped(row.numerator?), grouped(row.denominator?)))
}

/// A whole number with its thousands apart, exactly.
pub fn grouped(count: i64) -> String {
    let digits = count.unsigned_abs().to_string();
    let mut written = String::from(if count < 0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    written
}
