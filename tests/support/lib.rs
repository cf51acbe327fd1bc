//! Shared by the tests: sessions to store, and where the golden files are.

pub mod golden;
pub mod proxy;
pub mod sessions;
pub mod shared;
pub mod sql_files;
#[cfg(feature = "libsql")]
pub mod sqld;
pub mod stores;
#[cfg(feature = "libsql")]
pub mod tokens;

#[cfg(feature = "libsql")]
use ferogram_session::LibSqlBackend;
use ferogram_session::SqliteBackend;

file_backend!(SqliteBackend, open);
#[cfg(feature = "libsql")]
file_backend!(LibSqlBackend, open_local);
