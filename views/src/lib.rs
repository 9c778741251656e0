//! What a view says and shows, as plain data, once for the portal's programs and for the static first views.
//!
//! | module | holds |
//! |---|---|
//! | [`messages`], [`words`] | the texts of every language |
//! | [`snapshot`] | an open snapshot: its manifest and its register of places |
//! | [`state`] | the state of a view, which lives in the address, what it selects, and the address of that in full |
//! | [`twin`], [`rows`] | the rows of a small table, from its JSON twin or from any answer |
//! | [`parts`] | what stands above and below the line of a value, in its unit |
//! | [`figure`] | which rows are drawn, as which series, in which order, as which kind of chart |
//! | [`finding`] | one sentence in plain words about a figure |
//! | [`instead`] | what the address asks for and the snapshot does not hold |
//! | [`headline`] | an indicator's latest year and the one before |
//! | [`first`] | what a page shows before its program runs, as HTML |
//!
//! Nothing here reads files, talks to a network or knows Leptos.

mod address;
pub mod figure;
pub mod finding;
pub mod first;
#[cfg(feature = "fixtures")]
pub mod fixtures;
pub mod headline;
pub mod instead;
pub mod messages;
pub mod parts;
pub mod rows;
pub mod snapshot;
pub mod state;
pub mod twin;
pub mod words;
