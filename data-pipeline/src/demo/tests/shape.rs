//! Shapes, dirt and plausibility.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;

use super::{
    Zone,
    reader::{Row, decoded, good, rows},
};

fn count<'a>(
    rows: impl IntoIterator<Item = &'a Row>,
    key: impl Fn(&Row) -> String,
) -> BTreeMap<String, usize> {
    rows.into_iter().fold(BTreeMap::new(), |mut counts, row| {
        *counts.entry(key(row)).or_default() += 1;
        counts
    })
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let zone = |seed, contradict| Zone::new(seed, 0.3, contradict).bytes();
    let first = zone(7, false);
    assert!(first == zone(7, false));
    for ((name, one), (_, other)) in first.iter().zip(zone(8, false)) {
        assert!(
            name.to_string_lossy() == "reported.csv" || *one != other,
            "{}",
            name.display()
        );
    }
}

#[test]
fn files_come_in_the_shapes_of_a_city() {
    let zone = Zone::new(2020, 0.3, false);
    let mut shapes = BTreeMap::new();
    for (name, bytes) in zone.bytes() {
        let shape = match bytes.as_slice() {
            [0xEF, 0xBB, 0xBF, ..] => "UTF-8 with BOM",
            [b'P', b'K', ..] => "workbook",
            other if std::str::from_utf8(other).is_ok() => "UTF-8",
            _ => "GB18030",
        };
        shapes.insert(name.to_string_lossy().into_owned(), shape);
    }
    let expected = [
        ("areas.csv", "UTF-8"),
        ("funding-2018.csv", "UTF-8 with BOM"),
        ("funding-2019.csv", "GB18030"),
        ("funding-2020.xlsx", "workbook"),
        ("raw-zone.toml", "UTF-8"),
        ("reported.csv", "UTF-8"),
        ("space-2018.csv", "GB18030"),
        ("space-2019.csv", "UTF-8"),
        ("space-2020.xlsx", "workbook"),
        ("whistle-2018.csv", "UTF-8 with BOM"),
        ("whistle-2019.csv", "UTF-8"),
        ("whistle-2020.csv", "GB18030"),
    ];
    assert_eq!(shapes, expected.map(|(n, s)| (n.to_owned(), s)).into());
    let written: BTreeMap<String, u64> = zone
        .summary
        .files
        .iter()
        .map(|(path, n)| {
            (
                path.file_name()
                    .expect("a name")
                    .to_string_lossy()
                    .into_owned(),
                *n,
            )
        })
        .collect();
    for prefix in ["areas", "whistle", "funding", "space", "reported"] {
        for (file, n) in count(&rows(&zone, prefix), |row| row.file.clone()) {
            assert_eq!(written[&file], n as u64, "{file}: every row is counted");
        }
    }
}

#[test]
fn scale_multiplies_rows_and_a_full_workbook_is_continued_in_the_next() {
    let zone = |scale| Zone::of_years(2020, scale, false, 2020);
    let (small, large) = (zone(0.1), zone(12.0));
    let books: Vec<String> = large
        .bytes()
        .into_iter()
        .map(|(name, _)| name.to_string_lossy().into_owned())
        .filter(|name| name.starts_with("funding-2020"))
        .collect();
    assert_eq!(books, ["funding-2020-2.xlsx", "funding-2020.xlsx"]);
    let len = |zone: &Zone, prefix: &str| good(zone, prefix).len();
    assert_eq!(len(&small, "whistle-2020"), 271);
    assert_eq!(len(&large, "whistle-2020"), 32_568);
    // Each kind of money has at least one line.
    assert!(len(&small, "funding-2020") > 500 && len(&large, "funding-2020") > 20_000);
}

#[test]
fn nothing_looks_like_a_real_persons_record() {
    let zone = Zone::new(2020, 1.0, false);
    let (mut ids, mut phones) = (0, 0);
    for prefix in ["whistle", "funding", "space"] {
        for row in rows(&zone, prefix) {
            for header in ["身份证号", "收款账号"] {
                // A row that was planted with a field too many has others here.
                let digits = row.text(header).bytes().filter(u8::is_ascii_digit).count();
                assert!(digits < 15 || row.text(header).starts_with("990000"));
            }
            for header in ["诉求内容", "备注", "类别", "吹哨时间", "联系电话"] {
                let text = row.text(header);
                for run in text.split(|c: char| !c.is_ascii_digit()) {
                    match run.len() {
                        17 | 18 => ids += usize::from(run.starts_with("990000")),
                        11 => phones += usize::from(run.starts_with("1990000")),
                        // A date, or part of a telephone number.
                        0..=8 => continue,
                        _ => panic!("{} line {}: {header}", row.file, row.line),
                    }
                    assert!(run.starts_with("990000") || run.starts_with("1990000"));
                }
            }
        }
    }
    assert!(
        ids > 100 && phones > 5000,
        "{ids} ID numbers in free text, {phones} telephone numbers"
    );
}

