//! The three ways of laying a session out in a store, each with the same
//! three verbs: read, write, delete.
//!
//! A store is all that a team writes. What makes a backend of it (granular
//! calls, conditional writes with retries, the cache) is the
//! [engine](crate), and the derive wires the two.

mod blob;
mod key_value;
mod rows;
mod version;

pub use blob::BlobStore;
pub use key_value::{Field, Fields, KeyValueStore};
pub use rows::RowStore;
pub(crate) use version::Versions;
pub use version::{Expect, Version, Written};

use crate::error::SessionError;
use std::io;

/// The answer of a store that cannot list its sessions.
fn cannot_list() -> io::Result<Vec<String>> {
    Err(SessionError::unsupported("this store cannot list its sessions").into())
}

/// A store behind a pointer is a store.
macro_rules! forward {
    ($store:ident, $read:ty, $write:ty $(, $more:item)?) => {
        forward!(@impl $store, $read, $write, &T $(, $more)?);
        forward!(@impl $store, $read, $write, Box<T> $(, $more)?);
        forward!(@impl $store, $read, $write, std::sync::Arc<T> $(, $more)?);
    };
    (@impl $store:ident, $read:ty, $write:ty, $pointer:ty $(, $more:item)?) => {
        impl<T: $store + ?Sized> $store for $pointer {
            fn read(&self, key: &str) -> io::Result<Option<($read, Version)>> {
                (**self).read(key)
            }
            fn write(&self, key: &str, what: $write, expect: &Expect) -> io::Result<Written> {
                (**self).write(key, what, expect)
            }
            fn delete(&self, key: &str) -> io::Result<()> {
                (**self).delete(key)
            }
            fn conditional(&self) -> bool {
                (**self).conditional()
            }
            fn version(&self, key: &str) -> io::Result<Option<Version>> {
                (**self).version(key)
            }
            fn sessions(&self) -> io::Result<Vec<String>> {
                (**self).sessions()
            }
            $($more)?
        }
    };
}
forward!(BlobStore, Vec<u8>, &[u8]);
forward!(KeyValueStore, Fields, &[Field]);
forward!(
    RowStore,
    crate::records::Records,
    &crate::records::Write<'_>,
    fn __settle(&self, key: &str, version: &Version) -> io::Result<Option<Written>> {
        (**self).__settle(key, version)
    }
);
