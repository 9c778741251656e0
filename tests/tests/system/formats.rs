//! Every format of raw exports gives the same rows: encodings, delimiters, workbooks, Parquet.

use std::{fs, sync::Arc};

use anyhow::Result;
use arrow::{
    array::{
        ArrayRef, Date32Array, Decimal128Array, RecordBatch, StringArray, TimestampMicrosecondArray,
    },
    datatypes::{DataType, Field, Schema, TimeUnit},
};
use data_pipeline::{ingest, run};
use parquet::arrow::ArrowWriter;
use rust_xlsxwriter::{Format, Workbook};

use super::{
    common::{files, root},
    ledger::{Trial, contract, outcome},
};

const ROWS: &str = "编号,日期,地点,到账,支出\nA-1,2020-03-05,东街,15000,12500\nA-2,2020/12/31,西街,200000,3000\nA-3,109年5月6日,东街,(5000),0\n";

/// What is published of a raw zone with one file: bytes of everything but the manifest, which counts rejected rows.
async fn published(name: &str, content: &[u8]) -> Result<Vec<(std::path::PathBuf, Vec<u8>)>> {
    let trial = Trial::new(&contract("", ""))?;
    trial.put(name, content)?;
    let to = trial.path().join("published");
    fs::write(
        trial
            .path()
            .join("portal/datasets/ledger/indicators/received.toml"),
        RECEIVED,
    )?;
    run::publish(&trial.places(), &to, false).await?;
    Ok(files(&to.join("files")))
}

const RECEIVED: &str = r#"
format = 1
id = "received"
order = 2
title = { zh = "到账", en = "Received" }
definition = { zh = "到账", en = "Received" }
unit = "yuan"
direction = "neutral"
formula = { kind = "sum", of = "all", measure = "received", divisor = 100 }
method = { version = 1, note = { zh = "", en = "" } }
"#;

fn parquet() -> Result<Vec<u8>> {
    let schema = Arc::new(Schema::new(vec![
        Field::new("编号", DataType::Utf8, false),
        Field::new("日期", DataType::Date32, false),
        Field::new("地点", DataType::Utf8, false),
        Field::new("到账", DataType::Decimal128(12, 2), false),
        Field::new("支出", DataType::Decimal128(12, 2), false),
        Field::new(
            "录入时间",
            DataType::Timestamp(TimeUnit::Microsecond, None),
            false,
        ),
    ]));
    let money = |cents: Vec<i128>| -> Result<ArrayRef> {
        Ok(Arc::new(
            Decimal128Array::from(cents).with_precision_and_scale(12, 2)?,
        ))
    };
    let day = |y, m, d| {
        let day = chrono::NaiveDate::from_ymd_opt(y, m, d).expect("a day");
        Date32Array::from_iter_values([arrow::datatypes::Date32Type::from_naive_date(day)]).value(0)
    };
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from(vec!["A-1", "A-2", "A-3"])),
        Arc::new(Date32Array::from(vec![
            day(2020, 3, 5),
            day(2020, 12, 31),
            day(2020, 5, 6),
        ])),
        Arc::new(StringArray::from(vec!["东街", "西街", "东街"])),
        money(vec![1_500_000, 20_000_000, -500_000])?,
        money(vec![1_250_000, 300_000, 0])?,
        Arc::new(TimestampMicrosecondArray::from(vec![0, 1, 2])),
    ];
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, schema.clone(), None)?;
    writer.write(&RecordBatch::try_new(schema, columns)?)?;
    writer.close()?;
    Ok(bytes)
}

