//! Leaks planted for those who contribute: the insider who is alone in a cell, and coalitions.
#![allow(clippy::print_stdout)]

mod draw;

use disclosure::{
    Contributions, Control, Limits, Options, Pattern, Problem, Role, View, audit, suppress,
};
use draw::Draw;

const WIDTH: u64 = 3;

/// A table of counts with its margins, every record a contributor; the first line holds `ones` counts of one.
fn table(draw: &mut Draw, ones: usize) -> (Problem, Contributions, Vec<u32>) {
    const ROWS: usize = 4;
    const COLUMNS: usize = 6;
    let mut problem = Problem::default();
    let mut lines: Vec<Vec<u32>> = vec![Vec::new(); ROWS + COLUMNS];
    for r in 0..ROWS {
        for c in 0..COLUMNS {
            let count = if r == 0 && c < ones {
                1
            } else {
                draw.value(5, 20)
            };
            let cost = count.unsigned_abs();
            let role = if count < 4 {
                Role::Primary { cost }
            } else {
                Role::Cell { cost }
            };
            let cell = problem.variable(Limits::NONNEGATIVE, count, role);
            if count < 4 {
                problem.protect(cell, WIDTH);
            }
            lines[r].push(cell);
            lines[ROWS + c].push(cell);
        }
    }
    let totals: Vec<u32> = lines
        .iter()
        .map(|line| {
            let sum = line.iter().map(|&v| problem.values[v as usize]).sum();
            let total = problem.variable(Limits::NONNEGATIVE, sum, Role::Given);
            problem.system.sum(total, line);
            total
        })
        .collect();
    let mut contributions = Contributions::new();
    for r in 0..ROWS {
        for c in 0..COLUMNS {
            let cell = lines[r][c];
            for _ in 0..problem.values[cell as usize] {
                contributions.contributor(&[(cell, 1), (totals[r], 1), (totals[ROWS + c], 1)]);
            }
        }
    }
    let singles = lines[0][..ones].to_vec();
    (problem, contributions, singles)
}

/// The narrowest interval that those who know some cells are left with, of the other protected ones.
fn narrowest(problem: &Problem, pattern: &Pattern, known: &[u32]) -> u64 {
    let mut view: View = problem.view(pattern);
    for &cell in known {
        view.values[cell as usize] = Some(problem.values[cell as usize]);
    }
    let seen = audit(&problem.system, &view, &Control::default()).expect("true values fit");
    let targets = problem.requirements.iter().map(|r| r.variable);
    let others = targets.filter(|v| !known.contains(v));
    let widths = others.map(|v| seen.intervals[v as usize].width());
    widths.min().unwrap_or(u64::MAX)
}

/// With `ones` counts of one and coalitions of `size`, what outsiders cannot read is read by planted insiders until
/// they are named as attackers.
fn planted_leaks_are_closed(ones: usize, size: usize) {
    const EACH: usize = 30;
    let mut draw = Draw(11 + ones as u64);
    let (mut leaks, mut closed) = (0, 0);
    for _ in 0..EACH {
        let (mut problem, contributions, singles) = table(&mut draw, ones);
        let options = Options {
            exact_cells: 0,
            bound_cells: 0,
            ..Options::default()
        };
        // The leak is planted: each of the singles has a partner in a second row, and nothing else is suppressed.
        let mut pattern = problem.primary();
        for &cell in &singles {
            pattern.cells[cell as usize + 6] = true;
        }
        let worst = |problem: &Problem, pattern: &Pattern| {
            let mut sets: Vec<Vec<u32>> = vec![vec![]];
            for _ in 0..size {
                let longer = sets.iter().flat_map(|set| {
                    let rest = singles
                        .iter()
                        .filter(move |s| set.last().is_none_or(|l| l < *s));
                    rest.map(move |&s| [set.as_slice(), &[s]].concat())
                });
                sets = longer.collect();
            }
            sets.iter()
                .map(|known| narrowest(problem, pattern, known))
                .min()
        };
        leaks += usize::from(worst(&problem, &pattern) < Some(WIDTH));
        assert!(problem.protect_from_coalitions(&contributions, size) >= ones);
        let found = suppress(&problem, &options, &Control::default()).expect("safe");
        closed += usize::from(worst(&problem, &found.pattern) >= Some(WIDTH));
    }
    println!("{ones} ones, coalitions of {size}: {leaks} of {EACH} found, {closed} closed");
    assert_eq!((leaks, closed), (EACH, EACH));
}

#[test]
fn who_is_alone_in_a_cell_cannot_read_the_others() {
    planted_leaks_are_closed(3, 1);
}

#[test]
fn coalitions_cannot_read_the_others() {
    planted_leaks_are_closed(4, 2);
}

#[test]
fn knowledge_is_what_contributors_add_up_to() {
    let mut contributions = Contributions::new();
    let [a, b, c] =
        [(0, 3), (0, 4), (1, 5)].map(|own| contributions.contributor(&[own, (2, own.1)]));
    let limits = |members: &[u32]| {
        let knowledge = contributions.knowledge(&members.iter().copied().collect());
        let ends = knowledge
            .limits
            .into_iter()
            .map(|(v, l)| (v, l.low, l.high));
        ends.collect::<Vec<_>>()
    };
    assert_eq!(limits(&[a]), [(0, 3, None), (2, 3, None)]);
    assert_eq!(limits(&[a, b]), [(0, 7, Some(7)), (2, 7, None)]);
    assert_eq!(
        limits(&[a, c]),
        [(0, 3, None), (1, 5, Some(5)), (2, 8, None)]
    );
    assert_eq!(
        limits(&[a, b, c]),
        [(0, 7, Some(7)), (1, 5, Some(5)), (2, 12, Some(12))]
    );
}
