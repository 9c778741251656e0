//! What has to be waited for, as a signal. A resource of Leptos knows suspense and transitions too, and writes them
//! out for every type: this is a tenth of the weight.

use std::pin::Pin;

use leptos::{prelude::*, task::spawn_local};

/// What is waited for.
pub type Wait<T> = Pin<Box<dyn Future<Output = T>>>;

/// The answer to `ask`, which is asked again when a signal changes that it reads. The last answer stays until the
/// next one comes; one that comes after a later question is dropped.
pub fn later<T: Send + Sync + 'static>(ask: impl Fn() -> Wait<T> + 'static) -> RwSignal<Option<T>> {
    let answer = RwSignal::new(None);
    let turn = StoredValue::new(0_u32);
    ask_again(Box::new(move || {
        let (asked, mine) = (ask(), turn.get_value() + 1);
        turn.set_value(mine);
        Box::pin(async move {
            let answered = asked.await;
            if turn.try_get_value() == Some(mine) {
                answer.set(Some(answered));
            }
        })
    }));
    answer
}

fn ask_again(ask: Box<dyn Fn() -> Wait<()>>) {
    Effect::new(move |_| spawn_local(ask()));
}
