//! The demonstration exports, read as bytes.

use std::{collections::BTreeMap, fs, path::Path};

use encoding_rs::GB18030;

use super::{DemoError, DemoOptions, DemoSummary, write, write_funding};

type Files = BTreeMap<String, Vec<u8>>;

type Write = fn(&DemoOptions) -> Result<DemoSummary, DemoError>;

fn written(seed: u64, contradict: bool) -> (DemoSummary, Files) {
    written_by(write, seed, contradict)
}

fn written_by(write: Write, seed: u64, contradict: bool) -> (DemoSummary, Files) {
    let folder = tempfile::tempdir().expect("a folder");
    let options = DemoOptions {
        out: folder.path().to_owned(),
        seed,
        scale: 1.0,
        first_year: 2018,
        last_year: 2020,
        contradict,
    };
    let summary = write(&options).expect("written");
    let name = |path: &Path| path.file_name().map(|n| n.to_string_lossy().into_owned());
    let files = summary
        .files
        .iter()
        .filter_map(|(path, _)| Some((name(path)?, fs::read(path).ok()?)))
        .collect();
    (summary, files)
}

/// The rows below the header, by header.
fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes())
        .deserialize()
        .map(|row| row.expect("a row"))
        .collect()
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let (_, first) = written(7, false);
    assert!(first == written(7, false).1 && first != written(8, false).1);
    let (_, first) = written_by(write_funding, 7, false);
    assert!(first == written_by(write_funding, 7, false).1);
    assert!(first != written_by(write_funding, 8, false).1);
}

#[test]
fn encodings_differ_by_year() {
    let (_, files) = written(2020, false);
    assert!(files["whistle-2018.csv"].starts_with(b"\xEF\xBB\xBF"));
    assert!(std::str::from_utf8(&files["whistle-2019.csv"]).is_ok());
    assert!(std::str::from_utf8(&files["whistle-2020.csv"]).is_err());
}

#[test]
fn the_register_has_the_published_size_and_real_names() {
    let (_, files) = written(2020, false);
    let places = rows(&String::from_utf8_lossy(&files["areas.csv"]));
    let distinct = |header: &str| {
        let mut seen: Vec<&str> = places.iter().map(|row| row[header].as_str()).collect();
        seen.sort_unstable();
        seen.dedup();
        seen.len()
    };
    assert_eq!(
        ["区县代码", "街道代码", "社区代码", "社区名称"].map(distinct),
        [6, 26, 255, 255]
    );
    let named = places
        .iter()
        .find(|row| row["社区名称"] == "枫林湾社区")
        .expect("named in the article");
    assert_eq!(
        (named["区县代码"].as_str(), named["社区英文名"].as_str()),
        ("640106", "Fenglinwan")
    );
}

/// Cases and matters of 2020, without the planted rows: those bear a kind in their number, or repeat one.
fn totals(files: &Files) -> (usize, u64) {
    let text = GB18030.decode(&files["whistle-2020.csv"]).0.into_owned();
    let good: BTreeMap<String, u64> = rows(&text)
        .into_iter()
        .filter(|row| !row["案件编号"].contains('-'))
        .map(|row| {
            (
                row["案件编号"].clone(),
                row["解决事项数"].parse().unwrap_or(0),
            )
        })
        .collect();
    (good.len(), good.values().sum())
}

#[test]
fn whistles_and_matters_match_the_article_unless_asked_to_contradict() {
    let (cases, matters) = totals(&written(2020, false).1);
    assert!((2701..2800).contains(&cases) && (4201..4300).contains(&matters));
    let (cases, matters) = totals(&written(2020, true).1);
    assert!(cases <= 2700 && matters <= 4200);
}

/// Good lines of party-building funds of 2020: community, budgeted and former basis in fen.
fn party_building(files: &Files) -> BTreeMap<String, (u64, u64)> {
    let fen = |text: &str| {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        digits.parse::<u64>().expect("an amount")
    };
    let mut sums: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    let mut seen = std::collections::BTreeSet::new();
    for row in rows(&String::from_utf8_lossy(&files["funding-2020.csv"])) {
        let number = row["凭证号"].clone();
        if row["经费类别"] == "党建经费" && !number.contains('-') && seen.insert(number) {
            let sum = sums.entry(row["社区代码"].clone()).or_default();
            sum.0 += fen(&row["预算金额"]);
            sum.1 += fen(&row["原标准金额"]);
        }
    }
    sums
}

#[test]
fn party_building_funds_double_in_every_community_unless_asked_to_contradict() {
    let sums = party_building(&written_by(write_funding, 2020, false).1);
    // 255 less the five that the article names: they carry the article's figures only.
    assert_eq!(sums.len(), 250);
    assert!(sums.values().all(|(now, former)| *now == 2 * former));
    let sums = party_building(&written_by(write_funding, 2020, true).1);
    assert!(sums.values().all(|(now, former)| *now < 2 * former));
}

#[test]
fn every_person_in_an_export_is_listed_as_an_identifier() {
    for (summary, files) in [written(2020, false), written_by(write_funding, 2020, false)] {
        let known: std::collections::BTreeSet<&str> =
            summary.identifiers.iter().map(String::as_str).collect();
        let columns = "案件编号 反映人 联系电话 身份证号 详细地址 凭证号 收款人 收款账号";
        for (name, bytes) in files.iter().filter(|(name, _)| !name.starts_with("areas")) {
            let text = std::str::from_utf8(bytes)
                .map_or_else(|_| GB18030.decode(bytes).0.into_owned(), str::to_owned);
            for row in rows(&text) {
                for value in columns.split(' ').filter_map(|column| row.get(column)) {
                    assert!(known.contains(value.as_str()), "{name}: {value}");
                }
            }
        }
    }
}
