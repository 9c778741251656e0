//! Patterns held against the requirements, one after the other: what was proven of one serves the next.

use std::{cmp::Reverse, collections::BTreeMap};

use super::{
    control::Control,
    cuts::{Cut, Oracle, share},
    master::Master,
    problem::{Pattern, Problem, Requirement},
    relax::relax,
    repair::{Name, conditional, is_suppressed, name, requirements},
};
use crate::DisclosureError;

/// Proofs remembered of each requirement.
const PROOFS: usize = 8;

/// What is known of a problem while patterns are tried.
pub(crate) struct Trials<'m, 'a> {
    pub(crate) problem: &'a Problem,
    pub(crate) master: &'m mut Master<'a>,
    uniform: u64,
    oracle: Oracle<'a>,
    /// Of each requirement, sets of items: it is met while all of one set are suppressed.
    proofs: BTreeMap<Name, Vec<Vec<u32>>>,
    /// Patterns held against the requirements, and of each requirement, the last of them that broke it.
    checks: u64,
    failed: BTreeMap<Name, u64>,
}

impl<'m, 'a> Trials<'m, 'a> {
    pub(crate) fn new(
        problem: &'a Problem,
        uniform: u64,
        master: &'m mut Master<'a>,
    ) -> Result<Self, DisclosureError> {
        let relations: Vec<u32> = (0..problem.system.relations().len() as u32).collect();
        Ok(Self {
            problem,
            uniform,
            oracle: Oracle::new(problem, &relations, 1)?,
            proofs: BTreeMap::new(),
            checks: 0,
            failed: BTreeMap::new(),
            master,
        })
    }

    /// What a pattern must meet.
    pub(crate) fn requirements(&self, pattern: &Pattern) -> Vec<Requirement> {
        requirements(self.problem, pattern, self.uniform)
    }

    /// Whether an item may be suppressed and is not.
    pub(crate) fn is_open(&self, pattern: &Pattern, item: u32) -> bool {
        self.master.holds(item) && !is_suppressed(pattern, item)
    }

    /// Cuts that a pattern breaks; none where it meets every requirement.
    pub(crate) fn broken(&mut self, pattern: &Pattern) -> Result<Vec<Cut>, DisclosureError> {
        self.broken_first(pattern, usize::MAX)
    }

    /// As [`Self::broken`], of that many broken requirements at most: those first that were broken last.
    pub(crate) fn broken_first(
        &mut self,
        pattern: &Pattern,
        most: usize,
    ) -> Result<Vec<Cut>, DisclosureError> {
        let have = share(pattern);
        self.oracle.set(&have);
        self.checks += 1;
        let mut requirements = self.requirements(pattern);
        let last = |requirement: &Requirement| self.failed.get(&name(requirement)).copied();
        requirements.sort_by_cached_key(|requirement| Reverse(last(requirement)));
        let (mut cuts, mut broken) = (Vec::new(), 0);
        for requirement in requirements {
            if broken >= most {
                break;
            }
            let known = self.proofs.entry(name(&requirement)).or_default();
            if known.iter().any(|proof| stands(pattern, proof)) {
                continue;
            }
            let check = self.oracle.check(&requirement, &have)?;
            if check.broken {
                broken += 1;
                self.failed.insert(name(&requirement), self.checks);
                let found = check.cuts.into_iter();
                cuts.extend(found.map(|cut| conditional(self.problem, &requirement, cut)));
                continue;
            }
            if known.len() >= PROOFS {
                known.remove(0);
            }
            let cells = self.problem.system.len();
            let is_item =
                |item: &u32| *item as usize >= cells || self.problem.cost(*item as usize).is_some();
            known.push(check.support.into_iter().filter(is_item).collect());
        }
        Ok(cuts)
    }

    /// Publishes again what a safe pattern can do without, least likely items first.
    pub(crate) fn thin(
        &mut self,
        pattern: &mut Pattern,
        guide: &[f64],
        control: &Control<'_>,
    ) -> Result<(), DisclosureError> {
        let all = self.requirements(pattern);
        let standing = all.iter().filter_map(|requirement| {
            let known = self.proofs.get(&name(requirement))?;
            let proof = known.iter().rfind(|proof| stands(pattern, proof))?;
            Some((name(requirement), proof.clone()))
        });
        let proofs = standing.collect();
        let cuts = &mut self.master.cuts;
        relax(
            self.problem,
            pattern,
            self.uniform,
            cuts,
            &proofs,
            guide,
            control,
        )
    }
}

fn stands(pattern: &Pattern, proof: &[u32]) -> bool {
    proof.iter().all(|&item| is_suppressed(pattern, item))
}
