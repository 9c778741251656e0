//! Finding witnesses: tables of integers, from published data alone.

use super::{
    control::Control,
    explorer::Explorer,
    nearby::Nearby,
    presolve::{Component, presolve},
};
use crate::{
    DisclosureError,
    system::{System, View},
    witness::{Pair, Witnesses},
};

/// Components of more variables are not explored by programs of the whole.
pub(super) const LARGE: usize = 1500;

/// Finds witnesses for the `suppressed` variables of a view, from the view alone.
///
/// # Errors
/// [`DisclosureError::NoWitness`] when a variable has none, or none is found within a bounded search: the view
/// is then not fit to publish; when what is published contradicts itself; when numbers are too large; when
/// cancelled.
///
/// ```
/// use disclosure::{Control, Limits, System, View, witnesses};
/// let mut system = System::new();
/// let [total, a, b] = [(); 3].map(|()| system.variable(Limits::NONNEGATIVE));
/// system.sum(total, &[a, b]);
/// let view = View { values: vec![Some(7), None, None], facts: vec![] };
/// let proof = witnesses(&system, &view, &[a, b], 5, &Control::default())?;
/// assert!(proof.check(&system, &view, &[a, b], 5).is_ok());
/// assert!(proof.check(&system, &view, &[total], 5).is_err());
/// # Ok::<(), disclosure::DisclosureError>(())
/// ```
pub fn witnesses(
    system: &System,
    view: &View,
    suppressed: &[u32],
    width: u64,
    control: &Control<'_>,
) -> Result<Witnesses, DisclosureError> {
    let parts = witnesses_in_parts(system, view, suppressed, width, control)?;
    Ok(parts.whole())
}

/// As [`witnesses`], in parts that no relation joins: any table of one goes with any table of another.
///
/// # Errors
/// As [`witnesses`].
pub fn witnesses_in_parts(
    system: &System,
    view: &View,
    suppressed: &[u32],
    width: u64,
    control: &Control<'_>,
) -> Result<WitnessParts, DisclosureError> {
    let presolved = presolve(system, view)?;
    let missing = |variable| DisclosureError::NoWitness { variable, width };
    let open = |variable: u32| presolved.determined[variable as usize].is_none();
    if let (Some(&variable), true) = (suppressed.iter().find(|&&v| !open(v)), width > 0) {
        return Err(missing(variable));
    }
    let mut wanted = vec![false; system.len()];
    for &variable in suppressed {
        wanted[variable as usize] = true;
    }
    // Large components are worked on by themselves, each on all threads; small ones side by side.
    let large = |component: &&Component| component.variables.len() > LARGE;
    let mut by_moves = Vec::new();
    for component in presolved.components.iter().filter(large) {
        by_moves.push(part_by_moves(component, &wanted, width, control)?);
    }
    let mut by_moves = by_moves.into_iter();
    let small: Vec<&Component> = presolved.components.iter().filter(|c| !large(c)).collect();
    let parts = control.for_each(&small, |component| part(component, &wanted, width, control))?;
    let mut parts = parts.into_iter();
    let all = presolved.components.iter();
    let found = all.filter_map(|component| match large(&component) {
        true => by_moves.next(),
        false => parts.next(),
    });
    Ok(WitnessParts {
        parts: found.collect(),
        determined: presolved.determined,
    })
}

/// The targets among a component's variables.
fn targets(component: &Component, wanted: &[bool]) -> Vec<u32> {
    let local = 0..component.variables.len() as u32;
    local
        .filter(|&v| wanted[component.variables[v as usize] as usize])
        .collect()
}

/// Witnesses of one large component.
fn part_by_moves(
    component: &Component,
    wanted: &[bool],
    width: u64,
    control: &Control<'_>,
) -> Result<WitnessPart, DisclosureError> {
    let Some(nearby) = Nearby::new(component, control)? else {
        return part(component, wanted, width, control);
    };
    let targets = targets(component, wanted);
    let found = nearby.witness(&targets, width, control)?;
    let mut pairs = Vec::with_capacity(targets.len());
    for (target, pair) in targets.into_iter().zip(found.pairs) {
        let variable = component.variables[target as usize];
        let pair = pair.ok_or(DisclosureError::NoWitness { variable, width })?;
        pairs.push(Pair {
            variable,
            low: pair.low as u32,
            high: pair.high as u32,
        });
    }
    Ok(WitnessPart {
        variables: component.variables.clone(),
        tables: found.tables,
        pairs,
    })
}

/// Witnesses of one component, by programs of the whole of it.
fn part(
    component: &Component,
    wanted: &[bool],
    width: u64,
    control: &Control<'_>,
) -> Result<WitnessPart, DisclosureError> {
    let missing = |variable| DisclosureError::NoWitness { variable, width };
    let mut targets = targets(component, wanted);
    // A component without targets still needs some table of integers.
    let filler = targets.is_empty();
    let mut width = width;
    if filler {
        (targets, width) = (vec![0], 0);
    }
    let mut explorer = Explorer::new(component, &targets, width)?;
    let mut pairs = Vec::new();
    for (at, &target) in targets.iter().enumerate() {
        control.check()?;
        let variable = component.variables[target as usize];
        let pair = explorer.witness(at).ok_or(missing(variable))?;
        pairs.push((variable, pair));
    }
    let mut used: Vec<usize> = pairs.iter().flat_map(|(_, p)| [p.low, p.high]).collect();
    used.sort_unstable();
    used.dedup();
    let position = |table: usize| used.binary_search(&table).unwrap_or_default() as u32;
    let pairs: Vec<Pair> = pairs
        .iter()
        .filter(|_| !filler)
        .map(|&(variable, pair)| Pair {
            variable,
            low: position(pair.low),
            high: position(pair.high),
        })
        .collect();
    let tables: Vec<Vec<i64>> = used.iter().map(|&t| explorer.pool[t].clone()).collect();
    Ok(WitnessPart {
        variables: component.variables.clone(),
        tables,
        pairs,
    })
}

/// Witnesses, in parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WitnessParts {
    /// By variable, its value where it is published or follows at once from what is.
    pub determined: Vec<Option<i64>>,
    /// All other variables.
    pub parts: Vec<WitnessPart>,
}

/// Variables that relations tie together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WitnessPart {
    /// The variables.
    pub variables: Vec<u32>,
    /// Possible values of them all.
    pub tables: Vec<Vec<i64>>,
    /// The tables of each suppressed variable among them.
    pub pairs: Vec<Pair>,
}

impl WitnessParts {
    /// Tables of every variable.
    pub fn whole(&self) -> Witnesses {
        let count = self.parts.iter().map(|part| part.tables.len()).max();
        let determined = self.determined.iter();
        let first: Vec<i64> = determined.map(|v| v.unwrap_or_default()).collect();
        // Where everything follows from what is published, that is the one table there is.
        let mut tables = vec![first; count.unwrap_or(1)];
        for (at, table) in tables.iter_mut().enumerate() {
            for part in &self.parts {
                let values = part.tables.get(at).or(part.tables.last());
                for (&variable, &value) in part.variables.iter().zip(values.into_iter().flatten()) {
                    table[variable as usize] = value;
                }
            }
        }
        let pairs = self.parts.iter().flat_map(|part| &part.pairs);
        let mut pairs: Vec<Pair> = pairs.copied().collect();
        pairs.sort_unstable_by_key(|pair| pair.variable);
        Witnesses { tables, pairs }
    }
}
