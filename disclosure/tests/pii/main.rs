//! Recall and precision of the detector of personal data, by kind, and its behaviour on real texts.

mod generate;
mod guises;
mod hotline;
mod people;
mod sentences;

use std::{collections::BTreeMap, path::PathBuf};

use disclosure::pii::{ColumnScan, Evidence, Kind, scan, scan_value};
use generate::{Random, plant};
use proptest::prelude::*;
use sentences::{decoy, sentence};

const PLANTED: [Kind; 11] = [
    Kind::ResidentId,
    Kind::LegacyResidentId,
    Kind::Mobile,
    Kind::Telephone,
    Kind::BankCard,
    Kind::Plate,
    Kind::Email,
    Kind::Address,
    Kind::Name,
    Kind::Passport,
    Kind::TravelPermit,
];

/// Where trial data stand; none when they are not there.
pub(crate) fn trial(file: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("MINGSHI_TRIAL_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"),
        PathBuf::from,
    );
    let path = folder.join(file);
    path.exists().then_some(path)
}

#[derive(Default)]
struct Score {
    planted: u32,
    found: u32,
    false_findings: u32,
}

/// 4,000 sentences for each kind, each followed by one without personal data.
#[test]
fn recall_and_precision_by_kind() {
    let mut random = Random(20_201_231);
    let mut scores: BTreeMap<Kind, Score> = BTreeMap::new();
    let mut missed: BTreeMap<Kind, Vec<String>> = BTreeMap::new();
    let mut wrong: BTreeMap<Kind, Vec<String>> = BTreeMap::new();
    for kind in PLANTED {
        for _ in 0..4_000 {
            let planted = plant(&mut random, kind);
            let (text, range) = sentence(&mut random, &planted);
            let clean = decoy(&mut random);
            let text = format!("{text}。{clean}");
            let mut found = false;
            for finding in scan(&text) {
                let here = finding.range.start < range.end && range.start < finding.range.end;
                found |= here && finding.kind == kind;
                if !here {
                    scores.entry(finding.kind).or_default().false_findings += 1;
                    wrong
                        .entry(finding.kind)
                        .or_default()
                        .push(text[finding.range].to_owned() + " in " + &text);
                }
            }
            let score = scores.entry(kind).or_default();
            score.planted += 1;
            score.found += u32::from(found);
            if !found {
                missed.entry(kind).or_default().push(text);
            }
        }
    }
    let mut short = Vec::new();
    for (kind, score) in &scores {
        let recall = f64::from(score.found) / f64::from(score.planted);
        let precision = f64::from(score.found) / f64::from(score.found + score.false_findings);
        println!(
            "{kind:?}: planted {}, recall {recall:.4}, precision {precision:.4}",
            score.planted
        );
        for text in missed.get(kind).into_iter().flatten().take(5) {
            println!("    missed {text:?}");
        }
        for text in wrong.get(kind).into_iter().flatten().take(5) {
            println!("    wrong {text:?}");
        }
        let least = match kind {
            Kind::ResidentId | Kind::Mobile | Kind::Telephone | Kind::Email | Kind::BankCard => {
                0.99
            }
            _ => 0.97,
        };
        if recall < least || precision < 0.97 {
            short.push(*kind);
        }
    }
    assert!(short.is_empty(), "too low: {short:?}");
}

/// What is found in real texts that hold no, or few, persons.
#[test]
fn few_false_findings_in_real_texts() {
    // Street addresses of public works are addresses; nothing else in these files is personal.
    for (file, addresses) in [
        ("whistle-pingshan-2018/pingshan_12345_2018.csv", 0),
        ("funding-taiwan/suggestions_flat.csv", 420),
    ] {
        let Some(path) = trial(file) else {
            return println!("skipped: no trial data");
        };
        let text = std::fs::read_to_string(path).expect("the trial data can be read");
        let mut counts: BTreeMap<Kind, usize> = BTreeMap::new();
        for finding in text.lines().flat_map(scan) {
            *counts.entry(finding.kind).or_default() += 1;
        }
        // Counts only: the values of real texts are shown nowhere.
        println!("{file}: {} bytes, {counts:?}", text.len());
        assert!(counts.remove(&Kind::Address).unwrap_or_default() <= addresses);
        assert!(counts.is_empty(), "{counts:?}");
        // Column by column, as the pipeline looks at them.
        let rows: Vec<Vec<&str>> = text.lines().map(|l| l.split(',').collect()).collect();
        for (at, header) in rows[0].iter().enumerate() {
            let mut column = ColumnScan::default();
            rows[1..]
                .iter()
                .filter_map(|row| row.get(at))
                .for_each(|value| column.observe(value));
            if !column.findings().is_empty() {
                println!("  column {header}: {:?}", column.findings());
            }
        }
    }
}

