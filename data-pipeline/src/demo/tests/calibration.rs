//! Each figure of the article that the exports can show, computed from them, beside the article's.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;

use super::{
    Zone,
    reader::{figures, good},
};

/// Sums by key.
fn sums<'a>(parts: impl Iterator<Item = (&'a str, f64)>) -> BTreeMap<String, f64> {
    parts.fold(BTreeMap::new(), |mut sums, (key, part)| {
        *sums.entry(key.to_owned()).or_default() += part;
        sums
    })
}

fn extremes(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::MAX, f64::MIN), |(low, high), v| {
        (low.min(v), high.max(v))
    })
}

/// What a reader of the files finds for 2020: the least and the greatest value where a figure is meant for
/// every community.
fn found(zone: &Zone) -> BTreeMap<&'static str, (f64, f64)> {
    let once = |value: f64| (value, value);
    let mut found = BTreeMap::new();
    let areas = good(zone, "areas");
    let now: Vec<_> = areas
        .iter()
        .filter(|row| row.text("年度") == "2020" && !row.has("失效日期"))
        .collect();
    let distinct = |header| {
        now.iter()
            .map(|row| row.text(header))
            .collect::<BTreeSet<_>>()
            .len()
    };
    found.insert("communities", once(distinct("社区代码") as f64));
    found.insert("street_work_committees", once(distinct("街道代码") as f64));
    let people = sums(
        now.iter()
            .map(|row| (row.text("城乡类型"), row.number("人口"))),
    );
    let share = 100.0 * people["城镇"] / people.values().sum::<f64>();
    found.insert("urban_population_share", once(share));

    let cases = good(zone, "whistle-2020");
    found.insert("whistles", once(cases.len() as f64));
    let matters = cases.iter().map(|row| row.number("解决事项数")).sum();
    found.insert("matters_resolved", once(matters));

    let money = |year: i32, line: &str, header: &str| {
        let rows = good(zone, &format!("funding-{year}"));
        let rows = rows.iter().filter(|row| row.text("经费类别") == line);
        sums(rows.map(|row| (row.text("社区代码"), row.yuan(header))))
    };
    let party = money(2020, "党建经费", "预算金额");
    let former = money(2020, "党建经费", "原标准金额");
    let multiples = party.iter().map(|(community, now)| now / former[community]);
    found.insert("party_building_funding_multiple", extremes(multiples));
    let service = "为民服务和发展专项资金";
    let (now, before) = (
        money(2020, service, "预算金额"),
        money(2019, service, "预算金额"),
    );
    let rises = now.iter().map(|(community, now)| now - before[community]);
    found.insert("service_fund_increase", extremes(rises));
    let chongan: Vec<f64> = good(zone, "funding-2020")
        .iter()
        .filter(|row| row.text("社区代码") == "640104001001")
        .filter(|row| row.moment("记账日期").month() == 4)
        .map(|row| row.yuan("预算金额"))
        .collect();
    assert_eq!(chongan.len(), 1, "the article's money and no other");
    found.insert("chongan_upgrade_funding", once(chongan[0]));

    // What counts is the last inspection of each facility.
    let mut latest = BTreeMap::new();
    for row in good(zone, "space") {
        let (facility, day) = (row.text("设施编号").to_owned(), row.moment("检查日期"));
        let known = latest.entry(facility).or_insert((day, None));
        if known.1.is_none() || known.0 < day {
            *known = (day, Some(row));
        }
    }
    let last: Vec<_> = latest.into_values().filter_map(|(_, row)| row).collect();
    let activity = sums(
        last.iter()
            .map(|row| (row.text("社区代码"), row.number("居民活动面积"))),
    );
    assert_eq!(activity.len(), 255, "every community has a place");
    found.insert("activity_space_minimum", extremes(activity.into_values()));
    let mut centres: Vec<f64> = last
        .iter()
        .filter(|row| row.text("设施类别") == "党群服务中心")
        .map(|row| row.number("建筑面积"))
        .collect();
    centres.sort_by(|a, b| b.total_cmp(a));
    let large = centres.iter().filter(|&&area| area >= 2000.0).count();
    found.insert("large_service_centres", once(large as f64));
    // The last of the 21 that the article speaks of.
    found.insert("large_service_centre_minimum", once(centres[20]));
    found
}

/// Whether a value is what the article says: one that is more than 2,700 is not 9,000 either.
fn holds(id: &str, article: f64, qualifier: &str, (low, high): (f64, f64)) -> bool {
    // A share without decimals has been rounded to a whole number.
    let precision = if id.ends_with("_share") { 0.5 } else { 1e-9 };
    match qualifier {
        "exact" => (low - article).abs() < precision && (high - article).abs() < precision,
        "more_than" => low > article && high < article * 1.05,
        "at_least" => low >= article,
        "nearly" => high < article && low > article * 0.9,
        other => panic!("{other}"),
    }
}

/// Figures that do not hold, after printing all.
fn contradicted(seed: u64, contradict: bool) -> Vec<&'static str> {
    let zone = Zone::new(seed, 1.0, contradict);
    let article = figures(&zone);
    let mut contradicted = Vec::new();
    println!(
        "seed {seed}{}",
        if contradict { ", contradicting" } else { "" }
    );
    for (id, (low, high)) in found(&zone) {
        let (figure, qualifier) = &article[id];
        let holds = holds(id, *figure, qualifier, (low, high));
        let verdict = if holds { "holds" } else { "does not hold" };
        println!("  {id}: article {qualifier} {figure}, exports {low:.2} to {high:.2}: {verdict}");
        if !holds {
            contradicted.push(id);
        }
    }
    contradicted
}

#[test]
fn the_exports_show_the_figures_of_the_article_whatever_the_seed() {
    for seed in [2020, 1, 99] {
        assert_eq!(contradicted(seed, false), [""; 0], "seed {seed}");
    }
}

#[test]
fn contradicting_exports_break_at_least_five_figures() {
    for seed in [2020, 1] {
        let broken = contradicted(seed, true);
        assert!(broken.len() >= 5, "{broken:?}");
        // The register is no claim: it stays as it is.
        assert!(!broken.contains(&"communities"), "{broken:?}");
    }
}

#[test]
fn communities_that_the_article_names_carry_its_figures_only() {
    let zone = Zone::new(2020, 1.0, false);
    let areas = good(&zone, "areas");
    let names = [
        "崇安社区",
        "盈北社区",
        "梦园社区",
        "枫林湾社区",
        "长城花园社区",
    ];
    let codes: BTreeSet<&str> = areas
        .iter()
        .filter(|row| names.contains(&row.text("社区名称")))
        .map(|row| row.text("社区代码"))
        .collect();
    assert_eq!(codes.len(), names.len());
    for (dataset, key, expected) in [
        ("whistle", "案件编号", 0),
        ("space", "设施编号", 5),
        ("funding", "凭证号", 1),
    ] {
        let rows = good(&zone, dataset);
        let about: BTreeSet<&str> = rows
            .iter()
            .filter(|row| codes.contains(row.text("社区代码")))
            .map(|row| row.text(key))
            .collect();
        assert_eq!(about.len(), expected, "{dataset}");
    }
}
