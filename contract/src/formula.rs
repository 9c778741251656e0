//! Reading a formula.
//!
//! serde's own reader of a tagged enum keeps everything aside until it knows the tag, and then reads once for each
//! variant: thirty kilobytes, in every program that a reader of the portal downloads. Here all fields are read, and
//! those of other kinds refused.

use serde::{Deserialize, Deserializer, de::Error};

use crate::indicator::{Formula, one};

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Count,
    Rate,
    Sum,
    Ratio,
    Percentile,
    PerHouseholds,
    PerCommunity,
    CountOfPlaces,
    ShareOfPlaces,
    SumOfPlaces,
    PercentileOfPlaces,
}

impl Kind {
    fn fields(&self) -> &'static [&'static str] {
        match self {
            Self::Count => &["of"],
            Self::Rate => &["numerator", "denominator"],
            Self::Sum => &["measure", "of", "divisor"],
            Self::Ratio => &["numerator", "denominator", "of", "scale"],
            Self::Percentile => &["measure", "of", "rank", "divisor"],
            Self::PerHouseholds => &["measure", "of", "divisor"],
            Self::PerCommunity => &["measure", "of", "divisor"],
            Self::CountOfPlaces => &["where"],
            Self::ShareOfPlaces => &["where", "among"],
            Self::SumOfPlaces => &["measure", "divisor"],
            Self::PercentileOfPlaces => &["measure", "rank", "among", "divisor"],
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    kind: Kind,
    of: Option<String>,
    numerator: Option<String>,
    denominator: Option<String>,
    measure: Option<String>,
    #[serde(rename = "where")]
    condition: Option<String>,
    among: Option<String>,
    divisor: Option<i64>,
    scale: Option<i64>,
    rank: Option<f64>,
}

impl Fields {
    /// A field that is still there.
    fn left(&self) -> Option<&'static str> {
        let texts = [
            (&self.of, "of"),
            (&self.numerator, "numerator"),
            (&self.denominator, "denominator"),
            (&self.measure, "measure"),
            (&self.condition, "where"),
            (&self.among, "among"),
        ];
        let numbers = [
            (self.divisor.is_some(), "divisor"),
            (self.scale.is_some(), "scale"),
            (self.rank.is_some(), "rank"),
        ];
        texts
            .map(|(field, name)| (field.is_some(), name))
            .into_iter()
            .chain(numbers)
            .find_map(|(there, name)| there.then_some(name))
    }
}

fn needed<T, E: Error>(field: &mut Option<T>, name: &'static str) -> Result<T, E> {
    field.take().ok_or_else(|| E::missing_field(name))
}

