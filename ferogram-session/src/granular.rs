use crate::data::{CachedPeer, DcEntry, UpdateStateChange};
use crate::records::{Change, Record, with_update};

/// A call that changes a part of a session, before it is known what the backend
/// makes of it: an engine a write, a backend by hand a load and a save.
#[derive(Debug)]
pub enum Granular<'a> {
    /// [`SessionBackend::update_dc`](crate::SessionBackend::update_dc).
    UpdateDc(&'a DcEntry),
    /// [`SessionBackend::set_home_dc`](crate::SessionBackend::set_home_dc).
    SetHomeDc(i32),
    /// [`SessionBackend::apply_update_state`](crate::SessionBackend::apply_update_state).
    ApplyUpdateState(UpdateStateChange),
    /// [`SessionBackend::cache_peer`](crate::SessionBackend::cache_peer).
    CachePeer(&'a CachedPeer),
}

impl Granular<'_> {
    /// The method that was called.
    pub(crate) fn operation(&self) -> &'static str {
        match self {
            Self::UpdateDc(_) => "update_dc",
            Self::SetHomeDc(_) => "set_home_dc",
            Self::ApplyUpdateState(_) => "apply_update_state",
            Self::CachePeer(_) => "cache_peer",
        }
    }

    /// Hands it over as changes of a stored session.
    pub(crate) fn with_changes<T>(&self, take: impl Fn(&[Change]) -> T) -> T {
        match *self {
            Self::UpdateDc(entry) => take(&[Change::Put(Record::Dc(Box::new(entry.clone())))]),
            Self::SetHomeDc(dc_id) => take(&[Change::Put(Record::HomeDc(dc_id))]),
            Self::ApplyUpdateState(ref update) => with_update(update, take),
            Self::CachePeer(peer) => take(&[Change::of_peer(peer)]),
        }
    }
}
