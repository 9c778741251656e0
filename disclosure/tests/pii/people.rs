//! The 3,000 invented people of the trial data: each value in a sentence, in every guise.

use disclosure::pii::{ColumnScan, Kind, scan};

use crate::{
    generate::{chinese_numerals, full_width, group},
    trial,
};

/// How people write a value.
struct Guise {
    name: &'static str,
    kinds: &'static [Kind],
    write: fn(&str) -> String,
}

/// Numbers in groups of four.
fn fours(text: &str, separator: &str) -> String {
    let groups = text.chars().count().saturating_sub(1) / 4;
    group(text, &vec![4; groups], separator)
}

fn spread(text: &str, between: &str) -> String {
    let chars: Vec<String> = text.chars().map(String::from).collect();
    chars.join(between)
}

const NUMBERS: &[Kind] = &[Kind::ResidentId, Kind::Mobile, Kind::BankCard];

const GUISES: [Guise; 8] = [
    Guise {
        name: "as it is",
        kinds: &[
            Kind::Name,
            Kind::ResidentId,
            Kind::Mobile,
            Kind::Address,
            Kind::Email,
            Kind::Plate,
            Kind::BankCard,
        ],
        write: str::to_owned,
    },
    Guise {
        name: "full width",
        kinds: &[
            Kind::ResidentId,
            Kind::Mobile,
            Kind::Address,
            Kind::Email,
            Kind::Plate,
            Kind::BankCard,
        ],
        write: full_width,
    },
    Guise {
        name: "lower case",
        kinds: &[Kind::ResidentId, Kind::Email, Kind::Plate],
        write: str::to_lowercase,
    },
    Guise {
        name: "hyphens",
        kinds: NUMBERS,
        write: |text| fours(text, "-"),
    },
    Guise {
        name: "full-width, wide spaces",
        kinds: NUMBERS,
        write: |text| full_width(&fours(text, "　")),
    },
    Guise {
        name: "a space after each digit",
        kinds: NUMBERS,
        write: |text| spread(text, " "),
    },
    Guise {
        name: "invisible characters",
        kinds: NUMBERS,
        write: |text| spread(text, "\u{200B}"),
    },
    Guise {
        name: "Chinese numerals",
        kinds: NUMBERS,
        write: chinese_numerals,
    },
];

/// Columns of the trial data, and what stands before such a value in a sentence.
const COLUMNS: [(&str, Kind, &str); 7] = [
    ("姓名", Kind::Name, "联系人："),
    ("身份证号", Kind::ResidentId, "诉求人"),
    ("手机号", Kind::Mobile, ""),
    ("地址", Kind::Address, "家住"),
    ("邮箱", Kind::Email, "写信到"),
    ("车牌", Kind::Plate, "看见"),
    ("银行卡号", Kind::BankCard, "转到"),
];

/// By column, the values of all people; none where there are no trial data.
fn people() -> Option<Vec<Vec<String>>> {
    let path = trial("people-generated-zh/faker_zh_CN_persons.csv")?;
    let text = std::fs::read_to_string(path).expect("the trial data can be read");
    let lines = text.trim_start_matches('\u{FEFF}').lines();
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    let column = |(name, ..): &(&str, Kind, &str)| {
        let at = rows[0].iter().position(|header| header == name);
        let at = at.expect("the column is there");
        rows[1..].iter().map(|row| row[at].to_owned()).collect()
    };
    Some(COLUMNS.iter().map(column).collect())
}

#[test]
fn people_are_found_in_every_guise() {
    let Some(people) = people() else {
        return println!("skipped: no trial data");
    };
    let mut short = Vec::new();
    for ((_, kind, before), values) in COLUMNS.iter().zip(&people) {
        for guise in GUISES.iter().filter(|guise| guise.kinds.contains(kind)) {
            let (mut found, mut wrong) = (0, 0);
            for value in values {
                let written = (guise.write)(value);
                let text = format!("{before}{written}。谢谢");
                let place = before.len()..before.len() + written.len();
                let findings: Vec<_> = scan(&text).collect();
                let outside = |f: &&disclosure::pii::Finding| {
                    f.range.end <= place.start || place.end <= f.range.start
                };
                found += usize::from(findings.iter().any(|f| f.kind == *kind && !outside(&f)));
                wrong += findings.iter().filter(outside).count();
            }
            let (name, all) = (guise.name, values.len());
            println!("{kind:?}, {name}: {found} of {all} found, {wrong} findings elsewhere");
            if (found as f64) < 0.99 * all as f64 || wrong > 0 {
                short.push((kind, name));
            }
        }
    }
    assert!(short.is_empty(), "too low: {short:?}");
}

#[test]
fn columns_of_people_are_told_as_a_whole() {
    let Some(people) = people() else {
        return println!("skipped: no trial data");
    };
    for ((name, kind, _), values) in COLUMNS.iter().zip(&people) {
        let mut column = ColumnScan::default();
        values.iter().for_each(|value| column.observe(value));
        let findings = column.findings();
        println!("{name} as a column: {findings:?}");
        let least = 0.98 * values.len() as f64;
        let told = |&(found, n): &(Kind, _)| found == *kind && n as f64 >= least;
        assert!(findings.iter().any(told), "{name} as a column");
    }
}
