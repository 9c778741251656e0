//! Real exports, when they are at hand: the cases of Pingshan district, the ledgers of Changhua county and of three
//! Taiwanese cities, the public facilities of Korea. What is published is recomputed here, sharing no code with the
//! pipeline.

use std::{collections::BTreeMap, path::Path};

use anyhow::{Context, Result};
use data_pipeline::run::{self, Places};

use super::{
    common::{files, root},
    hostile::trial_data,
};

fn instance(example: &str, raw: &Path, folder: &Path) -> Places {
    Places {
        portal: root().join("examples").join(example),
        raw: raw.to_owned(),
        work: folder.join("work"),
        ..Places::default()
    }
}

/// The group of a department, by the rule that the contract's patterns mean.
fn group(department: &str) -> &'static str {
    let has = |part: &str| department.contains(part);
    match department {
        _ if has("综合执法队") => "enforcement",
        d if d.starts_with("城管办") => "city_management_offices",
        _ if has("市政服务中心") => "service_centres",
        d if d.ends_with("社区") || has("社区(") || has("社区（") => "communities",
        "环境保护和水务局" => "environment_water",
        "坪山交通运输局" | "交通运输局" => "transport",
        "城市管理局" => "city_management",
        "住房和建设局" => "housing",
        d if d.ends_with("水务有限公司")
            || has("自来水")
            || d.ends_with("供电局")
            || has("供电局")
            || has("移动")
            || has("电信")
            || has("联通") =>
        {
            "utilities"
        }
        _ if has("交警") => "traffic_police",
        "教育局" => "education",
        _ if has("公安分局") => "police",
        _ => "other",
    }
}

type Shares = BTreeMap<String, (u64, u64)>;

/// Closed on time and flagged, by a key of the raw row.
fn recount(raw: &Path, key: impl Fn(&BTreeMap<String, String>) -> String) -> Result<Shares> {
    let mut reader = csv::Reader::from_path(raw)?;
    let mut shares = Shares::new();
    for row in reader.deserialize::<BTreeMap<String, String>>() {
        let row = row?;
        let on_time = match row["INTIME_ARCHIVE_NUM"].as_str() {
            "1" => 1,
            "0" => 0,
            _ => continue,
        };
        let share = shares.entry(key(&row)).or_default();
        *share = (share.0 + on_time, share.1 + 1);
    }
    Ok(shares)
}

/// Numerator and denominator of an indicator of 2018 from a published CSV, by place and class.
fn published(
    folder: &Path,
    stem: &str,
    indicator: &str,
    level: &str,
) -> Result<BTreeMap<(String, String), (u64, u64)>> {
    let (_, csv) = files(&folder.join("files/whistle"))
        .into_iter()
        .find(|(path, _)| {
            path.to_string_lossy().starts_with(stem) && path.extension().is_some_and(|e| e == "csv")
        })
        .with_context(|| format!("no table {stem}"))?;
    let mut reader = csv::Reader::from_reader(csv.as_slice());
    let mut cells = BTreeMap::new();
    for row in reader.deserialize::<BTreeMap<String, String>>() {
        let row = row?;
        if row["indicator"] == indicator
            && row["level"] == level
            && row["period"] == "2018"
            && row["status"] == "published"
        {
            let number = |name: &str| row[name].parse::<u64>();
            let class = row.get("class").cloned().unwrap_or_default();
            cells.insert(
                (row["place"].clone(), class),
                (number("numerator")?, number("denominator")?),
            );
        }
    }
    Ok(cells)
}

#[tokio::test]
async fn pingshan_is_published_alike_from_both_encodings_and_as_recounted() -> Result<()> {
    let Some(data) = trial_data("whistle-pingshan-2018") else {
        return Ok(());
    };
    let raw = data.join("pingshan_12345_2018.csv");
    let folder = tempfile::tempdir()?;
    let to = folder.path().join("utf8");
    let (reports, ..) =
        run::publish(&instance("pingshan", &raw, folder.path()), &to, false).await?;
    let rows = reports[0].files[0].rows;
    assert_eq!((rows.read, rows.accepted, rows.rejected), (9_990, 9_985, 5));
    let other = folder.path().join("gb18030");
    let gb18030 = data.join("pingshan_12345_2018_gb18030.csv");
    let (reports, ..) = run::publish(
        &instance("pingshan", &gb18030, folder.path()),
        &other,
        false,
    )
    .await?;
    assert_eq!(reports[0].files[0].encoding, "gb18030");
    assert!(files(&to) == files(&other), "the encoding leaves no trace");
    // On-time closing, in all, by street, and by group of departments.
    let all = recount(&raw, |_| String::new())?;
    assert_eq!(all[""], (9_062, 9_985));
    let streets = recount(&raw, |row| row["STREET_ID"].clone())?;
    let cells = published(&to, "total-", "closed_on_time", "street")?;
    assert_eq!(cells.len(), streets.len(), "every street is published");
    for ((street, _), share) in &cells {
        assert_eq!(share, &streets[street], "street {street}");
    }
    let groups = recount(&raw, |row| group(&row["DISPOSE_UNIT_NAME"]).to_owned())?;
    let cells = published(&to, "department-", "closed_on_time", "city")?;
    let mut rest = groups.clone();
    for ((_, class), share) in cells.iter().filter(|((_, class), _)| class != "other") {
        assert_eq!(share, &groups[class], "group {class}");
        rest.remove(class);
    }
    let (on_time, flagged) = rest
        .values()
        .fold((0, 0), |sum, share| (sum.0 + share.0, sum.1 + share.1));
    let (_, other) = cells
        .iter()
        .find(|((_, class), _)| class == "other")
        .context("a class for the rest")?;
    assert_eq!(other, &(on_time, flagged), "the rest: {rest:?}");
    println!(
        "{} streets, {} groups of departments and the rest recounted alike",
        streets.len(),
        cells.len() - 1
    );
    Ok(())
}
