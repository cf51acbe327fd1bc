// Futures are driven where they are made, so they need not be `Send`.
#![allow(async_fn_in_trait)]

use crate::error::SessionError;
use crate::mode::{Expect, Field, Fields, Version, Written};
use crate::records::{Records, Write};
use std::io;

macro_rules! async_store {
    ($(#[$doc:meta])* $name:ident, $sync:literal, $read:ty, $write:ty) => {
        $(#[$doc])*
        #[diagnostic::on_unimplemented(
            message = "`{Self}` is not an async session store of this mode",
            label = "the async store trait is not implemented for this",
            note = "a store that is not async needs no `Blocking`"
        )]
        pub trait $name: Send + Sync {
            #[doc = concat!("As [`", $sync, "::read`](crate::", $sync, "::read).")]
            ///
            /// # Errors
            ///
            /// What cannot be read is an error; `None` only if there is nothing.
            async fn read(&self, key: &str) -> io::Result<Option<($read, Version)>>;

            #[doc = concat!("As [`", $sync, "::write`](crate::", $sync, "::write).")]
            ///
            /// # Errors
            ///
            /// What the store says. After an error the write may have taken effect.
            async fn write(&self, key: &str, what: $write, expect: &Expect) -> io::Result<Written>;

            /// Removes the session. Removing none is no error.
            ///
            /// # Errors
            ///
            /// What the store says.
            async fn delete(&self, key: &str) -> io::Result<()>;

            /// Whether `write` compares: atomically, whoever else writes.
            fn conditional(&self) -> bool {
                false
            }

            /// The state that the store is in. Override it where that is
            /// cheaper than reading everything.
            ///
            /// # Errors
            ///
            /// As `read`.
            async fn version(&self, key: &str) -> io::Result<Option<Version>> {
                Ok(self.read(key).await?.map(|(_, version)| version))
            }

            /// The keys of the sessions in the store.
            ///
            /// # Errors
            ///
            /// `Unsupported` unless overridden.
            async fn sessions(&self) -> io::Result<Vec<String>> {
                Err(SessionError::unsupported("this store cannot list its sessions").into())
            }
        }
    };
}

async_store! {
    /// [`BlobStore`](crate::BlobStore) over an async client; made blocking by
    /// [`Blocking`](crate::Blocking).
    ///
    /// A call that passes its deadline is dropped: take a connection out of
    /// its slot before the first `await` and put it back after the whole
    /// answer, as [`AsyncReconnect`](crate::AsyncReconnect) does.
    AsyncBlobStore, "BlobStore", Vec<u8>, &[u8]
}
async_store! {
    /// [`KeyValueStore`](crate::KeyValueStore) over an async client; made
    /// blocking by [`Blocking`](crate::Blocking).
    ///
    /// A call that passes its deadline is dropped: take a connection out of
    /// its slot before the first `await` and put it back after the whole
    /// answer, as [`AsyncReconnect`](crate::AsyncReconnect) does.
    AsyncKeyValueStore, "KeyValueStore", Fields, &[Field]
}
async_store! {
    /// [`RowStore`](crate::RowStore) over an async client; made blocking by
    /// [`Blocking`](crate::Blocking).
    ///
    /// A call that passes its deadline is dropped: take a connection out of
    /// its slot before the first `await` and put it back after the whole
    /// answer, as [`AsyncReconnect`](crate::AsyncReconnect) does.
    AsyncRowStore, "RowStore", Records, &Write<'_>
}
