//! The pipeline on demonstration data: reconciliation, calibration, reproducibility.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::Result;
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::common::{demonstration, files, manifest, publish};

/// City figures of 2020 from the CSV twin of the table without breakdown.
fn city_value(folder: &Path, indicator: &str) -> f64 {
    let (_, csv) = files(&folder.join("files/whistle"))
        .into_iter()
        .find(|(path, _)| {
            path.to_string_lossy().starts_with("total-")
                && path.extension().is_some_and(|e| e == "csv")
        })
        .expect("the table without breakdown");
    let text = String::from_utf8(csv).expect("UTF-8");
    let prefix = format!("{indicator},city,year,640100,2020,total,");
    let row = text
        .lines()
        .find_map(|line| line.strip_prefix(&prefix))
        .expect("the city's row");
    row.split(',')
        .next()
        .and_then(|v| v.parse().ok())
        .expect("a number")
}

/// Every table says by itself what it is and where it comes from: in the metadata of Parquet, the head of JSON, the
/// columns of CSV.
fn files_stand_alone(published: &Path) -> Result<()> {
    let mut tables = 0;
    for (path, _) in files(&published.join("files")) {
        let path = published.join("files").join(path);
        if path.extension().is_none_or(|e| e != "parquet") {
            continue;
        }
        let reader = SerializedFileReader::new(fs::File::open(&path)?)?;
        let metadata = reader.metadata().file_metadata();
        let said: BTreeMap<&str, &str> = metadata
            .key_value_metadata()
            .into_iter()
            .flatten()
            .filter_map(|it| Some((it.key.as_str(), it.value.as_deref()?)))
            .collect();
        let json: serde_json::Value =
            serde_json::from_slice(&fs::read(path.with_extension("json"))?)?;
        assert_eq!(said["reference"], "2020-12");
        assert_eq!(said["demonstration"], "true");
        let names = [
            "title",
            "publisher",
            "licence",
            "reference",
            "demonstration",
        ];
        for name in names
            .into_iter()
            .chain(json.get("indicators").map(|_| "indicators"))
        {
            let value = match &json[name] {
                serde_json::Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            assert_eq!(said[name], value, "{name} of {}", path.display());
        }
        let mut csv = csv::Reader::from_path(path.with_extension("csv"))?;
        let head = csv.headers()?.clone();
        for row in csv.records().take(1) {
            let row = row?;
            let cell = |name: &str| &row[head.iter().position(|it| it == name).expect(name)];
            assert!(cell("source").ends_with(", 2020-12"), "{}", cell("source"));
            assert_eq!(cell("licence"), said["licence"]);
            if let Some(described) = json.get("indicators") {
                let of = &described[&row[0]];
                assert_eq!(
                    cell("indicator_en"),
                    of["title"]["en"].as_str().unwrap_or_default()
                );
                assert_eq!(cell("unit"), of["value"].as_str().unwrap_or_default());
            }
        }
        tables += 1;
    }
    assert!(tables > 10, "{tables} tables");
    Ok(())
}

#[tokio::test]
async fn demonstration_data_reconcile_and_show_the_published_figures() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let summary = demonstration(folder.path(), false)?;
    let (reports, disclosure, published) = publish(folder.path(), "published").await?;
    files_stand_alone(&folder.path().join("published"))?;
    let (mut read, mut rejected) = (0, 0);
    for file in reports.iter().flat_map(|r| &r.files) {
        assert_eq!(
            file.rows.read,
            file.rows.accepted + file.rows.rejected,
            "{}",
            file.file.display()
        );
        read += file.rows.read;
        rejected += file.rows.rejected;
    }
    // Rows of totals in the workbooks are no data: they are rejected under a rule of their own.
    let mut by_rule = BTreeMap::new();
    let mut totals = 0;
    for report in &reports {
        for (rule, count) in &report.rejected_by_rule {
            match rule.as_str() {
                "total" => totals += count,
                // A row that is the same as another is told apart from one that shares its key.
                "duplicate" => *by_rule.entry((&*report.dataset, "unique")).or_default() += count,
                rule => *by_rule.entry((&*report.dataset, rule)).or_default() += count,
            }
        }
    }
    let mut planted = BTreeMap::new();
    for row in &summary.planted {
        *planted.entry((row.dataset, row.rule)).or_insert(0) += 1;
    }
    assert_eq!(
        by_rule, planted,
        "planted rows are rejected under their rule, and no other"
    );
    assert_eq!(totals, 2, "one for each workbook");
    assert_eq!(rejected, summary.planted.len() as u64 + totals);
    let written: u64 = summary.files.iter().map(|f| f.1).sum();
    assert_eq!(read, written + totals, "every written row is read");
    // The article: more than 2,700 whistles and more than 4,200 matters in 2020; 255 communities, 26 streets.
    let out = folder.path().join("published");
    assert!(city_value(&out, "whistles") > 2700.0 && city_value(&out, "whistles") < 2800.0);
    assert!(
        city_value(&out, "matters_settled") > 4200.0
            && city_value(&out, "matters_settled") < 4300.0
    );
    let manifest = manifest(&out, &published.id)?;
    assert!(manifest.demonstration && published.id == "2020-12-r1");
    let places: Vec<contract::Place> =
        serde_json::from_slice(&fs::read(out.join(&manifest.places))?)?;
    let now = |p: &&contract::Place| p.valid_to.is_none();
    let count = |level| {
        places
            .iter()
            .filter(now)
            .filter(|p| p.level == level)
            .count()
    };
    assert_eq!(
        (
            count(contract::Level::Community),
            count(contract::Level::Street)
        ),
        (255, 26)
    );
    assert_eq!(disclosure.datasets[0].records_k.map(|k| k >= 5), Some(true));
    for file in &manifest.files {
        let bytes = fs::read(out.join(&file.path))?;
        assert_eq!(
            (bytes.len() as u64, data_pipeline::publish::sha256(&bytes)),
            (file.bytes, file.sha256.clone()),
            "{}",
            file.path
        );
    }
    let release: contract::snapshot::Release =
        serde_json::from_slice(&fs::read(out.join("releases/1.json"))?)?;
    let archive = release.archive.expect("a release names its archive");
    let bytes = fs::read(out.join(&archive.path))?;
    assert_eq!(
        (bytes.len() as u64, data_pipeline::publish::sha256(&bytes)),
        (archive.bytes, archive.sha256)
    );
    let feed = fs::read_to_string(out.join("feed.xml"))?;
    assert!(feed.contains(&release.snapshot) && feed.contains(&archive.path));
    // What a page shows first is what the tables hold.
    let home = fs::read_to_string(out.join("first/en/home.html"))?;
    assert!(
        home.contains(">2,714 ÷") || home.contains("÷ 2,714<"),
        "{home}"
    );
    Ok(())
}

