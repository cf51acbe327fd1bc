//! What a call costs: round trips and bytes, counted by a proxy, and compared
//! with what the documentation of a backend says.

mod change;

use crate::proxy::Proxy;
use crate::sessions::{dc, full, user};
use ferogram_session::{DcFlags, PersistedSession, SessionBackend, UpdateStateChange};
use std::io;

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

/// Costs by the names that calls have in the documentation.
pub type Costs = Vec<(&'static str, Cost)>;

/// What is read or written whole. Every other call is one change, or none.
pub const WHOLE: [&str; 2] = ["first save, 60,000 peers", "load, 60,000 peers"];

/// A session of 60,000 peers, of the lengths that ids and hashes have.
#[must_use]
pub fn large() -> PersistedSession {
    let mut session = full(60_000);
    for peer in &mut session.peers {
        peer.id += 5_000_000_000;
        peer.access_hash = peer.access_hash.wrapping_add(1).wrapping_mul(0x5851_F42D_4C95_7F2D);
    }
    session
}

/// With ten other access hashes.
pub fn change_ten(session: &mut PersistedSession) {
    let changed = 5_000_001_000..5_000_001_010;
    let changed = session.peers.iter_mut().filter(|peer| changed.contains(&peer.id));
    changed.for_each(|peer| peer.access_hash ^= 1);
}

/// The costs of a client's calls on a session of 60,000 peers, over a
/// connection and a cache that are warm.
///
/// # Panics
///
/// If a call fails.
#[must_use]
pub fn of_a_day(proxy: &Proxy, backend: &dyn SessionBackend) -> Costs {
    let mut costs = Vec::new();
    day(backend, &mut |name, call| {
        let (cost, result) = Cost::of(proxy, call);
        result.unwrap();
        costs.push((name, cost));
    });
    costs
}

type Count<'a> = dyn FnMut(&'static str, &mut dyn FnMut() -> io::Result<()>) + 'a;

fn day(backend: &dyn SessionBackend, count: &mut Count<'_>) {
    let session = large();
    // The connection and what the server learns on it are warm afterwards.
    backend.save(&full(1)).unwrap();
    count(WHOLE[0], &mut || backend.save(&session));
    count(WHOLE[1], &mut || backend.load().map(drop));
    let state = |change: &UpdateStateChange| backend.apply_update_state(change.clone());
    let primary = UpdateStateChange::Primary { pts: 2_000_000, date: 1_700_000_001, seq: 6 };
    count("counters", &mut || state(&primary));
    count("counters, the same", &mut || state(&primary));
    count("qts", &mut || state(&UpdateStateChange::Secondary { qts: 21_000 }));
    let channel = UpdateStateChange::Channel { id: 1_500_000_000, pts: 70_000 };
    count("a channel's counter", &mut || state(&channel));
    count("a channel's counter, the same", &mut || state(&channel));
    let peer = user(6_000_000_000, i64::MAX);
    count("a new peer", &mut || backend.cache_peer(&peer));
    count("a peer, the same", &mut || backend.cache_peer(&peer));
    count("a new peer without a hash", &mut || backend.cache_peer(&user(6_000_000_001, 0)));
    count("the home DC", &mut || backend.set_home_dc(4));
    count("the home DC, the same", &mut || backend.set_home_dc(4));
    let mut key = dc(4, DcFlags::NONE, Some(1));
    count("an auth key", &mut || backend.update_dc(&key));
    count("an auth key, the same", &mut || backend.update_dc(&key));
    key.first_salt ^= 0x0123_4567_89AB_CDEF;
    count("a salt", &mut || backend.update_dc(&key));
    let mut stored = backend.load().unwrap().unwrap();
    change_ten(&mut stored);
    count("save, 10 peers changed", &mut || backend.save(&stored));
    count("save, nothing changed", &mut || backend.save(&stored));
}

/// That each call but the [`WHOLE`] ones is one round trip at most, of 512 bytes
/// and twice what changes: the name and the value of each record, as the library
/// encodes them.
///
/// # Panics
///
/// With all that are not.
#[track_caller]
pub fn follow_the_change(costs: &Costs) {
    let changes = change::of_a_day();
    let mut wrong = Vec::new();
    for (name, Cost { round_trips, up, down }) in costs {
        if WHOLE.contains(name) {
            continue;
        }
        let (_, change) = changes.iter().find(|(called, _)| called == name).unwrap();
        let bar = 512 + 2 * change;
        if *round_trips > 1 || up + down > bar {
            wrong.push(format!("{name}: {round_trips}, {up} and {down} bytes, of {bar}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// That the table in `docs` has these costs: the round trips, which may be a
/// range (`1 to 5`), and the bytes within a twentieth. A row is
/// `| name | round trips | up | down |`.
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
        let cells: Vec<&str> = row.unwrap_or_default().split('|').map(str::trim).collect();
        right &= matches!(cells[..], [trips, said_up, said_down, _]
            if within(trips, round_trips) && near(said_up, up) && near(said_down, down));
    }
    assert!(right, "the documentation says something else than\n{table}");
}

fn near(said: &str, is: u64) -> bool {
    let said = said.replace(',', "").parse::<u64>();
    said.is_ok_and(|said| said.abs_diff(is) * 20 <= is)
}

fn within(said: &str, is: u64) -> bool {
    let Some((least, most)) = said.split_once(" to ") else { return near(said, is) };
    let (least, most) = (least.parse().unwrap_or(u64::MAX), most.parse().unwrap_or(0));
    (least..=most).contains(&is)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COST: Cost = Cost { round_trips: 2, up: 1_000, down: 40 };

    #[test]
    fn a_table_is_compared() {
        for right in ["| a | 2 | 1,040 | 40 |", "x\n| a | 1 to 2 | 1000 | 41 |\n"] {
            stand_in(right, &[("a", COST)]);
        }
    }

    #[test]
    fn a_table_that_is_wrong_is_found() {
        for wrong in [
            "",
            "| a | 3 | 1,000 | 40 |",
            "| a | 3 to 5 | 1,000 | 40 |",
            "| a | some | 1,000 | 40 |",
            "| a | 2 | 1,060 | 40 |",
            "| a | 2 | 1,000 | 50 |",
            "| a | 2 | 1,000 |",
            "| b | 2 | 1,000 | 40 |",
        ] {
            let compare = || stand_in(wrong, &[("a", COST)]);
            assert!(std::panic::catch_unwind(compare).is_err(), "{wrong}");
        }
    }
}