impl<'de> Deserialize<'de> for Formula {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = Fields::deserialize(deserializer)?;
        let formula = match fields.kind {
            Kind::Count => Self::Count {
                of: needed(&mut fields.of, "of")?,
            },
            Kind::Rate => Self::Rate {
                numerator: needed(&mut fields.numerator, "numerator")?,
                denominator: needed(&mut fields.denominator, "denominator")?,
            },
            Kind::Sum => Self::Sum {
                measure: needed(&mut fields.measure, "measure")?,
                of: needed(&mut fields.of, "of")?,
                divisor: fields.divisor.take().unwrap_or_else(one),
            },
            Kind::Ratio => Self::Ratio {
                numerator: needed(&mut fields.numerator, "numerator")?,
                denominator: needed(&mut fields.denominator, "denominator")?,
                of: needed(&mut fields.of, "of")?,
                scale: fields.scale.take().unwrap_or_else(one),
            },
            Kind::Percentile => Self::Percentile {
                measure: needed(&mut fields.measure, "measure")?,
                of: needed(&mut fields.of, "of")?,
                rank: needed(&mut fields.rank, "rank")?,
                divisor: fields.divisor.take().unwrap_or_else(one),
            },
            Kind::PerHouseholds => Self::PerHouseholds {
                measure: needed(&mut fields.measure, "measure")?,
                of: needed(&mut fields.of, "of")?,
                divisor: fields.divisor.take().unwrap_or_else(one),
            },
            Kind::PerCommunity => Self::PerCommunity {
                measure: needed(&mut fields.measure, "measure")?,
                of: needed(&mut fields.of, "of")?,
                divisor: fields.divisor.take().unwrap_or_else(one),
            },
            Kind::CountOfPlaces => Self::CountOfPlaces {
                condition: needed(&mut fields.condition, "where")?,
            },
            Kind::ShareOfPlaces => Self::ShareOfPlaces {
                condition: needed(&mut fields.condition, "where")?,
                among: fields.among.take(),
            },
            Kind::SumOfPlaces => Self::SumOfPlaces {
                measure: needed(&mut fields.measure, "measure")?,
                divisor: fields.divisor.take().unwrap_or_else(one),
            },
            Kind::PercentileOfPlaces => Self::PercentileOfPlaces {
                measure: needed(&mut fields.measure, "measure")?,
                rank: needed(&mut fields.rank, "rank")?,
                among: fields.among.take(),
                divisor: fields.divisor.take().unwrap_or_else(one),
            },
        };
        match fields.left() {
            Some(name) => Err(D::Error::unknown_field(name, fields.kind.fields())),
            None => Ok(formula),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Formula, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    #[test]
    fn formulas_are_read_as_they_are_written() {
        let text = |name: &str| name.to_owned();
        let (measure, of, among) = (text("hours"), text("closed"), Some(text("fund > 0")));
        for formula in [
            Formula::Count { of: of.clone() },
            Formula::Rate {
                numerator: text("done"),
                denominator: text("all"),
            },
            Formula::Sum {
                measure: measure.clone(),
                of: of.clone(),
                divisor: 100,
            },
            Formula::Ratio {
                numerator: text("a"),
                denominator: text("b"),
                of: of.clone(),
                scale: 100,
            },
            Formula::Percentile {
                measure: measure.clone(),
                of: of.clone(),
                rank: 0.5,
                divisor: 3600,
            },
            Formula::PerHouseholds {
                measure: measure.clone(),
                of: of.clone(),
                divisor: 100,
            },
            Formula::PerCommunity {
                measure: measure.clone(),
                of,
                divisor: 100,
            },
            Formula::CountOfPlaces {
                condition: text("area > 0"),
            },
            Formula::ShareOfPlaces {
                condition: text("area > 0"),
                among: None,
            },
            Formula::ShareOfPlaces {
                condition: text("area > 0"),
                among: among.clone(),
            },
            Formula::SumOfPlaces {
                measure: measure.clone(),
                divisor: 1,
            },
            Formula::PercentileOfPlaces {
                measure,
                rank: 0.0,
                among,
                divisor: 1,
            },
        ] {
            let written = serde_json::to_string(&formula).expect("it can be written");
            assert_eq!(read(&written), Ok(formula), "{written}");
        }
        assert_eq!(
            read(r#"{"kind": "sum", "measure": "m", "of": "o"}"#),
            Ok(Formula::Sum {
                measure: text("m"),
                of: text("o"),
                divisor: 1
            })
        );
    }

    #[test]
    fn what_a_kind_does_not_have_is_refused() {
        for (text, said) in [
            (
                r#"{"kind": "number"}"#,
                "unknown variant `number`, expected one of `count`, `rate`",
            ),
            (r#"{"of": "all"}"#, "missing field `kind`"),
            (
                r#"{"kind": "rate", "numerator": "a"}"#,
                "missing field `denominator`",
            ),
            (
                r#"{"kind": "count", "of": "all", "rank": 1}"#,
                "unknown field `rank`, expected `of`",
            ),
            (
                r#"{"kind": "sum_of_places", "measure": "m", "where": "true"}"#,
                "unknown field `where`, expected `measure` or `divisor`",
            ),
            (
                r#"{"kind": "count", "of": "all", "off": 1}"#,
                "unknown field `off`",
            ),
        ] {
            let refusal = read(text).expect_err(text);
            assert!(refusal.contains(said), "{refusal}");
        }
    }
}
