//! From the field that holds the store to the store of a mode.
//!
//! Each bound on a type of the user's is checked in one place: a method that is
//! called by turbofish with the type of the field, so that a type which does
//! not fit is one error, on the whole of that type.
//!
//! Generated code calls, say, `(&&&store(&this.redis)).__key_value()`, and method
//! resolution tells what the field holds: with three `&` it is a
//! `KeyValueStore`, with two an async one that lacks its `Blocking`, with one a
//! backend, and with none anything else. The first and the last come to the
//! same; those between have messages of their own. The methods have names that
//! no trait of the user's adds to every type.

use crate::SessionBackend;
use crate::mode::{BlobStore, KeyValueStore, RowStore};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// The type of a field that holds a store, or that should.
pub struct StoreField<S>(PhantomData<fn(S)>);

/// The field that holds the store.
pub fn store<S>(_: &S) -> StoreField<S> {
    StoreField(PhantomData)
}

impl<S> Clone for StoreField<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for StoreField<S> {}

impl<S> fmt::Debug for StoreField<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoreField")
    }
}

/// The field holds a store, or something that is none.
#[derive(Clone, Copy, Debug)]
pub struct Plain;

impl Plain {
    /// The store of a `blob` backend.
    pub fn as_blob<S: BlobStore>(self, store: &S) -> &dyn BlobStore {
        store
    }

    /// The store of a `key_value` backend.
    pub fn as_key_value<S: KeyValueStore>(self, store: &S) -> &dyn KeyValueStore {
        store
    }

    /// The store of a `rows` backend.
    pub fn as_rows<S: RowStore>(self, store: &S) -> &dyn RowStore {
        store
    }
}

impl<S> StoreField<S> {
    /// No store of any kind, and no backend: its bound is checked next.
    pub fn __blob(self) -> Plain {
        Plain
    }

    /// As `__blob`.
    pub fn __key_value(self) -> Plain {
        Plain
    }

    /// As `__blob`.
    pub fn __rows(self) -> Plain {
        Plain
    }
}

macro_rules! of_mode {
    ($field:ident, $mode:ident, $store:ident) => {
        #[doc = concat!("Whether a field holds a `", stringify!($store), "`.")]
        pub trait $field {
            /// `Plain`, an async store without its `Blocking`, or a backend.
            type Kind;
            /// Which.
            fn $mode(self) -> Self::Kind;
        }

        impl<S: $store> $field for &&&StoreField<S> {
            type Kind = Plain;
            fn $mode(self) -> Plain {
                Plain
            }
        }
    };
}
of_mode!(BlobField, __blob, BlobStore);
of_mode!(KeyValueField, __key_value, KeyValueStore);
of_mode!(RowField, __rows, RowStore);

/// The field holds a backend, which has a store of its own.
#[derive(Clone, Copy, Debug)]
pub struct Backend;

/// A backend that is also a store of the kind `Store`. None comes here.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is a backend already, and no store",
    label = "use `{Self}` as it is, without a struct around it"
)]
pub trait StoreToo<Store: ?Sized> {
    /// As a store.
    fn as_store(&self) -> &Store;
}

impl Backend {
    /// For the message.
    pub fn as_blob<S: StoreToo<dyn BlobStore>>(self, store: &S) -> &dyn BlobStore {
        store.as_store()
    }

    /// For the message.
    pub fn as_key_value<S: StoreToo<dyn KeyValueStore>>(self, store: &S) -> &dyn KeyValueStore {
        store.as_store()
    }

    /// For the message.
    pub fn as_rows<S: StoreToo<dyn RowStore>>(self, store: &S) -> &dyn RowStore {
        store.as_store()
    }
}

macro_rules! backend {
    ($field:ident, $mode:ident) => {
        impl<S: SessionBackend> $field for &StoreField<S> {
            type Kind = Backend;
            fn $mode(self) -> Backend {
                Backend
            }
        }

        impl $field for &StoreField<Box<dyn SessionBackend>> {
            type Kind = Backend;
            fn $mode(self) -> Backend {
                Backend
            }
        }

        impl<S: SessionBackend + ?Sized> $field for &StoreField<Arc<S>> {
            type Kind = Backend;
            fn $mode(self) -> Backend {
                Backend
            }
        }
    };
}
backend!(BlobField, __blob);
backend!(KeyValueField, __key_value);
backend!(RowField, __rows);

#[cfg(feature = "async")]
pub use unwrapped::Blocks;

#[cfg(feature = "async")]
mod unwrapped {
    use super::{BlobField, KeyValueField, RowField, StoreField};
    use crate::mode::{BlobStore, KeyValueStore, RowStore};
    use crate::{AsyncBlobStore, AsyncKeyValueStore, AsyncRowStore, Blocking};

    /// The field holds an async store as it is.
    #[derive(Clone, Copy, Debug)]
    pub struct Unwrapped;

    /// An async store that was made one of the kind `Store`. Those that come
    /// here were not.
    #[diagnostic::on_unimplemented(
        message = "wrap it in `Blocking`: `{Self}` is an async store, and the calls of a backend block",
        label = "write `Blocking<{Self}>`"
    )]
    pub trait Blocks<Store: ?Sized> {
        /// As a store.
        fn as_store(&self) -> &Store;
    }

    impl Unwrapped {
        /// For the message.
        pub fn as_blob<S: Blocks<dyn BlobStore>>(self, store: &S) -> &dyn BlobStore {
            store.as_store()
        }

        /// For the message.
        pub fn as_key_value<S: Blocks<dyn KeyValueStore>>(self, store: &S) -> &dyn KeyValueStore {
            store.as_store()
        }

        /// For the message.
        pub fn as_rows<S: Blocks<dyn RowStore>>(self, store: &S) -> &dyn RowStore {
            store.as_store()
        }
    }

    macro_rules! of_mode {
        ($field:ident, $mode:ident, $store:ident, $async:ident) => {
            impl<S: $async> $field for &&StoreField<S> {
                type Kind = Unwrapped;
                fn $mode(self) -> Unwrapped {
                    Unwrapped
                }
            }

            impl<S: $async + 'static> Blocks<dyn $store> for Blocking<S> {
                fn as_store(&self) -> &(dyn $store + 'static) {
                    self
                }
            }
        };
    }
    of_mode!(BlobField, __blob, BlobStore, AsyncBlobStore);
    of_mode!(KeyValueField, __key_value, KeyValueStore, AsyncKeyValueStore);
    of_mode!(RowField, __rows, RowStore, AsyncRowStore);
}
