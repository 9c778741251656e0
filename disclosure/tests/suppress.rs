//! Complementary suppression end to end: pattern, audit, witnesses, and the published results of other programs.

use std::collections::BTreeMap;

use disclosure::{
    Control, FrequencyTables, MinimumFrequency, NotWitnessed, Options, Problem, Role, View, audit,
    suppress, witnesses,
};
use microlp::{ComparisonOp, OptimizationDirection};
use proptest::prelude::*;

fn rule(width: u64) -> MinimumFrequency {
    MinimumFrequency {
        threshold: 3,
        protect_zeros: false,
        width,
    }
}

/// Records from lines of codes and a count, below a line of names.
fn fixture(text: &str) -> Vec<(Vec<String>, i64)> {
    let rows = text.lines().skip(1).map(|line| {
        let mut fields: Vec<String> = line.split(',').map(str::to_owned).collect();
        let count = fields.pop().and_then(|n| n.parse().ok()).expect("a count");
        (fields, count)
    });
    rows.collect()
}

fn suppressed(problem: &Problem, view: &View) -> Vec<u32> {
    let all = 0..problem.system.len() as u32;
    all.filter(|&v| {
        let published = matches!(
            problem.roles[v as usize],
            Role::Cell { .. } | Role::Primary { .. }
        );
        published && view.values[v as usize].is_none()
    })
    .collect()
}

/// Width of a variable's interval by another solver, in floating point, from the published view alone.
fn width_by_another_solver(problem: &Problem, view: &View, of: usize) -> f64 {
    let end = |direction| {
        let mut program = microlp::Problem::new(direction);
        let limits = problem.system.limits().iter().enumerate();
        let variables: Vec<_> = limits
            .map(|(at, limits)| {
                let high = limits.high.map_or(f64::INFINITY, |h| h as f64);
                let open = (limits.low as f64, high);
                let bounds = view.values[at].map_or(open, |v| (v as f64, v as f64));
                program.add_var(f64::from(u8::from(at == of)), bounds)
            })
            .collect();
        for relation in problem.system.relations() {
            let terms = relation.terms.iter();
            let terms: Vec<_> = terms
                .map(|&(v, c)| (variables[v as usize], c as f64))
                .collect();
            if let Some(low) = relation.low {
                program.add_constraint(terms.as_slice(), ComparisonOp::Ge, low as f64);
            }
            if let Some(high) = relation.high {
                program.add_constraint(terms.as_slice(), ComparisonOp::Le, high as f64);
            }
        }
        match program.solve() {
            Ok(outcome) => outcome.into_solution().expect("no limits").objective(),
            Err(microlp::Error::Unbounded) => f64::INFINITY,
            Err(other) => panic!("{other}"),
        }
    };
    end(OptimizationDirection::Maximize) - end(OptimizationDirection::Minimize)
}

/// SSBtools' z1 and z2 (Statistics Norway): cells, primary cells, least number suppressed and least value, as
/// the literature and τ-Argus have them.
#[test]
fn published_optima_are_reached() {
    let (z1, z2) = (
        include_str!("fixtures/z1.csv"),
        include_str!("fixtures/z2.csv"),
    );
    let plain: &[&[&[usize]]] = &[&[&[0], &[1]]];
    let both: &[&[&[usize]]] = &[&[&[0, 1], &[3]], &[&[2], &[3]]];
    let regions: &[&[&[usize]]] = &[&[&[0, 1], &[3]]];
    let cases = [
        ("z1", z1, plain, 3, (45, 3, 6, 35)),
        ("z1", z1, plain, 5, (45, 3, 6, 35)),
        ("z2", z2, both, 3, (100, 9, 24, 311)),
        ("z2", z2, both, 5, (100, 9, 24, 323)),
        ("z2 without kostragr", z2, regions, 3, (90, 8, 20, 139)),
        ("z2 without kostragr", z2, regions, 5, (90, 8, 20, 151)),
    ];
    for (name, text, tables, width, expected) in cases {
        let mut data = FrequencyTables::new(fixture(text));
        for table in tables {
            data.table(table);
        }
        let (problem, cells) = data.problem(rule(width));
        let primary = cells.values().filter(|&&v| {
            let role = problem.roles[v as usize];
            matches!(role, Role::Primary { .. })
        });
        let primary = primary.count();
        let result = suppress(&problem, &Options::default(), &Control::default()).expect(name);
        let found = (cells.len(), primary, result.count, result.cost);
        assert_eq!(found, expected, "{name}, width {width}");
        let bound = result.bound.expect("small enough");
        assert_eq!(
            (bound.count, bound.cost),
            (expected.2, Some(expected.3)),
            "{name}: proven"
        );
        let view = problem.view(&result.pattern);
        let audit = audit(&problem.system, &view, &Control::default()).expect(name);
        for requirement in &problem.requirements {
            let at = requirement.variable as usize;
            assert!(
                audit.intervals[at].width() >= width,
                "{name}, variable {at}"
            );
            assert!(
                width_by_another_solver(&problem, &view, at) > width as f64 - 1e-6,
                "{name}, variable {at}"
            );
        }
    }
}

