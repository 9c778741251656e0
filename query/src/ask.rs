//! What a query asks for.

use serde::{Deserialize, Serialize};

/// Columns and rows wanted from one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    /// Names of the columns wanted, in the order of the answer; empty for all.
    pub columns: Vec<String>,
    /// A row is wanted when it passes every filter.
    pub filters: Vec<Filter>,
    /// The most rows wanted; none for all.
    pub limit: Option<usize>,
}

/// How many rows of each kind one file has. The answer is a table: the columns, then [`COUNT`], sorted, without
/// kinds that have no row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Names of the columns whose values tell the kinds apart: none, one or two.
    pub by: Vec<String>,
    /// A row is counted when it passes every filter.
    pub filters: Vec<Filter>,
}

/// Name of the column that holds the number of rows of each kind.
pub const COUNT: &str = "count";

/// A condition on one column of text, whole numbers, days or truth values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// Name of the column.
    pub column: String,
    /// A row passes when its value, written as in an answer, is one of these. A missing value passes never.
    pub any_of: Vec<String>,
}
