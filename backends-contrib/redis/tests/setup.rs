//! Every way to reach a server, and every mistake in it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at what is wrong")]

mod setup {
    mod access;
    mod addresses;
    mod cluster;
    mod factories;
    mod logs;
    mod names;
    mod sentinel;
    #[cfg(feature = "tls")]
    mod tls;
}
