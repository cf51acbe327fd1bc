//! What a call costs, counted, and said so in the documentation.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

mod support;

use ferogram_session::SessionBackend;
use ferogram_session_s3::S3Backend;
use ferogram_session_servers::costs::{self, Cost};
use ferogram_session_servers::proxy::Proxy;
use ferogram_session_servers::s3::S3;
use ferogram_session_servers::sessions::{full, user};
use std::io;
use std::sync::LazyLock;
use support::at;

/// It ends with this program.
static SERVER: LazyLock<S3> = LazyLock::new(S3::open);

fn backend(proxy: &Proxy, session: &str) -> S3Backend {
    S3Backend::with(at(&SERVER, &format!("http://{}", proxy.address())), session)
}

fn cost<T>(proxy: &Proxy, call: impl FnOnce() -> io::Result<T>) -> Cost {
    let (cost, result) = Cost::of(proxy, call);
    result.unwrap();
    cost
}

#[test]
fn the_documentation_says_what_calls_cost() {
    let proxy = Proxy::new(SERVER.address());
    let backend = backend(&proxy, "my-bot");
    let mut costs = costs::of_a_day(&proxy, &backend);
    let cold = backend.session("my-bot");
    costs.push(("the first call, if not `load`", cost(&proxy, || cold.set_home_dc(1))));
    costs.push(("delete", cost(&proxy, || backend.delete())));
    costs::stand_in(include_str!("../docs.md"), &costs);
}

/// The bar: with a warm cache one PUT, of the whole session and little more.
#[test]
fn a_change_is_one_put() {
    for peers in [10, 60_000, 200_000] {
        let proxy = Proxy::new(SERVER.address());
        let backend = backend(&proxy, "large");
        backend.save(&full(peers)).unwrap();
        backend.set_home_dc(1).unwrap();
        let object = support::Objects::of(&SERVER).get("large.session").unwrap().len() as u64;
        // The whole session: 19 bytes a peer, and 18 for those beyond 65,535.
        assert!(object > 18 * peers as u64, "{object}");
        for home_dc in 2..5 {
            let Cost { round_trips, up, down } = cost(&proxy, || backend.set_home_dc(home_dc));
            assert_eq!(round_trips, 1);
            assert!(up > object && up < object + 1_000 && down < 1_000, "{up} {down}");
        }
        let mut session = backend.load().unwrap().unwrap();
        session.peers.iter_mut().take(10).for_each(|peer| peer.access_hash ^= 1);
        assert_eq!(cost(&proxy, || backend.save(&session)).round_trips, 1);
        // Nothing new: asked whether it is still so, and nothing written.
        let Cost { round_trips, up, down } = cost(&proxy, || backend.save(&session));
        assert!(round_trips == 1 && up < 1_000 && down < 1_000, "{round_trips} {up} {down}");
        backend.delete().unwrap();
    }
}

/// What a new backend does besides: it asks, once, whether the service compares.
#[test]
fn the_first_calls_of_all() {
    let proxy = Proxy::new(SERVER.address());
    let new = backend(&proxy, "new");
    // Reads nothing, asks with two writes and removes one, writes.
    assert_eq!(cost(&proxy, || new.save(&full(1))).round_trips, 5);
    // Asks about the other condition with one write, writes.
    assert_eq!(cost(&proxy, || new.set_home_dc(3)).round_trips, 2);
    assert_eq!(cost(&proxy, || new.cache_peer(&user(70, 1))).round_trips, 1);
    // Reads, asks, writes.
    let again = backend(&proxy, "new");
    assert_eq!(cost(&proxy, || again.set_home_dc(4)).round_trips, 3);
}
