//! The declaration of one indicator: `datasets/<dataset>/indicators/<id>.toml`.

use serde::{Deserialize, Serialize};

use crate::{Granularity, Level, Localised, Period, cell::names};

/// The version of the indicator format that this crate reads.
pub const INDICATOR_FORMAT: u32 = 1;

/// One indicator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// [`INDICATOR_FORMAT`].
    pub format: u32,
    /// Identifier: the file's stem.
    pub id: String,
    /// Title.
    pub title: Localised,
    /// What it means, in plain words, with its numerator and denominator.
    pub definition: Localised,
    /// Unit of the value.
    pub unit: Unit,
    /// What stands behind a number whose unit says too little of it: whistles, communities, times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_title: Option<Localised>,
    /// Whether more is better.
    pub direction: Direction,
    /// How it is computed.
    pub formula: Formula,
    /// What the value is held against: the city's own target, or a norm that others set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
    /// Version and origin of the method.
    pub method: Method,
    /// The first chart.
    #[serde(default)]
    pub chart: DefaultChart,
    /// Order among the dataset's indicators, from the first.
    pub order: u32,
    /// No value below this denominator: the counts stand alone, and the cell is `not_applicable`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_base: Option<u64>,
    /// Further populations whose sizes its sums tell or bound: the rows with a late department, where a sum over
    /// departments is shown. They are judged like those of the formula.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also_shows: Vec<String>,
    /// The indicator that is to be shown beside it: the rating rate beside the satisfaction of those who rated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside: Option<String>,
    /// The levels of place that it has; none: the dataset's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub levels: Option<Vec<Level>>,
    /// The lengths of period that it has; none: the dataset's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub granularities: Option<Vec<Granularity>>,
    /// The breakdowns that it has; none: every one. Indicators of communities have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breakdowns: Option<Vec<String>>,
}

impl Indicator {
    /// The populations whose sizes a reader of its values learns or can bound.
    pub fn shows(&self) -> Vec<&str> {
        let also = self.also_shows.iter().map(String::as_str);
        self.formula.populations().into_iter().chain(also).collect()
    }
}

/// Unit of an indicator's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Per hundred.
    Percent,
    /// A number of things.
    Count,
    /// Hours.
    Hour,
    /// Days.
    Day,
    /// Yuan.
    Yuan,
    /// Square metres.
    SquareMetre,
    /// A plain ratio.
    Ratio,
}

names!(Unit {
    Percent => "percent",
    Count => "count",
    Hour => "hour",
    Day => "day",
    Yuan => "yuan",
    SquareMetre => "square_metre",
    Ratio => "ratio",
});

/// Whether more is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// A higher value is better.
    MoreIsBetter,
    /// A lower value is better.
    LessIsBetter,
    /// Neither: never to be ranked.
    Neutral,
}

/// How a value is computed from the de-identified rows of a place, a period and a class.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, tag = "kind", rename_all = "snake_case")]
pub enum Formula {
    /// Rows in a population.
    Count {
        /// The population.
        of: String,
    },
    /// 100 × rows of the numerator ÷ rows of the denominator, which contains it.
    Rate {
        /// Population counted above the line.
        numerator: String,
        /// Population counted below the line.
        denominator: String,
    },
    /// The sum of an integer measure over a population, divided by `divisor`.
    Sum {
        /// SQL expression of integer type.
        measure: String,
        /// The population.
        of: String,
        /// What turns the held unit into the indicator's (100 for fen to yuan).
        #[serde(default = "one")]
        divisor: i64,
    },
    /// The sum of one measure over the sum of another, times `scale`.
    Ratio {
        /// SQL expression above the line.
        numerator: String,
        /// SQL expression below the line.
        denominator: String,
        /// The population of both.
        of: String,
        /// 100 for a percentage.
        #[serde(default = "one")]
        scale: i64,
    },
    /// A percentile, linearly interpolated, of a measure over a population, divided by `divisor`.
    Percentile {
        /// SQL expression of integer type.
        measure: String,
        /// The population.
        of: String,
        /// Between 0 and 1: 0.5 for the median.
        rank: f64,
        /// What turns the held unit into the indicator's (3600 for seconds to hours).
        #[serde(default = "one")]
        divisor: i64,
    },
    /// 100 × the sum of an integer measure ÷ `divisor` ÷ the households of the place at the end of the year.
    PerHouseholds {
        /// SQL expression of integer type.
        measure: String,
        /// The population.
        of: String,
        /// What turns the held unit into the indicator's.
        #[serde(default = "one")]
        divisor: i64,
    },
    /// The sum of an integer measure ÷ `divisor` ÷ the communities of the place at the end of the period.
    PerCommunity {
        /// SQL expression of integer type.
        measure: String,
        /// The population.
        of: String,
        /// What turns the held unit into the indicator's.
        #[serde(default = "one")]
        divisor: i64,
    },
    /// How many communities meet a condition, of all that the register holds at the end of the period,
    /// whether they have rows or not.
    CountOfPlaces {
        /// SQL condition over place measures and `households`.
        #[serde(rename = "where")]
        condition: String,
    },
    /// 100 × the communities that meet a condition ÷ all, or all that meet `among`.
    ShareOfPlaces {
        /// SQL condition over place measures and `households`.
        #[serde(rename = "where")]
        condition: String,
        /// SQL condition of the communities below the line; none: all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        among: Option<String>,
    },
    /// The sum over communities of an integer expression, divided by `divisor`.
    SumOfPlaces {
        /// SQL expression of integer type over place measures and `households`.
        measure: String,
        /// What turns the held unit into the indicator's.
        #[serde(default = "one")]
        divisor: i64,
    },
    /// A percentile over communities, linearly interpolated, divided by `divisor`: 0.5 for the median, 0 for
    /// the least.
    PercentileOfPlaces {
        /// SQL expression over place measures and `households`.
        measure: String,
        /// Between 0 and 1.
        rank: f64,
        /// SQL condition of the communities that count; none: all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        among: Option<String>,
        /// What turns the held unit into the indicator's.
        #[serde(default = "one")]
        divisor: i64,
    },
}

