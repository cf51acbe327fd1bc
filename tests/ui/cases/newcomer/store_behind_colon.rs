//! The type of the store, once more.

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session(key_value)]
struct RedisBackend {
    #[session(store: Box<dyn KeyValueStore>)]
    redis: Box<dyn KeyValueStore>,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