#[test]
fn cases_run_as_cases_do() {
    let zone = Zone::new(2020, 1.0, false);
    let cases = good(&zone, "whistle");
    let mut hours: Vec<i64> = cases
        .iter()
        .filter(|row| row.has("办结时间"))
        .map(|row| (row.moment("办结时间") - row.moment("吹哨时间")).num_hours())
        .collect();
    hours.sort_unstable();
    let at = |percent: usize| hours[hours.len() * percent / 100];
    assert!(at(90) > 4 * at(50), "median {} h, P90 {} h", at(50), at(90));
    let open = cases.iter().filter(|row| !row.has("办结时间")).count();
    assert!((100..600).contains(&open), "{open} open cases");
    let by_cell = count(&cases, |row| {
        format!(
            "{} {}",
            row.text("社区代码"),
            row.moment("吹哨时间").format("%Y-%m")
        )
    });
    let small = by_cell.values().filter(|&&n| n < 5).count();
    assert!(small * 10 > by_cell.len() * 8, "most cells are small");
    let streets = count(&cases, |row| row.text("社区代码")[..9].to_owned());
    let (least, most) = (streets.values().min(), streets.values().max());
    assert!(
        most.zip(least)
            .is_some_and(|(most, least)| *most > 2 * *least)
    );
    let heating = |months: &[u32]| {
        let kind = cases.iter().filter(|row| row.text("类别") == "水电气暖");
        kind.filter(|row| months.contains(&row.moment("吹哨时间").month()))
            .count()
    };
    assert!(heating(&[11, 12, 1]) > 2 * heating(&[6, 7, 8]));
    // What was reopened names a case that was closed within the 30 days before.
    let closed: BTreeMap<&str, _> = cases
        .iter()
        .filter(|row| row.has("办结时间"))
        .map(|row| (row.text("案件编号"), row))
        .collect();
    let again: Vec<&Row> = cases.iter().filter(|row| row.has("重开自")).collect();
    for row in &again {
        let earlier = closed[row.text("重开自")];
        let gap = row.moment("吹哨时间") - earlier.moment("办结时间");
        assert!(earlier.text("30日内重开") == "是" && (0..=30).contains(&gap.num_days()));
        assert_eq!(earlier.text("社区代码"), row.text("社区代码"));
    }
    let flagged = cases
        .iter()
        .filter(|row| row.text("30日内重开") == "是")
        .count();
    assert!(
        again.len() > 100 && flagged - again.len() < 10,
        "{flagged} {}",
        again.len()
    );
    for row in &cases {
        let called = row.text("吹哨部门").split('、').count() as f64;
        assert!(row.number("按时报到部门数") <= called);
        assert!(!row.has("不满意原因") || row.text("居民评价") == "不满意");
    }
}

#[test]
fn a_community_has_cases_only_while_it_exists() {
    let zone = Zone::new(2020, 1.0, false);
    let areas = good(&zone, "areas");
    let ended: BTreeSet<&str> = areas
        .iter()
        .filter(|row| row.has("失效日期"))
        .map(|row| row.text("社区代码"))
        .collect();
    assert_eq!(ended.len(), 1);
    let names = areas
        .iter()
        .fold(BTreeMap::<_, BTreeSet<_>>::new(), |mut names, row| {
            names
                .entry(row.text("社区代码"))
                .or_default()
                .insert(row.text("社区名称"));
            names
        });
    assert_eq!(
        names.values().filter(|names| names.len() > 1).count(),
        1,
        "one was renamed"
    );
    for dataset in ["whistle", "funding"] {
        let all = good(&zone, dataset);
        let old = |year: &str| {
            let file = |row: &&Row| row.file.contains(year);
            all.iter()
                .filter(file)
                .filter(|row| ended.contains(row.text("社区代码")))
                .count()
        };
        assert!(
            old("2018") > 0 && old("2019") == 0 && old("2020") == 0,
            "{dataset}"
        );
    }
}

#[test]
fn money_comes_late_and_is_left_over() {
    let zone = Zone::new(2020, 1.0, false);
    let lines = good(&zone, "funding");
    let days = |row: &&Row| (row.moment("到账日期") - row.moment("记账日期")).num_days();
    let dated: Vec<&Row> = lines.iter().filter(|row| row.has("到账日期")).collect();
    let late = dated.iter().filter(|row| days(row) > 90).count();
    assert!(
        late * 10 > dated.len() && late * 2 < dated.len(),
        "{late} of {}",
        dated.len()
    );
    let sum = |header: &str| lines.iter().map(|row| row.yuan(header)).sum::<f64>();
    let (budgeted, received, spent) = (sum("预算金额"), sum("到账金额"), sum("支出金额"));
    assert!(received < 0.97 * budgeted && spent < 0.95 * received && spent > 0.6 * received);
    let relief: Vec<&Row> = lines
        .iter()
        .filter(|row| row.text("用途") == "困难救助")
        .collect();
    assert!(
        relief.len() > 100
            && relief
                .iter()
                .all(|row| !row.text("收款人").contains("商行"))
    );
}

#[test]
fn space_is_uneven_and_inspected_again() {
    let zone = Zone::new(2020, 1.0, false);
    let all = good(&zone, "space");
    let facilities = count(&all, |row| row.text("设施编号").to_owned());
    assert!(
        facilities.values().filter(|&&n| n > 2).count() > 500,
        "inspected again and again"
    );
    let rooms = facilities
        .keys()
        .filter(|number| number.ends_with("-2"))
        .count();
    assert!(rooms > 30, "{rooms} facilities of several rooms");
    let basement = all
        .iter()
        .filter(|row| row.text("所在楼层") == "地下一层" && row.text("电梯") == "无");
    assert!(basement.count() > 30);
    assert!(
        all.iter()
            .filter(|row| row.text("每周开放小时") == "0")
            .count()
            > 20
    );
    let mut before = BTreeMap::<&str, f64>::new();
    for row in all.iter().filter(|row| row.file.contains("2018")) {
        *before.entry(row.text("社区代码")).or_default() += row.number("居民活动面积");
    }
    assert!(
        before.values().filter(|&&area| area < 500.0).count() > 20,
        "not all had their 500 m²"
    );
}

#[test]
fn the_zone_is_marked_as_a_demonstration() {
    let zone = Zone::new(5, 0.1, false);
    let mark = zone
        .bytes()
        .into_iter()
        .find(|(name, _)| name.ends_with("raw-zone.toml"));
    let text = decoded(&mark.expect("a mark").1);
    assert!(text.contains("demonstration = true") && text.contains("reference = \"2020-12\""));
}
