//! One file for each route, and the frame around them.

pub mod dataset;
pub mod home;
pub mod layout;
pub mod unknown;
