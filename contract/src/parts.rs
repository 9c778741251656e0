//! What stands above and below the line of a value, in the units that readers know: files hold money in fen and
//! areas in hundredths of a square metre.

use crate::indicator::{Formula, Indicator, Unit};

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
    /// What their quotient is multiplied by to give the value (a percentage is a quotient of itself: 1); none where
    /// the value is no quotient of them, as a count beside all that were counted.
    pub factor: Option<i64>,
}

const NUMBER: Side = Side {
    unit: Unit::Count,
    times: None,
    divisor: 1.0,
};

/// The sides of an indicator's values, among the indicators of its dataset.
pub fn parts(indicators: &[Indicator], indicator: &Indicator) -> Parts {
    let own = |divisor: i64| Side {
        unit: indicator.unit,
        times: None,
        divisor: divisor.max(1) as f64,
    };
    let (numerator, denominator) = match &indicator.formula {
        Formula::Ratio {
            numerator,
            denominator,
            scale,
            ..
        } => {
            let factor = if indicator.unit == Unit::Percent {
                1
            } else {
                *scale
            };
            return Parts {
                factor: Some(factor),
                ..ratio(indicators, indicator, numerator, denominator)
            };
        }
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
    let factor = match &indicator.formula {
        Formula::Rate { .. } | Formula::ShareOfPlaces { .. } | Formula::PerCommunity { .. } => {
            Some(1)
        }
        Formula::PerHouseholds { .. } => Some(100),
        _ => None,
    };
    Parts {
        numerator: Some(numerator),
        denominator: Some(denominator),
        factor,
    }
}

/// A ratio names expressions. The indicator that sums one of them tells its unit; a plain ratio has the same unit
/// on both sides.
fn ratio(indicators: &[Indicator], indicator: &Indicator, above: &str, below: &str) -> Parts {
    let (mut numerator, mut denominator) = (summed(indicators, above), summed(indicators, below));
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
        factor: None,
    }
}

fn summed(indicators: &[Indicator], expression: &str) -> Option<Side> {
    if expression.parse::<i64>().is_ok() {
        return Some(NUMBER);
    }
    indicators.iter().find_map(|it| match &it.formula {
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

    /// The unit of the held number, for machines: `yuan/100` is a hundredth of a yuan.
    pub fn held_unit(&self) -> String {
        let mut unit = self.unit.name().to_owned();
        if let Some(times) = self.times {
            unit = format!("{unit}*{}", times.name());
        }
        if self.divisor > 1.0 {
            unit = format!("{unit}/{}", self.divisor);
        }
        unit
    }
}
