//! A chart that the annex draws itself: its marks say what is written on them.

use charts::ChartSpec;
use leptos::prelude::*;
use web_sys::Element;

use crate::components::marks::{marks, reachable, width};

/// The chart that `spec` gives for a width.
pub fn plot(spec: impl Fn(u32) -> ChartSpec + Send + Sync + 'static) -> AnyView {
    let width = width();
    let drawing = move || match charts::draw(&spec(width.get())) {
        Ok(svg) => view! { <div class="svg" inner_html=reachable(&svg)></div> }.into_any(),
        Err(error) => view! { <p role="alert">{error.to_string()}</p> }.into_any(),
    };
    let told = Callback::new(|mark: Element| mark.get_attribute("aria-label"));
    marks(drawing.into_any(), told)
}
