//! Several writers: what is lost, torn, or believed from memory.

use super::faulty::{Fault, faulty, message, with};
use ferogram_session::testing::{Capability, Place, Suite};
use ferogram_session::{
    BlobStore, CachedPeer, DcEntry, Expect, Field, Fields, KeyValueStore, PersistedSession,
    Records, RowStore, SessionBackend, SessionCache, UpdateStateChange, Version, Write, Written,
};
use ferogram_session_tests::stores::{Blobs, FieldMap, Strength, Tables};
use std::io;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// Load, change and save, with nothing to hold others off in between.
struct LoadChangeSave;

impl LoadChangeSave {
    fn change(
        right: &dyn SessionBackend,
        change: impl FnOnce(&mut PersistedSession),
    ) -> io::Result<()> {
        let mut session = right.load()?.unwrap_or_default();
        thread::yield_now();
        thread::sleep(Duration::from_micros(200));
        change(&mut session);
        right.save(&session)
    }
}

impl Fault for LoadChangeSave {
    fn update_dc(&self, right: &dyn SessionBackend, entry: &DcEntry) -> io::Result<()> {
        Self::change(right, |session| session.dcs.push(entry.clone()))
    }

    fn apply(&self, right: &dyn SessionBackend, update: UpdateStateChange) -> io::Result<()> {
        Self::change(right, |session| update.apply_to(&mut session.updates_state))
    }

    fn cache_peer(&self, right: &dyn SessionBackend, peer: &CachedPeer) -> io::Result<()> {
        Self::change(right, |session| session.peers.push(peer.clone()))
    }
}

/// Two writes where one would do.
struct SavesInTwoSteps;

impl Fault for SavesInTwoSteps {
    fn save(&self, right: &dyn SessionBackend, session: &PersistedSession) -> io::Result<()> {
        let peers =
            PersistedSession { peers: session.peers.clone(), ..PersistedSession::default() };
        right.save(&peers)?;
        thread::yield_now();
        thread::sleep(Duration::from_micros(200));
        let stored = right.load()?.unwrap_or_default();
        right.save(&PersistedSession { peers: stored.peers, ..session.clone() })
    }

    fn apply(&self, right: &dyn SessionBackend, update: UpdateStateChange) -> io::Result<()> {
        if let UpdateStateChange::All(all) = &update {
            let (pts, date, seq) = (all.pts, all.date, all.seq);
            right.apply_update_state(UpdateStateChange::Primary { pts, date, seq })?;
            thread::sleep(Duration::from_micros(200));
        }
        right.apply_update_state(update)
    }
}

/// What was last saved or loaded through this handle.
#[derive(Default)]
struct BelievesMemory {
    known: Mutex<Option<PersistedSession>>,
}

impl Fault for BelievesMemory {
    fn save(&self, right: &dyn SessionBackend, session: &PersistedSession) -> io::Result<()> {
        let mut known = self.known.lock().unwrap();
        if known.as_ref() != Some(session) {
            right.save(session)?;
            *known = Some(session.clone());
        }
        Ok(())
    }

    fn delete(&self, right: &dyn SessionBackend) -> io::Result<()> {
        *self.known.lock().unwrap() = None;
        right.delete()
    }

    fn update_dc(&self, right: &dyn SessionBackend, entry: &DcEntry) -> io::Result<()> {
        *self.known.lock().unwrap() = None;
        right.update_dc(entry)
    }

    fn set_home_dc(&self, right: &dyn SessionBackend, dc_id: i32) -> io::Result<()> {
        let mut known = self.known.lock().unwrap();
        if known.as_ref().is_some_and(|session| session.home_dc_id == dc_id) {
            return Ok(());
        }
        right.set_home_dc(dc_id)?;
        if let Some(session) = &mut *known {
            session.home_dc_id = dc_id;
        }
        Ok(())
    }

    fn apply(&self, right: &dyn SessionBackend, update: UpdateStateChange) -> io::Result<()> {
        *self.known.lock().unwrap() = None;
        right.apply_update_state(update)
    }

