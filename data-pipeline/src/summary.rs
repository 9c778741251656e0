//! What `mingshi publish` says at its end, in the clerk's language.

use std::{fmt::Write, path::Path};

use contract::{Wording, disclosure_report::DatasetProtection};

use crate::{
    publish::{Difference, Published},
    report::{self, DatasetReport},
    run::Refused,
    values::printable,
};

/// The rows, tables and values of every dataset, what the snapshot changes, and where it is.
pub fn published(
    reports: &[DatasetReport],
    protections: &[DatasetProtection],
    published: &Published,
    to: &Path,
    dry_run: bool,
    language: Wording,
) -> String {
    let zh = language == Wording::Zh;
    let mut out = String::new();
    for report in reports {
        out += &report::text(report, language);
    }
    let mut line = |text: String| {
        let _ = writeln!(out, "{}", printable(&text)); // writing into a String cannot fail
    };
    for protection in protections {
        let id = &protection.dataset;
        let title = reports.iter().find(|r| r.dataset == *id);
        let title = title.map_or(id.as_str(), |r| r.title.wording(language));
        let rows = published.rows_by_dataset.get(id).copied().unwrap_or(0);
        line(of_dataset(title, protection, rows, zh));
    }
    for text in difference(&published.difference, zh) {
        line(text);
    }
    for text in notes(published, zh) {
        line(text);
    }
    let what = match (published.committed, dry_run, zh) {
        (true, _, true) => "已发布",
        (true, _, false) => "published",
        (false, true, true) => "试运行，未写入：",
        (false, true, false) => "dry run of",
        (false, false, true) => "没有新内容，已经发布的是",
        (false, false, false) => "nothing new: already published as",
    };
    let (id, to) = (&published.id, to.display());
    let (files, bytes, rows) = (published.files, published.bytes, published.rows);
    line(if zh {
        format!("{what}快照 {id}，位于 {to}：{files} 个文件，{bytes} 字节，Parquet 共 {rows} 行")
    } else {
        format!(
            "{what} snapshot {id} in {to}: {files} files, {bytes} bytes, {rows} rows of Parquet"
        )
    });
    out
}

fn of_dataset(title: &str, protection: &DatasetProtection, rows: u64, zh: bool) -> String {
    let id = &protection.dataset;
    if protection.tables == 0 {
        return if zh {
            format!("{title}（{id}）：逐行发布 {rows} 行")
        } else {
            format!("{title} ({id}): {rows} rows published one by one")
        };
    }
    let (tables, cells) = (protection.tables, protection.cells);
    let shown = tables - protection.tables_withheld;
    let values = cells - protection.cells_withheld;
    let records = match (protection.records_k, zh) {
        (Some(k), true) => format!("记录级文件 k = {k}"),
        (Some(k), false) => format!("record-level file with k = {k}"),
        (None, true) => "没有记录级文件".to_owned(),
        (None, false) => "no record-level file".to_owned(),
    };
    if zh {
        format!(
            "{title}（{id}）：发布 {tables} 张表中的 {shown} 张、{cells} 个值中的 {values} 个，Parquet {rows} 行，{records}"
        )
    } else {
        format!(
            "{title} ({id}): {shown} of {tables} tables published, {values} of {cells} values, {rows} rows of Parquet, {records}"
        )
    }
}

fn difference(difference: &Difference, zh: bool) -> Vec<String> {
    let added = difference.values_added;
    let Some(since) = &difference.since else {
        return vec![if zh {
            format!("第一个快照：{added} 个值")
        } else {
            format!("the first snapshot: {added} values")
        }];
    };
    let (tables, removed) = (&difference.tables_added, &difference.tables_removed);
    let (withheld, released) = (&difference.tables_withheld, &difference.tables_released);
    let counts = [tables, removed, withheld, released].map(Vec::len);
    let [tables, gone, hidden, shown] = counts;
    let (values_removed, revised) = (difference.values_removed, difference.values_revised);
    let mut lines = vec![if zh {
        format!(
            "与 {since} 相比：表新增 {tables}、减少 {gone}、新隐去 {hidden}、新公布 {shown}；值新增 {added}、减少 {values_removed}、修订 {revised}"
        )
    } else {
        format!(
            "against {since}: {tables} tables added, {gone} removed, {hidden} newly withheld, {shown} newly published; {added} values added, {values_removed} removed, {revised} revised"
        )
    }];
    let word = |in_zh: &'static str, in_en: &'static str| if zh { in_zh } else { in_en };
    let hidden = withheld
        .iter()
        .map(|name| format!("  {}{name}", word("新隐去：", "newly withheld: ")));
    let gone = removed
        .iter()
        .map(|name| format!("  {}{name}", word("减少：", "removed: ")));
    let largest = difference.largest.iter().map(|c| {
        let (indicator, class, place, period) = (&c.indicator, &c.class, &c.place, &c.period);
        let (before, after) = (c.before, c.after);
        format!("  {indicator} ({class}), {place}, {period}: {before} → {after}")
    });
    lines.extend(hidden.chain(gone).chain(largest));
    lines
}

/// Which notes the snapshot carries, and whether readers will miss any.
fn notes(published: &Published, zh: bool) -> Vec<String> {
    let (id, count) = (&published.id, published.notes);
    let difference = &published.difference;
    let mut lines = Vec::new();
    if count > 0 {
        lines.push(if zh {
            format!("变更说明：{id} 有 {count} 条")
        } else {
            format!("notes on why {id} differs: {count}")
        });
    } else if difference.since.is_some() && !difference.is_empty() {
        lines.push(if zh {
            format!(
                "没有变更说明：读者会看到“发布方没有说明原因”。请在 notes.toml 中为 {id} 写一条"
            )
        } else {
            format!(
                "no notes: readers are told that the publisher gave no reason. Write one for {id} in notes.toml"
            )
        });
    }
    let first = published.notes_of_the_first;
    if first > 0 {
        lines.push(if zh {
            format!("第一个快照没有可比的：写给它的说明（{first} 条）不公开")
        } else {
            format!("the first snapshot differs from none: notes about it are left out ({first})")
        });
    }
    lines.extend(published.notes_wait_for.iter().map(|other| {
        if zh {
            format!("尚未发布快照 {other}：写给它的说明暂不公开")
        } else {
            format!("there is no snapshot {other} yet: the notes about it wait")
        }
    }));
    lines
}

/// Why nothing was published: every dataset that stands in the way, with all that is wrong with it.
pub fn refused(refused: &Refused, language: Wording) -> String {
    let reports = refused.reports.iter();
    let mut out: String = reports.map(|r| report::text(r, language)).collect();
    out += match language {
        Wording::Zh => "没有发布任何内容\n",
        Wording::En => "nothing was published\n",
    };
    out
}
