//! Hostile files: those of other projects' test suites, when they are at hand, and mutants of our own. Every one
//! gives rows or an error; none panics, hangs, or takes memory without bound.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::Result;
use data_pipeline::ingest::{self, Expected};
use proptest::prelude::*;

use super::{
    common::root,
    ledger::{Trial, contract},
};

/// A folder of trial data, when it is there; where it is not, the test says that it does nothing.
#[expect(clippy::print_stdout, reason = "only tests call it")]
pub(crate) fn trial_data(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("MINGSHI_TRIAL_DATA")
        .map_or_else(|| root().join("../shared/data"), PathBuf::from);
    let folder = Some(folder.join(name)).filter(|folder| folder.is_dir());
    if folder.is_none() {
        println!("skipped: no trial data");
    }
    folder
}

/// Reads a file to its end: how many tables and rows, or the error.
fn read(path: &Path) -> Result<(u64, u64), ingest::IngestError> {
    let expected = Expected::default();
    let mut rows = ingest::open_as(path, &expected)?;
    let (mut tables, mut count) = (1, 0);
    loop {
        while rows.next_row()?.is_some() {
            count += 1;
        }
        if !rows.next_table(&expected)? {
            return Ok((tables, count));
        }
        tables += 1;
    }
}

/// Peak resident memory of this program in KiB, where the system tells.
fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[test]
fn hostile_files_give_rows_or_an_error() {
    let Some(folder) = trial_data("hostile") else {
        return;
    };
    let mut outcomes: BTreeMap<String, BTreeMap<&str, u64>> = BTreeMap::new();
    let mut open = vec![folder.clone()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let began = Instant::now();
            let result = read(&path);
            let took = began.elapsed();
            // Without optimisation, the slowest (100 MB when unpacked) takes tens of seconds.
            let limit = if cfg!(debug_assertions) { 300 } else { 30 };
            assert!(took.as_secs() < limit, "{}: {took:?}", path.display());
            let name = path
                .strip_prefix(&folder)
                .expect("below")
                .display()
                .to_string();
            let outcome = match &result {
                Ok((tables, rows)) => {
                    println!("{name}: {tables} tables, {rows} rows");
                    "read"
                }
                Err(error) => {
                    let message = error.to_string();
                    assert!(
                        message.contains(&*entry.file_name().to_string_lossy()),
                        "{message}"
                    );
                    println!(
                        "{name}: {}",
                        message.replace(&path.display().to_string(), "…")
                    );
                    "refused"
                }
            };
            let kind = name
                .rsplit_once('/')
                .map_or("", |(kind, _)| kind)
                .to_owned();
            *outcomes
                .entry(kind)
                .or_default()
                .entry(outcome)
                .or_default() += 1;
        }
    }
    println!(
        "{outcomes:?}; peak memory of all tests so far {:?} KiB",
        peak_memory()
    );
    let total = |what: &str| outcomes.values().filter_map(|o| o.get(what)).sum::<u64>();
    assert!(total("read") > 60 && total("refused") > 60);
}

/// The same files as the exports of one dataset: `check` reports every one, and adds up.
#[tokio::test]
async fn hostile_files_are_reported_by_check() -> Result<()> {
    let Some(folder) = trial_data("hostile") else {
        return Ok(());
    };
    let trial = Trial::new(&contract("", ""))?;
    let (mut open, mut files) = (vec![folder], 0);
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next)?.flatten() {
            if entry.path().is_dir() {
                open.push(entry.path());
            } else {
                let name = entry.file_name().to_string_lossy().into_owned();
                trial.put(&format!("ledger-{files}-{name}"), &fs::read(entry.path())?)?;
                files += 1;
            }
        }
    }
    let report = trial.check().await?;
    assert_eq!(report.files.len(), files, "every file is reported");
    assert!(files > 120 && report.is_refused());
    for file in &report.files {
        let rows = &file.rows;
        assert_eq!(rows.read, rows.accepted + rows.rejected, "{:?}", file.file);
    }
    println!("{files} files, {} refused", report.refused.len());
    Ok(())
}

fn fixture(name: &str) -> Vec<u8> {
    fs::read(root().join("tests/fixtures/ingest").join(name)).expect("a fixture")
}

fn small_parquet() -> Vec<u8> {
    use arrow::array::{Int64Array, RecordBatch, StringArray};
    let batch = RecordBatch::try_from_iter([
        (
            "a",
            std::sync::Arc::new(StringArray::from(vec!["x", "y", "z"])) as arrow::array::ArrayRef,
        ),
        (
            "b",
            std::sync::Arc::new(Int64Array::from(vec![1, 2, 3])) as _,
        ),
    ])
    .expect("a batch");
    let mut bytes = Vec::new();
    let mut writer =
        parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).expect("a writer");
    writer.write(&batch).expect("written");
    writer.close().expect("closed");
    bytes
}

