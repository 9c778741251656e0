//! What becomes of the files of a raw zone as a whole: none is lost, misread or emptied without a word.

use std::fs;

use anyhow::Result;
use data_pipeline::{ingest, run};

use super::ledger::{Trial, contract, outcome};

const HEADER: &str = "编号,日期,地点,到账,支出\n";

/// Rows with numbers of their own, at a place.
fn rows(numbers: std::ops::Range<u32>, place: &str) -> String {
    numbers
        .map(|n| format!("A-{n},2020-03-05,{place},15000,12500\n"))
        .collect()
}

/// A file of which nothing or little is accepted is refused, by `check` and by `publish`.
#[tokio::test]
async fn a_file_that_gives_little_or_nothing_is_refused() -> Result<()> {
    let trial = Trial::new(&contract("", ""))?;
    trial.put(
        "ledger-1.csv",
        format!("{HEADER}{}", rows(0..9, "东街")).as_bytes(),
    )?;
    let (good, bad) = (rows(10..12, "东街"), rows(20..22, "南街"));
    for (rows, words) in [
        (String::new(), vec!["a header and no rows"]),
        ("\n,,,,\n".to_owned(), vec!["a header and no rows"]),
        ("合计,,,1,1\n".to_owned(), vec!["a header and no rows"]),
        (bad.clone(), vec!["2 of 2 rows", "place 2"]),
        (
            format!("{good}{bad}A-30,2031-03-05,东街,1,1\n"),
            vec![
                "3 of 5 rows",
                "place 2, not_in_the_future 1",
                "mingshi check",
            ],
        ),
        // Half is not most; and what is accepted already, or a total, is not lost.
        (format!("{good}{bad}"), vec![]),
        (rows_again(), vec![]),
        (
            format!("{good}合计,,,1,1\n小计,,,1,1\n总计,,,1,1\n"),
            vec![],
        ),
    ] {
        let path = trial.put("ledger-2.csv", format!("{HEADER}{rows}").as_bytes())?;
        let report = trial.check().await?;
        let to = trial.path().join("published");
        let published = run::publish(&trial.places(), &to, true).await.map(drop);
        assert_eq!(report.is_refused(), !words.is_empty(), "{rows}: {report:?}");
        assert_eq!(published.is_err(), !words.is_empty(), "{rows}");
        let said = published.err().map_or(String::new(), |e| e.to_string());
        for said in [&report.refusals(contract::Wording::En), &said] {
            for word in words.iter().chain(words.first().map(|_| &"ledger-2.csv")) {
                assert!(said.contains(word), "{word:?} is missing in: {said}");
            }
        }
        fs::remove_file(path)?;
    }
    Ok(())
}

/// What the first file says already.
fn rows_again() -> String {
    rows(0..9, "东街")
}

/// A workbook with a title above its table.
fn workbook(title: &str, rows: &[&[&str]]) -> Result<Vec<u8>> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write(0, 0, title)?;
    for (row, cells) in (1..).zip(rows) {
        for (column, cell) in (0..).zip(*cells) {
            sheet.write(row, column, *cell)?;
        }
    }
    Ok(workbook.save_to_buffer()?)
}

