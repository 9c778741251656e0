//! Links to published files.

use contract::snapshot::Dataset;
use leptos::prelude::*;

use crate::{
    components::{citation::work, copy::Copied, save::save, table::as_shown},
    finding::grouped,
    messages::{Message, fill, text},
    pages::{dataset::View, layout::Opened},
    site::{self, Page},
    takeaway,
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
        Some(view! { <li><a class="button" href=href download="" rel="external">{label}</a></li> })
    };
    let items: Vec<_> = FORMS.into_iter().filter_map(item).collect();
    view! { <ul class="downloads">{items}</ul> }.into_any()
}

/// Links to the forms of the selected breakdown, and the line that opens it elsewhere.
#[component]
pub fn Downloads() -> impl IntoView {
    let view = expect_context::<View>();
    let language = view.opened.language;
    let opened = view.opened.clone();
    let ready = {
        let view = view.clone();
        Memo::new(move |_| view.rows.with(|rows| matches!(rows, Some(Ok(_)))))
    };
    let stored = StoredValue::new(view.clone());
    let name = move || {
        stored.with_value(|view| {
            let indicator = view.selection.get_untracked().map(|it| it.indicator.id);
            let (dataset, snapshot) = (&view.dataset.id, &view.opened.snapshot.manifest.id);
            format!(
                "mingshi-{dataset}-{}-{snapshot}",
                indicator.unwrap_or_default()
            )
        })
    };
    let sheet = Callback::new(move |()| {
        let view = stored.get_value();
        let selection = view.selection.get_untracked()?;
        let rows = view.rows.get_untracked()?.ok()?;
        let state = view.opened.frame.state.get_untracked();
        let rows = as_shown(&selection, &rows, state.get("sort"));
        let title = selection.indicator.title.get(language);
        let page = Page::Dataset(view.dataset.id.clone());
        let work = work(&view.opened, title, &page, &state);
        let snapshot = &view.opened.snapshot;
        let sheet = takeaway::of_rows(snapshot, &view.dataset, &selection, &rows, &work, language);
        Some((name(), sheet))
    });
    let items = move || {
        let path = view.selection.get()?.breakdown.path;
        let code = code_lines(&view.opened, &path);
        Some(view! { {links(&view.opened, &path)} {code} })
    };
    view! {
        <section aria-labelledby="downloads">
            <h2 id="downloads">{text(language, Message::DataDownloads)}</h2>
            <p class="note">{text(language, Message::DataDownloadsNote)}</p>
            {items}
            <h3>{text(language, Message::ExportTitle)}</h3>
            {move || ready.get().then(|| save(&opened, sheet))}
        </section>
    }
}

/// Lines that open a table in other programs, to copy.
pub fn code_lines(opened: &Opened, path: &str) -> AnyView {
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
    view! {
        <details class="code">
            <summary>{opened.word(Message::DownloadsCode)}</summary>
            {lines.collect_view()}
        </details>
    }
    .into_any()
}

/// A table that is published as it is: what it is, and its files.
pub fn rows_as_published(opened: &Opened, dataset: &Dataset) -> AnyView {
    let Some(table) = &dataset.table else {
        return view! { <p role="status">{opened.word(Message::DataEmpty)}</p> }.into_any();
    };
    let count = grouped(table.rows.cast_signed());
    let citation = table.citation.as_ref().map(|citation| {
        let language = opened.language;
        let said = [&citation.authors, &citation.title, &citation.publication]
            .map(|text| text.get(language))
            .join(". ");
        view! { <p class="note">{opened.word(Message::CommitmentsSource)} {said} ", " {citation.date.clone()}</p> }
    });
    view! {
        <section aria-labelledby="downloads">
            <h2 id="downloads">{opened.word(Message::DataDownloads)}</h2>
            <p class="note">{fill(opened.language, Message::TableRows, &[("count", &count)])}</p>
            {citation}
            {links(opened, &table.path)}
            {code_lines(opened, &table.path)}
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
