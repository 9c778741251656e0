//! The search and the measures against the definitions, applied naively to small tables.

use disclosure::microdata::{
    Loss, Microdata, MicrodataError, Policy, Recoding, anonymise, measure,
};
use proptest::prelude::*;

/// Records as numbers: for each key the finest form; a coarser form is the finer one halved, rounded down.
#[derive(Clone, Debug)]
struct Small {
    keys: Vec<Vec<u8>>,
    forms: Vec<u32>,
    outcome: Vec<u8>,
    ordered: bool,
}

const ORDER: [&str; 4] = ["0", "1", "2", "3"];

impl Small {
    fn data(&self) -> Microdata {
        let rows = self.outcome.len();
        let mut data = Microdata::new(rows);
        for (key, &forms) in self.keys.iter().zip(&self.forms) {
            let forms: Vec<Vec<String>> = (0..forms)
                .map(|form| {
                    key.iter()
                        .map(|value| (value >> form).to_string())
                        .collect()
                })
                .collect();
            let forms: Vec<&[String]> = forms.iter().map(Vec::as_slice).collect();
            data = data.key("key", &forms).expect("nested");
        }
        let outcome: Vec<String> = self.outcome.iter().map(u8::to_string).collect();
        if self.ordered {
            data.ordered_outcome("outcome", &outcome, &ORDER)
        } else {
            data.outcome("outcome", &outcome)
        }
        .expect("sound")
    }

    fn shown(&self, levels: &[usize], row: usize) -> Vec<Option<u8>> {
        (0..self.keys.len())
            .map(|at| {
                let told = levels[at] < self.forms[at] as usize;
                told.then(|| self.keys[at][row] >> levels[at])
            })
            .collect()
    }

    /// k, smallest combination with the outcome, l, entropy l and t of records that look as they are shown.
    fn naive(&self, shown: &[Vec<Option<u8>>]) -> (usize, usize, usize, f64, f64) {
        let rows = 0..shown.len();
        let mut result = (usize::MAX, usize::MAX, usize::MAX, f64::MAX, 0.0_f64);
        let share = |rows: &[usize], value: u8| {
            rows.iter().filter(|&&r| self.outcome[r] == value).count() as f64 / rows.len() as f64
        };
        let all: Vec<usize> = rows.clone().collect();
        let mut values = self.outcome.clone();
        values.sort_unstable();
        values.dedup();
        for row in rows.clone() {
            let like: Vec<usize> = rows.clone().filter(|&r| shown[r] == shown[row]).collect();
            let same = like
                .iter()
                .filter(|&&r| self.outcome[r] == self.outcome[row])
                .count();
            let distinct = values.iter().filter(|&&v| share(&like, v) > 0.0).count();
            let entropy: f64 = values
                .iter()
                .map(|&v| share(&like, v))
                .filter(|&p| p > 0.0)
                .map(|p| -p * p.ln())
                .sum();
            let apart = |v: u8| share(&like, v) - share(&all, v);
            let t = if self.ordered {
                // Earth is moved step by step over the values that occur.
                let steps = (1..values.len())
                    .map(|upto| values[..upto].iter().map(|&v| apart(v)).sum::<f64>().abs());
                steps.sum::<f64>() / (values.len().max(2) - 1) as f64
            } else {
                values.iter().map(|&v| apart(v).max(0.0)).sum()
            };
            result = (
                result.0.min(like.len()),
                result.1.min(same),
                result.2.min(distinct),
                result.3.min(entropy.exp()),
                result.4.max(t),
            );
        }
        result
    }

    fn reaches(&self, policy: &Policy, shown: &[Vec<Option<u8>>]) -> bool {
        let (k, outcome_k, l, entropy_l, t) = self.naive(shown);
        k as u64 >= policy.k
            && outcome_k as u64 >= policy.outcome_k
            && l as u64 >= policy.l
            && policy
                .entropy_l
                .is_none_or(|least| entropy_l >= least - 1e-9)
            && policy.t.is_none_or(|most| t <= most + 1e-9)
    }

    /// Every combination of recodings.
    fn nodes(&self) -> Vec<Vec<usize>> {
        self.forms.iter().fold(vec![Vec::new()], |nodes, &forms| {
            nodes
                .iter()
                .flat_map(|node| (0..=forms as usize).map(move |l| [&node[..], &[l]].concat()))
                .collect()
        })
    }

    fn steps_up(&self, node: &[usize]) -> f64 {
        node.iter()
            .zip(&self.forms)
            .map(|(&level, &forms)| level as f64 / f64::from(forms))
            .sum()
    }
}

fn small() -> impl Strategy<Value = Small> {
    (2usize..16, 1usize..4, any::<bool>()).prop_flat_map(|(rows, keys, ordered)| {
        let key = prop::collection::vec(0u8..6, rows);
        (
            prop::collection::vec(key, keys),
            prop::collection::vec(1u32..4, keys),
            prop::collection::vec(0u8..4, rows),
        )
            .prop_map(move |(keys, forms, outcome)| Small {
                keys,
                forms,
                outcome,
                ordered,
            })
    })
}

