use crate::data::{CachedPeer, DcEntry, PersistedSession, UpdateStateChange};
use crate::error::SessionError;
use crate::granular::Granular;
use crate::records::{Change, Records, Write};
use crate::sync::{Call, Turn, deadline};
use std::io;

/// A place where a session is kept.
///
/// Most backends are not written by hand: a struct that holds a client becomes
/// one with `#[derive(SessionBackend)]`, see the [crate documentation](crate).
/// By hand, four methods are enough; the others have a default that loads,
/// makes the change and saves. The defaults wait for each other within a
/// process; a `save` of your own that happens in between, or another process,
/// can still be undone by one. The derive has no such gap.
///
/// All methods block. The client calls `load` from async code and the others
/// from a blocking thread; an implementation must work in both.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a `SessionBackend`",
    label = "not a session backend",
    note = "annotate the type with `#[derive(SessionBackend)]` and a mode, such as `#[session(key_value)]`, or implement the trait by hand"
)]
pub trait SessionBackend: Send + Sync {
    /// Stores the session, whole or not at all, in place of what was stored.
    ///
    /// # Errors
    ///
    /// What the store says; what was stored before is then still there.
    fn save(&self, session: &PersistedSession) -> io::Result<()>;

    /// The stored session; `None` only if none was ever saved, or the last
    /// one was deleted.
    ///
    /// # Errors
    ///
    /// Anything that cannot be read is an error, never `None`: a client that
    /// is told `None` starts a new login.
    fn load(&self) -> io::Result<Option<PersistedSession>>;

    /// Removes the session, and with it the keys. Removing none is no error.
    ///
    /// # Errors
    ///
    /// What the store says.
    fn delete(&self) -> io::Result<()>;

    /// A name for logs and errors, without secrets.
    fn name(&self) -> &str;

    /// Stores one datacentre address, in place of the one with the same
    /// `dc_id` and class bits (`IPV6`, `MEDIA_ONLY`, `CDN`).
    ///
    /// # Errors
    ///
    /// As [`save`](Self::save).
    fn update_dc(&self, entry: &DcEntry) -> io::Result<()> {
        self.__change(Granular::UpdateDc(entry))
    }

    /// Stores the home datacentre.
    ///
    /// # Errors
    ///
    /// As [`save`](Self::save).
    fn set_home_dc(&self, dc_id: i32) -> io::Result<()> {
        self.__change(Granular::SetHomeDc(dc_id))
    }

    /// Stores a step of the update counters.
    ///
    /// # Errors
    ///
    /// As [`save`](Self::save).
    fn apply_update_state(&self, update: UpdateStateChange) -> io::Result<()> {
        self.__change(Granular::ApplyUpdateState(update))
    }

    /// Stores one peer, in place of the one with the same kind and id; an
    /// access hash that is stored stays if the new one is 0.
    ///
    /// # Errors
    ///
    /// As [`save`](Self::save).
    fn cache_peer(&self, peer: &CachedPeer) -> io::Result<()> {
        self.__change(Granular::CachePeer(peer))
    }

    /// What the four above come to. The derive writes this one instead of them:
    /// a method less is the most that a crate with many backends saves when it
    /// is checked.
    #[doc(hidden)]
    fn __change(&self, change: Granular<'_>) -> io::Result<()> {
        change.with_changes(|changes| load_and_save(self, changes))
    }
}

fn load_and_save<B: SessionBackend + ?Sized>(backend: &B, changes: &[Change]) -> io::Result<()> {
    // Two of these at once, as the client makes them, would each save what the
    // other did not load.
    let turn = format!("by hand: {}", backend.name());
    let _call = Call::begin();
    let _turn = Turn::take(&turn, deadline()).ok_or_else(|| {
        SessionError::timed_out(format!("another change of `{}` did not end", backend.name()))
    })?;
    let mut records = Records::from(backend.load()?.unwrap_or_default());
    records.write(&Write::Changes(changes));
    backend.save(&records.into_session())
}
