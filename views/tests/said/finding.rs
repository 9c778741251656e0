use contract::{
    Language, Localised, Status,
    indicator::{Break, DefaultChart, Indicator},
    snapshot::TOTAL,
};
use views::{
    finding::finding,
    rows::Row,
    state::{self, ViewState},
};

use crate::small::{count, dataset, rate, row, said, snapshot};

/// Values of the three districts.
fn rows(values: [Option<f64>; 3]) -> Vec<Row> {
    let places = ["6401", "6402", "6403"];
    let pairs = places.into_iter().zip(values);
    pairs
        .map(|(place, value)| row(place, TOTAL, value))
        .collect()
}

#[test]
fn a_sentence_claims_no_more_than_its_values() {
    let cases = [
        (
            "all of a count",
            said(
                dataset(count(), false),
                &rows([Some(10.0), Some(20.0), Some(30.0)]),
            ),
            [
                "2020年，银川市的吹哨数合计为 60。",
                "2020: Whistles in Yinchuan came to 60 in total.",
            ],
        ),
        (
            "a total is not made of what is left of it",
            said(
                dataset(count(), false),
                &rows([Some(10.0), Some(20.0), None]),
            ),
            [
                "2020年，吹哨数介于 10 与 20 之间；这项指标不分高下，不作排名。有 1 个数值为保护个人而隐去，不等于零。",
                "2020: Whistles ranged from 10 to 20. Neither end is better: this is not a ranking. One value is withheld to protect people; it is not zero.",
            ],
        ),
        (
            "everywhere means everywhere",
            said(dataset(count(), false), &rows([Some(7.0), Some(7.0), None])),
            [
                "2020年，已公开的各处吹哨数都是 7。有 1 个数值为保护个人而隐去，不等于零。",
                "2020: Whistles stood at 7 wherever it is published. One value is withheld to protect people; it is not zero.",
            ],
        ),
        (
            "one shown is no comparison",
            said(dataset(rate(), false), &rows([Some(90.0), None, None])),
            [
                "2020年，甲区的办结率为 90.0%。有 2 个数值为保护个人而隐去，不等于零。",
                "2020: Settled in First & east stood at 90.0%. 2 values are withheld to protect people; they are not zero.",
            ],
        ),
        (
            "the best and the worst, and how many reach the target",
            said(
                dataset(rate(), false),
                &rows([Some(90.0), Some(75.5), Some(80.0)]),
            ),
            [
                "2020年，办结率最高的是甲区，90.0%；最低的是乙区，75.5%。3 个中有 2 个达到目标 80.0%。",
                "2020: Settled ranged from 75.5% in Second to 90.0% in First & east. 2 of 3 reach the target of 80.0%.",
            ],
        ),
        (
            "nothing is published",
            said(dataset(rate(), false), &rows([None, None, None])),
            [
                "这里没有公开的数值。有 3 个数值为保护个人而隐去，不等于零。",
                "No value is published here. 3 values are withheld to protect people; they are not zero.",
            ],
        ),
    ];
    for (what, said, expected) in cases {
        assert_eq!(said, expected.map(str::to_owned), "{what}");
    }
}

#[test]
fn an_extreme_is_named_only_where_no_withheld_value_can_beat_it() {
    let with = |feasible: (f64, f64)| {
        let mut rows = rows([Some(90.0), Some(75.5), None]);
        rows[2].feasible = Some(feasible);
        let mut indicator = rate();
        indicator.target = None;
        let said = said(dataset(indicator, false), &rows);
        said.map(|said| {
            said.split(['有', 'O'])
                .next()
                .unwrap_or_default()
                .to_owned()
        })
    };
    let cases = [
        (
            (75.5, 90.0),
            [
                "2020年，在已公开的数值中，办结率最高的是甲区，90.0%；最低的是乙区，75.5%。",
                "2020: Settled, where published, ranged from 75.5% in Second to 90.0% in First & east. ",
            ],
        ),
        (
            (80.0, 90.5),
            [
                "2020年，3 个办结率数值中公开了 2 个。最低的是乙区，75.5%；哪个最高，无法判断。",
                "2020: Settled is published for 2 of 3. The lowest is 75.5% in Second; which is highest cannot be told. ",
            ],
        ),
        (
            (75.0, 80.0),
            [
                "2020年，3 个办结率数值中公开了 2 个。最高的是甲区，90.0%；哪个最低，无法判断。",
                "2020: Settled is published for 2 of 3. The highest is 90.0% in First & east; which is lowest cannot be told. ",
            ],
        ),
        (
            (75.0, 91.0),
            [
                "2020年，3 个办结率数值中公开了 2 个，介于 75.5% 与 90.0% 之间；哪个最高、哪个最低，无法判断。",
                "2020: Settled is published for 2 of 3, from 75.5% to 90.0%. Which is highest and which lowest cannot be told. ",
            ],
        ),
    ];
    for (feasible, expected) in cases {
        assert_eq!(with(feasible), expected.map(str::to_owned), "{feasible:?}");
    }
}

