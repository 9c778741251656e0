//! Bad rows, planted beside the good ones.

use super::{
    DemoSummary, Random,
    whistle::{CLOSED, DESCRIPTION, DISPOSED, PLACE, REPORTED, TIER, WHISTLED},
};

/// Adds bad rows beside the good ones.
pub(super) fn plant(random: &mut Random, rows: &mut Vec<Vec<String>>, summary: &mut DemoSummary) {
    let good = rows.len();
    let mut add = |kind: &'static str, count: usize, spoil: &dyn Fn(&mut Vec<String>)| {
        for n in 0..count.min(good) {
            let at = usize::try_from(random.below(good as u64)).unwrap_or(0);
            let mut row = rows[at].clone();
            if kind != "duplicate" {
                row[0] = format!("{}-{kind}-{n}", row[0]);
                summary.identifiers.push(row[0].clone());
            }
            spoil(&mut row);
            rows.push(row);
            *summary.dirt.entry(kind).or_default() += 1;
        }
    };
    add("duplicate", 12, &|_| {});
    add("unknown_place", 5, &|row| {
        row[PLACE] = "640199999999".to_owned()
    });
    add("undeclared_tier", 4, &|row| row[TIER] = "特急哨".to_owned());
    add("missing_time", 3, &|row| row[WHISTLED] = String::new());
    add("reversed_stages", 6, &|row| {
        row[WHISTLED] = "2018-06-01 08:00:00".to_owned();
        row[REPORTED] = "2018-05-01 08:00:00".to_owned();
    });
    add("future", 3, &|row| {
        row[WHISTLED] = "2031-05-06 10:00:00".to_owned();
        row[REPORTED] = String::new();
        row[DISPOSED] = String::new();
        row[CLOSED] = String::new();
    });
    add("two_lines", 2, &|row| {
        row[DESCRIPTION] = "第一行\n第二行,\"引号\"".to_owned()
    });
    // A line break inside quotes is no mistake: these rows are dirty for their place.
    rows.iter_mut()
        .filter(|row| row[0].contains("-two_lines-"))
        .for_each(|row| row[PLACE] = "不详社区".to_owned());
}
