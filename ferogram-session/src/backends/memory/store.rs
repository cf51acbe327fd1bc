use crate::PersistedSession;
use crate::mode::{Expect, RowStore, Version, Versions, Written};
use crate::records::{Records, Write};
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A row store in memory, for any number of sessions.
///
/// A load costs a copy, and so does a save until the first granular call builds an
/// index. From then on such a call costs the same for any size, and a save compares,
/// so that the index stays.
#[derive(Default)]
pub struct MemoryStore {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    sessions: BTreeMap<String, (Records, Version)>,
    versions: Versions,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A copy of the session under `key`.
    pub(crate) fn get(&self, key: &str) -> Option<PersistedSession> {
        self.lock().sessions.get(key).map(|(records, _)| records.to_session())
    }

    // Nothing in here panics between two halves of a change, so what a
    // poisoned lock guards is whole.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RowStore for MemoryStore {
    fn read(&self, key: &str) -> io::Result<Option<(Records, Version)>> {
        Ok(self
            .lock()
            .sessions
            .get(key)
            .map(|(records, version)| (records.without_index(), version.clone())))
    }

    fn write(&self, key: &str, write: &Write<'_>, expect: &Expect) -> io::Result<Written> {
        let mut inner = self.lock();
        let Inner { sessions, versions } = &mut *inner;
        let stored = sessions.get_mut(key);
        if !expect.matches(stored.as_ref().map(|(_, version)| version)) {
            return Ok(Written::Conflict);
        }
        let version = versions.next();
        match stored {
            Some((records, stored)) => {
                records.write(write);
                stored.clone_from(&version);
            }
            None => {
                let mut records = Records::new();
                records.write(write);
                sessions.insert(key.to_owned(), (records, version.clone()));
            }
        }
        Ok(Written::Version(version))
    }

    fn delete(&self, key: &str) -> io::Result<()> {
        self.lock().sessions.remove(key);
        Ok(())
    }

    fn conditional(&self) -> bool {
        true
    }

    fn version(&self, key: &str) -> io::Result<Option<Version>> {
        Ok(self.lock().sessions.get(key).map(|(_, version)| version.clone()))
    }

    fn sessions(&self) -> io::Result<Vec<String>> {
        Ok(self.lock().sessions.keys().cloned().collect())
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MemoryStore")
    }
}
