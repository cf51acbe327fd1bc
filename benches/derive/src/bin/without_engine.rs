//! The store called without an engine: no key escaping, no deadline, no retry,
//! no errors that say where. What all of that costs is the difference.

use ferogram_session::{
    CachedPeer, Change, DcEntry, Expect, MemoryStore, PersistedSession, Record, RowStore,
    SessionBackend, UpdateStateChange, Write,
};
use std::io;

struct Backend {
    memory: MemoryStore,
    account: String,
}

impl Backend {
    fn key(&self) -> String {
        format!("tg:{}", self.account)
    }

    fn write(&self, write: &Write<'_>) -> io::Result<()> {
        self.memory.write(&self.key(), write, &Expect::Any).map(drop)
    }

    fn put(&self, record: Record) -> io::Result<()> {
        self.write(&Write::Changes(&[Change::Put(record)]))
    }
}

impl SessionBackend for Backend {
    fn name(&self) -> &str {
        "bench"
    }

    fn save(&self, session: &PersistedSession) -> io::Result<()> {
        self.write(&Write::Replace(session))
    }

    fn load(&self) -> io::Result<Option<PersistedSession>> {
        Ok(self.memory.read(&self.key())?.map(|(records, _)| records.into_session()))
    }

    fn delete(&self) -> io::Result<()> {
        self.memory.delete(&self.key())
    }

    fn update_dc(&self, entry: &DcEntry) -> io::Result<()> {
        self.put(Record::Dc(Box::new(entry.clone())))
    }

    fn set_home_dc(&self, dc_id: i32) -> io::Result<()> {
        self.put(Record::HomeDc(dc_id))
    }

    fn apply_update_state(&self, update: UpdateStateChange) -> io::Result<()> {
        match update {
            UpdateStateChange::Primary { pts, date, seq } => {
                self.put(Record::Primary { pts, date, seq })
            }
            UpdateStateChange::Secondary { qts } => self.put(Record::Qts(qts)),
            UpdateStateChange::Channel { id, pts } => self.put(Record::Channel { id, pts }),
            UpdateStateChange::All(_) => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    fn cache_peer(&self, peer: &CachedPeer) -> io::Result<()> {
        self.write(&Write::Changes(&[Change::of_peer(peer)]))
    }
}

fn main() {
    let (_, calls) = derive_cost::arguments();
    let account = derive_cost::account();
    derive_cost::run(&Backend { memory: MemoryStore::new(), account }, calls);
}
