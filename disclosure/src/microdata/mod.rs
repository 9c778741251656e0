//! Record-level data: k-anonymity, l-diversity and t-closeness by full-domain recoding and local suppression.
//!
//! - **Search.** Every combination of recodings is a node of a lattice. Nodes are tried from the middle
//!   outwards; a node that suffices settles all coarser ones, one that fails all finer ones (Samarati 2001;
//!   LeFevre et al. 2005, "Incognito"; El Emam et al. 2009, "Optimal Lattice Anonymization"). Among the minimal
//!   nodes the one that loses the least information is taken.
//! - **Requirements.** At least k cases in each class (Sweeney 2002); at least l distinct values, or an entropy
//!   of at least log l, of each outcome (Machanavajjhala et al. 2007); a distribution of each outcome within t of
//!   the file's (Li et al. 2007), by earth mover's distance.
//! - **Local suppression**, the last step, is bounded and leaves no new violator: a suppressed value is a class
//!   of its own, matched with nothing else, and every class is measured again.
//! - **Several releases.** A case that several releases show is counted once; what enters, leaves or changes
//!   between two releases must itself be at least k cases.
//!
//! ```
//! use disclosure::microdata::{Microdata, Policy, anonymise};
//!
//! let street = ["north", "north", "north", "south", "south", "south"];
//! let month = ["2020-01", "2020-02", "2020-03", "2020-01", "2020-02", "2020-03"];
//! let closed = ["yes", "no", "yes", "no", "yes", "no"];
//! let data = Microdata::new(6)
//!     .key("street", &[&street])?
//!     .key("period", &[&month])?
//!     .outcome("closed", &closed)?;
//! let result = anonymise(&data, &Policy { k: 3, l: 2, ..Policy::default() })?;
//! // The street is kept; the month is left out.
//! assert_eq!(result.recoding.keys, [0, 1]);
//! assert_eq!((result.report.measures.k, result.report.measures.l), (3, 2));
//! # Ok::<(), disclosure::microdata::MicrodataError>(())
//! ```

mod anonymise;
mod codes;
mod data;
mod lattice;
mod measure;
mod releases;
mod risk;
mod suppress;
mod utility;

pub use anonymise::{Anonymised, Policy, Report, anonymise};
pub use data::{Microdata, Recoding};
pub use measure::{Measures, measure};
pub use releases::{Increment, increments};
pub use risk::{Risk, risk};
pub use utility::{Loss, Utility, utility};

/// Why record-level data cannot be protected.
#[derive(Clone, Debug, thiserror::Error, PartialEq)]
#[non_exhaustive]
pub enum MicrodataError {
    /// A column has another number of rows than the data.
    #[error("column {column:?} holds {found} values where there are {expected} rows")]
    Length {
        /// The column.
        column: String,
        /// Its values.
        found: usize,
        /// The rows.
        expected: usize,
    },
    /// A recoding tells apart what a finer one does not.
    #[error(
        "key {key:?}: recoding {level} splits a value of the recoding before it: order the recodings from the finest to the coarsest"
    )]
    NotNested {
        /// The key.
        key: String,
        /// The position of the coarser recoding, from 0.
        level: usize,
    },
    /// An ordered outcome has a value outside its order.
    #[error("outcome {0:?} holds a value that its order does not name: add it to the order")]
    NotInOrder(String),
    /// A row belongs to a release that is neither the last nor given a recoding.
    #[error(
        "a row belongs to a release beyond the {0} earlier ones and the one to be made: give its recoding"
    )]
    UnknownRelease(usize),
    /// There are more recodings than can be searched.
    #[error(
        "{0} combinations of recodings are too many to search: declare fewer keys or recodings"
    )]
    LatticeTooLarge(u128),
    /// Nothing suffices.
    #[error(
        "even with every quasi-identifier left out the records do not reach the policy (k {k}, l {l}): publish no record-level file"
    )]
    NoRecoding {
        /// The least class size asked for.
        k: u64,
        /// The least diversity asked for.
        l: u64,
    },
    /// What changed since an earlier release is too little to show at any recoding.
    #[error(
        "fewer than {k} cases entered, left or changed since an earlier release, even with every quasi-identifier left out: delay the release, or show the earlier values until more have changed"
    )]
    Delay {
        /// The least number of cases asked for.
        k: u64,
    },
}
