//! What a `SessionCache` adds, in each mode: what the backends for servers hold,
//! which keep the session itself elsewhere.

use crate::stores::{Parts, Whole};
use ferogram_session::{MemoryStore, SessionBackend, SessionCache};

/// A mode, its backend without a cache, and the same with one.
pub(crate) type Pair = (&'static str, fn() -> Boxed, fn() -> Boxed);
type Boxed = Box<dyn SessionBackend>;

pub(crate) const PAIRS: [Pair; 3] = [
    ("a cache, blob", || Box::new(Blob::default()), || Box::new(CachedBlob::default())),
    ("a cache, key-value", || Box::new(Values::default()), || Box::new(CachedValues::default())),
    ("a cache, rows", || Box::new(Rows::default()), || Box::new(CachedRows::default())),
];

#[derive(Default, SessionBackend)]
#[session(blob)]
struct Blob {
    #[session(store)]
    store: Whole,
}

#[derive(Default, SessionBackend)]
#[session(blob)]
struct CachedBlob {
    #[session(store)]
    store: Whole,
    #[session(cache)]
    cache: SessionCache,
}

#[derive(Default, SessionBackend)]
#[session(key_value)]
struct Values {
    #[session(store)]
    store: Parts,
}

#[derive(Default, SessionBackend)]
#[session(key_value)]
struct CachedValues {
    #[session(store)]
    store: Parts,
    #[session(cache)]
    cache: SessionCache,
}

#[derive(Default, SessionBackend)]
#[session(rows)]
struct Rows {
    #[session(store)]
    store: MemoryStore,
}

#[derive(Default, SessionBackend)]
#[session(rows)]
struct CachedRows {
    #[session(store)]
    store: MemoryStore,
    #[session(cache)]
    cache: SessionCache,
}
