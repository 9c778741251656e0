//! Bad input gives a clear message or a quarantined row: never a panic, a silent drop, or half a snapshot.

use std::{fs, path::PathBuf};

use anyhow::Result;
use data_pipeline::{ingest, run};

use super::common::{demonstration, places, publish};

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
    refused(b"a,b\n1,2\n", &["案件编号", "missing", "a, b"]).await?;
    refused(
        "案件编号,案件编号\n1,2\n".as_bytes(),
        &["案件编号", "twice"],
    )
    .await?;
    refused(b"PK\x03\x04\x00\x00\x00", &["CSV"]).await?;
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

/// Files of other projects' test suites, when they are at hand.
#[test]
fn hostile_files_give_an_error_or_rows() {
    let folder = std::env::var_os("MINGSHI_TRIAL_DATA").map_or_else(
        || super::common::root().join("../shared/data"),
        PathBuf::from,
    );
    if !folder.join("hostile").is_dir() {
        println!("skipped: no trial data");
        return;
    }
    let (mut opened, mut refused) = (0, 0);
    for kind in [
        "hostile/csv/csv-spectrum",
        "hostile/csv/messytables",
        "hostile/xlsx",
        "hostile/parquet/fuzzed",
        "hostile/parquet/bad_data",
    ] {
        for entry in fs::read_dir(folder.join(kind))
            .expect("a folder")
            .flatten()
            .filter(|e| e.path().is_file())
        {
            match ingest::open(&entry.path()) {
                Ok(mut rows) => {
                    opened += 1;
                    while let Ok(Some(_)) = rows.next_row() {}
                }
                Err(error) => {
                    refused += 1;
                    assert!(
                        error
                            .to_string()
                            .contains(&*entry.file_name().to_string_lossy()),
                        "{error}"
                    );
                }
            }
        }
    }
    println!("{opened} hostile files opened, {refused} refused");
    assert!(opened > 10 && refused > 50);
}
