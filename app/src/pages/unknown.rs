//! Addresses that lead nowhere.

use contract::text::Language;
use leptos::prelude::*;

use crate::{
    components::notice::Notice,
    messages::{Message, text},
    pages::layout::Frame,
    site,
    state::ViewState,
};

/// An unknown page outside any language: says so in both.
#[component]
pub fn Unknown() -> impl IntoView {
    site::set_title(text(Language::default(), Message::FailedPage));
    let parts = Language::ALL.map(|language| {
        view! {
            <div lang=language.tag()>
                <Notice
                    title=text(language, Message::FailedPage).to_owned()
                    remedy=text(language, Message::FailedPageRemedy).to_owned()
                >
                    <a class="button" href=site::home(language, &ViewState::default())>
                        {text(language, Message::FailedToHome)}
                    </a>
                </Notice>
            </div>
        }
    });
    view! { <main class="wide">{parts.collect_view()}</main> }
}

/// An unknown page within a language.
#[component]
pub fn UnknownHere() -> impl IntoView {
    let frame = expect_context::<Frame>();
    move || {
        let language = frame.language.get();
        site::set_title(text(language, Message::FailedPage));
        view! {
            <Notice
                title=text(language, Message::FailedPage).to_owned()
                remedy=text(language, Message::FailedPageRemedy).to_owned()
            >
                <a class="button" href=site::home(language, &frame.state.get())>
                    {text(language, Message::FailedToHome)}
                </a>
            </Notice>
        }
    }
}
