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
use query::{
    COUNT, Count, FileFacts, Filter, Query, ReadError, Reader, Step, Table, Values, sha256_hex,
};

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
    answer(Reader::new(facts, query)?, file)
}

fn count(file: &[u8], by: &[&str], filters: Vec<Filter>) -> Result<(Table, u64), ReadError> {
    let by = by.iter().map(|&name| name.to_owned()).collect();
    answer(Reader::counting(facts(file), Count { by, filters })?, file)
}

fn answer(mut reader: Reader, file: &[u8]) -> Result<(Table, u64), ReadError> {
    let mut asked: Vec<std::ops::Range<u64>> = Vec::new();
    loop {
        match reader.step()? {
            Step::Done(table) => {
                return Ok((
                    table,
                    asked.iter().map(|range| range.end - range.start).sum(),
                ));
            }
            Step::Counted => {
                let (behind, all) = reader.progress().unwrap();
                assert!(behind <= all);
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
    query.filters[0].column = "value".to_owned();
    let refused = read(facts(&file), &file, query).unwrap_err();
    assert!(
        matches!(refused, ReadError::NotDiscrete { .. }),
        "{refused}"
    );
    let refused = count(&file, &["value"], Vec::new()).unwrap_err();
    assert!(
        matches!(refused, ReadError::NotDiscrete { .. }),
        "{refused}"
    );
    let refused = count(&file, &["place", "count", "place"], Vec::new()).unwrap_err();
    assert!(
        matches!(refused, ReadError::TooManySides { found: 3 }),
        "{refused}"
    );
    let refused = count(&file, &["absent"], Vec::new()).unwrap_err();
    assert!(matches!(refused, ReadError::NoColumn { .. }), "{refused}");
    let text = b"this is not Parquet at all".to_vec();
    let refused = read(facts(&text), &text, Query::default()).unwrap_err();
    assert!(matches!(refused, ReadError::Parquet(_)), "{refused}");
}

#[test]
fn a_count_reads_only_the_columns_and_row_groups_that_it_needs() {
    let file = large();
    let (all, bytes) = count(&file, &[], Vec::new()).unwrap();
    assert_eq!((all.rows, all.integer(COUNT, 0)), (1, Some(120_000)));
    let (by_place, more) = count(&file, &["place"], Vec::new()).unwrap();
    assert_eq!(by_place.rows, 12);
    assert!((0..12).all(|row| by_place.integer(COUNT, row) == Some(10_000)));
    assert!(
        bytes <= more && more * 2 < file.len() as u64,
        "{bytes} {more}"
    );
    let filters = places(&["P05"]).filters;
    let (of_one, _) = count(&file, &[], filters).unwrap();
    assert_eq!(of_one.integer(COUNT, 0), Some(10_000));
    let facts = facts(&file);
    let count_all = Count {
        by: vec!["place".to_owned()],
        filters: Vec::new(),
    };
    let mut first = Reader::counting(facts.clone(), count_all.clone()).unwrap();
    while let Step::Need(ranges) = first.step().unwrap() {
        for range in ranges {
            let bytes = file[range.start as usize..range.end as usize].to_vec();
            first.supply(range, bytes).unwrap();
        }
    }
    let held = first.release();
    assert!(held.is_of(&facts));
    let again = answer(Reader::counting_on(held, count_all).unwrap(), &file).unwrap();
    assert_eq!((again.0.rows, again.1), (12, 0), "nothing is asked twice");
    let (none, _) = count(&file, &["place"], places(&["Q"]).filters).unwrap();
    assert_eq!((none.rows, none.columns.len()), (0, 2));
}

#[test]
fn truth_values_and_days_are_counted_and_filtered_as_they_are_written() {
    use arrow::array::{BooleanArray, Date32Array};
    let schema = Arc::new(Schema::new(vec![
        Field::new("late", DataType::Boolean, true),
        Field::new("day", DataType::Date32, true),
    ]));
    let late = BooleanArray::from(vec![Some(true), Some(false), None, Some(true)]);
    let day = Date32Array::from(vec![Some(18_627), Some(18_627), Some(0), None]);
    let columns: Vec<ArrayRef> = vec![Arc::new(late), Arc::new(day)];
    let batch = RecordBatch::try_new(schema.clone(), columns).unwrap();
    let mut writer = ArrowWriter::try_new(Vec::new(), schema, None).unwrap();
    writer.write(&batch).unwrap();
    let file = writer.into_inner().unwrap();
    let (table, _) = count(&file, &["late"], Vec::new()).unwrap();
    let late = Values::Text(vec![None, Some("false".into()), Some("true".into())]);
    assert_eq!(table.columns[0].values, late);
    assert_eq!(
        table.columns[1].values,
        Values::Integer(vec![Some(1), Some(1), Some(2)])
    );
    let filter = |column: &str, value: &str| {
        vec![Filter {
            column: column.to_owned(),
            any_of: vec![value.to_owned()],
        }]
    };
    let (table, _) = count(&file, &["day"], filter("late", "true")).unwrap();
    assert_eq!((table.rows, table.text("day", 1)), (2, Some("2020-12-31")));
    let (table, _) = count(&file, &["late"], filter("day", "2020-12-31")).unwrap();
    assert_eq!(table.rows, 2);
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
    fn a_count_is_that_of_a_naive_one(
        rows in prop::collection::vec(("[a-d甲乙]{0,2}", prop::option::of(-3..3i64), Just(None)), 1..60),
        any_of in prop::option::of(prop::collection::vec("[a-d甲乙]{0,2}", 0..4)),
        group in 1usize..20,
    ) {
        let file = parquet(&rows, group);
        let filters = any_of.as_ref().map_or(Vec::new(), |any_of| {
            places(&any_of.iter().map(String::as_str).collect::<Vec<_>>()).filters
        });
        let (table, _) = count(&file, &["place", "count"], filters).unwrap();
        let mut naive = std::collections::BTreeMap::new();
        for (place, whole, _) in &rows {
            if any_of.as_ref().is_none_or(|any_of| any_of.contains(place)) {
                *naive.entry((place.clone(), *whole)).or_insert(0_i64) += 1;
            }
        }
        let Values::Integer(counts) = &table.column(COUNT).unwrap().values else {
            return Err(TestCaseError::fail("no counts"));
        };
        prop_assert_eq!(counts.len(), naive.len());
        // A column of the file is named as the counts are: the sides come first.
        let Values::Integer(wholes) = &table.columns[1].values else {
            return Err(TestCaseError::fail("no second side"));
        };
        for (at, ((place, whole), _)) in naive.iter().enumerate() {
            prop_assert_eq!(table.text("place", at), Some(place.as_str()));
            prop_assert_eq!(&wholes[at], whole);
        }
        let Values::Integer(counts) = &table.columns[2].values else {
            return Err(TestCaseError::fail("no counts"));
        };
        let found: Vec<i64> = counts.iter().map(|count| count.unwrap()).collect();
        prop_assert_eq!(found, naive.into_values().collect::<Vec<_>>());
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
