//! What the programs have in common: their arguments, and the calls that are
//! counted.

use ferogram_session::{
    CachedPeer, DcEntry, DcFlags, PersistedSession, SessionBackend, UpdateStateChange,
};

/// The mode, and how many calls of each kind: a run without calls can be taken
/// off.
#[must_use]
pub fn arguments() -> (String, i32) {
    let mut arguments = std::env::args().skip(1);
    let mode = arguments.next().unwrap_or_default();
    (mode, arguments.next().and_then(|calls| calls.parse().ok()).unwrap_or(0))
}

/// What stands in the key.
#[must_use]
pub fn account() -> String {
    "alice".to_owned()
}

/// Makes so many calls of each kind.
///
/// # Panics
///
/// If a call fails.
pub fn run(backend: &dyn SessionBackend, calls: i32) {
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
