//! Where the portal lives, and addresses within it.

use contract::text::Language;

use crate::state::ViewState;

/// The portal's address path, ending in `/`: what stands before the language. So it works under any folder.
pub fn root() -> String {
    let path = web_sys::window().and_then(|window| window.location().pathname().ok());
    root_of(&path.unwrap_or_default())
}

fn root_of(path: &str) -> String {
    let mut root = String::from("/");
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        if Language::from_tag(segment).is_some() {
            return root;
        }
        root += segment;
        root.push('/');
    }
    // No language: the start page of a folder, or an unknown address at the top.
    match path.rsplit_once('/') {
        Some((folder, _)) if path.ends_with('/') || path.ends_with(".html") => format!("{folder}/"),
        _ => "/".to_owned(),
    }
}

/// The home page.
pub fn home(language: Language, state: &ViewState) -> String {
    format!("{}{}/{}", root(), language.tag(), query(&state.lasting()))
}

/// A dataset's page.
pub fn dataset(language: Language, id: &str, state: &ViewState) -> String {
    format!(
        "{}{}/data/{}{}",
        root(),
        language.tag(),
        encode(id),
        query(state)
    )
}

/// The same page in another language, from the path and the search of the address.
pub fn translated(path: &str, search: &str, from: Language, to: Language) -> String {
    let (from, to) = (format!("/{}", from.tag()), format!("/{}", to.tag()));
    let question = if search.is_empty() || search.starts_with('?') {
        ""
    } else {
        "?"
    };
    format!("{}{question}{search}", path.replacen(&from, &to, 1))
}

/// The state as the end of an address.
pub fn query(state: &ViewState) -> String {
    state.query(encode)
}

fn encode(text: &str) -> String {
    // Commas separate places and need no escape in a query.
    js_sys::encode_uri_component(text)
        .as_string()
        .unwrap_or_default()
        .replace("%2C", ",")
}

/// The page's `<html>` element.
pub fn html() -> Option<web_sys::Element> {
    web_sys::window()?.document()?.document_element()
}

/// Names the page in the window's title.
pub fn set_title(title: &str) {
    if let Some(document) = web_sys::window().and_then(|window| window.document()) {
        document.set_title(title);
    }
}
