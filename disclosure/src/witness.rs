//! Witnesses: tables of integers by which everybody can see, without a solver, that what is published leaves a
//! suppressed quantity open.
//!
//! Two tables that both agree with everything that is published, and differ in a cell by `width`, prove that no
//! reader can bound that cell more closely than by `width`: nothing published tells the two apart.

use crate::{
    system::{Broken, System, View},
    table::Protected,
};

/// Greatest size of a number in a witness or a relation: sums of a million products then fit 128 bits.
pub(crate) const LARGEST: u64 = 1 << 53;

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
    /// A sum has no total, or names what is no variable.
    #[error("a sum names a quantity that there is not")]
    Sum,
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

/// That what a view shows leaves every suppressed quantity open. Only [`Witnesses::prove`] makes one.
#[derive(Clone, Copy, Debug)]
pub struct Proof(());

impl Proof {
    /// Passes content that shows nothing beyond the view that was proven; none for a table withheld.
    pub fn protect<T>(&self, content: Option<T>) -> Protected<T> {
        Protected::proven(content)
    }
}

impl From<[u32; 3]> for Pair {
    fn from([variable, low, high]: [u32; 3]) -> Self {
        Self {
            variable,
            low,
            high,
        }
    }
}

impl Witnesses {
    /// As [`Witnesses::check`]; the proof lets content be published.
    ///
    /// # Errors
    /// With the first thing that is wrong.
    pub fn prove(
        &self,
        system: &System,
        view: &View,
        suppressed: &[u32],
        width: u64,
    ) -> Result<Proof, NotWitnessed> {
        self.check(system, view, suppressed, width)?;
        Ok(Proof(()))
    }

    /// As [`Witnesses::check`], in a system of nonnegative quantities of which some are published, and in which the
    /// first of each of `sums` is the sum of the others.
    ///
    /// # Errors
    /// With the first thing that is wrong.
    pub fn check_sums(
        &self,
        sums: &[Vec<u32>],
        published: Vec<Option<i64>>,
        suppressed: &[u32],
        width: u64,
    ) -> Result<(), NotWitnessed> {
        let system = System::of_sums(published.len(), sums).ok_or(NotWitnessed::Sum)?;
        let view = View {
            values: published,
            facts: Vec::new(),
        };
        self.check(&system, &view, suppressed, width)
    }

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
        let mut pairs: Vec<&Pair> = self.pairs.iter().collect();
        pairs.sort_by_key(|pair| pair.variable);
        for &variable in suppressed {
            let from = pairs.partition_point(|pair| pair.variable < variable);
            let mut own = pairs[from..].iter().take_while(|p| p.variable == variable);
            let apart = own.any(|pair| {
                let ends = (value(pair.low, variable), value(pair.high, variable));
                matches!(ends, (Some(low), Some(high)) if low <= high && high.abs_diff(low) >= width)
            });
            if !apart {
                return Err(NotWitnessed::TooClose { variable, width });
            }
        }
        Ok(())
    }
}
