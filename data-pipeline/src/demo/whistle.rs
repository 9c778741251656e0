//! Whistle cases.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta};

use super::{DemoOptions, DemoSummary, Random, geography::Community};

const HEADER: [&str; 22] = [
    "案件编号",
    "吹哨时间",
    "社区代码",
    "哨级",
    "哨源",
    "类别",
    "牵头部门",
    "吹哨部门数",
    "报到时间",
    "报到期限",
    "办结时间",
    "办结期限",
    "解决事项数",
    "是否回访",
    "居民确认解决",
    "居民评价",
    "30日内重开",
    "反映人",
    "联系电话",
    "身份证号",
    "详细地址",
    "诉求内容",
];
const TIER: usize = 3;
const MATTERS: usize = 12;
const DESCRIPTION: usize = 21;

/// Tier, weight, hours to report, days to close.
const TIERS: [((&str, i64, i64), u64); 3] = [
    (("日常哨", 24, 7), 64),
    (("攻坚哨", 48, 15), 25),
    (("疑难哨", 72, 30), 11),
];
const CHANNELS: [(&str, u64); 5] = [
    ("网格员巡查", 38),
    ("12345热线", 30),
    ("居民来访", 14),
    ("网上留言", 11),
    ("联席会议", 7),
];
const CATEGORIES: [(&str, u64); 9] = [
    ("环境卫生", 21),
    ("停车管理", 18),
    ("物业管理", 16),
    ("安全隐患", 12),
    ("违章建设", 9),
    ("水电气暖", 9),
    ("邻里纠纷", 7),
    ("噪声扰民", 6),
    ("养老助残", 2),
];
const DEPARTMENTS: [(&str, u64); 10] = [
    ("城市管理局", 30),
    ("住建局", 18),
    ("交警支队", 14),
    ("公安局", 9),
    ("消防救援支队", 8),
    ("市场监督管理局", 7),
    ("生态环境局", 5),
    ("水务局", 5),
    ("民政局", 3),
    ("卫生健康委", 1),
];
const SURNAMES: [&str; 12] = [
    "纳", "马", "哈", "白", "丁", "沙", "田", "武", "柳", "牛", "苗", "铁",
];
const GIVEN: [&str; 12] = [
    "某甲", "某乙", "某丙", "某丁", "某戊", "某己", "某庚", "某辛", "某壬", "某癸", "某子", "某丑",
];

/// Accepted cases and matters settled of a year. The article: more than 2,700 and more than 4,200 in 2020.
fn calibration(options: &DemoOptions, year: i32) -> (u64, u64) {
    let (cases, matters) = match (options.last_year - year, options.contradict) {
        (0, false) => (2714, 4236),
        (0, true) => (1906, 2603),
        (1, _) => (1982, 2894),
        _ => (1428, 2011),
    };
    let scaled = |n: u64| ((n as f64 * options.scale).round() as u64).max(1);
    (scaled(cases), scaled(matters))
}

pub(super) fn rows(
    options: &DemoOptions,
    city: &[Community],
    year: i32,
    summary: &mut DemoSummary,
) -> Vec<Vec<String>> {
    let mut random = Random::new(options.seed, &format!("whistle {year}"));
    let (cases, matters) = calibration(options, year);
    let end = NaiveDate::from_ymd_opt(options.last_year + 1, 1, 1)
        .unwrap_or_default()
        .and_time(chrono::NaiveTime::MIN);
    let places: Vec<&Community> = city.iter().filter(|c| !c.named).collect();
    let mut rows: Vec<Vec<String>> = (0..cases)
        .map(|n| case(&mut random, year, n, end, &places, summary))
        .collect();
    settle(&mut random, &mut rows, matters);
    plant(&mut random, &mut rows, summary);
    rows.sort_by(|a, b| a[0].cmp(&b[0]));
    rows.insert(0, HEADER.map(str::to_owned).to_vec());
    rows
}

