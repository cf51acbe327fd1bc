//! What the help lines about fields and the shape of the struct say, pasted in.

use std::sync::Arc;

use ferogram_session::{BlobStore, KeyValueStore, SessionBackend, SessionCache};

type Store = Box<dyn KeyValueStore>;

#[derive(SessionBackend)]
#[session(key_value)]
struct StoreMarked {
    #[session(store)]
    pool: Store,
}

#[derive(SessionBackend)]
#[session(key_value)]
struct CacheMarked {
    #[session(store)]
    redis: Store,
    #[session(cache)]
    cache: SessionCache,
}

#[derive(SessionBackend)]
#[session(key_value)]
struct NameMarked {
    #[session(store)]
    redis: Store,
    #[session(name)]
    label: String,
}

#[derive(SessionBackend)]
#[session(key_value(key = "{account}"))]
struct KeyOfField {
    #[session(store)]
    redis: Store,
    account: String,
}

#[derive(SessionBackend)]
#[session(blob)]
struct WithoutLock {
    #[session(store)]
    bucket: Arc<Box<dyn BlobStore>>,
}

#[derive(SessionBackend)]
#[session(key_value)]
struct ArcForRc {
    #[session(store)]
    redis: Arc<Box<dyn KeyValueStore>>,
    #[session(cache)]
    cache: Arc<SessionCache>,
}

#[derive(SessionBackend)]
#[session(key_value)]
struct ArcForRcInAnotherField {
    #[session(store)]
    redis: Store,
    metrics: Option<Arc<Vec<u64>>>,
}

fn is_backend<B: SessionBackend>() {}

fn main() {
    is_backend::<StoreMarked>();
    is_backend::<CacheMarked>();
    is_backend::<NameMarked>();
    is_backend::<KeyOfField>();
    is_backend::<WithoutLock>();
    is_backend::<ArcForRc>();
    is_backend::<ArcForRcInAnotherField>();
    let _ = |unread: &ArcForRcInAnotherField| unread.metrics.is_some();
}
