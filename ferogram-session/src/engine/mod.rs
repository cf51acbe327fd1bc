//! Where the laws live: what a call means for a store, whatever the store.
//!
//! An [`Engine`] is built on the stack by each generated method. It decides
//! what has to be read, what is written under which condition, when to try
//! again, and what the cache may be trusted for. The [modes](plan) only say
//! how changes are laid out.

mod compile;
mod marked;
#[cfg(all(test, shuttle, feature = "testing"))]
mod orders;
mod plan;
mod run;
mod store;

pub use marked::{IsCache, IsName, NO_CACHE, cache, name};
#[cfg(feature = "async")]
pub use store::Blocks;
pub use store::{BlobField, KeyValueField, RowField, store};

use crate::cache::SessionCache;
use crate::codec::CodecFns;
use crate::data::PersistedSession;
use crate::error::SessionError;
use crate::granular::Granular;
use crate::key::Key;
use crate::mode::{BlobStore, KeyValueStore, RowStore};
use crate::sync::Call;
use plan::Intent;
use run::Run;
use std::io;

/// A store in its mode.
#[derive(Clone, Copy)]
pub enum Mode<'a> {
    /// One value for each session.
    Blob(&'a dyn BlobStore, CodecFns),
    /// One field for each record.
    KeyValue(&'a dyn KeyValueStore, CodecFns),
    /// One row for each record.
    Rows(&'a dyn RowStore),
}

impl std::fmt::Debug for Mode<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Blob(..) => "Blob",
            Self::KeyValue(..) => "KeyValue",
            Self::Rows(..) => "Rows",
        })
    }
}

/// One call of a backend. Its methods take it by value: generated code makes
/// one, uses it once, and is cheaper to check and build for it.
#[derive(Debug)]
pub struct Engine<'a> {
    mode: Mode<'a>,
    name: &'a str,
    key: Key<'a>,
    cache: Option<&'a SessionCache>,
}

impl<'a> Engine<'a> {
    /// An engine for one call. A key that could not be made is the error of
    /// the call.
    pub fn new(
        mode: Mode<'a>,
        name: &'a str,
        key: Key<'a>,
        cache: Option<&'a SessionCache>,
    ) -> Self {
        Self { mode, name, key, cache }
    }

    /// [`SessionBackend::save`](crate::SessionBackend::save).
    pub fn save(self, session: &PersistedSession) -> io::Result<()> {
        self.call("save", |run| run.write(Intent::Save(session)))
    }

    /// [`SessionBackend::load`](crate::SessionBackend::load).
    pub fn load(self) -> io::Result<Option<PersistedSession>> {
        self.call("load", |run| run.load())
    }

    /// [`SessionBackend::delete`](crate::SessionBackend::delete).
    pub fn delete(self) -> io::Result<()> {
        self.call("delete", |run| run.delete())
    }

    /// Any of the four methods that change a part of a session.
    pub fn change(self, change: Granular<'_>) -> io::Result<()> {
        change.with_changes(|changes| {
            self.call(change.operation(), |run| run.write(Intent::Change(changes)))
        })
    }

    fn call<T>(
        &self,
        operation: &'static str,
        call: impl FnOnce(&Run<'_>) -> io::Result<T>,
    ) -> io::Result<T> {
        let span = tracing::debug_span!(
            "session",
            backend = self.name,
            key = tracing::field::Empty,
            operation,
            bytes = tracing::field::Empty,
            round_trips = tracing::field::Empty,
        );
        let _entered = span.enter();
        let _call = Call::begin();
        #[cfg(feature = "testing")]
        _call.compares(self.mode.conditional());
        let failed = |error, key| {
            let error = SessionError::locate(error, self.name, key, operation);
            let error = SessionError::or_left_alone(error);
            tracing::debug!(%error, "failed");
            error
        };
        let key = self.key.text().map_err(|error| failed(error.into(), None))?;
        let run = Run::new(self.mode, key, self.cache);
        let result = call(&run);
        if !span.is_disabled() {
            span.record("key", key);
            // A row store alone knows how much its rows take.
            if !matches!(self.mode, Mode::Rows(_)) {
                span.record("bytes", run.bytes());
            }
            span.record("round_trips", run.round_trips());
        }
        result.map_err(|error| failed(error, Some(key)))
    }
}
