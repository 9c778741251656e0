//! Snapshots of a small portal, protected together by the ledger; and the folders that must lie apart.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::Result;
use data_pipeline::{publish::Published, run};
use disclosure::{Control, Limits, System, View, audit};

use super::{
    common::files,
    ledger::{Trial, contract},
};

const PURPOSE: &str = r#"
[[column]]
name = "purpose"
title = { zh = "用途", en = "Purpose" }
type = "category"
role = "dimension"
values = [
  { code = "service", title = { zh = "服务", en = "Service" } },
  { code = "environment", title = { zh = "环境", en = "Environment" } },
  { code = "relief", title = { zh = "救助", en = "Relief" } },
]
"#;

/// Cells of counts with a threshold of five.
fn protected() -> String {
    protected_as(&contract("", ""))
}

fn protected_as(text: &str) -> String {
    let by_cell = "policy = \"minimum_frequency\"\nthreshold = 5\norder_statistic_threshold = 10\n[[disclosure.cells]]\nlevels = [\"city\", \"street\"]\ngranularities = [\"year\"]\n";
    protected_by(text, by_cell)
}

fn protected_by(text: &str, policy: &str) -> String {
    let public = "policy = \"public\"\n[disclosure.reason]\nzh = \"试\"\nen = \"trial\"\n";
    assert!(text.contains(public));
    text.replace(public, policy)
}

/// Writes so many lines of each street.
fn book(trial: &Trial, east: usize, west: usize) -> Result<()> {
    let mut text = "编号,日期,地点,到账,支出\n".to_owned();
    for (street, lines) in [("东街", east), ("西街", west)] {
        for n in 0..lines {
            text += &format!("{street}{n},2020-03-05,{street},1,1\n");
        }
    }
    trial.put("ledger.csv", text.as_bytes())?;
    Ok(())
}

async fn publish(trial: &Trial) -> Result<Published> {
    let to = trial.path().join("published");
    Ok(run::publish(&trial.places(), &to, false).await?.2)
}

/// Of a snapshot, the value of each place, or between what it lies.
fn shown(trial: &Trial, id: &str) -> Result<BTreeMap<String, String>> {
    let published = trial.path().join("published");
    let manifest = super::common::manifest(&published, id)?;
    let path = &manifest.datasets[0].breakdowns[0].path;
    let csv = fs::read_to_string(published.join(path.replace(".parquet", ".csv")))?;
    let mut shown = BTreeMap::new();
    for row in csv::Reader::from_reader(csv.as_bytes()).into_records() {
        let row = row?;
        let told = match (&row[6], &row[13]) {
            ("", "suppressed") => format!("{}–{}", &row[11], &row[12]),
            (value, _) => value.to_owned(),
        };
        shown.insert(row[3].to_owned(), told);
    }
    Ok(shown)
}

/// Lines are booked late: what is published of the same year must not tell how few they are.
#[tokio::test]
async fn a_change_by_few_waits_until_more_have_changed() -> Result<()> {
    let trial = Trial::new(&protected())?;
    // A table of which everything is withheld, like that of the city, is not in the file.
    for (east, west, expected) in [
        (40, 30, &[("1", "70"), ("11", "40"), ("12", "30")][..]),
        // Two more: the city would tell of them too.
        (42, 30, &[("11", "–"), ("12", "30")]),
        // Six more than were published, of which two came first.
        (46, 30, &[("1", "76"), ("11", "46"), ("12", "30")]),
        (46, 33, &[("11", "46"), ("12", "–")]),
        // What is withheld of one street cannot be had from the other.
        (53, 33, &[("1", "86")]),
    ] {
        book(&trial, east, west)?;
        let published = publish(&trial).await?;
        assert!(published.committed);
        let shown = shown(&trial, &published.id)?;
        let shown: Vec<(&str, &str)> = shown.iter().map(|(k, v)| (&**k, &**v)).collect();
        assert_eq!(shown, expected, "{east} and {west} lines");
        let again = publish(&trial).await?;
        assert!(
            !again.committed,
            "the same lines are nothing new: {again:?}"
        );
    }
    Ok(())
}

