//! Small stores to copy: one for each mode, and one over an async client.
//!
//! | file | mode | what it is over |
//! |---|---|---|
//! | [`directory`] | blob | a folder with a file for each session |
//! | [`ordered_map`] | key-value | a `BTreeMap` |
//! | [`tcp`] | blob, async | a service behind a TCP port |

pub mod directory;
pub mod ordered_map;
pub mod tcp;

pub use directory::Directory;
pub use ordered_map::OrderedMap;
pub use tcp::{TcpService, TcpStore};
