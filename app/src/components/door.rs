//! A place in a page that another program fills: it is loaded when a reader comes here, so that nobody else pays
//! for it.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlScriptElement;

use crate::{client, components::notice::Loading, messages::Message};

/// A program that fills places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// What most readers never open.
    Annex,
    /// The explorer.
    Explorer,
}

impl Program {
    /// The `meta` of the page that names its loader; also the id of its script.
    fn name(self) -> &'static str {
        match self {
            Self::Annex => "mingshi-annex",
            Self::Explorer => "mingshi-explorer",
        }
    }
}

/// The id of a place.
pub fn id(place: &str) -> String {
    format!("door-{place}")
}

/// The event that tells a program that a place is there.
pub fn opens(place: &str) -> String {
    format!("mingshi-open-{place}")
}

/// The event that tells a program that a place goes.
pub fn closes(place: &str) -> String {
    format!("mingshi-close-{place}")
}

/// A place for a program.
pub fn door(program: Program, place: &'static str) -> AnyView {
    Effect::new(move |_| {
        if document().get_element_by_id(program.name()).is_some() {
            say(&opens(place));
        } else {
            let _ = load(program.name());
        }
    });
    on_cleanup(move || say(&closes(place)));
    view! {
        <div id=id(place) class="door"></div>
        <Loading what=Message::LoadingPage />
    }
    .into_any()
}

fn say(what: &str) {
    if let Ok(event) = web_sys::Event::new(what) {
        let _ = window().dispatch_event(&event);
    }
}

fn load(name: &str) -> Option<()> {
    let loader = client::loader(name)?;
    let script = document().create_element("script").ok()?;
    let script: HtmlScriptElement = script.dyn_into().ok()?;
    script.set_id(name);
    script.set_type("module");
    script.set_src(&format!("{}{loader}", crate::site::root()));
    document().head()?.append_child(&script).ok()?;
    Some(())
}
