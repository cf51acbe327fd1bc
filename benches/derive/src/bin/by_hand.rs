//! The same backend, by hand: what somebody would write who knows the engine
//! and has no derive.

use ferogram_session::__private::{Engine, Mode, Part, template_key};
use ferogram_session::{
    CachedPeer, DcEntry, MemoryStore, PersistedSession, SessionBackend, UpdateStateChange,
};
use std::io;

struct Backend {
    memory: MemoryStore,
    account: String,
}

impl Backend {
    fn engine(&self) -> Engine<'_> {
        let key = template_key(&[Part::Text("tg:"), Part::Field("account", &self.account)]);
        Engine::new(Mode::Rows(&self.memory), "bench", key, None)
    }
}

impl SessionBackend for Backend {
    fn name(&self) -> &str {
        "bench"
    }

    fn save(&self, session: &PersistedSession) -> io::Result<()> {
        self.engine().save(session)
    }

    fn load(&self) -> io::Result<Option<PersistedSession>> {
        self.engine().load()
    }

    fn delete(&self) -> io::Result<()> {
        self.engine().delete()
    }

    fn update_dc(&self, entry: &DcEntry) -> io::Result<()> {
        self.engine().update_dc(entry)
    }

    fn set_home_dc(&self, dc_id: i32) -> io::Result<()> {
        self.engine().set_home_dc(dc_id)
    }

    fn apply_update_state(&self, update: UpdateStateChange) -> io::Result<()> {
        self.engine().apply_update_state(update)
    }

    fn cache_peer(&self, peer: &CachedPeer) -> io::Result<()> {
        self.engine().cache_peer(peer)
    }
}

fn main() {
    derive_cost::run(|memory, account| Backend { memory, account });
}
