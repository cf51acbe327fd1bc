//! What is right passes everything.

use super::faulty::{Fault, with};
use ferogram_session::testing::{self, Call, Capability, Outcome, Place, Reference, Suite};
use ferogram_session::{
    CachedPeer, DcEntry, PersistedSession, SessionBackend, SessionCache, UpdateStateChange,
};
use ferogram_session_tests::shared::Shared;
use ferogram_session_tests::stores::{Blobs, Strength};
use std::io;
use std::sync::{Arc, Mutex};

struct None;

impl Fault for None {}

/// The laws themselves, behind a lock.
struct Law(Arc<Mutex<Reference>>);

impl Law {
    fn call(&self, call: Call) -> io::Result<()> {
        self.0.lock().unwrap().call(&call);
        Ok(())
    }
}

impl SessionBackend for Law {
    fn save(&self, session: &PersistedSession) -> io::Result<()> {
        self.call(Call::Save(Box::new(session.clone())))
    }

    fn load(&self) -> io::Result<Option<PersistedSession>> {
        Ok(self.0.lock().unwrap().stored().cloned())
    }

    fn delete(&self) -> io::Result<()> {
        self.call(Call::Delete)
    }

    fn name(&self) -> &str {
        "law"
    }

    fn update_dc(&self, entry: &DcEntry) -> io::Result<()> {
        self.call(Call::UpdateDc(entry.clone()))
    }

    fn set_home_dc(&self, dc_id: i32) -> io::Result<()> {
        self.call(Call::SetHomeDc(dc_id))
    }

    fn apply_update_state(&self, update: UpdateStateChange) -> io::Result<()> {
        self.call(Call::Update(update))
    }

    fn cache_peer(&self, peer: &CachedPeer) -> io::Result<()> {
        self.call(Call::CachePeer(peer.clone()))
    }
}

#[track_caller]
fn passes_all(suite: &Suite) {
    for (name, outcome) in testing::run_all(suite) {
        assert!(!outcome.is_fault(), "{name}: {outcome:?}");
    }
}

#[test]
fn a_backend_without_a_fault() {
    passes_all(&with(|| None));
}

#[test]
fn the_reference_itself() {
    let suite = Suite::new(|place| Law(place.shared(Mutex::default)));
    passes_all(&suite.with(Capability::Persistent).with(Capability::Conditional));
}

/// A blob of which two handles have one cache, or are one backend: a call waits for the one
/// before it.
#[test]
fn handles_that_share_more_than_the_store() {
    #[derive(SessionBackend)]
    #[session(blob)]
    struct Cached {
        #[session(store)]
        store: Arc<Blobs>,
        #[session(cache)]
        cache: Arc<SessionCache>,
    }
    fn cached(place: &Place) -> Cached {
        let store = place.shared(|| Blobs::new(Strength::Compares));
        Cached { store, cache: place.shared(SessionCache::new) }
    }
    for suite in [Suite::new(cached), Suite::new(|place| Shared(place.shared(|| cached(place))))] {
        let suite = suite.with(Capability::Persistent).with(Capability::Conditional);
        let outcome = testing::run(&suite, "law_5_the_store_compares");
        assert_eq!(outcome, Outcome::Passed);
    }
}

#[test]
fn what_is_not_declared_is_not_run() {
    let outcome = |name| testing::run(&Suite::new(|_| Law(Arc::default())), name);
    let persistent = Outcome::Ignored(Capability::Persistent);
    assert_eq!(outcome("law_2_made_again"), persistent);
    assert_eq!(
        outcome("law_7_a_new_login_after_delete"),
        Outcome::Ignored(Capability::DetectsDamage)
    );
    let suite = Suite::new(|_| Law(Arc::default()));
    let suite = suite.with(Capability::Persistent).with(Capability::Shared);
    assert_eq!(testing::run(&suite, "law_5_processes_lose_nothing"), Outcome::NotHere);
}
