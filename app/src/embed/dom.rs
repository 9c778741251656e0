//! Elements, made without markup: text is always text.

use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{Document, Element, Event};

/// The page.
pub(super) fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// An element with a class, inside another.
pub(super) fn within(parent: &Element, name: &str, class: &str) -> Option<Element> {
    let element = document()?.create_element(name).ok()?;
    if !class.is_empty() {
        element.set_class_name(class);
    }
    parent.append_child(&element).ok()?;
    Some(element)
}

/// An element with a text.
pub(super) fn said(parent: &Element, name: &str, class: &str, text: &str) -> Option<Element> {
    let element = within(parent, name, class)?;
    element.set_text_content(Some(text));
    Some(element)
}

/// A link that leaves the frame: the page around stays where it is.
pub(super) fn link(parent: &Element, href: &str, text: &str) -> Option<Element> {
    let link = said(parent, "a", "", text)?;
    for (name, value) in [("href", href), ("target", "_blank"), ("rel", "noopener")] {
        link.set_attribute(name, value).ok()?;
    }
    parent.append_with_str_1(" ").ok()?;
    Some(link)
}

/// The page's body, emptied.
pub(super) fn cleared() -> Option<Element> {
    let body: Element = document()?.body()?.into();
    body.set_text_content(None);
    Some(body)
}

/// Hears an event for as long as the page lives.
pub(super) fn listen<E: JsCast>(
    target: &web_sys::EventTarget,
    name: &str,
    hear: impl Fn(E) + 'static,
) {
    let closure = Closure::<dyn Fn(Event)>::new(move |event: Event| hear(event.unchecked_into()));
    let _ = target.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
    closure.forget();
}
