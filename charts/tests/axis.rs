//! What the axis of values holds.

use charts::{ChartKind, ChartSpec, Point, Series, StatusLabels, draw};
use contract::{Status, indicator::Unit, text::Language};

const KINDS: [ChartKind; 5] = [
    ChartKind::Line,
    ChartKind::Multiples,
    ChartKind::Bar,
    ChartKind::Dot,
    ChartKind::Strip,
];

fn chart(kind: ChartKind, unit: Unit, values: &[f64], width: u32) -> ChartSpec {
    let point = |(at, &value): (usize, &f64)| Point {
        key: format!("{}", 2018 + at),
        label: match kind.over_time() {
            true => String::new(),
            false => "A place with a rather long name".to_owned(),
        },
        value: Some(value),
        interval: None,
        feasible: None,
        status: Status::Published,
        highlighted: false,
    };
    ChartSpec {
        kind,
        title: String::new(),
        description: String::new(),
        language: Language::EN,
        unit,
        series: vec![Series {
            label: String::new(),
            points: values.iter().enumerate().map(point).collect(),
        }],
        target: None,
        target_label: String::new(),
        breaks: Vec::new(),
        labels: StatusLabels::default(),
        width,
        height: 340,
    }
}

/// The numbers at the axis of values, without the periods of an axis of time.
fn ticks(spec: &ChartSpec) -> Vec<f64> {
    let svg = draw(spec).expect("it is drawn");
    let texts = svg.lines().filter(|line| line.contains("class=\"tick\""));
    let texts = texts.filter_map(|line| line.split(['>', '<']).nth(2));
    let numbers = texts.map(|text| {
        let digits = text
            .chars()
            .filter(|c| c.is_ascii_digit() || "-.".contains(*c));
        digits.collect::<String>().parse().expect("a number")
    });
    let over_time = spec.kind.over_time();
    numbers
        .filter(|number| !over_time || !(2000.0..2100.0).contains(number))
        .collect()
}

#[test]
fn shares_stay_within_none_and_all_and_an_axis_has_three_ticks() {
    let cases: [&[f64]; 6] = [
        &[100.0, 100.0, 100.0],
        &[0.0, 0.0],
        &[97.0],
        &[3.0, 100.0],
        &[99.9, 100.0],
        &[51.0, 98.0, 72.0],
    ];
    for (kind, values) in KINDS
        .into_iter()
        .flat_map(|kind| cases.map(|it| (kind, it)))
    {
        for width in [360, 380, 880] {
            let ticks = ticks(&chart(kind, Unit::Percent, values, width));
            let told = format!("{kind:?} of {values:?} at {width}: {ticks:?}");
            assert!(ticks.len() >= 3, "{told}");
            assert!(
                ticks.iter().all(|tick| (0.0..=100.0).contains(tick)),
                "{told}"
            );
            let held = |value: &f64| ticks.iter().any(|tick| tick >= value);
            assert!(values.iter().all(held), "{told}");
        }
    }
}

#[test]
fn values_that_are_all_the_same_are_shown_from_zero() {
    for kind in KINDS {
        for value in [577.0, 0.4, -30.0] {
            let ticks = ticks(&chart(kind, Unit::SquareMetre, &[value, value], 880));
            let (low, high) = (value.min(0.0), value.max(0.0));
            let told = format!("{kind:?} of {value}: {ticks:?}");
            assert!(ticks.contains(&0.0), "{told}");
            assert!(ticks.iter().any(|tick| *tick <= low), "{told}");
            assert!(ticks.iter().any(|tick| *tick >= high), "{told}");
            // No more room than the value takes and a step.
            let widest = |tick: &f64| tick.abs() <= value.abs() * 1.5;
            assert!(ticks.iter().all(widest), "{told}");
        }
    }
}

#[test]
fn loose_numbers_of_an_axis_are_not_read() {
    for kind in KINDS {
        let svg = draw(&chart(kind, Unit::Count, &[3.0, 70.0], 880)).expect("it is drawn");
        let mut texts = svg.lines().filter(|line| line.contains("class=\"tick\""));
        assert!(
            texts.all(|line| line.contains(" aria-hidden=\"true\"")),
            "{svg}"
        );
    }
}

#[test]
fn what_a_withheld_value_may_be_is_whole_where_its_word_has_no_room() {
    for kind in [ChartKind::Bar, ChartKind::Dot] {
        for (width, said) in [(360, "87.2–94.5%"), (880, "87.2–94.5% Suppressed")] {
            let mut spec = chart(kind, Unit::Percent, &[50.0, 60.0], width);
            spec.labels.suppressed = "Suppressed".to_owned();
            let point = &mut spec.series[0].points[1];
            (point.value, point.status) = (None, Status::Suppressed);
            point.feasible = Some((87.2, 94.5));
            let svg = draw(&spec).expect("it is drawn");
            let words = svg
                .lines()
                .find(|line| line.contains("class=\"word suppressed\""));
            let words = words.expect("its words");
            assert!(
                words.contains(&format!(">{said}<")),
                "{kind:?} {width}: {words}"
            );
            // Its name says both.
            assert!(svg.contains("87.2–94.5% Suppressed\""), "{svg}");
        }
    }
}

#[test]
fn the_hatching_of_the_first_period_covers_no_label_of_the_axis() {
    for kind in [ChartKind::Line, ChartKind::Multiples] {
        let mut spec = chart(kind, Unit::Count, &[80.0, 90.0, 100.0], 880);
        for point in &mut spec.series[0].points {
            (point.value, point.status) = (None, Status::Suppressed);
            point.feasible = Some((60.0, 110.0));
        }
        let svg = draw(&spec).expect("it is drawn");
        let places = |of: &str| -> Vec<i32> {
            let lines = svg.lines().filter(|line| line.contains(of));
            let places = lines.filter_map(|line| line.split_once(" x=\"")?.1.split('"').next());
            places.map(|x| x.parse().expect("a pixel")).collect()
        };
        let hatched = places("class=\"gap suppressed");
        let label = places("text-anchor=\"end\"").into_iter().max();
        let label = label.expect("labels of the axis");
        assert_eq!(hatched.len(), 3, "{svg}");
        assert!(hatched.iter().all(|&x| x > label), "{hatched:?} {label}");
    }
}