    fn cache_peer(&self, right: &dyn SessionBackend, peer: &CachedPeer) -> io::Result<()> {
        *self.known.lock().unwrap() = None;
        right.cache_peer(peer)
    }
}

/// A granular call writes everything that this handle remembers.
#[derive(Default)]
struct WritesMemory(Mutex<Option<PersistedSession>>);

impl WritesMemory {
    fn change(
        &self,
        right: &dyn SessionBackend,
        change: impl FnOnce(&mut PersistedSession),
    ) -> io::Result<()> {
        let mut known = self.0.lock().unwrap();
        if known.is_none() {
            *known = right.load()?;
        }
        let session = known.get_or_insert_default();
        change(session);
        right.save(session)
    }
}

impl Fault for WritesMemory {
    fn save(&self, right: &dyn SessionBackend, session: &PersistedSession) -> io::Result<()> {
        *self.0.lock().unwrap() = Some(session.clone());
        right.save(session)
    }

    fn load(&self, right: &dyn SessionBackend) -> io::Result<Option<PersistedSession>> {
        let mut known = self.0.lock().unwrap();
        if known.is_none() {
            *known = right.load()?;
        }
        Ok(known.clone())
    }

    fn delete(&self, right: &dyn SessionBackend) -> io::Result<()> {
        *self.0.lock().unwrap() = None;
        right.delete()
    }

    fn set_home_dc(&self, right: &dyn SessionBackend, dc_id: i32) -> io::Result<()> {
        self.change(right, |session| session.home_dc_id = dc_id)
    }

    fn apply(&self, right: &dyn SessionBackend, update: UpdateStateChange) -> io::Result<()> {
        self.change(right, |session| update.apply_to(&mut session.updates_state))
    }
}

/// Keeps what changes often until it is dropped.
struct WritesWhenDropped {
    right: Arc<ferogram_session::InMemoryBackend>,
    kept: Mutex<Vec<UpdateStateChange>>,
}

impl WritesWhenDropped {
    fn flush(&self) {
        for update in self.kept.lock().unwrap().drain(..) {
            let _ = self.right.apply_update_state(update);
        }
    }
}

impl Drop for WritesWhenDropped {
    fn drop(&mut self) {
        self.flush();
    }
}

impl Fault for WritesWhenDropped {
    fn load(&self, right: &dyn SessionBackend) -> io::Result<Option<PersistedSession>> {
        self.flush();
        right.load()
    }

    fn apply(&self, _: &dyn SessionBackend, update: UpdateStateChange) -> io::Result<()> {
        self.kept.lock().unwrap().push(update);
        Ok(())
    }
}

fn writes_when_dropped_suite() -> Suite {
    let make = |place: &Place| {
        let right = place.shared(ferogram_session::InMemoryBackend::new);
        faulty(place, WritesWhenDropped { right, kept: Mutex::default() })
    };
    Suite::new(make).with(Capability::Persistent)
}

/// Says that it compares, and writes in any case.
#[derive(Debug)]
struct Lies<S>(S);

/// The same in each mode.
macro_rules! lies {
    ($($store:ident reads $read:ty, writes $write:ty;)*) => { $(
        impl<S: $store> $store for Lies<S> {
            fn read(&self, key: &str) -> io::Result<Option<($read, Version)>> {
                self.0.read(key)
            }

            fn write(&self, key: &str, write: $write, _: &Expect) -> io::Result<Written> {
                self.0.write(key, write, &Expect::Any)
            }

            fn delete(&self, key: &str) -> io::Result<()> {
                self.0.delete(key)
            }

            fn conditional(&self) -> bool {
                true
            }

            fn version(&self, key: &str) -> io::Result<Option<Version>> {
                self.0.version(key)
            }
        }
    )* };
}

lies! {
    BlobStore reads Vec<u8>, writes &[u8];
    KeyValueStore reads Fields, writes &[Field];
    RowStore reads Records, writes &Write<'_>;
}

