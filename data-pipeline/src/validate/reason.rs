//! What may be wrong with a row, in both languages, and never with the value.

use contract::{
    Localised,
    dataset::{Column, ColumnType},
};

/// What is wrong with a row, apart from the rules of its contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    Ragged,
    Total,
    Broken,
    Required,
    Number,
    Precision,
    Range,
    Date,
    Boolean,
    Domain,
    DomainList,
    Place,
    PlaceOfAnotherTime,
    Duplicate,
    Unique,
}

impl Flaw {
    /// The rule that it breaks, as reports and quarantine files name it.
    pub(super) fn rule(self) -> &'static str {
        match self {
            Self::Ragged => "ragged",
            Self::Total => "total",
            Self::Broken => "formula_error",
            Self::Required => "required",
            Self::Number | Self::Precision | Self::Date | Self::Boolean => "type",
            Self::Range => "range",
            Self::Domain | Self::DomainList => "domain",
            Self::Place | Self::PlaceOfAnotherTime => "place",
            Self::Duplicate => "duplicate",
            Self::Unique => "unique",
        }
    }

    /// What is wrong and what to do, with what the contract accepts in the column.
    pub(super) fn reason(self, column: Option<&Column>) -> Localised {
        let accepted = column.map(|column| match self {
            Self::Range => range(column),
            Self::Domain | Self::DomainList => domain(column),
            _ => Localised::default(),
        });
        let (plain, accepted) = (self.plain(), accepted.unwrap_or_default());
        Localised::new(plain.zh + &accepted.zh, plain.en + &accepted.en)
    }

    fn plain(self) -> Localised {
        let (zh, en) = match self {
            Self::Ragged => (
                "字段数与表头不符：请检查引号和逗号",
                "the row has more or fewer fields than the header: check quotes and commas",
            ),
            Self::Total => (
                "合计行，不是数据：无需处理",
                "a row of totals, not data: nothing to do",
            ),
            Self::Broken => (
                "单元格是公式错误（如 #N/A）：请改正公式或填入数值",
                "the cell holds the error of a formula (such as #N/A): correct it or enter the value",
            ),
            Self::Required => ("缺少必填值：请补填", "the value is missing: fill it in"),
            Self::Number => (
                "不是该单位的数字：请只写数字",
                "not a number of this unit: write digits only",
            ),
            Self::Precision => (
                "小数位数过多：金额最多到分，面积最多到 0.01 平方米，整数不带小数，请四舍五入",
                "more digits behind the point than are kept: round money to fen, areas to 0.01 m², counts to whole numbers",
            ),
            Self::Range => (
                "超出允许范围：请核对单位",
                "outside the accepted range: check the unit",
            ),
            Self::Date => (
                "不是日期：请写成 2020-03-05 或 2020-03-05 14:30:00",
                "not a date: write 2020-03-05 or 2020-03-05 14:30:00",
            ),
            Self::Boolean => ("请写 是 或 否", "write 是 or 否"),
            Self::Domain => (
                "不是合同列出的取值：请改正，或请管理员补充取值",
                "not a declared value: correct it, or have it added to the contract",
            ),
            Self::DomainList => (
                "含有合同未列出的取值：请改正，或请管理员补充取值",
                "holds a value that is not declared: correct it, or have it added to the contract",
            ),
            Self::Place => (
                "地区名册里没有这个代码或名称：请核对",
                "no place of the register has this code or name: check it",
            ),
            Self::PlaceOfAnotherTime => (
                "该地区在这一日期尚未设立或已经撤销：请核对日期和地区代码",
                "this place did not exist on that day: check the day and the place's code",
            ),
            Self::Duplicate => (
                "与前面某行完全相同：请删除其一",
                "another row is the same in every field: remove one of them",
            ),
            Self::Unique => (
                "前面已有一行使用该值：请删除其一",
                "another row has this value: remove one of them",
            ),
        };
        Localised::new(zh, en)
    }
}

/// The range that a column accepts, in the unit in which exports write it.
fn range(column: &Column) -> Localised {
    let (scale, zh, en) = match column.kind {
        ColumnType::Money => (100.0, " 元", " yuan"),
        ColumnType::Area => (100.0, " 平方米", " m²"),
        _ => (1.0, "", ""),
    };
    let written = |bound: Option<i64>| bound.map(|bound| bound as f64 / scale);
    match (written(column.min), written(column.max)) {
        (Some(min), Some(max)) => Localised::new(
            format!("（允许 {min} 至 {max}{zh}）"),
            format!(" (accepted: {min} to {max}{en})"),
        ),
        (Some(min), None) => Localised::new(
            format!("（至少 {min}{zh}）"),
            format!(" (at least {min}{en})"),
        ),
        (None, Some(max)) => Localised::new(
            format!("（至多 {max}{zh}）"),
            format!(" (at most {max}{en})"),
        ),
        (None, None) => Localised::default(),
    }
}

/// The first values that a column accepts, as exports write them.
fn domain(column: &Column) -> Localised {
    const SHOWN: usize = 12;
    let titles = column.values.iter().take(SHOWN);
    let titles: Vec<&str> = titles.map(|value| value.title.zh.as_str()).collect();
    let more = column.values.len() > SHOWN;
    let (zh, en) = if more { ("等", ", …") } else { ("", "") };
    let (zh_titles, en_titles) = (titles.join("、"), titles.join(", "));
    Localised::new(
        format!("（可用：{zh_titles}{zh}）"),
        format!(" (accepted: {en_titles}{en})"),
    )
}
