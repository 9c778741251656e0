//! The reader against files written here, and against hostile ones.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::{fs, panic, path::PathBuf, sync::Arc};

use arrow::{
    array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray},
    datatypes::{DataType, Field, Schema},
};
use contract::snapshot::BLOCK_BYTES;
use parquet::{arrow::ArrowWriter, file::properties::WriterProperties};
use proptest::prelude::*;
use query::{FileFacts, Filter, Query, ReadError, Reader, Step, Table, sha256_hex};

type Row = (String, Option<i64>, Option<f64>);

fn parquet(rows: &[Row], group: usize) -> Vec<u8> {
    let places = StringArray::from_iter_values(rows.iter().map(|row| &row.0));
    let counts: Int64Array = rows.iter().map(|row| row.1).collect();
    let values: Float64Array = rows.iter().map(|row| row.2).collect();
    let schema = Arc::new(Schema::new(vec![
        Field::new("place", DataType::Utf8, false),
        Field::new("count", DataType::Int64, true),
        Field::new("value", DataType::Float64, true),
    ]));
    let columns: Vec<ArrayRef> = vec![Arc::new(places), Arc::new(counts), Arc::new(values)];
    let batch = RecordBatch::try_new(schema.clone(), columns).unwrap();
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(group));
    let mut writer = ArrowWriter::try_new(Vec::new(), schema, Some(properties.build())).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

fn facts(file: &[u8]) -> FileFacts {
    FileFacts {
        bytes: file.len() as u64,
        blocks: file.chunks(BLOCK_BYTES as usize).map(sha256_hex).collect(),
    }
}

/// The answer, and how many bytes it took.
fn read(facts: FileFacts, file: &[u8], query: Query) -> Result<(Table, u64), ReadError> {
    let mut reader = Reader::new(facts, query)?;
    let mut asked: Vec<std::ops::Range<u64>> = Vec::new();
    loop {
        match reader.step()? {
            Step::Done(table) => {
                return Ok((
                    table,
                    asked.iter().map(|range| range.end - range.start).sum(),
                ));
            }
            Step::Need(ranges) => {
                assert!(!ranges.is_empty());
                for range in ranges {
                    let twice = asked
                        .iter()
                        .any(|old| old.start < range.end && range.start < old.end);
                    assert!(!twice, "{range:?} is asked twice");
                    let bytes = file[range.start as usize..range.end as usize].to_vec();
                    asked.push(range.clone());
                    reader.supply(range, bytes)?;
                }
            }
        }
    }
}

fn places(any_of: &[&str]) -> Query {
    Query {
        filters: vec![Filter {
            column: "place".to_owned(),
            any_of: any_of.iter().map(|&text| text.to_owned()).collect(),
        }],
        ..Query::default()
    }
}

/// Sorted rows of several blocks; the counts do not compress.
fn large() -> Vec<u8> {
    let rows: Vec<Row> = (0..120_000u64)
        .map(|i| {
            let noise = i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 8;
            (
                format!("P{:02}", i / 10_000),
                Some(noise as i64),
                Some(noise as f64 / 7.0),
            )
        })
        .collect();
    parquet(&rows, 10_000)
}

#[test]
fn a_filter_reads_only_the_row_groups_and_columns_that_it_needs() {
    let file = large();
    let (all, everything) = read(facts(&file), &file, Query::default()).unwrap();
    assert_eq!((all.rows, all.columns.len()), (120_000, 3));
    let (one, some) = read(facts(&file), &file, places(&["P05"])).unwrap();
    assert_eq!((one.rows, one.text("place", 0)), (10_000, Some("P05")));
    assert!(some * 3 < everything, "{some} of {everything}");
    let query = Query {
        columns: vec!["count".to_owned()],
        ..places(&["P05"])
    };
    let (narrow, fewer) = read(facts(&file), &file, query).unwrap();
    assert_eq!((narrow.rows, narrow.columns.len()), (10_000, 1));
    assert!(fewer < some, "{fewer} of {some}");
    let (none, _) = read(facts(&file), &file, places(&["Q"])).unwrap();
    assert_eq!((none.rows, none.columns.len()), (0, 3));
    let query = Query {
        limit: Some(5),
        ..Query::default()
    };
    let (five, few) = read(facts(&file), &file, query).unwrap();
    assert_eq!(five.rows, 5);
    assert!(few * 3 < everything, "{few} of {everything}");
}

