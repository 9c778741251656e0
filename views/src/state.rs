//! The state of a view, which lives in the address, and what it selects in a snapshot.

use contract::{
    Granularity, Level, Status,
    indicator::{DefaultChart, Indicator},
    snapshot::{Dataset, PublishedBreakdown, TOTAL, TableState},
};

use crate::parts::{self, Parts};

/// Most places compared at once.
pub const MOST_PLACES: usize = 6;

/// Value of `period` for a chart over time.
pub const ALL_PERIODS: &str = "all";

/// Value of `period` for the newest one, whichever the snapshot holds.
pub const LATEST_PERIOD: &str = "latest";

/// What the address says, unchecked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ViewState {
    values: Vec<(String, String)>,
}

impl ViewState {
    /// The state that a reader of parameters finds.
    pub fn read(find: impl Fn(&str) -> Option<String>) -> Self {
        const NAMES: [&str; 21] = [
            "dataset",
            "source",
            "measure",
            "rows",
            "columns",
            "where",
            "indicator",
            "breakdown",
            "class",
            "level",
            "granularity",
            "period",
            "places",
            "chart",
            "view",
            "sort",
            "from",
            "to",
            "snapshot",
            "theme",
            "basket",
        ];
        let values = NAMES
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), find(name)?)));
        Self {
            values: values.filter(|(_, value)| !value.is_empty()).collect(),
        }
    }

    /// One parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The places to compare.
    pub fn places(&self) -> Vec<String> {
        let places = self.get("places").unwrap_or_default().split(',');
        places
            .filter(|code| !code.is_empty())
            .take(MOST_PLACES)
            .map(str::to_owned)
            .collect()
    }

    /// The same state with one parameter changed; an empty value removes it. What depends on the parameter
    /// goes with it.
    pub fn with(&self, name: &str, value: &str) -> Self {
        let gone: &[&str] = match name {
            "dataset" => &[
                "source",
                "measure",
                "rows",
                "columns",
                "where",
                "level",
                "granularity",
            ],
            "source" => &[
                "measure",
                "rows",
                "columns",
                "where",
                "level",
                "granularity",
            ],
            "indicator" => &["sort"],
            "breakdown" => &["class", "chart", "sort"],
            "level" => &["places", "chart", "where"],
            "granularity" => &["period", "where"],
            "period" => &["chart"],
            _ => &[],
        };
        let kept = |key: &str| key != name && !gone.contains(&key);
        let mut values: Vec<_> = self
            .values
            .iter()
            .filter(|(key, _)| kept(key))
            .cloned()
            .collect();
        if !value.is_empty() {
            values.push((name.to_owned(), value.to_owned()));
        }
        Self { values }
    }

    /// Every parameter.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let values = self.values.iter();
        values.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// What stays when the reader goes to another page: the pinned snapshot, the theme, the charts collected.
    pub fn lasting(&self) -> Self {
        let lasting = |key: &str| ["snapshot", "theme", "basket"].contains(&key);
        Self {
            values: self
                .values
                .iter()
                .filter(|(key, _)| lasting(key))
                .cloned()
                .collect(),
        }
    }

    /// What an embedded chart needs of it: what is drawn, not how the page around shows it.
    pub fn embedded(&self) -> Self {
        const OF_THE_PAGE: [&str; 7] =
            ["view", "sort", "from", "to", "snapshot", "theme", "basket"];
        let of_the_page = |key: &str| OF_THE_PAGE.contains(&key);
        let values = self.values.iter().filter(|(key, _)| !of_the_page(key));
        Self {
            values: values.cloned().collect(),
        }
    }

    /// `?a=b&c=d`, or nothing.
    pub fn query(&self, encode: impl Fn(&str) -> String) -> String {
        let pairs: Vec<String> = self
            .values
            .iter()
            .map(|(key, value)| format!("{key}={}", encode(value)))
            .collect();
        if pairs.is_empty() {
            String::new()
        } else {
            format!("?{}", pairs.join("&"))
        }
    }
}

/// What a view shows, every part of it known to the snapshot.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// The indicator.
    pub indicator: Indicator,
    /// What stands above and below the line of its values.
    pub parts: Parts,
    /// The breakdown.
    pub breakdown: PublishedBreakdown,
    /// One class of it; none for all.
    pub class: Option<String>,
    /// The level of place.
    pub level: Level,
    /// The length of period.
    pub granularity: Granularity,
    /// What the address says of time; none for the indicator's default.
    pub period: Option<String>,
    /// Places to compare; none for all.
    pub places: Vec<String>,
    /// The kind of chart that the address asks for.
    pub chart: Option<String>,
    /// Whether the table is published; none when the snapshot does not know it.
    pub status: Option<Status>,
    /// The widest level that the dataset has.
    pub widest: Level,
    /// What the address asked for and the snapshot does not hold.
    pub unknown: Option<String>,
}

impl Selection {
    /// The value that the drawn ones are held against; none where they are parts of what it is set for.
    pub fn target(&self) -> Option<f64> {
        let target = self.indicator.target.as_ref()?;
        (self.breakdown.id == TOTAL).then_some(target.value)
    }

