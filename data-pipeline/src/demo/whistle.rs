//! Whistle cases.

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta};

use super::{DemoOptions, DemoSummary, Random, geography::Community, people::Person, spoil::plant};

const HEADER: [&str; 23] = [
    "案件编号",
    "吹哨时间",
    "社区代码",
    "哨级",
    "哨源",
    "类别",
    "牵头部门",
    "吹哨部门",
    "报到时间",
    "报到期限",
    "处置时间",
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
// Positions in the header.
pub(super) const WHISTLED: usize = 1;
pub(super) const PLACE: usize = 2;
pub(super) const TIER: usize = 3;
pub(super) const REPORTED: usize = 8;
pub(super) const DISPOSED: usize = 10;
pub(super) const CLOSED: usize = 11;
const MATTERS: usize = 13;
pub(super) const DESCRIPTION: usize = 22;

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
        .map(|n| case(options, &mut random, year, n, end, &places, summary))
        .collect();
    settle(&mut random, &mut rows, matters);
    plant(&mut random, &mut rows, summary);
    rows.sort_by(|a, b| a[0].cmp(&b[0]));
    rows.insert(0, HEADER.map(str::to_owned).to_vec());
    rows
}

fn case(
    options: &DemoOptions,
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
    let mut detail = Random::new(options.seed, &format!("whistle detail {year} {n}"));
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
    let disposed = disposed(&mut detail, reported, closed, close_due).filter(|&t| t < end);
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
    let channel = *random.weighted(&CHANNELS);
    let category = *random.weighted(&CATEGORIES);
    let lead = *random.weighted(&DEPARTMENTS);
    let departments = summoned(&mut detail, lead, 1 + random.below(4));
    vec![
        number,
        written(whistled, n),
        place.code.clone(),
        tier.to_owned(),
        channel.to_owned(),
        category.to_owned(),
        lead.to_owned(),
        departments,
        reported.map(|t| written(t, n)).unwrap_or_default(),
        written(report_due, n),
        disposed.map(|t| written(t, n)).unwrap_or_default(),
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

/// When the departments had done their part: between report and closing, and already past in some open cases.
fn disposed(
    random: &mut Random,
    reported: Option<NaiveDateTime>,
    closed: Option<NaiveDateTime>,
    close_due: NaiveDateTime,
) -> Option<NaiveDateTime> {
    let reported = reported?;
    if closed.is_none() && !random.percent(40) {
        return None;
    }
    let span = (closed.unwrap_or(close_due) - reported)
        .num_seconds()
        .max(0);
    let share = 55 + random.below(46);
    Some(reported + TimeDelta::seconds(span / 100 * share.cast_signed()))
}

/// The departments called: the leading one and others.
fn summoned(random: &mut Random, lead: &'static str, count: u64) -> String {
    let mut called = vec![lead];
    while (called.len() as u64) < count {
        let next = *random.weighted(&DEPARTMENTS);
        if !called.contains(&next) {
            called.push(next);
        }
    }
    called.join("、")
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
