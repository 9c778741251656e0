//! The search for the recoding that reaches a policy and loses the least.

use super::{
    Measures, Microdata, MicrodataError, Recoding, Risk, Utility,
    lattice::{self, Found},
    measure::{Counted, whole},
    releases::increments_of,
    risk,
    suppress::{NONE, Suppression, Test, suppress},
    utility::{self, Loss},
};

/// What the file must reach.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Least cases in a class.
    pub k: u64,
    /// Least cases in a combination of a class and its outcomes. Above 1 an outcome may have to be left out.
    pub outcome_k: u64,
    /// Least distinct values of each outcome in a class.
    pub l: u64,
    /// Least e to the entropy of each outcome in a class.
    pub entropy_l: Option<f64>,
    /// Greatest distance of each outcome in a class from the file's distribution.
    pub t: Option<f64>,
    /// Greatest share of cases that may lose values to local suppression.
    pub suppression: f64,
    /// What the search keeps low.
    pub loss: Loss,
    /// How much each key, and after them each outcome, matters; 1 where nothing is said.
    pub importance: Vec<f64>,
    /// The positions of keys, and after them of outcomes, that are left out only where nothing else helps.
    pub keep: Vec<usize>,
}

impl Default for Policy {
    /// k = 5, and nothing else.
    fn default() -> Self {
        Self {
            k: 5,
            outcome_k: 0,
            l: 1,
            entropy_l: None,
            t: None,
            suppression: 0.0,
            loss: Loss::default(),
            importance: Vec::new(),
            keep: Vec::new(),
        }
    }
}

/// What a protected file reaches, costs and risks.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Of the release by itself, suppressed values counted as classes of their own.
    pub measures: Measures,
    /// Of all releases together, each case counted once in each class.
    pub union: Measures,
    /// The risk of being found.
    pub risk: Risk,
    /// What was lost.
    pub utility: Utility,
    /// Cases with a suppressed value.
    pub suppressed_cases: u64,
    /// Combinations of recodings.
    pub nodes: u64,
    /// How many of them were measured; the others followed.
    pub measured: u64,
}

/// A protected file.
#[derive(Clone, Debug)]
pub struct Anonymised {
    /// How far each key is recoded, and which outcomes are kept.
    pub recoding: Recoding,
    /// What it reaches.
    pub report: Report,
    suppression: Suppression,
}

impl Anonymised {
    /// What the file shows of a key in a row: none when it is left out or suppressed.
    pub fn value<'a>(&self, data: &'a Microdata, key: usize, row: usize) -> Option<&'a str> {
        if self.is_suppressed(key, row) {
            return None;
        }
        data.label(key, *self.recoding.keys.get(key)?, row)
    }

    /// Whether a value is suppressed locally.
    pub fn is_suppressed(&self, key: usize, row: usize) -> bool {
        let mask = self.suppression.masks.get(row).copied().unwrap_or(NONE);
        mask & 1 << key != NONE
    }

    /// The number of the class of a row: rows with one number look alike in all keys.
    pub fn class(&self, row: usize) -> Option<u32> {
        self.suppression.classes.get(row).copied()
    }
}

/// Finds the recoding that reaches the policy, leaves out the fewest of the columns to keep, and loses the least;
/// equals are told apart by fewer steps, then by sparing the earlier keys. The same input gives the same result.
///
/// # Errors
/// When no recoding reaches the policy, or when what changed since an earlier release is too little to show.
pub fn anonymise(data: &Microdata, policy: &Policy) -> Result<Anonymised, MicrodataError> {
    let keys = data.keys.len();
    let outcome_steps = if policy.outcome_k > 1 { 2 } else { 1 };
    let mut steps: Vec<usize> = data.keys.iter().map(|key| key.levels.len() + 1).collect();
    steps.extend(data.outcomes.iter().map(|_| outcome_steps));
    let recoding = |node: &[usize]| Recoding {
        keys: node[..keys].to_vec(),
        outcomes: node[keys..].iter().map(|&step| step == 0).collect(),
    };
    let most = most_suppressed(data, policy);
    let mut held = false;
    let suffices = |node: &[usize]| {
        let recoding = recoding(node);
        let Some(suppression) = protect(data, policy, &recoding, most) else {
            return false;
        };
        held = true;
        let changes = increments_of(data, &recoding, &suppression.masks);
        changes
            .iter()
            .all(|change| change.holds(policy.k, policy.l))
    };
    // Merging classes that all hold gives one that holds. Not so for the number of those that fall short, nor
    // for what two releases differ by: there every combination is measured.
    let monotone = data.earlier.is_empty() && most == 0;
    let Found {
        candidates,
        measured,
        nodes,
    } = lattice::search(&steps, monotone, suffices)?;
    let left_out = |node: &[usize]| {
        let is_out = |&&at: &&usize| node.get(at).is_some_and(|&step| step + 1 == steps[at]);
        policy.keep.iter().filter(is_out).count()
    };
    let mut best: Option<((usize, f64, usize), Recoding, Suppression)> = None;
    for node in candidates {
        let recoding = recoding(&node);
        let Some(suppression) = protect(data, policy, &recoding, most) else {
            continue;
        };
        let lost = utility::of_suppression(data, &recoding, &suppression, Some(&policy.importance));
        let height: usize = node.iter().sum();
        let cost = (left_out(&node), lost.get(policy.loss), height);
        let better = best.as_ref().is_none_or(|(least, ..)| {
            let order = cost.0.cmp(&least.0).then(cost.1.total_cmp(&least.1));
            order.then(cost.2.cmp(&least.2)).is_lt()
        });
        if better {
            best = Some((cost, recoding, suppression));
        }
    }
    let Some((.., recoding, suppression)) = best else {
        return Err(if held {
            MicrodataError::Delay { k: policy.k }
        } else {
            MicrodataError::NoRecoding {
                k: policy.k,
                l: policy.l,
            }
        });
    };
    let counted = Counted::new(data, &recoding.outcomes);
    let of =
        |release| counted.measures(&counted.classes(&suppression.classes, data.in_file(release)));
    let report = Report {
        measures: of(data.last()),
        union: of(None),
        risk: risk::of_classes(data, &suppression.classes),
        utility: utility::of_suppression(data, &recoding, &suppression, None),
        suppressed_cases: suppression.cases,
        nodes,
        measured,
    };
    Ok(Anonymised {
        recoding,
        report,
        suppression,
    })
}

/// How many cases may lose values.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of cases, rounded down"
)]
fn most_suppressed(data: &Microdata, policy: &Policy) -> u64 {
    let none = vec![0; data.rows];
    let cases = whole(&Counted::new(data, &[]).classes(&none, data.in_file(data.last()))).cases;
    (policy.suppression.clamp(0.0, 1.0) * cases as f64).floor() as u64
}

/// What must be suppressed at a recoding; none when it does not reach the policy within `most` cases.
fn protect(
    data: &Microdata,
    policy: &Policy,
    recoding: &Recoding,
    most: u64,
) -> Option<Suppression> {
    let counted = Counted::new(data, &recoding.outcomes);
    let none = vec![0; data.rows];
    let all = counted.classes(&none, data.in_file(data.last()));
    let test = Test {
        policy,
        whole: whole(&all),
        counted,
    };
    suppress(data, &recoding.keys, &test, most)
}
