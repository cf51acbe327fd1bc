//! A server that answers, and not what one would like.

use crate::{SESSION, backend, faults};
use ferogram_session::{SessionBackend, SessionError};
use ferogram_session_redis::RedisBackend;
use ferogram_session_servers::faults::CALLS;
use ferogram_session_servers::proxy::Proxy;
use ferogram_session_servers::redis::{PASSWORD, Redis};
use ferogram_session_servers::sessions::{full, normal, user};
use std::io::ErrorKind;
use std::time::Duration;

pub(crate) const WRITES: [&str; 6] =
    ["save", "update_dc", "set_home_dc", "apply_update_state", "cache_peer", "delete"];
pub(crate) const LONG: Duration = Duration::from_secs(20);

fn unavailable(error: &SessionError) -> bool {
    matches!(error, SessionError::Unavailable(_))
}

#[test]
fn a_replica_is_read_and_not_written() {
    let primary = Redis::open();
    backend(primary.address(), LONG).save(&full(2)).unwrap();
    let replica = Redis::with().replica_of(&primary).open();
    until(|| replica.ask(&["EXISTS", "tg:my-bot"]) == ":1");
    let reader = backend(replica.address(), LONG);
    assert_eq!(reader.load().unwrap().map(normal), Some(normal(full(2))));
    faults(replica.address()).fail(&reader, &WRITES, |error| {
        unavailable(error) && error.to_string().contains("replica")
    });
    assert_eq!(reader.load().unwrap().map(normal), Some(normal(full(2))));
}

#[test]
fn after_a_failover_the_same_name_leads_to_the_new_primary() {
    // The proxy is the name: connections that are open stay where they were.
    let old = Redis::open();
    let name = Proxy::new(old.address());
    let backend = backend(name.address(), LONG);
    backend.save(&full(2)).unwrap();
    let new = Redis::with().replica_of(&old).open();
    until(|| new.ask(&["EXISTS", "tg:my-bot"]) == ":1");
    assert_eq!(new.ask(&["REPLICAOF", "NO", "ONE"]), "+OK");
    let port = new.address().port().to_string();
    assert_eq!(old.ask(&["CONFIG", "SET", "masterauth", PASSWORD]), "+OK");
    assert_eq!(old.ask(&["REPLICAOF", "127.0.0.1", &port]), "+OK");
    name.lead_to(new.address());
    backend.set_home_dc(5).unwrap();
    assert_eq!(crate::backend(new.address(), LONG).load().unwrap().unwrap().home_dc_id, 5);
}

#[test]
fn a_full_server_takes_nothing_and_loses_nothing() {
    let server = Redis::open();
    let faults = faults(server.address());
    let backend = backend(server.address(), LONG);
    backend.save(&full(100)).unwrap();
    assert_eq!(server.ask(&["CONFIG", "SET", "maxmemory", "1mb"]), "+OK");
    // Also what takes something away and what does both is refused as a whole.
    let mut other = full(50);
    other.peers.push(user(1_000_000, 1));
    let writes = WRITES.map(|name| if name == "delete" { "update_dc" } else { name });
    faults.fail(&backend, &writes, |error| {
        unavailable(error) && error.kind() == ErrorKind::StorageFull
    });
    let error = backend.save(&other).unwrap_err();
    faults.tells(&error, "save");
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(100))));
    assert_eq!(server.ask(&["CONFIG", "SET", "maxmemory", "0"]), "+OK");
    backend.save(&other).unwrap();
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(other)));
}

#[test]
fn a_server_that_cannot_save_to_disk_says_so() {
    let server = Redis::with().set("save 3600 1").open();
    let backend = backend(server.address(), LONG);
    backend.save(&full(2)).unwrap();
    std::fs::create_dir(server.folder().join("dump.rdb")).unwrap();
    server.ask(&["BGSAVE"]);
    until(|| server.ask(&["INFO", "persistence"]).contains("rdb_last_bgsave_status:err"));
    faults(server.address()).fail(&backend, &WRITES, |error| {
        unavailable(error) && error.to_string().contains("takes no writes")
    });
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(2))));
}

#[test]
fn a_server_that_wants_replicas_says_so() {
    let server = Redis::with().set("min-replicas-to-write 1").open();
    let backend = backend(server.address(), LONG);
    faults(server.address()).fail(&backend, &WRITES[..5], |error| {
        unavailable(error) && error.to_string().contains("takes no writes")
    });
    assert!(backend.load().unwrap().is_none());
}

#[test]
fn what_others_keep_under_the_key_stays() {
    let server = Redis::open();
    let faults = faults(server.address());
    let others: [&[&str]; 5] = [
        &["SET", "tg:my-bot", "text"],
        &["RPUSH", "tg:my-bot", "a", "b"],
        &["SADD", "tg:my-bot", "a"],
        &["ZADD", "tg:my-bot", "1", "a"],
        &["HSET", "tg:my-bot", "home_dc", "a"],
    ];
    for other in others {
        server.ask(&["FLUSHALL"]);
        server.ask(other);
        let before = server.ask(&["DUMP", "tg:my-bot"]);
        let backend = backend(server.address(), LONG);
        let all = CALLS.map(|(name, _)| name);
        faults.fail(&backend, &all, |error| {
            matches!(error, SessionError::Corrupt(_)) && error.to_string().contains("tg:my-bot")
        });
        assert_eq!(server.ask(&["DUMP", "tg:my-bot"]), before, "{other:?}");
        assert!(backend.sessions().unwrap().is_empty());
    }
}

