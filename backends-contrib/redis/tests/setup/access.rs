//! Users and passwords, and what a user may not.

use ferogram_session::{SessionBackend, SessionError};
use ferogram_session_redis::{RedisBackend, RedisConfig};
use ferogram_session_servers::expect::tells;
use ferogram_session_servers::redis::Redis;
use ferogram_session_servers::sessions::{full, normal, user};
use std::io;
use std::time::Duration;

const ALL: &str = "+eval +evalsha +type +hget +hset +hdel +hexists +hscan +scan +info +persist \
                   +pexpire +unlink";

fn allow(server: &Redis, rules: &str) {
    let mut words = vec!["ACL", "SETUSER", "bot", "reset", "on", ">hunter2"];
    words.extend(rules.split_whitespace());
    assert_eq!(server.ask(&words), "+OK", "{rules}");
}

fn as_bot(server: &Redis) -> RedisBackend {
    RedisBackend::new(format!("redis://bot:hunter2@{}", server.address()), "my-bot")
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
    allow(&server, &format!("~tg:* {ALL}"));
    let backend = as_bot(&server);
    backend.save(&full(10)).unwrap();
    backend.save(&full(3)).unwrap();
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(3))));
    assert_eq!(backend.sessions().unwrap(), ["my-bot"]);
    let config = RedisConfig::new(format!("redis://bot:hunter2@{}", server.address()));
    let expiring = RedisBackend::with(config.ttl(Duration::from_secs(60)), "my-bot");
    expiring.set_home_dc(1).unwrap();
    backend.delete().unwrap();
    for word in ALL.split_whitespace() {
        let word = word[1..].to_uppercase();
        assert!(include_str!("../../docs.md").contains(&word), "{word} is not in docs.md");
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
    for right in ["eval", "type", "hget", "hset", "hdel", "hscan", "persist", "unlink"] {
        owner.save(&full(10)).unwrap();
        assert_eq!(server.ask(&["SCRIPT", "FLUSH"]), "+OK");
        allow(&server, &format!("~tg:* {ALL} -{right}"));
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
        allow(&server, &format!("~tg:* {ALL} -{right}"));
        let url = format!("redis://bot:hunter2@{}", server.address());
        let expiring = RedisConfig::new(url).ttl(Duration::from_secs(60));
        let backend = RedisBackend::with(expiring, "my-bot");
        rejected(&backend.save(&full(10)).unwrap_err(), "save");
        let left = owner.load().unwrap().map(normal);
        assert!(left.is_none() || left == Some(normal(full(10))), "{right}");
    }
}

#[test]
fn keys_of_others_are_out_of_reach() {
    let server = Redis::open();
    allow(&server, &format!("~other:* {ALL}"));
    let backend = as_bot(&server);
    rejected(&backend.load().unwrap_err(), "load");
    rejected(&backend.save(&full(1)).unwrap_err(), "save");
    rejected(&backend.delete().unwrap_err(), "delete");
}
