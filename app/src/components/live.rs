//! Views that change: one type for all of them. Leptos writes its machinery out for every type of closure and of
//! what it returns.

use leptos::prelude::*;

/// A view that is made again when a signal changes that `make` reads.
pub fn live<V: IntoView + 'static>(make: impl Fn() -> V + Send + 'static) -> AnyView {
    erased(Box::new(move || make().into_any()))
}

/// A view that is there as long as `when` holds, and is not made again meanwhile.
pub fn shown<V: IntoView + 'static>(
    when: impl Fn() -> bool + Send + Sync + 'static,
    make: impl Fn() -> V + Send + 'static,
) -> AnyView {
    let when: Box<dyn Fn() -> bool + Send + Sync> = Box::new(when);
    let when = ArcMemo::new(move |_| when());
    live(move || match when.get() {
        true => make().into_any(),
        false => ().into_any(),
    })
}

/// What hears an event, in one type for each kind of event.
pub fn heard<E: 'static>(hear: impl FnMut(E) + 'static) -> Box<dyn FnMut(E)> {
    Box::new(hear)
}

fn erased(make: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
    (move || make()).into_any()
}
