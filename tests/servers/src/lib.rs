//! Real servers on loopback, with their data in temporary folders, for the
//! tests of whatever needs one; and a proxy to put before them.
//!
//! Each is a value: it runs from `open()` until it is dropped, listens on a port
//! of its own, and is ended by its process id. What it needs is installed at the
//! first use. A server that does not come up fails the test: nothing is skipped.

pub mod certificates;
pub mod costs;
pub mod expect;
pub mod faults;
pub mod install;
pub mod pgbouncer;
pub mod postgres;
mod process;
pub mod processes;
pub mod proxy;
pub mod redis;
pub mod s3;
pub mod sessions;
pub mod shared;
pub mod sqld;
pub mod tokens;

pub use process::{Process, free_address};