fn policy() -> impl Strategy<Value = Policy> {
    let entropy = prop::option::of(1.0..2.5f64);
    let t = prop::option::of(0.1..0.7f64);
    (1u64..5, 1u64..4, entropy, t).prop_map(|(k, l, entropy_l, t)| Policy {
        k,
        l,
        entropy_l,
        t,
        loss: Loss::Precision,
        ..Policy::default()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn measures_follow_the_definitions(small in small()) {
        let data = small.data();
        for node in small.nodes() {
            let recoding = Recoding { keys: node.clone(), outcomes: vec![true] };
            let found = measure(&data, &recoding);
            let shown: Vec<_> = (0..small.outcome.len()).map(|r| small.shown(&node, r)).collect();
            let (k, outcome_k, l, entropy_l, t) = small.naive(&shown);
            prop_assert_eq!((found.k, found.outcome_k, found.l), (k as u64, outcome_k as u64, l as u64));
            prop_assert!((found.entropy_l - entropy_l).abs() < 1e-9);
            prop_assert!((found.t - t).abs() < 1e-9, "{} {}", found.t, t);
        }
    }

    /// What is found reaches the policy and nothing that reaches it loses less; none is found only when none does.
    #[test]
    fn the_search_finds_the_best(small in small(), policy in policy()) {
        let shown = |node: &[usize]| (0..small.outcome.len()).map(|r| small.shown(node, r)).collect::<Vec<_>>();
        let good: Vec<Vec<usize>> = small.nodes().into_iter().filter(|n| small.reaches(&policy, &shown(n))).collect();
        match anonymise(&small.data(), &policy) {
            Err(MicrodataError::NoRecoding { .. }) => prop_assert!(good.is_empty()),
            Err(other) => prop_assert!(false, "{}", other),
            Ok(found) => {
                prop_assert!(good.contains(&found.recoding.keys));
                let least = good.iter().map(|n| small.steps_up(n)).fold(f64::MAX, f64::min);
                prop_assert!((small.steps_up(&found.recoding.keys) - least).abs() < 1e-9);
                prop_assert!(found.report.measured <= found.report.nodes);
                let again = anonymise(&small.data(), &policy).expect("as before");
                prop_assert_eq!(again.recoding, found.recoding);
            }
        }
    }

    /// Outcomes are left out only when their combinations with the keys are too small.
    #[test]
    fn no_outcome_is_too_rare(small in small(), k in 1u64..4) {
        let policy = Policy { k, outcome_k: k, ..Policy::default() };
        let Ok(found) = anonymise(&small.data(), &policy) else {
            prop_assert!((small.outcome.len() as u64) < k);
            return Ok(());
        };
        let shown: Vec<_> = (0..small.outcome.len()).map(|r| small.shown(&found.recoding.keys, r)).collect();
        if found.recoding.outcomes[0] {
            prop_assert!(small.naive(&shown).1 as u64 >= k);
        }
        let kept = |n: &Vec<usize>| small.reaches(&policy, &(0..small.outcome.len()).map(|r| small.shown(n, r)).collect::<Vec<_>>());
        prop_assert!(found.recoding.outcomes[0] || !kept(&found.recoding.keys));
    }

    /// After local suppression every record, the suppressed ones included, is in a class that reaches the policy:
    /// a value that is not told is like no other.
    #[test]
    fn suppression_leaves_no_new_violator(small in small(), policy in policy(), share in 0.0..1.0f64, outcome_k in 0u64..3) {
        let policy = Policy { suppression: share, outcome_k, ..policy };
        let data = small.data();
        let Ok(found) = anonymise(&data, &policy) else { return Ok(()) };
        let rows = 0..small.outcome.len();
        let value = |key: usize, row: usize| {
            let value = found.value(&data, key, row).map(|v| v.parse::<u8>().expect("a number"));
            let whole = small.shown(&found.recoding.keys, row)[key];
            assert!(value == whole || value.is_none() && found.is_suppressed(key, row));
            // Not told here, though others are told.
            (value, found.is_suppressed(key, row))
        };
        let shown: Vec<Vec<Option<u8>>> = rows.clone().map(|row| {
            (0..small.keys.len()).flat_map(|key| { let (v, s) = value(key, row); [v, s.then_some(0)] }).collect()
        }).collect();
        let reached = if found.recoding.outcomes[0] { policy.clone() } else {
            Policy { outcome_k: 0, l: 1, entropy_l: None, t: None, ..policy.clone() }
        };
        prop_assert!(small.reaches(&reached, &shown), "{:?} {:?}", found, shown);
        let touched = rows.filter(|&row| (0..small.keys.len()).any(|key| found.is_suppressed(key, row))).count();
        prop_assert_eq!(found.report.suppressed_cases, touched as u64);
        prop_assert!(touched as f64 <= share * small.outcome.len() as f64);
    }
}
