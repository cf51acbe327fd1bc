//! What a call costs, counted, and said so in the documentation.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

use ferogram_session::SessionBackend;
use ferogram_session_postgres::PostgresBackend;
use ferogram_session_servers::costs::{self, Cost};
use ferogram_session_servers::postgres::{PASSWORD, Postgres, url};
use ferogram_session_servers::proxy::Proxy;
use ferogram_session_servers::sessions::full;

/// Unencrypted, so that bytes are what they are.
fn backend(proxy: &Proxy) -> PostgresBackend {
    let url = url(proxy.address(), "postgres", PASSWORD, "postgres");
    PostgresBackend::new(format!("{url}?sslmode=disable"), "my-bot")
}

#[test]
fn the_documentation_says_what_calls_cost() {
    let server = Postgres::open();
    let proxy = Proxy::new(server.address());
    let costs = costs::of_a_day(&proxy, &backend(&proxy));
    costs::stand_in(include_str!("../docs.md"), &costs);
    costs::follow_the_change(&costs);
}

#[test]
fn a_change_costs_the_same_beside_few_and_many() {
    let server = Postgres::open();
    let cost = |peers| {
        let proxy = Proxy::new(server.address());
        let backend = backend(&proxy);
        backend.save(&full(peers)).unwrap();
        let (cost, result) = Cost::of(&proxy, || backend.set_home_dc(4));
        result.unwrap();
        cost
    };
    assert_eq!(cost(10), cost(60_000));
}

#[test]
fn a_first_load_takes_a_few_round_trips() {
    let server = Postgres::open();
    let proxy = Proxy::new(server.address());
    let first = backend(&proxy);
    first.save(&full(10)).unwrap();
    // Three to connect and show the password, two to look at the tables.
    // What TLS says may come in one piece or in two.
    for (mode, round_trips) in [("disable", 6..=6), ("require", 8..=9)] {
        let url = url(proxy.address(), "postgres", PASSWORD, "postgres");
        let backend = PostgresBackend::new(format!("{url}?sslmode={mode}"), "my-bot");
        let (cost, loaded) = Cost::of(&proxy, || backend.load());
        assert_eq!(loaded.unwrap().unwrap().peers.len(), 13);
        assert!(round_trips.contains(&cost.round_trips), "{mode}: {cost:?}");
        // It says goodbye, which is none of the next one's.
        drop(backend);
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
}