fn case(
    random: &mut Random,
    year: i32,
    n: u64,
    end: NaiveDateTime,
    places: &[&Community],
    summary: &mut DemoSummary,
) -> Vec<String> {
    let month = *random.weighted(&[
        (1, 6),
        (2, 6),
        (3, 7),
        (4, 8),
        (5, 9),
        (6, 9),
        (7, 10),
        (8, 10),
        (9, 9),
        (10, 9),
        (11, 8),
        (12, 8),
    ]);
    let seconds = i64::from(days_in(year, month)) * 86_400 - 1;
    let start = NaiveDate::from_ymd_opt(year, month, 1)
        .unwrap_or_default()
        .and_time(chrono::NaiveTime::MIN);
    let whistled = start + TimeDelta::seconds(random.below(seconds.unsigned_abs()).cast_signed());
    let place = random.pick(places);
    let (tier, hours, days) = *random.weighted(&TIERS);
    // Districts differ, so that comparisons have something to show.
    let district = u64::from(place.district.0.as_bytes()[5] - b'0')
        + u64::from(place.district.0.as_bytes()[4] - b'0');
    let report_due = whistled + TimeDelta::hours(hours);
    let in_limit = random.percent(96 - district);
    let share = if in_limit {
        2 + random.below(95)
    } else {
        105 + random.below(80)
    };
    let reported = whistled + TimeDelta::seconds(hours * 36 * share.cast_signed());
    let close_due = whistled + TimeDelta::days(days);
    let fate = random.below(100) + district;
    let pace = if fate < 88 {
        25 + random.below(74)
    } else {
        105 + random.below(120)
    };
    let closed = (whistled + TimeDelta::seconds(days * 864 * pace.cast_signed())).max(reported);
    let reported = (reported < end && random.percent(99)).then_some(reported);
    let closed = (closed < end && reported.is_some() && fate < 100).then_some(closed);
    let is_closed = closed.is_some();
    let followed = is_closed && random.percent(72);
    let confirmed = followed && random.percent(86 - 2 * district);
    let rating = match (is_closed && random.percent(58), random.below(100)) {
        (false, _) => "未评价",
        (true, r) if r < 68 => "满意",
        (true, r) if r < 89 => "基本满意",
        _ => "不满意",
    };
    let flag = |b: bool| if b { "是" } else { "否" }.to_owned();
    let person = Person::invent(random);
    summary.identifiers.extend([
        person.name.clone(),
        person.phone.clone(),
        person.id.clone(),
        person.address.clone(),
    ]);
    let number = format!("YC{year}{:05}", n + 1);
    summary.identifiers.push(number.clone());
    let description = if n.is_multiple_of(97) {
        format!("本人{},身份证{},请尽快处理", person.name, person.id)
    } else {
        "请尽快处理".to_owned()
    };
    vec![
        number,
        written(whistled, n),
        place.code.clone(),
        tier.to_owned(),
        (*random.weighted(&CHANNELS)).to_owned(),
        (*random.weighted(&CATEGORIES)).to_owned(),
        (*random.weighted(&DEPARTMENTS)).to_owned(),
        (1 + random.below(4)).to_string(),
        reported.map(|t| written(t, n)).unwrap_or_default(),
        written(report_due, n),
        closed.map(|t| written(t, n)).unwrap_or_default(),
        written(close_due, n),
        u64::from(is_closed).to_string(),
        flag(followed),
        flag(confirmed),
        rating.to_owned(),
        flag(is_closed && random.percent(4)),
        person.name,
        person.phone,
        person.id,
        person.address,
        description,
    ]
}

fn days_in(year: i32, month: u32) -> u32 {
    let next = if month == 12 {
        (year + 1, 1)
    } else {
        (year, month + 1)
    };
    let first = NaiveDate::from_ymd_opt(next.0, next.1, 1).unwrap_or_default();
    first.pred_opt().unwrap_or_default().day()
}

/// The same moment, as different clerks write it.
fn written(at: NaiveDateTime, n: u64) -> String {
    match n % 11 {
        3 => at.format("%Y/%-m/%-d %H:%M:%S").to_string(),
        5 => at.format("%Y年%-m月%-d日 %H:%M:%S").to_string(),
        7 => at
            .format("%Y-%m-%d %H:%M:%S")
            .to_string()
            .chars()
            .map(full_width)
            .collect(),
        _ => at.format("%Y-%m-%d %H:%M:%S").to_string(),
    }
}