/// A unit that a column cannot be in is named with the column, wherever it stands; none is dropped.
#[tokio::test]
async fn units_that_do_not_fit_their_column_are_refused() -> Result<()> {
    let column = |name: &str, title: &str, kind: &str| {
        format!(
            "[[column]]\nname = \"{name}\"\ntitle = {{ zh = \"{title}\", en = \"{name}\" }}\ntype = \"{kind}\"\nrole = \"measure\"\nmay_be_absent = true\n"
        )
    };
    let columns = column("area", "面积", "area") + &column("score", "人数", "integer");
    let trial = Trial::new(&contract("", &columns))?;
    for (title, header, words) in [
        (
            "",
            "到账(平方米)",
            vec!["到账", "平方米", "money", "ledger.csv"],
        ),
        ("", "到账,面积(万元)", vec!["面积", "万元", "an area"]),
        ("", "到账,人数（元）", vec!["人数", "元", "another unit"]),
        ("", "到账(万元),面积(㎡),人数(分)", vec![]),
        (
            "单位：平方米",
            "到账",
            vec!["到账", "平方米", "title", "[Sheet1]"],
        ),
        (
            "单位：平方米",
            "到账,面积(万平方米)",
            vec!["到账", "平方米", "title"],
        ),
        ("单位：万元", "到账(元),面积", vec!["面积", "万元", "title"]),
        ("单位：千平方米", "到账", vec!["row 1", "not known"]),
        ("单位：平方米", "到账,面积", vec![]),
        ("单位：平方米", "到账,面积(㎡)", vec![]),
        ("单位：平方米", "到账(元),面积", vec![]),
        ("单位：平方米、万元", "到账", vec![]),
        ("单位：万元", "到账(元)", vec![]),
    ] {
        let amounts = header.split(',').count();
        let headers = [
            &["编号", "日期", "地点"],
            &*header.split(',').collect::<Vec<_>>(),
        ]
        .concat();
        let row = [&["A-1", "2020-03-05", "东街"], &*vec!["15"; amounts]].concat();
        let (name, content) = if title.is_empty() {
            let text = format!("{}\n{}\n", headers.join(","), row.join(","));
            ("ledger.csv", text.into_bytes())
        } else {
            ("ledger.xlsx", workbook(title, &[&headers, &row])?)
        };
        let report = trial.check_one(name, &content).await?;
        let said = report.refusals(contract::Wording::En);
        assert_eq!(
            report.is_refused(),
            !words.is_empty(),
            "{title} {header}: {said}"
        );
        for word in words {
            assert!(said.contains(word), "{word:?} is missing in: {said}");
        }
    }
    Ok(())
}

/// What no contract takes is listed, folders too; names match in capitals and not.
#[tokio::test]
async fn files_that_nothing_reads_are_listed() -> Result<()> {
    let trial = Trial::new(&contract("", ""))?;
    assert!(run::not_read(&trial.places())?.is_empty());
    for name in ["Ledger-2019.CSV", "LEDGER.csv"] {
        let rows = if name == "LEDGER.csv" { 0..2 } else { 2..4 };
        trial.put(
            name,
            format!("{HEADER}{}", self::rows(rows, "东街")).as_bytes(),
        )?;
    }
    for name in [
        "ledgr-2020.csv",
        "readme.docx",
        ".DS_Store",
        "raw-zone.toml",
    ] {
        trial.put(name, b"reference = \"2020-12\"\n")?;
    }
    fs::create_dir_all(trial.path().join("raw/2018"))?;
    fs::create_dir_all(trial.path().join("raw/inside/work"))?;
    let mut places = trial.places();
    places.work = trial.path().join("raw/inside/work");
    let reports = run::check(&places).await?;
    assert_eq!(outcome(&reports[0]), "4 read, 4 accepted, ");
    let not_read = run::not_read(&places)?;
    let raw = |name: &str| trial.path().join("raw").join(name);
    assert_eq!(not_read.files, [raw("ledgr-2020.csv"), raw("readme.docx")]);
    assert_eq!(not_read.folders, [raw("2018")]);
    for language in [contract::Wording::Zh, contract::Wording::En] {
        let text = data_pipeline::report::not_read(&not_read, language);
        for name in ["ledgr-2020.csv", "readme.docx", "2018"] {
            assert!(text.contains(name), "{name:?} is missing in:\n{text}");
        }
    }
    Ok(())
}

