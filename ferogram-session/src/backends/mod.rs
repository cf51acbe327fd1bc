//! The backends that come with the crate: structs with the derive, a store,
//! and constructors; nothing else.

mod binary_file;
#[cfg(any(feature = "sqlite-session", feature = "libsql-session"))]
mod database;
mod disk;
#[cfg(feature = "libsql-session")]
mod libsql;
mod lock;
mod memory;
mod paths;
#[cfg(feature = "sqlite-session")]
mod sqlite;
mod string;

pub use binary_file::BinaryFileBackend;
pub(crate) use binary_file::{read_file, write_file};
#[cfg(feature = "libsql-session")]
pub use libsql::LibSqlBackend;
pub use memory::{InMemoryBackend, MemoryStore};
#[cfg(feature = "sqlite-session")]
pub use sqlite::SqliteBackend;
pub use string::StringSessionBackend;