/// Backends on such a store, by the words of the derive and whether there is a cache.
macro_rules! lying {
    ($($suite:ident: $mode:ident on $store:ident $(with $cache:ident)?;)*) => { $(
        fn $suite() -> Suite {
            #[derive(SessionBackend)]
            #[session($mode)]
            struct OnLies {
                #[session(store)]
                store: Arc<Lies<$store>>,
                $(#[session(cache)]
                $cache: SessionCache,)?
            }
            Suite::new(|place| OnLies {
                store: place.shared(|| Lies($store::new(Strength::KeepsVersions))),
                $($cache: SessionCache::new(),)?
            })
            .with(Capability::Persistent)
            .with(Capability::Conditional)
        }
    )* };
}

lying! {
    lying: blob on Blobs;
    lying_with_a_cache: blob on Blobs with cache;
    lying_in_fields: key_value on FieldMap;
    lying_in_rows_with_a_cache: rows on Tables with cache;
}

/// Compares, and does not say so: calls of one process take turns instead.
#[derive(Debug)]
struct Modest(Blobs);

impl BlobStore for Modest {
    fn read(&self, key: &str) -> io::Result<Option<(Vec<u8>, Version)>> {
        self.0.read(key)
    }

    fn write(&self, key: &str, bytes: &[u8], expect: &Expect) -> io::Result<Written> {
        self.0.write(key, bytes, expect)
    }

    fn delete(&self, key: &str) -> io::Result<()> {
        self.0.delete(key)
    }
}

#[derive(SessionBackend)]
#[session(blob)]
struct OnModest {
    #[session(store)]
    store: Arc<Modest>,
}

fn modest() -> Suite {
    Suite::new(|place| OnModest { store: place.shared(|| Modest(Blobs::new(Strength::Compares))) })
        .with(Capability::Persistent)
        .with(Capability::Conditional)
}

#[test]
fn what_to_write_is_said_where_a_store_does_not_say_that_it_compares() {
    let message = message(&modest(), "law_5_the_store_compares");
    assert!(message.contains("fn conditional(&self) -> bool { true }"), "{message}");
}

faults! {
    loads_changes_and_saves: with(|| LoadChangeSave) => [
        law_5_threads_lose_no_peers law_5_threads_lose_no_channels law_5_threads_lose_no_dcs
        law_5_primary_and_secondary_at_once law_5_random_calls_from_threads
    ]
    saves_in_two_steps: with(|| SavesInTwoSteps) => [
        law_4_a_load_sees_a_whole_session law_4_a_load_sees_a_whole_step
        law_5_the_last_of_concurrent_saves
    ]
    believes_its_memory: with(BelievesMemory::default) => [
        law_5_a_save_that_seems_to_change_nothing
        law_5_a_granular_call_that_seems_to_change_nothing
        law_5_delete_and_save_under_a_stale_handle
        law_5_delete_under_granular_calls_of_a_stale_handle
        law_5_random_calls_through_two_handles
    ]
    writes_its_memory: with(WritesMemory::default) => [
        law_5_granular_calls_through_a_stale_handle law_5_a_handle_sees_what_another_wrote
        law_5_handles_in_turn law_5_random_calls_through_two_handles
        law_5_random_calls_from_threads_with_a_handle_each
    ]
    writes_when_dropped: writes_when_dropped_suite() => [
        law_6_counters_and_peers_survive_without_drop
    ]
    a_store_that_only_says_it_compares: lying() => [
        law_5_the_store_compares law_5_threads_lose_no_peers
    ]
    fields_that_are_only_said_to_be_compared: lying_in_fields() => [law_5_the_store_compares]
    rows_that_are_only_said_to_be_compared: lying_in_rows_with_a_cache() => [
        law_5_the_store_compares
    ]
    a_store_that_does_not_say_that_it_compares: modest() => [law_5_the_store_compares]
    a_cache_on_a_store_that_only_says_it_compares: lying_with_a_cache() => [
        law_5_the_store_compares law_5_granular_calls_through_a_stale_handle
    ]
}
