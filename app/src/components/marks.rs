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
            on:focusout=heard(move |event: web_sys::FocusEvent| {
                tip.set(None);
                close(&event);
            })
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

/// Hundreds of places on one axis.
const STRIP: &str = "strip-chart";

/// A drawn chart whose marks can be reached by keyboard: for assistive technology this is a group, not one
/// image. One of them is in the order of tabs, arrow keys lead to the others. A strip is one image until an arrow
/// key leads into it.
pub fn reachable(svg: &str) -> String {
    if svg.contains(STRIP) {
        return svg
            .replace("tabindex=\"0\"", "aria-hidden=\"true\"")
            .replacen("role=\"img\"", "role=\"img\" tabindex=\"0\"", 1);
    }
    svg.replacen("role=\"img\"", "role=\"group\"", 1)
        .replace("tabindex=\"0\"", "tabindex=\"-1\" role=\"img\"")
        .replacen("tabindex=\"-1\"", "tabindex=\"0\"", 1)
}

/// Moves the focus by so many marks, at most to the first or the last. Into a strip it moves to the page's own place,
/// and there from place to place as they stand on the axis.
pub fn step(event: &web_sys::KeyboardEvent, by: i32) {
    let moved = || -> Option<()> {
        let mark = event.target()?.dyn_into::<Element>().ok()?;
        let chart = mark.closest("svg").ok()??;
        let marks = chart.query_selector_all("[data-key]").ok()?;
        let mut all: Vec<SvgElement> = (0..marks.length())
            .filter_map(|at| marks.item(at)?.dyn_into().ok())
            .collect();
        let strip = chart.class_list().contains(STRIP);
        if strip {
            charts::order::by_key(&mut all, |mark| {
                let at = mark.get_bounding_client_rect();
                // Whole pixels tell columns and rows of dots apart.
                (at.left().round() as i32, -at.bottom().round() as i32)
            });
        }
        let index = |of: &Element| all.iter().position(|it| AsRef::<Element>::as_ref(it) == of);
        let last = i32::try_from(all.len()).ok()? - 1;
        let next = match index(&mark) {
            Some(here) => i32::try_from(here).ok()?.saturating_add(by).clamp(0, last),
            None => {
                let own = chart.query_selector("[data-key].highlighted").ok()?;
                let own = own.and_then(|own| index(&own)).unwrap_or_default();
                i32::try_from(own).ok()?
            }
        };
        let next = all.get(usize::try_from(next).ok()?)?;
        mark.set_attribute("tabindex", "-1").ok()?;
        if strip {
            chart.set_attribute("role", "group").ok()?;
            next.remove_attribute("aria-hidden").ok()?;
            next.set_attribute("role", "img").ok()?;
        }
        next.set_attribute("tabindex", "0").ok()?;
        next.focus().ok()
    };
    if moved().is_some() {
        event.prevent_default();
    }
}

/// Makes a strip one image again when the focus leaves it.
fn close(event: &web_sys::FocusEvent) -> Option<()> {
    let mark = event.target()?.dyn_into::<Element>().ok()?;
    let strip = mark.closest(&format!(".{STRIP}")).ok()??;
    let next = event.related_target();
    let next = next.and_then(|next| next.dyn_into::<Element>().ok());
    // Where the whole window has lost the focus, the mark has it again when the reader returns.
    let window_left = document().active_element().as_ref() == Some(&mark);
    if window_left || next.is_some_and(|next| strip.contains(Some(&next))) {
        return None;
    }
    if mark != strip {
        mark.remove_attribute("tabindex").ok()?;
        mark.set_attribute("aria-hidden", "true").ok()?;
    }
    strip.set_attribute("role", "img").ok()?;
    strip.set_attribute("tabindex", "0").ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strip_is_one_stop_without_marks_and_other_charts_have_one_mark_to_begin_with() {
        let svg = |kind: &str| {
            let mark = "<rect data-key=\"a\" aria-label=\"A\" tabindex=\"0\"/>";
            format!("<svg class=\"chart {kind}\" role=\"img\">{mark}{mark}</svg>")
        };
        let count = |svg: &str, what: &str| svg.matches(what).count();
        let strip = reachable(&svg(STRIP));
        assert!(strip.starts_with("<svg class=\"chart strip-chart\" role=\"img\" tabindex=\"0\">"));
        assert_eq!(count(&strip, "tabindex"), 1);
        assert_eq!(count(&strip, "aria-hidden=\"true\""), 2);
        let bars = reachable(&svg("bar-chart"));
        assert_eq!(count(&bars, "role=\"group\""), 1);
        assert_eq!(count(&bars, "tabindex=\"0\""), 1);
        assert_eq!(count(&bars, "tabindex=\"-1\""), 1);
        assert_eq!(count(&bars, "aria-hidden"), 0);
    }
}
