use contract::{
    Status,
    snapshot::{INDICATOR_COLUMNS, TOTAL},
    text::Language,
};
use views::{
    first::{self, FirstView},
    headline, rows,
    twin::Twin,
};

use crate::small::{FILE, count, dataset, rate, row, snapshot};

#[test]
fn a_first_view_holds_finding_chart_and_table_and_says_that_nobody_checked_it() {
    let snapshot = snapshot(dataset(count(), false));
    let first = FirstView::new(&snapshot.manifest.datasets[0]).expect("it is published");
    assert_eq!(first.question().0, FILE);
    let mut withheld = row("6403", TOTAL, None);
    withheld.feasible = Some((2.0, 9.0));
    let rows = [
        row("6401", TOTAL, Some(1234.0)),
        row("6402", TOTAL, Some(20.0)),
        withheld,
    ];
    for (language, told) in [
        (
            Language::EN,
            [
                "2020: Whistles ranged from 20 to 1,234",
                "<th scope=\"row\">First &amp; east</th><td>2020</td><td class=\"number\">1,234</td>",
                "<td class=\"number\">2–9 (Suppressed)</td>",
                "Not checked",
            ],
        ),
        (
            Language::ZH_CN,
            [
                "2020年，吹哨数介于 20 与 1,234 之间",
                "<th scope=\"row\">甲区</th><td>2020年</td><td class=\"number\">1,234</td>",
                "<td class=\"number\">2–9（已隐去）</td>",
                "未经核验",
            ],
        ),
    ] {
        let html = first.html(&snapshot, &rows, language).expect("it is drawn");
        assert!(html.starts_with("<div id=\"drawn\" data-snapshot=\"2020-12-r1\">"));
        for told in told {
            assert!(html.contains(told), "{told}: {html}");
        }
        // One for a phone, one for a desk; nothing in them answers a key.
        assert_eq!(html.matches("<svg").count(), 2);
        assert!(html.contains("viewBox=\"0 0 360 ") && html.contains("viewBox=\"0 0 880 "));
        let picture = first.picture(&snapshot, &rows, language);
        let picture = picture.expect("it is drawn");
        assert!(picture.contains("width=\"1280\" height=\"720\""));
        assert!(
            picture.contains("2020-12-r1") && picture.contains("#fff3d6"),
            "{picture}"
        );
        for forbidden in ["tabindex", "<cases>", "style=\"", "<script"] {
            assert!(!html.contains(forbidden), "{forbidden}: {html}");
        }
    }
}

#[test]
fn a_withheld_table_has_no_first_view() {
    let mut dataset = dataset(count(), false);
    for table in &mut dataset.tables {
        table.status = Status::Suppressed;
    }
    assert!(FirstView::new(&dataset).is_none());
}

#[test]
fn a_card_stands_for_each_headline_with_what_it_is_compared_with() {
    let snapshot = snapshot(dataset(rate(), false));
    let columns = serde_json::to_string(&INDICATOR_COLUMNS).expect("names");
    let line = |period: &str, value: f64, above: i64| {
        let length = if period.len() == 4 { "year" } else { "quarter" };
        format!(
            r#"["settled","city","{length}","64","{period}","total",{value},{above},200,null,null,null,null,"published","final"]"#
        )
    };
    let lines = [line("2019", 75.0, 150), line("2020", 90.0, 180)].join(",");
    let twin: Twin = serde_json::from_str(&format!(r#"{{"columns":{columns},"rows":[{lines}]}}"#))
        .expect("a twin");
    let [(dataset, path, query)] = headline::questions(&snapshot)
        .try_into()
        .expect("one question");
    assert_eq!(path, FILE);
    let rows = rows::rows(&twin.table(&query).expect("the columns are known"));
    let headlines = headline::headlines(&snapshot, &[(dataset.id.as_str(), rows)]);
    let html = first::home(&snapshot, &headlines, Language::EN).expect("it is drawn");
    for told in [
        "<a href=\"/en/data/whistle/?indicator=settled&amp;level=city&amp;granularity=year\">Settled</a>",
        "<p class=\"kicker\">Whistle &lt;cases&gt;</p>",
        "<p class=\"value\">90.0%</p>",
        "<p class=\"target-line\">Target 80.0%</p>",
        "Up 15.0 percentage points on 2019",
    ] {
        assert!(html.contains(told), "{told}: {html}");
    }
}
