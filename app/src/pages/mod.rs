//! The pages: one file each, and the frame around them.

pub mod about;
pub mod annex;
pub mod briefing;
pub mod changes;
pub mod commitments;
pub mod dataset;
pub mod datasets;
pub mod downloads;
pub mod explorer;
pub mod home;
pub mod layout;
pub mod methods;
pub mod place;
pub mod places;
pub mod protection;
pub mod stages;
pub mod unknown;
