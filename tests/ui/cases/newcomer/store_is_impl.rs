//! A trait as in the arguments of a function.

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session(key_value)]
struct RedisBackend {
    #[session(store)]
    redis: impl KeyValueStore,
}

fn main() {}
