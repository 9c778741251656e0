//! What views say, through the public interface.

mod finding;
mod first;
mod small;
