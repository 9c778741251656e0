//! The rows of indicator files, and the files that hold them.

use contract::{
    Revision, Status,
    snapshot::{Dataset, PublishedRecords, PublishedTable, TOTAL, TableState},
    witnesses::WitnessFile,
};

use super::{
    PublishError,
    difference::Difference,
    files::{Files, sha256},
    parquet::{bytes, indicator_bytes},
    previous::{Previous, key},
    twins::{Context, indicator_csv, indicator_json, table_twins},
};
use crate::{aggregate::Cell, protect::ProtectedDataset};

/// One row of an indicator file.
pub(super) struct Row<'a> {
    pub(super) state: &'a TableState,
    pub(super) cell: &'a Cell,
    /// The cell's own, or that it differs from the last snapshot's value.
    pub(super) revision: Revision,
}

/// Lays out one dataset's files and completes what the manifest says of it.
pub(super) fn lay_out(
    dataset: &mut Dataset,
    tables: &ProtectedDataset,
    previous: &Previous,
    context: &Context<'_>,
    files: &mut Files,
    difference: &mut Difference,
) -> Result<(), PublishError> {
    dataset.tables = tables.tables.iter().map(|t| t.state.clone()).collect();
    difference.tables(&dataset.id, &dataset.tables, previous.tables(&dataset.id));
    for at in 0..dataset.breakdowns.len() {
        lay_out_breakdown(dataset, at, tables, previous, context, files, difference)?;
    }
    lay_out_records(dataset, tables, context, files)?;
    if let Some(witnesses) = &tables.witnesses {
        let witnesses = WitnessFile {
            demonstration: context.demonstration,
            ..witnesses.clone()
        };
        let path = format!("{}/witnesses", dataset.id);
        let mut bytes =
            serde_json::to_vec(&witnesses).map_err(|e| PublishError::Json(path.clone(), e))?;
        bytes.push(b'\n');
        let hash = sha256(&bytes);
        dataset.witnesses = Some(files.add(&path, &hash, "json", bytes, None));
    }
    let rows = tables.table.as_ref().and_then(|table| table.content());
    if let (Some(batch), Some(entry)) = (rows, &mut dataset.table) {
        let stem = format!("{0}/{0}", dataset.id);
        let parquet = bytes(batch, context)?;
        let (hash, rows) = (sha256(&parquet), Some(batch.num_rows() as u64));
        let (csv, json) = table_twins(batch, context)?;
        *entry = PublishedTable {
            path: files.add(&stem, &hash, "parquet", parquet, rows),
            rows: batch.num_rows() as u64,
            ..entry.clone()
        };
        files.add(&stem, &hash, "csv", csv, rows);
        files.add(&stem, &hash, "json", json, rows);
    }
    Ok(())
}

fn lay_out_breakdown(
    dataset: &mut Dataset,
    at: usize,
    tables: &ProtectedDataset,
    previous: &Previous,
    context: &Context<'_>,
    files: &mut Files,
    difference: &mut Difference,
) -> Result<(), PublishError> {
    let breakdown = &mut dataset.breakdowns[at];
    if breakdown.id != TOTAL {
        let classes = tables.classes.get(&breakdown.id).cloned();
        breakdown.classes = classes.unwrap_or_default();
    }
    let mut rows: Vec<Row<'_>> = Vec::new();
    for table in tables
        .tables
        .iter()
        .filter(|t| t.state.breakdown == breakdown.id && t.state.status == Status::Published)
    {
        let cells = table.content.content().into_iter().flatten();
        // What has no meaning in a breakdown is not listed: most classes are empty in most places. In the
        // file without breakdown every place and period has its row.
        let listed = cells.filter(|cell| {
            cell.status != Status::NotApplicable
                || cell.denominator.is_some_and(|base| base > 0)
                || breakdown.id == TOTAL
        });
        rows.extend(listed.map(|cell| Row {
            state: &table.state,
            cell,
            revision: cell.revision,
        }));
    }
    rows.sort_by(|a, b| {
        let table = |r: &Row<'_>| (r.state.level.name(), r.state.granularity.name());
        let cell = |r: &Row<'_>| (r.cell.place.clone(), r.cell.period, r.cell.class.clone());
        (&a.state.indicator, table(a))
            .cmp(&(&b.state.indicator, table(b)))
            .then_with(|| cell(a).cmp(&cell(b)))
    });
    let mut before = previous.rows(&dataset.id, &breakdown.id)?;
    for row in &mut rows {
        let old = before.remove(&key(row));
        difference.value(&dataset.id, row, old.as_ref());
        let Some(old) = old else { continue };
        let revised = match (old.value, row.cell.value) {
            (Some(old), Some(new)) => old.to_bits() != new.to_bits(),
            _ => false,
        };
        // A value that was revised stays marked as long as it is the same.
        if revised && old.revision != Revision::Provisional.name()
            || old.value.is_some() && !revised && old.revision == Revision::Revised.name()
        {
            row.revision = Revision::Revised;
        }
    }
    difference.values_removed += before.len() as u64;
    let parquet = indicator_bytes(&rows, &dataset.indicators, context)?;
    let (hash, count) = (sha256(&parquet), Some(rows.len() as u64));
    let stem = format!("{}/{}", dataset.id, breakdown.id);
    breakdown.path = files.add(&stem, &hash, "parquet", parquet, count);
    let csv = indicator_csv(&rows, &dataset.indicators, context)?;
    files.add(&stem, &hash, "csv", csv, count);
    let json = indicator_json(&rows, &dataset.indicators, context)?;
    files.add(&stem, &hash, "json", json, count);
    Ok(())
}

fn lay_out_records(
    dataset: &mut Dataset,
    tables: &ProtectedDataset,
    context: &Context<'_>,
    files: &mut Files,
) -> Result<(), PublishError> {
    let (Some(records), Some(entry)) = (&tables.records, &mut dataset.records) else {
        dataset.records = None;
        return Ok(());
    };
    let batch = crate::protect::batch(records);
    let parquet = bytes(batch, context)?;
    let rows = batch.num_rows() as u64;
    let hash = sha256(&parquet);
    let stem = format!("{}/records", dataset.id);
    let path = files.add(&stem, &hash, "parquet", parquet, Some(rows));
    let (csv, json) = table_twins(batch, context)?;
    files.add(&stem, &hash, "csv", csv, Some(rows));
    files.add(&stem, &hash, "json", json, Some(rows));
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
    Ok(())
}
