//! Bad input gives a clear message or a quarantined row: never a panic, a silent drop, or half a snapshot.

use std::{
    fs::{self, File},
    io::Write,
};

use anyhow::Result;
use data_pipeline::run;

use super::{
    common::{demonstration, places, publish, root},
    ledger::{Trial, contract, outcome},
};

/// Replaces one export and expects the whole run to be refused with certain words, publishing nothing.
async fn refused(content: &[u8], words: &[&str]) -> Result<()> {
    let folder = tempfile::tempdir()?;
    demonstration(folder.path(), false)?;
    fs::write(folder.path().join("raw/whistle-2019.csv"), content)?;
    let error = publish(folder.path(), "published")
        .await
        .map(drop)
        .expect_err("refused")
        .to_string();
    for word in words.iter().chain(&["whistle-2019.csv"]) {
        assert!(error.contains(word), "{word:?} is missing in: {error}");
    }
    assert!(
        !folder.path().join("published/catalogue.json").exists(),
        "nothing is published"
    );
    Ok(())
}

#[tokio::test]
async fn files_that_cannot_be_read_are_refused_by_name() -> Result<()> {
    refused(b"", &["empty"]).await?;
    refused(b"a,b\n1,2\n", &["案件编号", "header missing", "A, A"]).await?;
    refused(
        "案件编号,案件编号\n1,2\n".as_bytes(),
        &["案件编号", "twice"],
    )
    .await?;
    refused(b"PK\x03\x04\x00\x00\x00", &["damaged", "zip"]).await?;
    let mut endless = fs::read({
        let folder = tempfile::tempdir()?;
        demonstration(folder.path(), false)?;
        folder.keep().join("raw/whistle-2019.csv")
    })?;
    endless.extend(std::iter::repeat_n(b'x', 3 << 20));
    refused(&endless, &["longer than 1 MiB", "line"]).await
}

#[tokio::test]
async fn bad_rows_are_quarantined_and_masked() -> Result<()> {
    let folder = tempfile::tempdir()?;
    demonstration(folder.path(), false)?;
    let path = folder.path().join("raw/whistle-2019.csv");
    let text = fs::read_to_string(&path)?;
    let good = text.lines().nth(1).expect("a row").to_owned();
    let secret = "13800009999";
    let spoilt = [
        good.replacen("2019", &format!("{secret}月"), 2), // a telephone number where a time should be
        format!("{good},{secret}"),                       // ragged
    ];
    let before = run::check(&places(folder.path())).await?;
    fs::write(
        &path,
        format!("{}\n{}\n", text.trim_end(), spoilt.join("\n")),
    )?;
    let after = run::check(&places(folder.path())).await?;
    let count = |reports: &[run::DatasetReport], rule: &str| {
        reports[0].rejected_by_rule.get(rule).copied().unwrap_or(0)
    };
    assert_eq!(count(&after, "ragged"), count(&before, "ragged") + 1);
    assert_eq!(count(&after, "type"), count(&before, "type") + 1);
    assert!(
        !serde_json::to_string(&after)?.contains(secret),
        "a report never shows a value"
    );
    let quarantine = fs::read_to_string(after[0].quarantine.as_ref().expect("a quarantine file"))?;
    assert!(
        quarantine.contains(secret),
        "the quarantine file, in the raw zone, keeps the row"
    );
    Ok(())
}

const HEADER: &str = "编号,日期,地点,到账,支出\n";
const GOOD: &str = "A-1,2020-03-05,东街,15000,12500\n";