/// Records over streets that belong to districts, and categories.
fn records() -> impl Strategy<Value = Vec<(Vec<String>, i64)>> {
    (2usize..6, 2usize..5).prop_flat_map(|(streets, categories)| {
        prop::collection::vec(0i64..12, streets * categories).prop_map(move |counts| {
            let record = |(at, count): (usize, i64)| {
                let (street, category) = (at / categories, at % categories);
                let codes = [
                    format!("d{}", street % 2),
                    format!("s{street}"),
                    format!("c{category}"),
                ];
                (codes.to_vec(), count)
            };
            counts.into_iter().enumerate().map(record).collect()
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, ..ProptestConfig::default() })]

    #[test]
    fn what_is_suppressed_stays_open(records in records(), exact in any::<bool>()) {
        const WIDTH: u64 = 3;
        let mut data = FrequencyTables::new(records);
        data.table(&[&[0, 1], &[2]]);
        let (problem, _) = data.problem(rule(WIDTH));
        let options = Options { uniform_width: WIDTH, exact_cells: if exact { 400 } else { 0 }, ..Options::default() };
        let result = suppress(&problem, &options, &Control::default()).expect("all may be suppressed");
        let view = problem.view(&result.pattern);
        for requirement in &problem.requirements {
            let width = width_by_another_solver(&problem, &view, requirement.variable as usize);
            prop_assert!(width > WIDTH as f64 - 1e-6, "{width}");
        }
        let cells = suppressed(&problem, &view);
        let proof = witnesses(&problem.system, &view, &cells, WIDTH, &Control::default()).expect("witnesses");
        prop_assert_eq!(proof.check(&problem.system, &view, &cells, WIDTH), Ok(()));
        // The same on one thread and on three.
        let again = |threads| suppress(&problem, &options, &Control { threads, ..Control::default() });
        prop_assert_eq!(again(1).expect("safe"), again(3).expect("safe"));
    }

    #[test]
    fn spoiled_witnesses_prove_nothing(records in records(), spoil in any::<prop::sample::Index>(), by in prop_oneof![-3i64..0, 1i64..4]) {
        let mut data = FrequencyTables::new(records);
        data.table(&[&[0, 1], &[2]]);
        let (problem, _) = data.problem(rule(3));
        let options = Options { uniform_width: 3, exact_cells: 0, bound_cells: 0, ..Options::default() };
        let result = suppress(&problem, &options, &Control::default()).expect("safe");
        let view = problem.view(&result.pattern);
        let cells = suppressed(&problem, &view);
        prop_assume!(!cells.is_empty());
        let proof = witnesses(&problem.system, &view, &cells, 3, &Control::default()).expect("witnesses");
        let mut changed = proof.clone();
        let at = spoil.index(proof.tables.len() * problem.system.len());
        changed.tables[at / problem.system.len()][at % problem.system.len()] += by;
        // Every variable of a table of counts stands in a sum, so that no single number can be changed.
        prop_assert!(changed.check(&problem.system, &view, &cells, 3).is_err());
        let mut fewer = proof.clone();
        fewer.pairs.pop();
        prop_assert!(
            matches!(fewer.check(&problem.system, &view, &cells, 3), Err(NotWitnessed::TooClose { .. })),
            "a cell without witnesses"
        );
    }
}

/// Two linked tables, each safe by itself, that together reveal a count: joint suppression must not.
#[test]
fn linked_tables_are_protected_together() {
    let codes = |a: &str, b: &str, c: &str| vec![a.to_owned(), b.to_owned(), c.to_owned()];
    let mut records = BTreeMap::new();
    for (at, count) in [9, 2, 7, 8, 6, 9, 11, 5, 8, 7, 2, 9]
        .into_iter()
        .enumerate()
    {
        let key = codes(
            &format!("a{}", at % 3),
            &format!("b{}", at % 2),
            &format!("c{}", at % 4),
        );
        *records.entry(key).or_insert(0) += count;
    }
    let mut data = FrequencyTables::new(records);
    data.table(&[&[0], &[2]]).table(&[&[1], &[2]]);
    let (problem, _) = data.problem(rule(3));
    let result = suppress(&problem, &Options::default(), &Control::default()).expect("safe");
    let view = problem.view(&result.pattern);
    let audit = audit(&problem.system, &view, &Control::default()).expect("feasible");
    for requirement in &problem.requirements {
        assert!(audit.intervals[requirement.variable as usize].width() >= 3);
    }
}

/// The 4×4 table of sdcTable's simple-heuristic test: every line with a suppression has two or more, and yet one
/// suppressed cell is exactly known. One more suppression opens it.
#[test]
fn two_suppressions_in_every_line_are_not_enough() {
    const VALUES: [i64; 16] = [
        30, 47, 64, 89, 90, 124, 5, 31, 92, 100, 59, 85, 800, 991, 651, 685,
    ];
    const SUPPRESSED: [usize; 9] = [0, 1, 2, 4, 6, 9, 11, 13, 15];
    let interval_of_47 = |suppressed: &[usize]| {
        let mut system = disclosure::System::new();
        let mut view = View::default();
        for (at, value) in VALUES.into_iter().enumerate() {
            system.variable(disclosure::Limits::NONNEGATIVE);
            view.values
                .push((!suppressed.contains(&at)).then_some(value));
        }
        for line in 0..4u32 {
            for cells in [
                [0, 1, 2, 3].map(|c| 4 * line + c),
                [0, 1, 2, 3].map(|r| 4 * r + line),
            ] {
                let total = system.variable(disclosure::Limits::NONNEGATIVE);
                system.sum(total, &cells);
                let sum = cells.iter().map(|&c| VALUES[c as usize]).sum();
                view.values.push(Some(sum));
            }
        }
        let audit = audit(&system, &view, &Control::default()).expect("feasible");
        (audit.intervals[1].low, audit.intervals[1].high)
    };
    assert_eq!(interval_of_47(&SUPPRESSED), (47, Some(47)));
    // (x, d), and (x, b): the figures of scipy's HiGHS are the same.
    for (one_more, high) in [(7, 78), (5, 141)] {
        let more = [&SUPPRESSED[..], &[one_more]].concat();
        assert_eq!(interval_of_47(&more), (0, Some(high)));
    }
}