#[tokio::test]
async fn contradicting_data_contradict() -> Result<()> {
    let folder = tempfile::tempdir()?;
    demonstration(folder.path(), true)?;
    publish(folder.path(), "published").await?;
    let out = folder.path().join("published");
    assert!(city_value(&out, "whistles") < 2700.0 && city_value(&out, "matters_settled") < 4200.0);
    Ok(())
}

#[tokio::test]
async fn the_same_input_gives_the_same_bytes_in_any_encoding_and_no_second_release() -> Result<()> {
    let folder = tempfile::tempdir()?;
    demonstration(folder.path(), false)?;
    publish(folder.path(), "one").await?;
    let first = files(&folder.path().join("one"));
    // What is derived is made again, whether or not there is anything new.
    fs::remove_dir_all(folder.path().join("one/first"))?;
    let (.., again) = publish(folder.path(), "one").await?;
    assert!(!again.committed, "nothing new");
    assert_eq!(first, files(&folder.path().join("one")));
    let path = folder.path().join("raw/whistle-2020.csv");
    let bytes = fs::read(&path)?;
    assert!(
        std::str::from_utf8(&bytes).is_err(),
        "the export is in GB18030"
    );
    fs::write(&path, encoding_rs::GB18030.decode(&bytes).0.as_bytes())?;
    publish(folder.path(), "two").await?;
    assert!(
        first == files(&folder.path().join("two")),
        "the encoding of an export leaves no trace"
    );
    Ok(())
}

#[tokio::test]
async fn a_changed_export_becomes_a_revision_and_history_stays() -> Result<()> {
    let folder = tempfile::tempdir()?;
    demonstration(folder.path(), false)?;
    publish(folder.path(), "published").await?;
    let before = files(&folder.path().join("published"));
    fs::remove_file(folder.path().join("raw/whistle-2018.csv"))?;
    let (.., published) = publish(folder.path(), "published").await?;
    assert_eq!(
        (published.id.as_str(), published.committed),
        ("2020-12-r2", true)
    );
    let after = files(&folder.path().join("published"));
    let derived = |path: &Path| {
        path.starts_with("first")
            || ["catalogue.json", "feed.xml"]
                .map(Path::new)
                .contains(&path)
    };
    for file in before.iter().filter(|(path, _)| !derived(path)) {
        assert!(after.contains(file), "{} changed", file.0.display());
    }
    let views: Vec<_> = after
        .iter()
        .filter(|(path, _)| path.starts_with("first"))
        .collect();
    assert!(
        views.len() >= 2 * (1 + 3),
        "home and datasets, in each language"
    );
    for (path, bytes) in views {
        let view = std::str::from_utf8(bytes)?;
        assert!(view.contains(&published.id), "{}: {view}", path.display());
    }
    Ok(())
}

#[tokio::test]
async fn another_publishers_manifest_is_never_overwritten() -> Result<()> {
    let folder = tempfile::tempdir()?;
    demonstration(folder.path(), false)?;
    let theirs = folder
        .path()
        .join("published/snapshots/2020-12-r1/manifest.json");
    fs::create_dir_all(theirs.parent().expect("a folder"))?;
    fs::write(&theirs, "{}")?;
    let (.., published) = publish(folder.path(), "published").await?;
    assert_eq!(
        (published.id.as_str(), published.committed),
        ("2020-12-r2", true)
    );
    assert_eq!(fs::read_to_string(&theirs)?, "{}");
    Ok(())
}
