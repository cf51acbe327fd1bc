//! What the three backends have in common: the store, and the calls that are
//! counted.

use ferogram_session::{
    CachedPeer, DcEntry, DcFlags, MemoryStore, PersistedSession, SessionBackend, UpdateStateChange,
};

/// Makes so many calls of each kind on the backend that `make` gives.
///
/// The number comes from the command line, so that a run without calls can be
/// taken off.
///
/// # Panics
///
/// If a call fails.
pub fn run<B: SessionBackend>(make: impl FnOnce(MemoryStore, String) -> B) {
    let calls: i32 = std::env::args().nth(1).and_then(|calls| calls.parse().ok()).unwrap_or(0);
    let backend: &dyn SessionBackend = &make(MemoryStore::new(), "alice".to_owned());
    let session = PersistedSession {
        home_dc_id: 2,
        dcs: vec![DcEntry::from_parts(2, "149.154.167.51", 443, DcFlags::NONE)],
        ..Default::default()
    };
    backend.save(&session).expect("saves");
    for call in 1..=calls {
        let update = UpdateStateChange::Primary { pts: call, date: call, seq: 0 };
        backend.apply_update_state(update).expect("applies");
        backend.apply_update_state(UpdateStateChange::Secondary { qts: call }).expect("applies");
        backend.cache_peer(&peer(call)).expect("caches");
        backend.set_home_dc(call % 5 + 1).expect("sets");
        let loaded = backend.load().expect("loads").expect("is there");
        assert_eq!(loaded.updates_state.pts, call);
        backend.save(&loaded).expect("saves");
    }
}

fn peer(call: i32) -> CachedPeer {
    CachedPeer {
        id: i64::from(call % 8) + 1,
        access_hash: i64::from(call) | 1,
        is_channel: false,
        is_chat: false,
        channel_kind: None,
        is_community: false,
    }
}
