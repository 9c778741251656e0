//! The search for less suppression, on generated systems: what it finds is safe and no worse than what it began with,
//! what it says is proven holds, and neither threads nor a stopped run change anything.

mod draw;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use disclosure::{
    Control, DisclosureError, FrequencyTables, Limits, MinimumFrequency, Options, Problem,
    Progress, Role, Stage, Suppression, audit, suppress,
};
use draw::Draw;

const WIDTH: u64 = 4;
const THRESHOLD: i64 = 3;

/// Populations of every place and class: all cases; the late ones; and two parts, which add up to all.
const POPULATIONS: usize = 4;

/// Streets in two districts by classes, with every margin, for populations that contain one another: what is left of
/// the whole beside a part is protected like a count. As a publication of several indicators is.
fn populations(seed: u64, streets: usize, classes: usize) -> Problem {
    let mut draw = Draw(seed);
    let base: Vec<Vec<[i64; POPULATIONS]>> = (0..streets)
        .map(|_| {
            let mut class = || {
                let mut few_or_many = || match draw.below(3) {
                    0 => draw.value(0, 5),
                    _ => draw.value(8, 30),
                };
                let (here, there) = (few_or_many(), few_or_many());
                let late = draw.below((here + there + 1) as u64) as i64;
                [here + there, late, here, there]
            };
            (0..classes).map(|_| class()).collect()
        })
        .collect();
    let all_streets: Vec<usize> = (0..streets).collect();
    let mut places: Vec<Vec<usize>> = all_streets.iter().map(|&s| vec![s]).collect();
    for district in 0..2 {
        let of = all_streets.iter().copied().filter(|s| s % 2 == district);
        places.push(of.collect());
    }
    places.push(all_streets);
    let mut problem = Problem::default();
    // By place and class, the last class being all of them: the variable of each population.
    let mut cells: Vec<Vec<[u32; POPULATIONS]>> = Vec::new();
    for place in &places {
        let mut row = Vec::new();
        for class in 0..=classes {
            let counted = |population: usize| -> i64 {
                let sum = |street: &usize| -> i64 {
                    let by_class = base[*street].iter().enumerate();
                    let wanted = by_class.filter(|(at, _)| class == classes || class == *at);
                    wanted.map(|(_, counts)| counts[population]).sum()
                };
                place.iter().map(sum).sum()
            };
            let own: [u32; POPULATIONS] = std::array::from_fn(|population| {
                let value = counted(population);
                let cost = value.unsigned_abs();
                let role = match value {
                    0 => Role::Given,
                    1..=THRESHOLD => Role::Primary { cost },
                    _ => Role::Cell { cost },
                };
                let variable = problem.variable(Limits::NONNEGATIVE, value, role);
                if (1..=THRESHOLD).contains(&value) {
                    problem.protect(variable, WIDTH);
                }
                variable
            });
            for part in &own[1..] {
                let remainder = problem.contain(*part, own[0]);
                if (1..=THRESHOLD).contains(&problem.values[remainder as usize]) {
                    problem.protect(remainder, WIDTH);
                }
            }
            problem.system.sum(own[0], &own[2..]);
            row.push(own);
        }
        cells.push(row);
    }
    for population in 0..POPULATIONS {
        let at = |place: usize, class: usize| cells[place][class][population];
        for (place, row) in cells.iter().enumerate() {
            let parts: Vec<u32> = (0..classes).map(|class| at(place, class)).collect();
            problem.system.sum(row[classes][population], &parts);
        }
        for class in 0..=classes {
            for (place, of) in places.iter().enumerate().skip(streets) {
                let is_city = place == streets + 2;
                let parts: Vec<u32> = match is_city {
                    true => vec![at(streets, class), at(streets + 1, class)],
                    false => of.iter().map(|&street| at(street, class)).collect(),
                };
                problem.system.sum(at(place, class), &parts);
            }
        }
    }
    problem
}

/// Regions in districts by categories: one population.
fn regions(seed: u64) -> Problem {
    let mut draw = Draw(seed);
    let mut records = Vec::new();
    for region in 0..8 {
        for category in 0..4 {
            let count = match draw.below(3) {
                0 => draw.value(0, 5),
                _ => draw.value(5, 40),
            };
            let codes = [
                format!("d{}", region % 3),
                format!("r{region}"),
                format!("c{category}"),
            ];
            records.push((codes.to_vec(), count));
        }
    }
    let mut data = FrequencyTables::new(records);
    data.table(&[&[0, 1], &[2]]);
    data.problem(MinimumFrequency {
        threshold: THRESHOLD,
        protect_zeros: false,
        width: WIDTH,
    })
    .0
}

