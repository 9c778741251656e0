//! The shipped contracts of funding, space, areas and reported, on a small city whose figures are worked
//! out by hand.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use contract::{Level, Place, dataset::Comparison, snapshot::Manifest};
use data_pipeline::run::{self, Places};

/// Four communities in two streets; 和平 exists until the end of 2019, 新城 since 2020.
const AREAS: &str = "市代码,市名称,市英文名,区县代码,区县名称,区县英文名,街道代码,街道名称,街道英文名,社区代码,社区名称,社区英文名,城乡类型,年度,户数,人口,生效日期,失效日期
1,某市,City,11,甲区,A,111,东街街道,East,11101,福安社区,,城镇,2019,1000,2500,,
1,某市,City,11,甲区,A,111,东街街道,East,11101,福安社区,,城镇,2020,1000,2600,,
1,某市,City,11,甲区,A,111,东街街道,East,11102,康宁社区,,城镇,2019,2000,5000,,
1,某市,City,11,甲区,A,111,东街街道,East,11102,康宁社区,,城镇,2020,3000,5200,,
1,某市,City,11,甲区,A,112,西街街道,West,11201,和平社区,,乡村,2019,500,1200,,2019-12-31
1,某市,City,11,甲区,A,112,西街街道,West,11202,新城社区,,城乡结合,2020,1500,3000,2020-01-01,
";

/// 康宁's centre is inspected twice, 新城 has nothing.
const SPACE: &str = "设施编号,检查日期,社区代码,设施类别,功能,建筑面积,居民活动面积,所在楼层,电梯,无障碍,每周开放小时,启用日期,建设经费,负责人,联系电话,备注
A1,2019-05-10,11101,党群服务中心,党群活动、便民服务、文体活动,400,300,一层,否,是,40,2015-01-01,800000,某甲,,
A2,2019-06-10,11101,图书阅览室,阅读,200,150,三层,否,否,,2015-01-01,,某乙,,
B1,2019-05-11,11102,党群服务中心,党群活动,600,200,地下一层,是,否,20,2016-01-01,,某丙,,
B1,2020-09-01,11102,党群服务中心,党群活动、便民服务、养老助餐,2100,1500,一至三层,是,是,60,2016-01-01,6000000,某丁,,
C1,2019-05-12,11201,活动场所,文体活动,100,80,1层,否,否,30,2010-01-01,,某戊,,
A1,2019-05-10,11101,党群服务中心,党群活动,999,999,一层,否,是,40,2015-01-01,,某甲,,
";

const FUNDING: &str = "凭证号,记账日期,社区代码,经费类别,资金来源,用途,预算金额,到账金额,支出金额,原标准金额,到账日期,支出日期,收款人,收款账号,备注
P1,2020-01-10,11101,党建经费,市级财政,组织生活,2000,2000,1500,1000,2020-02-01,2020-03-02,某商行,,
P2,2020-02-10,11102,党建经费,市级财政,教育培训,3000,3000,0,2000,2020-03-01,,某商行,,
P3,2020-04-10,11102,为民服务和发展专项资金,区县财政,困难救助,500,500,500,-,2020-05-01,2020-05-11,某人,,
P4,2020-11-20,11101,阵地建设,区县财政,场所改造,10000,8000,8000,-,2020-12-01,2020-12-31,某商行,,
P5,2020-12-20,11101,阵地建设,区县财政,场所改造,1000,0,0,-,,,某商行,,
P6,2020-12-20,11101,阵地建设,区县财政,场所改造,1000,1500,2000,-,2020-12-21,2020-12-22,某商行,,
";

const WHISTLE: &str = "案件编号,吹哨时间,社区代码,哨级,哨源,类别,牵头部门,吹哨部门,报到时间,报到期限,按时报到部门数,转办次数,处置时间,办结时间,办结期限,解决事项数,是否回访,居民确认解决,居民评价,不满意原因,街道评价,30日内重开,重开自,反映人,联系电话,身份证号,详细地址,诉求内容
";

