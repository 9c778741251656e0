//! A place in a page that another program fills: it is loaded when a reader comes here, so that nobody else pays
//! for it.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::HtmlScriptElement;

use crate::{
    client,
    components::{
        live::live,
        notice::{Failed, Loading},
    },
    later::follow,
    messages::Message,
    pages::layout::Frame,
    protocol::Failure,
    site::Program,
};

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
    let missing = RwSignal::new(false);
    follow(move || {
        if document().get_element_by_id(program.name()).is_some() {
            say(&opens(place));
        } else if load(program.name(), missing).is_none() {
            missing.set(true);
        }
    });
    on_cleanup(move || say(&closes(place)));
    let waiting = move || {
        if missing.get() {
            let what = client::loader(program.name()).unwrap_or_default();
            // A browser does not ask again for a module that failed, as long as the page stands.
            let retry = Callback::new(|()| {
                let _ = window().location().reload();
            });
            provide_context(Frame {
                retry,
                ..expect_context::<Frame>()
            });
            view! { <Failed failure=Failure::Unreachable { what } /> }.into_any()
        } else {
            view! { <Loading what=Message::LoadingPage /> }.into_any()
        }
    };
    view! {
        <div id=id(place) class="door"></div>
        {live(waiting)}
    }
    .into_any()
}

fn say(what: &str) {
    if let Ok(event) = web_sys::Event::new(what) {
        let _ = window().dispatch_event(&event);
    }
}

/// Loads a program.
fn load(name: &str, missing: RwSignal<bool>) -> Option<()> {
    let loader = client::loader(name)?;
    let script = document().create_element("script").ok()?;
    let script: HtmlScriptElement = script.dyn_into().ok()?;
    script.set_id(name);
    script.set_type("module");
    script.set_src(&format!("{}{loader}", crate::site::root()));
    let failed = Closure::once_into_js(move || {
        missing.try_set(true);
    });
    script.set_onerror(failed.dyn_ref());
    document().head()?.append_child(&script).ok()?;
    Some(())
}
