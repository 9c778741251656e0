//! Months, quarters and years, and how they are written: `2020-12`, `2020-Q4`, `2020`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::cell::names;

/// The length of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Granularity {
    /// A calendar year.
    Year,
    /// A calendar quarter.
    Quarter,
    /// A calendar month.
    Month,
}

names!(Granularity {
    Year => "year",
    Quarter => "quarter",
    Month => "month",
});

/// A calendar year, quarter or month. Ordered by its first month, the longer period first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    /// Months since year 0 of the first month.
    first_month: i32,
    granularity: Granularity,
}

impl Period {
    /// The period of the given length that holds a month (`month` from 1 to 12).
    pub fn containing(year: i32, month: u32, granularity: Granularity) -> Self {
        let month = i32::try_from(month.clamp(1, 12)).unwrap_or(1) - 1;
        let within = match granularity {
            Granularity::Year => 0,
            Granularity::Quarter => month / 3 * 3,
            Granularity::Month => month,
        };
        Self {
            first_month: year * 12 + within,
            granularity,
        }
    }

    /// The length of the period.
    pub fn granularity(self) -> Granularity {
        self.granularity
    }

    /// The calendar year.
    pub fn year(self) -> i32 {
        self.first_month.div_euclid(12)
    }

    /// The first month, from 1 to 12.
    pub fn month(self) -> u32 {
        self.first_month.rem_euclid(12).unsigned_abs() + 1
    }

    /// How many months the period lasts.
    pub fn months(self) -> u32 {
        match self.granularity {
            Granularity::Year => 12,
            Granularity::Quarter => 3,
            Granularity::Month => 1,
        }
    }

    /// The period of the same length `steps` later (earlier when negative).
    pub fn shifted(self, steps: i32) -> Self {
        Self {
            first_month: self.first_month + steps * self.months().cast_signed(),
            ..self
        }
    }

    /// The last month of the period.
    pub fn last_month(self) -> Self {
        Self {
            first_month: self.first_month + self.months().cast_signed() - 1,
            granularity: Granularity::Month,
        }
    }
}

impl Ord for Period {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.first_month, self.granularity).cmp(&(other.first_month, other.granularity))
    }
}

impl PartialOrd for Period {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.granularity {
            Granularity::Year => write!(f, "{:04}", self.year()),
            Granularity::Quarter => write!(f, "{:04}-Q{}", self.year(), (self.month() - 1) / 3 + 1),
            Granularity::Month => write!(f, "{:04}-{:02}", self.year(), self.month()),
        }
    }
}

/// The text is not a year, a quarter or a month.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0:?} is not a period: write a year (2020), a quarter (2020-Q4) or a month (2020-12)")]
pub struct NotAPeriod(String);

impl FromStr for Period {
    type Err = NotAPeriod;

    fn from_str(text: &str) -> Result<Self, NotAPeriod> {
        let fail = || NotAPeriod(text.chars().take(20).collect());
        let digits = |s: &str, n: usize| {
            if s.len() == n && s.bytes().all(|b| b.is_ascii_digit()) {
                s.parse::<u32>().ok()
            } else {
                None
            }
        };
        let (year, rest) = text
            .split_once('-')
            .map_or((text, None), |(year, rest)| (year, Some(rest)));
        let year = digits(year, 4).ok_or_else(fail)?.cast_signed();
        match rest {
            None => Ok(Self::containing(year, 1, Granularity::Year)),
            Some(rest) => match rest.strip_prefix('Q') {
                Some(quarter) => match digits(quarter, 1) {
                    Some(quarter @ 1..=4) => {
                        Ok(Self::containing(year, quarter * 3, Granularity::Quarter))
                    }
                    _ => Err(fail()),
                },
                None => match digits(rest, 2) {
                    Some(month @ 1..=12) => Ok(Self::containing(year, month, Granularity::Month)),
                    _ => Err(fail()),
                },
            },
        }
    }
}

impl Serialize for Period {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Period {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Period".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A year (2020), a quarter (2020-Q4) or a month (2020-12).",
            "type": "string",
            "pattern": "^[0-9]{4}(-(Q[1-4]|0[1-9]|1[0-2]))?$"
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_that_are_not_periods_are_refused() {
        for text in [
            "",
            "20",
            "2020-",
            "2020-13",
            "2020-00",
            "2020-Q5",
            "2020-Q0",
            "2020-1",
            "+020",
            "2020-Q",
            "二〇二〇",
        ] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_period_reads_back_as_written(year in 0i32..9999, month in 1u32..=12, kind in 0usize..3) {
            let period = Period::containing(year, month, Granularity::ALL[kind]);
            prop_assert_eq!(period.to_string().parse::<Period>(), Ok(period));
            prop_assert_eq!(period.shifted(5).shifted(-5), period);
            prop_assert!(period.last_month() <= period.shifted(1));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in ".*") {
            let _ = text.parse::<Period>();
        }
    }
}
