//! Type parameters, lifetimes, const parameters, `where` clauses and defaults.

use std::marker::PhantomData;
use std::sync::Arc;

use ferogram_session::{KeyValueStore, RowStore, SessionBackend, SessionCache};

/// The bound is inferred.
#[derive(SessionBackend)]
#[session(key_value)]
struct Unbound<S> {
    #[session(store)]
    store: S,
}

#[derive(SessionBackend)]
#[session(key_value(key = "tg:{account}"))]
struct Bound<S: KeyValueStore> {
    #[session(store)]
    store: S,
    account: String,
}

#[derive(SessionBackend)]
#[session(rows)]
struct Shared<S: ?Sized> {
    #[session(store)]
    store: Arc<S>,
}

#[derive(SessionBackend)]
#[session(rows)]
struct Boxed<S: ?Sized> {
    #[session(store)]
    store: Box<S>,
}

#[derive(SessionBackend)]
#[session(key_value(key = "{account}:{shard}"))]
struct KeyOfParameter<S, A, const N: usize = 2>
where
    S: KeyValueStore,
{
    #[session(store)]
    store: S,
    account: A,
    shard: i64,
    tags: [u8; N],
}

#[derive(SessionBackend)]
#[session(rows)]
struct Borrowed<'a, S: RowStore = Box<dyn RowStore>> {
    #[session(store)]
    store: &'a S,
    #[session(cache)]
    cache: SessionCache,
}

#[derive(SessionBackend)]
#[session(rows)]
struct OnlyLifetimes<'a, 'b: 'a> {
    #[session(store)]
    store: &'a (dyn RowStore + 'b),
}

#[derive(SessionBackend)]
#[session(rows)]
struct Marked<T, S>
where
    Self: Sized,
    T: Clone,
{
    #[session(store)]
    store: S,
    marker: PhantomData<T>,
}

fn is_backend<B: SessionBackend>() {}

fn main() {
    is_backend::<Unbound<Box<dyn KeyValueStore>>>();
    is_backend::<Bound<Box<dyn KeyValueStore>>>();
    is_backend::<Shared<dyn RowStore>>();
    is_backend::<Boxed<dyn RowStore>>();
    is_backend::<KeyOfParameter<Box<dyn KeyValueStore>, String>>();
    is_backend::<Borrowed<'static>>();
    is_backend::<OnlyLifetimes<'static, 'static>>();
    is_backend::<Marked<u8, Box<dyn RowStore>>>();
    let _ = |unread: (
        &KeyOfParameter<Box<dyn KeyValueStore>, String>,
        &Marked<u8, Box<dyn RowStore>>,
    )| { (unread.0.tags, unread.1.marker) };
}
