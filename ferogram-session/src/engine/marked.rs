//! The fields marked as the cache and as the name. As with the
//! [store](super::store), a type that does not fit is one error, at the field.

use crate::cache::SessionCache;
use std::sync::Arc;

/// The type of a field marked `#[session(cache)]`.
#[diagnostic::on_unimplemented(
    message = "a field marked `#[session(cache)]` is a `SessionCache`, found `{Self}`",
    label = "write `SessionCache`, or an `Arc<SessionCache>`",
    note = "a cache is made by `SessionCache::new()`; without one each call asks the store"
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

/// A cache may be shared: it knows which session it is of, and the store which
/// state that session is in.
impl IsCache for Arc<SessionCache> {
    fn cache(&self) -> &SessionCache {
        self
    }
}

/// The type of a field marked `#[session(name)]`.
#[diagnostic::on_unimplemented(
    message = "a field marked `#[session(name)]` is a `String`, found `{Self}`",
    label = "write `String`, or another type that holds text",
    note = "a name that never changes goes on the struct: `#[session(key_value, name = \"redis\")]`"
)]
pub trait IsName {
    /// The name. A method `name` would be listed by the compiler wherever a
    /// user's call of `name()` finds none.
    fn __name(&self) -> &str;
}

/// `String`, and what else holds text: `Arc<str>`, `&'static str`, `Cow<str>`.
#[diagnostic::do_not_recommend]
impl<T: AsRef<str> + ?Sized> IsName for T {
    fn __name(&self) -> &str {
        self.as_ref()
    }
}

/// The cache of a backend.
pub fn cache<T: IsCache>(cache: &T) -> Option<&SessionCache> {
    Some(cache.cache())
}

/// The cache of a backend that has none.
pub const NO_CACHE: Option<&SessionCache> = None;

/// The name of a backend.
pub fn name<T: IsName>(name: &T) -> &str {
    name.__name()
}
