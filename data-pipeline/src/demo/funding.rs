//! The ledger of money. Party-building funds of the last year are exactly twice their former basis, line by line
//! and so in every community; the service and development fund rises by 50,000 yuan in each.

use std::path::Path;

use chrono::{Datelike, NaiveDate, TimeDelta};

use super::{
    DemoError, DemoOptions, DemoSummary, Random,
    calendar::{self, new_year},
    export::{Export, Kind, Layout},
    geography::Community,
    ledger::{self, HEADER},
    people::Person,
    spoil::Dirty,
};

/// Fen in a thousand yuan.
const THOUSAND: u64 = 100_000;
/// The code of the community whose upgrade the article reports, and what it cost, in fen.
const CHONGAN: (&str, u64) = ("640104001001", 2_500 * THOUSAND);

/// One kind of money: its name, sources and purposes by weight.
struct Line {
    name: &'static str,
    sources: &'static [(&'static str, u64)],
    purposes: &'static [(&'static str, u64)],
    /// Whether its lines are projects that somebody proposed.
    projects: bool,
}

/// Who proposes projects.
const PROPOSERS: [(&str, u64); 4] = [("居民", 46), ("社区", 34), ("街道", 13), ("共建单位", 7)];

const PARTY: Line = Line {
    name: "党建经费",
    sources: &[("区县财政", 55), ("市级财政", 30), ("党费返还", 15)],
    purposes: &[("组织生活", 50), ("教育培训", 35), ("设备购置", 15)],
    projects: false,
};
const SERVICE: Line = Line {
    name: ledger::SERVICE,
    sources: &[("市级财政", 60), ("区县财政", 32), ("社会捐助", 8)],
    purposes: &[
        ("居民服务", 38),
        ("一老一小", 28),
        ("环境整治", 22),
        (ledger::RELIEF, 12),
    ],
    projects: true,
};
const FACILITIES: Line = Line {
    name: "阵地建设",
    sources: &[("市级财政", 50), ("区县财政", 40), ("社会捐助", 10)],
    purposes: &[("场所改造", 70), ("设备购置", 30)],
    projects: true,
};

/// Money for one community, one year and one kind, in fen.
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
        // A few large works, many small ones.
        let size = random.below(60);
        (40 + size * size / 4) * THOUSAND
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

/// Writes one file for each year: the last as a workbook in 万元, the others as CSV in yuan.
pub(super) fn write(
    options: &DemoOptions,
    city: &[Community],
    summary: &mut DemoSummary,
    on_row: &mut dyn FnMut(&Path, u64),
) -> Result<(), DemoError> {
    let mut random = Random::new(options.seed, "funding");
    for year in options.first_year..=options.last_year {
        let (kind, ending) = match options.last_year - year {
            0 => (Kind::Workbook(layout(year)), "xlsx"),
            1 => (Kind::Gb18030, "csv"),
            _ => (Kind::Utf8Bom, "csv"),
        };
        let mut mistakes = ledger::mistakes(&kind);
        let in_wan = matches!(kind, Kind::Workbook(_));
        let path = options.out.join(format!("funding-{year}.{ending}"));
        let budgets: Vec<(&Community, [Grant; 3])> = city
            .iter()
            .filter(|c| !c.named && c.valid_on(new_year(year)))
            .map(|c| (c, grants(options, c, year)))
            .collect();
        let expected: u64 = budgets.iter().flat_map(|(_, g)| g).map(|g| g.parts).sum();
        let mut file = Dirty::new(
            options,
            ("funding", Export::create(path, kind, &HEADER)?),
            (&mut mistakes, expected * 2 / 3),
            &mut random.clone(),
            &mut *summary,
            &mut *on_row,
        );
        let mut clerk = Clerk {
            seed: options.seed,
            random: &mut random,
            year,
            end: new_year(options.last_year + 1),
            cut: options.cut(),
            in_wan,
            vouchers: 0,
        };
        for month in 0..12 {
            if (year, month) == (2020, 3) {
                let line = clerk.chongan(options);
                if NaiveDate::from_ymd_opt(year, 4, 1).is_some_and(|on| on < clerk.cut) {
                    file.write(&line)?;
                }
            }
            for (at, (community, grants)) in budgets.iter().enumerate() {
                for grant in grants.iter().filter(|grant| grant.budgeted > 0) {
                    let due =
                        |part: &u64| (part * 12 / grant.parts + at as u64 % 3).min(11) == month;
                    for part in (0..grant.parts).filter(due) {
                        if let Some(line) = clerk.line(community, grant, part, month as u32 + 1) {
                            file.write(&line)?;
                        }
                    }
                }
            }
        }
        file.finish()?;
    }
    Ok(())
}

