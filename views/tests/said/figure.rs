use contract::{Level, Localised, indicator::Unit, snapshot::TOTAL, text::Language};
use views::{
    figure,
    finding::finding,
    headline::headlines,
    rows::Row,
    state::{self, ViewState},
    words,
};

use crate::small::{count, dataset, rate, row, snapshot};

#[test]
fn a_target_is_drawn_for_the_whole_and_not_for_its_classes() {
    for (classes, class, target) in [(false, TOTAL, Some(80.0)), (true, "roads", None)] {
        let snapshot = snapshot(dataset(rate(), classes));
        let state =
            ViewState::default().with("breakdown", if classes { "category" } else { TOTAL });
        let selection = state::select(&snapshot.manifest.datasets[0], &state).expect("it is there");
        let rows = [
            row("6401", class, Some(90.0)),
            row("6402", class, Some(70.0)),
        ];
        let figure = figure::figure(&snapshot, &selection, &rows, Language::EN);
        let chart = figure::chart(&figure, &selection, "", 880, Language::EN);
        assert_eq!(chart.target, target, "{class}");
        // A screen reader says the title first, and then the description.
        let named = figure::chart(&figure, &selection, "Settled", 880, Language::EN);
        let told = &named.description;
        assert!(
            told.starts_with("2 data points") && !told.contains("Settled"),
            "{told}"
        );
    }
}

#[test]
fn a_chart_of_many_places_is_named_by_their_level_and_one_of_chosen_places_by_them() {
    let snapshot = snapshot(dataset(count(), false));
    let named = |level: Level, places: &str| {
        let state = ViewState::default().with("level", level.name());
        let state = state.with("places", places);
        let selection = state::select(&snapshot.manifest.datasets[0], &state).expect("it is there");
        [Language::ZH_CN, Language::EN].map(|it| figure::title(&snapshot, &selection, it))
    };
    for (level, places, said) in [
        (Level::City, "", ["吹哨数（银川市）", "Whistles (Yinchuan)"]),
        (
            Level::District,
            "",
            [
                "吹哨数（银川市，按区县）",
                "Whistles (Yinchuan, by district)",
            ],
        ),
        (
            Level::Street,
            "",
            ["吹哨数（银川市，按街道）", "Whistles (Yinchuan, by street)"],
        ),
        (
            Level::District,
            "6402",
            ["吹哨数（乙区）", "Whistles (Second)"],
        ),
    ] {
        assert_eq!(named(level, places), said);
    }
}

#[test]
fn a_card_says_what_its_number_is_of() {
    let mut indicator = count();
    indicator.unit_title = Some(Localised::new("次", "whistles"));
    let snapshot = snapshot(dataset(indicator, false));
    for (value, written, trend) in [
        (
            2714.0,
            ["2,714 次", "2,714 whistles"],
            ["比2019年增加 2,713 次", "Up 2,713 whistles on 2019"],
        ),
        (
            12_345.0,
            ["1.2万次", "12,345 whistles"],
            ["比2019年增加 1.2万次", "Up 12,344 whistles on 2019"],
        ),
        (
            0.0,
            ["0 次", "0 whistles"],
            ["比2019年减少 1 次", "Down 1 on 2019"],
        ),
    ] {
        let of = |period: &str, value| Row {
            indicator: "whistles".to_owned(),
            period: period.to_owned(),
            ..row("64", TOTAL, Some(value))
        };
        let rows = vec![of("2019", 1.0), of("2020", value)];
        let headlines = headlines(&snapshot, &[("whistle", rows)]);
        let said = [Language::ZH_CN, Language::EN].map(|language| headlines[0].value(language));
        assert_eq!(said, written.map(str::to_owned));
        let said = [Language::ZH_CN, Language::EN].map(|language| headlines[0].trend(language));
        assert_eq!(said, trend.map(str::to_owned));
    }
}

#[test]
fn a_card_whose_year_is_withheld_tells_what_was_published_last() {
    let snapshot = snapshot(dataset(rate(), false));
    let of = |period: &str, value| Row {
        indicator: "settled".to_owned(),
        period: period.to_owned(),
        ..row("64", TOTAL, value)
    };
    let mut latest = of("2020", None);
    latest.feasible = Some((83.5, 85.7));
    let earlier = [
        of("2017", Some(80.0)),
        of("2018", Some(86.5)),
        of("2019", None),
    ];
    let cases = [
        (
            &earlier[..],
            [
                "最近公开的是2018年：86.5%",
                "Latest published: 86.5% (2018)",
            ],
        ),
        (
            &earlier[2..],
            ["没有上一年度可比", "No earlier year to compare with"],
        ),
    ];
    for (years, expected) in cases {
        let rows = [years, std::slice::from_ref(&latest)].concat();
        let headlines = headlines(&snapshot, &[("whistle", rows)]);
        let said = [Language::ZH_CN, Language::EN].map(|language| headlines[0].value(language));
        assert_eq!(said, ["83.5–85.7%（已隐去）", "83.5–85.7% (Suppressed)"]);
        let said = [Language::ZH_CN, Language::EN].map(|language| headlines[0].trend(language));
        assert_eq!(said, expected);
    }
}

#[test]
fn a_picture_of_many_places_says_how_many_it_shows_and_tells_of_all() {
    let snapshot = snapshot(dataset(rate(), false));
    let state = ViewState::default().with("period", "all");
    let selection = state::select(&snapshot.manifest.datasets[0], &state).expect("it is there");
    let places = (10_u32..36).flat_map(|at| {
        ["2019", "2020"].map(|period| Row {
            period: period.to_owned(),
            ..row(&format!("64{at}"), TOTAL, Some(f64::from(at)))
        })
    });
    let rows: Vec<Row> = places.collect();
    for (language, note) in [
        (Language::ZH_CN, "图中显示 6 个，共 26 个。"),
        (Language::EN, "The chart shows 6 of 26."),
    ] {
        let figure = figure::figure(&snapshot, &selection, &rows, language);
        assert_eq!(figure.shown, (12, 26));
        let (spec, left_out) = figure::pictured(&figure, &selection, "", 880, language);
        assert_eq!((spec.series.len(), left_out.as_deref()), (6, Some(note)));
        let said = finding(&snapshot, &selection, &figure, language);
        assert!(said.contains("10.0%") && said.contains("35.0%"), "{said}");
    }
}

#[test]
fn a_table_writes_money_in_the_unit_of_its_head() {
    let snapshot = snapshot(dataset(count(), false));
    let selection = state::select(&snapshot.manifest.datasets[0], &ViewState::default());
    let parts = selection.expect("it is there").parts;
    for (value, written) in [(9_999.4, "¥9,999"), (1_234_567.6, "¥1,234,568")] {
        let row = row("64", TOTAL, Some(value));
        for language in [Language::ZH_CN, Language::EN] {
            assert_eq!(words::exact(&row, Unit::Yuan, &parts, language), written);
        }
    }
}