/// Files that are refused as a whole, and what the message says.
#[tokio::test]
async fn unreadable_exports_are_refused_with_what_to_do() -> Result<()> {
    let trial = Trial::new(&contract("", ""))?;
    let fixture = |name: &str| fs::read(root().join("tests/fixtures/ingest").join(name));
    let with_title = |title: &str| -> Result<Vec<u8>> {
        let mut workbook = rust_xlsxwriter::Workbook::new();
        let sheet = workbook.add_worksheet();
        sheet.write(0, 0, title)?;
        for (column, title) in ["编号", "日期", "地点", "到账", "支出"].iter().enumerate()
        {
            sheet.write(1, column as u16, *title)?;
        }
        Ok(workbook.save_to_buffer()?)
    };
    let mut unclosed = format!("{HEADER}{GOOD}A-2,2020-03-05,\"东街,1,1\n").into_bytes();
    (0..300_000).for_each(|n| unclosed.extend(format!("B-{n},2020-03-05,东街,1,1\n").bytes()));
    let cases: Vec<(&str, Vec<u8>, &[&str])> = vec![
        ("ledger.csv", Vec::new(), &["is empty"]),
        ("ledger.csv", b"\n\n".to_vec(), &["is empty"]),
        (
            "ledger.csv",
            HEADER.replace("日期", "日期(记账)").into(),
            &["日期", "missing", "source_names"],
        ),
        (
            "ledger.csv",
            HEADER.replace("支出", "到 账").into(),
            &["到 账", "twice"],
        ),
        (
            "ledger.csv",
            [HEADER.as_bytes(), b"A-1,\xff\xff\xfe,,,\n"].concat(),
            &["line 2", "no text"],
        ),
        ("ledger.csv", unclosed, &["line 3", "quotation mark"]),
        (
            "ledger.xls",
            b"<html><table><tr><td>1".to_vec(),
            &["web page", ".xlsx"],
        ),
        (
            "ledger.bin",
            vec![0, 1, 2, 3],
            &["neither CSV nor a workbook nor Parquet"],
        ),
        (
            "ledger.xlsx",
            fixture("encrypted.xlsx")?,
            &["encrypted", "password"],
        ),
        (
            "ledger.xlsx",
            fixture("ledger-1904.xlsx")?[..3000].to_vec(),
            &["damaged"],
        ),
        (
            "ledger.xls",
            fixture("ledger.xls")?[..3000].to_vec(),
            &["damaged"],
        ),
        (
            "ledger.ods",
            fixture("ledger.ods")?[..900].to_vec(),
            &["damaged"],
        ),
        ("ledger.xlsx", with_title("单位：美元")?, &["row 1", "unit"]),
        (
            "ledger.xlsx",
            with_title("金额单位：元、万元")?,
            &["row 1", "two"],
        ),
        (
            "ledger.xlsx",
            zipped(&[("a.txt", b"no workbook")])?,
            &["zip file, not a workbook"],
        ),
        ("ledger.xlsx", bomb()?, &["1 MiB"]),
    ];
    for (name, content, words) in cases {
        let report = trial.check_one(name, &content).await?;
        let said = report.refusals(contract::Wording::En);
        for word in words.iter().chain(&[name]) {
            assert!(said.contains(word), "{word:?} is missing in: {said}");
        }
        // The same in Chinese, with no more English than names of formats and fields.
        let said = report.refusals(contract::Wording::Zh);
        let (path, mut rest) = (trial.path().display().to_string(), said.clone());
        for name in [path.as_str(), name, "source_names", "UTF-8", "GB18030"] {
            rest = rest.replace(name, "");
        }
        let latin: Vec<&str> = rest
            .split(|c: char| !c.is_ascii_alphabetic())
            .filter(|word| word.len() > 7)
            .collect();
        assert!(said.contains(name) && latin.is_empty(), "{latin:?}: {said}");
    }
    Ok(())
}

