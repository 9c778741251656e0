//! Telephone numbers of mainland China, Taiwan, Korea, and E.164 forms of the world.

use super::{
    Evidence, Finding, Kind,
    chain::Run,
    chars::{next, previous},
    checks::number,
    words::{self, PHONE_CUES},
};

/// A mobile number of mainland China (1, 3 to 9, nine more digits), with 86, 0086, +86 or 0 before it, or of
/// Taiwan (09 and eight more).
pub(super) fn mobile(run: &Run) -> Option<Finding> {
    for (total, prefix) in [
        (11, &[][..]),
        (13, &[8, 6]),
        (15, &[0, 0, 8, 6]),
        (12, &[0]),
        (10, &[]),
    ] {
        let Some(groups) = run.groups_of(total) else {
            continue;
        };
        let (head, rest) = run.digits[..total].split_at(prefix.len());
        let china = rest.len() == 11 && rest[0] == 1 && rest[1] >= 3;
        let taiwan = total == 10 && rest[..2] == [0, 9];
        if head != prefix || !(china || taiwan) {
            continue;
        }
        let national = after_prefix(groups, u8::try_from(prefix.len()).unwrap_or_default());
        let named = || words::any(PHONE_CUES, run.context());
        let natural = matches!(
            national[..],
            [11] | [10]
                | [3, 4, 4]
                | [3, 8]
                | [4, 3, 4]
                | [3, 3, 5]
                | [5, 6]
                | [6, 5]
                | [7, 4]
                | [4, 7]
                | [4, 4, 3]
                | [3, 2, 2, 2, 2]
                | [4, 3, 3]
                | [4, 6]
        ) || national.iter().all(|&g| g == 1);
        // Any grouping is believed next to a word such as 电话; list separators only in the usual grouping.
        if !(natural || named())
            || run.is_hard(total) && !matches!(national[..], [3, 4, 4] | [4, 3, 3])
        {
            continue;
        }
        let evidence = match named() {
            true => Evidence::Context,
            false if run.is_embedded(total) || is_measured(run, total) => continue,
            false => Evidence::Form,
        };
        return Some(with_plus(run, run.finding(Kind::Mobile, total, evidence)));
    }
    None
}

/// Whether a unit stands behind the number: 千瓦时, 元.
fn is_measured(run: &Run, total: usize) -> bool {
    next(run.text, run.ends[total - 1]).is_some_and(|(c, _)| "元吨千亿".contains(c))
}

/// The groups of the national number: the prefix may be a group of its own or stand before the first one.
fn after_prefix(groups: &[u8], prefix: u8) -> Vec<u8> {
    let first = groups.first().copied().unwrap_or_default();
    let rest = groups.iter().skip(1).copied();
    match first.checked_sub(prefix) {
        Some(0) => rest.collect(),
        Some(left) => std::iter::once(left).chain(rest).collect(),
        // 0 0 8 6 1 3 …: spaced out.
        None => groups.iter().skip(usize::from(prefix)).copied().collect(),
    }
}

/// Takes in a `+` or `(+` before the number.
fn with_plus(run: &Run, mut found: Finding) -> Finding {
    if let Some(('+', at)) = previous(run.text, run.start) {
        found.range.start = at;
    }
    found
}

/// Any other telephone number: with area code, after `+`, or next to a word such as 电话.
pub(super) fn telephone(run: &Run) -> Option<Finding> {
    if previous(run.text, run.start).is_some_and(|(c, _)| c == '+')
        && let Some(found) = international(run)
    {
        return Some(found);
    }
    let found = |total, evidence| Some(run.finding(Kind::Telephone, total, evidence));
    let named = || words::any(PHONE_CUES, run.context());
    if run.digits[0] == 0 && run.digits.len() >= 9 {
        for total in (9..=12).rev() {
            let Some(groups) = run.groups_of(total) else {
                continue;
            };
            if run.is_hard(total)
                || run.is_embedded(total)
                || !is_trunk(&run.digits[..total], groups)
            {
                continue;
            }
            return found(
                total,
                if named() {
                    Evidence::Context
                } else {
                    Evidence::Form
                },
            );
        }
    }
    // 86 before an area code, its zero left out.
    for total in [12, 13] {
        if let Some(groups) = run.groups_of(total)
            && run.digits[..2] == [8, 6]
            && matches!(groups, [2, 2..=3, ..])
            && groups.len() <= 4
        {
            let mut digits = vec![0];
            digits.extend(&run.digits[2..total]);
            let area = mainland_area(&digits);
            let fits = |area: usize| {
                is_mainland_local(digits.len() - area, digits[area])
                    && usize::from(groups[1]) == area - 1
            };
            if area.is_some_and(fits) {
                return found(total, Evidence::Form);
            }
        }
    }
    // Without an area code only a word can tell.
    for total in [8, 7] {
        let local = matches!(run.groups_of(total), Some([7 | 8] | [4, 4] | [3, 4]))
            && matches!(run.digits[0], 2..=8);
        if local && !run.is_hard(total) && named() {
            return found(total, Evidence::Context);
        }
    }
    None
}

