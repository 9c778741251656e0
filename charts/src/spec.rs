//! What a chart shows.

use contract::{Status, indicator::Unit, text::Language};
use serde::{Deserialize, Serialize};

/// One chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChartSpec {
    /// The kind of chart.
    pub kind: ChartKind,
    /// Name of the chart, for screen readers (`<title>`).
    pub title: String,
    /// What the chart shows, in a sentence or two (`<desc>`).
    pub description: String,
    /// Language of numbers, periods and of the words for an empty chart.
    pub language: Language,
    /// Unit of every value.
    pub unit: Unit,
    /// The series. A bar chart draws the points of all, one after another.
    pub series: Vec<Series>,
    /// The city's target, drawn as a dashed line.
    pub target: Option<f64>,
    /// Label of the target, without its value.
    pub target_label: String,
    /// Keys of periods from which on the method is another: the line breaks there.
    #[serde(default)]
    pub breaks: Vec<String>,
    /// Words for values that are not there.
    pub labels: StatusLabels,
    /// Width in pixels.
    pub width: u32,
    /// Least height in pixels; a bar chart grows with its rows.
    pub height: u32,
}

/// The kind of chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChartKind {
    /// Horizontal bars, one for each point.
    Bar,
    /// Lines, one for each series; the points of each are in the order of time.
    Line,
    /// The bars of every series side by side; points of one row share the part of their key before `/`.
    Grouped,
    /// The bars of every series one after another: parts of a whole.
    Stacked,
    /// Dots on an axis that need not begin at zero.
    Dot,
    /// Every point as a dot on one axis; the highlighted ones are named.
    Strip,
    /// A small chart of lines for each series, all on the same axis.
    Multiples,
    /// A tile for each point, below the name of its series: a schematic map.
    Tiles,
    /// Stages of one course, the first of which holds all.
    Funnel,
    /// A line without axes, for a card.
    Spark,
}

impl ChartKind {
    /// The name in classes and addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bar => "bar",
            Self::Line => "line",
            Self::Grouped => "grouped",
            Self::Stacked => "stacked",
            Self::Dot => "dot",
            Self::Strip => "strip",
            Self::Multiples => "multiples",
            Self::Tiles => "tiles",
            Self::Funnel => "funnel",
            Self::Spark => "spark",
        }
    }

    /// Whether time runs along the chart.
    pub fn over_time(self) -> bool {
        matches!(self, Self::Line | Self::Multiples | Self::Spark)
    }
}

/// Points that belong together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// Label, drawn at the end of a line.
    pub label: String,
    /// The points, in order.
    pub points: Vec<Point>,
}

/// One value, or why there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// What identifies it: a place's code, or a period such as `2020-12`.
    pub key: String,
    /// Label on the axis.
    pub label: String,
    /// The value.
    pub value: Option<f64>,
    /// Confidence interval, the lower bound first.
    pub interval: Option<(f64, f64)>,
    /// What a suppressed value may be, the lower bound first.
    #[serde(default)]
    pub feasible: Option<(f64, f64)>,
    /// Why there is a value or none.
    pub status: Status,
    /// Drawn with emphasis.
    pub highlighted: bool,
}

/// Words, in the chart's language, for values that are not there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusLabels {
    /// A value exists and is withheld.
    pub suppressed: String,
    /// The indicator has no meaning here.
    pub not_applicable: String,
    /// The source does not hold it.
    pub not_collected: String,
}

impl StatusLabels {
    /// The word of a status; empty for a published value.
    pub fn get(&self, status: Status) -> &str {
        match status {
            Status::Published => "",
            Status::Suppressed => &self.suppressed,
            Status::NotApplicable => &self.not_applicable,
            Status::NotCollected => &self.not_collected,
        }
    }
}

/// Why a chart cannot be drawn. Every message names the thing and the remedy.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChartError {
    /// A number is infinite or not a number.
    #[error("{what} is not a finite number. Leave it out, with the status that says why")]
    NotFinite {
        /// The number.
        what: String,
    },
    /// The chart has no room for its labels, or too much of it.
    #[error(
        "a chart of {width} × {height} pixels cannot be drawn. Use a width from 240 to 4000 and a height up to 4000"
    )]
    Size {
        /// Width asked for.
        width: u32,
        /// Height asked for.
        height: u32,
    },
    /// More points than a reader can tell apart.
    #[error("the chart has {found} points; it takes {most} at most. Show fewer places or periods")]
    TooMany {
        /// Points given.
        found: usize,
        /// Points taken.
        most: usize,
    },
    /// The drawing library refused.
    #[error("the chart cannot be drawn ({0}). Report this as a fault of the portal")]
    Drawing(String),
}

impl ChartSpec {
    /// Refuses what cannot be drawn.
    pub(crate) fn check(&self) -> Result<(), ChartError> {
        const MOST: usize = 2000;
        if !(240..=4000).contains(&self.width) || self.height > 4000 {
            return Err(ChartError::Size {
                width: self.width,
                height: self.height,
            });
        }
        let found = self.series.iter().map(|series| series.points.len()).sum();
        if found > MOST {
            return Err(ChartError::TooMany { found, most: MOST });
        }
        let finite = |number: f64, what: &dyn Fn() -> String| {
            // Beyond 1e15 axis labels lose their meaning.
            if number.is_finite() && number.abs() <= 1e15 {
                Ok(())
            } else {
                Err(ChartError::NotFinite { what: what() })
            }
        };
        if let Some(target) = self.target {
            finite(target, &|| "the target".to_owned())?;
        }
        for point in self.series.iter().flat_map(|series| &series.points) {
            if let Some(value) = point.value {
                finite(value, &|| format!("the value of {:?}", point.key))?;
            }
            for (low, high) in point.interval.into_iter().chain(point.feasible) {
                finite(low, &|| format!("the lower bound of {:?}", point.key))?;
                finite(high, &|| format!("the upper bound of {:?}", point.key))?;
            }
        }
        Ok(())
    }
}