/// A clerk hears of everything that is wrong with all datasets at once, and nothing is published.
#[tokio::test]
async fn every_refused_file_is_named_at_once() -> Result<()> {
    let folder = tempfile::tempdir()?;
    demonstration(folder.path(), false)?;
    let raw = folder.path().join("raw");
    for (name, content) in [
        ("whistle-2018.csv", ""),
        ("whistle-2019.csv", "案件编号,案件编号\n1,2\n"),
        ("reported.csv", ""),
    ] {
        assert!(raw.join(name).is_file(), "{name} is one of the exports");
        fs::write(raw.join(name), content)?;
    }
    let error = publish(folder.path(), "published").await.map(drop);
    let error = error.expect_err("refused");
    let refused = error.downcast_ref::<run::Refused>().expect("refused");
    let datasets: Vec<&str> = refused.reports.iter().map(|r| r.dataset.as_str()).collect();
    assert_eq!(datasets, ["whistle", "reported"]);
    assert!(!refused.is_io, "the files can be opened");
    for language in [contract::Wording::Zh, contract::Wording::En] {
        let said = data_pipeline::summary::refused(refused, language);
        for name in ["whistle-2018.csv", "whistle-2019.csv", "reported.csv"] {
            assert!(said.contains(name), "{name} is missing in: {said}");
        }
    }
    assert!(!folder.path().join("published/catalogue.json").exists());
    Ok(())
}

fn zipped(parts: &[(&str, &[u8])]) -> Result<Vec<u8>> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(*name, zip::write::SimpleFileOptions::default())?;
        archive.write_all(content)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// A workbook of a few kilobytes whose shared strings unpack to 64 MiB of one text.
fn bomb() -> Result<Vec<u8>> {
    let text = [b"<sst><si><t>".as_slice(), &vec![b'x'; 64 << 20]].concat();
    let bomb = zipped(&[
        ("xl/workbook.xml", b"<workbook/>"),
        ("xl/sharedStrings.xml", &text),
    ])?;
    assert!(bomb.len() < 1 << 20);
    Ok(bomb)
}

/// A line of 10 GB is refused after its first MiB: the file is sparse, and is not read to its end.
#[tokio::test]
async fn an_endless_line_is_not_read_to_its_end() -> Result<()> {
    let trial = Trial::new(&contract("", ""))?;
    let rows: String = (0..50_000)
        .map(|n| format!("A-{n},2020-03-05,东街,1,1\n"))
        .collect();
    let path = trial.put("ledger.csv", format!("{HEADER}{rows}").as_bytes())?;
    File::options()
        .append(true)
        .open(&path)?
        .set_len(10 << 30)?;
    let began = std::time::Instant::now();
    let report = trial.check().await?;
    assert!(
        report.refused[0].en.contains("longer than 1 MiB"),
        "{:?}",
        report.refused
    );
    assert!(
        report.refused[0].en.contains("line 50002"),
        "{:?}",
        report.refused
    );
    assert!(
        began.elapsed().as_secs() < 60,
        "it took {:?}",
        began.elapsed()
    );
    Ok(())
}

/// Rows that are rejected, each under its rule; the rest of the file is accepted.
#[tokio::test]
async fn bad_rows_are_rejected_under_their_rule() -> Result<()> {
    let trial = Trial::new(&contract("", ""))?;
    for (row, expected) in [
        ("A-2,2020-03-05,东街,1", "ragged 1"),
        ("A-2,2020-03-05,东街,1,1,1", "ragged 1"),
        ("合计,,,15000,12500", "total 1"),
        ("A-2,,东街,1,1", "required 1"),
        ("A-2,2020-13-05,东街,1,1", "type 1"),
        ("A-2,43895,东街,1,1", "type 1"),
        ("A-2,2020-03-05,东街,\"1,5\",1", "type 1"),
        ("A-2,2020-03-05,东街,一百,1", "type 1"),
        ("A-2,2020-03-05,东街,-150000,1", "range 1"),
        ("A-2,2020-03-05,南街,1,1", "place 1"),
        ("A-2,2031-03-05,东街,1,1", "not_in_the_future 1"),
        ("A-1,2020-03-05,东街,15000,12500", "duplicate 1"),
        (" A-1,2020-03-05,东街,15000,12500 ", "duplicate 1"),
        ("A-1,2020-03-05,东街,15000,1", "unique 1"),
        // The first problem is told: the field's before the rule's, the rule's before uniqueness.
        ("A-1,2031-03-05,南街,一百,1", "place 1"),
        ("A-1,2031-03-05,东街,1,1", "not_in_the_future 1"),
    ] {
        let content = format!("{HEADER}{GOOD}{row}\n");
        let report = trial.check_one("ledger.csv", content.as_bytes()).await?;
        assert_eq!(
            outcome(&report),
            format!("2 read, 1 accepted, {expected}"),
            "{row}"
        );
        assert_eq!(report.examples[0].line, 3, "{row}");
    }
    // A row that is rejected does not stand in the way of its correction.
    let corrected = format!("{HEADER}A-1,2031-03-05,东街,1,1\n{GOOD}");
    let report = trial.check_one("ledger.csv", corrected.as_bytes()).await?;
    assert_eq!(outcome(&report), "2 read, 1 accepted, not_in_the_future 1");
    // Over several files, a value is unique as well; rows of other batches are remembered.
    let many: String = (0..20_000)
        .map(|n| format!("B-{n},2020-03-05,东街,1,1\n"))
        .collect();
    trial.put("ledger-1.csv", format!("{HEADER}{many}").as_bytes())?;
    trial.put("ledger-2.csv", format!("{HEADER}{many}{GOOD}").as_bytes())?;
    let report = trial.check().await?;
    assert_eq!(
        outcome(&report),
        "40001 read, 20001 accepted, duplicate 20000"
    );
    assert_eq!(report.examples.len(), 5, "a report shows a few");
    let quarantine = fs::read_to_string(report.quarantine.expect("a quarantine file"))?;
    assert_eq!(
        quarantine.lines().count(),
        20_001,
        "the quarantine file holds all"
    );
    Ok(())
}

