//! Pictures stand alone, hold what they must, and fit.

use charts::{ChartKind, ChartSpec, Modules, Picture, Point, Series, Shape, StatusLabels, picture};
use contract::{Status, indicator::Unit, text::Language};

fn spec(count: usize) -> ChartSpec {
    let point = |at: usize| Point {
        key: format!("{at}"),
        label: format!("Place {at}"),
        value: Some(at as f64),
        interval: None,
        feasible: None,
        status: Status::Published,
        highlighted: false,
    };
    ChartSpec {
        kind: ChartKind::Bar,
        title: "Cases".to_owned(),
        description: String::new(),
        language: Language::EN,
        unit: Unit::Count,
        series: vec![Series {
            label: "2020".to_owned(),
            points: (0..count).map(point).collect(),
        }],
        target: None,
        target_label: String::new(),
        breaks: Vec::new(),
        labels: StatusLabels::default(),
        width: 880,
        height: 60,
    }
}

fn drawn(shape: Shape, finding: &str, count: usize) -> String {
    let lines = [
        "Source: <the city>, snapshot 2020-12-r1".to_owned(),
        "https://portal.example/en/data/whistle/?snapshot=2020-12-r1".to_owned(),
    ];
    let code = Modules {
        side: 21,
        dark: vec![true; 21 * 21],
    };
    let about = Picture {
        title: "Cases & more",
        finding,
        mark: Some("Demonstration"),
        lines: &lines,
        code: Some(&code),
        shape,
    };
    picture::picture(&spec(count), &about).expect("a picture")
}

#[test]
fn a_picture_holds_title_source_mark_and_code() {
    for (shape, size) in [
        (Shape::Wide, r#"width="1280" height="720""#),
        (Shape::Square, r#"width="1080" height="1080""#),
    ] {
        let svg = drawn(shape, "It rose.", 6);
        for part in [
            size,
            "Cases &amp; more",
            "It rose.",
            "&lt;the city&gt;",
            "2020-12-r1",
            "Demonstration",
            r#"viewBox="0 0 29 29""#,
            "Place 5",
        ] {
            assert!(svg.contains(part), "{part}");
        }
        assert_eq!(svg.matches("h1v1h-1z").count(), 21 * 21);
        assert_eq!(svg.matches("<svg").count(), svg.matches("</svg>").count());
    }
}

#[test]
fn a_picture_needs_nothing_from_outside() {
    let svg = drawn(Shape::Wide, "It rose.", 6);
    for outside in ["var(", "href", "url(http", "<script", "@import", "<image"] {
        assert!(!svg.contains(outside), "{outside}");
    }
}

#[test]
fn long_words_are_cut_and_many_bars_are_fitted() {
    let long = "上升".repeat(200);
    let svg = drawn(Shape::Square, &long, 30);
    let lines: Vec<&str> = svg.lines().filter(|line| line.contains("上升上")).collect();
    // One is the description, four are drawn.
    assert_eq!(lines.len(), 5);
    assert!(lines[4].contains('…'));
    assert!(svg.contains("Place 29"));
    assert_eq!(svg, drawn(Shape::Square, &long, 30), "the same bytes again");
}

#[test]
fn addresses_are_broken_between_their_parts() {
    let svg = drawn(Shape::Wide, "It rose.", 30);
    assert!(svg.contains("Place 29"));
    // Beside a chart of many rows there is little width, and nothing of the address is lost.
    let address: String = svg
        .lines()
        .filter(|line| line.contains("<text") && line.contains(r##"fill="#54616e""##))
        .map(|line| line.split(['>', '<']).nth(2).unwrap_or_default())
        .collect();
    assert!(
        address.ends_with("https://portal.example/en/data/whistle/?snapshot=2020-12-r1"),
        "{address}"
    );
}

#[test]
fn the_letters_of_panels_are_a_fiftieth_of_a_wide_picture() {
    for count in 2..=6 {
        let mut spec = spec(3);
        spec.kind = ChartKind::Multiples;
        spec.series = vec![spec.series[0].clone(); count];
        let lines = ["Source: the city".to_owned()];
        let about = Picture {
            title: "Cases of every street of the city over the years",
            finding: "In 2020, cases ranged from 3 in one street to 9 in another, where they are published.",
            mark: Some("Demonstration"),
            lines: &lines,
            code: None,
            shape: Shape::Wide,
        };
        let svg = picture::picture(&spec, &about).expect("a picture");
        assert_eq!(svg.matches("panel-title").count(), count + 1);
        let chart = svg.lines().find(|line| line.starts_with("<svg x="));
        let chart = chart.expect("the chart").split('"').collect::<Vec<_>>();
        let number = |text: &str| text.parse::<f64>().expect("a number");
        let sizes: Vec<f64> = chart[9].split(' ').map(number).collect();
        let scale = (number(chart[5]) / sizes[2]).min(number(chart[7]) / sizes[3]);
        let letters = 13.0 * scale;
        assert!(letters >= 720.0 / 50.0, "{count} panels: {letters} pixels");
    }
}
