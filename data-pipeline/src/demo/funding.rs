//! Ledger lines. Party-building funds of the last year are exactly twice their former basis, line by line and
//! so in every community; the service and development fund rises by 50,000 yuan in each.

use chrono::{NaiveDate, TimeDelta};

use super::{DemoOptions, DemoSummary, Random, geography::Community, people::Person};

const HEADER: [&str; 15] = [
    "凭证号",
    "记账日期",
    "社区代码",
    "经费类别",
    "资金来源",
    "用途",
    "预算金额",
    "到账金额",
    "支出金额",
    "原标准金额",
    "到账日期",
    "支出日期",
    "收款人",
    "收款账号",
    "备注",
];
// Positions in the header.
const BOOKED: usize = 1;
const PLACE: usize = 2;
const BUDGETED: usize = 6;
const RECEIVED: usize = 7;
const SPENT: usize = 8;
const RECEIVED_ON: usize = 10;
const SPENT_ON: usize = 11;

/// Fen in a thousand yuan.
const THOUSAND: u64 = 100_000;

/// One kind of money: its name, sources and purposes by weight.
struct Line {
    name: &'static str,
    sources: &'static [(&'static str, u64)],
    purposes: &'static [(&'static str, u64)],
}

const PARTY: Line = Line {
    name: "党建经费",
    sources: &[("区县财政", 55), ("市级财政", 30), ("党费返还", 15)],
    purposes: &[("组织生活", 50), ("教育培训", 35), ("设备购置", 15)],
};
const SERVICE: Line = Line {
    name: "为民服务和发展专项资金",
    sources: &[("市级财政", 60), ("区县财政", 32), ("社会捐助", 8)],
    purposes: &[("居民服务", 42), ("一老一小", 33), ("环境整治", 25)],
};
const FACILITIES: Line = Line {
    name: "阵地建设",
    sources: &[("市级财政", 50), ("区县财政", 40), ("社会捐助", 10)],
    purposes: &[("场所改造", 70), ("设备购置", 30)],
};

/// Money for one community, one year and one line, in fen.
struct Grant {
    line: &'static Line,
    budgeted: u64,
    former_basis: Option<u64>,
    parts: u64,
}

fn grants(options: &DemoOptions, community: &Community, year: i32) -> [Grant; 3] {
    // The former basis belongs to the community, whatever the year.
    let mut lasting = Random::new(options.seed, &format!("basis {}", community.code));
    let mut random = Random::new(options.seed, &format!("grants {} {year}", community.code));
    let former = (30 + lasting.below(31)) * THOUSAND;
    let (budgeted, increase) = match (year == options.last_year, options.contradict) {
        (false, _) => (former, 0),
        (true, false) => (2 * former, 50 * THOUSAND),
        (true, true) => (former / 10 * 14, 20 * THOUSAND),
    };
    let service = (100 + 10 * lasting.below(3)) * THOUSAND + increase;
    let facilities = if random.percent(24) {
        (60 + 10 * random.below(45)) * THOUSAND
    } else {
        0
    };
    let parts = |n: f64| ((n * options.scale).round() as u64).max(1);
    [
        Grant {
            line: &PARTY,
            budgeted,
            former_basis: Some(former),
            parts: parts(4.0),
        },
        Grant {
            line: &SERVICE,
            budgeted: service,
            former_basis: None,
            parts: parts(3.0),
        },
        Grant {
            line: &FACILITIES,
            budgeted: facilities,
            former_basis: None,
            parts: parts(2.0),
        },
    ]
}

pub(super) fn rows(
    options: &DemoOptions,
    city: &[Community],
    year: i32,
    summary: &mut DemoSummary,
) -> Vec<Vec<String>> {
    let mut random = Random::new(options.seed, &format!("funding {year}"));
    let end = NaiveDate::from_ymd_opt(options.last_year, 12, 31).unwrap_or_default();
    let mut rows = Vec::new();
    for community in city.iter().filter(|c| !c.named) {
        for grant in grants(options, community, year) {
            for part in 0..grant.parts {
                if part_of(grant.budgeted, part, grant.parts) > 0 {
                    let number = rows.len() + 1;
                    rows.push(line(
                        &mut random,
                        (year, end),
                        community,
                        (&grant, part),
                        number,
                        summary,
                    ));
                }
            }
        }
    }
    plant(&mut random, &mut rows, summary);
    rows.sort_by(|a, b| a[0].cmp(&b[0]));
    rows.insert(0, HEADER.map(str::to_owned).to_vec());
    rows
}

/// An amount split into parts, whole fen each; the first takes what is left over.
fn part_of(amount: u64, part: u64, parts: u64) -> u64 {
    amount / parts + if part == 0 { amount % parts } else { 0 }
}

