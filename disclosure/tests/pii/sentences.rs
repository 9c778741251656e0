//! Sentences around invented values, and sentences that hold nothing personal.

use disclosure::pii::Kind;

use crate::generate::{Planted, Random};

/// A sentence around a value; names and permits need the words that forms have beside them.
pub fn sentence(random: &mut Random, planted: &Planted) -> (String, std::ops::Range<usize>) {
    let (before, after): (&[&str], &[&str]) = match planted.kind {
        Kind::Name => (
            &[
                "联系人：",
                "投诉人",
                "姓名:",
                "反映人为",
                "申请人 ",
                "市民",
                "找",
                "，",
                "负责人（",
            ],
            &[
                "，电话未留",
                "反映小区停车难",
                "",
                "来电称路灯不亮",
                " 女",
                "先生来电",
                "女士",
                "同志反映",
                "）",
            ],
        ),
        Kind::TravelPermit => (
            &["港澳通行证", "通行证号：", "回乡证 "],
            &["", "，请核实", "。"],
        ),
        Kind::Passport => (&["护照号", "持", "护照：", "证件"], &["", "，", "入境"]),
        _ => (
            &[
                "",
                "请联系",
                "电话：",
                "身份证号",
                "其号码为：",
                "2020年3月5日反映 ",
                "（",
                "1、",
                "共12件；",
                "住在",
                "卡号",
                "tel:",
                "我的",
                "No.",
            ],
            &[
                "",
                "。",
                "，请尽快处理",
                "）反映",
                " 谢谢",
                "的住户",
                "；2件",
                "\n第二行",
            ],
        ),
    };
    let (mut before, mut after) = (random.pick(before), random.pick(after));
    if planted.kind == Kind::Name {
        // The cue decides: a weak one needs a word behind the name.
        let titled =
            after.starts_with("先生") || after.starts_with("女士") || after.starts_with("同志");
        if matches!(before, "市民" | "找" | "，") && !titled {
            (before, after) = ("市民", "反映小区停车难");
        } else if before == "负责人（" {
            after = "）";
        } else if after == "）" {
            after = "";
        }
    }
    let text = format!("{before}{}{after}", planted.text);
    (text, before.len()..before.len() + planted.text.len())
}

/// Numbers and words that are nobody's.
pub fn decoy(random: &mut Random) -> String {
    let n = random.below(100_000);
    match random.below(16) {
        0 => format!(
            "2020年{}月{}日{}时受理,编号YC2020{:06}",
            1 + random.below(12),
            1 + random.below(28),
            random.below(24),
            n
        ),
        1 => format!(
            "拨付{}.{:02}元,其中为民服务资金{},{:03},{:03}元",
            n * 37,
            random.below(100),
            1 + random.below(99),
            random.below(1000),
            random.below(1000)
        ),
        2 => format!("社区代码6401{:08},街道代码6401{:05}", n, n % 1000),
        3 => format!(
            "统一社会信用代码9164{}MA{}",
            random.digits(4),
            random.digits(7)
        ),
        4 => format!("坐标106.{},38.{}", random.digits(11), random.digits(9)),
        5 => format!("微博@银川发布 转发{n}次"),
        6 => format!("5号线{}站旁第{}号文件要求3号前办结", random.below(20), n),
        7 => format!(
            "{}平方米,{}户居民,{}栋楼,增长{}%",
            n,
            random.below(3000),
            random.below(30),
            random.below(99)
        ),
        8 => format!(
            "2018-{:02}-{:02} {:02}:{:02}:{:02}",
            1 + random.below(12),
            1 + random.below(28),
            random.below(24),
            random.below(60),
            random.below(60)
        ),
        9 => format!("文号银党发〔2020〕{}号", random.below(300)),
        10 => format!(
            "{} {} {} {} {}",
            random.below(100),
            random.below(100),
            random.below(100),
            random.below(1000),
            random.below(1000)
        ),
        11 => "负责人高度重视,网格员方便居民办事,党员同志带头,全体居民同意".to_owned(),
        12 => format!("流水号2020{}", random.digits(13)),
        13 => format!(
            "哈希{:016x}{:016x}",
            (n as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15),
            (n as u64).wrapping_mul(0xBF58_476D_1CE4_E5B9)
        ),
        14 => format!(
            "热线12345、12319、110,客服400-{:03}-{:04}",
            random.below(1000),
            random.below(10000)
        ),
        _ => format!(
            "新A级景区{}处,京东{}单,云南{}人,宁静{}",
            random.below(9),
            n,
            n,
            n
        ),
    }
}
