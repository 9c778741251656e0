//! What needs a solver: the auditor, complementary suppression, and the search for witnesses.

mod attackers;
mod audit;
mod base;
mod centre;
mod control;
mod cuts;
mod eliminate;
mod explorer;
mod factor;
mod frequency;
mod local;
mod magnitude;
mod moves;
mod nearby;
mod presolve;
mod problem;
mod proofs;
mod rational;
mod region;
mod relax;
mod repair;
mod search;
mod simplex;
mod sketch;
mod suppress;
mod tableau;
mod witnesses;

pub use attackers::Contributions;
pub use audit::{Audit, Interval, audit};
pub use control::{Control, Progress, Stage};
pub use frequency::{CellKey, FrequencyTables, MinimumFrequency};
pub use magnitude::{Holdings, MagnitudeRule};
pub use problem::{Knowledge, Need, Pattern, Problem, Requirement, Role};
pub use suppress::{Bound, Options, Suppression, suppress};
pub use witnesses::{WitnessPart, WitnessParts, witnesses, witnesses_in_parts};
