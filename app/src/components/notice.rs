//! Waiting, failing, and what to do about it.

use contract::{snapshot::SNAPSHOT_FORMAT, text::Language};
use leptos::prelude::*;

use crate::{
    components::live::{heard, live},
    messages::{Message, fill, text},
    pages::layout::Frame,
    protocol::Failure,
    site,
};

/// A message with its remedy, and what to press.
#[component]
pub fn Notice(
    /// What is the matter.
    title: String,
    /// What to do.
    remedy: String,
    /// Buttons and links.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="notice" role="alert">
            <h1>{title}</h1>
            <p>{remedy}</p>
            <p class="actions">{children()}</p>
        </section>
    }
}

/// Something is on its way.
#[component]
pub fn Loading(
    /// What.
    what: Message,
) -> impl IntoView {
    let frame = expect_context::<Frame>();
    view! {
        <p class="loading" role="status">
            {live(move || text(frame.language.get(), what))}
        </p>
    }
}

/// Something failed.
#[component]
pub fn Failed(
    /// What.
    failure: Failure,
) -> impl IntoView {
    let Frame {
        language,
        page,
        state,
        retry,
        ..
    } = expect_context();
    live(move || {
        let language = language.get();
        let (title, remedy, details) = said(&failure, language);
        let latest = matches!(failure, Failure::NoSnapshot { .. }).then(|| {
            let newest = state.with(|it| it.with("snapshot", ""));
            let href = site::href(language, &page.get(), &newest);
            view! { <a class="button" href=href>{text(language, Message::SiteSnapshotLatest)}</a> }
                .into_any()
        });
        let details = details.map(|details| {
            view! {
                <details>
                    <summary>{text(language, Message::FailedDetails)}</summary>
                    <code>{details}</code>
                </details>
            }
            .into_any()
        });
        view! {
            <Notice title remedy>
                <button type="button" on:click=heard(move |_| retry.run(()))>
                    {text(language, Message::FailedRetry)}
                </button>
                " "
                {latest}
            </Notice>
            {details}
        }
    })
}

/// What failed, in words: a title, a remedy, the technical message.
pub fn said(failure: &Failure, language: Language) -> (String, String, Option<String>) {
    let said = |message, values: &[(&str, &str)]| fill(language, message, values);
    match failure {
        Failure::Unreachable { what } => (
            said(Message::FailedUnreachable, &[]),
            said(Message::FailedUnreachableRemedy, &[("what", what)]),
            None,
        ),
        Failure::Missing { what, code } => (
            said(Message::FailedMissing, &[("what", what)]),
            said(Message::FailedMissingRemedy, &[("code", &code.to_string())]),
            None,
        ),
        Failure::Damaged { what, details } => (
            said(Message::FailedDamaged, &[]),
            said(Message::FailedDamagedRemedy, &[("what", what)]),
            Some(details.clone()),
        ),
        Failure::Format { what, found } => {
            let (found, known) = (found.to_string(), SNAPSHOT_FORMAT.to_string());
            let values = [
                ("what", what.as_str()),
                ("found", &found),
                ("known", &known),
            ];
            (
                said(Message::FailedFormat, &[]),
                said(Message::FailedFormatRemedy, &values),
                None,
            )
        }
        Failure::Unreadable { what, details } => (
            said(Message::FailedUnreadable, &[]),
            said(Message::FailedUnreadableRemedy, &[("what", what)]),
            Some(details.clone()),
        ),
        Failure::NoSnapshot { what } => (
            said(Message::FailedSnapshot, &[("what", what)]),
            said(Message::FailedSnapshotRemedy, &[]),
            None,
        ),
        Failure::NoDataset { what } => (
            said(Message::FailedDataset, &[("what", what)]),
            said(Message::FailedDatasetRemedy, &[]),
            None,
        ),
        Failure::Empty => (
            said(Message::FailedEmpty, &[]),
            said(Message::FailedEmptyRemedy, &[]),
            None,
        ),
        Failure::Stopped { details } => (
            said(Message::FailedStopped, &[]),
            said(Message::FailedStoppedRemedy, &[]),
            Some(details.clone()),
        ),
    }
}
