//! The `mingshi` program as a library: raw municipal exports in, protected Parquet snapshots out.
//!
//! Each stage consumes one type and returns the next, so that publishing unsafe data does not compile:
//! [`validate::Valid`] → [`deidentify::Deidentified`] → [`aggregate::Aggregated`] → [`protect::ProtectedDataset`]
//! → [`publish`]. Only [`disclosure::protect`] can make what [`publish`] accepts.

pub mod aggregate;
pub mod deidentify;
pub mod demo;
pub mod ingest;
pub mod ledger;
pub mod notes;
pub mod places;
pub mod portal;
pub mod protect;
pub mod pseudonym;
pub mod publish;
pub mod records;
pub mod report;
pub mod run;
pub mod schema;
pub mod summary;
pub mod tables;
pub mod validate;
pub mod values;
pub mod work;
