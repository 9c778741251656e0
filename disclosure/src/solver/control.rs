//! Long work that can be watched and stopped, on several threads, with results in a fixed order.

use std::sync::{
    Mutex,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use crate::DisclosureError;

/// How far a long computation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// Steps done.
    pub done: usize,
    /// Steps in all.
    pub total: usize,
}

/// Steps of protecting a publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Finding a first pattern.
    Pattern,
    /// Suppressing more until every interval is wide enough.
    Repair,
    /// Searching for the least suppression.
    Search,
    /// Computing the feasible interval of every suppressed cell.
    Audit,
    /// Looking for tables of integers that agree with what is published.
    Witnesses,
}

/// Watches and stops a computation. [`Control::default`] does neither.
#[derive(Default)]
pub struct Control<'a> {
    /// Set it from elsewhere to stop with [`DisclosureError::Cancelled`].
    pub cancel: Option<&'a AtomicBool>,
    /// Called now and then, from any thread.
    pub progress: Option<&'a (dyn Fn(Progress) + Sync)>,
    /// Threads to use; 0 for as many as the machine has. Results do not depend on it.
    pub threads: usize,
}

impl Control<'_> {
    pub(crate) fn check(&self) -> Result<(), DisclosureError> {
        match self.cancel {
            Some(flag) if flag.load(Ordering::Relaxed) => Err(DisclosureError::Cancelled),
            _ => Ok(()),
        }
    }

    pub(crate) fn report(&self, stage: Stage, done: usize, total: usize) {
        if let Some(progress) = self.progress {
            progress(Progress { stage, done, total });
        }
    }

    /// Applies `work` to every item, on several threads; results in the order of the items.
    pub(crate) fn for_each<T: Sync, R: Send>(
        &self,
        items: &[T],
        work: impl Fn(&T) -> Result<R, DisclosureError> + Sync,
    ) -> Result<Vec<R>, DisclosureError> {
        let available = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let threads = match self.threads {
            0 => available(),
            n => n,
        };
        if threads.min(items.len()) <= 1 {
            return items.iter().map(work).collect();
        }
        let next = AtomicUsize::new(0);
        let results: Mutex<Vec<Option<Result<R, DisclosureError>>>> =
            Mutex::new(items.iter().map(|_| None).collect());
        std::thread::scope(|scope| {
            for _ in 0..threads.min(items.len()) {
                scope.spawn(|| {
                    loop {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        let Some(item) = items.get(at) else { break };
                        let result = work(item);
                        if let Ok(mut results) = results.lock() {
                            results[at] = Some(result);
                        }
                    }
                });
            }
        });
        let results = results
            .into_inner()
            .map_err(|_| DisclosureError::Cancelled)?;
        results
            .into_iter()
            .map(|r| r.unwrap_or(Err(DisclosureError::Cancelled)))
            .collect()
    }
}
