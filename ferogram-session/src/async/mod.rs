//! An async client behind a backend whose methods block.

mod blocking;
mod reconnect;
mod runtime;
mod stores;

pub use blocking::Blocking;
pub use reconnect::AsyncReconnect;
pub use stores::{AsyncBlobStore, AsyncKeyValueStore, AsyncRowStore};
