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

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Granularity, Level, Localised, Period, cell::names, snapshot::TOTAL};

/// The version of the dataset contract format that this crate reads.
pub const DATASET_FORMAT: u32 = 1;

/// One dataset as its publisher declares it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DatasetContract {
    /// [`DATASET_FORMAT`].
    pub format: u32,
    /// What is published of it.
    #[serde(default)]
    pub kind: DatasetKind,
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
    /// How the exports are laid out, where that cannot be seen from the files.
    #[serde(default)]
    pub source: Source,
    /// The column of type `place` that locates a row; needed by indicators.
    #[serde(default)]
    pub place: String,
    /// The column of type `datetime` or `date` that dates a row; needed by indicators.
    #[serde(default)]
    pub period: String,
    /// Levels of place that indicators are computed for.
    #[serde(default)]
    pub levels: Vec<Level>,
    /// Lengths of period that indicators are computed for.
    #[serde(default)]
    pub granularities: Vec<Granularity>,
    /// The lengths of period of single levels, in every breakdown: `community = ["year"]`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub granularities_at: BTreeMap<Level, Vec<Granularity>>,
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
    /// Columns that together may hold the same values in one row only, over all files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unique_together: Vec<Vec<String>>,
    /// The rows are repeated observations of things, of which a period shows the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stock: Option<Stock>,
    /// Quantities of one community, for indicators whose unit is the community.
    #[serde(
        default,
        rename = "place_measure",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub place_measures: Vec<PlaceMeasure>,
    /// Of a table: the columns by which its rows are sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sort: Vec<String>,
    /// Of a table: the text column that names a place by a path such as `银川市/西夏区/盈北社区`; the code
    /// of the place, where the register has it, is published beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place_path: Option<String>,
    /// Of a table: where its figures were published before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub citation: Option<Citation>,
    /// Of a table of claims: the indicators that can check them.
    #[serde(default, rename = "check", skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
    /// Sets of rows that indicators count, and how they contain one another.
    #[serde(default, rename = "population")]
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

/// What is published of a dataset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DatasetKind {
    /// Indicators.
    #[default]
    Indicators,
    /// The rows themselves, exactly: only for what is public by nature.
    Table,
}

/// Rows as repeated observations of things that last: a period shows, of each thing, the last observation
/// on or before its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Stock {
    /// The column that is the same in every observation of one thing.
    pub key: String,
    /// The column by which observations of one month are put in order.
    pub order: String,
}

/// A quantity of one community in one period, from its rows. A community without rows has 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PlaceMeasure {
    /// Name in the SQL of indicators, beside `households`.
    pub name: String,
    /// Title.
    pub title: Localised,
    /// SQL aggregate of integer type over the community's rows.
    pub sql: String,
}

/// Where figures were published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// Title of the work.
    pub title: Localised,
    /// Who published it.
    pub publication: Localised,
    /// Its authors.
    pub authors: Localised,
    /// The day of publication, `YYYY-MM-DD`.
    pub date: String,
}

/// How an indicator can check a claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Value of the table's column `figure_id`.
    pub claim: String,
    /// `dataset.indicator`.
    pub indicator: String,
    /// `breakdown.class` of the indicator; none: its total.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// The period whose value checks the claim; none: the claim's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// How the indicator's value must stand to the figure for the claim to be confirmed; none: as the
    /// claim's qualifier says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Comparison>,
    /// What the indicator is compared with instead of the figure (100 where the claim says "every").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Why the indicator checks the claim.
    pub note: Localised,
}

/// How a value must stand to a claimed figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// Equal, as far as the figure is written out.
    Equal,
    /// Greater.
    MoreThan,
    /// Not smaller.
    AtLeast,
    /// Not greater.
    AtMost,
    /// Smaller by at most a tenth, or equal.
    Nearly,
}

names!(Comparison {
    Equal => "equal",
    MoreThan => "more_than",
    AtLeast => "at_least",
    AtMost => "at_most",
    Nearly => "nearly",
});

