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

fn is_backend<B: SessionBackend>() {}

fn main() {
    is_backend::<Boxed>();
    is_backend::<Shared>();
    is_backend::<Borrowed<'static>>();
    is_backend::<Nested>();
}
