//! What a reader of several releases learns by subtracting one from another.

use super::{
    Microdata, Recoding,
    measure::{Class, Counted},
};

/// What can be read off the difference of an earlier release and the one to be made, in one class of the
/// coarser of their recodings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Increment {
    /// The earlier release.
    pub earlier: usize,
    /// Cases that the later release shows and the earlier did not.
    pub entered: u64,
    /// The fewest distinct values of a kept outcome among them; 0 without outcomes.
    pub entered_l: u64,
    /// Cases that the later release shows no longer.
    pub left: u64,
    /// The fewest distinct values of a kept outcome among them; 0 without outcomes.
    pub left_l: u64,
}

impl Increment {
    /// Whether each side of the difference is empty, or at least `k` cases with at least `l` values of each
    /// outcome.
    pub fn holds(&self, k: u64, l: u64) -> bool {
        let side = |cases, distinct| cases == 0 || cases >= k && (distinct == 0 || distinct >= l);
        side(self.entered, self.entered_l) && side(self.left, self.left_l)
    }
}

/// The increments between each earlier release and the one to be made at a recoding. A case whose outcome has
/// changed leaves with the old value and enters with the new one.
pub fn increments(data: &Microdata, recoding: &Recoding) -> Vec<Increment> {
    increments_of(data, recoding, &data.untold)
}

/// The same, some values being suppressed.
pub(super) fn increments_of(
    data: &Microdata,
    recoding: &Recoding,
    masks: &[u32],
) -> Vec<Increment> {
    let mut found = Vec::new();
    for (earlier, before) in data.earlier.iter().enumerate() {
        let coarser = before.join(recoding);
        let counted = Counted::new(data, &coarser.outcomes);
        let ids = data.classes(&coarser.keys, masks);
        let of = |release| counted.classes(&ids, data.in_file(Some(release)));
        let (then, now) = (of(earlier), of(data.earlier.len()));
        let none = Class::default();
        for at in 0..then.len().max(now.len()) {
            let then = then.get(at).unwrap_or(&none);
            let now = now.get(at).unwrap_or(&none);
            let entered = counted.gained(then, now);
            let left = counted.gained(now, then);
            if entered.cases + left.cases > 0 {
                found.push(Increment {
                    earlier,
                    entered: entered.cases,
                    entered_l: entered.distinct(),
                    left: left.cases,
                    left_l: left.distinct(),
                });
            }
        }
    }
    found
}

impl Recoding {
    /// What two files have in common: the coarser form of each key, the outcomes that both keep.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        let keys = self.keys.iter().zip(&other.keys);
        let outcomes = self.outcomes.iter().zip(&other.outcomes);
        Self {
            keys: keys.map(|(a, b)| *a.max(b)).collect(),
            outcomes: outcomes.map(|(a, b)| *a && *b).collect(),
        }
    }
}
