//! What stands above and below the line of a value, as readers read it.

use charts::format;
pub use contract::parts::{Parts, Side};
use contract::{
    indicator::{Indicator, Unit},
    snapshot::Dataset,
    text::Language,
};

use crate::{messages::text, words};

/// The sides of an indicator's values.
pub fn parts(dataset: &Dataset, indicator: &Indicator) -> Parts {
    contract::parts::parts(&dataset.indicators, indicator)
}

/// One side in words.
pub trait Written {
    /// The unit's name; none for a plain number.
    fn unit_name(&self, language: Language) -> Option<String>;

    /// The number with all of its digits, and its unit.
    fn write(&self, held: i64, language: Language) -> String;
}

impl Written for Side {
    fn unit_name(&self, language: Language) -> Option<String> {
        let name = |unit| text(language, words::unit(unit));
        match (self.unit, self.times) {
            (Unit::Count, None) => None,
            (unit, None) => Some(name(unit).to_owned()),
            (unit, Some(times)) => Some(format!("{} × {}", name(unit), name(times))),
        }
    }

    fn write(&self, held: i64, language: Language) -> String {
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
    use contract::indicator::Formula;

    use super::*;
    use crate::fixtures;

    fn indicator(unit: Unit, formula: Formula) -> Indicator {
        fixtures::indicator("", unit, formula)
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
        let dataset = fixtures::dataset(
            "",
            vec![
                sum(Unit::Yuan, "spent", 100),
                sum(Unit::SquareMetre, "area", 100),
                sum(Unit::Hour, "seconds", 3600),
            ],
        );
        let ratio = |unit, numerator: &str, denominator: &str| {
            let formula = Formula::Ratio {
                numerator: numerator.to_owned(),
                denominator: denominator.to_owned(),
                of: "rows".to_owned(),
                scale: 1,
            };
            let parts = parts(&dataset, &indicator(unit, formula));
            let write = |side: Option<Side>| side.map(|it| it.write(123_456, Language::EN));
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
