//! What the last snapshot said: to mark values that were revised, and to say what a run would change.

use std::{collections::BTreeMap, path::PathBuf};

use arrow::{
    array::{Array, AsArray},
    datatypes::Float64Type,
};
use bytes::Bytes;
use contract::snapshot::{Manifest, TableState};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::{PublishError, rows::Row};

/// Indicator, level, length of period, place, period, class.
pub(super) type Key = [String; 6];

/// One published value.
pub(super) struct Old {
    pub(super) value: Option<f64>,
    pub(super) revision: String,
}

/// The last snapshot, if there is one.
#[derive(Default)]
pub(super) struct Previous {
    pub(super) folder: PathBuf,
    pub(super) manifest: Option<Manifest>,
}

pub(super) fn key(row: &Row<'_>) -> Key {
    [
        row.state.indicator.clone(),
        row.state.level.name().to_owned(),
        row.state.granularity.name().to_owned(),
        row.cell.place.clone(),
        row.cell.period.to_string(),
        row.cell.class.clone(),
    ]
}

impl Previous {
    /// The states of a dataset's tables.
    pub(super) fn tables(&self, dataset: &str) -> &[TableState] {
        let manifest = self.manifest.as_ref();
        let dataset = manifest.and_then(|manifest| manifest.dataset(dataset));
        dataset.map_or(&[], |dataset| &dataset.tables)
    }

    /// The rows of an indicator file; none when the last snapshot did not have it.
    ///
    /// # Errors
    /// When the file is missing or damaged.
    pub(super) fn rows(
        &self,
        dataset: &str,
        breakdown: &str,
    ) -> Result<BTreeMap<Key, Old>, PublishError> {
        let mut rows = BTreeMap::new();
        let manifest = self.manifest.as_ref();
        let dataset = manifest.and_then(|manifest| manifest.dataset(dataset));
        let breakdown = dataset.and_then(|d| d.breakdowns.iter().find(|b| b.id == breakdown));
        let Some(breakdown) = breakdown else {
            return Ok(rows);
        };
        let bytes = Bytes::from(std::fs::read(self.folder.join(&breakdown.path))?);
        for batch in ParquetRecordBatchReaderBuilder::try_new(bytes)?.build()? {
            let batch = batch?;
            let missing = |name: &str| PublishError::Earlier {
                path: breakdown.path.clone(),
                column: name.to_owned(),
            };
            let text = |name: &str| {
                let column = batch.column_by_name(name);
                let column = column.and_then(|c| c.as_string_opt::<i32>());
                column.ok_or_else(|| missing(name))
            };
            let keys = [
                text("indicator")?,
                text("level")?,
                text("granularity")?,
                text("place")?,
                text("period")?,
                text("class")?,
            ];
            let revisions = text("revision")?;
            let values = batch
                .column_by_name("value")
                .and_then(|c| c.as_primitive_opt::<Float64Type>())
                .ok_or_else(|| missing("value"))?;
            for row in 0..batch.num_rows() {
                let old = Old {
                    value: values.is_valid(row).then(|| values.value(row)),
                    revision: revisions.value(row).to_owned(),
                };
                rows.insert(keys.map(|key| key.value(row).to_owned()), old);
            }
        }
        Ok(rows)
    }
}
