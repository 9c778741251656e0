//! The proof of protection, checked by the reader: possible tables against the sums and against what is published.

use std::collections::{BTreeMap, BTreeSet};

use contract::{
    Status,
    indicator::{Formula, Indicator},
    witnesses::WitnessFile,
};
use disclosure::Witnesses;

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
        let written = part.tables().map_err(|error| error.to_string())?;
        // A published count may not be called withheld, nor the other way round.
        let hidden = |&v: &u32| matches!(written.published.get(v as usize), Some(None));
        if !part.suppressed.iter().all(hidden) {
            return Err("a count is both withheld and published".to_owned());
        }
        checked.tables += written.tables.len();
        checked.sums += part.sums.len();
        checked.suppressed += part.suppressed.len();
        let witnesses = Witnesses {
            tables: written.tables,
            pairs: written.pairs.into_iter().map(Into::into).collect(),
        };
        witnesses
            .check_sums(&part.sums, written.published, &part.suppressed, file.width)
            .map_err(|error| error.to_string())?;
    }
    Ok(checked)
}

/// Place, period, breakdown and class.
type Node<'a> = (&'a str, String, &'a str, &'a str);

/// What a proof says of every count: of a population, by position, in a node, by position.
pub struct Counts<'a> {
    populations: BTreeMap<&'a str, u32>,
    nodes: BTreeMap<Node<'a>, u32>,
    published: BTreeMap<[u32; 2], Option<i64>>,
    open: BTreeSet<[u32; 2]>,
}

impl<'a> Counts<'a> {
    /// Of a proof.
    pub fn of(file: &'a WitnessFile) -> Self {
        let ids = file.populations.iter().map(String::as_str);
        let nodes = file.nodes.iter().map(|node| -> Node<'a> {
            let period = node.period.to_string();
            (&node.place, period, &node.breakdown, &node.class)
        });
        let (mut published, mut open) = (BTreeMap::new(), BTreeSet::new());
        for part in &file.systems {
            published.extend(
                part.counts
                    .iter()
                    .copied()
                    .zip(part.published.iter().copied()),
            );
            let suppressed = part.suppressed.iter();
            open.extend(suppressed.filter_map(|&at| part.counts.get(at as usize)));
        }
        Self {
            populations: ids.zip(0..).collect(),
            nodes: nodes.zip(0..).collect(),
            published,
            open,
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
            let node: Node<'_> = (&row.place, row.period.clone(), breakdown, &row.class);
            // Tables that are published or withheld as a whole are not its business.
            let Some(&node) = self.nodes.get(&node) else {
                continue;
            };
            let key = |id: &str| Some([*self.populations.get(id)?, node]);
            let place = || format!("{} in {} {}", row.indicator, row.place, row.period);
            if row.status == Status::Suppressed {
                let mut keys = indicator.shows().into_iter().filter_map(key);
                if !keys.any(|key| self.open.contains(&key)) {
                    return Err(format!("no proof speaks of the withheld value {}", place()));
                }
                checked.withheld += 1;
            }
            for (id, number) in shown.into_iter().flatten() {
                let (Some(number), Some(key)) = (number, key(id)) else {
                    continue;
                };
                if self.published.get(&key).copied().flatten() != Some(number) {
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
        Revision,
        indicator::Unit,
        witnesses::{WitnessComponent, WitnessNode, WitnessSystem},
    };

    use super::*;
    use crate::fixtures;

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
        let of = "all".to_owned();
        fixtures::indicator("cases", Unit::Count, Formula::Count { of })
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
        // Left of a total, and so no count of any place.
        let mut file = proof();
        file.systems[0].remainders = 1;
        file.systems[0].suppressed.push(3);
        assert!(outcome(&file, &good).unwrap_err().contains("no two tables"));
        Counts::of(&file);
        let other = [row("64", Some(8))];
        assert!(outcome(&proof(), &other).unwrap_err().contains("64 2020"));
        let silent = |file: &mut WitnessFile| file.systems[0].suppressed.retain(|&v| v != 2);
        let mut file = proof();
        silent(&mut file);
        assert!(outcome(&file, &good).unwrap_err().contains("6402"));
    }
}
