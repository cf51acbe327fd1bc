//! A value and fields in memory: stores of the blob and the key-value mode.

use ferogram_session::{BlobStore, Expect, Field, Fields, KeyValueStore, Version, Written};
use std::collections::BTreeMap;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

#[derive(Default)]
pub(crate) struct Whole(Mutex<Option<(Box<[u8]>, Version)>>);

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
pub(crate) struct Parts(Mutex<Option<(Stored, Version)>>);

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
