//! The witnesses that a snapshot publishes: from what it publishes itself, and nothing else. What earlier snapshots told
//! stays in the raw zone with the joint proof: which counts have changed since would otherwise be read from it.

use std::collections::{BTreeMap, BTreeSet};

use contract::witnesses::{
    WITNESS_FORMAT, WitnessComponent, WitnessFile, WitnessNode, WitnessSystem,
};
use disclosure::{Control, NotWitnessed, System, View, Witnesses, witnesses};

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
        let found = witnesses(system, &view, &suppressed, policy.width, &control);
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
            constant: order.constant(&view, &found),
            components: components(&view, &found, &sums)
                .into_iter()
                .map(|part| WitnessComponent {
                    variables: order.all(&part.variables),
                    pairs: part
                        .pairs
                        .iter()
                        .map(|&[variable, low, high]| [order.to[variable as usize], low, high])
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
    let unfit = || ProtectError::NotProven(file.dataset.clone(), NotWitnessed::View);
    for part in &file.systems {
        let tables = part.tables().map_err(|_| unfit())?;
        let system = System::of_sums(part.variables(), &part.sums).ok_or_else(unfit)?;
        let view = View {
            values: tables.published,
            facts: Vec::new(),
        };
        Witnesses::of(tables.tables, &tables.pairs)
            .check(&system, &view, &part.suppressed, file.width)
            .map_err(|e| ProtectError::NotProven(file.dataset.clone(), e))?;
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

    fn constant(&self, view: &View, found: &Witnesses) -> Vec<(u32, i64)> {
        let unpublished = (0..self.from.len()).filter(|&v| view.values[v].is_none());
        let value = |v: usize| found.tables.first().map_or(0, |table| table[v]);
        let mut all: Vec<(u32, i64)> = unpublished
            .filter(|&v| !varies(found, v))
            .map(|v| (self.to[v], value(v)))
            .collect();
        all.sort_unstable();
        all
    }
}

fn varies(found: &Witnesses, variable: usize) -> bool {
    let mut values = found.tables.iter().map(|table| table[variable]);
    let first = values.next();
    values.any(|value| Some(value) != first)
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

/// What varies, in parts that no sum joins, each with its own tables, none of them twice.
fn components(view: &View, found: &Witnesses, sums: &[Vec<u32>]) -> Vec<WitnessComponent> {
    let open = |v: u32| view.values[v as usize].is_none() && varies(found, v as usize);
    let open: BTreeSet<u32> = (0..view.values.len() as u32).filter(|&v| open(v)).collect();
    let mut root: BTreeMap<u32, u32> = open.iter().map(|&v| (v, v)).collect();
    fn find(root: &BTreeMap<u32, u32>, mut v: u32) -> u32 {
        while let Some(&next) = root.get(&v).filter(|&&next| next != v) {
            v = next;
        }
        v
    }
    for sum in sums {
        let mut inside = sum.iter().copied().filter(|v| open.contains(v));
        let Some(first) = inside.next() else { continue };
        for other in inside {
            let (a, b) = (find(&root, first), find(&root, other));
            root.insert(a.max(b), a.min(b));
        }
    }
    let mut parts: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for &variable in &open {
        let at = find(&root, variable);
        parts.entry(at).or_default().push(variable);
    }
    let pairs: BTreeMap<u32, _> = found.pairs.iter().map(|p| (p.variable, p)).collect();
    let parts = parts.into_values().map(|variables| {
        let project = |table: &Vec<i64>| -> Vec<i64> {
            variables.iter().map(|&v| table[v as usize]).collect()
        };
        let mut used: BTreeMap<Vec<i64>, u32> = BTreeMap::new();
        let mut tables: Vec<Vec<i64>> = Vec::new();
        let mut keep = |at: u32| {
            let table = project(&found.tables[at as usize]);
            *used.entry(table.clone()).or_insert_with(|| {
                tables.push(table);
                tables.len() as u32 - 1
            })
        };
        let mut own = Vec::new();
        for pair in variables.iter().filter_map(|v| pairs.get(v)) {
            own.push([pair.variable, keep(pair.low), keep(pair.high)]);
        }
        if own.is_empty() {
            keep(0);
        }
        WitnessComponent {
            variables,
            tables,
            pairs: own,
        }
    });
    parts.collect()
}
