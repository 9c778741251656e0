//! Chinese street addresses: a road and a number, or a building down to the door.

use super::{
    Evidence, Finding, Kind,
    chars::{digit, han_digit, is_han, next, previous},
};

/// Roads that a house number may follow; a character each.
const ROADS: &str = "路街巷道弄里段胡同";
/// Words that end like a road and are none.
const NOT_ROADS: &[&str] = &[
    "街道",
    "铁路",
    "公路",
    "道路",
    "线路",
    "電路",
    "电路",
    "网路",
    "管道",
    "通道",
    "频道",
    "渠道",
    "报道",
    "国道",
    "省道",
    "县道",
    "航道",
    "河道",
    "车道",
    "隧道",
    "赛道",
    "人行道",
    "這里",
    "这里",
    "那里",
    "公里",
    "哪里",
    "阶段",
    "階段",
    "时段",
    "路段",
    "一段",
    "手段",
    "地段",
    "平方里",
    "不同",
    "合同",
    "共同",
];
/// Words of the sentence before an address: what stands before them is no part of it.
const BEFORE: &str = "住在址于於是至及為为:,。;、?!";

/// The address that the unit at `unit` counts in, when enough of it is there.
pub(super) fn around(text: &str, unit: usize) -> Option<Finding> {
    let number = numeral_before(text, unit)?;
    let head = &text[..number];
    let road = is_road(head);
    let mut end = unit;
    let mut units = 0;
    let mut door = false;
    let mut numbered = false;
    let mut at = unit;
    while let Some((size, kind)) = unit_at(text, at) {
        units += 1;
        end = at + size;
        // 12栋1206户居民: a count.
        door |= kind == Unit::Door
            && !["居民", "家庭", "群众", "人家", "农户"]
                .iter()
                .any(|word| text[end..].starts_with(word));
        numbered |= text[at..].starts_with(['号', '號']);
        match numeral_after(text, end) {
            Some((stop, _)) if unit_at(text, stop).is_some() => at = stop,
            // 2单元501, 12幢1801: a door without its 室.
            Some((stop, true))
                if kind == Unit::Entrance && !counts(text, stop)
                    || kind == Unit::Building
                        && !is_public(head)
                        && is_bare_door(text, end, stop) =>
            {
                (door, end) = (true, stop);
                break;
            }
            _ => break,
        }
    }
    let counted = is_counted(text, end) && units == 1 && !road;
    let building = road
        && units >= 1
        && (numbered || door || next(text, unit).is_some_and(|(c, _)| "座栋棟幢弄".contains(c)));
    let inner = door && (units >= 2 || settlement(head));
    if counted || !(building || inner) {
        return None;
    }
    let evidence = if door {
        Evidence::Context
    } else {
        Evidence::Form
    };
    Some(Finding {
        kind: Kind::Address,
        range: start_of(text, number)..end,
        evidence,
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    /// 号.
    Number,
    /// 栋, 幢, 座, 号楼, 弄, 层.
    Building,
    /// 单元.
    Entrance,
    /// 室, 户, 房.
    Door,
}

fn unit_at(text: &str, at: usize) -> Option<(usize, Unit)> {
    let rest = text.get(at..)?;
    [
        ("号楼", Unit::Building),
        ("號樓", Unit::Building),
        ("号院", Unit::Building),
        ("号房", Unit::Door),
        ("單元", Unit::Entrance),
        ("单元", Unit::Entrance),
        ("号", Unit::Number),
        ("號", Unit::Number),
        ("栋", Unit::Building),
        ("棟", Unit::Building),
        ("幢", Unit::Building),
        ("座", Unit::Building),
        ("弄", Unit::Building),
        ("层", Unit::Building),
        ("層", Unit::Building),
        ("楼", Unit::Building),
        ("樓", Unit::Building),
        ("室", Unit::Door),
        ("户", Unit::Door),
        ("戶", Unit::Door),
        ("房", Unit::Door),
    ]
    .into_iter()
    .find(|(word, _)| rest.starts_with(word))
    .map(|(word, unit)| (word.len(), unit))
}

/// Whether what stands behind 号 makes it a counted thing and no house: 5号线, 3号文件.
pub(super) fn is_counted(text: &str, end: usize) -> bool {
    next(text, end)
        .is_some_and(|(c, _)| "线線文令楼桥橋机機井门門公渠泵站闸变池塘坝厂台电箱".contains(c))
}

/// Whether what stands before a building's number is no place to live.
fn is_public(head: &str) -> bool {
    ["院", "广场", "城", "府", "中心", "学校", "公司"]
        .iter()
        .any(|word| head.ends_with(word))
}

/// Whether a number behind a building is a door's and counts nothing: 12幢1801, but not 18栋120户.
fn is_bare_door(text: &str, end: usize, stop: usize) -> bool {
    let number = text[end..stop].trim_start_matches([' ', '-', '－', '第', '\u{3000}']);
    let digits = number.chars().all(|c| digit(c).or(han_digit(c)).is_some());
    digits && (3..=4).contains(&number.chars().count()) && !counts(text, stop)
}

/// Whether a unit that follows at a place makes the number before it a count.
fn counts(text: &str, at: usize) -> bool {
    let units = "年月日时點点人户戶盏间個个家平米元件套台块万千百十亿层層%~度株棵处名次条余多-";
    next(text, at).is_some_and(|(c, _)| units.contains(c))
}

/// The flat in `start..end` when a settlement stands before it: 阳光小区7-2-501.
pub(super) fn dashed(text: &str, start: usize) -> Option<Finding> {
    let (mut at, mut sizes) = (start, [0_u8; 3]);
    for (part, size) in sizes.iter_mut().enumerate() {
        if part > 0 {
            at = next(text, at)
                .filter(|(c, _)| matches!(c, '-' | '—' | '–'))?
                .1;
        }
        while let Some((_, after)) = next(text, at).filter(|(c, _)| digit(*c).is_some()) {
            (at, *size) = (after, size.saturating_add(1));
        }
    }
    let ends = !counts(text, at) && next(text, at).is_none_or(|(c, _)| !c.is_ascii_alphanumeric());
    (matches!(sizes, [1..=2, 1..=2, 3..=4]) && ends && settlement(&text[..start])).then(|| {
        Finding {
            kind: Kind::Address,
            range: start_of(text, start)..at,
            evidence: Evidence::Context,
        }
    })
}

fn is_numeral(c: char) -> bool {
    c.is_ascii_alphanumeric() || han_digit(c).is_some() || "十百两-之甲乙丙丁#".contains(c)
}

/// Where the number before a unit starts.
pub(super) fn numeral_before(text: &str, unit: usize) -> Option<usize> {
    let mut start = unit;
    let mut size = 0;
    while let Some((c, at)) = previous(text, start).filter(|&(c, _)| is_numeral(c)) {
        (start, size) = (at, size + 1);
        if size > 9 || c == '#' {
            break;
        }
    }
    (size > 0 && size < 9).then_some(start)
}

/// The number after a unit: where it stops, and whether it is as long as a door's.
pub(super) fn numeral_after(text: &str, end: usize) -> Option<(usize, bool)> {
    let mut start = end;
    while let Some((_, after)) =
        next(text, start).filter(|&(c, _)| matches!(c, ' ' | '-' | '第' | ','))
    {
        start = after;
        if start - end > 6 {
            return None;
        }
    }
    let mut stop = start;
    let mut size = 0;
    while let Some((_, after)) = next(text, stop).filter(|&(c, _)| is_numeral(c) && size < 8) {
        (stop, size) = (after, size + 1);
    }
    (size > 0).then_some((stop, (2..=5).contains(&size)))
}

fn is_road(head: &str) -> bool {
    let head = head.trim_end_matches([' ', '\u{3000}']);
    head.chars()
        .next_back()
        .is_some_and(|c| ROADS.contains(c) && (c != '同' || head.ends_with("胡同")))
        && !NOT_ROADS.iter().any(|word| head.ends_with(word))
        && head.chars().rev().nth(1).is_some_and(is_han)
}

fn settlement(head: &str) -> bool {
    // 富康小区三期.
    let head = match head.strip_suffix('期') {
        Some(phase) => phase.trim_end_matches(is_numeral),
        None => head,
    };
    [
        "小区", "花园", "家园", "公寓", "新村", "大厦", "苑", "府", "湾", "庭", "城", "院", "社区",
        "村", "宿舍", "广场", "嘉园", "名邸", "雅居", "豪庭",
    ]
    .iter()
    .any(|word| head.ends_with(word))
}

/// Where an address begins: at the sentence's last word before it, at most 40 characters back.
pub(super) fn start_of(text: &str, number: usize) -> usize {
    let mut start = number;
    let mut size = 0;
    while let Some((c, at)) = previous(text, start) {
        if size == 40
            || BEFORE.contains(c)
            || !(is_han(c) || c.is_ascii_alphanumeric() || matches!(c, '-' | '(' | ')'))
        {
            break;
        }
        (start, size) = (at, size + 1);
    }
    start
}
