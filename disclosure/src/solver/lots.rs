//! Lots for searches that choose without a reason: the same on every machine, and every time.

/// Knuth's linear congruence (MMIX).
pub(crate) struct Lots(u64);

impl Lots {
    pub(crate) fn new() -> Self {
        Self(1)
    }

    /// The next lot, of 31 bits.
    pub(crate) fn draw(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }
}
