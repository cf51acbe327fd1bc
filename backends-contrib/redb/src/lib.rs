#![doc = include_str!("../docs.md")]

use ferogram_session::{Expect, Field, Fields, KeyValueStore, SessionBackend, Version, Written};
use redb::backends::FileBackend;
use redb::{Builder, Database, Error, ReadableTable, Table, TableDefinition};
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// Keeps a session in a redb database: a file with an entry for each record.
#[derive(SessionBackend, Clone, Debug)]
#[session(key_value)]
pub struct RedbBackend {
    #[session(store)]
    store: Arc<RedbStore>,
}

impl RedbBackend {
    /// The file at `path`, which is opened on first use and created with the
    /// first save. No other program and no other backend can open it then: use
    /// a clone for a second handle.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { store: Arc::new(RedbStore(path.into(), Mutex::new(None))) }
    }
}

/// A file, and the database in it while it is open. redb locks the file, so
/// nobody else writes it, and the turns that the library takes are enough.
#[derive(Debug)]
struct RedbStore(PathBuf, Mutex<Option<Database>>);

type Entries<'t> = Table<'t, &'static str, &'static [u8]>;
type Result<T> = std::result::Result<T, Error>;

impl RedbStore {
    /// One transaction, unless there is no file and none is to be made.
    fn run<T>(&self, write: bool, call: impl Fn(Entries<'_>) -> Result<T>) -> Result<Option<T>> {
        let mut open = self.1.lock().unwrap_or_else(PoisonError::into_inner);
        if open.is_none() && (write || self.0.try_exists()?) {
            // Its owner's from the beginning: who reads it owns the account.
            let mut at = File::options();
            at.read(true).write(true).create(true).truncate(false).mode(0o600);
            *open = Some(Builder::new().create_with_backend(FileBackend::new(at.open(&self.0)?)?)?);
        }
        let Some(database) = &*open else { return Ok(None) };
        let transaction = database.begin_write()?;
        let result = call(transaction.open_table(TableDefinition::new("fields"))?)?;
        write.then(|| transaction.commit()).transpose()?; // synced
        Ok(Some(result))
    }
}

impl KeyValueStore for RedbStore {
    fn read(&self, _: &str) -> io::Result<Option<(Fields, Version)>> {
        let fields = self.run(false, |table| {
            let entries = table.iter()?.map(|entry| {
                entry.map(|(name, value)| (name.value().to_owned(), value.value().to_vec()))
            });
            Ok(entries.collect::<std::result::Result<Fields, _>>()?)
        });
        let fields = fields.map_err(io::Error::other)?.filter(|fields| !fields.is_empty());
        Ok(fields.map(|fields| (fields, Version::UNKNOWN)))
    }

    fn write(&self, _: &str, fields: &[Field], _: &Expect) -> io::Result<Written> {
        let written = self.run(true, |mut table| {
            for Field { name, value } in fields {
                match value {
                    Some(value) => table.insert(name.as_str(), value.as_slice())?,
                    None => table.remove(name.as_str())?,
                };
            }
            Ok(Written::DONE)
        });
        Ok(written.map_err(io::Error::other)?.unwrap_or(Written::DONE))
    }

    fn delete(&self, _: &str) -> io::Result<()> {
        let mut open = self.1.lock().unwrap_or_else(PoisonError::into_inner);
        *open = None;
        self.0.try_exists()?.then(|| fs::remove_file(&self.0)).transpose().map(drop)
    }
}