fn layout(year: i32) -> Layout {
    Layout {
        title: format!("银川市社区经费台账({year}年)"),
        note: ("编制单位:演示数据", "单位:万元"),
        groups: &[("", 6), ("金额", 4), ("日期", 2), ("收款信息", 2), ("", 3)],
        numbers: &[
            ledger::BUDGETED,
            ledger::RECEIVED,
            ledger::SPENT,
            ledger::FORMER,
        ],
        dates: &[ledger::BOOKED, ledger::RECEIVED_ON, ledger::SPENT_ON],
        totals: &[ledger::BUDGETED, ledger::RECEIVED, ledger::SPENT],
    }
}

/// An amount in parts of whole fen that differ by up to a third and add up to it.
fn part_of(amount: u64, part: u64, parts: u64, salt: u64) -> u64 {
    let base = amount / parts;
    // Two by two: what one has more, the other has less.
    let tilt = base / 100 * (Random::new(salt, "parts").below(30) * (part / 2 + 7) % 31);
    let alone = part + 1 == parts && parts % 2 == 1;
    let share = match (alone, part % 2) {
        (true, _) => base,
        (_, 0) => base + tilt,
        _ => base - tilt,
    };
    share + if part == 0 { amount % parts } else { 0 }
}

/// Who writes the lines of a year.
struct Clerk<'a> {
    seed: u64,
    random: &'a mut Random,
    year: i32,
    end: NaiveDate,
    /// The first day that the export does not know.
    cut: NaiveDate,
    in_wan: bool,
    vouchers: u64,
}