#[test]
fn questions_that_the_file_cannot_answer_are_refused() {
    let file = parquet(&[("a".to_owned(), Some(1), None)], 10);
    let query = Query {
        columns: vec!["absent".to_owned()],
        ..Query::default()
    };
    let refused = read(facts(&file), &file, query).unwrap_err();
    assert!(matches!(refused, ReadError::NoColumn { .. }), "{refused}");
    let mut query = places(&["1"]);
    query.filters[0].column = "count".to_owned();
    let refused = read(facts(&file), &file, query).unwrap_err();
    assert!(matches!(refused, ReadError::NotText { .. }), "{refused}");
    let text = b"this is not Parquet at all".to_vec();
    let refused = read(facts(&text), &text, Query::default()).unwrap_err();
    assert!(matches!(refused, ReadError::Parquet(_)), "{refused}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn the_answer_is_that_of_a_naive_filter(
        rows in prop::collection::vec(("[a-d甲乙]{0,2}", any::<Option<i64>>(), prop::option::of(-1e9..1e9f64)), 1..60),
        any_of in prop::collection::vec("[a-d甲乙]{0,2}", 0..4),
        group in 1usize..20,
        limit in prop::option::of(0usize..20),
    ) {
        let file = parquet(&rows, group);
        let wanted: Vec<&str> = any_of.iter().map(String::as_str).collect();
        let query = Query { limit, ..places(&wanted) };
        let (table, _) = read(facts(&file), &file, query).unwrap();
        let naive: Vec<&Row> = rows
            .iter()
            .filter(|row| any_of.contains(&row.0))
            .take(limit.unwrap_or(usize::MAX))
            .collect();
        prop_assert_eq!(table.rows, naive.len());
        for (position, row) in naive.iter().enumerate() {
            prop_assert_eq!(table.text("place", position), Some(row.0.as_str()));
            prop_assert_eq!(table.integer("count", position), row.1);
            prop_assert_eq!(table.float("value", position), row.2);
        }
    }

    #[test]
    fn a_flipped_bit_anywhere_is_damage(at in any::<prop::sample::Index>(), bit in 0u8..8) {
        let rows: Vec<Row> = (0..300).map(|i| (format!("{i}"), Some(i), None)).collect();
        let mut file = parquet(&rows, 50);
        let facts = facts(&file);
        let at = at.index(file.len());
        file[at] ^= 1 << bit;
        let damaged = matches!(
            read(facts, &file, Query::default()),
            Err(ReadError::Damaged { block: 0, .. })
        );
        prop_assert!(damaged);
    }
}

/// Files that are hostile and yet have the right hashes: what a hostile publisher could do. The reader may
/// refuse or answer. A panic of the Parquet library is counted, not hidden: in the browser it ends the
/// worker, and the hashes are the defence against everybody but the publisher.
#[test]
fn hostile_files_are_refused_or_read() {
    let root = std::env::var_os("MINGSHI_TRIAL_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"),
        PathBuf::from,
    );
    let mut folders = vec![root.join("hostile/parquet")];
    if !folders[0].is_dir() {
        println!("skipped: no trial data");
        return;
    }
    let (mut read_well, mut refused, mut panicked) = (0, 0, Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let file = fs::read(&path).unwrap();
            match panic::catch_unwind(|| read(facts(&file), &file, Query::default())) {
                Ok(Ok(_)) => read_well += 1,
                Ok(Err(_)) => refused += 1,
                Err(_) => panicked.push(path),
            }
        }
    }
    println!("read {read_well}, refused {refused}, panicked {panicked:?}");
    assert!(read_well + refused > 0);
}
