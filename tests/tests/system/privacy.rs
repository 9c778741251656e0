//! No raw identifier reaches a published byte, and no small class can be read or computed.

use std::{collections::BTreeMap, fs::File};

use anyhow::Result;
use arrow::util::pretty::pretty_format_batches;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::{
    common::{demonstration, files, manifest, publish},
    needles::Needles,
};

#[tokio::test]
async fn no_raw_identifier_is_published() -> Result<()> {
    let folder = tempfile::tempdir()?;
    demonstration(folder.path(), false)?;
    publish(folder.path(), "published").await?;
    let needles = Needles::of(&folder.path().join("raw"))?;
    let raw = std::fs::read(folder.path().join("raw/whistle-2019.csv"))?;
    let there = needles.found(&raw).len();
    assert!(there > 1000, "the scan finds what is there");
    let mut scanned = 0;
    for (path, bytes) in files(&folder.path().join("published")) {
        let found = needles.found(&bytes);
        assert!(found.is_empty(), "{} in {}", shown(&found), path.display());
        scanned += bytes.len();
        if path.extension().is_some_and(|e| e == "parquet") {
            // Pages are compressed: what a reader decodes is searched as well.
            let file = File::open(folder.path().join("published").join(&path))?;
            let batches = ParquetRecordBatchReaderBuilder::try_new(file)?
                .build()?
                .collect::<Result<Vec<_>, _>>()?;
            let text = pretty_format_batches(&batches)?.to_string();
            let found = needles.found(text.as_bytes());
            assert!(
                found.is_empty(),
                "{} in {}, decoded",
                shown(&found),
                path.display()
            );
            scanned += text.len();
        }
    }
    let values = needles.len();
    println!("{values} distinct raw values looked for in {scanned} bytes: 0 found");
    assert!(values > 10_000 && scanned > 500_000);
    Ok(())
}

/// The first of what was found; the values are invented.
fn shown(found: &[&[u8]]) -> String {
    let first = found.iter().take(3);
    let first: Vec<_> = first.map(|bytes| String::from_utf8_lossy(bytes)).collect();
    format!("{} raw values, such as {}", found.len(), first.join(", "))
}

/// Recomputed from the published CSV alone, sharing no code with the rule: no count of 1 to 4, and no
/// remainder of a rate of 1 to 4, anywhere.
#[tokio::test]
async fn no_small_class_is_published() -> Result<()> {
    let folder = tempfile::tempdir()?;
    demonstration(folder.path(), false)?;
    let (.., published) = publish(folder.path(), "published").await?;
    let out = folder.path().join("published");
    let manifest = manifest(&out, &published.id)?;
    let mut rates = 0;
    let whistle = manifest.dataset("whistle").expect("the dataset");
    for breakdown in &whistle.breakdowns {
        let csv = std::fs::read_to_string(out.join(breakdown.path.replace(".parquet", ".csv")))?;
        for line in csv.lines().skip(1) {
            let fields: Vec<&str> = line.split(',').collect();
            let number = |at: usize| fields[at].parse::<i64>().ok();
            if fields[0] == "matters_settled" {
                continue; // a sum of matters beside a number of cases: neither is a part of the other
            }
            for size in [
                number(7),
                number(8),
                number(7).zip(number(8)).map(|(n, d)| (d - n).abs()),
            ]
            .into_iter()
            .flatten()
            {
                assert!(
                    size == 0 || size >= 5,
                    "a class of {size} can be read in {}: {}",
                    breakdown.id,
                    fields[0]
                );
            }
            rates += 1;
        }
    }
    assert!(rates > 1000, "there is something to check");
    let records = whistle.records.as_ref().expect("a record-level file");
    let file = File::open(out.join(&records.path))?;
    let mut classes: BTreeMap<String, u64> = BTreeMap::new();
    for batch in ParquetRecordBatchReaderBuilder::try_new(file)?.build()? {
        let text = pretty_format_batches(&[batch?])?.to_string();
        text.lines()
            .skip(3)
            .filter(|l| l.starts_with('|'))
            .for_each(|l| *classes.entry(l.to_owned()).or_default() += 1);
    }
    assert_eq!(classes.values().sum::<u64>(), 6_124, "no record is dropped");
    assert!(
        classes.values().all(|&n| n >= 5),
        "a record can be told apart"
    );
    Ok(())
}
