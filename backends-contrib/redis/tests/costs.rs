//! What a call costs, counted, and said so in the documentation.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

use ferogram_session::SessionBackend;
use ferogram_session_redis::RedisBackend;
use ferogram_session_servers::costs::{self, Cost};
use ferogram_session_servers::proxy::Proxy;
use ferogram_session_servers::redis::Redis;
use ferogram_session_servers::sessions::full;

#[test]
fn the_documentation_says_what_calls_cost() {
    let server = Redis::open();
    let proxy = Proxy::new(server.address());
    let backend = RedisBackend::new(server.url_at(proxy.address()), "my-bot");
    let costs = costs::of_a_day(&proxy, &backend);
    costs::stand_in(include_str!("../docs.md"), &costs);
    costs::follow_the_change(&costs);
}

#[test]
fn a_change_costs_the_same_beside_few_and_many() {
    let server = Redis::open();
    let cost = |peers| {
        let proxy = Proxy::new(server.address());
        let backend = RedisBackend::new(server.url_at(proxy.address()), "my-bot");
        backend.save(&full(peers)).unwrap();
        let (cost, result) = Cost::of(&proxy, || backend.set_home_dc(4));
        result.unwrap();
        cost
    };
    assert_eq!(cost(10), cost(60_000));
}

#[test]
fn a_session_of_the_usual_size_is_loaded_in_one_round_trip() {
    let server = Redis::open();
    let proxy = Proxy::new(server.address());
    let first = RedisBackend::new(server.url_at(proxy.address()), "my-bot");
    first.save(&full(900)).unwrap();
    assert!(first.load().unwrap().is_some());
    let (warm, loaded) = Cost::of(&proxy, || first.load());
    assert_eq!((warm.round_trips, loaded.unwrap().unwrap().peers.len()), (1, 903));
    // To connect is one more.
    let second = RedisBackend::new(server.url_at(proxy.address()), "my-bot");
    let (cold, loaded) = Cost::of(&proxy, || second.load());
    assert_eq!((cold.round_trips, loaded.unwrap().unwrap().peers.len()), (2, 903));
}

/// So the server has time for others while a large session is loaded. In the
/// middle of growing or shrinking its table a step may find more.
#[test]
fn no_step_of_a_load_is_large() {
    let server = Redis::open();
    let writer = RedisBackend::new(server.url(), "my-bot");
    for peers in [1_200, 33_000, 60_000, 66_000, 3_000] {
        writer.save(&full(peers)).unwrap();
        let proxy = Proxy::new(server.address());
        let backend = RedisBackend::new(server.url_at(proxy.address()), "my-bot");
        let loaded = backend.load().unwrap().unwrap();
        assert!(loaded.peers.len() as i64 >= peers);
        let (fields, bytes) = (loaded.peers.len() as u64 + 10, proxy.bytes().1);
        let largest = proxy.largest_answer() * fields / bytes;
        assert!((900..1_300).contains(&largest), "{largest} of {fields} fields");
    }
}
