//! The system of one frame, which is all that is published of the named tables in one of the longest periods: what
//! the counts are, how they hang together, which of them must not be read, and the pattern that is proven to hide
//! them.

use std::collections::{BTreeMap, BTreeSet};

use contract::{Granularity, Level, Period, dataset::DatasetContract, snapshot::TOTAL};
use disclosure::{
    Control, DisclosureError, Limits, Options, Problem, Progress, Role, audit, suppress, witnesses,
};

use super::{
    ProtectError,
    cells::{Given, Node, Nodes, Policy, Suppressed},
    history::History,
};
use crate::ledger::{Containment, Standing};

/// Counts of the largest part of a frame that is searched: the relaxation of larger ones takes longer than a month's run should.
const SEARCHED_CELLS: usize = 10_000;

/// What is left of a population in those that contain it, and of those that it contains in it.
fn remainders(contract: &DatasetContract, counts: &[u64], population: usize) -> Vec<u64> {
    let declared = &contract.populations;
    let (this, populations) = (&declared[population], declared.iter().enumerate());
    populations
        .filter(|(_, other)| this.within.contains(&other.id) || other.within.contains(&this.id))
        .map(|(other, _)| counts[other].abs_diff(counts[population]))
        .collect()
}

/// The place at a level that holds a place, as it was for the snapshot that counted there.
pub(super) type Ancestor<'t> = &'t dyn Fn(&str, Level) -> Option<String>;

/// The variables of what one snapshot counted, by population and node.
pub(super) type Layer<'a> = BTreeMap<(usize, Node<'a>), u32>;

