//! The parts of pages.

pub mod card;
pub mod chart;
pub mod choose;
pub mod definition;
pub mod downloads;
pub mod legend;
pub mod notice;
pub mod places;
pub mod table;
pub mod withheld;
