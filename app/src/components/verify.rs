//! Checking a file that a reader has: it is hashed here, in the browser, and goes nowhere.

use std::sync::Arc;

use contract::snapshot::{Manifest, Release};
use leptos::prelude::*;
use query::Digester;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DragEvent, File, FileList, HtmlInputElement};

use crate::{
    components::downloads::size,
    messages::{Message, fill},
    pages::layout::Opened,
    published,
    verify::{Verdict, verdict},
};

/// Bytes hashed at a time: a large file must neither fill the memory nor hold the page.
const PIECE: f64 = 1024.0 * 1024.0;
/// Files looked at in one go.
const MOST: u32 = 50;

type Snapshots = Arc<Vec<(Release, Manifest)>>;

/// What is said of one file.
#[derive(Clone, Debug, PartialEq)]
struct Said {
    class: &'static str,
    title: String,
    details: String,
}

/// A place to drop or choose files, and what is known of them.
pub fn verify(opened: &Opened) -> AnyView {
    let opened = opened.clone();
    let results = RwSignal::new(Vec::<Said>::new());
    let busy = RwSignal::new(String::new());
    let known = StoredValue::new(None::<Snapshots>);
    let check = {
        let opened = opened.clone();
        move |files: Option<FileList>| {
            let Some(files) = files.filter(|files| files.length() > 0) else {
                return;
            };
            // The list is emptied with the input, and when the event is over.
            let all: Vec<File> = (0..files.length().min(MOST))
                .filter_map(|at| files.get(at))
                .collect();
            let opened = opened.clone();
            leptos::task::spawn_local(async move {
                results.set(Vec::new());
                for file in all {
                    let name = file.name();
                    busy.set(fill(
                        opened.language,
                        Message::VerifyHashing,
                        &[("file", &name)],
                    ));
                    let said = one(&opened, known, &file).await;
                    results.update(|results| results.push(said));
                }
                busy.set(String::new());
            });
        }
    };
    let (chosen, dropped) = (check.clone(), check);
    let on_choose = move |event: web_sys::Event| {
        let input = event
            .target()
            .and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
        if let Some(input) = input {
            chosen(input.files());
            // The same file can be chosen again.
            input.set_value("");
        }
    };
    let over = RwSignal::new(false);
    let on_drop = move |event: DragEvent| {
        event.prevent_default();
        over.set(false);
        dropped(event.data_transfer().and_then(|it| it.files()));
    };
    let result = |said: Said| {
        view! {
            <li class=said.class>
                <strong>{said.title}</strong>
                <span class="note">{said.details}</span>
            </li>
        }
    };
    view! {
        <section class="panel verify" aria-labelledby="verify">
            <h2 id="verify">{opened.word(Message::VerifyTitle)}</h2>
            <p>{opened.word(Message::VerifyLead)}</p>
            <div
                class="drop"
                class:over=move || over.get()
                on:dragover=move |event: DragEvent| {
                    event.prevent_default();
                    over.set(true);
                }
                on:dragleave=move |_| over.set(false)
                on:drop=on_drop
            >
                // The browser's own button speaks its reader's language, which need not be the page's.
                <label class="button">
                    {opened.word(Message::VerifyChoose)}
                    <input class="spoken" type="file" multiple=true on:change=on_choose />
                </label>
            </div>
            <p class="note" role="status">{move || busy.get()}</p>
            <ul class="verified" aria-live="polite">
                {move || results.get().into_iter().map(result).collect_view()}
            </ul>
            <p class="note">{opened.word(Message::VerifyNote)}</p>
        </section>
    }
    .into_any()
}

async fn one(opened: &Opened, known: StoredValue<Option<Snapshots>>, file: &File) -> Said {
    let language = opened.language;
    let (name, bytes) = (file.name(), size(file.size() as u64));
    let failed = || Said {
        class: "unknown",
        title: fill(language, Message::VerifyUnreadable, &[("file", &name)]),
        details: String::new(),
    };
    let Some(hash) = hashed(file).await else {
        return failed();
    };
    let snapshots = match known.get_value() {
        Some(known) => known,
        None => {
            let Some(read) = snapshots(opened).await else {
                return Said {
                    details: opened.word(Message::VerifyNoManifest).to_owned(),
                    ..failed()
                };
            };
            known.set_value(Some(read.clone()));
            read
        }
    };
    let details = fill(
        language,
        Message::VerifyDetails,
        &[("size", &bytes), ("sha256", &hash)],
    );
    let said = |class, message, values: &[(&str, &str)]| Said {
        class,
        title: fill(language, message, values),
        details: details.clone(),
    };
    match verdict(&name, &hash, &snapshots) {
        Verdict::Unaltered { path, snapshot } => said(
            "unaltered",
            Message::VerifyUnaltered,
            &[("file", &name), ("path", &path), ("snapshot", &snapshot)],
        ),
        Verdict::Altered {
            path,
            snapshot,
            bytes,
            sha256,
        } => said(
            "altered",
            Message::VerifyAltered,
            &[
                ("file", &name),
                ("path", &path),
                ("snapshot", &snapshot),
                ("size", &size(bytes)),
                ("sha256", &sha256),
            ],
        ),
        Verdict::OfView => said("unknown", Message::VerifyOfView, &[("file", &name)]),
        Verdict::Unknown => said(
            "unknown",
            Message::VerifyUnknown,
            &[("file", &name), ("count", &snapshots.len().to_string())],
        ),
    }
}

/// Every snapshot that the catalogue lists; each manifest is checked against its release.
async fn snapshots(opened: &Opened) -> Option<Snapshots> {
    let mut all = Vec::new();
    for release in &opened.snapshot.releases {
        let manifest = if release.snapshot == opened.snapshot.manifest.id {
            opened.snapshot.manifest.clone()
        } else {
            published::manifest(&opened.snapshot.root, release)
                .await
                .ok()?
        };
        all.push((release.clone(), manifest));
    }
    Some(Arc::new(all))
}

async fn hashed(file: &File) -> Option<String> {
    let mut digester = Digester::default();
    let mut at = 0.0;
    while at < file.size() {
        let end = (at + PIECE).min(file.size());
        let piece = file.slice_with_f64_and_f64(at, end).ok()?;
        let buffer = JsFuture::from(piece.array_buffer()).await.ok()?;
        digester.update(&js_sys::Uint8Array::new(&buffer).to_vec());
        at = end;
    }
    Some(digester.finish())
}
