//! Small stores to copy: one for each mode, two over async clients, and one
//! around another store.
//!
//! | file | mode | what it is over |
//! |---|---|---|
//! | [`directory`] | blob | a folder with a file for each session |
//! | [`ordered_map`] | key-value | a `BTreeMap` |
//! | [`audited`] | rows | another row store, whose writes it tells |
//! | [`tcp`] | blob, async | a service behind a TCP port |
//! | [`sql_over_http`] | rows, async | a database behind HTTP, by its SQL |
//! | [`sealed`] (feature `encryption`) | blob | another blob store, encrypted |

pub mod audited;
pub mod directory;
pub mod ordered_map;
pub mod sample;
#[cfg(feature = "encryption")]
pub mod sealed;
pub mod sql_over_http;
pub mod tcp;

pub use audited::Audited;
pub use directory::Directory;
pub use ordered_map::OrderedMap;
#[cfg(feature = "encryption")]
pub use sealed::Sealed;
pub use sql_over_http::SqlOverHttp;
pub use tcp::{TcpService, TcpStore};
