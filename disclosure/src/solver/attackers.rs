//! Attackers who contribute: an insider who knows one record, and coalitions of contributors who tell one another what
//! they contribute (Lupp and Langsrud, 2021, on singletons).
//!
//! A coalition knows its own part of every cell, so that no such cell can be less. Where nobody else contributes, it
//! is taken to know the cell: who is alone in a cell often knows that.

use std::collections::{BTreeMap, BTreeSet};

use super::problem::{Knowledge, Problem, Requirement};
use crate::system::Limits;

/// Who contributes how much to which cells.
#[derive(Clone, Debug, Default)]
pub struct Contributions {
    /// By contributor, amounts by variable.
    of: Vec<BTreeMap<u32, i64>>,
    /// By variable, its contributors.
    to: BTreeMap<u32, BTreeSet<u32>>,
}

impl Contributions {
    /// Nobody contributes.
    pub fn new() -> Self {
        Self::default()
    }

    /// A contributor, with amounts by variable: all that they are counted or added up in, totals too. Returns their
    /// position. Amounts are not negative.
    pub fn contributor(&mut self, amounts: &[(u32, i64)]) -> u32 {
        let position = self.of.len() as u32;
        let mut own = BTreeMap::new();
        for &(variable, amount) in amounts {
            *own.entry(variable).or_default() += amount;
            self.to.entry(variable).or_default().insert(position);
        }
        self.of.push(own);
        position
    }

    /// What some contributors know together.
    pub fn knowledge(&self, coalition: &BTreeSet<u32>) -> Knowledge {
        let mut own: BTreeMap<u32, i64> = BTreeMap::new();
        for &contributor in coalition {
            for (&variable, amount) in self.of.get(contributor as usize).into_iter().flatten() {
                *own.entry(variable).or_default() += amount;
            }
        }
        let limits = own.into_iter().map(|(variable, low)| {
            let alone = self.is_known(variable, coalition);
            let high = alone.then_some(low);
            (variable, Limits { low, high })
        });
        Knowledge {
            limits: limits.collect(),
        }
    }

    /// Whether all that contribute to a variable are of the coalition.
    fn is_known(&self, variable: u32, coalition: &BTreeSet<u32>) -> bool {
        self.to
            .get(&variable)
            .is_some_and(|all| all.is_subset(coalition))
    }

    /// The coalitions of up to `size` contributors that know a cell wholly, or several: those of the contributors to
    /// cells with no more than `size` of them, joined where the cells stand in one relation. Any other knows but
    /// lower bounds.
    fn coalitions(&self, problem: &Problem, size: usize) -> BTreeSet<BTreeSet<u32>> {
        let small = |variable: &u32| self.to.get(variable).filter(|all| all.len() <= size);
        let mut found: BTreeSet<BTreeSet<u32>> =
            self.to.keys().filter_map(small).cloned().collect();
        for relation in problem.system.relations() {
            let variables = relation.terms.iter().map(|t| t.0);
            let sets: Vec<&BTreeSet<u32>> = variables
                .filter_map(|v| self.to.get(&v))
                .filter(|all| all.len() < size)
                .collect();
            let mut joined: BTreeSet<BTreeSet<u32>> = BTreeSet::from([BTreeSet::new()]);
            for set in sets {
                let more = joined.iter().map(|other| other | set);
                let more: Vec<BTreeSet<u32>> = more.filter(|all| all.len() <= size).collect();
                joined.extend(more);
            }
            found.extend(joined);
        }
        found.retain(|coalition| !coalition.is_empty());
        found
    }
}

