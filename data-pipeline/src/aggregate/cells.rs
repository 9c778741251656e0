//! Groups to cells on the whole frame of places × periods × classes.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use contract::{
    Granularity, Level, Period, Revision, Status,
    dataset::Breakdown,
    indicator::{Formula, Indicator},
    snapshot::TOTAL,
};

use super::{
    AggregateError, Cell, Engine, Table, ValueOf,
    groups::{Group, Measured},
    sql::words,
};
use crate::places::last_day;

/// What a cell's value is made of.
#[derive(Default)]
struct Parts {
    value: Option<f64>,
    numerator: Option<i64>,
    denominator: Option<i64>,
    interval: Option<(f64, f64)>,
}

/// One place × period × class of the frame.
struct Slot<'g> {
    place: String,
    period: Period,
    class: String,
    group: &'g Group,
}

impl Engine<'_> {
    /// The tables of one breakdown, level and length of period.
    pub(super) async fn tables(
        &self,
        breakdown: Option<&Breakdown>,
        recoding: &BTreeMap<String, String>,
        level: Level,
        granularity: Granularity,
    ) -> Result<Vec<Table>, AggregateError> {
        let wanted = self.wanted(breakdown, level, granularity);
        let of_places = |at: &usize| self.dataset.indicators[*at].formula.is_of_places();
        let (of_places, of_rows): (Vec<usize>, Vec<usize>) =
            wanted.into_iter().partition(of_places);
        let groups = self
            .groups(breakdown, recoding, level, granularity, &of_rows)
            .await?;
        let communities = self
            .community_groups(level, granularity, &of_places)
            .await?;
        let classes = match breakdown {
            None => vec![TOTAL.to_owned()],
            Some(breakdown) => {
                let classes = self.classes(breakdown, recoding).into_iter();
                classes.map(|c| c.code).collect()
            }
        };
        let empty = Group {
            counts: vec![0; self.dataset.contract.populations.len()],
            measured: vec![Measured::default(); of_rows.len()],
        };
        let periods = self.periods(granularity);
        let mut frame = Vec::new();
        for place in self.register.codes(level) {
            for &period in &periods {
                let of = |class: &String| {
                    groups.get(&(place.clone(), period.to_string(), class.clone()))
                };
                // A place that no longer exists keeps the cells of its late rows.
                if !self.register.exists_in(&place, period)
                    && !classes.iter().any(|class| of(class).is_some())
                {
                    continue;
                }
                frame.extend(classes.iter().map(|class| Slot {
                    place: place.clone(),
                    period,
                    class: class.clone(),
                    group: of(class).unwrap_or(&empty),
                }));
            }
        }
        let counts = |slots: &[Slot<'_>]| {
            let counts = slots.iter().map(|slot| slot.group.counts.clone());
            Arc::new(counts.collect::<Vec<_>>())
        };
        let table = |at: usize, cells, counts| {
            let indicator = &self.dataset.indicators[at];
            let uses = indicator.shows().into_iter();
            Table {
                indicator: indicator.id.clone(),
                breakdown: breakdown.map_or_else(|| TOTAL.to_owned(), |b| b.id.clone()),
                level,
                granularity,
                uses: uses.map(str::to_owned).collect(),
                value: match indicator.formula {
                    Formula::Count { .. } => ValueOf::Count,
                    Formula::Rate { .. } => ValueOf::Rate,
                    _ => ValueOf::Measure,
                },
                order_statistic: matches!(indicator.formula, Formula::Percentile { .. }),
                not_collected: self.not_collected(indicator, breakdown),
                cells,
                counts,
            }
        };
        let shared = counts(&frame);
        let mut tables = Vec::new();
        for (index, &at) in of_rows.iter().enumerate() {
            let indicator = &self.dataset.indicators[at];
            let cells = frame.iter().map(|slot| {
                let measured = slot.group.measured[index];
                let parts = self.parts(indicator, &slot.group.counts, measured, slot);
                self.cell(indicator, slot, parts)
            });
            tables.push(table(at, cells.collect(), shared.clone()));
        }
        for (index, &at) in of_places.iter().enumerate() {
            let indicator = &self.dataset.indicators[at];
            let cells = frame.iter().map(|slot| {
                let key = (slot.place.clone(), slot.period.to_string());
                let measured = communities.get(&key).map(|measured| measured[index]);
                self.cell(
                    indicator,
                    slot,
                    of_communities(&indicator.formula, measured),
                )
            });
            tables.push(table(at, cells.collect(), shared.clone()));
        }
        Ok(tables)
    }

    fn parts(
        &self,
        indicator: &Indicator,
        counts: &[u64],
        measured: Measured,
        slot: &Slot<'_>,
    ) -> Parts {
        let populations = &self.dataset.contract.populations;
        let count = |id: &str| {
            let at = populations.iter().position(|p| p.id == id);
            at.map_or(0, |at| counts[at])
        };
        let signed = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let per = |divisor: i64, scale: f64, base: Option<i64>| {
            let sum = measured.above.unwrap_or(0);
            let base = base.filter(|&base| base > 0);
            Parts {
                value: base.map(|base| scale * sum as f64 / divisor as f64 / base as f64),
                numerator: Some(sum),
                denominator: base,
                interval: None,
            }
        };
        match &indicator.formula {
            Formula::Count { of } => Parts {
                value: Some(count(of) as f64),
                numerator: Some(signed(count(of))),
                ..Parts::default()
            },
            Formula::Rate {
                numerator,
                denominator,
            } => {
                let (n, d) = (count(numerator), count(denominator));
                Parts {
                    value: (d > 0).then(|| 100.0 * n as f64 / d as f64),
                    numerator: Some(signed(n)),
                    denominator: Some(signed(d)),
                    interval: wilson(n, d),
                }
            }
            Formula::Sum { divisor, .. } => {
                let sum = measured.above.unwrap_or(0);
                Parts {
                    value: Some(sum as f64 / *divisor as f64),
                    numerator: Some(sum),
                    ..Parts::default()
                }
            }
            Formula::Ratio { scale, .. } => {
                let (n, d) = (measured.above.unwrap_or(0), measured.below.unwrap_or(0));
                Parts {
                    value: (d != 0).then(|| *scale as f64 * n as f64 / d as f64),
                    numerator: Some(n),
                    denominator: Some(d),
                    interval: None,
                }
            }
            Formula::Percentile { of, divisor, .. } => {
                let base = count(of);
                let value = measured.value.filter(|_| base > 0);
                Parts {
                    value: value.map(|v| v / *divisor as f64),
                    denominator: Some(signed(base)),
                    ..Parts::default()
                }
            }
            Formula::PerHouseholds { divisor, .. } => {
                let year = slot.period.year();
                per(*divisor, 100.0, self.register.households(&slot.place, year))
            }
            Formula::PerCommunity { divisor, .. } => {
                let day = last_day(slot.period);
                let level = Level::ALL.iter().copied().find(|&level| {
                    self.register.ancestor(&slot.place, level) == Some(slot.place.as_str())
                });
                let inside = self
                    .register
                    .valid_on(Level::Community, &day)
                    .filter(|place| {
                        level.and_then(|level| self.register.ancestor(&place.code, level))
                            == Some(slot.place.as_str())
                    });
                per(*divisor, 1.0, i64::try_from(inside.count()).ok())
            }
            _ => Parts::default(),
        }
    }

    fn cell(&self, indicator: &Indicator, slot: &Slot<'_>, mut parts: Parts) -> Cell {
        let least = indicator.min_base.map(i64::try_from).and_then(Result::ok);
        if let (Some(least), Some(base)) = (least, parts.denominator)
            && base < least
        {
            (parts.value, parts.interval) = (None, None);
        }
        let settled = slot
            .period
            .last_month()
            .shifted(self.dataset.contract.settles_after_months.cast_signed());
        Cell {
            place: slot.place.clone(),
            period: slot.period,
            class: slot.class.clone(),
            value: parts.value,
            numerator: parts.numerator,
            denominator: parts.denominator,
            interval: parts.interval,
            feasible: None,
            status: match parts.value {
                Some(_) => Status::Published,
                None => Status::NotApplicable,
            },
            revision: if settled <= self.reference.last_month() {
                Revision::Final
            } else {
                Revision::Provisional
            },
        }
    }

    /// Whether the indicator, or its breakdown, needs a column that no file has.
    fn not_collected(&self, indicator: &Indicator, breakdown: Option<&Breakdown>) -> bool {
        let contract = &self.dataset.contract;
        let mut uses = indicator.formula.populations();
        uses.extend(breakdown.and_then(|b| b.of.as_deref()));
        let mut open: Vec<&str> = indicator.formula.expressions();
        open.extend(breakdown.map(|b| b.column.as_str()));
        let populations = contract.populations.iter();
        let used = populations.filter(|p| uses.contains(&p.id.as_str()));
        open.extend(used.map(|p| p.condition.as_str()));
        let mut needed: BTreeSet<&str> = BTreeSet::new();
        while let Some(sql) = open.pop() {
            for word in words(sql).filter(|word| !word.is_empty()) {
                if needed.insert(word) {
                    let derived = contract.derived.iter().filter(|d| d.name == word);
                    open.extend(derived.map(|d| d.sql.as_str()));
                    let measures = contract.place_measures.iter().filter(|m| m.name == word);
                    open.extend(measures.map(|m| m.sql.as_str()));
                }
            }
        }
        let mut absent = self.absent.iter();
        absent.any(|column| needed.contains(column.as_str()))
    }
}

