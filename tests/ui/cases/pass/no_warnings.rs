//! A crate that turns every warning into an error.

#![deny(warnings, missing_docs, clippy::all, clippy::pedantic)]
#![deny(unused_qualifications, single_use_lifetimes, unreachable_pub)]
#![deny(
    missing_debug_implementations,
    trivial_bounds,
    trivial_casts,
    unused_lifetimes,
    elided_lifetimes_in_paths
)]

use std::fmt;

use ferogram_session::{KeyValueStore, SessionBackend, SessionCache};

/// A backend whose author is told by the compiler not to use it.
#[deprecated = "use another one"]
#[derive(SessionBackend)]
#[session(key_value(key = "tg:{account}"))]
pub struct OldBackend<'a, S> {
    #[session(store)]
    redis: &'a S,
    #[session(cache)]
    cache: SessionCache,
    /// Which account.
    #[deprecated]
    pub account: String,
}

#[allow(deprecated)]
impl<S> fmt::Debug for OldBackend<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OldBackend")
    }
}

mod old {
    #[deprecated]
    pub(crate) type Store = Box<dyn ferogram_session::RowStore>;
}

#[derive(SessionBackend)]
#[session(rows)]
struct OldStore {
    #[session(store)]
    #[allow(deprecated)]
    pool: old::Store,
}

impl fmt::Debug for OldStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OldStore")
    }
}

fn is_backend<B: SessionBackend>() {}

#[allow(deprecated)]
fn main() {
    is_backend::<OldBackend<'static, Box<dyn KeyValueStore>>>();
    is_backend::<OldStore>();
}
