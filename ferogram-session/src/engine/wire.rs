//! The few generic functions behind the derive. Each is the one place where a
//! bound on a type of the user's is checked, called by turbofish with the
//! field's type, so that a type which does not fit is one error, at the field.

use crate::cache::SessionCache;
use crate::mode::{BlobStore, KeyValueStore, RowStore};

/// The store of a `blob` backend.
pub fn as_blob<S: BlobStore>(store: &S) -> &dyn BlobStore {
    store
}

/// The store of a `key_value` backend.
pub fn as_key_value<S: KeyValueStore>(store: &S) -> &dyn KeyValueStore {
    store
}

/// The store of a `rows` backend.
pub fn as_rows<S: RowStore>(store: &S) -> &dyn RowStore {
    store
}

/// The type of a field marked `#[session(cache)]`.
#[diagnostic::on_unimplemented(
    message = "a field marked `#[session(cache)]` is a `SessionCache`, found `{Self}`",
    label = "not a `SessionCache`"
)]
pub trait IsCache {
    /// The cache.
    fn cache(&self) -> &SessionCache;
}

impl IsCache for SessionCache {
    fn cache(&self) -> &SessionCache {
        self
    }
}

/// The type of a field marked `#[session(name)]`.
#[diagnostic::on_unimplemented(
    message = "a field marked `#[session(name)]` is a `String`, found `{Self}`",
    label = "not a `String`"
)]
pub trait IsName {
    /// The name.
    fn name(&self) -> &str;
}

impl IsName for String {
    fn name(&self) -> &str {
        self
    }
}

/// The cache of a backend.
pub fn as_cache<T: IsCache>(cache: &T) -> &SessionCache {
    cache.cache()
}

/// The name of a backend.
pub fn as_name<T: IsName>(name: &T) -> &str {
    name.name()
}
