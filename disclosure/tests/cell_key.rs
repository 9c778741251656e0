//! Noise by cell keys: the same for the same records, bounded, unbiased.

use disclosure::cell_key::{CellKeyError, Key, PerturbationTable, Row};
use proptest::prelude::*;

fn ratio(tenths: u32) -> Key {
    Key::ratio(tenths, 10).expect("below one")
}

/// A table whose last row, for counts from two on, has noise of up to two.
fn table() -> PerturbationTable {
    let rows = [
        Row::unbiased([(0, 100)]),
        Row::unbiased([(-1, 20), (0, 60), (1, 20)]),
        Row::unbiased([(-2, 5), (-1, 20), (0, 50), (1, 20), (2, 5)]),
    ];
    PerturbationTable::new(100, rows).expect("sound")
}

#[test]
fn the_handbooks_example() {
    let records = [9, 3, 6].map(ratio);
    let cell: Key = records.into_iter().sum();
    assert!((cell.fraction() - 0.8).abs() < 1e-9, "{}", cell.fraction());
    let row = Row::unbiased([(-1, 25), (0, 50), (1, 25)]);
    let table = PerturbationTable::new(100, [Row::unbiased([(0, 100)]), row]).expect("sound");
    assert_eq!(table.perturb(3, cell), 4);
    assert_eq!(table.count(records), 4);
}

#[test]
fn keys_are_fractions_below_one() {
    assert_eq!(Key::ratio(0, 7), Some(Key::from_bits(0)));
    assert_eq!(Key::ratio(1, 2), Some(Key::from_bits(1 << 31)));
    assert_eq!(
        Key::ratio(u32::MAX - 1, u32::MAX),
        Some(Key::from_bits(u32::MAX))
    );
    for (numerator, denominator) in [(1, 1), (5, 4), (0, 0), (3, 0)] {
        assert_eq!(Key::ratio(numerator, denominator), None);
    }
    assert_eq!(ratio(5) + ratio(5), Key::default(), "one is dropped");
}

#[test]
fn each_part_of_the_keys_gets_its_noise() {
    let table = table();
    // Ends of the parts of the row for counts from two on: 5, 25, 75, 95 of 100.
    for (hundredths, published) in [
        (0, 8),
        (4, 8),
        (6, 9),
        (24, 9),
        (26, 10),
        (74, 10),
        (76, 11),
        (94, 11),
        (96, 12),
        (99, 12),
    ] {
        let key = Key::ratio(hundredths, 100).expect("below one");
        assert_eq!(table.perturb(10, key), published, "at {hundredths}");
    }
    assert_eq!((table.parts(), table.row(1000)), (100, table.row(2)));
    assert_eq!(table.row(1).noise(), [(-1, 20), (0, 60), (1, 20)]);
    assert_eq!(
        table.perturb(0, Key::from_bits(u32::MAX)),
        0,
        "zero stays zero"
    );
    assert_eq!(table.perturb(u64::MAX, Key::from_bits(u32::MAX)), u64::MAX);
}

#[test]
fn tables_that_are_none_are_refused() {
    let zero = || Row::unbiased([(0, 10)]);
    let refused = |rows: Vec<Row>| PerturbationTable::new(10, rows).expect_err("refused");
    assert_eq!(refused(vec![]), CellKeyError::NoRow);
    let short = Row::unbiased([(-1, 1), (0, 7), (1, 1)]);
    assert_eq!(
        refused(vec![zero(), short]),
        CellKeyError::Sum {
            count: 1,
            expected: 10
        }
    );
    let endless = Row::unbiased([(0, u64::MAX), (0, 11)]);
    assert_eq!(
        refused(vec![endless]),
        CellKeyError::Sum {
            count: 0,
            expected: 10
        }
    );
    let below = Row::unbiased([(-2, 1), (0, 7), (1, 2)]);
    assert_eq!(
        refused(vec![zero(), below]),
        CellKeyError::Negative { count: 1 }
    );
    let (count, found, declared) = (1, 1, 0);
    let upwards = Row::unbiased([(-1, 1), (0, 7), (1, 2)]);
    assert_eq!(
        refused(vec![zero(), upwards.clone()]),
        CellKeyError::Bias {
            count,
            found,
            declared
        }
    );
    // Zeros that become ones are a bias, and must be declared.
    let ones = Row::unbiased([(0, 9), (1, 1)]);
    let (count, found, declared) = (0, 1, 0);
    assert_eq!(
        refused(vec![ones]),
        CellKeyError::Bias {
            count,
            found,
            declared
        }
    );
    let declared = Row::biased([(0, 9), (1, 1)], 1);
    let table = PerturbationTable::new(10, [declared]).expect("declared");
    assert_eq!((table.bias(0), table.perturb(0, ratio(9))), (0.1, 1));
    for parts in [0, (1 << 32) + 1] {
        assert_eq!(
            PerturbationTable::new(parts, [zero()]),
            Err(CellKeyError::Parts(parts))
        );
    }
    // What can be had by no key may stand in a row.
    assert!(PerturbationTable::new(10, [Row::unbiased([(-1, 0), (0, 10)])]).is_ok());
}

