use super::{Expect, Version, Written, cannot_list};
use crate::cache::Encoded;
use crate::records::{Records, Write};
use std::io;

/// Keeps each session as rows of records: for SQL databases, logs, memory.
/// The store itself makes the changes, so that nothing has to be read first.
///
/// ```
/// use ferogram_session::{Expect, Records, RowStore, Version, Write, Written};
/// use std::collections::HashMap;
/// use std::io;
/// use std::sync::Mutex;
///
/// #[derive(Default)]
/// struct Tables(Mutex<HashMap<String, (Records, Version)>>);
///
/// impl RowStore for Tables {
///     fn read(&self, key: &str) -> io::Result<Option<(Records, Version)>> {
///         Ok(self.0.lock().map_err(|_| io::ErrorKind::Other)?.get(key).cloned())
///     }
///
///     fn write(&self, key: &str, write: &Write<'_>, expect: &Expect) -> io::Result<Written> {
///         let mut tables = self.0.lock().map_err(|_| io::ErrorKind::Other)?;
///         if !expect.matches(tables.get(key).map(|(_, version)| version)) {
///             return Ok(Written::Conflict);
///         }
///         let version = Version::fresh();
///         let stored = tables.entry(key.to_owned()).or_insert((Records::new(), Version::UNKNOWN));
///         stored.0.write(write);
///         stored.1 = version.clone();
///         Ok(Written::Version(version))
///     }
///
///     fn delete(&self, key: &str) -> io::Result<()> {
///         self.0.lock().map_err(|_| io::ErrorKind::Other)?.remove(key);
///         Ok(())
///     }
///
///     fn conditional(&self) -> bool {
///         true
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a row session store",
    label = "`RowStore` is not implemented for this",
    note = "implement `RowStore`: read the records of a session, write changes of them",
    note = "for an async client implement `AsyncRowStore` (feature `async`) and make the field a `Blocking<Client>`",
    note = "for a client of an SQL database implement `SqlExecutor` and make the field an `SqlStore<Client>`",
    note = "one value for each session? use `blob`; one field for each record? use `key_value`"
)]
pub trait RowStore: Send + Sync {
    /// The records of the session under `key`, in one state, and which.
    ///
    /// # Errors
    ///
    /// What cannot be read is an error; `None` only if there is nothing.
    fn read(&self, key: &str) -> io::Result<Option<(Records, Version)>>;

    /// Makes the changes or the replacement, whole or not at all, if the store
    /// is as expected. A session that does not exist yet comes into being,
    /// with [`Expect::Any`] too: if another writer comes in between, a store
    /// may answer `Conflict` to that as well, and is asked again. What is
    /// damaged is not replaced.
    ///
    /// # Errors
    ///
    /// What the store says. After an error the write may have taken effect.
    fn write(&self, key: &str, write: &Write<'_>, expect: &Expect) -> io::Result<Written>;

    /// Removes the session. Removing none is no error.
    ///
    /// # Errors
    ///
    /// What the store says.
    fn delete(&self, key: &str) -> io::Result<()>;

    /// Whether `write` compares: atomically, whoever else writes. If not,
    /// calls within this process take turns, and other processes must not
    /// write the same session.
    fn conditional(&self) -> bool {
        false
    }

    /// The state that the store is in. Override it where that is cheaper than
    /// reading everything.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    fn version(&self, key: &str) -> io::Result<Option<Version>> {
        Ok(self.read(key)?.map(|(_, version)| version))
    }

    /// [`read`](Self::read), for a `load`, which gives the records away. A store
    /// that made them from bytes hands those over too: a cache that keeps them
    /// needs no copy of the records.
    #[doc(hidden)]
    fn __load(&self, key: &str) -> io::Result<Option<(Records, Version, Option<Encoded>)>> {
        Ok(self.read(key)?.map(|(records, version)| (records, version, None)))
    }

    /// Asked by a call that says again what this version holds of the login,
    /// which then has to be on the disk, whoever wrote it. A store that does not
    /// know that writes, if the session still has the version, and tells what
    /// became of that.
    #[doc(hidden)]
    fn __settle(&self, key: &str, version: &Version) -> io::Result<Option<Written>> {
        let _ = (key, version);
        Ok(None)
    }

    /// The keys of the sessions in the store.
    ///
    /// # Errors
    ///
    /// `Unsupported` unless overridden.
    fn sessions(&self) -> io::Result<Vec<String>> {
        cannot_list()
    }
}
