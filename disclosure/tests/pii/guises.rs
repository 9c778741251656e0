//! Personal data in the guises of people who do not want a program, or a filter, to see them; by guise.

use disclosure::pii::{Kind, scan};

use crate::{
    generate::{Random, chinese_numerals, full_width, name, resident_id},
    sentences::decoy,
};

/// One way of writing values of a kind.
struct Guise {
    name: &'static str,
    kind: Kind,
    write: fn(&mut Random) -> String,
    before: &'static [&'static str],
    after: &'static [&'static str],
}

/// What may stand before and behind a value that needs no word.
const ANY: &[&str] = &["", "请联系", "其", "2020年3月反映，", "（", "1、"];
const END: &[&str] = &["", "。", "，谢谢", "）反映", " 尽快处理"];

const GUISES: &[Guise] = &[
    Guise {
        name: "WeChat",
        kind: Kind::Account,
        write: |random| {
            let stem = random.pick(&["example_", "zhang-example", "Exampleli", "mexample"]);
            let digits = 2 + random.below(4);
            let name = format!("{stem}{}", random.digits(digits));
            full_width_at_times(random, name)
        },
        before: &[
            "微信号：",
            "微信",
            "加V",
            "加我VX:",
            "wx ",
            "V信",
            "薇信 ",
            "加微",
            "WeChat ID: ",
            "微信（",
            "微信号码是",
        ],
        after: END,
    },
    Guise {
        name: "QQ",
        kind: Kind::Account,
        write: |random| {
            let first = 1 + random.below(9);
            let more = 5 + random.below(4);
            let number = format!("{first}{}", random.digits(more));
            match random.below(4) {
                0 => full_width(&number),
                1 => chinese_numerals(&number),
                _ => number,
            }
        },
        before: &["QQ：", "QQ号", "qq号码是", "扣扣号 ", "企鹅号", "加QQ:"],
        after: END,
    },
    Guise {
        name: "other services",
        kind: Kind::Account,
        write: |random| format!("example{}", random.digits(4)),
        before: &["抖音号", "快手号：", "支付宝账号", "小红书号:"],
        after: END,
    },
    Guise {
        name: "spelled out",
        kind: Kind::Email,
        write: |random| {
            let at = random.pick(&[
                "(at)", "[at]", " [AT] ", "（at）", "艾特", "#", "＃", "@ ", "圈a", "【at】", "(@)",
            ]);
            let dot = random.pick(&[".", "．", "。", "点", "[dot]", " (dot) "]);
            let name = random.pick(&["zhang.san", "li_si", "wangwu"]);
            let ending = random.pick(&["com", "org", "net", "cn"]);
            format!("{name}{}{at}example{dot}{ending}", random.digits(2))
        },
        before: ANY,
        after: END,
    },
    Guise {
        name: "several scripts",
        kind: Kind::Mobile,
        write: |random| {
            let number = mobile(random);
            scripts(random, &number)
        },
        before: ANY,
        after: END,
    },
    Guise {
        name: "letters for digits",
        kind: Kind::Mobile,
        write: |random| {
            let number = mobile(random);
            letters(random, &number)
        },
        before: ANY,
        after: END,
    },
    Guise {
        name: "several scripts",
        kind: Kind::ResidentId,
        write: |random| {
            let id = resident_id(random);
            scripts(random, &id)
        },
        before: ANY,
        after: END,
    },
    Guise {
        name: "letters for digits",
        kind: Kind::ResidentId,
        write: |random| {
            let id = resident_id(random);
            letters(random, &id)
        },
        before: ANY,
        after: END,
    },
    Guise {
        name: "parts with a dot, announced",
        kind: Kind::Name,
        write: parts,
        before: &["联系人：", "投诉人", "姓名:", "我叫", "户主"],
        after: &["，未留电话", "", "反映停水", "（已核实）"],
    },
    Guise {
        name: "parts with a dot, titled",
        kind: Kind::Name,
        write: parts,
        before: &["", "市民", "，"],
        after: &["先生来电", "女士", "师傅", "同志反映"],
    },
    Guise {
        name: "spaced, announced",
        kind: Kind::Name,
        write: |random| {
            let surname = random.pick(&["张", "王", "马", "欧阳"]);
            format!(
                "{surname}{}{}",
                random.pick(&[" ", "　", "  "]),
                random.pick(&["伟", "芳", "敏", "勇"])
            )
        },
        before: &["联系人：", "反映人", "姓名:"],
        after: &["", "，女", "（已核实）"],
    },
    Guise {
        name: "with sex and age",
        kind: Kind::Name,
        write: name,
        before: &["", "，", "其中："],
        after: &["（女，45岁）来电", "，男，60岁", "(女,回族)"],
    },
    Guise {
        name: "village and group, lived in",
        kind: Kind::Address,
        write: village,
        before: &["家住", "户籍地：", "现住在", "地址:", "老家在"],
        after: &["", "，道路不通", "村民李某", "。"],
    },
    Guise {
        name: "village, group and house",
        kind: Kind::Address,
        write: |random| format!("{}{}号", village(random), 1 + random.below(60)),
        before: ANY,
        after: END,
    },
    Guise {
        name: "village, group and whose house",
        kind: Kind::Address,
        write: village,
        before: ANY,
        after: &["王某家漏水", "村民张某", "马建国家门前"],
    },
    Guise {
        name: "flat without its room",
        kind: Kind::Address,
        write: |random| {
            let place = random.pick(&["阳光小区", "锦绣花园", "丽景苑二期", "观湖公寓"]);
            let (block, entrance) = (1 + random.below(20), 1 + random.below(4));
            let door = 100 * (1 + random.below(18)) + 1 + random.below(4);
            match random.below(4) {
                0 => format!("{place}{block}号楼{entrance}单元{door}"),
                1 => format!("{place}{block}幢{door}"),
                2 => format!("{place}A座{door}"),
                _ => format!("{place}{block}-{entrance}-{door}"),
            }
        },
        before: ANY,
        after: END,
    },
];