/// The parts of an indicator of communities; none were measured where the register holds none.
fn of_communities(formula: &Formula, measured: Option<Measured>) -> Parts {
    let Some(Measured {
        above,
        below,
        value,
    }) = measured
    else {
        return Parts::default();
    };
    let base = below.filter(|&base| base > 0);
    let value = match formula {
        Formula::CountOfPlaces { .. } => above.map(|n| n as f64),
        Formula::ShareOfPlaces { .. } => above.zip(base).map(|(n, d)| 100.0 * n as f64 / d as f64),
        Formula::SumOfPlaces { divisor, .. } => {
            let sum = above.filter(|_| base.is_some());
            sum.map(|sum| sum as f64 / *divisor as f64)
        }
        Formula::PercentileOfPlaces { divisor, .. } => {
            let value = value.filter(|_| base.is_some());
            value.map(|value| value / *divisor as f64)
        }
        _ => None,
    };
    Parts {
        value,
        numerator: above,
        denominator: below,
        // Every community is counted: nothing is estimated, so no interval is meant.
        interval: None,
    }
}

/// The Wilson score interval of a proportion, in percent, at 95%.
fn wilson(numerator: u64, denominator: u64) -> Option<(f64, f64)> {
    const Z: f64 = 1.959_963_984_540_054;
    let (x, n) = (numerator as f64, denominator as f64);
    (denominator > 0).then(|| {
        let centre = (x + Z * Z / 2.0) / (n + Z * Z);
        let half = Z / (n + Z * Z) * (x * (n - x) / n + Z * Z / 4.0).sqrt();
        (
            100.0 * (centre - half).max(0.0),
            100.0 * (centre + half).min(1.0),
        )
    })
}
