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
    /// What the file calls each column; its title where it has no header of its own.
    pub(super) names: Vec<String>,
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
    let mut origins = Vec::new();
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
            // Without `from_title`, reading the header has found it missing.
            return Err(IngestError::MissingTitle {
                file: file.to_owned(),
                column: column.title.zh.clone(),
                pattern: column.from_title.clone().unwrap_or_default(),
                titles: table.titles.len(),
            });
        }
        let fields = match &origin {
            Origin::Field(at) => std::slice::from_ref(at),
            Origin::Joined(parts) => parts,
            _ => &[],
        };
        fields.iter().for_each(|&at| used[at] = true);
        origins.push(origin);
    }
    let units = units(contract, file, table, &origins)?;
    let columns = contract.columns.iter().zip(&origins);
    let names = columns.map(|(column, origin)| match origin {
        Origin::Field(at) => headers[*at].shown(),
        _ => column.title.zh.clone(),
    });
    let names = names.collect();
    let mut order: Vec<usize> = (0..headers.len()).collect();
    order.sort_by_key(|&at| header_key(&headers[at].text));
    let unknown = (0..headers.len())
        .filter(|&at| !used[at] && !headers[at].text.is_empty())
        .map(|at| headers[at].clone())
        .collect();
    Ok(Mapping {
        origins,
        names,
        units,
        order,
        unknown,
    })
}

/// The unit that header or title declare for each column.
///
/// # Errors
/// When a column cannot be in the unit: read without it, every value would be wrong by some factor.
fn units(
    contract: &DatasetContract,
    file: &Path,
    table: &Table,
    origins: &[Origin],
) -> Result<Vec<Option<Unit>>, IngestError> {
    let file = || match &table.sheet {
        Some(sheet) => format!("{} [{sheet}]", file.display()).into(),
        None => file.to_owned(),
    };
    let (mut units, mut without, mut owned) = (Vec::new(), Vec::new(), Vec::new());
    for (column, origin) in contract.columns.iter().zip(origins) {
        let header = match origin {
            Origin::Field(at) => Some(&table.headers[*at]),
            _ => None,
        };
        let own = header.and_then(|header| header.unit);
        if let (Some(unit), Some(header)) = (own, header) {
            // A contract that lists the whole header knows what it does with its unit.
            let known = !is_measured(column) && header.is_named(&names(column));
            if !known && !fits(column, unit) {
                return Err(IngestError::UnitOfHeader {
                    file: file(),
                    column: column.title.zh.clone(),
                    unit,
                    kind: column.kind,
                });
            }
        }
        owned.extend(own);
        if own.is_none() && !matches!(origin, Origin::Absent) && has_unit(column) {
            without.push(column);
        }
        units.push(match column.kind {
            ColumnType::Money => own.or(table.money),
            ColumnType::Area => own.or(table.area),
            _ => None,
        });
    }
    let declared: Vec<Unit> = table.money.into_iter().chain(table.area).collect();
    // A title may also repeat what a header says.
    let is_fit =
        |unit: &Unit| owned.contains(unit) || without.iter().any(|column| fits(column, *unit));
    match (declared.first(), without.first()) {
        (Some(&unit), Some(column)) if !declared.iter().any(is_fit) => {
            Err(IngestError::UnitOfTitle {
                file: file(),
                column: column.title.zh.clone(),
                unit,
                kind: column.kind,
            })
        }
        _ => Ok(units),
    }
}

/// Whether a column's values are brought to one unit when they are read.
fn is_measured(column: &Column) -> bool {
    matches!(column.kind, ColumnType::Money | ColumnType::Area)
}

/// Whether a column's values are in some unit of money or area.
fn has_unit(column: &Column) -> bool {
    let declared = || column.unit.as_deref().and_then(Unit::named);
    is_measured(column) || (is_number(column) && declared().is_some())
}

fn is_number(column: &Column) -> bool {
    matches!(column.kind, ColumnType::Integer | ColumnType::Decimal)
}

/// Whether a column may hold values of a unit. Plain numbers are not converted: they must be in their own; 分 is
/// also a point of a score, and a minute.
fn fits(column: &Column, unit: Unit) -> bool {
    let own = column.unit.as_deref().and_then(Unit::named);
    match column.kind {
        ColumnType::Money => unit.fen().is_some(),
        ColumnType::Area => unit.hundredths().is_some(),
        _ => own == Some(unit) || (own.is_none() && unit == Unit::Fen),
    }
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
