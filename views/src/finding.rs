//! One sentence in plain words about a figure, computed from its rows.

mod comparison;

use charts::format;
pub use charts::format::count as grouped;
use contract::{
    Period, Status,
    indicator::{Direction, Unit},
    text::Language,
};

use crate::{
    figure::{Figure, additive, class_title},
    messages::{Message, fill, text},
    parts::{Parts, Written},
    rows::Row,
    snapshot::Snapshot,
    state::Selection,
};

/// The sentence, and more for what reaches the target and what is withheld.
pub fn finding(
    snapshot: &Snapshot,
    selection: &Selection,
    figure: &Figure,
    language: Language,
) -> String {
    // Of courses of several places the last period is told; always of all places, drawn or not.
    let points: Vec<&(String, Row)> = match figure.last.as_slice() {
        [] => figure.series.iter().flat_map(|line| &line.points).collect(),
        last => last.iter().collect(),
    };
    let first = if figure.kind.over_time() && figure.last.is_empty() {
        trend(selection, figure, language)
    } else {
        composition(selection, figure, language)
            .or_else(|| comparison::comparison(snapshot, selection, figure, &points, language))
    };
    let mut sentence = first.unwrap_or_else(|| text(language, Message::FindingNone).to_owned());
    if let Some(more) = reached(selection, figure, &points, language) {
        sentence = language.sentences(&sentence, &more);
    }
    let suppressed = points
        .iter()
        .filter(|(_, row)| row.status == Status::Suppressed)
        .count();
    if suppressed > 0 {
        let message = match suppressed {
            1 => Message::FindingProtectedOne,
            _ => Message::FindingProtected,
        };
        let more = fill(language, message, &[("count", &suppressed.to_string())]);
        sentence = language.sentences(&sentence, &more);
    }
    sentence
}

/// How far apart two values are, as readers write it: percentages in points.
pub fn difference(from: f64, to: f64, unit: Unit, language: Language) -> String {
    let change = format::value((to - from).abs(), unit, language);
    match (unit, change.strip_suffix('%')) {
        (Unit::Percent, Some(points)) => fill(language, Message::CardPoints, &[("value", points)]),
        _ => change,
    }
}

/// The last value, and how far it is from that of the same time a year before: seasons differ, years less so.
fn trend(selection: &Selection, figure: &Figure, language: Language) -> Option<String> {
    let indicator = &selection.indicator;
    let unit = indicator.unit;
    let known = |(_, row): &&(String, Row)| row.value.is_some();
    let mut lines = figure.series.iter();
    let last = lines.find_map(|line| Some((line, line.points.iter().rfind(known)?)));
    let (line, (label, row)) = last?;
    let exact = |row: &Row| written(row, unit, &selection.parts, language);
    let (title, value, new) = (indicator.title.get(language), exact(row)?, row.value?);
    let period: Period = row.period.parse().ok()?;
    let earlier = period.shifted(-12 / period.months().cast_signed());
    // Values on both sides of a new definition do not compare.
    let mut breaks = indicator.method.breaks.iter();
    let compares = !breaks.any(|it| earlier < it.period && it.period <= period);
    let before = line.points.iter().filter(|_| compares);
    let before = before
        .filter(known)
        .find(|(_, row)| row.period == earlier.to_string());
    let Some((earlier, row)) = before else {
        let values = [
            ("period", label.as_str()),
            ("indicator", title),
            ("place", &line.label),
            ("value", &value),
        ];
        return Some(fill(language, Message::FindingSingle, &values));
    };
    let old = row.value?;
    let message = match new > old {
        _ if is_same(old, new, unit, language) => Message::FindingSteady,
        true => Message::FindingRose,
        false => Message::FindingFell,
    };
    let values = [
        ("place", line.label.as_str()),
        ("indicator", title),
        ("first", earlier),
        ("first_value", &exact(row)?),
        ("last", label),
        ("last_value", &value),
        ("change", &difference(old, new, unit, language)),
    ];
    Some(fill(language, message, &values))
}

