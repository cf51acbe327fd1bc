//! Stores behind pointers and as trait objects.

use std::sync::Arc;

use ferogram_session::{BlobStore, KeyValueStore, RowStore, SessionBackend};

#[derive(SessionBackend)]
#[session(blob)]
struct Boxed {
    #[session(store)]
    store: Box<dyn BlobStore>,
}

#[derive(SessionBackend)]
#[session(key_value)]
struct Shared {
    #[session(store)]
    store: Arc<dyn KeyValueStore>,
}

#[derive(SessionBackend)]
#[session(rows)]
struct Borrowed<'a> {
    #[session(store)]
    store: &'a dyn RowStore,
}

#[derive(SessionBackend)]
#[session(rows)]
struct Nested {
    #[session(store)]
    store: Arc<Box<dyn RowStore + Send + Sync>>,
}

/// A store that is one, and an async one as well, is taken as it is.
mod both {
    use std::io;

    use ferogram_session::{
        AsyncBlobStore, BlobStore, Expect, SessionBackend, SessionCache, Version, Written,
    };

    pub struct Client;

    impl BlobStore for Client {
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

    impl AsyncBlobStore for Client {
        async fn read(&self, _: &str) -> io::Result<Option<(Vec<u8>, Version)>> {
            Ok(None)
        }

        async fn write(&self, _: &str, _: &[u8], _: &Expect) -> io::Result<Written> {
            Ok(Written::DONE)
        }

        async fn delete(&self, _: &str) -> io::Result<()> {
            Ok(())
        }
    }

    #[derive(SessionBackend)]
    #[session(blob)]
    pub struct Both {
        #[session(store)]
        pub store: Client,
    }

    #[derive(SessionBackend)]
    #[session(blob)]
    pub struct Wrapped {
        #[session(store)]
        pub store: ferogram_session::Blocking<Client>,
        #[session(cache)]
        pub cache: std::sync::Arc<SessionCache>,
    }
}

fn is_backend<B: SessionBackend>() {}

fn main() {
    is_backend::<Boxed>();
    is_backend::<Shared>();
    is_backend::<Borrowed<'static>>();
    is_backend::<Nested>();
    is_backend::<both::Both>();
    is_backend::<both::Wrapped>();
}