/// Title rows, a header on two levels, 万元 in a title cell, a totals row, a formula, an error, a hidden sheet.
fn xlsx() -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    let cover = workbook.add_worksheet().set_name("说明")?;
    cover.write(0, 0, "本表由财政局填报")?;
    let plain = Format::new();
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let sheet = workbook.add_worksheet().set_name("2020年")?;
    sheet.merge_range(0, 0, 0, 4, "社区经费台账", &plain)?;
    sheet.write(1, 4, "金额单位：万元")?;
    for (column, title) in ["编 号", "日期", "地点"].iter().enumerate() {
        sheet.merge_range(2, column as u16, 3, column as u16, title, &plain)?;
    }
    sheet.merge_range(2, 3, 2, 4, "金额", &plain)?;
    sheet.write(3, 3, "到账")?.write(3, 4, "支出")?;
    let at = |y, m, d| rust_xlsxwriter::ExcelDateTime::from_ymd(y, m, d);
    sheet
        .write(4, 0, "A-1")?
        .write_with_format(4, 1, at(2020, 3, 5)?, &day)?;
    sheet.write(4, 2, "东街")?.write(4, 3, 1.5)?;
    sheet.write_formula(
        4,
        4,
        rust_xlsxwriter::Formula::new("=D5-0.25").set_result("1.25"),
    )?;
    sheet
        .write(5, 0, "A-2")?
        .write_with_format(5, 1, at(2020, 12, 31)?, &day)?;
    sheet
        .write(5, 2, "西街")?
        .write(5, 3, 20)?
        .write(5, 4, 0.3)?;
    sheet.set_row_hidden(5)?;
    sheet.write(7, 0, "合　计：")?.write(7, 3, 21.5)?;
    let next = workbook.add_worksheet().set_name("2020年补")?;
    for (column, title) in ["编号", "日期", "地点", "到账(元)", "支出(元)"]
        .iter()
        .enumerate()
    {
        next.write(0, column as u16, *title)?;
    }
    next.write(1, 0, "A-3")?
        .write(1, 1, "民國109年5月6日")?
        .write(1, 2, "东街")?;
    next.write(1, 3, "（5,000）")?.write(1, 4, 0)?;
    next.write(2, 0, "A-4")?
        .write(2, 1, 43831)?
        .write(2, 2, "东街")?; // a serial is no date
    next.write(3, 0, "A-5")?
        .write(3, 1, "2020-01-01")?
        .write(3, 2, "东街")?;
    next.write_formula(
        3,
        3,
        rust_xlsxwriter::Formula::new("=1/0").set_result("#DIV/0!"),
    )?;
    let hidden = workbook.add_worksheet().set_name("底稿")?;
    hidden.set_hidden(true);
    hidden.write(0, 0, "编号")?;
    Ok(workbook.save_to_buffer()?)
}

#[tokio::test]
async fn every_format_gives_the_same_published_bytes() -> Result<()> {
    let expected = published("ledger.csv", ROWS.as_bytes()).await?;
    assert!(expected.len() > 2);
    let fixture = |name: &str| fs::read(root().join("tests/fixtures/ingest").join(name));
    let inputs: Vec<(&str, Vec<u8>)> = vec![
        ("ledger-bom.csv", format!("\u{feff}{ROWS}").into_bytes()),
        (
            "ledger-gb18030.csv",
            encoding_rs::GB18030.encode(ROWS).0.into_owned(),
        ),
        (
            "ledger-utf16.csv",
            std::iter::once(0xFEFF)
                .chain(ROWS.encode_utf16())
                .flat_map(u16::to_le_bytes)
                .collect(),
        ),
        ("ledger.tsv", ROWS.replace(',', "\t").into_bytes()),
        (
            "ledger-semicolon.csv",
            ROWS.replace(',', ";")
                .replace("15000", "15,000")
                .into_bytes(),
        ),
        (
            "ledger-wide.csv",
            ROWS.replace("15000", "１５，０００．００").into_bytes(),
        ),
        (
            "ledger-dated.csv",
            ROWS.replace("2020-03-05", "二〇二〇年三月五日")
                .into_bytes(),
        ),
        (
            "ledger-unit.csv",
            ROWS.replace("到账", "到账（万元）")
                .replace("15000", "1.5")
                .replace("200000", "20")
                .replace("(5000)", "-0.5")
                .into_bytes(),
        ),
        (
            "ledger-suffix.csv",
            ROWS.replace("15000", "1.5万元").into_bytes(),
        ),
        ("ledger.xlsx", xlsx()?),
        ("ledger.parquet", parquet()?),
        ("ledger-1904.xlsx", fixture("ledger-1904.xlsx")?),
        ("ledger.xls", fixture("ledger.xls")?),
        ("ledger.ods", fixture("ledger.ods")?),
    ];
    for (name, content) in inputs {
        let got = published(name, &content).await?;
        assert!(got == expected, "{name}");
    }
    Ok(())
}

