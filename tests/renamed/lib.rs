//! The library is called `fs` in the manifest, so its own name leads nowhere, and
//! no prelude is there to help. That it compiles is most of the test.

#![no_implicit_prelude]

use ::std::fmt;
use ::std::marker::{Send, Sync};
use ::std::string::String;

/// Every word that generated code takes from the library.
#[derive(::fs::SessionBackend)]
#[session(rows(key = "tg:{account}"), crate = ::fs)]
pub struct Rows<S, A: fmt::Display> {
    /// The store.
    #[session(store)]
    pub store: S,
    /// The cache.
    #[session(cache)]
    pub cache: ::fs::SessionCache,
    /// The name.
    #[session(name)]
    pub label: String,
    /// Whose session.
    pub account: A,
}

impl<S: Send + Sync, A: fmt::Display> fmt::Debug for Rows<S, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows").finish_non_exhaustive()
    }
}

/// The library through a module of this crate.
pub mod sessions {
    #[doc(hidden)]
    pub use ::fs::__private;
    pub use ::fs::*;
}

/// As other crates see a re-export.
#[derive(::std::default::Default, ::fs::SessionBackend)]
#[session(rows, crate = crate::sessions)]
pub struct Reexported {
    #[session(store)]
    store: ::fs::MemoryStore,
}

impl fmt::Debug for Reexported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reexported").finish_non_exhaustive()
    }
}
