//! Sans-I/O reading of published Parquet: byte ranges in, filtered or counted tables out.
//!
//! | module | holds | feature |
//! |---|---|---|
//! | [`table`] | what a query answers with | |
//! | [`ask`] | what a query asks for | |
//! | [`reader`] | the reader: asks for byte ranges, checks their hashes, decodes, filters | `reader` |
//! | [`error`] | why a file cannot be read | `reader` |
//! | `tally` | counting rows by codes, without a text for each row | `reader` |
//! | [`hash`] | SHA-256 of whole files, at once or in pieces | `reader` |
//!
//! Without the feature `reader` the crate holds two small serde modules, so that the portal's main
//! thread can talk to the worker without carrying a Parquet reader.

pub mod ask;
#[cfg(feature = "reader")]
mod blocks;
#[cfg(feature = "reader")]
mod decode;
#[cfg(feature = "reader")]
pub mod error;
#[cfg(feature = "reader")]
pub mod hash;
#[cfg(feature = "reader")]
mod prune;
#[cfg(feature = "reader")]
pub mod reader;
#[cfg(feature = "reader")]
mod rows;
#[cfg(feature = "reader")]
mod source;
pub mod table;
#[cfg(feature = "reader")]
mod tally;

pub use ask::{COUNT, Count, Filter, Query};
#[cfg(feature = "reader")]
pub use error::ReadError;
#[cfg(feature = "reader")]
pub use hash::{Digester, sha256_hex, verify};
#[cfg(feature = "reader")]
pub use reader::{FileFacts, Held, Reader, Step};
pub use table::{Column, Table, Values};
