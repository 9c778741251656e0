//! Validated rows to de-identified rows: identifiers and free text are dropped, moments become months and
//! derived durations, and what is left is searched for personal data that should not be there.

use std::sync::{Arc, LazyLock};

use arrow::{
    array::{Array, AsArray, RecordBatch},
    datatypes::DataType,
};
use contract::dataset::{ColumnType, DatasetContract};
use datafusion::{datasource::MemTable, prelude::SessionContext};

use crate::validate::{ADDED, Valid};

/// Why rows cannot be de-identified. Messages never hold a value.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeidentifyError {
    /// A kept column holds personal data.
    #[error(
        "dataset {dataset:?}, column {column:?}: {count} values look like {what}. Declare the column as identifier or free_text, or clean the export; nothing was published"
    )]
    PersonalData {
        /// The dataset.
        dataset: String,
        /// The column.
        column: String,
        /// How many values.
        count: u64,
        /// What they look like.
        what: &'static str,
    },
    /// A derived column has a role that is dropped.
    #[error("dataset {dataset:?}: derived column {column:?} may not be an identifier or free text")]
    DerivedIdentifier {
        /// The dataset.
        dataset: String,
        /// The column.
        column: String,
    },
    /// The contract's SQL is not sound.
    #[error("dataset {0:?}, derived columns: {1}")]
    Sql(String, Box<datafusion::error::DataFusionError>),
}

/// Rows without identifiers. Still not fit to publish: only tables and recoded records that have passed
/// disclosure control are.
#[derive(Debug)]
pub struct Deidentified {
    pub(crate) batches: Vec<RecordBatch>,
    /// Columns that no file has.
    pub absent: Vec<String>,
}

/// Drops, coarsens and searches.
///
/// # Errors
/// When a kept column holds personal data, or the contract's SQL is not sound.
pub async fn deidentify(
    contract: &DatasetContract,
    valid: &Valid,
) -> Result<Deidentified, DeidentifyError> {
    let sql_error = |e| DeidentifyError::Sql(contract.id.clone(), Box::new(e));
    if let Some(bad) = contract.derived.iter().find(|d| d.role.is_dropped()) {
        return Err(DeidentifyError::DerivedIdentifier {
            dataset: contract.id.clone(),
            column: bad.name.clone(),
        });
    }
    let is_moment = |kind| matches!(kind, ColumnType::Date | ColumnType::Datetime);
    let kept = contract
        .columns
        .iter()
        .filter(|c| !c.role.is_dropped() && !is_moment(c.kind))
        .map(|c| format!("\"{}\"", c.name));
    let added = ADDED
        .iter()
        .filter(|name| **name != "reference_end")
        .map(|name| format!("\"{name}\""));
    let derived = contract
        .derived
        .iter()
        .map(|d| format!("({}) AS \"{}\"", d.sql, d.name));
    let columns: Vec<String> = kept.chain(added).chain(derived).collect();
    let context = SessionContext::new();
    let table =
        MemTable::try_new(valid.schema.clone(), vec![valid.batches.clone()]).map_err(sql_error)?;
    context
        .register_table("rows", Arc::new(table))
        .map_err(sql_error)?;
    let frame = context
        .sql(&format!("SELECT {} FROM rows", columns.join(", ")))
        .await
        .map_err(sql_error)?;
    let batches = frame.collect().await.map_err(sql_error)?;
    search(contract, &batches)?;
    Ok(Deidentified {
        batches,
        absent: valid.absent.clone(),
    })
}

/// What a text looks like, if it looks like personal data: an 18- or 15-digit resident ID (GB 11643), a mobile
/// number, an e-mail address. Separators inside numbers are skipped.
pub fn personal_data(text: &str) -> Option<&'static str> {
    static EMAIL: LazyLock<Vec<char>> = LazyLock::new(|| "._-+".chars().collect());
    let text = crate::values::normalise(text);
    let mut run = String::new();
    for c in text.chars().chain(['\n']) {
        if c.is_ascii_digit() || (matches!(c, 'x' | 'X') && run.len() == 17) {
            run.push(c);
        } else if !matches!(c, ' ' | '-') || run.is_empty() {
            let mobile =
                run.len() == 11 && run.starts_with('1') && matches!(run.as_bytes()[1], b'3'..=b'9');
            if run.len() == 18 && plausible_birth(&run[6..14])
                || run.len() == 15 && plausible_birth(&format!("19{}", &run[6..12]))
            {
                return Some("resident ID numbers");
            }
            if mobile {
                return Some("mobile numbers");
            }
            run.clear();
        }
    }
    let word = |c: char| c.is_ascii_alphanumeric() || EMAIL.contains(&c);
    let at = text.find('@')?;
    let before = text[..at].chars().next_back().is_some_and(word);
    let domain: String = text[at + 1..].chars().take_while(|&c| word(c)).collect();
    (before && domain.trim_end_matches('.').contains('.')).then_some("e-mail addresses")
}

fn plausible_birth(digits: &str) -> bool {
    chrono::NaiveDate::parse_from_str(digits, "%Y%m%d")
        .is_ok_and(|d| (1880..=2100).contains(&chrono::Datelike::year(&d)))
}

fn search(contract: &DatasetContract, batches: &[RecordBatch]) -> Result<(), DeidentifyError> {
    let Some(first) = batches.first() else {
        return Ok(());
    };
    for (at, field) in first.schema().fields().iter().enumerate() {
        // Codes of the register and of declared values come from the contract, not from the export.
        let coded = ADDED.contains(&field.name().as_str())
            || contract
                .columns
                .iter()
                .any(|c| &c.name == field.name() && c.kind != ColumnType::Text);
        if coded {
            continue;
        }
        let (mut count, mut what) = (0, "");
        for batch in batches {
            let Ok(column) = arrow::compute::cast(batch.column(at), &DataType::Utf8) else {
                continue;
            };
            let column = column.as_string::<i32>();
            let numeric = !matches!(
                field.data_type(),
                DataType::Utf8 | DataType::Utf8View | DataType::LargeUtf8
            );
            if numeric {
                continue;
            }
            for text in (0..column.len())
                .filter(|&row| column.is_valid(row))
                .map(|row| column.value(row))
            {
                if let Some(kind) = personal_data(text) {
                    (count, what) = (count + 1, kind);
                }
            }
        }
        if count > 0 {
            let (dataset, column) = (contract.id.clone(), field.name().clone());
            return Err(DeidentifyError::PersonalData {
                dataset,
                column,
                count,
                what,
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::personal_data;

    #[test]
    fn personal_data_is_found_in_every_guise() {
        for text in [
            "身份证990000198604286748，谢谢",
            "９９００００１９８６０４２８６７４８",
            "99000019860428674x",
            "电话199 0000 1234",
            "199-0000-1234",
            "990000860428674",
            "写信到zhang.san@example.org",
        ] {
            assert!(personal_data(text).is_some(), "{text}");
        }
        for text in [
            "2020-12",
            "640104001001",
            "",
            "微博@银川发布",
            "共 12 件 34 次",
            "1234567890123456789",
        ] {
            assert_eq!(personal_data(text), None, "{text}");
        }
    }
}
