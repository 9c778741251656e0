//! A small generator of numbers, the same on every run, for tests that plant leaks.

pub(crate) struct Draw(pub(crate) u64);

impl Draw {
    /// `0..n`
    pub(crate) fn below(&mut self, n: u64) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % n) as usize
    }

    /// `low..low + span`
    pub(crate) fn value(&mut self, low: i64, span: u64) -> i64 {
        low + self.below(span) as i64
    }
}
