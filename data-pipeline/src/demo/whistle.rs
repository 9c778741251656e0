//! The export of whistle cases.

use std::path::Path;

use chrono::NaiveTime;

use super::{
    DemoError, DemoOptions, DemoSummary, Random,
    calendar::{full_width, moment},
    cases::{Case, Desk},
    export::{Export, Kind},
    geography::Community,
    spoil::{Dirty, Spoil, anything, renumber},
};

const HEADER: [&str; 28] = [
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
    "按时报到部门数",
    "转办次数",
    "处置时间",
    "办结时间",
    "办结期限",
    "解决事项数",
    "是否回访",
    "居民确认解决",
    "居民评价",
    "不满意原因",
    "街道评价",
    "30日内重开",
    "重开自",
    "反映人",
    "联系电话",
    "身份证号",
    "详细地址",
    "诉求内容",
];
// Positions in the header.
const WHISTLED: usize = 1;
const PLACE: usize = 2;
const TIER: usize = 3;
const CATEGORY: usize = 5;
const REPORTED: usize = 8;
const HANDOFFS: usize = 11;
const DISPOSED: usize = 12;
const CLOSED: usize = 13;
const MATTERS: usize = 15;
const FOLLOWED_UP: usize = 16;
const CONFIRMED: usize = 17;
const PHONE: usize = 24;
const ID: usize = 25;
const DESCRIPTION: usize = 27;

/// Good cases of a year and the matters settled by them. The article: more than 2,700 and more than 4,200 in 2020.
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

/// Writes one file for each year.
pub(super) fn write(
    options: &DemoOptions,
    city: &[Community],
    summary: &mut DemoSummary,
    on_row: &mut dyn FnMut(&Path, u64),
) -> Result<(), DemoError> {
    let mut desk = Desk::new(options, city);
    let cut = options.cut().and_time(NaiveTime::MIN);
    let mut random = Random::new(options.seed, "whistle mistakes");
    for year in options.first_year..=options.last_year {
        let kind = match options.last_year - year {
            0 => Kind::Gb18030,
            1 => Kind::Utf8,
            _ => Kind::Utf8Bom,
        };
        let (count, matters) = calibration(options, year);
        desk.begin(year, count);
        // Cases are drawn twice, because how many are closed must be known before the first is written.
        let closed = desk.clone().filter(|case| case.closed.is_some()).count() as u64;
        let mut allotment = Allotment {
            matters: matters.saturating_sub(closed),
            cases: closed,
        };
        let path = options.out.join(format!("whistle-{year}.csv"));
        let export = Export::create(path, kind, &HEADER)?;
        let mut file = Dirty::new(
            options,
            ("whistle", export),
            (&mut SPOILS.iter(), count),
            &mut random,
            &mut *summary,
            &mut *on_row,
        );
        for case in desk.by_ref() {
            let matters = match case.closed {
                Some(_) => 1 + allotment.next(&mut random),
                None => 0,
            };
            if let Some(case) = case.known_at(cut) {
                file.write(&row(&case, matters))?;
            }
        }
        file.finish()?;
    }
    Ok(())
}

/// Matters beyond the first of each closed case: few for most, many for some, and in sum as planned.
struct Allotment {
    matters: u64,
    cases: u64,
}

impl Allotment {
    /// For the next case.
    fn next(&mut self, random: &mut Random) -> u64 {
        self.cases = self.cases.saturating_sub(1);
        let mut taken = 0;
        if self.cases == 0 {
            taken = self.matters.min(40);
        } else {
            // Geometric, with the mean of what is left.
            let again = 1000 * self.matters / (self.matters + self.cases + 1);
            while taken < self.matters.min(40) && random.below(1000) < again {
                taken += 1;
            }
        }
        self.matters -= taken;
        taken
    }
}

fn row(case: &Case, matters: u64) -> Vec<String> {
    let matters = if case.closed.is_some() { matters } else { 0 };
    let flag = |b: bool| if b { "是" } else { "否" }.to_owned();
    let at = |at| moment(at, case.n);
    let optional = |moment: Option<_>| moment.map(at).unwrap_or_default();
    vec![
        case.number.clone(),
        at(case.whistled),
        case.place.clone(),
        untidy(case.tier, case.n),
        untidy(case.channel, case.n),
        case.category.to_owned(),
        untidy(
            case.departments.first().copied().unwrap_or_default(),
            case.n,
        ),
        case.departments.join("、"),
        optional(case.reported),
        at(case.report_due),
        case.on_time.to_string(),
        case.handoffs.to_string(),
        optional(case.disposed),
        optional(case.closed),
        at(case.close_due),
        matters.to_string(),
        flag(case.followed_up),
        flag(case.confirmed),
        case.rating.to_owned(),
        case.reason.to_owned(),
        case.street_rating.to_owned(),
        flag(case.reopened),
        case.reopened_from.clone(),
        case.person.name.clone(),
        case.person.phone.clone(),
        case.person.id.clone(),
        case.person.address.clone(),
        description(case),
    ]
}

/// The same word, as different clerks write it.
fn untidy(word: &str, n: u64) -> String {
    match n % 23 {
        4 => full_width(word),
        9 => format!(" {word}"),
        13 => format!("{word}\u{3000}"),
        17 => word
            .replace("城市管理局", "城管局")
            .replace("住建局", "住房和城乡建设局"),
        _ => word.to_owned(),
    }
}

