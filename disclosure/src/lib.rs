//! Statistical disclosure control: rules that decide what a table may show.
//!
//! | what | where |
//! |---|---|
//! | whole tables published or withheld | [`protect`] |
//! | one system over everything published, and the exact interval of every cell withheld | [`System`], [`audit`] |
//! | complementary suppression at the level of cells | [`suppress`], [`FrequencyTables`] |
//! | primary rules for magnitudes; contributors as attackers | [`MagnitudeRule`], [`Problem::protect_from_coalitions`] |
//! | proofs that need no solver to be checked | [`witnesses`], [`Witnesses::check`] |
//! | records: k-anonymity and its kin | [`microdata`] |
//! | personal data in text | [`pii`] |
//! | noise on counts, the same wherever the same records are counted; no contract asks for it | [`cell_key`] |
//!
//! # Whole tables
//!
//! The first rule is safe by construction, if wasteful: the unit is a **whole table** (all places, periods
//! and classes of one indicator), published or withheld as a whole, so that nothing can be subtracted
//! within it. Publishing accepts nothing but [`Protected`] values, which only [`protect`] makes, or a [`Proof`] that
//! witnesses have given for suppressed cells.
//!
//! ```
//! use disclosure::{Population, Populations, Rule, Table, protect};
//!
//! let populations = Populations::new(vec![
//!     Population { id: "rated".into(), within: vec![], partition: None },
//!     Population { id: "satisfied".into(), within: vec!["rated".into()], partition: None },
//! ])?;
//! let rule = Rule::MinimumFrequency { threshold: 5, order_statistic_threshold: 10 };
//! // 40 rated, of whom 38 satisfied: the two who were not could be counted, so the table is withheld.
//! let table = Table { uses: vec!["satisfied".into(), "rated".into()], order_statistic: false, cells: vec![vec![40, 38]], content: "95%" };
//! assert!(protect(&rule, &populations, table)?.content().is_none());
//! # Ok::<(), disclosure::DisclosureError>(())
//! ```

pub mod cell_key;
pub mod microdata;
pub mod pii;
mod populations;
#[cfg(feature = "solver")]
mod solver;
mod system;
mod table;
mod witness;

pub use populations::{Population, Populations};
#[cfg(feature = "solver")]
pub use solver::*;
pub use system::{Broken, Limits, Relation, System, View};
pub use table::{Protected, Rule, Table, protect};
pub use witness::{NotWitnessed, Pair, Proof, Witnesses};

/// Why a table or a declaration cannot be worked on.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum DisclosureError {
    /// A population names one that is not declared.
    #[error("population {0:?} is not declared: add it to the contract, or correct its name")]
    UnknownPopulation(String),
    /// Two populations have one name.
    #[error("population {0:?} is declared twice: keep one")]
    DuplicatePopulation(String),
    /// Populations contain one another in a circle.
    #[error("population {0:?} contains itself through `within`: break the circle")]
    Circle(String),
    /// A cell does not hold one count for each population.
    #[error("a cell holds {found} counts where {expected} populations are declared")]
    CountsDoNotFit {
        /// Counts in the cell.
        found: usize,
        /// Populations declared.
        expected: usize,
    },
    /// A population is larger than one that is declared to contain it.
    #[error(
        "population {part:?} has rows outside {whole:?}, which is declared to contain it: correct `where` or `within`"
    )]
    NotContained {
        /// The population.
        part: String,
        /// The one declared to contain it.
        whole: String,
    },
    /// The populations of a partition do not add up to the whole.
    #[error(
        "the populations of partition {partition:?} do not add up to {whole:?}: correct their `where`"
    )]
    NotAPartition {
        /// The partition.
        partition: String,
        /// The whole.
        whole: String,
    },
    /// What is published contradicts itself.
    #[error(
        "the published values of {} variables contradict one another: check the sums and the containment they stand in",
        .variables.len()
    )]
    Contradiction {
        /// Positions of the variables of one contradiction.
        variables: Vec<u32>,
    },
    /// Numbers left the range of exact arithmetic.
    #[error(
        "a connected component of {} variables is beyond exact arithmetic: publish fewer decimals, or withhold one of its tables",
        .variables.len()
    )]
    TooLarge {
        /// Positions of the component's variables.
        variables: Vec<u32>,
    },
    /// A quantity cannot be protected by suppressing more: what stands published already reveals too much.
    #[error(
        "a quantity that must be protected can be bounded from what stands published ({} cells): coarsen or delay the new table",
        .given.len()
    )]
    CannotProtect {
        /// The quantity.
        variable: u32,
        /// Published cells in its own relations.
        given: Vec<u32>,
    },
    /// A suppressed quantity has no two tables that differ enough.
    #[error(
        "no two tables of integers that agree with everything published differ in a suppressed quantity by {width}: suppress more, or publish coarser"
    )]
    NoWitness {
        /// The quantity.
        variable: u32,
        /// The width asked for.
        width: u64,
    },
    /// The computation was stopped.
    #[error("stopped before the end: nothing is protected")]
    Cancelled,
}
