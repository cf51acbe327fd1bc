//! Others who write at the same time.

use crate::{LONG, SESSION, backend};
use ferogram_session::{SessionBackend, UpdateStateChange};
use ferogram_session_postgres::PostgresBackend;
use ferogram_session_servers::pgbouncer::PgBouncer;
use ferogram_session_servers::postgres::Postgres;
use ferogram_session_servers::processes;
use ferogram_session_servers::sessions::{full, normal, user};
use std::io;
use std::time::Duration;

#[test]
fn eight_processes_on_one_session() {
    let open = || {
        let server = Postgres::open();
        let url = server.url("postgres");
        (server, url)
    };
    let name = "faults::writers::eight_processes_on_one_session";
    processes::eight_on_one_session(name, open, |url| PostgresBackend::new(url, SESSION));
}

#[test]
fn eight_processes_through_a_pooler() {
    let open = || {
        let server = Postgres::open();
        let pooler = PgBouncer::open(&server, 2);
        let url = pooler.url("postgres");
        ((pooler, server), url)
    };
    let name = "faults::writers::eight_processes_through_a_pooler";
    processes::eight_on_one_session(name, open, |url| PostgresBackend::new(url, SESSION));
}

#[test]
fn many_start_at_once_on_an_empty_database() {
    let server = Postgres::open();
    for round in 0..5 {
        let database = format!("empty{round}");
        server.sql("postgres", &format!("CREATE DATABASE {database}"));
        let url = server.url(&database);
        std::thread::scope(|scope| {
            for nth in 0..10 {
                let url = &url;
                scope.spawn(move || {
                    let backend = PostgresBackend::new(url, SESSION);
                    backend.cache_peer(&user(nth, 1)).unwrap();
                });
            }
        });
        let loaded = PostgresBackend::new(url, SESSION).load().unwrap().unwrap();
        assert_eq!(loaded.peers.len(), 10);
    }
}

/// Processes, which share nothing but the database.
#[test]
fn ten_processes_that_start_at_once_make_the_tables_once() {
    let open = || {
        let server = Postgres::open();
        let url = server.url("postgres");
        (server, url)
    };
    let call = |url: &str, number: i64| {
        PostgresBackend::new(url, SESSION).cache_peer(&user(number, 1)).unwrap();
    };
    let check = |server: &Postgres, url: &str| {
        // Which transactions made them.
        let made = "SELECT count(*), count(DISTINCT xmin::text) FROM pg_class \
                    WHERE relname LIKE 'ferogram%' AND relkind = 'r'";
        assert_eq!(server.sql("postgres", made), "6|1");
        let loaded = PostgresBackend::new(url, SESSION).load().unwrap().unwrap();
        assert_eq!(loaded.peers.len(), 10);
    };
    let name = "faults::writers::ten_processes_that_start_at_once_make_the_tables_once";
    processes::at_once(name, 10, open, call, check);
}

/// Whatever the role has set by default.
#[test]
fn under_every_isolation_and_odd_settings() {
    let server = Postgres::open();
    for settings in [
        "default_transaction_isolation = 'serializable'",
        "default_transaction_isolation = 'repeatable read'",
        "default_transaction_deferrable = on",
        "bytea_output = 'escape'",
        "standard_conforming_strings = off",
        "search_path = nowhere, pg_catalog",
        "synchronous_commit = off",
        "client_min_messages = debug5",
        "DateStyle = 'German'",
        "log_parameter_max_length_on_error = -1",
    ] {
        server.sql("postgres", "ALTER ROLE postgres RESET ALL");
        server.sql("postgres", &format!("ALTER ROLE postgres SET {settings}"));
        let backend = backend(server.address(), LONG);
        backend.save(&full(20)).unwrap();
        std::thread::scope(|scope| {
            for writer in 0..4 {
                let address = server.address();
                scope.spawn(move || {
                    let backend = crate::backend(address, LONG);
                    for nth in 0..25 {
                        let id = 1_000 + writer * 100 + nth;
                        backend.cache_peer(&user(id, 1)).expect(settings);
                        let update = UpdateStateChange::Channel { id, pts: 1 };
                        backend.apply_update_state(update).expect(settings);
                    }
                });
            }
        });
        let mut loaded = backend.load().unwrap().unwrap();
        assert_eq!(loaded.peers.len(), 23 + 100, "{settings}");
        assert_eq!(loaded.updates_state.channels.len(), 2 + 100, "{settings}");
        loaded.peers.retain(|peer| peer.id < 1_000);
        loaded.updates_state.channels.retain(|(id, _)| *id < 1_000);
        assert_eq!(normal(loaded), normal(full(20)), "{settings}");
        backend.delete().unwrap();
    }
}

#[test]
fn a_login_waits_for_the_disk_even_where_the_role_does_not() {
    // Nobody else writes the log in the meantime.
    let server =
        Postgres::with(&["synchronous_commit=off", "wal_writer_delay=10000", "autovacuum=off"]);
    let waited = || {
        let lag = "SELECT pg_current_wal_flush_lsn() >= pg_current_wal_insert_lsn()";
        server.sql("postgres", lag) == "t"
    };
    let backend = backend(server.address(), LONG);
    let mut session = full(3);
    backend.save(&session).unwrap();
    assert!(waited(), "a first save");
    // That it can be seen when one has not.
    let unsynced = |round: i64| {
        (0..5).any(|nth| {
            backend.cache_peer(&user(1_000_000 + 5 * round + nth, 1)).unwrap();
            !waited()
        })
    };
    let mut dc = session.dcs[0].clone();
    dc.auth_key = Some([77; 256]);
    session.home_dc_id = 5;
    session.future_auth_token = Some(vec![1; 20]);
    type Call<'a> = (&'a str, &'a dyn Fn() -> io::Result<()>);
    let calls: [Call<'_>; 4] = [
        ("an auth key", &|| backend.update_dc(&dc)),
        ("the home DC", &|| backend.set_home_dc(4)),
        ("a save", &|| backend.save(&session)),
        ("delete", &|| backend.delete()),
    ];
    for (round, (name, call)) in (0..).zip(calls) {
        assert!(unsynced(round), "{name}: everything waits");
        call().unwrap();
        assert!(waited(), "{name}");
    }
}

#[test]
fn everything_is_removed_between_two_calls() {
    let server = Postgres::open();
    let backend = backend(server.address(), LONG);
    let remove = "DELETE FROM ferogram_sessions; DELETE FROM ferogram_dcs; \
                  DELETE FROM ferogram_channels; DELETE FROM ferogram_peers; \
                  DELETE FROM ferogram_min_peers";
    for round in 1..4 {
        backend.save(&full(10)).unwrap();
        server.sql("postgres", remove);
        let mut session = full(10);
        session.updates_state.pts += round;
        backend.save(&session).unwrap();
        assert_eq!(backend.load().unwrap().map(normal), Some(normal(session)));
        server.sql("postgres", remove);
        backend.cache_peer(&user(5, 5)).unwrap();
        assert_eq!(backend.load().unwrap().unwrap().peers, [user(5, 5)]);
    }
}

#[test]
fn two_hundred_thousand_peers() {
    let server = Postgres::open();
    let long = Duration::from_secs(60);
    let first = backend(server.address(), long);
    let session = full(200_000);
    first.save(&session).unwrap();
    let again = backend(server.address(), long);
    assert_eq!(again.load().unwrap().map(normal), Some(normal(session)));
    again.save(&full(2)).unwrap();
    assert_eq!(first.load().unwrap().map(normal), Some(normal(full(2))));
}
