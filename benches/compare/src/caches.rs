//! What a `SessionCache` adds, in each mode: what the backends for servers hold,
//! which keep the session itself elsewhere.

use ferogram_session::{
    BlobStore, Expect, Field, Fields, KeyValueStore, MemoryStore, SessionBackend, SessionCache,
    Version, Written,
};
use std::collections::BTreeMap;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A mode, its backend without a cache, and the same with one.
pub(crate) type Pair = (&'static str, fn() -> Boxed, fn() -> Boxed);
type Boxed = Box<dyn SessionBackend>;

pub(crate) const PAIRS: [Pair; 3] = [
    ("a cache, blob", || Box::new(Blob::default()), || Box::new(CachedBlob::default())),
    ("a cache, key-value", || Box::new(Values::default()), || Box::new(CachedValues::default())),
    ("a cache, rows", || Box::new(Rows::default()), || Box::new(CachedRows::default())),
];

#[derive(Default, SessionBackend)]
#[session(blob)]
struct Blob {
    #[session(store)]
    store: Whole,
}

#[derive(Default, SessionBackend)]
#[session(blob)]
struct CachedBlob {
    #[session(store)]
    store: Whole,
    #[session(cache)]
    cache: SessionCache,
}

#[derive(Default, SessionBackend)]
#[session(key_value)]
struct Values {
    #[session(store)]
    store: Parts,
}

#[derive(Default, SessionBackend)]
#[session(key_value)]
struct CachedValues {
    #[session(store)]
    store: Parts,
    #[session(cache)]
    cache: SessionCache,
}

#[derive(Default, SessionBackend)]
#[session(rows)]
struct Rows {
    #[session(store)]
    store: MemoryStore,
}

#[derive(Default, SessionBackend)]
#[session(rows)]
struct CachedRows {
    #[session(store)]
    store: MemoryStore,
    #[session(cache)]
    cache: SessionCache,
}

#[derive(Default)]
struct Whole(Mutex<Option<(Box<[u8]>, Version)>>);

impl BlobStore for Whole {
    fn read(&self, _: &str) -> io::Result<Option<(Vec<u8>, Version)>> {
        Ok(lock(&self.0).as_ref().map(|(bytes, version)| (bytes.to_vec(), version.clone())))
    }

    fn write(&self, _: &str, bytes: &[u8], expect: &Expect) -> io::Result<Written> {
        let mut stored = lock(&self.0);
        if !met(expect, stored.as_ref().map(|(_, version)| version)) {
            return Ok(Written::Conflict);
        }
        let version = Version::fresh();
        *stored = Some((bytes.into(), version.clone()));
        Ok(Written::Version(version))
    }

    fn delete(&self, _: &str) -> io::Result<()> {
        *lock(&self.0) = None;
        Ok(())
    }

    fn conditional(&self) -> bool {
        true
    }

    fn version(&self, _: &str) -> io::Result<Option<Version>> {
        Ok(lock(&self.0).as_ref().map(|(_, version)| version.clone()))
    }
}

type Stored = BTreeMap<String, Box<[u8]>>;

#[derive(Default)]
struct Parts(Mutex<Option<(Stored, Version)>>);

impl KeyValueStore for Parts {
    fn read(&self, _: &str) -> io::Result<Option<(Fields, Version)>> {
        Ok(lock(&self.0).as_ref().map(|(parts, version)| {
            let fields = parts.iter().map(|(name, value)| (name.clone(), value.to_vec()));
            (fields.collect(), version.clone())
        }))
    }

    fn write(&self, _: &str, fields: &[Field], expect: &Expect) -> io::Result<Written> {
        let mut stored = lock(&self.0);
        if !met(expect, stored.as_ref().map(|(_, version)| version)) {
            return Ok(Written::Conflict);
        }
        let version = Version::fresh();
        let (parts, known) = stored.get_or_insert_with(|| (Stored::new(), version.clone()));
        *known = version.clone();
        for Field { name, value } in fields {
            match value {
                Some(value) => drop(parts.insert(name.clone(), value.as_slice().into())),
                None => drop(parts.remove(name)),
            }
        }
        Ok(Written::Version(version))
    }

    fn delete(&self, _: &str) -> io::Result<()> {
        *lock(&self.0) = None;
        Ok(())
    }

    fn conditional(&self) -> bool {
        true
    }

    fn version(&self, _: &str) -> io::Result<Option<Version>> {
        Ok(lock(&self.0).as_ref().map(|(_, version)| version.clone()))
    }
}

fn met(expect: &Expect, stored: Option<&Version>) -> bool {
    match expect {
        Expect::Any => true,
        Expect::Absent => stored.is_none(),
        Expect::Version(expected) => stored == Some(expected),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
