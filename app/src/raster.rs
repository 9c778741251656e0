//! Files made in the browser: pixels from SVG, saving, and the clipboard.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, HtmlAnchorElement, HtmlCanvasElement,
    HtmlImageElement, Url,
};

/// Pixels of a picture for each of its own.
const SCALE: u32 = 2;
/// How long a saved file's address stays valid, in milliseconds.
const KEPT: i32 = 60_000;

/// A text as a file.
pub fn file(text: &str, media_type: &str) -> Option<Blob> {
    let about = BlobPropertyBag::new();
    about.set_type(media_type);
    let parts = Array::of1(&JsValue::from_str(text));
    Blob::new_with_str_sequence_and_options(&parts, &about).ok()
}

/// A drawing's address that needs no request: images from `data:` are what the content security policy allows.
pub fn address(svg: &str) -> String {
    let escaped = js_sys::encode_uri_component(svg);
    format!(
        "data:image/svg+xml;charset=utf-8,{}",
        escaped.as_string().unwrap_or_default()
    )
}

/// The pixels of a drawing.
pub async fn png(svg: &str, (width, height): (u32, u32)) -> Option<Blob> {
    let image = HtmlImageElement::new().ok()?;
    image.set_src(&address(svg));
    JsFuture::from(image.decode()).await.ok()?;
    let canvas = element("canvas")?.dyn_into::<HtmlCanvasElement>().ok()?;
    let (width, height) = (width * SCALE, height * SCALE);
    canvas.set_width(width);
    canvas.set_height(height);
    let context = canvas.get_context("2d").ok()??;
    let context: CanvasRenderingContext2d = context.dyn_into().ok()?;
    let (width, height) = (f64::from(width), f64::from(height));
    context
        .draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width, height)
        .ok()?;
    let made = Promise::new(&mut |resolve, _| {
        let _ = canvas.to_blob(&resolve);
    });
    JsFuture::from(made).await.ok()?.dyn_into().ok()
}

/// Saves a file under a name.
pub fn save(blob: &Blob, name: &str) -> Option<()> {
    let url = Url::create_object_url_with_blob(blob).ok()?;
    let link: HtmlAnchorElement = element("a")?.dyn_into().ok()?;
    link.set_href(&url);
    link.set_download(name);
    link.click();
    let forget = Closure::once_into_js(move || {
        let _ = Url::revoke_object_url(&url);
    });
    web_sys::window()?
        .set_timeout_with_callback_and_timeout_and_arguments_0(forget.unchecked_ref(), KEPT)
        .ok()
        .map(drop)
}

/// Puts a picture on the clipboard; none where there is no clipboard, as in an insecure context.
pub async fn copy(png: &Blob) -> Option<()> {
    let get = |from: &JsValue, name: &str| Reflect::get(from, &JsValue::from_str(name)).ok();
    let window = web_sys::window()?;
    let clipboard = get(window.navigator().as_ref(), "clipboard")?;
    let write: Function = get(&clipboard, "write")?.dyn_into().ok()?;
    let kind: Function = get(&window, "ClipboardItem")?.dyn_into().ok()?;
    let content = Object::new();
    Reflect::set(&content, &"image/png".into(), png).ok()?;
    let item = Reflect::construct(&kind, &Array::of1(&content)).ok()?;
    let promise = write.call1(&clipboard, &Array::of1(&item)).ok()?;
    JsFuture::from(promise.dyn_into::<Promise>().ok()?)
        .await
        .ok()
        .map(drop)
}

fn element(name: &str) -> Option<web_sys::Element> {
    web_sys::window()?.document()?.create_element(name).ok()
}
