//! How much changes with a call, whatever a store makes of it: the names and
//! values of the records that are written.

use super::day;
use ferogram_session::{
    Expect, Field, Fields, KeyValueStore, SessionBackend, SessionCache, Version, Written,
};
use std::collections::HashMap;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

#[derive(Default)]
struct Counting(Mutex<Counted>);

#[derive(Default)]
struct Counted {
    fields: HashMap<String, Vec<u8>>,
    version: Option<Version>,
    bytes: usize,
}

#[derive(SessionBackend)]
#[session(key_value)]
struct Encoded {
    #[session(store)]
    store: Counting,
    #[session(cache)]
    cache: SessionCache,
}

impl Counting {
    fn lock(&self) -> MutexGuard<'_, Counted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl KeyValueStore for Counting {
    fn read(&self, _: &str) -> io::Result<Option<(Fields, Version)>> {
        let counted = self.lock();
        let fields = counted.fields.clone().into_iter().collect();
        Ok(counted.version.clone().map(|version| (fields, version)))
    }

    fn write(&self, _: &str, fields: &[Field], expect: &Expect) -> io::Result<Written> {
        let mut counted = self.lock();
        if !expect.matches(counted.version.as_ref()) {
            return Ok(Written::Conflict);
        }
        for Field { name, value } in fields {
            counted.bytes += name.len() + value.as_ref().map_or(0, Vec::len);
            match value {
                Some(value) => counted.fields.insert(name.clone(), value.clone()),
                None => counted.fields.remove(name),
            };
        }
        let version = counted.version.insert(Version::fresh());
        Ok(Written::Version(version.clone()))
    }

    fn delete(&self, _: &str) -> io::Result<()> {
        *self.lock() = Counted::default();
        Ok(())
    }

    fn conditional(&self) -> bool {
        true
    }
}

/// The bytes that change with each call of the day.
pub(super) fn of_a_day() -> Vec<(&'static str, u64)> {
    let backend = Encoded { store: Counting::default(), cache: SessionCache::new() };
    let mut changes = Vec::new();
    day(&backend, &mut |name, call| {
        let before = backend.store.lock().bytes;
        call().unwrap();
        changes.push((name, (backend.store.lock().bytes - before) as u64));
    });
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The measurements read them there.
    #[test]
    fn changes_are_written_down() {
        let is: String = of_a_day()
            .iter()
            .filter(|(name, _)| !super::super::WHOLE.contains(name))
            .map(|(name, bytes)| format!("{name}: {bytes}\n"))
            .collect();
        let said = include_str!("changes.txt");
        assert!(is == said, "`changes.txt` has to say:\n{is}");
    }

    #[test]
    fn a_change_is_what_its_records_take() {
        let changes = of_a_day();
        let of = |name: &str| changes.iter().find(|(called, _)| *called == name).unwrap().1;
        // The names that all of these need, and little besides.
        assert!((256 + 16..330).contains(&of("an auth key")), "{changes:?}");
        assert!((16..50).contains(&of("a new peer")), "{changes:?}");
        assert_eq!(of("save, nothing changed"), 0);
    }
}
