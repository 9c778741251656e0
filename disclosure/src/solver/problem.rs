//! What is to be published, what must be protected, and from whom: the publisher's side of a system.

use crate::{
    DisclosureError,
    system::{Broken, Limits, System, View},
};

/// What may become of a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A cell that is published unless suppressed, at a cost.
    Cell {
        /// Cost of suppressing it: its value, its count, or a declared weight.
        cost: u64,
    },
    /// A cell that a primary rule suppresses.
    Primary {
        /// Cost of suppressing it, for reports.
        cost: u64,
    },
    /// Published before, or public elsewhere: it stays published.
    Given,
    /// Never published itself: base cells below the tables, remainders, increments.
    Hidden,
}

/// How wide the feasible interval of a quantity must be, around its true value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Need {
    /// `high − low` at least.
    pub width: u64,
    /// `value − low` at least.
    pub below: u64,
    /// `high − value` at least.
    pub above: u64,
}

impl Need {
    /// A width wherever it lies.
    pub const fn width(width: u64) -> Self {
        Self {
            width,
            below: 0,
            above: 0,
        }
    }
}

/// One quantity that one attacker must not bound closely.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The quantity.
    pub variable: u32,
    /// How wide its interval must be.
    pub need: Need,
    /// Position of what the attacker knows beyond the published; none for an outsider.
    pub attacker: Option<usize>,
}

/// What an insider or a coalition knows: tighter bounds of some quantities.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Knowledge {
    /// Variables and what is known of them.
    pub limits: Vec<(u32, Limits)>,
}

/// A publication before protection. It holds true values: it belongs to the raw zone.
#[derive(Clone, Debug, Default)]
pub struct Problem {
    /// The public relations.
    pub system: System,
    /// The true value of every variable.
    pub values: Vec<i64>,
    /// What may become of each variable.
    pub roles: Vec<Role>,
    /// For each fact of the system, the cost of withholding it; none when it is given.
    pub facts: Vec<Option<u64>>,
    /// What must be protected.
    pub requirements: Vec<Requirement>,
    /// Attackers with knowledge of their own.
    pub attackers: Vec<Knowledge>,
}

/// Which cells and facts are suppressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// By variable; true only for cells.
    pub cells: Vec<bool>,
    /// By fact.
    pub facts: Vec<bool>,
}

impl Problem {
    /// Adds a variable with its true value.
    pub fn variable(&mut self, limits: Limits, value: i64, role: Role) -> u32 {
        self.values.push(value);
        self.roles.push(role);
        self.system.variable(limits)
    }

    /// Adds `whole − part ≥ 0` and protects it by the same threshold rule as counts, since every reader of the
    /// two can compute it. Returns the remainder's position.
    pub fn contain(&mut self, part: u32, whole: u32) -> u32 {
        let value = self.values[whole as usize] - self.values[part as usize];
        let remainder = self.system.contain(part, whole);
        self.values.push(value);
        self.roles.push(Role::Hidden);
        remainder
    }

    /// Requires a width of a variable against outsiders.
    pub fn protect(&mut self, variable: u32, width: u64) {
        self.requirements.push(Requirement {
            variable,
            need: Need::width(width),
            attacker: None,
        });
    }

    /// Checks that the true values fit the relations.
    ///
    /// # Errors
    /// When they do not: protection would rest on a false premise.
    pub fn check(&self) -> Result<(), DisclosureError> {
        let facts = vec![true; self.system.facts()];
        let variables = match self.system.broken_by(&self.values, &facts) {
            None => return Ok(()),
            Some(Broken::Limits(v)) => vec![v],
            Some(Broken::Relation(r)) => {
                let relation = &self.system.relations()[r as usize];
                relation.terms.iter().map(|t| t.0).collect()
            }
        };
        Err(DisclosureError::Contradiction { variables })
    }

    /// The pattern that suppresses what the primary rules say and nothing else.
    pub fn primary(&self) -> Pattern {
        Pattern {
            cells: self
                .roles
                .iter()
                .map(|r| matches!(r, Role::Primary { .. }))
                .collect(),
            facts: vec![false; self.facts.len()],
        }
    }

    /// What a pattern lets a reader see.
    pub fn view(&self, pattern: &Pattern) -> View {
        let shown = |at: usize| match self.roles[at] {
            Role::Hidden => false,
            Role::Given => true,
            Role::Cell { .. } | Role::Primary { .. } => !pattern.cells[at],
        };
        View {
            values: (0..self.values.len())
                .map(|at| shown(at).then(|| self.values[at]))
                .collect(),
            facts: pattern.facts.iter().map(|withheld| !withheld).collect(),
        }
    }

    /// Cost of suppressing a variable; none when it is not a cell.
    pub(crate) fn cost(&self, variable: usize) -> Option<u64> {
        match self.roles[variable] {
            Role::Cell { cost } | Role::Primary { cost } => Some(cost),
            Role::Given | Role::Hidden => None,
        }
    }

    /// Number of suppressed cells and facts, and their cost.
    pub fn total(&self, pattern: &Pattern) -> (u64, u64) {
        let cells = (0..self.values.len())
            .filter(|&v| pattern.cells[v])
            .filter_map(|v| self.cost(v));
        let facts = (0..self.facts.len())
            .filter(|&f| pattern.facts[f])
            .filter_map(|f| self.facts[f]);
        cells
            .chain(facts)
            .fold((0, 0), |(count, sum), cost| (count + 1, sum + cost))
    }
}
