//! Public money that is paid to persons: a class in which few of them stand, or one stands out, withholds its table.

use anyhow::Result;
use contract::Status;
use data_pipeline::run;

use super::{
    common::{files, manifest},
    ledger::{Trial, contract},
};

const COLUMNS: &str = r#"
[[column]]
name = "purpose"
title = { zh = "用途", en = "Purpose" }
type = "category"
role = "dimension"
values = [
  { code = "service", title = { zh = "服务", en = "Service" } },
  { code = "relief", title = { zh = "救助", en = "Relief" } },
]

[[column]]
name = "payee"
title = { zh = "收款人", en = "Payee" }
type = "text"
role = "identifier"
"#;

const REST: &str = r#"
[[population]]
id = "to_persons"
title = { zh = "发给个人", en = "Paid to people" }
where = "purpose = 'relief'"
within = ["all"]

[[breakdown]]
id = "purpose"
title = { zh = "用途", en = "Purpose" }
column = "purpose"
fallback = { code = "other", title = { zh = "其他", en = "Other" } }
levels = ["city"]
granularities = ["year"]
"#;

const PERSONS: &str = r#"
[disclosure.persons]
of = "to_persons"
exempt = []
threshold = 5
[disclosure.persons.contributors]
column = "payee"
"#;

/// Publishes payments of relief beside others; whether the table by purpose is there, and whether a payee is anywhere.
async fn published(rules: &str, payments: &[(&str, i64)]) -> Result<(bool, bool)> {
    let amounts = if rules.is_empty() {
        ""
    } else {
        "amounts = [\"received\"]\n"
    };
    let text = contract("", COLUMNS) + REST;
    let reason = "en = \"trial\"\n";
    let trial =
        Trial::new(&text.replacen(reason, &format!("{reason}{PERSONS}{amounts}{rules}\n"), 1))?;
    let mut lines = "编号,日期,地点,到账,支出,用途,收款人\n".to_owned();
    for n in 0..30 {
        lines += &format!("s{n},2020-03-05,东街,100,1,服务,虚构商行{n}\n");
    }
    for (n, (payee, amount)) in payments.iter().enumerate() {
        lines += &format!("r{n},2020-03-05,东街,{amount},1,救助,{payee}\n");
    }
    trial.put("ledger.csv", lines.as_bytes())?;
    let to = trial.path().join("published");
    let (.., published) = run::publish(&trial.places(), &to, false).await?;
    let manifest = manifest(&to, &published.id)?;
    let tables = &manifest.datasets[0].tables;
    let by_purpose = tables.iter().find(|t| t.breakdown == "purpose");
    let is_shown = by_purpose.is_some_and(|t| t.status == Status::Published);
    let tells = files(&to).iter().any(|(_, bytes)| {
        let text = String::from_utf8_lossy(bytes);
        payments
            .iter()
            .any(|(payee, _)| !payee.is_empty() && text.contains(payee))
    });
    Ok((is_shown, tells))
}

#[tokio::test]
async fn a_class_of_few_payees_or_of_one_who_stands_out_withholds_its_table() -> Result<()> {
    let alike = ["虚甲", "虚乙", "虚丙", "虚丁", "虚戊", "虚己"].map(|payee| (payee, 300));
    let mut one_stands_out = alike;
    one_stands_out[3].1 = 9000;
    let mut two_stand_out = one_stands_out;
    two_stand_out[4].1 = 9000;
    let few = [&alike[..2], &alike[..2], &alike[..2]].concat();
    let nameless = alike.map(|(_, amount)| ("", amount));
    for (what, rules, payments, expected) in [
        ("six alike", "", &alike[..], true),
        ("six payments to two", "", &few, false),
        ("nobody knows whose", "", &nameless, false),
        ("one stands out, no rule", "", &one_stands_out, true),
        (
            "one dominates",
            "dominance = { n = 1, k = 80 }",
            &one_stands_out,
            false,
        ),
        (
            "one can be estimated",
            "p_percent = 20",
            &one_stands_out,
            false,
        ),
        (
            "none dominates",
            "dominance = { n = 1, k = 80 }",
            &two_stand_out,
            true,
        ),
        // The greatest is estimated by the second to within what is left: 1,200 of 9,000.
        (
            "the second estimates the first",
            "p_percent = 20",
            &two_stand_out,
            false,
        ),
        (
            "not as closely as that",
            "p_percent = 10",
            &two_stand_out,
            true,
        ),
    ] {
        let (is_shown, tells) = published(rules, payments).await?;
        assert_eq!(is_shown, expected, "{what}");
        assert!(!tells, "{what}: a payee is published");
    }
    Ok(())
}
