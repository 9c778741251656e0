//! Whole-system tests in one program, because linking the pipeline takes long.

mod arrows;
mod bad_input;
mod common;
mod pipeline;
mod privacy;
