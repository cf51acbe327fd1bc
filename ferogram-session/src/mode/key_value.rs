use super::{Expect, Version, Written, cannot_list};
use std::fmt;
use std::io;

/// All fields of a session: name and value.
pub type Fields = Vec<(String, Vec<u8>)>;

/// A field to write, or to take away.
#[derive(Clone, PartialEq, Eq)]
pub struct Field {
    /// Which record it is: lower-case letters, digits, `_`, `:` and `-`.
    pub name: String,
    /// The record, as bytes with whatever codec, JSON too; `None` takes the field away.
    pub value: Option<Vec<u8>>,
}

/// Shows the length of the value, which may be a key.
impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.value.as_ref().map(Vec::len);
        f.debug_struct("Field").field("name", &self.name).field("value_len", &value).finish()
    }
}

/// Keeps each session as one field for each record: for Redis, etcd, DynamoDB
/// and embedded key-value engines. A granular call writes one field.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a key-value session store",
    label = "`KeyValueStore` is not implemented for this",
    note = "implement `KeyValueStore`: read all fields of a session, write some of them",
    note = "for an async client implement `AsyncKeyValueStore` (feature `async`) and make the field a `Blocking<Client>`",
    note = "one value for each session? use `blob`; a table for each kind of record? use `rows`"
)]
pub trait KeyValueStore: Send + Sync {
    /// All fields of the session under `key`, in one state, and which.
    ///
    /// # Errors
    ///
    /// What cannot be read is an error; `None` only if there is nothing.
    fn read(&self, key: &str) -> io::Result<Option<(Fields, Version)>>;

    /// Writes and takes away these fields, all of them or none, if the store
    /// is as expected; other fields stay. A session that does not exist yet
    /// comes into being, with [`Expect::Any`] too.
    ///
    /// # Errors
    ///
    /// What the store says. After an error the write may have taken effect.
    fn write(&self, key: &str, fields: &[Field], expect: &Expect) -> io::Result<Written>;

    /// Removes the session with all its fields. Removing none is no error.
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
