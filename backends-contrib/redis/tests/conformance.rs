//! The conformance suite over a real Redis: one server for the program, a
//! prefix of its own for each place.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

use ferogram_session::conformance;
use ferogram_session::testing::Place;
use ferogram_session_redis::{RedisBackend, RedisConfig};
use ferogram_session_servers::redis::Redis;
use ferogram_session_servers::shared::OfProgram;

static SERVER: OfProgram<Redis> = OfProgram::new();

/// In memory only: no case kills it.
fn open() -> Redis {
    Redis::with().set("appendonly no").open()
}

fn make(place: &Place) -> RedisBackend {
    let url = SERVER.at(place, open, Redis::url);
    let config = RedisConfig::new(url).prefix(format!("{}:", place.id()));
    RedisBackend::with(config, place.key())
}

/// A bit of a value is another one.
fn damage(place: &Place) {
    let key = format!("{}:{}", place.id(), place.key());
    let server = SERVER.get(open);
    let names = server.ask(&["HKEYS", &key]);
    let name = names.lines().find(|name| name.starts_with("dc:")).unwrap();
    assert_eq!(server.ask(&["HSET", &key, name, "\u{1}no record of any codec"]), ":0");
}

conformance!(make, persistent, shared, conditional, many_sessions, detects_damage = damage);
