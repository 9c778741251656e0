//! The address of a view, with every part named that the portal would otherwise choose.

use contract::snapshot::TOTAL;

use crate::state::{ALL_PERIODS, LATEST_PERIOD, Selection, ViewState};

impl Selection {
    /// The state that selects the same whatever a view comes to open on. Without a period chosen it follows the newest.
    pub fn named(&self, state: &ViewState) -> ViewState {
        self.written(state, self.period.as_deref())
    }

    /// As [`Selection::named`], with the period too, for an address that is pinned to this snapshot.
    pub fn pinned(&self, state: &ViewState, snapshot: &str) -> ViewState {
        let of_itself = match self.over_time() {
            true => ALL_PERIODS,
            false => LATEST_PERIOD,
        };
        let period = self.period.as_deref().unwrap_or(of_itself);
        self.written(state, Some(period)).with("snapshot", snapshot)
    }

    fn written(&self, state: &ViewState, period: Option<&str>) -> ViewState {
        let find = |name: &str| match name {
            "indicator" => Some(self.indicator.id.as_str()),
            "breakdown" => Some(self.breakdown.id.as_str()).filter(|id| *id != TOTAL),
            "level" => Some(self.level.name()),
            "granularity" => Some(self.granularity.name()),
            "period" => period,
            _ => state.get(name),
        };
        ViewState::read(|name| find(name).map(str::to_owned))
    }
}