#[tokio::test]
async fn alike_rows_may_be_kept_where_nothing_names_them() -> Result<()> {
    let rows = "日期,地点,到账\n2020-03-05,东街,1\n2020-03-05,东街,1\n";
    let unnamed = |source: &str| {
        contract(source, "").replace("required = true\nunique = true", "may_be_absent = true")
    };
    let trial = Trial::new(&unnamed(""))?;
    let report = trial.check_one("ledger.csv", rows.as_bytes()).await?;
    assert_eq!(outcome(&report), "2 read, 1 accepted, duplicate 1");
    let trial = Trial::new(&unnamed("[source]\nduplicates = \"keep\""))?;
    let report = trial.check_one("ledger.csv", rows.as_bytes()).await?;
    assert_eq!(outcome(&report), "2 read, 2 accepted, ");
    Ok(())
}

/// Reports, for people and machines, in both languages: rules, places, shapes, and never a value.
#[tokio::test]
async fn reports_help_and_tell_no_value() -> Result<()> {
    let trial = Trial::new(&contract("", ""))?;
    let secret = "13800009999";
    let content = format!(
        "编号,日期,地点,到账,支出额,联系电话\nA-1,{secret},东街,1,1,{secret}\nA-2,2020-03-05,王小明,1,1,{secret}\n"
    );
    trial.put("ledger.csv", content.as_bytes())?;
    let report = trial.check().await?;
    let english = data_pipeline::report::text(&report, contract::Wording::En);
    for said in [
        "2 rows read = 0 accepted + 2 rejected",
        "not read: 支出额, 联系电话",
        "optional column \"支出\" is missing: is it \"支出额\"?",
        "line 2, column \"日期\" (booked_on): not a date",
        "(of the shape 99999999999)",
        "line 3, column \"地点\" (place): no place of the register",
        "(of the shape 字字字)",
        "Ledger (ledger): ",
        "1 rejected by rule \"place\" (place)",
        "quarantine",
    ] {
        assert!(english.contains(said), "{said:?} is missing in:\n{english}");
    }
    let text = data_pipeline::report::text(&report, contract::Wording::Zh);
    for said in [
        "读入 2 行 = 接受 0 行 + 拒绝 2 行",
        "台账（ledger）：",
        "规则“地区”（place）拒绝 1 行",
        "第 2 行，列“日期”（booked_on）：不是日期",
        "（形如 字字字）",
    ] {
        assert!(text.contains(said), "{said:?} is missing in:\n{text}");
    }
    let json = serde_json::to_string(&report)?;
    for told in [english, text, json] {
        assert!(!told.contains(secret) && !told.contains("王小明"), "{told}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(report.quarantine.expect("a quarantine file"))?
            .permissions()
            .mode();
        assert_eq!(
            mode & 0o777,
            0o600,
            "the quarantine file is its owner's alone"
        );
    }
    Ok(())
}

/// A kept column with personal data in it: the run refuses, names column and number, and leaves nothing behind.
#[tokio::test]
async fn personal_data_in_a_kept_column_refuses_the_dataset() -> Result<()> {
    let columns = "[[column]]\nname = \"comment\"\ntitle = { zh = \"备注\", en = \"Comment\" }\ntype = \"text\"\nrole = \"dimension\"";
    let trial = Trial::new(&contract("", columns))?;
    let id = "990000198604286748";
    trial.put(
        "ledger.csv",
        format!("编号,日期,地点,到账,支出,备注\nA-1,2020-03-05,东街,1,1,收款人身份证{id}\nA-2,2020-03-05,东街,1,1,无\n").as_bytes(),
    )?;
    let report = trial.check().await?;
    let said = report.refusals(contract::Wording::En);
    assert!(
        said.contains("comment") && said.contains("1 values") && !said.contains(id),
        "{said}"
    );
    let to = trial.path().join("published");
    let error = run::publish(&trial.places(), &to, false)
        .await
        .map(drop)
        .expect_err("refused");
    assert!(!error.to_string().contains(id) && !to.exists(), "{error}");
    Ok(())
}

/// Pseudonyms: refused without a secret; with one, rows can be counted by them, and no raw value is published.
#[tokio::test]
async fn pseudonyms_need_a_secret_and_count_people() -> Result<()> {
    let columns = "[[column]]\nname = \"payee\"\ntitle = { zh = \"收款人\", en = \"Payee\" }\ntype = \"text\"\nrole = \"pseudonym\"";
    let trial = Trial::new(&contract("", columns))?;
    fs::write(
        trial
            .path()
            .join("portal/datasets/ledger/indicators/payees.toml"),
        "format = 1\nid = \"payees\"\norder = 2\ntitle = { zh = \"收款人\", en = \"Payees\" }\ndefinition = { zh = \"\", en = \"\" }\nunit = \"count\"\ndirection = \"neutral\"\nformula = { kind = \"sum\", of = \"all\", measure = \"CASE WHEN payee ~ '^[0-9a-f]{32}$' THEN 1 ELSE 0 END\" }\nmethod = { version = 1, note = { zh = \"\", en = \"\" } }\n",
    )?;
    let name = "王小明";
    trial.put(
        "ledger.csv",
        format!("编号,日期,地点,到账,支出,收款人\nA-1,2020-03-05,东街,1,1,{name}\nA-2,2020-03-05,东街,1,1,{name}\n").as_bytes(),
    )?;
    let to = trial.path().join("published");
    let error = run::publish(&trial.places(), &to, false)
        .await
        .map(drop)
        .expect_err("refused");
    assert!(error.to_string().contains("--secret"), "{error}");
    let mut places = trial.places();
    let secret = trial.path().join("secret");
    fs::write(&secret, [9; 32])?;
    places.secret = Some(secret);
    let (.., first) = run::publish(&places, &to, false).await?;
    assert_eq!((first.id.as_str(), first.committed), ("2020-12-r1", true));
    let (.., again) = run::publish(&places, &to, false).await?;
    assert!(
        !again.committed,
        "the same input is nothing new, whatever its key"
    );
    let csv = super::common::files(&to)
        .into_iter()
        .find(|(path, _)| path.extension().is_some_and(|e| e == "csv"))
        .map(|(_, bytes)| String::from_utf8_lossy(&bytes).into_owned())
        .expect("a table");
    assert!(csv.contains("payees,city,year,1,2020,total,2,"), "{csv}");
    for (path, bytes) in super::common::files(&to) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(!text.contains(name), "{}", path.display());
    }
    Ok(())
}
