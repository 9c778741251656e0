//! Numbers of very different size in one system: units in sums of quadrillions, one quantity in several units, rates of
//! many decimals. Pencil and paper tell every interval; the auditor must be right to the unit, or refuse.

mod draw;

use disclosure::{Audit, Control, DisclosureError, Limits, System, View, audit, witnesses};
use draw::Draw;

fn nonnegative(count: usize) -> System {
    let mut system = System::new();
    for _ in 0..count {
        system.variable(Limits::NONNEGATIVE);
    }
    system
}

fn seen(system: &System, view: &View) -> Result<Audit, DisclosureError> {
    audit(system, view, &Control::default())
}

/// Two-way tables of which only the margins are published: a cell lies between what its line and its column leave of it
/// (Fréchet), and these differ by a few units in quadrillions.
#[test]
fn units_are_told_apart_in_large_sums() {
    let mut draw = Draw(14);
    for round in 0..200 {
        let (rows, columns) = (2 + round % 3, 2 + round % 4);
        // All but a few units stand in the first cell.
        let large = 10i64.pow(9 + (round % 8) as u32) + draw.value(0, 1000);
        let mut values: Vec<i64> = (0..rows * columns).map(|_| draw.value(0, 3)).collect();
        values[0] = large;
        let mut system = nonnegative(rows * columns);
        let mut shown = vec![None; rows * columns];
        let at = |row: usize, column: usize| row * columns + column;
        let lines: Vec<Vec<usize>> = (0..rows)
            .map(|row| (0..columns).map(|column| at(row, column)).collect())
            .chain((0..columns).map(|column| (0..rows).map(|row| at(row, column)).collect()))
            .collect();
        let sums: Vec<i64> = lines
            .iter()
            .map(|line| line.iter().map(|&c| values[c]).sum())
            .collect();
        for (line, &sum) in lines.iter().zip(&sums) {
            let total = system.variable(Limits::NONNEGATIVE);
            let parts: Vec<u32> = line.iter().map(|&c| c as u32).collect();
            system.sum(total, &parts);
            shown.push(Some(sum));
        }
        let view = View {
            values: shown,
            facts: vec![],
        };
        let audit = seen(&system, &view).expect("whole numbers of 64 bits");
        let all: i64 = values.iter().sum();
        for row in 0..rows {
            for column in 0..columns {
                let (line, down) = (sums[row], sums[rows + column]);
                let expected = ((line + down - all).max(0), Some(line.min(down)));
                let interval = audit.intervals[at(row, column)];
                assert_eq!(
                    (interval.low, interval.high),
                    expected,
                    "{row}, {column}: {values:?}"
                );
            }
        }
    }
}

/// A sum that is known by the other lines of its table alone, told again in a unit so much smaller that the rate between
/// the two is lost among rounding errors; and in steps, each a thousandth of the one before.
#[test]
fn units_do_not_open_what_is_known() {
    // sdcTable's 4×4 example: the second cell is known, and lies in [0, 78] once the eighth is suppressed as well.
    const VALUES: [i64; 16] = [
        30, 47, 64, 89, 90, 124, 5, 31, 92, 100, 59, 85, 800, 991, 651, 685,
    ];
    const SUPPRESSED: [usize; 9] = [0, 1, 2, 4, 6, 9, 11, 13, 15];
    for (known, hidden) in [
        (true, &SUPPRESSED[..]),
        (false, &[&SUPPRESSED[..], &[7]].concat()),
    ] {
        for units in [
            vec![100_000],
            vec![100_000_000],
            vec![10_000_000_000_000],
            vec![1000; 4],
        ] {
            let mut system = nonnegative(16);
            let cells = VALUES.iter().enumerate();
            let mut values: Vec<Option<i64>> = cells
                .map(|(at, &v)| (!hidden.contains(&at)).then_some(v))
                .collect();
            for line in 0..4u32 {
                for parts in [
                    [0, 1, 2, 3].map(|c| 4 * line + c),
                    [0, 1, 2, 3].map(|r| 4 * r + line),
                ] {
                    let total = system.variable(Limits::NONNEGATIVE);
                    system.sum(total, &parts);
                    values.push(Some(parts.iter().map(|&p| VALUES[p as usize]).sum()));
                }
            }
            let (mut last, mut unit) = (1, 1);
            for times in units {
                let finer = system.variable(Limits::NONNEGATIVE);
                system.relate(&[(finer, 1), (last, -times)], Some(0), Some(0));
                values.push(None);
                (last, unit) = (finer, unit * times);
            }
            let view = View {
                values,
                facts: vec![],
            };
            let expected = if known {
                (47 * unit, 47 * unit)
            } else {
                (0, 78 * unit)
            };
            let interval = seen(&system, &view).expect("few and whole").intervals[last as usize];
            assert_eq!(
                (interval.low, interval.high),
                (expected.0, Some(expected.1)),
                "a unit of {unit}"
            );
            let proof = witnesses(&system, &view, &[last], 5, &Control::default());
            assert_eq!(proof.is_ok(), !known, "a unit of {unit}: {proof:?}");
        }
    }
}

