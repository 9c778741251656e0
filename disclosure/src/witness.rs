//! Witnesses: tables of integers by which everybody can see, without a solver, that what is published leaves a
//! suppressed quantity open.
//!
//! Two tables that both agree with everything that is published, and differ in a cell by `width`, prove that no
//! reader can bound that cell more closely than by `width`: nothing published tells the two apart.

#[cfg(feature = "solver")]
use crate::DisclosureError;
use crate::system::{Broken, System, View};

/// Greatest size of a number in a witness or a relation: sums of a million products then fit 128 bits.
const LARGEST: u64 = 1 << 53;

/// Tables, and for each suppressed variable two of them. The tables are made up from published data alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Witnesses {
    /// Each holds a value for every variable of the system.
    pub tables: Vec<Vec<i64>>,
    /// For each variable, the positions of the tables where it is small and where it is large.
    pub pairs: Vec<Pair>,
}

/// The two tables of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Pair {
    /// The variable.
    pub variable: u32,
    /// Position of the table where it is small.
    pub low: u32,
    /// Position of the table where it is large.
    pub high: u32,
}

/// Why witnesses prove nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotWitnessed {
    /// The view does not fit the system.
    #[error("the published view is of another system: it holds other numbers of values or facts")]
    View,
    /// A table has too few or too many values, or numbers beyond 2⁵³.
    #[error("table {0} is malformed: it needs one value for each variable, none beyond 2^53")]
    Malformed(usize),
    /// A table contradicts a published value.
    #[error("table {table} contradicts the published value of variable {variable}")]
    Published {
        /// Position of the table.
        table: usize,
        /// The variable.
        variable: u32,
    },
    /// A table breaks a limit or a relation.
    #[error("table {table} is not a possible table: {broken:?} does not hold")]
    Broken {
        /// Position of the table.
        table: usize,
        /// What does not hold.
        broken: Broken,
    },
    /// A variable has no pair of tables that differ enough.
    #[error("no two tables differ in variable {variable} by {width}")]
    TooClose {
        /// The variable.
        variable: u32,
        /// The width asked for.
        width: u64,
    },
}

impl Witnesses {
    /// Checks that every variable of `suppressed` can lie `width` apart. Exact, and without a solver: it reads
    /// each table once.
    ///
    /// # Errors
    /// With the first thing that is wrong: then the witnesses prove nothing.
    pub fn check(
        &self,
        system: &System,
        view: &View,
        suppressed: &[u32],
        width: u64,
    ) -> Result<(), NotWitnessed> {
        if view.values.len() != system.len() || view.facts.len() != system.facts() {
            return Err(NotWitnessed::View);
        }
        let coefficients = system.relations().iter().flat_map(|r| &r.terms);
        if coefficients
            .map(|t| t.1)
            .any(|c| c.unsigned_abs() > LARGEST)
        {
            return Err(NotWitnessed::View);
        }
        for (at, table) in self.tables.iter().enumerate() {
            if table.len() != system.len() || table.iter().any(|v| v.unsigned_abs() > LARGEST) {
                return Err(NotWitnessed::Malformed(at));
            }
            let differs = |(value, shown): (&i64, &Option<i64>)| shown.is_some_and(|s| s != *value);
            if let Some(variable) = table.iter().zip(&view.values).position(differs) {
                return Err(NotWitnessed::Published {
                    table: at,
                    variable: variable as u32,
                });
            }
            if let Some(broken) = system.broken_by(table, &view.facts) {
                return Err(NotWitnessed::Broken { table: at, broken });
            }
        }
        let value = |table: u32, variable: u32| {
            let table = self.tables.get(table as usize)?;
            table.get(variable as usize).copied()
        };
        for &variable in suppressed {
            let apart = self.pairs.iter().any(|pair| {
                let ends = (value(pair.low, variable), value(pair.high, variable));
                pair.variable == variable
                    && matches!(ends, (Some(low), Some(high)) if low <= high && high.abs_diff(low) >= width)
            });
            if !apart {
                return Err(NotWitnessed::TooClose { variable, width });
            }
        }
        Ok(())
    }
}

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
#[cfg(feature = "solver")]
pub fn witnesses(
    system: &System,
    view: &View,
    suppressed: &[u32],
    width: u64,
    control: &crate::Control<'_>,
) -> Result<Witnesses, DisclosureError> {
    use crate::{audit::Explorer, presolve::presolve};
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
            let pair = explorer.witness(at)?.ok_or(missing(variable))?;
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
    for at in 0..count.unwrap_or_default() {
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
