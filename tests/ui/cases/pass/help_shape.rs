//! What the help lines about tuple structs say, pasted in.

use ferogram_session::{KeyValueStore, SessionBackend};

mod plain {
    use super::{KeyValueStore, SessionBackend};

    #[derive(SessionBackend)]
    #[session(key_value)]
    #[rustfmt::skip]
    struct RedisBackend { #[session(store)] store: Box<dyn KeyValueStore> }

    pub fn is_backend() {
        super::is_backend::<RedisBackend>();
    }
}

mod generic {
    use super::{KeyValueStore, SessionBackend};

    #[derive(SessionBackend)]
    #[session(key_value)]
    #[rustfmt::skip]
    struct RedisBackend<S> { #[session(store)] store: S, field1: String }

    pub fn is_backend() {
        super::is_backend::<RedisBackend<Box<dyn KeyValueStore>>>();
        let _ = |unread: &RedisBackend<u8>| unread.field1.len();
    }
}

mod public {
    use super::{KeyValueStore, SessionBackend};

    #[derive(SessionBackend)]
    #[session(key_value)]
    #[rustfmt::skip]
    pub struct RedisBackend<S> where S: KeyValueStore { #[session(store)] pub store: S }

    pub fn is_backend() {
        super::is_backend::<RedisBackend<Box<dyn KeyValueStore>>>();
    }
}

mod behind_cache {
    use super::{KeyValueStore, SessionBackend};
    use ferogram_session::SessionCache;

    #[derive(SessionBackend)]
    #[session(key_value)]
    #[rustfmt::skip]
    struct RedisBackend { #[session(cache)] cache: SessionCache, #[session(store)] store: Box<dyn KeyValueStore> }

    pub fn is_backend() {
        super::is_backend::<RedisBackend>();
    }
}

mod behind_name {
    use super::{KeyValueStore, SessionBackend};

    #[derive(SessionBackend)]
    #[session(key_value)]
    #[rustfmt::skip]
    struct RedisBackend { #[session(name)] name: String, #[session(store)] store: Box<dyn KeyValueStore> }

    pub fn is_backend() {
        super::is_backend::<RedisBackend>();
    }
}

mod behind_value {
    use super::{KeyValueStore, SessionBackend};

    #[derive(SessionBackend)]
    #[session(key_value)]
    #[rustfmt::skip]
    pub struct RedisBackend { field0: String, #[session(store)] pub store: Box<dyn KeyValueStore> }

    pub fn is_backend() {
        super::is_backend::<RedisBackend>();
        let _ = |unread: &RedisBackend| unread.field0.len();
    }
}

fn is_backend<B: SessionBackend>() {}

fn main() {
    plain::is_backend();
    generic::is_backend();
    public::is_backend();
    behind_cache::is_backend();
    behind_name::is_backend();
    behind_value::is_backend();
}
