//! What a call costs, counted by a proxy; the figures are those of docs.md.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

mod support;

use ferogram_session::{PersistedSession, SessionBackend, UpdateStateChange};
use ferogram_session_s3::S3Backend;
use ferogram_session_servers::proxy::Proxy;
use ferogram_session_servers::s3::S3;
use ferogram_session_servers::sessions::{full, user};
use std::fmt;
use std::io;
use support::at;

/// What one call took: round trips, and bytes to the service and from it.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Cost {
    trips: u64,
    up: u64,
    down: u64,
}

impl fmt::Debug for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} round trips, {} bytes up, {} down", self.trips, self.up, self.down)
    }
}

fn cost<T>(proxy: &Proxy, what: &str, call: impl FnOnce() -> io::Result<T>) -> Cost {
    let (trips, (up, down)) = (proxy.round_trips(), proxy.bytes());
    call().unwrap();
    let (up_after, down_after) = proxy.bytes();
    let trips = proxy.round_trips() - trips;
    let cost = Cost { trips, up: up_after - up, down: down_after - down };
    println!("{what}: {cost:?}");
    cost
}

fn counters(pts: i32) -> UpdateStateChange {
    UpdateStateChange::Primary { pts, date: pts, seq: 1 }
}

fn bot(peers: i64) -> PersistedSession {
    full(peers)
}

#[test]
fn round_trips_and_bytes() {
    let server = S3::open();
    let proxy = Proxy::new(server.address());
    let config = at(&server, &format!("http://{}", proxy.address()));
    for peers in [10, 60_000, 200_000] {
        let name = format!("with-{peers}");
        let blob = bot(peers).to_bytes().len().max(17 * peers as usize) as u64;
        println!("{peers} peers");
        let backend = S3Backend::with(config.clone(), &name);
        let mut session = bot(peers);
        let first = cost(&proxy, "first save of all", || backend.save(&session));
        // Read (nothing), ask twice and tidy up, write.
        assert_eq!(first.trips, 5, "{first:?}");
        cost(&proxy, "first change", || backend.set_home_dc(1));

        // The bar: with a warm cache one PUT, of the whole session.
        for pts in 1..4 {
            let granular =
                cost(&proxy, "granular, warm", || backend.apply_update_state(counters(pts)));
            assert_eq!(granular.trips, 1, "{granular:?}");
            assert!(granular.up >= blob && granular.up < blob + blob / 3 + 4_000, "{granular:?}");
            assert!(granular.down < 1_000, "{granular:?}");
        }
        let peer = cost(&proxy, "new peer, warm", || backend.cache_peer(&user(900_001, 1)));
        assert_eq!(peer.trips, 1, "{peer:?}");
        // Nothing new: asked whether it is still so, and nothing written.
        let same = cost(&proxy, "nothing new, warm", || backend.cache_peer(&user(900_001, 1)));
        assert!(same.trips == 1 && same.up < 1_000 && same.down < 1_000, "{same:?}");
        for peer in session.peers.iter_mut().take(10) {
            peer.access_hash += 1;
        }
        let save = cost(&proxy, "save of ten changed peers, warm", || backend.save(&session));
        assert_eq!(save.trips, 1, "{save:?}");
        let load = cost(&proxy, "load", || backend.load());
        assert!(load.trips == 1 && load.down < blob + blob / 3 + 4_000, "{load:?}");

        let cold = S3Backend::with(config.clone(), &name);
        let change = cost(&proxy, "granular, cold", || cold.set_home_dc(3));
        // Read, ask, write.
        assert_eq!(change.trips, 3, "{change:?}");
        let delete = cost(&proxy, "delete", || backend.delete());
        assert_eq!(delete.trips, 2, "{delete:?}");
        assert!(delete.up < 2_000 && delete.down < 2_000, "{delete:?}");
    }
}
