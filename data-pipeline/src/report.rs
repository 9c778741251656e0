//! Reports on raw exports, for clerks and for machines. They hold no value of any row: offending values appear as
//! their shape ([`crate::values::mask`]).

use std::{collections::BTreeMap, fmt::Write, path::PathBuf};

use anyhow::{Result, bail};
use contract::{Localised, Wording, dataset::DatasetContract, snapshot::RowCounts};
use serde::Serialize;

use crate::{
    deidentify::DeidentifyError,
    ingest::IngestError,
    run::NotRead,
    validate::{FileCounts, Valid, ValidateError},
    values::printable,
};

/// One dataset's outcome, for people and machines.
#[derive(Clone, Debug, Serialize)]
pub struct DatasetReport {
    /// The dataset.
    pub dataset: String,
    /// Its title.
    pub title: Localised,
    /// The files.
    pub files: Vec<FileReport>,
    /// Why the dataset cannot be published, when it cannot.
    pub refused: Vec<Localised>,
    /// Rejected rows by rule.
    pub rejected_by_rule: BTreeMap<String, u64>,
    /// The first rejected rows of each rule.
    pub examples: Vec<Example>,
    /// Declared columns that no file has; what needs them is not collected.
    pub absent_columns: Vec<String>,
    /// Where the rejected rows are kept.
    pub quarantine: Option<PathBuf>,
}

/// One file's reconciliation.
#[derive(Clone, Debug, Serialize)]
pub struct FileReport {
    /// The file.
    pub file: PathBuf,
    /// Detected encoding, or format.
    pub encoding: String,
    /// Rows read, accepted, rejected.
    pub rows: RowCounts,
    /// Headers that the contract does not know; they are not read.
    pub unknown_columns: Vec<String>,
    /// Declared columns that the file lacks and may lack.
    pub absent_columns: Vec<AbsentColumn>,
    /// Sheets that were not read.
    pub sheets_not_read: Vec<String>,
    /// Rows above a header, taken for titles.
    pub title_rows: u64,
    /// Rows that the workbook hides; they are read like others.
    pub hidden_rows: u64,
    /// Rows with values outside the columns of the header; those values are not read.
    pub rows_beyond_header: u64,
}

/// A declared column that a file lacks.
#[derive(Clone, Debug, Serialize)]
pub struct AbsentColumn {
    /// Its title.
    pub column: String,
    /// The unknown header that comes nearest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nearest_header: Option<String>,
}

/// One rejected row, its value masked.
#[derive(Clone, Debug, Serialize)]
pub struct Example {
    /// The file.
    pub file: PathBuf,
    /// The sheet of a workbook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The line, or row.
    pub line: u64,
    /// The column, for rules about one column.
    pub column: String,
    /// Its header in the file, or its title.
    pub header: String,
    /// The rule.
    pub rule: String,
    /// What is wrong and what to do.
    pub reason: Localised,
    /// The shape of the offending value; empty when there is none.
    pub shape: String,
}

impl DatasetReport {
    /// The report of a dataset that could not be validated at all.
    pub(crate) fn refused(contract: &DatasetContract, error: &anyhow::Error) -> Self {
        Self {
            dataset: contract.id.clone(),
            title: contract.title.clone(),
            files: Vec::new(),
            refused: vec![localised(error)],
            rejected_by_rule: BTreeMap::new(),
            examples: Vec::new(),
            absent_columns: Vec::new(),
            quarantine: None,
        }
    }

    /// Why it cannot be published, in one language.
    pub fn refusals(&self, language: Wording) -> String {
        let reasons: Vec<&str> = self.refused.iter().map(|r| r.wording(language)).collect();
        reasons.join("; ")
    }

    /// Whether publishing would be refused.
    pub fn is_refused(&self) -> bool {
        !self.refused.is_empty()
    }
}

/// An error in both languages: what clerks meet is told in theirs, what only concerns contracts in English.
pub(crate) fn localised(error: &anyhow::Error) -> Localised {
    match error.downcast_ref() {
        Some(ValidateError::Ingest(error)) => error.localised(),
        _ => match error.downcast_ref::<DeidentifyError>() {
            Some(error) => error.localised(),
            None => Localised::new(format!("{error:#}"), format!("{error:#}")),
        },
    }
}

