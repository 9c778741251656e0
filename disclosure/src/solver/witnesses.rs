//! Finding witnesses: tables of integers, from published data alone.

use super::{control::Control, explorer::Explorer, presolve::presolve};
use crate::{
    DisclosureError,
    system::{System, View},
    witness::{Pair, Witnesses},
};

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
    let found = control.for_each(&presolved.components, |component| {
        let local = 0..component.variables.len() as u32;
        let mut targets: Vec<u32> = local
            .filter(|&v| wanted[component.variables[v as usize] as usize])
            .collect();
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
        Ok((pairs, tables))
    })?;
    // Components do not touch one another: any table of one goes with any table of another.
    let count = found.iter().map(|(_, tables)| tables.len()).max();
    let mut result = Witnesses::default();
    // Where everything follows from what is published, that is the one table there is.
    for at in 0..count.unwrap_or(1) {
        let determined = presolved.determined.iter();
        let mut table: Vec<i64> = determined.map(|v| v.unwrap_or_default()).collect();
        for (component, (_, tables)) in presolved.components.iter().zip(&found) {
            let Some(part) = tables.get(at).or(tables.last()) else {
                continue;
            };
            for (&variable, &value) in component.variables.iter().zip(part) {
                table[variable as usize] = value;
            }
        }
        result.tables.push(table);
    }
    result.pairs = found.into_iter().flat_map(|(pairs, _)| pairs).collect();
    result.pairs.sort_unstable_by_key(|pair| pair.variable);
    Ok(result)
}
