//! The backends that come with the crate: structs with the derive, a store,
//! and constructors; nothing else.

mod binary_file;
mod memory;
mod string;

pub use binary_file::BinaryFileBackend;
pub(crate) use binary_file::{read_file, write_file};
pub use memory::{InMemoryBackend, MemoryStore};
pub use string::StringSessionBackend;
