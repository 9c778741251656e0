//! The facilities of each community: what they are, how large, how reachable, since when.

use chrono::NaiveDate;

use super::{DemoOptions, Random, calendar::new_year, geography::Community, people::Person};

/// One facility, or one of several rooms of a facility. Areas are in hundredths of a square metre.
pub(super) struct Facility {
    pub number: String,
    pub community: String,
    pub kind: &'static str,
    pub functions: String,
    pub floor_area: u64,
    pub activity_area: u64,
    pub floor: &'static str,
    pub lift: bool,
    pub accessible: bool,
    pub hours: u64,
    pub opened: NaiveDate,
    /// In yuan, where known.
    pub funds: Option<u64>,
    pub manager: Person,
}

/// Kind, functions, area for residents' activity in m²: least, and how much more at most.
type Sort = (&'static str, &'static [&'static str], u64, u64);

const CENTRE: Sort = (
    "党群服务中心",
    &["党群活动", "便民服务", "议事协商", "志愿服务"],
    150,
    170,
);
const ROOMS: [Sort; 6] = [
    ("居民活动室", &["文体活动", "教育培训"], 45, 90),
    ("社区书屋", &["阅读", "托幼"], 20, 45),
    ("日间照料中心", &["养老助餐", "医疗卫生"], 40, 80),
    ("老年大学教学点", &["教育培训", "文体活动"], 35, 90),
    ("卫生服务站", &["医疗卫生"], 10, 30),
    ("市民驿站", &["便民服务", "志愿服务", "阅读"], 30, 60),
];
/// What is built where the rest does not reach 500 m².
const HALL: Sort = ("文体活动中心", &["文体活动", "教育培训", "议事协商"], 0, 0);

const FLOORS: [(&str, u64); 6] = [
    ("一层", 46),
    ("二层", 18),
    ("一至二层", 14),
    ("三层", 9),
    ("地下一层", 8),
    ("一至三层", 5),
];

/// Every facility of the city.
pub(super) fn facilities(options: &DemoOptions, city: &[Community]) -> Vec<Facility> {
    let mut facilities = Vec::new();
    let mut numbers = std::collections::BTreeMap::new();
    let lasting: Vec<&Community> = city
        .iter()
        .filter(|c| !c.named && c.valid_on(new_year(options.last_year)))
        .collect();
    // The article: 21 centres of 2,000 m² and more.
    let large = if options.contradict { 16 } else { 21 };
    for (at, community) in lasting.iter().enumerate() {
        let mut builder = Builder {
            random: Random::new(options.seed, &format!("space {}", community.code)),
            community,
            last_year: options.last_year,
            site: numbers.entry(community.district.short).or_insert(0),
        };
        let is_large = (at + 1) * large / lasting.len() > at * large / lasting.len();
        builder.build(options, is_large, &mut facilities);
    }
    for community in city.iter().filter(|c| c.named) {
        let mut builder = Builder {
            random: Random::new(options.seed, &format!("space {}", community.code)),
            community,
            last_year: options.last_year,
            site: numbers.entry(community.district.short).or_insert(0),
        };
        facilities.push(builder.as_reported());
    }
    facilities
}

struct Builder<'a> {
    random: Random,
    community: &'a Community,
    last_year: i32,
    /// The last site of the district.
    site: &'a mut u32,
}

impl Builder<'_> {
    fn build(&mut self, options: &DemoOptions, is_large: bool, facilities: &mut Vec<Facility>) {
        let before = facilities.len();
        let long_ago = self.community.from.max(self.day(2003, 14));
        self.centre(is_large, long_ago, facilities);
        let count = 1 + self.random.below(4);
        let from = self.random.below(ROOMS.len() as u64);
        for n in 0..count {
            let sort = &ROOMS[((from + n) % ROOMS.len() as u64) as usize];
            let opened = self.community.from.max(self.day(2008, 11));
            let facility = self.facility(sort, None, opened);
            facilities.push(facility);
        }
        // What every community must have by the last year, and a little more; not all had it before.
        let surplus = self.random.below(90) * self.random.below(90) / 16;
        let wanted = (502 + surplus) * 100;
        let has: u64 = facilities[before..].iter().map(|f| f.activity_area).sum();
        let short_for_good = options.contradict && self.random.percent(14);
        if has < wanted && !short_for_good {
            let opened = match self.random.below(100) {
                ..52 => self.day(2011, 7),
                52..80 => self.day(self.last_year - 1, 1),
                _ => self.day(self.last_year, 1).min(self.last_autumn()),
            };
            let opened = opened.max(self.community.from);
            let facility = self.facility(&HALL, Some(wanted - has), opened);
            facilities.push(facility);
        }
    }

    /// The one place of a community that the article names: of every community it says no more than that it has
    /// 500 m² in the last year.
    fn as_reported(&mut self) -> Facility {
        const REPORTED: Sort = ("活动场所", &["文体活动"], 500, 0);
        let mut facility = self.facility(&REPORTED, Some(50_000), new_year(self.last_year));
        facility.floor_area = 50_000;
        (facility.floor, facility.lift, facility.accessible) = ("一层", false, true);
        facility.funds = None;
        facility
    }

    /// A service centre: one hall, or a hall and further rooms under the same number.
    fn centre(&mut self, is_large: bool, opened: NaiveDate, facilities: &mut Vec<Facility>) {
        let mut hall = self.facility(&CENTRE, None, opened);
        if is_large {
            hall.floor_area = (2_010 + self.random.below(40) * self.random.below(75)) * 100;
            hall.activity_area = hall.floor_area * (40 + self.random.below(25)) / 100;
            (hall.floor, hall.lift, hall.accessible) = ("一至三层", true, true);
            hall.funds = hall.funds.map(|_| hall.floor_area * 42);
            // A third of them were built in the years shown.
            if self.random.percent(33) && self.community.from < self.day(self.last_year - 1, 1) {
                hall.opened = self.day(self.last_year - 1, 2).min(self.last_autumn());
            }
        } else {
            hall.floor_area = hall.floor_area.min(190_000);
        }
        let rooms = if is_large { 0 } else { self.random.below(3) };
        let number = hall.number.clone();
        if rooms > 0 {
            hall.number = format!("{number}-1");
        }
        facilities.push(hall);
        for room in 0..rooms {
            let mut other = self.facility(&ROOMS[0], None, opened);
            other.kind = CENTRE.0;
            other.number = format!("{number}-{}", room + 2);
            facilities.push(other);
            *self.site -= 1;
        }
    }

    fn facility(&mut self, sort: &Sort, activity_area: Option<u64>, opened: NaiveDate) -> Facility {
        let &(kind, functions, least, more) = sort;
        *self.site += 1;
        let random = &mut self.random;
        let activity_area =
            activity_area.unwrap_or_else(|| (least * 10 + random.below(more.max(1) * 10)) * 10);
        let floor_area = activity_area * 100 / (52 + random.below(40));
        let floor = *random.weighted(&FLOORS);
        let is_ground = floor.starts_with('一');
        let count = 1 + random.below(functions.len() as u64) as usize;
        Facility {
            number: format!("SS-{}{:04}", self.community.district.short, *self.site),
            community: self.community.code.clone(),
            kind,
            functions: functions[..count].join("、"),
            floor_area: floor_area / 10 * 10,
            activity_area,
            floor,
            lift: !is_ground && random.percent(22),
            accessible: random.percent(if is_ground { 81 } else { 17 }),
            hours: *random.weighted(&[(40, 40), (44, 12), (48, 16), (56, 14), (63, 10), (84, 8)]),
            opened,
            funds: random
                .percent(70)
                .then(|| floor_area * (6 + random.below(24))),
            manager: Person::invent(random),
        }
    }

    /// A day in one of so many years.
    fn day(&mut self, first_year: i32, years: u64) -> NaiveDate {
        let days = self.random.below(years * 365).cast_signed();
        new_year(first_year) + chrono::TimeDelta::days(days)
    }

    /// Late enough to be new, early enough to be inspected in the last year.
    fn last_autumn(&self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.last_year, 10, 31).unwrap_or_default()
    }
}
