//! Where the portal lives, its pages, and their addresses.

use contract::text::Language;
use wasm_bindgen::JsCast;

use crate::state::ViewState;

/// A page of the portal. An address below the language names one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    /// Headlines, datasets, search.
    Home,
    /// Every dataset.
    Datasets,
    /// One dataset.
    Dataset(String),
    /// The register of places.
    Places,
    /// Every indicator of one place.
    Place(String),
    /// Claims beside what the data say.
    Commitments,
    /// What differs between two snapshots.
    Changes,
    /// Every file.
    Downloads,
    /// Any two columns against each other.
    Explorer,
    /// Indicators and columns, defined.
    Methods,
    /// What is removed, coarsened and suppressed.
    Protection,
    /// The charts that the reader has collected.
    Briefing,
    /// What this is.
    About,
    /// No such page.
    Unknown,
}

impl Page {
    /// The page of the segments after the language.
    pub fn of(segments: &[&str]) -> Self {
        match segments {
            [] => Self::Home,
            ["data"] => Self::Datasets,
            ["data", id] => Self::Dataset((*id).to_owned()),
            ["places"] => Self::Places,
            ["places", code] => Self::Place((*code).to_owned()),
            ["commitments"] => Self::Commitments,
            ["changes"] => Self::Changes,
            ["downloads"] => Self::Downloads,
            ["explorer"] => Self::Explorer,
            ["methods"] => Self::Methods,
            ["protection"] => Self::Protection,
            ["briefing"] => Self::Briefing,
            ["about"] => Self::About,
            _ => Self::Unknown,
        }
    }

    /// The address below the language, without a slash at its start.
    pub fn path(&self) -> String {
        match self {
            Self::Home | Self::Unknown => String::new(),
            Self::Datasets => "data".to_owned(),
            Self::Dataset(id) => format!("data/{id}"),
            Self::Places => "places".to_owned(),
            Self::Place(code) => format!("places/{code}"),
            Self::Commitments => "commitments".to_owned(),
            Self::Changes => "changes".to_owned(),
            Self::Downloads => "downloads".to_owned(),
            Self::Explorer => "explorer".to_owned(),
            Self::Methods => "methods".to_owned(),
            Self::Protection => "protection".to_owned(),
            Self::Briefing => "briefing".to_owned(),
            Self::About => "about".to_owned(),
        }
    }
}

/// A program that makes pages, or parts of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// The start, the datasets and their charts.
    Main,
    /// What most readers never open.
    Annex,
    /// The explorer.
    Explorer,
}

impl Program {
    /// The program that makes a page.
    pub fn of(page: &Page) -> Self {
        match page {
            Page::Home | Page::Datasets | Page::Dataset(_) | Page::Unknown => Self::Main,
            Page::Explorer => Self::Explorer,
            Page::Places
            | Page::Place(_)
            | Page::Commitments
            | Page::Changes
            | Page::Downloads
            | Page::Methods
            | Page::Protection
            | Page::Briefing
            | Page::About => Self::Annex,
        }
    }

    /// The `meta` of the page that names its loader; also the id of its script in a page of another program.
    pub fn name(self) -> &'static str {
        match self {
            Self::Main => "mingshi-app",
            Self::Annex => "mingshi-annex",
            Self::Explorer => "mingshi-explorer",
        }
    }
}

/// Language and page of an address path below the portal's root.
pub fn parse(path: &str) -> (Option<Language>, Page) {
    let segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    match segments.split_first() {
        Some((first, rest)) => match Language::from_tag(first) {
            Some(language) => (Some(language), Page::of(rest)),
            None => (None, Page::Unknown),
        },
        None => (None, Page::Home),
    }
}

/// The portal's address path, ending in `/`: what stands before the language. So it works under any folder.
pub fn root() -> String {
    thread_local! {
        static ROOT: std::cell::OnceCell<String> = const { std::cell::OnceCell::new() };
    }
    // Found once: later addresses are our own.
    ROOT.with(|root| {
        root.get_or_init(|| {
            let path = web_sys::window().and_then(|window| window.location().pathname().ok());
            root_of(&path.unwrap_or_default())
        })
        .clone()
    })
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

/// The address of a page in a state.
pub fn href(language: Language, page: &Page, state: &ViewState) -> String {
    let path: Vec<String> = page.path().split('/').map(encode).collect();
    let slash = if path.iter().all(String::is_empty) {
        ""
    } else {
        "/"
    };
    format!(
        "{}{}/{}{slash}{}",
        root(),
        language.tag(),
        path.join("/"),
        query(state)
    )
}

/// The home page.
pub fn home(language: Language, state: &ViewState) -> String {
    href(language, &Page::Home, &state.lasting())
}

/// A dataset's page.
pub fn dataset(language: Language, id: &str, state: &ViewState) -> String {
    href(language, &Page::Dataset(id.to_owned()), state)
}

/// The page of a chart for other sites' frames.
pub fn embed(language: Language, id: &str, state: &ViewState) -> String {
    let (root, tag, id) = (root(), language.tag(), encode(id));
    format!("{root}{tag}/embed/{id}/{}", query(state))
}

/// The state as the end of an address.
pub fn query(state: &ViewState) -> String {
    state.query(|text| encode(text))
}

fn encode(text: impl AsRef<str>) -> String {
    // Commas separate places and need no escape in a query.
    js_sys::encode_uri_component(text.as_ref())
        .as_string()
        .unwrap_or_default()
        .replace("%2C", ",")
}

/// The whole address of a path of this site.
pub fn absolute(path: &str) -> String {
    let origin = web_sys::window().and_then(|window| window.location().origin().ok());
    origin.unwrap_or_default() + path
}

/// The page's `<html>` element.
pub fn html() -> Option<web_sys::Element> {
    web_sys::window()?.document()?.document_element()
}

/// Writes the icon's address out. It is relative in the page, and the window's address changes without a load.
pub fn settle_icon() {
    let link = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.query_selector("link[rel=icon]").ok().flatten())
        .and_then(|link| link.dyn_into::<web_sys::HtmlLinkElement>().ok());
    if let Some(link) = link {
        link.set_href(&link.href());
    }
}

/// Names the page in the window's title.
pub fn set_title(title: &str) {
    if let Some(document) = web_sys::window().and_then(|window| window.document()) {
        document.set_title(title);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_what_stands_before_the_language() {
        for (path, root) in [
            ("/", "/"),
            ("/zh-CN/", "/"),
            ("/en/data/whistle", "/"),
            ("/x/y/en/data/whistle/", "/x/y/"),
            ("/x/y/", "/x/y/"),
            ("/x/y/index.html", "/x/y/"),
            ("/nowhere", "/"),
        ] {
            assert_eq!(root_of(path), root, "{path}");
        }
    }

    #[test]
    fn pages_and_addresses_are_each_others() {
        let pages = [
            Page::Home,
            Page::Datasets,
            Page::Dataset("whistle".to_owned()),
            Page::Places,
            Page::Place("640104".to_owned()),
            Page::Commitments,
            Page::Changes,
            Page::Downloads,
            Page::Explorer,
            Page::Methods,
            Page::Protection,
            Page::Briefing,
            Page::About,
        ];
        for page in pages {
            let path = format!("en/{}", page.path());
            assert_eq!(parse(&path), (Some(Language::EN), page), "{path}");
        }
        assert_eq!(parse("en/nowhere").1, Page::Unknown);
        assert_eq!(parse("fr/data"), (None, Page::Unknown));
        assert_eq!(parse(""), (None, Page::Home));
    }
}
