//! The portal's front end.
//!
//! | module | holds |
//! |---|---|
//! | [`site`] | pages and their addresses |
//! | [`router`] | the window's address as a signal |
//! | [`state`] | the state of a view, which lives in the address, and what it selects |
//! | [`published`] | opening the published folder |
//! | [`client`], [`protocol`] | the query worker, seen from the main thread |
//! | [`shared`] | answers that the programs of one page share |
//! | [`guest`] | programs that fill places in the main one's page |
//! | [`twin`] | small tables without the worker |
//! | [`embed`] | one chart inside another site's page, a program of its own, and the code that puts it there |
//! | [`rows`], [`parts`], [`figure`], [`finding`], [`instead`], [`headline`] | what a view shows, as plain data: the room `views` |
//! | [`drawn`] | what the page's file shows before the program does |
//! | [`picture`], [`raster`] | a view as a picture, as a file, on the clipboard |
//! | [`basket`], [`briefing`] | charts collected in the address, and the page made of them |
//! | [`stages`], [`spread`] | how far whistles came; where a place stands among all |
//! | [`search`], [`peers`], [`changes`], [`verdict`], [`cite`] | what other pages show, as plain data |
//! | [`explore`], [`pivot`] | what the explorer shows, as plain data |
//! | [`sheet`], [`takeaway`], [`spreadsheet`] | what a reader takes along, as CSV and XLSX |
//! | [`verify`] | whether a file is one of a snapshot |
//! | [`proof`] | whether what is withheld cannot be worked out, checked by the reader |
//! | [`later`] | what has to be waited for, as a signal |
//! | [`json`], [`shapes`] | JSON into the types of published files |
//! | [`messages`], [`words`] | the texts of every language |
//! | [`pages`], [`components`] | Leptos |
//!
//! Only [`fetch`] talks to the network, and nothing but `pages` and `components` knows Leptos's views.

pub mod basket;
pub mod briefing;
pub mod changes;
pub mod cite;
pub mod client;
pub mod components;
pub mod drawn;
pub mod embed;
pub mod explore;
pub mod fetch;
pub mod guest;
pub mod json;
pub mod later;
pub mod pages;
pub mod peers;
pub mod picture;
pub mod pivot;
pub mod proof;
pub mod protocol;
pub mod published;
pub mod raster;
pub mod router;
pub mod search;
pub mod shapes;
pub mod shared;
pub mod sheet;
pub mod site;
pub mod spread;
pub mod spreadsheet;
pub mod stages;
pub mod takeaway;
pub mod twin;
pub mod verdict;
pub mod verify;

#[cfg(test)]
use views::fixtures;
pub use views::{figure, finding, headline, instead, messages, parts, rows, state, words};

use contract::text::Language;
use leptos::prelude::*;

use crate::{
    pages::layout::{self, Fill, Layout},
    router::Router,
    site::{Page, Program},
};

/// The whole portal; other programs make some of its pages.
#[component]
pub fn App() -> impl IntoView {
    let router = Router::start(Program::Main);
    let address = router.address.get_untracked();
    if address.language.is_none() && address.page == Page::Home {
        router.replace(&site::href(
            Language::default(),
            &Page::Home,
            &address.state,
        ));
    }
    if matches!(address.page, Page::Home | Page::Dataset(_)) {
        client::wake(&site::root());
    }
    portal(router, layout::page)
}

/// The frame around the pages that a program makes.
pub fn portal(router: Router, content: Fill) -> impl IntoView {
    provide_context(router);
    view! { <Layout content /> }
}
