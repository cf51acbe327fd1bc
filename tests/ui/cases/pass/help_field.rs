//! What the help lines about fields and the shape of the struct say, pasted in.

use ferogram_session::{KeyValueStore, SessionBackend, SessionCache};

type Store = Box<dyn KeyValueStore>;

#[derive(SessionBackend)]
#[session(key_value)]
#[rustfmt::skip]
struct TupleWithNames { #[session(store)] store: Box<dyn KeyValueStore> }

#[derive(SessionBackend)]
#[session(key_value)]
#[rustfmt::skip]
struct GenericTupleWithNames<S> { #[session(store)] store: S, field1: String }

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
#[session(key_value)]
struct ArcForRc {
    #[session(store)]
    redis: std::sync::Arc<Box<dyn KeyValueStore>>,
    #[session(cache)]
    cache: std::sync::Arc<SessionCache>,
}

fn is_backend<B: SessionBackend>() {}

fn main() {
    is_backend::<TupleWithNames>();
    is_backend::<GenericTupleWithNames<Store>>();
    is_backend::<StoreMarked>();
    is_backend::<CacheMarked>();
    is_backend::<NameMarked>();
    is_backend::<KeyOfField>();
    is_backend::<ArcForRc>();
    let _ = |unread: &GenericTupleWithNames<Store>| unread.field1.len();
}