#[test]
fn places_that_share_an_extreme_as_it_is_written_are_counted() {
    assert_eq!(
        said(
            dataset(rate(), false),
            &rows([Some(75.51), Some(90.0), Some(75.49)])
        ),
        [
            "2020年，办结率最高的是乙区，90.0%；最低的是并列的 2 个地方，75.5%。3 个中有 1 个达到目标 80.0%。",
            "2020: Settled ranged from 75.5% in 2 places to 90.0% in Second. 1 of 3 reach the target of 80.0%.",
        ]
    );
    let classes = [
        row("6401", "roads", Some(75.5)),
        row("6401", "water", Some(90.0)),
        row("6402", "roads", Some(75.5)),
        row("6402", "water", Some(80.0)),
    ];
    assert_eq!(
        said(dataset(rate(), true), &classes)[1],
        "2020: Settled ranged from 75.5% in 2 of 4 to 90.0% in First & east · Water."
    );
}

#[test]
fn the_lowest_is_that_of_all_places_where_only_the_first_are_drawn() {
    let mut rows: Vec<Row> = (0..40)
        .map(|at| row(&format!("{at:02}"), TOTAL, Some(50.0 + f64::from(at))))
        .collect();
    rows[7].value = None;
    rows[7].status = Status::Suppressed;
    rows[7].feasible = Some((60.0, 70.0));
    let dataset = dataset(rate(), false);
    let snapshot = snapshot(dataset);
    let state = ViewState::default().with("chart", "bar");
    let selection = state::select(&snapshot.manifest.datasets[0], &state).expect("a selection");
    let figure = views::figure::figure(&snapshot, &selection, &rows, Language::EN);
    assert_eq!(figure.shown, (30, 40));
    assert_eq!(
        finding(&snapshot, &selection, &figure, Language::EN),
        "2020: Settled, where published, ranged from 50.0% in 00 to 89.0% in 39. One value is withheld to protect people; it is not zero."
    );
}

#[test]
fn the_largest_part_is_named_only_of_a_whole_that_is_all_published() {
    let parts = |water: Option<f64>| {
        let rows = [
            row("6401", "roads", Some(7.0)),
            row("6401", "water", water),
            row("6402", "roads", Some(3.0)),
            row("6402", "water", Some(4.0)),
        ];
        said(dataset(count(), true), &rows)[1].clone()
    };
    assert_eq!(
        parts(Some(2.0)),
        "2020: Whistles – the largest part was “Roads”, 62.5% (10 ÷ 16)."
    );
    assert!(!parts(None).contains("largest part"), "{}", parts(None));
}

/// What is said of the city's values over time.
fn over_time(mut indicator: Indicator, values: &[(&str, Option<f64>)]) -> [String; 2] {
    indicator.chart = DefaultChart::Line;
    let of = |&(period, value): &(&str, Option<f64>)| Row {
        period: period.to_owned(),
        ..row("64", TOTAL, value)
    };
    let rows: Vec<Row> = values.iter().map(of).collect();
    said(dataset(indicator, false), &rows)
}

