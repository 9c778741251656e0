//! On which side of a target the dots of a distribution stand.

use charts::{ChartKind, ChartSpec, Point, Series, StatusLabels, draw};
use contract::{Status, indicator::Unit, text::Language};

const TARGET: f64 = 500.0;

fn chart(values: &[f64]) -> ChartSpec {
    let point = |&value: &f64| Point {
        key: value.to_string(),
        label: String::new(),
        value: Some(value),
        interval: None,
        feasible: None,
        status: Status::Published,
        highlighted: false,
    };
    ChartSpec {
        kind: ChartKind::Strip,
        title: String::new(),
        description: String::new(),
        language: Language::EN,
        unit: Unit::SquareMetre,
        series: vec![Series {
            label: String::new(),
            points: values.iter().map(point).collect(),
        }],
        target: Some(TARGET),
        target_label: "Target".to_owned(),
        breaks: Vec::new(),
        labels: StatusLabels::default(),
        width: 880,
        height: 60,
    }
}

/// The first number of an attribute.
fn number(element: &str, name: &str) -> f64 {
    let (_, rest) = element.split_once(&format!(" {name}=\"")).expect(name);
    let text = rest.split(['"', ',']).next().expect("it ends");
    text.parse().expect("a number")
}

#[test]
fn a_dot_stands_on_its_own_side_of_the_target() {
    // From a value that cannot be told from the target in pixels to the end of the axis, on both sides of it.
    let values = [0.0, 3.0, 480.0, 499.9, 500.0, 500.1, 504.0, 520.0, 2400.0];
    let svg = draw(&chart(&values)).expect("it is drawn");
    let element = |of: &str| {
        let mut lines = svg.lines();
        lines
            .find(|line| line.contains(of))
            .expect("it is there")
            .to_owned()
    };
    let target = number(&element("class=\"target\""), "points");
    for value in values {
        let dot = element(&format!("data-key=\"{value}\""));
        let (x, radius) = (number(&dot, "cx"), number(&dot, "r"));
        if value < TARGET {
            assert!(x + radius <= target, "{value}: {dot}");
        } else {
            assert!(x - radius >= target, "{value}: {dot}");
        }
    }
}

#[test]
fn the_marked_one_of_many_stands_upon_its_column_and_none_covers_another() {
    let values: Vec<f64> = (0..255).map(|at| 1000.0 + f64::from(at % 3)).collect();
    let mut spec = chart(&values);
    for (at, point) in spec.series[0].points.iter_mut().enumerate() {
        point.key = format!("place {at}");
        point.highlighted = at == 7;
    }
    let svg = draw(&spec).expect("it is drawn");
    let marks: Vec<&str> = svg.lines().filter(|it| it.contains("data-key")).collect();
    let (marked, others) = marks.split_last().expect("marks");
    assert!(
        marked.contains("place 7\"") && marked.starts_with("<circle"),
        "{marked}"
    );
    let middle = number(marked, "cx");
    let mut slabs: Vec<(f64, f64)> = Vec::new();
    for slab in others {
        let (x, y) = (number(slab, "x").round(), number(slab, "y"));
        let (width, height) = (number(slab, "width"), number(slab, "height"));
        assert!(!slabs.contains(&(x, y)) && height > 0.0, "{slab}");
        if (x..=x + width).contains(&middle) {
            assert!(y >= number(marked, "cy"), "above the marked one: {slab}");
        }
        slabs.push((x, y));
    }
    // The name comes from above, and ends there.
    let leader = svg.lines().find(|it| it.contains("class=\"leader\""));
    let ends = leader
        .expect("a leader")
        .split('"')
        .find(|it| it.contains(' ') && it.contains(','));
    let ends = ends.expect("its ends").split([' ', ',']);
    let ends: Vec<f64> = ends.map(|it| it.parse().expect("a number")).collect();
    assert!(
        ends[1] <= ends[3] && ends[3] < number(marked, "cy"),
        "{ends:?}"
    );
}