/// A number that starts with a trunk 0: whether some country's plan has it.
fn is_trunk(digits: &[u8], groups: &[u8]) -> bool {
    let (total, separated) = (digits.len(), groups.len() > 1);
    let first = usize::from(groups[0]);
    let fits = |area: usize| !separated || first == area || first == total;
    if let Some(area) = mainland_area(digits)
        && fits(area)
        && is_mainland_local(total - area, digits[area])
        && groups.len() <= 4
    {
        return true;
    }
    // The plans of Taiwan and Korea are shorter: only numbers written with their separators are believed.
    if !separated || groups.len() > 4 {
        return false;
    }
    let area = &digits[..first.min(total)];
    let taiwan = match area {
        [0, 2] | [0, 4] => total == 10,
        [0, 3 | 5 | 6 | 7 | 8] => total == 9,
        [0, 3, 7] | [0, 4, 9] | [0, 8, 9 | 2] | [0, 8, 2 | 3, 6] => matches!(total, 9 | 10),
        _ => false,
    };
    let korea = match area {
        [0, 2] => matches!(total, 9 | 10),
        [0, 3, 1..=3] | [0, 4, 1..=4] | [0, 5, 1..=5] | [0, 6, 1..=4] => matches!(total, 10 | 11),
        [0, 7, 0] | [0, 1, 0] => total == 11,
        [0, 5, 0, _] => matches!(total, 11 | 12),
        [0, 1, 1 | 6..=9] => matches!(total, 10 | 11),
        _ => false,
    };
    taiwan || korea
}

fn is_mainland_local(length: usize, first: u8) -> bool {
    matches!(length, 7 | 8) && (2..=8).contains(&first)
}

/// The length of a mainland area code at the start, its 0 included.
fn mainland_area(digits: &[u8]) -> Option<usize> {
    let &[0, a, b, c, ..] = digits else {
        return None;
    };
    match (a, b) {
        (1, 0) => return (digits.len() == 11).then_some(3),
        (2, 0..=9) => return (digits.len() == 11).then_some(3),
        _ => {}
    }
    let known = match (a, b) {
        (3, 1 | 5 | 7) | (4, 1 | 3 | 5 | 7) | (5, 1 | 3 | 5 | 6 | 7) | (7, 3 | 5 | 7 | 9) => true,
        (8, 3 | 5 | 7 | 8 | 9) | (9, 0 | 1 | 3 | 5 | 7 | 9) => true,
        (3, 3) => c == 5,
        (3, 4) => c == 9,
        (3, 9) => matches!(c, 1..=6 | 8),
        (4, 2) => matches!(c, 1 | 7 | 9),
        (4, 4 | 6) => matches!(c, 0 | 4..=9),
        (4, 8) => matches!(c, 2 | 3),
        (5, 2) => c == 7,
        (5, 4) => matches!(c, 3 | 6),
        (5, 8 | 9) => true,
        (6, 3) => matches!(c, 1..=5),
        (6, 6) => matches!(c, 0 | 2 | 3 | 8),
        (6, 9) => matches!(c, 1 | 2),
        (7, 0 | 1) => true,
        (7, 2) => matches!(c, 2 | 4 | 8),
        (7, 4) => matches!(c, 3..=6),
        (7, 6) => matches!(c, 0 | 2 | 3 | 6 | 8 | 9),
        (8, 1 | 2) => true,
        (9, 4) => matches!(c, 1..=3),
        _ => false,
    };
    (known && matches!(digits.len(), 11 | 12)).then_some(4)
}

/// Country codes and the lengths of their national numbers (ITU-T E.164); others get the general rule.
const COUNTRIES: &[(u32, usize, usize)] = &[
    (1, 10, 10),
    (7, 10, 10),
    (20, 8, 10),
    (27, 9, 9),
    (30, 10, 10),
    (31, 9, 9),
    (32, 8, 9),
    (33, 9, 9),
    (34, 9, 9),
    (36, 8, 9),
    (39, 8, 11),
    (40, 9, 9),
    (41, 9, 9),
    (43, 7, 12),
    (44, 9, 10),
    (45, 8, 8),
    (46, 7, 10),
    (47, 8, 8),
    (48, 9, 9),
    (49, 7, 11),
    (51, 8, 9),
    (52, 10, 10),
    (54, 10, 11),
    (55, 10, 11),
    (56, 9, 9),
    (57, 10, 10),
    (58, 10, 10),
    (60, 8, 10),
    (61, 9, 9),
    (62, 8, 12),
    (63, 8, 10),
    (64, 8, 10),
    (65, 8, 8),
    (66, 8, 9),
    (81, 9, 10),
    (82, 8, 10),
    (84, 9, 10),
    (86, 10, 11),
    (90, 10, 10),
    (91, 10, 10),
    (92, 9, 10),
    (93, 9, 9),
    (94, 9, 9),
    (95, 7, 10),
    (98, 10, 10),
    (852, 8, 8),
    (853, 8, 8),
    (855, 8, 9),
    (856, 8, 10),
    (880, 8, 10),
    (886, 8, 9),
    (966, 8, 9),
    (971, 8, 9),
    (976, 8, 8),
];

fn international(run: &Run) -> Option<Finding> {
    (8..=15).rev().find_map(|total| {
        run.groups_of(total)?;
        let digits = &run.digits[..total];
        let fits = (1..=3).any(|length| {
            let code = number(&digits[..length]);
            let national = total - length;
            match COUNTRIES.iter().find(|c| c.0 == code) {
                Some(&(_, least, most)) => (least..=most).contains(&national),
                // Three-digit codes of 2xx, 35x to 38x, 42x, 5xx, 6xx, 67x to 69x, 8xx and 9xx.
                None => {
                    length == 3
                        && matches!(code, 210..=299 | 350..=389 | 420..=423 | 500..=599 | 670..=692 | 850 | 960..=998)
                        && (7..=10).contains(&national)
                }
            }
        });
        (fits && !run.is_hard(total)).then(|| with_plus(run, run.finding(Kind::Telephone, total, Evidence::Form)))
    })
}