/// `[source]`: how the exports of a dataset are laid out. Everything is optional: sheets, title rows,
/// two-level headers and units in title cells are found by themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Sheets of a workbook to read (`*` stands for any characters); absent: every visible sheet that has the
    /// needed columns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheets: Option<String>,
    /// The row, from 1, on which the header begins, in a text file as in a workbook; absent: the row that fits the
    /// contract best.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header_row: Option<u32>,
    /// First cells that mark a row as a total, to be rejected under the rule `total`; absent: 合计, 总计, 小计,
    /// 累计, their traditional forms, and Total, Subtotal and Grand total.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_markers: Option<Vec<String>>,
    /// What becomes of a row that repeats an earlier one in every field.
    #[serde(default)]
    pub duplicates: Duplicates,
}

/// What becomes of a row that repeats an earlier one in every field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Duplicates {
    /// It is rejected under the rule `duplicate`.
    #[default]
    Reject,
    /// It counts: rows of this export do not name what they are about, so that two may be alike.
    Keep,
}

/// What a column may hold after it has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    /// Any text.
    Text,
    /// A whole number.
    Integer,
    /// A decimal number; only in tables, which publish it as a 64-bit float.
    Decimal,
    /// An amount of money; held in fen (1/100 yuan) as an integer.
    Money,
    /// An area; held in hundredths of a square metre as an integer.
    Area,
    /// A calendar day; a month alone means its first day.
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Names a person or a case: never leaves the raw zone.
    Identifier,
    /// Free text: never leaves the raw zone.
    FreeText,
    /// Names a person or a case, and is replaced by a keyed pseudonym (HMAC-SHA-256, another key for each
    /// snapshot), so that rows of one snapshot can be counted by it.
    Pseudonym,
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// Unit of the raw numbers: `fen`, `yuan`, `thousand_yuan`, `ten_thousand_yuan`, `square_metre`, or free. A
    /// unit that the export itself declares (单位:万元 in a title cell, `预算(万元)` in a header, `3万元` in a
    /// cell) goes before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Role in disclosure control.
    pub role: Role,
    /// Headers under which exports hold it, besides `name`.
    #[serde(default)]
    pub source_names: Vec<String>,
    /// Headers whose values, joined by `-`, are the value: an export with year and month in two columns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joined: Vec<String>,
    /// The value stands in a title cell above the header, where `*` is in this pattern (`至*止`): it holds
    /// for every row of the sheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_title: Option<String>,
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
    /// Groups of the declared values: the column's hierarchy. A column `<name>_group` holds them in SQL.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Category>,
    /// Code of the declared value that stands for every undeclared one; none: undeclared values are rejected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<String>,
}

/// One declared value of a category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Code in published files.
    pub code: String,
    /// Title.
    pub title: Localised,
    /// Texts of the export that mean it, besides the code and the titles; `*` stands for any characters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Code of its group, where the column declares groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

/// A column computed from a validated row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Breakdown {
    /// Identifier, part of file names and URLs.
    pub id: String,
    /// Title.
    pub title: Localised,
    /// The column: a category, the group of one (`<name>_group`), or a list, whose rows then count in each
    /// of their classes.
    pub column: String,
    /// The population that it classifies; none: every row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// The indicators that it is published for; empty: every one that does not say otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indicators: Vec<String>,
    /// The class that takes in every class too small to publish, the same in every table.
    pub fallback: Category,
    /// Levels of place that it is published for.
    pub levels: Vec<Level>,
    /// Lengths of period that it is published for.
    pub granularities: Vec<Granularity>,
}

/// The record-level file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordLevel {
    /// The quasi-identifiers, each with its recodings from the finest to the coarsest.
    pub keys: Vec<RecordKey>,
    /// Further columns, published as they are: outcomes in bands, flags. One that is too rare beside the keys is
    /// left out.
    pub values: Vec<String>,
    /// Least number of distinct values of each of them among records that agree in every key.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub l: u64,
    /// Greatest distance of their distribution among such records from the whole file's, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub t: Option<f64>,
    /// Names of keys and further columns that are left out only where nothing else helps: what readers compare.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keep: Vec<String>,
}

fn one() -> u64 {
    1
}

fn is_one(number: &u64) -> bool {
    *number == 1
}

