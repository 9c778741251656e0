//! Writes one workbook: a worker of its own, loaded when a reader asks for XLSX, so that nobody else pays for it.

use app::{
    protocol::READY,
    sheet::{Cell, Sheet},
};
use js_sys::Uint8Array;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, XlsxError};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

fn main() {
    console_error_panic_hook::set_once();
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let on_message = Closure::<dyn Fn(MessageEvent)>::new({
        let scope = scope.clone();
        move |event: MessageEvent| {
            let text = event.data().as_string().unwrap_or_default();
            let written = serde_json::from_str::<Sheet>(&text)
                .map_err(|error| error.to_string())
                .and_then(|sheet| xlsx(&sheet).map_err(|error| error.to_string()));
            let _ = match written {
                Ok(bytes) => scope.post_message(&Uint8Array::from(bytes.as_slice())),
                Err(error) => scope.post_message(&JsValue::from_str(&error)),
            };
        }
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    let _ = scope.post_message(&JsValue::from_str(READY));
}

/// The workbook: one sheet of rows, one of facts. Texts are written as texts, which no program takes for formulas.
fn xlsx(sheet: &Sheet) -> Result<Vec<u8>, XlsxError> {
    let bold = Format::new().set_bold();
    let mut workbook = Workbook::new();
    let (year, month) = sheet.reference;
    let date = ExcelDateTime::from_ymd(year, month, 1)?;
    let properties = DocProperties::new()
        .set_title(&sheet.name)
        .set_creation_datetime(&date);
    workbook.set_properties(&properties);

    let rows = workbook.add_worksheet();
    rows.set_name(named(&sheet.name))?;
    for (column, head) in (0..).zip(&sheet.columns) {
        rows.write_string_with_format(0, column, head, &bold)?;
        rows.set_column_width(column, width(sheet, usize::from(column)))?;
    }
    for (row, cells) in (1..).zip(&sheet.rows) {
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Cell::Number(number) => match number.parse::<f64>() {
                    Ok(number) => rows.write_number(row, column, number)?,
                    Err(_) => rows.write_string(row, column, number)?,
                },
                Cell::Text(text) if text.is_empty() => continue,
                Cell::Text(text) => rows.write_string(row, column, text)?,
            };
        }
    }
    rows.set_freeze_panes(1, 0)?;
    // On paper: lying, as wide as the sheet, however many pages long, each under the heads.
    rows.set_landscape().set_print_fit_to_pages(1, 0);
    rows.set_repeat_rows(0, 0)?;
    let last = (
        u32::try_from(sheet.rows.len()).unwrap_or(0),
        u16::try_from(sheet.columns.len().saturating_sub(1)).unwrap_or(0),
    );
    rows.autofilter(0, 0, last.0, last.1)?;

    let about = workbook.add_worksheet();
    about.set_name(named(&sheet.about))?;
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let beside = bold.clone().set_align(FormatAlign::Top);
    about.set_print_fit_to_pages(1, 0);
    about.set_column_width(0, 24)?;
    about.set_column_width(1, 90)?;
    for (row, fact) in (0..).zip(&sheet.facts) {
        about.write_string_with_format(row, 0, &fact.name, &beside)?;
        about.write_string_with_format(row, 1, &fact.value, &wrapped)?;
        // Not every program fits a row to what is wrapped in it.
        about.set_row_height(row, height(&fact.value))?;
    }
    workbook.save_to_buffer()
}

/// A name that a sheet may have: 31 characters, none of them `[]:*?/\`.
fn named(name: &str) -> String {
    let kept = name
        .chars()
        .map(|c| if "[]:*?/\\'".contains(c) { ' ' } else { c });
    let name: String = kept.take(31).collect();
    let name = name.trim();
    if name.is_empty() {
        "-".to_owned()
    } else {
        name.to_owned()
    }
}

/// Width of a text in digits; Chinese characters are twice as wide.
fn wide(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// Height of a fact's row, in points: of a line for every 72 digits, though the column holds 90, for lines end between
/// words and fonts differ. A row is no higher than 409.
fn height(text: &str) -> f64 {
    let lines: usize = text.lines().map(|it| wide(it).div_ceil(72).max(1)).sum();
    (15 * lines.max(1)).min(409) as f64
}

/// A width that shows most of a column.
fn width(sheet: &Sheet, column: usize) -> f64 {
    let of = |cell: &Cell| match cell {
        Cell::Number(text) | Cell::Text(text) => wide(text),
    };
    let cells = sheet
        .rows
        .iter()
        .take(200)
        .filter_map(|row| row.get(column));
    let most = cells.map(of).max().unwrap_or(0);
    let head = sheet.columns.get(column).map_or(0, |head| wide(head));
    (most.max(head) + 3).clamp(8, 44) as f64
}

#[cfg(test)]
mod tests {
    use app::sheet::Fact;

    use super::*;

    #[test]
    fn a_row_of_facts_is_as_high_as_what_is_wrapped_in_it() {
        let lines = |text: &str| height(text) / 15.0;
        assert_eq!(lines(""), 1.0);
        assert_eq!(lines("CC-BY-4.0"), 1.0);
        assert_eq!(lines(&"a".repeat(300)), 5.0);
        assert_eq!(lines(&"引".repeat(90)), 3.0, "twice as wide");
        assert_eq!(lines("one\n\nthree"), 3.0);
        assert!(height(&"a".repeat(9_000)) <= 409.0, "the highest there is");
    }

    #[test]
    fn the_same_table_is_the_same_workbook() {
        let sheet = Sheet {
            name: "a/b [c]: 很长的名字很长的名字很长的名字很长的名字很长的名字很长的名字"
                .to_owned(),
            about: "About".to_owned(),
            columns: vec!["Place".to_owned(), "Value".to_owned()],
            rows: vec![
                vec!["=1+1".into(), Some(0.5).into()],
                vec!["甲".into(), None.into()],
            ],
            facts: vec![Fact {
                name: "Licence".to_owned(),
                value: "CC-BY-4.0".to_owned(),
                in_rows: true,
            }],
            reference: (2020, 12),
        };
        let bytes = xlsx(&sheet).expect("it can be written");
        assert!(bytes.starts_with(b"PK"));
        assert_eq!(bytes, xlsx(&sheet).expect("it can be written"));
    }
}
