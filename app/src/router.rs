//! The address of the window as a signal, and links within the portal without a page load.
//!
//! A router crate would hold a component for each route and nest their types; the portal's pages are one
//! enum, and this is a quarter of the weight.

use std::time::Duration;

use contract::text::Language;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{Element, MouseEvent};

use crate::{
    site::{self, Page, Program},
    state::ViewState,
};

/// Tells the programs of one page that one of them has changed the address, of which the browser says nothing.
const CHANGED: &str = "mingshi-address";
/// Where what the page is still to show stands meanwhile, while it is seen.
const COMING: &str = "#content .loading:not(.door:not(:empty) + .loading)";
/// How long a page may take until the reader is where they left it, and until they see what they were sent to, in
/// tenths of a second.
const RETURN: u32 = 30;
const ARRIVAL: u32 = 300;

/// Where the reader is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The language; none outside every language.
    pub language: Option<Language>,
    /// The page.
    pub page: Page,
    /// The state of the view.
    pub state: ViewState,
    /// What stands after `#`.
    pub fragment: String,
}

/// The window's address, and the way to another.
#[derive(Clone, Copy)]
pub struct Router {
    /// Where the reader is.
    pub address: RwSignal<Address>,
    /// The program of the page. The main one shows every page, others the pages that they make.
    program: Program,
    /// Counts what the reader does: nothing moves the page under one who has moved on.
    turn: StoredValue<u32>,
}

impl Router {
    /// Reads the window's address, and follows it from now on. Once for the whole program.
    pub fn start(program: Program) -> Self {
        site::settle_icon();
        let router = Self {
            address: RwSignal::new(read()),
            program,
            turn: StoredValue::new(0),
        };
        let on_change = Closure::<dyn Fn()>::new(move || router.address.set(read()));
        let on_pop = Closure::<dyn Fn()>::new(move || {
            router.address.set(read());
            router.moved_on();
            if let Some(height) = left_at() {
                router.arrive(Some(height), RETURN);
            }
        });
        let on_move = Closure::<dyn Fn()>::new(move || router.moved_on());
        let on_click = Closure::<dyn Fn(MouseEvent)>::new(move |event: MouseEvent| {
            let Some((href, page)) = inner_link(&event) else {
                return;
            };
            event.prevent_default();
            let here = router.address.get_untracked();
            match page == here.page {
                true => router.go(&href),
                false => router.go(&carried(&href, &here.state)),
            }
        });
        let window = window();
        let listen = |name, listener: &JsValue| {
            let _ = window.add_event_listener_with_callback(name, listener.unchecked_ref());
        };
        listen("popstate", on_pop.as_ref());
        listen(CHANGED, on_change.as_ref());
        listen("click", on_click.as_ref());
        for name in ["wheel", "touchstart", "pointerdown", "keydown"] {
            listen(name, on_move.as_ref());
        }
        on_pop.forget();
        on_change.forget();
        on_click.forget();
        on_move.forget();
        // What a reader comes back to, and what the address names, stands after the browser has looked for it.
        let left = left_at();
        if left.is_some() || window.scroll_y().is_ok_and(|height| height == 0.0) {
            router.arrive(left, ARRIVAL);
        }
        router
    }

    /// Goes to an address of the portal. Another page begins at its top, with the focus on its content;
    /// another state of the same page leaves the reader where they are.
    pub fn go(self, href: &str) {
        self.change(href, false);
    }

    /// As [`Router::go`], in the place of the present entry of the history.
    pub fn replace(self, href: &str) {
        self.change(href, true);
    }

    fn shows(self, page: &Page) -> bool {
        matches!(self.program, Program::Main) || Program::of(page) == self.program
    }

    fn change(self, href: &str, replace: bool) {
        let window = window();
        let Ok(history) = window.history() else {
            return;
        };
        if !replace {
            leave();
        }
        if inner(href).is_some_and(|(_, page)| !self.shows(&page)) {
            let _ = window.location().set_href(href);
            return;
        }
        let url = Some(href);
        let _ = if replace {
            history.replace_state_with_url(&JsValue::NULL, "", url)
        } else {
            history.push_state_with_url(&JsValue::NULL, "", url)
        };
        self.moved_on();
        let next = read();
        let before = self.address.get_untracked();
        let moved = next.page != before.page;
        let within = !next.fragment.is_empty() && next.fragment != before.fragment;
        self.address.set(next.clone());
        if let Ok(event) = web_sys::Event::new(CHANGED) {
            let _ = window.dispatch_event(&event);
        }
        if moved {
            if let Some(content) = element("content") {
                let _ = content.focus();
            }
            // The focus brings the content to the window's edge, and puts what stands above it out of sight.
            window.scroll_to_with_x_and_y(0.0, 0.0);
            self.arrive(None, ARRIVAL);
        } else if within && let Some(target) = element(&next.fragment) {
            target.scroll_into_view();
        }
    }

