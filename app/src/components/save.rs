//! Taking along what is shown: a CSV file, or a workbook.

use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use crate::{
    messages::{Message, fill, text},
    pages::layout::Opened,
    sheet::{self, Sheet},
    spreadsheet,
};

/// Buttons that save a sheet, which is made when one of them is pressed, with the file's name without ending.
pub fn save(opened: &Opened, sheet: Callback<(), Option<(String, Sheet)>>) -> AnyView {
    let language = opened.language;
    let said = RwSignal::new(String::new());
    let root = StoredValue::new(opened.snapshot.root.clone());
    let done = move |file: &str| {
        said.set(fill(language, Message::ExportDone, &[("file", file)]));
    };
    let csv = move |_| {
        if let Some((name, sheet)) = sheet.run(()) {
            let file = format!("{name}.csv");
            let content = JsValue::from_str(&sheet::csv(&sheet));
            match offer(&content, "text/csv;charset=utf-8", &file) {
                Some(()) => done(&file),
                None => said.set(text(language, Message::ExportFailed).to_owned()),
            }
        }
    };
    let xlsx = move |_| {
        let Some((name, sheet)) = sheet.run(()) else {
            return;
        };
        let file = format!("{name}.xlsx");
        said.set(text(language, Message::ExportWriting).to_owned());
        leptos::task::spawn_local(async move {
            let written = spreadsheet::xlsx(&root.get_value(), &sheet).await;
            let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            let offered = written
                .as_ref()
                .map(|bytes: &Uint8Array| offer(bytes, kind, &file));
            match offered {
                Ok(Some(())) => done(&file),
                Ok(None) => said.set(text(language, Message::ExportFailed).to_owned()),
                Err(error) => {
                    said.set(format!(
                        "{} ({error})",
                        text(language, Message::ExportFailed)
                    ));
                }
            }
        });
    };
    view! {
        <div class="save">
            <p class="note">{opened.word(Message::ExportNote)}</p>
            <ul class="downloads">
                <li>
                    <button type="button" data-save="csv" on:click=csv>
                        {opened.word(Message::ExportCsv)}
                    </button>
                </li>
                <li>
                    <button type="button" data-save="xlsx" on:click=xlsx>
                        {opened.word(Message::ExportXlsx)}
                    </button>
                </li>
            </ul>
            <p class="note" role="status">{move || said.get()}</p>
        </div>
    }
    .into_any()
}

/// Hands a file to the browser, as a link does that a reader clicks.
fn offer(content: &JsValue, kind: &str, name: &str) -> Option<()> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let parts = Array::of1(content);
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()?;
    let url = Url::create_object_url_with_blob(&blob).ok()?;
    let link: HtmlAnchorElement = document().create_element("a").ok()?.dyn_into().ok()?;
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // The browser has taken the file by then.
    set_timeout(
        move || {
            let _ = Url::revoke_object_url(&url);
        },
        std::time::Duration::from_secs(60),
    );
    Some(())
}
