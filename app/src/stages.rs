//! The stages of a whistle, from the call to what residents confirm, each counted among all whistles.
//!
//! Sizes come from what indicators count and divide, so that only what is published is shown.

use contract::{
    Granularity, Level, Status,
    indicator::{Formula, Indicator},
    snapshot::{Dataset, TOTAL},
};

use crate::{messages::Message, rows::Row};

/// The populations that are the stages, and their names.
const STAGES: [(&str, Message); 5] = [
    ("dispatched", Message::StagesWhistle),
    ("reported_in_limit", Message::StagesReport),
    ("closed", Message::StagesDisposal),
    ("followed_up", Message::StagesFeedback),
    ("confirmed", Message::StagesAssessment),
];

/// One stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// The population.
    pub population: &'static str,
    /// Its name.
    pub title: Message,
    /// How many reached it.
    pub count: Option<i64>,
    /// Why the count is there, or not.
    pub status: Status,
}

/// Where an indicator tells the size of a population.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Value,
    Numerator,
    Denominator,
}

fn side(indicator: &Indicator, population: &str) -> Option<Side> {
    match &indicator.formula {
        Formula::Count { of } if of == population => Some(Side::Value),
        Formula::Rate { numerator, .. } if numerator == population => Some(Side::Numerator),
        Formula::Rate { denominator, .. } if denominator == population => Some(Side::Denominator),
        _ => None,
    }
}

/// Whether the indicators of a dataset tell the size of every stage.
pub fn known(dataset: &Dataset) -> bool {
    let told = |(population, _): &(&str, Message)| {
        let mut indicators = dataset.indicators.iter();
        indicators.any(|indicator| side(indicator, population).is_some())
    };
    STAGES.iter().all(told)
}

/// The stages of a place in a year.
pub fn stages(
    dataset: &Dataset,
    rows: &[Row],
    (place, level): (&str, Level),
    period: &str,
) -> Vec<Stage> {
    let stage = |&(population, title): &(&'static str, Message)| {
        let sources = dataset.indicators.iter();
        let sources =
            sources.filter_map(|indicator| Some((indicator, side(indicator, population)?)));
        let mut status = Status::NotCollected;
        let mut count = None;
        for (indicator, side) in sources {
            let row = rows.iter().find(|row| {
                row.indicator == indicator.id && row.place == place && row.period == period
            });
            let told = row.and_then(|row| match side {
                Side::Value => row.numerator.or_else(|| whole(row.value?)),
                Side::Numerator => row.numerator,
                Side::Denominator => row.denominator,
            });
            if told.is_some() {
                (count, status) = (told, Status::Published);
                break;
            }
            let table = dataset.tables.iter().find(|table| {
                table.indicator == indicator.id
                    && table.breakdown == TOTAL
                    && table.level == level
                    && table.granularity == Granularity::Year
            });
            let why = row
                .map(|row| row.status)
                .or(table.map(|table| table.status));
            // That one of the sources is withheld weighs more than that another has nothing.
            status = match why {
                Some(Status::Suppressed) => Status::Suppressed,
                Some(why) if status != Status::Suppressed && why != Status::Published => why,
                _ => status,
            };
        }
        Stage {
            population,
            title,
            count,
            status,
        }
    };
    STAGES.iter().map(stage).collect()
}

fn whole(value: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "a count of rows")]
    let count = value.round() as i64;
    (0.0..1e15).contains(&value).then_some(count)
}

#[cfg(test)]
mod tests {
    use contract::{Revision, indicator::Unit, snapshot::TableState};

    use super::*;
    use crate::fixtures;

    fn indicator(id: &str, formula: Formula) -> Indicator {
        fixtures::indicator(id, Unit::Percent, formula)
    }

    fn rate(id: &str, numerator: &str, denominator: &str) -> Indicator {
        let (numerator, denominator) = (numerator.to_owned(), denominator.to_owned());
        indicator(
            id,
            Formula::Rate {
                numerator,
                denominator,
            },
        )
    }

    fn dataset() -> Dataset {
        let dispatched = Formula::Count {
            of: "dispatched".to_owned(),
        };
        Dataset {
            tables: vec![TableState {
                indicator: "response".to_owned(),
                breakdown: TOTAL.to_owned(),
                level: Level::City,
                granularity: Granularity::Year,
                status: Status::Suppressed,
            }],
            ..fixtures::dataset(
                "cases",
                vec![
                    indicator("all", dispatched),
                    rate("response", "reported_in_limit", "dispatched"),
                    rate("reopened", "reopened", "closed"),
                    rate("resolution", "confirmed", "followed_up"),
                ],
            )
        }
    }

    fn row(indicator: &str, value: f64, numerator: Option<i64>, denominator: Option<i64>) -> Row {
        Row {
            indicator: indicator.to_owned(),
            place: "x".to_owned(),
            period: "2020".to_owned(),
            class: TOTAL.to_owned(),
            value: Some(value),
            numerator,
            denominator,
            interval: None,
            feasible: None,
            status: Status::Published,
            revision: Revision::Final,
        }
    }

    #[test]
    fn sizes_come_from_what_is_published_and_what_is_withheld_stays_so() {
        let dataset = dataset();
        assert!(known(&dataset));
        let rows = [
            row("all", 40.0, None, None),
            row("reopened", 10.0, Some(3), Some(30)),
            row("resolution", 50.0, Some(10), Some(20)),
        ];
        let found = stages(&dataset, &rows, ("x", Level::City), "2020");
        let counts: Vec<Option<i64>> = found.iter().map(|stage| stage.count).collect();
        assert_eq!(counts, [Some(40), None, Some(30), Some(20), Some(10)]);
        assert_eq!(found[1].status, Status::Suppressed);
        // Of a year without rows nothing is known.
        let found = stages(&dataset, &rows, ("x", Level::City), "2021");
        assert!(found.iter().all(|stage| stage.count.is_none()));
    }

    #[test]
    fn a_dataset_that_does_not_tell_every_stage_has_none() {
        let mut dataset = dataset();
        dataset.indicators.pop();
        assert!(!known(&dataset));
    }
}
