//! What became of the values of a table, cell by cell.

use std::cmp::Ordering;

use contract::{Granularity, Period, Status};

use crate::rows::Row;

/// What became of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Published in both, with another value.
    Revised,
    /// Published now, and not before.
    Added,
    /// Published before, withheld now to protect people.
    Withheld,
    /// Published before; now there is no such value, or its whole table is not published.
    Gone,
}

impl Kind {
    /// Every kind, in the order in which they are told.
    pub const ALL: [Self; 4] = [Self::Revised, Self::Added, Self::Withheld, Self::Gone];
}

/// One value that was published before, and is not the same now.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// What became of it; never [`Kind::Added`].
    pub kind: Kind,
    /// The length of its period.
    pub granularity: Granularity,
    /// As it was.
    pub before: Row,
    /// As it is, where there still is a row.
    pub after: Option<Row>,
}

/// What became of the values of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values {
    /// How many values of each length of period became what, in the orders of `Granularity::ALL` and [`Kind::ALL`].
    pub counts: [[usize; Kind::ALL.len()]; Granularity::ALL.len()],
    /// Those that were published before, in the order of indicator, place and period.
    pub changed: Vec<Value>,
}

impl Values {
    /// The values of which became one thing.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &Value> {
        self.changed.iter().filter(move |it| it.kind == kind)
    }
}

type Key<'a> = (&'a str, &'a str, &'a str, &'a str);

fn key(row: &Row) -> Key<'_> {
    (&row.indicator, &row.place, &row.period, &row.class)
}

/// Compares the values of a table, cell by cell, at every level of place and length of period.
pub fn values(before: &[Row], after: &[Row]) -> Values {
    let sorted = |rows: &'_ [Row]| -> Vec<usize> {
        let mut order: Vec<usize> = (0..rows.len()).collect();
        charts::order::by(&mut order, |&a, &b| key(&rows[a]).cmp(&key(&rows[b])));
        order
    };
    let (old, new) = (sorted(before), sorted(after));
    let (mut old, mut new) = (old.into_iter().peekable(), new.into_iter().peekable());
    let mut found = Values::default();
    loop {
        let (was, now) = (
            old.peek().map(|&at| &before[at]),
            new.peek().map(|&at| &after[at]),
        );
        let order = match (was, now) {
            (None, None) => return found,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(was), Some(now)) => key(was).cmp(&key(now)),
        };
        if order.is_le() {
            old.next();
        }
        if order.is_ge() {
            new.next();
        }
        found.compare(was.filter(|_| order.is_le()), now.filter(|_| order.is_ge()));
    }
}

impl Values {
    fn compare(&mut self, was: Option<&Row>, now: Option<&Row>) {
        let value = |row: Option<&Row>| row.and_then(|row| row.value);
        let kind = match (value(was), value(now)) {
            (None, None) => return,
            (None, Some(_)) => Kind::Added,
            (Some(was), Some(now)) if was == now => return,
            (Some(_), Some(_)) => Kind::Revised,
            (Some(_), None) if now.is_some_and(|row| row.status == Status::Suppressed) => {
                Kind::Withheld
            }
            (Some(_), None) => Kind::Gone,
        };
        let Some(row) = was.or(now) else {
            return;
        };
        let period = row.period.parse::<Period>();
        let granularity = period.map_or(Granularity::Year, Period::granularity);
        self.counts[granularity as usize][kind as usize] += 1;
        if let (Some(was), true) = (was, kind != Kind::Added) {
            self.changed.push(Value {
                kind,
                granularity,
                before: was.clone(),
                after: now.cloned(),
            });
        }
    }
}
