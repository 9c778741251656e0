//! The programs beside the main one: the annex, the explorer. They make the pages that a reader comes to from
//! elsewhere alone, and fill places in the page of the main program for one who comes from there.

use std::cell::{OnceCell, RefCell};

use leptos::{
    mount::{mount_to, mount_to_body},
    prelude::*,
};
use wasm_bindgen::{JsCast, prelude::Closure};

use crate::{
    components::{
        door,
        notice::{Failed, Loading},
    },
    messages::Message,
    pages::layout::{self, Fill, Frame, Opened},
    portal,
    router::Router,
    site::Program,
};

/// Takes what is mounted out of its place.
type Unmount = Box<dyn FnOnce()>;

thread_local! {
    /// What is mounted, by the name of its place.
    static MOUNTED: RefCell<Vec<(&'static str, Unmount)>> = const { RefCell::new(Vec::new()) };
}

/// Makes the page of the address; or, where the main program has asked for this one, fills the places that are
/// there, and those that come. The first place is that of whole pages.
pub fn start(program: Program, places: &'static [(&'static str, Fill)]) {
    console_error_panic_hook::set_once();
    let asked = document().get_element_by_id(program.name()).is_some();
    if let Some(&(_, page)) = places.first().filter(|_| !asked) {
        return mount_to_body(move || portal(Router::start(program), page));
    }
    // The router hears the window for as long as the page lives, whether anything is mounted or not; and the
    // snapshot is opened once.
    let owner = Owner::new();
    let router = owner.with(|| Router::start(Program::Main));
    let opened = OnceCell::new();
    let frame = move || *opened.get_or_init(|| owner.with(|| layout::frame(router)).0);
    let frame: &'static dyn Fn() -> Frame = Box::leak(Box::new(frame));
    for &(place, fill) in places {
        let open = move || open(place, fill, router, frame);
        listen(&door::opens(place), open);
        listen(&door::closes(place), move || close(place));
        open();
    }
}

fn listen(name: &str, heard: impl Fn() + 'static) {
    let heard = Closure::<dyn Fn()>::new(heard);
    let listener = heard.as_ref().unchecked_ref();
    let _ = window().add_event_listener_with_callback(name, listener);
    heard.forget();
}

fn open(place: &'static str, fill: Fill, router: Router, frame: &'static dyn Fn() -> Frame) {
    close(place);
    let element = document().get_element_by_id(&door::id(place));
    let Some(element) = element.and_then(|it| it.dyn_into().ok()) else {
        return;
    };
    let mounted = mount_to(element, move || {
        provide_context(router);
        let frame = frame();
        provide_context(frame);
        filled(frame, fill)
    });
    MOUNTED.with_borrow_mut(|all| all.push((place, Box::new(move || drop(mounted)))));
}

fn close(place: &str) {
    let mounted = MOUNTED.with_borrow_mut(|all| {
        let at = all.iter().position(|(name, _)| *name == place)?;
        Some(all.swap_remove(at).1)
    });
    if let Some(unmount) = mounted {
        unmount();
    }
}

fn filled(frame: Frame, fill: Fill) -> AnyView {
    let content = move || match frame.snapshot.get() {
        None => view! { <Loading what=Message::LoadingPage /> }.into_any(),
        Some(Err(failure)) => view! { <Failed failure /> }.into_any(),
        Some(Ok(snapshot)) => {
            let language = frame.language.get();
            fill(Opened {
                frame,
                language,
                snapshot,
            })
        }
    };
    content.into_any()
}