/// As many as a record-level file needs, all alike.
fn cases() -> String {
    let case = |n| {
        format!(
            "C{n},2020-03-01 08:00:00,11101,日常哨,网格员巡查,水电气暖,水务局,水务局,2020-03-01 10:00:00,2020-03-04 08:00:00,1,0,2020-03-02 08:00:00,2020-03-03 08:00:00,2020-03-31 08:00:00,1,否,,,,好,否,,某甲,,,,\n"
        )
    };
    (1..=6)
        .map(case)
        .fold(WHISTLE.to_owned(), |all, case| all + &case)
}

const REPORTED: &str = "figure_id,theme,area,period,figure,qualifier,unit,label_zh,label_en
activity_space_minimum,space,某市,2020,500,at_least,square_metre,活动面积下限,Least activity space
large_service_centres,space,某市,2020,1,exact,count,大型中心,Large centres
communities,space,某市,2020,3,exact,count,社区数,Communities
whistles,whistle,某市,2020,10,more_than,count,吹哨,Whistles
matters_resolved,whistle,某市,2020,10,more_than,count,事项,Matters
party_building_funding_multiple,funding,某市,2020,2,exact,multiple_of_former_basis,倍数,Multiple
chongan_upgrade_funding,funding,某市/福安社区,2020-04,8000,exact,yuan,升级资金,Upgrade
share,organisation,某市,2020,82.6,exact,percent,占比,Share
per_worker_low,workforce,某市/不知社区,2020-01,3000,range_low,count,服务人数(下限),Residents per worker (low end)
per_worker_high,workforce,某市/不知社区,2020-01,4000,range_high,count,服务人数(上限),Residents per worker (high end)
";

const PORTAL: &str = r#"format = 1
title = { zh = "某市", en = "City" }
publisher = { zh = "某市", en = "City" }
licence = "CC-BY-4.0"
reference = "2020-12"
datasets = ["whistle", "funding", "space", "areas", "reported"]
headlines = ["space.communities_at_least_500"]
"#;

struct City {
    folder: tempfile::TempDir,
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)?.flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to)?;
        } else {
            fs::copy(from, to)?;
        }
    }
    Ok(())
}

