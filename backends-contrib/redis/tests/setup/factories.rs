//! Connections that the user makes.

use ferogram_session::{SessionBackend, SessionError};
use ferogram_session_redis::{RedisBackend, RedisConfig};
use ferogram_session_servers::expect::tells;
use ferogram_session_servers::redis::Redis;
use ferogram_session_servers::sessions::full;
use redis::RedisResult;
use std::io::ErrorKind;
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[test]
fn connections_that_the_user_makes() {
    let server = Redis::open();
    let client = redis::Client::open(server.url()).unwrap();
    let by_client = RedisBackend::with(RedisConfig::client(client.clone()), "my-bot");
    by_client.set_home_dc(3).unwrap();
    let config = RedisConfig::connection_with(move || {
        let connection = client.get_connection_with_timeout(Duration::from_secs(5))?;
        connection.set_read_timeout(Some(Duration::from_secs(5)))?;
        Ok(connection)
    });
    let by_connection = RedisBackend::with(config, "my-bot");
    assert_eq!(by_connection.load().unwrap().unwrap().home_dc_id, 3);
    server.ask(&["CLIENT", "KILL", "TYPE", "normal"]);
    by_connection.set_home_dc(5).unwrap();
    assert_eq!(by_client.load().unwrap().unwrap().home_dc_id, 5);
    assert_eq!(by_connection.sessions().unwrap(), ["my-bot"]);
}

#[test]
fn a_password_that_changes_is_asked_for_again() {
    let server = Redis::open();
    let at = server.address();
    let password = Arc::new(Mutex::new("first-one"));
    let asked = Arc::clone(&password);
    let config = RedisConfig::connection_with(move || {
        let url = format!("redis://bot:{}@{at}", asked.lock().unwrap());
        redis::Client::open(url)?.get_connection()
    });
    let allow = |password: &str| {
        let rule = ["ACL", "SETUSER", "bot", "reset", "on", password, "~*", "+@all"];
        assert_eq!(server.ask(&rule), "+OK");
    };
    let backend = RedisBackend::with(config, "my-bot");
    allow(">first-one");
    backend.save(&full(2)).unwrap();
    allow(">second-one");
    server.ask(&["CLIENT", "KILL", "TYPE", "normal"]);
    let error = backend.load().unwrap_err();
    tells(&error, "redis", "my-bot", "load", &["first-one", "second-one"]);
    assert!(matches!(SessionError::of(&error), Some(SessionError::Rejected(_))), "{error}");
    *password.lock().unwrap() = "second-one";
    assert_eq!(backend.load().unwrap().unwrap().peers.len(), 5);
}

#[test]
fn a_factory_that_panics_is_an_error_that_says_so() {
    let config = RedisConfig::connection_with(|| -> RedisResult<redis::Connection> {
        panic!("this is meant, and holds hunter2")
    });
    let backend = RedisBackend::with(config, "my-bot");
    for error in [backend.load().unwrap_err(), backend.load().unwrap_err()] {
        tells(&error, "redis", "my-bot", "load", &["hunter2"]);
        assert!(matches!(SessionError::of(&error), Some(SessionError::Unavailable(_))), "{error}");
        let said = error.to_string();
        assert!(said.contains("panicked") && said.contains("connection_with"), "{said}");
        assert!(!said.contains("maxclients"), "{said}");
    }
}

/// Such as a client has that comes to an end of what it can handle.
struct Panics;

impl redis::ConnectionLike for Panics {
    fn req_packed_command(&mut self, _: &[u8]) -> RedisResult<redis::Value> {
        panic!("this is meant")
    }

    fn req_packed_commands(
        &mut self,
        _: &[u8],
        _: usize,
        _: usize,
    ) -> RedisResult<Vec<redis::Value>> {
        panic!("this is meant")
    }

    fn get_db(&self) -> i64 {
        0
    }

    fn check_connection(&mut self) -> bool {
        true
    }

    fn is_open(&self) -> bool {
        true
    }
}

#[test]
fn a_connection_that_panics_is_an_error_that_says_so() {
    let backend = RedisBackend::with(RedisConfig::connection_with(|| Ok(Panics)), "my-bot");
    let error = backend.set_home_dc(1).unwrap_err();
    tells(&error, "redis", "my-bot", "set_home_dc", &["hunter2"]);
    assert_eq!(error.kind(), ErrorKind::ConnectionAborted);
    assert!(error.to_string().contains("panicked"), "{error}");
}