/// Every row has the line that an editor shows, whichever of the three line ends a program writes.
#[test]
fn lines_are_counted_alike_for_every_line_end() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("export.csv");
    let long = format!("{}\n", "x".repeat(1000)).repeat(200);
    for (text, lines) in [
        ("编号,备注\nA-1,一\nA-2,二\n", vec![2, 3]),
        ("编号,备注\nA-1,一\nA-2,二", vec![2, 3]),
        ("编号,备注\nA-1,\"一\n二\n三\"\nA-2,二\n", vec![2, 5]),
        (
            "编号,备注\n\n\nA-1,一\n\nA-2,\"二\n\n\"\n\n\nA-3,三\n\n",
            vec![4, 6, 11],
        ),
        ("\n编号,备注\nA-1,一\n", vec![3]),
        ("编号,备注\nA-1,一\nA-2,\"没有结束\n", vec![2, 3]),
        // Longer than what is decoded at once, so that a pair of characters is torn apart.
        (
            &format!("编号,备注\nA-1,\"{long}\"\nA-2,二\n"),
            vec![2, 203],
        ),
    ] {
        for end in ["\n", "\r\n", "\r"] {
            for encoding in [encoding_rs::UTF_8, encoding_rs::GB18030] {
                let (bytes, ..) = encoding.encode(text);
                let bytes = match end {
                    "\n" => bytes.to_vec(),
                    end => bytes
                        .split(|b| *b == b'\n')
                        .collect::<Vec<_>>()
                        .join(end.as_bytes()),
                };
                fs::write(&path, bytes)?;
                let mut rows = ingest::open(&path)?;
                let mut found = Vec::new();
                while let Some(row) = rows.next_row()? {
                    assert!(!row.fields[1].contains('\r'), "one kind of line break");
                    found.push(row.line);
                }
                assert_eq!(found, lines, "{end:?} {}", encoding.name());
            }
        }
    }
    Ok(())
}

/// Reports, quarantine files and refusals name the same lines too.
#[tokio::test]
async fn messages_name_the_same_line_for_every_line_end() -> Result<()> {
    let trial = Trial::new(&contract("", ""))?;
    let good = rows(0..700, "东街");
    for end in ["\n", "\r\n", "\r"] {
        let text = format!("{HEADER}{good}B-1,2020-03-05,南街,1,1\n").replace('\n', end);
        let report = trial.check_one("ledger.csv", text.as_bytes()).await?;
        assert_eq!(report.examples[0].line, 702, "{end:?}");
        let quarantine = fs::read_to_string(report.quarantine.expect("a quarantine file"))?;
        assert!(quarantine.contains(",702,place,"), "{quarantine}");
        for (spoilt, words) in [
            (&b"B-1,\xff\xff\xfe,,,"[..], ["line 702", "no text in"]),
            (b"B-1,2020\0,,,", ["line 702", "NUL"]),
            (&[b'x'; 2 << 20], ["line 702", "longer than 1 MiB"]),
        ] {
            let text = format!("{HEADER}{good}").replace('\n', end).into_bytes();
            let text = [text.as_slice(), spoilt, end.as_bytes()].concat();
            let report = trial.check_one("ledger.csv", &text).await?;
            let said = report.refusals(contract::Wording::En);
            for word in words {
                assert!(said.contains(word), "{word:?} is missing in: {said}");
            }
        }
    }
    Ok(())
}

