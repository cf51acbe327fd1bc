//! Every way to reach a server, and every mistake in it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at what is wrong")]

mod setup {
    mod addresses;
    mod lives;
    mod names;
    mod tls;
}

use ferogram_session::SessionError;
use ferogram_session_servers::expect::tells;
use std::io;

/// That the error says all that it must and is of this sort.
#[track_caller]
fn is(error: &io::Error, operation: &str, sort: fn(&SessionError) -> bool) {
    let secrets = ["hunter2", ferogram_session_servers::postgres::PASSWORD];
    tells(error, "postgres", "my-bot", operation, &secrets);
    assert!(SessionError::of(error).is_some_and(sort), "{error:?}");
}
