//! What has to be waited for, as a signal. A resource of Leptos knows suspense and transitions too, and writes them
//! out for every type: this is a tenth of the weight.

use std::{
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
};

use leptos::{prelude::*, task::spawn_local};

/// What is waited for.
pub type Wait<T> = Pin<Box<dyn Future<Output = T>>>;

/// What is waited for, and borrows.
pub type Waiting<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Every answer, in the order of the questions, all of which are asked at once.
pub async fn all<T>(asked: Vec<Waiting<'_, T>>) -> Vec<T> {
    let mut asked: Vec<_> = asked.into_iter().map(|asked| (asked, None)).collect();
    let answered = |asked: &mut (Waiting<'_, T>, Option<T>), context: &mut Context<'_>| {
        if asked.1.is_none()
            && let Poll::Ready(answer) = asked.0.as_mut().poll(context)
        {
            asked.1 = Some(answer);
        }
        asked.1.is_some()
    };
    poll_fn(|context| {
        let open = asked
            .iter_mut()
            .filter_map(|it| (!answered(it, context)).then_some(()));
        match open.count() {
            0 => Poll::Ready(()),
            _ => Poll::Pending,
        }
    })
    .await;
    asked.into_iter().filter_map(|(_, answer)| answer).collect()
}

/// The answer to `ask`, which is asked again when a signal changes that it reads. The last answer stays until the
/// next one comes; one that comes after a later question is dropped.
pub fn later<T: Send + Sync + 'static>(ask: impl Fn() -> Wait<T> + 'static) -> RwSignal<Option<T>> {
    let answer = RwSignal::new(None);
    let turn = StoredValue::new(0_u32);
    let ask: Box<dyn Fn() -> Wait<()>> = Box::new(move || {
        let (asked, mine) = (ask(), turn.get_value() + 1);
        turn.set_value(mine);
        Box::pin(async move {
            let answered = asked.await;
            if turn.try_get_value() == Some(mine) {
                answer.set(Some(answered));
            }
        })
    });
    follow(move || spawn_local(ask()));
    answer
}

/// Does something now, and again when a signal changes that it reads: one type of effect for all.
pub fn follow(run: impl Fn() + 'static) {
    fn erased(run: Box<dyn Fn()>) {
        Effect::new(move |_| run());
    }
    erased(Box::new(run));
}
