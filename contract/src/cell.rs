//! The status and the revision that every published value carries.

use serde::{Deserialize, Serialize};

macro_rules! names {
    ($type:ty { $($variant:ident => $name:literal),+ $(,)? }) => {
        impl $type {
            /// Every variant, in the order of the legend.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name used in files.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The variant of a name used in files.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}
pub(crate) use names;

/// Why a cell shows a value, or why it does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The value stands in the cell.
    Published,
    /// A value exists and is withheld to protect people. Never to be read, or drawn, as zero.
    Suppressed,
    /// The indicator has no meaning here: its denominator is zero or below its least base.
    NotApplicable,
    /// The source does not hold what the indicator needs.
    NotCollected,
}

names!(Status {
    Published => "published",
    Suppressed => "suppressed",
    NotApplicable => "not_applicable",
    NotCollected => "not_collected",
});

/// How settled a published value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Revision {
    /// Not expected to change.
    Final,
    /// The period, or the follow-up that the indicator needs, has not ended.
    Provisional,
    /// Differs from an earlier snapshot's value.
    Revised,
}

names!(Revision {
    Final => "final",
    Provisional => "provisional",
    Revised => "revised",
});