#[test]
fn the_greatest_entropy_has_the_variance_asked_for() {
    for (most, variance) in [
        (1, 0.5),
        (2, 1.0),
        (5, 1.0),
        (5, 2.0),
        (5, 4.5),
        (9, 3.0),
        (15, 6.0),
        (30, 25.0),
        (60, 40.0),
        (5, 0.001),
        (5, 4.99),
    ] {
        let table = PerturbationTable::maximum_entropy(most, variance).expect("reached");
        for count in 1..u64::from(2 * most) {
            assert_eq!(
                table.bias(count),
                0.0,
                "up to {most}, variance {variance}, count {count}"
            );
            let found = table.variance(count);
            assert!(
                (found - variance).abs() < 1e-6 * variance.max(1.0),
                "up to {most}, count {count}: {found}, not {variance}"
            );
        }
        assert_eq!(
            (table.bias(0), table.variance(0)),
            (0.0, 0.0),
            "zero stays zero"
        );
    }
    // Where noise is as free below as above, it is as often below as above: by keys from both ends.
    let table = PerturbationTable::maximum_entropy(5, 2.0).expect("reached");
    for hundredths in 1..50 {
        let [low, high] =
            [hundredths, 100 - hundredths].map(|h| Key::ratio(h, 100).expect("below one"));
        assert_eq!(
            20 - table.perturb(20, low),
            table.perturb(20, high) - 20,
            "at {hundredths}"
        );
    }
    for (most, variance) in [
        (0, 0.5),
        (2, 0.0),
        (2, -1.0),
        (2, 2.0),
        (5, 5.5),
        (3, f64::NAN),
        (3, f64::INFINITY),
    ] {
        let refused = PerturbationTable::maximum_entropy(most, variance);
        assert!(
            matches!(refused, Err(CellKeyError::Variance { .. })),
            "up to {most}, variance {variance}"
        );
    }
}

/// No other distribution with the same mean and variance has more entropy: mass moved so that neither changes, by a
/// pattern of four neighbours (1, −3, 3, −1), lowers it in both directions.
#[test]
fn the_greatest_entropy_is_the_greatest() {
    let table = PerturbationTable::maximum_entropy(6, 2.5).expect("reached");
    for count in 2..=10u64 {
        let shares = shares(&table, count, 1 << 16);
        let entropy = |shares: &[f64]| -> f64 {
            shares
                .iter()
                .filter(|s| **s > 0.0)
                .map(|s| -s * s.ln())
                .sum()
        };
        let most = entropy(&shares);
        for at in 0..shares.len() - 3 {
            for step in [0.002, -0.002] {
                let mut other = shares.clone();
                for (share, times) in other[at..].iter_mut().zip([1.0, -3.0, 3.0, -1.0]) {
                    *share += step * times;
                }
                if other.iter().all(|share| *share >= 0.0) {
                    assert!(entropy(&other) < most, "count {count}, at {at}");
                }
            }
        }
    }
}

/// How often a count changes by how much, from the least on, over evenly spaced keys.
fn shares(table: &PerturbationTable, count: u64, keys: u32) -> Vec<f64> {
    let spaced = (0..keys).map(|n| Key::ratio(n, keys).expect("below one"));
    let published: Vec<u64> = spaced.map(|key| table.perturb(count, key)).collect();
    let [least, most] =
        [published.iter().min(), published.iter().max()].map(|end| *end.expect("a key"));
    let share = |value| published.iter().filter(|p| **p == value).count() as f64 / f64::from(keys);
    (least..=most).map(share).collect()
}

