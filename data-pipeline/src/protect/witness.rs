//! The witnesses that a snapshot publishes: from what it publishes itself, and nothing else. What earlier snapshots told
//! stays in the raw zone with the joint proof: which counts have changed since would otherwise be read from it.

use std::collections::{BTreeMap, BTreeSet};

use contract::witnesses::{
    WITNESS_FORMAT, WitnessComponent, WitnessFile, WitnessNode, WitnessSystem,
};
use disclosure::{Control, NotWitnessed, System, View, Witnesses, witnesses_in_parts};

use super::{
    ProtectError,
    cells::{Given, Node, Nodes, Policy, Suppressed},
    frame::Frame,
};
use crate::ledger::Past;

static NOTHING: Past = Past::NOTHING;

/// The proofs of the frames of a dataset.
#[derive(Default)]
pub(super) struct Proofs<'a> {
    nodes: BTreeMap<Node<'a>, u32>,
    systems: Vec<WitnessSystem>,
}

impl<'a> Proofs<'a> {
    /// Adds the proof of one frame that was solved together with the past, from the frame alone.
    pub(super) fn add(
        &mut self,
        policy: &Policy<'a>,
        nodes: &Nodes<'a>,
        given: &Given,
        found: &Suppressed<'a>,
    ) -> Result<(), ProtectError> {
        let failed = |e| ProtectError::Disclosure(policy.contract.id.clone(), e);
        let build = |slack| {
            let alone = Policy {
                past: &NOTHING,
                slack,
                populations: policy.populations.clone(),
                ..*policy
            };
            Frame::build(&alone, nodes, given, &BTreeSet::new())
        };
        let mut frame = build(false);
        if frame.has_rests {
            frame = build(true);
        }
        let system = &frame.problem.system;
        let mut view = View::nothing(system);
        let mut suppressed = Vec::new();
        for (&(population, node), &variable) in &frame.variables {
            if !nodes[&node].shown.contains(&population) {
                continue;
            }
            if found.interval(population, node).is_some() {
                suppressed.push(variable);
            } else {
                view.values[variable as usize] = Some(frame.problem.values[variable as usize]);
            }
        }
        suppressed.sort_unstable();
        let control = Control::default();
        let found = witnesses_in_parts(system, &view, &suppressed, policy.width, &control);
        let found = found.map_err(failed)?;
        let sums = sums(system).ok_or_else(|| {
            ProtectError::NotProven(policy.contract.id.clone(), NotWitnessed::View)
        })?;
        let order = Order::of(&frame, system.len());
        for &(_, node) in &order.counts {
            let next = self.nodes.len() as u32;
            self.nodes.entry(node).or_insert(next);
        }
        let node = |node: &Node<'a>| self.nodes.get(node).copied().unwrap_or_default();
        self.systems.push(WitnessSystem {
            counts: order
                .counts
                .iter()
                .map(|(population, at)| [*population as u32, node(at)])
                .collect(),
            published: order.published(&view),
            suppressed: order.all(&suppressed),
            remainders: (system.len() - order.counts.len()) as u32,
            sums: sums.iter().map(|sum| order.all(sum)).collect(),
            constant: order.follows(&view, &found.determined),
            components: found
                .parts
                .into_iter()
                .map(|part| WitnessComponent {
                    variables: order.all(&part.variables),
                    pairs: part
                        .pairs
                        .iter()
                        .map(|pair| [order.to[pair.variable as usize], pair.low, pair.high])
                        .collect(),
                    tables: part.tables,
                })
                .collect(),
        });
        Ok(())
    }

    /// The file; none where no count is suppressed one by one. It is checked as a reader would check it.
    ///
    /// # Errors
    /// When it does not prove what it must.
    pub(super) fn file(self, policy: &Policy<'_>) -> Result<Option<WitnessFile>, ProtectError> {
        let contract = policy.contract;
        let mut nodes: Vec<(Node<'_>, u32)> = self.nodes.into_iter().collect();
        nodes.sort_by_key(|(_, at)| *at);
        let file = WitnessFile {
            format: WITNESS_FORMAT,
            demonstration: false,
            dataset: contract.id.clone(),
            width: policy.width,
            populations: contract.populations.iter().map(|p| p.id.clone()).collect(),
            nodes: nodes
                .into_iter()
                .map(|((place, period, breakdown, class), _)| WitnessNode {
                    place: place.to_owned(),
                    period,
                    breakdown: breakdown.to_owned(),
                    class: class.to_owned(),
                })
                .collect(),
            systems: self.systems,
        };
        check(&file)?;
        Ok(Some(file).filter(|file| !file.systems.is_empty()))
    }
}

/// Checks a proof from nothing but itself.
fn check(file: &WitnessFile) -> Result<(), ProtectError> {
    let unfit = |error| ProtectError::NotProven(file.dataset.clone(), error);
    for part in &file.systems {
        let written = part.tables().map_err(|_| unfit(NotWitnessed::View))?;
        let witnesses = Witnesses {
            tables: written.tables,
            pairs: written.pairs.into_iter().map(Into::into).collect(),
        };
        witnesses
            .check_sums(&part.sums, written.published, &part.suppressed, file.width)
            .map_err(unfit)?;
    }
    Ok(())
}

/// The order of variables in the file: counts first, then what is left of totals.
struct Order<'a> {
    counts: Vec<(usize, Node<'a>)>,
    from: Vec<u32>,
    to: Vec<u32>,
}

impl<'a> Order<'a> {
    fn of(frame: &Frame<'a>, variables: usize) -> Self {
        let mut from: Vec<u32> = frame.variables.values().copied().collect();
        let counts = frame.variables.keys().copied().collect();
        let named: BTreeSet<u32> = from.iter().copied().collect();
        from.extend((0..variables as u32).filter(|v| !named.contains(v)));
        let mut to = vec![0; variables];
        for (at, &variable) in from.iter().enumerate() {
            to[variable as usize] = at as u32;
        }
        Self { counts, from, to }
    }

    fn all(&self, variables: &[u32]) -> Vec<u32> {
        variables.iter().map(|&v| self.to[v as usize]).collect()
    }

    fn published(&self, view: &View) -> Vec<Option<i64>> {
        let counts = self.from.iter().take(self.counts.len());
        counts.map(|&v| view.values[v as usize]).collect()
    }

    /// What follows from what is published, and is not published itself.
    fn follows(&self, view: &View, determined: &[Option<i64>]) -> Vec<(u32, i64)> {
        let all = view.values.iter().zip(determined).zip(&self.to);
        let mut all: Vec<(u32, i64)> = all
            .filter(|((published, _), _)| published.is_none())
            .filter_map(|((_, value), &to)| Some((to, (*value)?)))
            .collect();
        all.sort_unstable();
        all
    }
}

/// The relations as sums, total first; none where one is of another kind.
fn sums(system: &System) -> Option<Vec<Vec<u32>>> {
    let sum = |relation: &disclosure::Relation| {
        let total = relation.terms.iter().filter(|t| t.1 == 1).map(|t| t.0);
        let parts = relation.terms.iter().filter(|t| t.1 == -1).map(|t| t.0);
        let (total, parts): (Vec<u32>, Vec<u32>) = (total.collect(), parts.collect());
        let is_sum = relation.low == Some(0) && relation.high == Some(0) && total.len() == 1;
        let whole = total.len() + parts.len() == relation.terms.len();
        (is_sum && whole).then(|| [total, parts].concat())
    };
    system.relations().iter().map(sum).collect()
}
