//! The declaration of one portal instance: `portal.toml`.

use serde::{Deserialize, Serialize};

use crate::{Localised, Period};

/// The version of the portal format that this crate reads.
pub const PORTAL_FORMAT: u32 = 1;

/// One portal instance: a city, its datasets, its licence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Portal {
    /// [`PORTAL_FORMAT`].
    pub format: u32,
    /// Title of the portal.
    pub title: Localised,
    /// Who publishes.
    pub publisher: Localised,
    /// SPDX identifier or URL of the data's licence.
    pub licence: String,
    /// Datasets, in the order of the portal.
    pub datasets: Vec<String>,
    /// Headline indicators of the home page: `dataset.indicator`.
    pub headlines: Vec<String>,
    /// The data are invented, whatever the raw zone says of itself.
    #[serde(default)]
    pub demonstration: bool,
    /// Last month that the exports cover, when neither the command nor the raw zone says so.
    #[serde(default)]
    pub reference: Option<Period>,
    /// Where the register of places comes from.
    pub places: PlaceSource,
}

/// Where the register of places comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PlaceSource {
    /// File names in the raw zone that hold it; `*` stands for any characters.
    pub files: Vec<String>,
    /// The levels, the widest first.
    #[serde(rename = "level")]
    pub levels: Vec<PlaceColumns>,
    /// Header of the year that a row's counts are of; none: the reference month's year.
    #[serde(default)]
    pub year: Option<String>,
    /// Header of the first day on which the last level's place exists.
    #[serde(default)]
    pub valid_from: Option<String>,
    /// Header of the last day.
    #[serde(default)]
    pub valid_to: Option<String>,
    /// Header of how urban or rural the last level's place is.
    #[serde(default)]
    pub kind: Option<String>,
}

/// The columns of the register that name one level.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PlaceColumns {
    /// The level.
    pub level: crate::Level,
    /// Header of the code.
    pub code: String,
    /// Header of the Chinese name.
    pub name: String,
    /// Header of the English name; the Chinese one stands in when absent.
    #[serde(default)]
    pub name_en: Option<String>,
    /// Header of the number of households.
    #[serde(default)]
    pub households: Option<String>,
    /// Header of the number of residents.
    #[serde(default)]
    pub population: Option<String>,
}