/// Whether classes are compared, and not the places of one.
fn by_class(selection: &Selection) -> bool {
    selection.breakdown.id != contract::snapshot::TOTAL && selection.class.is_none()
}

/// The largest part of a whole whose parts are all published.
fn composition(selection: &Selection, figure: &Figure, language: Language) -> Option<String> {
    if !by_class(selection) || !additive(&selection.indicator) || figure.shown.0 < figure.shown.1 {
        return None;
    }
    let mut parts: Vec<(&str, f64)> = Vec::new();
    for (_, row) in figure.series.iter().flat_map(|line| &line.points) {
        let value = row.value?;
        match parts.iter_mut().find(|(class, _)| *class == row.class) {
            Some((_, sum)) => *sum += value,
            None => parts.push((&row.class, value)),
        }
    }
    let total: f64 = parts.iter().map(|(_, value)| value).sum();
    let most = parts.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    if parts.len() < 2 || total <= 0.0 {
        return None;
    }
    let write = |value| format::value(value, selection.indicator.unit, language);
    let period = format::period(figure.period.as_deref()?, language);
    let share = format::value(100.0 * most.1 / total, Unit::Percent, language);
    Some(fill(
        language,
        Message::FindingLargest,
        &[
            ("period", &period),
            ("indicator", selection.indicator.title.get(language)),
            ("class", &class_title(selection, most.0, language)),
            ("share", &share),
            ("value", &write(most.1)),
            ("total", &write(total)),
        ],
    ))
}

/// How many of the places reach the target.
fn reached(
    selection: &Selection,
    figure: &Figure,
    points: &[&(String, Row)],
    language: Language,
) -> Option<String> {
    let indicator = &selection.indicator;
    let target = selection.target()?;
    let values: Vec<f64> = points.iter().filter_map(|(_, row)| row.value).collect();
    let complete = figure.shown.0 == figure.shown.1 && selection.places.is_empty();
    if figure.kind.over_time() || values.len() < 2 || !complete {
        return None;
    }
    let good = |value: &&f64| match indicator.direction {
        Direction::MoreIsBetter => **value >= target,
        Direction::LessIsBetter => **value <= target,
        Direction::Neutral => false,
    };
    if indicator.direction == Direction::Neutral {
        return None;
    }
    let count = values.iter().filter(good).count();
    Some(fill(
        language,
        Message::FindingReached,
        &[
            ("count", &count.to_string()),
            ("total", &values.len().to_string()),
            ("target", &format::value(target, indicator.unit, language)),
        ],
    ))
}

/// A value with what it was divided from: `90.2% (2,449 ÷ 2,714)`.
pub fn written(row: &Row, unit: Unit, parts: &Parts, language: Language) -> Option<String> {
    let value = format::value(row.value?, unit, language);
    Some(match fraction(row, parts, language) {
        Some((numerator, denominator)) => {
            language.aside(&value, &format!("{numerator} ÷ {denominator}"))
        }
        None => value,
    })
}

/// Numerator and denominator as text, in their units, where the value is their quotient and both are known; what the
/// quotient is multiplied by stands before the numerator: `100 × ¥260,000`.
pub fn fraction(row: &Row, parts: &Parts, language: Language) -> Option<(String, String)> {
    let (above, below) = (parts.numerator?, parts.denominator?);
    let numerator = above.write(row.numerator?, language);
    let numerator = match parts.factor? {
        1 => numerator,
        factor => format!("{factor} × {numerator}"),
    };
    Some((numerator, below.write(row.denominator?, language)))
}

/// Whether two values are the same, or so near that their difference is written as none.
pub fn is_same(from: f64, to: f64, unit: Unit, language: Language) -> bool {
    let write = |value: f64| format::value(value, unit, language);
    write(from) == write(to) || write((to - from).abs()) == write(0.0)
}
