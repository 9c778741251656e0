//! Similar places: the same level and kind under the same city, nearest by households.

use contract::{Level, Place};

use crate::published::Snapshot;

/// How many similar places are named.
pub const MOST_PEERS: usize = 5;

/// Households of a place: its own, or those of the places within it.
pub fn households(snapshot: &Snapshot, code: &str) -> Option<i64> {
    let place = snapshot.places.get(code)?;
    let own = place.households.iter().max_by_key(|count| count.year);
    if let Some(own) = own {
        return Some(own.count);
    }
    let parts: Vec<i64> = snapshot
        .places
        .values()
        .filter(|part| part.parent.as_deref() == Some(code))
        .filter_map(|part| households(snapshot, &part.code))
        .collect();
    (!parts.is_empty()).then(|| parts.iter().sum())
}

/// The places of the same level, and of the same kind where it is known, that are nearest in households, the
/// nearest first.
pub fn similar<'a>(snapshot: &'a Snapshot, place: &Place) -> Vec<&'a Place> {
    let Some(own) = households(snapshot, &place.code).filter(|_| place.level > Level::City) else {
        return Vec::new();
    };
    let mut others: Vec<(i64, &Place)> = snapshot
        .places
        .values()
        .filter(|other| other.level == place.level && other.code != place.code)
        .filter(|other| other.kind == place.kind)
        .filter_map(|other| {
            let households = households(snapshot, &other.code)?;
            Some(((households - own).abs(), other))
        })
        .collect();
    charts::order::by(&mut others, |a, b| (a.0, &a.1.code).cmp(&(b.0, &b.1.code)));
    let nearest = others.into_iter().take(MOST_PEERS);
    nearest.map(|(_, place)| place).collect()
}