fn full_width_at_times(random: &mut Random, text: String) -> String {
    match random.below(4) {
        0 => full_width(&text),
        _ => text,
    }
}

/// A mobile number with a carrier's prefix and digits that letters can stand for.
fn mobile(random: &mut Random) -> String {
    let prefix = random.pick(&["130", "139", "150", "188", "199"]);
    format!("{prefix}0{}", random.digits(7))
}

/// Every digit in a script of its own.
fn scripts(random: &mut Random, number: &str) -> String {
    let scripts: Vec<Vec<char>> = [
        "0123456789",
        "０１２３４５６７８９",
        "〇一二三四五六七八九",
        "零壹贰叁肆伍陆柒捌玖",
        "○幺贰三四伍六柒八玖",
        "⓪①②③④⑤⑥⑦⑧⑨",
        "٠١٢٣٤٥٦٧٨٩",
    ]
    .iter()
    .map(|script| script.chars().collect())
    .collect();
    let digit = |random: &mut Random, c: char| match c.to_digit(10) {
        Some(d) => scripts[random.below(scripts.len())][d as usize],
        None => c,
    };
    number.chars().map(|c| digit(random, c)).collect()
}

/// Letters for some of the digits that they resemble, for one at least.
fn letters(random: &mut Random, number: &str) -> String {
    let mut first = true;
    let letter = |c: char| match (c, std::mem::take(&mut first) || random.below(2) == 0) {
        ('0', true) => ['O', 'o'][random.below(2)],
        ('1', true) => ['l', 'I'][random.below(2)],
        (c, _) => c,
    };
    number.chars().map(letter).collect()
}

/// A name of two or three parts.
fn parts(random: &mut Random) -> String {
    let part = &[
        "阿卜杜拉",
        "买买提",
        "古丽",
        "热依汗",
        "艾力江",
        "吐尔逊",
        "努尔兰",
        "赛力克",
        "迪丽娜尔",
    ];
    let dot = random.pick(&["·", "•", "‧", "・", "."]);
    let mut name = random.pick(part).to_owned();
    for _ in 0..=random.below(2) {
        name = name + dot + random.pick(part);
    }
    name
}

fn village(random: &mut Random) -> String {
    let town = random.pick(&["幸福乡", "永红镇", "红星乡", "", "某县丰收镇"]);
    let village = random.pick(&["光明村", "团结村", "前进村委会", "胜利大队"]);
    let number = random.pick(&["三", "6", "十一", "第二", "２"]);
    let group = random.pick(&["组", "队", "社", "村民小组"]);
    format!("{town}{village}{number}{group}")
}

/// 1,000 sentences for each guise, each followed by one without personal data.
#[test]
fn guises_are_seen_through() {
    let mut random = Random(12_345);
    let mut short = Vec::new();
    for guise in GUISES {
        let (mut found, mut wrong) = (0, Vec::new());
        let mut missed = Vec::new();
        for _ in 0..1_000 {
            let before = random.pick(guise.before);
            let value = (guise.write)(&mut random);
            let after = random.pick(guise.after);
            let place = before.len()..before.len() + value.len();
            let text = format!("{before}{value}{after}。{}", decoy(&mut random));
            let own = before.len() + value.len() + after.len();
            let mut seen = false;
            for finding in scan(&text) {
                seen |= finding.kind == guise.kind
                    && finding.range.start < place.end
                    && place.start < finding.range.end;
                // Beside the value its sentence may name somebody else.
                if finding.range.start >= own {
                    wrong.push(text[finding.range].to_owned());
                }
            }
            found += u32::from(seen);
            if !seen {
                missed.push(text);
            }
        }
        let Guise { name, kind, .. } = guise;
        println!(
            "{kind:?}, {name}: {found} of 1000 found, {} wrong",
            wrong.len()
        );
        missed
            .iter()
            .take(5)
            .for_each(|text| println!("    missed {text:?}"));
        wrong
            .iter()
            .take(5)
            .for_each(|text| println!("    wrong {text:?}"));
        if found < 990 || !wrong.is_empty() {
            short.push((kind, name));
        }
    }
    assert!(short.is_empty(), "too low: {short:?}");
}