#[test]
fn what_is_what() {
    let cases: &[(&str, &[Kind])] = &[
        ("身份证990000198604286748，谢谢", &[Kind::ResidentId]),
        ("９９００００１９８６０４２８６７４８", &[Kind::ResidentId]),
        ("99000019860428674x", &[Kind::ResidentId]),
        ("990000860428674", &[Kind::LegacyResidentId]),
        ("电话199 0000 1234", &[Kind::Mobile]),
        ("号码一九九〇〇〇〇一二三四", &[Kind::Mobile]),
        ("+886 912-345-678", &[Kind::Telephone]),
        ("座机6012345", &[Kind::Telephone]),
        ("(0951)601 2345", &[Kind::Telephone]),
        ("19900001234@example.org", &[Kind::Mobile, Kind::Email]),
        ("宁A·D12345停在路上", &[Kind::Plate]),
        ("住解放西街12号3栋2单元501", &[Kind::Address]),
        ("护照E12345678", &[Kind::Passport]),
        ("台胞证12345678", &[Kind::TravelPermit]),
        ("A123456789", &[Kind::OtherNationalId]),
        ("香港A123456(3)", &[Kind::OtherNationalId]),
        ("市民张三反映路灯不亮", &[Kind::Name]),
        ("欧阳女士", &[Kind::Name]),
        ("微信号example_01", &[Kind::Account]),
        ("微信19900001234", &[Kind::Mobile]),
        // Nobody's.
        ("2020-12", &[]),
        ("640104001001", &[]),
        ("", &[]),
        ("微博@银川发布", &[]),
        ("共 12 件 34 次", &[]),
        ("1234567890123456789", &[]),
        ("坐标106.19186942243", &[]),
        ("负责人高度重视", &[]),
        ("5号线", &[]),
        ("街道12号文件", &[]),
        ("拨付13,800,138,000元", &[]),
    ];
    for (text, kinds) in cases {
        let found: Vec<Kind> = scan(text).map(|f| f.kind).collect();
        assert_eq!(&found, kinds, "{text}");
    }
    assert_eq!(
        scan("990000198604286748").next().map(|f| f.evidence),
        Some(Evidence::Form),
        "mistyped"
    );
    assert_eq!(scan_value("张三").next().map(|f| f.kind), Some(Kind::Name));
    assert_eq!(scan_value("和平社区").next(), None);
}

#[test]
fn a_column_is_judged_as_a_whole() {
    let findings = |values: &[&str]| {
        let mut column = ColumnScan::default();
        values.iter().for_each(|value| column.observe(value));
        column.findings()
    };
    assert_eq!(
        findings(&["张三", "李四", "", "王小五", "物业"]),
        [(Kind::Name, 3)]
    );
    assert_eq!(
        findings(&["阿卜杜拉.买买提", "古丽·热依汗", "艾力江・吐尔逊"]),
        [(Kind::Name, 3)]
    );
    assert_eq!(findings(&["市政.环卫", "市政.绿化", "民生.社保"]), []);
    assert_eq!(
        findings(&[
            "幸福乡光明村三组",
            "红星乡前进村6队",
            "永红镇团结村第三村民小组"
        ]),
        [(Kind::Address, 3)]
    );
    assert_eq!(
        findings(&["修路", "幸福乡光明村三组", "换灯", "清渠"]),
        [],
        "one may be where a public work is"
    );
    assert_eq!(
        findings(&["水务局", "城管局", "张三", "交警支队", "消防"]),
        [],
        "one value may be a word"
    );
    assert_eq!(
        findings(&["修路", "电话199 0000 1234", "换灯", "清扫"]),
        [(Kind::Mobile, 1)],
        "one number is a number"
    );
}

proptest! {
    /// Whatever the text: no panic, ranges on character boundaries, an end.
    #[test]
    fn any_text_is_read(text in "(\\PC|[0-9０-９xX@.路号栋室人名先生女士\\u{200B} 　-]|[微信QVxw艾特#(at)点com组队社村第①٠〇OlI叉·男岁住王]){0,200}") {
        for finding in scan(&text).chain(scan_value(&text)) {
            prop_assert!(text.get(finding.range.clone()).is_some_and(|t| !t.is_empty()), "{finding:?}");
        }
    }

    /// A planted value is found in every guise, whatever words stand around it.
    #[test]
    fn what_is_planted_is_found(seed in any::<u64>(), kind in proptest::sample::select(&PLANTED[..8]), before in "[\\u{4E00}-\\u{9FA5}，：。（]{0,12}", after in "[\\u{4E00}-\\u{9FA5}，。）]{0,12}") {
        let planted = plant(&mut Random(seed), kind);
        // Numerals next to a number would be part of it.
        let numeral = |c: char| "〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖貳參陸十百两之甲乙丙丁学警港澳挂使领".contains(c);
        prop_assume!(!before.chars().chain(after.chars()).any(numeral));
        // An address begins with the name of its place.
        let text = format!("{before}：{}{after}", planted.text);
        prop_assert!(scan(&text).any(|f| f.kind == kind), "{text}");
    }

    /// The check digit of GB 11643 agrees with the standard's own table, and every change of one digit is seen.
    #[test]
    fn one_wrong_digit_is_seen(seed in any::<u64>(), at in 0usize..17, by in 1u8..10) {
        let id = generate::resident_id(&mut Random(seed));
        let digits = |text: &str| text.bytes().take(17).map(|b| b - b'0').collect::<Vec<u8>>();
        let check = id.chars().next_back();
        prop_assert_eq!(disclosure::pii::resident_id_check_digit(&digits(&id)), check);
        let mut wrong = digits(&id);
        wrong[at] = (wrong[at] + by) % 10;
        prop_assert_ne!(disclosure::pii::resident_id_check_digit(&wrong), check);
    }
}
