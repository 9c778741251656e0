//! A table that a reader takes along: what is shown, with everything that it takes to understand and cite it. As CSV
//! here; as XLSX through a worker of its own, which is loaded when it is asked for.

use serde::{Deserialize, Serialize};

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cell {
    /// A number, in the shortest form that is read as the same number.
    #[serde(rename = "n")]
    Number(String),
    /// A text; empty for nothing.
    #[serde(rename = "t")]
    Text(String),
}

/// The shortest form of a number. The browser has it; a second one would be code to download.
#[cfg(target_arch = "wasm32")]
fn shortest(number: f64) -> String {
    String::from(
        js_sys::Number::from(number)
            .to_string_with_radix(10)
            .unwrap_or_default(),
    )
}

#[cfg(not(target_arch = "wasm32"))]
fn shortest(number: f64) -> String {
    number.to_string()
}

impl From<Option<f64>> for Cell {
    fn from(value: Option<f64>) -> Self {
        value
            .filter(|value| value.is_finite())
            .map_or(Self::Text(String::new()), |it| Self::Number(shortest(it)))
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// Something that is true of the whole table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What.
    pub name: String,
    /// The fact.
    pub value: String,
    /// Repeated in every row of the CSV file, which has no other place for it.
    pub in_rows: bool,
}

/// A table to take along.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// Name of the sheet with the rows.
    pub name: String,
    /// Name of the sheet with the facts.
    pub about: String,
    /// The columns.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
    /// What is true of the whole table.
    pub facts: Vec<Fact>,
    /// Year and month that the data reach: the file's own date, so that the same table is the same file.
    pub reference: (u16, u8),
}

/// A row that ends as in RFC 4180; a quote is doubled.
fn line(out: &mut String, fields: impl Iterator<Item = String>) {
    for (at, field) in fields.enumerate() {
        if at > 0 {
            out.push(',');
        }
        if field.contains([',', '"', '\n', '\r']) {
            out.push('"');
            out.push_str(&field.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&field);
        }
    }
    out.push_str("\r\n");
}

/// A text that a spreadsheet would take for a formula is marked as text.
pub fn safe(text: &str) -> String {
    let formula = text
        .trim_start_matches(' ')
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if formula {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// The table as CSV: UTF-8 with its mark, so that spreadsheets show Chinese.
pub fn csv(sheet: &Sheet) -> String {
    let mut out = String::from("\u{feff}");
    let in_rows = || sheet.facts.iter().filter(|fact| fact.in_rows);
    let heads = sheet.columns.iter().chain(in_rows().map(|fact| &fact.name));
    line(&mut out, heads.map(|head| safe(head)));
    for row in &sheet.rows {
        let cells = row.iter().map(|cell| match cell {
            Cell::Number(number) => number.clone(),
            Cell::Text(text) => safe(text),
        });
        let facts = in_rows().map(|fact| safe(&fact.value));
        line(&mut out, cells.chain(facts));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_a_formula_and_every_number_is_one() {
        let sheet = Sheet {
            columns: vec!["Place".to_owned(), "Value, in %".to_owned()],
            rows: vec![
                vec!["=HYPERLINK(\"x\")".into(), Some(-1.5).into()],
                vec!["  @SUM(A1)".into(), None.into()],
                vec!["甲\n乙".into(), Some(f64::NAN).into()],
            ],
            facts: vec![
                Fact {
                    name: "Licence".to_owned(),
                    value: "CC-BY-4.0".to_owned(),
                    in_rows: true,
                },
                Fact {
                    name: "Definition".to_owned(),
                    value: "only in the workbook".to_owned(),
                    in_rows: false,
                },
            ],
            ..Sheet::default()
        };
        let lines = [
            "\u{feff}Place,\"Value, in %\",Licence",
            "\"'=HYPERLINK(\"\"x\"\")\",-1.5,CC-BY-4.0",
            "'  @SUM(A1),,CC-BY-4.0",
            "\"甲\n乙\",,CC-BY-4.0",
            "",
        ];
        assert_eq!(csv(&sheet), lines.join("\r\n"));
    }

    #[test]
    fn every_payload_that_spreadsheets_take_for_a_formula_is_marked() {
        for start in [
            "=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "   +", "＝", "－1",
        ] {
            let text = format!("{start}cmd|'/c calc'!A0");
            assert_eq!(safe(&text), format!("'{text}"), "{text:?}");
        }
        for text in ["", "甲", "2020-12", "a=b", "640104"] {
            assert_eq!(safe(text), text);
        }
    }
}