#[tokio::test]
async fn a_workbook_says_what_was_not_data() -> Result<()> {
    let trial = Trial::new(&contract("", ""))?;
    let report = trial.check_one("ledger.xlsx", &xlsx()?).await?;
    assert_eq!(
        outcome(&report),
        "6 read, 3 accepted, formula_error 1, total 1, type 1"
    );
    let file = &report.files[0];
    assert_eq!(file.sheets_not_read, ["说明", "底稿"]);
    assert_eq!((file.encoding.as_str(), file.hidden_rows), ("XLSX", 1));
    let total = report
        .examples
        .iter()
        .find(|e| e.rule == "total")
        .expect("shown");
    assert_eq!((total.sheet.as_deref(), total.line), (Some("2020年"), 8));
    let serial = report
        .examples
        .iter()
        .find(|e| e.rule == "type")
        .expect("shown");
    assert_eq!(
        (serial.line, serial.column.as_str(), serial.shape.as_str()),
        (3, "booked_on", "99999")
    );
    Ok(())
}

#[tokio::test]
async fn the_contract_says_which_sheet_and_which_row() -> Result<()> {
    let trial = Trial::new(&contract(
        "[source]\nsheets = \"2020年\"\ntotal_markers = [\"总数\"]",
        "",
    ))?;
    let report = trial.check_one("ledger.xlsx", &xlsx()?).await?;
    // 合计 is no marker here: the row lacks its day.
    assert_eq!(outcome(&report), "3 read, 2 accepted, required 1");
    let trial = Trial::new(&contract("[source]\nsheets = \"说明\"", ""))?;
    let report = trial.check_one("ledger.xlsx", &xlsx()?).await?;
    assert!(
        report.refused[0].en.contains("[说明]") && report.refused[0].en.contains("编号"),
        "{report:?}"
    );
    Ok(())
}

#[tokio::test]
async fn values_come_from_titles_and_joined_columns() -> Result<()> {
    let columns = "[[column]]\nname = \"until\"\ntitle = { zh = \"截至\", en = \"Until\" }\ntype = \"date\"\nrole = \"dimension\"\nrequired = true\nfrom_title = \"截至*止\"\nmay_be_absent = true";
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write(0, 0, "台账（截至109年12月止）　单位：元")?;
    for (column, title) in ["编号", "年", "月", "地点", "到账"].iter().enumerate() {
        sheet.write(1, column as u16, *title)?;
    }
    sheet
        .write(2, 0, "A-1")?
        .write(2, 1, 2020)?
        .write(2, 2, 3)?
        .write(2, 3, "东街")?
        .write(2, 4, 5)?;
    let joined = contract("", columns).replace(
        "type = \"date\"\nrole = \"dimension\"\nrequired = true\n\n[[column]]\nname = \"place\"",
        "type = \"date\"\nrole = \"dimension\"\nrequired = true\njoined = [\"年\", \"月\"]\n\n[[column]]\nname = \"place\"",
    );
    let trial = Trial::new(&joined)?;
    let report = trial
        .check_one("ledger.xlsx", &workbook.save_to_buffer()?)
        .await?;
    assert_eq!(outcome(&report), "1 read, 1 accepted, ");
    assert_eq!(report.absent_columns, ["spent"]);
    Ok(())
}

#[test]
fn the_contract_decides_between_legacy_encodings() -> Result<()> {
    let folder = tempfile::tempdir()?;
    for (encoding, header, value) in [
        (encoding_rs::EUC_KR, "제공기관코드", "서울"),
        (encoding_rs::BIG5, "建議地點", "彰化市"),
        (encoding_rs::GB18030, "案件编号", "满城"),
        (encoding_rs::SHIFT_JIS, "施設名称", "会議室"),
    ] {
        let path = folder.path().join("export.csv");
        let text = format!("{header},n\n{value},1\n");
        fs::write(&path, encoding.encode(&text).0)?;
        let mut rows = ingest::open_as(&path, &ingest::Expected::headers([header, "n"]))?;
        assert_eq!(rows.encoding(), encoding.name());
        let row = rows.next_row()?.expect("a row");
        assert_eq!(row.fields, [value, "1"]);
    }
    Ok(())
}

#[test]
fn hostile_patterns_of_headers_find_nothing() {
    let headers = [
        ingest::Header::single("金额 到账"),
        ingest::Header::single("预算(万元)"),
    ];
    assert_eq!(ingest::position(&headers, &["预算".to_owned()]), Some(1));
    assert_eq!(
        ingest::position(&headers, &["金额到账".to_owned()]),
        Some(0)
    );
    assert_eq!(
        ingest::position(&headers, &["到账".to_owned()]),
        None,
        "a part of a header is no header"
    );
    assert_eq!(ingest::nearest(&["预算额".to_owned()], &headers), None);
    assert_eq!(
        ingest::nearest(&["预算万元".to_owned()], &headers),
        Some(&headers[1])
    );
}