/// Cells by purpose, and who is paid for what: so many lines of each.
fn book_by_purpose(trial: &Trial, lines: [usize; 3]) -> Result<()> {
    let mut text = "编号,日期,地点,到账,支出,用途\n".to_owned();
    for (purpose, lines) in ["服务", "环境", "救助"].into_iter().zip(lines) {
        for n in 0..lines {
            text += &format!("{purpose}{n},2020-03-05,东街,1,1,{purpose}\n");
        }
    }
    trial.put("ledger.csv", text.as_bytes())?;
    Ok(())
}

/// A class that was joined for being small stays joined when it has grown: apart, it would tell by the difference what
/// the joined class held. One that stood alone stays alone when it has become small.
#[tokio::test]
async fn classes_stay_as_they_were_joined_first() -> Result<()> {
    let breakdown = r#"
[[breakdown]]
id = "purpose"
title = { zh = "用途", en = "Purpose" }
column = "purpose"
fallback = { code = "other", title = { zh = "其他", en = "Other" } }
levels = ["city"]
granularities = ["year"]
"#;
    let text = contract("", PURPOSE);
    let text = protected_as(&text).replace(
        "granularities = [\"year\"]\n",
        "granularities = [\"year\"]\n[[disclosure.cells]]\nbreakdowns = [\"purpose\"]\nlevels = [\"city\"]\ngranularities = [\"year\"]\n",
    );
    let trial = Trial::new(&(text + breakdown))?;
    let mut before = None;
    for lines in [[40, 9, 2], [40, 9, 12], [55, 3, 30]] {
        book_by_purpose(&trial, lines)?;
        let published = publish(&trial).await?;
        let published_in = trial.path().join("published");
        let manifest = super::common::manifest(&published_in, &published.id)?;
        let by_purpose = &manifest.datasets[0].breakdowns[1];
        let classes: Vec<String> = by_purpose.classes.iter().map(|c| c.code.clone()).collect();
        let path = published_in.join(by_purpose.path.replace(".parquet", ".csv"));
        let shown = csv::Reader::from_path(path)?.into_records().count();
        assert!(shown > 0, "{lines:?}: the breakdown is published");
        let before = before.get_or_insert_with(|| classes.clone());
        assert_eq!(*before, classes, "{lines:?}");
    }
    assert_eq!(
        before.as_deref(),
        Some(&["service".to_owned(), "other".to_owned()][..])
    );
    Ok(())
}

/// Lines are booked again under another purpose: the record-level files of two snapshots must not tell of which few. A
/// file that tells purposes apart is compared with one that does not by what both tell.
#[tokio::test]
async fn record_files_that_differ_by_few_are_withheld() -> Result<()> {
    let records = r#"
[records]
values = ["purpose"]
keep = ["period"]

[[records.keys]]
name = "period"
title = { zh = "时期", en = "Period" }
recodings = ["year"]
"#;
    let minimum = "policy = \"minimum_frequency\"\nthreshold = 5\norder_statistic_threshold = 10\n";
    let trial = Trial::new(&(protected_by(&contract("", PURPOSE), minimum) + records))?;
    for (lines, expected) in [
        (
            [40, 9, 12],
            Some(&["environment 9", "relief 12", "service 40"][..]),
        ),
        ([42, 7, 12], None),
        (
            [33, 9, 19],
            Some(&["environment 9", "relief 19", "service 33"]),
        ),
        // Too few of one to be told apart: one class that holds as many as before.
        ([46, 3, 12], Some(&["61"])),
        // Seven more than in that file, but relief would be one less than in the first.
        ([47, 10, 11], None),
        (
            [47, 14, 7],
            Some(&["environment 14", "relief 7", "service 47"]),
        ),
    ] {
        book_by_purpose(&trial, lines)?;
        let published = publish(&trial).await?;
        let to = trial.path().join("published");
        let manifest = super::common::manifest(&to, &published.id)?;
        let records = manifest.datasets[0].records.as_ref().map(|records| {
            let path = to.join(records.path.replace(".parquet", ".csv"));
            let mut told: BTreeMap<String, usize> = BTreeMap::new();
            for row in csv::Reader::from_path(path)?.into_deserialize() {
                let row: BTreeMap<String, String> = row?;
                let purpose = row.get("purpose").cloned();
                *told.entry(purpose.unwrap_or_default()).or_default() += 1;
            }
            anyhow::Ok(told)
        });
        let told = records.transpose()?.map(|told| {
            let told = told.into_iter();
            let told = told.map(|(purpose, rows)| format!("{purpose} {rows}").trim().to_owned());
            told.collect::<Vec<_>>()
        });
        let expected = expected.map(|e| e.iter().map(|e| (*e).to_owned()).collect::<Vec<_>>());
        assert_eq!(told, expected, "{lines:?}");
    }
    Ok(())
}