#[test]
fn the_last_of_a_course_is_held_against_the_same_time_a_year_before() {
    let changed = |from: &str| {
        let mut indicator = rate();
        indicator.method.breaks.push(Break {
            period: from.parse().expect("a period"),
            note: Localised::default(),
        });
        indicator
    };
    let two = [("2019-12", Some(80.0)), ("2020-12", Some(90.0))];
    let alone = [
        "2020年12月，银川市的办结率为 90.0%。",
        "Dec 2020: Settled in Yinchuan stood at 90.0%.",
    ];
    let cases = [
        (
            "December with December, not with the January that the line begins with",
            over_time(
                rate(),
                &[
                    ("2018-01", Some(20.0)),
                    two[0],
                    ("2020-11", Some(99.0)),
                    two[1],
                ],
            ),
            [
                "2020年12月，银川市的办结率为 90.0%；一年前（2019年12月）为 80.0%，一年间增加 10.0 个百分点。",
                "Dec 2020: Settled in Yinchuan stood at 90.0%, up 10.0 percentage points from 80.0% a year earlier (Dec 2019).",
            ],
        ),
        (
            "quarters with quarters, the last that is published",
            over_time(
                count(),
                &[
                    ("2019-Q3", Some(1500.0)),
                    ("2020-Q3", Some(1234.0)),
                    ("2020-Q4", None),
                ],
            ),
            [
                "2020年第3季度，银川市的吹哨数为 1,234；一年前（2019年第3季度）为 1,500，一年间减少 266。有 1 个数值为保护个人而隐去，不等于零。",
                "Q3 2020: Whistles in Yinchuan stood at 1,234, down 266 from 1,500 a year earlier (Q3 2019). One value is withheld to protect people; it is not zero.",
            ],
        ),
        (
            "years with years",
            over_time(
                count(),
                &[
                    ("2018", Some(9.0)),
                    ("2019", Some(7.0)),
                    ("2020", Some(7.0)),
                ],
            ),
            [
                "2020年，银川市的吹哨数为 7，与一年前（2019年）持平。",
                "2020: Whistles in Yinchuan stood at 7, the same as a year earlier (2019).",
            ],
        ),
        (
            "no value a year before",
            over_time(rate(), &[("2020-11", Some(80.0)), two[1]]),
            alone,
        ),
        (
            "a withheld value a year before",
            over_time(
                rate(),
                &[("2018-12", Some(70.0)), ("2019-12", None), two[1]],
            ),
            [
                "2020年12月，银川市的办结率为 90.0%。有 1 个数值为保护个人而隐去，不等于零。",
                "Dec 2020: Settled in Yinchuan stood at 90.0%. One value is withheld to protect people; it is not zero.",
            ],
        ),
        (
            "one year of three published",
            over_time(
                count(),
                &[("2018", None), ("2019", None), ("2020", Some(89.0))],
            ),
            [
                "2020年，银川市的吹哨数为 89。有 2 个数值为保护个人而隐去，不等于零。",
                "2020: Whistles in Yinchuan stood at 89. 2 values are withheld to protect people; they are not zero.",
            ],
        ),
        (
            "another definition a year before",
            over_time(changed("2020-01"), &two),
            alone,
        ),
        (
            "the same definition for a year",
            over_time(changed("2019-12"), &two),
            [
                "2020年12月，银川市的办结率为 90.0%；一年前（2019年12月）为 80.0%，一年间增加 10.0 个百分点。",
                "Dec 2020: Settled in Yinchuan stood at 90.0%, up 10.0 percentage points from 80.0% a year earlier (Dec 2019).",
            ],
        ),
    ];
    for (what, said, expected) in cases {
        assert_eq!(said, expected.map(str::to_owned), "{what}");
    }
}

#[test]
fn courses_of_several_places_are_told_by_the_range_of_their_last_published_period() {
    let said_of = |mut indicator: Indicator, last: [Option<f64>; 3]| {
        indicator.chart = DefaultChart::Line;
        let of = |period: &'static str, values| {
            rows(values).into_iter().map(move |row| Row {
                period: period.to_owned(),
                ..row
            })
        };
        let years = of("2019", [Some(1.0), Some(2.0), Some(99.0)]).chain(of("2020", last));
        let years = years.chain(of("2021", [None; 3]));
        said(dataset(indicator, false), &years.collect::<Vec<_>>())
    };
    let cases = [
        (
            "the range of what is published, as a withheld one may be anything",
            said_of(rate(), [Some(90.0), Some(75.5), None]),
            [
                "2020年，3 个办结率数值中公开了 2 个，介于 75.5% 与 90.0% 之间；哪个最高、哪个最低，无法判断。有 1 个数值为保护个人而隐去，不等于零。",
                "2020: Settled is published for 2 of 3, from 75.5% to 90.0%. Which is highest and which lowest cannot be told. One value is withheld to protect people; it is not zero.",
            ],
        ),
        (
            "no place is named where neither end is better",
            said_of(count(), [Some(9.0), Some(7.0), None]),
            [
                "2020年，吹哨数介于 7 与 9 之间；这项指标不分高下，不作排名。有 1 个数值为保护个人而隐去，不等于零。",
                "2020: Whistles ranged from 7 to 9. Neither end is better: this is not a ranking. One value is withheld to protect people; it is not zero.",
            ],
        ),
    ];
    for (what, said, expected) in cases {
        assert_eq!(said, expected.map(str::to_owned), "{what}");
    }
}