impl Problem {
    /// The problem as it stands for contributors of one record each, of whom up to `size` tell one another of their
    /// own: no count that is not negative is less than those of them that it holds. What every such coalition knows is
    /// taken as known at once, so that a pattern which is safe here is safe from each of them, and from outsiders.
    /// That nobody else is counted, none of them is taken to know.
    ///
    /// The limits tell of true values: what is worked out from this problem's system belongs to the raw zone.
    ///
    /// ```
    /// use disclosure::{Control, Limits, Options, Problem, Role, suppress};
    /// let mut problem = Problem::default();
    /// // One and two of three: who is the one knows that the other count is two at most.
    /// let cells = [1, 2, 8].map(|n| {
    ///     let role = if n < 3 { Role::Primary { cost: n } } else { Role::Cell { cost: n } };
    ///     problem.variable(Limits::NONNEGATIVE, n as i64, role)
    /// });
    /// let total = problem.variable(Limits::NONNEGATIVE, 11, Role::Given);
    /// problem.system.sum(total, &cells);
    /// problem.protect(cells[0], 3);
    /// problem.protect(cells[1], 3);
    /// let suppressed = |problem| suppress(problem, &Options::default(), &Control::default()).map(|s| s.count);
    /// assert_eq!(suppressed(&problem)?, 2);
    /// assert_eq!(suppressed(&problem.known_to_contributors(1))?, 3);
    /// # Ok::<(), disclosure::DisclosureError>(())
    /// ```
    #[must_use]
    pub fn known_to_contributors(&self, size: u64) -> Self {
        let mut known = self.clone();
        let size = i64::try_from(size).unwrap_or(i64::MAX);
        for (at, &value) in self.values.iter().enumerate() {
            known.system.raise_low(at as u32, value.min(size));
        }
        known
    }

    /// Asks that what is protected from outsiders is protected as well from every coalition of up to `size`
    /// contributors that knows some cell wholly; `size` 1 is the insider who is alone in a cell. What a coalition
    /// knows itself cannot be kept from it. Returns the number of coalitions.
    ///
    /// Requirements grow with the product of coalitions and protected cells. Declare the outsider's first.
    ///
    /// ```
    /// use disclosure::{Contributions, Control, Limits, Options, Problem, Role, suppress};
    /// let mut problem = Problem::default();
    /// // Three counts of one beside a larger one: who is one of the three knows the sum of the other two.
    /// let cells = [1, 1, 1, 20].map(|n| {
    ///     let role = if n == 1 { Role::Primary { cost: 1 } } else { Role::Cell { cost: 20 } };
    ///     problem.variable(Limits::NONNEGATIVE, n, role)
    /// });
    /// let total = problem.variable(Limits::NONNEGATIVE, 23, Role::Given);
    /// problem.system.sum(total, &cells);
    /// let mut contributions = Contributions::new();
    /// for cell in &cells[..3] {
    ///     problem.protect(*cell, 3);
    ///     contributions.contributor(&[(*cell, 1), (total, 1)]);
    /// }
    /// for _ in 0..20 {
    ///     contributions.contributor(&[(cells[3], 1), (total, 1)]);
    /// }
    /// let outsiders = suppress(&problem, &Options::default(), &Control::default())?;
    /// assert_eq!(outsiders.count, 3);
    /// assert_eq!(problem.protect_from_coalitions(&contributions, 1), 3);
    /// let insiders = suppress(&problem, &Options::default(), &Control::default())?;
    /// assert_eq!(insiders.count, 4);
    /// # Ok::<(), disclosure::DisclosureError>(())
    /// ```
    pub fn protect_from_coalitions(&mut self, contributions: &Contributions, size: usize) -> usize {
        let outsiders: Vec<Requirement> = self
            .requirements
            .iter()
            .filter(|r| r.attacker.is_none())
            .cloned()
            .collect();
        let coalitions = contributions.coalitions(self, size);
        for coalition in &coalitions {
            let attacker = Some(self.attackers.len());
            self.attackers.push(contributions.knowledge(coalition));
            let others = outsiders
                .iter()
                .filter(|r| !contributions.is_known(r.variable, coalition));
            self.requirements.extend(others.map(|r| Requirement {
                attacker,
                ..r.clone()
            }));
        }
        coalitions.len()
    }
}
