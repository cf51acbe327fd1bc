//! Shared by the tests: sessions to store, and where the golden files are.

pub mod child;
pub mod damage;
pub mod golden;
pub mod in_files;
pub mod power;
pub mod secret;
pub mod shared;
pub mod sql_files;
pub mod stores;

#[cfg(feature = "libsql")]
use ferogram_session::LibSqlBackend;
use ferogram_session::SqliteBackend;
pub use ferogram_session_servers::sessions;

file_backend!(SqliteBackend, open);
#[cfg(feature = "libsql")]
file_backend!(LibSqlBackend, open_local);