/// The system of one frame.
#[derive(Default)]
pub(super) struct Frame<'a> {
    pub(super) problem: Problem,
    /// Of the snapshot that is being made.
    pub(super) variables: Layer<'a>,
    /// The population that a variable counts, or the part whose remainder it is.
    owners: BTreeMap<u32, usize>,
    /// Totals of the widest place that are not to be suppressed.
    kept: BTreeMap<u32, (usize, Node<'a>)>,
    /// What must be protected although this snapshot does not publish it: remainders, counts that no indicator shows,
    /// what earlier snapshots withheld, and what has changed since.
    pub(super) hidden: Vec<u32>,
    /// For each part, whole and node, what is left of the whole, in every snapshot that differs.
    pub(super) remainders: BTreeMap<(usize, usize, Node<'a>), Vec<u32>>,
    /// Whether some total holds more than its parts.
    pub(super) has_rests: bool,
    contained: BTreeSet<(u32, u32)>,
    summed: BTreeSet<(u32, Vec<u32>)>,
}

impl<'a> Frame<'a> {
    /// The totals of the widest place stay published, but for those `freed`: they are what most readers come for,
    /// and fewer suppressed cells in all are no reason to lose them. What earlier snapshots published stays
    /// published, and where nothing has changed, what they withheld stays withheld.
    pub(super) fn build(
        policy: &Policy<'a>,
        nodes: &Nodes<'a>,
        given: &Given,
        freed: &BTreeSet<(usize, Node<'a>)>,
    ) -> Self {
        let mut frame = Self::default();
        let history = History::of(policy, nodes);
        let populations = policy.contract.populations.len();
        for (node, counted) in nodes {
            let widest = node.2 == TOTAL && counted.level == Level::City;
            let mut layer = Layer::new();
            for population in 0..populations {
                let count = counted.counts[population];
                let small = policy.is_small(count);
                let key = (population, *node);
                let value = i64::try_from(count).unwrap_or(i64::MAX);
                let before = history.standing(key, value);
                let tight = || {
                    let rest = remainders(policy.contract, counted.counts, population);
                    rest.into_iter().any(|rest| policy.is_small(rest))
                        || policy.changes_by_few(history.counts(key), value)
                };
                let mut kept = false;
                let role = match counted.shown.contains(&population) {
                    _ if before == Some(Standing::Published) && !small => Role::Given,
                    false => Role::Hidden,
                    true if small => Role::Primary { cost: count },
                    true if history.settled && before == Some(Standing::Suppressed) => {
                        Role::Primary { cost: count }
                    }
                    // Zeros are shown: a suppressed one would often be known to be zero from a total.
                    true if count == 0 => Role::Given,
                    true if given.tells(population, node, counted.level) => Role::Given,
                    true if widest && !freed.contains(&key) && !tight() => {
                        kept = true;
                        Role::Given
                    }
                    true => Role::Cell { cost: count },
                };
                let variable = frame.problem.variable(Limits::NONNEGATIVE, value, role);
                layer.insert(key, variable);
                frame.owners.insert(variable, population);
                if kept {
                    frame.kept.insert(variable, key);
                }
                if small {
                    frame.protect(policy, variable, role == Role::Hidden);
                }
            }
            frame.contain(policy, &policy.populations, &layer, *node);
            frame.variables.extend(layer);
        }
        let levels = nodes.iter().map(|(node, counted)| (*node, counted.level));
        let current = frame.variables.clone();
        let ancestor =
            |place: &str, level| policy.register.ancestor(place, level).map(str::to_owned);
        frame.sum_up(policy, &ancestor, &current, &levels.collect());
        history.join(policy, nodes, &mut frame);
        frame
    }

    /// Requires the width of a variable; a `hidden` one needs witnesses of its own.
    pub(super) fn protect(&mut self, policy: &Policy<'_>, variable: u32, hidden: bool) {
        self.problem.protect(variable, policy.width);
        if hidden {
            self.hidden.push(variable);
        }
    }

    /// Which kept totals to free after an error: those that bound the count at once, or else all of its population's,
    /// or else all.
    pub(super) fn to_free(&self, error: &DisclosureError) -> Vec<(usize, Node<'a>)> {
        let DisclosureError::CannotProtect { variable, given } = error else {
            return self.kept.values().copied().collect();
        };
        let population = self.owners.get(variable);
        let choices: [&dyn Fn(u32, usize) -> bool; 3] = [
            &|v, _| given.contains(&v),
            &|_, of| population == Some(&of),
            &|_, _| true,
        ];
        let chosen = choices.into_iter().map(|wanted| {
            let wanted = self.kept.iter().filter(|(v, key)| wanted(**v, key.0));
            wanted.map(|(_, key)| *key).collect::<Vec<_>>()
        });
        chosen
            .into_iter()
            .find(|some| !some.is_empty())
            .unwrap_or_default()
    }

    /// The containment of populations in one node, as it was declared for the snapshot that counted there.
    pub(super) fn contain(
        &mut self,
        policy: &Policy<'_>,
        declared: &[Containment],
        layer: &Layer<'a>,
        node: Node<'a>,
    ) {
        let at = |id: &String| policy.position(id);
        for population in declared {
            let Some(part) = at(&population.id) else {
                continue;
            };
            for whole in population.within.iter().filter_map(at) {
                let both = layer.get(&(part, node)).zip(layer.get(&(whole, node)));
                let Some((&counted, &of)) = both else {
                    continue;
                };
                if !self.contained.insert((counted, of)) {
                    continue;
                }
                let remainder = self.problem.contain(counted, of);
                self.owners.insert(remainder, part);
                self.protect_remainder(policy, remainder);
                let versions = self.remainders.entry((part, whole, node));
                versions.or_default().push(remainder);
            }
        }
        let partitions: BTreeSet<(&str, &String)> = declared
            .iter()
            .filter_map(|p| p.partition.as_deref().map(|name| (name, p)))
            .flat_map(|(name, p)| p.within.iter().map(move |whole| (name, whole)))
            .collect();
        for (partition, whole) in partitions {
            let parts = declared
                .iter()
                .filter(|p| p.partition.as_deref() == Some(partition) && p.within.contains(whole));
            let parts: Option<Vec<u32>> = parts
                .map(|p| layer.get(&(at(&p.id)?, node)).copied())
                .collect();
            let total = at(whole).and_then(|whole| layer.get(&(whole, node)).copied());
            if let Some((total, parts)) = total.zip(parts)
                && self.summed.insert((total, parts.clone()))
            {
                self.problem.system.sum(total, &parts);
            }
        }
    }

    fn protect_remainder(&mut self, policy: &Policy<'_>, remainder: u32) {
        let value = self.problem.values[remainder as usize].unsigned_abs();
        if policy.is_small(value) {
            self.protect(policy, remainder, true);
        }
    }

    /// The hierarchies of what one snapshot counted.
    pub(super) fn sum_up(
        &mut self,
        policy: &Policy<'_>,
        ancestor: Ancestor<'_>,
        layer: &Layer<'a>,
        levels: &BTreeMap<Node<'a>, Level>,
    ) {
        let wholes = wholes(ancestor, levels);
        for population in 0..policy.populations.len() {
            for (whole, parts) in &wholes {
                let total = layer.get(&(population, *whole)).copied();
                let parts: Option<Vec<u32>> = parts
                    .iter()
                    .map(|&part| layer.get(&(population, part)).copied())
                    .collect();
                if let Some((total, parts)) = total.zip(parts)
                    && self.summed.insert((total, parts.clone()))
                {
                    self.sum(policy, total, parts);
                }
            }
        }
    }

    /// A total and its parts, with a remainder where rows of the total are in none of the parts.
    fn sum(&mut self, policy: &Policy<'_>, total: u32, mut parts: Vec<u32>) {
        let value = |v: u32| self.problem.values[v as usize];
        let rest = value(total) - parts.iter().map(|&v| value(v)).sum::<i64>();
        self.has_rests |= rest != 0;
        if rest != 0 || policy.slack {
            let rest = self
                .problem
                .variable(Limits::NONNEGATIVE, rest, Role::Hidden);
            self.protect_remainder(policy, rest);
            parts.push(rest);
        }
        self.problem.system.sum(total, &parts);
    }

    pub(super) fn solve(
        &self,
        policy: &Policy<'_>,
        progress: &(dyn Fn(Progress) + Sync),
        result: &mut Suppressed<'a>,
    ) -> Result<(), ProtectError> {
        let failed = |e| ProtectError::Disclosure(policy.contract.id.clone(), e);
        let control = Control {
            progress: Some(progress),
            ..Control::default()
        };
        // The least suppression of a city's tables is beyond an exact search, its relaxation is not. Moves of few cells
        // find their way in small frames, seldom where many populations hang together.
        let options = Options {
            uniform_width: policy.width,
            exact_cells: 0,
            bound_cells: policy.search.map_or(0, |_| SEARCHED_CELLS),
            tries: policy.search.map_or(0, |count| count as usize),
            whole_cells: usize::MAX,
            twice_cells: 1500,
        };
        // Who contributes knows more than readers do: pattern and proof answer to them. The intervals are those of
        // readers, since they are published.
        let guarded = self.problem.known_to_contributors(policy.coalition);
        let found = suppress(&guarded, &options, &control).map_err(failed)?;
        let view = self.problem.view(&found.pattern);
        let seen = audit(&self.problem.system, &view, &control).map_err(failed)?;
        let system = &guarded.system;
        let cells = (0..found.pattern.cells.len() as u32)
            .filter(|&v| found.pattern.cells[v as usize])
            .chain(self.hidden.iter().copied());
        let cells: Vec<u32> = cells.collect();
        let witnessed = witnesses(system, &view, &cells, policy.width, &control).map_err(failed)?;
        let proof = witnessed.prove(system, &view, &cells, policy.width);
        let proof = proof.map_err(|e| ProtectError::NotProven(policy.contract.id.clone(), e))?;
        result.proof = Some(proof);
        for (&(population, node), &variable) in &self.variables {
            if found.pattern.cells[variable as usize] {
                let interval = seen.intervals[variable as usize];
                result.unknown.insert((population, node), interval);
                result
                    .figures
                    .widths
                    .push(seen.inner[variable as usize].width());
            }
            let count = self.problem.values[variable as usize].unsigned_abs();
            if self.problem.roles[variable as usize] != Role::Hidden {
                let (all, shown) = &mut result.figures.value;
                *all += count;
                *shown += count * u64::from(!found.pattern.cells[variable as usize]);
            }
        }
        let figures = &mut result.figures;
        figures.variables += system.len() as u64;
        figures.relations += system.relations().len() as u64;
        figures.components += seen.components as u64;
        figures.suppressed += found.count;
        figures.least += found.bound.map_or(0, |bound| bound.count);
        figures.unsearched |= found.bound.is_none() && found.count > 0;
        Ok(())
    }
}

/// Every node that is made of others, with those: places of places, periods of periods, all of its classes.
fn wholes<'a>(
    ancestor: Ancestor<'_>,
    levels: &BTreeMap<Node<'a>, Level>,
) -> Vec<(Node<'a>, Vec<Node<'a>>)> {
    let mut parts: BTreeMap<(Node<'a>, u8, &'a str), Vec<Node<'a>>> = BTreeMap::new();
    // Their places live as long as the nodes, those of the register do not.
    let known: BTreeMap<Node<'_>, Node<'a>> = levels.keys().map(|node| (*node, *node)).collect();
    for (&node, &own) in levels {
        let (place, period, breakdown, class) = node;
        // The nearest wider place that has a table of its own.
        let wider = Level::ALL.iter().rev().filter(|&&level| level < own);
        let mut wider = wider.filter_map(|&level| ancestor(place, level));
        let parent =
            wider.find_map(|parent| known.get(&(&*parent, period, breakdown, class)).copied());
        if let Some(parent) = parent {
            parts.entry((parent, 0, "")).or_default().push(node);
        }
        let longer = Granularity::ALL
            .iter()
            .rev()
            .filter(|&&length| length < period.granularity())
            .map(|&length| Period::containing(period.year(), period.month(), length));
        let mut longer =
            longer.filter(|&whole| levels.contains_key(&(place, whole, breakdown, class)));
        if let Some(whole) = longer.next() {
            let whole = (place, whole, breakdown, class);
            parts.entry((whole, 1, "")).or_default().push(node);
        }
        let total = (place, period, TOTAL, TOTAL);
        if breakdown != TOTAL && levels.contains_key(&total) {
            parts.entry((total, 2, breakdown)).or_default().push(node);
        }
    }
    let whole_periods = |whole: &Node<'_>, kind: u8, parts: &[Node<'_>]| {
        kind != 1 || parts.iter().map(|p| p.1.months()).sum::<u32>() == whole.1.months()
    };
    parts
        .into_iter()
        .filter(|((whole, kind, _), parts)| whole_periods(whole, *kind, parts))
        .map(|((whole, ..), parts)| (whole, parts))
        .collect()
}
