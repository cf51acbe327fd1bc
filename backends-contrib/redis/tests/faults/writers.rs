//! Others who write, expire and remove at the same time.

use crate::{SESSION, backend};
use ferogram_session::SessionBackend;
use ferogram_session_redis::{RedisBackend, RedisConfig};
use ferogram_session_servers::processes;
use ferogram_session_servers::proxy::Proxy;
use ferogram_session_servers::redis::Redis;
use ferogram_session_servers::sessions::{full, normal, user};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

const LONG: Duration = Duration::from_secs(20);

#[test]
fn eight_processes_on_one_session() {
    let open = || {
        let server = Redis::open();
        let url = server.url();
        (server, url)
    };
    let name = "faults::writers::eight_processes_on_one_session";
    processes::eight_on_one_session(name, open, |url| RedisBackend::new(url, SESSION));
}

#[test]
fn a_session_that_expires_is_gone_and_begins_anew() {
    let server = Redis::open();
    let config = RedisConfig::new(server.url()).ttl(Duration::from_secs(600));
    let expiring = RedisBackend::with(config, SESSION);
    let left = || server.ask(&["PTTL", "tg:my-bot"])[1..].parse::<i64>().unwrap();
    let expire = || {
        assert_eq!(server.ask(&["PEXPIRE", "tg:my-bot", "1"]), ":1");
        while server.ask(&["EXISTS", "tg:my-bot"]) != ":0" {
            std::thread::sleep(Duration::from_millis(5));
        }
    };
    expiring.save(&full(3)).unwrap();
    assert!((1..=600_000).contains(&left()), "{}", left());
    assert_eq!(expiring.load().unwrap().map(normal), Some(normal(full(3))));
    expire();
    assert!(expiring.load().unwrap().is_none());
    assert!(expiring.sessions().unwrap().is_empty());
    // A cache does not believe that it is still there.
    expiring.save(&full(3)).unwrap();
    expire();
    expiring.save(&full(3)).unwrap();
    assert_eq!(expiring.load().unwrap().map(normal), Some(normal(full(3))));
    // Each write begins the time anew.
    assert_eq!(server.ask(&["PEXPIRE", "tg:my-bot", "300000"]), ":1");
    expiring.set_home_dc(4).unwrap();
    assert!(left() > 300_000, "{}", left());
    // Whoever has no expiry set means it to stay.
    backend(server.address(), LONG).set_home_dc(5).unwrap();
    assert_eq!(left(), -1);
}

#[test]
fn everything_is_removed_between_two_calls() {
    let server = Redis::open();
    let backend = backend(server.address(), LONG);
    for round in 1..4 {
        backend.save(&full(10)).unwrap();
        assert_eq!(server.ask(&["FLUSHALL"]), "+OK");
        // Whatever the cache thinks, the store holds what was saved.
        let mut session = full(10);
        session.updates_state.pts += round;
        backend.save(&session).unwrap();
        assert_eq!(backend.load().unwrap().map(normal), Some(normal(session)));
        assert_eq!(server.ask(&["FLUSHALL"]), "+OK");
        backend.cache_peer(&user(5, 5)).unwrap();
        assert_eq!(backend.load().unwrap().unwrap().peers, [user(5, 5)]);
    }
}

#[test]
fn a_large_session_is_read_in_parts_and_whole_while_others_write() {
    let server = Redis::open();
    let proxy = Proxy::new(server.address());
    let mut session = full(60_000);
    session.updates_state.qts = session.updates_state.pts;
    backend(server.address(), LONG).save(&session).unwrap();
    let reader = backend(proxy.address(), LONG);
    assert!(reader.session("another").load().unwrap().is_none());
    let trips = proxy.round_trips();
    assert_eq!(reader.load().unwrap().map(normal), Some(normal(session.clone())));
    let parts = proxy.round_trips() - trips;
    assert!((40..120).contains(&parts), "{parts} parts of 1,000 fields");
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let _ends = Stop(&stop);
        scope.spawn(|| {
            // Two records in one call: a reader never sees them apart.
            let writer = backend(server.address(), LONG);
            let mut pts = session.updates_state.pts;
            while !stop.load(Ordering::SeqCst) {
                pts += 1;
                let mut next = session.updates_state.clone();
                (next.pts, next.qts) = (pts, pts);
                writer.apply_update_state(ferogram_session::UpdateStateChange::All(next)).unwrap();
            }
        });
        let mut last = 0;
        for _ in 0..8 {
            let loaded = reader.load().unwrap().unwrap();
            let state = &loaded.updates_state;
            assert_eq!(loaded.peers.len(), session.peers.len());
            assert_eq!(state.pts, state.qts);
            assert!(state.pts >= last);
            last = state.pts;
        }
        assert!(last > session.updates_state.pts, "nobody wrote meanwhile");
    });
}

#[test]
fn connections_and_scripts_that_are_thrown_away_all_the_time() {
    let server = Redis::open();
    backend(server.address(), LONG).save(&full(0)).unwrap();
    let stop = AtomicBool::new(false);
    let ended = AtomicUsize::new(0);
    let acknowledged: Vec<i64> = std::thread::scope(|scope| {
        let ends = Stop(&stop);
        scope.spawn(|| {
            while !stop.load(Ordering::SeqCst) {
                server.ask(&["CLIENT", "KILL", "TYPE", "normal"]);
                server.ask(&["SCRIPT", "FLUSH"]);
                // As often as calls end, so that a slow machine gets to the end of some.
                let seen = ended.load(Ordering::SeqCst);
                while ended.load(Ordering::SeqCst) < seen + 3 && !stop.load(Ordering::SeqCst) {
                    std::thread::sleep(Duration::from_millis(1));
                }
            }
        });
        let write = |writer: i64| {
            let backend = backend(server.address(), LONG);
            let stored = |id: &i64| {
                let result = backend.cache_peer(&user(*id, *id % 2));
                ended.fetch_add(1, Ordering::SeqCst);
                // Cut off twice in one call.
                if let Err(error) = &result {
                    crate::faults(server.address()).tells(error, "cache_peer");
                }
                result.is_ok()
            };
            (writer * 1_000..writer * 1_000 + 150).filter(stored).collect::<Vec<_>>()
        };
        let writers: Vec<_> = (1..4).map(|nth| scope.spawn(move || write(nth))).collect();
        let all = writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect();
        drop(ends);
        all
    });
    assert!(acknowledged.len() > 100, "{} of 450", acknowledged.len());
    println!("{} of 450 acknowledged", acknowledged.len());
    let peers = backend(server.address(), LONG).load().unwrap().unwrap().peers;
    for id in acknowledged {
        assert!(peers.iter().any(|peer| peer.id == id), "{id} was acknowledged and is not there");
    }
}

/// Says so when the test ends, in whatever way.
struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[test]
fn two_hundred_thousand_peers() {
    let server = Redis::open();
    let backend = backend(server.address(), Duration::from_secs(60));
    let session = full(200_000);
    backend.save(&session).unwrap();
    let again = crate::backend(server.address(), Duration::from_secs(60));
    assert_eq!(again.load().unwrap().map(normal), Some(normal(session)));
    // And away again, all but a few: many fields are taken away in one call.
    again.save(&full(2)).unwrap();
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(2))));
}
