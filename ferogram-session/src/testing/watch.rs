//! Runs something in a thread of its own, and does not wait for ever.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// What became of it.
pub(super) enum Watched {
    Done,
    Panicked(Box<dyn std::any::Any + Send>),
    Hung,
}

/// Runs `work` in a new thread. One that does not end is left behind: a thread
/// cannot be stopped from outside.
pub(super) fn watch(name: &str, limit: Duration, work: impl FnOnce() + Send + 'static) -> Watched {
    let (done, ended) = mpsc::channel();
    let work = move || {
        let result = catch_unwind(AssertUnwindSafe(work));
        // Nobody listens any more after a timeout.
        let _ = done.send(result);
    };
    if let Err(error) = thread::Builder::new().name(name.to_owned()).spawn(work) {
        panic!("cannot start a thread: {error}");
    }
    match ended.recv_timeout(limit) {
        Ok(Ok(())) => Watched::Done,
        Ok(Err(payload)) => Watched::Panicked(payload),
        Err(_) => Watched::Hung,
    }
}

/// The text of a panic.
pub(super) fn panic_text(payload: &(dyn std::any::Any + Send)) -> String {
    match (payload.downcast_ref::<&str>(), payload.downcast_ref::<String>()) {
        (Some(text), _) => (*text).to_owned(),
        (_, Some(text)) => text.clone(),
        _ => "a panic without a message".to_owned(),
    }
}
