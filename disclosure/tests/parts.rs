//! Publications that have nothing to do with one another: protected together as each alone, whatever their order.

mod draw;

use disclosure::{
    Control, DisclosureError, FrequencyTables, Knowledge, Limits, MinimumFrequency, Need, Options,
    Problem, Requirement, Role, Suppression, suppress,
};
use draw::Draw;

const WIDTH: u64 = 3;

/// Regions in districts by categories.
fn table(seed: u64, regions: usize) -> Problem {
    let mut draw = Draw(seed);
    let mut records = Vec::new();
    for region in 0..regions {
        for category in 0..4 {
            let codes = [
                format!("d{}", region % 2),
                format!("r{region}"),
                format!("c{category}"),
            ];
            records.push((codes.to_vec(), draw.value(0, 12)));
        }
    }
    let mut data = FrequencyTables::new(records);
    data.table(&[&[0, 1], &[2]]);
    let rule = MinimumFrequency {
        threshold: 3,
        protect_zeros: false,
        width: WIDTH,
    };
    data.problem(rule).0
}

/// A count and a rate that tells it, which may be withheld with it.
fn rate(seed: u64) -> Problem {
    let mut draw = Draw(seed);
    let mut problem = Problem::default();
    let cases = draw.value(20, 60);
    let late = draw.value(2, 2);
    let whole = problem.variable(
        Limits::NONNEGATIVE,
        cases,
        Role::Cell {
            cost: cases.unsigned_abs(),
        },
    );
    let part = problem.variable(
        Limits::NONNEGATIVE,
        late,
        Role::Primary {
            cost: late.unsigned_abs(),
        },
    );
    problem.contain(part, whole);
    problem
        .system
        .rounded_ratio(part, whole, 100, (200 * late + cases) / (2 * cases));
    problem.facts.push(Some(1));
    problem.protect(part, WIDTH);
    problem
}

/// Problems beside one another, and where the variables of each start.
fn beside(problems: &[Problem]) -> (Problem, Vec<usize>) {
    let mut all = Problem::default();
    let mut starts = Vec::new();
    for one in problems {
        let from = all.system.len() as u32;
        starts.push(from as usize);
        let known = one.values.iter().zip(&one.roles);
        for (limits, (&value, &role)) in one.system.limits().iter().zip(known) {
            all.variable(*limits, value, role);
        }
        let mut rates = Vec::new();
        for relation in one.system.relations() {
            let terms: Vec<(u32, i64)> =
                relation.terms.iter().map(|&(v, c)| (from + v, c)).collect();
            match relation.fact {
                None => all.system.relate(&terms, relation.low, relation.high),
                Some(_) => rates.push(terms),
            }
        }
        // Each rate is two relations: `2·scale` cases, and twice the value less or more one.
        for pair in rates.chunks(2) {
            let [(whole, low), (part, twice)] = pair[0][..] else {
                panic!("a rate of two counts")
            };
            all.system
                .rounded_ratio(part, whole, twice / 2, (1 - low) / 2);
        }
        all.facts.extend(&one.facts);
        let first = all.attackers.len();
        all.attackers.extend(one.attackers.iter().map(|known| {
            let mut known = known.clone();
            known.limits.iter_mut().for_each(|limit| limit.0 += from);
            known
        }));
        all.requirements
            .extend(one.requirements.iter().map(|r| Requirement {
                variable: from + r.variable,
                need: r.need,
                attacker: r.attacker.map(|at| first + at),
            }));
    }
    (all, starts)
}

fn on(problem: &Problem, threads: usize) -> Result<Suppression, DisclosureError> {
    let control = Control {
        threads,
        ..Control::default()
    };
    suppress(problem, &Options::default(), &control)
}

#[test]
fn what_hangs_together_is_protected_by_itself() {
    for seed in 0..6 {
        let mut problems = vec![
            table(seed, 4),
            rate(seed),
            table(seed + 100, 7),
            table(seed + 200, 5),
        ];
        // Somebody who knows a record behind one protected count must not bound another.
        let of: Vec<u32> = problems[0]
            .requirements
            .iter()
            .map(|r| r.variable)
            .collect();
        if let [known, other, ..] = of[..] {
            let limits = Limits { low: 1, high: None };
            problems[0].attackers.push(Knowledge {
                limits: vec![(known, limits)],
            });
            problems[0].requirements.push(Requirement {
                variable: other,
                need: Need::width(WIDTH),
                attacker: Some(0),
            });
        }
        let (all, starts) = beside(&problems);
        let together = on(&all, 1).expect("all may be suppressed");
        let (mut count, mut cost, mut proven) = (0, 0, 0);
        let mut facts = Vec::new();
        for (problem, &start) in problems.iter().zip(&starts) {
            let alone = on(problem, 1).expect("all may be suppressed");
            let own = &together.pattern.cells[start..start + problem.system.len()];
            assert_eq!(alone.pattern.cells, own, "seed {seed}");
            facts.extend(alone.pattern.facts);
            count += alone.count;
            cost += alone.cost;
            proven += alone.bound.expect("small enough").count;
        }
        assert_eq!(together.pattern.facts, facts, "seed {seed}");
        assert_eq!((together.count, together.cost), (count, cost));
        assert_eq!(together.bound.expect("small enough").count, proven);
        assert_eq!(on(&all, 3), Ok(together), "on any number of threads");
    }
}

/// More parts than a search of the whole could afford: each is brought to its proven least.
#[test]
fn many_small_parts_are_solved_to_the_end() {
    let problems: Vec<Problem> = (0..40).map(|seed| table(seed, 4)).collect();
    let (all, _) = beside(&problems);
    let found = on(&all, 0).expect("all may be suppressed");
    assert!(all.system.len() > Options::default().exact_cells);
    let bound = found.bound.expect("each is small enough");
    assert_eq!((bound.count, bound.cost), (found.count, Some(found.cost)));
}

#[test]
fn errors_name_places_in_the_whole() {
    let mut hopeless = Problem::default();
    let primary = hopeless.variable(Limits::NONNEGATIVE, 2, Role::Primary { cost: 2 });
    let public = hopeless.variable(Limits::NONNEGATIVE, 30, Role::Given);
    let total = hopeless.variable(Limits::NONNEGATIVE, 32, Role::Given);
    hopeless.system.sum(total, &[primary, public]);
    hopeless.protect(primary, WIDTH);
    let (all, starts) = beside(&[table(1, 4), hopeless, table(2, 4)]);
    let from = starts[1] as u32;
    let expected = DisclosureError::CannotProtect {
        variable: from + primary,
        given: vec![from + public, from + total],
    };
    assert_eq!(on(&all, 2), Err(expected));
}
