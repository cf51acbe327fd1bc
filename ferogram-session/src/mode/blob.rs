use super::{Expect, Version, Written, cannot_list};
use std::io;

/// Keeps each session as one value: for object stores, secret managers,
/// environments, and anything else that can put bytes somewhere.
///
/// ```
/// use ferogram_session::{BlobStore, Expect, Version, Written};
/// use std::collections::HashMap;
/// use std::io;
/// use std::sync::Mutex;
///
/// #[derive(Default)]
/// struct Values(Mutex<HashMap<String, (Vec<u8>, Version)>>);
///
/// impl BlobStore for Values {
///     fn read(&self, key: &str) -> io::Result<Option<(Vec<u8>, Version)>> {
///         Ok(self.0.lock().map_err(|_| io::ErrorKind::Other)?.get(key).cloned())
///     }
///
///     fn write(&self, key: &str, bytes: &[u8], expect: &Expect) -> io::Result<Written> {
///         let mut values = self.0.lock().map_err(|_| io::ErrorKind::Other)?;
///         if !expect.matches(values.get(key).map(|(_, version)| version)) {
///             return Ok(Written::Conflict);
///         }
///         let version = Version::fresh();
///         values.insert(key.to_owned(), (bytes.to_vec(), version.clone()));
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
    message = "`{Self}` is not a blob session store",
    label = "`BlobStore` is not implemented for this",
    note = "implement `BlobStore`: read, write and delete one value for each session",
    note = "for an async client implement `AsyncBlobStore` (feature `async`) and make the field a `Blocking<Client>`",
    note = "one field for each record? use `key_value`; a table for each kind of record? use `rows`"
)]
pub trait BlobStore: Send + Sync {
    /// The value under `key`, and which state it is.
    ///
    /// # Errors
    ///
    /// What cannot be read is an error; `None` only if there is nothing.
    fn read(&self, key: &str) -> io::Result<Option<(Vec<u8>, Version)>>;

    /// Stores the value, whole or not at all, if the store is as expected.
    ///
    /// # Errors
    ///
    /// What the store says. After an error the write may have taken effect.
    fn write(&self, key: &str, bytes: &[u8], expect: &Expect) -> io::Result<Written>;

    /// Removes the value. Removing none is no error.
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

    /// The keys of the sessions in the store.
    ///
    /// # Errors
    ///
    /// `Unsupported` unless overridden.
    fn sessions(&self) -> io::Result<Vec<String>> {
        cannot_list()
    }
}
