//! The proof of protection, checked by the reader: possible tables against the sums and against what is published.

use std::collections::{BTreeMap, BTreeSet};

use contract::{
    Status,
    indicator::{Formula, Indicator},
    witnesses::WitnessFile,
};
use disclosure::{System, View, Witnesses};

use crate::rows::Row;

/// What was checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Counts withheld, each with two tables.
    pub suppressed: usize,
    /// Possible tables.
    pub tables: usize,
    /// Sums that each of them keeps.
    pub sums: usize,
    /// Numbers of the published tables that are those of the proof.
    pub published: usize,
    /// Withheld values of the published tables that rest on a count which the proof leaves open.
    pub withheld: usize,
}

/// Checks the tables of a proof against its sums and its published counts, without a solver.
///
/// # Errors
/// With what is wrong, in English, for a publisher.
pub fn check(file: &WitnessFile) -> Result<Checked, String> {
    let mut checked = Checked::default();
    for part in &file.systems {
        let tables = part.tables().map_err(|error| error.to_string())?;
        let system = System::of_sums(part.variables(), &part.sums)
            .ok_or("a sum names a quantity that there is not")?;
        let view = View {
            values: tables.published,
            facts: Vec::new(),
        };
        // A published count may not be called withheld, nor the other way round.
        let hidden = |&v: &u32| matches!(view.values.get(v as usize), Some(None));
        if !part.suppressed.iter().all(hidden) {
            return Err("a count is both withheld and published".to_owned());
        }
        checked.tables += tables.tables.len();
        checked.sums += part.sums.len();
        checked.suppressed += part.suppressed.len();
        Witnesses::of(tables.tables, &tables.pairs)
            .check(&system, &view, &part.suppressed, file.width)
            .map_err(|error| error.to_string())?;
    }
    Ok(checked)
}

/// Place, period, breakdown and class.
type Node<'a> = (&'a str, &'a str, &'a str, &'a str);

/// What a proof says of every count.
pub struct Counts<'a> {
    populations: BTreeMap<&'a str, u32>,
    periods: Vec<String>,
    file: &'a WitnessFile,
}

impl<'a> Counts<'a> {
    /// Of a proof.
    pub fn of(file: &'a WitnessFile) -> Self {
        let ids = file.populations.iter().map(String::as_str);
        Self {
            populations: ids.zip(0..).collect(),
            periods: file.nodes.iter().map(|n| n.period.to_string()).collect(),
            file,
        }
    }

