//! The dialog that saves a chart as a picture.

use charts::Shape;
use leptos::prelude::*;

use crate::{
    messages::{Message, fill, text},
    pages::dataset::View,
    picture::{Subject, today},
    raster,
};

/// What a button makes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Made {
    Svg,
    Png,
    Copied,
}

/// Preview of a shape, and the buttons.
pub fn picture(view: &View) -> AnyView {
    let language = view.opened.language;
    let said = move |message| text(language, message);
    let square = RwSignal::new(false);
    let shape = move || {
        if square.get() {
            Shape::Square
        } else {
            Shape::Wide
        }
    };
    let status = RwSignal::new(String::new());
    let drawn = {
        let view = view.clone();
        Memo::new(move |_| {
            let (selection, figure) = (view.selection.get()?, view.figure.get()?);
            let state = view.opened.frame.state.get();
            let subject = Subject {
                language,
                snapshot: &view.opened.snapshot,
                dataset: &view.dataset,
                selection: &selection,
                figure: &figure,
                state: &state,
            };
            let ending = if square.get() { "1x1" } else { "16x9" };
            let stem = format!("{}-{ending}", subject.stem());
            Some(subject.draw(shape(), &today()).map(|svg| (svg, stem)))
        })
    };
    let make = move |what: Made| {
        move |_| {
            let Some(Ok((svg, stem))) = drawn.get_untracked() else {
                return;
            };
            let size = shape().size();
            status.set(said(Message::PictureWorking).to_owned());
            leptos::task::spawn_local(async move {
                let name = match what {
                    Made::Svg => format!("{stem}.svg"),
                    _ => format!("{stem}.png"),
                };
                let blob = match what {
                    Made::Svg => raster::file(&svg, "image/svg+xml"),
                    _ => raster::png(&svg, size).await,
                };
                let message = match (blob, what) {
                    (None, _) => said(Message::PictureFailed).to_owned(),
                    (Some(blob), Made::Copied) => match raster::copy(&blob).await {
                        Some(()) => said(Message::PictureCopied).to_owned(),
                        None => said(Message::PictureNoClipboard).to_owned(),
                    },
                    (Some(blob), _) => {
                        raster::save(&blob, &name);
                        fill(language, Message::PictureSaved, &[("name", &name)])
                    }
                };
                status.set(message);
            });
        }
    };
    let preview = move || match drawn.get()? {
        Ok((svg, _)) => {
            let (width, height) = shape().size();
            Some(
                view! {
                    <img
                        class="picture"
                        src=raster::address(&svg)
                        alt=said(Message::EmbedPreview)
                        width=width
                        height=height
                    />
                }
                .into_any(),
            )
        }
        Err(error) => Some(view! { <p role="alert">{error}</p> }.into_any()),
    };
    let pixels = move || {
        let (width, height) = shape().size();
        format!("PNG ({} × {})", width * 2, height * 2)
    };
    let choice = move |name: bool, message: Message| {
        view! {
            <label>
                <input
                    type="radio"
                    name="shape"
                    value=if name { "square" } else { "wide" }
                    prop:checked=move || square.get() == name
                    on:change=move |_| square.set(name)
                />
                " " {said(message)}
            </label>
        }
    };
    view! {
        <p class="note">{said(Message::PictureLead)}</p>
        <fieldset class="shapes">
            <legend>{said(Message::PictureShape)}</legend>
            {choice(false, Message::PictureWide)}
            {choice(true, Message::PictureSquare)}
        </fieldset>
        <div class="share">
            <button type="button" class="save-png" on:click=make(Made::Png)>{pixels}</button>
            <button type="button" class="save-svg" on:click=make(Made::Svg)>"SVG"</button>
            <button type="button" class="copy-png" on:click=make(Made::Copied)>
                {said(Message::PictureCopy)}
            </button>
        </div>
        <p class="note made" role="status">{move || status.get()}</p>
        {preview}
    }
    .into_any()
}
