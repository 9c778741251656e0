//! Buttons that save what is shown. The annex makes the file: its program is loaded when one is pressed.

use leptos::prelude::*;

use crate::{
    components::{
        door::door,
        live::{heard, live},
    },
    messages::Message,
    pages::layout::Opened,
    site::Program,
};

/// The place where the annex says how far it is.
pub const PLACE: &str = "save";
/// The attribute around it that tells what was asked for: `csv` or `xlsx`.
pub const WANTED: &str = "data-wanted";

/// The buttons, and what becomes of them.
pub fn take(opened: &Opened) -> AnyView {
    let wanted = RwSignal::new(None::<&'static str>);
    let asked = move || {
        let kind = wanted.get()?;
        Some(view! { <div data-wanted=kind>{door(Program::Annex, PLACE)}</div> }.into_any())
    };
    let pressed = Callback::new(move |kind| wanted.set(Some(kind)));
    view! { <div class="save">{buttons(opened, Message::ExportNote, pressed)} {live(asked)}</div> }
        .into_any()
}

/// What can be saved, and a button for each form.
pub fn buttons(opened: &Opened, note: Message, pressed: Callback<&'static str>) -> AnyView {
    let button = |(kind, label): (&'static str, Message)| {
        view! {
            <li>
                <button type="button" data-save=kind on:click=heard(move |_| pressed.run(kind))>
                    {opened.word(label)}
                </button>
            </li>
        }
        .into_any()
    };
    let buttons = [("csv", Message::ExportCsv), ("xlsx", Message::ExportXlsx)].map(button);
    view! {
        <p class="note">{opened.word(note)}</p>
        <ul class="downloads">{Vec::from(buttons)}</ul>
    }
    .into_any()
}