/// A street moves to another district: what the earlier snapshot told holds with the places as they lay then.
#[tokio::test]
async fn a_place_that_moves_takes_no_earlier_relation_with_it() -> Result<()> {
    let text = protected().replace(
        "levels = [\"city\", \"street\"]",
        "levels = [\"city\", \"district\", \"street\"]",
    );
    let trial = Trial::new(&text)?;
    let portal = trial.path().join("portal/portal.toml");
    let level = "[[places.level]]\nlevel = \"district\"\ncode = \"区代码\"\nname = \"区名称\"\n\n";
    let street = "[[places.level]]\nlevel = \"street\"";
    let declared = fs::read_to_string(&portal)?;
    assert!(declared.contains(street));
    fs::write(
        &portal,
        declared.replace(street, &format!("{level}{street}")),
    )?;
    let streets = [
        ("甲街", 40),
        ("乙街", 3),
        ("丙街", 20),
        ("丁街", 30),
        ("戊街", 25),
    ];
    let mut text = "编号,日期,地点,到账,支出\n".to_owned();
    for (street, lines) in streets {
        for n in 0..lines {
            text += &format!("{street}{n},2020-03-05,{street},1,1\n");
        }
    }
    trial.put("ledger.csv", text.as_bytes())?;
    let mut told = Vec::new();
    for second in ["1", "2"] {
        let mut places = "市代码,市名称,区代码,区名称,街道代码,街道名称\n".to_owned();
        for (at, (street, _)) in streets.iter().enumerate() {
            let district = match at {
                1 => second,
                0 | 2 => "1",
                _ => "2",
            };
            places += &format!("1,试市,1{district},{district}区,1{at}1,{street}\n");
        }
        trial.put("places.csv", places.as_bytes())?;
        let published = publish(&trial).await?;
        told.push(shown(&trial, &published.id)?);
    }
    let mut system = System::new();
    let mut view = Vec::new();
    let mut variable = |snapshot: Option<usize>, place: &str| {
        let told = &told[snapshot.map_or(0..2, |at| at..at + 1)];
        let number = told
            .iter()
            .find_map(|told| told.get(place)?.parse::<i64>().ok());
        view.push(number);
        system.variable(Limits::NONNEGATIVE)
    };
    let city = variable(None, "1");
    let s: Vec<u32> = (0..5)
        .map(|at| variable(None, &format!("1{at}1")))
        .collect();
    let districts = [(0, "11"), (0, "12"), (1, "11"), (1, "12")];
    let d = districts.map(|(at, place)| variable(Some(at), place));
    for (total, parts) in [
        (city, vec![d[0], d[1]]),
        (city, vec![d[2], d[3]]),
        (d[0], vec![s[0], s[1], s[2]]),
        (d[1], vec![s[3], s[4]]),
        (d[2], vec![s[0], s[2]]),
        (d[3], vec![s[1], s[3], s[4]]),
    ] {
        system.sum(total, &parts);
    }
    let view = View {
        values: view,
        facts: Vec::new(),
    };
    let seen = audit(&system, &view, &Control::default())?;
    let interval = seen.intervals[s[1] as usize];
    assert!(interval.width() >= 5, "{interval:?} from {told:?}");
    let published =
        |told: &BTreeMap<String, String>| told.values().filter(|v| !v.contains('–')).count();
    assert!(
        published(&told[0]) >= 4 && published(&told[1]) >= 3,
        "{told:?}"
    );
    Ok(())
}

fn ledger(trial: &Trial) -> Vec<std::path::PathBuf> {
    let folder = trial.path().join("ledger/published");
    let found = files(&folder).into_iter();
    found.map(|(path, _)| folder.join(path)).collect()
}

async fn refusal(trial: &Trial) -> String {
    let refused = publish(trial).await.expect_err("refused");
    format!("{refused:#}")
}

