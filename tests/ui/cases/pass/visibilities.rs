//! Public, private and in between; a private store in a public struct; doc and
//! cfg attributes on fields.

#![deny(warnings, missing_docs)]

mod backends {
    use std::io;

    use ferogram_session::{BlobStore, Expect, SessionBackend, SessionCache, Version, Written};

    /// Nobody outside sees it.
    struct Private;

    impl BlobStore for Private {
        fn read(&self, _: &str) -> io::Result<Option<(Vec<u8>, Version)>> {
            Ok(None)
        }

        fn write(&self, _: &str, _: &[u8], _: &Expect) -> io::Result<Written> {
            Ok(Written::DONE)
        }

        fn delete(&self, _: &str) -> io::Result<()> {
            Ok(())
        }
    }

    /// Seen by all.
    #[derive(SessionBackend)]
    #[session(blob(key = "{account}"))]
    pub struct Public {
        /// The store.
        #[session(store)]
        #[doc(hidden)]
        store: Private,
        /// The cache, but not on a system that there is not.
        #[cfg(not(target_os = "none"))]
        #[session(cache)]
        cache: SessionCache,
        #[cfg(target_os = "none")]
        #[session(cache)]
        cache: NoSuchType,
        /// The account.
        #[cfg_attr(all(), doc = "More of it.")]
        pub account: String,
    }

    impl Public {
        /// A backend for an account.
        pub fn new(account: &str) -> Self {
            Self { store: Private, cache: SessionCache::new(), account: account.to_owned() }
        }
    }

    #[derive(SessionBackend)]
    #[cfg_attr(all(), session(blob))]
    pub(crate) struct InCrate {
        #[cfg_attr(all(), session(store))]
        pub(super) store: Box<dyn BlobStore>,
    }

    #[derive(SessionBackend)]
    #[session(blob)]
    pub(super) struct InParent {
        #[session(store)]
        pub(in crate::backends) store: Box<dyn BlobStore>,
    }
}

fn is_backend<B: ferogram_session::SessionBackend>() {}

fn main() {
    let _ = backends::Public::new("main").account;
    is_backend::<backends::InCrate>();
    is_backend::<backends::InParent>();
}
