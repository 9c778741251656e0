use contract::snapshot::TOTAL;
use views::rows::Row;

use crate::small::{count, dataset, rate, row, said};

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
                "2020年，吹哨数介于 10 与 20 之间；这项指标不分高下，不作排名。另有 1 个数值为保护个人而隐去，不等于零。",
                "2020: Whistles lay between 10 and 20; neither end is better, so this is no ranking. One more value is withheld to protect people; it is not zero.",
            ],
        ),
        (
            "everywhere means everywhere",
            said(dataset(count(), false), &rows([Some(7.0), Some(7.0), None])),
            [
                "2020年，已公开的各处吹哨数都是 7。另有 1 个数值为保护个人而隐去，不等于零。",
                "2020: Whistles was 7 wherever it is published. One more value is withheld to protect people; it is not zero.",
            ],
        ),
        (
            "one shown is no comparison",
            said(dataset(rate(), false), &rows([Some(90.0), None, None])),
            [
                "2020年，甲区的办结率为 90.0%。另有 2 个数值为保护个人而隐去，不等于零。",
                "2020: Settled in First & east was 90.0%. 2 more values are withheld to protect people; they are not zero.",
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
                "2020: Settled was highest in First & east, 90.0%, and lowest in Second, 75.5%. 2 of 3 reach the target of 80.0%.",
            ],
        ),
        (
            "nothing is published",
            said(dataset(rate(), false), &rows([None, None, None])),
            [
                "这里没有公开的数值。另有 3 个数值为保护个人而隐去，不等于零。",
                "No value is published here. 3 more values are withheld to protect people; they are not zero.",
            ],
        ),
    ];
    for (what, said, expected) in cases {
        assert_eq!(said, expected.map(str::to_owned), "{what}");
    }
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
        "2020: “Roads” made up the largest part of Whistles, 62.5% (10 ÷ 16)."
    );
    assert!(!parts(None).contains("largest part"), "{}", parts(None));
}
