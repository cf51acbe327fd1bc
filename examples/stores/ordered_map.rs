//! An ordered map from (session, field) to value, as embedded key-value
//! engines have it.

use ferogram_session::{Expect, Field, Fields, KeyValueStore, Version, Written};
use std::collections::BTreeMap;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A key-value store in an ordered map. It compares, under its lock.
#[derive(Debug, Default)]
pub struct OrderedMap(Mutex<State>);

#[derive(Default)]
struct State {
    versions: BTreeMap<String, Version>,
    fields: BTreeMap<(String, String), Vec<u8>>,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} sessions", self.versions.len())
    }
}

impl OrderedMap {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl KeyValueStore for OrderedMap {
    fn read(&self, key: &str) -> io::Result<Option<(Fields, Version)>> {
        let state = self.lock();
        let Some(version) = state.versions.get(key) else { return Ok(None) };
        let of_session = state.fields.range((key.to_owned(), String::new())..);
        let of_session = of_session.take_while(|((session, _), _)| session == key);
        let fields = of_session.map(|((_, name), value)| (name.clone(), value.clone()));
        Ok(Some((fields.collect(), version.clone())))
    }

    fn write(&self, key: &str, fields: &[Field], expect: &Expect) -> io::Result<Written> {
        let mut state = self.lock();
        if !expect.matches(state.versions.get(key)) {
            return Ok(Written::Conflict);
        }
        for Field { name, value } in fields {
            let place = (key.to_owned(), name.clone());
            match value {
                Some(value) => state.fields.insert(place, value.clone()),
                None => state.fields.remove(&place),
            };
        }
        let version = Version::fresh();
        state.versions.insert(key.to_owned(), version.clone());
        Ok(Written::Version(version))
    }

    fn delete(&self, key: &str) -> io::Result<()> {
        let mut state = self.lock();
        state.versions.remove(key);
        state.fields.retain(|(session, _), _| session != key);
        Ok(())
    }

    fn conditional(&self) -> bool {
        true
    }

    fn version(&self, key: &str) -> io::Result<Option<Version>> {
        Ok(self.lock().versions.get(key).cloned())
    }

    fn sessions(&self) -> io::Result<Vec<String>> {
        Ok(self.lock().versions.keys().cloned().collect())
    }
}
