//! The columns of the ledger of money, and the mistakes made in it.

use super::{
    export::Kind,
    spoil::{Spoil, anything, renumber},
};

pub(super) const HEADER: [&str; 17] = [
    "凭证号",
    "记账日期",
    "社区代码",
    "经费类别",
    "资金来源",
    "用途",
    "预算金额",
    "到账金额",
    "支出金额",
    "原标准金额",
    "到账日期",
    "支出日期",
    "收款人",
    "收款账号",
    "备注",
    "提出方",
    "项目阶段",
];
// Positions in the header.
pub(super) const BOOKED: usize = 1;
const PLACE: usize = 2;
const FUND_LINE: usize = 3;
pub(super) const BUDGETED: usize = 6;
pub(super) const RECEIVED: usize = 7;
pub(super) const SPENT: usize = 8;
pub(super) const FORMER: usize = 9;
pub(super) const RECEIVED_ON: usize = 10;
pub(super) const SPENT_ON: usize = 11;
const MEMO: usize = 14;

/// A kind of money.
pub(super) const SERVICE: &str = "为民服务和发展专项资金";
/// A purpose whose payees are persons.
pub(super) const RELIEF: &str = "困难救助";

/// The mistakes of a file.
pub(super) fn mistakes(kind: &Kind) -> impl Iterator<Item = &'static Spoil> + use<> {
    let own: &'static [Spoil] = match kind {
        Kind::Workbook(_) => &IN_WORKBOOKS,
        _ => &IN_CSV,
    };
    ANYWHERE.iter().chain(own)
}

fn is_spent(row: &[String]) -> bool {
    !row[SPENT_ON].is_empty()
}

static ANYWHERE: [Spoil; 13] = [
    Spoil {
        kind: "the same voucher twice",
        rule: "unique",
        count: 6,
        fits: anything,
        spoil: |_, _| {},
    },
    Spoil {
        kind: "a code that no community has",
        rule: "place",
        count: 3,
        fits: anything,
        spoil: |row, n| {
            renumber(row, n);
            row[PLACE] = "640199999999".to_owned();
        },
    },
    Spoil {
        kind: "an unknown kind of money",
        rule: "domain",
        count: 2,
        fits: anything,
        spoil: |row, n| {
            renumber(row, n);
            row[FUND_LINE] = "办公经费".to_owned();
        },
    },
    Spoil {
        kind: "receipt and payment interchanged",
        rule: "spent_within_received",
        count: 4,
        fits: |row| is_spent(row) && row[SPENT] != row[RECEIVED],
        spoil: |row, n| {
            renumber(row, n);
            row.swap(RECEIVED, SPENT);
        },
    },
    Spoil {
        kind: "a negative budget",
        rule: "range",
        count: 2,
        fits: |row| row[BUDGETED].as_bytes()[0].is_ascii_digit(),
        spoil: |row, n| {
            renumber(row, n);
            row[BUDGETED].insert(0, '-');
        },
    },
    Spoil {
        kind: "spent before it was received",
        rule: "spent_after_received",
        count: 3,
        fits: is_spent,
        spoil: |row, n| {
            renumber(row, n);
            row[SPENT_ON] = "2017-01-05".to_owned();
        },
    },
    Spoil {
        kind: "a receipt without a day",
        rule: "receipt_is_dated",
        count: 2,
        fits: |row| !row[RECEIVED_ON].is_empty() && !is_spent(row),
        spoil: |row, n| {
            renumber(row, n);
            row[RECEIVED_ON] = String::new();
        },
    },
    Spoil {
        kind: "a payment without a day",
        rule: "spending_is_dated",
        count: 2,
        fits: is_spent,
        spoil: |row, n| {
            renumber(row, n);
            row[SPENT_ON] = String::new();
        },
    },
    Spoil {
        kind: "no amount received",
        rule: "required",
        count: 2,
        fits: anything,
        spoil: |row, n| {
            renumber(row, n);
            row[RECEIVED] = String::new();
        },
    },
    Spoil {
        kind: "an amount in words",
        rule: "type",
        count: 2,
        fits: anything,
        spoil: |row, n| {
            renumber(row, n);
            row[BUDGETED] = "叁万元整".to_owned();
        },
    },
    Spoil {
        kind: "a voucher of the future",
        rule: "not_in_the_future",
        count: 2,
        fits: anything,
        spoil: |row, n| {
            renumber(row, n);
            row[BOOKED] = "2131-05-06".to_owned();
        },
    },
    Spoil {
        kind: "a former basis where there was none",
        rule: "former_basis_of_party_building",
        count: 2,
        fits: |row| row[FUND_LINE] == SERVICE,
        spoil: |row, n| {
            renumber(row, n);
            row[FORMER] = "3".to_owned();
        },
    },
    Spoil {
        kind: "a memo of two lines, in a community that nobody knows",
        rule: "place",
        count: 1,
        fits: anything,
        spoil: |row, n| {
            renumber(row, n);
            row[PLACE] = "不详社区".to_owned();
            row[MEMO] = "第一行\n第二行,\"引号\"".to_owned();
        },
    },
];

static IN_CSV: [Spoil; 2] = [
    Spoil {
        kind: "an amount in fen in a file in yuan, and more digits than any budget",
        rule: "range",
        count: 2,
        fits: anything,
        spoil: |row, n| {
            renumber(row, n);
            row[BUDGETED] = "350000000.00".to_owned();
        },
    },
    Spoil {
        kind: "a field too many",
        rule: "ragged",
        count: 2,
        fits: anything,
        spoil: |row, n| {
            renumber(row, n);
            row.push("补记".to_owned());
        },
    },
];

static IN_WORKBOOKS: [Spoil; 1] = [Spoil {
    kind: "an amount in yuan in a file in 万元",
    rule: "range",
    count: 4,
    // 10,000 万元 is more than any budget.
    fits: |row| row[BUDGETED].parse::<f64>().is_ok_and(|wan| wan >= 1.1),
    spoil: |row, n| {
        renumber(row, n);
        let wan = row[BUDGETED].parse::<f64>().unwrap_or_default();
        row[BUDGETED] = format!("{:.2}", wan * 10_000.0);
    },
}];
