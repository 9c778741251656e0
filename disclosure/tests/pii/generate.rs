//! Invented personal data in every guise, made at run time. Shares no code with the detector.

use disclosure::pii::Kind;

/// A small generator of random numbers (splitmix64): the same seed, the same corpus.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % n as u64).expect("in range")
    }

    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }

    pub fn digits(&mut self, n: usize) -> String {
        (0..n)
            .map(|_| char::from(b'0' + self.below(10) as u8))
            .collect()
    }
}

/// One planted value.
pub struct Planted {
    pub kind: Kind,
    pub text: String,
}

const REGIONS: &[&str] = &[
    "110101", "310115", "440310", "640104", "640121", "330106", "510107", "620102", "650104",
    "810000", "990000",
];
const SURNAMES: &[&str] = &[
    "张", "王", "李", "赵", "陈", "刘", "黄", "周", "吴", "徐", "欧阳", "司马", "马", "丁", "哈",
    "葉", "劉",
];
const GIVEN: &[&str] = &[
    "伟", "芳", "小红", "建国", "秀英", "敏", "志强", "桂兰", "子轩", "梓涵", "勇", "雪梅", "文博",
    "玉珍",
];

fn birth(random: &mut Random) -> (usize, usize, usize) {
    (
        1930 + random.below(90),
        1 + random.below(12),
        1 + random.below(28),
    )
}

/// The table of GB 11643, as printed in the standard's annex.
pub fn check_character(first: &str) -> char {
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = first
        .chars()
        .zip(weights)
        .map(|(c, w)| c.to_digit(10).expect("in range") * w)
        .sum();
    ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'][(sum % 11) as usize]
}

pub fn resident_id(random: &mut Random) -> String {
    let (y, m, d) = birth(random);
    let first = format!(
        "{}{y:04}{m:02}{d:02}{}",
        random.pick(REGIONS),
        random.digits(3)
    );
    let check = check_character(&first);
    format!("{first}{check}")
}

fn with_luhn(first: &str) -> String {
    for last in '0'..='9' {
        let whole = format!("{first}{last}");
        let mut sum = 0;
        for (at, c) in whole.chars().rev().enumerate() {
            let d = c.to_digit(10).expect("in range");
            sum += if at % 2 == 0 {
                d
            } else {
                d * 2 / 10 + d * 2 % 10
            };
        }
        if sum % 10 == 0 {
            return whole;
        }
    }
    unreachable!("one of ten digits fits")
}

pub fn full_width(text: &str) -> String {
    text.chars()
        .map(|c| {
            if ('!'..='~').contains(&c) {
                char::from_u32(c as u32 + 0xFEE0).expect("in range")
            } else {
                c
            }
        })
        .collect()
}

pub fn chinese_numerals(text: &str) -> String {
    let numerals: Vec<char> = "〇一二三四五六七八九".chars().collect();
    text.chars()
        .map(|c| c.to_digit(10).map_or(c, |d| numerals[d as usize]))
        .collect()
}

pub fn group(text: &str, sizes: &[usize], separator: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    let mut parts = Vec::new();
    for &size in sizes {
        parts.push(chars[at..at + size].iter().collect::<String>());
        at += size;
    }
    parts.push(chars[at..].iter().collect());
    parts.join(separator)
}

const SEPARATORS: &[&str] = &[
    " ", "-", "　", "－", ".", "·", "—", " - ", "\u{200B}", "\u{A0}", "_", "–",
];

/// A number in a guise: plain, full width, grouped, spaced out, with invisible characters, in Chinese numerals.
fn disguise(random: &mut Random, text: &str, groupings: &[&[usize]]) -> String {
    let separator = random.pick(SEPARATORS);
    match random.below(8) {
        0 | 1 => text.to_owned(),
        2 => full_width(text),
        3 => full_width(&group(text, random.pick(groupings), separator)),
        4 | 5 => group(text, random.pick(groupings), separator),
        6 => {
            let chars: Vec<String> = text.chars().map(String::from).collect();
            chars.join(random.pick(&["\u{200B}", " ", "　", "\u{2060}"]))
        }
        _ => chinese_numerals(text),
    }
}

pub fn name(random: &mut Random) -> String {
    format!("{}{}", random.pick(SURNAMES), random.pick(GIVEN))
}