fn full_width(c: char) -> char {
    if c.is_ascii_digit() {
        char::from_u32(c as u32 + 0xFEE0).unwrap_or(c)
    } else {
        c
    }
}

/// Spreads the year's matters over its closed cases.
fn settle(random: &mut Random, rows: &mut [Vec<String>], matters: u64) {
    let closed: Vec<usize> = (0..rows.len())
        .filter(|&at| rows[at][MATTERS] == "1")
        .collect();
    if closed.is_empty() {
        return;
    }
    let mut counts = vec![1_u64; closed.len()];
    for _ in closed.len() as u64..matters {
        let at = usize::try_from(random.below(closed.len() as u64)).unwrap_or(0);
        counts[at] = (counts[at] + 1).min(50);
    }
    for (at, count) in closed.into_iter().zip(counts) {
        rows[at][MATTERS] = count.to_string();
    }
}

/// Adds bad rows beside the good ones.
fn plant(random: &mut Random, rows: &mut Vec<Vec<String>>, summary: &mut DemoSummary) {
    let good = rows.len();
    let mut add = |kind: &'static str, count: usize, spoil: &dyn Fn(&mut Vec<String>)| {
        for n in 0..count.min(good) {
            let at = usize::try_from(random.below(good as u64)).unwrap_or(0);
            let mut row = rows[at].clone();
            if kind != "duplicate" {
                row[0] = format!("{}-{kind}-{n}", row[0]);
                summary.identifiers.push(row[0].clone());
            }
            spoil(&mut row);
            rows.push(row);
            *summary.dirt.entry(kind).or_default() += 1;
        }
    };
    add("duplicate", 12, &|_| {});
    add("unknown_place", 5, &|row| {
        row[2] = "640199999999".to_owned()
    });
    add("undeclared_tier", 4, &|row| row[TIER] = "特急哨".to_owned());
    add("missing_time", 3, &|row| row[1] = String::new());
    add("reversed_stages", 6, &|row| {
        row[1] = "2018-06-01 08:00:00".to_owned();
        row[8] = "2018-05-01 08:00:00".to_owned();
    });
    add("future", 3, &|row| {
        row[1] = "2031-05-06 10:00:00".to_owned();
        row[8] = String::new();
        row[10] = String::new();
    });
    add("two_lines", 2, &|row| {
        row[DESCRIPTION] = "第一行\n第二行,\"引号\"".to_owned()
    });
    // A line break inside quotes is no mistake: these rows are dirty for their place.
    rows.iter_mut()
        .filter(|row| row[0].contains("-two_lines-"))
        .for_each(|row| row[2] = "不详社区".to_owned());
}

struct Person {
    name: String,
    phone: String,
    id: String,
    address: String,
}

impl Person {
    fn invent(random: &mut Random) -> Self {
        let name = format!(
            "{}{}{}",
            random.pick(&SURNAMES),
            random.pick(&GIVEN),
            random.pick(&["", "一", "二", "三"])
        );
        let birth =
            DateTime::from_timestamp(random.below(1_600_000_000).cast_signed() - 600_000_000, 0)
                .unwrap_or_default();
        let digits = format!("990000{}{:03}", birth.format("%Y%m%d"), random.below(1000));
        Self {
            name,
            phone: format!("1990000{:04}", random.below(10_000)),
            id: format!("{digits}{}", check_digit(&digits)),
            address: format!(
                "{}号楼{}单元{}室",
                1 + random.below(60),
                1 + random.below(6),
                101 + random.below(2300)
            ),
        }
    }
}

/// ISO 7064 MOD 11-2, as in GB 11643.
fn check_digit(digits: &str) -> char {
    let sum: u32 = digits
        .bytes()
        .rev()
        .zip(1..)
        .map(|(digit, power)| u32::from(digit - b'0') * (2_u32.pow(power) % 11))
        .sum();
    char::from(b"10X98765432"[(sum % 11) as usize])
}
