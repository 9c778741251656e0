//! What a query answers with.

use serde::{Deserialize, Serialize};

/// A small table, by columns.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// How many rows every column has.
    pub rows: usize,
    /// The columns, in the order asked.
    pub columns: Vec<Column>,
}

/// One column of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Name.
    pub name: String,
    /// Values, one for each row.
    pub values: Values,
}

/// Values of one column; `None` where the file holds none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Values {
    /// Text; also days (`2020-12-31`) and truth values (`true`, `false`).
    Text(Vec<Option<String>>),
    /// Whole numbers.
    Integer(Vec<Option<i64>>),
    /// Floating-point numbers.
    Float(Vec<Option<f64>>),
}

impl Values {
    /// How many values there are, the missing ones included.
    pub fn len(&self) -> usize {
        match self {
            Self::Text(values) => values.len(),
            Self::Integer(values) => values.len(),
            Self::Float(values) => values.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Table {
    /// The column of a name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The text in a column and a row; none when it is missing or not text.
    pub fn text(&self, column: &str, row: usize) -> Option<&str> {
        match &self.column(column)?.values {
            Values::Text(values) => values.get(row)?.as_deref(),
            _ => None,
        }
    }

    /// The number in a column and a row; whole numbers are converted.
    pub fn float(&self, column: &str, row: usize) -> Option<f64> {
        match &self.column(column)?.values {
            Values::Float(values) => *values.get(row)?,
            Values::Integer(values) => values.get(row)?.map(|value| value as f64),
            Values::Text(_) => None,
        }
    }

    /// The whole number in a column and a row.
    pub fn integer(&self, column: &str, row: usize) -> Option<i64> {
        match &self.column(column)?.values {
            Values::Integer(values) => *values.get(row)?,
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_found_by_name_row_and_type() {
        let column = |name: &str, values| Column {
            name: name.to_owned(),
            values,
        };
        let table = Table {
            rows: 2,
            columns: vec![
                column("place", Values::Text(vec![Some("BJ".to_owned()), None])),
                column("n", Values::Integer(vec![Some(3), None])),
                column("value", Values::Float(vec![None, Some(0.5)])),
            ],
        };
        assert_eq!(table.text("place", 0), Some("BJ"));
        assert_eq!(table.text("place", 1), None);
        assert_eq!(table.text("n", 0), None);
        assert_eq!(table.float("n", 0), Some(3.0));
        assert_eq!(table.float("value", 1), Some(0.5));
        assert_eq!(table.integer("n", 0), Some(3));
        assert_eq!(table.integer("n", 9), None);
        assert_eq!(table.integer("absent", 0), None);
    }
}
