//! The register of service space: one row for each inspection of a facility. By the last year every community
//! has its 500 m² for residents' activity, and 21 service centres have 2,000 m² and more.

use std::path::Path;

use chrono::{Datelike, NaiveDate, TimeDelta};

use super::{
    DemoError, DemoOptions, DemoSummary, Random,
    calendar::{self, new_year},
    export::{Export, Kind, Layout},
    facilities::{Facility, facilities},
    geography::Community,
    spoil::{Dirty, Spoil, anything},
};

const HEADER: [&str; 16] = [
    "设施编号",
    "检查日期",
    "社区代码",
    "设施类别",
    "功能",
    "建筑面积",
    "居民活动面积",
    "所在楼层",
    "电梯",
    "无障碍",
    "每周开放小时",
    "启用日期",
    "建设经费",
    "负责人",
    "联系电话",
    "备注",
];
// Positions in the header.
const NUMBER: usize = 0;
const INSPECTED: usize = 1;
const PLACE: usize = 2;
const FLOOR_AREA: usize = 5;
const ACTIVITY_AREA: usize = 6;
const FLOOR: usize = 7;
const LIFT: usize = 8;
const HOURS: usize = 10;
const OPENED: usize = 11;
const FUNDS: usize = 12;

/// A facility is not inspected more than once a day, however large the scale.
const MOST_INSPECTIONS: u64 = 300;

/// Writes one file for each year: the last as a workbook, the others as CSV.
pub(super) fn write(
    options: &DemoOptions,
    city: &[Community],
    summary: &mut DemoSummary,
    on_row: &mut dyn FnMut(&Path, u64),
) -> Result<(), DemoError> {
    let mut random = Random::new(options.seed, "inspections");
    let facilities = facilities(options, city);
    for year in options.first_year..=options.last_year {
        let (kind, ending) = match options.last_year - year {
            0 => (Kind::Workbook(layout(year)), "xlsx"),
            1 => (Kind::Utf8, "csv"),
            _ => (Kind::Gb18030, "csv"),
        };
        let ragged = !matches!(kind, Kind::Workbook(_));
        let mut mistakes = MISTAKES.iter().chain(RAGGED.iter().filter(|_| ragged));
        let path = options.out.join(format!("space-{year}.{ending}"));
        let mut file = Dirty::new(
            options,
            ("space", Export::create(path, kind, &HEADER)?),
            (&mut mistakes, facilities.len() as u64),
            &mut random.clone(),
            &mut *summary,
            &mut *on_row,
        );
        let mut written = 0;
        for facility in &facilities {
            for day in inspections(options, &mut random, facility, year) {
                written += 1;
                let row = row(&mut random, facility, day, written);
                if day < options.cut() {
                    file.write(&row)?;
                }
            }
        }
        file.finish()?;
    }
    Ok(())
}

fn layout(year: i32) -> Layout {
    Layout {
        title: format!("银川市社区阵地设施检查台账({year}年)"),
        note: ("编制单位:演示数据", "面积单位:平方米"),
        groups: &[
            ("基本信息", 5),
            ("面积", 2),
            ("使用条件", 5),
            ("", 1),
            ("联系人", 2),
            ("", 1),
        ],
        numbers: &[FLOOR_AREA, ACTIVITY_AREA, HOURS, FUNDS],
        dates: &[INSPECTED, OPENED],
        totals: &[FLOOR_AREA, ACTIVITY_AREA],
    }
}

/// The days on which a facility was inspected in a year: most once, some twice, some not at all.
fn inspections(
    options: &DemoOptions,
    random: &mut Random,
    facility: &Facility,
    year: i32,
) -> Vec<NaiveDate> {
    let first = facility.opened.max(new_year(year));
    let days = (new_year(year + 1) - first).num_days();
    if days < 1 {
        return Vec::new();
    }
    let new = facility.opened.year() == year;
    let usual = match random.below(100) {
        ..6 if !new && year != options.last_year => 0,
        90.. => 2,
        _ => 1,
    };
    let count = (usual * (options.scale.round() as u64).max(1))
        .min(MOST_INSPECTIONS)
        .min(days.unsigned_abs());
    // One day in each of as many equal stretches, so that no two fall together.
    (0..count)
        .map(|n| {
            let stretch = days.unsigned_abs() / count;
            first + TimeDelta::days((n * stretch + random.below(stretch)).cast_signed())
        })
        .collect()
}

