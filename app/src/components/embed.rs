//! The dialog that gives the code for another site's page, with a live preview.

use contract::text::Language;
use js_sys::Reflect;
use leptos::{html, prelude::*};
use wasm_bindgen::JsValue;

use crate::{
    components::copy::Copied,
    embed::code,
    figure,
    messages::{Message, fill, text},
    pages::dataset::View,
    site,
};

/// The height of a frame before the preview has told its own.
const HEIGHT: u32 = 560;
/// Heights that make sense for a frame.
const HEIGHTS: std::ops::RangeInclusive<u32> = 120..=4000;

/// Choices, preview, and both codes.
pub fn embed(view: &View) -> AnyView {
    let here = view.opened.language;
    let said = move |message| text(here, message);
    let language = RwSignal::new(here);
    let theme = RwSignal::new(String::new());
    let chosen = RwSignal::new(None::<u32>);
    let fitting = RwSignal::new(HEIGHT);
    let height = Memo::new(move |_| chosen.get().unwrap_or_else(|| fitting.get()));

    let frame = NodeRef::<html::Iframe>::new();
    // The preview tells its height, as it will tell the page around it elsewhere.
    let heard = window_event_listener(leptos::ev::message, move |event| {
        let inside = frame.get_untracked().and_then(|it| it.content_window());
        let from_preview = event.source().map(JsValue::from) == inside.map(JsValue::from);
        let told = Reflect::get(&event.data(), &"height".into());
        let told = told.ok().and_then(|it| it.as_f64());
        if let (true, Some(told)) = (from_preview, told) {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a height within the bounds"
            )]
            let told = told.clamp(f64::from(*HEIGHTS.start()), f64::from(*HEIGHTS.end())) as u32;
            fitting.set(told);
        }
    });
    on_cleanup(move || heard.remove());

    let id = view.dataset.id.clone();
    let snapshot = view.opened.snapshot.manifest.id.clone();
    let (state, selection) = (view.opened.frame.state, view.selection);
    let url = {
        let (id, snapshot) = (id.clone(), snapshot.clone());
        move |pinned: bool| {
            let state = state.get().embedded().with("theme", &theme.get());
            let state = selection.with(|selection| match selection {
                Some(selection) if pinned => selection.pinned(&state, &snapshot),
                Some(selection) => selection.named(&state),
                None => state.clone(),
            });
            site::embed(language.get(), &id, &state)
        }
    };
    let script = site::absolute(&format!("{}embed.js", site::root()));
    let lines = {
        let (url, view) = (url.clone(), view.clone());
        move |pinned| {
            let title = view.selection.get().map(|selection| {
                let snapshot = &view.opened.snapshot;
                figure::title(snapshot, &selection, language.get())
            });
            let url = site::absolute(&url(pinned));
            code::lines(&url, &script, &title.unwrap_or_default(), height.get())
        }
    };
    let block = move |label: Message, pinned: bool| {
        let lines = lines.clone();
        move || {
            let (label, content) = (said(label).to_owned(), lines(pinned));
            view! { <Copied label content language=here /> }
        }
    };
    let languages = Language::ALL.map(|value| {
        let name = value.locale().name;
        view! {
            <option value=value.tag() lang=value.tag() selected=value == here>{name}</option>
        }
    });
    let themes = [
        ("", Message::SiteThemeSystem),
        ("light", Message::SiteThemeLight),
        ("dark", Message::SiteThemeDark),
    ]
    .map(|(value, message)| view! { <option value=value>{said(message)}</option> });
    let on_height = move |event| {
        let height = event_target_value(&event).parse().ok();
        if let Some(height) = height.filter(|height| HEIGHTS.contains(height)) {
            chosen.set(Some(height));
        }
    };
    let policy = code::policy(&site::absolute(""));
    let pinned_note = fill(here, Message::EmbedPinnedNote, &[("id", &snapshot)]);
    view! {
        <p class="note">{said(Message::EmbedLead)}</p>
        <div class="embed-parts">
        <div>
        <div class="choices">
            <label>
                <span>{said(Message::EmbedLanguage)}</span>
                <select name="embed-language" on:change=move |event| {
                    let tag = event_target_value(&event);
                    language.set(Language::from_tag(&tag).unwrap_or(here));
                }>{languages.collect_view()}</select>
            </label>
            <label>
                <span>{said(Message::EmbedTheme)}</span>
                <select name="embed-theme" on:change=move |event| theme.set(event_target_value(&event))>
                    {themes.collect_view()}
                </select>
            </label>
            <label>
                <span>{said(Message::EmbedHeight)}</span>
                <input
                    type="number"
                    name="embed-height"
                    min=*HEIGHTS.start()
                    max=*HEIGHTS.end()
                    prop:value=move || height.get()
                    on:input=on_height
                />
            </label>
        </div>
        <p class="note">{said(Message::EmbedHeightHint)}</p>
        <h3>{said(Message::EmbedLiveCode)}</h3>
        <p class="note">{said(Message::EmbedLiveNote)}</p>
        <div class="live-code">{block.clone()(Message::EmbedLiveCode, false)}</div>
        <h3>{said(Message::EmbedPinnedCode)}</h3>
        <p class="note">{pinned_note}</p>
        <div class="pinned-code">{block(Message::EmbedPinnedCode, true)}</div>
        <p class="note">{said(Message::EmbedPolicy)} " " <code>{policy}</code></p>
        </div>
        <div class="shown">
            <h3>{said(Message::EmbedPreview)}</h3>
            <iframe
                node_ref=frame
                class="preview"
                title=said(Message::EmbedPreview)
                src=move || url(false)
                height=move || height.get()
            ></iframe>
        </div>
        </div>
    }
    .into_any()
}