fn try_bytes(bytes: &[u8]) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("export");
    fs::write(&path, bytes).expect("written");
    if let Err(error) = read(&path) {
        assert!(error.to_string().contains("export"), "{error}");
    }
}

/// A workbook whose only sheet is what is given.
fn workbook_of(sheet: &[u8]) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org";
    let workbook = format!(
        "<workbook xmlns:r=\"{MAIN}/officeDocument/2006/relationships\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
    );
    let relations = format!(
        "<Relationships><Relationship Id=\"r1\" Type=\"{MAIN}/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
    );
    let package = format!(
        "<Relationships><Relationship Id=\"r0\" Type=\"{MAIN}/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let types = format!("<Types xmlns=\"{MAIN}/package/2006/content-types\"/>");
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in [
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", package.as_bytes()),
        ("xl/workbook.xml", workbook.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet),
    ] {
        archive
            .start_file(name, zip::write::SimpleFileOptions::default())
            .expect("a part");
        std::io::Write::write_all(&mut archive, content).expect("written");
    }
    archive.finish().expect("a zip file").into_inner()
}

#[test]
fn the_trial_workbook_reaches_the_decoder() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("export");
    let sheet = br#"<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row><row r="2"><c r="A2"><v>3</v></c></row></sheetData></worksheet>"#;
    fs::write(&path, workbook_of(sheet)).expect("written");
    assert_eq!(read(&path).expect("read"), (1, 1));
}

#[test]
fn truncated_files_give_an_error() {
    for (what, whole) in [
        ("xlsx", fixture("ledger-1904.xlsx")),
        ("xls", fixture("ledger.xls")),
        ("ods", fixture("ledger.ods")),
        ("parquet", small_parquet()),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("export");
        let step = (whole.len() / 60).max(1);
        for end in (16..whole.len() - 64).step_by(step) {
            fs::write(&path, &whole[..end]).expect("written");
            assert!(read(&path).is_err(), "{what} of {end} bytes");
        }
        fs::write(&path, &whole).expect("written");
        assert!(read(&path).is_ok(), "{what}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn flipped_bytes_never_panic(
        which in 0usize..4,
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let mut bytes = match which {
            0 => fixture("ledger-1904.xlsx"),
            1 => fixture("ledger.xls"),
            2 => fixture("ledger.ods"),
            _ => small_parquet(),
        };
        for (at, value) in flips {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        try_bytes(&bytes);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "([a-z,;\"\t\r\n|]|[一-三]|\u{feff}|\\PC){0,200}") {
        try_bytes(text.as_bytes());
    }

    /// Behind the check sums of the zip file: any XML as the only sheet of a workbook.
    #[test]
    fn any_sheet_is_read_or_refused(
        parts in proptest::collection::vec(
            prop_oneof![
                "</?(worksheet|sheetData|row|c|v|is|t|f|mergeCells|mergeCell|dimension)( (r|s|t|ref|hidden)=\"[A-Z0-9:]{0,9}\"){0,3}/?>",
                "[0-9A-Z.&;-]{0,8}",
                "\\PC{0,4}",
            ],
            0..30,
        ),
    ) {
        try_bytes(&workbook_of(parts.concat().as_bytes()));
    }

    #[test]
    fn any_contract_is_read_or_refused(
        which in 0usize..3,
        cuts in proptest::collection::vec((any::<prop::sample::Index>(), 0usize..40, "[\\[\\]{}=\"'\n#a-z0-9,. -]{0,12}"), 1..6),
    ) {
        let folder = root().join("data-pipeline");
        let file = ["portal.toml", "datasets/whistle/contract.toml", "datasets/whistle/indicators/whistles.toml"][which];
        let mut text = fs::read_to_string(folder.join(file)).expect("a contract");
        for (at, length, new) in cuts {
            let floor = |mut at: usize| {
                while !text.is_char_boundary(at) {
                    at -= 1;
                }
                at
            };
            let start = floor(at.index(text.len().max(1)).min(text.len()));
            let end = floor((start + length).min(text.len()));
            text.replace_range(start..end, &new);
        }
        let _ = toml::from_str::<contract::dataset::DatasetContract>(&text);
        let _ = toml::from_str::<contract::indicator::Indicator>(&text);
        let _ = toml::from_str::<contract::portal::Portal>(&text);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        try_bytes(&bytes);
    }
}
