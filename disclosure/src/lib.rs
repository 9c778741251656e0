//! Statistical disclosure control: rules that decide what a table may show.
//!
//! The first rule is safe by construction, if wasteful: the unit is a **whole table** (all places, periods
//! and classes of one indicator), published or withheld as a whole, so that nothing can be subtracted
//! within it. [`protect`] is the only way to make a [`Protected`] value, and publishing accepts nothing else.
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

pub mod microdata;
pub mod pii;
mod populations;
mod table;

pub use microdata::recode_globally;
pub use populations::{Population, Populations};
pub use table::{Protected, Rule, Table, protect};

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
    /// No recoding reaches k.
    #[error(
        "even with every quasi-identifier left out, fewer than {k} records share a class: publish no record-level file"
    )]
    NoRecoding {
        /// The least class size asked for.
        k: u64,
    },
}
