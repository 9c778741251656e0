//! The portal's front end.
//!
//! | module | holds |
//! |---|---|
//! | [`state`] | the state of a view, which lives in the address, and what it selects |
//! | [`published`] | opening the published folder |
//! | [`client`], [`protocol`] | the query worker, seen from the main thread |
//! | [`rows`], [`figure`], [`finding`] | what a view shows, as plain data |
//! | [`messages`], [`words`] | the texts of both languages |
//! | [`pages`], [`components`] | Leptos |
//!
//! Only [`fetch`] talks to the network, and nothing but `pages` and `components` knows Leptos's views.

pub mod client;
pub mod components;
pub mod fetch;
pub mod figure;
pub mod finding;
pub mod messages;
pub mod pages;
pub mod protocol;
pub mod published;
pub mod rows;
pub mod site;
pub mod state;
pub mod words;

use contract::text::Language;
use leptos::prelude::*;
use leptos_router::{
    components::{ParentRoute, Redirect, Route, Router, Routes},
    path,
};

use crate::pages::{dataset::DatasetPage, home::Home, layout::Layout, unknown::Unknown};

/// The whole portal.
#[component]
pub fn App() -> impl IntoView {
    let root = site::root();
    let base = root.trim_end_matches('/').to_owned();
    let first = format!("/{}/", Language::default().tag());
    view! {
        <Router base=base>
            <Routes fallback=|| view! { <Unknown /> }>
                <Route path=path!("") view=move || view! { <Redirect path=first.clone() /> } />
                <ParentRoute path=path!("/:lang") view=Layout>
                    <Route path=path!("") view=Home />
                    <Route path=path!("data/:dataset") view=DatasetPage />
                    <Route path=path!("*any") view=pages::unknown::UnknownHere />
                </ParentRoute>
            </Routes>
        </Router>
    }
}
