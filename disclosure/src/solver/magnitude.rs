//! Primary rules for magnitudes (money, area, days): cells in which few contributors make up so much that one could
//! estimate another. As in the handbook of statistical disclosure control (Hundepool et al., 2012, section 4.2).

use std::collections::BTreeMap;

use super::problem::Need;

/// When a cell of magnitudes is sensitive. Shares are in per cent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MagnitudeRule {
    /// (n, k): the `n` greatest contributors make up more than `k` per cent.
    Dominance {
        /// How many contributors are added up.
        n: usize,
        /// The share that they may have.
        k: u32,
    },
    /// p%: a coalition that knows its own contributions can estimate the greatest one to within `p` per cent.
    Percent {
        /// How close an estimate is too close.
        p: u32,
        /// Contributors who join; 1 is the rule as it is usually stated, by which the second greatest estimates the
        /// greatest.
        coalition: usize,
    },
    /// (p, q): as p%, where everybody can estimate the rest to within `q` per cent beforehand.
    PriorPosterior {
        /// How close an estimate is too close.
        p: u32,
        /// How close everybody can come beforehand; at least `p`.
        q: u32,
    },
}

/// What each contributor, or each group of them that acts as one, adds to a cell.
#[derive(Clone, Debug, Default)]
pub struct Holdings {
    groups: BTreeMap<String, i64>,
    holders: BTreeMap<String, String>,
}

impl Holdings {
    /// Nobody contributes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Contributors that belong to a holder, as is known from outside the data: they count as one. Declare them
    /// before their amounts.
    pub fn belongs(&mut self, contributor: &str, holder: &str) -> &mut Self {
        self.holders.insert(contributor.into(), holder.into());
        self
    }

    /// An amount of a contributor.
    pub fn add(&mut self, contributor: &str, amount: i64) -> &mut Self {
        let mut group = contributor;
        // A chain of holders is no longer than there are of them.
        for _ in 0..=self.holders.len() {
            match self.holders.get(group) {
                Some(holder) => group = holder,
                None => break,
            }
        }
        *self.groups.entry(group.to_owned()).or_default() += amount;
        self
    }

    /// Sizes of the groups, greatest first; a negative sum counts by its size.
    fn sizes(&self) -> Vec<i128> {
        let groups = self.groups.values().filter(|amount| **amount != 0);
        let mut sizes: Vec<i128> = groups.map(|&a| i128::from(a).abs()).collect();
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        sizes
    }
}

impl MagnitudeRule {
    /// What a sensitive cell needs; none when the cell is not sensitive. The interval must reach as far above the
    /// value as makes the rule's estimate harmless, and as far below, but not beyond zero; in units of the amounts.
    pub fn need(self, holdings: &Holdings) -> Option<Need> {
        let sizes = holdings.sizes();
        let total: i128 = sizes.iter().sum();
        let first = sizes.first().copied().unwrap_or(0);
        let greatest = |n: usize| sizes.iter().take(n).sum::<i128>();
        // Sensitive by as much as `lack / by` in units of the amounts.
        let (lack, by) = match self {
            Self::Dominance { n, k } => (100 * greatest(n) - i128::from(k) * total, i128::from(k)),
            Self::Percent { p, coalition } => {
                let rest = total - greatest(coalition.saturating_add(1));
                (i128::from(p) * first - 100 * rest, 100)
            }
            Self::PriorPosterior { p, q } => {
                let rest = total - greatest(2);
                (i128::from(p) * first - i128::from(q) * rest, i128::from(q))
            }
        };
        if lack <= 0 {
            return None;
        }
        // A share of nothing allows nothing: no interval is wide enough.
        let above = match by {
            0 => u64::MAX,
            by => u64::try_from((lack + by - 1) / by).unwrap_or(u64::MAX),
        };
        let below = above.min(u64::try_from(total).unwrap_or(u64::MAX));
        Some(Need {
            width: 0,
            below,
            above,
        })
    }
}
