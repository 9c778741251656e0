//! What the annex puts into the places of the main program.

use std::sync::Arc;

use contract::snapshot::Dataset;
use leptos::prelude::*;

use crate::{
    components::{definition, embed, picture},
    pages::{
        about, briefing, changes, commitments,
        dataset::{self, View},
        downloads,
        layout::Opened,
        methods, place, places, protection,
    },
    site::Page,
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

/// Something of the address's dataset, where it has indicators.
fn of_dataset(opened: Opened, content: fn(Opened, Arc<Dataset>) -> AnyView) -> AnyView {
    let page = opened.frame.page;
    let content = move || {
        let Page::Dataset(id) = page.get() else {
            return None;
        };
        let dataset = opened.snapshot.manifest.dataset(&id)?;
        let dataset = Some(dataset).filter(|it| !it.indicators.is_empty())?;
        Some(content(opened.clone(), Arc::new(dataset.clone())))
    };
    content.into_any()
}
