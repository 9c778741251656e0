//! Links to published files.

use contract::{snapshot::Dataset, text::Language};
use leptos::prelude::*;

use crate::{
    components::{copy::Copied, folded::folded, live::live, take::take},
    finding::grouped,
    messages::{Message, fill, text},
    pages::{dataset::View, layout::Opened},
    site,
};

/// The forms of a table: the ending, and the name for readers.
pub const FORMS: [(&str, &str); 4] = [
    ("parquet", "Parquet"),
    ("csv", "CSV"),
    ("xlsx", "XLSX"),
    ("json", "JSON"),
];

/// Links to every form of the table at a path.
pub fn links(opened: &Opened, path: &str) -> AnyView {
    let stem = path.strip_suffix(".parquet").unwrap_or(path);
    let item = |(ending, form): (&str, &str)| {
        let path = format!("{stem}.{ending}");
        let file = opened.snapshot.manifest.file(&path)?;
        let label = fill(
            opened.language,
            Message::DataDownloadFormat,
            &[("format", form), ("size", &size(file.bytes))],
        );
        let href = format!("{}{path}", opened.snapshot.root);
        let link = view! { <a class="button" href=href download="" rel="external">{label}</a> };
        Some(view! { <li>{link}</li> }.into_any())
    };
    let items: Vec<AnyView> = FORMS.into_iter().filter_map(item).collect();
    view! { <ul class="downloads">{items}</ul> }.into_any()
}

/// Links to the forms of the selected breakdown, the lines that open it elsewhere, and the view as shown.
#[component]
pub fn Downloads() -> impl IntoView {
    let view = expect_context::<View>();
    let (language, opened) = (view.opened.language, view.opened.clone());
    let ready = {
        let view = view.clone();
        Memo::new(move |_| view.rows.with(|rows| matches!(rows, Some(Ok(_)))))
    };
    let items = move || {
        let path = view.selection.get()?.breakdown.path;
        Some(view! { {links(&view.opened, &path)} {folded_code(language)} })
    };
    view! {
        <section aria-labelledby="downloads">
            <h2 id="downloads">{text(language, Message::DataDownloads)}</h2>
            <p class="note">{text(language, Message::DataDownloadsNote)}</p>
            {live(items)}
            <h3>{text(language, Message::ExportTitle)}</h3>
            {live(move || ready.get().then(|| take(&opened)))}
        </section>
    }
}

fn folded_code(language: Language) -> AnyView {
    folded("code", text(language, Message::DownloadsCode), "code")
}

/// Lines that open a table in other programs, to copy, in a fold.
pub fn code_lines(opened: &Opened, path: &str) -> AnyView {
    view! {
        <details class="code">
            <summary>{opened.word(Message::DownloadsCode)}</summary>
            {code(opened, path)}
        </details>
    }
    .into_any()
}

/// Lines that open a table in other programs, to copy.
pub fn code(opened: &Opened, path: &str) -> AnyView {
    let stem = path.strip_suffix(".parquet").unwrap_or(path);
    let url = |ending: &str| site::absolute(&format!("{}{stem}.{ending}", opened.snapshot.root));
    let (parquet, csv) = (url("parquet"), url("csv"));
    let lines = [
        ("curl", format!("curl -O \"{csv}\"")),
        ("DuckDB", format!("SELECT * FROM '{parquet}' LIMIT 10;")),
        (
            "pandas",
            format!("import pandas as pd; df = pd.read_parquet(\"{parquet}\")"),
        ),
        (
            "R",
            format!("df <- read.csv(\"{csv}\", fileEncoding = \"UTF-8-BOM\")"),
        ),
        (
            "Excel",
            format!("= Csv.Document(Web.Contents(\"{csv}\"), [Encoding = 65001])"),
        ),
    ];
    let language = opened.language;
    let lines = lines.map(|(label, content)| {
        view! { <Copied label=label.to_owned() content language /> }
    });
    lines.collect_view().into_any()
}

/// A table that is published as it is: what it is, and its files.
pub fn rows_as_published(opened: &Opened, dataset: &Dataset) -> AnyView {
    let Some(table) = &dataset.table else {
        return view! { <p role="status">{opened.word(Message::DataEmpty)}</p> }.into_any();
    };
    let count = grouped(table.rows.cast_signed(), opened.language);
    let citation = table.citation.as_ref().map(|citation| {
        let language = opened.language;
        let said = [&citation.authors, &citation.title, &citation.publication]
            .map(|text| text.get(language))
            .join(". ");
        view! { <p class="note">{opened.word(Message::CommitmentsSource)} {said} ", " {citation.date.clone()}</p> }
            .into_any()
    });
    view! {
        <section aria-labelledby="downloads">
            <h2 id="downloads">{opened.word(Message::DataDownloads)}</h2>
            <p class="note">
                {fill(opened.language, Message::TableRows, &[("count", &count)])} " · "
                {dataset.grain.get(opened.language).to_owned()}
            </p>
            {citation}
            {links(opened, &table.path)}
            {folded_code(opened.language)}
        </section>
    }
    .into_any()
}

/// A size as readers write it.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} KB", bytes.div_ceil(1_000)),
        _ => {
            let tenths = bytes.div_ceil(100_000);
            format!("{}.{} MB", tenths / 10, tenths % 10)
        }
    }
}
