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
        language: Language::English,
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
