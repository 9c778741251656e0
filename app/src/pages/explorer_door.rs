//! The page of the explorer, as the main program sees it: a place for a program of its own, which is loaded when a
//! reader comes here, so that nobody else pays for it.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlScriptElement;

use crate::{client, components::notice::Loading, messages::Message, pages::layout::Opened};

/// Where the program mounts itself.
pub const PLACE: &str = "explorer";
/// Tells the program that its place is there.
pub const OPEN: &str = "mingshi-explorer-open";
/// Tells the program that its place goes.
pub const CLOSE: &str = "mingshi-explorer-close";

/// The page.
pub fn page(opened: Opened) -> AnyView {
    let root = opened.snapshot.root.clone();
    Effect::new(move |_| {
        if document().get_element_by_id("explorer-program").is_some() {
            say(OPEN);
        } else {
            let _ = load(&root);
        }
    });
    on_cleanup(|| say(CLOSE));
    view! {
        <div id=PLACE></div>
        <Loading what=Message::LoadingPage />
    }
    .into_any()
}

fn say(what: &str) {
    if let Ok(event) = web_sys::Event::new(what) {
        let _ = window().dispatch_event(&event);
    }
}

fn load(root: &str) -> Option<()> {
    let loader = client::loader("mingshi-explorer")?;
    let script = document().create_element("script").ok()?;
    let script: HtmlScriptElement = script.dyn_into().ok()?;
    script.set_id("explorer-program");
    script.set_type("module");
    script.set_src(&format!("{root}{loader}"));
    document().head()?.append_child(&script).ok()?;
    Some(())
}
