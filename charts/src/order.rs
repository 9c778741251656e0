//! Sorting that weighs little.
//!
//! The standard library's sort is written out for every type and comparison, five kilobytes each time. Here one
//! sort puts positions in order, and the items follow.

use std::cmp::Ordering;

/// Sorts items; equal ones keep their order.
pub fn by<T>(items: &mut [T], mut compare: impl FnMut(&T, &T) -> Ordering) {
    let mut from: Vec<usize> = (0..items.len()).collect();
    arrange(&mut from, &mut |a, b| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    // Each circle of items that take one another's place is gone round once.
    for start in 0..from.len() {
        let mut here = start;
        while from[here] != start {
            let next = std::mem::replace(&mut from[here], here);
            items.swap(here, next);
            here = next;
        }
        from[here] = here;
    }
}

/// Sorts items by a key; equal ones keep their order.
pub fn by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    by(items, |a, b| key(a).cmp(&key(b)));
}

/// Sorts items by themselves.
pub fn plain<T: Ord>(items: &mut [T]) {
    by(items, T::cmp);
}

#[inline(never)]
fn arrange(from: &mut [usize], compare: &mut dyn FnMut(usize, usize) -> Ordering) {
    from.sort_by(|a, b| compare(*a, *b));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_sorted_as_the_standard_library_sorts_them() {
        // Numbers that repeat, from a small generator.
        let mut seed = 7_u32;
        for length in 0..200 {
            let mut items: Vec<(u32, usize)> = (0..length)
                .map(|at| {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (seed >> 27, at)
                })
                .collect();
            let mut expected = items.clone();
            expected.sort_by_key(|(number, _)| *number);
            by_key(&mut items, |(number, _)| *number);
            assert_eq!(items, expected);
            expected.sort_unstable_by(|a, b| b.cmp(a));
            by(&mut items, |a, b| b.cmp(a));
            assert_eq!(items, expected);
            expected.sort();
            plain(&mut items);
            assert_eq!(items, expected);
        }
    }
}
