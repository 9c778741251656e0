//! What views say, through the public interface.

mod figure;
mod finding;
mod first;
mod instead;
mod small;
mod state;
