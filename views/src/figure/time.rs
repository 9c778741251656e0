//! Courses over time: which places or classes, and what the places have at last.

use charts::{ChartKind, format};

use super::{Figure, Line, MOST_PANELS, Material};
use crate::{rows::Row, state::MOST_PLACES};

/// Whose course: the place, the class where there is one, the label.
type Course<'a> = (&'a str, Option<&'a str>, String);

impl Material<'_> {
    pub(super) fn over_time(&self) -> Figure {
        let keys: Vec<Course> = if self.by_class {
            let place = self.chosen.first().or(self.places.first());
            let place = place.copied().unwrap_or_default();
            let classes = self.selection.breakdown.classes.iter();
            classes
                .map(|class| (place, Some(class.code.as_str()), self.class(&class.code)))
                .collect()
        } else {
            let places = if self.chosen.is_empty() {
                &self.places
            } else {
                &self.chosen
            };
            places
                .iter()
                .map(|&place| (place, None, self.name(place)))
                .collect()
        };
        // Of places that were merged or founded on the way, those of the last period count, and are drawn unless
        // others were chosen.
        let last = self.rows.iter().map(|row| row.period.as_str()).max();
        let there: Vec<&str> = self
            .rows
            .iter()
            .filter(|row| Some(row.period.as_str()) == last)
            .map(|row| row.place.as_str())
            .collect();
        let mut keys = keys;
        if self.chosen.is_empty() && !self.by_class {
            keys.retain(|(place, ..)| there.contains(place));
        }
        let total = keys.len();
        let kinds = match total {
            0 | 1 => vec![ChartKind::Line],
            2..=MOST_PLACES => vec![ChartKind::Line, ChartKind::Multiples],
            _ => vec![ChartKind::Multiples, ChartKind::Line],
        };
        let kind = self.kind(&kinds);
        let most = if kind == ChartKind::Line {
            MOST_PLACES
        } else {
            MOST_PANELS
        };
        let last = match self.by_class || total < 2 {
            true => Vec::new(),
            false => self.last(&keys),
        };
        let series: Vec<Line> = keys
            .into_iter()
            .take(most)
            .map(|(place, class, label)| {
                let ours = self.rows.iter().filter(|row| {
                    row.place == place && class.is_none_or(|class| row.class == class)
                });
                let label_of = |row: &Row| format::period(&row.period, self.language);
                let mut points: Vec<(String, Row)> =
                    ours.map(|row| (label_of(row), (*row).clone())).collect();
                charts::order::by(&mut points, |a, b| a.1.period.cmp(&b.1.period));
                Line { label, points }
            })
            .collect();
        Figure {
            shown: (series.len(), total),
            kind,
            kinds,
            period: None,
            series,
            last,
        }
    }

    /// What the places have in the last period of which any is published.
    fn last(&self, courses: &[Course]) -> Vec<(String, Row)> {
        let of = |row: &&&Row| courses.iter().find(|(place, ..)| row.place == *place);
        let ours = || self.rows.iter().filter_map(|row| Some((of(&row)?, *row)));
        let published = ours().filter(|(_, row)| row.value.is_some());
        let last = published.map(|(_, row)| row.period.as_str()).max();
        let now = ours().filter(|(_, row)| Some(row.period.as_str()) == last);
        now.map(|((.., label), row)| (label.clone(), row.clone()))
            .collect()
    }
}
