//! Which field of an export each declared column comes from.

use std::path::Path;

use contract::dataset::{Column, ColumnType, DatasetContract};

use crate::{
    ingest::{self, Expected, Header, IngestError, Table},
    values::{Unit, header_key},
};

/// Where a column's values come from in one table.
pub(super) enum Origin {
    Field(usize),
    /// Several fields, joined by `-`.
    Joined(Vec<usize>),
    /// A title cell.
    Title(String),
    Absent,
}

/// How one table maps to the contract.
pub(super) struct Mapping {
    pub(super) origins: Vec<Origin>,
    /// The unit that header or title declare for each column.
    pub(super) units: Vec<Option<Unit>>,
    /// The table's fields in the order of their headers, by which rows of differently ordered files compare.
    pub(super) order: Vec<usize>,
    /// Headers that the contract does not know.
    pub(super) unknown: Vec<Header>,
}

/// The headers that a column may have, the one that clerks know it by first.
fn names(column: &Column) -> Vec<String> {
    let mut names = vec![column.title.zh.clone(), column.name.clone()];
    names.extend(column.source_names.iter().cloned());
    names
}

/// What reading the dataset's exports needs to know.
pub(super) fn expected(contract: &DatasetContract) -> Expected {
    let mut expected = Expected {
        source: contract.source.clone(),
        ..Expected::default()
    };
    for column in contract.columns.iter().filter(|c| c.from_title.is_none()) {
        let sources = if column.joined.is_empty() {
            vec![names(column)]
        } else {
            column
                .joined
                .iter()
                .map(|name| vec![name.clone()])
                .collect()
        };
        for names in sources {
            expected.columns.push(names);
            expected.needed.push(!column.may_be_absent);
        }
    }
    expected
}

/// Maps a table whose needed columns are there.
pub(super) fn map(
    contract: &DatasetContract,
    file: &Path,
    table: &Table,
) -> Result<Mapping, IngestError> {
    let headers = &table.headers;
    let mut used = vec![false; headers.len()];
    let (mut origins, mut units) = (Vec::new(), Vec::new());
    for column in &contract.columns {
        let origin = if let Some(pattern) = &column.from_title {
            title(pattern, &table.titles).map_or(Origin::Absent, Origin::Title)
        } else if column.joined.is_empty() {
            ingest::position(headers, &names(column)).map_or(Origin::Absent, Origin::Field)
        } else {
            let parts = column.joined.iter();
            let parts: Option<Vec<usize>> = parts
                .map(|name| ingest::position(headers, std::slice::from_ref(name)))
                .collect();
            parts.map_or(Origin::Absent, Origin::Joined)
        };
        if matches!(origin, Origin::Absent) && !column.may_be_absent {
            return Err(IngestError::MissingColumn {
                file: file.to_owned(),
                column: column.title.zh.clone(),
                found: table.titles.join(", "),
                advice: "A title cell should hold it, as `from_title` in the contract says"
                    .to_owned(),
            });
        }
        let fields = match &origin {
            Origin::Field(at) => std::slice::from_ref(at),
            Origin::Joined(parts) => parts,
            _ => &[],
        };
        fields.iter().for_each(|&at| used[at] = true);
        let declared = match &origin {
            Origin::Field(at) => headers[*at].unit,
            _ => None,
        };
        units.push(match column.kind {
            ColumnType::Money => declared.filter(|u| u.fen().is_some()).or(table.money),
            ColumnType::Area => declared.filter(|u| u.hundredths().is_some()).or(table.area),
            _ => None,
        });
        origins.push(origin);
    }
    let mut order: Vec<usize> = (0..headers.len()).collect();
    order.sort_by_key(|&at| header_key(&headers[at].text));
    let unknown = (0..headers.len())
        .filter(|&at| !used[at] && !headers[at].text.is_empty())
        .map(|at| headers[at].clone())
        .collect();
    Ok(Mapping {
        origins,
        units,
        order,
        unknown,
    })
}

/// What stands in the first title cell that fits a pattern, where its `*` is.
fn title(pattern: &str, titles: &[String]) -> Option<String> {
    let (before, after) = pattern.split_once('*')?;
    titles.iter().find_map(|text| {
        let start = text.find(before)? + before.len();
        let rest = &text[start..];
        let end = if after.is_empty() {
            rest.len()
        } else {
            rest.find(after)?
        };
        let value = rest[..end].trim();
        (!value.is_empty()).then(|| value.to_owned())
    })
}

/// Columns that may be absent and are, each with the header that comes nearest, when one does.
pub(super) fn absent(
    contract: &DatasetContract,
    mapping: &Mapping,
) -> Vec<(String, Option<String>)> {
    let columns = contract.columns.iter().zip(&mapping.origins);
    columns
        .filter(|(_, origin)| matches!(origin, Origin::Absent))
        .map(|(column, _)| {
            let near = ingest::nearest(&names(column), &mapping.unknown).map(Header::shown);
            (column.title.zh.clone(), near)
        })
        .collect()
}
