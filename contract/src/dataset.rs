//! The declaration of one dataset: `datasets/<id>/contract.toml`.
//!
//! ```toml
//! format = 1
//! id = "whistle"
//! title = { zh = "街道吹哨、部门报到", en = "Whistle cases" }
//!
//! [[column]]
//! name = "tier"
//! title = { zh = "哨级", en = "Tier" }
//! type = "category"
//! role = "dimension"
//! source_names = ["哨级"]
//! values = [{ code = "daily", title = { zh = "日常哨", en = "Daily" }, aliases = ["日常"] }]
//! ```

use serde::{Deserialize, Serialize};

use crate::{Granularity, Level, Localised};

/// The version of the dataset contract format that this crate reads.
pub const DATASET_FORMAT: u32 = 1;

/// One dataset as its publisher declares it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatasetContract {
    /// [`DATASET_FORMAT`].
    pub format: u32,
    /// Identifier: the folder's name, `a-z`, digits and `_`.
    pub id: String,
    /// Title.
    pub title: Localised,
    /// One paragraph for readers: what it holds and where it comes from.
    pub summary: Localised,
    /// What one row of the raw export is.
    pub grain: Localised,
    /// File names in the raw zone that hold it; `*` stands for any characters.
    pub files: Vec<String>,
    /// The column of type `place` that locates a row.
    pub place: String,
    /// The column of type `datetime` or `date` that dates a row.
    pub period: String,
    /// Levels of place that indicators are computed for.
    pub levels: Vec<Level>,
    /// Lengths of period that indicators are computed for.
    pub granularities: Vec<Granularity>,
    /// Months after the end of a period until its figures no longer change; until then they are provisional.
    #[serde(default)]
    pub settles_after_months: u32,
    /// The columns, in the order of the dictionary.
    #[serde(rename = "column")]
    pub columns: Vec<Column>,
    /// Columns computed from the validated row before it is de-identified.
    #[serde(default, rename = "derived")]
    pub derived: Vec<Derived>,
    /// Row rules; a row that breaks one is quarantined.
    #[serde(default, rename = "rule")]
    pub rules: Vec<Rule>,
    /// Sets of rows that indicators count, and how they contain one another.
    #[serde(rename = "population")]
    pub populations: Vec<Population>,
    /// Classifications that indicators are broken down by.
    #[serde(default, rename = "breakdown")]
    pub breakdowns: Vec<Breakdown>,
    /// The record-level file; none when the dataset publishes none.
    #[serde(default)]
    pub records: Option<RecordLevel>,
    /// How the dataset is protected.
    pub disclosure: DisclosurePolicy,
}

/// What a column may hold after it has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    /// Any text.
    Text,
    /// A whole number.
    Integer,
    /// An amount of money; held in fen (1/100 yuan) as an integer.
    Money,
    /// An area; held in hundredths of a square metre as an integer.
    Area,
    /// A calendar day.
    Date,
    /// A moment, to the second, in the city's own time.
    Datetime,
    /// Yes or no.
    Boolean,
    /// One of the declared values.
    Category,
    /// Several of the declared values, separated by `、`, `;`, `,` or `|`.
    CategoryList,
    /// A place of the register, by code or by name.
    Place,
}

/// What a column is to disclosure control (Hundepool et al., 2012, section 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Names a person or a case: never leaves the raw zone.
    Identifier,
    /// Free text: never leaves the raw zone.
    FreeText,
    /// Could single a person out together with others.
    QuasiIdentifier,
    /// Says something about a person that others should not learn.
    Sensitive,
    /// Classifies.
    Dimension,
    /// Is counted, summed or ranked.
    Measure,
}

impl Role {
    /// Whether a column of this role is dropped when rows are de-identified.
    pub fn is_dropped(self) -> bool {
        matches!(self, Self::Identifier | Self::FreeText)
    }
}

