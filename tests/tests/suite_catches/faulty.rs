//! A right backend, of which a fault may change any method.

use ferogram_session::testing::{self, Outcome, Place, Suite};
use ferogram_session::{
    CachedPeer, DcEntry, InMemoryBackend, PersistedSession, SessionBackend, UpdateStateChange,
};
use std::io;
use std::sync::Arc;

pub(crate) trait Fault: Send + Sync + 'static {
    fn save(&self, right: &dyn SessionBackend, session: &PersistedSession) -> io::Result<()> {
        right.save(session)
    }

    fn load(&self, right: &dyn SessionBackend) -> io::Result<Option<PersistedSession>> {
        right.load()
    }

    fn delete(&self, right: &dyn SessionBackend) -> io::Result<()> {
        right.delete()
    }

    fn name(&self) -> &str {
        "faulty"
    }

    fn update_dc(&self, right: &dyn SessionBackend, entry: &DcEntry) -> io::Result<()> {
        right.update_dc(entry)
    }

    fn set_home_dc(&self, right: &dyn SessionBackend, dc_id: i32) -> io::Result<()> {
        right.set_home_dc(dc_id)
    }

    fn apply(&self, right: &dyn SessionBackend, update: UpdateStateChange) -> io::Result<()> {
        right.apply_update_state(update)
    }

    fn cache_peer(&self, right: &dyn SessionBackend, peer: &CachedPeer) -> io::Result<()> {
        right.cache_peer(peer)
    }
}

/// A backend with the fault.
#[derive(Debug)]
pub(crate) struct Faulty<F, B = InMemoryBackend> {
    pub(crate) right: Arc<B>,
    pub(crate) fault: F,
}

impl<F: Fault, B: SessionBackend> SessionBackend for Faulty<F, B> {
    fn save(&self, session: &PersistedSession) -> io::Result<()> {
        self.fault.save(&*self.right, session)
    }

    fn load(&self) -> io::Result<Option<PersistedSession>> {
        self.fault.load(&*self.right)
    }

    fn delete(&self) -> io::Result<()> {
        self.fault.delete(&*self.right)
    }

    fn name(&self) -> &str {
        self.fault.name()
    }

    fn update_dc(&self, entry: &DcEntry) -> io::Result<()> {
        self.fault.update_dc(&*self.right, entry)
    }

    fn set_home_dc(&self, dc_id: i32) -> io::Result<()> {
        self.fault.set_home_dc(&*self.right, dc_id)
    }

    fn apply_update_state(&self, update: UpdateStateChange) -> io::Result<()> {
        self.fault.apply(&*self.right, update)
    }

    fn cache_peer(&self, peer: &CachedPeer) -> io::Result<()> {
        self.fault.cache_peer(&*self.right, peer)
    }
}

/// The right backend of a place, with a fault for each handle.
pub(crate) fn faulty<F: Fault>(place: &Place, fault: F) -> Faulty<F> {
    Faulty { right: place.shared(InMemoryBackend::new), fault }
}

/// A suite over the fault, which shares a right backend between handles.
pub(crate) fn with<F: Fault>(fault: impl Fn() -> F + Send + Sync + 'static) -> Suite {
    Suite::new(move |place| faulty(place, fault())).with(testing::Capability::Persistent)
}

/// Expects each of these cases to find the fault.
#[track_caller]
pub(crate) fn caught(suite: &Suite, by: &[&str]) {
    for name in by {
        let outcome = testing::run(suite, name);
        assert!(outcome.is_fault(), "{name} does not find the fault: {outcome:?}");
    }
}

/// What a case says about the backend.
pub(crate) fn message(suite: &Suite, name: &str) -> String {
    match testing::run(suite, name) {
        Outcome::Failed(message) => message,
        other => panic!("{name}: {other:?}"),
    }
}

/// A test for each fault, and the names of the cases that find one of them.
macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident: $suite:expr => [$($case:ident)*])*) => {
        $(
            $(#[$doc])*
            #[test]
            fn $name() {
                $crate::catches::faulty::caught(&$suite, &[$(stringify!($case)),*]);
            }
        )*

        pub(crate) const CAUGHT: &[&str] = &[$($(stringify!($case),)*)*];
    };
}
