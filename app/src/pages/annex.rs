//! What the annex puts into the places of the main program.

use std::sync::Arc;

use contract::snapshot::Dataset;
use leptos::prelude::*;

use crate::{
    components::{
        citation, definition, downloads as downloads_of, embed, picture, save,
        table::{self, Twin},
        take::WANTED,
    },
    figure,
    pages::{
        about, briefing, changes, commitments,
        dataset::{self, View},
        downloads,
        layout::Opened,
        methods, place, places, protection, stages,
    },
    picture as picture_of,
    site::Page,
    takeaway,
    verify::OF_VIEW,
};

/// The page of the address, where it is one of the annex's. The address may change a moment before the main
/// program takes the place away.
pub fn page(opened: Opened) -> AnyView {
    let page = opened.frame.page;
    let content = move || match page.get() {
        Page::Places => places::page(opened.clone()),
        Page::Place(code) => place::page(opened.clone(), &code),
        Page::Commitments => commitments::page(opened.clone()),
        Page::Changes => changes::page(opened.clone()),
        Page::Downloads => downloads::page(opened.clone()),
        Page::Methods => methods::page(opened.clone()),
        Page::Protection => protection::page(opened.clone()),
        Page::Briefing => briefing::page(opened.clone()),
        Page::About => about::page(opened.clone()),
        _ => ().into_any(),
    };
    content.into_any()
}

/// The columns of a dataset whose rows are published as they are.
pub fn dictionary(opened: Opened) -> AnyView {
    let language = opened.language;
    of_dataset(opened, move |_, dataset| {
        definition::dictionary(&dataset, language)
    })
}

/// The definition of the selected indicator.
pub fn definition(opened: Opened) -> AnyView {
    of_dataset(opened, |opened, dataset| {
        let selection = dataset::selection(&opened, &dataset);
        let language = opened.language;
        let content = move || {
            let selection = selection.get()?;
            Some(definition::definition(&dataset, &selection, language))
        };
        content.into_any()
    })
}

/// The table twin of a chart. What there is to say without rows, the page says.
pub fn twin(opened: Opened) -> AnyView {
    of_dataset(opened, |opened, dataset| {
        let view = View::new(opened, dataset);
        provide_context(view.clone());
        let content = move || {
            let (selection, rows) = (view.selection.get()?, view.rows.get()?.ok()?);
            Some(view! { <Twin selection rows /> })
        };
        content.into_any()
    })
}

/// Inside the dialog that gives the code of an embedded chart.
pub fn embedding(opened: Opened) -> AnyView {
    of_dataset(opened, |opened, dataset| {
        embed::embed(&View::new(opened, dataset))
    })
}

/// Inside the dialog that saves a picture.
pub fn picturing(opened: Opened) -> AnyView {
    of_dataset(opened, |opened, dataset| {
        picture::picture(&View::new(opened, dataset))
    })
}

/// The stages of a whistle.
pub fn stages_of(opened: Opened) -> AnyView {
    of_dataset(opened, stages::page)
}

/// Lines that open the files of the view in other programs.
pub fn code(opened: Opened) -> AnyView {
    of_dataset(opened, |opened, dataset| {
        let selection = dataset::selection(&opened, &dataset);
        let content = move || {
            let rows = dataset.table.as_ref().map(|table| table.path.clone());
            let path = rows.or_else(|| Some(selection.get()?.breakdown.path))?;
            Some(downloads_of::code(&opened, &path))
        };
        content.into_any()
    })
}

/// How to cite the view.
pub fn cite(opened: Opened) -> AnyView {
    of_dataset(opened, |opened, dataset| {
        let selection = dataset::selection(&opened, &dataset);
        let language = opened.language;
        let content = move || {
            let of = dataset.title.get(language);
            let (snapshot, state) = (&opened.snapshot, opened.frame.state.get());
            let (title, state) = match selection.get() {
                Some(selection) => {
                    let view = figure::title(snapshot, &selection, language);
                    let state = selection.pinned(&state, &snapshot.manifest.id);
                    (format!("{view} · {of}"), state)
                }
                None => (of.to_owned(), state),
            };
            let page = Page::Dataset(dataset.id.clone());
            citation::styles(&opened, &title, &page, &state)
        };
        content.into_any()
    })
}

/// Saves the view as shown, in the form that the reader asked for.
pub fn saving(opened: Opened) -> AnyView {
    of_dataset(opened, |opened, dataset| {
        let view = View::new(opened, dataset);
        let said = RwSignal::new(String::new());
        // Asked for once: what is drawn anew does not save anew.
        let wanted = StoredValue::new(wanted());
        let sheet = as_shown(&view);
        Effect::new(move |_| {
            if !view.rows.with(|rows| matches!(rows, Some(Ok(_)))) {
                return;
            }
            if let Some(kind) = wanted.get_value() {
                wanted.set_value(None);
                let root = &view.opened.snapshot.root;
                save::write(view.opened.language, root, &kind, sheet, said);
            }
        });
        view! { <p class="note" role="status">{move || said.get()}</p> }.into_any()
    })
}

fn wanted() -> Option<String> {
    let around = document().query_selector(&format!("[{WANTED}]")).ok()??;
    let wanted = around.get_attribute(WANTED);
    around.remove_attribute(WANTED).ok()?;
    wanted
}

/// Makes the sheet of the rows as the table shows them.
fn as_shown(view: &View) -> save::Making {
    let view = StoredValue::new(view.clone());
    Callback::new(move |()| {
        let view = view.get_value();
        let (language, snapshot) = (view.opened.language, &view.opened.snapshot);
        let selection = view.selection.get_untracked()?;
        let rows = view.rows.get_untracked()?.ok()?;
        let state = view.opened.frame.state.get_untracked();
        let rows = table::as_shown(&selection, &rows, state.get("sort"));
        let page = Page::Dataset(view.dataset.id.clone());
        let cited = figure::title(snapshot, &selection, language);
        let state = selection.pinned(&state, &snapshot.manifest.id);
        let work = citation::work(&view.opened, &cited, &page, &state);
        let sheet = takeaway::of_rows(snapshot, &view.dataset, &selection, &rows, &work, language);
        let stem = picture_of::stem(snapshot, &view.dataset, &selection, language);
        let name = format!("{OF_VIEW}{stem}");
        Some((name, sheet))
    })
}

/// Something of the address's dataset.
fn of_dataset(
    opened: Opened,
    content: impl Fn(Opened, Arc<Dataset>) -> AnyView + Send + 'static,
) -> AnyView {
    let page = opened.frame.page;
    let content = move || {
        let Page::Dataset(id) = page.get() else {
            return None;
        };
        let dataset = opened.snapshot.manifest.dataset(&id)?;
        Some(content(opened.clone(), Arc::new(dataset.clone())))
    };
    content.into_any()
}
