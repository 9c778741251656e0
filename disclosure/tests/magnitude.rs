//! Primary rules for magnitudes, by hand.

use disclosure::{
    Control, Holdings, Limits, MagnitudeRule, Options, Problem, Requirement, Role, audit, suppress,
};

fn holdings(amounts: &[i64]) -> Holdings {
    let mut holdings = Holdings::new();
    for (at, &amount) in amounts.iter().enumerate() {
        holdings.add(&format!("payee {at}"), amount);
    }
    holdings
}

fn dominance(n: usize, k: u32) -> MagnitudeRule {
    MagnitudeRule::Dominance { n, k }
}

fn percent(p: u32, coalition: usize) -> MagnitudeRule {
    MagnitudeRule::Percent { p, coalition }
}

fn prior(p: u32, q: u32) -> MagnitudeRule {
    MagnitudeRule::PriorPosterior { p, q }
}

#[test]
fn sensitive_cells_need_what_the_rules_say() {
    // Rule, contributors, how far above the interval must reach.
    let cases: [(MagnitudeRule, &[i64], Option<u64>); 17] = [
        // The handbook's figure: 330 of 300, 20 and 10 is safe from (1, 85) only up to 352.94, here in hundredths.
        (dominance(1, 85), &[30000, 2000, 1000], Some(35295 - 33000)),
        (dominance(1, 85), &[85, 10, 5], None),
        (dominance(1, 85), &[86, 10, 4], Some(2)),
        (dominance(2, 85), &[50, 40, 10], Some(6)),
        (dominance(3, 85), &[20, 20, 20, 20, 20], None),
        (dominance(1, 85), &[7], Some(2)),
        (dominance(1, 85), &[], None),
        (dominance(1, 0), &[5, 5], Some(u64::MAX)),
        // 10% of 100 is 10: the rest beside the two greatest is 9, 10, 0.
        (percent(10, 1), &[100, 50, 5, 4], Some(1)),
        (percent(10, 1), &[100, 50, 6, 4], None),
        (percent(10, 1), &[100, 50], Some(10)),
        // Three who join know 50 + 6 + 5: 4 are left.
        (percent(10, 3), &[100, 50, 6, 4, 5], Some(6)),
        (percent(10, 3), &[100, 50, 6, 5, 4, 6, 4], None),
        // (10, 50): the rest must be a fifth of the greatest.
        (prior(10, 50), &[100, 50, 19], Some(1)),
        (prior(10, 50), &[100, 50, 20], None),
        // (p, 100) is p%.
        (prior(10, 100), &[100, 50, 5, 4], Some(1)),
        // A reversal counts by its size.
        (percent(10, 1), &[100, 50, -10], None),
    ];
    for (rule, amounts, above) in cases {
        let need = rule.need(&holdings(amounts));
        assert_eq!(need.map(|n| n.above), above, "{rule:?} of {amounts:?}");
        let total: i64 = amounts.iter().map(|a| a.abs()).sum();
        if let Some(need) = need {
            assert_eq!(need.below, need.above.min(total.unsigned_abs()), "{rule:?}");
        }
    }
}

#[test]
fn who_acts_as_one_counts_as_one() {
    let apart = holdings(&[40, 30, 30]);
    assert_eq!(dominance(1, 60).need(&apart), None);
    let mut together = Holdings::new();
    together
        .belongs("payee 1", "holding")
        .belongs("payee 2", "payee 1");
    for (at, amount) in [40, 30, 30].into_iter().enumerate() {
        together.add(&format!("payee {at}"), amount);
    }
    assert_eq!(dominance(1, 59).need(&together).map(|n| n.above), Some(2));
    let mut several = Holdings::new();
    several.add("one", 40).add("other", 30).add("one", 30);
    assert_eq!(dominance(1, 60).need(&several).map(|n| n.above), Some(17));
    // Who holds themselves is one, and no endless search.
    let mut circle = Holdings::new();
    circle.belongs("a", "b").belongs("b", "a").add("a", 1);
    assert!(dominance(1, 60).need(&circle).is_some());
}

/// Sensitive cells of a table of money get the room that the rule asks for, on both sides.
#[test]
fn suppression_gives_the_room_that_a_rule_asks_for() {
    let amounts: [[&[i64]; 3]; 3] = [
        [&[300, 20, 10], &[90, 80, 70], &[60, 60, 55]],
        [&[50, 45, 40], &[70, 60, 55], &[40, 35, 35]],
        [&[80, 75, 60], &[30, 30, 25], &[110, 90, 85]],
    ];
    let rule = dominance(1, 85);
    let mut problem = Problem::default();
    let mut lines: Vec<Vec<u32>> = vec![Vec::new(); 6];
    for (r, row) in amounts.iter().enumerate() {
        for (c, amounts) in row.iter().enumerate() {
            let value: i64 = amounts.iter().sum();
            let need = rule.need(&holdings(amounts));
            let cost = value.unsigned_abs();
            let role = need.map_or(Role::Cell { cost }, |_| Role::Primary { cost });
            let variable = problem.variable(Limits::NONNEGATIVE, value, role);
            problem.requirements.extend(need.map(|need| Requirement {
                variable,
                need,
                attacker: None,
            }));
            lines[r].push(variable);
            lines[3 + c].push(variable);
        }
    }
    for line in lines {
        let sum: i64 = line.iter().map(|&v| problem.values[v as usize]).sum();
        let cost = sum.unsigned_abs();
        let total = problem.variable(Limits::NONNEGATIVE, sum, Role::Cell { cost });
        problem.system.sum(total, &line);
    }
    assert_eq!(problem.requirements.len(), 1);
    let found = suppress(&problem, &Options::default(), &Control::default()).expect("safe");
    let view = problem.view(&found.pattern);
    let seen = audit(&problem.system, &view, &Control::default()).expect("feasible");
    let interval = seen.intervals[0];
    assert!(interval.high.is_none_or(|high| high >= 353), "{interval:?}");
    assert!(interval.low <= 330 - 23, "{interval:?}");
}
