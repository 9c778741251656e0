//! How whistle cases run: where and when they arise, who is called, who comes in time, what is left over.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDateTime, NaiveTime, TimeDelta};

use super::{
    DemoOptions, Random,
    calendar::{Calendar, new_year},
    geography::Community,
    people::Person,
};

/// Tier, hours to report, days to close, departments called beside the lead.
type Tier = (&'static str, i64, i64, u64);

/// The tiers with their weights.
pub(super) const TIERS: [(Tier, u64); 3] = [
    (("日常哨", 24, 7, 1), 64),
    (("攻坚哨", 48, 15, 3), 25),
    (("疑难哨", 72, 30, 5), 11),
];
const CHANNELS: [(&str, u64); 5] = [
    ("网格员巡查", 38),
    ("12345热线", 30),
    ("居民来访", 14),
    ("网上留言", 11),
    ("联席会议", 7),
];

/// A kind of matter: its weight in cold, mild and hot months, the departments that lead it, and what is said.
struct Category {
    name: &'static str,
    seasons: [u64; 3],
    leads: &'static [(&'static str, u64)],
    says: &'static str,
}

const CATEGORIES: [Category; 9] = [
    Category {
        name: "环境卫生",
        seasons: [18, 21, 26],
        leads: &[("城市管理局", 80), ("生态环境局", 12), ("住建局", 8)],
        says: "楼前垃圾清运不及时,气味很大",
    },
    Category {
        name: "停车管理",
        seasons: [17, 18, 18],
        leads: &[("交警支队", 62), ("城市管理局", 38)],
        says: "小区门口乱停车,出不去进不来",
    },
    Category {
        name: "物业管理",
        seasons: [14, 16, 15],
        leads: &[("住建局", 85), ("市场监督管理局", 15)],
        says: "物业收费不公示,报修没人管",
    },
    Category {
        name: "安全隐患",
        seasons: [13, 12, 12],
        leads: &[
            ("消防救援支队", 55),
            ("住建局", 20),
            ("市场监督管理局", 15),
            ("公安局", 10),
        ],
        says: "楼道堆放杂物,线路老化",
    },
    Category {
        name: "违章建设",
        seasons: [5, 10, 10],
        leads: &[("城市管理局", 78), ("住建局", 22)],
        says: "有人私搭乱建,占用公共场地",
    },
    Category {
        name: "水电气暖",
        seasons: [24, 7, 5],
        leads: &[("住建局", 45), ("水务局", 45), ("市场监督管理局", 10)],
        says: "家里暖气不热,管道漏水",
    },
    Category {
        name: "邻里纠纷",
        seasons: [6, 7, 7],
        leads: &[("公安局", 75), ("民政局", 25)],
        says: "邻居占用楼道,多次沟通无果",
    },
    Category {
        name: "噪声扰民",
        seasons: [3, 5, 12],
        leads: &[("公安局", 40), ("生态环境局", 35), ("城市管理局", 25)],
        says: "夜间施工和广场舞声音太大",
    },
    Category {
        name: "养老助残",
        seasons: [2, 2, 2],
        leads: &[("民政局", 75), ("卫生健康委", 25)],
        says: "老人行动不便,盼望上门服务",
    },
];

/// Departments, and how much slower each is than the quickest, in percent.
const DEPARTMENTS: [(&str, u64); 10] = [
    ("城市管理局", 2),
    ("住建局", 8),
    ("交警支队", 0),
    ("公安局", 1),
    ("消防救援支队", 3),
    ("市场监督管理局", 5),
    ("生态环境局", 6),
    ("水务局", 4),
    ("民政局", 2),
    ("卫生健康委", 3),
];

/// One case.
pub(super) struct Case {
    /// Its place in the year, from 0.
    pub n: u64,
    pub number: String,
    pub whistled: NaiveDateTime,
    pub place: String,
    pub tier: &'static str,
    pub channel: &'static str,
    pub category: &'static str,
    pub departments: Vec<&'static str>,
    pub reported: Option<NaiveDateTime>,
    pub report_due: NaiveDateTime,
    pub disposed: Option<NaiveDateTime>,
    pub closed: Option<NaiveDateTime>,
    pub close_due: NaiveDateTime,
    pub on_time: u64,
    pub handoffs: u64,
    pub followed_up: bool,
    pub confirmed: bool,
    pub rating: &'static str,
    pub reason: &'static str,
    pub street_rating: &'static str,
    pub reopened: bool,
    /// When it comes up again, if it does.
    returns: Option<NaiveDateTime>,
    pub reopened_from: String,
    pub person: Person,
    pub says: &'static str,
}

