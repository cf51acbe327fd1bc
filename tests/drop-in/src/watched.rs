//! A backend around another one that notes every call and where it came from.

use std::cell::Cell;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::thread::ThreadId;

use ferogram_session::{CachedPeer, DcEntry, PersistedSession, SessionBackend, UpdateStateChange};

thread_local! {
    static POLLED: Cell<bool> = const { Cell::new(false) };
}

/// A future during whose polls `Call::from_future` is true: what is called then
/// is called directly from asynchronous code, on whatever thread polls it.
pub struct Polled<F>(Pin<Box<F>>);

impl<F: Future> Polled<F> {
    pub fn new(future: F) -> Self {
        Self(Box::pin(future))
    }
}

impl<F: Future> Future for Polled<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let before = POLLED.replace(true);
        let result = self.0.as_mut().poll(context);
        POLLED.set(before);
        result
    }
}

/// One call of a backend's method.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: &'static str,
    pub ok: bool,
    /// Called inside a poll of the watched future.
    pub from_future: bool,
    /// A tokio runtime was entered.
    pub in_runtime: bool,
    pub thread: ThreadId,
}

pub struct Watched {
    inner: Arc<dyn SessionBackend>,
    calls: Mutex<Vec<Call>>,
}

impl Watched {
    pub fn new(inner: Arc<dyn SessionBackend>) -> Self {
        Self { inner, calls: Mutex::default() }
    }

    pub fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }

    pub fn count(&self, method: &str) -> usize {
        self.calls().iter().filter(|c| c.method == method).count()
    }

    fn note<T>(&self, method: &'static str, result: io::Result<T>) -> io::Result<T> {
        self.calls.lock().unwrap().push(Call {
            method,
            ok: result.is_ok(),
            from_future: POLLED.get(),
            in_runtime: tokio::runtime::Handle::try_current().is_ok(),
            thread: std::thread::current().id(),
        });
        result
    }
}

impl SessionBackend for Watched {
    fn save(&self, session: &PersistedSession) -> io::Result<()> {
        self.note("save", self.inner.save(session))
    }

    fn load(&self) -> io::Result<Option<PersistedSession>> {
        self.note("load", self.inner.load())
    }

    fn delete(&self) -> io::Result<()> {
        self.note("delete", self.inner.delete())
    }

    fn name(&self) -> &str {
        self.inner.name()
    }

    fn update_dc(&self, entry: &DcEntry) -> io::Result<()> {
        self.note("update_dc", self.inner.update_dc(entry))
    }

    fn set_home_dc(&self, dc_id: i32) -> io::Result<()> {
        self.note("set_home_dc", self.inner.set_home_dc(dc_id))
    }

    fn apply_update_state(&self, update: UpdateStateChange) -> io::Result<()> {
        let method = match update {
            UpdateStateChange::All(_) => "all",
            UpdateStateChange::Primary { .. } => "primary",
            UpdateStateChange::Secondary { .. } => "secondary",
            UpdateStateChange::Channel { .. } => "channel",
        };
        self.note(method, self.inner.apply_update_state(update))
    }

    fn cache_peer(&self, peer: &CachedPeer) -> io::Result<()> {
        self.note("cache_peer", self.inner.cache_peer(peer))
    }
}
