//! A drawing whose marks tell about themselves: under the pointer, at a touch, by keyboard, to a screen reader.

use leptos::{html::Div, prelude::*};
use views::first::WIDTHS;
use wasm_bindgen::JsCast;
use web_sys::{Element, SvgElement};

use crate::components::live::{heard, live};

/// Below this width of the window a chart is drawn for a phone.
const NARROW: f64 = 640.0;

/// What is said of a mark.
pub type Told = Callback<Element, Option<String>>;

/// A drawing, and what its marks say.
pub fn marks(drawing: AnyView, told: Told) -> AnyView {
    let frame = NodeRef::<Div>::new();
    let tip = RwSignal::new(None::<(String, f64, f64)>);
    let about = move |target: Option<web_sys::EventTarget>| {
        let mark = target?.dyn_into::<Element>().ok()?;
        let mark = mark.closest("[data-key]").ok()??;
        let said = told.run(mark.clone())?;
        let (mark, frame) = (mark.get_bounding_client_rect(), frame.get_untracked()?);
        let around = frame.get_bounding_client_rect();
        let x = mark.left() + mark.width() / 2.0 - around.left();
        let y = mark.top() - around.top();
        // Near an edge the tooltip would hang over it.
        let x = x.clamp(
            148.0_f64.min(around.width() / 2.0),
            (around.width() - 148.0).max(148.0),
        );
        Some((said, x, y))
    };
    let point = move |target| tip.set(about(target));
    let on_key = move |event: web_sys::KeyboardEvent| match event.key().as_str() {
        "Escape" => tip.set(None),
        "ArrowRight" | "ArrowDown" => step(&event, 1),
        "ArrowLeft" | "ArrowUp" => step(&event, -1),
        "Home" => step(&event, i32::MIN),
        "End" => step(&event, i32::MAX),
        _ => {}
    };
    view! {
        <div
            class="drawing"
            node_ref=frame
            on:pointerover=heard(move |event: web_sys::PointerEvent| point(event.target()))
            on:pointerleave=heard(move |_| tip.set(None))
            on:click=heard(move |event: web_sys::MouseEvent| point(event.target()))
            on:focusin=heard(move |event: web_sys::FocusEvent| point(event.target()))
            on:focusout=heard(move |_| tip.set(None))
            on:keydown=heard(on_key)
        >
            {drawing}
            {live(move || tip.get().map(tooltip))}
            <p class="spoken" role="status" aria-live="polite">
                {live(move || tip.get().map(|(said, ..)| said))}
            </p>
        </div>
    }
    .into_any()
}

fn tooltip((said, x, y): (String, f64, f64)) -> AnyView {
    view! {
        <div
            class="tooltip"
            aria-hidden="true"
            style:left=format!("{x}px")
            style:top=format!("{y}px")
        >
            {said}
        </div>
    }
    .into_any()
}

/// The width to draw for: a phone's or a desk's.
pub fn width() -> Memo<u32> {
    let narrow = RwSignal::new(is_narrow());
    let listener = window_event_listener(leptos::ev::resize, move |_| narrow.set(is_narrow()));
    on_cleanup(move || listener.remove());
    let [phone, desk] = WIDTHS;
    Memo::new(move |_| if narrow.get() { phone } else { desk })
}

/// Whether the window is as narrow as a phone.
pub fn is_narrow() -> bool {
    let width = window().inner_width().ok().and_then(|width| width.as_f64());
    width.is_some_and(|width| width < NARROW)
}

/// A drawn chart whose marks can be reached by keyboard: for assistive technology this is a group, not one
/// image. One of them is in the order of tabs, arrow keys lead to the others.
pub fn reachable(svg: &str) -> String {
    svg.replacen("role=\"img\"", "role=\"group\"", 1)
        .replace("tabindex=\"0\"", "tabindex=\"-1\" role=\"img\"")
        .replacen("tabindex=\"-1\"", "tabindex=\"0\"", 1)
}

/// Moves the focus by so many marks, at most to the first or the last.
pub fn step(event: &web_sys::KeyboardEvent, by: i32) {
    let moved = || -> Option<()> {
        let mark = event.target()?.dyn_into::<Element>().ok()?;
        let marks = mark.closest("svg").ok()??;
        let marks = marks.query_selector_all("[data-key]").ok()?;
        let all: Vec<SvgElement> = (0..marks.length())
            .filter_map(|at| marks.item(at)?.dyn_into().ok())
            .collect();
        let here = all
            .iter()
            .position(|other| AsRef::<Element>::as_ref(other) == &mark)?;
        let last = i32::try_from(all.len()).ok()? - 1;
        let next = i32::try_from(here).ok()?.saturating_add(by).clamp(0, last);
        let next = all.get(usize::try_from(next).ok()?)?;
        mark.set_attribute("tabindex", "-1").ok()?;
        next.set_attribute("tabindex", "0").ok()?;
        next.focus().ok()
    };
    if moved().is_some() {
        event.prevent_default();
    }
}
