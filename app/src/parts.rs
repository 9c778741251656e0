//! What stands above and below the line of a value, in the units that readers know: files hold money in fen and
//! areas in hundredths of a square metre.

use charts::format;
use contract::{
    indicator::{Formula, Indicator, Unit},
    snapshot::Dataset,
    text::Language,
};

use crate::{messages::text, words};

/// How one side of a fraction is held.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Side {
    /// What it is written in.
    pub unit: Unit,
    /// A second unit that it is multiplied by: hours × m².
    pub times: Option<Unit>,
    /// What turns the held number into that unit.
    pub divisor: f64,
}

/// Both sides; none where the snapshot does not tell the unit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Parts {
    /// Above the line.
    pub numerator: Option<Side>,
    /// Below the line.
    pub denominator: Option<Side>,
}

const NUMBER: Side = Side {
    unit: Unit::Count,
    times: None,
    divisor: 1.0,
};

/// The sides of an indicator's values.
pub fn parts(dataset: &Dataset, indicator: &Indicator) -> Parts {
    let own = |divisor: i64| Side {
        unit: indicator.unit,
        times: None,
        divisor: divisor.max(1) as f64,
    };
    let (numerator, denominator) = match &indicator.formula {
        Formula::Ratio {
            numerator,
            denominator,
            ..
        } => return ratio(dataset, indicator, numerator, denominator),
        Formula::Sum { divisor, .. }
        | Formula::PerHouseholds { divisor, .. }
        | Formula::PerCommunity { divisor, .. }
        | Formula::SumOfPlaces { divisor, .. } => (own(*divisor), NUMBER),
        Formula::Count { .. }
        | Formula::Rate { .. }
        | Formula::CountOfPlaces { .. }
        | Formula::ShareOfPlaces { .. }
        | Formula::Percentile { .. }
        | Formula::PercentileOfPlaces { .. } => (NUMBER, NUMBER),
    };
    Parts {
        numerator: Some(numerator),
        denominator: Some(denominator),
    }
}

/// A ratio names expressions. The indicator that sums one of them tells its unit; a plain ratio has the same unit
/// on both sides.
fn ratio(dataset: &Dataset, indicator: &Indicator, above: &str, below: &str) -> Parts {
    let (mut numerator, mut denominator) = (summed(dataset, above), summed(dataset, below));
    let plain = matches!(indicator.unit, Unit::Percent | Unit::Ratio);
    match (numerator, denominator) {
        (None, None) if plain => (numerator, denominator) = (Some(NUMBER), Some(NUMBER)),
        (None, Some(side)) if plain && below != "1" => numerator = Some(side),
        (None, Some(_)) if plain => numerator = Some(NUMBER),
        (Some(side), None) if plain => denominator = Some(side),
        // The value's unit, multiplied by that below the line.
        (None, Some(side)) => {
            numerator = Some(Side {
                unit: indicator.unit,
                times: (side.unit != Unit::Count).then_some(side.unit),
                divisor: side.divisor,
            });
        }
        _ => {}
    }
    Parts {
        numerator,
        denominator,
    }
}

fn summed(dataset: &Dataset, expression: &str) -> Option<Side> {
    if expression.parse::<i64>().is_ok() {
        return Some(NUMBER);
    }
    dataset.indicators.iter().find_map(|it| match &it.formula {
        Formula::Sum {
            measure, divisor, ..
        }
        | Formula::Percentile {
            measure, divisor, ..
        } if measure == expression => Some(Side {
            unit: it.unit,
            times: None,
            divisor: (*divisor).max(1) as f64,
        }),
        _ => None,
    })
}

impl Side {
    /// The number that readers know.
    pub fn value(&self, held: i64) -> f64 {
        held as f64 / self.divisor
    }

    /// The unit's name; none for a plain number.
    pub fn unit_name(&self, language: Language) -> Option<String> {
        let name = |unit| text(language, words::unit(unit));
        match (self.unit, self.times) {
            (Unit::Count, None) => None,
            (unit, None) => Some(name(unit).to_owned()),
            (unit, Some(times)) => Some(format!("{} × {}", name(unit), name(times))),
        }
    }

    /// The number with all of its digits, and its unit.
    pub fn write(&self, held: i64, language: Language) -> String {
        let value = self.value(held);
        match self.times {
            None => format::exact(value, self.unit, language),
            Some(_) => {
                let number = format::exact(value, Unit::Count, language);
                format!("{number} {}", self.unit_name(language).unwrap_or_default())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use contract::{
        Localised,
        indicator::{DefaultChart, Direction, INDICATOR_FORMAT, Method},
        snapshot::RowCounts,
    };

    use super::*;

    fn indicator(unit: Unit, formula: Formula) -> Indicator {
        Indicator {
            format: INDICATOR_FORMAT,
            id: String::new(),
            title: Localised::default(),
            definition: Localised::default(),
            unit,
            direction: Direction::Neutral,
            formula,
            target: None,
            method: Method {
                version: 1,
                note: Localised::default(),
                breaks: Vec::new(),
            },
            chart: DefaultChart::Bar,
            order: 1,
            min_base: None,
            also_shows: Vec::new(),
            beside: None,
            levels: None,
            granularities: None,
            breakdowns: None,
        }
    }

    fn sum(unit: Unit, measure: &str, divisor: i64) -> Indicator {
        let (measure, of) = (measure.to_owned(), "rows".to_owned());
        let formula = Formula::Sum {
            measure,
            of,
            divisor,
        };
        indicator(unit, formula)
    }

    #[test]
    fn fen_and_hundredths_of_a_square_metre_are_written_as_readers_know_them() {
        let dataset = Dataset {
            id: String::new(),
            title: Localised::default(),
            summary: Localised::default(),
            grain: Localised::default(),
            rows: RowCounts::default(),
            indicators: vec![
                sum(Unit::Yuan, "spent", 100),
                sum(Unit::SquareMetre, "area", 100),
                sum(Unit::Hour, "seconds", 3600),
            ],
            breakdowns: Vec::new(),
            tables: Vec::new(),
            records: None,
            table: None,
            columns: Vec::new(),
        };
        let ratio = |unit, numerator: &str, denominator: &str| {
            let formula = Formula::Ratio {
                numerator: numerator.to_owned(),
                denominator: denominator.to_owned(),
                of: "rows".to_owned(),
                scale: 1,
            };
            let parts = parts(&dataset, &indicator(unit, formula));
            let write = |side: Option<Side>| side.map(|it| it.write(123_456, Language::English));
            (write(parts.numerator), write(parts.denominator))
        };
        let some = |text: &str| Some(text.to_owned());
        for (unit, above, below, written) in [
            (Unit::Percent, "spent", "other", ("¥1,234.56", "¥1,234.56")),
            (
                Unit::Percent,
                "CASE",
                "area",
                ("1,234.56 m²", "1,234.56 m²"),
            ),
            (Unit::Yuan, "spent", "area", ("¥1,234.56", "1,234.56 m²")),
            (Unit::Ratio, "called", "1", ("123,456", "123,456")),
            (Unit::Percent, "came", "called", ("123,456", "123,456")),
            (
                Unit::Hour,
                "open * area",
                "area",
                ("1,234.56 hours × m²", "1,234.56 m²"),
            ),
        ] {
            let found = ratio(unit, above, below);
            assert_eq!(
                found,
                (some(written.0), some(written.1)),
                "{above} / {below}"
            );
        }
        // Nothing tells what is below the line: nothing is written rather than fen as yuan.
        assert_eq!(ratio(Unit::Yuan, "spent", "other").1, None);
    }
}
