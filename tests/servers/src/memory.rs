//! What a backend holds in memory between calls, measured by the allocator of a
//! test program that does nothing else.

use crate::costs::{change_ten, large};
use crate::sessions::{dc, user};
use ferogram_session::{CachedPeer, DcFlags, SessionBackend, UpdateStateChange};

/// Bytes of a session of 60,100 peers, and of the backend that has stored it.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    /// By the session itself, with no room to spare.
    pub session: usize,
    /// By the backend: its cache, and what its connection grew.
    pub backend: usize,
}

/// New peers, which make tables grow: the first does. (S3 is sent the session for each.)
const NEW: i64 = 100;

/// After a save of 60,000 peers, ten that changed, a load, a call of each kind and new
/// peers. `now` says how many bytes are allocated; the backend has been at work, so that
/// what a program takes once is none of it, and has another session over the same
/// connection.
///
/// # Panics
///
/// If a call fails, or nothing seems to be held.
#[must_use]
pub fn held(backend: &dyn SessionBackend, now: impl Fn() -> usize) -> Held {
    let before = now();
    let mut grown = large();
    grown.peers.extend((0..NEW).map(new));
    grown.peers.shrink_to_fit();
    let own = now() - before;
    drop(grown);
    let mut session = large();
    session.peers.shrink_to_fit();
    let before = now();
    backend.save(&session).unwrap();
    change_ten(&mut session);
    backend.save(&session).unwrap();
    assert!(backend.load().unwrap().is_some());
    let primary = UpdateStateChange::Primary { pts: 2_000_000, date: 1_700_000_001, seq: 6 };
    backend.apply_update_state(primary).unwrap();
    backend.apply_update_state(UpdateStateChange::Secondary { qts: 21_000 }).unwrap();
    let channel = UpdateStateChange::Channel { id: 1_500_000_000, pts: 70_000 };
    backend.apply_update_state(channel).unwrap();
    backend.set_home_dc(4).unwrap();
    backend.update_dc(&dc(4, DcFlags::NONE, Some(1))).unwrap();
    (0..NEW).for_each(|nth| backend.cache_peer(&new(nth)).unwrap());
    let held = Held { session: own, backend: now().saturating_sub(before) };
    assert!(held.session > 60_000 * 16 && held.backend > 60_000 * 16, "{held:?}");
    held
}

fn new(nth: i64) -> CachedPeer {
    user(6_000_000_000 + nth, i64::MAX - nth)
}

/// That the backend holds at most twice the session, and as much in 0.1 MB as
/// `docs` says: `holds 1.4 MB`.
///
/// # Panics
///
/// With what it holds, if not.
#[track_caller]
pub fn stands_in(docs: &str, held: Held) {
    assert!(held.backend <= 2 * held.session, "{held:?}");
    let tenths = (held.backend + 50_000) / 100_000;
    let says = |tenths: usize| docs.contains(&format!("holds {}.{} MB", tenths / 10, tenths % 10));
    assert!((tenths - 1..=tenths + 1).any(says), "the documentation says something else: {held:?}");
}
