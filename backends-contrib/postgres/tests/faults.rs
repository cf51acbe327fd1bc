//! What a network and a server can do to a session in PostgreSQL.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at what is wrong")]

mod faults {
    mod network;
    mod server;
    mod writers;
}

use ferogram_session_postgres::{PostgresBackend, PostgresConfig};
use ferogram_session_servers::faults::Faults;
use ferogram_session_servers::postgres::{PASSWORD, url};
use std::net::SocketAddr;
use std::time::Duration;

const SESSION: &str = "my-bot";
const LONG: Duration = Duration::from_secs(20);

fn backend(address: SocketAddr, timeout: Duration) -> PostgresBackend {
    // Encryption has its tests in `setup`.
    let url = url(address, "postgres", PASSWORD, "postgres");
    let config = PostgresConfig::new(format!("{url}?sslmode=disable"));
    PostgresBackend::with(config.timeout(timeout), SESSION)
}

fn faults(server: SocketAddr) -> Faults<'static> {
    Faults {
        backend: "postgres",
        session: SESSION,
        secrets: &[PASSWORD],
        server,
        make: &|address, timeout| Box::new(backend(address, timeout)),
    }
}
