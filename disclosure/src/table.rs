//! The whole-table minimum frequency rule.

use crate::{DisclosureError, Populations};

/// What decides whether a table may be published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Public by nature: published exactly.
    Public,
    /// Withheld as a whole when, in any cell, a class of 1 to `threshold - 1` can be read or computed.
    /// Zeros are not protected.
    MinimumFrequency {
        /// Least size of a non-zero class.
        threshold: u64,
        /// Least size behind a median or percentile, which are values of individuals.
        order_statistic_threshold: u64,
    },
}

/// One table as computed, before protection.
#[derive(Clone, Debug)]
pub struct Table<T> {
    /// The populations whose sizes the table shows.
    pub uses: Vec<String>,
    /// The table shows medians or percentiles.
    pub order_statistic: bool,
    /// For each cell, the size of every population, in the order of [`Populations`].
    pub cells: Vec<Vec<u64>>,
    /// What would be published.
    pub content: T,
}

/// A table that has passed disclosure control: its content, or the fact that it is withheld.
///
/// It cannot be made in any other way than by [`protect`] or with a [`Proof`](crate::Proof):
/// ```compile_fail
/// let forged = disclosure::Protected { content: Some(1) };
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Protected<T> {
    content: Option<T>,
}

impl<T> Protected<T> {
    pub(crate) fn proven(content: Option<T>) -> Self {
        Self { content }
    }

    /// What may be published; none when the table is withheld.
    pub fn content(&self) -> Option<&T> {
        self.content.as_ref()
    }
}

/// Applies a rule to a table.
///
/// # Errors
/// When the counts contradict the declared containment: a protection that rests on it would be void.
pub fn protect<T>(
    rule: &Rule,
    populations: &Populations,
    table: Table<T>,
) -> Result<Protected<T>, DisclosureError> {
    let uses = table
        .uses
        .iter()
        .map(|id| populations.position(id))
        .collect::<Result<Vec<_>, _>>()?;
    let mut safe = true;
    for counts in &table.cells {
        populations.check(counts)?;
        let Rule::MinimumFrequency {
            threshold,
            order_statistic_threshold,
        } = *rule
        else {
            continue;
        };
        let small = |size: u64, least: u64| size != 0 && size < least;
        safe &= !populations
            .readable(&uses, counts)
            .into_iter()
            .any(|size| small(size, threshold));
        safe &= !(table.order_statistic
            && uses
                .iter()
                .any(|&at| small(counts[at], order_statistic_threshold)));
    }
    Ok(Protected {
        content: safe.then_some(table.content),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Population;

    const RULE: Rule = Rule::MinimumFrequency {
        threshold: 5,
        order_statistic_threshold: 10,
    };

    fn populations() -> Populations {
        let population = |id: &str, within: &[&str], partition: Option<&str>| Population {
            id: id.into(),
            within: within.iter().map(|&w| w.into()).collect(),
            partition: partition.map(Into::into),
        };
        Populations::new(vec![
            population("all", &[], None),
            population("closed", &["all"], None),
            population("on_time", &["closed"], Some("closing")),
            population("late", &["closed"], Some("closing")),
            population("rated", &["closed"], None),
        ])
        .expect("the declaration is sound")
    }

    fn published(rule: Rule, uses: &[&str], order_statistic: bool, cells: &[[u64; 5]]) -> bool {
        let uses = uses.iter().map(|&u| u.into()).collect();
        let cells = cells.iter().map(|c| c.to_vec()).collect();
        let table = Table {
            uses,
            order_statistic,
            cells,
            content: (),
        };
        protect(&rule, &populations(), table)
            .expect("the counts are consistent")
            .content()
            .is_some()
    }

    #[test]
    fn small_classes_withhold_the_whole_table() {
        let good = [40, 30, 20, 10, 15];
        assert!(published(RULE, &["all"], false, &[good]));
        assert!(
            published(
                RULE,
                &["on_time", "closed"],
                false,
                &[good, [10, 0, 0, 0, 0]]
            ),
            "zeros may be shown"
        );
        let cases: [(&str, [u64; 5]); 4] = [
            ("all", [4, 0, 0, 0, 0]),
            ("closed", [40, 38, 20, 18, 15]),
            ("on_time", [40, 30, 28, 2, 15]),
            ("rated", [40, 30, 20, 10, 27]),
        ];
        for (uses, bad) in cases {
            assert!(!published(RULE, &[uses], false, &[good, bad]), "{uses}");
            assert!(
                published(Rule::Public, &[uses], false, &[good, bad]),
                "{uses}: public"
            );
        }
    }

    #[test]
    fn order_statistics_need_a_larger_base() {
        let cell = [40, 30, 24, 6, 20];
        assert!(published(RULE, &["late"], false, &[cell]));
        assert!(!published(RULE, &["late"], true, &[cell]));
    }

    #[test]
    fn contradictions_of_the_declaration_are_errors() {
        let table = |cell: Vec<u64>| Table {
            uses: vec!["all".into()],
            order_statistic: false,
            cells: vec![cell],
            content: (),
        };
        for (cell, word) in [
            (vec![10, 20, 10, 10, 0], "outside"),
            (vec![20, 10, 6, 6, 0], "add up"),
            (vec![1], "counts"),
        ] {
            let error = protect(&RULE, &populations(), table(cell)).expect_err("contradiction");
            assert!(error.to_string().contains(word), "{error}");
        }
    }

    proptest! {
        /// Nothing that is published lets a class of 1 to 4 be had by subtracting nested populations.
        #[test]
        fn no_small_difference_is_readable(open in 0u64..20, on_time in 0u64..20, late in 0u64..20, rated in 0u64..40, uses in proptest::sample::subsequence(vec!["all", "closed", "on_time", "late", "rated"], 1..=5)) {
            let closed = on_time + late;
            let cell = [open + closed, closed, on_time, late, rated.min(closed)];
            if published(RULE, &uses, false, &[cell]) {
                let shown: Vec<u64> = uses.iter().map(|u| cell[["all", "closed", "on_time", "late", "rated"].iter().position(|p| p == u).unwrap()]).collect();
                for size in shown {
                    prop_assert!(size == 0 || size >= 5);
                    let rest = cell[0] - size;
                    prop_assert!(rest == 0 || rest >= 5);
                }
            }
        }
    }
}