/// One column of the raw export.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Name in published files and in SQL.
    pub name: String,
    /// Title.
    pub title: Localised,
    /// Meaning, for the dictionary.
    #[serde(default)]
    pub meaning: Localised,
    /// Type.
    #[serde(rename = "type")]
    pub kind: ColumnType,
    /// Unit of the raw numbers: `fen`, `yuan`, `thousand_yuan`, `ten_thousand_yuan`, `square_metre`, or free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Role in disclosure control.
    pub role: Role,
    /// Headers under which exports hold it, besides `name`.
    #[serde(default)]
    pub source_names: Vec<String>,
    /// Texts that mean "no value", besides the empty text.
    #[serde(default)]
    pub nulls: Vec<String>,
    /// A row without a value is rejected.
    #[serde(default)]
    pub required: bool,
    /// The export need not have the column; indicators that need it are then `not_collected`.
    #[serde(default)]
    pub may_be_absent: bool,
    /// No two rows may hold the same value.
    #[serde(default)]
    pub unique: bool,
    /// Least accepted number, in the held unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// Greatest accepted number, in the held unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    /// Declared values of a category.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Category>,
    /// Code of the declared value that stands for every undeclared one; none: undeclared values are rejected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<String>,
}

/// One declared value of a category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Code in published files.
    pub code: String,
    /// Title.
    pub title: Localised,
    /// Texts of the export that mean it, besides the code and the titles; `*` stands for any characters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
}

/// A column computed from a validated row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Derived {
    /// Name in SQL.
    pub name: String,
    /// Title.
    pub title: Localised,
    /// SQL expression over the row's columns.
    pub sql: String,
    /// Role; dropped roles are refused.
    pub role: Role,
}

/// A condition that every row meets. As with SQL's CHECK, a condition that is unknown is met.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Identifier in reports and in the quarantine file.
    pub id: String,
    /// What is wrong and what to do.
    pub message: Localised,
    /// SQL expression that is true for a good row.
    pub sql: String,
}

/// A set of rows. Containment is declared, checked at each run, and used by disclosure control: the
/// difference between a set and any set that contains it can be computed by every reader.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Population {
    /// Identifier.
    pub id: String,
    /// Title.
    pub title: Localised,
    /// SQL condition that is true for its rows.
    #[serde(rename = "where")]
    pub condition: String,
    /// The populations that contain it directly; empty for the whole dataset.
    #[serde(default)]
    pub within: Vec<String>,
    /// Name of the partition that it belongs to: populations of one partition and one parent are
    /// disjoint, and together they are the parent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partition: Option<String>,
}

/// A classification that indicators are broken down by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Breakdown {
    /// Identifier, part of file names and URLs.
    pub id: String,
    /// Title.
    pub title: Localised,
    /// The category column.
    pub column: String,
    /// The class that takes in every class too small to publish, the same in every table.
    pub fallback: Category,
    /// Levels of place that it is published for.
    pub levels: Vec<Level>,
    /// Lengths of period that it is published for.
    pub granularities: Vec<Granularity>,
}

/// The record-level file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordLevel {
    /// The quasi-identifiers, each with its recodings from the finest to the coarsest.
    pub keys: Vec<RecordKey>,
    /// Further columns, published as they are: outcomes in bands, flags.
    pub values: Vec<String>,
}

/// One quasi-identifier and how it may be recoded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordKey {
    /// Name of the published column.
    pub name: String,
    /// Title.
    pub title: Localised,
    /// SQL expressions, the finest first. The last step beyond them is always "not told".
    pub recodings: Vec<String>,
}

/// How a dataset is protected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, tag = "policy", rename_all = "snake_case")]
pub enum DisclosurePolicy {
    /// Public by nature (public money by community and fund line, public floor area): exact.
    Public {
        /// Why it is public.
        reason: Localised,
    },
    /// A whole table is withheld when a class of 1 to `threshold - 1` could be read or computed in it.
    MinimumFrequency {
        /// Least number of rows behind a non-zero class.
        threshold: u64,
        /// Least number behind a median or percentile, which are values of individuals.
        order_statistic_threshold: u64,
    },
}
