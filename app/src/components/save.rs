//! Taking along what is shown: a CSV file, or a workbook.

use contract::text::Language;
use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use crate::{
    components::take::buttons,
    messages::{Message, fill, text},
    pages::layout::Opened,
    sheet::{self, Sheet},
    spreadsheet,
};

/// Makes a sheet when it is needed, with the file's name without ending.
pub type Making = Callback<(), Option<(String, Sheet)>>;

/// Buttons that save a sheet, under a note of what is in it.
pub fn save(opened: &Opened, note: Message, sheet: Making) -> AnyView {
    let said = RwSignal::new(String::new());
    let (here, root) = (
        opened.language,
        StoredValue::new(opened.snapshot.root.clone()),
    );
    let pressed =
        Callback::new(move |kind: &str| write(here, &root.get_value(), kind, sheet, said));
    view! {
        <div class="save">
            {buttons(opened, note, pressed)}
            <p class="note" role="status">{move || said.get()}</p>
        </div>
    }
    .into_any()
}

/// Saves a sheet as `csv` or `xlsx`, and says how far it is.
pub fn write(language: Language, root: &str, kind: &str, sheet: Making, said: RwSignal<String>) {
    let Some((name, sheet)) = sheet.run(()) else {
        return;
    };
    let file = format!("{name}.{kind}");
    let done = move |offered: Option<()>, file: &str| {
        said.set(match offered {
            Some(()) => fill(language, Message::ExportDone, &[("file", file)]),
            None => text(language, Message::ExportFailed).to_owned(),
        });
    };
    if kind == "csv" {
        let content = JsValue::from_str(&sheet::csv(&sheet));
        return done(offer(&content, "text/csv;charset=utf-8", &file), &file);
    }
    said.set(text(language, Message::ExportWriting).to_owned());
    let root = root.to_owned();
    leptos::task::spawn_local(async move {
        let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        match spreadsheet::xlsx(&root, &sheet).await {
            Ok(bytes) => done(offer(&bytes, kind, &file), &file),
            Err(error) => {
                let failed = text(language, Message::ExportFailed);
                said.set(format!("{failed} ({error})"));
            }
        }
    });
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
