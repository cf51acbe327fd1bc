//! What a network and a server can do to a session in S3.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at what is wrong")]

mod support;

mod faults {
    mod network;
    mod server;
    mod writers;
}

use crate::support::config;
use ferogram_session::{PersistedSession, SessionBackend};
use ferogram_session_s3::S3Backend;
use ferogram_session_servers::expect::tells;
use ferogram_session_servers::s3::S3;
use ferogram_session_servers::sessions::normal;
use std::io;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// It ends with this program.
static SERVER: LazyLock<S3> = LazyLock::new(S3::open);

/// A session that no other test has.
fn name() -> String {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    format!("bot-{}", NEXT.fetch_add(1, Ordering::SeqCst))
}

fn told(error: &io::Error, session: &str, operation: &str) -> String {
    tells(error, "s3", session, operation, &[&SERVER.key().id, &SERVER.key().secret]);
    error.to_string()
}

fn loaded(session: &str) -> PersistedSession {
    normal(S3Backend::with(config(&SERVER), session).load().unwrap().unwrap())
}