/// A value of a kind.
pub fn plant(random: &mut Random, kind: Kind) -> Planted {
    let text = match kind {
        Kind::ResidentId => {
            let mut id = resident_id(random);
            if random.below(2) == 0 {
                id = id.replace('X', "x");
            }
            match random.below(8) {
                0 => group(&id, &[6, 8], random.pick(&["，", "、", "/", ",", "\n"])),
                1 => {
                    // Anything may have slipped in anywhere.
                    let at = 1 + random.below(16);
                    group(&id, &[at], random.pick(SEPARATORS))
                }
                _ => disguise(
                    random,
                    &id,
                    &[&[6, 8], &[6, 4, 4], &[6, 4, 2, 2], &[3, 3, 4, 4]],
                ),
            }
        }
        Kind::LegacyResidentId => {
            let (y, m, d) = birth(random);
            let id = format!(
                "{}{:02}{m:02}{d:02}{}",
                random.pick(REGIONS),
                y % 100,
                random.digits(3)
            );
            disguise(random, &id, &[&[6, 6], &[3, 3, 3, 3]])
        }
        Kind::Mobile => {
            let number = format!("1{}{}", 3 + random.below(7), random.digits(9));
            let text = disguise(random, &number, &[&[3, 4], &[3], &[4, 3], &[3, 3]]);
            match random.below(6) {
                0 => format!(
                    "{}{text}",
                    random.pick(&["+86 ", "86-", "0086 ", "+86", "＋８６"])
                ),
                1 => group(&format!("09{}", random.digits(8)), &[4, 3], "-"),
                _ => text,
            }
        }
        Kind::Telephone => match random.below(8) {
            0 | 1 => format!(
                "{}-{}{}",
                random.pick(&["0951", "0755", "0471", "0991"]),
                2 + random.below(7),
                random.digits(6)
            ),
            2 => format!(
                "{}-{}{}",
                random.pick(&["010", "021", "029"]),
                5 + random.below(4),
                random.digits(7)
            ),
            3 => full_width(&format!(
                "({}){}{}",
                "0951",
                2 + random.below(7),
                random.digits(6)
            )),
            4 => format!("0951{}{}", 2 + random.below(7), random.digits(6)),
            5 => format!(
                "{}{}",
                random.pick(&["+852 6123 ", "+65 8123 ", "+853-6612-"]),
                random.digits(4)
            ),
            6 => format!(
                "{}{}",
                random.pick(&[
                    "+1 (212) 555-",
                    "+44 20 7946 ",
                    "+81-90-1234-",
                    "+82-10-1234-",
                    "+886 912 345"
                ]),
                random.digits(4)
            )
            .replace("345", "34"),
            _ => format!(
                "{}-{}-{}",
                random.pick(&["02", "053", "010", "031"]),
                200 + random.below(700),
                random.digits(4)
            )
            .replace("010-", "010-1"),
        },
        Kind::BankCard => {
            let (bin, length) = [
                ("622202", 19),
                ("621700", 19),
                ("622848", 19),
                ("424145", 16),
                ("625912", 16),
                ("955880", 19),
                ("520108", 16),
                ("357212", 16),
            ][random.below(8)];
            let card = with_luhn(&format!("{bin}{}", random.digits(length - 7)));
            disguise(
                random,
                &card,
                &[
                    &[4, 4, 4],
                    if length == 19 {
                        &[4, 4, 4, 4]
                    } else {
                        &[4, 4, 4]
                    },
                    &[6],
                ],
            )
        }
        Kind::Plate => {
            let (province, letter) = (
                random.pick(&["宁", "京", "粤", "新", "琼", "沪"]),
                random.pick(&["A", "B", "C", "E"]),
            );
            let tail = match random.below(4) {
                0 => random.digits(5),
                1 => format!("{}{}", random.pick(&["D", "F"]), random.digits(5)),
                2 => format!(
                    "{}{}{}",
                    random.digits(2),
                    random.pick(&["K", "M"]),
                    random.digits(2)
                ),
                _ => format!(
                    "{}{}",
                    random.digits(4),
                    random.pick(&["学", "警", "挂", "H"])
                ),
            };
            let plate = format!(
                "{province}{letter}{}{tail}",
                random.pick(&["", "·", "-", " ", "•"])
            );
            match random.below(4) {
                0 => full_width(&plate),
                1 => plate.to_lowercase(),
                _ => plate,
            }
        }
        Kind::Email => {
            let mail = format!(
                "{}{}@{}",
                random.pick(&["zhang.san", "li_si", "wangwu", "z-l", "a+b", "19900001234"]),
                random.digits(2),
                random.pick(&["example.org", "mail.example.com.cn", "example.net"])
            );
            match random.below(4) {
                0 => full_width(&mail),
                1 => mail.to_uppercase(),
                _ => mail,
            }
        }
        Kind::Address => {
            let road = format!(
                "{}{}",
                random.pick(&[
                    "银川市兴庆区解放",
                    "金凤区北京中",
                    "民族南",
                    "贺兰县银河",
                    "新華"
                ]),
                random.pick(&["路", "街", "巷", "大道", "西路"])
            );
            let n = 1 + random.below(300);
            match random.below(5) {
                0 => format!("{road}{n}号"),
                1 => format!(
                    "{road}{n}号{}栋{}单元{}0{}室",
                    1 + random.below(9),
                    1 + random.below(4),
                    1 + random.below(6),
                    1 + random.below(4)
                ),
                2 => full_width(&format!(
                    "{road}{n}號{}號樓{}0{}室",
                    1 + random.below(9),
                    1 + random.below(6),
                    1 + random.below(4)
                )),
                3 => format!(
                    "{}{}号楼{}单元{}0{}",
                    random.pick(&["阳光小区", "丽景花园", "西花园小区"]),
                    1 + random.below(20),
                    1 + random.below(4),
                    1 + random.below(6),
                    1 + random.below(4)
                ),
                _ => format!(
                    "{}三栋二单元五〇一室",
                    random.pick(&["福州小区", "锦绣苑", "观湖公寓"])
                ),
            }
        }
        Kind::Name => name(random),
        Kind::Passport => format!(
            "{}{}",
            random.pick(&["E", "G", "EA", "EB"]),
            random.digits(8)
        )
        .replacen("EA", "EA", 1),
        Kind::TravelPermit => format!("{}{}", random.pick(&["H", "M", "C", "L"]), random.digits(8)),
        _ => String::new(),
    };
    let text = if kind == Kind::Passport && text.starts_with("EA") | text.starts_with("EB") {
        text[..9].to_owned()
    } else {
        text
    };
    Planted { kind, text }
}
