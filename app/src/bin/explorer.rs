//! The explorer: a program of its own, which mounts itself in the page that the main program keeps for it.

use std::cell::RefCell;

use app::{
    components::notice::{Failed, Loading},
    messages::Message,
    pages::{
        explorer,
        explorer_door::{CLOSE, OPEN, PLACE},
        layout::{self, Opened},
    },
    router::Router,
};
use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen::{JsCast, prelude::Closure};

thread_local! {
    /// Takes the explorer out of its place.
    static MOUNTED: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) };
}

fn main() {
    console_error_panic_hook::set_once();
    // The router hears the window for as long as the page lives, whether the explorer is mounted or not.
    let owner = Owner::new();
    let router = owner.with(Router::start);
    std::mem::forget(owner);
    let listen = |name: &str, heard: Box<dyn Fn()>| {
        let heard = Closure::<dyn Fn()>::wrap(heard);
        let listener = heard.as_ref().unchecked_ref();
        let _ = window().add_event_listener_with_callback(name, listener);
        heard.forget();
    };
    listen(OPEN, Box::new(move || open(router)));
    listen(CLOSE, Box::new(close));
    open(router);
}

fn open(router: Router) {
    close();
    let place = document().get_element_by_id(PLACE);
    let Some(place) = place.and_then(|it| it.dyn_into().ok()) else {
        return;
    };
    let mounted = mount_to(place, move || view! { <Explorer router /> });
    MOUNTED.set(Some(Box::new(move || drop(mounted))));
}

fn close() {
    if let Some(unmount) = MOUNTED.take() {
        unmount();
    }
}

#[component]
fn Explorer(router: Router) -> impl IntoView {
    provide_context(router);
    let (frame, _) = layout::frame(router);
    provide_context(frame);
    move || match frame.snapshot.get() {
        None => view! { <Loading what=Message::LoadingPage /> }.into_any(),
        Some(Err(failure)) => view! { <Failed failure /> }.into_any(),
        Some(Ok(snapshot)) => {
            let language = frame.language.get();
            explorer::page(Opened {
                frame,
                language,
                snapshot,
            })
        }
    }
}
