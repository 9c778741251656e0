//! Breadcrumbs.

use leptos::prelude::*;

use crate::{messages::Message, pages::layout::Opened, site::Page};

/// The way from the home page to this one: title and page of each step, then the title of this page.
pub fn crumbs(opened: &Opened, steps: &[(String, Page)], here: &str) -> AnyView {
    let step = |title: String, page: &Page| {
        let href = opened.href(page);
        view! { <li><a href=href>{title}</a></li> }.into_any()
    };
    let home = step(opened.word(Message::NavHome).to_owned(), &Page::Home);
    let steps: Vec<AnyView> = steps
        .iter()
        .map(|(title, page)| step(title.clone(), page))
        .collect();
    view! {
        <nav class="crumbs" aria-label=opened.word(Message::NavCrumbs)>
            <ol>{home} {steps} <li aria-current="page">{here.to_owned()}</li></ol>
        </nav>
    }
    .into_any()
}
