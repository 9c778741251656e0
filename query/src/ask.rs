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

/// A condition on one text column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// Name of the column.
    pub column: String,
    /// A row passes when its text is one of these. A missing text passes never.
    pub any_of: Vec<String>,
}
