//! What drawings hold, and what they must not.

use charts::{ChartError, ChartKind, ChartSpec, Point, Series, StatusLabels, draw};
use contract::{Status, indicator::Unit, text::Language};

fn point(key: &str, label: &str, value: Option<f64>) -> Point {
    Point {
        key: key.to_owned(),
        label: label.to_owned(),
        value,
        interval: value.map(|value| (value - 2.0, value + 1.5)),
        feasible: None,
        status: if value.is_some() {
            Status::Published
        } else {
            Status::Suppressed
        },
        highlighted: false,
    }
}

fn chart(kind: ChartKind, language: Language, width: u32) -> ChartSpec {
    let zh = language == Language::ZH_CN;
    let text = |zh_text: &str, en: &str| (if zh { zh_text } else { en }).to_owned();
    let series = match kind {
        ChartKind::Bar
        | ChartKind::Dot
        | ChartKind::Strip
        | ChartKind::Tiles
        | ChartKind::Funnel => {
            let mut points = vec![
                point(
                    "a",
                    &text("东华门街道", "Donghuamen Subdistrict"),
                    Some(92.3),
                ),
                point("b", &text("景山街道", "Jingshan Subdistrict"), Some(88.1)),
                point("c", &text("交道口街道", "Jiaodaokou Subdistrict"), None),
                point(
                    "d",
                    &text("安定门街道", "Andingmen Subdistrict"),
                    Some(71.0),
                ),
                point(
                    "e",
                    &text("北新桥街道", "Beixinqiao Subdistrict"),
                    Some(0.0),
                ),
                point("f", &text("建国门街道", "Jianguomen Subdistrict"), None),
            ];
            points[1].highlighted = true;
            points[4].interval = None;
            points[5].status = Status::NotCollected;
            vec![Series {
                label: text("响应率", "Response rate"),
                points,
            }]
        }
        ChartKind::Grouped | ChartKind::Stacked => ["daily", "tackling", "difficult"]
            .map(|class| Series {
                label: class.to_owned(),
                points: ["a", "b", "c"]
                    .map(|place| {
                        let hidden = (class, place) == ("difficult", "b");
                        let value = (!hidden).then_some(30.0 + class.len() as f64);
                        let mut point = point(&format!("{place}/{class}"), place, value);
                        point.interval = None;
                        point
                    })
                    .to_vec(),
            })
            .to_vec(),
        ChartKind::Line | ChartKind::Multiples | ChartKind::Spark => {
            [(0.0, "东城区", "Dongcheng"), (-1.5, "西城区", "Xicheng")]
                .map(|(shift, name, name_en)| Series {
                    label: text(name, name_en),
                    points: (1..=12)
                        .map(|month| {
                            let key = format!("2020-{month:02}");
                            let label = charts::format::period(&key, language);
                            let value =
                                84.0 + f64::from(month * 7 % 5) + f64::from(month) * 0.6 + shift;
                            let held = month != 5 || shift == 0.0;
                            point(&key, &label, held.then_some(value))
                        })
                        .collect(),
                })
                .to_vec()
        }
    };
    ChartSpec {
        kind,
        title: text("响应率", "Response rate"),
        description: text("各街道的响应率", "Response rate by subdistrict"),
        language,
        unit: Unit::Percent,
        series,
        target: Some(90.0),
        target_label: text("目标", "Target"),
        breaks: Vec::new(),
        labels: StatusLabels {
            suppressed: text("已隐藏", "Withheld"),
            not_applicable: text("不适用", "Not applicable"),
            not_collected: text("未采集", "Not collected"),
        },
        width,
        height: 300,
    }
}

const ALL: [ChartKind; 10] = [
    ChartKind::Bar,
    ChartKind::Line,
    ChartKind::Grouped,
    ChartKind::Stacked,
    ChartKind::Dot,
    ChartKind::Strip,
    ChartKind::Multiples,
    ChartKind::Tiles,
    ChartKind::Funnel,
    ChartKind::Spark,
];