impl Case {
    /// What an export knows of it that ends at `cut`; none where it has not come up by then.
    pub(super) fn known_at(mut self, cut: NaiveDateTime) -> Option<Self> {
        if self.whistled >= cut {
            return None;
        }
        if self.reported.is_some_and(|at| at >= cut) {
            (self.reported, self.on_time) = (None, 0);
        }
        self.disposed = self.disposed.filter(|&at| at < cut);
        if self.closed.is_some_and(|at| at >= cut) {
            self.closed = None;
            (self.followed_up, self.confirmed) = (false, false);
            (self.rating, self.reason, self.street_rating) = (UNRATED, "", "");
        }
        self.reopened &= self.returns.is_some_and(|at| at < cut);
        Some(self)
    }
}

/// What clerks write where the resident has given no rating.
const UNRATED: &str = "未评价";

/// A closed case that will come up again.
#[derive(Clone)]
struct Unsettled {
    number: String,
    closed: NaiveDateTime,
    place: usize,
    category: usize,
    lead: &'static str,
    person: Person,
}

/// The source of cases, in the order of time.
#[derive(Clone)]
pub(super) struct Desk<'a> {
    city: &'a [Community],
    last_year: i32,
    random: Random,
    calendar: Calendar,
    year: i32,
    next: u64,
    count: u64,
    /// Communities of the year, by weight.
    places: Vec<(usize, u64)>,
    /// By the moment at which they come up again.
    unsettled: BTreeMap<(NaiveDateTime, String), Unsettled>,
}

impl<'a> Desk<'a> {
    pub(super) fn new(options: &DemoOptions, city: &'a [Community]) -> Self {
        let mut random = Random::new(options.seed, "whistle");
        Self {
            city,
            last_year: options.last_year,
            calendar: Calendar::new(&mut random, options.first_year, &[1; 12]),
            random,
            year: options.first_year,
            next: 0,
            count: 0,
            places: Vec::new(),
            unsettled: BTreeMap::new(),
        }
    }

    /// Begins a year of so many cases.
    pub(super) fn begin(&mut self, year: i32, count: u64) {
        let mut months = [6, 6, 7, 8, 9, 9, 10, 10, 9, 9, 8, 8];
        if year == 2020 {
            months[1] = 3; // people stayed at home
        }
        self.calendar = Calendar::new(&mut self.random, year, &months);
        (self.year, self.next, self.count) = (year, 0, count);
        self.places = (0..self.city.len())
            .filter(|&at| !self.city[at].named && self.city[at].valid_on(new_year(year)))
            .map(|at| (at, self.city[at].households * self.city[at].readiness))
            .collect();
    }

    fn end(&self) -> NaiveDateTime {
        new_year(self.last_year + 1).and_time(NaiveTime::MIN)
    }

    /// Which case comes up again at this moment, if any. One that finds no moment within its 30 days is let go.
    fn comes_again(&mut self, now: NaiveDateTime) -> Option<Unsettled> {
        loop {
            let entry = self.unsettled.first_entry()?;
            if entry.key().0 > now {
                return None;
            }
            let case = entry.remove();
            if now - case.closed <= TimeDelta::days(30)
                && self.places.iter().any(|&(at, _)| at == case.place)
            {
                return Some(case);
            }
        }
    }

    fn case(&mut self) -> Case {
        let n = self.next;
        self.next += 1;
        let (year, end) = (self.year, self.end());
        let whistled = self.calendar.moment(&mut self.random, n, self.count);
        let again = self.comes_again(whistled);
        let random = &mut self.random;
        let season = match whistled.month() {
            11 | 12 | 1..=3 => 0,
            6..=8 => 2,
            _ => 1,
        };
        let weights: [(usize, u64); 9] =
            std::array::from_fn(|at| (at, CATEGORIES[at].seasons[season]));
        let chance = (*random.weighted(&self.places), *random.weighted(&weights));
        let (place, category) = again
            .as_ref()
            .map_or(chance, |case| (case.place, case.category));
        let community = &self.city[place];
        let lead = *random.weighted(CATEGORIES[category].leads);
        let lead = again.as_ref().map_or(lead, |case| case.lead);
        let (tier, hours, days, others) = *random.weighted(&TIERS);
        let count = 1 + random.below(others + 1);
        let departments = summoned(random, lead, count);
        let slow = slowness(lead, community, self.last_year - year);

        let report_due = whistled + TimeDelta::hours(hours);
        let late = random.percent(1 + slow / 2);
        let share = share(random, late, 4);
        let reported = Some(whistled + part_of(TimeDelta::hours(hours), share))
            .filter(|&at| at < end && !random.percent(1));
        let close_due = whistled + TimeDelta::days(days);
        let late = random.percent(7 + slow);
        let share = self::share(random, late, 8);
        let never = random.percent(2 + slow / 8);
        let closed = reported
            .map(|reported| {
                let minutes = 5 + random.below(90).cast_signed();
                (whistled + part_of(TimeDelta::days(days), share))
                    .max(reported + TimeDelta::minutes(minutes))
            })
            .filter(|&at| at < end && !never);
        let disposed = disposed(random, reported, closed, close_due).filter(|&at| at < end);
        let in_limit = reported.is_some_and(|at| at <= report_due);
        let on_time = u64::from(in_limit)
            + (1..departments.len() as u64)
                .filter(|_| reported.is_some() && random.percent(if in_limit { 92 } else { 61 }))
                .count() as u64;
        let is_late = closed.is_none_or(|at| at > close_due);

        let is_closed = closed.is_some();
        let followed_up = is_closed && random.percent(72);
        let confirmed = followed_up && random.percent(if is_late { 62 } else { 88 });
        let (rating, reason) = rated(random, is_closed, is_late);
        let street_rating = street_rated(random, is_closed, is_late);
        let person = again
            .as_ref()
            .map_or_else(|| Person::invent(random), |case| case.person.clone());
        let number = format!("YC{year}{:05}", n + 1);
        let handoffs = handed_off(random, is_late);
        let channel = random.weighted(&CHANNELS);
        let returns = closed.map(|at| at + TimeDelta::hours(20 + random.below(600).cast_signed()));
        let reopened = random.percent(if is_late { 6 } else { 3 })
            && returns.is_some_and(|at| at < end - TimeDelta::days(3));
        if let (true, Some(at), Some(closed)) = (reopened, returns, closed) {
            let case = Unsettled {
                number: number.clone(),
                closed,
                place,
                category,
                lead,
                person: person.clone(),
            };
            self.unsettled.insert((at, number.clone()), case);
        }
        Case {
            n,
            number,
            whistled,
            place: community.code.clone(),
            tier,
            channel,
            category: CATEGORIES[category].name,
            departments,
            reported,
            report_due,
            disposed,
            closed,
            close_due,
            on_time,
            handoffs,
            followed_up,
            confirmed,
            rating,
            reason,
            street_rating,
            reopened,
            returns,
            reopened_from: again.map(|case| case.number).unwrap_or_default(),
            person,
            says: CATEGORIES[category].says,
        }
    }
}

