//! How long counting takes: `cargo run --release -p query --example million [rows [file]]`. Writes a file such as
//! the record-level file of a large city, sorted by category and month, and counts it by street and outcome.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measuring program"
)]

use std::{sync::Arc, time::Instant};

use arrow::{
    array::{ArrayRef, RecordBatch, StringArray},
    datatypes::{DataType, Field, Schema},
};
use contract::snapshot::BLOCK_BYTES;
use parquet::{arrow::ArrowWriter, file::properties::WriterProperties};
use query::{COUNT, Count, FileFacts, Filter, Reader, Step, sha256_hex};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let rows: usize = arguments.next().map_or(1_000_000, |it| it.parse().unwrap());
    let file = written(rows);
    if let Some(path) = arguments.next() {
        std::fs::write(&path, &file).unwrap();
        println!("{path}: {} bytes", file.len());
    }
    let texts = |some: &[&str]| some.iter().map(|&it| it.to_owned()).collect();
    let filter = |column: &str, any_of: &[&str]| Filter {
        column: column.to_owned(),
        any_of: texts(any_of),
    };
    let asked = [
        (vec!["street", "outcome"], vec![]),
        (vec!["period"], vec![filter("outcome", &["late"])]),
        (vec!["street"], vec![filter("category", &["C4"])]),
    ];
    for (by, filters) in asked {
        let said = format!("{by:?} where {filters:?}");
        let count = Count {
            by: texts(&by),
            filters,
        };
        let mut times = Vec::new();
        let mut read = (0, 0, 0);
        for _ in 0..5 {
            let blocks = file.chunks(BLOCK_BYTES as usize).map(sha256_hex).collect();
            let facts = FileFacts {
                bytes: file.len() as u64,
                blocks,
            };
            let mut reader = Reader::counting(facts, count.clone()).unwrap();
            let mut decoding = std::time::Duration::ZERO;
            read = (0, 0, 0);
            let table = loop {
                let start = Instant::now();
                let step = reader.step().unwrap();
                decoding += start.elapsed();
                match step {
                    Step::Done(table) => break table,
                    Step::Counted => {}
                    Step::Need(ranges) => {
                        for range in ranges {
                            read.0 += 1;
                            read.1 += range.end - range.start;
                            let bytes = &file[range.start as usize..range.end as usize];
                            reader.supply(range, bytes.to_vec()).unwrap();
                        }
                    }
                }
            };
            read.2 = (0..table.rows)
                .filter_map(|row| table.integer(COUNT, row))
                .sum();
            times.push(decoding);
        }
        times.sort();
        println!(
            "{said}: {:.1} ms without hashing, {} ranges, {} bytes, {} rows counted",
            times[2].as_secs_f64() * 1e3,
            read.0,
            read.1,
            read.2
        );
    }
}

/// Sorted by category, then period; streets and outcomes are mixed.
fn written(rows: usize) -> Vec<u8> {
    let mixed = |row: usize| (row as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33;
    let column = |text: &dyn Fn(usize) -> String| -> ArrayRef {
        Arc::new(StringArray::from_iter_values((0..rows).map(text)))
    };
    let outcomes = ["on_time", "late", "open", "overdue"];
    let columns = vec![
        column(&|row| format!("C{}", row * 9 / rows)),
        column(&|row| {
            let month = row * 9 * 36 / rows % 36;
            format!("{}-{:02}", 2018 + month / 12, 1 + month % 12)
        }),
        column(&|row| format!("640104{:03}", mixed(row) % 60)),
        column(&|row| outcomes[(mixed(row) / 60 % 4) as usize].to_owned()),
    ];
    let names = ["category", "period", "street", "outcome"];
    let fields: Vec<Field> = names
        .map(|name| Field::new(name, DataType::Utf8, false))
        .to_vec();
    let schema = Arc::new(Schema::new(fields));
    let batch = RecordBatch::try_new(schema.clone(), columns).unwrap();
    let properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(128 * 1024))
        .set_compression(parquet::basic::Compression::SNAPPY)
        .build();
    let mut writer = ArrowWriter::try_new(Vec::new(), schema, Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}
