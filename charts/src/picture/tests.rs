//! No two texts of a picture lie over each other, and none is cut.

use contract::{Status, indicator::Unit, text::Language};

use super::*;
use crate::{Point, Series, StatusLabels};

const STREETS: [&str; 26] = [
    "Beijing West Road",
    "Zhongshan South Street",
    "Mancheng Road",
    "Xihuayuan",
    "Huanghe East Road",
    "Liangtianqu",
    "Lishui",
    "Helanshan West Road",
    "Changcheng Middle Road",
    "Wenchangge",
    "Yuhuangge",
    "Qianjin Middle Road",
    "Xinhua West Street",
    "Shuofeng Road",
    "Shengli South Road",
    "Xigang",
    "Dongta",
    "Fenghuang North Street",
    "Jiefang East Street",
    "Ninghua Road",
    "Shanghai West Road",
    "Chengqu",
    "Yanghe",
    "Tuanjie West Road",
    "Fuxing South Street",
    "Xiping",
];
const FINDING: &str = "2020: Activity space of a community (median) is published for 23 of 26. The lowest is 548 m² (12,345 ÷ 23) in Fenghuang North Street; which is highest cannot be told. 23 of 23 reach the target of 500 m². 3 values are withheld to protect people; they are not zero.";
const ADDRESS: &str = "https://yinchuan.portal.example/en/data/whistle/?indicator=community_activity_space&level=street&granularity=year&period=latest&snapshot=2020-12-r1";

/// A text with its box: left, top, right, bottom.
type Placed = (String, [f64; 4]);

fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = element.split_once(&format!(" {name}=\""))?;
    rest.split('"').next()
}

fn number(element: &str, name: &str) -> f64 {
    let value = attribute(element, name).unwrap_or("0");
    value.trim_end_matches("em").parse().expect("a number")
}

/// The texts of a picture and their boxes by this crate's own measure, those of the chart as the picture shows them.
fn placed(svg: &str) -> (Vec<Placed>, [f64; 4]) {
    let (mut texts, mut area, mut view) = (Vec::new(), [0.0; 4], None);
    for line in svg.lines() {
        if line.starts_with("<svg x=") {
            let [x, y, w, h] = ["x", "y", "width", "height"].map(|name| number(line, name));
            let sizes = attribute(line, "viewBox").expect("a view");
            let sizes: Vec<f64> = sizes.split(' ').map(|it| it.parse().unwrap()).collect();
            let scale = (w / sizes[2]).min(h / sizes[3]);
            let at = (
                x + (w - sizes[2] * scale) / 2.0,
                y + (h - sizes[3] * scale) / 2.0,
            );
            area = [x, y, x + w, y + h];
            view = Some((scale, at));
        }
        let start = line.find("<text").map(|at| &line[at..]);
        if let Some((element, rest)) = start.and_then(|it| it.split_once('>')) {
            let said = rest
                .split('<')
                .next()
                .unwrap_or_default()
                .replace("&amp;", "&");
            let bold = element.contains("highlighted")
                || element.contains("panel-title")
                || number(element, "font-weight") >= 600.0;
            let size = number(element, "font-size");
            let width = f64::from(if bold { measure::bold } else { measure::width }(
                &said, size,
            ));
            let x = number(element, "x")
                - match attribute(element, "text-anchor") {
                    Some("end") => width,
                    Some("middle") => width / 2.0,
                    _ => 0.0,
                };
            let y = number(element, "y") + number(element, "dy") * size;
            let (scale, at) = view.unwrap_or((1.0, (0.0, 0.0)));
            let [left, right] = [x, x + width].map(|x| at.0 + x * scale);
            let [top, bottom] = [y - 0.75 * size, y + 0.2 * size].map(|y| at.1 + y * scale);
            texts.push((said, [left, top, right, bottom]));
        }
        if line.ends_with("</g></svg>") {
            view = None;
        }
    }
    (texts, area)
}

fn spec(kind: ChartKind, series: Vec<Series>) -> ChartSpec {
    ChartSpec {
        kind,
        title: String::new(),
        description: String::new(),
        language: Language::EN,
        unit: Unit::SquareMetre,
        series,
        target: Some(500.0),
        target_label: "Target".to_owned(),
        breaks: Vec::new(),
        labels: StatusLabels {
            suppressed: "Suppressed".to_owned(),
            ..StatusLabels::default()
        },
        width: 880,
        height: 60,
    }
}

