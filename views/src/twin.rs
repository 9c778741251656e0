//! Small tables in memory: the JSON twin of an indicator file.

use contract::snapshot::INDICATOR_COLUMNS;
use query::{Column, Query, Table, Values};
use serde::Deserialize;

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

/// What the JSON twin of an indicator file holds.
#[derive(Deserialize)]
pub struct Twin {
    columns: Vec<String>,
    rows: Vec<Line>,
}

impl Twin {
    /// The rows that pass the filters, as a reader of the Parquet file would answer.
    ///
    /// # Errors
    /// In words, when its columns are not those of an indicator file.
    pub fn table(self, query: &Query) -> Result<Table, String> {
        if self.columns != INDICATOR_COLUMNS {
            return Err(format!("its columns are {}", self.columns.join(", ")));
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
        let lines: Vec<Line> = self.rows.into_iter().filter(wanted).take(most).collect();
        let text = |get: fn(&Line) -> &String| {
            Values::Text(lines.iter().map(|line| Some(get(line).clone())).collect())
        };
        let float = |get: fn(&Line) -> Option<f64>| Values::Float(lines.iter().map(get).collect());
        let integer =
            |get: fn(&Line) -> Option<i64>| Values::Integer(lines.iter().map(get).collect());
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
        let table = twin(&columns).table(&query).unwrap();
        let rows = rows::rows(&table);
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].place, "6401");
        assert_eq!(rows[0].value, None);
        assert_eq!(rows[0].feasible, Some((2.0, 9.0)));
    }

    #[test]
    fn a_twin_of_other_columns_is_refused() {
        let query = rows::query(&["whistles"], "city", &["year"]);
        assert!(twin(r#"["place"]"#).table(&query).is_err());
    }
}
