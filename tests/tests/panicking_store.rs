//! A store of a user that panics: the call unwinds, before or after it took
//! effect, and the next one finds no lock held and nothing half remembered.

use ferogram_session::testing::{Call, Reference, differences};
use ferogram_session::{
    BlobStore, Expect, Field, Fields, KeyValueStore, PersistedSession, Records, RowStore,
    SessionBackend, SessionCache, UpdateStateChange, Version, Write, Written,
};
use ferogram_session_tests::sessions::{full, user};
use ferogram_session_tests::stores::{Blobs, FieldMap, Strength, Tables};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Panics once, before or after one of the calls on the store in it.
struct Panics<S> {
    store: S,
    at: AtomicUsize,
}

impl<S> Panics<S> {
    fn new(store: S, at: usize) -> Self {
        Self { store, at: AtomicUsize::new(at) }
    }

    fn around<T>(&self, call: impl FnOnce(&S) -> T) -> T {
        self.step();
        let result = call(&self.store);
        self.step();
        result
    }

    fn step(&self) {
        if self.at.fetch_sub(1, Ordering::SeqCst) == 0 {
            // Not a `panic!`, which would print that.
            resume_unwind(Box::new("the store panics"));
        }
    }

    /// Whether it has panicked: the count has gone round then.
    fn has_panicked(&self) -> bool {
        self.at.load(Ordering::SeqCst) > usize::MAX / 2
    }
}

macro_rules! panicking {
    ($store:ident, $backend:ident, $mode:ident, $over:ty, ($($arg:ident: $type:ty),*), $value:ty) => {
        impl<S: $store> $store for Panics<S> {
            fn read(&self, key: &str) -> io::Result<Option<($value, Version)>> {
                self.around(|store| store.read(key))
            }

            fn write(&self, key: &str, $($arg: $type),*) -> io::Result<Written> {
                self.around(|store| store.write(key, $($arg),*))
            }

            fn delete(&self, key: &str) -> io::Result<()> {
                self.around(|store| store.delete(key))
            }

            fn conditional(&self) -> bool {
                self.store.conditional()
            }

            fn version(&self, key: &str) -> io::Result<Option<Version>> {
                self.around(|store| store.version(key))
            }
        }

        #[derive(SessionBackend)]
        #[session($mode(key = "{key}"))]
        struct $backend {
            #[session(store)]
            store: Panics<$over>,
            #[session(cache)]
            cache: SessionCache,
            key: String,
        }

        impl Unwinds for $backend {
            fn make(strength: Strength, at: usize) -> Self {
                let key = format!("{}-{strength:?}", stringify!($backend));
                let store = Panics::new(<$over>::new(strength), at);
                Self { store, cache: SessionCache::new(), key }
            }

            fn has_panicked(&self) -> bool {
                self.store.has_panicked()
            }
        }
    };
}

trait Unwinds: SessionBackend {
    fn make(strength: Strength, at: usize) -> Self;
    fn has_panicked(&self) -> bool;
}

panicking!(BlobStore, OnBlobs, blob, Blobs, (bytes: &[u8], expect: &Expect), Vec<u8>);
panicking!(KeyValueStore, OnFields, key_value, FieldMap, (fields: &[Field], expect: &Expect), Fields);
panicking!(RowStore, OnRows, rows, Tables, (write: &Write<'_>, expect: &Expect), Records);

fn calls() -> Vec<Call> {
    let changed = PersistedSession { home_dc_id: 4, ..full(4) };
    vec![
        Call::Save(Box::new(full(2))),
        Call::CachePeer(user(7, 0)),
        Call::SetHomeDc(3),
        Call::Update(UpdateStateChange::Secondary { qts: 99 }),
        Call::Save(Box::new(changed.clone())),
        Call::Save(Box::new(changed)),
        Call::Delete,
        Call::CachePeer(user(8, 1)),
    ]
}

fn same(reference: &Reference, found: &Option<PersistedSession>) -> bool {
    match (reference.stored(), found) {
        (Some(expected), Some(found)) => differences(expected, found).is_empty(),
        (expected, found) => expected.is_none() && found.is_none(),
    }
}

fn every_panic<B: Unwinds>() {
    for strength in [Strength::Compares, Strength::KeepsVersions, Strength::KeepsNone] {
        let mut panics = 0;
        for at in 0.. {
            let backend = B::make(strength, at);
            let mut reference = Reference::new();
            for call in calls() {
                let before = reference.clone();
                reference.call(&call);
                let made = catch_unwind(AssertUnwindSafe(|| call.make(&backend)));
                if let Ok(result) = made {
                    result.unwrap_or_else(|error| panic!("{call:?}, panic {at}: {error}"));
                    continue;
                }
                let found = backend.load().unwrap();
                if !same(&reference, &found) {
                    assert!(same(&before, &found), "{call:?}, panic {at}: {found:?}");
                    reference = before;
                }
            }
            // The panic may come in this one, but not in two.
            let loaded = catch_unwind(AssertUnwindSafe(|| backend.load()));
            let loaded = loaded.unwrap_or_else(|_| backend.load()).unwrap();
            assert!(same(&reference, &loaded), "panic {at}, at the end: {loaded:?}");
            if !backend.has_panicked() {
                break;
            }
            panics += 1;
        }
        assert!(panics > 15, "only {panics} with {strength:?}");
    }
}

#[test]
fn of_a_blob_store() {
    every_panic::<OnBlobs>();
}

#[test]
fn of_a_key_value_store() {
    every_panic::<OnFields>();
}

#[test]
fn of_a_row_store() {
    every_panic::<OnRows>();
}
