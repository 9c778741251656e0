//! The parts of pages.

pub mod card;
pub mod chart;
pub mod choose;
pub mod citation;
pub mod copy;
pub mod crumbs;
pub mod definition;
pub mod dialog;
pub mod downloads;
pub mod embed;
pub mod explore;
pub mod explore_choose;
pub mod explore_keep;
pub mod filters;
pub mod footer;
pub mod header;
pub mod legend;
pub mod notice;
pub mod picture;
pub mod places;
pub mod save;
pub mod search;
pub mod share;
pub mod table;
pub mod verify;
pub mod withheld;
