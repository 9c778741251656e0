//! Snapshots whose counts only grow: what protecting each by itself leaves to be read from all of them, and what is left
//! when each is protected with those before it as given.

#![allow(clippy::print_stdout)] // the figures of the comparison

mod draw;

use disclosure::{Control, Limits, Options, Problem, Role, audit, suppress};
use draw::Draw;

const STREETS: usize = 8;
/// In each street.
const COMMUNITIES: usize = 5;
/// The total first.
const CLASSES: usize = 1 + 6;
const PLACES: usize = 1 + STREETS * (1 + COMMUNITIES);
/// Counts below it are primary, and every suppressed count must be open by it.
const THRESHOLD: u64 = 3;
/// Changes from one month to the next that are to be protected, when they are below it.
const FEW: i64 = 5;

/// By place and class, a month's counts since the beginning. The city stands first, then each street before its
/// communities.
type Month = Vec<i64>;

fn at(place: usize, class: usize) -> usize {
    place * CLASSES + class
}

fn street(street: usize) -> usize {
    1 + street * (1 + COMMUNITIES)
}

/// A total and its parts.
type Sum = (usize, Vec<usize>);

fn sums() -> Vec<Sum> {
    let streets = |class: usize| (0..STREETS).map(move |s| at(street(s), class)).collect();
    let mut sums: Vec<Sum> = (0..CLASSES)
        .map(|class| (at(0, class), streets(class)))
        .collect();
    for s in (0..STREETS).map(street) {
        sums.extend((0..CLASSES).map(|class| {
            let communities = (1..=COMMUNITIES).map(|c| at(s + c, class));
            (at(s, class), communities.collect())
        }));
    }
    let classes = |place: usize| (1..CLASSES).map(|class| at(place, class)).collect();
    sums.extend((0..PLACES).map(|place| (at(place, 0), classes(place))));
    sums
}

/// A new case now and then, in every community and category, over some months.
fn months(count: usize) -> Vec<Month> {
    let mut draw = Draw(2020);
    let mut now = vec![0; PLACES * CLASSES];
    let mut months = Vec::new();
    for _ in 0..count {
        for s in (0..STREETS).map(street) {
            for community in s + 1..=s + COMMUNITIES {
                for class in 1..CLASSES {
                    let new = match draw.below(5) {
                        0 | 1 => 0,
                        2 => draw.value(1, 2),
                        3 => draw.value(2, 4),
                        _ => draw.value(5, 9),
                    };
                    for place in [0, s, community] {
                        now[at(place, class)] += new;
                        now[at(place, 0)] += new;
                    }
                }
            }
        }
        months.push(now.clone());
    }
    months
}

/// The system of some months, each count with its role and each count beside that of the month before; positions by
/// month and count.
fn together(months: &[Month], role: impl Fn(usize, usize) -> Role) -> (Problem, Vec<Vec<u32>>) {
    let mut problem = Problem::default();
    let mut layers: Vec<Vec<u32>> = Vec::new();
    for (month, counts) in months.iter().enumerate() {
        let layer: Vec<u32> = (0..counts.len())
            .map(|cell| problem.variable(Limits::NONNEGATIVE, counts[cell], role(month, cell)))
            .collect();
        for (total, parts) in sums() {
            let parts: Vec<u32> = parts.iter().map(|&cell| layer[cell]).collect();
            problem.system.sum(layer[total], &parts);
        }
        if let Some(before) = layers.last() {
            for (cell, (&earlier, &later)) in before.iter().zip(&layer).enumerate() {
                let change = counts[cell] - months[month - 1][cell];
                if (1..FEW).contains(&change) {
                    let change = problem.variable(Limits::NONNEGATIVE, change, Role::Hidden);
                    problem.system.sum(later, &[earlier, change]);
                    problem.protect(change, THRESHOLD);
                } else {
                    problem
                        .system
                        .relate(&[(later, 1), (earlier, -1)], Some(0), None);
                }
            }
        }
        layers.push(layer);
    }
    (problem, layers)
}

