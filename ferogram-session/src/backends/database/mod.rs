//! A database file, or one in memory, in this process: what `SqliteBackend`
//! and `LibSqlBackend` have in common, whichever engine is linked.
//!
//! Both engines are SQLite in C, and a program can hold only one of them: with
//! the feature `libsql-session` that is libSQL's, else rusqlite's.

mod backend;
mod connection;
mod executor;
mod failure;
mod file;
mod open;
mod store;

pub(super) use backend::database_backend;
pub(super) use connection::Connection;
pub(super) use executor::Database;
pub(super) use failure::Failure;
#[cfg(feature = "libsql-remote-session")]
pub(super) use file::tighten_all;
pub(super) use store::{migrate, sessions};

/// The engine that is linked.
#[cfg(feature = "libsql-session")]
pub(super) type Engine = super::libsql::LocalConnection;
/// The engine that is linked.
#[cfg(not(feature = "libsql-session"))]
pub(super) type Engine = super::sqlite::RusqliteConnection;
