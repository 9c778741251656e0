//! The auditor against enumeration and against an independent solver.

use disclosure::{Control, Limits, System, View, audit};
use microlp::{ComparisonOp, OptimizationDirection, Problem};
use proptest::prelude::*;

/// A random system with a known table, and a view of it.
fn systems() -> impl Strategy<Value = (System, View, Vec<i64>)> {
    (2usize..8, 1usize..6).prop_flat_map(|(n, m)| {
        let values = prop::collection::vec(0i64..7, n);
        let shown = prop::collection::vec(prop::bool::weighted(0.2), n);
        let limits = prop::collection::vec(prop::option::of(7i64..12), n);
        let term = prop_oneof![6 => Just(0i64), 4 => Just(1), 3 => Just(-1), 1 => -3i64..4];
        let rows = prop::collection::vec((prop::collection::vec(term, n), 0u8..4, 0i64..3), m);
        (values, shown, limits, rows).prop_map(|(values, shown, limits, rows)| {
            let mut system = System::new();
            for high in limits {
                system.variable(Limits { low: 0, high });
            }
            for (coefficients, kind, room) in rows {
                let terms: Vec<(u32, i64)> = coefficients
                    .iter()
                    .enumerate()
                    .map(|(v, &c)| (v as u32, c))
                    .collect();
                let sum: i64 = coefficients.iter().zip(&values).map(|(c, v)| c * v).sum();
                match kind {
                    0 => system.relate(&terms, Some(sum - room), None),
                    1 => system.relate(&terms, Some(sum - room), Some(sum + 1)),
                    _ => system.relate(&terms, Some(sum), Some(sum)),
                }
            }
            let view = View {
                values: values
                    .iter()
                    .zip(shown)
                    .map(|(&v, shown)| shown.then_some(v))
                    .collect(),
                facts: vec![],
            };
            (system, view, values)
        })
    })
}

/// Least and greatest value of a variable by another solver, in floating point.
fn other_solver(system: &System, view: &View, of: usize) -> (f64, f64) {
    let solve = |direction| {
        let mut problem = Problem::new(direction);
        let variables: Vec<_> = system
            .limits()
            .iter()
            .enumerate()
            .map(|(at, limits)| {
                let objective = f64::from(u8::from(at == of));
                let high = limits.high.map_or(f64::INFINITY, |h| h as f64);
                let bounds =
                    view.values[at].map_or((limits.low as f64, high), |v| (v as f64, v as f64));
                problem.add_var(objective, bounds)
            })
            .collect();
        for relation in system.relations() {
            let terms: Vec<_> = relation
                .terms
                .iter()
                .map(|&(v, c)| (variables[v as usize], c as f64))
                .collect();
            if let Some(low) = relation.low {
                problem.add_constraint(terms.as_slice(), ComparisonOp::Ge, low as f64);
            }
            if let Some(high) = relation.high {
                problem.add_constraint(terms.as_slice(), ComparisonOp::Le, high as f64);
            }
        }
        match problem.solve() {
            Ok(outcome) => outcome
                .into_solution()
                .expect("no limits are set")
                .objective(),
            Err(microlp::Error::Unbounded) => f64::INFINITY,
            Err(other) => panic!("{other}"),
        }
    };
    (
        solve(OptimizationDirection::Minimize),
        solve(OptimizationDirection::Maximize),
    )
}

/// Every integer table that agrees with a view, with unbounded variables cut at `cap`.
fn tables(system: &System, view: &View, cap: i64) -> Vec<Vec<i64>> {
    let mut found = Vec::new();
    let mut table = vec![0; system.len()];
    fn fill(
        at: usize,
        table: &mut Vec<i64>,
        system: &System,
        view: &View,
        cap: i64,
        found: &mut Vec<Vec<i64>>,
    ) {
        let Some(limits) = system.limits().get(at) else {
            if system.broken_by(table, &view.facts).is_none() {
                found.push(table.clone());
            }
            return;
        };
        let range = match view.values[at] {
            Some(v) => v..=v,
            None => limits.low..=limits.high.unwrap_or(cap),
        };
        for value in range {
            table[at] = value;
            fill(at + 1, table, system, view, cap, found);
        }
    }
    fill(0, &mut table, system, view, cap, &mut found);
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn intervals_agree_with_another_solver((system, view, values) in systems()) {
        let audit = audit(&system, &view, &Control::default()).expect("the true table is feasible");
        for (at, interval) in audit.intervals.iter().enumerate() {
            prop_assert!(interval.low <= values[at] && interval.high.is_none_or(|h| values[at] <= h), "the true value is feasible");
            let (low, high) = other_solver(&system, &view, at);
            // Presolve may tighten by integrality beyond what a linear program can see; never the other way.
            prop_assert!(interval.low as f64 >= low - 1e-6, "variable {at}: {interval:?}, other {low}..{high}");
            prop_assert!(interval.high.map_or(f64::INFINITY, |h| h as f64) <= high + 1e-6, "variable {at}: {interval:?}, other {low}..{high}");
        }
    }

    #[test]
    fn every_integer_table_lies_within_the_intervals((system, view, _) in systems().prop_filter("few", |(s, _, _)| s.len() <= 5)) {
        let audit = audit(&system, &view, &Control::default()).expect("the true table is feasible");
        for table in tables(&system, &view, 12) {
            for (value, interval) in table.iter().zip(&audit.intervals) {
                prop_assert!(interval.low <= *value && interval.high.is_none_or(|h| *value <= h));
            }
        }
    }
}