#[test]
fn noise_over_all_keys_is_unbiased_and_has_its_variance() {
    const KEYS: u32 = 1 << 16;
    for table in [
        table(),
        PerturbationTable::maximum_entropy(5, 2.0).expect("reached"),
    ] {
        for count in 0..12u64 {
            let noise = (0..KEYS).map(|n| {
                let key = Key::ratio(n, KEYS).expect("below one");
                table.perturb(count, key) as f64 - count as f64
            });
            let noise: Vec<f64> = noise.collect();
            let mean = noise.iter().sum::<f64>() / f64::from(KEYS);
            let square = noise.iter().map(|n| n * n).sum::<f64>() / f64::from(KEYS);
            assert!(mean.abs() < 1e-3, "count {count}: {mean}");
            assert!(
                (square - table.variance(count)).abs() < 1e-2,
                "count {count}: {square}"
            );
        }
    }
}

fn keys(most: usize) -> impl Strategy<Value = Vec<Key>> {
    prop::collection::vec(any::<u32>().prop_map(Key::from_bits), 0..most)
}

/// Rows for counts from zero on, each unbiased: mass at −a and b in the proportion of b to a.
fn tables() -> impl Strategy<Value = (PerturbationTable, u64)> {
    let pair = |count: u64| (1..=count.max(1), 1u64..6, 0u64..8);
    let rows: Vec<_> = (1..8u64).map(pair).collect();
    rows.prop_map(|rows| {
        const PARTS: u64 = 1000;
        let row = |&(a, b, times): &(u64, u64, u64)| {
            let (less, more) = (b * times, a * times);
            let noise = [
                (-(a as i64), less),
                (0, PARTS - less - more),
                (b as i64, more),
            ];
            Row::unbiased(noise)
        };
        let all = std::iter::once(Row::unbiased([(0, PARTS)])).chain(rows.iter().map(row));
        let most = rows.iter().map(|r| r.0.max(r.1)).max().unwrap_or(0);
        (PerturbationTable::new(PARTS, all).expect("unbiased"), most)
    })
}

proptest! {
    /// A cell of two tables, asked for with its records in any order, comes out the same; and so does one that is put
    /// together from parts.
    #[test]
    fn the_same_records_have_the_same_noise((table, _) in tables(), records in keys(40), rotate in any::<prop::sample::Index>(), cut in any::<prop::sample::Index>()) {
        let published = table.count(records.clone());
        let mut other = records.clone();
        other.reverse();
        other.rotate_left(rotate.index(records.len() + 1).min(records.len()));
        prop_assert_eq!(table.count(other), published);
        let (one, two) = records.split_at(cut.index(records.len() + 1));
        let sum = one.iter().copied().sum::<Key>() + two.iter().copied().sum::<Key>();
        prop_assert_eq!(table.perturb(records.len() as u64, sum), published);
    }

    #[test]
    fn noise_is_bounded_and_zero_stays((table, most) in tables(), count in 0u64..1000, key in any::<u32>()) {
        let published = table.perturb(count, Key::from_bits(key));
        prop_assert!(published.abs_diff(count) <= most);
        prop_assert!(count > 0 || published == 0);
    }

    /// The noise of cells that differ by one record says nothing of one another: over all keys of that record, it is
    /// what the table says.
    #[test]
    fn one_record_more_is_other_noise((table, _) in tables(), records in keys(8)) {
        const KEYS: u32 = 4096;
        let count = records.len() as u64 + 1;
        let noise: i64 = (0..KEYS).map(|n| {
            let new = Key::ratio(n, KEYS).expect("below one");
            table.count(records.iter().copied().chain([new])) as i64 - count as i64
        }).sum();
        prop_assert!((noise as f64 / f64::from(KEYS)).abs() < 0.02);
    }
}

proptest! {
    // Each makes a table.
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn every_variance_that_can_be_had_is(most in 1u8..20, share in 0.02f64..0.9, count in 0u64..60, key in any::<u32>()) {
        let variance = share * f64::from(most);
        let table = PerturbationTable::maximum_entropy(most, variance).expect("reached");
        prop_assert!(count == 0 || (table.variance(count) - variance).abs() < 1e-5);
        prop_assert!(table.perturb(count, Key::from_bits(key)).abs_diff(count) <= u64::from(most));
    }
}
