//! The same backends, by hand: what somebody would write who knows the engine
//! and has no derive.

#[path = "../../../compare/src/stores.rs"]
mod stores;

use ferogram_session::__private::{
    Engine, Granular, Key, Mode, Native, Part, cache, codec, template_key,
};
use ferogram_session::{
    CachedPeer, DcEntry, MemoryStore, PersistedSession, SessionBackend, SessionCache,
    UpdateStateChange,
};
use std::io;
use stores::{Parts, Whole};

struct Rows {
    memory: MemoryStore,
    account: String,
}

impl Rows {
    fn engine(&self) -> Engine<'_> {
        Engine::new(Mode::Rows(&self.memory), "bench", key(&self.account), None)
    }
}

struct Fields {
    parts: Parts,
    cache: SessionCache,
    account: String,
}

impl Fields {
    fn engine(&self) -> Engine<'_> {
        let mode = Mode::KeyValue(&self.parts, codec::<Native>());
        Engine::new(mode, "bench", key(&self.account), cache::<SessionCache>(&self.cache))
    }
}

struct Blob {
    whole: Whole,
    cache: SessionCache,
    account: String,
}

impl Blob {
    fn engine(&self) -> Engine<'_> {
        let mode = Mode::Blob(&self.whole, codec::<Native>());
        Engine::new(mode, "bench", key(&self.account), cache::<SessionCache>(&self.cache))
    }
}

fn key(account: &str) -> Key<'static> {
    template_key(&[Part::Text("tg:"), Part::Field("account", &account)])
}

macro_rules! by_hand {
    ($backend:ty) => {
        impl SessionBackend for $backend {
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
                self.engine().change(Granular::UpdateDc(entry))
            }

            fn set_home_dc(&self, dc_id: i32) -> io::Result<()> {
                self.engine().change(Granular::SetHomeDc(dc_id))
            }

            fn apply_update_state(&self, update: UpdateStateChange) -> io::Result<()> {
                self.engine().change(Granular::ApplyUpdateState(update))
            }

            fn cache_peer(&self, peer: &CachedPeer) -> io::Result<()> {
                self.engine().change(Granular::CachePeer(peer))
            }
        }
    };
}

by_hand!(Rows);
by_hand!(Fields);
by_hand!(Blob);

fn main() {
    let (mode, calls) = derive_cost::arguments();
    let account = derive_cost::account();
    match mode.as_str() {
        "rows" => derive_cost::run(&Rows { memory: MemoryStore::new(), account }, calls),
        "key-value" => {
            let (parts, cache) = (Parts::default(), SessionCache::new());
            derive_cost::run(&Fields { parts, cache, account }, calls);
        }
        _ => {
            let (whole, cache) = (Whole::default(), SessionCache::new());
            derive_cost::run(&Blob { whole, cache, account }, calls);
        }
    }
}
