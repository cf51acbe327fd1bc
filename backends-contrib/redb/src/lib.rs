#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../docs.md")]

use ferogram_session::{
    Embedded, Expect, Field, Fields, KeyValueStore, SessionBackend, SessionError, Version, Written,
};
use redb::{Builder, Database, Error, ReadableTable, Table, TableDefinition};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

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
        // Whatever page is damaged is found at once: later, redb panics.
        let redb = |path: &_| Builder::new().set_check_integrity_on_open(true).create(path);
        let file = Embedded::new(path, move |path| redb(path).map_err(explain));
        Self { store: Arc::new(RedbStore(file)) }
    }
}

/// redb locks the file, so nobody else writes it, and the turns that the
/// library takes are enough.
#[derive(Debug)]
struct RedbStore(Embedded<Database>);

type Entries<'t> = Table<'t, &'static str, &'static [u8]>;
type Result<T, E = Error> = std::result::Result<T, E>;

fn explain(error: impl Into<Error>) -> io::Error {
    match error.into() {
        Error::Io(error) => error,
        Error::Corrupted(what) => SessionError::corrupt(what).into(),
        error => SessionError::unavailable(error.to_string()).into(),
    }
}

/// One transaction, which ends as it began unless something was written.
fn run<T>(database: &Database, write: bool, call: impl Fn(Entries<'_>) -> Result<T>) -> Result<T> {
    let transaction = database.begin_write()?;
    let result = call(transaction.open_table(TableDefinition::new("fields"))?)?;
    if write {
        transaction.commit()?; // synced
        // redb keeps two states, and goes back to the other if one is damaged.
        database.begin_write()?.commit()?;
    }
    Ok(result)
}

impl KeyValueStore for RedbStore {
    fn read(&self, _: &str) -> io::Result<Option<(Fields, Version)>> {
        let fields = |table: Entries<'_>| {
            let all = table.iter()?.map(|f| f.map(|(k, v)| (k.value().into(), v.value().into())));
            Ok(all.collect::<Result<Fields, _>>()?)
        };
        let fields = self.0.read(|database| run(database, false, fields).map_err(explain))?;
        Ok(fields.filter(|fields| !fields.is_empty()).map(|fields| (fields, Version::UNKNOWN)))
    }

    fn write(&self, _: &str, fields: &[Field], _: &Expect) -> io::Result<Written> {
        let write = |mut table: Entries<'_>| {
            for Field { name, value } in fields {
                match value {
                    Some(value) => table.insert(name.as_str(), value.as_slice())?,
                    None => table.remove(name.as_str())?,
                };
            }
            Ok(Written::DONE)
        };
        self.0.write(|database| run(database, true, write).map_err(explain))
    }

    fn delete(&self, _: &str) -> io::Result<()> {
        self.0.delete()
    }
}
