//! What a snapshot says about a claim, with the arithmetic.

use contract::{
    Status,
    dataset::Comparison,
    snapshot::{Claim, Measure},
};

use crate::rows::Row;

/// What the data say about a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The published value is as claimed.
    Confirmed,
    /// The published value is not as claimed.
    Contradicted,
    /// No published value measures it.
    Unverifiable,
    /// The data are invented: whatever the arithmetic says, it proves nothing.
    ProvesNothing,
}

/// A value held against a figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Arithmetic {
    /// The published value.
    pub value: f64,
    /// The value as it is compared: rounded to the figure's digits where the claim is exact.
    pub compared: f64,
    /// How it must stand to the figure.
    pub comparison: Comparison,
    /// The figure.
    pub figure: f64,
    /// Whether it does.
    pub holds: bool,
}

/// The outcome of one claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The verdict.
    pub verdict: Verdict,
    /// The arithmetic, where there is a value.
    pub arithmetic: Option<Arithmetic>,
    /// Why there is none, where an indicator measures the claim.
    pub missing: Option<Status>,
}

/// Holds a claim against the row that measures it. No verdict comes from invented data.
pub fn outcome(claim: &Claim, row: Option<&Row>, demonstration: bool) -> Outcome {
    let arithmetic = claim
        .measured_by
        .as_ref()
        .and_then(|measure| Some(arithmetic(measure, row?.value?)));
    let missing = match (&claim.measured_by, &arithmetic) {
        (Some(_), None) => Some(row.map_or(Status::NotCollected, |row| row.status)),
        _ => None,
    };
    let verdict = match &arithmetic {
        _ if demonstration => Verdict::ProvesNothing,
        None => Verdict::Unverifiable,
        Some(arithmetic) if arithmetic.holds => Verdict::Confirmed,
        Some(_) => Verdict::Contradicted,
    };
    Outcome {
        verdict,
        arithmetic,
        missing,
    }
}

/// The row that measures a claim.
pub fn row<'a>(measure: &Measure, rows: &'a [Row]) -> Option<&'a Row> {
    let period = measure.period.to_string();
    rows.iter().find(|row| {
        row.indicator == measure.indicator
            && row.place == measure.place
            && row.class == measure.class
            && row.period == period
    })
}

fn arithmetic(measure: &Measure, value: f64) -> Arithmetic {
    let figure = measure.value;
    let compared = match measure.comparison {
        Comparison::Equal => rounded(value, digits(figure)),
        _ => value,
    };
    let holds = match measure.comparison {
        Comparison::Equal => (compared - figure).abs() < 1e-9 * figure.abs().max(1.0),
        Comparison::MoreThan => value > figure,
        Comparison::AtLeast => value >= figure,
        Comparison::AtMost => value <= figure,
        Comparison::Nearly => value <= figure && value >= 0.9 * figure,
    };
    Arithmetic {
        value,
        compared,
        comparison: measure.comparison,
        figure,
        holds,
    }
}

/// Digits after the point of a figure as it is written out.
fn digits(figure: f64) -> usize {
    let written = figure.to_string();
    written
        .split_once('.')
        .map_or(0, |(_, digits)| digits.len())
}

fn rounded(value: f64, digits: usize) -> f64 {
    format!("{value:.digits$}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use contract::{Granularity, Level, Localised, Period, Revision, dataset::Citation};

    use super::*;

    fn claim(comparison: Comparison, value: f64) -> Claim {
        let nothing = Localised::default();
        let year = Period::containing(2020, 1, Granularity::Year);
        Claim {
            id: "whistles".to_owned(),
            theme: "whistle".to_owned(),
            place: None,
            place_name: nothing.clone(),
            period: year,
            figure: value,
            high: None,
            qualifier: "exact".to_owned(),
            unit: "count".to_owned(),
            title: nothing.clone(),
            source: Citation {
                title: nothing.clone(),
                publication: nothing.clone(),
                authors: nothing.clone(),
                date: "2021-01-11".to_owned(),
            },
            measured_by: Some(Measure {
                dataset: "whistle".to_owned(),
                indicator: "whistles".to_owned(),
                breakdown: "total".to_owned(),
                class: "total".to_owned(),
                level: Level::City,
                granularity: Granularity::Year,
                place: "6401".to_owned(),
                period: year,
                comparison,
                value,
                note: nothing,
            }),
        }
    }

    fn row(value: Option<f64>, status: Status) -> Row {
        Row {
            indicator: "whistles".to_owned(),
            place: "6401".to_owned(),
            period: "2020".to_owned(),
            class: "total".to_owned(),
            value,
            numerator: None,
            denominator: None,
            interval: None,
            feasible: None,
            status,
            revision: Revision::Final,
        }
    }

    #[test]
    fn qualifiers_are_respected() {
        use Comparison::{AtLeast, AtMost, Equal, MoreThan, Nearly};
        for (comparison, figure, value, holds) in [
            (MoreThan, 2700.0, 2701.0, true),
            (MoreThan, 2700.0, 2700.0, false),
            (AtLeast, 500.0, 500.0, true),
            (AtLeast, 500.0, 499.9, false),
            (AtMost, 15.0, 15.0, true),
            (AtMost, 15.0, 15.1, false),
            (Nearly, 3000.0, 2700.0, true),
            (Nearly, 3000.0, 2699.0, false),
            (Nearly, 3000.0, 3001.0, false),
            (Equal, 255.0, 255.4, true),
            (Equal, 255.0, 255.6, false),
            (Equal, 82.6, 82.64, true),
            (Equal, 82.6, 82.66, false),
        ] {
            let found = row(Some(value), Status::Published);
            let outcome = outcome(&claim(comparison, figure), Some(&found), false);
            let verdict = if holds {
                Verdict::Confirmed
            } else {
                Verdict::Contradicted
            };
            assert_eq!(outcome.verdict, verdict, "{comparison:?} {figure} {value}");
        }
    }

    #[test]
    fn invented_and_withheld_values_prove_nothing() {
        let claim = claim(Comparison::Equal, 5.0);
        let found = row(Some(5.0), Status::Published);
        let invented = outcome(&claim, Some(&found), true);
        assert_eq!(invented.verdict, Verdict::ProvesNothing);
        assert!(invented.arithmetic.is_some_and(|it| it.holds));
        let withheld = outcome(&claim, Some(&row(None, Status::Suppressed)), false);
        assert_eq!(withheld.verdict, Verdict::Unverifiable);
        assert_eq!(withheld.missing, Some(Status::Suppressed));
        let mut unmeasured = claim;
        unmeasured.measured_by = None;
        assert_eq!(
            outcome(&unmeasured, None, false).verdict,
            Verdict::Unverifiable
        );
    }
}
