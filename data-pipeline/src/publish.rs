//! Protected datasets to the published folder: immutable, content-addressed files first, then one release
//! record, created only if it is absent: that write is the commit.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use arrow::{
    array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray},
    datatypes::{DataType, Field, Schema},
    error::ArrowError,
};
use contract::{
    Localised, Period, Place, Status,
    disclosure_report::DisclosureReport,
    portal::Portal,
    snapshot::{
        BLOCK_BYTES, Catalogue, Dataset, File, INDICATOR_COLUMNS, Manifest, PublishedRecords,
        Release, SNAPSHOT_FORMAT, TOTAL, check_format,
    },
};
use object_store::{
    ObjectStore, ObjectStoreExt, PutMode, local::LocalFileSystem, path::Path as StorePath,
};
use parquet::{
    arrow::ArrowWriter,
    basic::Compression,
    errors::ParquetError,
    file::properties::{EnabledStatistics, WriterProperties, WriterVersion},
};
use sha2::{Digest, Sha256};

use crate::{aggregate::Cell, protect::ProtectedDataset};

/// Rows of a row group: small, so that a reader of one indicator reads little more than it.
const ROW_GROUP_ROWS: usize = 8192;

/// Why a snapshot cannot be published.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PublishError {
    /// The folder cannot be read or written.
    #[error("the published folder: {0}")]
    Store(#[from] object_store::Error),
    /// The folder cannot be made.
    #[error("the published folder: {0}")]
    Folder(#[from] std::io::Error),
    /// A table cannot be laid out.
    #[error("a table cannot be laid out: {0}")]
    Arrow(#[from] ArrowError),
    /// A table cannot be written as Parquet.
    #[error("a table cannot be written as Parquet: {0}")]
    Parquet(#[from] ParquetError),
    /// A JSON file cannot be read or written.
    #[error("{0}: {1}")]
    Json(String, serde_json::Error),
    /// A CSV file cannot be written.
    #[error("a table cannot be written as CSV: {0}")]
    Csv(#[from] csv::Error),
    /// An earlier file has a format that this program does not know.
    #[error(transparent)]
    Format(#[from] contract::snapshot::UnknownFormat),
    /// Another publisher was faster.
    #[error("another publisher has committed release {0}: run publish again")]
    LostRace(u64),
}

/// What a run is about to publish.
pub struct Snapshot<'a> {
    /// The portal instance.
    pub portal: &'a Portal,
    /// Last month covered.
    pub reference: Period,
    /// The data are invented.
    pub demonstration: bool,
    /// The register of places.
    pub places: Vec<Place>,
    /// The datasets: what the manifest says of them (breakdowns, tables and records are filled in) and their tables.
    pub datasets: Vec<(Dataset, ProtectedDataset)>,
    /// The disclosure report; the snapshot id is filled in.
    pub report: DisclosureReport,
}

/// What publishing did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The snapshot's id.
    pub id: String,
    /// Files of the snapshot.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Rows in its Parquet files.
    pub rows: u64,
    /// False when the same content was already the newest snapshot, or on a dry run.
    pub committed: bool,
}

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn json<T: serde::Serialize>(what: &str, value: &T) -> Result<Vec<u8>, PublishError> {
    let mut bytes =
        serde_json::to_vec_pretty(value).map_err(|e| PublishError::Json(what.to_owned(), e))?;
    bytes.push(b'\n');
    Ok(bytes)
}

#[derive(Default)]
struct Files {
    entries: Vec<File>,
    contents: BTreeMap<String, Vec<u8>>,
}

impl Files {
    /// Adds a content-addressed file and returns its path.
    fn add(
        &mut self,
        stem: &str,
        hash: &str,
        ending: &str,
        bytes: Vec<u8>,
        rows: Option<u64>,
    ) -> String {
        let path = format!("files/{stem}-{}.{ending}", &hash[..16]);
        let blocks = if ending == "parquet" {
            bytes.chunks(BLOCK_BYTES as usize).map(sha256).collect()
        } else {
            Vec::new()
        };
        self.entries.push(File {
            path: path.clone(),
            bytes: bytes.len() as u64,
            sha256: sha256(&bytes),
            rows,
            blocks,
        });
        self.contents.insert(path.clone(), bytes);
        path
    }
}

/// Publishes a snapshot into a folder.
///
/// # Errors
/// When the folder cannot be used or another publisher was faster; the folder then shows the snapshot it
/// showed before.
pub async fn publish(
    mut snapshot: Snapshot<'_>,
    folder: &Path,
    dry_run: bool,
) -> Result<Published, PublishError> {
    if !dry_run {
        std::fs::create_dir_all(folder)?;
    }
    let store = folder
        .exists()
        .then(|| LocalFileSystem::new_with_prefix(folder))
        .transpose()?;
    let releases = match &store {
        Some(store) => releases(store).await?,
        None => Vec::new(),
    };
    let mut files = Files::default();
    let places = json("places", &snapshot.places)?;
    let places = files.add(
        "areas/places",
        &sha256(&places),
        "json",
        places,
        Some(snapshot.places.len() as u64),
    );
    let names: BTreeMap<&str, &Localised> = snapshot
        .places
        .iter()
        .map(|p| (p.code.as_str(), &p.name))
        .collect();
    let mut datasets = Vec::new();
    for (mut dataset, tables) in snapshot.datasets {
        lay_out(&mut dataset, &tables, &names, &mut files)?;
        datasets.push(dataset);
    }
    files.entries.sort_by(|a, b| a.path.cmp(&b.path));
    let rows = files
        .entries
        .iter()
        .filter(|f| f.path.ends_with(".parquet"))
        .filter_map(|f| f.rows)
        .sum();
    let mut manifest = Manifest {
        format: SNAPSHOT_FORMAT,
        id: String::new(),
        reference: snapshot.reference.last_month(),
        title: snapshot.portal.title.clone(),
        publisher: snapshot.portal.publisher.clone(),
        licence: snapshot.portal.licence.clone(),
        demonstration: snapshot.demonstration,
        previous_manifest_sha256: releases.last().map(|r| r.manifest_sha256.clone()),
        places,
        headlines: snapshot.portal.headlines.clone(),
        datasets,
        claims: Vec::new(),
        files: files.entries,
    };
    let mut done = Published {
        id: String::new(),
        files: manifest.files.len(),
        bytes: manifest.files.iter().map(|f| f.bytes).sum(),
        rows,
        committed: false,
    };
    if let (Some(store), Some(last)) = (&store, releases.last()) {
        let newest: Manifest =
            read(store, &format!("snapshots/{}/manifest.json", last.snapshot)).await?;
        let same = Manifest {
            id: newest.id.clone(),
            previous_manifest_sha256: newest.previous_manifest_sha256.clone(),
            ..manifest.clone()
        };
        if same == newest {
            done.id = newest.id;
            return Ok(done);
        }
    }
    let stem = format!("{}-r", manifest.reference);
    let taken = releases.iter().filter(|r| r.snapshot.starts_with(&stem));
    let mut revision = taken.count() + 1;
    manifest.id = format!("{stem}{revision}");
    done.id = manifest.id.clone();
    let Some(store) = store.filter(|_| !dry_run) else {
        return Ok(done);
    };
    for (path, bytes) in files.contents {
        let path = StorePath::from(path);
        if store.head(&path).await.is_err() {
            store.put(&path, bytes.into()).await?;
        }
    }
    // A manifest is never overwritten: another publisher may be about to commit the one that stands there.
    let bytes = loop {
        let bytes = json("manifest.json", &manifest)?;
        let path = StorePath::from(format!("snapshots/{}/manifest.json", manifest.id));
        let put = store.put_opts(&path, bytes.clone().into(), PutMode::Create.into());
        match put.await {
            Err(object_store::Error::AlreadyExists { .. }) => {}
            result => {
                result?;
                break bytes;
            }
        }
        if store.get(&path).await?.bytes().await? == bytes {
            break bytes; // an earlier run of ours that was interrupted
        }
        revision += 1;
        manifest.id = format!("{stem}{revision}");
    };
    done.id = manifest.id.clone();
    snapshot.report.snapshot = manifest.id.clone();
    let release = Release {
        format: SNAPSHOT_FORMAT,
        number: releases.last().map_or(1, |r| r.number + 1),
        snapshot: manifest.id.clone(),
        manifest_sha256: sha256(&bytes),
    };
    let report = json("disclosure.json", &snapshot.report)?;
    store
        .put(
            &StorePath::from(format!("snapshots/{}/disclosure.json", manifest.id)),
            report.into(),
        )
        .await?;
    let path = StorePath::from(format!("releases/{}.json", release.number));
    match store
        .put_opts(
            &path,
            json("release", &release)?.into(),
            PutMode::Create.into(),
        )
        .await
    {
        Err(object_store::Error::AlreadyExists { .. }) => {
            return Err(PublishError::LostRace(release.number));
        }
        result => result?,
    };
    let catalogue = Catalogue {
        format: SNAPSHOT_FORMAT,
        title: manifest.title.clone(),
        releases: releases.into_iter().chain([release]).collect(),
    };
    store
        .put(
            &StorePath::from("catalogue.json"),
            json("catalogue.json", &catalogue)?.into(),
        )
        .await?;
    done.committed = true;
    Ok(done)
}

async fn read<T: serde::de::DeserializeOwned>(
    store: &LocalFileSystem,
    path: &str,
) -> Result<T, PublishError> {
    let bytes = store.get(&StorePath::from(path)).await?.bytes().await?;
    serde_json::from_slice(&bytes).map_err(|e| PublishError::Json(path.to_owned(), e))
}

async fn releases(store: &LocalFileSystem) -> Result<Vec<Release>, PublishError> {
    let mut releases = Vec::new();
    loop {
        let path = format!("releases/{}.json", releases.len() + 1);
        match read::<Release>(store, &path).await {
            Ok(release) => {
                check_format(&path, release.format)?;
                releases.push(release);
            }
            Err(PublishError::Store(object_store::Error::NotFound { .. })) => return Ok(releases),
            Err(error) => return Err(error),
        }
    }
}

type Row<'a> = (&'a contract::snapshot::TableState, &'a Cell);

/// Lays out one dataset's files and completes what the manifest says of it.
fn lay_out(
    dataset: &mut Dataset,
    tables: &ProtectedDataset,
    names: &BTreeMap<&str, &Localised>,
    files: &mut Files,
) -> Result<(), PublishError> {
    dataset.tables = tables.tables.iter().map(|t| t.state.clone()).collect();
    for breakdown in &mut dataset.breakdowns {
        if breakdown.id != TOTAL {
            breakdown.classes = tables
                .classes
                .get(&breakdown.id)
                .cloned()
                .unwrap_or_default();
        }
        let mut rows: Vec<Row<'_>> = Vec::new();
        for table in tables
            .tables
            .iter()
            .filter(|t| t.state.breakdown == breakdown.id && t.state.status == Status::Published)
        {
            rows.extend(
                table
                    .content
                    .content()
                    .into_iter()
                    .flatten()
                    .map(|cell| (&table.state, cell)),
            );
        }
        rows.sort_by(|(a, x), (b, y)| {
            let key = |s: &contract::snapshot::TableState| {
                (s.indicator.clone(), s.level.name(), s.granularity.name())
            };
            key(a)
                .cmp(&key(b))
                .then_with(|| (&x.place, x.period, &x.class).cmp(&(&y.place, y.period, &y.class)))
        });
        let batch = indicator_batch(&rows)?;
        let bytes = parquet_bytes(&batch)?;
        let (hash, count) = (sha256(&bytes), Some(rows.len() as u64));
        let stem = format!("{}/{}", dataset.id, breakdown.id);
        breakdown.path = files.add(&stem, &hash, "parquet", bytes, count);
        files.add(
            &stem,
            &hash,
            "csv",
            csv_bytes(&rows, dataset.indicators.as_slice(), names)?,
            count,
        );
        files.add(&stem, &hash, "json", json_rows(&rows)?, count);
    }
    if let (Some(records), Some(entry)) = (&tables.records, &mut dataset.records) {
        let batch = crate::protect::batch(records);
        let bytes = parquet_bytes(batch)?;
        let rows = batch.num_rows() as u64;
        let path = files.add(
            &format!("{}/records", dataset.id),
            &sha256(&bytes),
            "parquet",
            bytes,
            Some(rows),
        );
        let columns = std::mem::take(&mut entry.columns);
        let columns = columns
            .into_iter()
            .filter(|c| batch.schema().column_with_name(&c.name).is_some())
            .collect();
        *entry = PublishedRecords {
            path,
            columns,
            rows,
            k: records.k,
        };
    } else {
        dataset.records = None;
    }
    Ok(())
}

fn indicator_batch(rows: &[Row<'_>]) -> Result<RecordBatch, ArrowError> {
    let text = |f: &dyn Fn(&Row<'_>) -> String| {
        Arc::new(StringArray::from_iter_values(rows.iter().map(f))) as ArrayRef
    };
    let float = |f: &dyn Fn(&Cell) -> Option<f64>| {
        Arc::new(rows.iter().map(|(_, c)| f(c)).collect::<Float64Array>()) as ArrayRef
    };
    let integer = |f: &dyn Fn(&Cell) -> Option<i64>| {
        Arc::new(rows.iter().map(|(_, c)| f(c)).collect::<Int64Array>()) as ArrayRef
    };
    let columns: Vec<ArrayRef> = vec![
        text(&|(s, _)| s.indicator.clone()),
        text(&|(s, _)| s.level.name().to_owned()),
        text(&|(s, _)| s.granularity.name().to_owned()),
        text(&|(_, c)| c.place.clone()),
        text(&|(_, c)| c.period.to_string()),
        text(&|(_, c)| c.class.clone()),
        float(&|c| c.value),
        integer(&|c| c.numerator),
        integer(&|c| c.denominator),
        float(&|c| c.interval.map(|i| i.0)),
        float(&|c| c.interval.map(|i| i.1)),
        // No rule in force bounds a withheld value yet.
        float(&|_| None),
        float(&|_| None),
        text(&|(_, c)| c.status.name().to_owned()),
        text(&|(_, c)| c.revision.name().to_owned()),
    ];
    let fields: Vec<Field> = INDICATOR_COLUMNS
        .iter()
        .zip(&columns)
        .map(|(name, column)| {
            Field::new(
                *name,
                column.data_type().clone(),
                !matches!(column.data_type(), DataType::Utf8),
            )
        })
        .collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
}

/// Parquet bytes that depend on the rows alone.
fn parquet_bytes(batch: &RecordBatch) -> Result<Vec<u8>, ParquetError> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by("mingshi".to_owned())
        .set_writer_version(WriterVersion::PARQUET_1_0)
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties))?;
    writer.write(batch)?;
    writer.close()?;
    Ok(bytes)
}

/// CSV for people: UTF-8 with BOM so that spreadsheets show Chinese, with names and units beside the codes.
fn csv_bytes(
    rows: &[Row<'_>],
    indicators: &[contract::indicator::Indicator],
    names: &BTreeMap<&str, &Localised>,
) -> Result<Vec<u8>, PublishError> {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(INDICATOR_COLUMNS.iter().copied().chain([
        "unit",
        "indicator_zh",
        "indicator_en",
        "place_zh",
        "place_en",
    ]))?;
    let number = |v: Option<f64>| v.map(|v| v.to_string()).unwrap_or_default();
    let whole = |v: Option<i64>| v.map(|v| v.to_string()).unwrap_or_default();
    for (state, cell) in rows {
        let indicator = indicators.iter().find(|i| i.id == state.indicator);
        let place = names.get(cell.place.as_str());
        writer.write_record([
            &state.indicator,
            state.level.name(),
            state.granularity.name(),
            &cell.place,
            &cell.period.to_string(),
            &cell.class,
            &number(cell.value),
            &whole(cell.numerator),
            &whole(cell.denominator),
            &number(cell.interval.map(|i| i.0)),
            &number(cell.interval.map(|i| i.1)),
            "",
            "",
            cell.status.name(),
            cell.revision.name(),
            &indicator.map_or_else(String::new, |i| i.unit.name().to_owned()),
            &spreadsheet_safe(indicator.map_or("", |i| &i.title.zh)),
            &spreadsheet_safe(indicator.map_or("", |i| &i.title.en)),
            &spreadsheet_safe(place.map_or("", |p| &p.zh)),
            &spreadsheet_safe(place.map_or("", |p| &p.en)),
        ])?;
    }
    writer
        .into_inner()
        .map_err(|e| PublishError::Folder(e.into_error()))
}

/// A text that a spreadsheet would take for a formula is marked as text.
fn spreadsheet_safe(text: &str) -> String {
    let formula = text
        .trim_start_matches(' ')
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    if formula {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

fn json_rows(rows: &[Row<'_>]) -> Result<Vec<u8>, PublishError> {
    let rows: Vec<serde_json::Value> = rows
        .iter()
        .map(|(state, c)| {
            serde_json::json!([
                state.indicator,
                state.level,
                state.granularity,
                c.place,
                c.period,
                c.class,
                c.value,
                c.numerator,
                c.denominator,
                c.interval.map(|i| i.0),
                c.interval.map(|i| i.1),
                None::<f64>,
                None::<f64>,
                c.status,
                c.revision
            ])
        })
        .collect();
    let value = serde_json::json!({ "format": SNAPSHOT_FORMAT, "columns": INDICATOR_COLUMNS, "rows": rows });
    serde_json::to_vec(&value).map_err(|e| PublishError::Json("rows".to_owned(), e))
}
