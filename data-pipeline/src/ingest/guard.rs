//! Calling readers of other people's formats, which panic on a few damaged files.

use std::{
    cell::Cell,
    panic::{self, AssertUnwindSafe},
    sync::Once,
};

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// The reader panicked: the file is damaged. The panic's message is lost on purpose, for it may quote a value.
#[derive(Debug)]
pub(super) struct Panicked;

/// Runs a reader; a panic becomes an error and prints nothing.
pub(super) fn guarded<T>(read: impl FnOnce() -> T) -> Result<T, Panicked> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                before(info);
            }
        }));
    });
    let outer = QUIET.replace(true);
    // What the closure changed is thrown away by every caller after a panic.
    let result = panic::catch_unwind(AssertUnwindSafe(read));
    QUIET.set(outer);
    result.map_err(|_| Panicked)
}