#[test]
fn a_server_with_too_many_connections_says_so() {
    let server = Redis::with().set("maxclients 1").open();
    let first = backend(server.address(), LONG);
    until(|| first.load().is_ok());
    let second = backend(server.address(), LONG);
    let all = CALLS.map(|(name, _)| name);
    faults(server.address()).fail(&second, &all, unavailable);
    drop(first);
    until(|| second.load().is_ok());
}

#[test]
fn what_others_put_into_a_session_is_damage() {
    let server = Redis::open();
    let backend = backend(server.address(), LONG);
    for (name, value) in [(b"\xff".as_slice(), b"a".as_slice()), (b"peer:user:1", b"a"), (b"", b"")]
    {
        backend.delete().unwrap();
        backend.save(&full(2)).unwrap();
        server.ask_bytes(&[b"HSET", b"tg:my-bot", name, value]);
        let state = || server.ask(&["HMGET", "tg:my-bot", "@ferogram", "home_dc", "qts"]);
        let before = state();
        let fresh = crate::backend(server.address(), LONG);
        for result in [fresh.load().map(drop), fresh.save(&full(1))] {
            let error = result.unwrap_err();
            assert!(matches!(SessionError::of(&error), Some(SessionError::Corrupt(_))), "{error}");
        }
        assert_eq!(state(), before);
        assert_eq!(server.ask_bytes(&[b"HDEL", b"tg:my-bot", name]), ":1");
        assert_eq!(fresh.load().unwrap().map(normal), Some(normal(full(2))));
    }
}

#[test]
fn a_server_without_the_scripts_gets_them_again() {
    let server = Redis::open();
    let backend = backend(server.address(), LONG);
    for home_dc in 1..4 {
        assert_eq!(server.ask(&["SCRIPT", "FLUSH"]), "+OK");
        backend.set_home_dc(home_dc).unwrap();
        assert_eq!(server.ask(&["SCRIPT", "FLUSH"]), "+OK");
        assert_eq!(backend.load().unwrap().unwrap().home_dc_id, home_dc);
    }
    assert_eq!(server.ask(&["SCRIPT", "FLUSH"]), "+OK");
    backend.delete().unwrap();
    assert!(backend.load().unwrap().is_none());
}

#[test]
fn a_connection_that_the_server_closes_is_opened_again() {
    let server = Redis::with().set("timeout 0").open();
    let backend = backend(server.address(), LONG);
    backend.save(&full(1)).unwrap();
    for home_dc in 1..4 {
        server.ask(&["CLIENT", "KILL", "TYPE", "normal"]);
        backend.set_home_dc(home_dc).unwrap();
        server.ask(&["CLIENT", "KILL", "TYPE", "normal"]);
        assert_eq!(backend.load().unwrap().unwrap().home_dc_id, home_dc);
    }
}

#[test]
fn a_server_that_is_busy_is_waited_for() {
    let server = Redis::with().set("busy-reply-threshold 20").open();
    let address = server.address();
    let backend = backend(address, LONG);
    backend.save(&full(1)).unwrap();
    std::thread::scope(|scope| {
        let loops = "local n = 0 for _ = 1, 100000000 do n = n + 1 end return n";
        scope.spawn(|| server.ask(&["EVAL", loops, "0"]));
        until(|| server.ask(&["PING"]).contains("BUSY"));
        backend.set_home_dc(3).unwrap();
    });
    assert_eq!(backend.load().unwrap().unwrap().home_dc_id, 3);
}

#[test]
fn a_server_that_knows_no_scripts_is_an_error_that_shows_no_arguments() {
    // Such a server quotes the arguments of what it does not know.
    let server = Redis::with()
        .set("rename-command EVALSHA \"\"")
        .set("rename-command AUTH \"\"")
        .open_without_password();
    let backend = RedisBackend::new(format!("redis://{}", server.address()), SESSION);
    faults(server.address()).fail(&backend, &["load", "save", "set_home_dc"], unavailable);
    let error = backend.set_home_dc(1).unwrap_err();
    assert!(!error.to_string().contains("tg:"), "{error}");
    let backend = crate::backend(server.address(), LONG);
    faults(server.address()).fail(&backend, &["load", "save"], |_| true);
}

/// Waits for something that the server does in a moment.
pub(crate) fn until(done: impl Fn() -> bool) {
    let began = std::time::Instant::now();
    while !done() {
        assert!(began.elapsed() < LONG, "the server did not get there");
        std::thread::sleep(Duration::from_millis(10));
    }
}
