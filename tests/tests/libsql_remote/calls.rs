use super::silent::silent;
use ferogram_session::{
    DcFlags, Expect, LibSqlBackend, PersistedSession, RowStore, SessionBackend, SqlExecutor,
    Statement, UpdateStateChange, Version, Write, Written,
};
use ferogram_session_servers::proxy::Proxy;
use ferogram_session_servers::sqld::Sqld;
use ferogram_session_tests::sessions::{beyond_version_8, dc, full, normal, user};
use std::time::{Duration, Instant};

#[test]
fn what_is_saved_is_loaded() {
    let server = Sqld::open();
    let backend = LibSqlBackend::remote(server.url(), "");
    assert_eq!(backend.name(), server.url());
    assert!(backend.load().unwrap().is_none());
    let mut odd = beyond_version_8();
    odd.dcs[1].addr = "a\0b'\"\\ ?1 -- \u{1f600}\u{fffd}".into();
    odd.dcs[1].first_salt = i64::MIN;
    odd.future_auth_token = Some(vec![]);
    for session in [full(10), PersistedSession::default(), odd] {
        backend.save(&session).unwrap();
        let again = LibSqlBackend::open_remote(server.url(), "").unwrap();
        assert_eq!(again.load().unwrap().map(normal), Some(normal(session)));
    }
    let second = backend.session("a second/bot's \"name\"");
    second.save(&full(1)).unwrap();
    assert_eq!(backend.sessions().unwrap(), ["a second/bot's \"name\"", "default"]);
    backend.delete().unwrap();
    assert!(backend.load().unwrap().is_none());
    assert!(second.load().unwrap().is_some());
}

#[test]
fn a_conditional_write_finds_out_that_another_came_first() {
    let server = Sqld::open();
    let (first, second) =
        (LibSqlBackend::remote(server.url(), ""), LibSqlBackend::remote(server.url(), ""));
    first.save(&full(5)).unwrap();
    assert!(second.load().unwrap().is_some());
    // Behind the back of the second one's cache.
    first.set_home_dc(4).unwrap();
    first.cache_peer(&user(999, 9)).unwrap();
    let mut session = full(5);
    session.updates_state.pts = 7;
    second.save(&session).unwrap();
    assert_eq!(first.load().unwrap().map(normal), Some(normal(session)));
    let store = first.__store();
    let write = |expect| store.write("default", &Write::Changes(&[]), &expect).unwrap();
    assert!(matches!(write(Expect::Absent), Written::Conflict));
    assert!(matches!(write(Expect::Version(Version::fresh())), Written::Conflict));
    let version = store.version("default").unwrap().unwrap();
    let Written::Version(next) = write(Expect::Version(version.clone())) else {
        panic!("the version was right");
    };
    assert!(matches!(write(Expect::Version(version)), Written::Conflict));
    assert_eq!(store.version("default").unwrap(), Some(next));
}

#[test]
fn eight_threads_write_one_session_and_lose_nothing() {
    let server = Sqld::open();
    let url = server.url();
    std::thread::scope(|scope| {
        for nth in 0..8 {
            let url = &url;
            scope.spawn(move || {
                // All of them create the tables at the same time, too.
                let backend = LibSqlBackend::remote(url, "");
                for id in 0..20 {
                    // One without a hash is merged, so it has to compare.
                    let hash = i64::from(id % 4 != 0);
                    backend.cache_peer(&user(nth * 1_000 + id, hash)).unwrap();
                    let pts = UpdateStateChange::Channel { id: nth, pts: id as i32 };
                    backend.apply_update_state(pts).unwrap();
                }
                backend.update_dc(&dc(nth as i32 + 10, DcFlags::NONE, Some(1))).unwrap();
            });
        }
    });
    let session = LibSqlBackend::remote(url, "").load().unwrap().unwrap();
    assert_eq!((session.peers.len(), session.dcs.len()), (160, 8));
    assert_eq!(session.updates_state.channels.len(), 8);
    assert!(session.updates_state.channels.iter().all(|(_, pts)| *pts == 19));
}

/// That there is no session is known after one question, if the tables are.
#[test]
fn asking_for_no_session_takes_one_request() {
    let server = Sqld::open();
    let proxy = Proxy::new(server.address());
    let remote = || LibSqlBackend::remote(format!("http://{}", proxy.address()), "");
    let trips = |call: &dyn Fn()| {
        let before = proxy.round_trips();
        call();
        proxy.round_trips() - before
    };
    // Are there tables, ours or older ones?
    let backend = remote();
    for _ in 0..2 {
        assert_eq!(trips(&|| assert!(backend.load().unwrap().is_none())), 2);
    }
    backend.session("another").save(&full(1)).unwrap();
    assert_eq!(trips(&|| assert!(backend.load().unwrap().is_none())), 1);
    assert_eq!(trips(&|| assert!(backend.load().unwrap().is_none())), 1);
    let other = backend.session("another");
    assert_eq!(trips(&|| assert!(other.load().unwrap().is_some())), 1);
}