/// The report seals the ledger under the publisher's secret, and not without one.
#[tokio::test]
async fn the_report_seals_the_ledger_by_a_keyed_code() -> Result<()> {
    let trial = Trial::new(&protected())?;
    let secret = trial.path().join("secret");
    let to = trial.path().join("published");
    let mut seals = Vec::new();
    for (lines, key) in [
        (40, None),
        (50, Some(7)),
        (60, Some(7)),
        (70, Some(8)),
        (80, None),
    ] {
        book(&trial, lines, 30)?;
        if let Some(key) = key {
            fs::write(&secret, [key; 32])?;
        }
        let places = run::Places {
            secret: key.map(|_| secret.clone()),
            ..trial.places()
        };
        let (_, report, _) = run::publish(&places, &to, false).await?;
        let figures = report.ledger.expect("figures of the ledger");
        assert_eq!(figures.snapshots, seals.len() as u64);
        seals.push(figures.seal);
    }
    let known: Vec<&String> = seals.iter().flatten().collect();
    assert!(seals[0].is_none() && seals[4].is_none() && known.len() == 3);
    assert!(known[0] != known[1] && known[1] != known[2]);
    for file in ledger(&trial) {
        let hash = data_pipeline::publish::sha256(&fs::read(file)?);
        assert!(!known.contains(&&hash), "no seal is a hash");
    }
    Ok(())
}

#[tokio::test]
async fn without_its_whole_ledger_nothing_is_published() -> Result<()> {
    let trial = Trial::new(&protected())?;
    for lines in [40, 50, 60] {
        book(&trial, lines, 30)?;
        publish(&trial).await?;
    }
    book(&trial, 70, 30)?;
    let before = files(&trial.path().join("published"));
    let written = ledger(&trial);
    assert_eq!(written.len(), 3, "a file for each snapshot: {written:?}");

    let second = fs::read(&written[1])?;
    let altered = String::from_utf8_lossy(&second).replace("50", "51");
    fs::write(&written[1], altered)?;
    assert!(refusal(&trial).await.contains("altered"));
    fs::write(&written[1], "{")?;
    assert!(refusal(&trial).await.contains("line 1"));
    fs::remove_file(&written[1])?;
    assert!(refusal(&trial).await.contains("missing"));
    fs::write(&written[1], &second)?;
    let third = fs::read(&written[2])?;
    fs::remove_file(&written[2])?;
    assert!(refusal(&trial).await.contains("--ledger"));
    assert_eq!(
        files(&trial.path().join("published")),
        before,
        "nothing is published"
    );

    // In another folder of that name, they may be another portal's.
    fs::rename(trial.path().join("published"), trial.path().join("old"))?;
    assert!(refusal(&trial).await.contains("holds snapshots"));
    fs::rename(trial.path().join("old"), trial.path().join("published"))?;

    // A run that was stopped just after it had committed: its file counts. One just before: it does not.
    fs::write(written[2].with_extension("pending.csv"), &third)?;
    let never = String::from_utf8_lossy(&third).replacen(
        "\"manifest_sha256\":\"",
        "\"manifest_sha256\":\"0",
        1,
    );
    fs::write(written[2].with_file_name("000004-x.pending.csv"), never)?;
    assert!(publish(&trial).await?.committed);
    Ok(())
}

#[tokio::test]
async fn what_is_raw_may_not_lie_where_everything_is_served() -> Result<()> {
    let trial = Trial::new(&protected())?;
    book(&trial, 40, 30)?;
    let to = trial.path().join("published");
    let raw = trial.path().join("raw");
    let mut cases = Vec::new();
    let mut places = trial.places();
    places.work = to.join("work");
    cases.push(("--work", places, to.clone()));
    let mut places = trial.places();
    places.ledger = Some(to.join("deep/ledger"));
    cases.push(("--ledger", places, to.clone()));
    cases.push(("--raw", trial.places(), raw.join("published")));
    #[cfg(unix)]
    {
        let link = trial.path().join("link");
        std::os::unix::fs::symlink(&raw, &link)?;
        cases.push(("--raw", trial.places(), link.join("published")));
    }
    for (name, places, to) in cases {
        let error = run::publish(&places, &to, false).await.map(drop);
        let error = error.expect_err("refused").to_string();
        assert!(error.starts_with(name), "{error}");
        assert!(!Path::new(&to).exists(), "nothing is written");
    }
    Ok(())
}
