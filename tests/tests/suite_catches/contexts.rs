//! What works in one context and not in another.

use super::faulty::{Fault, with};
use ferogram_session::testing::{self, Outcome, Suite};
use ferogram_session::{CachedPeer, PersistedSession, SessionBackend, UpdateStateChange};
use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::{Mutex, mpsc};
use std::task::{Context, Waker};
use std::thread;
use std::time::Duration;
use tokio::runtime::{Builder, Handle, Runtime};

/// Long enough for a call that does not hang.
const LIMIT: Duration = Duration::from_secs(2);

/// Waits for async code as one does who has no other runtime around.
struct BlocksOn;

impl Fault for BlocksOn {
    fn load(&self, right: &dyn SessionBackend) -> io::Result<Option<PersistedSession>> {
        Builder::new_current_thread().build()?.block_on(async { right.load() })
    }
}

/// Takes it for granted that there is a runtime.
struct NeedsARuntime;

impl Fault for NeedsARuntime {
    fn load(&self, right: &dyn SessionBackend) -> io::Result<Option<PersistedSession>> {
        let _runtime = Handle::current();
        right.load()
    }
}

/// Moves other tasks away, which only a multi-thread runtime can.
struct BlocksInPlace;

impl Fault for BlocksInPlace {
    fn load(&self, right: &dyn SessionBackend) -> io::Result<Option<PersistedSession>> {
        match Handle::try_current() {
            Ok(_) => tokio::task::block_in_place(|| right.load()),
            Err(_) => right.load(),
        }
    }
}

/// Has a runtime of its own, which must not be dropped in another.
struct HasARuntime(#[expect(dead_code, reason = "it is dropped")] Runtime);

impl Fault for HasARuntime {}

/// Has something done by the caller's runtime, and waits for it.
fn ask_the_callers_runtime() -> io::Result<()> {
    if let Ok(runtime) = Handle::try_current() {
        let (done, wait) = mpsc::channel();
        runtime.spawn(async move { done.send(()) });
        wait.recv().map_err(io::Error::other)?;
    }
    Ok(())
}

struct NeedsTheCallersRuntime;

impl Fault for NeedsTheCallersRuntime {
    fn apply(&self, right: &dyn SessionBackend, update: UpdateStateChange) -> io::Result<()> {
        ask_the_callers_runtime()?;
        right.apply_update_state(update)
    }
}

/// Waits for async code, and takes the budget of the task that it is called
/// from.
struct KeepsTheBudget;

impl Fault for KeepsTheBudget {
    fn load(&self, right: &dyn SessionBackend) -> io::Result<Option<PersistedSession>> {
        let mut waits = pin!(tokio::task::consume_budget());
        while waits.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {
            thread::sleep(Duration::from_millis(10));
        }
        right.load()
    }
}

/// Belongs to the thread that made it.
struct OfOneThread(thread::ThreadId);

impl Fault for OfOneThread {
    fn load(&self, right: &dyn SessionBackend) -> io::Result<Option<PersistedSession>> {
        if thread::current().id() != self.0 {
            return Err(io::Error::other("made in another thread"));
        }
        right.load()
    }

    fn cache_peer(&self, right: &dyn SessionBackend, peer: &CachedPeer) -> io::Result<()> {
        self.load(right)?;
        right.cache_peer(peer)
    }
}

/// A runtime that it was made in does the work.
struct OfOneRuntime(Option<Handle>);

impl Fault for OfOneRuntime {
    fn load(&self, right: &dyn SessionBackend) -> io::Result<Option<PersistedSession>> {
        if let Some(runtime) = &self.0 {
            let (done, wait) = mpsc::channel();
            runtime.spawn(async move { done.send(()) });
            wait.recv().map_err(io::Error::other)?;
        }
        right.load()
    }
}

/// Once a thread has unwound, nothing works any more.
#[derive(Default)]
struct Poisoned(Mutex<bool>);

struct NotesUnwinding<'a>(&'a Mutex<bool>);

impl Drop for NotesUnwinding<'_> {
    fn drop(&mut self) {
        *self.0.lock().unwrap() |= thread::panicking();
    }
}

impl Fault for Poisoned {
    fn save(&self, right: &dyn SessionBackend, session: &PersistedSession) -> io::Result<()> {
        let _note = NotesUnwinding(&self.0);
        right.save(session)
    }

    fn load(&self, right: &dyn SessionBackend) -> io::Result<Option<PersistedSession>> {
        if *self.0.lock().unwrap() { Err(io::Error::other("poisoned")) } else { right.load() }
    }
}

faults! {
    blocks_on: with(|| BlocksOn) => [
        law_8_a_multi_thread_worker law_8_a_current_thread_runtime law_8_a_local_set
        law_8_a_task_of_a_current_thread_runtime law_8_all_workers_at_once
    ]
    needs_a_runtime: with(|| NeedsARuntime) => [
        law_8_plain_threads law_8_used_after_its_runtime_ended
    ]
    blocks_in_place: with(|| BlocksInPlace) => [
        law_8_a_current_thread_runtime law_8_a_local_set
    ]
    has_a_runtime: with(|| HasARuntime(Runtime::new().unwrap())) => [
        law_8_made_in_one_context_and_dropped_in_another law_8_a_multi_thread_worker
        law_8_a_depleted_budget
    ]
    of_one_thread: with(|| OfOneThread(thread::current().id())) => [
        law_8_made_in_one_context_and_dropped_in_another law_8_used_after_its_runtime_ended
        law_8_all_workers_at_once law_5_own_writes_are_read
        law_8_a_panic_of_a_user_poisons_nothing
    ]
    needs_the_callers_runtime: with(|| NeedsTheCallersRuntime) => [
        law_8_a_cancelled_task_leaves_it_usable
    ]
    of_one_runtime: with(|| OfOneRuntime(Handle::try_current().ok())).limit(LIMIT) => [
        law_8_used_after_its_runtime_ended
    ]
    poisoned_by_unwinding: with(Poisoned::default) => [law_8_calls_while_a_thread_unwinds]
}

/// Such a case must not wait for ever. Its thread does: it is left behind.
#[track_caller]
fn hangs(suite: Suite, cases: &[&str]) {
    let suite = suite.limit(LIMIT);
    for case in cases {
        assert_eq!(testing::run(&suite, case), Outcome::Hung, "{case}");
    }
}

#[test]
fn waiting_for_the_callers_runtime() {
    let cases =
        ["law_8_a_current_thread_runtime", "law_8_a_local_set", "law_8_all_workers_at_once"];
    hangs(with(|| NeedsTheCallersRuntime), &cases);
}

#[test]
fn waiting_with_a_depleted_budget() {
    hangs(with(|| KeepsTheBudget), &["law_8_a_depleted_budget"]);
}