    fn moved_on(self) {
        self.turn.update_value(|turn| *turn = turn.wrapping_add(1));
    }

    /// Brings the reader to a height of the page, or else to what the address names, once that stands: a page
    /// comes piece by piece. Not longer than so many tenths of a second, nor after the reader has moved.
    fn arrive(self, height: Option<f64>, left: u32) {
        let fragment = self
            .address
            .with_untracked(|address| address.fragment.clone());
        let turn = self.turn.get_value();
        if left == 0 || (height.is_none() && fragment.is_empty()) {
            return;
        }
        let step = move || {
            if self.turn.get_value() != turn {
                return;
            }
            let document = document();
            let coming = document.query_selector(COMING).is_ok_and(|it| it.is_some());
            let stands = !coming && element("content").is_some();
            let arrived = match (height, element(&fragment)) {
                (Some(height), _) if stands || left == 1 => {
                    let window = window();
                    window.scroll_to_with_x_and_y(0.0, height);
                    // The browser goes to whole dots of the screen.
                    window.scroll_y().is_ok_and(|it| it >= height - 1.0)
                }
                (None, Some(target)) if stands => {
                    target.scroll_into_view();
                    true
                }
                _ => false,
            };
            if !arrived {
                self.arrive(height, left - 1);
            }
        };
        set_timeout(step, Duration::from_millis(100));
    }
}

/// Keeps with the present entry of the history at which height of the page the reader leaves it.
fn leave() {
    let window = window();
    if let (Ok(history), Ok(height)) = (window.history(), window.scroll_y()) {
        let _ = history.replace_state_with_url(&height.into(), "", None);
    }
}

/// The height at which the reader left the present entry of the history; once, as they leave it anew.
fn left_at() -> Option<f64> {
    let history = window().history().ok()?;
    let height = history.state().ok()?.as_f64()?;
    let _ = history.replace_state_with_url(&JsValue::NULL, "", None);
    Some(height)
}

fn element(id: &str) -> Option<web_sys::HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// The window's address.
pub fn read() -> Address {
    let location = window().location();
    let path = location.pathname().unwrap_or_default();
    let root = site::root();
    let below = path.strip_prefix(root.as_str()).unwrap_or(&path);
    let below = below.strip_suffix("index.html").unwrap_or(below);
    let (language, page) = site::parse(&decode(below));
    let search = location.search().unwrap_or_default();
    let pairs: Vec<(String, String)> = search
        .trim_start_matches('?')
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (decode(name), decode(&value.replace('+', " "))))
        .collect();
    let find = |name: &str| {
        let pair = pairs.iter().find(|(key, _)| key == name);
        pair.map(|(_, value)| value.clone())
    };
    let fragment = location.hash().unwrap_or_default();
    Address {
        language,
        page,
        state: ViewState::read(find),
        fragment: decode(fragment.trim_start_matches('#')),
    }
}

/// Text as it was before it was escaped; as it is, where the escapes make no sense.
fn decode(text: &str) -> String {
    js_sys::decode_uri_component(text)
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_else(|| text.to_owned())
}

/// Language and page of an address of the portal.
fn inner(href: &str) -> Option<(Language, Page)> {
    let path = href.split(['?', '#']).next()?;
    let (language, page) = site::parse(path.strip_prefix(site::root().as_str())?);
    Some((language?, page))
}

/// The address of another page with the charts that are collected by now: its link may be older than some of them.
fn carried(href: &str, state: &ViewState) -> String {
    let (address, fragment) = href.split_at(href.find('#').unwrap_or(href.len()));
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let basket = ViewState::default().with("basket", state.get("basket").unwrap_or_default());
    let basket = site::query(&basket);
    let pairs = query.split('&').filter(|pair| !pair.starts_with("basket="));
    let pairs: Vec<&str> = pairs
        .chain([basket.trim_start_matches('?')])
        .filter(|pair| !pair.is_empty())
        .collect();
    let mark = if pairs.is_empty() { "" } else { "?" };
    [path, mark, &pairs.join("&"), fragment].concat()
}

/// The address of a clicked link and its page, when it leads to one of the portal and a plain click was meant.
fn inner_link(event: &MouseEvent) -> Option<(String, Page)> {
    let modified = event.meta_key() || event.ctrl_key() || event.shift_key() || event.alt_key();
    if modified || event.button() != 0 || event.default_prevented() {
        return None;
    }
    let target: Element = event.target()?.dyn_into().ok()?;
    let link = target.closest("a[href]").ok()??;
    if link.has_attribute("download") || link.has_attribute("target") || link.has_attribute("rel") {
        return None;
    }
    let href = link.get_attribute("href")?;
    let (_, page) = inner(&href)?;
    Some((href, page))
}