/// The server ends a transaction that waits for ten seconds, and what is open on
/// its behalf. A call leaves nothing open there, so there is nothing to lose.
#[test]
fn a_backend_that_was_idle_is_none_the_worse() {
    let server = Sqld::open();
    let proxy = Proxy::new(server.address());
    let folder = tempfile::tempdir().unwrap();
    let plain = LibSqlBackend::remote(format!("http://{}", proxy.address()), "");
    let asked_otherwise = LibSqlBackend::remote(silent(server.address(), 0), "").session("silent");
    let copy = LibSqlBackend::open_replica(folder.path().join("copy.db"), server.url(), "");
    let copy = copy.unwrap().session("copy");
    let all = [&plain, &asked_otherwise, &copy];
    for backend in all {
        backend.save(&full(5)).unwrap();
        assert!(backend.load().unwrap().is_some());
    }
    let began = Instant::now();
    for id in 0..12 {
        // Nobody waits for a transaction of somebody who does nothing.
        let other = LibSqlBackend::remote(server.url(), "").session("other");
        let asked = Instant::now();
        other.cache_peer(&user(id, 1)).unwrap();
        assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
        std::thread::sleep(Duration::from_secs(1));
    }
    assert!(began.elapsed() > Duration::from_secs(11));
    let trips = proxy.round_trips();
    plain.cache_peer(&user(50, 5)).unwrap();
    assert_eq!(proxy.round_trips() - trips, 1, "the first attempt");
    for backend in all {
        backend.update_dc(&dc(9, DcFlags::NONE, Some(9))).unwrap();
        backend.save(&full(6)).unwrap();
        assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(6))));
    }
}

#[test]
fn sixty_thousand_peers_and_then_ten_that_changed() {
    let server = Sqld::open();
    let proxy = Proxy::new(server.address());
    let backend = LibSqlBackend::remote(format!("http://{}", proxy.address()), "");
    let mut session = full(60_000);
    let began = Instant::now();
    backend.save(&session).unwrap();
    let saved = began.elapsed();
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(session.clone())));
    let loaded = began.elapsed() - saved;
    session.peers[1_000..1_010].iter_mut().for_each(|peer| peer.access_hash += 1);
    let (trips, (bytes, _)) = (proxy.round_trips(), proxy.bytes());
    backend.save(&session).unwrap();
    let (trips, bytes) = (proxy.round_trips() - trips, proxy.bytes().0 - bytes);
    assert_eq!(trips, 1, "one request");
    assert!(bytes < 8_000, "{bytes} bytes for ten peers");
    let trips = proxy.round_trips();
    backend.save(&session).unwrap();
    assert_eq!(proxy.round_trips() - trips, 1, "only asks whether that is so");
    let (trips, (bytes, _)) = (proxy.round_trips(), proxy.bytes());
    backend.cache_peer(&user(5, 5)).unwrap();
    assert_eq!(proxy.round_trips() - trips, 1);
    assert!(proxy.bytes().0 - bytes < 2_000);
    eprintln!("60,000 peers: save {saved:?}, load {loaded:?}");
    assert_eq!(
        LibSqlBackend::remote(server.url(), "").load().unwrap().unwrap().peers.len(),
        60_004
    );
}

/// A conflict and "busy" are answers: the connection that brought them is as
/// good as before, and no other is opened.
#[test]
fn answers_of_the_server_do_not_cost_a_connection() {
    let server = Sqld::open();
    let proxy = Proxy::new(server.address());
    let url = format!("http://{}", proxy.address());
    let backend = LibSqlBackend::__remote(&url, "", Duration::from_secs(3));
    backend.save(&full(1)).unwrap();
    let store = backend.__store();
    let opened = proxy.connections();
    for _ in 0..5 {
        let expect = Expect::Version(Version::fresh());
        let written = store.write("default", &Write::Changes(&[]), &expect).unwrap();
        assert!(matches!(written, Written::Conflict));
    }
    assert_eq!(proxy.connections(), opened, "one for each conflict");
    // The words of SQLite, in an error of its own; it is tried again and again.
    let busy = "SELECT json_extract('{}', 'database is locked')";
    let before = proxy.round_trips();
    let error = store.executor().batch(&[Statement::new(busy, vec![])], true).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::TimedOut, "{error}");
    assert!(proxy.round_trips() - before > 2, "it was not tried again");
    assert_eq!(proxy.connections(), opened, "one for each attempt");
    // Nothing of those transactions was left open.
    backend.set_home_dc(5).unwrap();
    assert_eq!(LibSqlBackend::remote(server.url(), "").load().unwrap().unwrap().home_dc_id, 5);
}
