//! Real servers on loopback, with their data in temporary folders, for the
//! tests of whatever needs one; and a proxy to put before them.
//!
//! Each is a value: it runs from `open()` until it is dropped, listens on a port
//! of its own, and is ended by its process id. What it needs is installed at the
//! first use. A server that does not come up fails the test: nothing is skipped.
//!
//! What the tests of several backends have in common is here too, so that it is
//! there once: [`faults`] does to a backend what networks and crashes do, and says
//! what must come of it; [`processes`] has eight of them write one session;
//! [`costs`] counts what calls cost and compares the documentation; [`memory`] what
//! is held between them; [`expect`] is what every error must tell; [`shared`] keeps one server for many cases.

pub mod certificates;
pub mod costs;
pub mod expect;
pub mod faults;
pub mod install;
pub mod localstack;
pub mod memory;
pub mod pgbouncer;
pub mod postgres;
mod process;
pub mod processes;
pub mod proxy;
pub mod redis;
pub mod s3;
pub mod sentinel;
pub mod sessions;
pub mod shared;
mod shared_sqld;
pub mod sqld;
pub mod tls;
pub mod tokens;

pub use process::{Process, free_address};
pub use shared_sqld::SqldDatabase;