pub(crate) fn one() -> i64 {
    1
}

impl Formula {
    /// The populations that it counts or measures.
    pub fn populations(&self) -> Vec<&str> {
        match self {
            Self::Count { of }
            | Self::Sum { of, .. }
            | Self::Ratio { of, .. }
            | Self::Percentile { of, .. }
            | Self::PerHouseholds { of, .. }
            | Self::PerCommunity { of, .. } => vec![of],
            Self::Rate {
                numerator,
                denominator,
            } => vec![numerator, denominator],
            Self::CountOfPlaces { .. }
            | Self::ShareOfPlaces { .. }
            | Self::SumOfPlaces { .. }
            | Self::PercentileOfPlaces { .. } => Vec::new(),
        }
    }

    /// Its SQL expressions, over rows or over communities.
    pub fn expressions(&self) -> Vec<&str> {
        match self {
            Self::Count { .. } | Self::Rate { .. } => Vec::new(),
            Self::Sum { measure, .. }
            | Self::Percentile { measure, .. }
            | Self::PerHouseholds { measure, .. }
            | Self::PerCommunity { measure, .. }
            | Self::SumOfPlaces { measure, .. } => vec![measure],
            Self::Ratio {
                numerator,
                denominator,
                ..
            } => vec![numerator, denominator],
            Self::CountOfPlaces { condition } => vec![condition],
            Self::ShareOfPlaces {
                condition: expression,
                among,
            }
            | Self::PercentileOfPlaces {
                measure: expression,
                among,
                ..
            } => std::iter::once(expression)
                .chain(among)
                .map(String::as_str)
                .collect(),
        }
    }

    /// Whether its unit is the community rather than the row.
    pub fn is_of_places(&self) -> bool {
        matches!(
            self,
            Self::CountOfPlaces { .. }
                | Self::ShareOfPlaces { .. }
                | Self::SumOfPlaces { .. }
                | Self::PercentileOfPlaces { .. }
        )
    }
}

/// A value that the city set out to reach, or that a norm asks of it. It is that of the whole, not of a class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// In the indicator's unit.
    pub value: f64,
    /// Who set it, where.
    pub source: Localised,
}

/// Version and origin of a method.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Method {
    /// Raised when the definition changes; charts break the line there.
    pub version: u32,
    /// Where the definition comes from, and its traps.
    pub note: Localised,
    /// Periods from which values no longer compare with earlier ones.
    #[serde(default, rename = "break", skip_serializing_if = "Vec::is_empty")]
    pub breaks: Vec<Break>,
}

/// A break in the line of an indicator's values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Break {
    /// The first period of the new definition.
    pub period: Period,
    /// What changed.
    pub note: Localised,
}

/// The first chart of an indicator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DefaultChart {
    /// Places or classes compared in one period.
    #[default]
    Bar,
    /// One or a few places over time.
    Line,
}
