//! Services that do what services and what stands before them have been seen
//! to do, by hand: for what no server on loopback does.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at what is wrong")]

mod support;

mod services {
    mod conditions;
    mod objects;
    mod refusals;
}

use crate::support::service::{Request, Service};
use ferogram_session::{PersistedSession, SessionBackend};
use ferogram_session_s3::{S3Backend, S3Config};
use ferogram_session_servers::expect::tells;
use ferogram_session_servers::sessions::normal;
use std::io;
use std::time::Duration;

const SECRETS: [&str; 2] = ["TheAccessKeyId", "the-secret-access-key"];

const OBJECT: &str = "/bucket/my-bot.session";

fn config(service: &Service) -> S3Config {
    S3Config::new("s3://bucket")
        .endpoint(service.url())
        .credentials(SECRETS[0], SECRETS[1])
        .timeout(Duration::from_secs(3))
}

fn backend(service: &Service) -> S3Backend {
    S3Backend::with(config(service), "my-bot")
}

fn told(error: &io::Error, operation: &str) -> String {
    tells(error, "s3", "my-bot", operation, &SECRETS);
    error.to_string()
}

fn loaded(service: &Service) -> PersistedSession {
    normal(backend(service).load().unwrap().unwrap())
}

fn is_put(request: &Request) -> bool {
    request.method == "PUT" && request.path == OBJECT
}
