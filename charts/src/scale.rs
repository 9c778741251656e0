//! Axes with round steps.

/// A linear axis from round number to round number.
pub(crate) struct Scale {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
    /// Round numbers from `low` to `high`.
    pub(crate) ticks: Vec<f64>,
}

impl Scale {
    /// An axis that holds `low..=high`, drawn from pixel `from` to pixel `to`, with about `steps` steps, two at least.
    ///
    /// Values that are all the same are shown from zero. Steps divide 100, so that no axis of shares leaves 0 to 100.
    pub(crate) fn new(low: f64, high: f64, from: i32, to: i32, steps: i32) -> Self {
        let (low, high) = match low {
            _ if high - low > 1e-9 * high.abs() => (low, high),
            0.0 => (0.0, 1.0),
            _ => (low.min(0.0), high.max(0.0)),
        };
        let rough = (high - low) / f64::from(steps.max(2));
        let magnitude = 10f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 2.5, 5.0, 10.0]
            .into_iter()
            .map(|round| round * magnitude)
            .find(|&step| step >= rough * 0.999)
            .unwrap_or(magnitude * 10.0);
        let first = (low / step + 1e-9).floor();
        let last = (high / step - 1e-9).ceil();
        let mut ticks = Vec::new();
        let mut position = first;
        while position <= last && ticks.len() < 100 {
            ticks.push(position * step);
            position += 1.0;
        }
        Self {
            low: first * step,
            high: last * step,
            from: f64::from(from),
            to: f64::from(to),
            ticks,
        }
    }

    /// The pixel where the axis begins.
    pub(crate) fn start(&self) -> i32 {
        self.pixel(self.low)
    }

    /// The pixel of a value, within the axis.
    pub(crate) fn pixel(&self, value: f64) -> i32 {
        let share = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        #[expect(clippy::cast_possible_truncation, reason = "between two i32")]
        let pixel = (self.from + share * (self.to - self.from)).round() as i32;
        pixel
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_hold_every_value() {
        assert_eq!(
            Scale::new(0.0, 93.0, 0, 100, 5).ticks,
            [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]
        );
        assert_eq!(Scale::new(0.0, 0.0, 0, 100, 2).ticks, [0.0, 0.5, 1.0]);
        let scale = Scale::new(-3.0, 7.0, 0, 100, 4);
        assert_eq!(scale.ticks.first(), Some(&-5.0));
        assert_eq!(scale.ticks.last(), Some(&7.5));
        assert_eq!(scale.pixel(-5.0), 0);
        assert_eq!(scale.pixel(1e9), 100);
    }
}