/// Reports a validated dataset.
///
/// # Errors
/// When the rows of a file do not add up: that would be a mistake of this program, and nothing may be published.
pub(crate) fn of(contract: &DatasetContract, valid: &Valid) -> Result<DatasetReport> {
    for file in &valid.files {
        if file.read != file.accepted + file.rejected {
            bail!(
                "{}: {} rows read, but {} accepted and {} rejected",
                file.file.display(),
                file.read,
                file.accepted,
                file.rejected
            );
        }
    }
    let examples = valid.examples.iter().cloned().map(|row| Example {
        file: row.file,
        sheet: row.sheet,
        line: row.line,
        column: row.column,
        header: row.header,
        rule: row.rule,
        reason: row.reason,
        shape: row.shape,
    });
    Ok(DatasetReport {
        dataset: contract.id.clone(),
        title: contract.title.clone(),
        files: valid.files.iter().map(file).collect(),
        refused: valid.refused.iter().map(IngestError::localised).collect(),
        rejected_by_rule: valid.rejected_by_rule.clone(),
        examples: examples.collect(),
        absent_columns: valid.absent.clone(),
        quarantine: valid.quarantine.clone(),
    })
}

fn file(counts: &FileCounts) -> FileReport {
    let absent = counts.absent_columns.iter().cloned();
    FileReport {
        file: counts.file.clone(),
        encoding: counts.encoding.to_owned(),
        rows: RowCounts {
            read: counts.read,
            accepted: counts.accepted,
            rejected: counts.rejected,
        },
        unknown_columns: counts.unknown_columns.clone(),
        absent_columns: absent
            .map(|(column, nearest_header)| AbsentColumn {
                column,
                nearest_header,
            })
            .collect(),
        sheets_not_read: counts.notes.sheets_not_read.clone(),
        title_rows: counts.notes.title_rows,
        hidden_rows: counts.notes.hidden_rows,
        rows_beyond_header: counts.notes.rows_beyond_header,
    }
}

/// The report as people read it, in their language.
pub fn text(report: &DatasetReport, language: Wording) -> String {
    let mut out = String::new();
    let zh = language == Wording::Zh;
    let mut line = |text: String| {
        let _ = writeln!(out, "{}", printable(&text)); // writing into a String cannot fail
    };
    for file in &report.files {
        let (name, rows) = (file.file.display(), file.rows);
        let (read, accepted, rejected) = (rows.read, rows.accepted, rows.rejected);
        let (dataset, encoding) = (titled(report, zh), &file.encoding);
        line(if zh {
            format!(
                "{dataset}：{name}（{encoding}）：读入 {read} 行 = 接受 {accepted} 行 + 拒绝 {rejected} 行"
            )
        } else {
            format!(
                "{dataset}: {name} ({encoding}): {read} rows read = {accepted} accepted + {rejected} rejected"
            )
        });
        if !file.unknown_columns.is_empty() {
            let columns = file.unknown_columns.join(", ");
            line(if zh {
                format!("  合同中没有、未读取的列：{columns}")
            } else {
                format!("  columns not in the contract, not read: {columns}")
            });
        }
        for absent in &file.absent_columns {
            let column = &absent.column;
            line(match (&absent.nearest_header, zh) {
                (Some(near), true) => format!(
                    "  缺少可选列“{column}”：是否就是“{near}”？如是，请把它列入 source_names"
                ),
                (None, true) => format!("  缺少可选列“{column}”：相关指标记为未采集"),
                (Some(near), false) => format!(
                    "  optional column {column:?} is missing: is it {near:?}? Then list that header in `source_names`"
                ),
                (None, false) => format!(
                    "  optional column {column:?} is missing: what needs it is not collected"
                ),
            });
        }
        if !file.sheets_not_read.is_empty() {
            let sheets = file.sheets_not_read.join(", ");
            line(if zh {
                format!("  未读取的工作表（隐藏或列不符）：{sheets}")
            } else {
                format!("  sheets not read (hidden, or without the needed columns): {sheets}")
            });
        }
        if file.title_rows > 0 {
            let count = file.title_rows;
            line(if zh {
                format!("  表头之上的 {count} 行当作标题，不作为数据读取")
            } else {
                format!("  {count} rows above the header are taken for titles, not read as data")
            });
        }
        if file.hidden_rows > 0 {
            let count = file.hidden_rows;
            line(if zh {
                format!("  工作簿隐藏了 {count} 行：照常读取")
            } else {
                format!("  the workbook hides {count} rows: they are read like others")
            });
        }
        if file.rows_beyond_header > 0 {
            let count = file.rows_beyond_header;
            line(if zh {
                format!("  {count} 行在表头各列之外另有内容：未读取")
            } else {
                format!("  {count} rows hold something outside the columns of the header: not read")
            });
        }
    }
    for reason in &report.refused {
        let (dataset, reason) = (titled(report, zh), reason.wording(language));
        line(if zh {
            format!("  {dataset}不能发布：{reason}")
        } else {
            format!("  {dataset} is refused: {reason}")
        });
    }
    for (rule, count) in &report.rejected_by_rule {
        let title = rule_title(report, rule, zh);
        line(if zh {
            format!("  规则“{title}”（{rule}）拒绝 {count} 行")
        } else {
            format!("  {count} rejected by rule {title:?} ({rule})")
        });
        let of_rule = |example: &&Example| example.rule == *rule;
        for example in report.examples.iter().filter(of_rule) {
            line(format!("    {}", shown(example, zh)));
        }
    }
    if let Some(path) = &report.quarantine {
        let path = path.display();
        line(if zh {
            format!("  被拒绝的行保存在 {path}（含个人信息：不得公开，改正后请删除）")
        } else {
            format!(
                "  rejected rows are kept in {path} (they hold personal data: never publish it, delete it when done)"
            )
        });
    }
    out
}

