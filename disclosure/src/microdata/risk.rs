//! The risk that a record is matched with a person.

use super::{Microdata, Recoding, measure::Counted};

/// The risk that an intruder finds a person (El Emam 2013, chapter 16).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Risk {
    /// Of a target known to be in the file: the greatest over the records.
    pub prosecutor: f64,
    /// The same, on average over the records.
    pub prosecutor_average: f64,
    /// Of a record matched against the population: the greatest over the records.
    pub journalist: f64,
    /// The same, on average over the classes of the file.
    pub journalist_average: f64,
    /// The expected share of records that someone who matches the whole file gets right.
    pub marketer: f64,
    /// Cases alone in their class of the file.
    pub sample_uniques: u64,
    /// Those of them that are alone in the population as well.
    pub population_uniques: u64,
}

/// Measures the risk at a recoding. The population is the file and the rows marked by [`Microdata::outside`].
pub fn risk(data: &Microdata, recoding: &Recoding) -> Risk {
    of_classes(data, &data.classes(&recoding.keys, &data.untold))
}

/// The risk when each row has the class of its number.
#[expect(clippy::cast_precision_loss, reason = "shares of cases")]
pub(super) fn of_classes(data: &Microdata, ids: &[u32]) -> Risk {
    let counted = Counted::new(data, &[]);
    let file = counted.classes(ids, data.in_file(data.last()));
    let shown = data.in_file(data.last());
    let outside = (0..data.rows).filter(|&row| data.outside[row]);
    let population = counted.classes(ids, shown.chain(outside));
    let pairs: Vec<(f64, f64)> = file
        .iter()
        .zip(&population)
        .filter(|(f, _)| f.cases > 0)
        .map(|(f, p)| (f.cases as f64, p.cases as f64))
        .collect();
    let records: f64 = pairs.iter().map(|p| p.0).sum();
    let people: f64 = pairs.iter().map(|p| p.1).sum();
    let greatest = |risk: fn(&(f64, f64)) -> f64| {
        let risks = pairs.iter().map(risk);
        risks.max_by(f64::total_cmp).unwrap_or(0.0)
    };
    let per = |sum: f64, of: f64| if of > 0.0 { sum / of } else { 0.0 };
    Risk {
        prosecutor: greatest(|p| 1.0 / p.0),
        prosecutor_average: per(pairs.len() as f64, records),
        journalist: greatest(|p| 1.0 / p.1),
        journalist_average: per(pairs.len() as f64, people),
        marketer: per(pairs.iter().map(|p| p.0 / p.1).sum(), records),
        sample_uniques: pairs.iter().filter(|p| p.0 <= 1.0).count() as u64,
        population_uniques: pairs.iter().filter(|p| p.0 <= 1.0 && p.1 <= 1.0).count() as u64,
    }
}
