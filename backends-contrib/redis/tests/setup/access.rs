//! Users and passwords, and what a user may not.

use ferogram_session::{SessionBackend, SessionError};
use ferogram_session_redis::{RedisBackend, RedisConfig};
use ferogram_session_servers::expect::tells;
use ferogram_session_servers::redis::Redis;
use ferogram_session_servers::sessions::{full, normal, user};
use std::io;
use std::time::Duration;

/// What the documentation says to give a user, on the keys of the usual prefix.
fn documented() -> String {
    let docs = include_str!("../../docs.md").split_whitespace().collect::<Vec<_>>().join(" ");
    let (_, rules) = docs.split_once("`ACL SETUSER bot on >.. ~tg:* ").unwrap();
    rules.split('`').next().unwrap().to_owned()
}

fn allow(server: &Redis, rules: &str) {
    let mut words = vec!["ACL", "SETUSER", "bot", "reset", "on", ">hunter2"];
    words.extend(rules.split_whitespace());
    assert_eq!(server.ask(&words), "+OK", "{rules}");
}

fn url(server: &Redis, rest: &str) -> String {
    format!("redis://bot:hunter2@{}{rest}", server.address())
}

fn as_bot(server: &Redis) -> RedisBackend {
    RedisBackend::new(url(server, ""), "my-bot")
}

#[track_caller]
fn rejected(error: &io::Error, operation: &str) {
    tells(error, "redis", "my-bot", operation, &["hunter2", "wrong-one"]);
    assert!(matches!(SessionError::of(error), Some(SessionError::Rejected(_))), "{error}");
    assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
}

#[test]
fn a_user_with_just_the_rights_that_the_documentation_names() {
    let server = Redis::open();
    let replica = Redis::with().replica_of(&server).open();
    let up = || replica.ask(&["INFO", "replication"]).contains("master_link_status:up");
    while !up() {
        std::thread::sleep(Duration::from_millis(10));
    }
    allow(&server, &format!("~tg:* {}", documented()));
    // The addresses that the documentation shows: with a database, and without.
    for database in ["", "/0", "/1"] {
        let url = url(&server, database);
        let backend = RedisBackend::connect(&url, "my-bot").unwrap();
        backend.save(&full(10)).unwrap();
        backend.save(&full(3)).unwrap();
        assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(3))));
        assert_eq!(backend.sessions().unwrap(), ["my-bot"]);
        let config = RedisConfig::new(&url).ttl(Duration::from_secs(60)).wait_replicas(1);
        let expiring = RedisBackend::with(config, "my-bot");
        expiring.set_home_dc(1).unwrap();
        assert_eq!(expiring.load().unwrap().unwrap().home_dc_id, 1);
        backend.delete().unwrap();
        expiring.delete().unwrap();
    }
}

/// Each of the rights is needed, and an error says which.
#[test]
fn a_right_that_is_missing_is_named() {
    let server = Redis::open();
    let all = documented();
    let rights: Vec<&str> = all.split(' ').map(|right| &right[1..]).collect();
    assert!(rights.len() >= 16, "{all}");
    for right in rights {
        // That one is for clusters.
        if right == "cluster|slots" {
            continue;
        }
        server.ask(&["FLUSHALL"]);
        server.ask(&["SCRIPT", "FLUSH"]);
        RedisBackend::new(format!("{}/1", server.url()), "my-bot").save(&full(3)).unwrap();
        server.ask(&["SCRIPT", "FLUSH"]);
        allow(&server, &format!("~tg:* {all} -{right}"));
        let config = RedisConfig::new(url(&server, "/1")).timeout(Duration::from_millis(500));
        let plain = RedisBackend::with(config.clone(), "my-bot");
        let expiring = config.ttl(Duration::from_secs(60)).wait_replicas(1);
        let expiring = RedisBackend::with(expiring, "my-bot");
        let results = [
            plain.sessions().map(drop),
            plain.load().map(drop),
            plain.save(&full(2)),
            expiring.set_home_dc(1),
            plain.delete(),
        ];
        let denied = |error: &io::Error| error.kind() == io::ErrorKind::PermissionDenied;
        let Some(error) = results.into_iter().filter_map(Result::err).find(denied) else {
            panic!("nothing was refused without {right}")
        };
        let help = SessionError::of(&error).unwrap().details().help().unwrap();
        assert!(help.contains(&right.to_uppercase()), "{right}: {help}");
    }
}

#[test]
fn a_wrong_password_and_none() {
    let server = Redis::open();
    let at = server.address();
    for url in [
        format!("redis://:wrong-one@{at}"),
        format!("redis://bot:wrong-one@{at}"),
        format!("redis://{at}"),
    ] {
        let backend = RedisBackend::new(url, "my-bot");
        rejected(&backend.load().unwrap_err(), "load");
        rejected(&backend.save(&full(1)).unwrap_err(), "save");
        assert!(!format!("{backend:?}").contains("wrong-one"));
        let error = backend.sessions().unwrap_err();
        assert!(!format!("{error} {error:?}").contains("wrong-one"));
    }
}

/// A script that is stopped in its middle is not rolled back.
#[test]
fn a_right_that_is_missing_leaves_a_session_as_it_was() {
    let server = Redis::open();
    let owner = RedisBackend::new(server.url(), "my-bot");
    let all = documented();
    for right in ["eval", "type", "hget", "hset", "hdel", "hscan", "persist", "unlink"] {
        owner.save(&full(10)).unwrap();
        assert_eq!(server.ask(&["SCRIPT", "FLUSH"]), "+OK");
        allow(&server, &format!("~tg:* {all} -{right}"));
        let backend = as_bot(&server);
        // Some of it goes, some is new.
        let mut other = full(5);
        other.peers.push(user(1_000_000, 1));
        match right {
            "unlink" => rejected(&backend.delete().unwrap_err(), "delete"),
            _ => rejected(&backend.save(&other).unwrap_err(), "save"),
        }
        assert_eq!(owner.load().unwrap().map(normal), Some(normal(full(10))), "{right}");
    }
    // Nor does one come into being that is not whole.
    for right in ["hset", "pexpire"] {
        owner.delete().unwrap();
        allow(&server, &format!("~tg:* {all} -{right}"));
        let expiring = RedisConfig::new(url(&server, "")).ttl(Duration::from_secs(60));
        let backend = RedisBackend::with(expiring, "my-bot");
        rejected(&backend.save(&full(10)).unwrap_err(), "save");
        let left = owner.load().unwrap().map(normal);
        assert!(left.is_none() || left == Some(normal(full(10))), "{right}");
    }
}

#[test]
fn keys_of_others_are_out_of_reach() {
    let server = Redis::open();
    allow(&server, &format!("~other:* {}", documented()));
    let backend = as_bot(&server);
    rejected(&backend.load().unwrap_err(), "load");
    rejected(&backend.save(&full(1)).unwrap_err(), "save");
    rejected(&backend.delete().unwrap_err(), "delete");
}