impl Clerk<'_> {
    fn voucher(&mut self) -> String {
        self.vouchers += 1;
        format!("PZ{}{:06}", self.year, self.vouchers)
    }

    /// A line of the ledger, as far as the export knows; none where it was booked later.
    fn line(
        &mut self,
        community: &Community,
        grant: &Grant,
        part: u64,
        month: u32,
    ) -> Option<Vec<String>> {
        let voucher = self.voucher();
        let n = self.vouchers;
        let salt = community.households * 31 + community.readiness;
        let of = |amount: u64| part_of(amount, part, grant.parts, salt);
        let former = grant.former_basis.map(of);
        // A multiple of the basis is a multiple in every part: the basis is split, then multiplied.
        let budgeted = match (former, grant.former_basis) {
            (Some(part), Some(basis)) if grant.budgeted.is_multiple_of(basis) => {
                part * (grant.budgeted / basis)
            }
            _ => of(grant.budgeted),
        };
        let random = &mut *self.random;
        let slow = community.district.slow;
        let booked = NaiveDate::from_ymd_opt(self.year, month, 2 + random.below(26) as u32)
            .unwrap_or_default();
        // Most money comes and goes within weeks; some is very late, or never spent.
        let mut days = |least: u64, most: u64| {
            let u = random.below(1000);
            TimeDelta::days((least + most * u * u / 1_000_000).cast_signed())
        };
        let received_on = booked + days(3, 150 + 6 * slow);
        let spent_on = received_on + days(2, 210 + 12 * slow);
        let share = |random: &mut Random, full: u64, least: u64| {
            if random.percent(full) {
                100
            } else {
                least + random.below(100 - least)
            }
        };
        let received = if received_on < self.end && random.percent(96) {
            budgeted * share(random, 84, 55) / 100
        } else {
            0
        };
        let spent = if received > 0 && spent_on < self.end && random.percent(94) {
            received * share(random, 80 - slow, 40) / 100
        } else {
            0
        };
        let known = |amount: u64, on: NaiveDate| if on < self.cut { amount } else { 0 };
        let (received, spent) = (known(received, received_on), known(spent, spent_on));
        let source = *random.weighted(grant.line.sources);
        let purpose = *random.weighted(grant.line.purposes);
        let person = Person::invent(random);
        let payee = if purpose == ledger::RELIEF || random.percent(8) {
            person.name.clone()
        } else {
            format!("虚构{:05}号商行", random.below(100_000))
        };
        let memo = match n % 41 {
            5 => format!("请联系{},电话{}", person.name, person.phone),
            17 => format!("经办人{}(身份证{})代领", person.name, person.id),
            29 => "款项分两次支付,第二次待验收后补".to_owned(),
            _ => String::new(),
        };
        let (proposer, stage) = if grant.line.projects && purpose != ledger::RELIEF {
            let mut random = Random::new(self.seed, &format!("project {} {n}", self.year));
            let stage = match (received, spent) {
                (0, _) if random.percent(50) => "已提出",
                (_, 0) => "居民议定",
                (received, spent) if spent < received => "已开工",
                _ => "已验收",
            };
            (*random.weighted(&PROPOSERS), stage)
        } else {
            ("-", "-")
        };
        let dated = |amount: u64, on: NaiveDate| {
            if amount > 0 {
                calendar::day(on, n)
            } else {
                String::new()
            }
        };
        let row = vec![
            voucher,
            calendar::day(booked, n),
            community.code.clone(),
            grant.line.name.to_owned(),
            source.to_owned(),
            purpose.to_owned(),
            self.amount(budgeted, n),
            self.amount(received, n),
            self.amount(spent, n),
            former.map_or_else(|| "-".to_owned(), |fen| self.amount(fen, n)),
            dated(received, received_on),
            dated(spent, spent_on),
            payee,
            format!("990000{:013}", self.random.below(10_000_000_000_000)),
            memo,
            proposer.to_owned(),
            stage.to_owned(),
        ];
        (booked < self.cut).then_some(row)
    }

    /// The one line of a community that the article names: 2.5 million yuan in April 2020 from the civil affairs
    /// authorities. It was in use from August.
    fn chongan(&mut self, options: &DemoOptions) -> Vec<String> {
        let voucher = self.voucher();
        let fen = CHONGAN.1 / 100 * if options.contradict { 76 } else { 100 };
        let amount = self.amount(fen, 0);
        let on = |month| NaiveDate::from_ymd_opt(self.year, month, 1).unwrap_or_default();
        let spent = on(8) < self.end && self.end.year() > 2020;
        let (paid, paid_on) = if spent {
            (amount.clone(), calendar::iso(on(8)))
        } else {
            ("0".to_owned(), String::new())
        };
        let text = str::to_owned;
        vec![
            voucher,
            calendar::iso(on(4)),
            text(CHONGAN.0),
            text(FACILITIES.name),
            text("市级财政"),
            text("场所改造"),
            amount.clone(),
            amount,
            paid,
            text("-"),
            calendar::iso(on(4)),
            paid_on,
            text("虚构00000号商行"),
            text("9900000000000000000"),
            String::new(),
            text("-"),
            text("-"),
        ]
    }

    /// The same amount, as different clerks write it.
    fn amount(&self, fen: u64, n: u64) -> String {
        if self.in_wan {
            return format!("{}.{:06}", fen / 1_000_000, fen % 1_000_000);
        }
        let (whole, cents) = (fen / 100, fen % 100);
        match n % 13 {
            5 if (1000..1_000_000).contains(&whole) => {
                format!("{},{:03}.{cents:02}", whole / 1000, whole % 1000)
            }
            8 => format!("¥{whole}.{cents:02}"),
            10 => calendar::full_width(&format!("{whole}.{cents:02}")),
            _ => format!("{whole}.{cents:02}"),
        }
    }
}
