//! What a call costs: round trips and bytes, counted by a proxy, and compared
//! with what the documentation of a backend says.

use crate::proxy::Proxy;
use crate::sessions::{dc, full, user};
use ferogram_session::{DcFlags, SessionBackend, UpdateStateChange};

/// What passed through the proxy during a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Questions that were answered.
    pub round_trips: u64,
    /// Bytes to the server.
    pub up: u64,
    /// Bytes from it.
    pub down: u64,
}

impl Cost {
    /// The cost of what `call` does.
    pub fn of<T>(proxy: &Proxy, call: impl FnOnce() -> T) -> (Self, T) {
        let (trips, (up, down)) = (proxy.round_trips(), proxy.bytes());
        let result = call();
        let (all_up, all_down) = proxy.bytes();
        let round_trips = proxy.round_trips() - trips;
        (Self { round_trips, up: all_up - up, down: all_down - down }, result)
    }
}

/// The costs of a client's calls on a session of 60,000 peers, over a
/// connection and a cache that are warm, by the names of the table in the
/// documentation.
///
/// # Panics
///
/// If a call fails.
#[must_use]
pub fn of_a_day(proxy: &Proxy, backend: &dyn SessionBackend) -> Vec<(&'static str, Cost)> {
    let mut session = full(60_000);
    // Of the lengths that ids and hashes have.
    for peer in &mut session.peers {
        peer.id += 5_000_000_000;
        peer.access_hash = peer.access_hash.wrapping_add(1).wrapping_mul(0x5851_F42D_4C95_7F2D);
    }
    // The connection and what the server learns on it are warm afterwards.
    backend.save(&full(1)).unwrap();
    let mut costs = Vec::new();
    let mut count = |name, call: &mut dyn FnMut() -> std::io::Result<()>| {
        let (cost, result) = Cost::of(proxy, call);
        result.unwrap();
        costs.push((name, cost));
    };
    count("first save, 60,000 peers", &mut || backend.save(&session));
    count("load, 60,000 peers", &mut || backend.load().map(drop));
    let primary = UpdateStateChange::Primary { pts: 2_000_000, date: 1_700_000_001, seq: 6 };
    count("counters", &mut || backend.apply_update_state(primary.clone()));
    count("a new peer", &mut || backend.cache_peer(&user(6_000_000_000, i64::MAX)));
    count("an auth key", &mut || backend.update_dc(&dc(4, DcFlags::NONE, Some(1))));
    for peer in &mut session.peers[1_000..1_010] {
        peer.access_hash ^= 1;
    }
    let mut stored = backend.load().unwrap().unwrap();
    for peer in &mut stored.peers {
        if let Some(changed) = session.peers[1_000..1_010].iter().find(|new| new.id == peer.id) {
            peer.access_hash = changed.access_hash;
        }
    }
    count("save, 10 peers changed", &mut || backend.save(&stored));
    count("save, nothing changed", &mut || backend.save(&stored));
    costs
}

/// That the table in `docs` has these costs: the round trips, and the bytes
/// within a twentieth. A row is `| name | round trips | up | down |`.
///
/// # Panics
///
/// With the table as it should be, if it has not.
#[track_caller]
pub fn stand_in(docs: &str, costs: &[(&str, Cost)]) {
    let mut right = true;
    let mut table = String::new();
    for (name, cost) in costs {
        let Cost { round_trips, up, down } = *cost;
        table.push_str(&format!("| {name} | {round_trips} | {up} | {down} |\n"));
        let row = docs.lines().find_map(|line| line.strip_prefix(&format!("| {name} |")));
        let cells: Vec<u64> = row
            .unwrap_or_default()
            .split('|')
            .filter_map(|cell| cell.trim().replace(',', "").parse().ok())
            .collect();
        let near = |said: u64, is: u64| said.abs_diff(is) * 20 <= is;
        right &= matches!(cells[..], [trips, said_up, said_down]
            if near(trips, round_trips) && near(said_up, up) && near(said_down, down));
    }
    assert!(right, "the documentation says something else than\n{table}");
}
