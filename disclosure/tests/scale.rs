//! What is done by moves of few cells, where programs of the whole are too dear: held against those programs, where
//! both can be had, and against itself on more threads.

mod draw;

use disclosure::{
    Audit, Control, FrequencyTables, MinimumFrequency, Options, Problem, audit, suppress, witnesses,
};
use draw::Draw;

const WIDTH: u64 = 5;

/// Streets in districts, months in quarters, and categories, a quarter of the counts small.
fn city(seed: u64, streets: usize, months: usize, categories: usize) -> Problem {
    let mut draw = Draw(seed);
    let mut records = Vec::new();
    for street in 0..streets {
        for month in 0..months {
            for category in 0..categories {
                let count = match draw.below(4) {
                    0 => draw.value(0, 5),
                    _ => draw.value(12, 40),
                };
                let codes = [
                    format!("d{}", street % 3),
                    format!("s{street}"),
                    format!("q{}", month / 3),
                    format!("m{month}"),
                    format!("c{category}"),
                ];
                records.push((codes.to_vec(), count));
            }
        }
    }
    let mut data = FrequencyTables::new(records);
    match months {
        1 => data.table(&[&[0, 1], &[4]]),
        _ => data.table(&[&[0, 1], &[2, 3], &[4]]),
    };
    let rule = MinimumFrequency {
        threshold: 4,
        protect_zeros: false,
        width: WIDTH,
    };
    data.problem(rule).0
}

fn options(whole_cells: usize) -> Options {
    Options {
        uniform_width: WIDTH,
        exact_cells: 0,
        bound_cells: 0,
        tries: 0,
        whole_cells,
        twice_cells: usize::MAX,
    }
}

fn suppressed(cells: &[bool]) -> Vec<u32> {
    (0..cells.len() as u32)
        .filter(|&v| cells[v as usize])
        .collect()
}

fn on(threads: usize) -> Control<'static> {
    Control {
        threads,
        ..Control::default()
    }
}

/// Patterns by moves are safe, as programs of the whole see them, and withhold hardly more than when those are tried too.
#[test]
fn moves_withhold_hardly_more_than_programs_of_the_whole() {
    let (mut by_moves, mut by_both) = (0, 0);
    for seed in 0..6 {
        let problem = match seed % 2 {
            0 => city(seed, 20, 1, 6),
            _ => city(seed, 4, 6, 4),
        };
        let moves = suppress(&problem, &options(0), &Control::default()).expect("safe");
        let both = suppress(&problem, &options(usize::MAX), &Control::default());
        by_moves += moves.count;
        by_both += both.expect("safe").count;
        let view = problem.view(&moves.pattern);
        let seen = audit(&problem.system, &view, &Control::default()).expect("feasible");
        let cells = suppressed(&moves.pattern.cells);
        for &cell in &cells {
            assert!(seen.is_exact(cell), "a small component");
            assert!(seen.intervals[cell as usize].width() >= WIDTH, "{cell}");
        }
        let proof = witnesses(&problem.system, &view, &cells, WIDTH, &Control::default());
        let checked = proof
            .expect("witnesses")
            .check(&problem.system, &view, &cells, WIDTH);
        assert_eq!(checked, Ok(()));
        let again = suppress(&problem, &options(0), &on(3)).expect("safe");
        assert_eq!(
            suppress(&problem, &options(0), &on(1)).expect("safe"),
            again
        );
        assert_eq!(moves, again, "on any number of threads");
    }
    assert!(by_both <= by_moves, "the better pattern is kept");
    assert!(100 * by_moves <= 103 * by_both, "{by_moves}, {by_both}");
}

/// A component too large for exact intervals: what is said of them holds, the witnesses stand, and neither depends on
/// the number of threads.
#[test]
fn large_components_are_bounded_from_both_sides() {
    let problem = city(7, 1100, 1, 6);
    let result = suppress(&problem, &options(0), &Control::default()).expect("safe");
    let view = problem.view(&result.pattern);
    let seen = audit(&problem.system, &view, &on(1)).expect("feasible");
    assert!(seen.largest > Audit::LARGE, "{} variables", seen.largest);
    assert_eq!(audit(&problem.system, &view, &on(3)), Ok(seen.clone()));
    let cells = suppressed(&result.pattern.cells);
    for &cell in &cells {
        let (inner, outer) = (seen.inner[cell as usize], seen.intervals[cell as usize]);
        assert!(
            outer.low <= inner.low && inner.high <= outer.high.or(inner.high),
            "{cell}"
        );
        assert!(inner.width() > 0, "{cell}: {inner:?}");
        let value = problem.values[cell as usize];
        assert!(
            outer.low <= value && outer.high.is_none_or(|high| value <= high),
            "{cell}"
        );
    }
    let find = |threads| witnesses(&problem.system, &view, &cells, WIDTH, &on(threads));
    let proof = find(1).expect("witnesses");
    assert_eq!(proof.check(&problem.system, &view, &cells, WIDTH), Ok(()));
    assert_eq!(find(3), Ok(proof));
}

/// A component that is audited in several chunks, exactly.
#[test]
fn chunks_of_a_component_do_not_depend_on_threads() {
    let problem = city(8, 640, 1, 6);
    let result = suppress(&problem, &options(0), &Control::default()).expect("safe");
    let view = problem.view(&result.pattern);
    let seen = audit(&problem.system, &view, &on(1)).expect("feasible");
    assert!(
        (1000..=Audit::LARGE).contains(&seen.largest),
        "{}",
        seen.largest
    );
    assert_eq!(audit(&problem.system, &view, &on(3)), Ok(seen));
}
