//! The published files behind a view.

use leptos::prelude::*;

use crate::{
    messages::{Message, fill, text},
    pages::dataset::View,
};

/// Links to the Parquet, CSV and JSON of the breakdown.
#[component]
pub fn Downloads() -> impl IntoView {
    let view = expect_context::<View>();
    let language = view.language;
    let items = move || {
        let path = view.selection.get()?.breakdown.path;
        let stem = path.strip_suffix(".parquet").unwrap_or(&path).to_owned();
        let item = |(ending, format): (&str, &str)| {
            let path = format!("{stem}.{ending}");
            let file = view.snapshot.manifest.file(&path)?;
            let size = size(file.bytes);
            let label = fill(
                language,
                Message::DataDownloadFormat,
                &[("format", format), ("size", &size)],
            );
            let href = format!("{}{path}", view.snapshot.root);
            Some(
                view! { <li><a class="button" href=href download="" rel="external">{label}</a></li> },
            )
        };
        let formats = [("parquet", "Parquet"), ("csv", "CSV"), ("json", "JSON")];
        Some(formats.into_iter().filter_map(item).collect_view())
    };
    view! {
        <section aria-labelledby="downloads">
            <h2 id="downloads">{text(language, Message::DataDownloads)}</h2>
            <p class="note">{text(language, Message::DataDownloadsNote)}</p>
            <ul class="downloads">{items}</ul>
        </section>
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} KB", bytes.div_ceil(1_000)),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}
