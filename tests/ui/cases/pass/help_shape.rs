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
    pub struct RedisBackend<S> where S: KeyValueStore { #[session(store)] store: S }

    pub fn is_backend() {
        super::is_backend::<RedisBackend<Box<dyn KeyValueStore>>>();
    }
}

fn is_backend<B: SessionBackend>() {}

fn main() {
    plain::is_backend();
    generic::is_backend();
    public::is_backend();
}