fn options(uniform_width: u64, tries: usize) -> Options {
    Options {
        uniform_width,
        tries,
        exact_cells: 0,
        ..Options::default()
    }
}

fn run(problem: &Problem, options: &Options) -> Suppression {
    suppress(problem, options, &Control::default()).expect("all may be suppressed")
}

fn total(found: &Suppression) -> (u64, u64) {
    (found.count, found.cost)
}

/// Holds every requirement, and the width of every suppressed cell, against the intervals of the auditor.
fn assert_safe(problem: &Problem, found: &Suppression, uniform: u64) {
    let view = problem.view(&found.pattern);
    let seen = audit(&problem.system, &view, &Control::default()).expect("true values fit");
    for requirement in &problem.requirements {
        let interval = seen.intervals[requirement.variable as usize];
        assert!(interval.width() >= requirement.need.width, "{interval:?}");
    }
    let suppressed = found.pattern.cells.iter().enumerate();
    for (cell, _) in suppressed.filter(|(_, suppressed)| **suppressed) {
        let interval = seen.intervals[cell];
        assert!(interval.width() >= uniform, "{cell}: {interval:?}");
    }
}

#[test]
fn systems_of_many_populations_stay_safe_and_withhold_no_more() {
    let (mut before, mut after) = (0, 0);
    for seed in 0..4 {
        let outsiders = populations(seed, 6, 3);
        let problem = match seed % 2 {
            0 => outsiders,
            _ => outsiders.known_to_contributors(1),
        };
        let uniform = WIDTH * (seed % 3).min(1);
        let unsearched = Options {
            bound_cells: 0,
            ..options(uniform, 0)
        };
        let start = run(&problem, &unsearched);
        let relaxed = run(&problem, &options(uniform, 0));
        let exchanged = run(&problem, &options(uniform, 1000));
        for found in [&start, &relaxed, &exchanged] {
            assert_safe(&problem, found, uniform);
        }
        assert!(total(&relaxed) <= total(&start), "seed {seed}");
        assert!(total(&exchanged) <= total(&relaxed), "seed {seed}");
        let bound = exchanged.bound.expect("small enough");
        assert!(bound.count <= exchanged.count, "seed {seed}");
        println!(
            "width {uniform} of all: {:?}, {:?} from the relaxation, {:?} after the search, {} proven",
            total(&start),
            total(&relaxed),
            total(&exchanged),
            bound.count
        );
        before += start.count;
        after += exchanged.count;
    }
    assert!(after < before, "{before} cells, {after} after the search");
}

#[test]
fn what_is_said_to_be_proven_holds_for_the_least_pattern() {
    for seed in 0..8 {
        let problem = regions(seed);
        let exact = Options {
            exact_cells: usize::MAX,
            ..options(0, 2000)
        };
        let least = run(&problem, &exact);
        let proven = least.bound.expect("small enough");
        assert_eq!(
            (proven.count, proven.cost),
            (least.count, Some(least.cost)),
            "seed {seed}: solved to the end"
        );
        for tries in [0, 2000] {
            let found = run(&problem, &options(0, tries));
            let bound = found.bound.expect("small enough").count;
            assert!(bound <= least.count, "seed {seed}: {bound} proven");
            assert!(total(&found) >= total(&least), "seed {seed}");
        }
    }
}

#[test]
fn the_same_is_found_on_any_number_of_threads_and_after_a_stop() {
    let problem = populations(3, 5, 3);
    let options = options(WIDTH, 1000);
    let steps = AtomicUsize::new(0);
    let count = |progress: Progress| {
        if progress.stage == Stage::Search {
            steps.fetch_add(1, Ordering::Relaxed);
        }
    };
    let watched = Control {
        progress: Some(&count),
        threads: 1,
        ..Control::default()
    };
    let found = suppress(&problem, &options, &watched).expect("safe");
    let steps = steps.into_inner();
    assert!(steps > 10, "progress is told: {steps} times");
    for stop in [0, 1, steps / 2, steps - 1] {
        let (flag, left) = (AtomicBool::new(false), AtomicUsize::new(stop));
        let stopping = |progress: Progress| {
            let is_search = progress.stage == Stage::Search;
            if is_search
                && left
                    .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1))
                    .is_err()
            {
                flag.store(true, Ordering::Relaxed);
            }
        };
        let control = Control {
            cancel: Some(&flag),
            progress: Some(&stopping),
            threads: 2,
        };
        match suppress(&problem, &options, &control) {
            Err(error) => assert_eq!(error, DisclosureError::Cancelled),
            // Stopped at its last step: nothing was left to do.
            Ok(all) => assert_eq!(all, found),
        }
    }
    let on = |threads| Control {
        threads,
        ..Control::default()
    };
    assert_eq!(suppress(&problem, &options, &on(3)), Ok(found));
}
