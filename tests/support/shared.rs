//! A backend that lives in memory, for several handles.

use ferogram_session::{CachedPeer, DcEntry, PersistedSession, SessionBackend, UpdateStateChange};
use std::io;
use std::sync::Arc;

/// A handle on a backend that others use too.
#[derive(Debug)]
pub struct Shared<B>(pub Arc<B>);

impl<B: SessionBackend> SessionBackend for Shared<B> {
    fn save(&self, session: &PersistedSession) -> io::Result<()> {
        self.0.save(session)
    }

    fn load(&self) -> io::Result<Option<PersistedSession>> {
        self.0.load()
    }

    fn delete(&self) -> io::Result<()> {
        self.0.delete()
    }

    fn name(&self) -> &str {
        self.0.name()
    }

    fn update_dc(&self, entry: &DcEntry) -> io::Result<()> {
        self.0.update_dc(entry)
    }

    fn set_home_dc(&self, dc_id: i32) -> io::Result<()> {
        self.0.set_home_dc(dc_id)
    }

    fn apply_update_state(&self, update: UpdateStateChange) -> io::Result<()> {
        self.0.apply_update_state(update)
    }

    fn cache_peer(&self, peer: &CachedPeer) -> io::Result<()> {
        self.0.cache_peer(peer)
    }
}
