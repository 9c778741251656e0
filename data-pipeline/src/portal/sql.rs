//! Every SQL expression of a contract is planned, without rows, before any row is read: unknown columns
//! and types that do not fit are found at once, with the file named.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use contract::{Level, dataset::DatasetKind};
use datafusion::{
    datasource::MemTable,
    prelude::{DataFrame, SessionContext},
};

use super::{Dataset, Instance, PortalError, malformed};
use crate::{
    aggregate::{self, community_measures, level_column},
    deidentify, validate,
};

/// Plans the SQL of every dataset of an instance.
///
/// # Errors
/// Names the file, the declaration in it, and what SQL found wrong.
pub async fn check_sql(instance: &Instance) -> Result<(), PortalError> {
    for dataset in &instance.datasets {
        check_dataset(dataset).await?;
    }
    Ok(())
}

/// A session with an empty table.
fn session(name: &str, schema: SchemaRef, path: &Path) -> Result<SessionContext, PortalError> {
    let context = SessionContext::new();
    let table = MemTable::try_new(schema, vec![Vec::new()]).map(Arc::new);
    table
        .and_then(|table| context.register_table(name, table))
        .map_err(|e| malformed(path, e.to_string()))?;
    Ok(context)
}

async fn plan(
    context: &SessionContext,
    path: &Path,
    what: &str,
    sql: &str,
) -> Result<DataFrame, PortalError> {
    context
        .sql(sql)
        .await
        .map_err(|error| malformed(path, format!("{what}: {}", error.strip_backtrace())))
}

async fn check_dataset(dataset: &Dataset) -> Result<(), PortalError> {
    let contract = &dataset.contract;
    let path = dataset.contract_file();
    let raw = session("rows", validate::schema(contract), &path)?;
    for rule in &contract.rules {
        let sql = format!("SELECT ({}) IS NOT FALSE FROM rows", rule.sql);
        plan(&raw, &path, &format!("rule {:?}", rule.id), &sql).await?;
    }
    for derived in &contract.derived {
        let sql = format!("SELECT ({}) FROM rows", derived.sql);
        plan(
            &raw,
            &path,
            &format!("derived column {:?}", derived.name),
            &sql,
        )
        .await?;
    }
    if contract.kind == DatasetKind::Table {
        return Ok(());
    }
    let kept = deidentify::projection(contract);
    let kept = plan(&raw, &path, "columns", &format!("SELECT {kept} FROM rows")).await?;
    let kept = session("rows", Arc::new(kept.schema().as_arrow().clone()), &path)?;
    let conditions: BTreeMap<&str, &str> = contract
        .populations
        .iter()
        .map(|p| (p.id.as_str(), p.condition.as_str()))
        .collect();
    for population in &contract.populations {
        let sql = format!("SELECT count(*) FROM rows WHERE {}", population.condition);
        let what = format!("population {:?}", population.id);
        plan(&kept, &path, &what, &sql).await?;
    }
    for breakdown in &contract.breakdowns {
        let sql = format!(
            "SELECT * FROM {}",
            aggregate::source(contract, "rows", breakdown)
        );
        let what = format!("breakdown {:?}", breakdown.id);
        plan(&kept, &path, &what, &sql).await?;
    }
    for measure in &contract.place_measures {
        let place = level_column(Level::Community);
        let sql = format!("SELECT \"{place}\", ({}) FROM rows GROUP BY 1", measure.sql);
        let what = format!("place measure {:?}", measure.name);
        plan(&kept, &path, &what, &sql).await?;
    }
    for key in contract.records.iter().flat_map(|records| &records.keys) {
        for recoding in &key.recodings {
            let sql = format!("SELECT ({recoding}) FROM rows");
            let what = format!("recoding of {:?}", key.name);
            plan(&kept, &path, &what, &sql).await?;
        }
    }
    let communities = session("rows", communities(dataset), &path)?;
    for indicator in &dataset.indicators {
        let path = dataset.indicator_file(&indicator.id);
        let formula = &indicator.formula;
        let (context, measures) = if formula.is_of_places() {
            (&communities, community_measures(formula))
        } else {
            (&kept, aggregate::measures(formula, &conditions))
        };
        for sql in measures.into_iter().flatten() {
            let sql = format!("SELECT {sql} FROM rows");
            plan(context, &path, "formula", &sql).await?;
        }
    }
    Ok(())
}

/// The columns that formulas of communities see.
fn communities(dataset: &Dataset) -> SchemaRef {
    let measures = dataset.contract.place_measures.iter().map(|m| &m.name);
    let fields = ["households"]
        .into_iter()
        .chain(measures.map(String::as_str))
        .map(|name| Field::new(name, DataType::Int64, true));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}