impl City {
    fn new() -> Result<Self> {
        let city = Self {
            folder: tempfile::tempdir()?,
        };
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR"));
        copy(&shipped.join("datasets"), &city.path("portal/datasets"))?;
        let portal = fs::read_to_string(shipped.join("portal.toml"))?;
        let places = portal.find("[places]").context("the register's columns")?;
        fs::write(
            city.path("portal/portal.toml"),
            format!("{PORTAL}{}", &portal[places..]),
        )?;
        fs::create_dir_all(city.path("raw"))?;
        for (name, text) in [
            ("areas.csv", AREAS),
            ("whistle.csv", &cases()),
            ("space.csv", SPACE),
            ("funding.csv", FUNDING),
            ("reported.csv", REPORTED),
        ] {
            fs::write(city.path("raw").join(name), text)?;
        }
        Ok(city)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    async fn publish(
        &self,
        dry_run: bool,
    ) -> Result<(Vec<run::DatasetReport>, data_pipeline::publish::Published)> {
        let places = Places {
            portal: self.path("portal"),
            raw: self.path("raw"),
            work: self.path("work"),
            ..Places::default()
        };
        let (reports, _, published) =
            run::publish(&places, &self.path("published"), dry_run).await?;
        Ok((reports, published))
    }

    fn manifest(&self, id: &str) -> Result<Manifest> {
        let path = self
            .path("published/snapshots")
            .join(id)
            .join("manifest.json");
        Ok(serde_json::from_slice(&fs::read(path)?)?)
    }

    /// Every published row, from the CSV twins: `dataset.indicator level granularity place period class`.
    fn rows(&self, manifest: &Manifest) -> Result<BTreeMap<String, Vec<String>>> {
        let mut rows = BTreeMap::new();
        for dataset in &manifest.datasets {
            for breakdown in &dataset.breakdowns {
                let path = breakdown.path.replace(".parquet", ".csv");
                let text = fs::read_to_string(self.path("published").join(path))?;
                let mut reader =
                    csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
                for record in reader.records() {
                    let record = record?;
                    let key = format!(
                        "{}.{} {} {} {} {} {}",
                        dataset.id,
                        &record[0],
                        &record[1],
                        &record[2],
                        &record[3],
                        &record[4],
                        &record[5]
                    );
                    let fields = record.iter().skip(6).map(str::to_owned).collect();
                    rows.insert(key, fields);
                }
            }
        }
        Ok(rows)
    }
}

/// Value, numerator, denominator of a row; empty where there is none.
fn check(rows: &BTreeMap<String, Vec<String>>, key: &str, expected: [&str; 3]) {
    let found = rows.get(key).map(|row| [&*row[0], &*row[1], &*row[2]]);
    assert_eq!(found, Some(expected), "{key}");
}

#[tokio::test]
async fn figures_are_those_worked_out_by_hand() -> Result<()> {
    let city = City::new()?;
    let (reports, published) = city.publish(false).await?;
    for (dataset, rejected) in [("space", "unique"), ("funding", "spent_within_received")] {
        let report = reports
            .iter()
            .find(|r| r.dataset == dataset)
            .context("a report")?;
        assert_eq!(report.rejected_by_rule.get(rejected), Some(&1), "{dataset}");
    }
    let manifest = city.manifest(&published.id)?;
    let rows = city.rows(&manifest)?;
    for (key, expected) in [
        // Of three communities at the end of 2020, 新城 has nothing: 450 and 1,500 m².
        ("space.communities city year 1 2020 total", ["3", "3", "3"]),
        ("space.communities city year 1 2019 total", ["3", "3", "3"]),
        (
            "space.activity_area city year 1 2020 total",
            ["1950", "195000", ""],
        ),
        (
            "space.activity_area city year 1 2019 total",
            ["730", "73000", ""],
        ),
        (
            "space.activity_area city quarter 1 2020-Q2 total",
            ["650", "65000", ""],
        ),
        (
            "space.activity_area city quarter 1 2020-Q3 total",
            ["1950", "195000", ""],
        ),
        (
            "space.communities_at_least_500 city year 1 2020 total",
            ["33.333333333333336", "1", "3"],
        ),
        (
            "space.communities_at_least_500 community year 11102 2020 total",
            ["100", "1", "1"],
        ),
        (
            "space.communities_below_500 street year 112 2020 total",
            ["1", "1", "1"],
        ),
        (
            "space.shortfall_500 city year 1 2020 total",
            ["550", "55000", "3"],
        ),
        (
            "space.activity_area_median city year 1 2020 total",
            ["450", "", "3"],
        ),
        (
            "space.activity_area_least city year 1 2020 total",
            ["0", "", "3"],
        ),
        // 2,700 m² for 5,500 households; 福安 600 for 1,000, 康宁 2,100 for 3,000, 新城 0 for 1,500.
        (
            "space.floor_area_per_100_households city year 1 2020 total",
            ["49.09090909090909", "270000", "5500"],
        ),
        (
            "space.communities_at_least_30 city year 1 2020 total",
            ["66.66666666666667", "2", "3"],
        ),
        (
            "space.communities_at_least_30 city year 1 2019 total",
            ["66.66666666666667", "2", "3"],
        ),
        (
            "space.communities_at_least_30_and_60 city year 1 2020 total",
            ["66.66666666666667", "2", "3"],
        ),
        (
            "space.shortfall_30 city year 1 2020 total",
            ["450", "45000", "3"],
        ),
        (
            "space.floor_area_per_100_households_median city year 1 2020 total",
            ["60", "", "3"],
        ),
        ("space.large_centres city year 1 2020 total", ["1", "1", ""]),
        ("space.large_centres city year 1 2019 total", ["0", "0", ""]),
        (
            "space.centres_at_least_600 city year 1 2020 total",
            ["", "1", "2"],
        ),
        (
            "space.reachable_area city year 1 2020 total",
            ["1800", "180000", ""],
        ),
        (
            "space.communities_without_reachable_area city year 1 2020 total",
            ["1", "1", "3"],
        ),
        (
            "space.weekly_hours_by_area city year 1 2020 total",
            ["56.666666666666664", "10200000", "180000"],
        ),
        // A facility counts in each of its functions.
        ("space.facilities city year 1 2020 party", ["2", "2", ""]),
        ("space.facilities city year 1 2020 reading", ["1", "1", ""]),
        (
            "space.activity_area city year 1 2020 elderly_care",
            ["1500", "150000", ""],
        ),
        (
            "space.facilities city year 1 2020 service_centre",
            ["2", "2", ""],
        ),
        // Five good lines, 16,500 yuan budgeted.
        (
            "funding.budgeted city year 1 2020 total",
            ["16500", "1650000", ""],
        ),
        (
            "funding.execution_of_budget city year 1 2020 total",
            ["60.60606060606061", "1000000", "1650000"],
        ),
        (
            "funding.execution_of_receipt city year 1 2020 total",
            ["74.07407407407408", "1000000", "1350000"],
        ),
        (
            "funding.budgeted_per_community city year 1 2020 total",
            ["5500", "1650000", "3"],
        ),
        (
            "funding.budgeted_per_100_households city year 1 2020 total",
            ["300", "1650000", "5500"],
        ),
        (
            "funding.multiple_of_former_basis city year 1 2020 total",
            ["1.6666666666666667", "500000", "300000"],
        ),
        (
            "funding.communities_doubled city year 1 2020 total",
            ["50", "1", "2"],
        ),
        (
            "funding.multiple_median city year 1 2020 total",
            ["1.75", "", "2"],
        ),
        (
            "funding.multiple_least city year 1 2020 total",
            ["1.5", "", "2"],
        ),
        (
            "funding.unspent city year 1 2020 total",
            ["3500", "350000", ""],
        ),
        (
            "funding.carry_over city year 1 2020 total",
            ["3500", "350000", ""],
        ),
        (
            "funding.communities_without_funds city year 1 2020 total",
            ["1", "1", "3"],
        ),
        (
            "funding.received community year 11101 2020 facilities",
            ["8000", "800000", ""],
        ),
        (
            "funding.spent city year 1 2020 residents",
            ["500", "50000", ""],
        ),
        (
            "funding.spent_within_90_days city year 1 2020 total",
            ["", "3", "4"],
        ),
    ] {
        check(&rows, key, expected);
    }
    assert!(
        !rows.contains_key("space.activity_area community quarter 11101 2020-Q3 total"),
        "communities have years only"
    );
    assert!(
        !rows.keys().any(|key| key.ends_with(" relief")),
        "a single payment of relief withholds the table that shows it"
    );
    Ok(())
}

#[tokio::test]
async fn claims_name_what_can_check_them() -> Result<()> {
    let city = City::new()?;
    let (_, published) = city.publish(false).await?;
    let manifest = city.manifest(&published.id)?;
    let claim = |id: &str| {
        manifest
            .claims
            .iter()
            .find(|c| c.id == id)
            .context("a claim")
    };
    let least = claim("activity_space_minimum")?;
    let measure = least.measured_by.as_ref().context("a measure")?;
    assert_eq!(
        (
            &*measure.dataset,
            &*measure.indicator,
            measure.level,
            &*measure.place
        ),
        ("space", "activity_area_least", Level::City, "1")
    );
    assert_eq!(
        (measure.comparison, measure.value),
        (Comparison::AtLeast, 500.0)
    );
    let upgrade = claim("chongan_upgrade_funding")?;
    let measure = upgrade.measured_by.as_ref().context("a measure")?;
    assert_eq!(
        (
            &*measure.place,
            &*measure.breakdown,
            &*measure.class,
            measure.period.to_string()
        ),
        ("11101", "fund_line", "facilities", "2020".to_owned()),
        "the path leaves out the street"
    );
    let range = claim("per_worker")?;
    assert_eq!(
        (range.figure, range.high, &*range.qualifier),
        (3000.0, Some(4000.0), "range")
    );
    assert_eq!(range.title.en, "Residents per worker");
    assert_eq!(
        (&range.place, &*range.place_name.zh),
        (&None, "某市/不知社区")
    );
    assert_eq!(manifest.claims.len(), 9);
    let table = manifest
        .dataset("reported")
        .and_then(|d| d.table.clone())
        .context("a table")?;
    assert_eq!(table.citation.context("a citation")?.date, "2021-01-11");
    let json = fs::read(
        city.path("published")
            .join(table.path.replace(".parquet", ".json")),
    )?;
    let json: serde_json::Value = serde_json::from_slice(&json)?;
    let share = json["rows"]
        .as_array()
        .context("rows")?
        .iter()
        .find(|row| row[0] == "share");
    assert_eq!(share.map(|row| row[5].clone()), Some(82.6.into()));
    Ok(())
}

#[tokio::test]
async fn the_register_is_published_and_adds_up() -> Result<()> {
    let city = City::new()?;
    let (_, published) = city.publish(false).await?;
    let manifest = city.manifest(&published.id)?;
    let table = manifest
        .dataset("areas")
        .and_then(|d| d.table.clone())
        .context("a table")?;
    let csv = fs::read_to_string(
        city.path("published")
            .join(table.path.replace(".parquet", ".csv")),
    )?;
    assert_eq!(table.rows, 6);
    assert!(csv.contains("1,某市,City,11,甲区,A,112,西街街道,West,11201,和平社区,,rural,2019,500,1200,,2019-12-31"), "{csv}");
    let places: Vec<Place> =
        serde_json::from_slice(&fs::read(city.path("published").join(&manifest.places))?)?;
    let whole = places.iter().find(|p| p.code == "1").context("the city")?;
    let households: Vec<(i32, i64)> = whole.households.iter().map(|c| (c.year, c.count)).collect();
    assert_eq!(households, [(2019, 3500), (2020, 5500)]);
    assert_eq!(whole.pinyin, "mou shi");
    Ok(())
}

#[tokio::test]
async fn a_dry_run_says_what_would_change_and_a_revision_is_marked() -> Result<()> {
    let city = City::new()?;
    let (_, first) = city.publish(false).await?;
    assert!(first.difference.since.is_none() && first.difference.values_added > 100);
    let (_, again) = city.publish(true).await?;
    assert!(
        again.difference.is_empty() && !again.committed,
        "{:?}",
        again.difference
    );
    fs::write(
        city.path("raw/space.csv"),
        SPACE.replace("2100,1500", "2100,1400"),
    )?;
    let (_, dry) = city.publish(true).await?;
    assert_eq!((&*dry.id, dry.committed), ("2020-12-r2", false));
    assert!(dry.difference.values_revised > 5 && dry.difference.tables_removed.is_empty());
    let least = dry
        .difference
        .largest
        .iter()
        .map(|c| (c.before - c.after).abs() / c.before);
    assert!(
        least.clone().all(|share| share > 0.0),
        "every listed change is one"
    );
    let (_, second) = city.publish(false).await?;
    assert!(second.committed && second.difference == dry.difference);
    let rows = city.rows(&city.manifest("2020-12-r2")?)?;
    let revision = |key: &str| rows.get(key).map(|row| row[8].clone());
    let revised = revision("space.activity_area community year 11102 2020 total");
    assert_eq!(revised.as_deref(), Some("revised"));
    let same = revision("space.activity_area community year 11101 2020 total");
    assert_eq!(same.as_deref(), Some("final"));
    let (_, third) = city.publish(false).await?;
    assert!(
        !third.committed,
        "the mark stays, so the same input gives the same bytes"
    );
    Ok(())
}
