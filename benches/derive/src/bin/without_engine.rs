//! The stores called without an engine, and so without a cache: no key escaping, no
//! deadline, no retry, no versions that are compared, no errors that say where. What
//! all of that costs is the difference, less what a cache saves.

#[path = "../../../compare/src/stores.rs"]
mod stores;

use ferogram_session::{
    BlobStore, CachedPeer, Change, Codec, DcEntry, Expect, Field, KeyValueStore, MemoryStore,
    Native, PersistedSession, Record, RecordId, Records, RowStore, SessionBackend,
    UpdateStateChange, Write,
};
use std::collections::BTreeSet;
use std::io;
use stores::{Parts, Whole};

/// What a mode makes of a store.
trait Direct: Send + Sync {
    fn save(&self, key: &str, session: &PersistedSession) -> io::Result<()>;
    fn load(&self, key: &str) -> io::Result<Option<PersistedSession>>;
    fn delete(&self, key: &str) -> io::Result<()>;
    fn change(&self, key: &str, change: Change) -> io::Result<()>;
}

impl Direct for MemoryStore {
    fn save(&self, key: &str, session: &PersistedSession) -> io::Result<()> {
        self.write(key, &Write::Replace(session), &Expect::Any).map(drop)
    }

    fn load(&self, key: &str) -> io::Result<Option<PersistedSession>> {
        Ok(self.read(key)?.map(|(records, _)| records.into_session()))
    }

    fn delete(&self, key: &str) -> io::Result<()> {
        RowStore::delete(self, key)
    }

    fn change(&self, key: &str, change: Change) -> io::Result<()> {
        self.write(key, &Write::Changes(&[change]), &Expect::Any).map(drop)
    }
}

impl Direct for Parts {
    /// What is no longer there has to go, so the names are read first.
    fn save(&self, key: &str, session: &PersistedSession) -> io::Result<()> {
        let stored = self.read(key)?.map(|(fields, _)| fields).unwrap_or_default();
        let mut gone: BTreeSet<String> = stored.into_iter().map(|(name, _)| name).collect();
        let mut fields = Vec::new();
        for record in Records::from(session.clone()).iter() {
            let field = field(&record)?;
            gone.remove(&field.name);
            fields.push(field);
        }
        fields.extend(gone.into_iter().map(|name| Field { name, value: None }));
        self.write(key, &fields, &Expect::Any).map(drop)
    }

    fn load(&self, key: &str) -> io::Result<Option<PersistedSession>> {
        let Some((fields, _)) = self.read(key)? else { return Ok(None) };
        // Which record it is stands in the bytes of this codec too.
        let record = |(_, value): (_, Vec<u8>)| Native::decode_record(RecordId::HomeDc, &value);
        let records: Records = fields.into_iter().map(record).collect::<io::Result<_>>()?;
        Ok(Some(records.into_session()))
    }

    fn delete(&self, key: &str) -> io::Result<()> {
        KeyValueStore::delete(self, key)
    }

    fn change(&self, key: &str, change: Change) -> io::Result<()> {
        let record = match change {
            Change::Put(record) => record,
            Change::MergePeer(peer) => Record::Peer(peer),
            _ => return Err(io::ErrorKind::Unsupported.into()),
        };
        self.write(key, &[field(&record)?], &Expect::Any).map(drop)
    }
}

fn field(record: &Record) -> io::Result<Field> {
    let name = match record.id() {
        RecordId::HomeDc => "home".to_owned(),
        RecordId::Dc { dc_id, class } => format!("dc:{dc_id}:{class}"),
        RecordId::Primary => "primary".to_owned(),
        RecordId::Qts => "qts".to_owned(),
        RecordId::Channel(id) => format!("channel:{id}"),
        RecordId::Peer(kind, id) => format!("peer:{}:{id}", kind as u8),
        RecordId::MinPeer(id) => format!("min:{id}"),
        RecordId::Token => "token".to_owned(),
    };
    Ok(Field { name, value: Some(Native::encode_record(record)?) })
}

impl Direct for Whole {
    fn save(&self, key: &str, session: &PersistedSession) -> io::Result<()> {
        self.write(key, &session.to_bytes(), &Expect::Any).map(drop)
    }

    fn load(&self, key: &str) -> io::Result<Option<PersistedSession>> {
        let stored = self.read(key)?;
        stored.map(|(bytes, _)| Native::decode(&bytes)).transpose()
    }

    fn delete(&self, key: &str) -> io::Result<()> {
        BlobStore::delete(self, key)
    }

    fn change(&self, key: &str, change: Change) -> io::Result<()> {
        let mut records = Records::from(self.load(key)?.unwrap_or_default());
        records.apply(change);
        self.save(key, &records.into_session())
    }
}

struct Backend<S> {
    store: S,
    account: String,
}

impl<S: Direct> Backend<S> {
    fn key(&self) -> String {
        format!("tg:{}", self.account)
    }

    fn put(&self, record: Record) -> io::Result<()> {
        self.store.change(&self.key(), Change::Put(record))
    }
}

impl<S: Direct> SessionBackend for Backend<S> {
    fn name(&self) -> &str {
        "bench"
    }

    fn save(&self, session: &PersistedSession) -> io::Result<()> {
        self.store.save(&self.key(), session)
    }

    fn load(&self) -> io::Result<Option<PersistedSession>> {
        self.store.load(&self.key())
    }

    fn delete(&self) -> io::Result<()> {
        self.store.delete(&self.key())
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
        self.store.change(&self.key(), Change::of_peer(peer))
    }
}

fn main() {
    let (mode, calls) = derive_cost::arguments();
    let account = derive_cost::account();
    match mode.as_str() {
        "rows" => derive_cost::run(&Backend { store: MemoryStore::new(), account }, calls),
        "key-value" => derive_cost::run(&Backend { store: Parts::default(), account }, calls),
        _ => derive_cost::run(&Backend { store: Whole::default(), account }, calls),
    }
}