fn point(key: &str, label: &str, at: usize) -> Point {
    let hidden = at >= 23;
    Point {
        key: key.to_owned(),
        label: label.to_owned(),
        value: (!hidden).then_some(787.0 - 10.0 * at as f64),
        interval: None,
        feasible: hidden.then_some((440.0, 810.0)),
        status: if hidden {
            Status::Suppressed
        } else {
            Status::Published
        },
        highlighted: at == 8,
    }
}

fn check(spec: &ChartSpec, shape: Shape, finding: &str) {
    let lines = [
        "The chart shows 6 of 26.".to_owned(),
        "Source: The Mingshi project (demonstration data), snapshot 2020-12-r1, dataset “Streets whistle, departments report”.".to_owned(),
        "Data up to Dec 2020; picture made on 2026-11-29.".to_owned(),
        ADDRESS.to_owned(),
    ];
    let code = Modules {
        side: 21,
        dark: vec![true; 21 * 21],
    };
    let about = Picture {
        title: "Activity space of a community (median) (Yinchuan)",
        finding,
        mark: Some(
            "Demonstration data: every figure here was generated by a program and describes no real city, office or person.",
        ),
        lines: &lines,
        code: Some(&code),
        shape,
    };
    let svg = picture(spec, &about).expect("a picture");
    let (texts, area) = placed(&svg);
    let (width, height) = shape.size();
    let page = [0.0, 0.0, f64::from(width), f64::from(height)];
    let inside = |it: &[f64; 4], of: &[f64; 4]| {
        it[0] >= of[0] && it[1] >= of[1] && it[2] <= of[2] && it[3] <= of[3]
    };
    let apart =
        |a: &[f64; 4], b: &[f64; 4]| a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1];
    let chart = area.map(|side| side.round());
    for (at, (said, box_of)) in texts.iter().enumerate() {
        assert!(
            inside(box_of, &page),
            "{shape:?}: {said} leaves the picture: {box_of:?}"
        );
        // The chart clips what leaves it; the words stand outside of it.
        let within = inside(
            box_of,
            &[
                chart[0] - 0.5,
                chart[1] - 0.5,
                chart[2] + 0.5,
                chart[3] + 0.5,
            ],
        );
        assert!(
            within || apart(box_of, &chart),
            "{shape:?}: {said} is cut: {box_of:?} {chart:?}"
        );
        for (other, box_of_other) in &texts[..at] {
            assert!(
                apart(box_of, box_of_other),
                "{shape:?}: {other} {box_of_other:?} and {said} {box_of:?}"
            );
        }
    }
    let all: String = texts.iter().map(|(said, _)| said.as_str()).collect();
    assert!(all.contains(ADDRESS), "the address is whole: {all}");
    let words: Vec<&str> = texts.iter().map(|(said, _)| said.as_str()).collect();
    let told = words.join(" ");
    assert!(finding.len() > 400 || told.contains(finding), "{told}");
}

#[test]
fn the_longest_words_beside_26_bars_keep_clear_of_each_other() {
    let points = (0..).zip(STREETS).map(|(at, name)| point(name, name, at));
    let series = Series {
        label: "2020".to_owned(),
        points: points.collect(),
    };
    let bars = spec(ChartKind::Bar, vec![series]);
    for shape in [Shape::Wide, Shape::Square] {
        check(&bars, shape, "It rose.");
        check(&bars, shape, FINDING);
    }
    check(&bars, Shape::Wide, &FINDING.repeat(5));
    // Few bars stand below the words.
    let mut few = bars;
    few.series[0].points.truncate(6);
    for shape in [Shape::Wide, Shape::Square] {
        check(&few, shape, FINDING);
    }
}

#[test]
fn panels_and_lines_keep_their_titles_and_periods() {
    let periods = [
        "2018-Q1", "2018-Q2", "2018-Q3", "2018-Q4", "2019-Q1", "2019-Q2",
    ];
    let series = STREETS[..6].iter().map(|street| Series {
        label: (*street).to_owned(),
        points: (0..)
            .zip(periods)
            .map(|(at, key)| point(key, "", at))
            .collect(),
    });
    let mut panels = spec(ChartKind::Multiples, series.collect());
    panels.unit = Unit::Yuan;
    panels.target = None;
    for kind in [ChartKind::Multiples, ChartKind::Line] {
        panels.kind = kind;
        for shape in [Shape::Wide, Shape::Square] {
            check(&panels, shape, FINDING);
        }
    }
}
