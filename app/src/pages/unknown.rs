//! Addresses that lead nowhere.

use contract::text::Language;
use leptos::prelude::*;

use crate::{
    components::notice::Notice,
    messages::{Message, text},
    pages::layout::Opened,
    site::{self, Page},
    state::ViewState,
};

/// An unknown page outside any language: says so in each.
#[component]
pub fn Unknown() -> impl IntoView {
    site::set_title(text(Language::default(), Message::FailedPage));
    let parts = Language::ALL.map(|language| {
        let home = site::home(language, &ViewState::default());
        view! { <div lang=language.tag()>{notice(language, home)}</div> }.into_any()
    });
    view! { <main class="wide">{Vec::from(parts)}</main> }
}

/// An unknown page within a language.
pub fn page(opened: Opened) -> AnyView {
    opened.title(opened.word(Message::FailedPage));
    notice(opened.language, opened.href(&Page::Home))
}

fn notice(language: Language, home: String) -> AnyView {
    view! {
        <Notice
            title=text(language, Message::FailedPage).to_owned()
            remedy=text(language, Message::FailedPageRemedy).to_owned()
        >
            <a class="button" href=home>{text(language, Message::FailedToHome)}</a>
        </Notice>
    }
    .into_any()
}