/// Titles above the header of a CSV file are found as in workbooks, with the unit that they declare.
#[tokio::test]
async fn csv_files_may_have_titles() -> Result<()> {
    let trial = Trial::new(&contract("", ""))?;
    let good = rows(0..3, "东街");
    for (top, outcome_expected, line) in [
        (
            "试市台账,,,,\n单位：元,,,,\n",
            "4 read, 3 accepted, place 1",
            7,
        ),
        ("试市台账\n\n", "4 read, 3 accepted, place 1", 7),
        ("sep=,\n", "4 read, 3 accepted, place 1", 6),
        ("", "4 read, 3 accepted, place 1", 5),
    ] {
        let text = format!("{top}{HEADER}{good}B-1,2020-03-05,南街,1,1\n");
        let (gb18030, ..) = encoding_rs::GB18030.encode(&text);
        for content in [text.as_bytes(), &gb18030] {
            let report = trial.check_one("ledger.csv", content).await?;
            assert_eq!(outcome(&report), outcome_expected, "{top} {report:?}");
            assert_eq!(report.examples[0].line, line, "{top}");
            let titles = top.lines().filter(|line| !line.is_empty()).count() as u64;
            assert_eq!(report.files[0].title_rows, titles, "{top}");
        }
    }
    let text = format!("单位：平方米\n{HEADER}{good}");
    let report = trial.check_one("ledger.csv", text.as_bytes()).await?;
    assert!(
        report.refused[0].en.contains("到账"),
        "{:?}",
        report.refused
    );
    let fixed = Trial::new(&contract("[source]\nheader_row = 3", ""))?;
    let text = format!("{HEADER}\n{HEADER}{good}");
    let report = fixed.check_one("ledger.csv", text.as_bytes()).await?;
    assert_eq!(outcome(&report), "3 read, 3 accepted, ");
    Ok(())
}

/// Everything that a check and a publication say.
async fn said(trial: &Trial) -> Result<String> {
    let error = match run::publish(&trial.places(), &trial.path().join("published"), true).await {
        Ok(_) => String::new(),
        Err(error) => format!("{error:#}"),
    };
    let reports = match run::check(&trial.places()).await {
        Ok(reports) => reports,
        Err(error) => return Ok(format!("{error:#}\n{error:?}\n").replace("│", "")),
    };
    let text = |language| data_pipeline::report::text(&reports[0], language);
    Ok([
        text(contract::Wording::Zh),
        text(contract::Wording::En),
        serde_json::to_string(&reports)?,
        error,
    ]
    .join("\n"))
}

/// A row of values in the place of a header is told by its shape alone, and so is whatever else fails on values.
#[tokio::test]
async fn no_message_holds_a_cell_of_a_row() -> Result<()> {
    let values = [
        "家里暖气不热",
        "城市管理局",
        "YC-31415926",
        "2019-01-01 08:00",
    ];
    let row = format!(
        "{},{},{},{},{}\n",
        values[2], values[3], values[0], values[1], values[1]
    );
    let cells: Vec<&str> = row.trim_end().split(',').collect();
    let none = contract("", "").replace("required = true", "may_be_absent = true");
    let none = none.replace("min = -10_000_000", "may_be_absent = true");
    let fails = contract("", "").replace("booked_on < reference_end", "CAST(number AS BIGINT) > 0");
    let title = contract(
        "",
        "[[column]]\nname = \"until\"\ntitle = { zh = \"截至\", en = \"Until\" }\ntype = \"text\"\nrole = \"dimension\"\nfrom_title = \"至*止\"",
    );
    let csv = |text: String| ("ledger.csv", text.into_bytes());
    for (contract, (name, content), word) in [
        (&contract("", ""), csv(row.clone()), "0 of 4 needed columns"),
        (
            &contract("", ""),
            csv(row.repeat(70)),
            "is the header missing",
        ),
        (
            &contract("", ""),
            csv(format!("{row}{HEADER}{row}")),
            "1 rows above the header",
        ),
        (
            &contract("", ""),
            ("ledger.xlsx", workbook(values[1], &[&cells, &cells])?),
            "字字字字字",
        ),
        (&none, csv(row.clone()), "is the header missing"),
        (
            &fails,
            csv(format!("{HEADER}{},2020-01-01,东街,1,1\n", values[2])),
            "fails on a value",
        ),
        (
            &title,
            csv(format!("{row}{HEADER}{}", rows(0..1, "东街"))),
            "title cells",
        ),
    ] {
        let trial = Trial::new(contract)?;
        trial.put(name, &content)?;
        let said = said(&trial).await?;
        assert!(said.contains(word), "{word:?} is missing in: {said}");
        for value in values {
            assert!(!said.contains(value), "{value:?} is told in: {said}");
        }
    }
    let trial = Trial::new(&contract("", ""))?;
    trial.put(
        "places.csv",
        format!("1,试市,11,{}\n", values[1]).as_bytes(),
    )?;
    let said = said(&trial).await?;
    assert!(
        said.contains("0 of 4") && !said.contains(values[1]),
        "{said}"
    );
    Ok(())
}

