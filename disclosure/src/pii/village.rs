//! Addresses of the countryside, which have no road and often no number: 光明村三组, 永红镇团结村第三村民小组. Such a
//! place is that of a public work as well, so that a word must say that somebody lives there, or a house follow.

use std::ops::Range;

use super::{
    Evidence, Finding, Kind,
    address::{is_counted, numeral_after, numeral_before, start_of},
    chars::{TABLE, head, is_han, next},
    words::RESIDENCE,
};

/// How the place before a group's number ends.
const VILLAGES: &[&str] = &[
    "村",
    "村委会",
    "村民委员会",
    "大队",
    "嘎查",
    "社区",
    "居委会",
    "居民委员会",
    "村委",
    "屯",
    "庄",
    "寨",
    "堡",
];
/// What makes another word of the unit: 组织, 队伍, 社会.
const OTHER_WORDS: &str = "织合建团装员长伍形列部会区保交";

/// Whether a value is nothing but a village and its group.
pub(super) fn is_whole(value: &str) -> bool {
    let value = value.trim();
    let group = value.trim_end_matches(['组', '組', '队', '隊', '社']);
    group.len() < value.len() && group_at(value, group.len()).is_some_and(|it| it.start == 0)
}

/// A village and its group, as a value.
pub(super) fn whole(text: &str) -> Option<Finding> {
    let start = text.len() - text.trim_start().len();
    (text.len() < 200 && is_whole(text)).then(|| Finding {
        kind: Kind::Address,
        range: start..text.trim_end().len(),
        evidence: Evidence::Form,
    })
}

/// The village and group whose unit stands at `unit`.
fn group_at(text: &str, unit: usize) -> Option<Range<usize>> {
    let (_, end) = next(text, unit)?;
    if next(text, end).is_some_and(|(c, _)| OTHER_WORDS.contains(c)) {
        return None;
    }
    let place = text[..unit].trim_end_matches('小');
    let place = ["村民", "居民", "生产"]
        .iter()
        .find_map(|word| place.strip_suffix(word))
        .unwrap_or(place);
    let number = numeral_before(text, place.len())?;
    let before = text[..number].trim_end_matches(['第', ' ']);
    let start = start_of(text, before.len());
    let named = text[start..before.len()]
        .chars()
        .filter(|&c| is_han(c))
        .count()
        >= 3;
    (named && VILLAGES.iter().any(|word| before.ends_with(word))).then_some(start..end)
}

/// The address that the group, team or commune at `unit` is the last or last but one part of.
pub(super) fn around(text: &str, unit: usize) -> Option<Finding> {
    let Range { start, mut end } = group_at(text, unit)?;
    // The next part: 5号, 17号院.
    let mut house = false;
    if let Some((stop, _)) = numeral_after(text, end)
        && let Some((_, after)) = next(text, stop).filter(|&(c, _)| matches!(c, '号' | '號'))
        && !is_counted(text, after)
    {
        (house, end) = (true, after);
    }
    let lives = {
        let said = text[..start].trim_end_matches([
            '在', '于', '是', '为', ':', '：', ' ', '\u{3000}', '(', '（',
        ]);
        // 住建局, 住房.
        RESIDENCE.iter().any(|word| said.ends_with(word))
            && !text[start..].starts_with(['建', '房', '宅', '院', '所', '户', '戶'])
    };
    (house || lives || is_household(&text[end..])).then_some(Finding {
        kind: Kind::Address,
        range: start..end,
        evidence: Evidence::Context,
    })
}

/// Whether a text begins with somebody's house: 王某家, 村民李小明家.
fn is_household(tail: &str) -> bool {
    let tail = ["的", "村民", "居民", "社员", "农户", "住户"]
        .iter()
        .fold(tail, |rest, word| rest.strip_prefix(word).unwrap_or(rest));
    let chars: Vec<char> = tail.chars().take(4).collect();
    let given = |c: &char| is_han(*c) && !TABLE.is_not_given(*c);
    chars.first().is_some_and(|&c| TABLE.is_surname(c))
        && head(tail, 2).is_some_and(|two| !TABLE.not_names.contains(two))
        && match chars[1..] {
            ['某', ..] => true,
            [ref name @ .., '家'] | [ref name @ .., '家', _] => {
                !name.is_empty() && name.iter().all(given) && !name.ends_with(&['大'])
            }
            _ => false,
        }
}