/// One quasi-identifier and how it may be recoded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, tag = "policy", rename_all = "snake_case")]
pub enum DisclosurePolicy {
    /// Public by nature (public money by community and fund line, public floor area): exact.
    Public {
        /// Why it is public.
        reason: Localised,
        /// The rows that are not, and how they are handled.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        persons: Option<Persons>,
    },
    /// No class of 1 to `threshold - 1` may be read or computed: single cells are suppressed in the tables that
    /// `cells` names, and any other table is withheld as a whole.
    MinimumFrequency {
        /// Least number of rows behind a non-zero class.
        threshold: u64,
        /// Least number behind a median or percentile, which are values of individuals.
        order_statistic_threshold: u64,
        /// How far apart the least and the greatest possible count of every suppressed cell must lie; none: the
        /// threshold.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        width: Option<u64>,
        /// How many contributors may attack together, each knowing that the own record is counted; 1 is an insider.
        /// None: outsiders only.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        coalition: Option<u64>,
        /// How many ways to suppress fewer counts are tried, from the linear relaxation on, which also tells how many
        /// must be suppressed at least. More withhold less and take longer. None: neither search nor bound; nor in
        /// systems whose parts have more than 10,000 counts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        search: Option<u32>,
        /// The tables in which single cells are suppressed.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        cells: Vec<CellSuppression>,
    },
}

/// Tables in which cells are suppressed one by one, every indicator's alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CellSuppression {
    /// The breakdowns; none: the tables without breakdown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breakdowns: Vec<String>,
    /// Levels of place.
    pub levels: Vec<Level>,
    /// Lengths of period.
    pub granularities: Vec<Granularity>,
}

impl CellSuppression {
    /// Whether it names a table.
    pub fn covers(&self, breakdown: &str, level: Level, granularity: Granularity) -> bool {
        let breakdowns = match self.breakdowns.as_slice() {
            [] => breakdown == TOTAL,
            named => named.iter().any(|id| id == breakdown),
        };
        breakdowns && self.levels.contains(&level) && self.granularities.contains(&granularity)
    }
}

/// Rows of a public dataset that are about persons, such as money paid to them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Persons {
    /// Their population.
    pub of: String,
    /// The breakdowns that are public as they are; any other one is withheld as a whole at a level and
    /// length of period where a class of it holds 1 to `threshold - 1` of the rows.
    pub exempt: Vec<String>,
    /// Least number of the rows in a class.
    pub threshold: u64,
    /// Who stands behind the rows, and with how much; none: rows are counted, whoever they are of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contributors: Option<Contributors>,
}

/// Persons behind amounts, such as payees. Rows of one of them count as one; a class to which few contribute, or in which
/// a magnitude rule finds one of them too exposed, withholds its table like one of few rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Contributors {
    /// The column that names them. Its values are replaced by numbers in the raw zone.
    pub column: String,
    /// The columns of what they contribute, each judged by itself by the magnitude rules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub amounts: Vec<String>,
    /// p% rule: nobody who knows the own amount may estimate the greatest one to within so many per cent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p_percent: Option<u32>,
    /// (n, k) dominance: the greatest `n` may not make up more than `k` per cent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dominance: Option<Dominance>,
}

/// (n, k).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Dominance {
    /// How many of the greatest.
    pub n: usize,
    /// Per cent.
    pub k: u32,
}

/// The column that takes the place of the one that names [`Contributors`].
pub const CONTRIBUTOR: &str = "contributor";

impl DatasetContract {
    /// The classes of a column: its declared values, or its groups when named `<column>_group`.
    pub fn classes(&self, column: &str) -> &[Category] {
        let named = |name: &str| self.columns.iter().find(|c| c.name == name);
        let groups = || Some(named(column.strip_suffix(GROUP_SUFFIX)?)?.groups.as_slice());
        named(column)
            .map(|c| c.values.as_slice())
            .or_else(groups)
            .unwrap_or_default()
    }

    /// The lengths of period of a level, out of those wanted.
    pub fn granularities_of(&self, level: Level, wanted: &[Granularity]) -> Vec<Granularity> {
        let allowed = self.granularities_at.get(&level);
        wanted
            .iter()
            .copied()
            .filter(|granularity| allowed.is_none_or(|allowed| allowed.contains(granularity)))
            .collect()
    }
}

/// What the name of the column of groups adds to the name of its column.
pub const GROUP_SUFFIX: &str = "_group";