fn line(
    random: &mut Random,
    (year, end): (i32, NaiveDate),
    community: &Community,
    (grant, part): (&Grant, u64),
    number: usize,
    summary: &mut DemoSummary,
) -> Vec<String> {
    let former = grant
        .former_basis
        .map(|basis| part_of(basis, part, grant.parts));
    // A multiple of the basis is a multiple in every part: the basis is split, then multiplied.
    let budgeted = match (former, grant.former_basis) {
        (Some(part), Some(basis)) if grant.budgeted.is_multiple_of(basis) => {
            part * (grant.budgeted / basis)
        }
        _ => part_of(grant.budgeted, part, grant.parts),
    };
    let start = NaiveDate::from_ymd_opt(year, 1, 6).unwrap_or_default();
    let day = (part * 270 / grant.parts + random.below(80)).cast_signed();
    let booked = start + TimeDelta::days(day);
    // Lingwu and the counties are slower, so that comparisons have something to show.
    let slow = u64::from(community.district.0.as_bytes()[4] - b'0');
    let received_on = booked + TimeDelta::days((4 + random.below(50 + 5 * slow)).cast_signed());
    let spent_on = received_on + TimeDelta::days((6 + random.below(90 + 15 * slow)).cast_signed());
    let share = |random: &mut Random, full: u64, least: u64| {
        if random.percent(full) {
            100
        } else {
            least + random.below(100 - least)
        }
    };
    let received = if received_on <= end && random.percent(96) {
        budgeted * share(random, 84, 55) / 100
    } else {
        0
    };
    let spent = if received > 0 && spent_on <= end && random.percent(94) {
        received * share(random, 80 - slow, 40) / 100
    } else {
        0
    };
    let person = Person::invent(random);
    let account = format!("990000{:013}", random.below(10_000_000_000_000));
    let payee = if random.percent(30) {
        person.name.clone()
    } else {
        format!("虚构{:05}号商行", random.below(100_000))
    };
    let voucher = format!("PZ{year}{number:06}");
    summary
        .identifiers
        .extend([voucher.clone(), payee.clone(), account.clone()]);
    let memo = if number.is_multiple_of(53) {
        summary
            .identifiers
            .extend([person.name.clone(), person.phone.clone()]);
        format!("请联系{},电话{}", person.name, person.phone)
    } else {
        String::new()
    };
    let dated = |amount: u64, on: NaiveDate| {
        if amount > 0 {
            day_written(on, number)
        } else {
            String::new()
        }
    };
    vec![
        voucher,
        day_written(booked, number),
        community.code.clone(),
        grant.line.name.to_owned(),
        (*random.weighted(grant.line.sources)).to_owned(),
        (*random.weighted(grant.line.purposes)).to_owned(),
        yuan(budgeted, number),
        yuan(received, number),
        yuan(spent, number),
        former.map_or_else(|| "-".to_owned(), |fen| yuan(fen, number)),
        dated(received, received_on),
        dated(spent, spent_on),
        payee,
        account,
        memo,
    ]
}

/// The same day, as different clerks write it.
fn day_written(day: NaiveDate, n: usize) -> String {
    match n % 9 {
        2 => day.format("%Y/%-m/%-d").to_string(),
        4 => day.format("%Y年%-m月%-d日").to_string(),
        6 => day.format("%Y%m%d").to_string(),
        _ => day.format("%Y-%m-%d").to_string(),
    }
}

/// The same amount, as different clerks write it.
fn yuan(fen: u64, n: usize) -> String {
    let (whole, cents) = (fen / 100, fen % 100);
    match n % 13 {
        5 if (1000..1_000_000).contains(&whole) => {
            format!("{},{:03}.{cents:02}", whole / 1000, whole % 1000)
        }
        8 => format!("¥{whole}.{cents:02}"),
        _ => format!("{whole}.{cents:02}"),
    }
}

/// Adds bad rows beside the good ones.
fn plant(random: &mut Random, rows: &mut Vec<Vec<String>>, summary: &mut DemoSummary) {
    // Only lines that are spent can be spoilt in every way.
    let good: Vec<Vec<String>> = rows
        .iter()
        .filter(|row| !row[SPENT_ON].is_empty())
        .cloned()
        .collect();
    let mut add = |kind: &'static str, count: usize, spoil: &dyn Fn(&mut Vec<String>)| {
        for n in 0..count.min(good.len()) {
            let mut row = random.pick(&good).clone();
            if kind != "funding_duplicate" {
                row[0] = format!("{}-{kind}-{n}", row[0]);
                summary.identifiers.push(row[0].clone());
            }
            spoil(&mut row);
            rows.push(row);
            *summary.dirt.entry(kind).or_default() += 1;
        }
    };
    add("funding_duplicate", 6, &|_| {});
    add("funding_unknown_place", 3, &|row| {
        row[PLACE] = "640199999999".to_owned();
    });
    add("funding_overspent", 4, &|row| {
        row[SPENT] = "99999999.00".to_owned();
    });
    add("funding_negative", 2, &|row| {
        row[BUDGETED] = format!("-{}", row[BUDGETED].trim_start_matches('¥'));
    });
    add("funding_reversed_days", 3, &|row| {
        row[SPENT_ON] = "2017-01-05".to_owned();
    });
    add("funding_undated", 2, &|row| {
        row[RECEIVED_ON] = String::new();
    });
    add("funding_no_amount", 2, &|row| row[RECEIVED] = String::new());
    add("funding_future", 2, &|row| {
        row[BOOKED] = "2031-05-06".to_owned();
    });
}