/// What the resident says; now and then with personal data in it, as people write them.
fn description(case: &Case) -> String {
    let (person, says) = (&case.person, case.says);
    match case.n % 31 {
        3 => format!("本人{},身份证{},{says},请尽快处理", person.name, person.id),
        8 => format!(
            "{says}。联系人{},电话{}",
            person.name,
            full_width(&person.phone)
        ),
        14 => format!("{says}\n住{},请上门核实", person.address),
        20 => format!("{says},证件号{}", full_width(&person.id.to_lowercase())),
        27 => format!(
            "“{says}”,请回电{} {} {}",
            &person.phone[..3],
            &person.phone[3..7],
            &person.phone[7..]
        ),
        n if n % 2 == 0 => format!("{says},请有关部门核实处理"),
        _ => format!("反映{says},希望尽快解决"),
    }
}

fn is_closed(row: &[String]) -> bool {
    !row[CLOSED].is_empty()
}

static SPOILS: [Spoil; 18] = [
    Spoil {
        kind: "the same case twice",
        rule: "unique",
        count: 12,
        fits: anything,
        spoil: |_, _| {},
    },
    Spoil {
        kind: "a code that no community has",
        rule: "place",
        count: 5,
        fits: anything,
        spoil: |row, n| {
            renumber(row, n);
            row[PLACE] = "640199999999".to_owned();
        },
    },
    Spoil {
        kind: "a community that nobody knows, and a comment of two lines",
        rule: "place",
        count: 2,
        fits: anything,
        spoil: |row, n| {
            renumber(row, n);
            row[PLACE] = "不详社区".to_owned();
            row[DESCRIPTION] = "第一行\n第二行,\"引号\"".to_owned();
        },
    },
    Spoil {
        kind: "an unknown tier",
        rule: "domain",
        count: 4,
        fits: anything,
        spoil: |row, n| {
            renumber(row, n);
            row[TIER] = "特急哨".to_owned();
        },
    },
    Spoil {
        kind: "an ID number in a wrong column",
        rule: "domain",
        count: 2,
        fits: anything,
        spoil: |row, n| {
            renumber(row, n);
            row[CATEGORY] = row[ID].clone();
        },
    },
    Spoil {
        kind: "no time",
        rule: "required",
        count: 3,
        fits: anything,
        spoil: |row, n| {
            renumber(row, n);
            row[WHISTLED] = String::new();
        },
    },
    Spoil {
        kind: "a telephone number for a time",
        rule: "type",
        count: 2,
        fits: anything,
        spoil: |row, n| {
            renumber(row, n);
            row[WHISTLED] = row[PHONE].clone();
        },
    },
    Spoil {
        kind: "a day that no month has",
        rule: "type",
        count: 2,
        fits: anything,
        spoil: |row, n| {
            renumber(row, n);
            row[WHISTLED] = "2019-02-30 09:00:00".to_owned();
        },
    },
    Spoil {
        kind: "words for a number",
        rule: "type",
        count: 1,
        fits: anything,
        spoil: |row, n| {
            renumber(row, n);
            row[HANDOFFS] = "多次".to_owned();
        },
    },
    Spoil {
        kind: "matters beyond reason",
        rule: "range",
        count: 2,
        fits: is_closed,
        spoil: |row, n| {
            renumber(row, n);
            row[MATTERS] = "900".to_owned();
        },
    },
    Spoil {
        kind: "reported before the whistle",
        rule: "report_after_whistle",
        count: 6,
        fits: anything,
        spoil: |row, n| {
            renumber(row, n);
            row[REPORTED] = "2017-05-01 08:00:00".to_owned();
        },
    },
    Spoil {
        kind: "closed before the report",
        rule: "close_after_report",
        count: 3,
        fits: is_closed,
        spoil: |row, n| {
            renumber(row, n);
            row[CLOSED] = "2017-05-01 08:00:00".to_owned();
        },
    },
    Spoil {
        kind: "disposed of before the report",
        rule: "dispose_after_report",
        count: 3,
        fits: is_closed,
        spoil: |row, n| {
            renumber(row, n);
            row[DISPOSED] = "2017-05-01 08:00:00".to_owned();
        },
    },
    Spoil {
        kind: "disposal and closing interchanged",
        rule: "close_after_dispose",
        count: 4,
        fits: |row| is_closed(row) && !row[DISPOSED].is_empty() && row[DISPOSED] != row[CLOSED],
        spoil: |row, n| {
            renumber(row, n);
            row.swap(DISPOSED, CLOSED);
        },
    },
    Spoil {
        kind: "a whistle in the future",
        rule: "not_in_the_future",
        count: 3,
        fits: anything,
        spoil: |row, n| {
            renumber(row, n);
            row[WHISTLED] = "2131-05-06 10:00:00".to_owned();
            for at in [REPORTED, DISPOSED, CLOSED] {
                row[at] = String::new();
            }
        },
    },
    Spoil {
        kind: "confirmed without follow-up",
        rule: "confirmed_needs_follow_up",
        count: 3,
        fits: is_closed,
        spoil: |row, n| {
            renumber(row, n);
            row[FOLLOWED_UP] = "否".to_owned();
            row[CONFIRMED] = "是".to_owned();
        },
    },
    Spoil {
        kind: "a field too many",
        rule: "ragged",
        count: 2,
        fits: anything,
        spoil: |row, n| {
            renumber(row, n);
            row.push("补录".to_owned());
        },
    },
    Spoil {
        kind: "a field missing",
        rule: "ragged",
        count: 2,
        fits: anything,
        spoil: |row, n| {
            renumber(row, n);
            row.remove(HANDOFFS);
        },
    },
];
