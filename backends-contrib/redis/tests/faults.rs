//! What a network and a server can do to a session in Redis.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at what is wrong")]

mod faults {
    mod network;
    mod replicas;
    mod server;
    mod writers;
}

use ferogram_session_redis::{RedisBackend, RedisConfig};
use ferogram_session_servers::faults::Faults;
use ferogram_session_servers::redis::PASSWORD;
use std::net::SocketAddr;
use std::time::Duration;

const SESSION: &str = "my-bot";

fn backend(address: SocketAddr, timeout: Duration) -> RedisBackend {
    let config = RedisConfig::new(format!("redis://:{PASSWORD}@{address}"));
    RedisBackend::with(config.timeout(timeout), SESSION)
}

fn faults(server: SocketAddr) -> Faults<'static> {
    Faults {
        backend: "redis",
        session: SESSION,
        secrets: &[PASSWORD],
        server,
        make: &|address, timeout| Box::new(backend(address, timeout)),
    }
}