    /// Whether time runs along the chart.
    pub fn over_time(&self) -> bool {
        match self.period.as_deref() {
            Some(period) => period == ALL_PERIODS,
            None => {
                // Of a single place one period is no comparison.
                let alone = self.level == self.widest && self.breakdown.id == TOTAL;
                alone || self.indicator.chart == DefaultChart::Line
            }
        }
    }
}

/// Resolves the address against a dataset; none when it has no indicator or no file.
pub fn select(dataset: &Dataset, state: &ViewState) -> Option<Selection> {
    let mut unknown = None;
    let mut note = |name: &str, found: bool| {
        if let (false, Some(value)) = (found, state.get(name)) {
            unknown.get_or_insert(value.chars().take(40).collect::<String>());
        }
    };
    let first = dataset
        .indicators
        .iter()
        .min_by_key(|indicator| indicator.order)?;
    let named = dataset
        .indicators
        .iter()
        .find(|i| state.get("indicator") == Some(&i.id));
    note("indicator", named.is_some());
    let indicator = named.unwrap_or(first).clone();

    let named = dataset
        .breakdowns
        .iter()
        .find(|b| state.get("breakdown") == Some(&b.id));
    note("breakdown", named.is_some());
    let total = || dataset.breakdowns.iter().find(|b| b.id == TOTAL);
    let breakdown = named.or_else(total).or(dataset.breakdowns.first())?.clone();

    let class = state
        .get("class")
        .filter(|code| breakdown.classes.iter().any(|c| c.code == **code));
    note("class", class.is_some());

    let tables = tables(dataset, &indicator.id, &breakdown.id);
    let level = state.get("level").and_then(Level::from_name);
    note("level", level.is_some());
    let granularity = state.get("granularity").and_then(Granularity::from_name);
    note("granularity", granularity.is_some());
    let period = state.get("period").map(str::to_owned);
    let over_time = match period.as_deref() {
        Some(period) => period == ALL_PERIODS,
        None => indicator.chart == DefaultChart::Line,
    };
    let levels = dataset.tables.iter().map(|table| table.level);
    let widest = levels.clone().min().unwrap_or(Level::City);
    let below = levels
        .filter(|level| *level > widest)
        .min()
        .unwrap_or(widest);
    let fits = |table: &&TableState| {
        level.is_none_or(|level| table.level == level)
            && granularity.is_none_or(|granularity| table.granularity == granularity)
    };
    // By itself a view opens on what is published: a bar chart on the places below the widest, by year; a line
    // on the widest place, by month.
    let liked = |table: &&TableState| {
        let level = if over_time { widest } else { below };
        let granularity = if over_time {
            Granularity::Month
        } else {
            Granularity::Year
        };
        let steps = |a: usize, b: usize| a.abs_diff(b);
        (
            table.status != Status::Published,
            steps(table.level as usize, level as usize),
            steps(table.granularity as usize, granularity as usize),
        )
    };
    let table = tables
        .iter()
        .filter(|table| fits(table))
        .min_by_key(|table| liked(table));
    let level = level.or(table.map(|table| table.level)).unwrap_or(widest);
    let granularity = granularity
        .or(table.map(|table| table.granularity))
        .unwrap_or(Granularity::Year);
    Some(Selection {
        class: class.map(str::to_owned),
        level,
        granularity,
        period,
        places: state.places(),
        chart: state.get("chart").map(str::to_owned),
        status: table.map(|table| table.status),
        parts: parts::parts(dataset, &indicator),
        indicator,
        breakdown,
        widest,
        unknown,
    })
}

/// The state at another level of place. A length of period that is not published there gives way to one that is.
pub fn at_level(dataset: &Dataset, state: &ViewState, level: &str) -> ViewState {
    let published = |state: &ViewState| {
        let selection = select(dataset, state);
        selection.is_some_and(|it| it.status == Some(Status::Published))
    };
    let state = state.with("level", level);
    let freed = state.with("granularity", "");
    if !published(&state) && published(&freed) {
        freed
    } else {
        state
    }
}

/// The tables of an indicator and a breakdown.
pub fn tables(dataset: &Dataset, indicator: &str, breakdown: &str) -> Vec<TableState> {
    let ours = |table: &&TableState| table.indicator == indicator && table.breakdown == breakdown;
    dataset.tables.iter().filter(ours).cloned().collect()
}

/// The published table nearest to a withheld one: coarser in place first, then in time, then without breakdown.
pub fn nearest_published(dataset: &Dataset, selection: &Selection) -> Option<TableState> {
    let coarser = |table: &&TableState| {
        table.indicator == selection.indicator.id
            && table.status == Status::Published
            && table.level <= selection.level
            && table.granularity <= selection.granularity
            && (table.breakdown == selection.breakdown.id || table.breakdown == TOTAL)
    };
    let distance = |table: &&TableState| {
        (
            table.breakdown != selection.breakdown.id,
            (selection.level as usize - table.level as usize)
                + (selection.granularity as usize - table.granularity as usize),
        )
    };
    dataset
        .tables
        .iter()
        .filter(coarser)
        .min_by_key(distance)
        .cloned()
}
