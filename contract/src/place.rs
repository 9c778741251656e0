//! Administrative levels and the published register of places.

use serde::{Deserialize, Serialize};

use crate::{cell::names, text::Localised};

/// A level of the administrative hierarchy, from the widest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 市 (or the widest place that a portal covers).
    City,
    /// 区、县、县级市.
    District,
    /// 街道、镇.
    Street,
    /// 社区.
    Community,
}

names!(Level {
    City => "city",
    District => "district",
    Street => "street",
    Community => "community",
});

/// One place of the register, as published in `files/areas/places-<hash>.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// GB/T 2260 or statistical code (12 digits for streets and communities), or the city's own.
    pub code: String,
    /// Level of the place.
    pub level: Level,
    /// Code of the place one level up; none for the widest.
    pub parent: Option<String>,
    /// Official name, and its English form (pinyin where none is official).
    pub name: Localised,
    /// Households by year, where known: the denominator of per-household figures.
    #[serde(default)]
    pub households: Vec<YearCount>,
    /// Residents by year, where known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub population: Vec<YearCount>,
    /// Urban or rural, in the register's own words, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The Chinese name in pinyin: syllables apart, no tones.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub pinyin: String,
    /// First and last day of validity (`YYYY-MM-DD`), where bounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<String>,
    /// See [`Place::valid_from`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<String>,
}

/// A count at the end of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearCount {
    /// The year.
    pub year: i32,
    /// The count.
    pub count: i64,
}