/// A rate of many decimals tells both counts, though every real number of cases fits it: only integers see that.
#[test]
fn rates_of_many_decimals_open_nothing() {
    let mut draw = Draw(15);
    for round in 0..60 {
        let scale = 10i64.pow(4 + (round % 4) as u32);
        let most = draw.value(50, 150);
        let cases = draw.value(most - 20, 20);
        let late = draw.value(1, cases as u64 - 1);
        let value = (2 * scale * late + cases) / (2 * cases);
        let mut system = System::new();
        let number = system.variable(Limits {
            low: 1,
            high: Some(most),
        });
        let part = system.variable(Limits {
            low: 0,
            high: Some(most),
        });
        system.rounded_ratio(part, number, scale, value);
        system.contain(part, number);
        let fits = |late: i64, cases: i64| {
            let twice = 2 * scale * late;
            (2 * value - 1) * cases <= twice && twice <= (2 * value + 1) * cases
        };
        let tables = (1..=most).flat_map(|cases| (0..=cases).map(move |late| (late, cases)));
        let possible: Vec<(i64, i64)> = tables.filter(|&(late, cases)| fits(late, cases)).collect();
        let mut view = View::nothing(&system);
        view.facts.fill(true);
        let audit = seen(&system, &view).expect("few and whole");
        for (variable, of) in [(part, 0), (number, 1)] {
            let value = |table: &(i64, i64)| if of == 0 { table.0 } else { table.1 };
            let (least, greatest) = (
                possible.iter().map(value).min(),
                possible.iter().map(value).max(),
            );
            let (least, greatest) = (
                least.expect("the true table"),
                greatest.expect("the true table"),
            );
            let interval = audit.intervals[variable as usize];
            assert!(
                interval.low <= least && interval.high.is_some_and(|high| high >= greatest),
                "{interval:?}"
            );
            for width in [1, 3, 10] {
                let found = witnesses(&system, &view, &[variable], width, &Control::default());
                let can = greatest.abs_diff(least) >= width;
                assert!(
                    can || found.is_err(),
                    "{late} of {cases} in {scale}ths: {width}"
                );
            }
        }
    }
}

/// Sums that leave the range of exact arithmetic are refused, and never wrapped round.
#[test]
fn what_is_too_large_is_refused() {
    for c in [1i64 << 40, 1 << 50, 1 << 58, 1 << 62, i64::MAX] {
        for count in [2, 3, 6] {
            let mut system = nonnegative(count);
            for at in 1..count as u32 {
                system.relate(&[(at, 1), (at - 1, -c)], Some(0), Some(0));
                system.relate(&[(at, c), (at - 1, -c + 1)], Some(0), None);
            }
            // Either all are zero, or the first is one and the others are its powers.
            let mut view = View::nothing(&system);
            view.values[0] = Some(0);
            match seen(&system, &view) {
                Ok(audit) => {
                    let mut all = audit.intervals.iter();
                    assert!(all.all(|i| (i.low, i.high) == (0, Some(0))));
                }
                Err(DisclosureError::TooLarge { .. }) => {}
                Err(other) => panic!("{c}, {count}: {other}"),
            }
            view.values[0] = Some(1);
            match seen(&system, &view) {
                Ok(audit) => assert_eq!(
                    (audit.intervals[1].low, audit.intervals[1].high),
                    (c, Some(c))
                ),
                Err(DisclosureError::TooLarge { .. }) => {}
                Err(other) => panic!("{c}, {count}: {other}"),
            }
        }
    }
}
