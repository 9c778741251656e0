//! The work folder: quarantine files, and work files that hold accepted rows while a run lasts, so that memory
//! does not grow with the exports. Work files are readable by their owner alone and deleted at the end, also when
//! the run fails; what a killed run left is deleted by the next.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

use arrow::{array::RecordBatch, datatypes::SchemaRef};
use datafusion::{
    error::DataFusionError,
    prelude::{ParquetReadOptions, SessionConfig, SessionContext},
};
use parquet::{
    arrow::ArrowWriter,
    basic::Compression,
    file::properties::{EnabledStatistics, WriterProperties},
};
use tempfile::{TempDir, TempPath};

/// Rows of a row group of a work file.
const GROUP_ROWS: usize = 64 * 1024;
const PREFIX: &str = "rows-";
const LOCK: &str = "lock";

/// Why the work folder cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WorkError {
    /// The folder cannot be made or written.
    #[error("the work folder {folder}: {source}; name another with --work", folder = folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A work file cannot be written.
    #[error("a work file cannot be written: {0}")]
    Write(#[from] parquet::errors::ParquetError),
    /// A work file cannot be read back.
    #[error("a work file cannot be read: {0}")]
    Read(Box<DataFusionError>),
}

/// The work folder of one run.
#[derive(Debug)]
pub struct WorkFolder {
    folder: PathBuf,
    rows: TempDir,
    _lock: File,
}

impl WorkFolder {
    /// Makes the folder ready, and deletes what runs that were killed have left in it.
    ///
    /// # Errors
    /// When it cannot be made or written.
    pub fn open(folder: &Path) -> Result<Self, WorkError> {
        let failed = |source| WorkError::Folder {
            folder: folder.into(),
            source,
        };
        fs::create_dir_all(folder).map_err(failed)?;
        for entry in fs::read_dir(folder).map_err(failed)?.flatten() {
            if entry.file_name().to_string_lossy().starts_with(PREFIX) {
                // A running program holds its lock; a killed one does not.
                let lock = File::open(entry.path().join(LOCK));
                if lock.is_ok_and(|lock| lock.try_lock().is_ok()) {
                    fs::remove_dir_all(entry.path()).map_err(failed)?;
                }
            }
        }
        let rows = tempfile::Builder::new()
            .prefix(PREFIX)
            .tempdir_in(folder)
            .map_err(failed)?;
        let lock = File::create(rows.path().join(LOCK)).map_err(failed)?;
        lock.lock().map_err(failed)?;
        Ok(Self {
            folder: folder.into(),
            rows,
            _lock: lock,
        })
    }

    /// Begins a file of the folder that stays, readable by its owner alone; what it held before is gone.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&self, below: &str, name: &str) -> Result<(PathBuf, File), WorkError> {
        let folder = self.folder.join(below);
        let failed = |source| WorkError::Folder {
            folder: folder.clone(),
            source,
        };
        fs::create_dir_all(&folder).map_err(failed)?;
        let path = folder.join(name);
        // Permissions hold for new files only.
        self.forget(below, name)?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(failed)?;
        Ok((path, file))
    }

    /// Deletes a file that an earlier run kept.
    ///
    /// # Errors
    /// When it is there and cannot be deleted.
    pub fn forget(&self, below: &str, name: &str) -> Result<(), WorkError> {
        let path = self.folder.join(below).join(name);
        match fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => Err(WorkError::Folder {
                folder: path,
                source,
            }),
            _ => Ok(()),
        }
    }

    /// Begins a work file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn spill(&self, schema: &SchemaRef) -> Result<SpillWriter, WorkError> {
        let file = tempfile::Builder::new()
            .suffix(".parquet")
            .tempfile_in(self.rows.path())
            .map_err(|source| WorkError::Folder {
                folder: self.folder.clone(),
                source,
            })?;
        let (file, path) = file.into_parts();
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(EnabledStatistics::None)
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .build();
        Ok(SpillWriter {
            writer: ArrowWriter::try_new(file, schema.clone(), Some(properties))?,
            path,
            rows: 0,
        })
    }
}

/// A work file that is being written.
pub struct SpillWriter {
    writer: ArrowWriter<File>,
    path: TempPath,
    rows: u64,
}

impl SpillWriter {
    /// Appends rows.
    ///
    /// # Errors
    /// When the disk is full, or the batch has another schema.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), WorkError> {
        self.rows += batch.num_rows() as u64;
        Ok(self.writer.write(batch)?)
    }

    /// Ends the file.
    ///
    /// # Errors
    /// When the disk is full.
    pub fn finish(self) -> Result<Spill, WorkError> {
        self.writer.close()?;
        Ok(Spill {
            path: self.path,
            rows: self.rows,
        })
    }
}

/// Rows in a work file; deleted when dropped.
#[derive(Debug)]
pub struct Spill {
    path: TempPath,
    rows: u64,
}

impl Spill {
    /// How many rows it holds.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// A context of DataFusion in which the rows are the table `rows`.
    ///
    /// # Errors
    /// When the file cannot be read back.
    pub async fn context(&self, partitions: usize) -> Result<SessionContext, DataFusionError> {
        let mut config = SessionConfig::new().with_target_partitions(partitions);
        // Text keeps the type that the contract gives it.
        config
            .options_mut()
            .execution
            .parquet
            .schema_force_view_types = false;
        let context = SessionContext::new_with_config(config);
        let path = self.path.to_string_lossy();
        context
            .register_parquet("rows", path.as_ref(), ParquetReadOptions::default())
            .await?;
        Ok(context)
    }
}
