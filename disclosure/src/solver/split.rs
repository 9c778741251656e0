//! Problems that fall into parts: what no relation joins, whatever is suppressed, is protected by itself. Effort then grows
//! with the parts, and how much of it each deserves is decided by its own size.

use std::collections::BTreeMap;

use super::problem::{Knowledge, Pattern, Problem, Requirement, Role};
use crate::DisclosureError;

/// A part of a problem.
pub(crate) struct Part {
    pub(crate) problem: Problem,
    /// By variable of the part, its position in the whole, ascending; quantities that stay published may be in several.
    variables: Vec<u32>,
    /// By fact of the part, its position in the whole.
    facts: Vec<u32>,
}

/// The leading variable of each set of variables that are joined.
struct Joined(Vec<u32>);

impl Joined {
    fn find(&mut self, mut v: u32) -> u32 {
        while self.0[v as usize] != v {
            self.0[v as usize] = self.0[self.0[v as usize] as usize];
            v = self.0[v as usize];
        }
        v
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.find(a), self.find(b));
        // The smaller position leads, so that the order of parts is that of their variables.
        self.0[a.max(b) as usize] = a.min(b);
    }
}

/// The parts of a problem in which something must be suppressed or protected.
pub(crate) fn split(problem: &Problem) -> Vec<Part> {
    let count = problem.system.len();
    let relations = problem.system.relations();
    let mut moves: Vec<bool> = problem.roles.iter().map(|r| *r != Role::Given).collect();
    for requirement in &problem.requirements {
        moves[requirement.variable as usize] = true;
    }
    let mut joined = Joined((0..count as u32).collect());
    // By fact, a variable of its relations: they are withheld together.
    let mut of_fact: Vec<Option<u32>> = vec![None; problem.facts.len()];
    for relation in relations {
        let mut first = relation.fact.and_then(|fact| of_fact[fact as usize]);
        for &(v, _) in relation.terms.iter().filter(|t| moves[t.0 as usize]) {
            let lead = *first.get_or_insert(v);
            joined.join(lead, v);
        }
        if let Some(fact) = relation.fact {
            of_fact[fact as usize] = first;
        }
    }
    let mut wanted = vec![false; count];
    let primary = |&v: &u32| matches!(problem.roles[v as usize], Role::Primary { .. });
    let required = problem.requirements.iter().map(|r| r.variable);
    for v in (0..count as u32).filter(primary).chain(required) {
        wanted[joined.find(v) as usize] = true;
    }
    // By variable that leads, its part.
    let mut parts: BTreeMap<u32, Members> = BTreeMap::new();
    for v in (0..count as u32).filter(|&v| moves[v as usize]) {
        let lead = joined.find(v);
        if wanted[lead as usize] {
            parts.entry(lead).or_default().variables.push(v);
        }
    }
    for (at, relation) in relations.iter().enumerate() {
        let mut terms = relation.terms.iter().map(|t| t.0);
        let Some(inner) = terms.find(|&v| moves[v as usize]) else {
            continue;
        };
        if let Some(part) = parts.get_mut(&joined.find(inner)) {
            let given = relation.terms.iter().map(|t| t.0);
            part.variables.extend(given.filter(|&v| !moves[v as usize]));
            part.relations.push(at as u32);
        }
    }
    for requirement in &problem.requirements {
        if let Some(part) = parts.get_mut(&joined.find(requirement.variable)) {
            part.requirements.push(requirement);
            if let Some(attacker) = requirement.attacker {
                part.attackers.entry(attacker).or_default();
            }
        }
    }
    for (attacker, knowledge) in problem.attackers.iter().enumerate() {
        for &(v, limits) in &knowledge.limits {
            let part = parts.get_mut(&joined.find(v));
            if let Some(known) = part.and_then(|part| part.attackers.get_mut(&attacker)) {
                known.limits.push((v, limits));
            }
        }
    }
    parts.into_values().map(|part| part.of(problem)).collect()
}

/// What belongs to a part, by positions in the whole.
#[derive(Default)]
struct Members<'a> {
    variables: Vec<u32>,
    relations: Vec<u32>,
    requirements: Vec<&'a Requirement>,
    attackers: BTreeMap<usize, Knowledge>,
}

impl Members<'_> {
    fn of(mut self, whole: &Problem) -> Part {
        self.variables.sort_unstable();
        self.variables.dedup();
        let variables = self.variables;
        let local = |v: u32| variables.binary_search(&v).unwrap_or_default() as u32;
        let (system, facts) = whole.system.part(&variables, &self.relations);
        let position = |attacker| self.attackers.keys().position(|&a| a == attacker);
        let requirements = self.requirements.iter().map(|r| Requirement {
            variable: local(r.variable),
            need: r.need,
            attacker: r.attacker.and_then(position),
        });
        let requirements = requirements.collect();
        let attackers = self.attackers.values().map(|known| Knowledge {
            limits: (known.limits.iter())
                .map(|&(v, limits)| (local(v), limits))
                .collect(),
        });
        let problem = Problem {
            values: variables
                .iter()
                .map(|&v| whole.values[v as usize])
                .collect(),
            roles: variables.iter().map(|&v| whole.roles[v as usize]).collect(),
            facts: facts.iter().map(|&f| whole.facts[f as usize]).collect(),
            requirements,
            attackers: attackers.collect(),
            system,
        };
        Part {
            problem,
            variables,
            facts,
        }
    }
}

impl Part {
    /// Puts a pattern of the part into one of the whole.
    pub(crate) fn put(&self, pattern: &Pattern, whole: &mut Pattern) {
        for (&v, &suppressed) in self.variables.iter().zip(&pattern.cells) {
            whole.cells[v as usize] |= suppressed;
        }
        for (&fact, &withheld) in self.facts.iter().zip(&pattern.facts) {
            whole.facts[fact as usize] |= withheld;
        }
    }

    /// An error by positions in the whole.
    pub(crate) fn error(&self, error: DisclosureError) -> DisclosureError {
        let of = |v: u32| self.variables.get(v as usize).copied().unwrap_or(v);
        let all = |list: Vec<u32>| list.into_iter().map(of).collect();
        match error {
            DisclosureError::CannotProtect { variable, given } => DisclosureError::CannotProtect {
                variable: of(variable),
                given: all(given),
            },
            DisclosureError::TooLarge { variables } => DisclosureError::TooLarge {
                variables: all(variables),
            },
            DisclosureError::Contradiction { variables } => DisclosureError::Contradiction {
                variables: all(variables),
            },
            other => other,
        }
    }
}