    /// Compares what the tables of a breakdown publish with what the proof takes for published, and adds to `checked`.
    ///
    /// # Errors
    /// With the first number that differs, or withheld value that the proof does not speak of.
    pub fn compare(
        &self,
        indicators: &[Indicator],
        breakdown: &str,
        rows: &[Row],
        checked: &mut Checked,
    ) -> Result<(), String> {
        let mut known: BTreeMap<(u32, Node<'_>), Option<i64>> = BTreeMap::new();
        let mut open: BTreeSet<(u32, Node<'_>)> = BTreeSet::new();
        for part in &self.file.systems {
            let key = |at: usize| {
                let [population, node] = part.counts[at];
                let of = self.file.nodes.get(node as usize)?;
                let period = self.periods.get(node as usize)?;
                let node: Node<'_> = (&of.place, period, &of.breakdown, &of.class);
                Some((population, node))
            };
            for (at, &value) in part.published.iter().enumerate() {
                known.extend(key(at).map(|key| (key, value)));
            }
            open.extend(part.suppressed.iter().filter_map(|&at| key(at as usize)));
        }
        let of: BTreeMap<&str, &Indicator> =
            indicators.iter().map(|i| (i.id.as_str(), i)).collect();
        for row in rows {
            let Some(indicator) = of.get(row.indicator.as_str()) else {
                continue;
            };
            let shown = match &indicator.formula {
                Formula::Count { of } => [Some((of, row.value.map(|value| value as i64))), None],
                Formula::Rate {
                    numerator,
                    denominator,
                } => [
                    Some((numerator, row.numerator)),
                    Some((denominator, row.denominator)),
                ],
                _ => continue,
            };
            let node: Node<'_> = (&row.place, &row.period, breakdown, &row.class);
            let keys = indicator.shows().into_iter();
            let keys: Vec<_> = keys
                .filter_map(|id| self.populations.get(id).map(|&at| (at, node)))
                .collect();
            // Tables that are published or withheld as a whole are not its business.
            if !keys.iter().any(|key| known.contains_key(key)) {
                continue;
            }
            let place = || format!("{} in {} {}", row.indicator, row.place, row.period);
            if row.status == Status::Suppressed {
                if !keys.iter().any(|key| open.contains(key)) {
                    return Err(format!("no proof speaks of the withheld value {}", place()));
                }
                checked.withheld += 1;
            }
            for (id, number) in shown.into_iter().flatten() {
                let (Some(number), Some(&at)) = (number, self.populations.get(id.as_str())) else {
                    continue;
                };
                if known.get(&(at, node)).copied().flatten() != Some(number) {
                    return Err(format!("{} is not the number of the proof", place()));
                }
                checked.published += 1;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use contract::{
        Localised, Revision,
        indicator::{Direction, Method, Unit},
        witnesses::{WitnessComponent, WitnessNode, WitnessSystem},
    };

    use super::*;

    /// A city of 7 cases in two districts, both withheld, and nothing else.
    fn proof() -> WitnessFile {
        let node = |place: &str| WitnessNode {
            place: place.to_owned(),
            period: "2020".parse().unwrap(),
            breakdown: "total".to_owned(),
            class: "total".to_owned(),
        };
        WitnessFile {
            format: 1,
            demonstration: true,
            dataset: "cases".to_owned(),
            width: 5,
            populations: vec!["all".to_owned()],
            nodes: ["64", "6401", "6402"].map(node).to_vec(),
            systems: vec![WitnessSystem {
                counts: vec![[0, 0], [0, 1], [0, 2]],
                published: vec![Some(7), None, None],
                suppressed: vec![1, 2],
                remainders: 0,
                sums: vec![vec![0, 1, 2]],
                constant: Vec::new(),
                components: vec![WitnessComponent {
                    variables: vec![1, 2],
                    tables: vec![vec![0, 7], vec![7, 0]],
                    pairs: vec![[1, 0, 1], [2, 1, 0]],
                }],
            }],
        }
    }

    fn row(place: &str, number: Option<i64>) -> Row {
        Row {
            indicator: "cases".to_owned(),
            place: place.to_owned(),
            period: "2020".to_owned(),
            class: "total".to_owned(),
            value: number.map(|n| n as f64),
            numerator: number,
            denominator: None,
            interval: None,
            feasible: None,
            status: number.map_or(Status::Suppressed, |_| Status::Published),
            revision: Revision::Final,
        }
    }

    fn indicator() -> Indicator {
        Indicator {
            format: 1,
            id: "cases".to_owned(),
            title: Localised::default(),
            definition: Localised::default(),
            unit: Unit::Count,
            direction: Direction::Neutral,
            formula: Formula::Count {
                of: "all".to_owned(),
            },
            target: None,
            method: Method {
                version: 1,
                note: Localised::default(),
                breaks: Vec::new(),
            },
            chart: Default::default(),
            order: 1,
            min_base: None,
            also_shows: Vec::new(),
            beside: None,
            levels: None,
            granularities: None,
            breakdowns: None,
        }
    }

    fn outcome(file: &WitnessFile, rows: &[Row]) -> Result<Checked, String> {
        let mut checked = check(file)?;
        Counts::of(file).compare(&[indicator()], "total", rows, &mut checked)?;
        Ok(checked)
    }

    #[test]
    fn a_sound_proof_of_the_published_tables_is_accepted() {
        let rows = [row("64", Some(7)), row("6401", None), row("6402", None)];
        let checked = outcome(&proof(), &rows).unwrap();
        let expected = Checked {
            suppressed: 2,
            tables: 2,
            sums: 1,
            published: 1,
            withheld: 2,
        };
        assert_eq!(checked, expected);
    }

    #[test]
    fn whatever_is_wrong_is_found() {
        let good = [row("64", Some(7)), row("6401", None), row("6402", None)];
        type Change = fn(&mut WitnessSystem);
        let changes: [(Change, &str); 8] = [
            (|s| s.components[0].tables[0][0] = 1, "Relation"),
            (|s| s.components[0].tables[1] = vec![4, 3], "no two tables"),
            (|s| s.components[0].tables[0] = vec![-1, 8], "Limits"),
            (|s| s.components[0].pairs.clear(), "no two tables"),
            (|s| s.components[0].variables[0] = 9, "contradict"),
            (
                |s| s.sums.push(vec![0, 1, 9]),
                "a quantity that there is not",
            ),
            (|s| s.published[1] = Some(3), "both withheld and published"),
            (|s| s.components[0].tables[0].push(1), "contradict"),
        ];
        for (change, words) in changes {
            let mut file = proof();
            change(&mut file.systems[0]);
            let said = outcome(&file, &good).unwrap_err();
            assert!(said.contains(words), "{words:?} is missing in: {said}");
        }
        let other = [row("64", Some(8))];
        assert!(outcome(&proof(), &other).unwrap_err().contains("64 2020"));
        let silent = |file: &mut WitnessFile| file.systems[0].suppressed.retain(|&v| v != 2);
        let mut file = proof();
        silent(&mut file);
        assert!(outcome(&file, &good).unwrap_err().contains("6402"));
    }
}
