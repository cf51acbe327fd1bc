//! Stores in this process, one for each mode, and as strong or as weak as the
//! stores that teams have.

use ferogram_session::{
    BlobStore, Expect, Field, Fields, KeyValueStore, MemoryStore, Records, RowStore, Version,
    Write, Written,
};
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::sync::Mutex;

/// What a store does with versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// It keeps them, and compares before it writes.
    Compares,
    /// It keeps them, and writes in any case.
    KeepsVersions,
    /// It knows nothing of them.
    KeepsNone,
}

impl Strength {
    fn allows(self, expect: &Expect, stored: Option<&Version>) -> bool {
        self != Self::Compares || expect.matches(stored)
    }

    fn next(self) -> Version {
        if self == Self::KeepsNone { Version::UNKNOWN } else { Version::fresh() }
    }
}

/// One value for each session.
#[derive(Debug)]
pub struct Blobs {
    strength: Strength,
    values: Mutex<HashMap<String, (Vec<u8>, Version)>>,
}

impl Blobs {
    /// An empty store.
    #[must_use]
    pub fn new(strength: Strength) -> Self {
        Self { strength, values: Mutex::default() }
    }

    /// Flips one bit in the middle of a value.
    pub fn flip_a_bit(&self, key: &str) {
        let mut values = self.values.lock().unwrap();
        let bytes = &mut values.get_mut(key).unwrap().0;
        let middle = bytes.len() / 2;
        bytes[middle] ^= 4;
    }

    /// Takes the last byte of a value away.
    pub fn cut_off(&self, key: &str) {
        self.values.lock().unwrap().get_mut(key).unwrap().0.pop();
    }
}

impl BlobStore for Blobs {
    fn read(&self, key: &str) -> io::Result<Option<(Vec<u8>, Version)>> {
        Ok(self.values.lock().unwrap().get(key).cloned())
    }

    fn write(&self, key: &str, bytes: &[u8], expect: &Expect) -> io::Result<Written> {
        let mut values = self.values.lock().unwrap();
        if !self.strength.allows(expect, values.get(key).map(|(_, version)| version)) {
            return Ok(Written::Conflict);
        }
        let version = self.strength.next();
        values.insert(key.to_owned(), (bytes.to_vec(), version.clone()));
        Ok(Written::Version(version))
    }

    fn delete(&self, key: &str) -> io::Result<()> {
        self.values.lock().unwrap().remove(key);
        Ok(())
    }

    fn conditional(&self) -> bool {
        self.strength == Strength::Compares
    }

    fn sessions(&self) -> io::Result<Vec<String>> {
        Ok(self.values.lock().unwrap().keys().cloned().collect())
    }
}

/// One field for each record.
#[derive(Debug)]
pub struct FieldMap {
    strength: Strength,
    sessions: Mutex<HashMap<String, Session>>,
}

#[derive(Debug)]
struct Session {
    fields: BTreeMap<String, Vec<u8>>,
    version: Version,
}

impl FieldMap {
    /// An empty store.
    #[must_use]
    pub fn new(strength: Strength) -> Self {
        Self { strength, sessions: Mutex::default() }
    }

    /// Flips one bit in the field of a datacentre.
    pub fn flip_a_bit(&self, key: &str) {
        let mut sessions = self.sessions.lock().unwrap();
        let mut fields = sessions.get_mut(key).unwrap().fields.iter_mut();
        let value = fields.find(|(name, _)| name.starts_with("dc:")).unwrap().1;
        let middle = value.len() / 2;
        value[middle] ^= 4;
    }
}

impl KeyValueStore for FieldMap {
    fn read(&self, key: &str) -> io::Result<Option<(Fields, Version)>> {
        let sessions = self.sessions.lock().unwrap();
        Ok(sessions.get(key).map(|session| {
            let fields = session.fields.iter();
            let fields = fields.map(|(name, value)| (name.clone(), value.clone())).collect();
            (fields, session.version.clone())
        }))
    }

    fn write(&self, key: &str, fields: &[Field], expect: &Expect) -> io::Result<Written> {
        let mut sessions = self.sessions.lock().unwrap();
        if !self.strength.allows(expect, sessions.get(key).map(|session| &session.version)) {
            return Ok(Written::Conflict);
        }
        let version = self.strength.next();
        let session = sessions
            .entry(key.to_owned())
            .or_insert_with(|| Session { fields: BTreeMap::new(), version: Version::UNKNOWN });
        session.version = version.clone();
        for field in fields {
            match &field.value {
                Some(value) => session.fields.insert(field.name.clone(), value.clone()),
                None => session.fields.remove(&field.name),
            };
        }
        Ok(Written::Version(version))
    }

    fn delete(&self, key: &str) -> io::Result<()> {
        self.sessions.lock().unwrap().remove(key);
        Ok(())
    }

    fn conditional(&self) -> bool {
        self.strength == Strength::Compares
    }

    fn version(&self, key: &str) -> io::Result<Option<Version>> {
        Ok(self.sessions.lock().unwrap().get(key).map(|session| session.version.clone()))
    }

    fn sessions(&self) -> io::Result<Vec<String>> {
        Ok(self.sessions.lock().unwrap().keys().cloned().collect())
    }
}

/// One row for each record: the library's own store, made weaker.
#[derive(Debug)]
pub struct Tables {
    strength: Strength,
    memory: MemoryStore,
}

impl Tables {
    /// An empty store.
    #[must_use]
    pub fn new(strength: Strength) -> Self {
        Self { strength, memory: MemoryStore::new() }
    }

    fn known(&self, version: Version) -> Version {
        if self.strength == Strength::KeepsNone { Version::UNKNOWN } else { version }
    }
}

impl RowStore for Tables {
    fn read(&self, key: &str) -> io::Result<Option<(Records, Version)>> {
        let read = self.memory.read(key)?;
        Ok(read.map(|(records, version)| (records, self.known(version))))
    }

    fn write(&self, key: &str, write: &Write<'_>, expect: &Expect) -> io::Result<Written> {
        let expect = if self.conditional() { expect } else { &Expect::Any };
        Ok(match self.memory.write(key, write, expect)? {
            Written::Version(version) => Written::Version(self.known(version)),
            Written::Conflict => Written::Conflict,
        })
    }

    fn delete(&self, key: &str) -> io::Result<()> {
        self.memory.delete(key)
    }

    fn conditional(&self) -> bool {
        self.strength == Strength::Compares
    }

    fn version(&self, key: &str) -> io::Result<Option<Version>> {
        Ok(self.memory.version(key)?.map(|version| self.known(version)))
    }

    fn sessions(&self) -> io::Result<Vec<String>> {
        self.memory.sessions()
    }
}
