use super::runtime::block_on;
use super::{AsyncBlobStore, AsyncKeyValueStore, AsyncRowStore};
use crate::mode::{BlobStore, Expect, Field, Fields, KeyValueStore, RowStore, Version, Written};
use crate::records::{Records, Write};
use crate::sync::DEADLINE;
use std::fmt;
use std::io;
use std::time::Duration;

/// An async store as a store: each call runs to its end on the calling thread,
/// from a plain thread, from async code, from anywhere.
///
/// Sockets and timers belong to a runtime of this crate, which one background
/// thread drives. So a store must open its client *inside* a call, from a
/// configuration or a factory: a client that was opened on a runtime of yours
/// has its sockets there, and the call would wait for ever if that runtime
/// waits for the call. [`AsyncReconnect`](crate::AsyncReconnect) opens in time.
///
/// Not across `fork`: the background thread does not come along.
pub struct Blocking<S> {
    store: S,
    deadline: Duration,
}

impl<S> Blocking<S> {
    /// Calls end after 30 seconds.
    pub const fn new(store: S) -> Self {
        Self { store, deadline: DEADLINE }
    }

    /// Calls of the backend end after `deadline`, with `TimedOut`, however often
    /// they ask the store. Whether a write took effect is then unknown. A store that blocks its thread (that sleeps, say, or
    /// computes for long) instead of waiting asynchronously is not interrupted. One that goes on in another thread and calls
    /// another backend there begins a new deadline with that call.
    #[must_use]
    pub fn with_deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// The async store.
    pub const fn get_ref(&self) -> &S {
        &self.store
    }

    pub(crate) fn run<T>(&self, future: impl Future<Output = io::Result<T>>) -> io::Result<T> {
        block_on(self.deadline, future)
    }
}

impl<S> From<S> for Blocking<S> {
    fn from(store: S) -> Self {
        Self::new(store)
    }
}

impl<S: Default> Default for Blocking<S> {
    fn default() -> Self {
        Self::new(S::default())
    }
}

impl<S: fmt::Debug> fmt::Debug for Blocking<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Blocking").field(&self.store).finish()
    }
}

macro_rules! blocking {
    ($sync:ident, $async:ident, $read:ty, $write:ty) => {
        impl<S: $async> $sync for Blocking<S> {
            fn read(&self, key: &str) -> io::Result<Option<($read, Version)>> {
                self.run(self.store.read(key))
            }
            fn write(&self, key: &str, what: $write, expect: &Expect) -> io::Result<Written> {
                self.run(self.store.write(key, what, expect))
            }
            fn delete(&self, key: &str) -> io::Result<()> {
                self.run(self.store.delete(key))
            }
            fn conditional(&self) -> bool {
                self.store.conditional()
            }
            fn version(&self, key: &str) -> io::Result<Option<Version>> {
                self.run(self.store.version(key))
            }
            fn sessions(&self) -> io::Result<Vec<String>> {
                self.run(self.store.sessions())
            }
        }
    };
}
blocking!(BlobStore, AsyncBlobStore, Vec<u8>, &[u8]);
blocking!(KeyValueStore, AsyncKeyValueStore, Fields, &[Field]);
blocking!(RowStore, AsyncRowStore, Records, &Write<'_>);
