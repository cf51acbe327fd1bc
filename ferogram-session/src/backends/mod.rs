//! The backends that come with the crate: structs with the derive, a store,
//! and constructors; nothing else.

mod binary_file;
mod memory;
#[cfg(feature = "sqlite-session")]
mod sqlite;
mod string;

pub use binary_file::BinaryFileBackend;
pub(crate) use binary_file::{read_file, write_file};
pub use memory::{InMemoryBackend, MemoryStore};
#[cfg(feature = "sqlite-session")]
pub use sqlite::SqliteBackend;
pub use string::StringSessionBackend;