/// What lies in the raw zone and is read by nothing, as people read it; empty when there is nothing.
pub fn not_read(not_read: &NotRead, language: Wording) -> String {
    let zh = language == Wording::Zh;
    let names = |paths: &[PathBuf]| {
        let names = paths
            .iter()
            .map(|path| printable(&path.display().to_string()));
        names.collect::<Vec<_>>().join(if zh { "、" } else { ", " })
    };
    let mut out = String::new();
    if !not_read.files.is_empty() {
        let files = names(&not_read.files);
        out += &if zh {
            format!("没有任何数据集读取的文件：{files}（请核对文件名，或在合同的 files 中加入）\n")
        } else {
            format!(
                "not read by any dataset: {files} (check the names, or add them to `files` of a contract)\n"
            )
        };
    }
    if !not_read.folders.is_empty() {
        let folders = names(&not_read.folders);
        out += &if zh {
            format!("未读取的子文件夹：{folders}（请把文件移到原始数据区本身）\n")
        } else {
            format!(
                "folders that are not searched: {folders} (move their files into the raw zone itself)\n"
            )
        };
    }
    out
}

/// A dataset's title, with its id, by which its quarantine file is named.
fn titled(report: &DatasetReport, zh: bool) -> String {
    let id = &report.dataset;
    if zh {
        format!("{}（{id}）", report.title.zh)
    } else {
        format!("{} ({id})", report.title.en)
    }
}

/// What a rule is called: a rule of the contract by its message.
fn rule_title(report: &DatasetReport, rule: &str, zh: bool) -> String {
    let (in_zh, in_en) = match rule {
        "duplicate" => ("与前面某行相同", "repeats another row"),
        "domain" => ("取值未列出", "not a declared value"),
        "formula_error" => ("公式错误", "error of a formula"),
        "place" => ("地区", "place"),
        "ragged" => ("字段数与表头不符", "more or fewer fields than the header"),
        "range" => ("超出范围", "out of range"),
        "required" => ("缺少必填值", "a value is missing"),
        "total" => ("合计行", "totals"),
        "type" => ("不是应有的类型", "not of its type"),
        "unique" => ("值重复", "a value stands twice"),
        _ => {
            let mut examples = report.examples.iter();
            let example = examples.find(|example| example.rule == rule);
            let reason = example.map(|example| &example.reason);
            return reason.map_or(rule.to_owned(), |r| if zh { &r.zh } else { &r.en }.clone());
        }
    };
    if zh { in_zh } else { in_en }.to_owned()
}

fn shown(example: &Example, zh: bool) -> String {
    let mut text = example.file.display().to_string();
    let mut add =
        |zh_text: String, en_text: String| text.push_str(if zh { &zh_text } else { &en_text });
    if let Some(sheet) = &example.sheet {
        add(format!("，工作表 {sheet}"), format!(", sheet {sheet}"));
    }
    let line = example.line;
    add(format!("，第 {line} 行"), format!(", line {line}"));
    if !example.column.is_empty() {
        let (header, column) = (&example.header, &example.column);
        add(
            format!("，列“{header}”（{column}）"),
            format!(", column {header:?} ({column})"),
        );
    }
    let reason = if zh {
        &example.reason.zh
    } else {
        &example.reason.en
    };
    add(format!("：{reason}"), format!(": {reason}"));
    if !example.shape.is_empty() {
        let shape = &example.shape;
        add(
            format!("（形如 {shape}）"),
            format!(" (of the shape {shape})"),
        );
    }
    text
}