/// Sums only, as in tables: there the linear programs are exact, and so must the intervals be.
fn sums() -> impl Strategy<Value = (System, View, Vec<i64>)> {
    (2usize..6, 2usize..6).prop_flat_map(|(rows, columns)| {
        let values = prop::collection::vec(0i64..9, rows * columns);
        let shown = prop::collection::vec(prop::bool::weighted(0.5), rows * columns);
        (values, shown).prop_map(move |(values, shown)| {
            let mut system = System::new();
            let mut all = values.clone();
            for _ in &values {
                system.variable(Limits::NONNEGATIVE);
            }
            let lines = (0..rows)
                .map(|r| (0..columns).map(|c| r * columns + c).collect::<Vec<_>>())
                .chain((0..columns).map(|c| (0..rows).map(|r| r * columns + c).collect()));
            for line in lines {
                let total = system.variable(Limits::NONNEGATIVE);
                let parts: Vec<u32> = line.iter().map(|&v| v as u32).collect();
                system.sum(total, &parts);
                all.push(line.iter().map(|&v| values[v]).sum());
            }
            let mut shown = shown;
            shown.resize(all.len(), true);
            let view = View {
                values: all
                    .iter()
                    .zip(&shown)
                    .map(|(&v, &s)| s.then_some(v))
                    .collect(),
                facts: vec![],
            };
            (system, view, all)
        })
    })
}

proptest! {
    #[test]
    fn in_two_way_tables_the_intervals_are_exact((system, view, _) in sums()) {
        let audit = audit(&system, &view, &Control::default()).expect("the true table is feasible");
        for (at, interval) in audit.intervals.iter().enumerate() {
            let (low, high) = other_solver(&system, &view, at);
            prop_assert!((interval.low as f64 - low).abs() < 1e-6, "{at}: {interval:?} {low} {high}");
            prop_assert!((interval.high.map_or(f64::INFINITY, |h| h as f64) - high).abs() < 1e-6, "{at}: {interval:?} {low} {high}");
        }
    }
}

/// sdcTable's example of linked tables: counts by region, summed by county in one table and by group in the other. The
/// regions A, B, K, L and M are suppressed in both.
#[test]
fn tables_that_are_safe_alone_reveal_a_count_together() {
    // A, B, I, J, K, L, M, N.
    const COUNTS: [i64; 8] = [2, 2, 8, 8, 3, 3, 3, 7];
    const K: usize = 4;
    const SUPPRESSED: [usize; 5] = [0, 1, 4, 5, 6];
    let counties: &[&[u32]] = &[&[0, 1, 2, 3], &[4, 5, 6, 7]];
    let groups: &[&[u32]] = &[&[0, 1, 2, 3, 4, 7], &[5, 6]];
    let n_as_well = [&SUPPRESSED[..], &[7]].concat();
    type Case<'c> = (&'c str, &'c [&'c [&'c [u32]]], &'c [usize], (i64, i64));
    let cases: [Case<'_>; 5] = [
        ("by county", &[counties], &SUPPRESSED, (0, 9)),
        ("by group", &[groups], &SUPPRESSED, (0, 7)),
        ("both", &[counties, groups], &SUPPRESSED, (3, 3)),
        (
            "both, N suppressed",
            &[counties, groups],
            &n_as_well,
            (0, 10),
        ),
        ("by county, N suppressed", &[counties], &n_as_well, (0, 16)),
    ];
    for (name, tables, suppressed, expected) in cases {
        let mut system = System::new();
        let mut view = View::default();
        for (at, count) in COUNTS.into_iter().enumerate() {
            system.variable(Limits::NONNEGATIVE);
            view.values
                .push((!suppressed.contains(&at)).then_some(count));
        }
        for parts in tables.iter().copied().flatten() {
            let total = system.variable(Limits::NONNEGATIVE);
            system.sum(total, parts);
            let sum = parts.iter().map(|&p| COUNTS[p as usize]).sum();
            view.values.push(Some(sum));
        }
        let audit = audit(&system, &view, &Control::default()).expect("the counts fit");
        let interval = audit.intervals[K];
        assert_eq!(
            (interval.low, interval.high),
            (expected.0, Some(expected.1)),
            "{name}"
        );
    }
}
