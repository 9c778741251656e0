//! Words for the contract's enumerations.

use charts::{ChartKind, format};
use contract::{
    Granularity, Level, Revision, Status,
    indicator::{Indicator, Unit},
    text::Language,
};

use crate::{
    finding::written,
    messages::{Message, text},
    parts::Parts,
    rows::Row,
};

/// The name of a level.
pub fn level(level: Level) -> Message {
    match level {
        Level::City => Message::LevelCity,
        Level::District => Message::LevelDistrict,
        Level::Street => Message::LevelStreet,
        Level::Community => Message::LevelCommunity,
    }
}

/// The name of a length of period.
pub fn granularity(granularity: Granularity) -> Message {
    match granularity {
        Granularity::Year => Message::GranularityYear,
        Granularity::Quarter => Message::GranularityQuarter,
        Granularity::Month => Message::GranularityMonth,
    }
}

/// The name of a status.
pub fn status(status: Status) -> Message {
    match status {
        Status::Published => Message::StatusPublished,
        Status::Suppressed => Message::StatusSuppressed,
        Status::NotApplicable => Message::StatusNotApplicable,
        Status::NotCollected => Message::StatusNotCollected,
    }
}

/// What a status means.
pub fn status_note(status: Status) -> Message {
    match status {
        Status::Published => Message::StatusPublishedNote,
        Status::Suppressed => Message::StatusSuppressedNote,
        Status::NotApplicable => Message::StatusNotApplicableNote,
        Status::NotCollected => Message::StatusNotCollectedNote,
    }
}

/// The name of a revision.
pub fn revision(revision: Revision) -> Message {
    match revision {
        Revision::Final => Message::TableFinal,
        Revision::Provisional => Message::DataProvisional,
        Revision::Revised => Message::DataRevised,
    }
}

/// The name of a unit.
pub fn unit(unit: Unit) -> Message {
    match unit {
        Unit::Percent => Message::UnitPercent,
        Unit::Count => Message::UnitCount,
        Unit::Hour => Message::UnitHour,
        Unit::Day => Message::UnitDay,
        Unit::Yuan => Message::UnitYuan,
        Unit::SquareMetre => Message::UnitSquareMetre,
        Unit::Ratio => Message::UnitRatio,
    }
}

/// The name of what an indicator's numbers are of.
pub fn unit_of(indicator: &Indicator, language: Language) -> &str {
    let own = indicator.unit_title.as_ref();
    own.map_or(text(language, unit(indicator.unit)), |it| it.get(language))
}

/// A value with what it is of: `2,714 whistles`, `1.2万件`, `92.3%`. A single one stands alone in a language which
/// has another word for it.
pub fn amount(value: f64, indicator: &Indicator, language: Language) -> String {
    let mut written = format::value(value, indicator.unit, language);
    let one = language.locale().writing.one_stands_alone && written == "1";
    if let Some(of) = indicator.unit_title.as_ref().filter(|_| !one) {
        written.extend(
            written
                .ends_with(|c: char| c.is_ascii_digit())
                .then_some(' '),
        );
        written += of.get(language);
    }
    written
}

/// A row's value as readers write it; otherwise what the value may be, and why it is not there.
pub fn value(row: &Row, unit: Unit, language: Language) -> String {
    if let Some(value) = row.value {
        return format::value(value, unit, language);
    }
    let word = match row.feasible {
        // None of however many is none: what is withheld is the number below the line.
        Some((low, high)) if low == high => text(language, Message::StatusFollows),
        _ => text(language, status(row.status)),
    };
    match row.feasible {
        Some(bounds) => {
            let range = format::range(bounds, unit, language);
            language.aside(&range, word)
        }
        None => word.to_owned(),
    }
}

/// The same for a table whose head names the unit: money and counts to the last one, and never in 万 or millions.
pub fn whole(row: &Row, unit: Unit, language: Language) -> String {
    let large = |value: &f64| unit != Unit::Percent && value.abs() >= 1e4;
    match row.value.filter(large) {
        Some(value) => format::exact(value.round(), unit, language),
        None => value(row, unit, language),
    }
}

/// The same, and a rate with what it was divided from.
pub fn exact(row: &Row, unit: Unit, parts: &Parts, language: Language) -> String {
    let rate = matches!(unit, Unit::Percent | Unit::Ratio);
    let written = rate.then(|| written(row, unit, parts, language)).flatten();
    written.unwrap_or_else(|| whole(row, unit, language))
}

/// The name of a kind of chart.
pub fn chart(kind: ChartKind) -> Message {
    match kind {
        ChartKind::Bar => Message::ChartBar,
        ChartKind::Line | ChartKind::Spark => Message::ChartLine,
        ChartKind::Grouped => Message::ChartGrouped,
        ChartKind::Stacked => Message::ChartStacked,
        ChartKind::Dot => Message::ChartDot,
        ChartKind::Strip => Message::ChartStrip,
        ChartKind::Multiples => Message::ChartMultiples,
        ChartKind::Tiles => Message::ChartTiles,
        ChartKind::Funnel => Message::ChartFunnel,
    }
}