fn is_small(count: i64) -> bool {
    (1..THRESHOLD.cast_signed()).contains(&count)
}

/// What each month suppresses, protected by itself or with all before it.
fn protected(months: &[Month], remembers: bool) -> Vec<Vec<bool>> {
    let options = Options {
        uniform_width: THRESHOLD,
        exact_cells: 0,
        bound_cells: 0,
        tries: 0,
        ..Options::default()
    };
    let mut hidden: Vec<Vec<bool>> = Vec::new();
    for now in 0..months.len() {
        let first = if remembers { 0 } else { now };
        let role = |month: usize, cell: usize| match hidden.get(first + month) {
            Some(before) if before[cell] => Role::Hidden,
            Some(_) => Role::Given,
            None => {
                let count = months[now][cell];
                let cost = count.unsigned_abs();
                match is_small(count) {
                    true => Role::Primary { cost },
                    false => Role::Cell { cost },
                }
            }
        };
        let (mut problem, layers) = together(&months[first..=now], role);
        for (month, layer) in layers.iter().enumerate() {
            for (cell, &variable) in layer.iter().enumerate() {
                let before = hidden.get(first + month).map(|hidden| hidden[cell]);
                if before.unwrap_or_else(|| is_small(months[now][cell])) {
                    problem.protect(variable, THRESHOLD);
                }
            }
        }
        let found = suppress(&problem, &options, &Control::default()).expect("it can be protected");
        let newest = layers.last().expect("a month");
        hidden.push(
            newest
                .iter()
                .map(|&v| found.pattern.cells[v as usize])
                .collect(),
        );
    }
    hidden
}

#[derive(Debug, Default)]
struct Read {
    suppressed: usize,
    /// Of those, open by less than the threshold.
    narrow: usize,
    /// Changes of few.
    changes: usize,
    /// Of those, between two published counts.
    readable: usize,
}

/// What is read from all months together.
fn attack(months: &[Month], hidden: &[Vec<bool>]) -> Read {
    let role = |month: usize, cell: usize| match hidden[month][cell] {
        true => Role::Hidden,
        false => Role::Given,
    };
    let (problem, layers) = together(months, role);
    let pattern = disclosure::Pattern {
        cells: vec![false; problem.values.len()],
        facts: Vec::new(),
    };
    let seen = audit(
        &problem.system,
        &problem.view(&pattern),
        &Control::default(),
    );
    let seen = seen.expect("true counts contradict nothing");
    let mut read = Read::default();
    for (month, layer) in layers.iter().enumerate() {
        for (cell, &variable) in layer.iter().enumerate() {
            if hidden[month][cell] {
                read.suppressed += 1;
                let width = seen.inner[variable as usize].width();
                read.narrow += usize::from(width < THRESHOLD);
            }
            let Some(before) = month.checked_sub(1) else {
                continue;
            };
            if (1..FEW).contains(&(months[month][cell] - months[before][cell])) {
                read.changes += 1;
                read.readable += usize::from(!hidden[month][cell] && !hidden[before][cell]);
            }
        }
    }
    read
}

#[test]
fn months_protected_with_those_before_them_tell_nothing_together() {
    let months = months(6);
    let alone = attack(&months, &protected(&months, false));
    let together = attack(&months, &protected(&months, true));
    println!("each by itself: {alone:?}\nwith those before: {together:?}");
    assert!(
        alone.narrow * 20 > alone.suppressed,
        "the attack finds what is there: {alone:?}"
    );
    assert!(alone.readable * 5 > alone.changes, "{alone:?}");
    assert_eq!((together.narrow, together.readable), (0, 0), "{together:?}");
    assert!(
        together.suppressed < PLACES * CLASSES * 5,
        "something is published: {together:?}"
    );
}