fn row(random: &mut Random, facility: &Facility, day: NaiveDate, n: u64) -> Vec<String> {
    let flag = |b: bool| if b { "有" } else { "无" }.to_owned();
    let area = |hundredths: u64| match (hundredths % 100, n % 17) {
        (0, ..12) => (hundredths / 100).to_string(),
        (part, 16) => calendar::full_width(&format!("{}.{part:02}", hundredths / 100)),
        (part, _) => format!("{}.{part:02}", hundredths / 100),
    };
    let hours = match random.below(100) {
        // Closed for works or for want of staff.
        ..3 => "0".to_owned(),
        3..6 => String::new(),
        _ => facility.hours.to_string(),
    };
    let memo = match n % 43 {
        7 => format!(
            "钥匙由{}保管,电话{}",
            facility.manager.name, facility.manager.phone
        ),
        19 => format!("负责人家住{}", facility.manager.address),
        31 => "消防通道堆放杂物,已责令整改".to_owned(),
        _ => String::new(),
    };
    vec![
        facility.number.clone(),
        calendar::day(day, n),
        facility.community.clone(),
        facility.kind.to_owned(),
        facility.functions.clone(),
        area(facility.floor_area),
        area(facility.activity_area),
        facility.floor.to_owned(),
        flag(facility.lift),
        flag(facility.accessible),
        hours,
        calendar::day(facility.opened, n),
        facility
            .funds
            .map_or_else(|| "-".to_owned(), |yuan| yuan.to_string()),
        facility.manager.name.clone(),
        facility.manager.phone.clone(),
        memo,
    ]
}

fn renumber(row: &mut [String], n: u64) {
    row[NUMBER] = format!("{}-B{n}", row[NUMBER]);
}

static MISTAKES: [Spoil; 10] = [
    Spoil {
        kind: "the same inspection twice",
        rule: "unique",
        count: 4,
        fits: anything,
        spoil: |_, _| {},
    },
    Spoil {
        kind: "a code that no community has",
        rule: "place",
        count: 3,
        fits: anything,
        spoil: |row, n| {
            renumber(row, n);
            row[PLACE] = "640199999999".to_owned();
        },
    },
    Spoil {
        kind: "no area for residents' activity",
        rule: "required",
        count: 6,
        fits: anything,
        spoil: |row, n| {
            renumber(row, n);
            row[ACTIVITY_AREA] = String::new();
        },
    },
    Spoil {
        kind: "an area in words",
        rule: "type",
        count: 3,
        fits: anything,
        spoil: |row, n| {
            renumber(row, n);
            row[FLOOR_AREA] = "约五百".to_owned();
        },
    },
    Spoil {
        kind: "an area in square centimetres",
        rule: "range",
        count: 2,
        fits: anything,
        spoil: |row, n| {
            renumber(row, n);
            row[FLOOR_AREA] = "3560000".to_owned();
        },
    },
    Spoil {
        kind: "a floor that no building has",
        rule: "domain",
        count: 2,
        fits: anything,
        spoil: |row, n| {
            renumber(row, n);
            row[FLOOR] = "室外".to_owned();
        },
    },
    Spoil {
        kind: "neither lift nor none",
        rule: "type",
        count: 2,
        fits: anything,
        spoil: |row, n| {
            renumber(row, n);
            row[LIFT] = "待查".to_owned();
        },
    },
    Spoil {
        kind: "more hours than a week has",
        rule: "range",
        count: 2,
        fits: anything,
        spoil: |row, n| {
            renumber(row, n);
            row[HOURS] = "200".to_owned();
        },
    },
    Spoil {
        kind: "an inspection without a day",
        rule: "required",
        count: 2,
        fits: anything,
        spoil: |row, n| {
            renumber(row, n);
            row[INSPECTED] = String::new();
        },
    },
    Spoil {
        kind: "an inspection in the future",
        rule: "not_in_the_future",
        count: 2,
        fits: anything,
        spoil: |row, n| {
            renumber(row, n);
            row[INSPECTED] = "2131-05-06".to_owned();
        },
    },
];

static RAGGED: [Spoil; 1] = [Spoil {
    kind: "a field missing",
    rule: "ragged",
    count: 2,
    fits: anything,
    spoil: |row, n| {
        renumber(row, n);
        row.remove(FLOOR);
    },
}];