/// Headers are shown without what steers a terminal or turns the direction of writing.
#[tokio::test]
async fn messages_steer_no_terminal() -> Result<()> {
    let trial = Trial::new(&contract("", ""))?;
    let header = HEADER.trim_end();
    let row = "A-1,2020-03-05,东街,1,1";
    for top in [
        format!("{header},\u{1b}[31m红,\u{1b}]0;标题\u{7},\u{202E}反\n{row},1,1,1\n"),
        format!(
            "{},\u{1b}[31m红\n{row},1\n",
            header.replace("日期", "日\u{7}月")
        ),
        format!("{header},\u{1b}[31m红,\u{1b}[31m红\n{row},1,1\n"),
    ] {
        trial.put("ledger.csv", top.as_bytes())?;
        let said = said(&trial).await?;
        assert!(said.contains("\u{FFFD}[31m红"), "{said}");
        let steers = |c: char| (c.is_control() && c != '\n') || c == '\u{202E}';
        assert!(
            !said.contains(steers) && !said.contains("\\u001b"),
            "{said}"
        );
    }
    Ok(())
}

/// Rows before the one at which a file breaks off are counted and judged; columns of the register are not unknown;
/// a flaw is told with what would be right.
#[tokio::test]
async fn reports_say_what_was_read_and_what_is_accepted() -> Result<()> {
    let columns = "[[column]]\nname = \"kind\"\ntitle = { zh = \"类别\", en = \"Kind\" }\ntype = \"category\"\nrole = \"dimension\"\nmay_be_absent = true\nvalues = [{ code = \"a\", title = { zh = \"甲类\", en = \"A\" } }]";
    let trial = Trial::new(&contract("", columns))?;
    let good = rows(0..5, "东街");
    let text = format!(
        "{HEADER}{good}B-1,2020-03-05,南街,1,1\n{}",
        "x".repeat(2 << 20)
    );
    let report = trial.check_one("ledger.csv", text.as_bytes()).await?;
    assert_eq!(outcome(&report), "6 read, 5 accepted, place 1");
    assert!(
        report.refused[0].en.contains("line 8"),
        "{:?}",
        report.refused
    );

    let bad = "B-1,2020-03-05,东街,1.005,1,甲类,11\nB-2,2020-03-05,东街,-150000,1,甲类,11\nB-3,2020-03-05,东街,1,1,乙类,11\n";
    let header = HEADER.trim_end();
    let text = format!("{header},类别,街道代码\n{bad}");
    let path = trial.put("ledger.csv", text.as_bytes())?;
    let said = said(&trial).await?;
    for word in [
        "小数位数过多",
        "more digits behind the point",
        "至少 -100000 元",
        "at least -100000 yuan",
        "可用：甲类",
        "accepted: 甲类",
        "街道代码",
    ] {
        assert!(said.contains(word), "{word:?} is missing in: {said}");
    }
    fs::remove_file(path)?;
    let portal = trial.path().join("portal/portal.toml");
    let own = fs::read_to_string(&portal)?.replace("places.csv", "*.csv");
    fs::write(portal, own)?;
    fs::remove_file(trial.path().join("raw/places.csv"))?;
    let text = format!(
        "{header},市代码,市名称,街道代码,街道名称,其他\nA-1,2020-03-05,东街,1,1,1,试市,11,东街,无\n"
    );
    let report = trial.check_one("ledger.csv", text.as_bytes()).await?;
    assert_eq!(report.files[0].unknown_columns, ["其他"]);
    Ok(())
}