/// Classes in order, with how often each follows itself.
fn structure(svg: &str) -> String {
    let mut runs: Vec<(&str, u32)> = Vec::new();
    for class in svg
        .split("class=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
    {
        match runs.last_mut() {
            Some((last, count)) if *last == class => *count += 1,
            _ => runs.push((class, 1)),
        }
    }
    let lines: Vec<String> = runs
        .iter()
        .map(|(class, count)| format!("{class} x{count}"))
        .collect();
    lines.join("\n")
}

#[test]
fn structures() {
    for kind in ALL {
        let svg = draw(&chart(kind, Language::EN, 900)).unwrap();
        insta::assert_snapshot!(kind.name(), structure(&svg));
    }
}

#[test]
fn hostile_text_is_escaped_and_nothing_has_a_style() {
    for kind in ALL {
        let mut spec = chart(kind, Language::EN, 900);
        let hostile = "\"'><script>alert(1)</script>&\u{1}";
        for text in [
            &mut spec.title,
            &mut spec.description,
            &mut spec.target_label,
        ] {
            *text = hostile.to_owned();
        }
        spec.labels.suppressed = hostile.to_owned();
        for series in &mut spec.series {
            series.label = hostile.to_owned();
            for point in &mut series.points {
                point.label = hostile.to_owned();
                point.key = format!("{hostile}{}", point.key);
            }
        }
        let svg = draw(&spec).unwrap();
        assert!(!svg.contains("<script") && !svg.contains("'>") && !svg.contains('\u{1}'));
        assert!(
            svg.contains("&lt;script&gt;") && !svg.contains("style="),
            "{kind:?}"
        );
    }
}

#[test]
fn a_suppressed_value_is_not_drawn_even_when_it_is_given() {
    for kind in ALL.into_iter().filter(|kind| *kind != ChartKind::Spark) {
        let mut spec = chart(kind, Language::ZH_CN, 360);
        spec.series[0].points[2].value = Some(47.25);
        spec.series[0].points[2].status = Status::Suppressed;
        let svg = draw(&spec).unwrap();
        assert!(!svg.contains("47.2") && !svg.contains("47.3"));
        let hidden: Vec<&str> = svg
            .lines()
            .filter(|line| line.contains("suppressed\""))
            .collect();
        assert!(hidden.iter().any(|line| line.contains("-hatch)")), "{svg}");
        assert!(
            hidden
                .iter()
                .all(|line| !line.contains("width=\"0\"") && !line.contains("data-value"))
        );
        // In a stack the words stand in the table and the tooltip.
        assert!(svg.contains("已隐藏") || kind == ChartKind::Stacked);
    }
}

#[test]
fn empty_charts_say_so_and_odd_ones_do_not_panic() {
    for kind in ALL {
        let mut spec = chart(kind, Language::EN, 360);
        spec.series.clear();
        let said = draw(&spec).unwrap().contains("No data");
        assert!(said || kind == ChartKind::Spark, "{kind:?}");
        for value in [0.0, -5.0, 1e-9, 9e14, -9e14] {
            spec.series = vec![Series {
                label: String::new(),
                points: vec![point("", "", Some(value))],
            }];
            draw(&spec).unwrap();
            spec.target = None;
            draw(&spec).unwrap();
        }
        for value in [f64::NAN, f64::INFINITY] {
            spec.series[0].points[0].value = Some(value);
            assert!(matches!(draw(&spec), Err(ChartError::NotFinite { .. })));
        }
        spec.width = 10;
        assert!(matches!(draw(&spec), Err(ChartError::Size { .. })));
    }
}

/// With `MINGSHI_CHARTS=<folder>` writes pages to look at.
#[test]
fn pages_to_look_at() {
    let Some(folder) = std::env::var_os("MINGSHI_CHARTS") else {
        println!("skipped: MINGSHI_CHARTS is not set");
        return;
    };
    for (language, width) in [(Language::ZH_CN, 360), (Language::EN, 900)] {
        let charts = ALL.map(|kind| draw(&chart(kind, language, width)).unwrap());
        let style = charts::STYLE;
        let page = format!(
            "<meta charset=utf-8><style>body{{width:{width}px;margin:8px;font-family:'Noto Sans CJK SC',sans-serif}}{style}</style>{}",
            charts.join("<hr>")
        );
        let path = std::path::Path::new(&folder).join(format!("{width}.html"));
        std::fs::write(path, page).unwrap();
    }
}

#[test]
fn what_a_suppressed_value_may_be_is_hatched_and_said() {
    for kind in [
        ChartKind::Bar,
        ChartKind::Line,
        ChartKind::Dot,
        ChartKind::Grouped,
        ChartKind::Tiles,
        ChartKind::Funnel,
    ] {
        let mut spec = chart(kind, Language::EN, 900);
        spec.target = None;
        let point = &mut spec.series[0].points[2];
        (point.status, point.value, point.interval) = (Status::Suppressed, None, None);
        point.feasible = Some((2.0, 9.0));
        let svg = draw(&spec).unwrap();
        let marks = || svg.lines().filter(|line| line.contains("data-feasible"));
        assert_eq!(marks().count(), 1, "{kind:?}");
        assert!(marks().all(|line| line.contains("2.0–9.0%") && line.contains("-hatch)")));
        // A tile is narrow: the words are shortened there, and whole in its name.
        if !matches!(kind, ChartKind::Line | ChartKind::Tiles) {
            assert!(svg.contains(">2.0–9.0% Withheld<"), "{kind:?}");
        }
        // A published value has no such bounds, whatever the specification says.
        spec.series[0].points[2].status = Status::NotCollected;
        assert!(!draw(&spec).unwrap().contains("data-feasible"));
    }
}

#[test]
fn a_line_breaks_where_the_method_changes() {
    let mut spec = chart(ChartKind::Line, Language::EN, 900);
    spec.series.truncate(1);
    let lines = |svg: &str| svg.matches("class=\"line s0\"").count();
    assert_eq!(lines(&draw(&spec).unwrap()), 1);
    spec.breaks = vec!["2020-07".to_owned()];
    let svg = draw(&spec).unwrap();
    assert_eq!(
        (lines(&svg), svg.matches("class=\"break\"").count()),
        (2, 1)
    );
}

#[test]
fn stages_are_told_with_their_share_of_the_first() {
    let mut spec = chart(ChartKind::Funnel, Language::EN, 360);
    (spec.unit, spec.target) = (Unit::Count, None);
    let stage = |name: &str, value| Point {
        interval: None,
        ..point(name, name, value)
    };
    spec.series[0].points = vec![
        stage("Whistles", Some(200.0)),
        stage("Closed", Some(150.0)),
        stage("Confirmed", None),
        stage("Rated", Some(0.0)),
    ];
    let svg = draw(&spec).unwrap();
    for said in [
        ">200<",
        ">150 (75.0% of all)<",
        ">Withheld<",
        ">0 (0.0% of all)<",
    ] {
        assert!(svg.contains(said), "{said}: {svg}");
    }
    // No way leads to a stage that is not known, nor from it.
    assert_eq!(svg.matches("class=\"flow\"").count(), 1);
    // Without the first there are no shares.
    spec.series[0].points[0].status = Status::Suppressed;
    assert!(!draw(&spec).unwrap().contains("of all"));
}

#[test]
fn tiles_tell_values_by_shade_and_by_number() {
    let mut spec = chart(ChartKind::Tiles, Language::ZH_CN, 360);
    let values = [10.0, 20.0, 30.0, 40.0, 50.0];
    spec.series[0].points = values
        .map(|value| point(&value.to_string(), "街道", Some(value)))
        .to_vec();
    let svg = draw(&spec).unwrap();
    for (shade, value) in values.iter().enumerate() {
        let tile = svg
            .lines()
            .find(|line| line.contains(&format!("data-key=\"{value}\"")))
            .unwrap();
        assert!(tile.contains(&format!("tile t{shade}")), "{tile}");
        assert!(svg.contains(&format!(">{value:.1}%<")));
    }
    assert!(svg.contains("示意图"));
    // Equal values have no scale.
    for point in &mut spec.series[0].points {
        point.value = Some(7.0);
    }
    assert!(draw(&spec).unwrap().contains("tile t2"));
}
