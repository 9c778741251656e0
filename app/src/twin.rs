//! Small tables without a worker: the JSON twin of an indicator file, checked and filtered on the main thread.

use contract::snapshot::{File, INDICATOR_COLUMNS};
use query::{Column, Query, Table, Values};
use serde::Deserialize;

use crate::{
    client,
    fetch::{self, Freshness},
    json::Node,
    protocol::Failure,
    published::{self, Snapshot},
    shapes::Shape,
};

/// The texts of a row, its six numbers' places between them: the order of [`INDICATOR_COLUMNS`].
type Line = (
    String,
    String,
    String,
    String,
    String,
    String,
    Option<f64>,
    Option<i64>,
    Option<i64>,
    Option<f64>,
    Option<f64>,
    Option<f64>,
    Option<f64>,
    String,
    String,
);

#[derive(Deserialize)]
struct Twin {
    columns: Vec<String>,
    rows: Vec<Line>,
}

impl Shape for Twin {
    fn read(node: Node) -> Result<Self, serde_json::Error> {
        Self::deserialize(node)
    }
}

/// The largest twin that is worth its bytes: of a larger table, the worker reads no more than it needs.
const MOST_BYTES: u64 = 256 * 1024;

/// Rows of an indicator file: from its JSON twin where that is small, otherwise through the worker.
pub async fn read(snapshot: &Snapshot, path: &str, query: Query) -> Result<Table, Failure> {
    let Some(file) = published(snapshot, path) else {
        return client::read(snapshot, path, query).await;
    };
    let url = format!("{}{}", snapshot.root, file.path);
    let bytes = fetch::file(&url, Freshness::Immutable).await?;
    let name = fetch::name(&url);
    published::check_hash(&name, &bytes, &file.sha256)?;
    let twin = published::versioned(&name, &bytes)?;
    table(&name, twin, &query)
}

fn published<'a>(snapshot: &'a Snapshot, path: &str) -> Option<&'a File> {
    let stem = path.strip_suffix(".parquet")?;
    let twin = snapshot.manifest.file(&format!("{stem}.json"))?;
    (twin.bytes <= MOST_BYTES).then_some(twin)
}

/// The rows that pass the filters, as the worker would answer.
fn table(name: &str, twin: Twin, query: &Query) -> Result<Table, Failure> {
    if twin.columns != INDICATOR_COLUMNS {
        return Err(Failure::Unreadable {
            what: name.to_owned(),
            details: format!("its columns are {}", twin.columns.join(", ")),
        });
    }
    let wanted = |line: &Line| {
        query.filters.iter().all(|filter| {
            let value = match filter.column.as_str() {
                "indicator" => &line.0,
                "level" => &line.1,
                "granularity" => &line.2,
                "place" => &line.3,
                "period" => &line.4,
                "class" => &line.5,
                "status" => &line.13,
                "revision" => &line.14,
                _ => return false,
            };
            filter.any_of.contains(value)
        })
    };
    let most = query.limit.unwrap_or(usize::MAX);
    let lines: Vec<Line> = twin.rows.into_iter().filter(wanted).take(most).collect();
    let text = |get: fn(&Line) -> &String| {
        Values::Text(lines.iter().map(|line| Some(get(line).clone())).collect())
    };
    let float = |get: fn(&Line) -> Option<f64>| Values::Float(lines.iter().map(get).collect());
    let integer = |get: fn(&Line) -> Option<i64>| Values::Integer(lines.iter().map(get).collect());
    let values = [
        text(|line| &line.0),
        text(|line| &line.1),
        text(|line| &line.2),
        text(|line| &line.3),
        text(|line| &line.4),
        text(|line| &line.5),
        float(|line| line.6),
        integer(|line| line.7),
        integer(|line| line.8),
        float(|line| line.9),
        float(|line| line.10),
        float(|line| line.11),
        float(|line| line.12),
        text(|line| &line.13),
        text(|line| &line.14),
    ];
    let columns = INDICATOR_COLUMNS.into_iter().zip(values);
    Ok(Table {
        rows: lines.len(),
        columns: columns
            .map(|(name, values)| Column {
                name: name.to_owned(),
                values,
            })
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows;

    fn twin(columns: &str) -> Twin {
        let text = format!(
            r#"{{"format":1,"columns":{columns},"rows":[
            ["whistles","city","year","64","2020","total",2714.0,2714,null,null,null,null,null,"published","final"],
            ["whistles","district","year","6401","2020","total",null,null,null,null,null,2.0,9.0,"suppressed","final"]]}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn the_twin_answers_as_the_worker_does() {
        let columns = serde_json::to_string(&INDICATOR_COLUMNS).unwrap();
        let query = rows::query(&["whistles"], "district", &["year"]);
        let table = table("a.json", twin(&columns), &query).unwrap();
        let rows = rows::rows(&table);
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].place, "6401");
        assert_eq!(rows[0].value, None);
        assert_eq!(rows[0].feasible, Some((2.0, 9.0)));
    }

    #[test]
    fn a_twin_of_other_columns_is_refused() {
        let query = rows::query(&["whistles"], "city", &["year"]);
        assert!(table("a.json", twin(r#"["place"]"#), &query).is_err());
    }
}
