//! What the publisher and the readers of a Mingshi snapshot agree on.
//!
//! | module | holds |
//! |---|---|
//! | [`language`] | the portal's languages and how they write |
//! | [`text`] | text in the two wordings of a contract |
//! | [`place`] | administrative levels and the published register of places |
//! | [`period`] | months, quarters, years and how they are written |
//! | [`cell`] | the status and revision that every published value carries |
//! | [`dataset`] | the declaration of one dataset (`contract.toml`) |
//! | [`indicator`] | the declaration of one indicator (`indicators/<id>.toml`) |
//! | [`portal`] | the declaration of one portal instance (`portal.toml`) |
//! | [`notes`] | why something changed, in the publisher's words (`notes.toml`) |
//! | [`snapshot`] | the published folder: release, catalogue, manifest |
//! | [`disclosure_report`] | what a snapshot says about its own protection |
//! | [`witnesses`] | the proof that suppressed counts cannot be worked out |
//!
//! The crate is serde only: no Arrow, no I/O, no web. Everything that is read back from a published
//! file carries a format version, and [`snapshot::check_format`] refuses a version it does not know.

pub mod cell;
pub mod dataset;
pub mod disclosure_report;
mod formula;
pub mod indicator;
pub mod language;
pub mod notes;
pub mod parts;
pub mod period;
pub mod place;
pub mod portal;
pub mod snapshot;
pub mod text;
pub mod witnesses;

pub use cell::{Revision, Status};
pub use period::{Granularity, Period};
pub use place::{Level, Place};
pub use text::{Language, Localised, Wording};
