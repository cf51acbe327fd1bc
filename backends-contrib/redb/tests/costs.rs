//! What a call costs: the bytes that it writes, as Linux counts them for a thread.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]
#![cfg(target_os = "linux")]

use ferogram_session::{CachedPeer, PersistedSession, SessionBackend, UpdateStateChange};
use ferogram_session_redb::RedbBackend;
use std::fs;

fn user(id: i64) -> CachedPeer {
    CachedPeer {
        id,
        access_hash: id * 31,
        is_channel: false,
        is_chat: false,
        channel_kind: None,
        is_community: false,
    }
}

/// The bytes that this thread writes during a call.
fn written(call: impl FnOnce() -> std::io::Result<()>) -> u64 {
    let so_far = || -> u64 {
        let counts = fs::read_to_string("/proc/thread-self/io").unwrap();
        let line = counts.lines().find_map(|line| line.strip_prefix("wchar: "));
        line.unwrap().parse().unwrap()
    };
    let before = so_far();
    call().unwrap();
    so_far() - before
}

/// What is written for a new peer, counters, and a save of ten changed peers.
fn costs(peers: i64) -> [u64; 3] {
    let folder = tempfile::tempdir().unwrap();
    let backend = RedbBackend::new(folder.path().join("my-bot.redb"));
    let mut session = PersistedSession { home_dc_id: 2, ..Default::default() };
    session.peers = (1..=peers).map(user).collect();
    backend.save(&session).unwrap();
    backend.set_home_dc(4).unwrap();
    let primary = UpdateStateChange::Primary { pts: 2, date: 3, seq: 4 };
    let peer = written(|| backend.cache_peer(&user(1_000_000)));
    let counters = written(|| backend.apply_update_state(primary));
    let mut session = backend.load().unwrap().unwrap();
    session.peers.iter_mut().take(10).for_each(|peer| peer.access_hash ^= 1);
    [peer, counters, written(|| backend.save(&session))]
}

#[test]
fn a_change_costs_pages_and_not_the_session() {
    let (few, many) = (costs(10), costs(60_000));
    for ((few, many), most) in few.into_iter().zip(many).zip([64, 64, 128]) {
        let most = most << 10;
        assert!((512..most).contains(&few) && (512..most).contains(&many), "{few} {many}");
    }
}