impl Iterator for Desk<'_> {
    type Item = Case;

    fn next(&mut self) -> Option<Case> {
        (self.next < self.count).then(|| self.case())
    }
}

/// How much slower than the quickest a case is, in percent.
fn slowness(lead: &str, community: &Community, years_ago: i32) -> u64 {
    let department = DEPARTMENTS.iter().find(|d| d.0 == lead).map_or(0, |d| d.1);
    community.district.slow + department + 2 * u64::from(years_ago.max(0).unsigned_abs())
}

/// How much of a limit was used, in ten-thousandths: mostly little, and when late, seldom very much.
fn share(random: &mut Random, late: bool, tail: u64) -> u64 {
    let u = random.below(1000);
    if late {
        10_100 + tail * u * u * u / 100_000
    } else {
        60 + 9_900 * u * u / 1_000_000
    }
}

fn part_of(whole: TimeDelta, share: u64) -> TimeDelta {
    TimeDelta::seconds(whole.num_seconds() * share.cast_signed() / 10_000)
}

/// When the departments had done their part: between report and closing, and already past in some open cases.
fn disposed(
    random: &mut Random,
    reported: Option<NaiveDateTime>,
    closed: Option<NaiveDateTime>,
    close_due: NaiveDateTime,
) -> Option<NaiveDateTime> {
    let reported = reported?;
    let share = 5_500 + random.below(4_501);
    if closed.is_none() && !random.percent(40) {
        return None;
    }
    let span = (closed.unwrap_or(close_due) - reported).max(TimeDelta::zero());
    Some(reported + part_of(span, share))
}

/// The departments called: the leading one and others.
fn summoned(random: &mut Random, lead: &'static str, count: u64) -> Vec<&'static str> {
    let mut called = vec![lead];
    while (called.len() as u64) < count {
        let next = random.pick(&DEPARTMENTS).0;
        if !called.contains(&next) {
            called.push(next);
        }
    }
    called
}

/// The resident's rating, and why not a better one.
fn rated(random: &mut Random, closed: bool, late: bool) -> (&'static str, &'static str) {
    let rated = closed && random.percent(58);
    let (roll, why) = (
        random.below(100) + if late { 22 } else { 0 },
        random.below(100),
    );
    match (rated, roll) {
        (false, _) => (UNRATED, ""),
        (true, ..68) => ("满意", ""),
        (true, ..89) => ("基本满意", ""),
        _ => (
            "不满意",
            match why {
                ..14 => "政策限制",
                14..50 => "反复发生",
                50..66 => "法定时限",
                66..88 => "职责交叉",
                _ => "其他",
            },
        ),
    }
}

/// The street's rating of the departments.
fn street_rated(random: &mut Random, closed: bool, late: bool) -> &'static str {
    let rated = closed && random.percent(88);
    match (rated, random.below(100) + if late { 45 } else { 0 }) {
        (false, _) => "",
        (true, ..62) => "好",
        (true, ..95) => "较好",
        _ => "差",
    }
}

fn handed_off(random: &mut Random, late: bool) -> u64 {
    match random.below(100) + if late { 30 } else { 0 } {
        ..72 => 0,
        72..92 => 1,
        92..108 => 2,
        _ => 3 + random.below(3),
    }
}
