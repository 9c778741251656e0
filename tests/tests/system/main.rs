//! Whole-system tests in one program, because linking the pipeline takes long.

mod arrows;
mod attack;
mod bad_input;
mod common;
mod contributors;
mod formats;
mod hostile;
mod ledger;
mod months;
mod needles;
mod notes;
mod pipeline;
mod privacy;
mod raw_files;
mod real;
mod together;
